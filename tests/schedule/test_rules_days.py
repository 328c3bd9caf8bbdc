"""Whatever the facts, days may be walked: nothing changes before the day that is announced."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portfolio.schedule.documents import BadDocument
from portfolio.schedule.facts import read_facts
from portfolio.schedule.known import Facts
from portfolio.schedule.rules import Evaluation, evaluate
from tests.schedule.law import POLICY
from tests.schedule.made_facts import DAY, FIRST, Dice, documents

FURTHEST = 800


def read(document: dict[str, Any]) -> Facts:
    try:
        return read_facts(document)
    except BadDocument:
        assume(False)
        raise


def seen(result: Evaluation) -> tuple[Any, ...]:
    """All that may not change between two days of change: everything but the count of days."""
    return (
        result.schedule_state,
        [
            (finding, [s for s in finding.steps if s.name == "warning_months"])
            for finding in result.findings
        ],
    )


def walk(facts: Facts, on: date) -> None:
    """Nothing changes on any day before the announced one."""
    result = evaluate(facts, POLICY, on)
    change = result.next_change_on
    assert change is None or change > on
    last = min(change or date.max, on + FURTHEST * DAY)
    day = on + DAY
    while day < last:
        assert seen(evaluate(facts, POLICY, day)) == seen(result), day
        day += DAY


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
@given(documents, st.integers(200, 2800))
def test_nothing_changes_before_the_announced_day(document, after):
    walk(read(document), FIRST + after * DAY)


@pytest.mark.parametrize("first", range(2000, 2060, 10))
def test_nothing_changes_before_the_announced_day_in_crowded_lives(first):
    for number in range(first, first + 10):
        dice = Dice(number)
        try:
            facts = read_facts(dice.project())
        except BadDocument:
            continue
        walk(facts, dice.asked() - 300 * DAY)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
@given(documents, st.integers(200, 2800))
def test_a_finding_began_on_the_day_it_names_and_not_before(document, after):
    facts, on = read(document), FIRST + after * DAY
    for finding in evaluate(facts, POLICY, on).findings:
        # A report that came late was missing before; a milestone may predate its schedule's approval.
        if finding.since is None or finding.rule.startswith("REP") or finding.scope[0] == "m":
            continue
        assert finding.since <= on
        for day, holds in ((finding.since, True), (finding.since - DAY, False)):
            found = evaluate(facts, POLICY, day).findings
            same = [
                one
                for one in found
                if (one.rule, one.scope) == (finding.rule, finding.scope)
                and (one.rule != "TERM-END" or one.severity == finding.severity)
            ]
            assert bool(same) is holds, (finding, day)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
@given(documents, st.integers(200, 2800))
def test_every_finding_can_be_said_in_both_languages(document, after):
    for finding in evaluate(read(document), POLICY, FIRST + after * DAY).findings:
        for said in (finding.vi, finding.en):
            assert said.startswith(f"{finding.rule}: ")
            assert "{" not in said
        assert all(step.vi and step.en for step in finding.steps)
        assert all(step.source for step in finding.inputs)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
@given(documents, st.integers(200, 2800))
def test_the_same_facts_on_the_same_day_give_the_same_answer(document, after):
    on = FIRST + after * DAY
    assert evaluate(read(document), POLICY, on) == evaluate(read(document), POLICY, on)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
@given(documents, st.integers(200, 2800))
def test_taking_a_pause_away_never_makes_a_project_less_late(document, after):
    """Rejecting an accepted pause gives the days back."""
    on = FIRST + after * DAY
    late = {f.scope for f in evaluate(read(document), POLICY, on).findings if f.rule == "INV-LATE"}
    without = read({**document, "pauses": []})
    assert late <= {f.scope for f in evaluate(without, POLICY, on).findings if f.rule == "INV-LATE"}
