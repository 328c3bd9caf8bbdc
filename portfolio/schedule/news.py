"""What changed since somebody last looked: flags opened, closed and worked out anew, facts with their act.

Three sources are read newest first, each up to a limit, so that a night on which everything changed
costs no more than any other. What lies before the oldest row of a source that was cut off is not shown:
there may be more of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from flask_babel import gettext
from sqlalchemy import Select, case, literal, null, select, true
from sqlalchemy.orm import Session

from portfolio.office.trail import TrailEntry
from portfolio.office.trail_words import actor_words
from portfolio.register.history_words import act_name
from portfolio.register.line import RegisterLine
from portfolio.schedule.flag_keeping import SUPERSEDED
from portfolio.schedule.flags import Flag
from portfolio.schedule.scope import Scope

MOST_ROWS = 300
MOST_PROJECTS = 12
MOST_EVENTS = 6

OPENED, CLOSED, REVISED, FACTS = "opened", "closed", "revised", "facts"


class Happened(NamedTuple):
    """One change as it is stored. ``what`` is the rule or the act; ``by`` is empty for the program."""

    project_id: int
    at: datetime
    kind: str
    what: str
    scope: str
    severity: str
    since: date | None
    by: str | None
    reason: str | None


class Told(NamedTuple):
    """One change as it is shown; ``times`` counts the parts of a project it happened to at once."""

    at: datetime
    kind: str
    what: str
    words: str
    severity: str
    since: date | None
    by: str
    reason: str | None
    times: int


@dataclass(frozen=True)
class ProjectNews:
    """What happened to one project, the newest first; ``more`` events are not shown."""

    line: Any
    events: list[Told]
    more: int


@dataclass(frozen=True)
class News:
    """The projects that changed, the one that changed last first; ``more`` says that there are others."""

    projects: list[ProjectNews]
    more: bool


def read_news(session: Session, scope: Scope, since: datetime) -> News:
    """What changed after a moment in the projects of a scope; four queries."""
    sources = [
        [Happened(*row) for row in session.execute(query.limit(MOST_ROWS))]
        for query in (_opened(scope, since), _closed(scope, since), _acts(scope, since))
    ]
    groups, more = group(sources, MOST_ROWS)
    lines = _lines(session, [project_id for project_id, _events in groups])
    told = [
        _news_of(lines[project_id], tell(events))
        for project_id, events in groups
        if project_id in lines
    ]
    return News(told, more)


def _news_of(line: Any, told: list[Told]) -> ProjectNews:
    return ProjectNews(line, told[:MOST_EVENTS], max(0, len(told) - MOST_EVENTS))


def group(
    sources: Sequence[Sequence[Happened]], limit: int, most: int = MOST_PROJECTS
) -> tuple[list[tuple[int, list[Happened]]], bool]:
    """The changes of some sources, newest first in each, by project; and whether there are more.

    A source with as many rows as the limit was cut off: nothing older than its last row is shown.
    """
    cut = [rows[-1].at for rows in sources if len(rows) >= limit]
    horizon = max(cut, default=None)
    by_project: dict[int, list[Happened]] = {}
    found = [row for rows in sources for row in rows if horizon is None or row.at >= horizon]
    for row in sorted(found, key=lambda row: row.at, reverse=True):
        by_project.setdefault(row.project_id, []).append(row)
    groups = list(by_project.items())
    return groups[:most], bool(cut) or len(groups) > most


def tell(events: Iterable[Happened]) -> list[Told]:
    """The changes of one project in words. A flag that was superseded is one change, not two."""
    events = list(events)
    revised = {(e.at, e.what, e.scope) for e in events if e.kind == REVISED}
    kept = [e for e in events if not (e.kind == OPENED and (e.at, e.what, e.scope) in revised)]
    kept.sort(key=lambda e: (e.kind != FACTS, e.kind, e.what))
    kept.sort(key=lambda e: e.at, reverse=True)
    told = []
    for _key, alike in groupby(kept, key=lambda e: (e.at, e.kind, e.what, e.by)):
        same = list(alike)
        first = same[0]
        told.append(
            Told(
                first.at,
                first.kind,
                first.what,
                act_name(first.what) if first.kind == FACTS else first.what,
                first.severity,
                min((e.since for e in same if e.since is not None), default=None),
                actor_words(first.by) if first.by else str(gettext("The program")),
                first.reason,
                len(same),
            )
        )
    return told


def _opened(scope: Scope, since: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Flag.project_id,
            Flag.opened_at,
            literal(OPENED),
            Flag.rule,
            Flag.scope,
            Flag.severity,
            Flag.since,
            null(),
            null(),
        )
        .where(Flag.opened_at > since, *scope.of_project(Flag.project_id))
        .order_by(Flag.opened_at.desc(), Flag.id.desc())
    )


def _closed(scope: Scope, since: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Flag.project_id,
            Flag.closed_at,
            case((Flag.closed_why == SUPERSEDED, REVISED), else_=CLOSED),
            Flag.rule,
            Flag.scope,
            Flag.severity,
            Flag.since,
            null(),
            null(),
        )
        .where(Flag.closed_at > since, *scope.of_project(Flag.project_id))
        .order_by(Flag.closed_at.desc(), Flag.id.desc())
    )


def _acts(scope: Scope, since: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            TrailEntry.subject_id,
            TrailEntry.at,
            literal(FACTS),
            TrailEntry.act,
            literal(""),
            literal(""),
            null(),
            TrailEntry.by_name,
            TrailEntry.reason,
        )
        .where(
            TrailEntry.at > since,
            # Read along the moments, not project by project.
            (TrailEntry.subject_kind == "project").is_(true()),
            *scope.of_project(TrailEntry.subject_id),
        )
        .order_by(TrailEntry.at.desc(), TrailEntry.seq.desc())
    )


def _lines(session: Session, project_ids: Sequence[int]) -> dict[int, Any]:
    if not project_ids:
        return {}
    query = select(
        RegisterLine.project_id, RegisterLine.code, RegisterLine.name, RegisterLine.zone_id,
        RegisterLine.zone_name,
    ).where(RegisterLine.project_id.in_(project_ids), RegisterLine.until.is_(None))  # fmt: skip
    return {line.project_id: line for line in session.execute(query)}
