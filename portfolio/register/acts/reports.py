"""Progress reports: received, corrected, accepted, sent back, excused.

What a report says moves the project only when it is accepted: forecasts, the day its milestones were
looked at, the capital realised. It is a sign of life from then on (Law 143/2025/QH15, Article 47).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from flask import current_app
from flask_babel import force_locale
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.days import Precision
from portfolio.office.trail import Origin, State, TrailEntry, entries_of, record, unpack
from portfolio.register.acts.capital import Figure, make_figure, refuse_without_reason
from portfolio.register.acts.projects import refuse_unless_may_change
from portfolio.register.capital import CapitalKind
from portfolio.register.causes import known_causes
from portfolio.register.line import realised_capital
from portfolio.register.line_keeping import day_of
from portfolio.register.phases import Milestone
from portfolio.register.progress import (
    ProgressReport,
    ReportForecast,
    ReportKind,
    ReportStatus,
    read_period,
    report_words,
)
from portfolio.register.project import Listing, Project
from portfolio.register.reports_owed import ReportOwed, find_owed
from portfolio.register.state import plain
from portfolio.web import show
from portfolio.web.errors import Conflict, Refusal

MOST_PERCENT = Decimal(100)
PLACES = Decimal("0.01")


@dataclass(kw_only=True)
class ReportFacts:
    """What a report says. Sums are in đồng; ``forecasts`` are days by the key of the milestone."""

    kind: ReportKind
    period: str
    received_on: date
    filled_by: str | None = None
    contact: str | None = None
    realised_in_period: Decimal | None = None
    realised_total: Decimal | None = None
    physical_percent: Decimal | None = None
    jobs_vietnamese: int | None = None
    jobs_foreign: int | None = None
    causes: list[str] = field(default_factory=list)
    causes_note: str | None = None
    wishes: str | None = None
    forecasts: dict[int, tuple[date, Precision]] = field(default_factory=dict)


_COPIED = (
    "received_on",
    "filled_by",
    "contact",
    "realised_in_period",
    "realised_total",
    "physical_percent",
    "jobs_vietnamese",
    "jobs_foreign",
    "causes_note",
    "wishes",
)


class LowerTotal(Refusal):
    """The capital realised since the beginning is less than an earlier report said."""

    field = "confirmed"
    message = N_(
        "This report says %(total)s realised in total, the one before it %(before)s. Confirm that the lower sum is right, or send the report back."
    )


def receive_report(
    session: Session,
    project: Project,
    facts: ReportFacts,
    origin: Origin,
    *,
    through_link: bool = False,
) -> ProgressReport:
    """A report has come in, on paper or (``through_link``) from the investor's own hand.

    There is one for each kind and period. One that was sent back or excused is replaced; the trail
    keeps what it said. Raises `Refusal` for a period that is not owed or has not begun, `Conflict` for
    a report that is in already.
    """
    if through_link:
        origin = replace(origin, through_link=True)
    refuse_unless_may_change(session, origin.by, project)
    owed = _owed(session, project, facts.kind, facts.period, origin)
    _refuse_unfit(session, project, facts, owed, origin)
    report = _standing(project, facts.kind, facts.period)
    if report is None:
        report = ProgressReport(kind=facts.kind, period=facts.period)
        project.reports.append(report)
    elif report.status in {ReportStatus.RECEIVED, ReportStatus.ACCEPTED}:
        raise Conflict(
            N_("The report for this period is in already; correct it, or send it back first."),
            field="period",
        )
    _undecide(report)
    report.received_at, report.through_link = origin.at, through_link
    _put(session, report, facts)
    record(session, project, "receive_report", origin)
    return report


def correct_report(
    session: Session, project: Project, report: ProgressReport, facts: ReportFacts, origin: Origin
) -> None:
    """Put right what was typed of a report that nobody has decided about yet."""
    refuse_unless_may_change(session, origin.by, project)
    _refuse_decided(report)
    refuse_without_reason(origin)
    owed = _owed(session, project, report.kind, report.period, origin)
    _refuse_unfit(session, project, facts, owed, origin)
    _put(session, report, facts)
    record(session, project, "correct_report", origin)


def accept_report(
    session: Session,
    project: Project,
    report: ProgressReport,
    *,
    on: date,
    origin: Origin,
    lower_confirmed: bool = False,
) -> None:
    """Let what a report says move the project: a sign of life, forecasts, and capital realised.

    Raises `LowerTotal` when the total is less than that of the accepted report before it, unless
    that was confirmed.
    """
    refuse_unless_may_change(session, origin.by, project)
    _refuse_decided(report)
    if not lower_confirmed:
        _refuse_lower_total(project, report)
    _decide(report, ReportStatus.ACCEPTED, on, origin)
    _move_forecasts(project, report, on)
    _note_realised(session, project, report, on)
    record(session, project, "accept_report", origin)


def send_back_report(
    session: Session, project: Project, report: ProgressReport, *, on: date, origin: Origin
) -> None:
    """Ask for a better one: the report counts as missing again, with the reason shown."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    _refuse_decided(report)
    _decide(report, ReportStatus.SENT_BACK, on, origin)
    record(session, project, "send_back_report", origin)


