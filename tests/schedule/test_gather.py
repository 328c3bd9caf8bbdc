"""From the state document to the facts that the rules read."""

from typing import Any

from portfolio.schedule import gather
from portfolio.schedule.facts import read_facts
from tests.schedule.law import POLICY, day

LEAST = {"id": 7, "code": "KT-0042", "name": "Dự án", "listing": "licensed", "stage": "preparing"}


def facts_document(state: dict[str, Any], on: str = "2026-11-22") -> dict[str, Any]:
    return gather.facts_document(state, POLICY, day(on))


def target(version: int, day: str) -> dict[str, Any]:
    return {"id": version, "version": version, "planned_on": day, "precision": "day"}


def test_the_least_state_gives_facts_that_can_be_read() -> None:
    facts = read_facts(facts_document(LEAST))
    assert (facts.id, facts.phases, facts.first_approved_on) == ("KT-0042", (), None)


def test_a_phase_ends_when_it_is_put_into_operation_in_each_version() -> None:
    phase = {
        "id": 1,
        "number": 1,
        "milestones": [
            {
                "id": 1,
                "kind": "start",
                "met_on": "2018-01-01",
                "targets": [target(1, "2018-03-01")],
            },
            {"id": 2, "kind": "completion", "targets": [target(1, "2019-06-30")]},
            {
                "id": 3,
                "kind": "operation",
                "targets": [target(1, "2019-12-31"), target(2, "2021-12-31")],
            },
        ],
    }
    schedules = [
        {"id": 1, "number": 1, "kind": "ipa", "approved_on": "2017-03-20"},
        {"id": 2, "number": 2, "kind": "adjusted", "approved_on": "2019-11-01"},
    ]
    facts = facts_document(LEAST | {"phases": [phase], "schedules": schedules})
    [one] = facts["phases"]
    assert [(s["version"], s["end"]) for s in one["schedules"]] == [
        (1, "2019-12-31"),
        (2, "2021-12-31"),
    ]
    assert [(m["kind"], m["planned"], m["met_on"]) for m in one["milestones"]] == [
        ("start", "2018-03-01", "2018-01-01"),
        ("completion", "2019-06-30", None),
        ("operation", "2021-12-31", None),
    ]
    assert facts["first_approved_on"] == "2017-03-20"
    assert {"on": "2018-01-01", "kind": "milestone_met"} in facts["signs_of_life"]
    read_facts(facts)


def ends(schedules: list[tuple[int, str]], **targets: list[tuple[int, str]]) -> list[str]:
    """The ends of a phase by version, from the kind of each version and the days of milestones."""
    milestones = [
        {"id": number, "kind": kind, "targets": [target(*one) for one in days]}
        for number, (kind, days) in enumerate(targets.items())
    ]
    versions = [{"id": n, "number": n, "kind": kind} for n, kind in schedules]
    phase = {"id": 1, "number": 1, "milestones": milestones}
    [one] = facts_document(LEAST | {"phases": [phase], "schedules": versions})["phases"]
    return [str(schedule["end"]) for schedule in one["schedules"]]


def test_without_operation_completion_ends_a_phase_and_without_both_its_last_day() -> None:
    start = [(1, "2018-01-01")]
    approved = [(1, "ipa")]
    assert ends(approved, completion=[(1, "2019-06-30")], start=[(1, "2020-01-01")]) == [
        "2019-06-30"
    ]
    assert ends(approved, land_handover=[(1, "2017-06-30")], start=start) == ["2018-01-01"]


def test_an_adjustment_of_other_days_leaves_the_end_as_it_was_promised() -> None:
    start, operation = [(1, "2018-01-01"), (2, "2018-09-01")], [(1, "2019-12-31")]
    adjusted = [(1, "ipa"), (2, "adjusted")]
    assert ends(adjusted, start=start, operation=operation) == ["2019-12-31"]
    # What an investor once registered is not what the approval says.
    registered = [(1, "registered"), (2, "ipa")]
    assert ends(registered, start=start, operation=operation) == ["2019-12-31", "2018-09-01"]


