"""Pages of one report: entering a paper, reading it, and what the office decides about it."""

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office.may import Permission, may, needs
from portfolio.office.sessions import this_person
from portfolio.office.trail import Origin, State, TrailEntry, unpack
from portfolio.register import files
from portfolio.register.acts import reports as acts
from portfolio.register.acts.papers import attach_file
from portfolio.register.entry import ActForm
from portfolio.register.entry_report import (
    CorrectReportForm,
    DecideForm,
    PaperReportForm,
    ReportFileForm,
    WhyForm,
)
from portfolio.register.in_hand import Hand, RowGone, form_of, origin_of, refuse_stale, take
from portfolio.register.papers import StoredFile
from portfolio.register.part_words import day_of
from portfolio.register.progress import ProgressReport, ReportKind, ReportStatus, report_words
from portfolio.register.project import Project
from portfolio.register.reports_owed import ReportOwed, find_owed
from portfolio.register.row_rule import find_visible, may_change
from portfolio.schedule.blueprint import pages
from portfolio.schedule.show_report import show_report as shown_report
from portfolio.web import parked
from portfolio.web.clock import now, today
from portfolio.web.errors import HiddenRecord, Refusal
from portfolio.web.forms import MACHINERY
from portfolio.web.headers import takes_attachment

REFUSED = 422
REPORTS = "reports"
Render = Callable[[Hand, ActForm], str]


# Reading --------------------------------------------------------------------------------------


@pages.get("/projects/<code>/reports/<int:report_id>")
@needs(Permission.READ_REGISTER)
def show_report(code: str, report_id: int) -> str:
    """What a report says beside what was promised, its files, and what became of it."""
    person = this_person()
    project = find_visible(session(), person, code)
    entry = session().get(TrailEntry, project.entry_seq)
    state = unpack(entry.state) if entry else {}
    report = next((one for one in state.get(REPORTS, ()) if one["id"] == report_id), None)
    if report is None:
        raise HiddenRecord
    g.project_in_hand = state
    may_edit = may(person, Permission.CHANGE_PROJECT) and may_change(session(), person, project)
    form = DecideForm(data={"version": project.version})
    return _report_page(state, report, form, may_edit=may_edit)


def _report_page(state: State, report: State, form: ActForm, *, may_edit: bool) -> str:
    return render_template(
        "schedule/report.html",
        state=state,
        report=shown_report(state, report),
        row=report,
        form=form,
        may_edit=may_edit,
        lower="confirmed" in form and bool(form["confirmed"].errors or form["confirmed"].data),
    )


# Entering -------------------------------------------------------------------------------------


@pages.get("/projects/<code>/reports/<kind>/<period>/enter")
@needs(Permission.CHANGE_PROJECT)
def enter_report(code: str, kind: str, period: str) -> str:
    """The form for a paper that came in; a report that was sent back begins with what it said."""
    hand, owed = _take_owed(code, kind, period)
    before = _standing(hand, owed)
    data = PaperReportForm.shown(before) | {"received_on": None, "version": hand.project.version}
    return _entry_page(hand, PaperReportForm(data=data), owed=owed)


@pages.post("/projects/<code>/reports/<kind>/<period>/enter")
@needs(Permission.CHANGE_PROJECT)
def receive_report(code: str, kind: str, period: str) -> Response:
    """Receive it. Where another officer has done so meanwhile, nothing is overwritten."""
    hand, owed = _take_owed(code, kind, period, lock=True)
    form = PaperReportForm()

    def act() -> str:
        facts = form.facts(owed.kind, owed.period, form.received_on.data)
        report = acts.receive_report(session(), hand.project, facts, origin_of(form))
        return _path(hand, report.id)

    return _carry_out(hand, form, act, lambda hand, form: _entry_page(hand, form, owed=owed))


@pages.get("/projects/<code>/reports/<int:report_id>/edit")
@needs(Permission.CHANGE_PROJECT)
def edit_report(code: str, report_id: int) -> str:
    """What was typed of a report that nobody has decided about."""
    hand = take(code, REPORTS, report_id)
    return _entry_page(hand, form_of(hand, CorrectReportForm))


@pages.post("/projects/<code>/reports/<int:report_id>/edit")
@needs(Permission.CHANGE_PROJECT)
def correct_report(code: str, report_id: int) -> Response:
    """Put it right."""
    hand = take(code, REPORTS, report_id, lock=True)
    form = CorrectReportForm()

    def act() -> str:
        report = hand.row()
        facts = form.facts(report.kind, report.period, form.received_on.data)
        acts.correct_report(session(), hand.project, report, facts, origin_of(form))
        return _path(hand, report_id)

    return _carry_out(hand, form, act, _entry_page, compare=True)


