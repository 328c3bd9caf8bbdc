"""Coming deadlines by month: what falls due on which day, in whose projects.

Only days from today on are kept: what is over is told by warnings. Days on which all projects owe a
report stand first, one line a kind.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from portfolio.register.line import RegisterLine
from portfolio.schedule.coming import KINDS
from portfolio.schedule.deadlines import ComingDeadline
from portfolio.schedule.policy_text import Policy
from portfolio.schedule.reports_due import ReportDue, reports_due
from portfolio.schedule.scope import Scope
from portfolio.schedule.terms import ONE_DAY, last_day_of_month

PAGE = 100
REPORTS = "report"
"""The kind of days on which reports fall due, among those of `coming.KINDS`."""
LAST_YEAR = 2100


@dataclass(frozen=True)
class Month:
    """A month of the calendar, from today on if it is the present one."""

    first: date
    begins: date
    last: date

    @property
    def value(self) -> str:
        """As it stands in an address."""
        return f"{self.first:%Y-%m}"

    def weeks(self) -> list[list[date]]:
        """Its weeks from Monday to Sunday, with the days of the months beside it."""
        day = self.first - timedelta(days=self.first.weekday())
        weeks = []
        while day <= self.last:
            weeks.append([day + timedelta(days=n) for n in range(7)])
            day += timedelta(days=7)
        return weeks


def month_of(text: str, on: date) -> Month:
    """The month `2026-12`; the present one for anything else and for months that are over."""
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        asked = on
    if asked < on or asked.year > LAST_YEAR:
        asked = on
    first = asked.replace(day=1)
    return Month(first, max(first, on), last_day_of_month(first.year, first.month))


def beside(month: Month, on: date) -> tuple[Month | None, Month]:
    """The month before, if it is not over, and the one after."""
    before = month.first - ONE_DAY
    following = month.last + ONE_DAY
    earlier = month_of(f"{before:%Y-%m}", on) if before >= on.replace(day=1) else None
    return earlier, month_of(f"{following:%Y-%m}", on)


@dataclass(frozen=True)
class Agenda:
    """What falls due: by day on one page of it, and counted by day and by kind over all of it.

    ``following`` is the next day on which something falls due, where nothing does.
    """

    days: list[tuple[date, list[ReportDue], list[Row[Any]]]]
    by_day: Counter[date]
    by_kind: Counter[str]
    total: int
    page: int
    pages: int
    following: date | None


def read_agenda(
    session: Session,
    scope: Scope,
    policy: Policy,
    first: date,
    last: date,
    *,
    kind: str | None = None,
    page: int = 1,
) -> Agenda:
    """What falls due between two days, both included; of one kind if it is given. Three queries at most."""
    within = (
        ComingDeadline.on.between(first, last),
        *scope.of_project(ComingDeadline.project_id),
    )
    counts = session.execute(
        select(ComingDeadline.on, ComingDeadline.kind, func.count())
        .where(*within)
        .group_by(ComingDeadline.on, ComingDeadline.kind)
    ).all()
    reports = reports_due(session, scope, policy, first, last)
    by_kind = Counter(dict.fromkeys(KINDS, 0))
    by_day: Counter[date] = Counter()
    for on, name, count in counts:
        by_kind[name] += count
        if kind in {None, name}:
            by_day[on] += count
    by_kind[REPORTS] = len(reports)
    total = by_day.total()
    shown = reports if kind in {None, REPORTS} else []
    by_day.update(report.on for report in shown)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    wanted = within if kind is None else (*within, ComingDeadline.kind == kind)
    lines = _lines(session, wanted, PAGE, (page - 1) * PAGE) if total else []
    return Agenda(
        _by_day(lines, shown if page == 1 else []),
        by_day,
        by_kind,
        total,
        page,
        pages,
        None if by_day else _following(session, scope, last, kind),
    )


def _following(session: Session, scope: Scope, last: date, kind: str | None) -> date | None:
    query = (
        select(ComingDeadline.on)
        .where(ComingDeadline.on > last, *scope.of_project(ComingDeadline.project_id))
        .order_by(ComingDeadline.on, ComingDeadline.project_id)
        .limit(1)
    )
    return session.scalar(query if kind is None else query.where(ComingDeadline.kind == kind))


def read_deadlines(
    session: Session, scope: Scope, first: date, last: date, most: int
) -> Sequence[Row[Any]]:
    """The next deadlines of a scope between two days, at most so many; one query."""
    within = (
        ComingDeadline.on.between(first, last),
        *scope.of_project(ComingDeadline.project_id),
    )
    return _lines(session, within, most, 0)


def _lines(session: Session, within: Sequence[Any], most: int, offset: int) -> Sequence[Row[Any]]:
    order = ("on", "project_id", "kind", "scope")
    # Cut before lines are looked up: they are long.
    days = (
        select(ComingDeadline)
        .where(*within)
        .order_by(*(getattr(ComingDeadline, name) for name in order))
        .limit(most)
        .offset(offset)
        .subquery()
    )
    query = (
        select(
            days.c.kind,
            days.c.scope,
            days.c.on,
            RegisterLine.code,
            RegisterLine.name,
            RegisterLine.zone_id,
            RegisterLine.zone_name,
        )
        .join(RegisterLine, RegisterLine.project_id == days.c.project_id)
        .where(RegisterLine.until.is_(None))
        .order_by(*(days.c[name] for name in order))
    )
    return session.execute(query).all()


def _by_day(
    lines: Sequence[Row[Any]], reports: Sequence[ReportDue]
) -> list[tuple[date, list[ReportDue], list[Row[Any]]]]:
    due: defaultdict[date, list[ReportDue]] = defaultdict(list)
    coming: defaultdict[date, list[Row[Any]]] = defaultdict(list)
    for report in reports:
        due[report.on].append(report)
    for line in lines:
        coming[line.on].append(line)
    return [(on, due[on], coming[on]) for on in sorted({*due, *coming})]
