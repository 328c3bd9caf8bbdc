"""Land that is not put to use: LAND-12, LAND-24, LAND-EXT, LAND-RECOVER."""

from datetime import date

import pytest

from tests.schedule.law import ask, finding, parcel, rules_on, step, turns_true

LAND_RULES = {"LAND-12", "LAND-24", "LAND-EXT", "LAND-RECOVER"}


def land_rules(on: str, **facts):
    return rules_on(on, **facts) & LAND_RULES


class TestTwelveMonths:
    """LAND-12: not used for 12 consecutive months, 31/2024/QH15 Article 81.8."""

    @pytest.mark.parametrize(
        ("handed_over_on", "first_day"),
        [
            ("2020-03-05", "2021-03-06"),  # twelve months end on a Friday
            ("2020-02-29", "2021-03-02"),  # on Sunday 28/02/2021, so on Monday
            ("2023-02-28", "2024-02-29"),  # on Wednesday 28/02/2024
            ("2023-04-29", "2024-05-03"),  # on a swapped Monday before two holidays
            ("2023-02-08", "2024-02-16"),  # on the first day of Tet 2024
            ("2022-12-31", "2024-01-03"),  # on a Sunday before New Year's Day
            ("2025-11-24", "2026-11-26"),  # on Culture Day 2026
            ("2024-08-31", "2025-09-04"),  # on Sunday 31/08/2025 before two holidays
        ],
    )
    def test_it_begins_when_twelve_months_since_handover_are_over(self, handed_over_on, first_day):
        turns_true("LAND-12", first_day, land=[parcel(handed_over_on)])

    def test_the_day_of_handover_is_not_counted(self):
        assert finding("LAND-12", "2021-03-06", land=[parcel("2020-03-05")]).deadline == date(
            2021, 3, 5
        )

    def test_land_in_use_is_not_idle(self):
        used = {"land": [parcel("2020-03-05", first_used_on="2021-06-01")]}
        assert "LAND-12" in rules_on("2021-05-31", **used)
        assert "LAND-12" not in rules_on("2021-06-01", **used)

    def test_land_that_was_not_handed_over_has_no_clock(self):
        assert land_rules("2026-11-22", land=[parcel(None)]) == set()

    def test_land_that_was_recovered_has_no_clock(self):
        gone = {"land": [parcel("2020-03-05", recovered_on="2023-04-05")]}
        assert "LAND-12" in rules_on("2023-04-04", **gone)
        assert "LAND-12" not in rules_on("2023-04-05", **gone)

    @pytest.mark.parametrize(
        ("handed_over_on", "first_day"),
        [("2010-01-01", "2014-07-01"), ("2013-06-30", "2014-07-01"), ("2013-07-01", "2014-07-02")],
    )
    def test_it_never_begins_before_the_land_law_of_2013(self, handed_over_on, first_day):
        turns_true("LAND-12", first_day, land=[parcel(handed_over_on)])

    def test_only_what_was_true_before_the_law_began_says_from_when_it_is_applied(self):
        names = {
            handed_over_on: [
                one.name
                for one in finding("LAND-12", "2015-01-01", land=[parcel(handed_over_on)]).steps
            ]
            for handed_over_on in ("2013-06-29", "2013-06-30")
        }
        # The second one's twelve months end on Monday 30/06/2014, the day before.
        assert "in_force_from" not in names["2013-06-30"]
        assert "in_force_from" not in names["2013-06-29"]  # rolled from a Sunday to that Monday
        earlier = finding("LAND-12", "2015-01-01", land=[parcel("2013-06-27")])
        assert step(earlier, "in_force_from") == date(2014, 7, 1)

    def test_the_day_the_law_begins_is_the_next_day_of_change(self):
        assert ask("2014-06-30", land=[parcel("2010-01-01")]).next_change_on == date(2014, 7, 1)

    @pytest.mark.parametrize(
        ("on", "article", "law"),
        [
            ("2024-07-31", "64.1.i", "45/2013/QH13"),
            ("2024-08-01", "81.8", "31/2024/QH15"),
            ("2026-11-22", "81.8", "31/2024/QH15"),
        ],
    )
    def test_it_names_the_law_in_force_on_the_day_of_evaluation(self, on, article, law):
        found = finding("LAND-12", on, land=[parcel("2015-01-01")])
        assert (found.article, found.law, found.severity) == (article, law, "ground")

    def test_each_parcel_has_a_clock_of_its_own(self):
        land = [parcel("2020-03-05"), parcel("2026-01-05", id="B"), parcel("2019-01-07", id="C")]
        found = ask("2026-11-22", land=land).findings
        scopes = {one.scope: one.since for one in found if one.rule == "LAND-12"}
        assert scopes == {"parcel:A": date(2021, 3, 6), "parcel:C": date(2020, 1, 8)}

    def test_an_interruption_of_use_starts_twelve_months_anew(self):
        stop = {"from": "2024-03-01", "to": None}
        stopped = {"land": [parcel("2018-01-02", first_used_on="2018-06-01", interruptions=[stop])]}
        # Twelve months since 01/03/2024 end on Saturday 01/03/2025, so on Monday 03/03.
        turns_true("LAND-12", "2025-03-04", **stopped)

    def test_it_ends_when_use_resumes_the_day_after_the_interruption(self):
        stop = {"from": "2022-03-01", "to": "2024-05-31"}
        stopped = {"land": [parcel("2018-01-02", first_used_on="2018-06-01", interruptions=[stop])]}
        assert "LAND-12" in rules_on("2024-05-31", **stopped)
        assert "LAND-12" not in rules_on("2024-06-01", **stopped)

    def test_an_interruption_from_before_the_first_use_counts_from_that_use(self):
        stop = {"from": "2020-01-01", "to": None}
        used = {"land": [parcel("2019-12-02", first_used_on="2020-06-01", interruptions=[stop])]}
        turns_true("LAND-12", "2021-06-02", **used)

    def test_two_short_interruptions_do_not_add_up(self):
        stops = [
            {"from": "2023-01-01", "to": "2023-11-30"},
            {"from": "2024-01-01", "to": "2024-11-30"},
        ]
        used = [parcel("2018-01-02", first_used_on="2018-06-01", interruptions=stops)]
        assert land_rules("2024-11-30", land=used) == set()

    def test_interruptions_that_touch_are_one(self):
        stops = [{"from": "2023-01-02", "to": "2023-11-30"}, {"from": "2023-12-01", "to": None}]
        used = {"land": [parcel("2018-01-02", first_used_on="2018-06-01", interruptions=stops)]}
        turns_true("LAND-12", "2024-01-03", **used)


