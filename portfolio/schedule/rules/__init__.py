"""Is a project late, stalled or on its way to revocation, by which rule, and since when.

`evaluate` is a pure function of a project's facts, a policy and a day. `docs/delay.md` tells the
rules in words; a rule is one function here and one entry in the policy.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from portfolio.schedule.known import Facts
from portfolio.schedule.policy_text import Policy, Rule
from portfolio.schedule.rules import endings, investment, land, silence
from portfolio.schedule.rules.case import Case
from portfolio.schedule.rules.clock import Day
from portfolio.schedule.rules.finding import Finding, Step

__all__ = [
    "RULES",
    "Evaluation",
    "Finding",
    "Step",
    "evaluate",
    "evaluate_case",
    "refuse_adjustment",
]

RULES: Final[dict[str, Callable[[Case, Rule], Iterable[Finding]]]] = {
    "SPECIAL": endings.special_mechanism,
    "INV-LATE": investment.late,
    "INV-T24-WARN": investment.nearing_24_months,
    "INV-T24": investment.past_24_months,
    "TERM-END": endings.operating_term_over,
    "T-SUSP": endings.unable_to_remedy,
    "T-LOC6": endings.site_lost,
    "T-NOCONTACT12": endings.out_of_contact,
    "T-LAND": endings.land_recovered,
    "T-DEPOSIT": endings.deposit_missing,
    "T-SHAM": endings.sham_found,
    "T-COURT": endings.judged,
    "T-DISSOLVED": endings.dissolved,
    "SUS-12": endings.stopped_12_months,
    "LAND-12": land.unused_12_months,
    "LAND-24": land.behind_24_months,
    "LAND-EXT": land.extension_running,
    "LAND-RECOVER": land.extension_over,
    "REP-Q": silence.unreported,
    "REP-Y": silence.unreported,
    "REP-M6": silence.unreported,
    "REP-MY": silence.unreported,
    "UNDATED": silence.undated,
    "STALLED": silence.stalled,
    "EZA-MARK": endings.delay_marked,
}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What holds for a project on a day.

    `findings` are in order of precedence. `schedule_state` is one of `on_time`, `late`, `silent`,
    `undated`, `done`. Nothing here changes before `next_change_on` without new data; None: never.
    """

    on: date
    findings: tuple[Finding, ...]
    schedule_state: str
    next_change_on: date | None


def evaluate(facts: Facts, policy: Policy, on: date) -> Evaluation:
    """Every rule of the policy, asked of one project on one day."""
    return evaluate_case(Case(facts, policy, Day(on)))


def evaluate_case(case: Case) -> Evaluation:
    """The same of a case at hand, of whose day more can then be asked."""
    policy, on = case.policy, case.day.on
    if case.closed:
        return Evaluation(on, (), "done", None)
    found: list[Finding] = []
    for rule in policy.rules.values():
        ask = RULES.get(rule.id)
        if ask is not None and not rule.off and (rule.when_done or not case.done):
            found.extend(ask(case, rule))
    if len(found) > 1:
        found = _in_order(_held_by_special(found), policy)
    return Evaluation(on, tuple(found), _state(case, found), case.day.next_change)


def refuse_adjustment(
    facts: Facts, policy: Policy, on: date, phase_id: str, proposed_end: date, exception: str | None
) -> Finding | None:
    """ADJ-CAP24: the refusal of a proposed end for a phase, or None when the cap allows it.

    `exception` is the code of a point of Article 33.4 that the investor relies on, if any.
    """
    rule = policy.rules.get("ADJ-CAP24")
    if rule is None:
        return None
    case = Case(facts, policy, Day(on))
    return next(
        investment.adjustment_beyond_cap(case, rule, phase_id, proposed_end, exception), None
    )


def _held_by_special(found: list[Finding]) -> list[Finding]:
    """Under a special resolution every other finding is shown but held."""
    if not any(finding.rule == "SPECIAL" for finding in found):
        return found
    return [f if f.rule == "SPECIAL" else f.hold("SPECIAL") for f in found]


def _in_order(found: list[Finding], policy: Policy) -> list[Finding]:
    """In order of precedence; findings of one severity keep the order of the policy's rules."""
    rank, last = policy.precedence, len(policy.precedence)
    return sorted(found, key=lambda finding: rank.get(finding.severity, last))


def _state(case: Case, found: list[Finding]) -> str:
    """One state: done before undated before late before silent before on time.

    What is known to be late stays late when it is silent too; silence takes a project out of
    "on time" only. A held finding is still a fact: a late project under a hold is late.
    """
    if case.done:
        return "done"
    if not case.dated:
        return "undated"
    if any(finding.rule == "INV-LATE" for finding in found):
        return "late"
    silent = any(finding.rule in case.policy.report_duties for finding in found)
    return "silent" if silent else "on_time"
