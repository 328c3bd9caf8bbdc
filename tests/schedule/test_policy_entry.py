"""The forms of a draft: shown and sent back unchanged they change nothing; what is typed lands where it belongs."""

import copy
from typing import Any

import pytest
import yaml
from flask import Flask
from werkzeug.datastructures import MultiDict

from portfolio.schedule.policy_check import BadPolicy, check_policy
from portfolio.schedule.policy_parts_entry import PARTS, form_of
from portfolio.schedule.policy_rule_entry import rule_form
from portfolio.web.forms import leaves
from tests.conftest import CHECKOUT
from tests.schedule.policy_desk import rule_of

BASE: dict[str, Any] = yaml.safe_load(
    (CHECKOUT / "seeds/policy/1.yaml").read_text(encoding="utf-8")
)
RULES = [rule["id"] for rule in BASE["rules"]]
Sent = dict[str, Any]


@pytest.fixture(autouse=True)
def request_of(app: Flask):
    """Forms need a request; this one is a post."""
    with app.test_request_context("/policy/2/edit/x", method="POST"):
        yield


def sent_by(form: Any) -> Sent:
    """What a browser would send of a form as it is shown."""
    found: Sent = {}
    for field in leaves(form):
        if hasattr(field, "iter_choices"):
            values = [choice.value for choice in field.iter_choices() if choice.selected]
            values = values or ([] if field.shape == "checkboxes" else [""])
        elif getattr(field, "shape", "") == "checkbox":
            values = ["y"] if field.data else []
        else:
            values = [field._value()]
        found[field.name] = values
    return found | {"reason": ["vì"]}


def typed(form: Any, **changes: object) -> MultiDict:
    """The same with some fields typed anew."""
    sent = sent_by(form) | {
        name.replace("__", "-"): value if isinstance(value, list) else [value]
        for name, value in changes.items()
    }
    return MultiDict([(name, value) for name, values in sent.items() for value in values])


def part(key: str, document: dict[str, Any] = BASE, **changes: object) -> Any:
    shown = form_of(PARTS[key], document, formdata=None)
    return form_of(PARTS[key], document, formdata=typed(shown, **changes))


def rule(rule_id: str, **changes: object) -> Any:
    shown = rule_form(BASE, rule_id, formdata=None)
    return rule_form(BASE, rule_id, formdata=typed(shown, **changes))


def saved(form: Any, *more: str) -> dict[str, Any]:
    assert form.validate(), form.problems
    before = copy.deepcopy(BASE)
    document = form.document_with(BASE, *more)
    assert before == BASE, "the document that was shown is left alone"
    check_policy(document, BASE)
    return document


@pytest.mark.parametrize("key", PARTS)
def test_a_part_sent_back_as_it_is_shown_changes_nothing(key: str) -> None:
    assert saved(part(key)) == BASE


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_sent_back_as_it_is_shown_changes_nothing(rule_id: str) -> None:
    assert saved(rule(rule_id), rule_id) == BASE


# Rules ----------------------------------------------------------------------------------------


def test_months_change_and_the_names_that_tell_them_follow() -> None:
    document = saved(rule("STALLED", months="9"), "STALLED")
    stalled = rule_of(document, "STALLED")
    assert stalled["settings"] == {"months": 9}
    assert stalled["vi"] == "Không có dấu hiệu hoạt động 9 tháng"
    assert stalled["en"] == "No sign of life for 9 months"
    assert rule_of(document, "LAND-12") == rule_of(BASE, "LAND-12")


def test_a_name_that_was_typed_is_taken_as_typed() -> None:
    document = saved(rule("STALLED", months="9", vi="Im lặng 12 tháng"), "STALLED")
    assert rule_of(document, "STALLED")["vi"] == "Im lặng 12 tháng"


@pytest.mark.parametrize("months", ["0", "121", "-3", "chín", "", "9,5", "1e2"])
def test_months_out_of_range_are_refused_in_words(months: str) -> None:
    form = rule("STALLED", months=months)
    assert not form.validate()
    assert [problem.anchor for problem in form.problems] == ["months"]


def test_warnings_are_kept_in_the_order_that_the_rule_has() -> None:
    rising = saved(rule("INV-T24-WARN", warning_months="20; 6 15"), "INV-T24-WARN")
    assert rule_of(rising, "INV-T24-WARN")["settings"]["warning_months"] == [6, 15, 20]
    falling = saved(rule("TERM-END", warning_months="3, 18"), "TERM-END")
    assert rule_of(falling, "TERM-END")["settings"]["warning_months"] == [18, 3]


