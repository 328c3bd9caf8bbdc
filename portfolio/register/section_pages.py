"""Pages on which one section of a project is edited: add, edit, remove, and two acts of one click."""

from typing import Any, cast

from flask import Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext

from portfolio.database import session
from portfolio.office.may import Permission, needs
from portfolio.register.acts.pauses import judge_pause as judge
from portfolio.register.acts.schedule import confirm_unchanged
from portfolio.register.blueprint import pages
from portfolio.register.causes import known_causes
from portfolio.register.ending import Ending, ending_words
from portfolio.register.entry import ActForm
from portfolio.register.entry_project import ConfirmForm, RemoveForm
from portfolio.register.entry_schedule import JudgeForm
from portfolio.register.in_hand import Hand, RowGone, form_of, origin_of, refuse_stale, take
from portfolio.register.part_words import part_words, span_of
from portfolio.register.places_typed import known_units
from portfolio.web import parked
from portfolio.web.clock import today
from portfolio.web.errors import HiddenRecord, Refusal
from portfolio.web.forms import MACHINERY
from portfolio.web.languages import language

REFUSED = 422


@pages.get("/projects/<code>/<section>/edit")
@needs(Permission.CHANGE_PROJECT)
def edit_section(code: str, section: str) -> str:
    """The form of a section that there is one of: facts, stage, places, deposit."""
    hand = take(code, section)
    if hand.section.many:
        raise HiddenRecord
    return _page(hand, form_of(hand, hand.section.form))


@pages.post("/projects/<code>/<section>/edit")
@needs(Permission.CHANGE_PROJECT)
def change_section(code: str, section: str) -> Response:
    """Save it."""
    hand = take(code, section, lock=True)
    if hand.section.many:
        raise HiddenRecord
    return _save(hand, hand.section.form())


@pages.get("/projects/<code>/<section>/add")
@needs(Permission.CHANGE_PROJECT)
def new_row(code: str, section: str) -> str:
    """The empty form of a part: a paper, a capital figure, a parcel."""
    hand = take(code, section)
    if not (hand.section.many and hand.section.add):
        raise HiddenRecord
    return _page(hand, form_of(hand, hand.section.new_form or hand.section.form))


@pages.post("/projects/<code>/<section>/add")
@needs(Permission.CHANGE_PROJECT)
def add_row(code: str, section: str) -> Response:
    """Add it."""
    hand = take(code, section, lock=True)
    if not (hand.section.many and hand.section.add):
        raise HiddenRecord
    return _save(hand, (hand.section.new_form or hand.section.form)())


@pages.get("/projects/<code>/<section>/<int:row_id>/edit")
@needs(Permission.CHANGE_PROJECT)
def edit_row(code: str, section: str, row_id: int) -> str:
    """The form with what stands."""
    hand = take(code, section, row_id)
    if not (hand.section.many and hand.section.edit):
        raise HiddenRecord
    return _page(hand, form_of(hand, hand.section.form))


@pages.post("/projects/<code>/<section>/<int:row_id>/edit")
@needs(Permission.CHANGE_PROJECT)
def change_row(code: str, section: str, row_id: int) -> Response:
    """Save it."""
    hand = take(code, section, row_id, lock=True)
    if not (hand.section.many and hand.section.edit):
        raise HiddenRecord
    return _save(hand, hand.section.form())


@pages.get("/projects/<code>/<section>/<int:row_id>/remove")
@needs(Permission.CHANGE_PROJECT)
def ask_removal(code: str, section: str, row_id: int) -> str:
    """What will be taken out, and why."""
    hand = take(code, section, row_id)
    return _removal_page(hand, form_of(hand, RemoveForm))


@pages.post("/projects/<code>/<section>/<int:row_id>/remove")
@needs(Permission.CHANGE_PROJECT)
def remove_row(code: str, section: str, row_id: int) -> Response:
    """Take it out; the trail keeps it."""
    hand = take(code, section, row_id, lock=True)
    form = RemoveForm()
    remove = hand.section.remove
    if remove is None:
        raise HiddenRecord

    def act() -> None:
        if remove is not None:
            remove(session(), hand.project, hand.row(), origin_of(form))

    return _carry_out(hand, form, act, _removal_page)


@pages.get("/projects/<code>/pauses/<int:row_id>/judge")
@needs(Permission.JUDGE_PAUSE)
def ask_judgement(code: str, row_id: int) -> str:
    """The claim with its paper, and the two answers."""
    hand = take(code, "pauses", row_id)
    return _judgement_page(hand, form_of(hand, JudgeForm))


