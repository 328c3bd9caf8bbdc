"""The project files: shape, legal pairs of listing and stage, acts, schedules, money, sources."""

import re
from calendar import monthrange
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.seeds.read import (
    MERGER,
    OPEN,
    PROJECTS,
    READ_ON,
    SECTORS,
    TOTALS,
    UNITS,
    ZONES,
    Project,
    table,
)

STAGES_OF = {
    "solicited": {"calling", "interested"},
    "registered": {"interested", "surveying"},
    "licensed": {"preparing", "implementing", "built_idle", "operating", "suspended"},
    "closed": {"terminated", "revoked", "withdrawn"},
}
LEFT_FROM = {
    "terminated": {"licensed"},
    "revoked": {"licensed"},
    "withdrawn": {"solicited", "registered"},
}
STAGE_ACTS = {
    "suspended": "suspension",
    "terminated": "termination",
    "revoked": "revocation",
    "withdrawn": "withdrawal",
}
ACT_KINDS = {
    "policy_approval", "certificate", "adjustment", "land_allocation", "land_extension", "suspension",
    "resumption", "partial_termination", "termination", "revocation", "withdrawal", "land_recovery",
    "inspection_conclusion", "fine", "complaint_decision", "survey_permission", "deposit_agreement",
    "transfer", "listing", "other",
}  # fmt: skip

PROJECT_KEYS = [
    "key",
    "name",
    "aliases",
    "certificate_no",
    "listing",
    "listed_before",
    "listing_basis",
    "stage",
    "stage_source",
    "zone",
    "sector",
    "places",
    "address",
    "form",
    "objective",
    "scale",
    "term",
    "investors",
    "capital",
    "area",
    "acts",
    "phases",
    "land",
    "deposit",
    "pauses",
    "events",
    "disclaimer",
    "sources",
    "note",
]
PART_KEYS = {
    "places": {"code", "valid_from", "principal"},
    "investors": {"name", "role", "tax_code", "from", "to", "source"},
    "capital": {
        "on", "precision", "kind", "amount", "currency", "as_printed", "split", "act", "note", "source",
    },
    "acts": {
        "key", "kind", "number", "sign", "issued_on", "precision", "effective_on", "office", "clause", "note",
        "source",
    },
    "phases": {"name", "objective", "milestones"},
    "land": {
        "name", "area_ha", "handed_over_on", "first_used_on", "schedule_end", "extension", "recovered_on",
        "recovered_precision", "recovery_act", "recovery_ground", "source",
    },
    "events": {"on", "precision", "kind", "shows_progress", "text", "source"},
}  # fmt: skip
MILESTONE_KEYS = {"kind", "met_on", "met_precision", "evidence", "targets"}
TARGET_KEYS = {
    "version",
    "act",
    "kind",
    "approved_on",
    "approved_precision",
    "end",
    "precision",
    "printed",
}


every_project = pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)


def last_day(on: date, precision: str) -> date:
    if precision == "year":
        return date(on.year, 12, 31)
    months = {"half": 6, "quarter": 3, "month": 1}
    if precision in months:
        month = -(-on.month // months[precision]) * months[precision]
        return date(on.year, month, monthrange(on.year, month)[1])
    return on


@every_project
def test_a_project_file_has_exactly_the_documented_keys(project: Project) -> None:
    assert list(project) == PROJECT_KEYS
    for part, keys in PART_KEYS.items():
        for item in project[part]:
            assert set(item) == keys, part
    for phase in project["phases"]:
        for milestone in phase["milestones"]:
            assert set(milestone) == MILESTONE_KEYS
            for target in milestone["targets"]:
                assert set(target) == TARGET_KEYS


def test_a_project_file_is_named_after_its_key() -> None:
    assert {name: project["key"] for name, project in PROJECTS.items()} == {
        name: name for name in PROJECTS
    }
    assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in PROJECTS)


@every_project
def test_listing_and_stage_are_a_legal_pair(project: Project) -> None:
    assert project["stage"] in STAGES_OF[project["listing"]]
    if project["listing"] == "closed":
        assert project["listed_before"] in LEFT_FROM[project["stage"]]
    else:
        assert project["listed_before"] is None
    assert project["listing_basis"] in {"stated", "placed"}


@every_project
def test_a_stage_that_needs_an_act_has_it_and_only_then(project: Project) -> None:
    held = {act["kind"] for act in project["acts"]} & set(STAGE_ACTS.values())
    needed = {STAGE_ACTS[project["stage"]]} if project["stage"] in STAGE_ACTS else set()
    assert held == needed


