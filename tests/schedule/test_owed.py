"""Which reports are owed, when they fall due, and that the next such day is always known."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from portfolio.schedule.facts import period_of, read_facts
from portfolio.schedule.gather import facts_document
from portfolio.schedule.owed import due_on, last_period, owed_reports, period_begins
from portfolio.schedule.rules import evaluate
from portfolio.schedule.terms import ONE_DAY
from tests.schedule.law import HOLIDAYS, POLICY, day

EARLY = replace(
    POLICY,
    report_duties=MappingProxyType(
        {
            name: replace(duty, begins=date(2024, 1, 1))
            for name, duty in POLICY.report_duties.items()
        }
    ),
)
"""The first policy, had it asked for reports since 2024."""


def periods(kind: str, approved_on: str | None, on: str, **more: Any) -> list[str]:
    approved = day(approved_on) if approved_on else None
    return [
        one.period for one in owed_reports(EARLY, approved, day(on), **more) if one.kind == kind
    ]


@pytest.mark.parametrize(
    ("approved_on", "on", "owed"),
    [
        # A period counts if the project was approved when it ended.
        ("2025-03-31", "2025-05-05", ["2025-Q1", "2025-Q2", "2025-Q3"]),
        ("2025-04-01", "2025-05-05", ["2025-Q2", "2025-Q3"]),
        ("2025-03-31", "2025-06-30", ["2025-Q1", "2025-Q2", "2025-Q3"]),
        ("2025-03-31", "2025-07-01", ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]),
        # Before the approval nothing but the period after the first one is looked ahead to.
        ("2025-12-31", "2025-01-15", ["2025-Q4"]),
        (None, "2024-01-01", ["2024-Q1", "2024-Q2"]),
    ],
)
def test_quarters_are_owed_from_the_approval_to_the_period_after_the_running_one(
    approved_on, on, owed
):
    assert periods("Q", approved_on, on) == owed


@pytest.mark.parametrize(
    ("kind", "owed"),
    [
        ("Y", ["2024", "2025", "2026"]),
        ("MY", ["2024", "2025", "2026"]),
        ("M6", ["2024-H1", "2025-H1", "2026-H1"]),
    ],
)
def test_yearly_and_half_yearly_reports(kind, owed):
    assert periods(kind, None, "2025-06-30") == owed


def test_before_the_policy_asked_nothing_is_owed_for_what_had_ended():
    owed = owed_reports(POLICY, day("2015-01-05"), day("2026-11-22"))
    assert [(one.kind, one.period) for one in owed if one.kind == "Q"] == [
        ("Q", "2026-Q4"),
        ("Q", "2027-Q1"),
    ]
    assert all(one.ends >= date(2026, 11, 22) for one in owed)


def test_where_the_last_one_is_settled_further_ones_follow_up_to_one_that_is_not():
    settled = frozenset({("Q", "2025-Q3"), ("Q", "2025-Q4"), ("Y", "2031")})
    assert periods("Q", "2025-04-01", "2025-05-05", settled=settled) == [
        "2025-Q2",
        "2025-Q3",
        "2025-Q4",
        "2026-Q1",
    ]
    assert periods("Y", "2025-04-01", "2025-05-05", settled=settled) == ["2025", "2026"]


@pytest.mark.parametrize(
    ("rule", "ends", "due"),
    [
        ("REP-Q", "2025-09-30", "2025-10-10"),
        ("REP-Q", "2026-09-30", "2026-10-12"),  # 10/10/2026 is a Saturday
        ("REP-Y", "2023-12-31", "2024-04-01"),  # 31/03/2024 is a Sunday
        ("REP-M6", "2026-06-30", "2026-07-10"),
        ("REP-MY", "2023-12-31", "2024-02-15"),  # 10/02/2024 is in the days of Tet
    ],
)
def test_a_due_day_is_rolled(rule, ends, due):
    assert due_on(POLICY.report_duties[rule], day(ends), HOLIDAYS) == day(due)


def test_a_due_day_that_its_month_lacks_is_the_last_of_the_month():
    duty = replace(POLICY.report_duties["REP-Q"], day=31, months_after=2)
    assert due_on(duty, day("2025-12-31"), HOLIDAYS) == day("2026-03-02")  # 28/02 is a Saturday


@pytest.mark.parametrize(
    ("kind", "ends", "begins"),
    [
        ("Q", "2025-03-31", "2025-01-01"),
        ("Q", "2025-12-31", "2025-10-01"),
        ("M6", "2025-06-30", "2025-01-01"),
        ("Y", "2025-12-31", "2025-01-01"),
        ("MY", "2025-12-31", "2025-01-01"),
    ],
)
def test_a_period_begins(kind, ends, begins):
    assert period_begins(kind, day(ends)) == day(begins)


@pytest.mark.parametrize("on", ["2025-03-31", "2025-04-01", "2025-07-01", "2026-01-01"])
@pytest.mark.parametrize("kind", ["Q", "Y", "M6", "MY"])
def test_the_last_period_had_ended_and_the_next_had_not(kind, on):
    last = last_period(kind, day(on))
    assert last.ends < day(on)
    following = [one for one in owed_reports(EARLY, None, day(on)) if one.kind == kind]
    later = [one for one in following if one.ends > last.ends]
    assert later[0].ends >= day(on)


@pytest.mark.parametrize("kind", ["Q", "Y", "M6", "MY"])
def test_what_is_written_of_a_period_is_read_back_as_the_same(kind):
    for one in owed_reports(EARLY, None, day("2027-05-05")):
        if one.kind == kind:
            read = period_of(kind, one.period)
            assert read is not None
            assert read.ends == one.ends


def test_no_report_falls_due_before_the_announced_day_even_if_the_next_ones_are_excused():
    """The facts of a project are gathered anew each day; no day of change may hide behind that."""
    reports = [
        {"kind": kind, "period": period, "status": "excused"}
        for kind, *of_kind in (
            ("Q", "2026-Q4", "2027-Q1", "2027-Q2"),
            ("Y", "2026", "2027"),
            ("M6", "2027-H1"),
            ("MY", "2026", "2027"),
        )
        for period in of_kind
    ]
    phase = {
        "id": 1,
        "number": 1,
        "milestones": [
            {
                "id": 1,
                "kind": "operation",
                "targets": [{"id": 1, "version": 1, "planned_on": "2090-12-31"}],
            }
        ],
    }
    state = {
        "code": "KT-0001",
        "name": "Dự án",
        "listing": "licensed",
        "stage": "implementing",
        "acts": [{"id": 1, "kind": "certificate", "issued_on": "2026-11-02"}],
        "schedules": [{"id": 1, "number": 1, "kind": "irc", "approved_on": "2026-11-02"}],
        "phases": [phase],
        "reports": reports,
    }

    def rules_on(on: date) -> tuple[set[str], date | None]:
        result = evaluate(read_facts(facts_document(state, POLICY, on)), POLICY, on)
        return {one.rule for one in result.findings}, result.next_change_on

    on, seen = date(2026, 11, 23), []
    while on < date(2029, 5, 1):
        rules, change = rules_on(on)
        assert change is not None
        before = on + ONE_DAY
        while before < change:
            assert rules_on(before)[0] == rules, before
            before += ONE_DAY
        seen.append((on, rules))
        on = change
    missing = {
        min(day_ for day_, rules in seen if name in rules): name for name in POLICY.report_duties
    }
    assert missing == {
        date(2027, 10, 12): "REP-Q",  # the third quarter: 10/10/2027 is a Sunday
        date(2028, 7, 11): "REP-M6",
        date(2029, 4, 3): "REP-Y",
        date(2029, 2, 13): "REP-MY",
    }