class TestBehindSchedule:
    """LAND-24: 24 months behind the land-use schedule."""

    @pytest.mark.parametrize(
        ("schedule_end", "first_day"),
        [
            ("2019-06-28", "2021-06-29"),
            ("2020-02-29", "2022-03-01"),  # on Monday 28/02/2022
            ("2021-12-31", "2024-01-03"),  # on a Sunday before New Year's Day
            ("2022-04-30", "2024-05-03"),
        ],
    )
    def test_it_begins_when_24_months_are_over(self, schedule_end, first_day):
        turns_true("LAND-24", first_day, land=[parcel("2018-01-02", schedule_end=schedule_end)])

    def test_land_once_put_to_use_has_met_its_schedule(self):
        stop = {"from": "2022-01-01", "to": None}
        used = parcel(
            "2018-01-02",
            first_used_on="2019-01-02",
            schedule_end="2018-12-31",
            interruptions=[stop],
        )
        assert land_rules("2026-11-22", land=[used]) == {"LAND-12"}

    def test_land_handed_over_late_cannot_have_been_late_before(self):
        late = {"land": [parcel("2024-05-06", schedule_end="2019-12-31")]}
        turns_true("LAND-24", "2024-05-06", **late)

    def test_without_a_handover_on_record_a_person_must_say(self):
        found = finding("LAND-24", "2026-11-22", land=[parcel(None, schedule_end="2019-12-31")])
        assert found.needs_legal_opinion
        assert not finding(
            "LAND-24", "2026-11-22", land=[parcel("2018-01-02", schedule_end="2019-12-31")]
        ).needs_legal_opinion

    def test_pauses_of_the_investment_do_not_move_a_land_clock(self):
        paused = [{"cause": "b", "from": "2019-01-01", "to": "2021-12-31", "status": "accepted"}]
        land = [parcel("2018-01-02", schedule_end="2019-06-28")]
        turns_true("LAND-24", "2021-06-29", land=land, pauses=paused)


FLOOD = {"from": "2020-06-01", "to": "2020-06-30", "paper": "9/UBND"}


