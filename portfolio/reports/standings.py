"""Where each licensed project stands: from the lines of today, or worked out again from the trail."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from portfolio.office.people import User
from portfolio.office.trail import State, TrailEntry, unpack
from portfolio.register.line import (
    Flagging,
    LinePart,
    RegisterLine,
    line_values,
    weight_of,
)
from portfolio.register.project import Listing
from portfolio.register.row_rule import visible_to
from portfolio.reports.tally import Standing
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.flag_keeping import flagging_of
from portfolio.schedule.in_force import Law
from portfolio.schedule.judgement import judge_state

_COLUMNS = {
    "id": "project_id",
    "code": "code",
    "name": "name",
    "zone_id": "zone_id",
    "sector_id": "sector_id",
    "unit_id": "principal_unit_id",
    "capital": "capital_vnd",
    "realised": "realised_vnd",
    "state": "schedule_state",
    "to_review": "severity",
    "first_on": "first_target_on",
    "latest_on": "latest_target_on",
    "expected_on": "expected_on",
    "done_on": "done_on",
    "idle_ha": "idle_ha",
    "idle_weight": "idle_weight",
}
"""What of a line each fact of a standing is."""

UNJUDGED = Flagging("undated", 0, "[]", ())
"""Facts that contradict each other give no dates to go by."""


def standings_now(session: Session, user: User) -> list[Standing]:
    """The licensed projects that a person may see, as their lines say."""
    licensed = (
        RegisterLine.until.is_(None),
        RegisterLine.listing == Listing.LICENSED,
        visible_to(user, RegisterLine.zone_id),
    )
    causes: defaultdict[int, list[str]] = defaultdict(list)
    parts = (
        select(RegisterLine.project_id, LinePart.ref)
        .join(LinePart, LinePart.line_id == RegisterLine.id)
        .where(*licensed, LinePart.kind == "cause")
    )
    for project_id, cause in session.execute(parts.order_by(LinePart.ref)):
        causes[project_id].append(cause)
    columns = [getattr(RegisterLine, column) for column in _COLUMNS.values()]
    lines = session.execute(select(*columns).where(*licensed).order_by(RegisterLine.project_id))
    return [_standing(line._asdict(), causes[line.project_id]) for line in lines]


def standings_in_trail(
    session: Session, before: datetime, law: Law, on: date
) -> Iterator[Standing]:
    """The licensed projects as they were known just before a moment, judged on a day by a law."""
    for entry in _last_entries(session, "project", before):
        state = unpack(entry.state)
        if state["listing"] != Listing.LICENSED:
            continue
        flagging = _judged(state, law, on)
        values = line_values(state, entry.seq, before, flagging)
        yield _standing(values, sorted(flagging.causes))


def names_in_trail(session: Session, kind: str, before: datetime) -> dict[int, tuple[str, str]]:
    """The names of zones, sectors or units as they were known just before a moment, by key."""
    found = {}
    for entry in _last_entries(session, kind, before):
        state = unpack(entry.state)
        found[entry.subject_id] = (state["name"], state.get("name_en") or state["name"])
    return found


def _last_entries(session: Session, kind: str, before: datetime) -> Iterator[Row[int, int, bytes]]:
    last = (
        select(func.max(TrailEntry.seq))
        .where(TrailEntry.subject_kind == kind, TrailEntry.at < before)
        .group_by(TrailEntry.subject_id)
    )
    query = (
        select(TrailEntry.seq, TrailEntry.subject_id, TrailEntry.state)
        .where(TrailEntry.seq.in_(last))
        .order_by(TrailEntry.subject_id)
        .execution_options(yield_per=1000)
    )
    yield from session.execute(query)


def _judged(state: State, law: Law, on: date) -> Flagging:
    try:
        return flagging_of(state["listing"], judge_state(state, law.policy, on))
    except BadDocument:
        return UNJUDGED


def _standing(line: dict[str, Any], causes: list[str]) -> Standing:
    facts = {fact: line[column] for fact, column in _COLUMNS.items()}
    facts["to_review"] = facts["to_review"] >= weight_of("review")
    return Standing(**facts, causes=tuple(causes))
