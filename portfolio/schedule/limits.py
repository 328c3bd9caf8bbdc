"""The limits that the law sets to acts: how late a schedule may end, how long land may be extended.

Asked by acts of the register through `portfolio.register.law`, and by suppositions.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from flask import Flask
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.register.law import (
    BeyondCap,
    Days,
    DelayLaw,
    KnownException,
    LongestExtension,
    know_law,
)
from portfolio.schedule import rules
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.evaluate import NoPolicy, law_on
from portfolio.schedule.facts import read_facts
from portfolio.schedule.gather import facts_document
from portfolio.schedule.policy_text import Article, Policy
from portfolio.schedule.rules import wording
from portfolio.schedule.terms import add_months
from portfolio.schedule.what_if import Adjusted, suppose
from portfolio.web.errors import Refusal

CAP: Final = "ADJ-CAP24"
EXTENSION: Final = "LAND-EXT"

_OTHER_POINTS: Final = {
    "đ": (
        "Điều chỉnh mục tiêu đã được quy định tại văn bản chấp thuận chủ trương đầu tư",
        "Objective of the policy approval changed",
    ),
    "e": (
        "Tăng tổng vốn đầu tư từ 20% trở lên làm thay đổi quy mô dự án",
        "Capital up by 20% or more, changing the scale",
    ),
}
"""The points that pause no clock and so are no causes of the policy (Article 33.4, Law 143/2025/QH15)."""


class CannotBeCapped(Refusal):
    """The days on record contradict each other, so nobody can say where the cap lies."""

    message = N_("The dates of this project contradict each other: %(path)s")


def install(app: Flask) -> None:
    """Hand the answers to the register."""
    know_law(app, DelayLaw(_beyond_cap, known_exceptions, longest_extension))


def refused_ends(
    state: State, days: Days, exception: str | None, *, policy: Policy, on: date
) -> list[tuple[int, date, rules.Finding]]:
    """The phases whose end a proposal moves beyond the cap: number, proposed end, and the finding.

    Only an end that moves later is a proposal: one that an exception let pass before stays allowed.
    Raises `BadDocument`.
    """
    document = facts_document(state, policy, on)
    facts = read_facts(document)
    proposed = facts_document(suppose(state, [Adjusted(days)], on=on, policy=policy), policy, on)
    found = []
    for phase in proposed["phases"]:
        end = _new_end(document, phase, policy)
        if end is None:
            continue
        finding = rules.refuse_adjustment(facts, policy, on, phase["id"], end, exception)
        if finding is not None:
            found.append((int(phase["id"]), end, finding))
    return found


def _new_end(document: Mapping[str, list[State]], proposed: State, policy: Policy) -> date | None:
    """The end that the last version of a phase proposes, if it is later than the one in force."""
    before = next((one for one in document["phases"] if one["id"] == proposed["id"]), None)
    known = (
        [one for one in before["schedules"] if one["kind"] in policy.approved_kinds]
        if before
        else []
    )
    after = proposed["schedules"][-1]["end"] if proposed["schedules"] else None
    if after is None or (known and after <= known[-1]["end"]):
        return None
    return date.fromisoformat(after)


def exceptions_in(policy: Policy, article: Article | None = None) -> list[KnownException]:
    """The points that an article lets pass; of all articles of the rule when none is given."""
    rule = policy.rules.get(CAP)
    if rule is None:
        return []
    articles = rule.articles if article is None else (article,)
    codes = dict.fromkeys(
        code
        for one in articles
        for code in one.settings.get("exceptions", rule.settings["exceptions"])
    )
    return [KnownException(code, *_point(code, policy)) for code in codes]


def _point(code: str, policy: Policy) -> tuple[str, str]:
    cause = policy.causes.get(code)
    return (cause.vi, cause.en) if cause else _OTHER_POINTS.get(code, (code, code))


def known_exceptions(session: Session, on: date) -> Sequence[KnownException]:
    """All points that some article of the policy of a day knows; none before a policy is adopted."""
    try:
        return exceptions_in(law_on(session, on).policy)
    except NoPolicy:
        return ()


def _beyond_cap(
    session: Session, state: State, days: Days, exception: str | None, on: date
) -> BeyondCap | None:
    try:
        policy = law_on(session, on).policy
        refused = refused_ends(state, days, exception, policy=policy, on=on)
    except NoPolicy:
        return None
    except BadDocument as bad:
        raise CannotBeCapped(path=str(bad)) from bad
    return beyond_cap(*refused[0], policy) if refused else None


def beyond_cap(phase: int, proposed: date, finding: rules.Finding, policy: Policy) -> BeyondCap:
    """The refusal of one phase, with the points that would let it pass."""
    steps = {step.name: step.value for step in finding.steps}
    first, cap = steps["planned_end"], finding.deadline
    if not isinstance(first, date) or cap is None:  # the rule says both
        raise TypeError(finding.rule)
    return BeyondCap(
        phase=phase,
        first_end=first,
        months=policy.rules[CAP].months,
        cap=cap,
        proposed=proposed,
        vi=wording.citation(finding.article, finding.basis.law, "vi"),
        en=wording.citation(finding.article, finding.basis.law, "en"),
        exceptions=tuple(exceptions_in(policy, finding.basis)),
    )


def longest_extension(session: Session, on: date) -> LongestExtension | None:
    """How long an extension of land use that begins on a day may run (policy, rule LAND-EXT)."""
    try:
        rule = law_on(session, on).policy.rules.get(EXTENSION)
    except NoPolicy:
        return None
    article = rule.article_on(on) if rule else None
    if rule is None or article is None:
        return None
    months = int(rule.settings["extension_months"])
    return LongestExtension(
        months=months,
        last=add_months(on, months),
        vi=wording.citation(article.article, article.law, "vi"),
        en=wording.citation(article.article, article.law, "en"),
    )
