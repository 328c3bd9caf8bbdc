"""What a changed policy must satisfy, beyond what the strict reader asks."""

import copy
from typing import Any

import pytest
import yaml

from portfolio.schedule.policy_check import LARGEST, BadPolicy, check_policy, may_be_off
from tests.conftest import CHECKOUT
from tests.schedule.policy_desk import rule_of

BASE: dict[str, Any] = yaml.safe_load(
    (CHECKOUT / "seeds/policy/1.yaml").read_text(encoding="utf-8")
)


def changed(path: str, value: object) -> dict[str, Any]:
    """The first policy with one value different; a rule is named by its id."""
    document = copy.deepcopy(BASE)
    *steps, last = path.split("/")
    at: Any = document
    for step in steps:
        at = rule_of(document, step) if at is document and step not in document else at[_key(step)]
    at[_key(last)] = value
    return document


def _key(step: str) -> int | str:
    return int(step) if step.isdigit() else step


GOOD = {
    "STALLED/settings/months": 9,
    "INV-T24/settings/months": 120,
    "INV-T24-WARN/settings/warning_months": [6, 12, 23],
    "UNDATED/severity": "review",
    "STALLED/off": True,
    "EZA-MARK/off": True,
    "report_duties/0/day": 31,
    "review_list/severities": ["ground"],
    "review_list/bands": ["25-60", "61+"],
    "signs_of_life": ["report_accepted"],
    "stop_clock_causes/0/pauses": False,
}


@pytest.mark.parametrize("path", GOOD)
def test_it_may_be_changed(path: str) -> None:
    check_policy(changed(path, GOOD[path]), BASE)


BAD: list[tuple[str, object, str | None]] = [
    ("STALLED/settings/months", 0, "months"),
    ("STALLED/settings/months", 121, "months"),
    ("STALLED/settings/months", "9", "months"),
    ("STALLED/settings/months", True, "months"),
    ("LAND-EXT/settings/extension_months", 0, "extension_months"),
    ("TERM-END/settings/warning_months", [], "warning_months"),
    ("TERM-END/settings/warning_months", [6, 6], "warning_months"),
    ("TERM-END/settings/warning_months", [6, 121], "warning_months"),
    ("TERM-END/settings/warning_severity", "ground", "warning_severity"),
    ("INV-T24-WARN/settings/warning_months", [12, 24], "warning_months"),
    ("INV-T24/settings/months", 21, "warning_months"),
    ("REP-Q/settings/missed_in_a_row", 0, "missed_in_a_row"),
    ("REP-Q/settings/missed_severity", "hold", "missed_severity"),
    ("INV-T24/severity", "late", "severity"),
    ("SPECIAL/severity", "review", "severity"),
    ("STALLED/severity", "ground", "severity"),
    ("INV-T24/ground_for", "land_recovery", "severity"),
    ("INV-T24/off", True, "off"),
    ("INV-LATE/off", True, "off"),
    ("SPECIAL/off", True, "off"),
    ("LAND-12/articles", [{"law": "house", "article": "house"}], "articles-0-law"),
    ("STALLED/settings", {}, None),
    ("STALLED/id", "STALLED-9", None),
    ("rules/24/id", "STALLED", None),
    ("bands/0/to", 13, "ends"),
    ("bands/0/to", 11, "ends"),
    ("bands/0/from", 2, "ends"),
    ("bands/3/to", 90, "ends"),
    ("bands/1/name", "1-12", "ends"),
    ("bands", [], "ends"),
    ("review_list/severities", ["review"], "severities"),
    ("review_list/severities", ["ground", "hold"], "severities"),
    ("review_list/severities", ["ground", "nothing"], "severities"),
    ("review_list/bands", ["13-99"], "ends"),
    ("stop_clock_causes/1/code", "a", "rows-1-code"),
    ("stop_clock_causes/1/code", "z", "rows-0-code"),
    ("report_duties/0/day", 32, "rows-0-day"),
    ("report_duties/1/months_after", 13, "rows-1-months_after"),
    ("report_duties/2/from", None, "rows-2-begins"),
    ("report_duties/0/kind", "X", None),
    ("laws/0/number", "61/2020/QH14", None),
    ("signs_of_life", [], "signs"),
    ("laws/0/vi", None, None),
    ("STALLED/articles", [], None),
    ("STALLED/unknown", 1, None),
    ("source", "x" * LARGEST, None),
]


@pytest.mark.parametrize(("path", "value", "field"), BAD)
def test_it_is_refused_at_its_field(path: str, value: object, field: str | None) -> None:
    with pytest.raises(BadPolicy) as refused:
        check_policy(changed(path, value), BASE)
    assert refused.value.field == field


def test_a_rule_is_neither_dropped_nor_added() -> None:
    fewer = copy.deepcopy(BASE)
    fewer["rules"].pop()
    more = copy.deepcopy(BASE)
    more["rules"].append(rule_of(BASE, "STALLED") | {"id": "NEW"})
    for document in (fewer, more):
        with pytest.raises(BadPolicy, match="neither added nor dropped"):
            check_policy(document, BASE)


def test_only_house_rules_that_hold_nothing_back_may_be_switched_off() -> None:
    may = {rule["id"] for rule in BASE["rules"] if may_be_off(rule)}
    assert may == {"INV-T24-WARN", "STALLED", "UNDATED", "EZA-MARK"}


def test_a_rule_of_law_cannot_be_made_a_house_rule_first_and_switched_off_then() -> None:
    document = changed("INV-LATE/articles", [{"law": "house", "article": "house"}])
    rule_of(document, "INV-LATE")["off"] = True
    with pytest.raises(BadPolicy):
        check_policy(document, BASE)