@pytest.mark.parametrize("words", ["", "mười hai", "12,,x", "1 2 3 " * 20, "12345"])
def test_what_is_no_list_of_months_is_refused(words: str) -> None:
    assert not rule("TERM-END", warning_months=words).validate()


def test_a_house_rule_is_switched_off_and_on() -> None:
    off = saved(rule("STALLED", off="y"), "STALLED")
    assert rule_of(off, "STALLED")["off"] is True
    shown = rule_form(off, "STALLED", formdata=None)
    back = rule_form(off, "STALLED", formdata=typed(shown, off=[]))
    assert back.validate()
    assert back.document_with(off, "STALLED") == BASE


@pytest.mark.parametrize("rule_id", ["INV-T24", "INV-LATE", "SPECIAL"])
def test_others_have_no_such_box_and_sending_it_does_nothing(rule_id: str) -> None:
    form = rule(rule_id, off="y", severity="warning")
    assert "off" not in form
    changed = saved(form, rule_id)
    assert rule_of(changed, rule_id).get("off") is None


def test_an_article_is_added_in_order_of_time() -> None:
    form = rule(
        "SUS-12",
        articles__2__law="143/2025/QH15",
        articles__2__article="35.2",
        articles__2__begins="01/03/2026",
        articles__2__mark="C",
        articles__2__needs_legal_opinion="y",
    )
    articles = rule_of(saved(form, "SUS-12"), "SUS-12")["articles"]
    assert [article.get("from") for article in articles] == [
        "2021-01-01",
        "2026-03-01",
        "2026-03-31",
    ]
    assert articles[1] == {
        "law": "143/2025/QH15",
        "article": "35.2",
        "from": "2026-03-01",
        "mark": "C",
        "needs_legal_opinion": True,
    }


def test_an_article_is_dropped_but_not_the_last_one_of_a_law() -> None:
    form = rule("SUS-12", articles__1__drop="y")
    assert len(rule_of(saved(form, "SUS-12"), "SUS-12")["articles"]) == 1
    all_gone = rule("SUS-12", articles__0__drop="y", articles__1__drop="y")
    assert all_gone.validate()
    with pytest.raises(BadPolicy) as refused:
        all_gone.document_with(BASE, "SUS-12")
    assert refused.value.field == "articles-0-law"


BAD_ARTICLES: dict[str, Sent] = {
    "articles-1-begins": {"articles__1__begins": "01/01/2021"},
    "articles-2-law": {"articles__2__article": "36.2"},
    "articles-2-article": {"articles__2__law": "143/2025/QH15"},
}


@pytest.mark.parametrize("field", BAD_ARTICLES)
def test_a_bad_article_is_refused_at_its_field(field: str) -> None:
    form = rule("SUS-12", **BAD_ARTICLES[field])
    assert form.validate(), form.problems
    with pytest.raises(BadPolicy) as refused:
        form.document_with(BASE, "SUS-12")
    assert refused.value.field == field
    form.refuse(refused.value)
    assert [problem.anchor for problem in form.problems] == [field]


def test_a_law_that_is_not_listed_cannot_be_chosen() -> None:
    assert not rule("SUS-12", articles__0__law="99/2099/QH99").validate()


def test_exceptions_belong_to_the_rule_and_to_its_later_article() -> None:
    form = rule("ADJ-CAP24", exceptions="a b c", articles__1__exceptions="a, g")
    adjust = rule_of(saved(form, "ADJ-CAP24"), "ADJ-CAP24")
    assert adjust["settings"]["exceptions"] == ["a", "b", "c"]
    assert adjust["articles"][1]["settings"] == {"exceptions": ["a", "g"]}
    assert not rule("ADJ-CAP24", exceptions="a, bc").validate()


# Parts ----------------------------------------------------------------------------------------


def test_bands_are_made_of_the_months_at_which_they_end() -> None:
    document = saved(part("bands", ends="6, 12, 36"))
    assert document["bands"] == [
        {"name": "1-6", "from": 1, "to": 6},
        {"name": "7-12", "from": 7, "to": 12},
        {"name": "13-36", "from": 13, "to": 36},
        {"name": "37+", "from": 37},
    ]


