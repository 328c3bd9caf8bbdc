"""What a list can be narrowed to: zones with their sub-zones, sectors, places old and new.

They are read in one query and kept until one of them changes: the hash of their last entry in the
trail says whether it did. Options are drawn once for all readers, too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import (
    Date,
    Integer,
    ScalarSelect,
    String,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from portfolio.notation.fold import vi_sort_key
from portfolio.office.people import User
from portfolio.office.trail import TrailEntry
from portfolio.register.place import Succession, Unit, UnitLevel
from portfolio.register.sector import Sector
from portfolio.register.short_names import short_name
from portfolio.register.zone import Zone

_KEPT = "register_choices"
INDENT = "\N{NO-BREAK SPACE}" * 3


@dataclass(frozen=True)
class Named:
    """Something with a name in both languages; ``parent_id`` and ``ended`` where it has them."""

    id: int
    vi: str
    en: str
    parent_id: int | None = None
    level: str = ""
    ended: bool = False

    def name(self, language: str) -> str:
        """The name in the reader's language; English falls back on Vietnamese."""
        return self.en if language == "en" else self.vi


@dataclass(frozen=True)
class Choices:
    """All that can be chosen from, by key, and how the parts hang together."""

    zones: Mapping[int, Named]
    sectors: Mapping[int, Named]
    units: Mapping[int, Named]
    zones_in: Mapping[int | None, list[Named]]
    units_in: Mapping[int | None, list[Named]]
    after: Mapping[int, list[int]]
    before: Mapping[int, list[int]]
    _drawn: dict[tuple[str, str], str] = field(default_factory=dict, compare=False)

    def zone_and_below(self, zone_id: int) -> frozenset[int]:
        """The zone itself and all zones inside it."""
        return _reached([zone_id], lambda one: (zone.id for zone in self.zones_in.get(one, ())))

    def places_like(self, unit_id: int) -> frozenset[int]:
        """The unit, the units inside it, and what all these came from and went into.

        A project stands under the unit that its paper names, so whoever asks for a commune of today
        must find the papers that name its predecessors, and the reverse.
        """
        inside = _reached([unit_id], lambda one: (unit.id for unit in self.units_in.get(one, ())))
        later = _reached(inside, lambda one: self.after.get(one, ()))
        earlier = _reached(inside, lambda one: self.before.get(one, ()))
        return later | earlier

    def visible_zones(self, user: User) -> frozenset[int]:
        """The zones whose projects a person may see; the row rule says the same in SQL."""
        if not user.zone_ids:
            return frozenset() if user.role == "zone_officer" else frozenset(self.zones)
        found = [self.zone_and_below(zone_id) for zone_id in user.zone_ids]
        return frozenset().union(*found)

    def zone_options(self, language: str, chosen: str, visible: Collection[int]) -> Markup:
        """The options of a select of zones, as a tree."""
        if len(visible) < len(self.zones):
            return with_chosen(self._zones_drawn(language, visible), chosen)
        return with_chosen(self._kept("zones", language), chosen)

    def sector_options(self, language: str, chosen: str) -> Markup:
        """The options of a select of sectors."""
        return with_chosen(self._kept("sectors", language), chosen)

    def place_options(self, language: str, chosen: str) -> Markup:
        """The options of a select of places: units of today, then those of before by district."""
        return with_chosen(self._kept("places", language), chosen)

    def _kept(self, what: str, language: str) -> str:
        key = (what, language)
        if key not in self._drawn:
            draw = {
                "zones": lambda: self._zones_drawn(language, self.zones),
                "sectors": lambda: "".join(
                    option(sector.id, sector.name(language)) for sector in self.sectors.values()
                ),
                "places": self._places_drawn,
            }
            self._drawn[key] = draw[what]()
        return self._drawn[key]

    def _zones_drawn(self, language: str, visible: Collection[int]) -> str:
        # A zone whose parent is hidden stands at the top.
        top = [
            zone
            for zone in self.zones.values()
            if zone.id in visible and zone.parent_id not in visible
        ]
        return "".join(self._zone_branch(top, language, visible, 0))

    def _zone_branch(
        self, zones: Iterable[Named], language: str, visible: Collection[int], depth: int
    ) -> list[str]:
        drawn = []
        for zone in zones:
            drawn.append(option(zone.id, INDENT * depth + short_name(zone.name(language))))
            inner = [z for z in self.zones_in.get(zone.id, ()) if z.id in visible]
            drawn += self._zone_branch(inner, language, visible, depth + 1)
        return drawn

    def _places_drawn(self) -> str:
        present = [u for u in self.units.values() if not u.ended and u.level != UnitLevel.PROVINCE]
        groups = [(gettext("Units of today"), present)]
        for unit in self.units.values():
            if unit.ended and unit.level == UnitLevel.DISTRICT:
                inside = [u for u in self.units_in.get(unit.id, ()) if u.ended]
                groups.append((gettext("%(unit)s (former)", unit=unit.vi), [unit, *inside]))
        grouped = {unit.id for _label, units in groups for unit in units}
        others = [unit for unit in self.units.values() if unit.id not in grouped]
        groups.append((gettext("Provinces and other units"), others))
        return "".join(
            f'<optgroup label="{escape(label)}">'
            + "".join(option(unit.id, unit.vi) for unit in units)
            + "</optgroup>"
            for label, units in groups
            if units
        )


