"""The portfolio counted: classes that add up, lateness twice, idle land to the day, slippage."""

from datetime import date
from decimal import Decimal
from typing import Any

from portfolio.reports.tally import CLASSES, EPOCH, Counted, Standing, count_portfolio
from tests.schedule.law import POLICY

ON = date(2026, 11, 22)
SIDES = {code: cause.side for code, cause in POLICY.causes.items()}


def standing(number: int, state: str, **facts: Any) -> Standing:
    nothing = dict.fromkeys(Standing._fields)
    return Standing(
        **nothing
        | {
            "id": number,
            "code": f"KT-{number:04}",
            "name": f"Dự án {number}",
            "state": state,
            "to_review": False,
            "causes": (),
        }
        | facts
    )


def count(*standings: Standing, **more: Any) -> Counted:
    return count_portfolio(standings, ON, POLICY.bands, side_of=SIDES, **more)


def test_every_project_is_in_one_class_and_the_classes_add_up() -> None:
    counted = count(*(standing(n, state) for n, state in enumerate(CLASSES * 3, 1)))
    assert counted.total.projects == 15
    assert dict(counted.total.classes) == dict.fromkeys(CLASSES, 3)
    for one in (counted.total.first, counted.total.latest):
        assert one.on_time + one.late + one.undated + one.done == 15


def test_lateness_stands_against_the_first_and_the_latest_schedule_side_by_side() -> None:
    counted = count(
        standing(1, "late", first_on=date(2024, 11, 22), latest_on=date(2026, 11, 21)),
        standing(2, "on_time", first_on=date(2024, 11, 21), latest_on=date(2026, 11, 22)),
        standing(3, "late", first_on=date(2026, 6, 30), latest_on=date(2026, 6, 30)),
    )
    first, latest = counted.total.first, counted.total.latest
    assert (first.late, dict(first.bands)) == (3, {"1-12": 1, "13-24": 1, "25-60": 1})
    assert (latest.late, latest.on_time, dict(latest.bands)) == (2, 1, {"1-12": 2})
    assert first.mean_months == Decimal(24 + 25 + 5) / 3
    assert latest.mean_months == Decimal(1 + 5) / 2


def test_a_project_that_was_completed_late_is_done_and_told_apart() -> None:
    counted = count(
        standing(1, "done", latest_on=date(2025, 1, 1), done_on=date(2025, 1, 2)),
        standing(2, "done", latest_on=date(2025, 1, 1), done_on=date(2025, 1, 1)),
        standing(3, "done", latest_on=date(2025, 1, 1)),
    )
    assert (counted.total.latest.done, counted.total.latest.done_late) == (3, 1)
    assert counted.total.latest.mean_months is None


def test_idle_land_is_hectares_times_months_since_each_began_to_lie_idle() -> None:
    begun = date(2025, 11, 22)
    weight = Decimal("12.5") * (begun.toordinal() - EPOCH)
    counted = count(standing(1, "late", idle_ha=Decimal("12.5"), idle_weight=weight))
    assert counted.total.idle_ha == Decimal("12.5")
    assert counted.total.idle_months.quantize(Decimal("0.01")) == Decimal("149.90")


def test_idle_capital_is_what_late_and_reviewed_projects_have_not_realised() -> None:
    counted = count(
        standing(1, "late", capital=Decimal(100), realised=Decimal(30)),
        standing(2, "on_time", capital=Decimal(1000), realised=Decimal(1)),
        standing(3, "undated", capital=Decimal(7), to_review=True),
        standing(4, "late", capital=Decimal(5), realised=Decimal(9)),
        standing(5, "done", capital=Decimal(50), to_review=True),
        standing(6, "late"),
    )
    assert counted.total.idle_capital == 77
    assert (counted.total.capital, counted.total.without_capital) == (1162, 1)


def test_what_slipped_is_what_is_expected_later_than_at_the_last_closing() -> None:
    counted = count(
        standing(1, "late", expected_on=date(2027, 6, 30)),
        standing(2, "late", expected_on=date(2027, 6, 30)),
        standing(3, "late", expected_on=date(2027, 6, 30)),
        standing(4, "done", done_on=date(2027, 1, 31)),
        standing(5, "late"),
        expected_before={
            1: date(2026, 12, 31),
            2: date(2027, 6, 30),
            4: date(2026, 12, 31),
            5: date(2026, 12, 31),
        },
    )
    assert [(slip.code, slip.months) for slip in counted.slips] == [("KT-0001", 6), ("KT-0004", 1)]
    assert counted.total.slipped == 2


def test_causes_of_late_projects_are_counted_by_side() -> None:
    counted = count(
        standing(1, "late", causes=("b", "market")),
        standing(2, "late", causes=("c",)),
        standing(3, "late"),
        standing(4, "on_time", causes=("market",)),
    )
    assert dict(counted.causes) == {"b": 1, "market": 1, "c": 1}
    assert dict(counted.sides) == {"state": 2, "objective": 1}
    assert counted.without_cause == 1


def test_groups_add_up_to_the_whole() -> None:
    counted = count(
        standing(1, "late", zone_id=1, sector_id=4, unit_id=7, capital=Decimal(5)),
        standing(2, "silent", zone_id=2, sector_id=4, unit_id=8, capital=Decimal(6)),
        standing(3, "silent"),
        geographies=[lambda unit_id: unit_id and unit_id // 8],
    )
    for group in (counted.zones, counted.sectors, counted.places[0]):
        assert sum(tally.projects for tally in group.values()) == 3
        assert sum(tally.capital for tally in group.values()) == 11
    assert counted.sectors[4].projects == 2
    assert set(counted.places[0]) == {0, 1, None}
