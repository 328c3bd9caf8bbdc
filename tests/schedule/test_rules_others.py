"""What is missing, what else is a ground, what holds, and which state and order all this makes."""

from datetime import date

import pytest

from tests.schedule.law import POLICY, ask, finding, parcel, phase, rules_on, step, turns_true

APPROVED = {"listing": "licensed", "first_approved_on": "2020-03-02"}


class TestUndated:
    """UNDATED: licensed without any schedule date."""

    def test_it_holds_from_the_first_approval_on(self):
        turns_true("UNDATED", "2020-03-02", **APPROVED)
        assert finding("UNDATED", "2026-11-22", **APPROVED).severity == "data_gap"

    def test_without_an_approval_on_record_nobody_knows_since_when(self):
        assert finding("UNDATED", "2026-11-22", listing="licensed").since is None

    @pytest.mark.parametrize(
        "dated",
        [
            {"phases": [phase("2090-12-31")]},
            {"phases": [{"id": "1", "milestones": [{"kind": "start", "planned": "2090-12-31"}]}]},
        ],
        ids=["a schedule", "a milestone"],
    )
    def test_any_schedule_date_will_do(self, dated):
        assert "UNDATED" not in rules_on("2026-11-22", **APPROVED, **dated)

    def test_a_schedule_approved_later_dates_it_from_that_day(self):
        schedule = {"version": 1, "approved_on": "2021-04-05", "kind": "irc", "end": "2090-12-31"}
        facts = {**APPROVED, "phases": [{"id": "1", "schedules": [schedule]}]}
        assert "UNDATED" in rules_on("2021-04-04", **facts)
        assert "UNDATED" not in rules_on("2021-04-05", **facts)

    @pytest.mark.parametrize("listing", ["solicited", "registered"])
    def test_a_project_that_is_not_licensed_owes_no_dates(self, listing):
        assert rules_on("2026-11-22", listing=listing) == set()


class TestStalled:
    """STALLED: no sign of life for 12 months."""

    @pytest.mark.parametrize(
        ("last", "first_day"),
        [
            ("2024-05-06", "2025-05-07"),  # twelve months end on a Tuesday
            ("2024-02-29", "2025-03-01"),
            ("2024-03-01", "2025-03-04"),  # on a Saturday
            ("2025-11-24", "2026-11-26"),  # on Culture Day
        ],
    )
    def test_it_counts_from_the_last_sign(self, last, first_day):
        signs = [{"on": "2021-01-04", "kind": "disbursement"}, {"on": last, "kind": "land_act"}]
        facts = {**APPROVED, "phases": [phase("2090-12-31")], "signs_of_life": signs}
        assert "STALLED" in rules_on(first_day, **facts)
        assert finding("STALLED", first_day, **facts).since == date.fromisoformat(first_day)
        assert finding("STALLED", "2030-01-02", **facts).since == date.fromisoformat(first_day)

    def test_it_counts_from_the_first_approval_when_there_is_no_sign(self):
        turns_true("STALLED", "2021-03-03", **APPROVED)
        found = finding("STALLED", "2021-03-03", **APPROVED)
        assert (found.severity, step(found, "last_sign_kind")) == ("review", "first_approval")

    @pytest.mark.parametrize("kind", sorted(POLICY.signs_of_life))
    def test_every_sign_of_the_policy_counts(self, kind):
        signs = [{"on": "2026-05-05", "kind": kind}]
        assert "STALLED" not in rules_on("2026-11-22", **APPROVED, signs_of_life=signs)

    @pytest.mark.parametrize("kind", ["telephone_call", None])
    def test_no_other_sign_counts(self, kind):
        signs = [{"on": "2026-05-05", "kind": kind}]
        assert "STALLED" in rules_on("2026-11-22", **APPROVED, signs_of_life=signs)

    @pytest.mark.parametrize(
        "alive",
        [
            {"phases": [{"id": "1", "milestones": [{"kind": "start", "met_on": "2026-05-05"}]}]},
            {"land": [parcel("2026-05-05")]},
            {"land": [parcel("2020-05-05", first_used_on="2026-05-05")]},
        ],
        ids=["a milestone met", "land handed over", "land put to use"],
    )
    def test_other_facts_tell_of_life_as_well(self, alive):
        assert "STALLED" not in rules_on("2026-11-22", **APPROVED, **alive)

    def test_a_sign_that_comes_later_ends_it_on_its_day(self):
        signs = [{"on": "2026-05-05", "kind": "disbursement"}]
        facts = {**APPROVED, "signs_of_life": signs}
        assert "STALLED" in rules_on("2026-05-04", **facts)
        assert "STALLED" not in rules_on("2026-05-05", **facts)

    def test_it_is_held_while_an_accepted_pause_runs(self):
        stop = {"cause": "c", "from": "2026-01-05", "to": "2026-06-30", "status": "accepted"}
        facts = {**APPROVED, "pauses": [stop]}
        assert finding("STALLED", "2026-06-30", **facts).held_by == ("PAUSE",)
        assert not finding("STALLED", "2026-07-01", **facts).held

    def test_a_project_that_is_done_is_not_stalled(self):
        done = phase("2022-12-31", completed_on="2022-11-11")
        assert "STALLED" not in rules_on("2026-11-22", **APPROVED, phases=[done])


