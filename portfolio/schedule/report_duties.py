"""The reports of one project: which are owed, when, and how far each has come, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.office.trail_words import actor_words
from portfolio.register.part_words import day_of
from portfolio.register.progress import ReportKind, ReportStatus, read_period, report_words
from portfolio.register.project import Listing
from portfolio.register.reports_owed import ReportOwed, know_reports_owed
from portfolio.schedule.gather import first_approved
from portfolio.schedule.in_force import NoPolicy, law_on
from portfolio.schedule.owed import due_on, owed_reports, period_begins
from portfolio.schedule.policy_text import Policy
from portfolio.web import show

SOON = 14
"""Days before the due day from which a report is said to fall due."""

SHOWN_SETTLED = 6
"""Reports that are in or excused and stand on the project page; older ones are folded away."""


def install(app: Flask) -> None:
    """Hand the register's acts the duties that follow from the policy."""
    know_reports_owed(app, _owed_by_law)


def _owed_by_law(session: Session, state: State, on: date) -> Sequence[ReportOwed]:
    try:
        law = law_on(session, on)
    except NoPolicy:
        return ()
    return owed_of(state, law.policy, on)


def owed_of(state: State, policy: Policy, on: date) -> list[ReportOwed]:
    """The reports that a state document owes up to the period after the running one, by due day."""
    if state["listing"] != Listing.LICENSED:
        return []
    approved = first_approved(state, policy)
    duties = {duty.kind: duty for duty in policy.report_duties.values()}
    found = [
        ReportOwed(
            ReportKind(kind),
            period,
            period_begins(kind, ends),
            ends,
            due_on(duties[kind], ends, policy.holidays),
        )
        for kind, period, ends in owed_reports(
            policy, date.fromisoformat(approved) if approved else None, on
        )
    ]
    return sorted(found, key=lambda one: (one.due_on, list(ReportKind).index(one.kind)))


# In words -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DutyLine:
    """One report as the project page shows it: which, by when, how far, and the one thing to do."""

    kind: str
    period: str
    words: str
    due: str
    state: str
    tone: str
    note: str
    action: tuple[str, str] | None
    report_id: int | None
    missing: bool


@dataclass(frozen=True)
class DutyPanel:
    """The reports of a project: what is missing or waits, what is settled, and older ones."""

    open: list[DutyLine]
    settled: list[DutyLine]
    older: list[DutyLine]


def duty_panel(state: State, policy: Policy | None, on: date, *, may_edit: bool) -> DutyPanel:
    """What a state document says of its reports on a day.

    Of each kind that is not due yet only the next period stands there.
    """
    known = {(one["kind"], one["period"]): one for one in state.get("reports", ())}
    owed = owed_of(state, policy, on) if policy else []
    open_lines: list[DutyLine] = []
    settled: list[DutyLine] = []
    ahead: set[ReportKind] = set()
    for one in owed:
        report = known.pop((one.kind.value, one.period), None)
        if report is not None and report["status"] != ReportStatus.SENT_BACK:
            line = _told(state, report, one, on, may_edit=may_edit)
            (open_lines if report["status"] == ReportStatus.RECEIVED else settled).append(line)
        elif one.due_on < on or one.kind not in ahead:
            if one.due_on >= on:
                ahead.add(one.kind)
            open_lines.append(_missing(state, report, one, on, may_edit=may_edit))
    # What an earlier policy asked for, or what came before the project was closed, is still told.
    rest = sorted(known.values(), key=lambda one: read_period(one["period"])[0])
    settled = [_told(state, one, None, on, may_edit=may_edit) for one in rest] + settled
    settled.reverse()
    return DutyPanel(open_lines, settled[:SHOWN_SETTLED], settled[SHOWN_SETTLED:])


def due_words(due: date, on: date) -> tuple[str, str]:
    """How far away the due day of a missing report is, in words, and the tone of the tag."""
    days = (due - on).days
    if days < 0:
        return (
            ngettext("overdue by %(num)d day", "overdue by %(num)d days", -days),
            "late",
        )
    if days == 0:
        return gettext("due today"), "run"
    if days <= SOON:
        return ngettext("due in %(num)d day", "due in %(num)d days", days), "run"
    return gettext("not due yet"), "off"


def _missing(
    state: State, report: State | None, owed: ReportOwed, on: date, *, may_edit: bool
) -> DutyLine:
    words, tone = due_words(owed.due_on, on)
    note = ""
    if report is not None:
        words = f"{gettext(ReportStatus.SENT_BACK.label)}, {words}"
        note = _decision(report)
    begun = owed.begins <= on
    href = _path("enter_report", state, kind=owed.kind.value, period=owed.period)
    return DutyLine(
        kind=owed.kind.value,
        period=owed.period,
        words=report_words(owed.kind, owed.period),
        due=show.day(owed.due_on),
        state=words,
        tone=tone,
        note=note,
        action=(gettext("Enter the report"), href) if may_edit and begun else None,
        report_id=report["id"] if report else None,
        missing=True,
    )


_TONES = {"received": "run", "accepted": "ok", "excused": "off", "sent_back": "late"}


def _told(
    state: State, report: State, owed: ReportOwed | None, on: date, *, may_edit: bool
) -> DutyLine:
    del on
    status = ReportStatus(report["status"])
    waits = status is ReportStatus.RECEIVED
    href = _path("show_report", state, report_id=report["id"])
    words = gettext(N_("Look at it and decide")) if waits and may_edit else gettext("Open")
    return DutyLine(
        kind=report["kind"],
        period=report["period"],
        words=report_words(ReportKind(report["kind"]), report["period"]),
        due=show.day(owed.due_on) if owed else "",
        state=gettext("received, waits for acceptance") if waits else gettext(status.label),
        tone=_TONES[status],
        note=gettext("came on %(day)s", day=day_of(report, "received_on"))
        if waits
        else _decision(report),
        action=(words, href),
        report_id=report["id"],
        missing=False,
    )


def _decision(report: State) -> str:
    """`22/11/2026, Nguyễn Văn A: without the figures of the period`."""
    said = f"{day_of(report, 'decided_on')}, {actor_words(report['decided_by'])}"
    return f"{said}: {report['decided_why']}" if report.get("decided_why") else said


def _path(endpoint: str, state: State, **values: Any) -> str:
    return url_for(f"schedule.{endpoint}", code=state["code"], **values)