@every_project
def test_references_of_a_project_resolve(project: Project) -> None:
    assert project["zone"] is None or project["zone"] in ZONES
    assert project["sector"] in SECTORS
    places = [(place["code"], place["valid_from"]) for place in project["places"]]
    assert set(places) <= set(UNITS)
    assert len(set(places)) == len(places) >= 1
    assert sum(place["principal"] for place in project["places"]) == 1
    acts = [act["key"] for act in project["acts"]]
    assert len(set(acts)) == len(acts)
    named = [capital["act"] for capital in project["capital"]]
    named += [parcel["recovery_act"] for parcel in project["land"]]
    named += [parcel["extension"]["act"] for parcel in project["land"] if parcel["extension"]]
    named += [target["act"] for target in targets_of(project)]
    assert {key for key in named if key} <= set(acts)


def targets_of(project: Project) -> list[dict[str, Any]]:
    return [
        target
        for phase in project["phases"]
        for milestone in phase["milestones"]
        for target in milestone["targets"]
    ]


@every_project
def test_a_partial_date_is_the_last_day_of_its_period(project: Project) -> None:
    dated = [(item["on"], item["precision"]) for item in [*project["capital"], *project["events"]]]
    dated += [(act["issued_on"], act["precision"]) for act in project["acts"]]
    dated += [
        (target["approved_on"], target["approved_precision"]) for target in targets_of(project)
    ]
    dated += [(parcel["recovered_on"], parcel["recovered_precision"]) for parcel in project["land"]]
    dated += [
        (milestone["met_on"], milestone["met_precision"])
        for phase in project["phases"]
        for milestone in phase["milestones"]
    ]
    for on, precision in dated:
        assert (on is None) == (precision is None)
        if on is not None:
            assert type(on) is date
            assert on == last_day(on, precision)
            assert OPEN < on <= READ_ON
    for target in targets_of(project):
        assert target["end"] == last_day(target["end"], target["precision"])


@every_project
def test_the_acts_of_a_project_are_known_kinds_and_their_numbers_unique(project: Project) -> None:
    numbered = []
    for act in project["acts"]:
        assert act["kind"] in ACT_KINDS
        assert act["sign"] is None or act["number"] is not None
        assert act["effective_on"] is None or act["effective_on"] >= act["issued_on"]
        if act["number"] is None or act["issued_on"] is None:
            assert act["note"], f"{act['key']}: an unknown number or day needs a note"
        else:
            numbered.append((act["number"], act["sign"], act["issued_on"], act["office"]))
    assert len(set(numbered)) == len(numbered)


@every_project
def test_a_schedule_version_is_one_paper_and_versions_follow_each_other(project: Project) -> None:
    papers: dict[int, set[tuple[Any, ...]]] = {}
    for target in targets_of(project):
        assert target["kind"] in {"registered", "ipa", "irc", "adjusted"}
        assert target["printed"]
        paper = (target["act"], target["kind"], target["approved_on"])
        papers.setdefault(target["version"], set()).add(paper)
    assert all(number >= 1 and len(held) == 1 for number, held in papers.items())
    approved = [next(iter(papers[number]))[2] for number in sorted(papers)]
    known = [on for on in approved if on]
    assert known == sorted(known)
    for phase in project["phases"]:
        kinds = [milestone["kind"] for milestone in phase["milestones"]]
        assert len(set(kinds)) == len(kinds)
        assert set(kinds) <= {"land_handover", "start", "completion", "operation", "capital_paid"}


@every_project
def test_money_and_area_are_exact_decimals(project: Project) -> None:
    for capital in project["capital"]:
        assert capital["kind"] in {"registered", "adjusted", "estimated", "realised"}
        assert capital["currency"] in {"VND", "USD"}
        assert capital["as_printed"]
        amount = capital["amount"]
        if amount is None:
            assert capital["note"], "an amount left empty needs a note"
            continue
        assert re.fullmatch(r"\d+", amount)
        parts = [Decimal(part) for part in (capital["split"] or {}).values() if part]
        assert sum(parts) <= Decimal(amount)
    areas = [project["area"]["hectares"]] if project["area"] else []
    areas += [parcel["area_ha"] for parcel in project["land"]]
    for hectares in areas:
        assert re.fullmatch(r"\d+(\.\d{1,6})?", hectares)
        assert Decimal(hectares) > 0


@every_project
def test_recovered_and_extended_land_names_the_paper(project: Project) -> None:
    kinds = {act["key"]: act["kind"] for act in project["acts"]}
    for parcel in project["land"]:
        assert (parcel["recovered_on"] is None) == (parcel["recovery_act"] is None)
        if parcel["recovery_act"]:
            assert kinds[parcel["recovery_act"]] == "land_recovery"
            assert parcel["recovery_ground"]
        if parcel["extension"]:
            assert set(parcel["extension"]) == {"act", "decision", "from", "to"}
            assert kinds[parcel["extension"]["act"]] == "land_extension"
            assert parcel["extension"]["decision"]
            assert parcel["extension"]["from"] < parcel["extension"]["to"]


