"""The facts document: everything in its shape is taken, anything else is refused with its path."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portfolio.schedule.documents import BadDocument
from portfolio.schedule.facts import read_facts
from tests.schedule.law import day
from tests.schedule.whole import whole


def put(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Write a value at a path such as `phases[0].completed_on`."""
    keys = path.replace("[", ".[").split(".")
    target: Any = document
    for key in keys[:-1]:
        target = target[int(key[1:-1])] if key.startswith("[") else target[key]
    last = keys[-1]
    target[int(last[1:-1]) if last.startswith("[") else last] = value
    return document


def refusal(document: Any) -> BadDocument:
    with pytest.raises(BadDocument) as caught:
        read_facts(document)
    return caught.value


def paths_of_records(value: Any, path: str = "") -> list[str]:
    """The path of every object in a document."""
    if isinstance(value, list):
        return [p for n, one in enumerate(value) for p in paths_of_records(one, f"{path}[{n}]")]
    if not isinstance(value, dict):
        return []
    inner = [
        p
        for key, one in value.items()
        for p in paths_of_records(one, f"{path}.{key}" if path else key)
    ]
    return [path, *inner]


def paths_of_days(value: Any, path: str = "") -> list[str]:
    """The path of every date in a document."""
    if isinstance(value, list):
        return [p for n, one in enumerate(value) for p in paths_of_days(one, f"{path}[{n}]")]
    if isinstance(value, dict):
        items = value.items()
        return [p for k, v in items for p in paths_of_days(v, f"{path}.{k}" if path else k)]
    return [path] if isinstance(value, str) and len(value) == 10 and value[4] == "-" else []


def test_only_the_id_must_be_given():
    facts = read_facts({"id": "KT-0001"})
    assert facts.id == "KT-0001"
    assert facts.phases == ()
    assert facts.deposit.required is None


def test_every_key_of_the_shape_is_read():
    facts = read_facts(whole())
    assert facts.first_approved_on == date(2017, 3, 20)
    assert [one.version for one in facts.phases[0].schedules] == [1, 2]
    assert facts.pauses[0].paper == "123/UBND"
    assert facts.land[0].area_ha == Decimal("8.5")
    assert facts.land[0].extension is not None
    assert facts.land[0].extension.ends == date(2020, 10, 1)
    assert facts.reports[0].period_ends == date(2026, 9, 30)
    assert facts.marks[0].severity == "review"


@pytest.mark.parametrize("key", sorted(whole().keys() - {"id"}))
def test_any_other_key_may_be_left_out_or_null(key):
    without = whole()
    del without[key]
    assert read_facts(without) == read_facts({**whole(), key: None})


def test_facts_do_not_change_once_read():
    with pytest.raises(AttributeError):
        read_facts({"id": "KT-0001"}).id = "KT-0002"


def test_schedules_are_taken_in_order_of_version():
    document = whole()
    document["phases"][0]["schedules"].reverse()
    assert [one.version for one in read_facts(document).phases[0].schedules] == [1, 2]


def test_milestones_of_one_kind_are_told_apart():
    document = whole()
    document["phases"][0]["milestones"] *= 2
    names = [one.name for one in read_facts(document).phases[0].milestones]
    assert names == ["construction_start", "construction_start#2"]


@pytest.mark.parametrize(
    ("kind", "period", "ends"),
    [
        ("Q", "2026-Q1", "2026-03-31"),
        ("Q", "2026-Q2", "2026-06-30"),
        ("Q", "2026-Q4", "2026-12-31"),
        ("Y", "2025", "2025-12-31"),
        ("M6", "2026-H1", "2026-06-30"),
        ("M6", "2026", "2026-06-30"),
        ("MY", "2025", "2025-12-31"),
    ],
)
def test_a_report_is_owed_for_a_period(kind, period, ends):
    facts = read_facts({"id": "KT-0001", "reports": [{"kind": kind, "period": period}]})
    assert facts.reports[0].period_ends == day(ends)