class TestReports:
    """REP-Q, REP-Y, REP-M6, REP-MY: not received after the rolled due day."""

    @pytest.mark.parametrize(
        ("kind", "period", "first_day"),
        [
            ("Q", "2026-Q3", "2026-10-13"),  # due Saturday 10/10, so Monday 12/10
            ("Q", "2025-Q4", "2026-01-13"),  # due Saturday 10/01/2026
            ("Q", "2026-Q1", "2026-04-11"),
            ("Q", "2024-Q3", "2024-10-11"),
            ("Y", "2024", "2025-04-01"),
            ("Y", "2023", "2024-04-02"),  # 31/03/2024 is a Sunday
            ("M6", "2026-H1", "2026-07-11"),
            ("M6", "2021", "2021-07-13"),  # 10/07/2021 is a Saturday
            ("MY", "2024", "2025-02-11"),
            ("MY", "2023", "2024-02-16"),  # 10/02/2024 is New Year's Day of the lunar year
        ],
    )
    def test_a_report_is_missing_the_day_after_it_was_due(self, kind, period, first_day):
        turns_true(f"REP-{kind}", first_day, reports=[{"kind": kind, "period": period}])

    def test_a_year_without_holidays_is_named_for_every_due_day_that_needed_it(self):
        owed = [{"kind": "Q", "period": one} for one in ("2026-Q3", "2026-Q4", "2027-Q4")]
        found = finding("REP-Q", "2028-11-22", reports=owed)
        unknown = [one.value for one in found.steps if one.name == "holidays_unknown"]
        assert unknown == [2027, 2028]

    def test_a_report_that_came_is_not_missing(self):
        late = {"reports": [{"kind": "Q", "period": "2026-Q2", "received_on": "2026-09-01"}]}
        assert "REP-Q" in rules_on("2026-08-31", **late)
        assert "REP-Q" not in rules_on("2026-09-01", **late)

    @pytest.mark.parametrize(
        ("periods", "in_a_row", "severity"),
        [
            (["2026-Q3"], 1, "silent"),
            (["2026-Q1", "2026-Q3"], 1, "silent"),
            (["2026-Q2", "2026-Q3"], 2, "review"),
            (["2025-Q4", "2026-Q1"], 2, "review"),
            (["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q3"], 3, "review"),
        ],
    )
    def test_two_missing_in_a_row_call_for_a_review(self, periods, in_a_row, severity):
        owed = [{"kind": "Q", "period": one} for one in reversed(periods)]
        found = finding("REP-Q", "2026-11-22", reports=owed)
        assert (found.severity, step(found, "in_a_row")) == (severity, in_a_row)
        assert ", ".join(periods) in found.vi

    def test_each_kind_of_report_is_counted_by_itself(self):
        owed = [{"kind": "Y", "period": "2025"}, {"kind": "MY", "period": "2025"}]
        found = ask("2026-11-22", reports=owed).findings
        assert {one.rule: one.severity for one in found} == {"REP-Y": "silent", "REP-MY": "silent"}


FAILED_ATTEMPT = {"on": "2024-01-05", "channel": "letter", "reached": False}


