"""How late, as statistics: three numbers that always stand together, bands, means, new slippage.

Months here are started months: one day late is one month, and a project is in its 25th month from
the day after `add_months(target, 24)` on. They serve reports and are never a legal term: a legal
term is rolled, and lives in `portfolio.schedule.rules`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from portfolio.schedule.known import Facts
from portfolio.schedule.policy_text import Band, Policy
from portfolio.schedule.rules.case import Case
from portfolio.schedule.rules.clock import Day
from portfolio.schedule.terms import ONE_DAY, add_months


@dataclass(frozen=True, slots=True)
class Slip:
    """Lateness against one target. On time or early: no days, no months, no band."""

    target: date
    days: int
    months: int
    band: str | None


@dataclass(frozen=True, slots=True)
class Lateness:
    """The three numbers of a milestone or phase; None where there is no such target."""

    first: Slip | None
    latest: Slip | None
    forecast: Slip | None


def months_late(target: date, reached: date) -> int:
    """How many months after the target have begun: the least n with reached <= target + n months."""
    if reached <= target:
        return 0
    months = (reached.year - target.year) * 12 + reached.month - target.month
    return months if reached <= add_months(target, months) else months + 1


def last_target(on: date, months: int) -> date:
    """The latest target that is more than that many months past on a day.

    The turned-round `months_late`: ``months_late(t, on) > months`` exactly for t up to this day, so that
    a band of months is a range of days that a database can look up. Months shorter than a target's day
    make several targets end together, which no subtraction of months tells; hence the search.
    """
    target = add_months(on, -months)
    while add_months(target, months) >= on:
        target -= ONE_DAY
    while add_months(target + ONE_DAY, months) < on:
        target += ONE_DAY
    return target


def targets_of(band: Band, on: date) -> tuple[date | None, date]:
    """The targets, first and last, that are so many months past on a day; no first: any before."""
    first = None if math.isinf(band.most) else last_target(on, int(band.most)) + ONE_DAY
    return first, last_target(on, band.least - 1)


def band_of(months: int, bands: Iterable[Band]) -> str | None:
    """The name of the band that so many months fall in; None when not late."""
    return next((band.name for band in bands if band.least <= months <= band.most), None)


def slip(target: date | None, reached: date, bands: Iterable[Band]) -> Slip | None:
    """Lateness on the day something was met, or on the day of evaluation while it is not."""
    if target is None:
        return None
    months = months_late(target, reached)
    return Slip(target, max(0, (reached - target).days), months, band_of(months, bands))


def three_numbers(
    *,
    first: date | None,
    latest: date | None,
    forecast: date | None,
    met_on: date | None,
    on: date,
    bands: Sequence[Band],
) -> Lateness:
    """Against the first approval, the latest approval and the current forecast.

    An extension changes the latest and never the first. What is met later than `on` is not met yet.
    """
    reached = met_on if met_on is not None and met_on <= on else on
    return Lateness(
        first=slip(first, reached, bands),
        latest=slip(latest, reached, bands),
        forecast=slip(forecast, reached, bands),
    )


def worst(all_numbers: Iterable[Lateness]) -> Lateness:
    """The three numbers of a project: of each, the latest of its phases or milestones."""
    numbers = list(all_numbers)
    return Lateness(
        first=_longest(one.first for one in numbers),
        latest=_longest(one.latest for one in numbers),
        forecast=_longest(one.forecast for one in numbers),
    )


def _longest(slips: Iterable[Slip | None]) -> Slip | None:
    return max((one for one in slips if one is not None), key=lambda one: one.days, default=None)


def phase_lateness(facts: Facts, policy: Policy, on: date) -> dict[str, Lateness]:
    """The numbers of each phase by its id, as far as a facts document tells: it has no forecasts.

    The first is the end that the first approval wrote; the latest has accepted pauses added.
    """
    case = Case(facts, policy, Day(on))
    numbers: dict[str, Lateness] = {}
    for promise in case.promises:
        approved = [one for one in promise.phase.schedules if case.is_approved(one) and one.end]
        numbers[promise.phase.id] = three_numbers(
            first=approved[0].end if approved else None,
            latest=promise.end.end if promise.approved and promise.end else None,
            forecast=None,
            met_on=promise.phase.completed_on,
            on=on,
            bands=policy.bands,
        )
    return numbers


@dataclass(frozen=True, slots=True)
class Spread:
    """A portfolio's lateness: how many late by band, and the mean months of those that are late."""

    by_band: dict[str, int]
    late: int
    mean_months: Fraction | None


def spread(slips: Iterable[Slip | None], bands: Sequence[Band]) -> Spread:
    """Count slips by band; what is on time or has no target is left out of counts and mean."""
    late = [one for one in slips if one is not None and one.months]
    by_band = dict.fromkeys((band.name for band in bands), 0)
    for one in late:
        if one.band is not None:
            by_band[one.band] += 1
    mean = Fraction(sum(one.months for one in late), len(late)) if late else None
    return Spread(by_band, len(late), mean)


def new_slippage(earlier: date | None, current: date | None) -> int:
    """By how many days a forecast moved later since the last closed month; 0 when it did not."""
    if earlier is None or current is None:
        return 0
    return max(0, (current - earlier).days)