def option(value: object, words: str) -> str:
    """One option of a select."""
    return f'<option value="{escape(str(value))}">{escape(words)}</option>'


def with_chosen(drawn: str, value: str) -> Markup:
    """Options, drawn by `option`, with one of them chosen if it is among them."""
    if value:
        mark = f'value="{escape(value)}"'
        drawn = drawn.replace(f"{mark}>", f"{mark} selected>", 1)
    return Markup(drawn)  # noqa: S704  every name in it was escaped


def _reached(start: Iterable[int], step: Any) -> frozenset[int]:
    found, waiting = set(start), list(start)
    while waiting:
        for one in step(waiting.pop()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return frozenset(found)


def stamp() -> ScalarSelect[bytes]:
    """The hash of the last entry on zones, units and sectors; it changes when one of them does."""
    last = select(func.max(TrailEntry.seq)).where(
        TrailEntry.subject_kind.in_(("zone", "unit", "sector"))
    )
    return select(TrailEntry.hash).where(TrailEntry.seq == last.scalar_subquery()).scalar_subquery()


def choices(session: Session, stamped: bytes | None = None) -> Choices:
    """The choices, from memory if nothing changed since; ``stamped`` is the `stamp`, if it was read."""
    if stamped is None:
        stamped = session.scalar(select(stamp()))
    kept: tuple[bytes | None, Choices] | None = current_app.extensions.get(_KEPT)
    if kept is None or kept[0] != stamped or stamped is None:
        kept = (stamped, _load(session))
        current_app.extensions[_KEPT] = kept
    return kept[1]


def _load(session: Session) -> Choices:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(_everything()):
        found[row.what].append(row)
    zones = _in_order(found["zone"])
    units = _in_order(found["unit"])
    sectors = {
        row.id: Named(row.id, row.vi, row.en or row.vi)
        for row in sorted(found["sector"], key=lambda row: (row.parent_id, vi_sort_key(row.vi)))
    }
    after, before = defaultdict(list), defaultdict(list)
    for row in found["succession"]:
        after[row.id].append(row.parent_id)
        before[row.parent_id].append(row.id)
    return Choices(zones, sectors, units, _inside(zones), _inside(units), dict(after), dict(before))


def _in_order(rows: Iterable[Any]) -> dict[int, Named]:
    return {
        row.id: Named(
            row.id, row.vi, row.en or row.vi, row.parent_id, row.level or "", row.ended is not None
        )
        for row in sorted(rows, key=lambda row: vi_sort_key(row.vi))
    }


def _inside(parts: Mapping[int, Named]) -> dict[int | None, list[Named]]:
    inside: dict[int | None, list[Named]] = defaultdict(list)
    for part in parts.values():
        inside[part.parent_id].append(part)
    return dict(inside)


def _everything() -> Any:
    """Zones, units, sectors (with their position) and successions (from, to) in one query."""
    nothing, no_day = cast(null(), String), cast(null(), Date)
    return union_all(
        select(
            literal("zone").label("what"),
            Zone.id.label("id"),
            Zone.name.label("vi"),
            Zone.name_en.label("en"),
            Zone.parent_id.label("parent_id"),
            nothing.label("level"),
            Zone.valid_to.label("ended"),
        ),
        select(
            literal("unit"),
            Unit.id,
            Unit.name,
            nothing,
            Unit.parent_id,
            cast(Unit.level, String),
            Unit.valid_to,
        ),
        select(
            literal("sector"),
            Sector.id,
            Sector.name,
            Sector.name_en,
            cast(Sector.position, Integer),
            nothing,
            no_day,
        ),
        select(
            literal("succession"),
            Succession.old_id,
            cast(literal(""), String),
            nothing,
            Succession.new_id,
            nothing,
            no_day,
        ),
    )