@pages.post("/projects/<code>/pauses/<int:row_id>/judge")
@needs(Permission.JUDGE_PAUSE)
def judge_pause(code: str, row_id: int) -> Response:
    """Accept or reject it; rejecting an accepted one gives its days back."""
    hand = take(code, "pauses", row_id, lock=True)
    form = JudgeForm()

    def act() -> None:
        accepted = form.verdict.data == "accept"
        judge(session(), hand.project, hand.row(), accepted=accepted, origin=origin_of(form))

    return _carry_out(hand, form, act, _judgement_page)


@pages.post("/projects/<code>/milestones/confirm")
@needs(Permission.CHANGE_PROJECT)
def confirm_milestones(code: str) -> Response:
    """The open milestones were looked at and nothing changed: one click against silence."""
    hand = take(code, "milestones", lock=True)
    form = ConfirmForm()
    earlier = form.earlier_result()
    if earlier is None:
        confirm_unchanged(session(), hand.project, on=today(), origin=origin_of(form))
        form.spend(hand.back)
        session().commit()
        flash(gettext("Confirmed: looked at today, nothing has changed."), "saved")
    return cast("Response", redirect(earlier or hand.back, 303))


@pages.errorhandler(RowGone)
def tell_that_it_is_gone(gone: RowGone) -> Response:
    """Its form cannot be opened again, so the page itself lists what was typed, to be copied."""
    typed = [value for name, value in parked.typed_fields() if value and name not in MACHINERY]
    page = render_template("register/gone.html", gone=gone, typed=typed)
    return make_response(page, gone.status)


# What they have in common ---------------------------------------------------------------------


def _save(hand: Hand, form: ActForm) -> Response:
    def act() -> None:
        row = hand.row()
        hand.section.save(session(), hand.project, row, form, origin_of(form))

    return _carry_out(hand, form, act, _page)


def _carry_out(hand: Hand, form: ActForm, act: Any, page: Any) -> Response:
    """Check the form, refuse a stale edit, do the act, commit, and show the project."""
    earlier = form.earlier_result()
    if earlier is not None:
        return cast("Response", redirect(earlier, 303))
    if not form.validate():
        return make_response(page(hand, form), REFUSED)
    refuse_stale(hand, form, request.path)
    ending = ending_words(hand, form)
    if ending is not None and form["confirmed"].data != "y":
        return _ask(hand, form, act, ending)
    back = hand.back
    try:
        act()
        form.spend(back)
        session().commit()
    except Refusal as refusal:
        return _refused(hand, form, refusal, page)
    flash(" ".join([gettext("Saved."), *(f"{reading}." for reading in form.readings())]), "saved")
    return cast("Response", redirect(back, 303))


def _ask(hand: Hand, form: ActForm, act: Any, ending: Ending) -> Response:
    """The page that says what will happen; the act is tried first, so that it is not refused later."""
    if request.form.get("step") == "edit":
        return make_response(_page(hand, form))
    try:
        act()
    except Refusal as refusal:
        return _refused(hand, form, refusal, _page)
    session().rollback()
    return make_response(
        render_template("register/confirm.html", hand=hand, form=form, ending=ending)
    )


def _refused(hand: Hand, form: ActForm, refusal: Refusal, page: Any) -> Response:
    """The form again, with the refusal at its field and everything that was typed."""
    session().rollback()
    again = take(hand.state["code"], hand.section.key, hand.row_id)
    form.refuse(refusal)
    return make_response(page(again, form), refusal.status)


def _page(hand: Hand, form: ActForm) -> str:
    return render_template(
        "register/section_form.html",
        hand=hand,
        form=form,
        units=known_units(session()) if hand.section.key == "places" else None,
        words=_words(hand),
        phases=hand.state.get("phases") or [{"number": 1}],
    )


def _removal_page(hand: Hand, form: ActForm) -> str:
    return render_template("register/remove.html", hand=hand, form=form, words=_words(hand))


def _judgement_page(hand: Hand, form: ActForm) -> str:
    causes = {code: cause.words(language()) for code, cause in known_causes(session()).items()}
    span = span_of(hand.row_state or {})
    return render_template("register/judge.html", hand=hand, form=form, causes=causes, span=span)


def _words(hand: Hand) -> str:
    if hand.row_id is None or hand.row_state is None:
        return ""
    return part_words(hand.section.part, hand.row_state)
