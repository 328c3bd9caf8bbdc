"""The facts document: everything in its shape is taken, anything else is refused with its path."""

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
