"""From which days lateness, silence and idle land are counted, for a state document on a day."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portfolio.schedule.clocks import NOTHING
from portfolio.schedule.judgement import Judgement, judge_state
from tests.schedule.law import POLICY, day

KINDS = ("land_handover", "start", "completion", "operation", "capital_paid")


def milestone(kind: str, *planned: tuple[int, str], **more: Any) -> dict[str, Any]:
    targets = [{"id": v, "version": v, "planned_on": on} for v, on in planned]
    return {"id": KINDS.index(kind) + 1, "kind": kind, "targets": targets, **more}


def phase(*milestones: dict[str, Any], number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": number, "number": number, "milestones": list(milestones), **more}


def version(number: int, approved_on: str | None, kind: str = "adjusted") -> dict[str, Any]:
    row = {"id": number, "number": number, "kind": kind}
    return row | ({"approved_on": approved_on} if approved_on else {})


FIRST = version(1, "2018-01-05", "ipa")
SECOND = version(2, "2020-02-03")


def pause(
    since: str, until: str | None, status: str = "accepted", cause: str = "b"
) -> dict[str, Any]:
    row = {"id": 1, "cause": cause, "since": since, "status": status, "paper": "1/UBND"}
    return row | ({"until": until} if until else {})


def project(*phases: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "code": "KT-0042",
        "name": "Dự án",
        "listing": "licensed",
        "stage": "implementing",
        "schedules": [FIRST],
        "phases": list(phases),
    } | more


def judged(state: dict[str, Any], on: str = "2026-11-22") -> Judgement:
    return judge_state(state, POLICY, day(on))


def targets(state: dict[str, Any], on: str = "2026-11-22") -> tuple[date | None, ...]:
    clocks = judged(state, on).clocks
    return clocks.first_target_on, clocks.latest_target_on, clocks.forecast_target_on


class TestOpen:
    """A project that is not done: the earliest day that is not kept, of each of the three."""

    def test_the_three_stand_side_by_side(self):
        operation = milestone(
            "operation", (1, "2020-12-31"), (2, "2023-06-30"), forecast_on="2027-03-31"
        )
        found = targets(project(phase(operation), schedules=[FIRST, SECOND]))
        assert found == (day("2020-12-31"), day("2023-06-30"), day("2027-03-31"))

    def test_the_earliest_milestone_that_is_not_met_counts(self):
        rows = (
            milestone("start", (1, "2018-09-30"), met_on="2019-01-01"),
            milestone("completion", (1, "2020-06-30"), forecast_on="2027-01-31"),
            milestone("operation", (1, "2020-12-31"), forecast_on="2027-06-30"),
        )
        assert targets(project(phase(*rows))) == (
            day("2020-06-30"),
            day("2020-06-30"),
            day("2027-01-31"),
        )

    def test_of_several_phases_the_worst_counts_and_a_completed_one_does_not(self):
        done = phase(milestone("operation", (1, "2019-12-31")), completed_on="2021-05-05")
        late = phase(milestone("operation", (1, "2022-12-31")), number=2)
        ahead = phase(milestone("operation", (1, "2029-12-31")), number=3)
        assert targets(project(done, ahead, late)) == (day("2022-12-31"), day("2022-12-31"), None)

    def test_a_phase_in_operation_has_no_open_milestone(self):
        rows = (
            milestone("completion", (1, "2020-06-30")),
            milestone("operation", (1, "2020-12-31"), met_on="2021-02-01"),
        )
        ahead = phase(milestone("operation", (1, "2029-12-31")), number=2)
        assert targets(project(phase(*rows), ahead))[:2] == (day("2029-12-31"),) * 2

    def test_the_first_is_the_first_approval_and_not_what_was_registered_before_it(self):
        versions = [version(1, None, "registered"), version(2, "2018-04-05", "irc")]
        operation = milestone("operation", (1, "2019-06-30"), (2, "2020-12-31"))
        assert targets(project(phase(operation), schedules=versions))[0] == day("2020-12-31")
        only = milestone("operation", (1, "2019-06-30"))
        assert targets(project(phase(only), schedules=versions[:1]))[0] == day("2019-06-30")

    def test_what_binds_nobody_has_no_target(self):
        registered = project(
            phase(milestone("operation", (1, "2019-06-30"))),
            schedules=[version(1, None, "registered")],
            listing="registered",
            stage="surveying",
        )
        assert targets(registered) == (None, None, None)

    def test_accepted_pauses_move_the_latest_only(self):
        row = phase(milestone("operation", (1, "2024-12-31")))
        moved = project(row, pauses=[pause("2024-01-01", "2024-01-31")])
        assert targets(moved) == (day("2024-12-31"), day("2025-01-31"), None)
        claimed = project(row, pauses=[pause("2024-01-01", "2024-01-31", "claimed")])
        assert targets(claimed)[1] == day("2024-12-31")
        statistics = project(row, pauses=[pause("2024-01-01", "2024-01-31", cause="market")])
        assert targets(statistics)[1] == day("2024-12-31")

    def test_a_cause_that_the_policy_no_longer_lists_stops_no_clock(self):
        row = phase(milestone("operation", (1, "2024-12-31")))
        gone = project(row, pauses=[pause("2024-01-01", "2024-01-31", cause="dropped")])
        assert targets(gone)[1] == day("2024-12-31")

    def test_an_open_pause_empties_the_latest_from_its_first_day_on(self):
        state = project(
            phase(milestone("operation", (1, "2024-12-31"))), pauses=[pause("2024-07-01", None)]
        )
        assert targets(state, "2024-06-30")[1] == day("2024-12-31")
        assert judged(state, "2024-06-30").next_change_on == day("2024-07-01")
        assert targets(state, "2024-07-01") == (day("2024-12-31"), None, None)
        assert targets(state) == (day("2024-12-31"), None, None)

    def test_what_was_over_before_an_open_pause_began_is_still_late(self):
        rows = (milestone("start", (1, "2020-12-31")), milestone("operation", (1, "2024-12-31")))
        state = project(phase(*rows), pauses=[pause("2024-07-01", None)])
        assert targets(state)[1] == day("2020-12-31")

    def test_a_milestone_met_later_than_the_day_is_not_met_yet(self):
        row = phase(
            milestone("start", (1, "2020-06-30"), met_on="2026-12-01"),
            milestone("operation", (1, "2027-12-31")),
        )
        assert targets(project(row))[0] == day("2020-06-30")
        assert judged(project(row)).next_change_on == day("2026-12-01")
        assert targets(project(row), "2026-12-01")[0] == day("2027-12-31")


class TestExpected:
    """When the last open objective is expected."""

    @pytest.mark.parametrize(
        ("forecast", "expected"), [("2028-03-31", "2028-03-31"), (None, "2025-12-31")]
    )
    def test_by_its_forecast_or_else_by_the_latest_approval(self, forecast, expected):
        rows = (
            milestone("start", (1, "2019-01-01"), forecast_on="2029-01-01"),
            milestone("operation", (1, "2025-12-31"), forecast_on=forecast),
        )
        assert judged(project(phase(*rows))).clocks.expected_on == day(expected)

    def test_the_last_of_several_phases(self):
        state = project(
            phase(milestone("operation", (1, "2027-12-31"))),
            phase(milestone("completion", (1, "2026-12-31")), number=2),
        )
        assert judged(state).clocks.expected_on == day("2027-12-31")

    def test_nobody_knows_while_an_open_pause_runs(self):
        state = project(
            phase(milestone("operation", (1, "2027-12-31"))), pauses=[pause("2026-02-01", None)]
        )
        assert judged(state).clocks.expected_on is None


class TestDone:
    """A done project: the targets of the phase completed last, and the day of that."""

    def test_the_phase_completed_last(self):
        state = project(
            phase(milestone("operation", (1, "2018-12-31")), completed_on="2021-05-05"),
            phase(milestone("operation", (1, "2021-12-31")), number=2, completed_on="2022-03-04"),
        )
        assert judged(state).schedule_state == "done"
        assert judged(state).clocks.done_on == day("2022-03-04")
        assert targets(state)[0] == targets(state)[1] == day("2021-12-31")
        assert judged(state).clocks.expected_on is None

    def test_pauses_before_the_end_count(self):
        state = project(
            phase(milestone("operation", (1, "2020-12-31")), completed_on="2021-05-05"),
            pauses=[pause("2020-12-01", None)],
        )
        # The pause ran until the day before the completion: 155 days.
        assert targets(state)[1] == day("2021-06-04")

    def test_in_operation_without_a_recorded_completion(self):
        operation = milestone("operation", (1, "2020-12-31"), met_on="2021-02-03")
        state = project(phase(operation), stage="operating")
        assert judged(state).clocks.done_on == day("2021-02-03")
        assert targets(state)[0] == day("2020-12-31")

    def test_nothing_is_measured_when_nobody_knows_when_it_was_done(self):
        state = project(phase(milestone("operation", (1, "2020-12-31"))), stage="operating")
        clocks = judged(state).clocks
        assert (clocks.done_on, clocks.first_target_on, clocks.latest_target_on) == (None,) * 3

    def test_a_closed_project_has_no_clocks(self):
        state = project(
            phase(milestone("operation", (1, "2020-12-31"))),
            listing="closed",
            stage="revoked",
            pauses=[pause("2020-01-01", None)],
            parcels=[{"id": 1, "name": "A", "area_ha": "5", "handed_over_on": "2019-01-01"}],
        )
        assert judged(state) == Judgement((), "done", NOTHING, (), (), None)


def parcel(name: str, ha: str | None, handed_over_on: str | None, **more: Any) -> dict[str, Any]:
    row = {"id": 1, "name": name, "area_ha": ha, "handed_over_on": handed_over_on, **more}
    return {key: value for key, value in row.items() if value is not None}


def idle(*parcels: dict[str, Any], on: str = "2026-11-22") -> tuple[Decimal | None, Decimal | None]:
    state = project(phase(milestone("operation", (1, "2030-12-31"))), parcels=list(parcels))
    clocks = judged(state, on).clocks
    return clocks.idle_ha, clocks.idle_weight


def hectare_days(*parcels: dict[str, Any], on: str) -> Decimal:
    ha, weight = idle(*parcels, on=on)
    assert ha is not None
    assert weight is not None
    return ha * (day(on) - date(2000, 1, 1)).days - weight


class TestIdleLand:
    """Hectares handed over and not in use, so weighed that any day's hectare-days follow."""

    def test_hectare_days_follow_from_the_two_sums(self):
        land = (parcel("A", "8.5", "2026-01-01"), parcel("B", "1.25", "2026-11-12"))
        assert idle(*land)[0] == Decimal("9.75")
        assert hectare_days(*land, on="2026-11-22") == Decimal("8.5") * 325 + Decimal("12.5")
        assert hectare_days(*land, on="2026-11-23") - hectare_days(*land, on="2026-11-22") == (
            Decimal("9.75")
        )

    def test_land_in_use_or_recovered_is_not_idle_nor_land_without_a_handover(self):
        assert idle(
            parcel("A", "8.5", "2020-01-01", first_used_on="2021-01-01"),
            parcel("B", "1", "2020-01-01", recovered_on="2024-01-01"),
            parcel("C", "2", None),
            parcel("D", None, "2020-01-01"),
        ) == (None, None)

    def test_an_interruption_begins_anew_and_ends_with_use(self):
        stops = [
            {"id": 1, "kind": "interruption", "since": "2025-01-10", "until": "2025-08-01"},
            {"id": 2, "kind": "interruption", "since": "2026-11-12"},
        ]
        land = parcel("A", "2", "2020-01-01", first_used_on="2021-01-01", intervals=stops)
        assert idle(land, on="2025-01-09") == (None, None)
        assert hectare_days(land, on="2025-01-20") == Decimal(20)
        assert idle(land, on="2025-08-02") == (None, None)
        assert hectare_days(land, on="2026-11-22") == Decimal(20)

    def test_land_handed_over_later_is_idle_from_then_on(self):
        land = parcel("A", "2", "2026-12-01")
        assert idle(land) == (None, None)
        state = project(phase(milestone("operation", (1, "2030-12-31"))), parcels=[land])
        assert judged(state).next_change_on == day("2026-12-01")
        assert hectare_days(land, on="2026-12-01") == 0

    def test_of_a_done_project_only_where_its_use_of_land_is_on_record(self):
        done = phase(milestone("operation", (1, "2020-12-31")), completed_on="2020-12-31")
        unknown = parcel("A", "2", "2019-01-01")
        used = parcel("B", "3", "2019-01-01", first_used_on="2019-05-05")
        assert judged(project(done, parcels=[unknown])).clocks.idle_ha is None
        assert judged(project(done, parcels=[unknown, used])).clocks.idle_ha == 2


