"""Pages on which officers mark delays, of one project or of those ticked in a list, and withdraw them."""

from collections.abc import Sequence
from typing import NamedTuple, cast

from flask import Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portfolio.database import session
from portfolio.office.may import Permission, needs
from portfolio.office.sessions import this_person
from portfolio.office.trail import Origin, State
from portfolio.register.acts.marks import (
    MOST_AT_ONCE,
    mark_delays,
    refuse_foreign_mark,
    refuse_too_many,
    states_of,
    withdraw_mark,
)
from portfolio.register.blueprint import pages
from portfolio.register.entry_marks import MarkForm, offer_findings, unique
from portfolio.register.entry_project import RemoveForm
from portfolio.register.filters.answers import STATES
from portfolio.register.findings import Standing, findings_in
from portfolio.register.in_hand import project_path
from portfolio.register.investor import ProjectInvestor
from portfolio.register.land import Parcel
from portfolio.register.marks import DelayMark
from portfolio.register.part_words import part_words
from portfolio.register.phases import Milestone, Phase
from portfolio.register.progress import ProgressReport
from portfolio.register.project import Listing, Project
from portfolio.register.row_rule import find_all_visible, find_visible, not_to_change
from portfolio.register.state import SECTIONS, spare_queries
from portfolio.web.clock import now, today
from portfolio.web.errors import HiddenRecord, Refusal
from portfolio.web.languages import language

REFUSED = 422
LONGEST_RESULT = 500
"""Of an address that a spent form leads to."""

COLOURS = {"ground": "red", "review": "red", "late": "amber", "warning": "amber"}


class Said(NamedTuple):
    """A finding in the table of what is marked."""

    colour: str
    words: str
    sentence: str


class Chosen(NamedTuple):
    """One project that is marked; ``why_not`` says what stands against it."""

    code: str
    name: str
    zone: str
    address: str
    state: str
    state_words: str
    findings: list[Said]
    why_not: str


@pages.get("/delay-marks/new")
@needs(Permission.MARK_DELAY)
def new_marks() -> str:
    """The form for the projects named by ``?code=…&code=…``; without any it says where to tick them."""
    codes = unique(request.args.getlist("code"))
    form = MarkForm(data={"code": codes, "list": request.args.get("list"), "on": today()})
    if not form.code.data:
        return render_template("register/mark_none.html")
    refuse_too_many(len(form.code.data))
    return _page(form, find_all_visible(session(), this_person(), form.code.data))


@pages.post("/delay-marks/new")
@needs(Permission.MARK_DELAY)
def add_marks() -> Response:
    """Mark all of them, or none."""
    form = MarkForm()
    refuse_too_many(len(form.code.data or ()))
    projects = _take(form.code.data)
    earlier = form.earlier_result()
    if earlier is not None:
        return cast("Response", redirect(earlier, 303))
    states = states_of(session(), projects)
    offer_findings(findings_in(session(), states, today()))
    if not form.validate():
        return make_response(_page(form, projects), REFUSED)
    back = _back(form)
    facts = form.facts()
    try:
        mark_delays(session(), projects, facts, Origin(this_person(), now(), facts.note))
        form.spend(back)
        session().commit()
    except Refusal as refusal:
        session().rollback()
        form.refuse(refusal)
        again = find_all_visible(session(), this_person(), form.code.data)
        return make_response(_page(form, again), refusal.status)
    number = len(projects)
    flash(ngettext("Marked: %(num)d project.", "Marked: %(num)d projects.", number), "saved")
    return cast("Response", redirect(back, 303))


@pages.get("/projects/<code>/marks/<int:row_id>/withdraw")
@needs(Permission.MARK_DELAY)
def ask_withdrawal(code: str, row_id: int) -> str:
    """The mark, and why it is taken back."""
    project, mark = _mark(code, row_id)
    return _withdrawal_page(project, mark, RemoveForm(data={"version": project.version}))


