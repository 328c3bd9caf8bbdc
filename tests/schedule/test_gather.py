"""From the state document to the facts that the rules read."""

from typing import Any

from portfolio.schedule.facts import read_facts
from portfolio.schedule.gather import facts_document

LEAST = {"id": 7, "code": "KT-0042", "name": "Dự án", "listing": "licensed", "stage": "preparing"}


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


def test_without_operation_completion_ends_a_phase_and_without_both_its_last_day() -> None:
    phase = {
        "id": 1,
        "number": 1,
        "milestones": [
            {"id": 1, "kind": "completion", "targets": [target(1, "2019-06-30")]},
            {
                "id": 2,
                "kind": "start",
                "targets": [target(1, "2020-01-01"), target(2, "2020-05-01")],
            },
        ],
    }
    schedules = [{"id": n, "number": n, "kind": "registered"} for n in (1, 2)]
    [one] = facts_document(LEAST | {"phases": [phase], "schedules": schedules})["phases"]
    assert [s["end"] for s in one["schedules"]] == ["2019-06-30", "2020-05-01"]


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
    assert facts["suspension"] == {"by": "authority", "from": "2018-01-01", "to": "2018-09-01"}
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
