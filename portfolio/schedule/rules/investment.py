"""Behind the investment schedule: late, nearing 24 months, past 24 months, and the cap on adjusting."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final

from portfolio.schedule.known import Milestone
from portfolio.schedule.pauses import Shifted
from portfolio.schedule.policy_text import Rule
from portfolio.schedule.rules.case import Case, Promise
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
from portfolio.schedule.terms import ONE_DAY, add_months

POLICY_APPROVAL: Final = "ipa"


def late(case: Case, rule: Rule) -> Iterator[Finding]:
    """INV-LATE: a phase or milestone is not met after its end as moved by pauses."""
    for promise in case.promises:
        if promise.completed or not (promise.approved or case.bound):
            continue
        if promise.end is not None and _is_over(case, promise.end):
            yield from _late_phase(case, rule, promise, promise.end)
        for milestone in promise.phase.milestones:
            yield from _late_milestone(case, rule, promise, milestone)


def _is_over(case: Case, end: Shifted) -> bool:
    return case.day.past(end.end, stands_still=end.stands_still)


def _late_phase(case: Case, rule: Rule, promise: Promise, end: Shifted) -> Sequence[Finding]:
    return case.findings(
        rule,
        promise.scope,
        end.end + ONE_DAY,
        end.end,
        partial(_late_phase_steps, case, promise, end),
        names_scope=case.has_phases,
    )


def _late_phase_steps(case: Case, promise: Promise, end: Shifted) -> Iterator[Step]:
    yield Step("case", "phase")
    yield from _schedule_steps(case, promise, end)
    yield from day_steps(case.day, end.end)


def _late_milestone(
    case: Case, rule: Rule, promise: Promise, milestone: Milestone
) -> Sequence[Finding]:
    end = case.milestone_end(promise, milestone)
    if end is None or not _is_over(case, end):
        return ()
    return case.findings(
        rule,
        f"milestone:{promise.phase.id}/{milestone.name}",
        end.end + ONE_DAY,
        end.end,
        partial(_late_milestone_steps, case, promise, milestone, end),
        names_scope=case.has_phases,
    )


def _late_milestone_steps(
    case: Case, promise: Promise, milestone: Milestone, end: Shifted
) -> Iterator[Step]:
    at = promise.source(milestone.at)
    yield Step("case", "milestone")
    yield Step("milestone", milestone.kind or milestone.name, f"{at}.kind")
    yield from _end_steps(case, milestone.planned, f"{at}.planned", end)
    yield from day_steps(case.day, end.end)


def _schedule_steps(case: Case, promise: Promise, end: Shifted) -> Iterator[Step]:
    """The schedule in force, and how pauses moved its end."""
    schedule = promise.schedule
    if schedule is None:
        return
    at = promise.source(schedule.at)
    kind = schedule.kind or ("approved" if promise.approved else "registered")
    yield Step("schedule_kind", kind, f"{at}.kind")
    if schedule.approved_on is not None:
        yield Step("schedule_approved_on", schedule.approved_on, f"{at}.approved_on")
    yield from _end_steps(case, schedule.end, f"{at}.end", end)


def _end_steps(case: Case, planned: date | None, source: str, end: Shifted) -> Iterator[Step]:
    yield Step("planned_end", planned, source)
    if end.used:
        yield from pause_steps("pause", end.used, case.pause_sources())
        yield Step("effective_end", end.end)


def overdue(case: Case) -> Iterator[tuple[Promise, Shifted]]:
    """The phases that are late against an approved schedule, with its moved end."""
    for promise in case.promises:
        end = promise.end
        if end is None or promise.completed or not promise.approved:
            continue
        # Until the end is over its months have not begun, and the day after it is a day of change.
        if _is_over(case, end):
            yield promise, end


def _term(case: Case, end: Shifted, months: int) -> Term:
    return run_term(end.end, months, end.rest, case.policy.holidays)


def nearing_24_months(case: Case, rule: Rule) -> Iterator[Finding]:
    """INV-T24-WARN: late, and past a warning month. One finding; its stage grows with time."""
    for promise, end in overdue(case):
        stages: list[Term] = []
        for months in rule.settings["warning_months"]:
            term = _term(case, end, months)
            if not case.day.expired(term):
                break
            stages.append(term)
        if stages:
            deadline = stages[0].deadline
            yield from case.findings(
                rule,
                promise.scope,
                deadline + ONE_DAY,
                deadline,
                partial(_warning_steps, case, rule, promise, end, stages),
                names_scope=case.has_phases,
            )


def _warning_steps(
    case: Case, rule: Rule, promise: Promise, end: Shifted, stages: Sequence[Term]
) -> Iterator[Step]:
    stage = stages[-1]
    yield from _schedule_steps(case, promise, end)
    yield setting(rule, "warning_months", stage.months, case.policy.version)
    yield Step("warning_deadline", stage.deadline)
    ground = case.policy.rules["INV-T24"]
    term = _term(case, end, ground.months)
    yield setting(ground, "ground_months", term.months, case.policy.version)
    yield Step("ground_deadline", term.deadline)
    # The first stage set the first day, the last one and the ground the days shown above.
    rolls = [(one.end, one.deadline) for one in (stages[0], stage, term)]
    yield from unknown_holidays(rolls, case.policy.holidays)
    yield from day_steps(case.day, stage.deadline)


def may_be_a_ground(case: Case) -> bool:
    """Whether a schedule that is long over can end the project: not while it may be adjusted."""
    facts = case.facts
    return not facts.pending_adjustment and facts.no_adjustment_right is not False


def past_24_months(case: Case, rule: Rule) -> Iterator[Finding]:
    """INV-T24: objectives not completed 24 months after the end of the latest approved schedule.

    Not while an adjustment is pending, not where a right to adjust is on record, and not in a case
    of land recovery. Where nobody recorded whether a right is left, it is raised for an opinion.
    """
    facts = case.facts
    if not may_be_a_ground(case):
        return
    for promise, end in overdue(case):
        term = _term(case, end, rule.months)
        if not case.day.expired(term) or case.recovered:
            continue
        opinions = []
        if rule.begins is not None and end.end < rule.begins:
            opinions.append("ended_before_law")
        if facts.no_adjustment_right is None:
            opinions.append("right_unknown")
        yield from case.findings(
            rule,
            promise.scope,
            term.deadline + ONE_DAY,
            term.deadline,
            partial(_past_24_steps, case, rule, promise, end, term),
            opinions=tuple(opinions),
            names_scope=case.has_phases,
        )


def _past_24_steps(
    case: Case, rule: Rule, promise: Promise, end: Shifted, term: Term
) -> Iterator[Step]:
    yield from _schedule_steps(case, promise, end)
    pauses = pause_steps("term_pause", term.paused, case.pause_sources())
    yield from term_steps(rule, term, case.policy, pauses)
    yield Step("no_adjustment_right", case.facts.no_adjustment_right, "no_adjustment_right")
    yield from day_steps(case.day, term.deadline)


def adjustment_beyond_cap(
    case: Case, rule: Rule, phase_id: str, proposed_end: date, exception: str | None
) -> Iterator[Finding]:
    """ADJ-CAP24: a proposed end later than 24 months after the first approved one is refused.

    Only for a project with an investment policy approval, and unless an exception code of the
    article in force is given with its paper. It is asked of a proposal, not evaluated every day.
    """
    basis = rule.article_on(case.day.on)
    if not case.facts.has_ipa or basis is None:
        return
    exceptions = basis.settings.get("exceptions", rule.settings["exceptions"])
    first = _first_approved_end(case, phase_id)
    if exception in exceptions or first is None:
        return
    end, source = first
    cap = add_months(end, rule.months)
    if proposed_end > cap:
        steps = (
            Step("planned_end", end, source),
            setting(rule, "months", rule.months, case.policy.version),
            Step("term_end", cap),
            Step("proposed_end", proposed_end, "proposal"),
        )
        yield from case.findings(
            rule, f"phase:{phase_id}", None, cap, lambda: steps, names_scope=case.has_phases
        )


def _first_approved_end(case: Case, phase_id: str) -> tuple[date, str] | None:
    """The end that the first policy approval of a phase set, and its path; no later paper changes it.

    Where no schedule says that it stands in a policy approval, the first approved one is taken.
    """
    for promise in case.promises:
        if promise.phase.id == phase_id:
            ends = [
                (one.kind != POLICY_APPROVAL, number, one.end, promise.source(f"{one.at}.end"))
                for number, one in enumerate(promise.phase.schedules)
                if one.end is not None and case.is_approved(one)
            ]
            if ends:
                _, _, end, source = min(ends)
                return end, source
    return None
