"""What is typed about zones, sectors, places and investors."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from portfolio.database import session
from portfolio.notation.fold import vi_sort_key
from portfolio.office.offices import offices_by_name
from portfolio.register.investor import Investor
from portfolio.register.place import Unit, UnitLevel
from portfolio.register.sector import Sector
from portfolio.register.zone import Zone, ZoneKind, ZoneStatus
from portfolio.register.zone_tree import branches
from portfolio.web.fields import (
    AreaField,
    ChoiceField,
    DayField,
    NumberField,
    PortfolioForm,
    ProseField,
    Required,
    TextField,
)
from portfolio.web.show import day

_ZONE_FIELDS = (
    "name",
    "name_en",
    "name_variants",
    "parent_id",
    "unit_id",
    "managing_office_id",
    "area_ha",
    "valid_from",
    "valid_to",
    "legal_doc",
    "legal_date",
    "source",
    "note",
    "version",
)
_INVESTOR_FIELDS = ("name", "tax_code", "country", "address", "contact", "source", "version")


def _zones() -> list[tuple[int, str]]:
    zones = list(session().scalars(select(Zone)))
    return [(branch.zone.id, "– " * branch.depth + branch.zone.name) for branch in branches(zones)]


def _units() -> dict[str, list[tuple[int, str]]]:
    found = sorted(session().scalars(select(Unit)), key=lambda unit: vi_sort_key(unit.name))
    groups = {gettext("Units of today"): [unit for unit in found if unit.valid_to is None]}
    groups[gettext("Former units")] = [unit for unit in found if unit.valid_to is not None]
    return {
        label: [(unit.id, _unit_words(unit)) for unit in units] for label, units in groups.items()
    }


def _unit_words(unit: Unit) -> str:
    until = f" ({gettext('until')} {day(unit.valid_to)})" if unit.valid_to else ""
    return (
        unit.name + until
        if unit.level is not UnitLevel.COMMUNE or unit.parent is None
        else (f"{unit.name}, {unit.parent.name}{until}")
    )


def _offices() -> list[tuple[int, str]]:
    return [(office.id, office.name) for office in offices_by_name(session())]


class ZoneForm(PortfolioForm):
    """A zone."""

    name = TextField(_("Name"), [Required()], longest=300)
    name_en = TextField(_("English name"), longest=300)
    name_variants = TextField(_("Other spellings"), longest=500)
    kind = ChoiceField(_("Kind of zone"), [Required()], choices=ZoneKind)
    status = ChoiceField(
        _("Status"), [Required()], choices=ZoneStatus, shape="radios", default=ZoneStatus.IN_FORCE
    )
    parent_id = ChoiceField(_("Lies inside"), choices=_zones, coerce=int, blank=_("No other zone"))
    unit_id = ChoiceField(_("Place"), choices=_units, coerce=int, blank=_("not known"))
    managing_office_id = ChoiceField(
        _("Managing office"), choices=_offices, coerce=int, blank=_("None")
    )
    area_ha = AreaField(_("Area"))
    valid_from = DayField(_("In force since"))
    valid_to = DayField(_("In force until"))
    legal_doc = TextField(_("Decision"), longest=500)
    legal_date = TextField(_("Date of the decision"), longest=100)
    source = TextField(_("Source"), longest=1000)
    note = ProseField(_("Note"), longest=2000)
    reason = TextField(_("Reason for the change"), longest=2000)


class SectorForm(PortfolioForm):
    """A sector."""

    name = TextField(_("Name"), [Required()], longest=200)
    name_en = TextField(_("English name"), longest=200)
    position = NumberField(_("Place in the list"), whole=True, most=9999)
    source = TextField(_("Source"), longest=1000)
    reason = TextField(_("Reason for the change"), longest=2000)


class UnitForm(PortfolioForm):
    """What may be kept of a place by hand."""

    name_variants = TextField(_("Other spellings"), longest=500)
    reason = TextField(_("Reason for the change"), longest=2000)


class InvestorForm(PortfolioForm):
    """An investor."""

    name = TextField(_("Name"), [Required()], longest=300)
    tax_code = TextField(_("Tax code"), longest=40)
    country = TextField(_("Country"), longest=2)
    address = TextField(_("Address"), longest=500)
    contact = TextField(_("Contact"), longest=500)
    source = TextField(_("Source"), longest=1000)
    reason = TextField(_("Reason for the change"), longest=2000)


class MergeForm(PortfolioForm):
    """Two investors that are one."""

    reason = TextField(_("Why they are the same"), [Required()], longest=2000)


def data_of_zone(zone: Zone) -> dict[str, Any]:
    """A zone as `ZoneForm` shows it."""
    choices = {"kind": zone.kind.value, "status": zone.status.value}
    return {name: getattr(zone, name) for name in _ZONE_FIELDS} | choices


def data_of_sector(sector: Sector) -> dict[str, Any]:
    """A sector as `SectorForm` shows it."""
    return {
        name: getattr(sector, name) for name in ("name", "name_en", "position", "source", "version")
    }


def data_of_investor(investor: Investor) -> dict[str, Any]:
    """An investor as `InvestorForm` shows it."""
    return {name: getattr(investor, name) for name in _INVESTOR_FIELDS}
