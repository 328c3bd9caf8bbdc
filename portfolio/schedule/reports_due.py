"""Reports that fall due within some days: one line a kind, with how many projects have not sent theirs."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from portfolio.register.acts.projects import LICENSING
from portfolio.register.line import RegisterLine
from portfolio.register.papers import LegalAct
from portfolio.register.phases import ScheduleVersion
from portfolio.register.progress import ProgressReport, ReportKind, ReportStatus, report_words
from portfolio.register.project import Listing
from portfolio.schedule.owed import due_on, owed_reports
from portfolio.schedule.policy_text import Policy
from portfolio.schedule.scope import Scope

SETTLED = (ReportStatus.RECEIVED, ReportStatus.ACCEPTED, ReportStatus.EXCUSED)
_A_YEAR = timedelta(days=400)


@dataclass(frozen=True)
class ReportDue:
    """A report that every licensed project owes by a day; ``missing`` counts those that did not send it."""

    kind: ReportKind
    period: str
    ends: date
    on: date
    missing: int

    @property
    def words(self) -> str:
        """What it is: `Quarterly report, Q4 2026`."""
        return report_words(self.kind, self.period)


def due_days(policy: Policy, first: date, last: date) -> list[tuple[str, str, date, date]]:
    """The reports that fall due between two days, as (kind, period, last day of it, due day), by due day."""
    duties = {duty.kind: duty for duty in policy.report_duties.values()}
    found = [
        (kind, period, ends, due_on(duties[kind], ends, policy.holidays))
        for kind, period, ends in owed_reports(policy, first - _A_YEAR, last)
    ]
    return sorted((one for one in found if first <= one[3] <= last), key=lambda one: (one[3], one))


def reports_due(
    session: Session, scope: Scope, policy: Policy, first: date, last: date
) -> list[ReportDue]:
    """The same with the number of projects that have not reported; one query, or none."""
    days = due_days(policy, first, last)
    if not days:
        return []
    licensed, *counts = session.execute(
        select(_licensed(scope), *(_owe_none(scope, *one[:3]) for one in days))
    ).one()
    return [
        ReportDue(ReportKind(kind), period, ends, on, licensed - owe_none)
        for (kind, period, ends, on), owe_none in zip(days, counts, strict=True)
    ]


def _licensed(scope: Scope) -> ColumnElement[int]:
    return _count(
        select(RegisterLine.id).where(
            RegisterLine.until.is_(None),
            RegisterLine.listing == Listing.LICENSED,
            *scope.conditions(),
        )
    )


def _owe_none(scope: Scope, kind: str, period: str, ends: date) -> ColumnElement[int]:
    """Those of them whose report is in or excused, and those that were approved after the period."""
    settled = select(ProgressReport.project_id).where(
        ProgressReport.kind == ReportKind(kind),
        ProgressReport.period == period,
        ProgressReport.status.in_(SETTLED),
    )
    of_scope = select(RegisterLine.project_id).where(
        RegisterLine.until.is_(None), RegisterLine.listing == Listing.LICENSED, *scope.conditions()
    )
    in_scope = of_scope.where(RegisterLine.project_id == ProgressReport.project_id).exists()
    later = of_scope.where(
        RegisterLine.project_id.in_(approved_later(ends)),
        RegisterLine.project_id.not_in(settled),
    )
    return _count(settled.where(in_scope)) + _count(later)


def _count(query: Select[int]) -> ColumnElement[int]:
    return select(func.count()).select_from(query.subquery()).scalar_subquery()


def approved_later(ends: date) -> Select[int]:
    """Projects whose first approval came after the period: they owe their first report for the next."""
    earlier = aliased(LegalAct)
    before = exists().where(
        earlier.project_id == LegalAct.project_id,
        earlier.kind.in_(LICENSING),
        earlier.issued_on <= ends,
    )
    scheduled = exists().where(
        ScheduleVersion.project_id == LegalAct.project_id, ScheduleVersion.approved_on <= ends
    )
    return select(LegalAct.project_id).where(
        LegalAct.kind.in_(LICENSING), LegalAct.issued_on > ends, ~before, ~scheduled
    )
