"""The zones as a tree laid flat, in the order of the Vietnamese alphabet."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.notation.fold import vi_sort_key
from portfolio.office.known_names import KnownZone
from portfolio.register.place import Unit
from portfolio.register.zone import Zone, ZoneKind

_KINDS = list(ZoneKind)


@dataclass(frozen=True)
class Branch:
    """A zone and how many zones lie around it."""

    zone: Zone
    depth: int


def branches(zones: Collection[Zone]) -> Iterator[Branch]:
    """Each zone after the one it lies in; one whose parent is not among ``zones`` stands at the top."""
    keys = {zone.id for zone in zones}
    inside: dict[int | None, list[Zone]] = defaultdict(list)
    for zone in sorted(zones, key=lambda zone: (_KINDS.index(zone.kind), vi_sort_key(zone.name))):
        inside[zone.parent_id if zone.parent_id in keys else None].append(zone)
    yield from _below(inside[None], inside, 0)


def _below(
    zones: Iterable[Zone], inside: dict[int | None, list[Zone]], depth: int
) -> Iterator[Branch]:
    for zone in zones:
        yield Branch(zone, depth)
        yield from _below(inside.get(zone.id, ()), inside, depth + 1)


def zone_and_below(zones: Collection[Zone], zone_id: int) -> set[int]:
    """The key of a zone and of all zones inside it."""
    found = {zone_id}
    while more := {zone.id for zone in zones if zone.parent_id in found} - found:
        found |= more
    return found


def zones_to_work_in(session: Session) -> list[KnownZone]:
    """What the office may give to a person: every zone, as a tree."""
    zones = list(session.scalars(select(Zone)))
    return [KnownZone(b.zone.id, b.zone.key, b.zone.name, b.depth) for b in branches(zones)]


def names_of_places(session: Session) -> list[str]:
    """Names of zones and units, none of which a password may be made of."""
    return [*session.scalars(select(Zone.name)), *session.scalars(select(Unit.name))]