def test_a_paper_may_be_its_words_or_its_words_and_day():
    words = read_facts({"id": "KT-0001", "judgment": "12/2024/KDTM-ST"}).judgment
    dated = read_facts(
        {"id": "KT-0001", "judgment": {"paper": "12/2024/KDTM-ST", "on": "2024-05-06"}}
    ).judgment
    assert words is not None
    assert dated is not None
    assert (words.text, words.on) == ("12/2024/KDTM-ST", None)
    assert (dated.text, dated.on) == ("12/2024/KDTM-ST", date(2024, 5, 6))


def test_a_later_paper_may_restate_a_phase_that_was_completed_before():
    document = whole()
    document["phases"][0]["completed_on"] = "2018-05-01"
    document["phases"][0]["schedules"][1]["end"] = "2018-04-30"
    assert read_facts(document).phases[0].schedules[1].end == date(2018, 4, 30)


@pytest.mark.parametrize("at", paths_of_records(whole()))
def test_an_unknown_key_is_refused_wherever_it_stands(at):
    path = f"{at}.colour" if at else "colour"
    bad = refusal(put(whole(), path, "red"))
    assert (bad.path, bad.problem) == (path, "unknown key")


@pytest.mark.parametrize("path", paths_of_days(whole()))
@pytest.mark.parametrize(
    "not_a_day",
    [
        "2026-02-30",
        "2025-02-29",
        "31/12/2019",
        "20191231",
        "2026-W09-7",
        "2019-12",
        "",
        2019,
        "1019-12-31",
        "9999-12-31",
        True,
        ["2019-12-31"],
    ],
    ids=repr,
)
def test_a_day_that_does_not_exist_is_refused_wherever_it_stands(path, not_a_day):
    assert refusal(put(whole(), path, not_a_day)).path == path


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("phases[0].schedules[1].end", "2018-05-31", "2018-05-31 is before approved_on 2018-06-01"),
        ("pauses[0].to", "2018-12-31", "2018-12-31 is before from 2019-01-01"),
        ("land[0].extension.to", "2018-09-30", "2018-09-30 is before from 2018-10-01"),
        ("land[0].force_majeure[0].to", "2017-12-31", "2017-12-31 is before from 2018-01-01"),
        ("land[0].first_used_on", "2017-09-14", "2017-09-14 is before handed_over_on 2017-09-15"),
        ("land[0].recovered_on", "2017-09-14", "2017-09-14 is before handed_over_on 2017-09-15"),
        ("operating_end", "2017-03-19", "2017-03-19 is before first_approved_on 2017-03-20"),
        ("suspension.to", "2019-12-31", "2019-12-31 is before from 2020-01-01"),
        ("suspension.inability_recorded_on", "2019-12-31", "2019-12-31 is before from 2020-01-01"),
    ],
)
def test_an_end_before_its_start_is_refused(path, value, problem):
    bad = refusal(put(whole(), path, value))
    assert (bad.path, bad.problem) == (path, problem)
    assert str(bad) == f"{path}: {problem}"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("phases[0].schedules[1].end", "2018-06-01"),
        ("pauses[0].to", "2019-01-01"),
        ("land[0].extension.to", "2018-10-01"),
        ("operating_end", "2017-03-20"),
    ],
)
def test_an_end_on_the_day_of_its_start_is_taken(path, value):
    assert read_facts(put(whole(), path, value)).id == "KT-0042"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", None),
        ("id", 42),
        ("id", "  "),
        ("name", 1),
        ("listing", "for sale"),
        ("stage", "late"),
        ("has_ipa", "yes"),
        ("no_adjustment_right", 1),
        ("special_mechanism", True),
        ("phases", {}),
        ("phases[0]", "phase"),
        ("phases[0].id", 1),
        ("phases[0].schedules[0].version", "1"),
        ("phases[0].schedules[0].version", 0),
        ("phases[0].schedules[0].version", True),
        ("phases[0].schedules[1].version", 1),
        ("phases[0].schedules[0].kind", "draft"),
        ("pauses[0].status", "granted"),
        ("pauses[0].from", None),
        ("land[0].area_ha", "eight"),
        ("land[0].area_ha", -1),
        ("land[0].area_ha", True),
        ("land[0].extension.from", None),
        ("land[0].extension", []),
        ("suspension.by", "mayor"),
        ("contact_attempts[0].on", None),
        ("contact_attempts[0].reached", "no"),
        ("reports[0].kind", "W"),
        ("reports[0].period", "2026"),
        ("reports[0].period", "2026-Q5"),
        ("reports[0].period", None),
        ("signs_of_life[0].on", None),
        ("marks[0].verdict", "doubts"),
        ("marks[0].verdict", None),
    ],
    ids=repr,
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_path(path, value):
    assert refusal(put(whole(), path, value)).path == path