class TestEndings:
    """TERM-END, T-*, SUS-12: grounds that no schedule sets."""

    def test_the_operating_term_is_over_the_day_after_its_end(self):
        facts = {"operating_end": "2026-09-06"}  # a Sunday: a written date does not roll
        assert finding("TERM-END", "2026-09-07", **facts).severity == "ground"
        assert finding("TERM-END", "2026-09-07", **facts).since == date(2026, 9, 7)
        assert finding("TERM-END", "2026-09-06", **facts).severity == "warning"

    @pytest.mark.parametrize(
        ("on", "months"),
        [("2025-09-05", None), ("2025-09-06", 12), ("2026-03-05", 12), ("2026-03-06", 6)],
    )
    def test_it_warns_twelve_and_six_months_before(self, on, months):
        found = ask(on, operating_end="2026-09-06").findings
        assert [step(one, "warning_months") for one in found] == ([months] if months else [])

    def test_the_site_was_lost_and_no_dossier_filed_within_six_months(self):
        # Six months after 31/08 end on the last of February, Friday 28/02/2025.
        turns_true("T-LOC6", "2025-03-01", site_lost_on="2024-08-31")

    def test_a_dossier_filed_in_time_clears_it_and_one_filed_late_does_not(self):
        lost = {"site_lost_on": "2024-08-30"}
        assert "T-LOC6" not in rules_on("2026-11-22", **lost, relocation_filed_on="2025-02-28")
        assert "T-LOC6" in rules_on("2026-11-22", **lost, relocation_filed_on="2025-03-01")

    def test_out_of_contact_for_twelve_months(self):
        facts = {"stopped_on": "2023-11-24", "contact_attempts": [FAILED_ATTEMPT]}
        turns_true("T-NOCONTACT12", "2024-11-26", **facts)  # 24/11/2024 is a Sunday

    def test_an_attempt_on_the_day_of_the_stop_counts(self):
        attempt = {**FAILED_ATTEMPT, "on": "2023-11-24"}
        facts = {"stopped_on": "2023-11-24", "contact_attempts": [attempt]}
        assert "T-NOCONTACT12" in rules_on("2024-11-26", **facts)

    @pytest.mark.parametrize(
        "attempts",
        [
            [],
            [{**FAILED_ATTEMPT, "reached": None}],
            [FAILED_ATTEMPT, {**FAILED_ATTEMPT, "reached": True}],
            [{**FAILED_ATTEMPT, "on": "2023-11-23"}],
        ],
        ids=[
            "none was made",
            "the outcome is unknown",
            "one reached him",
            "it was before the stop",
        ],
    )
    def test_attempts_must_have_been_made_and_all_have_failed(self, attempts):
        facts = {"stopped_on": "2023-11-24", "contact_attempts": attempts}
        assert "T-NOCONTACT12" not in rules_on("2026-11-22", **facts)

    @pytest.mark.parametrize(
        ("ground", "first_day"),
        [
            ("non_use", "2022-05-05"),
            ("late_use", "2022-05-05"),
            ("other", "2026-03-01"),
            (None, "2026-03-01"),
        ],
    )
    def test_recovered_land_is_a_ground_for_any_reason_only_since_2026(self, ground, first_day):
        land = [parcel("2018-01-02", recovered_on="2022-05-05", recovery_ground=ground)]
        turns_true("T-LAND", first_day, land=land)

    @pytest.mark.parametrize(
        ("deposit", "first_day"),
        [
            ({"due_on": "2024-05-05"}, "2024-05-06"),
            ({"due_on": "2024-05-05", "guarantee_expires_on": "2025-05-04"}, "2025-05-05"),
            ({"paid_on": "2024-01-01", "guarantee_expires_on": "2025-05-04"}, "2025-05-05"),
        ],
    )
    def test_a_deposit_not_paid_or_a_guarantee_expired(self, deposit, first_day):
        turns_true("T-DEPOSIT", first_day, deposit={"required": True, **deposit})

    @pytest.mark.parametrize(
        "deposit",
        [
            {"required": False, "due_on": "2024-05-05"},
            {"required": True},
            {"required": True, "due_on": "2024-05-05", "exemption": "auction_won"},
            {"required": True, "due_on": "2024-05-05", "paid_on": "2024-06-01"},
            {"required": True, "paid_on": "2025-06-01", "guarantee_expires_on": "2025-05-04"},
        ],
    )
    def test_a_deposit_that_is_not_owed_or_was_paid_is_no_ground(self, deposit):
        assert "T-DEPOSIT" not in rules_on("2026-11-22", deposit=deposit)

    def test_suspended_by_the_authority_and_unable_to_remedy(self):
        stop = {"by": "authority", "from": "2024-01-02", "inability_recorded_on": "2025-05-05"}
        turns_true("T-SUSP", "2025-05-05", suspension=stop)
        assert "T-SUSP" not in rules_on("2026-11-22", suspension={**stop, "by": "investor"})

    def test_a_project_let_go_on_after_that_is_no_longer_suspended(self):
        stop = {"by": "authority", "from": "2024-01-02", "inability_recorded_on": "2025-05-05"}
        let_go = {"suspension": {**stop, "to": "2025-06-30"}}
        assert "T-SUSP" in rules_on("2025-06-30", **let_go)
        on_the_last_day = {"suspension": {**stop, "to": "2025-05-05"}}
        assert "T-SUSP" in rules_on("2025-05-05", **on_the_last_day)
        assert "T-SUSP" not in rules_on("2025-05-06", **on_the_last_day)
        assert "T-SUSP" not in rules_on("2025-07-01", **let_go)
        # A term that ran out before it was recorded has remedied nothing.
        over = {**stop, "to": "2025-05-04"}
        assert "T-SUSP" in rules_on("2026-11-22", suspension=over)

    def test_the_investors_own_stop_longer_than_twelve_months(self):
        stop = {"by": "investor", "from": "2024-03-01", "to": "2025-09-30"}
        facts = {"suspension": stop}
        turns = "2025-03-04"  # twelve months end on Saturday 01/03/2025
        assert "SUS-12" not in rules_on("2025-03-03", **facts)
        assert finding("SUS-12", turns, **facts).since == date.fromisoformat(turns)
        assert "SUS-12" in rules_on("2025-09-30", **facts)
        assert "SUS-12" not in rules_on("2025-10-01", **facts)
        assert "SUS-12" not in rules_on(turns, suspension={**stop, "by": "authority"})

    @pytest.mark.parametrize(("rule", "key"), [("T-SHAM", "sham_finding"), ("T-COURT", "judgment")])
    def test_a_recorded_paper_is_a_ground_from_its_day_on(self, rule, key):
        turns_true(rule, "2024-05-06", **{key: {"paper": "12/2024/KDTM-ST", "on": "2024-05-06"}})
        assert finding(rule, "2026-11-22", **{key: "12/2024/KDTM-ST"}).since is None

    def test_a_dissolved_enterprise_is_a_ground_since_2026_unless_the_project_was_transferred(self):
        turns_true("T-DISSOLVED", "2026-03-01", enterprise_dissolved_on="2024-05-06")
        gone = {"enterprise_dissolved_on": "2024-05-06", "transferred_on": "2026-05-05"}
        assert "T-DISSOLVED" in rules_on("2026-05-04", **gone)
        assert "T-DISSOLVED" not in rules_on("2026-05-05", **gone)