def test_silent_since_the_first_day_on_which_a_missing_report_was_missing() -> None:
    state = project(phase(milestone("operation", (1, "2030-12-31"))))
    # The report for the fourth quarter of 2026 was due on Monday 11 January 2027.
    assert judged(state, "2027-01-11").clocks.silent_since is None
    assert judged(state, "2027-01-12").clocks.silent_since == day("2027-01-12")
    assert judged(state, "2027-08-01").clocks.silent_since == day("2027-01-12")
    came = {
        "id": 1,
        "kind": "Q",
        "period": "2026-Q4",
        "status": "received",
        "received_on": "2027-02-01",
    }
    state["reports"] = [came | {"forecasts": []}]
    assert judged(state, "2027-02-01").clocks.silent_since is None


def mark(cause: str, number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": number, "on": "2026-01-05", "verdict": "confirms", "cause": cause, **more}


def test_causes_of_marks_and_accepted_pauses_each_once() -> None:
    state = project(
        phase(milestone("operation", (1, "2020-12-31"))),
        marks=[
            mark("market"),
            mark("investor_finance", 2, verdict="adds", severity="review"),
            mark("court", 3, withdrawn_on="2026-02-01", withdrawn_why="nhầm"),
            mark("technical", 4, on="2026-12-01"),
        ],
        pauses=[
            pause("2020-01-01", "2020-02-01", cause="a"),
            pause("2021-01-01", "2021-02-01", cause="a"),
            pause("2021-01-01", "2021-02-01", "claimed", "b"),
            pause("2021-01-01", "2021-02-01", "rejected", "c"),
            pause("2027-01-01", None, cause="d"),
        ],
    )
    assert judged(state).causes == ("a", "investor_finance", "market")
    assert judged(state).next_change_on == day("2026-12-01")
    assert judged(state, "2026-12-01").causes == ("a", "investor_finance", "market", "technical")
    assert judged(state, "2027-01-01").causes == (
        "a",
        "d",
        "investor_finance",
        "market",
        "technical",
    )


@pytest.mark.parametrize("on", ["2019-05-05", "2024-02-29", "2026-11-22"])
def test_nothing_changes_before_the_day_of_the_next_change(on: str) -> None:
    land = parcel(
        "A",
        "2",
        "2020-03-01",
        first_used_on="2021-01-01",
        intervals=[{"id": 1, "kind": "interruption", "since": "2025-01-10", "until": "2025-08-01"}],
    )
    rows = (
        milestone("start", (1, "2019-06-30"), met_on="2019-08-01"),
        milestone("operation", (1, "2022-12-31"), (2, "2025-06-30"), forecast_on="2026-01-01"),
    )
    state = project(
        phase(*rows),
        phase(milestone("completion", (1, "2027-01-31")), number=2, completed_on="2027-03-01"),
        schedules=[FIRST, SECOND],
        parcels=[land, parcel("B", "3", "2026-12-05")],
        pauses=[pause("2021-02-03", "2021-05-05"), pause("2026-12-15", None)],
        marks=[mark("market")],
        operating_end="2028-01-05",
    )
    first = judged(state, on)
    known, turns = first, 0
    today = day(on)
    for _ in range(1500):
        today = date.fromordinal(today.toordinal() + 1)
        if known.next_change_on is not None and today >= known.next_change_on:
            known, turns = judged(state, today.isoformat()), turns + 1
            continue
        now = judged(state, today.isoformat())
        assert now.clocks == known.clocks, today
        assert now.causes == known.causes, today
        assert now.deadlines == tuple(one for one in known.deadlines if one.on >= today), today
        assert now.next_change_on == known.next_change_on, today
    assert turns > 5
