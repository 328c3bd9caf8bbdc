"""The worklist of reports: which projects are silent, which reports fall due, wait, or were sent back.

Silence stands on the register line, what came in stands in its own table, and what is owed follows from
the policy, so a page costs a few statements however many projects there are.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office.trail import TrailEntry, unpack
from portfolio.register.lateness import days_silent
from portfolio.register.line import LinePart, RegisterLine
from portfolio.register.progress import (
    ProgressReport,
    ReportKind,
    ReportStatus,
    read_period,
    report_words,
)
from portfolio.register.project import Listing
from portfolio.schedule.policy_text import Policy
from portfolio.schedule.report_duties import SOON, DutyLine, duty_panel
from portfolio.schedule.reports_due import SETTLED, approved_later, due_days
from portfolio.schedule.scope import Scope
from portfolio.web import show

PAGE = 25
MOST_COUNTED = 10_000
_PAST = timedelta(days=800)
"""How far back the due days of reports are looked for when none is named."""


class DutyState(enum.StrEnum):
    """How the reports on the worklist stand; the first is what the office begins with."""

    SILENT = "silent"
    SOON = "soon"
    RECEIVED = "received"
    SENT_BACK = "sent_back"
    IN = "in"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "silent": N_("Silent: a report is missing"),
            "soon": N_("Due within 14 days"),
            "received": N_("Received, waits for acceptance"),
            "sent_back": N_("Sent back, not filed again"),
            "in": N_("Accepted or excused"),
        }[self.value]


@dataclass(frozen=True)
class Wanted:
    """What the reader asked to see."""

    scope: Scope
    state: DutyState = DutyState.SILENT
    kind: ReportKind | None = None
    period: str | None = None
    page: int = 1


@dataclass(frozen=True)
class DutyRow:
    """A project with the reports that put it on the list; ``silent_days`` since the first missing one."""

    line: Any
    silent_days: int | None
    reports: list[DutyLine]


@dataclass(frozen=True)
class DutyList:
    """One page, and how many there are of each state: capped, which ``more`` says."""

    rows: list[DutyRow]
    counts: dict[DutyState, int]
    page: int
    following: bool

    def more(self, state: DutyState) -> bool:
        """Whether there are more of that state than were counted."""
        return self.counts[state] > MOST_COUNTED


@dataclass(frozen=True)
class PeriodDue:
    """A report that fell or falls due on a day, whoever owes it."""

    kind: ReportKind
    period: str
    ends: date
    due: date

    @property
    def words(self) -> str:
        """Which it is, in the reader's language."""
        return report_words(self.kind, self.period)

    @property
    def period_words(self) -> str:
        """The period alone, `Quý IV/2026`."""
        return show.day(*read_period(self.period))


def known_periods(policy: Policy, on: date) -> list[PeriodDue]:
    """The reports whose period has begun or that are due soon, the latest first: what can be chosen."""
    found = due_days(policy, on - _PAST, on + timedelta(days=430))
    return [
        PeriodDue(ReportKind(kind), period, ends, due)
        for kind, period, ends, due in reversed(found)
        if ends - _length(kind) <= on
    ]


def _length(kind: str) -> timedelta:
    return timedelta(days={"Q": 92, "M6": 184}.get(kind, 366))


def read_duty_list(session: Session, wanted: Wanted, policy: Policy, on: date) -> DutyList:
    """A page of the worklist on a day, within what its reader may see."""
    # Made once: the zones inside a zone are one table of the whole statement.
    lines = select(*_SHOWN).where(RegisterLine.until.is_(None), *wanted.scope.conditions())
    queries = {state: _query(lines, wanted, state, policy, on) for state in DutyState}
    counts = session.execute(select(*(_count(query) for query in queries.values()))).one()
    first = (wanted.page - 1) * PAGE
    chosen = queries[wanted.state].limit(PAGE + 1).offset(first)
    found = session.execute(chosen).all()
    return DutyList(
        rows=_rows(session, wanted, found[:PAGE], policy, on),
        counts=dict(zip(DutyState, map(int, counts), strict=True)),
        page=wanted.page,
        following=len(found) > PAGE,
    )


def _count(query: Select[*tuple[Any, ...]]) -> ColumnElement[int]:
    some = query.with_only_columns(RegisterLine.id).order_by(None).limit(MOST_COUNTED + 1)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


_SHOWN = (
    RegisterLine.project_id,
    RegisterLine.entry_seq,
    RegisterLine.code,
    RegisterLine.name,
    RegisterLine.investors,
    RegisterLine.zone_name,
    RegisterLine.silent_since,
)


def _query(
    lines: Select[*tuple[Any, ...]], wanted: Wanted, state: DutyState, policy: Policy, on: date
) -> Select[*tuple[Any, ...]]:
    """The current lines of a state, in the order in which they are worked off."""
    if state is DutyState.SILENT:
        return _silent(lines, wanted, policy, on)
    if state is DutyState.SOON:
        soon = due_days(policy, on, on + timedelta(days=SOON))
        return lines.where(_owe_any(_chosen(soon, wanted))).order_by(RegisterLine.code)
    return _of_reports(lines, wanted, state, policy, on)


