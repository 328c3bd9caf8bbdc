"""Investors on screen: the list, one with its projects, look-alikes and their merging."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import func, or_, select, tuple_

from portfolio.database import session
from portfolio.notation.fold import fold
from portfolio.office.may import Permission, needs
from portfolio.office.sessions import this_person
from portfolio.office.stale import stale_edit
from portfolio.register import investor_acts as acts
from portfolio.register.investor import Investor, ProjectInvestor
from portfolio.register.line import RegisterLine
from portfolio.register.project import Project
from portfolio.register.reference import form_page, origin_of, reference, saved
from portfolio.register.reference_entry import InvestorForm, MergeForm, data_of_investor
from portfolio.register.row_rule import visible_to
from portfolio.web.errors import HiddenRecord, Refusal
from portfolio.web.keys import read_key

ROWS = 50


@reference.get("/investors")
@needs(Permission.READ_REGISTER)
def list_investors() -> str:
    """Investors in the order of their names, fifty at a time."""
    text, after = request.args.get("q", "").strip()[:200], request.args.get("after", "")
    query = select(Investor).where(Investor.merged_into_id.is_(None), acts.seen_by(current_user))
    for word in fold(text).split():
        matches = Investor.folded.contains(word, autoescape=True)
        query = query.where(or_(matches, Investor.tax_code.contains(word, autoescape=True)))
    total = session().scalar(select(func.count()).select_from(query.subquery())) or 0
    key = read_key(after)
    last = session().get(Investor, key) if key is not None else None
    if last is not None:
        query = query.where(tuple_(Investor.folded, Investor.id) > (last.folded, last.id))
    found = list(session().scalars(query.order_by(Investor.folded, Investor.id).limit(ROWS + 1)))
    return render_template(
        "register/investors.html",
        investors=found[:ROWS],
        total=total,
        text=text,
        first_page=last is None,
        older=url_for("reference.list_investors", q=text or None, after=found[ROWS - 1].id)
        if len(found) > ROWS
        else None,
        counts=_counts([investor.id for investor in found[:ROWS]]),
    )


def _counts(keys: list[int]) -> dict[int, int]:
    """How many projects the reader may see, by investor."""
    query = (
        select(ProjectInvestor.investor_id, func.count(ProjectInvestor.project_id.distinct()))
        .join(Project, Project.id == ProjectInvestor.project_id)
        .where(ProjectInvestor.investor_id.in_(keys), visible_to(current_user))
        .group_by(ProjectInvestor.investor_id)
    )
    return {key: count for key, count in session().execute(query)}  # noqa: C416  rows, not pairs


def _find(investor_id: int, *, lock: bool = False) -> Investor:
    query = select(Investor).where(Investor.id == investor_id, acts.seen_by(current_user))
    found = session().scalar(query.with_for_update(of=Investor) if lock else query)
    if found is None:
        raise HiddenRecord
    return found


def _find_to_keep(investor_id: int, *, lock: bool = False) -> Investor:
    found = _find(investor_id, lock=lock)
    if found.merged_into_id is not None or not acts.may_keep(session(), this_person(), found):
        raise HiddenRecord
    return found


@reference.get("/investors/<int:investor_id>")
@needs(Permission.READ_REGISTER)
def show_investor(investor_id: int) -> Any:
    """One investor and its projects; one that was merged leads to the entry that stands for it."""
    investor = session().get(Investor, investor_id)
    if investor is not None and investor.merged_into_id is not None:
        return redirect(
            url_for("reference.show_investor", investor_id=investor.merged_into_id), 301
        )
    investor = _find(investor_id)
    parts = (
        select(RegisterLine, ProjectInvestor)
        .join(ProjectInvestor, ProjectInvestor.project_id == RegisterLine.project_id)
        .where(
            ProjectInvestor.investor_id == investor.id,
            RegisterLine.until.is_(None),
            visible_to(current_user, RegisterLine.zone_id),
        )
        .order_by(RegisterLine.capital_sort.desc(), RegisterLine.id)
    )
    keeps = acts.may_keep(session(), this_person(), investor)
    return render_template(
        "register/investor.html",
        investor=investor,
        parts=session().execute(parts).all(),
        keeps=keeps,
        alike=acts.look_alikes_of(session(), investor, this_person()) if keeps else [],
    )


@reference.get("/investors/<int:investor_id>/edit")
@needs(Permission.READ_REGISTER)
def edit_investor(investor_id: int) -> str:
    """The form with what is saved."""
    investor = _find_to_keep(investor_id)
    form = InvestorForm(data=data_of_investor(investor))
    return render_template("register/investor_form.html", form=form, investor=investor)


@reference.post("/investors/<int:investor_id>/edit")
@needs(Permission.READ_REGISTER)
def change_investor(investor_id: int) -> Response:
    """Save it; its projects take a new name over."""
    investor, form = _find_to_keep(investor_id, lock=True), InvestorForm()
    if not form.validate():
        return form_page("register/investor_form.html", form, investor=investor)
    if form.is_stale(investor.version):
        theirs = InvestorForm(formdata=None, data=data_of_investor(investor))
        back = url_for("reference.edit_investor", investor_id=investor.id)
        raise stale_edit(form, theirs, "investor", investor, back)
    try:
        touched = acts.change_investor(session(), investor, _values(form), origin_of(form))
    except Refusal as refusal:
        form.refuse(refusal)
        return form_page("register/investor_form.html", form, investor=investor)
    session().commit()
    return saved(touched, url_for("reference.show_investor", investor_id=investor_id))


def _values(form: InvestorForm) -> acts.InvestorValues:
    return acts.InvestorValues(
        name=form.name.data or "",
        tax_code=form.tax_code.data,
        country=(form.country.data or "").upper() or None,
        address=form.address.data,
        contact=form.contact.data,
        source=form.source.data,
    )


@reference.get("/investors/look-alikes")
@needs(Permission.READ_REGISTER)
def list_look_alikes() -> str:
    """Investors that may be one and the same, in groups."""
    groups = acts.look_alike_groups(session(), this_person())
    counts = _counts([investor.id for group in groups for investor in group])
    return render_template("register/investor_look_alikes.html", groups=groups, counts=counts)


@reference.get("/investors/<int:investor_id>/merge/<int:other_id>")
@needs(Permission.READ_REGISTER)
def ask_merge(investor_id: int, other_id: int) -> str:
    """What merging ``other`` into this investor will do, before it is done."""
    kept, other = _find_to_keep(investor_id), _find_to_keep(other_id)
    return _merge_page(MergeForm(), kept, other)


@reference.post("/investors/<int:investor_id>/merge/<int:other_id>")
@needs(Permission.READ_REGISTER)
def merge_investors(investor_id: int, other_id: int) -> Response:
    """Do it: the other's projects move here."""
    kept, other = _find_to_keep(investor_id, lock=True), _find_to_keep(other_id, lock=True)
    form = MergeForm()
    if not form.validate():
        return form_page(
            "register/investor_merge.html",
            form,
            kept=kept,
            other=other,
            counts=_counts([kept.id, other.id]),
        )
    try:
        moved = acts.merge_investors(session(), kept, other, origin_of(form))
    except Refusal as refusal:
        form.refuse(refusal)
        return form_page(
            "register/investor_merge.html",
            form,
            kept=kept,
            other=other,
            counts=_counts([kept.id, other.id]),
        )
    session().commit()
    flash(
        ngettext("Merged; %(num)d project moved.", "Merged; %(num)d projects moved.", moved),
        "saved",
    )
    return redirect(url_for("reference.show_investor", investor_id=investor_id), 303)  # type: ignore[return-value]


def _merge_page(form: MergeForm, kept: Investor, other: Investor) -> str:
    counts = _counts([kept.id, other.id])
    return render_template(
        "register/investor_merge.html", form=form, kept=kept, other=other, counts=counts
    )
