"""Behind the investment schedule: INV-LATE, INV-T24-WARN, INV-T24, ADJ-CAP24."""

from datetime import date

import pytest

from portfolio.schedule.facts import read_facts
from portfolio.schedule.rules import refuse_adjustment
from tests.schedule.law import POLICY, ask, day, finding, phase, rules_on, step, turns_true


def version(number: int, approved_on: str | None, end: str | None, kind: str | None = "adjusted"):
    return {"version": number, "approved_on": approved_on, "kind": kind, "end": end}


def pause(begins: str, ends: str | None, **more):
    return {"cause": "b", "from": begins, "to": ends, "status": "accepted", **more}


class TestLate:
    """INV-LATE: late from the day after the effective end, which is a date and is not rolled."""

    @pytest.mark.parametrize(
        ("end", "first_day"),
        [
            ("2025-06-30", "2025-07-01"),
            ("2024-02-29", "2024-03-01"),
            ("2025-12-31", "2026-01-01"),
            ("2025-03-01", "2025-03-02"),  # a Saturday: a written date does not roll
            ("2024-02-09", "2024-02-10"),  # nor does one in Tet
        ],
    )
    def test_a_phase_is_late_the_day_after_its_end(self, end, first_day):
        turns_true("INV-LATE", first_day, phases=[phase(end)])

    def test_a_phase_that_is_completed_is_not_late(self):
        assert "INV-LATE" not in rules_on(
            "2026-11-22",
            phases=[phase("2019-12-31", completed_on="2023-05-05"), phase(None, id="2")],
        )

    def test_a_phase_completed_late_was_late_until_that_day(self):
        late = {"phases": [phase("2019-12-31", completed_on="2023-05-05"), phase(None, id="2")]}
        assert "INV-LATE" in rules_on("2023-05-04", **late)
        assert "INV-LATE" not in rules_on("2023-05-05", **late)

    def test_a_milestone_is_late_by_itself(self):
        start = {"kind": "start", "planned": "2025-03-31"}
        turns_true("INV-LATE", "2025-04-01", phases=[phase("2090-12-31", milestones=[start])])
        late = finding("INV-LATE", "2025-04-01", phases=[phase("2090-12-31", milestones=[start])])
        assert late.scope == "milestone:1/start"

    def test_a_milestone_that_was_met_is_not_late(self):
        start = {"kind": "start", "planned": "2025-03-31", "met_on": "2025-04-10"}
        promised = {"phases": [phase("2090-12-31", milestones=[start])]}
        assert "INV-LATE" in rules_on("2025-04-09", **promised)
        assert "INV-LATE" not in rules_on("2025-04-10", **promised)

    def test_a_milestone_is_moved_by_the_days_paused_since_its_own_paper(self):
        earlier = {"kind": "start", "planned": "2025-03-31", "met_on": None}
        restated = earlier | {"approved_on": "2024-06-01"}
        paused = [pause("2024-02-01", "2024-02-10"), pause("2024-07-01", "2024-07-05")]
        # The phase's own schedule is of 2010, so both pauses came after it.
        turns_true(
            "INV-LATE",
            "2025-04-16",
            phases=[phase("2090-12-31", milestones=[earlier])],
            pauses=paused,
        )
        turns_true(
            "INV-LATE",
            "2025-04-06",
            phases=[phase("2090-12-31", milestones=[restated])],
            pauses=paused,
        )

    def test_milestones_of_a_completed_phase_are_not_asked_for(self):
        start = {"kind": "start", "planned": "2018-03-31"}
        done = phase("2019-12-31", completed_on="2019-11-11", milestones=[start])
        assert "INV-LATE" not in rules_on("2026-11-22", phases=[done, phase(None, id="2")])

    def test_every_phase_is_late_by_its_own_end(self):
        found = ask("2026-11-22", phases=[phase("2025-06-30"), phase("2026-06-30", id="2")])
        late = {one.scope: one.since for one in found.findings if one.rule == "INV-LATE"}
        assert late == {"phase:1": date(2025, 7, 1), "phase:2": date(2026, 7, 1)}

    def test_an_accepted_pause_moves_the_end(self):
        paused = {"phases": [phase("2019-12-31")], "pauses": [pause("2019-01-01", "2019-06-30")]}
        turns_true("INV-LATE", "2020-06-30", **paused)
        found = finding("INV-LATE", "2026-11-22", **paused)
        assert (found.deadline, step(found, "days_over")) == (date(2020, 6, 29), 2337)

    @pytest.mark.parametrize("status", ["claimed", "rejected", None])
    def test_a_pause_that_is_not_accepted_moves_nothing(self, status):
        claimed = [pause("2019-01-01", "2019-06-30", status=status)]
        turns_true("INV-LATE", "2020-01-01", phases=[phase("2019-12-31")], pauses=claimed)

    @pytest.mark.parametrize(
        ("cause", "first_day"),
        [
            ("a", "2020-01-11"),
            ("b", "2020-01-11"),
            ("c", "2020-01-11"),
            ("d", "2020-01-11"),
            ("g", "2020-01-11"),
            ("investor_finance", "2020-01-01"),
            ("market", "2020-01-01"),
            ("court", "2020-01-01"),
            ("land_clearance", "2020-01-01"),
            ("other", "2020-01-01"),
        ],
    )
    def test_only_causes_that_the_law_names_stop_the_clock(self, cause, first_day):
        paused = [pause("2019-03-01", "2019-03-10", cause=cause)]
        turns_true("INV-LATE", first_day, phases=[phase("2019-12-31")], pauses=paused)

    def test_days_paused_twice_count_once(self):
        paused = [pause("2019-03-01", "2019-03-10"), pause("2019-03-06", "2019-03-15", cause="a")]
        turns_true("INV-LATE", "2020-01-16", phases=[phase("2019-12-31")], pauses=paused)

    def test_days_paused_before_the_schedule_was_approved_are_in_it_already(self):
        adjusted = {"id": "1", "schedules": [version(1, "2019-03-06", "2019-12-31")]}
        paused = [pause("2019-03-01", "2019-03-10")]
        turns_true("INV-LATE", "2020-01-06", phases=[adjusted], pauses=paused)

    def test_a_project_under_an_open_pause_does_not_become_late(self):
        stopped = {"phases": [phase("2025-12-31")], "pauses": [pause("2025-12-31", None)]}
        still = ask("2026-11-22", **stopped)
        assert still.schedule_state == "on_time"
        assert still.next_change_on is None

    def test_a_pause_that_begins_after_the_end_undoes_nothing(self):
        stopped = {"phases": [phase("2025-12-31")], "pauses": [pause("2026-01-01", None)]}
        turns_true("INV-LATE", "2026-01-01", **stopped)

    def test_the_latest_approved_schedule_counts_from_its_approval(self):
        extended = phase("2024-12-31")
        extended["schedules"].append(version(2, "2025-03-03", "2026-06-30"))
        assert "INV-LATE" in rules_on("2025-03-02", phases=[extended])
        assert "INV-LATE" not in rules_on("2025-03-03", phases=[extended])
        assert "INV-LATE" in rules_on("2026-07-01", phases=[extended])

    def test_a_schedule_that_was_only_registered_does_not_replace_an_approved_one(self):
        hoped = phase("2024-12-31")
        hoped["schedules"].append(version(2, "2024-12-01", "2030-12-31", kind="registered"))
        turns_true("INV-LATE", "2025-01-01", phases=[hoped])

    @pytest.mark.parametrize(
        ("listing", "late"),
        [("licensed", True), (None, True), ("registered", False), ("solicited", False)],
    )
    def test_a_schedule_that_was_only_registered_binds_once_the_project_is_licensed(
        self, listing, late
    ):
        hoped = {"id": "1", "schedules": [version(1, None, "2024-12-31", kind="registered")]}
        found = rules_on("2025-01-01", listing=listing, phases=[hoped])
        assert ("INV-LATE" in found) is late

    @pytest.mark.parametrize(
        ("on", "article", "law"),
        [
            ("2015-06-30", "house", "house policy, version 1"),
            ("2015-07-01", "69", "67/2014/QH13"),
            ("2020-12-31", "69", "67/2014/QH13"),
            ("2021-01-01", "70", "61/2020/QH14"),
            ("2026-02-28", "70", "61/2020/QH14"),
            ("2026-03-01", "45", "143/2025/QH15"),
        ],
    )
    def test_it_names_the_law_in_force_on_the_day_of_evaluation(self, on, article, law):
        found = finding("INV-LATE", on, phases=[phase("2014-12-31")])
        assert (found.article, found.law, found.severity) == (article, law, "late")


