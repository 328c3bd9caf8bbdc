"""The units of one date: where a place that a paper names lies in the geography of another day.

Units merge and split, so a project under an old commune can be counted by the commune of today, and one
under a commune of today by its former district, as far as that is one and the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.register.place import Succession, Unit, UnitLevel

RANK = {UnitLevel.PROVINCE: 0, UnitLevel.DISTRICT: 1, UnitLevel.COMMUNE: 2}
LAST_OLD_DAY = date(2025, 6, 30)
"""The last day of districts and of the communes before the mergers (Resolution 202/2025/QH15)."""


@dataclass(frozen=True)
class Place:
    """A unit with what is asked of it here."""

    id: int
    name: str
    level: UnitLevel
    parent_id: int | None
    begins: date
    ends: date | None

    def stood_on(self, on: date) -> bool:
        """Whether it existed on a day."""
        return self.begins <= on and (self.ends is None or on <= self.ends)


@dataclass(frozen=True)
class Geography:
    """All units with what they came from and went into."""

    places: Mapping[int, Place]
    after: Mapping[int, list[int]]
    before: Mapping[int, list[int]]

    def place_on(self, unit_id: int | None, on: date, level: UnitLevel) -> int | None:
        """The unit of that level which holds this one on that day; None if there is not just one."""
        if unit_id is None or unit_id not in self.places:
            return None
        found = {self._climb(one, level) for one in self._on(unit_id, on)}
        return found.pop() if len(found) == 1 else None

    def _on(self, unit_id: int, on: date) -> set[int]:
        waiting, seen, found = [unit_id], {unit_id}, set()
        while waiting:
            place = self.places[waiting.pop()]
            if place.stood_on(on):
                found.add(place.id)
                continue
            others = self.before if place.begins > on else self.after
            for one in others.get(place.id, ()):
                if one not in seen:
                    seen.add(one)
                    waiting.append(one)
        return found

    def _climb(self, unit_id: int, level: UnitLevel) -> int | None:
        place: Place | None = self.places[unit_id]
        while place is not None and RANK[place.level] > RANK[level]:
            place = self.places.get(place.parent_id) if place.parent_id is not None else None
        return place.id if place is not None and place.level is level else None


def read_geography(session: Session) -> Geography:
    """All units and successions."""
    places = {
        row.id: Place(*row)
        for row in session.execute(
            select(
                Unit.id, Unit.name, Unit.level, Unit.parent_id, Unit.valid_from, Unit.valid_to
            ).order_by(Unit.id)
        )
    }
    pairs = session.execute(
        select(Succession.old_id, Succession.new_id).order_by(Succession.id)
    ).all()
    return Geography(places, _grouped((a, b) for a, b in pairs), _grouped((b, a) for a, b in pairs))


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
    return found
