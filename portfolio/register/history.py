"""The history of a project: each entry of its trail with what it changed, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office.people import Office
from portfolio.office.trail import State, TrailEntry, unpack
from portfolio.office.trail_words import actor_words
from portfolio.register.causes import known_causes
from portfolio.register.entry_report import milestone_words, milestones_of
from portfolio.register.history_words import (
    HIDDEN,
    ORDER,
    PARTS,
    Names,
    act_name,
    field_name,
    value_words,
)
from portfolio.register.line_keeping import day_of
from portfolio.register.part_words import part_words, phase_words
from portfolio.register.state import SECTIONS
from portfolio.web.languages import language

ROWS = 50
_CHUNK = 100


@dataclass(frozen=True)
class Change:
    """One field before and after; ``field`` is the key that a history can be narrowed to."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Moment:
    """One entry: who did what when and why, and what changed."""

    seq: int
    at: datetime
    on: date
    by: str
    act: str
    reason: str | None
    changes: list[Change]
    first: bool


@dataclass(frozen=True)
class History:
    """One page of a history, newest first; ``before`` leads to the older ones."""

    moments: list[Moment]
    before: int | None


def read_history(
    session: Session, project_id: int, *, before: int | None = None, field: str | None = None
) -> History:
    """A page of the history, of all fields or of one (``capital``, ``name``, ``acts`` …)."""
    offices = session.execute(select(Office.id, Office.name))
    names: Names = {
        "followed_by_id": {key: name for key, name in offices},  # noqa: C416  rows, not pairs
        "cause": {c.code: c.words(language()) for c in known_causes(session).values()},
    }
    found: list[Moment] = []
    for entry, previous in _pairs(session, project_id, before):
        state = unpack(entry.state)
        then = unpack(previous.state) if previous else {}
        changes = list(changes_in_words(then, state, names))
        if field is not None:
            changes = [change for change in changes if change.field == field]
            if not changes:
                continue
        if len(found) == ROWS:
            return History(found, found[-1].seq)
        found.append(_moment(entry, changes, first=previous is None))
    return History(found, None)


def _moment(entry: TrailEntry, changes: list[Change], *, first: bool) -> Moment:
    return Moment(
        seq=entry.seq,
        at=entry.at,
        on=day_of(entry.at),
        by=actor_words(entry.by_name),
        act=act_name(entry.act),
        reason=entry.reason,
        changes=changes,
        first=first,
    )


def _pairs(
    session: Session, project_id: int, before: int | None
) -> Iterator[tuple[TrailEntry, TrailEntry | None]]:
    """Each entry with the one before it, newest first, read in pages."""
    later: TrailEntry | None = None
    while True:
        query = (
            select(TrailEntry)
            .where(TrailEntry.subject_kind == "project", TrailEntry.subject_id == project_id)
            .order_by(TrailEntry.seq.desc())
            .limit(_CHUNK)
        )
        if before is not None:
            query = query.where(TrailEntry.seq < before)
        entries = list(session.scalars(query))
        for entry in entries:
            if later is not None:
                yield later, entry
            later = entry
        if len(entries) < _CHUNK:
            if later is not None:
                yield later, None
            return
        before = entries[-1].seq


# What changed ---------------------------------------------------------------------------------


def changes_in_words(before: State, after: State, names: Names) -> Iterator[Change]:
    """Every difference of two states: fields of the own row first, then part by part."""
    before, after = _flat(before), _flat(after)
    for name in dict.fromkeys([*before, *after]):
        if name in HIDDEN or name in PARTS or before.get(name) == after.get(name):
            continue
        yield Change(
            name,
            field_name(name),
            value_words("", name, before, before, names),
            value_words("", name, after, after, names),
        )
    for part in PARTS:
        old = {row["id"]: row for row in before.get(part, ())}
        new = {row["id"]: row for row in after.get(part, ())}
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key):
                yield from _row_changes(part, old.get(key), new.get(key), (before, after), names)


def _row_changes(
    part: str,
    old: State | None,
    new: State | None,
    states: tuple[State, State],
    names: Names,
) -> Iterator[Change]:
    title = gettext(PARTS[part])
    if old is None or new is None:
        said = _whole(part, old or new or {}, states[0] if new is None else states[1], names)
        yield Change(part, title, "" if old is None else said, "" if new is None else said)
        return
    which = f"{title} ({_short(part, new)})"
    for name in dict.fromkeys([*old, *new]):
        if _is_hidden(name) or old.get(name) == new.get(name):
            continue
        yield Change(
            part,
            f"{which}, {field_name(name, part)}",
            value_words(part, name, old, states[0], names),
            value_words(part, name, new, states[1], names),
        )


def _is_hidden(name: str) -> bool:
    return name in HIDDEN or name == "of" or name.endswith("_precision")


def _short(part: str, row: State) -> str:
    words = (
        part_words(part, row) if part in SECTIONS or part == "milestones" else row.get("name", "")
    )
    if part == "milestones":
        words = f"{words}, {phase_words(row['of'])}"
    return words if len(words) <= 80 else words[:80] + "…"  # noqa: PLR2004


def _whole(part: str, row: State, state: State, names: Names) -> str:
    """A row that came or went, with all that is known of it."""
    said = [
        f"{field_name(name, part)}: {words}"
        for name in sorted(row, key=lambda name: ORDER.get(name, len(ORDER)))
        if not _is_hidden(name) and name != "sha256"
        if (words := value_words(part, name, row, state, names))
    ]
    return "; ".join(said)


def _flat(state: State) -> State:
    """The state with milestones and the days of parcels as parts of their own, each with its owner."""
    flat: dict[str, Any] = dict(state)
    if "deposit" in state:
        flat["deposit"] = [state["deposit"]]
    if "phases" in state:
        flat["phases"] = [_without(phase, "milestones") for phase in state["phases"]]
        flat["milestones"] = [
            _with_targets(milestone) | {"of": {"number": phase["number"]}}
            for phase in state["phases"]
            for milestone in phase["milestones"]
        ]
    if "reports" in state:
        flat["reports"] = [_without(report, "forecasts") for report in state["reports"]]
        flat["forecasts"] = list(_forecasts(state))
    if "parcels" in state:
        flat["parcels"] = [_without(parcel, "intervals") for parcel in state["parcels"]]
        flat["intervals"] = [
            one | {"name": parcel["name"]}
            for parcel in state["parcels"]
            for one in parcel.get("intervals", ())
        ]
    return flat


def _forecasts(state: State) -> Iterator[State]:
    """What reports expect, each with the milestone and the report under ``name``."""
    known = {one["id"]: milestone_words(one) for one in milestones_of(state)}
    for report in state["reports"]:
        for one in report.get("forecasts", ()):
            told = known.get(one["milestone"], "")
            yield {
                "id": one["id"],
                "name": f"{part_words('reports', report)}: {told}",
                "expected_on": one["expected_on"],
                "precision": one["precision"],
            }


def _without(row: State, name: str) -> State:
    return {key: value for key, value in row.items() if key != name}


def _with_targets(milestone: State) -> State:
    flat = _without(milestone, "targets")
    for target in milestone.get("targets", ()):
        name = f"target_{target['version']}"
        flat[name], flat[f"{name}_precision"] = target["planned_on"], target["precision"]
    return flat