def excuse_report(
    session: Session,
    project: Project,
    kind: ReportKind,
    period: str,
    *,
    on: date,
    origin: Origin,
) -> ProgressReport:
    """Decide, with a reason, that a report is not asked for; it then counts as not owed."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    _owed(session, project, kind, period, origin)
    report = _standing(project, kind, period)
    if report is None:
        report = ProgressReport(kind=kind, period=period, causes=[])
        project.reports.append(report)
    elif report.status is not ReportStatus.SENT_BACK:
        raise Conflict(
            N_("Only a report that is missing can be excused; this one is in."), field="period"
        )
    _decide(report, ReportStatus.EXCUSED, on, origin)
    record(session, project, "excuse_report", origin)
    return report


def reopen_report(
    session: Session, project: Project, report: ProgressReport, origin: Origin
) -> None:
    """Undo an acceptance: the report waits again, and what it moved goes back to what stood before.

    A forecast or a capital figure that somebody has changed since then stays.
    """
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    if report.status is not ReportStatus.ACCEPTED:
        raise Conflict(N_("Only an accepted report can be reopened."))
    before, after = _around_acceptance(session, project, report)
    _restore_forecasts(project, report, before, after)
    kept = {one["id"] for one in before.get("capital", ())}
    made = {one["id"]: one["amount"] for one in after.get("capital", ()) if one["id"] not in kept}
    for figure in list(project.capital):
        if figure.id in made and plain(figure.amount) == made[figure.id]:
            project.capital.remove(figure)
    _undecide(report)
    record(session, project, "reopen_report", origin)


def remove_report(
    session: Session, project: Project, report: ProgressReport, origin: Origin
) -> None:
    """Take out a report or an excuse that was entered by mistake; its files stay with the project."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    if report.status is ReportStatus.ACCEPTED:
        raise Refusal(N_("An accepted report stays; reopen it first."))
    for file in project.files:
        if file.report_id == report.id:
            file.report_id = None
    session.flush()
    project.reports.remove(report)
    record(session, project, "remove_report", origin)


# What must hold -------------------------------------------------------------------------------


def _standing(project: Project, kind: ReportKind, period: str) -> ProgressReport | None:
    return next((one for one in project.reports if (one.kind, one.period) == (kind, period)), None)


def _owed(
    session: Session, project: Project, kind: ReportKind, period: str, origin: Origin
) -> ReportOwed:
    """The duty that the report fulfils. Raises `Refusal` when there is none, or not yet."""
    if project.listing is not Listing.LICENSED:
        raise Refusal(
            N_("Only a licensed project owes reports; this one is on another list now."),
            field="period",
        )
    entry = session.get(TrailEntry, project.entry_seq)
    on = day_of(origin.at)
    owed = find_owed(session, unpack(entry.state), kind, period, on) if entry else None
    if owed is None:
        raise Refusal(N_("No such report is owed for this period."), field="period")
    if owed.begins > on:
        raise Refusal(N_("This period has not begun yet."), field="period")
    return owed


def _refuse_decided(report: ProgressReport) -> None:
    if report.status is ReportStatus.ACCEPTED:
        raise Conflict(
            N_("%(name)s has accepted this report in the meantime."), name=report.decided_by
        )
    if report.status is not ReportStatus.RECEIVED:
        raise Conflict(
            N_("%(name)s has decided about this report in the meantime."), name=report.decided_by
        )


def _refuse_unfit(
    session: Session, project: Project, facts: ReportFacts, owed: ReportOwed, origin: Origin
) -> None:
    if facts.received_on > day_of(origin.at):
        raise Refusal(N_("A report cannot come in on a day in the future."), field="received_on")
    if facts.received_on < owed.begins:
        raise Refusal(
            N_("The report cannot have come in before its period began."), field="received_on"
        )
    _refuse_unfit_figures(facts)
    unknown = set(facts.causes) - set(known_causes(session))
    if unknown:
        raise Refusal(N_("Choose causes of the list."), field="causes")
    milestones = {one.id for one in _milestones(project)}
    for milestone_id, (expected_on, _precision) in facts.forecasts.items():
        if milestone_id not in milestones:
            raise Refusal(N_("This milestone is not one of the project."), field="forecasts")
        if expected_on < facts.received_on:
            raise Refusal(
                N_("A forecast cannot lie before the day of the report."),
                field=f"forecast-{milestone_id}",
            )


def _refuse_unfit_figures(facts: ReportFacts) -> None:
    percent, total = facts.physical_percent, facts.realised_total
    if percent is not None and not 0 <= percent <= MOST_PERCENT:
        raise Refusal(N_("Enter a percentage from 0 to 100."), field="physical_percent")
    if percent is not None and percent != percent.quantize(PLACES):
        raise Refusal(N_("Enter a percentage with two decimals at most."), field="physical_percent")
    for name in ("realised_in_period", "realised_total", "jobs_vietnamese", "jobs_foreign"):
        value = getattr(facts, name)
        if value is not None and value < 0:
            raise Refusal(N_("A number here cannot be less than nothing."), field=name)
    if total is not None and (facts.realised_in_period or 0) > total:
        raise Refusal(
            N_("More was realised in the period than in total; correct one of the two."),
            field="realised_in_period",
        )


