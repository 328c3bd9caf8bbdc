"""The worklist of an officer: what changed, what falls due this week, who is silent, who is late.

Each part shows the beginning of a list and leads to the whole of it. Everything is read along the
index that says its order, so a worklist costs the same for a hundred projects and for a hundred
thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portfolio.database import Base
from portfolio.register.lateness import Months
from portfolio.register.line import RegisterLine
from portfolio.schedule.deadlines import ComingDeadline
from portfolio.schedule.evaluate import Law
from portfolio.schedule.lateness_known import months_of
from portfolio.schedule.looking import WORKLIST, last_look
from portfolio.schedule.news import News, read_news
from portfolio.schedule.reports_due import ReportDue, reports_due
from portfolio.schedule.scope import Scope

SHOWN = 8
DAYS_AHEAD = 7
FIRST_VISIT = timedelta(days=7)

_LINE = (
    "project_id",
    "code",
    "name",
    "zone_id",
    "zone_name",
    "schedule_state",
    "first_target_on",
    "latest_target_on",
    "forecast_target_on",
    "done_on",
    "silent_since",
)
LINE = tuple(getattr(RegisterLine, name) for name in _LINE)
"""What a worklist says of a project."""


@dataclass(frozen=True)
class Some:
    """The beginning of a list, and how many there are."""

    lines: Sequence[Any]
    total: int


@dataclass(frozen=True)
class InBand:
    """How many projects are so many months late against the first and against the latest approval."""

    months: Months
    first: int
    latest: int


@dataclass(frozen=True)
class Worklist:
    """All four parts on a day; ``since`` is the moment up to which the reader has seen changes."""

    since: datetime
    is_first_visit: bool
    news: News
    deadlines: Some
    reports: list[ReportDue]
    silent: Some
    bands: list[InBand]
    worst: Some


def read_worklist(
    session: Session, scope: Scope, law: Law, on: date, at: datetime, back: int | None = None
) -> Worklist:
    """The worklist of a scope; ``back`` asks for the changes of so many days instead of the unseen."""
    seen = last_look(session, scope.user, [page_of(key) for key in {scope.key, *scope.around}])
    since = seen or at - FIRST_VISIT
    if back is not None:
        since = at - timedelta(days=back)
    last = on + timedelta(days=DAYS_AHEAD - 1)
    coming = (
        ComingDeadline.on.between(on, last),
        *scope.of_project(ComingDeadline.project_id),
    )
    along = (RegisterLine.until.is_(None), *scope.along(session))
    silence, latest = RegisterLine.silence_sort, RegisterLine.late_latest_sort
    silent, late = (*along, silence <= on), (*along, latest < on)
    counts = _counts(session, law, on, coming, silent, late, along)
    return Worklist(
        since=since,
        is_first_visit=seen is None,
        news=read_news(session, scope, since),
        deadlines=Some(_deadlines(session, coming), counts.deadlines),
        reports=reports_due(session, scope, law.policy, on, last),
        silent=Some(_longest(session, silent, silence), counts.silent),
        bands=counts.bands,
        worst=Some(_longest(session, late, latest), counts.late),
    )


def page_of(key: str) -> str:
    """The name under which it is kept what was seen of a scope."""
    return f"{WORKLIST}:{key}"


Conditions = Sequence[ColumnElement[bool]]
Lines = Sequence[Row[*tuple[Any, ...]]]


def _deadlines(session: Session, coming: Conditions) -> Lines:
    order = ("on", "project_id", "kind", "scope")
    days = (
        select(ComingDeadline)
        .where(*coming)
        .order_by(*(getattr(ComingDeadline, name) for name in order))
        .limit(SHOWN)
        .subquery()
    )
    query = (
        select(*LINE, days.c.kind, days.c.scope, days.c.on)
        .join(RegisterLine, RegisterLine.project_id == days.c.project_id)
        .where(RegisterLine.until.is_(None))
        .order_by(*(days.c[name] for name in order))
    )
    return session.execute(query).all()


def _longest(session: Session, within: Conditions, since: InstrumentedAttribute[date]) -> Lines:
    """The projects for which something has counted longest."""
    query = select(*LINE).where(*within).order_by(since, RegisterLine.id).limit(SHOWN)
    return session.execute(query).all()


@dataclass(frozen=True)
class _Counts:
    deadlines: int
    silent: int
    late: int
    bands: list[InBand]


def _counts(
    session: Session,
    law: Law,
    on: date,
    coming: Conditions,
    silent: Conditions,
    late: Conditions,
    along: Conditions,
) -> _Counts:
    """How many there are of everything, in one query."""
    bands = [months_of(band) for band in law.policy.bands]
    columns = (RegisterLine.late_first_sort, RegisterLine.late_latest_sort)
    deadlines, are_silent, are_late, *counts = session.execute(
        select(
            _count(ComingDeadline, coming),
            _count(RegisterLine, silent),
            _count(RegisterLine, late),
            *(
                _count(RegisterLine, (*along, _within(column, months, on)))
                for months in bands
                for column in columns
            ),
        )
    ).one()
    pairs = zip(counts[::2], counts[1::2], strict=True)
    in_bands = [
        InBand(months, first, latest) for months, (first, latest) in zip(bands, pairs, strict=True)
    ]
    return _Counts(deadlines, are_silent, are_late, in_bands)


def _within(target: InstrumentedAttribute[date], months: Months, on: date) -> ColumnElement[bool]:
    first, last = months.targets(on)
    return target <= last if first is None else and_(target >= first, target <= last)


def _count(of: type[Base], within: Conditions) -> Any:
    return select(func.count()).select_from(of).where(*within).scalar_subquery()
