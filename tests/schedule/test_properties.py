"""The law's arithmetic against one that counts days one by one, on made-up projects and days.

`oracle` knows nothing of the program. Where both agree on thousands of documents, a mistake would have
to be made twice. Documents and days are the same in every run.
"""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portfolio.schedule.documents import BadDocument
from portfolio.schedule.facts import read_facts
from portfolio.schedule.known import Facts
from portfolio.schedule.pauses import Interval, eff_end, shift, union
from portfolio.schedule.rules import evaluate
from portfolio.schedule.rules.clock import run_term
from portfolio.schedule.terms import ONE_DAY, add_months, roll
from tests.schedule import oracle
from tests.schedule.law import HOLIDAYS, POLICY, day
from tests.schedule.made_facts import DAY, FIRST, LAST, Dice, documents

FIXED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=250,
    suppress_health_check=list(HealthCheck),
)

# Month ends and leap years come up often enough only when they are asked for.
awkward = st.sampled_from(
    [
        day(text)
        for text in (
            "2019-12-31", "2020-01-30", "2020-01-31", "2020-02-28", "2020-02-29", "2020-08-31",
            "2021-02-28", "2023-08-29", "2023-08-30", "2023-08-31", "2024-02-28", "2024-02-29",
            "2024-05-31", "2099-08-31", "2100-02-28", "2000-02-29",
        )
    ]
)  # fmt: skip
any_day = awkward | st.dates(date(2015, 1, 1), date(2030, 12, 31))


def read(document: dict[str, Any]) -> Facts:
    try:
        return read_facts(document)
    except BadDocument:
        assume(False)
        raise


class TestCounting:
    @FIXED
    @given(any_day, st.sampled_from([-24, -12, -6, -1, 0, 1, 2, 6, 11, 12, 13, 18, 21, 24, 48]))
    def test_months(self, start, months):
        assert add_months(start, months) == oracle.months_on(start, months)

    @pytest.mark.parametrize("year", range(2019, 2028))
    def test_every_day_of_every_year_rolls_to_the_next_working_day(self, year):
        one = date(year, 1, 1)
        while one.year == year:
            assert roll(one, HOLIDAYS) == oracle.working_day(one), one
            one += ONE_DAY

    def test_every_month_end_of_ten_years_and_the_months_after_it(self):
        one = date(2018, 1, 1)
        while one.year < 2028:
            if (one + ONE_DAY).day == 1:
                for months in (1, 6, 12, 24):
                    assert add_months(one, months) == oracle.months_on(one, months), one
            one += ONE_DAY


START = date(2023, 1, 2)
offsets = st.integers(0, 500)


@st.composite
def pauses(draw: st.DrawFn) -> list[Interval]:
    """Overlapping, nested, adjacent and distant ones, some set close to days that matter."""
    found: list[Interval] = []
    for _ in range(draw(st.integers(0, 5))):
        begins = START + draw(offsets) * DAY
        if found and draw(st.booleans()):
            # Beside an earlier one: inside it, touching it, or one day away.
            earlier = draw(st.sampled_from(found))
            edge = draw(st.sampled_from([earlier.begins, earlier.ends]))
            begins = edge + draw(st.integers(-2, 2)) * DAY
        found.append(Interval(begins, begins + draw(st.integers(0, 60)) * DAY))
    return found


def all_days(intervals: list[Interval]) -> set[date]:
    return {one.begins + n * DAY for one in intervals for n in range(one.days)}


class TestPauses:
    """`begins` is set on the end as it stands, the day before and the day after."""

    @FIXED
    @given(pauses(), offsets, st.integers(-1, 2), st.integers(0, 40))
    def test_a_pause_around_the_end(self, found, after, apart, length):
        end = START + after * DAY
        before = shift(end, union(found)).end
        begins = before + apart * DAY
        found = [*found, Interval(begins, begins + length * DAY)]
        assert shift(end, union(found)).end == oracle.moved(end, all_days(found))

    @FIXED
    @given(pauses(), offsets, offsets, st.none() | offsets)
    def test_a_schedule_that_began_and_was_completed(self, found, after, since, completed):
        end, started_on = START + after * DAY, START + since * DAY
        done_on = None if completed is None else START + completed * DAY
        counted = {
            one for one in all_days(found) if started_on <= one and (not done_on or one < done_on)
        }
        moved = eff_end(end, union(found), started_on, done_on)
        assert moved.end == oracle.moved(end, counted)

    @FIXED
    @given(pauses(), offsets, st.sampled_from([6, 12, 18, 24]))
    def test_a_term_that_starts_at_the_moved_end(self, found, after, months):
        moved = shift(START + after * DAY, union(found))
        term = run_term(moved.end, months, moved.rest, HOLIDAYS)
        later = {one for one in all_days(found) if one > moved.end}
        assert term.deadline == oracle.after_months(moved.end, months, later)

    @FIXED
    @given(pauses(), offsets, offsets)
    def test_an_open_pause_stops_the_clock_only_if_it_found_it_running(self, found, after, begins):
        end, stop = START + after * DAY, START + begins * DAY
        on = START + 900 * DAY
        whole = union([*found, Interval(stop, on, open=True)])
        moved = shift(end, whole)
        running = any(one.open for one in moved.used)
        assert moved.stands_still is running
        assert moved.stands_still is (moved.end > on)


def agrees(document: dict[str, Any], on: date) -> date | None:
    """Program and oracle say the same of a day; returns the day of the next change."""
    result = evaluate(read(document), POLICY, on)
    said = {(one.rule, one.scope): one.held for one in result.findings}
    assert len(said) == len(result.findings)
    assert said == oracle.Project(document, on).holds(), on
    return result.next_change_on


class TestRuleBook:
    """Every rule, on whole documents."""

    @settings(FIXED, max_examples=600)
    @given(documents, st.integers(0, LAST + 600))
    def test_what_holds_is_what_counting_day_by_day_says(self, document, after):
        agrees(document, FIRST + after * DAY)

    @pytest.mark.parametrize("first", range(0, 1200, 100))
    def test_on_the_days_of_change_and_the_days_before_them(self, first):
        """Mistakes by one day show on the very days that the program itself names."""
        for number in range(first, first + 100):
            dice = Dice(number)
            document = dice.project()
            try:
                read_facts(document)
            except BadDocument:
                continue
            on: date | None = dice.asked()
            for _ in range(9):
                if on is None:
                    break
                change = agrees(document, on)
                if change is not None:
                    assert change > on
                    agrees(document, change - DAY)
                on = change
