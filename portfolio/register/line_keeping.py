"""Keeping the register lines in step: with the trail, and with what the law of delay finds.

Everything is done for many projects at once, in a few statements a page, so that an import or a
nightly run costs little more than its rows.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from portfolio.database import table_of
from portfolio.office.trail import State, TrailEntry, unpack
from portfolio.register.figures import note_change, recount
from portfolio.register.line import (
    CLOCKS,
    FLAGGING_PARTS,
    NARROW,
    NO_FLAGGING,
    Clocks,
    Flagging,
    LinePart,
    RegisterLine,
    flagging_values,
    line_values,
    parts_of,
)
from portfolio.register.project import Project
from portfolio.register.search_text import forget_texts, index_texts
from portfolio.web.clock import PROVINCE_ZONE

PAGE = 1000

_LINES, _PROJECTS = table_of(RegisterLine), table_of(Project)
_COUNTED = ("id", "project_id", "flags", "tally", "capital_vnd", *CLOCKS, *NARROW.values())
"""What is shown of findings, and what figures are counted from."""


def _lines(*names: str) -> Select[*tuple[Any, ...]]:
    columns = [_LINES.c[name] for name in dict.fromkeys(names)]
    return select(*columns).where(_LINES.c.until.is_(None))


_SHOWN = _lines(*_COUNTED, "since")
_REPLACED = _lines(*_COUNTED, "folded")
_WHOLE = _lines(*_LINES.c.keys())

Parts = list[tuple[str, str]]


@dataclass(frozen=True)
class _Next:
    """The line that takes the place of ``old``, if there was one."""

    old: Row[Any] | None
    values: dict[str, Any]
    parts: Parts


def rewrite(session: Session, changed: Sequence[tuple[Project, State, int]], at: datetime) -> None:
    """Close the current lines of changed projects and open new ones, keeping their findings.

    The findings themselves follow when the law of delay next looks at the project, which is due at
    once: its facts have changed.
    """
    for start in range(0, len(changed), PAGE):
        _rewrite_page(session, changed[start : start + PAGE], at)


def open_lines(session: Session, made: Sequence[tuple[State, int]], at: datetime) -> None:
    """The first lines of projects that have none yet, each given as (state, seq of its entry)."""
    for start in range(0, len(made), PAGE):
        opened = [
            _Next(None, line_values(state, seq, at, NO_FLAGGING), parts_of(state, NO_FLAGGING))
            for state, seq in made[start : start + PAGE]
        ]
        _replace(session, opened, at)


def _rewrite_page(
    session: Session, changed: Sequence[tuple[Project, State, int]], at: datetime
) -> None:
    _set_entries(session, changed)
    of_project = _LINES.c.project_id.in_([project.id for project, _state, _seq in changed])
    old = {line.project_id: line for line in session.execute(_REPLACED.where(of_project))}
    parts = _parts(session, [line.id for line in old.values()])
    following = []
    for project, state, seq in changed:
        line = old.get(project.id)
        flagging = NO_FLAGGING
        if line is not None:
            rules = tuple(ref for kind, ref in parts[line.id] if kind == "flag")
            causes = tuple(ref for kind, ref in parts[line.id] if kind == "cause")
            clocks = Clocks(*(getattr(line, name) for name in CLOCKS))
            flagging = Flagging(
                line.schedule_state, line.severity, line.flags, rules, clocks, causes
            )
        values = line_values(state, seq, at, flagging)
        following.append(_Next(line, values, parts_of(state, flagging)))
    _replace(session, following, at)


def _set_entries(session: Session, changed: Sequence[tuple[Project, State, int]]) -> None:
    # Not through the unit of work: for one column it would go over all parts of a project again.
    session.execute(
        update(_PROJECTS).where(_PROJECTS.c.id == bindparam("of_project")),
        [{"of_project": project.id, "entry_seq": seq} for project, _state, seq in changed],
    )
    for project, _state, seq in changed:
        set_committed_value(project, "entry_seq", seq)


def reflag_all(session: Session, found: Mapping[int, Flagging], at: datetime) -> int:
    """Show new findings, given by project, on current lines; returns how many lines changed.

    As-of lists look at ends of days, so a line that began today is changed in place; an older one
    is closed and a new one opened, which keeps what was shown on the days before.
    """
    today = day_of(at)
    in_place: list[tuple[Row[Any], Flagging]] = []
    reopened: dict[int, Flagging] = {}
    lines = session.execute(_SHOWN.where(_LINES.c.project_id.in_(list(found)))).all()
    parts = _parts(session, [line.id for line in lines])
    for line in lines:
        flagging = found[line.project_id]
        if _shows(line, flagging, parts[line.id]):
            continue
        if day_of(line.since) == today:
            in_place.append((line, flagging))
        else:
            reopened[line.project_id] = flagging
    for start in range(0, len(in_place), PAGE):
        _overwrite(session, in_place[start : start + PAGE])
    for start in range(0, len(reopened), PAGE):
        _reopen(session, dict(list(reopened.items())[start : start + PAGE]), at)
    return len(in_place) + len(reopened)


def _shows(line: Row[Any], flagging: Flagging, parts: Parts) -> bool:
    """Whether a line says this already."""
    clocks = flagging.clocks
    return (
        (line.schedule_state, line.severity, line.flags)
        == (flagging.schedule_state, flagging.severity, flagging.flags)
        and all(getattr(line, name) == getattr(clocks, name) for name in CLOCKS)
        and {ref for kind, ref in parts if kind == "cause"} == set(flagging.causes)
    )


def day_of(moment: datetime) -> date:
    """The day of a moment in the province: as-of lists look at the ends of these days."""
    return moment.astimezone(PROVINCE_ZONE).date()


def _overwrite(session: Session, lines: Sequence[tuple[Row[Any], Flagging]]) -> None:
    rows = []
    for line, flagging in lines:
        values = flagging_values(flagging, line.capital_vnd, line.listing)
        before = line._asdict()
        note_change(session, before, before | values)
        rows.append({"line": line.id} | values)
    session.execute(update(_LINES).where(_LINES.c.id == bindparam("line")), rows)
    session.execute(
        delete(LinePart)
        .where(
            LinePart.line_id.in_([line.id for line, _ in lines]), LinePart.kind.in_(FLAGGING_PARTS)
        )
        .execution_options(synchronize_session=False)
    )
    _add_parts(session, {line.id: flagging.parts for line, flagging in lines})


def _reopen(session: Session, found: Mapping[int, Flagging], at: datetime) -> None:
    lines = session.execute(_WHOLE.where(_LINES.c.project_id.in_(list(found)))).all()
    parts = _parts(session, [line.id for line in lines])
    following = []
    for line in lines:
        flagging = found[line.project_id]
        values = (
            line._asdict()
            | {"since": at}
            | flagging_values(flagging, line.capital_vnd, line.listing)
        )
        del values["id"]
        kept = [(kind, ref) for kind, ref in parts[line.id] if kind not in FLAGGING_PARTS]
        following.append(_Next(line, values, kept + flagging.parts))
    _replace(session, following, at)


def _parts(session: Session, line_ids: Sequence[int]) -> Mapping[int, Parts]:
    found: defaultdict[int, Parts] = defaultdict(list)
    if line_ids:
        query = select(LinePart.line_id, LinePart.kind, LinePart.ref).where(
            LinePart.line_id.in_(line_ids)
        )
        for line_id, kind, ref in session.execute(query):
            found[line_id].append((kind, ref))
    return found


def _add_parts(session: Session, parts: Mapping[int, Parts]) -> None:
    rows = [
        {"kind": kind, "ref": ref, "line_id": line_id}
        for line_id, pairs in parts.items()
        for kind, ref in pairs
    ]
    if rows:
        session.execute(insert(table_of(LinePart)), rows)


def _replace(session: Session, following: Sequence[_Next], at: datetime) -> None:
    for one in following:
        note_change(session, None if one.old is None else one.old._asdict(), one.values)
    _close(session, [one.old for one in following if one.old is not None], at)
    session.execute(insert(_LINES), [one.values for one in following])
    of_project = [one.values["project_id"] for one in following]
    query = _lines("project_id", "id").where(_LINES.c.project_id.in_(of_project))
    ids = {row.project_id: row.id for row in session.execute(query)}
    _add_parts(session, {ids[one.values["project_id"]]: one.parts for one in following})
    index_texts(
        session, [(ids[one.values["project_id"]], one.values["folded"]) for one in following]
    )


def _close(session: Session, lines: Sequence[Row[Any]], at: datetime) -> None:
    if not lines:
        return
    closed = _LINES.c.id.in_([line.id for line in lines])
    session.execute(update(_LINES).where(closed).values(until=at))
    forget_texts(session, [(line.id, line.folded) for line in lines])


def rebuild(session: Session, at: datetime) -> int:
    """Write the current line of every project anew from the trail; returns how many."""
    last = count = 0
    while True:
        query = (
            select(Project, TrailEntry)
            .join(TrailEntry, TrailEntry.seq == Project.entry_seq)
            .where(Project.id > last)
            .order_by(Project.id)
            .limit(PAGE)
        )
        found = session.execute(query).all()
        if not found:
            break
        rewrite(session, [(p, unpack(entry.state), entry.seq) for p, entry in found], at)
        last, count = found[-1][0].id, count + len(found)
    recount(session)
    return count