def test_a_milestone_names_the_day_of_the_paper_that_planned_it() -> None:
    milestones = [
        {"id": 1, "kind": "start", "targets": [target(1, "2018-01-01"), target(2, "2018-09-01")]},
        {"id": 2, "kind": "operation", "targets": [target(1, "2019-12-31")]},
        {"id": 3, "kind": "completion", "targets": []},
    ]
    versions = [
        {"id": 1, "number": 1, "kind": "ipa", "approved_on": "2017-01-05"},
        {"id": 2, "number": 2, "kind": "adjusted", "approved_on": "2018-02-06"},
    ]
    phase = {"id": 1, "number": 1, "milestones": milestones}
    facts = facts_document(LEAST | {"phases": [phase], "schedules": versions})
    assert [one["approved_on"] for one in facts["phases"][0]["milestones"]] == [
        "2018-02-06",
        "2017-01-05",
        None,
    ]
    read_facts(facts)


def test_what_was_only_registered_promises_no_milestone_beside_an_approval() -> None:
    milestone = {
        "id": 1,
        "kind": "operation",
        "targets": [target(1, "2019-12-31"), target(2, "2021-12-31")],
    }
    phase = {"id": 1, "number": 1, "milestones": [milestone]}
    versions = [{"id": 1, "number": 1, "kind": "ipa"}, {"id": 2, "number": 2, "kind": "registered"}]
    [one] = facts_document(LEAST | {"phases": [phase], "schedules": versions})["phases"]
    assert one["milestones"][0]["planned"] == "2019-12-31"


def test_papers_give_approval_signs_of_life_and_suspension() -> None:
    acts = [
        {"id": 1, "kind": "certificate", "issued_on": "2016-05-05"},
        {"id": 2, "kind": "policy_approval", "issued_on": "2015-04-04"},
        {"id": 3, "kind": "land_allocation", "issued_on": "2016-06-06"},
        {"id": 4, "kind": "suspension", "issued_on": "2018-01-01"},
        {"id": 5, "kind": "resumption", "issued_on": "2018-09-01"},
        {"id": 6, "kind": "revocation"},  # a public source that gives no day
    ]
    facts = facts_document(LEAST | {"acts": acts})
    assert (facts["has_ipa"], facts["first_approved_on"]) == (True, "2015-04-04")
    assert facts["signs_of_life"] == [{"on": "2016-06-06", "kind": "land_act"}]
    assert facts["suspension"] == {
        "by": "authority",
        "from": "2018-01-01",
        "to": "2018-09-01",
        "inability_recorded_on": None,
    }
    read_facts(facts)


def test_land_and_pauses_carry_over() -> None:
    state = LEAST | {
        "parcels": [
            {
                "id": 1,
                "name": "A",
                "handed_over_on": "2017-09-15",
                "extension_from": "2018-10-01",
                "extension_to": "2020-10-01",
                "extension_decision": "77/QĐ-UBND",
                "intervals": [
                    {
                        "id": 1,
                        "kind": "force_majeure",
                        "since": "2020-03-01",
                        "until": "2020-04-30",
                    },
                    {"id": 2, "kind": "interruption", "since": "2021-01-01"},
                ],
            }
        ],
        "pauses": [
            {
                "id": 1,
                "cause": "b",
                "since": "2019-01-01",
                "until": "2019-06-30",
                "status": "accepted",
            }
        ],
    }
    facts = read_facts(facts_document(state))
    [parcel], [pause] = facts.land, facts.pauses
    assert parcel.extension is not None
    assert parcel.extension.paper == "77/QĐ-UBND"
    assert len(parcel.force_majeure) == len(parcel.interruptions) == 1
    assert pause.status == "accepted"


def test_reports_are_owed_from_the_approval_on_up_to_the_next_period() -> None:
    acts = [{"id": 1, "kind": "certificate", "issued_on": "2027-02-10"}]
    reports = facts_document(LEAST | {"acts": acts}, on="2027-06-15")["reports"]
    assert [(one["kind"], one["period"]) for one in reports] == [
        ("Q", "2027-Q1"),
        ("Q", "2027-Q2"),
        ("Q", "2027-Q3"),
        ("Y", "2027"),
        ("Y", "2028"),
        ("M6", "2027-H1"),
        ("M6", "2028-H1"),
        ("MY", "2027"),
        ("MY", "2028"),
    ]


