"""Pauses: a day counts once, and a pause moves only a clock that is still running."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.schedule.pauses import Interval, as_of, clip, eff_end, shift, union
from tests.schedule.law import day

START = date(2020, 1, 1)


def span(begins: str, ends: str) -> Interval:
    return Interval(day(begins), day(ends))


def spans(*pairs: tuple[str, str]) -> tuple[Interval, ...]:
    return union(span(*pair) for pair in pairs)


@st.composite
def many_intervals(draw):
    """Up to six intervals within two years, some overlapping, some touching."""
    found = []
    for _ in range(draw(st.integers(0, 6))):
        begins = START + timedelta(draw(st.integers(0, 700)))
        found.append(Interval(begins, begins + timedelta(draw(st.integers(0, 200)))))
    return found


def days_of(intervals) -> set[date]:
    return {one.begins + timedelta(n) for one in intervals for n in range(one.days)}


def test_an_interval_includes_its_first_and_its_last_day():
    assert span("2019-01-01", "2019-06-30").days == 181
    assert span("2019-01-01", "2019-01-01").days == 1
    assert span("2020-02-28", "2020-03-01").days == 3


def test_an_open_pause_runs_to_the_day_of_evaluation():
    assert as_of(day("2024-01-01"), None, day("2024-01-10")) == Interval(
        day("2024-01-01"), day("2024-01-10"), open=True
    )
    assert as_of(day("2024-01-11"), None, day("2024-01-10")) is None


@pytest.mark.parametrize(
    ("given_spans", "merged"),
    [
        (
            [("2020-01-01", "2020-01-10"), ("2020-01-05", "2020-01-20")],
            [("2020-01-01", "2020-01-20")],
        ),
        (
            [("2020-01-05", "2020-01-20"), ("2020-01-01", "2020-01-10")],
            [("2020-01-01", "2020-01-20")],
        ),
        (
            [("2020-01-01", "2020-01-31"), ("2020-01-10", "2020-01-12")],
            [("2020-01-01", "2020-01-31")],
        ),
        (
            [("2020-01-01", "2020-01-31"), ("2020-02-01", "2020-02-10")],
            [("2020-01-01", "2020-02-10")],
        ),
        (
            [("2020-01-01", "2020-01-31"), ("2020-02-02", "2020-02-10")],
            [("2020-01-01", "2020-01-31"), ("2020-02-02", "2020-02-10")],
        ),
    ],
)
def test_days_that_are_covered_twice_count_once(given_spans, merged):
    assert spans(*given_spans) == tuple(span(*pair) for pair in merged)


def test_a_pause_moves_the_end_by_its_length():
    moved = shift(day("2019-12-31"), spans(("2019-01-01", "2019-06-30")))
    assert moved.end == day("2020-06-29")
    assert moved.days == 181


@pytest.mark.parametrize(
    ("begins", "ends", "moved"),
    [
        ("2019-12-31", "2020-01-09", "2020-01-10"),  # on the last day: the clock still ran
        ("2020-01-01", "2020-01-10", "2019-12-31"),  # a day later it did not
        ("2019-12-30", "2019-12-30", "2020-01-01"),
    ],
)
def test_only_a_running_clock_is_moved(begins, ends, moved):
    assert shift(day("2019-12-31"), spans((begins, ends))).end == day(moved)


def test_a_pause_may_begin_on_the_end_as_moved_so_far():
    first, second = ("2019-12-01", "2019-12-10"), ("2020-01-10", "2020-01-19")
    moved = shift(day("2019-12-31"), spans(first, second))
    assert moved.end == day("2020-01-20")
    late = ("2020-01-11", "2020-01-20")
    moved = shift(day("2019-12-31"), spans(first, late))
    assert moved.end == day("2020-01-10")
    assert moved.used == (span(*first),)
    assert moved.rest == (span(*late),)


def test_pauses_before_the_schedule_or_after_completion_do_not_count():
    pauses = spans(("2018-11-01", "2019-01-31"), ("2019-06-01", "2019-06-10"))
    end = day("2019-12-31")
    assert eff_end(end, pauses).end == day("2020-04-11")
    assert eff_end(end, pauses, day("2019-01-01")).end == day("2020-02-10")
    assert eff_end(end, pauses, day("2019-01-01"), day("2019-06-05")).end == day("2020-02-04")


def test_a_clock_under_an_open_pause_stands_still():
    on = day("2020-01-15")
    running = as_of(day("2019-12-20"), None, on)
    assert running is not None
    moved = shift(day("2019-12-31"), (running,))
    assert moved.end == day("2020-01-27")
    assert moved.stands_still
    assert not shift(day("2019-12-10"), (running,)).stands_still


def test_an_open_pause_keeps_a_clock_still_even_when_a_later_one_is_known():
    running = Interval(day("2019-12-20"), day("2020-01-15"), open=True)
    later = span("2020-01-20", "2020-01-25")
    assert shift(day("2019-12-31"), union([running, later])).stands_still


@settings(deadline=None)
@given(many_intervals())
def test_the_union_has_the_same_days_and_no_two_touch(intervals):
    merged = union(intervals)
    assert days_of(merged) == days_of(intervals)
    assert sum(one.days for one in merged) == len(days_of(intervals))
    for earlier, later in pairwise(merged):
        assert later.begins > earlier.ends + timedelta(1)


@settings(deadline=None)
@given(many_intervals(), st.integers(0, 700))
def test_an_end_moves_on_by_one_for_each_paused_day_that_finds_the_clock_running(intervals, after):
    end = START + timedelta(after)
    expected = end
    for paused_day in sorted(days_of(intervals)):
        if paused_day <= expected:
            expected += timedelta(1)
    assert shift(end, union(intervals)).end == expected


@settings(deadline=None)
@given(many_intervals(), st.integers(0, 700))
def test_splitting_a_pause_in_two_changes_nothing(intervals, after):
    end = START + timedelta(after)
    halves = []
    for one in intervals:
        middle = one.begins + (one.ends - one.begins) // 2
        halves.append(Interval(one.begins, middle))
        if middle < one.ends:
            halves.append(Interval(middle + timedelta(1), one.ends))
    assert shift(end, union(halves)).end == shift(end, union(intervals)).end


@settings(deadline=None)
@given(many_intervals(), st.integers(0, 900), st.integers(0, 900))
def test_clipping_keeps_exactly_the_days_between(intervals, first, last):
    begins, ends = START + timedelta(first), START + timedelta(last)
    kept = days_of(clip(union(intervals), begins, ends))
    assert kept == {one for one in days_of(intervals) if begins <= one <= ends}


@settings(deadline=None)
@given(many_intervals(), many_intervals(), st.integers(0, 700))
def test_taking_a_pause_away_never_moves_the_end_later(intervals, more, after):
    end = START + timedelta(after)
    assert shift(end, union(intervals)).end <= shift(end, union([*intervals, *more])).end


def test_a_pause_that_is_cut_off_before_its_last_day_runs_no_more():
    running = Interval(day("2020-01-01"), day("2020-01-31"), open=True)
    assert clip([running], last=day("2020-01-31")) == (running,)
    assert clip([running], last=day("2020-01-30")) == (span("2020-01-01", "2020-01-30"),)
