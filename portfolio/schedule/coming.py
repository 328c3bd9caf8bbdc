"""The coming deadlines of one project: the days that its papers and clocks set, not yet over.

Pure (◆). Days on which reports fall due are not among them: they are the same for all projects. A
day that an open pause or running force majeure pushes on with every day is no deadline yet.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from portfolio.notation import N_
from portfolio.schedule.pauses import Shifted
from portfolio.schedule.policy_text import Rule
from portfolio.schedule.rules import investment, land
from portfolio.schedule.rules.case import Case
from portfolio.schedule.rules.clock import Term, run_term
from portfolio.schedule.rules.parcels import Idle
from portfolio.schedule.terms import add_months

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "milestone": N_("Milestone"),
        "schedule_end": N_("End of the approved schedule"),
        "ground_24": N_("24 months past the schedule"),
        "land_12": N_("Land unused for 12 months"),
        "land_24": N_("Land use 24 months behind"),
        "land_extension": N_("Land extension ends"),
        "term_warning": N_("Operating term ends soon"),
        "term_end": N_("Operating term ends"),
        "deposit_due": N_("Deposit due"),
        "guarantee_expires": N_("Deposit guarantee expires"),
    }
)
"""What can fall due, with its name on screen, to be translated."""


class Deadline(NamedTuple):
    """The last day of something: of a milestone, a term, a paper.

    `scope` names the part, as findings do: `phase:1`, `milestone:1/operation`, `parcel:A`; it is
    `months:12` of a warning, and `project` otherwise. With `kind` it is unique in a project.
    """

    kind: str
    scope: str
    on: date


def coming_deadlines(case: Case) -> tuple[Deadline, ...]:
    """What falls due on the day of evaluation or later, in the order of days."""
    if case.closed:
        return ()
    found = [
        *_of_schedule(case),
        *_of_ground(case),
        *_of_land(case),
        *_of_term(case),
        *_of_deposit(case),
    ]
    on = case.day.on
    return tuple(sorted((one for one in found if one.on >= on), key=lambda one: (one.on, one)))


def _rule(case: Case, name: str) -> Rule | None:
    """The rule that would speak of the case, if it may: one may be off, or silent once all is done."""
    rule = case.policy.rules.get(name)
    if rule is None or rule.off or (case.done and not rule.when_done):
        return None
    return rule


def _of_schedule(case: Case) -> Iterator[Deadline]:
    """Open milestones; and the end of a phase unless one of its milestones says that day already."""
    for promise in case.promises:
        if case.done or promise.completed or not (promise.approved or case.bound):
            continue
        days = set()
        for milestone in promise.phase.milestones:
            day = _running(case.milestone_end(promise, milestone))
            # Most open milestones of a late project are over: they are not even named.
            if day is not None and day >= case.day.on:
                days.add(day)
                yield Deadline("milestone", f"milestone:{promise.phase.id}/{milestone.name}", day)
        end = _running(promise.end)
        if end is not None and end not in days:
            yield Deadline("schedule_end", promise.scope, end)


def _running(end: Shifted | Term | None) -> date | None:
    if end is None or end.stands_still:
        return None
    return end.end if isinstance(end, Shifted) else end.deadline


def _of_ground(case: Case) -> Iterator[Deadline]:
    """The end of the 24 months after the schedule of a phase that is late already."""
    rule = _rule(case, "INV-T24")
    if rule is None or case.recovered or not investment.may_be_a_ground(case):
        return
    for promise, end in investment.overdue(case):
        day = _running(run_term(end.end, rule.months, end.rest, case.policy.holidays))
        if day is not None:
            yield Deadline("ground_24", promise.scope, max(day, rule.begins or day))


def _of_land(case: Case) -> Iterator[Deadline]:
    unused, behind = _rule(case, "LAND-12"), _rule(case, "LAND-24")
    running = _rule(case, "LAND-EXT")
    for idle in case.idle_parcels:
        days = {
            "land_12": _running(land.unused_term(case, unused, idle)) if unused else None,
            "land_24": _behind(case, behind, idle) if behind else None,
            "land_extension": _running(land.extension_end(case, running, idle))
            if running
            else None,
        }
        yield from (Deadline(kind, idle.scope, on) for kind, on in days.items() if on is not None)


def _behind(case: Case, rule: Rule, idle: Idle) -> date | None:
    counted = land.behind_term(case, rule, idle)
    return None if counted is None or counted[0].stands_still else _running(counted[1])


def _of_term(case: Case) -> Iterator[Deadline]:
    rule, end = _rule(case, "TERM-END"), case.facts.operating_end
    if rule is None or end is None:
        return
    yield Deadline("term_end", "project", end)
    for months in rule.settings["warning_months"]:
        yield Deadline("term_warning", f"months:{months}", add_months(end, -months))


def _of_deposit(case: Case) -> Iterator[Deadline]:
    deposit = case.facts.deposit
    if _rule(case, "T-DEPOSIT") is None or not deposit.required or deposit.exemption is not None:
        return
    paid = case.day.reached(deposit.paid_on)
    expires_on = deposit.guarantee_expires_on
    if expires_on is not None:
        replaced = paid and deposit.paid_on is not None and deposit.paid_on > expires_on
        if not replaced:
            yield Deadline("guarantee_expires", "project", expires_on)
    elif deposit.due_on is not None and not paid:
        yield Deadline("deposit_due", "project", deposit.due_on)