class TestNearing24Months:
    """INV-T24-WARN: a warning at 12, 18 and 21 months past the effective end."""

    @pytest.mark.parametrize(
        ("end", "first_day"),
        [
            ("2024-12-31", "2026-01-01"),  # twelve months end on Wednesday 31/12/2025
            ("2024-02-29", "2025-03-01"),  # on Friday 28/02/2025
            ("2024-03-01", "2025-03-04"),  # on a Saturday, so on Monday 03/03/2025
            ("2025-01-01", "2026-01-06"),  # on New Year's Day 2026, and a long week-end
        ],
    )
    def test_it_begins_when_twelve_months_are_over(self, end, first_day):
        turns_true("INV-T24-WARN", first_day, phases=[phase(end)])

    @pytest.mark.parametrize(
        ("on", "stage"),
        [
            ("2026-01-01", 12),
            ("2026-06-30", 12),
            ("2026-07-01", 18),
            ("2026-09-30", 18),
            ("2026-10-01", 21),
            ("2027-01-05", 21),
        ],
    )
    def test_its_stage_grows_and_its_first_day_stays(self, on, stage):
        found = finding("INV-T24-WARN", on, phases=[phase("2024-12-31")])
        assert step(found, "warning_months") == stage
        assert found.since == date(2026, 1, 1)
        assert found.severity == "warning"

    def test_each_stage_is_a_day_of_change(self):
        promised = {"phases": [phase("2024-12-31")]}
        changes = []
        on: date | None = day("2024-01-01")
        while on is not None:
            on = ask(on.isoformat(), **promised).next_change_on
            changes.append(on)
        assert changes == [
            date(2025, 1, 1),  # late
            date(2026, 1, 1),  # 12 months
            date(2026, 3, 1),  # the law of 2025
            date(2026, 7, 1),  # 18 months
            date(2026, 10, 1),  # 21 months
            date(2027, 1, 1),  # 24 months end on Thursday 31/12/2026
            None,
        ]

    def test_it_goes_on_beside_the_ground_and_says_until_when_it_warned(self):
        facts = {"phases": [phase("2023-12-29")], "no_adjustment_right": True}
        found = {one.rule: one for one in ask("2026-11-22", **facts).findings}
        assert found.keys() >= {"INV-T24", "INV-LATE", "INV-T24-WARN"}
        assert step(found["INV-T24-WARN"], "ground_deadline") == found["INV-T24"].deadline

    def test_it_names_every_year_whose_holidays_it_needed(self):
        # 12 months end in 2028, 21 in 2028 and 24 in 2029: none has a table.
        found = finding("INV-T24-WARN", "2028-12-22", phases=[phase("2027-03-05")])
        unknown = [one.value for one in found.steps if one.name == "holidays_unknown"]
        assert unknown == [2028, 2029]

    def test_a_schedule_that_nobody_approved_gets_no_warning(self):
        hoped = {"id": "1", "schedules": [version(1, None, "2020-12-31", kind="registered")]}
        found = rules_on("2026-11-22", listing="licensed", phases=[hoped])
        assert "INV-LATE" in found
        assert not found & {"INV-T24-WARN", "INV-T24"}