def _entry_page(hand: Hand, form: ActForm, owed: ReportOwed | None = None) -> str:
    row = hand.row_state
    kind, period = (
        (owed.kind, owed.period) if owed else (ReportKind(row["kind"]), row["period"])  # type: ignore[index]
    )
    return render_template(
        "schedule/report_form.html",
        hand=hand,
        form=form,
        owed=owed,
        words=report_words(kind, period),
        sent_back=_sent_back(_standing(hand, owed)),
        cancel=_path(hand, hand.row_id) if hand.row_id else hand.back,
    )


# Deciding -------------------------------------------------------------------------------------


@pages.post("/projects/<code>/reports/<int:report_id>/accept")
@needs(Permission.CHANGE_PROJECT)
def accept_report(code: str, report_id: int) -> Response:
    """Let it move the project. A lower total than before is asked about first."""
    hand = take(code, REPORTS, report_id, lock=True)
    form = DecideForm()

    def act() -> str:
        acts.accept_report(
            session(),
            hand.project,
            hand.row(),
            on=today(),
            origin=origin_of(form),
            lower_confirmed=bool(form.confirmed.data),
        )
        return _path(hand, report_id)

    def page(hand: Hand, form: ActForm) -> str:
        return _report_page(hand.state, _row(hand), form, may_edit=True)

    return _carry_out(hand, form, act, page, compare=_is(hand, ReportStatus.RECEIVED))


def _reopen(
    db: Session, project: Project, report: ProgressReport, *, on: date, origin: Origin
) -> None:
    del on  # the trail keeps the day
    acts.reopen_report(db, project, report, origin)


_WHY = {
    "send-back": (
        N_("Send the report back"),
        N_(
            "Say what is missing or wrong. The report counts as missing again until a new one comes."
        ),
        acts.send_back_report,
    ),
    "reopen": (
        N_("Undo the acceptance"),
        N_("Forecasts and realised capital go back to what stood before; the report waits again."),
        _reopen,
    ),
}
"""What is decided with a reason: the title, what it leads to, and the act."""


@pages.get("/projects/<code>/reports/<int:report_id>/<any('send-back',reopen):decision>")
@needs(Permission.CHANGE_PROJECT)
def ask_why(code: str, report_id: int, decision: str) -> str:
    """What will happen, and the reason for it."""
    hand = take(code, REPORTS, report_id)
    return _why_page(hand, form_of(hand, WhyForm), decision)


@pages.post("/projects/<code>/reports/<int:report_id>/<any('send-back',reopen):decision>")
@needs(Permission.CHANGE_PROJECT)
def decide_why(code: str, report_id: int, decision: str) -> Response:
    """Send it back, or undo its acceptance."""
    hand = take(code, REPORTS, report_id, lock=True)
    form, (_title, _leads_to, decide) = WhyForm(), _WHY[decision]

    def act() -> str:
        decide(session(), hand.project, hand.row(), on=today(), origin=origin_of(form))
        return _path(hand, report_id)

    stands = ReportStatus.ACCEPTED if decision == "reopen" else ReportStatus.RECEIVED
    return _carry_out(
        hand,
        form,
        act,
        lambda hand, form: _why_page(hand, form, decision),
        compare=_is(hand, stands),
    )


def _why_page(hand: Hand, form: ActForm, decision: str) -> str:
    title, leads_to, _act = _WHY[decision]
    row = _row(hand)
    return render_template(
        "schedule/report_why.html",
        hand=hand,
        form=form,
        title=gettext(title),
        words=report_words(ReportKind(row["kind"]), row["period"]),
        leads_to=gettext(leads_to),
        cancel=_path(hand, hand.row_id),
    )


@pages.get("/projects/<code>/reports/<kind>/<period>/excuse")
@needs(Permission.CHANGE_PROJECT)
def ask_excuse(code: str, kind: str, period: str) -> str:
    """Why a report is not asked for."""
    hand, owed = _take_owed(code, kind, period)
    return _excuse_page(hand, WhyForm(data={"version": hand.project.version}), owed)


@pages.post("/projects/<code>/reports/<kind>/<period>/excuse")
@needs(Permission.CHANGE_PROJECT)
def excuse_report(code: str, kind: str, period: str) -> Response:
    """Do not ask for it."""
    hand, owed = _take_owed(code, kind, period, lock=True)
    form = WhyForm()

    def act() -> str:
        report = acts.excuse_report(
            session(), hand.project, owed.kind, owed.period, on=today(), origin=origin_of(form)
        )
        return _path(hand, report.id)

    return _carry_out(hand, form, act, lambda hand, form: _excuse_page(hand, form, owed))


def _excuse_page(hand: Hand, form: ActForm, owed: ReportOwed) -> str:
    return render_template(
        "schedule/report_why.html",
        hand=hand,
        form=form,
        title=gettext("Excuse the report"),
        words=report_words(owed.kind, owed.period),
        leads_to=gettext("The report counts as not owed. Say by which decision, or why."),
        cancel=hand.back,
    )


# Files ----------------------------------------------------------------------------------------


