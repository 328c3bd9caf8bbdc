"""Filling a scratch database with made-up projects, as fast as its rows can be written.

The rows are those that acts would have written: `made_up` says what a project is, the trail, the
register lines, the figures and the text index come from the same functions that acts use. It needs
the seeds' places, zones and sectors, and refuses to run beside projects that people entered.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from portfolio.bench.made_up import MIXED, NAMES, TABLES, Batch, Kind, World, make_project
from portfolio.database import table_of
from portfolio.notation import N_
from portfolio.notation.fold import fold
from portfolio.office.trail import Origin, TrailEntry, append, pack, record_all
from portfolio.register.investor import Investor
from portfolio.register.line_keeping import open_lines
from portfolio.register.place import Unit, UnitLevel
from portfolio.register.project import Project
from portfolio.register.sector import Sector
from portfolio.register.zone import Zone
from portfolio.web.errors import Conflict

ACT = "fill_for_measuring"
BATCH = 2000
INVESTORS = 400


class HoldsRealData(Conflict):
    """Made-up projects would stand beside projects that people entered."""

    message = N_("The database holds projects that people entered; measure on a scratch database.")


def fill(
    session: Session,
    count: int,
    at: datetime,
    tell: Callable[[int], None] = lambda _done: None,
    kind: Kind = MIXED,
) -> int:
    """Bring the portfolio to ``count`` projects; commits batch by batch. Returns how many were made.

    ``tell`` is called with the number of projects after each batch.
    """
    entered = select(TrailEntry.seq).where(
        TrailEntry.subject_kind == "project", TrailEntry.act.not_in([ACT, "load_seeds"])
    )
    if session.scalar(entered.limit(1)) is not None:
        raise HoldsRealData
    there = session.scalar(select(func.count()).select_from(Project)) or 0
    origin = Origin(None, at, "số liệu tạo ra để đo tốc độ")
    world = _world(session, origin, kind)
    last_ids = {table: session.scalar(select(func.max(table.id))) or 0 for table in TABLES}
    for first in range(there + 1, count + 1, BATCH):
        batch = Batch(last_ids)
        for number in range(first, min(first + BATCH, count + 1)):
            make_project(batch, number, world)
        _write(session, batch, origin)
        session.commit()
        tell(min(first + BATCH - 1, count))
    return max(0, count - there)


def _world(session: Session, origin: Origin, kind: Kind) -> World:
    communes = select(Unit).where(Unit.level == UnitLevel.COMMUNE).order_by(Unit.id)
    made = select(Investor).where(Investor.country == "ZZ").order_by(Investor.id)
    investors = list(session.scalars(made))
    if not investors:
        names = [
            f"Công ty thử {number:03} {NAMES[number % len(NAMES)]}" for number in range(INVESTORS)
        ]
        investors = [Investor(name=name, folded=fold(name), country="ZZ") for name in names]
        session.add_all(investors)
        session.flush()
        record_all(session, investors, ACT, origin)
    world = World(
        list(session.scalars(communes)),
        list(session.scalars(select(Zone).order_by(Zone.id))),
        list(session.scalars(select(Sector).order_by(Sector.id))),
        investors,
        kind,
    )
    session.commit()
    # What a commit expires would be read again row by row.
    for row in (*world.units, *world.zones, *world.sectors, *world.investors):
        session.refresh(row)
        session.expunge(row)
    return world


def _write(session: Session, batch: Batch, origin: Origin) -> None:
    entries = [
        {
            "by_id": None,
            "by_name": origin.by_name,
            "at": origin.at,
            "act": ACT,
            "reason": origin.reason,
            "subject_kind": "project",
            "subject_id": state["id"],
            "subject_version": 1,
            "state": pack(state),
        }
        for state in batch.states
    ]
    append(session, entries)
    for row, entry in zip(batch.rows[Project], entries, strict=True):
        row["entry_seq"] = entry["seq"]
    for table in TABLES:
        if batch.rows[table]:
            session.execute(insert(table_of(table)), batch.rows[table])
    _count_on(session, batch.last_ids)
    open_lines(
        session,
        [(state, entry["seq"]) for state, entry in zip(batch.states, entries, strict=True)],
        origin.at,
    )


def _count_on(session: Session, last_ids: dict[type[Any], int]) -> None:
    # PostgreSQL's counters do not notice keys that were given beforehand.
    if session.get_bind().dialect.name == "postgresql":
        for table, last in last_ids.items():
            session.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"),
                {"table": table.__tablename__, "last": max(last, 1)},
            )
