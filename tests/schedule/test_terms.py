"""Counting time as the Civil Code does: months, working days, dates in words."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.schedule.terms import (
    Holidays,
    add_months,
    after,
    end_of,
    is_day_off,
    last_day_of_month,
    read_written_day,
    roll,
    within,
    years_without_table,
)
from tests.schedule.law import HOLIDAYS, day

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2020-03-05", 12, "2021-03-05"),
        ("2024-01-15", 1, "2024-02-15"),
        ("2024-01-31", 1, "2024-02-29"),  # a leap February
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-30", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-02-28", 12, "2025-02-28"),
        ("2100-01-31", 1, "2100-02-28"),  # 2100 is no leap year
        ("2000-01-31", 1, "2000-02-29"),  # 2000 was one
        ("2024-08-31", 6, "2025-02-28"),
        ("2024-03-31", 1, "2024-04-30"),
        ("2024-10-31", 24, "2026-10-31"),
        ("2024-12-31", 2, "2025-02-28"),
        ("2019-12-31", 24, "2021-12-31"),
        ("2024-05-20", 0, "2024-05-20"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -12, "2025-01-15"),
        ("2026-01-31", -2, "2025-11-30"),
    ],
)
def test_months_end_on_the_same_day_number_or_on_the_last_of_the_month(start, months, end):
    assert add_months(day(start), months) == day(end)


@settings(deadline=None)
@given(DAYS, st.integers(-240, 240))
def test_months_keep_the_order_of_days(start, months):
    assert add_months(start, months) <= add_months(start + timedelta(1), months)


@settings(deadline=None)
@given(DAYS, st.integers(-240, 240))
def test_months_land_in_the_right_month_on_the_right_day_or_its_last(start, months):
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == min(start.day, last_day_of_month(end.year, end.month).day)


@pytest.mark.parametrize(
    ("ends", "rolled"),
    [
        ("2021-03-05", "2021-03-05"),  # a Friday
        ("2021-03-06", "2021-03-08"),  # Saturday to Monday
        ("2021-03-07", "2021-03-08"),  # Sunday to Monday
        ("2023-12-30", "2024-01-02"),  # weekend, then New Year's Day
        ("2024-02-08", "2024-02-15"),  # the whole of Tet
        ("2024-02-14", "2024-02-15"),  # its last day off
        ("2022-01-29", "2022-02-07"),  # weekend, Tet, weekend
        ("2024-04-27", "2024-05-02"),  # weekend, a swapped Monday, two holidays
        ("2024-04-29", "2024-05-02"),  # the swapped Monday itself
        ("2024-05-04", "2024-05-06"),  # the Saturday worked for it is still a Saturday
        ("2022-04-10", "2022-04-12"),  # Hung Kings on Sunday, Monday off in its stead
        ("2023-04-29", "2023-05-04"),
        ("2026-01-01", "2026-01-05"),  # holiday, swapped Friday, weekend
        ("2026-08-29", "2026-09-03"),
        ("2026-11-24", "2026-11-25"),  # Culture Day, the first time in 2026
        ("2025-11-24", "2025-11-24"),
        ("2020-09-02", "2020-09-03"),  # one day off in 2020
        ("2021-09-02", "2021-09-06"),  # two from 2021 on, then the weekend
    ],
)
def test_a_term_that_ends_on_a_day_off_ends_on_the_next_working_day(ends, rolled):
    assert roll(day(ends), HOLIDAYS) == day(rolled)


@settings(deadline=None)
@given(DAYS)
def test_rolling_stops_at_the_first_working_day(ends):
    rolled = roll(ends, HOLIDAYS)
    assert not is_day_off(rolled, HOLIDAYS)
    skipped = [ends + timedelta(n) for n in range((rolled - ends).days)]
    assert all(is_day_off(one, HOLIDAYS) for one in skipped)


def test_a_year_without_a_table_is_reported_and_only_weekends_are_skipped():
    new_year = day("2030-01-01")  # a Tuesday
    assert roll(new_year, HOLIDAYS) == new_year
    assert years_without_table(new_year, new_year, HOLIDAYS) == (2030,)
    assert years_without_table(day("2026-12-31"), day("2027-01-04"), HOLIDAYS) == (2027,)
    assert years_without_table(day("2025-05-05"), day("2025-05-05"), HOLIDAYS) == ()


def test_a_table_knows_the_years_it_has_days_of():
    table = Holidays.of([day("2026-01-01"), day("2025-09-02")])
    assert table.years == {2025, 2026}


@pytest.mark.parametrize(
    ("on", "over"),
    [("2021-03-04", False), ("2021-03-05", False), ("2021-03-06", True), ("2021-03-07", True)],
)
def test_after_twelve_months_begins_the_day_after_they_end(on, over):
    assert after(day(on), day("2020-03-05"), 12, HOLIDAYS) is over


@pytest.mark.parametrize(
    ("done", "in_time"), [("2021-03-05", True), ("2021-03-06", False), ("2020-03-05", True)]
)
def test_within_twelve_months_is_met_on_their_last_day(done, in_time):
    assert within(day(done), day("2020-03-05"), 12, HOLIDAYS) is in_time


@settings(deadline=None)
@given(DAYS, DAYS, st.integers(0, 60))
def test_a_thing_is_done_within_a_term_or_after_it_and_never_both(on, start, months):
    assert within(on, start, months, HOLIDAYS) is not after(on, start, months, HOLIDAYS)


@pytest.mark.parametrize(
    ("precision", "year", "number", "end"),
    [
        ("year", 2024, 1, "2024-12-31"),
        ("half", 2024, 1, "2024-06-30"),
        ("half", 2024, 2, "2024-12-31"),
        ("quarter", 2024, 1, "2024-03-31"),
        ("quarter", 2024, 2, "2024-06-30"),
        ("quarter", 2024, 3, "2024-09-30"),
        ("month", 2024, 2, "2024-02-29"),
        ("month", 2025, 2, "2025-02-28"),
        ("month", 2025, 11, "2025-11-30"),
    ],
)
def test_a_period_stands_for_its_last_day(precision, year, number, end):
    assert end_of(precision, year, number) == day(end)


@pytest.mark.parametrize(
    ("precision", "number"), [("month", 13), ("quarter", 5), ("half", 0), ("year", 2), ("day", 1)]
)
def test_a_period_that_no_year_has_is_refused(precision, number):
    with pytest.raises(ValueError, match="there is no"):
        end_of(precision, 2024, number)


@pytest.mark.parametrize(
    ("words", "stands_for", "precision"),
    [
        ("31/12/2019", "2019-12-31", "day"),
        ("1.7.2020", "2020-07-01", "day"),
        ("2020-07-01", "2020-07-01", "day"),
        ("ngày 5 tháng 3 năm 2020", "2020-03-05", "day"),
        ("Quý II/2024", "2024-06-30", "quarter"),
        ("quý 3 năm 2024", "2024-09-30", "quarter"),
        ("Quý IV-2024", "2024-12-31", "quarter"),
        ("Q1/2025", "2025-03-31", "quarter"),
        ("end of quarter 2 of 2024", "2024-06-30", "quarter"),
        ("tháng 02/2024", "2024-02-29", "month"),
        ("cuối tháng 4 năm 2025", "2025-04-30", "month"),
        ("6/2025", "2025-06-30", "month"),
        ("đầu tháng 5/2025", "2025-05-01", "month"),
        ("giữa tháng 5/2025", "2025-05-15", "month"),
        ("6 tháng đầu năm 2023", "2023-06-30", "half"),
        ("6 tháng cuối năm 2023", "2023-12-31", "half"),
        ("H2 2023", "2023-12-31", "half"),
        ("đầu năm 2023", "2023-01-01", "year"),
        ("giữa năm 2023", "2023-06-30", "half"),
        ("mid-2023", "2023-06-30", "half"),
        ("cuối năm 2023", "2023-12-31", "year"),
        ("end of 2023", "2023-12-31", "year"),
        ("năm 2023", "2023-12-31", "year"),
        ("  2023 ", "2023-12-31", "year"),
        # Sources hold letters that are composed of several signs.
        ("Quy\u0301 I/2024", "2024-03-31", "quarter"),
    ],
)
def test_a_date_in_words_is_read_as_the_code_and_the_convention_say(words, stands_for, precision):
    read = read_written_day(words)
    assert read is not None
    assert (read.day, read.precision, read.text) == (day(stands_for), precision, words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "31/02/2024",
        "29/02/2023",
        "quý V/2024",
        "tháng 13/2024",
        "sau 24 tháng",
        "2024-2026",
        "24",
    ],
)
def test_words_that_name_no_day_are_not_guessed(words):
    assert read_written_day(words) is None