class TestForceMajeure:
    """Days of force majeure on record for the parcel do not count; while they last, all is held."""

    def test_its_days_are_added_to_the_twelve_months(self):
        land = [parcel("2020-03-05", force_majeure=[FLOOD])]
        # 05/03/2021 and 30 days are Sunday 04/04/2021, so Monday 05/04.
        turns_true("LAND-12", "2021-04-06", land=land)
        found = finding("LAND-12", "2021-04-06", land=land)
        assert step(found, "paused_end") == date(2021, 4, 4)
        assert "30 ngày bất khả kháng" in found.vi

    def test_its_days_are_added_to_the_24_months(self):
        land = [parcel("2018-01-02", schedule_end="2018-06-29", force_majeure=[FLOOD])]
        # 29/06/2020 and 30 days are Wednesday 29/07/2020.
        turns_true("LAND-24", "2020-07-30", land=land)

    def test_its_days_before_the_handover_do_not_count(self):
        flood = {"from": "2020-02-01", "to": "2020-03-15"}
        # Ten days since handover: 05/03/2021 and 10 days are Monday 15/03/2021.
        turns_true("LAND-12", "2021-03-16", land=[parcel("2020-03-05", force_majeure=[flood])])

    def test_a_finding_that_holds_already_is_held_while_it_lasts(self):
        flood = {"from": "2022-06-01", "to": "2022-06-30"}
        land = [parcel("2020-03-05", force_majeure=[flood])]
        assert not finding("LAND-12", "2022-05-31", land=land).held
        assert finding("LAND-12", "2022-06-01", land=land).held_by == ("LAND-FM",)
        assert finding("LAND-12", "2022-06-30", land=land).held
        assert not finding("LAND-12", "2022-07-01", land=land).held

    def test_while_it_is_open_the_clock_stands_still(self):
        land = [parcel("2020-03-05", force_majeure=[{"from": "2021-03-01", "to": None}])]
        assert land_rules("2026-11-22", land=land) == set()


EXTENDED = {
    "id": "A",
    "handed_over_on": "2017-09-15",
    "schedule_end": "2017-12-29",
    "extension": {"from": "2018-10-01", "to": "2020-10-01", "decision": "77/QĐ-UBND"},
}


class TestExtension:
    """LAND-EXT holds LAND-12 and LAND-24 while it runs; LAND-RECOVER follows when it is over."""

    @pytest.mark.parametrize(
        ("on", "rules"),
        [
            ("2018-09-17", set()),  # twelve months ended on Saturday 15/09, so on Monday 17/09
            ("2018-09-18", {"LAND-12"}),
            ("2018-09-30", {"LAND-12"}),
            ("2018-10-01", {"LAND-12", "LAND-EXT"}),
            ("2019-12-30", {"LAND-12", "LAND-EXT"}),  # 24 months ended on Sunday 29/12
            ("2019-12-31", {"LAND-12", "LAND-24", "LAND-EXT"}),
            ("2020-10-01", {"LAND-12", "LAND-24", "LAND-EXT"}),
            ("2020-10-02", {"LAND-12", "LAND-24", "LAND-RECOVER"}),
        ],
    )
    def test_what_holds_and_what_is_held_day_by_day(self, on, rules):
        found = [one for one in ask(on, land=[EXTENDED]).findings if one.rule in LAND_RULES]
        assert {one.rule for one in found} == rules
        held = {one.rule for one in found if one.held}
        assert held == (rules & {"LAND-12", "LAND-24"} if "LAND-EXT" in rules else set())

    def test_its_days_are_counted_down(self):
        found = finding("LAND-EXT", "2020-09-21", land=[EXTENDED])
        assert (found.severity, found.since) == ("running", date(2018, 10, 1))
        assert (found.deadline, step(found, "days_left")) == (date(2020, 10, 1), 10)

    def test_a_written_end_on_a_weekend_is_not_rolled(self):
        land = {**EXTENDED, "extension": {"from": "2018-10-01", "to": "2020-09-26"}}  # a Saturday
        turns_true("LAND-RECOVER", "2020-09-27", land=[land])

    @pytest.mark.parametrize(
        ("ends", "last_day", "opinion"),
        [
            ("2020-10-01", date(2020, 10, 1), False),
            ("2021-12-31", date(2020, 10, 1), True),
            (None, date(2020, 10, 1), False),
        ],
    )
    def test_it_lasts_at_most_24_months(self, ends, last_day, opinion):
        land = {**EXTENDED, "extension": {"from": "2018-10-01", "to": ends}}
        found = finding("LAND-EXT", "2020-09-21", land=[land])
        assert found.deadline == last_day
        assert found.needs_legal_opinion is opinion
        assert "LAND-RECOVER" in rules_on("2020-10-02", land=[land])

    def test_the_longest_extension_is_a_term_and_is_rolled(self):
        land = {**EXTENDED, "extension": {"from": "2018-09-29", "to": None}}
        # 24 months end on Tuesday 29/09/2020.
        assert finding("LAND-EXT", "2020-09-21", land=[land]).deadline == date(2020, 9, 29)
        land = {**EXTENDED, "extension": {"from": "2018-10-03", "to": "2021-01-01"}}
        # They end on Saturday 03/10/2020, so on Monday.
        assert finding("LAND-EXT", "2020-09-21", land=[land]).deadline == date(2020, 10, 5)

    def test_land_put_to_use_in_time_ends_all_of_it(self):
        land = {**EXTENDED, "first_used_on": "2020-10-01"}
        assert land_rules("2020-09-30", land=[land]) == {
            "LAND-12",
            "LAND-24",
            "LAND-EXT",
        }
        assert land_rules("2020-10-01", land=[land]) == set()
        assert land_rules("2026-11-22", land=[land]) == set()

    def test_force_majeure_prolongs_it(self):
        flood = {"from": "2020-09-01", "to": "2020-09-10"}
        land = {**EXTENDED, "force_majeure": [flood]}
        turns_true("LAND-RECOVER", "2020-10-12", land=[land])

    def test_under_open_force_majeure_its_end_moves_on_every_day(self):
        land = {**EXTENDED, "force_majeure": [{"from": "2020-09-01", "to": None}]}
        on = ask("2020-09-10", land=[land])
        assert finding("LAND-EXT", "2020-09-10", land=[land]).deadline == date(2020, 10, 11)
        assert on.next_change_on == date(2020, 9, 11)
        assert finding("LAND-EXT", "2020-09-11", land=[land]).deadline == date(2020, 10, 12)
        assert "LAND-RECOVER" not in rules_on("2026-11-22", land=[land])

    def test_an_extension_that_was_over_before_use_stopped_has_nothing_to_do_with_it(self):
        stop = {"from": "2024-01-02", "to": None}
        land = {**EXTENDED, "first_used_on": "2020-09-01", "interruptions": [stop]}
        assert land_rules("2024-06-01", land=[land]) == set()
        assert land_rules("2026-11-22", land=[land]) == {"LAND-12"}

    def test_an_extension_that_ends_on_the_day_use_stops_is_not_over_before_it(self):
        stop = {"from": "2020-10-01", "to": None}
        land = {**EXTENDED, "first_used_on": "2020-09-01", "interruptions": [stop]}
        assert land_rules("2020-10-01", land=[land]) == {"LAND-EXT"}
        assert land_rules("2020-10-02", land=[land]) == {"LAND-RECOVER"}

    def test_a_parcel_is_held_by_its_own_extension_only(self):
        other = parcel("2017-09-15", id="B")
        found = ask("2019-06-03", land=[EXTENDED, other]).findings
        held = {one.scope: one.held for one in found if one.rule == "LAND-12"}
        assert held == {"parcel:A": True, "parcel:B": False}


