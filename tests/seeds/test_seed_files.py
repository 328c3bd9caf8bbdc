"""The seed tables themselves: columns, keys, references, days, recomputed totals, sources.

No database and no code of the register is needed: what stands here is what `seeds/README.md`
promises to a loader.
"""

import csv
import re
import unicodedata
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.seeds.read import (
    MERGER,
    OFFICES,
    PROJECTS,
    READ_ON,
    SECTORS,
    SEEDS,
    TOTALS,
    UNITS,
    ZONES,
    Row,
    day,
    key_of,
    table,
)

COLUMNS = {
    "units": "code code_status name kind level parent_code parent_valid_from valid_from valid_from_precision"
    " valid_to name_variants area_ha population source note",
    "successions": "old_code old_valid_from new_code new_valid_from kind on document source",
    "zones": "key name name_variants name_en kind status parent_key unit_code unit_valid_from managing_office"
    " area_ha valid_from valid_from_precision valid_to valid_to_precision legal_doc legal_date source note",
    "offices": "key name name_en abbrev kind unit_code valid_from valid_from_precision valid_to"
    " valid_to_precision successor_key source note",
    "sectors": "key name name_en order source note",
    "control_totals": "id scope metric as_of unit published_total parts_published parts computed difference"
    " reconciles group group_count group_billion_vnd origin source note",
    "public_works": "name district commune sector capital_billion_vnd capacity status left_out_because source"
    " note",
}

ZONE_KINDS = {
    "dynamic_zone", "economic_zone", "border_gate", "industrial_park", "industrial_cluster",
    "hitech_agri_zone", "tourism_area", "urban_area", "planning_area", "other",
}  # fmt: skip
OFFICE_KINDS = {
    "promotion_centre", "zone_authority", "finance", "line_department", "commune", "committee", "other",
}  # fmt: skip


def seed_paths() -> list[Path]:
    return [*SEEDS.glob("*.csv"), *(SEEDS / "projects").glob("*.yaml")]


@pytest.mark.parametrize("name", COLUMNS)
def test_a_table_has_the_columns_of_the_readme(name: str) -> None:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header == COLUMNS[name].split()


@pytest.mark.parametrize("path", seed_paths(), ids=lambda path: path.name)
def test_a_file_is_composed_utf8_with_plain_line_ends(path: Path) -> None:
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert text.endswith("\n")
    assert unicodedata.normalize("NFC", text) == text


@pytest.mark.parametrize("name", COLUMNS)
def test_every_row_of_a_table_names_its_source(name: str) -> None:
    without = [row for row in table(name) if not row["source"].strip()]
    assert without == []


def test_a_zone_stands_in_a_tree_and_its_references_resolve() -> None:
    assert len(ZONES) == len(table("zones")) == 64
    for key, row in ZONES.items():
        assert row["kind"] in ZONE_KINDS, key
        assert row["status"] in {"in_force", "planned", "dropped"}, key
        above = []
        parent = row["parent_key"]
        while parent:
            assert parent not in above, key
            above.append(parent)
            parent = ZONES[parent]["parent_key"]
        unit = key_of(row, "unit_code", "unit_valid_from")
        assert unit in UNITS, key
        assert row["managing_office"] in {"", *OFFICES}, key


def test_the_days_and_areas_of_a_zone_are_sound() -> None:
    for key, row in ZONES.items():
        start, end = day(row["valid_from"]), day(row["valid_to"])
        assert start is None or end is None or end >= start, key
        assert bool(row["valid_from"]) == bool(row["valid_from_precision"]), key
        assert bool(row["valid_to"]) == bool(row["valid_to_precision"]), key
        assert not row["area_ha"] or Decimal(row["area_ha"]) > 0, key
        for text in filter(None, row["legal_date"].split("; ")):
            assert date.fromisoformat(text) <= READ_ON, key
        if row["status"] == "dropped":
            assert end, key


def test_the_dynamic_zones_and_their_parts() -> None:
    dynamic = {key for key, row in ZONES.items() if row["kind"] == "dynamic_zone"}
    assert dynamic == {"dz_kontum", "dz_konplong", "dz_ngochoi"}
    parent = {key: row["parent_key"] for key, row in ZONES.items()}
    assert parent["mangden"] == "dz_konplong"
    assert parent["kkt_boy"] == "dz_ngochoi"
    assert parent["kcn_hoabinh"] == parent["kcn_saomai"] == "dz_kontum"
    parts = ["mangden_trungtam", "mangden_bac", "mangden_dongbac", "mangden_dong"]
    assert sum(Decimal(ZONES[key]["area_ha"]) for key in parts) == Decimal(
        ZONES["mangden"]["area_ha"]
    )


