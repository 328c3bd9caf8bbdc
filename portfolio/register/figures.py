"""The figures of the register: how many projects, how much capital, how many late.

They are counted line by line as lines change, for the whole register and for each value of the
filters that lists are narrowed by most, so that the first page costs the same for a hundred projects
and for a hundred thousand. What a transaction changes is added up in memory and written once, just
before it commits: a nightly run must not hold these few rows while it works.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    case,
    delete,
    event,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from portfolio.database import Base, Money
from portfolio.register.line import GROUND, LATE, NARROW, NO_CAPITAL, NO_ZONE, UNCLEAR, RegisterLine

ALL = "all"
COUNTED_BY = {ALL: None} | {kind: column for kind, column in NARROW.items() if kind != "zone"}
"""What figures are kept for, each by zone: all lines, or those with one value of a column."""

COUNTED_STATES = ("on_time", "silent", "done")
"""Schedule states that no counter of a line's tally counts; those that are undated follow."""

NAMES = (
    "projects",
    "capital_vnd",
    "without_capital",
    "late",
    "ground",
    "unclear",
    *COUNTED_STATES,
)
_COUNTERS = (NO_CAPITAL, LATE, GROUND, UNCLEAR)
_FIFTEEN_BITS = 1 << 15
_PENDING = "register_figures"

Place = tuple[str, str, int]
Amounts = list[Any]


class RegisterFigure(Base):
    """Current lines of one zone with one value of one filter, counted and added up."""

    __tablename__ = "register_figure"

    kind: Mapped[str] = mapped_column(String(10), primary_key=True, comment="a filter, or all")
    ref: Mapped[str] = mapped_column(String(40), primary_key=True, comment="its value, or empty")
    zone_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="0: no zone"
    )
    projects: Mapped[int]
    capital_vnd: Mapped[Money]
    without_capital: Mapped[int]
    late: Mapped[int]
    ground: Mapped[int]
    unclear: Mapped[int]
    on_time: Mapped[int]
    silent: Mapped[int]
    done: Mapped[int]


@dataclass(frozen=True)
class Figures:
    """Some projects, counted.

    ``unclear`` are those of which nobody can say whether they are on time: silent or undated. The five
    classes and those that have promised nothing add up: on time + late + silent + undated + done +
    unbound = projects.
    """

    projects: int = 0
    capital_vnd: Decimal = Decimal(0)
    without_capital: int = 0
    late: int = 0
    ground: int = 0
    unclear: int = 0
    on_time: int = 0
    silent: int = 0
    done: int = 0

    @property
    def undated(self) -> int:
        """Licensed projects without any promised day."""
        return self.unclear - self.silent

    @property
    def unbound(self) -> int:
        """Projects that have promised nothing yet, because they are not licensed."""
        return self.projects - self.on_time - self.late - self.unclear - self.done


def tally_of_states(schedule_state: ColumnElement[str]) -> ColumnElement[int]:
    """What a line adds to the third sum that `untally` takes, from its schedule state."""
    return case(_STATE_UNITS, value=schedule_state, else_=0)


_STATE_UNITS = {state: _FIFTEEN_BITS**place for place, state in enumerate(COUNTED_STATES)}


def untally(
    projects: int, capital_sort: Decimal | None, tally: int | None, states: int | None
) -> Figures:
    """The figures of some lines from the count of them and three sums over them.

    Each counter of a sum has 15 bits: right for up to 32,767 lines.
    """
    counts = [int(tally or 0) // unit % _FIFTEEN_BITS for unit in _COUNTERS]
    by_state = [int(states or 0) // unit % _FIFTEEN_BITS for unit in _STATE_UNITS.values()]
    # A line without capital stands in the sum with -1.
    return Figures(projects, (capital_sort or Decimal(0)) + counts[0], *counts, *by_state)


def note_change(
    session: Session, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> None:
    """Remember that a current line took the place of another (None: there was, or is, none)."""
    removed, added = _counted(before), _counted(after)
    if removed == added:
        return
    at_once = session.in_nested_transaction()
    changes: dict[Place, Amounts] = {} if at_once else session.info.setdefault(_PENDING, {})
    for sign, (places, amounts) in ((-1, removed), (1, added)):
        for place in places:
            known = changes.setdefault(place, [0] * len(NAMES))
            for position, amount in enumerate(amounts):
                known[position] += sign * amount
    if at_once:
        # What a savepoint takes back must be taken back with it.
        _write(session, changes)


def _counted(values: Mapping[str, Any] | None) -> tuple[tuple[Place, ...], Amounts]:
    if values is None:
        return (), []
    tally = values["tally"]
    counts = [tally // unit % _FIFTEEN_BITS for unit in _COUNTERS]
    by_state = [int(values["schedule_state"] == state) for state in COUNTED_STATES]
    return tuple(_places(values)), [1, values["capital_vnd"] or 0, *counts, *by_state]


def _places(values: Mapping[str, Any]) -> Iterator[Place]:
    zone = values["zone_id"] or NO_ZONE
    for kind, column in COUNTED_BY.items():
        if column is None:
            yield kind, "", zone
        elif values[column] is not None:
            yield kind, str(values[column]), zone


def _write(session: Session, changes: Mapping[Place, Amounts]) -> None:
    # Always in the same order, so that two transactions never wait for each other crosswise.
    rows = [
        dict(zip(("kind", "ref", "zone_id", *NAMES), (*place, *amounts), strict=True))
        for place, amounts in sorted(changes.items())
        if any(amounts)
    ]
    if not rows:
        return
    postgres = session.get_bind().dialect.name == "postgresql"
    adding = (postgresql if postgres else sqlite).insert(RegisterFigure.__table__)
    columns = RegisterFigure.__table__.columns
    session.execute(
        adding.on_conflict_do_update(
            index_elements=["kind", "ref", "zone_id"],
            set_={name: columns[name] + adding.excluded[name] for name in NAMES},
        ),
        rows,
    )


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    _write(session, session.info.pop(_PENDING, {}))


@event.listens_for(Session, "after_transaction_end")
def _forget_pending(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_PENDING, None)


def recount(session: Session) -> None:
    """Count all figures anew from the current lines."""
    session.info.pop(_PENDING, None)
    session.execute(delete(RegisterFigure))
    zone = func.coalesce(RegisterLine.zone_id, NO_ZONE)
    amounts = [func.count(), func.coalesce(func.sum(RegisterLine.capital_vnd), Decimal(0))]
    amounts += [func.sum(RegisterLine.tally // unit % _FIFTEEN_BITS) for unit in _COUNTERS]
    amounts += [
        func.sum(case((RegisterLine.schedule_state == state, 1), else_=0))
        for state in COUNTED_STATES
    ]
    for kind, column in COUNTED_BY.items():
        ref = literal("") if column is None else RegisterLine.__table__.columns[column]
        counted = select(ref, zone, *amounts).where(RegisterLine.until.is_(None), ref.is_not(None))
        rows = [
            dict(zip(("kind", "ref", "zone_id", *NAMES), (kind, str(value), *rest), strict=True))
            for value, *rest in session.execute(
                counted.group_by(zone) if column is None else counted.group_by(ref, zone)
            )
        ]
        if rows:
            session.execute(insert(RegisterFigure), rows)
