"""Filters that point at something kept elsewhere: zones, places, sectors and investors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from flask_babel import gettext, ngettext
from sqlalchemy import ColumnElement

from portfolio.notation import N_
from portfolio.register.filters.filter import Filter, Reading, Unclear, key_of, with_part
from portfolio.register.line import NO_ZONE, RegisterLine
from portfolio.web.languages import language

OUTSIDE = "none"
"""In an address the zone of projects that lie in none."""
OUTSIDE_WORDS = N_("outside the zones")


@dataclass(frozen=True)
class ZoneFilter(Filter):
    """A zone and the zones inside it; or no zone at all."""

    names = ("zone",)
    fineness = 7
    zone_id: int
    zone_ids: frozenset[int]
    name: str = field(compare=False)

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """A zone that the reader may see; others are not told from those that do not exist."""
        if args.get("zone") == OUTSIDE:
            # Figures are kept under the same key.
            return cls(NO_ZONE, frozenset({NO_ZONE}), gettext(OUTSIDE_WORDS))
        key = key_of(args, "zone", reading.zones)
        if key is None:
            return None
        within = reading.choices.zone_and_below(key)
        return cls(key, within, reading.choices.zones[key].name(language()))

    def args(self) -> dict[str, str]:
        """Its key."""
        return {"zone": OUTSIDE if self.zone_id == NO_ZONE else str(self.zone_id)}

    def condition(self) -> ColumnElement[bool]:
        """In one of the zones."""
        if self.zone_id == NO_ZONE:
            return RegisterLine.zone_id.is_(None)
        if len(self.zone_ids) == 1:
            return RegisterLine.zone_id == self.zone_id
        return RegisterLine.zone_id.in_(sorted(self.zone_ids))

    def is_equality(self) -> bool:
        """A zone without sub-zones."""
        return len(self.zone_ids) == 1 and self.zone_id != NO_ZONE

    def sentence(self) -> str:
        """The zone, and that more lie inside it."""
        if len(self.zone_ids) == 1:
            return str(gettext("Zone: %(name)s", name=self.name))
        inner = len(self.zone_ids) - 1
        return str(
            ngettext(
                "Zone: %(name)s with %(num)d zone inside it",
                "Zone: %(name)s with %(num)d zones inside it",
                inner,
                name=self.name,
            )
        )


@dataclass(frozen=True)
class SectorFilter(Filter):
    """A sector."""

    names = ("sector",)
    fineness = 6
    sector_id: int
    name: str = field(compare=False)

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """A sector of the list."""
        key = key_of(args, "sector", reading.choices.sectors)
        return None if key is None else cls(key, reading.choices.sectors[key].name(language()))

    def args(self) -> dict[str, str]:
        """Its key."""
        return {"sector": str(self.sector_id)}

    def condition(self) -> ColumnElement[bool]:
        """Of this sector."""
        return RegisterLine.sector_id == self.sector_id

    def is_equality(self) -> bool:
        """One sector."""
        return True

    def sentence(self) -> str:
        """The sector."""
        return str(gettext("Sector: %(name)s", name=self.name))

    def counted(self) -> tuple[str, tuple[str, ...]]:
        """Figures are kept for each sector."""
        return "sector", (str(self.sector_id),)


@dataclass(frozen=True)
class PlaceFilter(Filter):
    """An administrative unit of today or of before, with its predecessors and successors."""

    names = ("place",)
    unit_id: int
    unit_ids: frozenset[int]
    name: str = field(compare=False)

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """A unit of the list."""
        key = key_of(args, "place", reading.choices.units)
        if key is None:
            return None
        unit = reading.choices.units[key]
        name = gettext("%(unit)s (former)", unit=unit.vi) if unit.ended else unit.vi
        return cls(key, reading.choices.places_like(key), name)

    def args(self) -> dict[str, str]:
        """Its key."""
        return {"place": str(self.unit_id)}

    def condition(self) -> ColumnElement[bool]:
        """In any of the units."""
        return with_part("unit", [str(unit_id) for unit_id in self.unit_ids])

    def sentence(self) -> str:
        """The unit, and how many others are looked at with it."""
        others = len(self.unit_ids) - 1
        if not others:
            return str(gettext("Place: %(name)s", name=self.name))
        return str(
            ngettext(
                "Place: %(name)s and %(num)d unit before or after the mergers",
                "Place: %(name)s and %(num)d units before or after the mergers",
                others,
                name=self.name,
            )
        )


@dataclass(frozen=True)
class InvestorFilter(Filter):
    """An investor, by key: linked from the investor's own page."""

    names = ("investor",)
    investor_id: int
    name: str = field(compare=False)

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """An investor of a project that the reader may see."""
        typed = args.get("investor", "")
        if not typed:
            return None
        if reading.investor is None or typed != str(reading.investor[0]):
            raise Unclear(N_("There is no such investor among these projects"), at="investor")
        return cls(*reading.investor)

    def args(self) -> dict[str, str]:
        """The key."""
        return {"investor": str(self.investor_id)}

    def condition(self) -> ColumnElement[bool]:
        """With this investor, former ones too."""
        return with_part("investor", [str(self.investor_id)])

    def sentence(self) -> str:
        """The name."""
        return str(gettext("Investor: %(name)s", name=self.name))