@pages.post("/projects/<code>/marks/<int:row_id>/withdraw")
@needs(Permission.MARK_DELAY)
def withdraw(code: str, row_id: int) -> Response:
    """Take it back; it stays on the page, struck, with the reason."""
    project, mark = _mark(code, row_id, lock=True)
    form, back = RemoveForm(), project_path(code, "marks")
    earlier = form.earlier_result()
    if earlier is not None:
        return cast("Response", redirect(earlier, 303))
    if not form.validate():
        return make_response(_withdrawal_page(project, mark, form), REFUSED)
    try:
        withdraw_mark(session(), project, mark, Origin(this_person(), now(), form.reason.data))
        form.spend(back)
        session().commit()
    except Refusal as refusal:
        session().rollback()
        form.refuse(refusal)
        return make_response(_withdrawal_page(*_mark(code, row_id), form), refusal.status)
    flash(gettext("The mark is withdrawn; it stays visible with the reason."), "saved")
    return cast("Response", redirect(back, 303))


# What they have in common ---------------------------------------------------------------------


def _take(codes: Sequence[str]) -> list[Project]:
    """The projects with all their parts in a handful of statements, and nobody else writes them."""
    projects = find_all_visible(session(), this_person(), codes, lock=True)
    states = states_of(session(), projects)
    held = {name for state in states for name in state if name in SECTIONS}
    whole = [_DEEP.get(name, selectinload(getattr(Project, name))) for name in sorted(held)]
    keys = [project.id for project in projects]
    session().scalars(select(Project).where(Project.id.in_(keys)).options(*whole)).all()
    for project, state in zip(projects, states, strict=True):
        spare_queries(project, state)
    return projects


_DEEP = {
    "investors": selectinload(Project.investors).selectinload(ProjectInvestor.investor),
    "phases": selectinload(Project.phases)
    .selectinload(Phase.milestones)
    .selectinload(Milestone.targets),
    "parcels": selectinload(Project.parcels).selectinload(Parcel.intervals),
    "reports": selectinload(Project.reports).selectinload(ProgressReport.forecasts),
}


def _page(form: MarkForm, projects: Sequence[Project]) -> str:
    states = states_of(session(), projects)
    standing = findings_in(session(), states, today())
    offer_findings(standing)
    foreign = {one.code for one in not_to_change(session(), this_person(), projects)}
    chosen = [
        _chosen(state, found, foreign, single=len(states) == 1)
        for state, found in zip(states, standing, strict=True)
    ]
    return render_template(
        "register/mark_form.html",
        form=form,
        chosen=chosen,
        possible=[one.code for one in chosen if not one.why_not],
        back=_back(form),
        most=MOST_AT_ONCE,
    )


def _chosen(state: State, found: Standing, foreign: set[str], *, single: bool) -> Chosen:
    """A row of the table; of one project every sum is told, of several each rule once."""
    why_not = ""
    if state["code"] in foreign:
        why_not = gettext("another office keeps it")
    elif state["listing"] != Listing.LICENSED.value:
        why_not = gettext("not licensed")
    said = {
        (one.sentence if single else one.words)(language()): Said(
            "grey" if one.held else COLOURS.get(one.severity, "grey"),
            one.words(language()),
            one.sentence(language()),
        )
        for one in found.findings
    }
    return Chosen(
        state["code"],
        state["name"],
        (state.get("zone") or {}).get("name", ""),
        project_path(state["code"]),
        found.schedule_state or "",
        gettext(STATES[found.schedule_state]) if found.schedule_state else "",
        list(said.values()),
        str(why_not),
    )


def _back(form: MarkForm) -> str:
    """Where the officer came from: the list as it was, or the one project."""
    if (form.list.data or "").startswith("?"):
        address = f"/projects{form.list.data}"
        return address if len(address) <= LONGEST_RESULT else "/projects"
    if len(form.code.data) == 1:
        return project_path(form.code.data[0], "marks")
    return "/projects"


def _mark(code: str, row_id: int, *, lock: bool = False) -> tuple[Project, DelayMark]:
    project = find_visible(session(), this_person(), code, lock=lock)
    mark = next((one for one in project.marks if one.id == row_id), None)
    if mark is None:
        raise HiddenRecord
    refuse_foreign_mark(session(), this_person(), project, mark)
    return project, mark


def _withdrawal_page(project: Project, mark: DelayMark, form: RemoveForm) -> str:
    [state] = states_of(session(), [project])
    row = next(row for row in state["marks"] if row["id"] == mark.id)
    return render_template(
        "register/mark_withdraw.html",
        form=form,
        state=state,
        row=row,
        words=part_words("marks", row),
        back=project_path(project.code, "marks"),
    )
