"""The first policy and its holidays, and short ways to ask them about a project."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from portfolio.schedule.facts import read_facts
from portfolio.schedule.policy_text import read_holidays, read_policy
from portfolio.schedule.rules import Evaluation, Finding, evaluate

SEEDS = Path(__file__).parents[2] / "seeds"
POLICY_TEXT = yaml.safe_load((SEEDS / "policy" / "1.yaml").read_text(encoding="utf-8"))
HOLIDAYS_TEXT = yaml.safe_load((SEEDS / "holidays.yaml").read_text(encoding="utf-8"))
HOLIDAYS = read_holidays(HOLIDAYS_TEXT)
POLICY = read_policy(POLICY_TEXT, HOLIDAYS)


def day(text: str) -> date:
    return date.fromisoformat(text)


def ask(on: str, **facts: Any) -> Evaluation:
    """What holds on a day for a project of which only these facts are known."""
    return evaluate(read_facts({"id": "KT-0001", **facts}), POLICY, day(on))


def rules_on(on: str, **facts: Any) -> set[str]:
    return {finding.rule for finding in ask(on, **facts).findings}


def finding(rule: str, on: str, **facts: Any) -> Finding:
    """The one finding of a rule; it fails when there is none or more than one."""
    (found,) = [one for one in ask(on, **facts).findings if one.rule == rule]
    return found


def turns_true(rule: str, on: str, **facts: Any) -> None:
    """The rule holds on this day and did not on the day before; it says so itself."""
    before = date.fromordinal(day(on).toordinal() - 1).isoformat()
    assert rule not in rules_on(before, **facts)
    assert finding(rule, on, **facts).since == day(on)
    assert finding(rule, "2039-12-30", **facts).since == day(on)


def step(found: Finding, name: str) -> Any:
    """The value of the one step of that name."""
    (value,) = [one.value for one in found.steps if one.name == name]
    return value


def phase(end: str | None, **more: Any) -> dict[str, Any]:
    """A phase with one schedule, approved with the investment policy long before."""
    schedule = {"version": 1, "approved_on": "2010-01-04", "kind": "ipa", "end": end}
    return {"id": "1", "schedules": [schedule], **more}


def parcel(handed_over_on: str | None, **more: Any) -> dict[str, Any]:
    return {"id": "A", "handed_over_on": handed_over_on, **more}
