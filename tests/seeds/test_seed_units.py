"""Administrative units and their successions: dated keys, no gap and no overlap."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from tests.seeds.read import MERGER, OPEN, UNITS, day, key_of, table

UNIT_KINDS = {
    "province": {"province"},
    "district": {"city", "district", "town"},
    "commune": {"township", "ward", "commune", "special_zone"},
}


def test_units_are_unique_by_code_and_first_day() -> None:
    assert len(UNITS) == len(table("units")) == 156


def test_a_unit_has_a_kind_of_its_level_and_days_in_order() -> None:
    for (code, valid_from), row in UNITS.items():
        assert row["kind"] in UNIT_KINDS[row["level"]], code
        until = day(row["valid_to"])
        assert until is None or until >= valid_from, code
        assert row["valid_from_precision"] in {"day", "year", "open"}, code
        assert (valid_from == OPEN) == (row["valid_from_precision"] == "open"), code


def test_an_official_code_has_the_length_of_its_level_and_a_provisional_one_names_its_district() -> (
    None
):
    length = {"province": 2, "district": 3, "commune": 5}
    for (code, _), row in UNITS.items():
        if row["code_status"] == "official":
            assert re.fullmatch(rf"\d{{{length[row['level']]}}}", code), code
        else:
            assert row["code_status"] == "provisional"
            assert re.fullmatch(rf"62\.{row['parent_code']}\.[a-z-]+", code), code


def test_the_parent_of_a_unit_is_one_level_up_and_lived_at_the_same_time() -> None:
    above = {"district": {"province"}, "commune": {"district", "province"}}
    for (code, valid_from), row in UNITS.items():
        parent_key = key_of(row, "parent_code", "parent_valid_from")
        if row["level"] == "province":
            assert parent_key is None
            continue
        assert parent_key is not None, code
        parent = UNITS[parent_key]
        assert parent["level"] in above[row["level"]], code
        own_end = day(row["valid_to"]) or date.max
        parent_end = day(parent["valid_to"]) or date.max
        assert max(valid_from, parent_key[1]) <= min(own_end, parent_end), code


def test_no_unit_overlaps_another_of_the_same_code() -> None:
    for code in {code for code, _ in UNITS}:
        spans = sorted(
            (start, day(row["valid_to"]) or date.max)
            for (c, start), row in UNITS.items()
            if c == code
        )
        for (_, end), (start, _) in pairwise(spans):
            assert end < start, code


def test_forty_units_follow_one_hundred_and_two() -> None:
    new = [
        row for (_, start), row in UNITS.items() if start == MERGER and row["level"] == "commune"
    ]
    assert Counter(row["kind"] for row in new) == {"ward": 3, "commune": 37}
    assert {row["parent_code"] for row in new} == {"51"}
    old = [
        row
        for row in UNITS.values()
        if row["level"] == "commune" and row["valid_to"] == "2025-06-30"
    ]
    assert Counter(row["kind"] for row in old) == {"ward": 10, "commune": 85, "township": 7}
    assert Counter(row["parent_code"] for row in old)["608"] == 21


def test_the_ten_districts_and_kon_tum_ended_together() -> None:
    districts = {
        code: row["valid_to"] for (code, _), row in UNITS.items() if row["level"] == "district"
    }
    assert sorted(districts) == [
        "608",
        "610",
        "611",
        "612",
        "613",
        "614",
        "615",
        "616",
        "617",
        "618",
    ]
    assert set(districts.values()) == {"2025-06-30"}
    assert UNITS["62", OPEN]["valid_to"] == "2025-06-30"
    assert UNITS["51", MERGER]["valid_to"] == ""


def test_names_alone_do_not_tell_units_apart() -> None:
    dak_long = {code for (code, _), row in UNITS.items() if row["name"] == "Xã Đăk Long"}
    assert dak_long == {"62.613.dak-long", "62.615.dak-long", "23368"}
    assert UNITS["613", OPEN]["name"] == "Huyện Kon Plông"
    assert UNITS["23476", MERGER]["name"] == "Xã Kon Plông"
    assert UNITS["23473", date(2019, 9, 1)]["name"] == "Thị trấn Măng Đen"
    assert UNITS["23473", MERGER]["name"] == "Xã Măng Đen"


def test_a_succession_joins_two_units_on_the_day_between_them() -> None:
    seen = set()
    for row in table("successions"):
        old, new = (
            key_of(row, "old_code", "old_valid_from"),
            key_of(row, "new_code", "new_valid_from"),
        )
        assert old in UNITS, row
        assert new in UNITS, row
        assert (old, new) not in seen
        seen.add((old, new))
        assert row["kind"] in {"merged", "renamed", "unchanged", "split"}
        assert day(row["on"]) == new[1]
        assert day(UNITS[old]["valid_to"]) == new[1] - timedelta(days=1)
        assert row["document"]


def test_every_commune_that_ended_went_into_exactly_one_new_unit() -> None:
    went = Counter(
        (row["old_code"], row["old_valid_from"])
        for row in table("successions")
        if row["kind"] != "split"
    )
    ended = {
        (row["code"], row["valid_from"])
        for row in UNITS.values()
        if row["valid_to"] and row["level"] in {"commune", "province"}
    }
    assert set(went) == ended
    assert set(went.values()) == {1}


def test_every_new_unit_has_predecessors_and_an_old_district() -> None:
    rows = table("successions")
    new = {
        code
        for (code, start), row in UNITS.items()
        if start == MERGER and row["level"] == "commune"
    }
    assert {row["new_code"] for row in rows if row["kind"] in {"merged", "unchanged"}} - {
        "51"
    } == new
    assert Counter(row["new_code"] for row in rows if row["kind"] == "split") == dict.fromkeys(
        new, 1
    )


def test_an_unchanged_unit_keeps_code_and_name() -> None:
    unchanged = [row for row in table("successions") if row["kind"] == "unchanged"]
    assert {row["old_code"] for row in unchanged} == {"23368", "23530", "23536", "23535"}
    for row in unchanged:
        assert row["old_code"] == row["new_code"]
        assert UNITS[row["old_code"], OPEN]["name"] == UNITS[row["new_code"], MERGER]["name"]
