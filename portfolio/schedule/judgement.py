"""One project judged on a day: its findings, its clocks and its coming deadlines, from one reading.

Pure (◆): state document, policy and day in, everything that is stored of a project out. None of it
changes before `next_change_on` without new facts, so a night touches only what is due.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portfolio.schedule.clocks import Clocked, causes_of, clocks_of
from portfolio.schedule.coming import Deadline, coming_deadlines
from portfolio.schedule.facts import read_facts
from portfolio.schedule.gather import facts_document
from portfolio.schedule.policy_text import Policy
from portfolio.schedule.rules import Finding, evaluate_case
from portfolio.schedule.rules.case import Case
from portfolio.schedule.rules.clock import Day

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What holds for a project on a day; `findings` and `schedule_state` as `rules.evaluate` says.

    Deadlines go by without being rewritten: those before the day on which they are read are over.
    """

    findings: tuple[Finding, ...]
    schedule_state: str
    clocks: Clocked
    causes: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    next_change_on: date | None


def judge_state(state: State, policy: Policy, on: date) -> Judgement:
    """Judge a project by its state document. Raises BadDocument when its facts contradict each other."""
    case = Case(read_facts(facts_document(state, policy, on)), policy, Day(on))
    evaluation = evaluate_case(case)
    clocks = clocks_of(case, evaluation.findings, state)
    causes = causes_of(case)
    deadlines = coming_deadlines(case)
    return Judgement(
        findings=evaluation.findings,
        schedule_state=evaluation.schedule_state,
        clocks=clocks,
        causes=causes,
        deadlines=deadlines,
        # Asked last: clocks and deadlines turn on days as well.
        next_change_on=None if case.closed else case.day.next_change,
    )