def sources_in(value: Any) -> list[dict[str, Any]]:
    """Every mapping below `value` that says where something was read."""
    if isinstance(value, list):
        return [source for item in value for source in sources_in(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if "title" in value else []
    return own + [source for item in value.values() for source in sources_in(item)]


@every_project
def test_every_fact_of_a_project_can_be_traced(project: Project) -> None:
    assert project["disclaimer"] == "public"
    assert project["stage_source"]
    for part in ("investors", "capital", "acts", "land", "events"):
        assert all(item["source"] for item in project[part]), part
    assert project["area"] is None or project["area"]["source"]
    assert (
        not targets_of(project)
        or "schedule" in {source["about"] for source in project["sources"]}
        or all(target["act"] for target in targets_of(project))
    )
    for source in sources_in(project):
        assert source["title"]
        assert set(source) <= {"about", "title", "paper", "page", "url"}
        if "url" in source:
            assert re.match(r"https?://[^\s]+$", source["url"])
        else:
            assert source["paper"], source
            assert source["page"], source


@every_project
def test_names_and_texts_of_a_project_are_clean(project: Project) -> None:
    names = [project["name"], *project["aliases"]]
    assert len(set(names)) == len(names)
    assert all(name == name.strip() and name for name in names)
    assert project["name"][0].isupper() or project["name"][0].isdigit()
    for investor in project["investors"]:
        assert investor["role"] in {"lead", "member", "transferee", "former"}
    for event in project["events"]:
        assert event["kind"] in {"inspection", "report", "proposal", "news", "other"}
        assert len(event["text"]) <= 300
    assert project["form"] in {
        None, "own_funds", "ppp", "land_auction", "bidding", "investor_approval", "other",
    }  # fmt: skip
    assert project["pauses"] == []


def test_certificate_numbers_are_unique_in_the_register() -> None:
    numbers = [
        project["certificate_no"] for project in PROJECTS.values() if project["certificate_no"]
    ]
    assert sorted(numbers) == ["0757383657", "38121000050", "38121000171"]


def test_public_works_are_kept_apart_from_the_projects() -> None:
    works = table("public_works")
    assert len(works) == 52
    assert (
        Counter(row["left_out_because"] for row in works)[
            "marked as public investment in the source table"
        ]
        == 23
    )
    projects = {project["name"] for project in PROJECTS.values()}
    assert not projects & {row["name"] for row in works}


def test_tan_mai_keeps_its_first_schedule_and_four_later_ones() -> None:
    project = PROJECTS["tanmai"]
    ends = {target["version"]: target["end"] for target in targets_of(project)}
    assert ends == {
        1: date(2012, 12, 31),
        2: date(2014, 12, 31),
        3: date(2017, 4, 30),
        4: date(2019, 12, 31),
        5: date(2022, 8, 31),
    }
    assert project["stage"] == "implementing"
    assert [investor["role"] for investor in project["investors"]] == ["former", "transferee"]
    assert sum(Decimal(parcel["area_ha"]) for parcel in project["land"]) == Decimal("158.02387")


def test_a_proposal_to_revoke_leaves_the_stage_alone() -> None:
    for key in ("dakkan", "dakrinh", "poe"):
        project = PROJECTS[key]
        assert (project["listing"], project["stage"]) == ("licensed", "preparing")
        assert [event["kind"] for event in project["events"]] == ["proposal"]


def test_the_three_awarded_urban_areas_of_mang_den_moved_from_the_list_to_a_licence() -> None:
    ends = {}
    for number in (1, 4, 5):
        project = PROJECTS[f"kdt{number}_mangden"]
        assert [act["kind"] for act in project["acts"]] == ["listing", "other"]
        assert project["places"][0]["code"] == "23473"
        assert project["places"][0]["valid_from"] == MERGER
        ends[number] = targets_of(project)[0]["end"].year
    assert ends == {1: 2034, 4: 2035, 5: 2034}
    assert PROJECTS["kdt2_mangden"]["stage"] == "calling"


def test_the_seven_urban_areas_reproduce_the_sum_that_the_press_got_wrong() -> None:
    first = [PROJECTS[f"kdt{number}_mangden"]["capital"][0]["amount"] for number in range(1, 8)]
    assert sum(map(int, first)) == int(TOTALS["CT110"]["computed"]) * 10**9
