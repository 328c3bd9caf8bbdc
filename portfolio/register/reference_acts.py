"""Acts on what projects refer to: zones, places, sectors, and the names of investors.

A project's state document carries the names of its zone, sector, places and investors. So an act that
changes such a name also records every project it touches, in the same transaction: the list, the page
and the history then say the same.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from portfolio.notation import N_
from portfolio.notation.fold import fold
from portfolio.office.people import Office
from portfolio.office.trail import Origin, record, record_all
from portfolio.register.land import Parcel
from portfolio.register.phases import Milestone, Phase
from portfolio.register.place import Unit
from portfolio.register.project import Project
from portfolio.register.sector import Sector
from portfolio.register.zone import Zone, ZoneKind, ZoneStatus
from portfolio.web.errors import Refusal

PAGE = 500


class BadReference(Refusal):
    """A zone, sector or place that cannot be as entered; the message says why."""


# Zones ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ZoneValues:
    """What is decided about a zone."""

    name: str
    kind: ZoneKind
    status: ZoneStatus = ZoneStatus.IN_FORCE
    name_en: str | None = None
    name_variants: str | None = None
    parent_id: int | None = None
    unit_id: int | None = None
    managing_office_id: int | None = None
    area_ha: Decimal | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    legal_doc: str | None = None
    legal_date: str | None = None
    source: str | None = None
    note: str | None = None


def add_zone(session: Session, values: ZoneValues, origin: Origin) -> Zone:
    """Add a zone to the tree."""
    _check_zone(session, values, None)
    zone = Zone(key=_new_key(session, Zone, values.name), **vars(values))
    session.add(zone)
    record(session, zone, "add_zone", origin)
    return zone


def change_zone(session: Session, zone: Zone, values: ZoneValues, origin: Origin) -> int:
    """Change a zone; returns how many projects took over a new name of it."""
    _check_zone(session, values, zone)
    renamed = (zone.name, zone.name_en) != (values.name, values.name_en)
    for name, value in vars(values).items():
        setattr(zone, name, value)
    record(session, zone, "change_zone", origin)
    return (
        touch_projects(session, Project.zone_id == zone.id, "rename_zone", origin) if renamed else 0
    )


def _check_zone(session: Session, values: ZoneValues, zone: Zone | None) -> None:
    _check_days(values.valid_from, values.valid_to)
    for model, key, field in (
        (Zone, values.parent_id, "parent_id"),
        (Unit, values.unit_id, "unit_id"),
        (Office, values.managing_office_id, "managing_office_id"),
    ):
        if key is not None and session.get(model, key) is None:
            raise BadReference(N_("Choose one of the answers in the list"), field=field)
    if zone is not None and zone.id in set(_upwards(session, values.parent_id)):
        raise BadReference(
            N_("A zone cannot lie inside itself or inside one of its own parts."), field="parent_id"
        )
    _refuse_second(
        session, Zone, values.name, zone, lambda other: other.parent_id == values.parent_id
    )


def _upwards(session: Session, zone_id: int | None) -> Iterator[int]:
    while zone_id is not None:
        yield zone_id
        zone_id = session.get_one(Zone, zone_id).parent_id


def _check_days(first: date | None, last: date | None) -> None:
    if first is not None and last is not None and last < first:
        raise BadReference(N_("The last day lies before the first."), field="valid_to")


# Sectors --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SectorValues:
    """What is decided about a sector; ``position`` orders the list."""

    name: str
    name_en: str | None = None
    position: int = 0
    source: str | None = None


def add_sector(session: Session, values: SectorValues, origin: Origin) -> Sector:
    """Add a sector to the register's list."""
    _refuse_second(session, Sector, values.name, None)
    sector = Sector(key=_new_key(session, Sector, values.name), **vars(values))
    session.add(sector)
    record(session, sector, "add_sector", origin)
    return sector


def change_sector(session: Session, sector: Sector, values: SectorValues, origin: Origin) -> int:
    """Change a sector; returns how many projects took over a new name of it."""
    _refuse_second(session, Sector, values.name, sector)
    renamed = (sector.name, sector.name_en) != (values.name, values.name_en)
    for name, value in vars(values).items():
        setattr(sector, name, value)
    record(session, sector, "change_sector", origin)
    if not renamed:
        return 0
    return touch_projects(session, Project.sector_id == sector.id, "rename_sector", origin)


# Places ---------------------------------------------------------------------------------------


def change_name_variants(
    session: Session, unit: Unit, variants: str | None, origin: Origin
) -> None:
    """Keep the other spellings of a unit; names, codes and dates are law and are not typed here."""
    unit.name_variants = variants
    record(session, unit, "change_name_variants", origin)


# What all of them share -----------------------------------------------------------------------


def touch_projects(
    session: Session, condition: ColumnElement[bool], act: str, origin: Origin
) -> int:
    """Record the projects under ``condition`` anew, because a name in them changed; returns how many."""
    keys = list(session.scalars(select(Project.id).where(condition).order_by(Project.id)))
    for start in range(0, len(keys), PAGE):
        page = (
            select(Project).where(Project.id.in_(keys[start : start + PAGE])).order_by(Project.id)
        )
        projects = list(session.scalars(page.options(*_with_all_parts())))
        record_all(session, projects, act, origin)
    return len(keys)


def _with_all_parts() -> list[LoaderOption]:
    """How to load everything a state document holds in a few queries for many projects."""
    deeper = {
        "phases": selectinload(Project.phases)
        .selectinload(Phase.milestones)
        .selectinload(Milestone.targets),
        "parcels": selectinload(Project.parcels).selectinload(Parcel.intervals),
    }
    return [
        deeper.get(relation.key) or selectinload(relation.class_attribute)
        for relation in Project.__mapper__.relationships
    ]


def _refuse_second(
    session: Session,
    model: type[Any],
    name: str,
    own: Any,
    beside: Callable[[Any], bool] = lambda _other: True,
) -> None:
    """Refuse a name that another row of the kind already has, whatever its accents and spelling."""
    wanted = fold(name)
    others: Iterable[Any] = session.scalars(select(model))
    twin = next((o for o in others if o is not own and beside(o) and fold(o.name) == wanted), None)
    if twin is not None:
        raise BadReference(
            N_("This name is already in the list: %(name)s."), field="name", name=twin.name
        )


def _new_key(session: Session, model: type[Any], name: str) -> str:
    """A key made of the name, with a number behind it if that is taken."""
    stem = fold(name).replace(" ", "_")[:60] or "new"
    taken = set(
        session.scalars(select(model.key).where(model.key.startswith(stem, autoescape=True)))
    )
    numbered = (stem if number == 1 else f"{stem}_{number}" for number in range(1, len(taken) + 2))
    return next(key for key in numbered if key not in taken)
