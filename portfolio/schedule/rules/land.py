"""Land that is not put to use: a clock for every parcel, its extension and its force majeure.

Only force majeure recorded on the parcel moves a land clock; pauses of the investment schedule do
not (Land Law 31/2024/QH15, Article 81.8 and 81.9).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from portfolio.schedule.known import Span
from portfolio.schedule.pauses import Interval, Shifted, clip, eff_end, shift
from portfolio.schedule.policy_text import Rule
from portfolio.schedule.rules.case import Case, sources_of
from portfolio.schedule.rules.clock import Term, run_term
from portfolio.schedule.rules.finding import (
    Finding,
    Step,
    day_steps,
    pause_steps,
    setting,
    term_steps,
    unknown_holidays,
)
from portfolio.schedule.rules.parcels import Idle
from portfolio.schedule.terms import ONE_DAY, add_months, roll

FORCE_MAJEURE: Final = "LAND-FM"
EXTENSION: Final = "LAND-EXT"


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension as it counts: no longer than the law allows, moved by force majeure."""

    span: Span
    limit: date
    last_day: Shifted
    too_long: bool


def _extension(case: Case, idle: Idle, months: int) -> Extension | None:
    """The extension that has begun; without an end of its own it runs as long as the law allows.

    The end that a decision writes down is a date and is not rolled; the longest one is a term.
    """
    span = idle.parcel.extension
    if span is None or not case.day.reached(span.begins):
        return None
    limit = add_months(span.begins, months)
    if span.ends is None or span.ends > limit:
        limit = roll(limit, case.policy.holidays)
    too_long = span.ends is not None and span.ends > limit
    last = limit if span.ends is None else min(span.ends, limit)
    last_day = shift(last, clip(idle.force_majeure, span.begins))
    if idle.begins is not None and last_day.end < idle.begins:
        # It was over before the land fell idle: it has nothing to do with this idleness.
        return None
    return Extension(span, limit, last_day, too_long)


def _holds(case: Case, idle: Idle) -> tuple[str, ...]:
    """What holds a finding of this parcel on the day: a running extension, running force majeure."""
    held_by: list[str] = []
    rule = case.policy.rules.get(EXTENSION)
    if rule is not None:
        extension = _extension(case, idle, int(rule.settings["extension_months"]))
        if extension is not None and not _is_over(case, extension):
            held_by.append(EXTENSION)
    return (*held_by, *_force_majeure_running(case, idle))


def _is_over(case: Case, extension: Extension) -> bool:
    last = extension.last_day
    return case.day.past(last.end, stands_still=last.stands_still)


def _force_majeure_running(case: Case, idle: Idle) -> tuple[str, ...]:
    running = any(
        case.day.inside(days.begins, None if days.open else days.ends)
        for days in idle.force_majeure
    )
    return (FORCE_MAJEURE,) if running else ()


def _pauses(case: Case, idle: Idle, name: str, used: Sequence[Interval]) -> Iterator[Step]:
    """The force majeure that moved an end, with its path and paper."""
    at = idle.parcel.at
    known = sources_of(idle.parcel.force_majeure, case.day.on)
    return pause_steps(name, used, ((days, f"{at}.{source}") for days, source in known))


def _not_before(idle: Idle, day: date) -> date:
    """That day, or the first idle day if it is later: land cannot be late before it lies idle."""
    return day if idle.begins is None else max(day, idle.begins)


def unused_12_months(case: Case, rule: Rule) -> Iterator[Finding]:
    """LAND-12: idle for 12 consecutive months since handover, or since use was interrupted."""
    for idle in case.idle_parcels:
        term = unused_term(case, rule, idle)
        if term is not None and case.day.expired(term):
            yield from case.findings(
                rule,
                idle.scope,
                term.deadline + ONE_DAY,
                term.deadline,
                partial(_unused_steps, case, rule, idle, term),
                held_by=_holds(case, idle),
                names_scope=case.has_parcels,
            )


def unused_term(case: Case, rule: Rule, idle: Idle) -> Term | None:
    """The 12 months of a parcel that lies idle since a known day."""
    if idle.begins is None:
        return None
    after = clip(idle.force_majeure, idle.begins + ONE_DAY)
    return run_term(idle.begins, rule.months, after, case.policy.holidays)


def _unused_steps(case: Case, rule: Rule, idle: Idle, term: Term) -> Iterator[Step]:
    yield Step("case", "interruption" if idle.interrupted else "handover")
    yield Step("interrupted_on" if idle.interrupted else "handed_over_on", idle.begins, idle.source)
    pauses = _pauses(case, idle, "term_pause", term.paused)
    yield from term_steps(rule, term, case.policy, pauses)
    yield from day_steps(case.day, term.deadline)