def _refuse_lower_total(project: Project, report: ProgressReport) -> None:
    before = previous_total(project.reports, report)
    if before is None or report.realised_total is None or report.realised_total >= before:
        return
    raise LowerTotal(total=show.money(report.realised_total), before=show.money(before))


def previous_total(reports: Iterable[ProgressReport], report: ProgressReport) -> Decimal | None:
    """The total, in đồng, of the accepted report for the last period up to this one's, if any gave it."""
    ends, _precision = read_period(report.period)
    accepted = [
        one
        for one in reports
        if one.status is ReportStatus.ACCEPTED
        and one.realised_total is not None
        and one is not report
        and read_period(one.period)[0] <= ends
    ]
    last = max(accepted, key=lambda one: (read_period(one.period)[0], one.id), default=None)
    return last.realised_total if last else None


# What is written ------------------------------------------------------------------------------


def _put(session: Session, report: ProgressReport, facts: ReportFacts) -> None:
    for name in _COPIED:
        setattr(report, name, getattr(facts, name))
    report.causes = list(dict.fromkeys(facts.causes))
    known = {one.milestone_id: one for one in report.forecasts}
    for milestone_id, one in known.items():
        if milestone_id not in facts.forecasts:
            report.forecasts.remove(one)
    for milestone_id, (expected_on, precision) in facts.forecasts.items():
        forecast = known.get(milestone_id)
        if forecast is None:
            forecast = ReportForecast(milestone_id=milestone_id)
            report.forecasts.append(forecast)
        forecast.expected_on, forecast.precision = expected_on, precision
    session.flush()


def _decide(report: ProgressReport, status: ReportStatus, on: date, origin: Origin) -> None:
    report.status = status
    report.decided_on, report.decided_by, report.decided_why = on, origin.by_name, origin.reason


def _undecide(report: ProgressReport) -> None:
    report.status = ReportStatus.RECEIVED
    report.decided_on = report.decided_by = report.decided_why = None


def _milestones(project: Project) -> list[Milestone]:
    return [milestone for phase in project.phases for milestone in phase.milestones]


def _move_forecasts(project: Project, report: ProgressReport, on: date) -> None:
    expected = {one.milestone_id: one.expected_on for one in report.forecasts}
    for milestone in _milestones(project):
        # One that was met since the report came is told by its evidence, not by a forecast.
        if milestone.id in expected and milestone.met_on is None:
            milestone.forecast_on = expected[milestone.id]
            milestone.last_reviewed_on = on


def _note_realised(session: Session, project: Project, report: ProgressReport, on: date) -> None:
    entry = session.get(TrailEntry, project.entry_seq)
    known = realised_capital(unpack(entry.state)) if entry else None
    if report.realised_total is None or report.realised_total == known:
        # A total that has not moved is no disbursement.
        return
    project.capital.append(
        make_figure(
            Figure(
                kind=CapitalKind.REALISED,
                amount=report.realised_total,
                on=min(read_period(report.period)[0], on),
                source=_source(report),
            )
        )
    )


def _source(report: ProgressReport) -> str:
    """How a figure names the report it comes from; stored, so in the office's own language."""
    with force_locale(str(current_app.config.get("LANGUAGE", "vi"))):
        return report_words(report.kind, report.period)


# Undoing --------------------------------------------------------------------------------------


def _around_acceptance(
    session: Session, project: Project, report: ProgressReport
) -> tuple[State, State]:
    """The state documents before and after the report was accepted last."""
    before: State = {}
    found: tuple[State, State] = ({}, {})
    for entry in entries_of(session, "project", project.id):
        after = unpack(entry.state)
        if entry.act == "accept_report" and _status_in(before, report) != _status_in(after, report):
            found = (before, after)
        before = after
    return found


def _status_in(state: State, report: ProgressReport) -> str | None:
    return next((one["status"] for one in state.get("reports", ()) if one["id"] == report.id), None)


def _restore_forecasts(
    project: Project, report: ProgressReport, before: State, after: State
) -> None:
    then, moved = _by_id(before), _by_id(after)
    told = {one.milestone_id for one in report.forecasts}
    for milestone in _milestones(project):
        if milestone.id not in told or milestone.id not in then:
            continue
        for name in ("forecast_on", "last_reviewed_on"):
            if plain(getattr(milestone, name)) == moved[milestone.id].get(name):
                stood = then[milestone.id].get(name)
                setattr(milestone, name, date.fromisoformat(stood) if stood else None)


def _by_id(state: State) -> dict[int, State]:
    return {one["id"]: one for phase in state.get("phases", ()) for one in phase["milestones"]}