class TestDone:
    """Land law does not ask whether the objectives were completed."""

    STOP = {"from": "2024-03-01", "to": None}  # noqa: RUF012
    USED = {"first_used_on": "2018-06-01"}  # noqa: RUF012

    def test_land_of_an_operating_project_that_falls_out_of_use_is_idle(self):
        stopped = parcel("2018-01-02", **self.USED, interruptions=[self.STOP])
        turns_true("LAND-12", "2025-03-04", stage="operating", land=[stopped])

    def test_a_parcel_never_used_is_idle_where_the_use_of_another_is_on_record(self):
        land = [parcel("2018-01-02", **self.USED), parcel("2020-03-05", id="B")]
        assert finding("LAND-12", "2026-11-22", stage="operating", land=land).scope == "parcel:B"

    def test_where_nobody_entered_any_use_an_operating_project_is_believed_to_use_its_land(self):
        assert rules_on("2026-11-22", stage="operating", land=[parcel("2018-01-02")]) == set()
        assert "LAND-12" in rules_on(
            "2026-11-22", stage="implementing", land=[parcel("2018-01-02")]
        )


class TestYearsWithoutHolidays:
    def test_the_longest_extension_names_the_year_it_could_not_roll_in(self):
        extension = {"from": "2026-05-05", "to": None}
        found = finding("LAND-EXT", "2026-11-22", land=[{**EXTENDED, "extension": extension}])
        assert step(found, "extension_limit") == date(2028, 5, 5)
        assert step(found, "holidays_unknown") == 2028

    def test_an_end_that_a_decision_wrote_is_not_rolled_and_names_none(self):
        extension = {"from": "2026-05-05", "to": "2028-01-05"}
        found = finding("LAND-EXT", "2026-11-22", land=[{**EXTENDED, "extension": extension}])
        assert "holidays_unknown" not in [one.name for one in found.steps]
