"""Three numbers that always stand together, in days and started months, and their bands."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.schedule.facts import read_facts
from portfolio.schedule.lateness import (
    Lateness,
    Slip,
    band_of,
    last_target,
    months_late,
    new_slippage,
    phase_lateness,
    slip,
    spread,
    targets_of,
    three_numbers,
    worst,
)
from portfolio.schedule.terms import add_months
from tests.schedule.law import POLICY, day, phase

BANDS = POLICY.bands
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("target", "reached", "months", "band"),
    [
        ("2024-12-31", "2024-12-31", 0, None),
        ("2024-12-31", "2024-06-30", 0, None),
        ("2024-12-31", "2025-01-01", 1, "1-12"),
        ("2024-12-31", "2025-01-31", 1, "1-12"),
        ("2024-12-31", "2025-02-01", 2, "1-12"),
        ("2024-12-31", "2025-12-31", 12, "1-12"),
        ("2024-12-31", "2026-01-01", 13, "13-24"),
        ("2024-12-31", "2026-12-31", 24, "13-24"),
        ("2024-12-31", "2027-01-01", 25, "25-60"),
        ("2024-12-31", "2029-12-31", 60, "25-60"),
        ("2024-12-31", "2030-01-01", 61, "61+"),
        ("1994-12-31", "2026-11-22", 383, "61+"),
        ("2024-02-29", "2025-02-28", 12, "1-12"),
        ("2024-02-29", "2025-03-01", 13, "13-24"),
        ("2023-01-31", "2023-02-28", 1, "1-12"),
        ("2023-01-31", "2023-03-01", 2, "1-12"),
    ],
)
def test_a_month_counts_from_its_first_day(target, reached, months, band):
    assert months_late(day(target), day(reached)) == months
    assert band_of(months, BANDS) == band


@settings(deadline=None)
@given(DAYS, DAYS)
def test_months_late_is_the_least_number_that_reaches(target, reached):
    months = months_late(target, reached)
    assert reached <= add_months(target, months)
    assert months == 0 or reached > add_months(target, months - 1)


@settings(deadline=None)
@given(st.integers(1, 600))
def test_every_month_falls_in_exactly_one_band(months):
    assert sum(band.least <= months <= band.most for band in BANDS) == 1


@settings(deadline=None)
@given(DAYS, st.integers(0, 90))
def test_the_last_target_is_the_last_that_is_more_months_past(on, months):
    last = last_target(on, months)
    assert months_late(last, on) > months
    assert months_late(last + timedelta(days=1), on) <= months


@pytest.mark.parametrize(
    "on", ["2026-11-22", "2026-02-28", "2026-03-31", "2024-02-29", "2026-12-31"]
)
def test_the_targets_of_a_band_are_those_whose_months_fall_in_it(on):
    ranges = {band.name: targets_of(band, day(on)) for band in BANDS}
    target = day(on) - timedelta(days=6 * 366)
    while target <= day(on) + timedelta(days=3):
        inside = [
            name
            for name, (first, last) in ranges.items()
            if target <= last and (first is None or target >= first)
        ]
        band = band_of(months_late(target, day(on)), BANDS)
        assert inside == ([band] if band else []), target
        target += timedelta(days=1)


def numbers(**given_days: str | None) -> Lateness:
    days = {key: day(value) if value else None for key, value in given_days.items()}
    none = {"first": None, "latest": None, "forecast": None, "met_on": None}
    return three_numbers(**{**none, "on": day("2026-11-22"), "bands": BANDS, **days})


def test_the_three_numbers_are_against_first_latest_and_forecast():
    found = numbers(first="2023-12-31", latest="2025-12-31", forecast="2027-06-30")
    assert found.first == Slip(date(2023, 12, 31), 1057, 35, "25-60")
    assert found.latest == Slip(date(2025, 12, 31), 326, 11, "1-12")
    assert found.forecast == Slip(date(2027, 6, 30), 0, 0, None)


def test_an_extension_never_changes_the_first_number():
    before = numbers(first="2023-12-31", latest="2023-12-31")
    after = numbers(first="2023-12-31", latest="2028-12-31")
    assert after.first == before.first
    assert after.latest is not None
    assert after.latest.days == 0


def test_what_was_met_is_as_late_as_it_was_then():
    found = numbers(first="2023-12-31", met_on="2024-01-10")
    assert found.first == Slip(date(2023, 12, 31), 10, 1, "1-12")
    assert numbers(first="2023-12-31", met_on="2026-11-23") == numbers(first="2023-12-31")


def test_where_there_is_no_target_there_is_no_number():
    assert numbers(latest="2025-12-31").first is None
    assert numbers() == Lateness(None, None, None)


def test_a_project_is_as_late_as_the_latest_of_its_parts():
    first = numbers(first="2023-12-31", latest="2026-12-31")
    second = numbers(first="2024-12-31", latest="2025-12-31", forecast="2026-06-30")
    assert worst([first, second]) == Lateness(first.first, second.latest, second.forecast)
    assert worst([]) == Lateness(None, None, None)


def test_the_numbers_of_phases_come_from_their_schedules_and_accepted_pauses():
    extended = phase("2023-12-31")
    extended["schedules"].append(
        {"version": 2, "approved_on": "2023-06-01", "kind": "adjusted", "end": "2025-12-31"}
    )
    pause = {"cause": "b", "from": "2024-01-01", "to": "2024-01-31", "status": "accepted"}
    facts = read_facts(
        {"id": "KT-0001", "phases": [extended, phase(None, id="2")], "pauses": [pause]}
    )
    found = phase_lateness(facts, POLICY, day("2026-11-22"))
    assert found["1"].first == Slip(date(2023, 12, 31), 1057, 35, "25-60")
    assert found["1"].latest == Slip(date(2026, 1, 31), 295, 10, "1-12")
    assert found["2"] == Lateness(None, None, None)


def test_a_phase_completed_late_keeps_its_numbers():
    done = phase("2023-12-31", completed_on="2024-02-01")
    found = phase_lateness(
        read_facts({"id": "KT-0001", "phases": [done]}), POLICY, day("2026-11-22")
    )
    assert found["1"].first == found["1"].latest == Slip(date(2023, 12, 31), 32, 2, "1-12")


def test_a_portfolio_is_spread_over_the_bands_and_its_mean_is_over_the_late():
    on = day("2026-11-22")
    targets = ["2026-10-31", "2026-01-01", "2025-06-30", "2024-01-01", "2016-01-01", "2030-01-01"]
    found = spread([*(slip(day(one), on, BANDS) for one in targets), None], BANDS)
    assert found.by_band == {"1-12": 2, "13-24": 1, "25-60": 1, "61+": 1}
    assert found.late == 5
    assert found.mean_months == Fraction(1 + 11 + 17 + 35 + 131, 5)


def test_a_portfolio_with_nothing_late_has_no_mean():
    assert spread([None], BANDS).mean_months is None


@pytest.mark.parametrize(
    ("earlier", "current", "days"),
    [
        ("2026-12-31", "2027-03-31", 90),
        ("2026-12-31", "2026-12-31", 0),
        ("2026-12-31", "2026-06-30", 0),
        (None, "2026-06-30", 0),
        ("2026-06-30", None, 0),
    ],
)
def test_new_slippage_is_a_forecast_that_moved_later(earlier, current, days):
    assert new_slippage(earlier and day(earlier), current and day(current)) == days
