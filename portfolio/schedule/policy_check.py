"""What a changed policy must satisfy beyond being readable, said at the field in words.

The strict reader (`policy_text.read_policy`) has the last word on the shape. Before it come the checks
that a clerk can mend: months in range, bands without a gap, articles in order, nothing dropped that the
law or the register stands on.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Final

from portfolio.notation import N_
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.policy_text import HOUSE, read_policy
from portfolio.schedule.terms import Holidays
from portfolio.web.errors import Refusal

MOST_MONTHS: Final = 120
LARGEST: Final = 200_000
"""Characters of a policy as JSON; the first one has 14,000."""
FIXED_SEVERITIES: Final = frozenset({"ground", "hold", "refusal", "running"})
"""What the law itself says of a rule; the office does not choose these."""
CHOSEN_SEVERITIES: Final = ("review", "late", "warning", "silent", "data_gap")
_MONTHS: Final = frozenset({"months", "extension_months"})
_LISTS_OF_MONTHS: Final = frozenset({"warning_months"})
_MOST_IN_A_ROW: Final = 12
_LAST_DAY: Final = 31
_TWELVE: Final = 12

Document = dict[str, Any]


class BadPolicy(Refusal):
    """The draft would not be a policy; ``field`` is that of the form which shows it."""

    message = N_("The policy cannot be read at %(path)s: %(problem)s")


def may_be_off(rule: Document) -> bool:
    """Whether a rule may be switched off: one of the house that holds nothing else back."""
    return rule["severity"] not in FIXED_SEVERITIES and not _laws_of(rule)


def check_policy(document: Document, base: Document) -> None:
    """Raise `BadPolicy` unless ``document`` can take the place of ``base``, the version in force."""
    if len(json.dumps(document, ensure_ascii=False)) > LARGEST:
        raise BadPolicy(N_("The policy is too large."))
    try:
        read_policy(document, Holidays.of(()))
    except BadDocument as bad:
        raise BadPolicy(path=bad.path, problem=bad.problem) from bad
    _check_rules(document, base)
    _check_bands(document)
    _check_review_list(document)
    _check_causes(document, base)
    _check_duties(document, base)
    _check_laws(document)
    _refuse_empty(document)


# Rules ----------------------------------------------------------------------------------------


def _check_rules(document: Document, base: Document) -> None:
    rules, before = _by("id", document["rules"]), _by("id", base["rules"])
    if list(rules) != list(before) or len(rules) != len(document["rules"]):
        raise BadPolicy(N_("Rules are neither added nor dropped; a house rule is switched off."))
    for rule_id, rule in rules.items():
        _check_rule(rule, before[rule_id])
    _check_warnings(rules)


def _check_rule(rule: Document, before: Document) -> None:
    fixed = before["severity"] in FIXED_SEVERITIES or rule["severity"] in FIXED_SEVERITIES
    if fixed and rule["severity"] != before["severity"]:
        raise BadPolicy(N_("The law itself says how heavy this rule is."), field="severity")
    if rule.get("ground_for") != before.get("ground_for"):
        raise BadPolicy(N_("What the rule is a ground for is said by the law."), field="severity")
    if rule.get("off") and not (may_be_off(before) and may_be_off(rule)):
        raise BadPolicy(
            N_("A rule that stands on a law cannot be switched off."),
            field="off",
        )
    if _laws_of(before) and not _laws_of(rule):
        raise BadPolicy(N_("The rule must keep an article of a law."), field="articles-0-law")
    if set(rule.get("settings") or {}) != set(before.get("settings") or {}):
        raise BadPolicy(N_("The rule must keep its settings."))
    _check_settings(rule.get("settings") or {})


def _check_settings(settings: Document) -> None:
    for name, value in settings.items():
        if name in _MONTHS and not _is_whole(value, 1, MOST_MONTHS):
            raise _range(name, 1, MOST_MONTHS)
        if name in _LISTS_OF_MONTHS and not _are_months(value):
            raise BadPolicy(
                N_("Enter different months from 1 to %(most)s, for example 12, 18, 21"),
                field=name,
                most=MOST_MONTHS,
            )
        if name == "missed_in_a_row" and not _is_whole(value, 1, _MOST_IN_A_ROW):
            raise _range(name, 1, _MOST_IN_A_ROW)
        if name.endswith("_severity") and value not in CHOSEN_SEVERITIES:
            raise BadPolicy(N_("Choose one of the answers in the list"), field=name)


def _range(field: str, least: int, most: int) -> BadPolicy:
    message = N_("Enter a number from %(least)s to %(most)s")
    return BadPolicy(message, field=field, least=least, most=most)


def _are_months(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(_is_whole(one, 1, MOST_MONTHS) for one in value)
        and len(set(value)) == len(value)
    )


def _check_warnings(rules: dict[str, Document]) -> None:
    """Warnings of the 24 months come before the 24 months are over."""
    warning, ground = rules.get("INV-T24-WARN"), rules.get("INV-T24")
    if warning is None or ground is None:
        return
    months = ground["settings"]["months"]
    if max(warning["settings"]["warning_months"]) >= months:
        raise BadPolicy(
            N_("The warnings of INV-T24-WARN must come before the %(months)s months of INV-T24."),
            field="warning_months",
            months=months,
        )


def _laws_of(rule: Document) -> set[str]:
    return {article["law"] for article in rule["articles"]} - {HOUSE}


# Bands and the review list --------------------------------------------------------------------


def _check_bands(document: Document) -> None:
    bands = document["bands"]
    meets = all(later["from"] == (earlier.get("to") or 0) + 1 for earlier, later in pairwise(bands))
    whole = bool(bands) and bands[0]["from"] == 1 and bands[-1].get("to") is None
    rising = all(band["to"] >= band["from"] for band in bands[:-1] if band.get("to"))
    if not (meets and whole and rising) or len({band["name"] for band in bands}) != len(bands):
        raise BadPolicy(
            N_("The bands must follow each other without gap or overlap."), field="ends"
        )


def _check_review_list(document: Document) -> None:
    review, severities = document.get("review_list") or {}, document["severities"]
    chosen = review.get("severities") or []
    if "ground" not in chosen:
        raise BadPolicy(N_("Grounds always stand on the review list."), field="severities")
    unknown = set(chosen) - set(severities) - set(CHOSEN_SEVERITIES)
    if unknown or FIXED_SEVERITIES & set(chosen) - {"ground"}:
        raise BadPolicy(N_("Choose one of the answers in the list"), field="severities")
    lost = set(review.get("bands") or ()) - {band["name"] for band in document["bands"]}
    if lost:
        raise BadPolicy(
            N_("The review list names the band %(band)s: take it off the list first."),
            field="ends",
            band=min(lost),
        )


# Causes, reports, laws ------------------------------------------------------------------------


def _check_causes(document: Document, base: Document) -> None:
    codes = [cause["code"] for cause in document["stop_clock_causes"]]
    _refuse_double(codes, "code")
    gone = [cause["code"] for cause in base["stop_clock_causes"] if cause["code"] not in set(codes)]
    if gone:
        raise BadPolicy(
            N_("The cause %(code)s is named in the register and cannot be dropped."),
            field="rows-0-code",
            code=gone[0],
        )


def _check_duties(document: Document, base: Document) -> None:
    duties = document.get("report_duties") or []
    kept = [(duty["kind"], duty["rule"]) for duty in base.get("report_duties") or []]
    if [(duty["kind"], duty["rule"]) for duty in duties] != kept:
        raise BadPolicy(N_("Report duties are neither added nor dropped."))
    for place, duty in enumerate(duties):
        for name, most in (("months_after", _TWELVE), ("day", _LAST_DAY)):
            if not _is_whole(duty[name], 1, most):
                field = f"rows-{place}-{name}"
                raise _range(field, 1, most)
        if duty.get("from") is None:
            raise BadPolicy(N_("Enter the first day."), field=f"rows-{place}-begins")


def _check_laws(document: Document) -> None:
    _refuse_double([law["number"] for law in document["laws"]], "number")


def _refuse_double(values: Iterable[str], name: str) -> None:
    seen: set[str] = set()
    for place, value in enumerate(values):
        if value in seen or value == HOUSE:
            raise BadPolicy(
                N_("%(value)s is in the list already."), field=f"rows-{place}-{name}", value=value
            )
        seen.add(value)


def _refuse_empty(document: Document) -> None:
    if not document.get("signs_of_life"):
        raise BadPolicy(N_("At least one sign of life must count."), field="signs")


def _by(key: str, rows: Iterable[Document]) -> dict[str, Document]:
    return {row[key]: row for row in rows}


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def named_laws(document: Document) -> Iterator[tuple[str, str]]:
    """Each law that an article names, with the rule that does."""
    for rule in document["rules"]:
        for article in rule["articles"]:
            yield article["law"], rule["id"]