KEYS = """
id name listing stage has_ipa special_mechanism pending_adjustment no_adjustment_right
first_approved_on operating_end
phases phases[].id phases[].completed_on phases[].schedules phases[].milestones
phases[].schedules[].version phases[].schedules[].approved_on phases[].schedules[].kind
phases[].schedules[].end
phases[].milestones[].kind phases[].milestones[].planned phases[].milestones[].approved_on
phases[].milestones[].met_on
pauses pauses[].cause pauses[].from pauses[].to pauses[].status pauses[].paper
land land[].id land[].area_ha land[].handed_over_on land[].first_used_on land[].interruptions
land[].interruptions[].from land[].interruptions[].to land[].interruptions[].cause
land[].interruptions[].paper
land[].schedule_end land[].force_majeure land[].force_majeure[].from land[].force_majeure[].to
land[].force_majeure[].cause land[].force_majeure[].paper
land[].extension land[].extension.from land[].extension.to land[].extension.decision
land[].recovered_on land[].recovery_ground
deposit deposit.required deposit.exemption deposit.due_on deposit.paid_on
deposit.guarantee_expires_on
suspension suspension.by suspension.from suspension.to suspension.inability_recorded_on
site_lost_on relocation_filed_on stopped_on
contact_attempts contact_attempts[].on contact_attempts[].channel contact_attempts[].reached
enterprise_dissolved_on transferred_on
sham_finding sham_finding.paper sham_finding.on judgment
reports reports[].kind reports[].period reports[].received_on
signs_of_life signs_of_life[].on signs_of_life[].kind
marks marks[].id marks[].on marks[].verdict marks[].severity marks[].cause
""".split()  # noqa: SIM905  read as the shape is written
"""Every key of the shape."""


def full() -> dict[str, Any]:
    """A document in which every key has a value."""
    document = whole()
    stop = {"from": "2022-01-01", "to": "2022-06-30", "cause": "fire", "paper": "8/BC"}
    document |= {
        "special_mechanism": "NQ 170/2024/QH15",
        "site_lost_on": "2021-01-01",
        "relocation_filed_on": "2021-02-01",
        "stopped_on": "2023-01-01",
        "enterprise_dissolved_on": "2026-01-01",
        "transferred_on": "2026-02-01",
        "sham_finding": {"paper": "12/KL-TTr", "on": "2024-05-06"},
        "judgment": "12/2024/KDTM-ST",
    }
    document["phases"][0] |= {"completed_on": "2024-01-01"}
    document["phases"][0]["milestones"][0] |= {"approved_on": "2017-03-20"}
    document["land"][0] |= {
        "first_used_on": "2021-01-01",
        "interruptions": [stop],
        "recovered_on": "2025-01-01",
        "recovery_ground": "non_use",
    }
    document["deposit"] |= {"exemption": "auction_won", "guarantee_expires_on": "2020-01-01"}
    document["suspension"] |= {"to": "2021-01-01", "inability_recorded_on": "2020-06-01"}
    document["reports"][0] |= {"received_on": "2026-10-12"}
    document["marks"][0] |= {"id": "1"}
    return document


