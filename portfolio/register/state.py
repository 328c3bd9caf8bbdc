"""The state document of a project: everything known about it, as one plain dict.

It is what the trail keeps after each act, what a project page shows (today or as of a past day) and
what the facts for the law of delay are made from. Empty fields are left out. Dates are ISO text,
money and areas decimal text, enums their values; parts are lists of dicts with their ``id``.
"""

import enum
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm.attributes import set_committed_value

from portfolio.office import trail
from portfolio.office.people import Office, User, UserZone, state_of_user
from portfolio.office.trail import State
from portfolio.register import line_keeping
from portfolio.register.capital import CapitalVersion, Deposit
from portfolio.register.circumstances import Circumstance
from portfolio.register.investor import Investor, ProjectInvestor
from portfolio.register.land import Parcel, ParcelInterval
from portfolio.register.marks import DelayMark
from portfolio.register.papers import LegalAct, StoredFile
from portfolio.register.phases import Milestone, Pause, Phase, ScheduleVersion, Target
from portfolio.register.place import Unit
from portfolio.register.progress import ProgressReport, ReportForecast
from portfolio.register.project import (
    Alias,
    Happening,
    Project,
    ProjectPlace,
    Source,
    Translation,
)
from portfolio.register.sector import Sector
from portfolio.register.zone import Zone

_HIDDEN = {"version", "entry_seq", "project_id", "parcel_id", "phase_id", "milestone_id"}


def plain(value: object) -> Any:
    """A column's value as JSON keeps it; equal values give equal text."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


_known_columns: dict[type[Any], tuple[str, ...]] = {}


def _columns(model: type[Any]) -> tuple[str, ...]:
    if model not in _known_columns:
        attributes = inspect(model).column_attrs
        _known_columns[model] = tuple(a.key for a in attributes if a.key not in _HIDDEN)
    return _known_columns[model]


def row_state(row: Any) -> State:
    """The row's own columns that hold something."""
    return {
        name: plain(value)
        for name in _columns(type(row))
        if (value := getattr(row, name)) is not None
    }


def _place(place: ProjectPlace) -> State:
    unit = place.unit
    return row_state(place) | {"code": unit.code, "name": unit.name, "level": unit.level.value}


def _investor(part: ProjectInvestor) -> State:
    who = part.investor
    known = {"name": who.name, "tax_code": who.tax_code, "country": who.country}
    return row_state(part) | {name: value for name, value in known.items() if value}


def _phase(phase: Phase) -> State:
    return row_state(phase) | {
        "milestones": [
            row_state(milestone)
            | {
                "targets": sorted(
                    (
                        row_state(target) | {"version": target.schedule_version.number}
                        for target in milestone.targets
                    ),
                    key=lambda target: target["version"],
                )
            }
            for milestone in sorted(phase.milestones, key=lambda milestone: milestone.id)
        ]
    }


def _parcel(parcel: Parcel) -> State:
    intervals = sorted(parcel.intervals, key=lambda interval: interval.id)
    return row_state(parcel) | {"intervals": [row_state(interval) for interval in intervals]}


def _report(report: ProgressReport) -> State:
    forecasts = sorted(report.forecasts, key=lambda forecast: forecast.milestone_id)
    return row_state(report) | {
        "forecasts": [
            row_state(forecast) | {"milestone": forecast.milestone_id} for forecast in forecasts
        ]
    }


SECTIONS: dict[str, tuple[Callable[[Any], State], tuple[type[Any], ...]]] = {
    "aliases": (row_state, (Alias,)),
    "places": (_place, (ProjectPlace,)),
    "investors": (_investor, (ProjectInvestor,)),
    "capital": (row_state, (CapitalVersion,)),
    "deposit": (row_state, (Deposit,)),
    "acts": (row_state, (LegalAct,)),
    "files": (row_state, (StoredFile,)),
    # Before the phases, whose targets name their version: it is in memory then.
    "schedules": (row_state, (ScheduleVersion,)),
    "phases": (_phase, (Phase, Milestone, Target)),
    "parcels": (_parcel, (Parcel, ParcelInterval)),
    "pauses": (row_state, (Pause,)),
    "circumstances": (row_state, (Circumstance,)),
    "reports": (_report, (ProgressReport, ReportForecast)),
    "marks": (row_state, (DelayMark,)),
    "happenings": (row_state, (Happening,)),
    "sources": (row_state, (Source,)),
    "translations": (row_state, (Translation,)),
}
"""Each collection of a project: how one part is read, and the classes it is made of."""


def state_of_project(project: Project) -> State:
    """The state document of a project (see the module's text)."""
    state = row_state(project)
    state["zone"] = _named(project.zone)
    state["sector"] = _named(project.sector)
    for name, (read, _classes) in SECTIONS.items():
        parts = getattr(project, name)
        if parts is None:
            continue
        # By key: the order of a collection in memory is not that of the database.
        state[name] = (
            read(parts)
            if name == "deposit"
            else [read(part) for part in sorted(parts, key=lambda part: part.id)]
        )
    return {name: value for name, value in state.items() if value not in (None, [])}


def spare_queries(project: Project, state: State) -> None:
    """Tell a locked project which parts it has none of, as its last entry says.

    An act reads every part for the entry it writes; most projects lack most of them.
    """
    unread = inspect(project).unloaded
    for name in SECTIONS:
        if name not in state and name in unread:
            set_committed_value(project, name, None if name == "deposit" else [])


def _named(row: Zone | Sector | None) -> State | None:
    if row is None:
        return None
    return {"key": row.key, "name": row.name, "name_en": row.name_en}


def _held_by(part: Any, name: str) -> Any:
    """What a part hangs on, or hung on before it was taken off: only history knows that."""
    holder = getattr(part, name)
    if holder is None:
        gone = inspect(part).attrs[name].history.deleted
        holder = gone[0] if gone else None
    return holder


def _owner(part: Any) -> Any:
    return _held_by(part, "project")


def _after_project(session: Any, changed: Any, at: datetime) -> None:
    line_keeping.rewrite(session, changed, at)


def declare() -> None:
    """Tell the trail what it keeps of the register."""
    parts: dict[type[Any], Callable[[Any], Any]] = {
        model: _owner for _read, models in SECTIONS.values() for model in models
    }
    parts[Milestone] = lambda milestone: _owner(_held_by(milestone, "phase"))
    parts[Target] = lambda target: _owner(_held_by(_held_by(target, "milestone"), "phase"))
    parts[ReportForecast] = lambda forecast: _owner(_held_by(forecast, "report"))
    parts[ParcelInterval] = lambda interval: _owner(_held_by(interval, "parcel"))
    trail.journal(trail.Kind("project", Project, state_of_project, _after_project), parts)
    trail.journal(trail.Kind("investor", Investor, row_state))
    trail.journal(trail.Kind("zone", Zone, row_state))
    trail.journal(trail.Kind("unit", Unit, row_state))
    trail.journal(trail.Kind("sector", Sector, row_state))
    trail.journal(trail.Kind("office", Office, row_state))
    trail.journal(trail.Kind("user", User, state_of_user), {UserZone: lambda part: part.user})
