"""Loading `seeds/`: reference data, the first policy and the real projects of public sources.

The whole load is one transaction and goes through the trail like any other act. A database that
already holds something is never touched.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.exchange.seed_project import make_project
from portfolio.notation import N_
from portfolio.office.people import Office, OfficeKind
from portfolio.office.trail import Origin, TrailEntry, record, record_all
from portfolio.register.investor import Investor
from portfolio.register.place import Succession, SuccessionKind, Unit, UnitLevel
from portfolio.register.project import Project
from portfolio.register.sector import Sector
from portfolio.register.zone import Zone, ZoneKind, ZoneStatus
from portfolio.reports.control_totals import ControlTotal
from portfolio.schedule.policy import Holiday, PolicyStatus, PolicyVersion
from portfolio.web.errors import Conflict

ACT = "load_seeds"
Row = dict[str, str]


class NotEmpty(Conflict):
    """The database already holds other data."""

    message = N_("The database already holds other data; seeds are loaded into an empty one only.")


@dataclass
class Loaded:
    """What is referred to by the rows that follow."""

    offices: dict[str, Office] = field(default_factory=dict)
    units: dict[tuple[str, date], Unit] = field(default_factory=dict)
    sectors: dict[str, Sector] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)
    investors: dict[str, Investor] = field(default_factory=dict)
    projects: list[Project] = field(default_factory=list)


def is_loaded(session: Session) -> bool:
    """Whether these seeds are already in the database. Raises `NotEmpty` when it holds other data."""
    first = session.scalars(select(TrailEntry.act).order_by(TrailEntry.seq).limit(1)).one_or_none()
    if first is not None and first != ACT:
        raise NotEmpty
    return first == ACT


def load_seeds(session: Session, folder: Path, at: datetime) -> dict[str, int]:
    """Load everything; returns how many of each. The caller commits.

    Raises `NotEmpty`; a broken seed file raises whatever reading it raises, and nothing is kept.
    """
    if is_loaded(session) or session.scalar(select(func.count()).select_from(Project)):
        raise NotEmpty
    loaded = Loaded()
    origin = Origin(None, at, "Dữ liệu ban đầu, từ nguồn công khai")
    for load in (_offices, _units, _sectors, _zones):
        load(session, folder, loaded, origin)
    _policy(session, folder, origin)
    _holidays(session, folder)
    totals = _control_totals(session, folder)
    _projects(session, folder, loaded, origin)
    return {
        "offices": len(loaded.offices),
        "units": len(loaded.units),
        "sectors": len(loaded.sectors),
        "zones": len(loaded.zones),
        "investors": len(loaded.investors),
        "projects": len(loaded.projects),
        "control totals": totals,
    }


Made = TypeVar("Made")


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _keep(session: Session, made: list[Any], origin: Origin) -> None:
    session.add_all(made)
    session.flush()
    record_all(session, made, ACT, origin)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str, kind: Callable[[str], Made]) -> Made | None:
    return kind(text) if text else None


def _offices(session: Session, folder: Path, loaded: Loaded, origin: Origin) -> None:
    rows = list(_rows(folder / "offices.csv"))
    for row in rows:
        loaded.offices[row["key"]] = Office(
            key=row["key"],
            name=row["name"],
            name_en=row["name_en"] or None,
            abbreviation=row["abbrev"] or None,
            kind=OfficeKind(row["kind"]),
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            source=row["source"] or None,
        )
    session.add_all(loaded.offices.values())
    session.flush()
    for row in rows:
        if row["successor_key"]:
            loaded.offices[row["key"]].successor_id = loaded.offices[row["successor_key"]].id
    _keep(session, list(loaded.offices.values()), origin)


def _units(session: Session, folder: Path, loaded: Loaded, origin: Origin) -> None:
    rows = list(_rows(folder / "units.csv"))
    for row in rows:
        since = date.fromisoformat(row["valid_from"])
        loaded.units[row["code"], since] = Unit(
            code=row["code"],
            code_official=row["code_status"] == "official",
            name=row["name"],
            kind=row["kind"],
            level=UnitLevel(row["level"]),
            valid_from=since,
            valid_to=_day(row["valid_to"]),
            name_variants=row["name_variants"] or None,
            area_ha=_number(row["area_ha"], Decimal),
            population=_number(row["population"], int),
            source=row["source"] or None,
        )
    session.add_all(loaded.units.values())
    session.flush()
    for row in rows:
        if row["parent_code"]:
            parent = loaded.units[row["parent_code"], date.fromisoformat(row["parent_valid_from"])]
            loaded.units[row["code"], date.fromisoformat(row["valid_from"])].parent_id = parent.id
    _keep(session, list(loaded.units.values()), origin)
    for row in _rows(folder / "successions.csv"):
        session.add(
            Succession(
                old=loaded.units[row["old_code"], date.fromisoformat(row["old_valid_from"])],
                new=loaded.units[row["new_code"], date.fromisoformat(row["new_valid_from"])],
                kind=SuccessionKind(row["kind"]),
                on=date.fromisoformat(row["on"]),
                document=row["document"] or None,
                source=row["source"] or None,
            )
        )


def _sectors(session: Session, folder: Path, loaded: Loaded, origin: Origin) -> None:
    for row in _rows(folder / "sectors.csv"):
        loaded.sectors[row["key"]] = Sector(
            key=row["key"],
            name=row["name"],
            name_en=row["name_en"] or None,
            position=int(row["order"]),
            source=row["source"] or None,
        )
    _keep(session, list(loaded.sectors.values()), origin)


def _zones(session: Session, folder: Path, loaded: Loaded, origin: Origin) -> None:
    rows = list(_rows(folder / "zones.csv"))
    for row in rows:
        unit = None
        if row["unit_code"]:
            unit = loaded.units[row["unit_code"], date.fromisoformat(row["unit_valid_from"])]
        manager = loaded.offices[row["managing_office"]] if row["managing_office"] else None
        loaded.zones[row["key"]] = Zone(
            key=row["key"],
            name=row["name"],
            name_en=row["name_en"] or None,
            name_variants=row["name_variants"] or None,
            kind=ZoneKind(row["kind"]),
            status=ZoneStatus(row["status"]),
            unit_id=unit.id if unit else None,
            managing_office_id=manager.id if manager else None,
            area_ha=_number(row["area_ha"], Decimal),
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            legal_doc=row["legal_doc"] or None,
            legal_date=row["legal_date"] or None,
            source=row["source"] or None,
            note=row["note"] or None,
        )
    session.add_all(loaded.zones.values())
    session.flush()
    for row in rows:
        if row["parent_key"]:
            loaded.zones[row["key"]].parent_id = loaded.zones[row["parent_key"]].id
    _keep(session, list(loaded.zones.values()), origin)


def _policy(session: Session, folder: Path, origin: Origin) -> None:
    for path in sorted((folder / "policy").glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        policy = PolicyVersion(
            number=document["version"],
            status=PolicyStatus(document["status"]),
            adopted_on=_day(document["adopted_on"]),
            adopted_by=document["adopted_by"],
            document=document,
            source=document["source"],
        )
        session.add(policy)
        record(session, policy, ACT, origin)


def _holidays(session: Session, folder: Path) -> None:
    document = yaml.safe_load((folder / "holidays.yaml").read_text(encoding="utf-8"))
    session.add_all(
        Holiday(on=row["date"], name=row["name"], source=row["source"])
        for row in document["holidays"]
    )


def _control_totals(session: Session, folder: Path) -> int:
    rows = list(_rows(folder / "control_totals.csv"))
    session.add_all(
        ControlTotal(
            key=row["id"],
            scope=row["scope"],
            metric=row["metric"],
            as_of=row["as_of"] or None,
            unit=row["unit"] or None,
            published=row["published_total"] or None,
            parts=row["parts_published"] or None,
            computed=row["computed"] or None,
            difference=row["difference"] or None,
            reconciles=row["reconciles"] or None,
            group=row["group"] or None,
            group_count=_number(row["group_count"], int),
            group_billion=row["group_billion_vnd"] or None,
            source=row["source"] or None,
            note=row["note"] or None,
        )
        for row in rows
    )
    return len(rows)


def _projects(session: Session, folder: Path, loaded: Loaded, origin: Origin) -> None:
    for number, path in enumerate(sorted((folder / "projects").glob("*.yaml")), 1):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        loaded.projects.append(make_project(session, document, f"KT-{number:04}", loaded))
    for made in (list(loaded.investors.values()), loaded.projects):
        if made:
            record_all(session, made, ACT, origin)
