"""The statistics as one plain document: what a page shows, a closed month keeps and a paper prints.

All in it is text, whole numbers and lists, so that it can be stored, sealed and compared; sums of money
are in đồng, land in hectares, idle land in hectare-months, as decimal text.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from portfolio.register.place import UnitLevel
from portfolio.reports.geography import LAST_OLD_DAY, Geography, read_geography
from portfolio.reports.tally import (
    CLASSES,
    Against,
    Counted,
    Slip,
    Standing,
    Tally,
    count_portfolio,
)
from portfolio.schedule.policy_text import Policy

Document = dict[str, Any]
MOST_SLIPS = 30
GEOGRAPHIES = ("new_places", "old_places")


@dataclass(frozen=True)
class Names:
    """What zones, sectors and units are called, each as (Vietnamese, English) by key."""

    zones: Mapping[int, tuple[str, str]]
    sectors: Mapping[int, tuple[str, str]]
    units: Mapping[int, tuple[str, str]]


def statistics(
    session: Session,
    standings: Iterable[Standing],
    *,
    on: date,
    policy: Policy,
    names: Names,
    since: date | None,
    expected_before: Mapping[int, date | None],
) -> Document:
    """The figures of some projects on a day; ``since`` is the last day of the month closed before."""
    geography = read_geography(session)
    counted = count_portfolio(
        standings,
        on,
        policy.bands,
        side_of={code: cause.side for code, cause in policy.causes.items()},
        expected_before=expected_before,
        geographies=list(_places(geography, on)),
    )
    new, old = (_rows(places, names.units) for places in counted.places)
    return {
        "on": on.isoformat(),
        "policy": policy.version,
        "bands": [band.name for band in policy.bands],
        "since": since.isoformat() if since else None,
        "total": _tally(counted.total),
        "zones": _rows(counted.zones, names.zones),
        "sectors": _rows(counted.sectors, names.sectors),
        "new_places": new,
        "old_places": old,
        "causes": _causes(counted, policy),
        "slips": [_slip(slip) for slip in counted.slips[:MOST_SLIPS]],
    }


def _places(geography: Geography, on: date) -> Iterable[Callable[[int | None], int | None]]:
    """By commune of the day, and by district as they were until 30 June 2025."""
    wanted = ((max(on, LAST_OLD_DAY), UnitLevel.COMMUNE), (LAST_OLD_DAY, UnitLevel.DISTRICT))
    for day, level in wanted:
        known: dict[int | None, int | None] = {}
        yield partial(_kept_place, known, geography, day, level)


def _kept_place(
    known: dict[int | None, int | None],
    geography: Geography,
    day: date,
    level: UnitLevel,
    unit_id: int | None,
) -> int | None:
    if unit_id not in known:
        known[unit_id] = geography.place_on(unit_id, day, level)
    return known[unit_id]


def _rows(
    tallies: Mapping[int | None, Tally], names: Mapping[int, tuple[str, str]]
) -> list[Document]:
    """One row a group, the most projects first; what belongs to none comes last."""
    rows = []
    for key, tally in tallies.items():
        vi, en = names.get(key, (str(key), str(key))) if key is not None else ("", "")
        rows.append({"id": key, "vi": vi, "en": en, "tally": _tally(tally)})
    return sorted(rows, key=lambda row: (row["id"] is None, -row["tally"]["projects"], row["vi"]))


def _tally(tally: Tally) -> Document:
    return {
        "projects": tally.projects,
        "capital": _text(tally.capital),
        "without_capital": tally.without_capital,
        "realised": _text(tally.realised),
        "classes": {name: tally.classes[name] for name in CLASSES},
        "class_capital": {name: _text(tally.class_capital[name]) for name in CLASSES},
        "to_review": tally.to_review,
        "first": _against(tally.first),
        "latest": _against(tally.latest),
        "slipped": tally.slipped,
        "idle_ha": _text(tally.idle_ha, "0.01"),
        "idle_months": _text(tally.idle_months, "0.1"),
        "idle_projects": tally.idle_projects,
        "idle_capital": _text(tally.idle_capital),
    }


def _against(one: Against) -> Document:
    return {
        "on_time": one.on_time,
        "late": one.late,
        "undated": one.undated,
        "done": one.done,
        "done_late": one.done_late,
        "late_capital": _text(one.late_capital),
        "mean_months": None if one.mean_months is None else _text(one.mean_months, "0.1"),
        "bands": dict(sorted(one.bands.items())),
    }


def _causes(counted: Counted, policy: Policy) -> Document:
    listed = [
        {"code": code, "vi": cause.vi, "en": cause.en, "side": cause.side, "projects": projects}
        for code, cause in policy.causes.items()
        if (projects := counted.causes[code])
    ]
    return {
        "listed": sorted(listed, key=lambda one: -one["projects"]),
        "sides": {side: counted.sides[side] for side in ("state", "investor", "objective")},
        "without": counted.without_cause,
    }


def _slip(slip: Slip) -> Document:
    return {
        "code": slip.code,
        "name": slip.name,
        "before": slip.before.isoformat(),
        "after": slip.after.isoformat(),
        "months": slip.months,
    }


def _text(amount: Decimal, places: str = "1") -> str:
    return f"{amount.quantize(Decimal(places), ROUND_HALF_UP):f}"