@pytest.mark.parametrize("ends", ["12, 6", "12, 12", "0, 12"])
def test_bands_out_of_order_are_refused(ends: str) -> None:
    form = part("bands", ends=ends)
    assert form.validate()
    with pytest.raises(BadPolicy):
        form.document_with(BASE)


def test_the_review_list_takes_severities_and_bands() -> None:
    form = part("review", severities=["ground", "review", "late"], bands=["61+"])
    assert saved(form)["review_list"] == {
        "severities": ["ground", "review", "late"],
        "bands": ["61+"],
    }
    assert not part("review", severities=["ground", "hold"]).validate()


def test_signs_of_life_are_ticked() -> None:
    form = part("signs", signs=["milestone_met", "report_accepted"])
    assert saved(form)["signs_of_life"] == ["report_accepted", "milestone_met"]


def test_a_cause_is_added_and_renamed_and_none_is_dropped() -> None:
    count = len(BASE["stop_clock_causes"])
    new = {
        f"rows__{count}__code": "flood",
        f"rows__{count}__vi": "Lũ lụt",
        f"rows__{count}__en": "Flood",
        f"rows__{count}__side": "objective",
    }
    causes = saved(part("causes", rows__0__vi="Sự kiện bất khả kháng", **new))["stop_clock_causes"]
    assert causes[0]["vi"] == "Sự kiện bất khả kháng"
    assert causes[-1] == {
        "code": "flood",
        "vi": "Lũ lụt",
        "en": "Flood",
        "side": "objective",
        "pauses": False,
    }
    emptied = {f"rows__0__{name}": "" for name in ("code", "vi", "en", "side", "source")}
    form = part("causes", **emptied, rows__0__pauses=[])
    assert form.validate()
    with pytest.raises(BadPolicy) as refused:
        form.document_with(BASE)
    assert refused.value.field == "rows-0-code"


def test_the_code_of_a_cause_in_the_register_stays() -> None:
    assert saved(part("causes", rows__0__code="zz")) == BASE


@pytest.mark.parametrize("code", ["Lũ", "a b", "<script>", "x" * 41, ""])
def test_a_code_is_small_letters(code: str) -> None:
    count = len(BASE["stop_clock_causes"])
    names = {"code": code, "vi": "Lũ", "en": "Flood", "side": "state"}
    form = part("causes", **{f"rows__{count}__{name}": value for name, value in names.items()})
    if form.validate():
        with pytest.raises(BadPolicy):
            form.document_with(BASE)


def test_a_report_duty_changes_its_day() -> None:
    form = part("reports", rows__0__day="15", rows__0__begins="01/01/2027", rows__0__mark="")
    duty = saved(form)["report_duties"][0]
    assert (duty["day"], duty["from"], "mark" in duty) == (15, "2027-01-01", False)
    for name, value in (("day", "32"), ("months_after", "0"), ("begins", "")):
        assert not part("reports", **{f"rows__0__{name}": value}).validate()


def test_a_law_that_gets_another_number_takes_its_articles_along() -> None:
    place = [law["number"] for law in BASE["laws"]].index("31/2021/NĐ-CP")
    document = saved(part("laws", **{f"rows__{place}__number": "96/2026/NĐ-CP"}))
    articles = rule_of(document, "SUS-12")["articles"]
    assert {article["law"] for article in articles} == {"96/2026/NĐ-CP"}
    assert rule_of(BASE, "SUS-12")["articles"][0]["law"] == "31/2021/NĐ-CP"


def test_a_law_that_is_named_is_not_dropped_another_one_is() -> None:
    place = [law["number"] for law in BASE["laws"]].index("31/2021/NĐ-CP")
    names = ("number", "vi", "en", "begins", "mark", "source")
    form = part("laws", **{f"rows__{place}__{name}": "" for name in names})
    assert form.validate()
    with pytest.raises(BadPolicy) as refused:
        form.document_with(BASE)
    assert (refused.value.field, refused.value.params) == (
        f"rows-{place}-number",
        {"rule": "SUS-12"},
    )
    more = copy.deepcopy(BASE)
    more["laws"].append({"number": "1/2030", "vi": "Luật X", "en": "Law X"})
    last = len(more["laws"]) - 1
    dropping = part("laws", more, **{f"rows__{last}__{name}": "" for name in names})
    assert dropping.validate()
    assert dropping.document_with(more) == BASE


def test_every_change_needs_a_reason() -> None:
    assert not part("signs", reason="").validate()
    assert not rule("STALLED", months="9", reason="  ").validate()