class TestMarks:
    """EZA-MARK: an officer added a delay mark."""

    def test_it_weighs_what_the_officer_says(self):
        mark = {"on": "2026-01-05", "verdict": "adds", "severity": "late", "cause": "market"}
        turns_true("EZA-MARK", "2026-01-05", marks=[mark])
        said = finding("EZA-MARK", "2026-11-22", marks=[mark | {"cause": "investor_finance"}])
        assert "nguyên nhân: Nhà đầu tư thiếu vốn" in said.vi
        assert "cause: Investor finance" in said.en
        assert [str(step.value) for step in said.inputs if step.name == "cause"] == [
            "investor_finance"
        ]
        assert finding("EZA-MARK", "2026-11-22", marks=[mark]).severity == "late"
        plain = {**mark, "severity": None}
        assert finding("EZA-MARK", "2026-11-22", marks=[plain]).severity == "review"

    def test_it_keeps_its_name_when_another_mark_is_withdrawn(self):
        marks = [
            {"id": "17", "on": "2026-01-05", "verdict": "adds"},
            {"on": "2026-01-06", "verdict": "adds"},
        ]
        found = ask("2026-11-22", marks=marks).findings
        assert [one.scope for one in found] == ["mark:17", "mark:2"]

    @pytest.mark.parametrize("verdict", ["confirms", "disputes"])
    def test_other_verdicts_raise_nothing(self, verdict):
        mark = {"on": "2026-01-05", "verdict": verdict, "severity": "review"}
        assert rules_on("2026-11-22", marks=[mark]) == set()


EVERYTHING = {
    **APPROVED,
    "no_adjustment_right": True,
    "phases": [phase("2021-12-31")],
    "land": [parcel("2020-03-05")],
    "reports": [{"kind": "Q", "period": "2026-Q3"}],
}