def test_an_office_has_a_kind_and_an_ending_succession() -> None:
    assert len(OFFICES) == len(table("offices")) == 86
    for key, row in OFFICES.items():
        assert row["kind"] in OFFICE_KINDS, key
        start, end = day(row["valid_from"]), day(row["valid_to"])
        assert start is None or end is None or end >= start, key
        seen = [key]
        while OFFICES[seen[-1]]["successor_key"]:
            seen.append(OFFICES[seen[-1]]["successor_key"])
            assert len(set(seen)) == len(seen), key
    assert OFFICES["bql_kkt_kontum"]["successor_key"] == "bql_kkt_dung_quat"
    assert OFFICES["skhdt_kontum"]["successor_key"] == "stc_kontum"


def test_every_new_unit_has_its_peoples_committee() -> None:
    codes = {row["unit_code"] for row in OFFICES.values() if row["kind"] == "commune"}
    assert codes == {
        code
        for (code, start), row in UNITS.items()
        if start == MERGER and row["level"] == "commune"
    }


def test_sectors_are_unique_and_ordered() -> None:
    assert len(SECTORS) == len(table("sectors")) == 17
    orders = [int(row["order"]) for row in SECTORS.values()]
    assert orders == sorted(set(orders))
    assert all(row["name_en"] for row in SECTORS.values())


@pytest.mark.parametrize(
    "row", [row for row in TOTALS.values() if row["parts"]], ids=lambda row: row["id"]
)
def test_the_parts_of_a_total_add_up_to_what_is_said_to_be_computed(row: Row) -> None:
    sums = [sum(map(Decimal, series.split(";"))) for series in row["parts"].split("|")]
    said = [Decimal(text.strip()) for text in row["computed"].split(";")]
    assert sums == said * (len(sums) if len(said) == 1 else 1)


@pytest.mark.parametrize("row", TOTALS.values(), ids=TOTALS)
def test_the_verdict_on_a_total_fits_its_difference(row: Row) -> None:
    number = r"-?\d+(?:\.\d+)?"
    assert row["reconciles"] in {"yes", "no", "rounding", "n/a"}
    plain = all(
        re.fullmatch(number, row[column])
        for column in ("published_total", "computed", "difference")
    )
    if plain:
        assert Decimal(row["published_total"]) - Decimal(row["computed"]) == Decimal(
            row["difference"]
        )
    if row["reconciles"] == "yes" and row["difference"]:
        assert Decimal(row["difference"]) == 0
    if row["reconciles"] == "rounding" and re.fullmatch(number, row["difference"]):
        assert abs(Decimal(row["difference"])) <= 1


def test_the_totals_of_the_dynamic_zone_scheme_are_there() -> None:
    assert len(TOTALS) == len(table("control_totals")) == 137
    groups = {
        (row["group"], row["group_count"], row["group_billion_vnd"])
        for row in TOTALS.values()
        if row["group"]
    }
    assert groups == {
        ("implementing", "22", "8033.8"),
        ("preparing", "53", "5345"),
        ("solicited", "79", "54866"),
        ("licensed_open", "75", ""),
        ("licensed_open", "", "13378.8"),
        ("dynamic_zones_2007_2020", "213", ""),
        ("dynamic_zones_2007_2020", "", "29567"),
        ("kkt_boy", "69", ""),
    }
    assert TOTALS["CT006"]["parts"] == "21;1;35;12"


def test_the_readme_counts_what_is_there() -> None:
    text = (SEEDS / "README.md").read_text(encoding="utf-8")
    pairs = Counter((project["listing"], project["stage"]) for project in PROJECTS.values())
    for (listing, stage), count in pairs.items():
        assert f"| {listing} | {stage} | {count} |" in text
    assert f"**{len(PROJECTS)} projects**" in text
    undated = sum(
        act["issued_on"] is None for project in PROJECTS.values() for act in project["acts"]
    )
    silent = sum(
        event["on"] is None for project in PROJECTS.values() for event in project["events"]
    )
    assert f"{undated} acts and {silent} events" in text