def _silent(
    lines: Select[*tuple[Any, ...]], wanted: Wanted, policy: Policy, on: date
) -> Select[*tuple[Any, ...]]:
    silent = lines.where(RegisterLine.silence_sort <= on)
    if wanted.period is not None:
        past = due_days(policy, on - _PAST, on - timedelta(days=1))
        silent = silent.where(_owe_any(_chosen(past, wanted)))
    elif wanted.kind is not None:
        rules = [d.rule for d in policy.report_duties.values() if d.kind == wanted.kind]
        flagged = select(LinePart.line_id).where(
            LinePart.kind == "flag", LinePart.ref.in_(rules), LinePart.line_id == RegisterLine.id
        )
        silent = silent.where(flagged.exists())
    return silent.order_by(RegisterLine.silence_sort, RegisterLine.id)


_Due = tuple[str, str, date, date]


def _chosen(days: Iterable[_Due], wanted: Wanted) -> list[_Due]:
    return [
        one for one in days if wanted.kind in {None, one[0]} and wanted.period in {None, one[1]}
    ]


def _owe_any(days: Sequence[_Due]) -> ColumnElement[bool]:
    """Whether the project of a line still owes one of these reports."""
    if not days:
        return false()
    return or_(*(owed_by_line(kind, period, ends) for kind, period, ends, _due in days))


def owed_by_line(kind: str, period: str, ends: date) -> ColumnElement[bool]:
    """Whether the project of a current line owes the report of a period, and it is not in."""
    settled = select(ProgressReport.project_id).where(
        ProgressReport.kind == ReportKind(kind),
        ProgressReport.period == period,
        ProgressReport.status.in_(SETTLED),
    )
    return and_(
        RegisterLine.listing == Listing.LICENSED,
        RegisterLine.project_id.not_in(settled),
        RegisterLine.project_id.not_in(approved_later(ends)),
    )


_STATUSES = {
    DutyState.RECEIVED: (ReportStatus.RECEIVED,),
    DutyState.SENT_BACK: (ReportStatus.SENT_BACK,),
    DutyState.IN: (ReportStatus.ACCEPTED, ReportStatus.EXCUSED),
}


def _of_reports(
    lines: Select[*tuple[Any, ...]], wanted: Wanted, state: DutyState, policy: Policy, on: date
) -> Select[*tuple[Any, ...]]:
    """One line for each report that came in or was decided about, the oldest first."""
    reports = (
        lines.add_columns(ProgressReport.id.label("report_id"))
        .join(ProgressReport, ProgressReport.project_id == RegisterLine.project_id)
        .where(ProgressReport.status.in_(_STATUSES[state]))
        .order_by(ProgressReport.received_on, ProgressReport.id)
    )
    if state is DutyState.IN and wanted.period is None:
        # All that ever came in is no worklist: what fell due last, of each kind.
        last = _last_due(policy, on)
        latest = _chosen(last, wanted)
        pairs = [
            and_(ProgressReport.kind == ReportKind(kind), ProgressReport.period == period)
            for kind, period, _ends, _due in latest
        ]
        return reports.where(or_(*pairs) if pairs else false())
    if wanted.kind is not None:
        reports = reports.where(ProgressReport.kind == wanted.kind)
    if wanted.period is not None:
        reports = reports.where(ProgressReport.period == wanted.period)
    return reports


def _last_due(policy: Policy, on: date) -> list[_Due]:
    """Of each kind the report whose period ended last, due or not."""
    found: dict[str, _Due] = {}
    for one in due_days(policy, on - _PAST, on + timedelta(days=120)):
        if one[2] <= on or one[0] not in found:
            found[one[0]] = one
    return list(found.values())


# Rows -----------------------------------------------------------------------------------------


def _rows(
    session: Session, wanted: Wanted, lines: Sequence[Any], policy: Policy, on: date
) -> list[DutyRow]:
    """The lines with their reports in words, told from the states that the lines were written from."""
    seqs = [line.entry_seq for line in lines]
    states = {
        row.seq: unpack(row.state)
        for row in session.execute(
            select(TrailEntry.seq, TrailEntry.state).where(TrailEntry.seq.in_(seqs))
        )
    }
    rows = []
    for line in lines:
        panel = duty_panel(states[line.entry_seq], policy, on, may_edit=True)
        every = [*panel.open, *panel.settled, *panel.older]
        report_id = getattr(line, "report_id", None)
        if report_id is not None:
            told = [one for one in every if one.report_id == report_id]
        else:
            told = [one for one in panel.open if _asked(one, wanted)]
        days = days_silent(line, on)
        rows.append(DutyRow(line, days if wanted.state is DutyState.SILENT else None, told))
    return rows


def _asked(one: DutyLine, wanted: Wanted) -> bool:
    fits = wanted.kind in {None, one.kind} and wanted.period in {None, one.period}
    tone = "late" if wanted.state is DutyState.SILENT else "run"
    return one.missing and fits and one.tone == tone
