"""From which days a project's lateness, silence and idle land are worked out on any later day.

Pure (◆). A register line keeps these days instead of numbers that grow every night: lateness on a day
is the months since a target, idle hectare-days are hectares times days. Where a value changes with
the passing of days alone, the case's `Day` is told, so that the project is judged again on that day.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from portfolio.schedule.pauses import Shifted
from portfolio.schedule.promised import approved_versions, first_target, objective
from portfolio.schedule.rules.case import Case, Promise
from portfolio.schedule.rules.finding import Finding

State = dict[str, Any]

DAY_ZERO: Final = date(2000, 1, 1)
"""From here the days on which land began to lie idle are counted."""


class Targets(NamedTuple):
    """The days to keep of the first approval, of the latest moved by pauses, and of the forecasts."""

    first: date | None = None
    latest: date | None = None
    forecast: date | None = None


class Clocked(NamedTuple):
    """The days and sums of one project; each None where there is nothing to count from.

    Of a project that is not done the three targets are the earliest days not kept, of milestones and
    of the objectives of phases; `latest_target_on` leaves out what an open pause keeps from running.
    Of a done one they are those of the phase completed last. `idle_ha` are hectares handed over and
    not in use; `idle_weight` adds up hectares times the days from `DAY_ZERO` until they fell idle.
    """

    first_target_on: date | None = None
    latest_target_on: date | None = None
    forecast_target_on: date | None = None
    expected_on: date | None = None
    done_on: date | None = None
    silent_since: date | None = None
    idle_ha: Decimal | None = None
    idle_weight: Decimal | None = None


NOTHING: Final = Clocked()


def clocks_of(case: Case, findings: Iterable[Finding], state: State) -> Clocked:
    """The clocks of a case whose facts were gathered from that state, and its findings of the day."""
    if case.closed:
        return NOTHING
    pairs = list(zip(case.promises, state.get("phases", ()), strict=True))
    done_on = _done_on(pairs) if case.done else None
    if case.done:
        targets = _kept_last(case, pairs, done_on)
    else:
        targets = _not_kept(case, pairs, approved_versions(state, case.policy))
    idle_ha, idle_weight = _idle(case)
    return Clocked(
        first_target_on=targets.first,
        latest_target_on=targets.latest,
        forecast_target_on=targets.forecast,
        expected_on=None if case.done else _expected(pairs),
        done_on=done_on,
        silent_since=_silent_since(case, findings),
        idle_ha=idle_ha,
        idle_weight=idle_weight,
    )


def causes_of(case: Case) -> tuple[str, ...]:
    """The codes that delay marks and accepted pauses name, each once; withdrawn marks are no facts."""
    if case.closed:
        return ()
    named = {mark.cause for mark in case.facts.marks if case.day.reached(mark.on)}
    named |= {
        pause.cause
        for pause in case.facts.pauses
        if pause.status == "accepted" and case.day.reached(pause.begins)
    }
    return tuple(sorted(cause for cause in named if cause is not None))


Pairs = list[tuple[Promise, State]]
"""Each phase as of the day, with what the state document says of it."""


# Not done yet ---------------------------------------------------------------------------------


def _not_kept(case: Case, pairs: Pairs, approved: frozenset[int]) -> Targets:
    """The earliest targets of all objectives and milestones that are open and bind the investor."""
    firsts: list[date | None] = []
    latests: list[date | None] = []
    planned: list[str] = []
    forecasts: list[str] = []
    for promise, row in pairs:
        if promise.completed or not (promise.approved or case.bound):
            continue
        firsts.append(_first_end(case, promise))
        latests.append(_running(promise.end))
        for milestone, line in zip(promise.phase.milestones, row["milestones"], strict=True):
            if case.day.reached(milestone.met_on):
                continue
            first = first_target(line, approved)
            if first is not None:
                planned.append(first["planned_on"])
            if line.get("forecast_on"):
                forecasts.append(line["forecast_on"])
            latests.append(_running(case.milestone_end(promise, milestone)))
    # Days as text are in the order of days, so only the earliest is read.
    firsts.append(_day(min(planned, default=None)))
    return Targets(_earliest(firsts), _earliest(latests), _day(min(forecasts, default=None)))


def _first_end(case: Case, promise: Promise) -> date | None:
    """The end that the first approved schedule of a phase set; of the first when none is approved."""
    schedules = promise.phase.schedules
    first = next((one for one in schedules if case.is_approved(one)), None)
    return (first or schedules[0]).end if schedules else None


def _running(end: Shifted | None) -> date | None:
    return None if end is None or end.stands_still else end.end


def _earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _expected(pairs: Pairs) -> date | None:
    """When the last open objective is expected: by its forecast, else by the latest approval.

    Unknown while a pause without an end keeps one of them from running that nobody forecasts.
    """
    days: list[date] = []
    for promise, row in pairs:
        if promise.completed:
            continue
        forecast = _day((objective(row) or {}).get("forecast_on"))
        if forecast is None and promise.end is not None and promise.end.stands_still:
            return None
        day = forecast or _running(promise.end)
        if day is not None:
            days.append(day)
    return max(days, default=None)


# Done -----------------------------------------------------------------------------------------


def _done_on(pairs: Pairs) -> date | None:
    """The day on which the last objective was completed; unknown where one of them is."""
    days = [promise.phase.completed_on for promise, _ in pairs if promise.completed]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(pairs) else None


def _kept_last(case: Case, pairs: Pairs, done_on: date | None) -> Targets:
    """The targets of the phase completed last; of several the earliest ones."""
    if done_on is None:
        return Targets()
    last = [pair for pair in pairs if pair[0].phase.completed_on == done_on]
    return Targets(
        _earliest(_first_end(case, promise) for promise, _ in last),
        _earliest(promise.end.end for promise, _ in last if promise.end is not None),
        _earliest(_day((objective(row) or {}).get("forecast_on")) for _, row in last),
    )


# Both -----------------------------------------------------------------------------------------


def _silent_since(case: Case, findings: Iterable[Finding]) -> date | None:
    """The first day on which a report was missing that is missing still."""
    rules = case.policy.report_duties
    return _earliest(one.since for one in findings if one.rule in rules)


def _idle(case: Case) -> tuple[Decimal | None, Decimal | None]:
    """Hectares that lie idle since a known day, and their weight; None when there are none."""
    known = [
        (idle.parcel.area_ha, (idle.begins - DAY_ZERO).days)
        for idle in case.idle_parcels
        if idle.begins is not None and idle.parcel.area_ha is not None
    ]
    if not known:
        return None, None
    return sum((ha for ha, _ in known), Decimal(0)), sum((ha * n for ha, n in known), Decimal(0))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