NO_RIGHT = {"no_adjustment_right": True}


class TestPast24Months:
    """INV-T24: ground for termination, 143/2025/QH15 Article 36.2.b, from 2026-03-01 on."""

    @pytest.mark.parametrize(
        ("end", "first_day"),
        [
            ("2024-12-30", "2026-12-31"),  # 24 months end on Wednesday 30/12/2026
            ("2024-04-30", "2026-05-05"),  # 30/04/2026 and 01/05 are holidays, then a weekend
            ("2024-05-09", "2026-05-12"),  # on a Saturday, so on Monday 11/05/2026
            ("2024-11-24", "2026-11-26"),  # on Culture Day, so on 25/11/2026
            ("2024-09-01", "2026-09-04"),  # 01 and 02/09/2026 are holidays
            ("2024-03-31", "2026-04-01"),
        ],
    )
    def test_it_begins_when_24_months_are_over(self, end, first_day):
        turns_true("INV-T24", first_day, phases=[phase(end)], **NO_RIGHT)

    @pytest.mark.parametrize("end", ["2012-12-31", "2019-12-31", "2023-12-31", "2024-02-27"])
    def test_it_never_begins_before_the_law_does(self, end):
        turns_true("INV-T24", "2026-03-01", phases=[phase(end)], **NO_RIGHT)
        found = finding("INV-T24", "2026-11-22", phases=[phase(end)], **NO_RIGHT)
        assert step(found, "in_force_from") == date(2026, 3, 1)

    @pytest.mark.parametrize(
        ("end", "needed"),
        [("2026-02-28", True), ("2026-03-01", False), ("2019-12-31", True)],
    )
    def test_a_schedule_that_ended_before_the_law_needs_a_legal_opinion(self, end, needed):
        found = finding("INV-T24", "2029-01-01", phases=[phase(end)], **NO_RIGHT)
        assert found.needs_legal_opinion is needed

    def test_it_is_a_ground_under_the_law_of_2025(self):
        found = finding("INV-T24", "2026-11-22", phases=[phase("2020-12-31")], **NO_RIGHT)
        assert (found.severity, found.article, found.law) == ("ground", "36.2.b", "143/2025/QH15")
        assert found.deadline == date(2023, 1, 3)  # 31/12/2022 is a Saturday, 02/01/2023 off

    def test_a_pause_in_the_schedule_moves_the_24_months_as_well(self):
        paused = {"phases": [phase("2024-10-31")], "pauses": [pause("2024-09-01", "2024-09-30")]}
        # 31/10 and 30 days are 30/11/2024; 24 months end on Monday 30/11/2026.
        turns_true("INV-T24", "2026-12-01", **paused, **NO_RIGHT)

    def test_a_pause_within_the_24_months_moves_their_end_before_it_is_rolled(self):
        paused = {"phases": [phase("2024-06-30")], "pauses": [pause("2025-03-01", "2025-03-04")]}
        # 24 months end on 30/06/2026, four days later on Saturday 04/07, so on Monday 06/07.
        turns_true("INV-T24", "2026-07-07", **paused, **NO_RIGHT)
        found = finding("INV-T24", "2026-11-22", **paused, **NO_RIGHT)
        assert step(found, "term_end") == date(2026, 6, 30)
        assert step(found, "paused_end") == date(2026, 7, 4)
        assert step(found, "rolled_end") == date(2026, 7, 6)

    def test_a_pause_that_begins_after_the_24_months_undoes_nothing(self):
        stopped = {"phases": [phase("2024-06-30")], "pauses": [pause("2026-07-01", None)]}
        turns_true("INV-T24", "2026-07-01", **stopped, **NO_RIGHT)

    def test_an_open_pause_within_the_24_months_holds_them(self):
        stopped = {"phases": [phase("2024-06-30")], "pauses": [pause("2026-06-30", None)]}
        assert "INV-T24" not in rules_on("2036-11-22", **stopped, **NO_RIGHT)

    def test_a_milestone_alone_is_no_ground(self):
        start = {"kind": "start", "planned": "2015-12-31"}
        missed = phase("2090-12-31", milestones=[start])
        assert "INV-T24" not in rules_on("2026-11-22", phases=[missed], **NO_RIGHT)

    @pytest.mark.parametrize(
        "spared",
        [
            {"no_adjustment_right": False},
            {"no_adjustment_right": True, "pending_adjustment": True},
            {
                "no_adjustment_right": True,
                "land": [{"id": "A", "handed_over_on": "2018-01-01", "recovered_on": "2025-01-02"}],
            },
        ],
        ids=["a right is left", "an adjustment is pending", "land was recovered"],
    )
    def test_it_does_not_hold_when(self, spared):
        assert "INV-T24" not in rules_on("2026-11-22", phases=[phase("2020-12-31")], **spared)

    def test_land_recovered_later_does_not_matter_before(self):
        land = [{"id": "A", "handed_over_on": "2018-01-01", "recovered_on": "2026-06-01"}]
        facts = {"phases": [phase("2020-12-31")], "land": land, **NO_RIGHT}
        assert "INV-T24" in rules_on("2026-05-31", **facts)
        assert "INV-T24" not in rules_on("2026-06-01", **facts)
        assert "T-LAND" in rules_on("2026-06-01", **facts)

    def test_where_nobody_recorded_a_right_to_adjust_a_person_must_say(self):
        found = finding("INV-T24", "2030-01-01", phases=[phase("2026-12-31")])
        assert found.needs_legal_opinion
        assert [one.value for one in found.steps if one.name == "legal_opinion"] == [
            "right_unknown"
        ]

    def test_each_phase_has_24_months_of_its_own(self):
        late = [phase("2024-04-15"), phase("2024-06-15", id="2")]
        found = ask("2026-05-05", phases=late, **NO_RIGHT).findings
        assert [one.scope for one in found if one.rule == "INV-T24"] == ["phase:1"]

    def test_24_months_that_end_in_a_year_without_holidays_say_so(self):
        found = finding("INV-T24", "2030-01-01", phases=[phase("2026-06-30")], **NO_RIGHT)
        assert step(found, "holidays_unknown") == 2028