def test_a_report_came_unless_it_was_sent_back_and_an_excused_one_is_not_owed() -> None:
    def one(period: str, status: str) -> dict[str, Any]:
        return {"kind": "Q", "period": period, "status": status, "received_on": "2027-04-08"}

    state = LEAST | {
        "reports": [
            one("2026-Q4", "excused"),
            one("2027-Q1", "accepted") | {"decided_on": "2027-04-09"},
            one("2027-Q2", "received"),
            one("2027-Q3", "sent_back"),
        ]
    }
    facts = facts_document(state, on="2027-10-20")
    assert [(r["period"], r["received_on"]) for r in facts["reports"] if r["kind"] == "Q"] == [
        ("2027-Q1", "2027-04-08"),
        ("2027-Q2", "2027-04-08"),
        ("2027-Q3", None),
        ("2027-Q4", None),
        ("2028-Q1", None),
    ]
    assert {"on": "2027-04-09", "kind": "report_accepted"} in facts["signs_of_life"]


def test_circumstances_are_what_article_36_asks_for() -> None:
    def one(kind: str, on: str, **more: Any) -> dict[str, Any]:
        return {"kind": kind, "on": on, "text": "gửi thư", **more}

    state = LEAST | {
        "circumstances": [
            one("investor_stop", "2025-01-10", until="2025-06-30"),
            one("stopped", "2025-07-01"),
            one("contact_attempt", "2025-08-01", reached=False),
            one("inability", "2025-09-01"),
            one("site_lost", "2025-10-01"),
            one("relocation_filed", "2025-09-15"),
            one("relocation_filed", "2025-11-01"),
            one("dissolved", "2025-12-01"),
            one("sham", "2026-01-05", paper="12/KL-TTr"),
            one("judgment", "2026-02-05"),
        ]
    }
    facts = facts_document(state)
    assert facts["suspension"] == {
        "by": "investor",
        "from": "2025-01-10",
        "to": "2025-06-30",
        "inability_recorded_on": "2025-09-01",
    }
    assert (facts["stopped_on"], facts["site_lost_on"]) == ("2025-07-01", "2025-10-01")
    assert facts["relocation_filed_on"] == "2025-11-01"
    assert facts["contact_attempts"] == [
        {"on": "2025-08-01", "channel": "gửi thư", "reached": False}
    ]
    assert facts["enterprise_dissolved_on"] == "2025-12-01"
    assert facts["sham_finding"] == {"paper": "12/KL-TTr", "on": "2026-01-05"}
    assert facts["judgment"] == {"paper": "gửi thư", "on": "2026-02-05"}
    read_facts(facts)


def test_a_withdrawn_mark_is_no_fact() -> None:
    mark = {"on": "2026-01-01", "verdict": "adds", "severity": "review", "cause": "market"}
    state = LEAST | {"marks": [mark | {"id": 1}, mark | {"id": 2, "withdrawn_on": "2026-02-01"}]}
    assert facts_document(state)["marks"] == [mark | {"id": "1"}]


def test_of_the_signs_that_came_only_the_last_of_each_kind_is_told() -> None:
    capital = [
        {"id": number, "kind": "realised", "on": day_, "amount": "1"}
        for number, day_ in enumerate(
            ("2024-05-05", "2026-11-22", "2025-05-05", "2026-11-23", "2027-01-01")
        )
    ]
    acts = [{"id": 1, "kind": "land_allocation", "issued_on": "2020-01-01"}]
    state = LEAST | {"capital": capital, "acts": acts}
    assert facts_document(state, on="2026-11-22")["signs_of_life"] == [
        {"on": "2020-01-01", "kind": "land_act"},
        {"on": "2026-11-22", "kind": "disbursement"},
        {"on": "2026-11-23", "kind": "disbursement"},
        {"on": "2027-01-01", "kind": "disbursement"},
    ]
    on_a_past_day = facts_document(state, on="2025-01-01")["signs_of_life"]
    assert [one["on"] for one in on_a_past_day] == [
        "2020-01-01", "2024-05-05", "2026-11-22", "2025-05-05", "2026-11-23", "2027-01-01"
    ]  # fmt: skip