class TestPrecedence:
    """What holds what, in which order findings stand, and for whom nothing is said."""

    def test_grounds_come_before_reviews_and_these_before_lateness(self):
        found = ask("2026-11-22", **EVERYTHING).findings
        assert [(one.rule, one.severity) for one in found] == [
            ("INV-T24", "ground"),
            ("LAND-12", "ground"),
            ("STALLED", "review"),
            ("INV-LATE", "late"),
            ("INV-T24-WARN", "warning"),
            ("REP-Q", "silent"),
        ]
        assert not any(one.held for one in found)

    def test_a_special_mechanism_shows_all_the_others_and_holds_them(self):
        special = {**EVERYTHING, "special_mechanism": "Nghị quyết 170/2024/QH15"}
        found = ask("2026-11-22", **special).findings
        assert found[0].rule == "SPECIAL"
        assert not found[0].held
        assert {one.rule for one in found[1:]} == rules_on("2026-11-22", **EVERYTHING)
        assert all(one.held_by == ("SPECIAL",) for one in found[1:])
        assert "170/2024/QH15" in found[0].vi

    def test_a_special_mechanism_with_a_day_holds_from_that_day_on(self):
        paper = {"paper": "Nghị quyết 170/2024/QH15", "on": "2025-04-01"}
        special = {**EVERYTHING, "special_mechanism": paper}
        assert not finding("LAND-12", "2025-03-31", **special).held
        assert finding("LAND-12", "2025-04-01", **special).held

    def test_a_finding_may_be_held_by_more_than_one(self):
        extended = parcel("2020-03-05", extension={"from": "2025-12-01", "to": "2027-11-30"})
        special = {"special_mechanism": "NQ 170/2024/QH15", "land": [extended]}
        held = finding("LAND-12", "2026-11-22", **special)
        assert held.held_by == ("LAND-EXT", "SPECIAL")
        assert [one.value for one in held.steps if one.name == "held_by"] == ["LAND-EXT", "SPECIAL"]
        assert "đang giữ do LAND-EXT + SPECIAL" in held.vi

    @pytest.mark.parametrize(
        "closed",
        [
            {"listing": "closed"},
            {"stage": "revoked"},
            {"stage": "terminated"},
            {"stage": "withdrawn"},
        ],
        ids=repr,
    )
    def test_a_closed_project_has_no_findings_and_no_next_day(self, closed):
        result = ask("2026-11-22", **{**EVERYTHING, **closed})
        assert (result.findings, result.schedule_state, result.next_change_on) == ((), "done", None)

    def test_a_project_that_is_done_is_behind_nothing(self):
        done = {**EVERYTHING, "phases": [phase("2021-12-31", completed_on="2023-05-05")]}
        assert rules_on("2023-05-04", **done) == {"LAND-12", "STALLED", "INV-LATE", "INV-T24-WARN"}
        assert rules_on("2023-05-05", **done) == set()
        assert rules_on("2026-11-22", **done) == {"REP-Q"}


DONE = {"phases": [phase("2026-06-30", completed_on="2026-06-01")]}


RUNNING = {"phases": [phase("2028-06-30")]}


LATE = {"phases": [phase("2026-06-30")]}


SILENT = {"reports": [{"kind": "Q", "period": "2026-Q3"}]}


class TestScheduleState:
    """One of on_time, late, silent, undated, done: together they are all projects."""

    @pytest.mark.parametrize(
        ("facts", "state"),
        [
            (RUNNING, "on_time"),
            (LATE, "late"),
            ({**RUNNING, **SILENT}, "silent"),
            ({**LATE, **SILENT}, "late"),
            ({}, "undated"),
            (SILENT, "undated"),
            (DONE, "done"),
            ({**DONE, **SILENT}, "done"),
            ({"stage": "operating"}, "done"),
            ({"stage": "operating", **LATE}, "done"),
            ({"stage": "operating", "phases": [phase("2026-06-30"), phase(None, id="2")]}, "late"),
            ({"stage": "built_idle", **LATE}, "late"),
            ({"special_mechanism": "NQ 170/2024/QH15", **LATE}, "late"),
            ({"listing": "closed", **LATE}, "done"),
            ({"listing": "solicited"}, "undated"),
            ({"listing": "registered", **RUNNING}, "on_time"),
        ],
        ids=repr,
    )
    def test_it_is_done_before_undated_before_late_before_silent_before_on_time(self, facts, state):
        assert ask("2026-11-22", **facts).schedule_state == state

    def test_a_report_that_falls_due_takes_a_project_out_of_on_time(self):
        waiting = {**RUNNING, **SILENT}
        assert ask("2026-10-12", **waiting).schedule_state == "on_time"
        assert ask("2026-10-12", **waiting).next_change_on == date(2026, 10, 13)
        assert ask("2026-10-13", **waiting).schedule_state == "silent"