@pages.get("/projects/<code>/reports/<int:report_id>/files/add")
@needs(Permission.CHANGE_PROJECT)
def new_report_file(code: str, report_id: int) -> str:
    """The form to add a scan or a photograph to a report."""
    hand = take(code, REPORTS, report_id)
    return _file_page(hand, ReportFileForm(data={"version": hand.project.version}))


@pages.post("/projects/<code>/reports/<int:report_id>/files/add")
@takes_attachment
@needs(Permission.CHANGE_PROJECT)
def add_report_file(code: str, report_id: int) -> Response:
    """Look into it and keep it with the report."""
    hand = take(code, REPORTS, report_id, lock=True)
    form, stored = ReportFileForm(), ""

    def act() -> str:
        nonlocal stored
        checked = files.check_upload(form.file.data.filename or "", form.file.data.read())
        stored = files.store(checked)
        attach_file(
            session(),
            hand.project,
            StoredFile(
                report_id=hand.row().id,
                name=checked.name,
                media_type=checked.media_type,
                size=len(checked.content),
                sha256=checked.sha256,
                stored_as=stored,
                uploaded_at=now(),
                uploaded_by=this_person().name,
            ),
            origin_of(form),
        )
        return _path(hand, report_id)

    kept = False
    try:
        answer = _carry_out(hand, form, act, _file_page)
        kept = answer.status_code < REFUSED
    finally:
        if stored and not kept:
            files.forget(stored)
    return answer


def _file_page(hand: Hand, form: ActForm) -> str:
    row = _row(hand)
    return render_template(
        "schedule/report_file.html",
        hand=hand,
        form=form,
        words=report_words(ReportKind(row["kind"]), row["period"]),
        cancel=_path(hand, hand.row_id),
    )


# What they have in common ---------------------------------------------------------------------


def _carry_out(
    hand: Hand, form: ActForm, act: Callable[[], str], page: Render, *, compare: bool = False
) -> Response:
    """Check the form, do the act, commit, and show the report. ``compare`` refuses a stale edit."""
    earlier = form.earlier_result()
    if earlier is not None:
        return cast("Response", redirect(earlier, 303))
    if not form.validate():
        return make_response(page(hand, form), REFUSED)
    if compare:
        refuse_stale(hand, form, request.path)
    try:
        result = act()
        form.spend(result)
        session().commit()
    except Refusal as refusal:
        session().rollback()
        again = take(hand.state["code"], REPORTS, hand.row_id)
        form.refuse(refusal)
        return make_response(page(again, form), refusal.status)
    flash(" ".join([gettext("Saved."), *(f"{reading}." for reading in form.readings())]), "saved")
    return cast("Response", redirect(result, 303))


def _take_owed(code: str, kind: str, period: str, *, lock: bool = False) -> tuple[Hand, ReportOwed]:
    """The project and the report that the address names; what was never owed is no page."""
    hand = take(code, REPORTS, lock=lock)
    known = {one.value: one for one in ReportKind}
    owed = find_owed(session(), hand.state, known[kind], period, today()) if kind in known else None
    if owed is None:
        raise NotOwed(back=hand.back)
    return hand, owed


class NotOwed(Refusal):
    """The project owes no such report: it was closed meanwhile, or the address was typed."""

    status = 409
    title = N_("No such report is owed")
    message = N_("The project owes no report for this period, or not any more. Nothing was saved.")

    def __init__(self, *, back: str) -> None:
        super().__init__()
        self.back = back


@pages.errorhandler(NotOwed)
def tell_that_nothing_is_owed(refusal: NotOwed) -> Response:
    """Its form is gone, so the page lists what was typed, to be copied."""
    typed = [value for name, value in parked.typed_fields() if value and name not in MACHINERY]
    page = render_template("register/gone.html", gone=refusal, typed=typed)
    return make_response(page, refusal.status)


def _standing(hand: Hand, owed: ReportOwed | None) -> dict[str, Any]:
    """What stands of the report for a duty, empty if nothing came yet."""
    if owed is None:
        return {}
    found = (
        one
        for one in hand.state.get(REPORTS, ())
        if (one["kind"], one["period"]) == (owed.kind.value, owed.period)
    )
    return next(found, {})


def _sent_back(row: State) -> tuple[str, str] | None:
    """The day a report was sent back, and why."""
    if row.get("status") != ReportStatus.SENT_BACK:
        return None
    return day_of(row, "decided_on"), row["decided_why"]


def _is(hand: Hand, status: ReportStatus) -> bool:
    """Whether a decision can still be stale: one already taken is refused by name, in the act."""
    return bool(_row(hand)["status"] == status)


def _row(hand: Hand) -> State:
    if hand.row_state is None:
        raise RowGone(back=hand.back)
    return hand.row_state


def _path(hand: Hand, report_id: int | None) -> str:
    return url_for("schedule.show_report", code=hand.state["code"], report_id=report_id)
