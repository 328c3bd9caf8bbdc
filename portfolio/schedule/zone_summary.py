"""The progress of each zone: the five classes that add up, capital, land, and what must be looked at.

A zone counts with the zones inside it, as the list it leads to does. Only licensed projects have
promised anything, so only they are counted; the others stand beside as one number.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from portfolio.register.choices import Choices, Named
from portfolio.register.line import RegisterLine, weight_of
from portfolio.register.project import Listing
from portfolio.schedule.scope import Scope

STATES = ("on_time", "late", "silent", "undated", "done")
"""Every licensed project that was judged is in exactly one of these."""


@dataclass(frozen=True)
class Sums:
    """Licensed projects, added up; ``unjudged`` are those that no policy has looked at yet.

    ``review`` are projects with a ground or a call for review, ``ground`` those of them with a ground.
    Capital in đồng, land in hectares.
    """

    projects: int = 0
    on_time: int = 0
    late: int = 0
    silent: int = 0
    undated: int = 0
    done: int = 0
    unjudged: int = 0
    capital: Decimal = Decimal(0)
    realised: Decimal = Decimal(0)
    area: Decimal = Decimal(0)
    idle: Decimal = Decimal(0)
    review: int = 0
    ground: int = 0
    others: int = 0

    def __add__(self, more: "Sums") -> "Sums":
        """Both together."""
        return Sums(*(getattr(self, one.name) + getattr(more, one.name) for one in fields(self)))


NOTHING = Sums()


@dataclass(frozen=True)
class ZoneRow:
    """One zone with the zones inside it; ``own`` are the licensed projects that lie in none of those."""

    zone: Named | None
    depth: int
    sums: Sums
    own: int


@dataclass(frozen=True)
class ZoneSummary:
    """The zones as a tree laid flat, what lies outside the zones, and the whole."""

    rows: list[ZoneRow]
    outside: Sums | None
    total: Sums


def read_zone_summary(session: Session, scope: Scope, visible: Collection[int]) -> ZoneSummary:
    """The summary of a scope; zones without any project are left out. One query."""
    by_zone = {zone_id: Sums(*values) for zone_id, *values in session.execute(_by_zone(scope))}
    outside = by_zone.pop(None, None)
    total = sum(by_zone.values(), outside or NOTHING)
    return ZoneSummary(_rows(scope.choices, visible, by_zone), outside, total)


def _rows(known: Choices, visible: Collection[int], by_zone: dict[int, Sums]) -> list[ZoneRow]:
    shown = {zone_id for zone_id in by_zone if zone_id in known.zones}
    for zone_id in list(shown):
        parent = known.zones[zone_id].parent_id
        while parent is not None and parent in visible and parent not in shown:
            shown.add(parent)
            parent = known.zones[parent].parent_id
    top = [
        zone for zone in known.zones.values() if zone.id in shown and zone.parent_id not in shown
    ]
    rows: list[ZoneRow] = []
    for zone in top:
        _lay_out(zone, 0, known, shown, by_zone, rows)
    return rows


def _lay_out(
    zone: Named,
    depth: int,
    known: Choices,
    shown: Collection[int],
    by_zone: dict[int, Sums],
    rows: list[ZoneRow],
) -> Sums:
    """Add the row of a zone and those of the zones inside it; returns what they are together."""
    place, own = len(rows), by_zone.get(zone.id, NOTHING)
    inner: Iterable[Named] = (one for one in known.zones_in.get(zone.id, ()) if one.id in shown)
    sums = sum((_lay_out(one, depth + 1, known, shown, by_zone, rows) for one in inner), own)
    rows.insert(place, ZoneRow(zone, depth, sums, own.projects))
    return sums


def _by_zone(scope: Scope) -> Select[*tuple[Any, ...]]:
    licensed = RegisterLine.listing == Listing.LICENSED
    state, severity = RegisterLine.schedule_state, RegisterLine.severity
    return (
        select(
            RegisterLine.zone_id,
            _number(licensed),
            *(_number(licensed & (state == name)) for name in STATES),
            _number(licensed & state.not_in(STATES)),
            *(
                func.coalesce(func.sum(case((licensed, column))), Decimal(0))
                for column in (
                    RegisterLine.capital_vnd,
                    RegisterLine.realised_vnd,
                    RegisterLine.area_ha,
                    RegisterLine.idle_ha,
                )
            ),
            _number(licensed & (severity >= weight_of("review"))),
            _number(licensed & (severity >= weight_of("ground"))),
            _number(~licensed),
        )
        .where(RegisterLine.until.is_(None), *scope.conditions())
        .group_by(RegisterLine.zone_id)
    )


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