WITH_APPROVAL = {"id": "KT-0001", "has_ipa": True, "phases": [phase("2024-02-29")]}


class TestAdjustmentCap:
    """ADJ-CAP24: an adjustment may not go past 24 months after the first approved end."""

    def refused(self, proposed: str, exception: str | None = None, on="2026-05-05", **more):
        facts = read_facts({**WITH_APPROVAL, **more})
        return refuse_adjustment(facts, POLICY, day(on), "1", day(proposed), exception)

    @pytest.mark.parametrize(
        ("proposed", "allowed"),
        [("2026-02-28", True), ("2026-03-01", False), ("2025-12-31", True), ("2030-12-31", False)],
    )
    def test_the_last_day_allowed_is_24_months_after_the_first_end(self, proposed, allowed):
        assert (self.refused(proposed) is None) is allowed

    def test_a_later_adjustment_does_not_move_the_cap(self):
        adjusted = phase("2024-02-29")
        adjusted["schedules"].append(version(2, "2024-01-05", "2025-12-31"))
        assert self.refused("2026-03-01", phases=[adjusted]) is not None

    def test_the_policy_approval_sets_the_cap_even_if_a_certificate_was_entered_first(self):
        both = phase("2023-12-31")
        both["schedules"][0]["kind"] = "irc"
        both["schedules"].append(version(2, "2022-01-05", "2024-02-29", kind="ipa"))
        assert self.refused("2026-02-28", phases=[both]) is None
        assert self.refused("2026-03-01", phases=[both]) is not None

    def test_a_project_with_a_certificate_only_has_no_cap(self):
        assert self.refused("2036-12-31", has_ipa=False) is None

    @pytest.mark.parametrize("exception", ["a", "b", "c", "d", "đ", "e"])
    def test_an_exception_lifts_the_cap(self, exception):
        assert self.refused("2036-12-31", exception) is None

    def test_point_g_is_an_exception_of_the_law_of_2025_only(self):
        assert self.refused("2036-12-31", "g") is None
        assert self.refused("2036-12-31", "g", on="2026-02-28") is not None

    def test_the_refusal_names_the_cap_and_the_article(self):
        found = self.refused("2026-03-01")
        assert found is not None
        assert (found.severity, found.article, found.deadline) == (
            "refusal",
            "33.4",
            date(2026, 2, 28),
        )
        assert "01/03/2026" in found.vi
        assert "28/02/2026" in found.vi

    def test_before_2021_there_was_no_cap(self):
        assert self.refused("2036-12-31", on="2020-12-31") is None