def paths_of_keys(value: Any, path: str = "") -> list[str]:
    """The path of every key in a document, such as `phases[0].schedules[1].end`."""
    if isinstance(value, list):
        return [p for n, one in enumerate(value) for p in paths_of_keys(one, f"{path}[{n}]")]
    if not isinstance(value, dict):
        return []
    found = []
    for key, one in value.items():
        here = f"{path}.{key}" if path else key
        found += [here, *paths_of_keys(one, here)]
    return found


def test_the_full_document_has_every_key_and_is_read():
    found = {re.sub(r"\d+", "", path) for path in paths_of_keys(full())}
    assert found == set(KEYS)
    assert read_facts(full()).id == "KT-0042"


@pytest.mark.parametrize("path", paths_of_keys(full()))
@pytest.mark.parametrize("wrong", [3.5, ["x"], {"x": "y"}, "\ud800", ""], ids=repr)
def test_every_key_refuses_what_is_of_no_use_to_it(path, wrong):
    if path.endswith("area_ha") and wrong == 3.5:
        wrong = "3,5"
    assert refusal(put(full(), path, wrong)).path in {path, f"{path}.x", f"{path}[0]"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("phases[0].schedules[0].version", 10**7),
        ("land[0].area_ha", 10**30),
        ("land[0].area_ha", float("nan")),
        ("land[0].area_ha", float("inf")),
        ("land[0].area_ha", 35_000_001),
        ("reports[0].period", "1944-Q1"),
        ("reports[0].period", "2200-Q1"),
        ("reports[0].period", "0000-Q1"),
    ],
    ids=repr,
)
def test_a_number_that_nobody_can_mean_is_refused(path, value):
    assert refusal(put(whole(), path, value)).path == path


def test_a_list_that_is_too_long_is_refused_before_it_is_read():
    document = {"id": "KT-0001", "pauses": [{"from": "2020-01-01"}] * 5001}
    assert str(refusal(document)) == "pauses: has 5001 records; at most 5000 are read"
    assert len(read_facts({**document, "pauses": document["pauses"][1:]}).pauses) == 5000


@pytest.mark.parametrize(
    "document",
    [
        {"id": "KT-0001", "x" * 10**6: 1},
        {"id": "KT-0001", "stopped_on": "x" * 10**6},
        {"id": "KT-0001", "listing": "x" * 10**6},
        {"id": "KT-0001", "land": [{"area_ha": "9" * 10**6 + "x"}]},
        {"id": "KT-0001", "land": [{"area_ha": 10**5000}]},
        {"id": "KT-0001", "phases": [{"schedules": [{"version": 10**5000}]}]},
        {"id": "KT-0001", "phases": [{"id": "x" * 10**6}] * 2},
    ],
    ids=["key", "day", "code", "area", "large area", "version", "name"],
)
def test_a_refusal_stays_a_line_however_large_the_value_is(document):
    assert len(str(refusal(document))) < 250


def test_what_is_given_twice_is_refused():
    document = whole()
    document["reports"].append({"kind": "Q", "period": "2026-Q3", "received_on": "2026-10-12"})
    assert refusal(document).path == "reports[1].period"
    document = whole()
    document["reports"] = [{"kind": "M6", "period": "2026"}, {"kind": "M6", "period": "2026-H1"}]
    assert refusal(document).path == "reports[1].period"
    document = whole()
    document["marks"] = [{**document["marks"][0], "id": "7"}] * 2
    assert refusal(document).path == "marks[1].id"


@pytest.mark.parametrize("not_a_document", [[], "KT-0001", None, 7])
def test_what_is_no_object_is_refused(not_a_document):
    assert "must be an object" in refusal(not_a_document).problem


def test_phases_and_parcels_of_one_name_are_refused():
    document = whole()
    document["phases"].append({"id": "1"})
    assert refusal(document).path == "phases[1].id"
    document = whole()
    document["land"].append({"id": "A"})
    assert refusal(document).path == "land[1].id"


def test_phases_and_parcels_without_a_name_go_by_their_place():
    facts = read_facts({"id": "KT-0001", "phases": [{}, {}], "land": [{}]})
    assert [one.id for one in facts.phases] == ["1", "2"]
    assert facts.land[0].id == "1"