def behind_24_months(case: Case, rule: Rule) -> Iterator[Finding]:
    """LAND-24: never put to use 24 months after the end of the land-use schedule.

    Where the handover is not on record it is raised for an opinion: land that the State has not
    handed over cannot be late in use.
    """
    for idle in case.idle_parcels:
        counted = behind_term(case, rule, idle)
        if counted is None:
            continue
        end, term = counted
        if case.day.past(term.deadline, stands_still=end.stands_still or term.stands_still):
            yield from case.findings(
                rule,
                idle.scope,
                _not_before(idle, term.deadline + ONE_DAY),
                term.deadline,
                partial(_behind_steps, case, rule, idle, end, term),
                opinions=("handover_unknown",) if idle.begins is None else (),
                held_by=_holds(case, idle),
                names_scope=case.has_parcels,
            )


def behind_term(case: Case, rule: Rule, idle: Idle) -> tuple[Shifted, Term] | None:
    """The end of the land schedule of a parcel never used, moved, and the 24 months after it."""
    planned = idle.parcel.schedule_end
    if planned is None or idle.interrupted:
        return None
    end = eff_end(planned, idle.force_majeure, idle.begins)
    return end, run_term(end.end, rule.months, end.rest, case.policy.holidays)


def _behind_steps(case: Case, rule: Rule, idle: Idle, end: Shifted, term: Term) -> Iterator[Step]:
    yield Step("land_schedule_end", idle.parcel.schedule_end, f"{idle.parcel.at}.schedule_end")
    if end.used:
        yield from _pauses(case, idle, "pause", end.used)
        yield Step("effective_end", end.end)
    pauses = _pauses(case, idle, "term_pause", term.paused)
    yield from term_steps(rule, term, case.policy, pauses)
    yield from day_steps(case.day, term.deadline)


def extension_running(case: Case, rule: Rule) -> Iterator[Finding]:
    """LAND-EXT: an extension is running on idle land; its end is counted down."""
    for idle in case.idle_parcels:
        extension = _extension(case, idle, int(rule.settings["extension_months"]))
        if extension is None or _is_over(case, extension):
            continue
        if extension.last_day.stands_still:
            # The end on show moves on with every day that force majeure lasts.
            case.day.changes_on(case.day.on + ONE_DAY)
        yield from case.findings(
            rule,
            idle.scope,
            _not_before(idle, extension.span.begins),
            extension.last_day.end,
            partial(_extension_steps, case, rule, idle, extension),
            opinions=("extension_too_long",) if extension.too_long else (),
            names_scope=case.has_parcels,
        )


def extension_end(case: Case, rule: Rule, idle: Idle) -> Shifted | None:
    """The last day of the extension that is running on a parcel, if one is."""
    extension = _extension(case, idle, int(rule.settings["extension_months"]))
    if extension is None or _is_over(case, extension):
        return None
    return extension.last_day


def extension_over(case: Case, rule: Rule) -> Iterator[Finding]:
    """LAND-RECOVER: the extension is over and the land is still idle."""
    for idle in case.idle_parcels:
        extension = _extension(case, idle, int(rule.settings["extension_months"]))
        if extension is not None and _is_over(case, extension):
            yield from case.findings(
                rule,
                idle.scope,
                _not_before(idle, extension.last_day.end + ONE_DAY),
                extension.last_day.end,
                partial(_extension_steps, case, rule, idle, extension),
                opinions=("extension_too_long",) if extension.too_long else (),
                held_by=_force_majeure_running(case, idle),
                names_scope=case.has_parcels,
            )


def _extension_steps(case: Case, rule: Rule, idle: Idle, extension: Extension) -> Iterator[Step]:
    span, at, last = extension.span, f"{idle.parcel.at}.extension", extension.last_day.end
    yield Step("extension_from", span.begins, f"{at}.from")
    if span.ends is not None:
        yield Step("extension_to", span.ends, f"{at}.to")
    if span.paper is not None:
        yield Step("extension_decision", span.paper, f"{at}.decision")
    if span.ends is None or extension.too_long:
        months = int(rule.settings["extension_months"])
        yield setting(rule, "extension_months", months, case.policy.version)
        yield Step("extension_limit", extension.limit)
        rolled = (add_months(span.begins, months), extension.limit)
        yield from unknown_holidays([rolled], case.policy.holidays)
    yield from _pauses(case, idle, "pause", extension.last_day.used)
    yield Step("deadline", last)
    if case.day.on > last:
        yield from day_steps(case.day, last)
    else:
        yield Step("on", case.day.on)
        yield Step("days_left", (last - case.day.on).days)
