"""A policy version as the rules read it: every threshold, article, law date and list of codes.

`read_policy` turns the stored text of a policy (`seeds/policy/1.yaml` is the first) into frozen
values. Nothing of it stands in code: a rule asks its own `Rule` for months, severity and article.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from portfolio.schedule.documents import (
    BadDocument,
    day,
    fields,
    keys,
    one_of,
    records,
    required,
    text,
    whole,
    yes_or_no,
)
from portfolio.schedule.terms import Holidays

SIDES: Final = frozenset({"state", "investor", "objective"})
GROUNDS: Final = frozenset({"termination", "land_recovery"})
HOUSE: Final = "house"


@dataclass(frozen=True, slots=True)
class Law:
    """A law or decree: its number, its name with the number, and the day it came into force."""

    number: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Article:
    """What a rule stands on from a day on: "81.8" of a law, or the house policy itself.

    `settings` are the parameters that hold while this article does.
    """

    law: Law
    article: str
    begins: date | None
    needs_legal_opinion: bool
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule's parameters: severity, articles in order of time, months and other settings."""

    id: str
    vi: str
    en: str
    severity: str
    ground_for: str | None
    when_done: bool
    articles: tuple[Article, ...]
    settings: Mapping[str, Any]
    off: bool = False
    """A house rule may be switched off: it keeps its parameters and finds nothing."""

    @property
    def begins(self) -> date | None:
        """The first day the rule is in force; None when it always was."""
        return self.articles[0].begins

    @property
    def months(self) -> int:
        """Its term in months."""
        return int(self.settings["months"])

    def article_on(self, on: date) -> Article | None:
        """The article in force on that day; None before the rule begins."""
        found = None
        for article in self.articles:
            if article.begins is not None and article.begins > on:
                break
            found = article
        return found


@dataclass(frozen=True, slots=True)
class Band:
    """A class of lateness in months, both ends included; the last one has no end."""

    name: str
    least: int
    most: float


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause of delay: whose side it is on, and whether an accepted pause for it stops a clock."""

    code: str
    side: str
    pauses: bool
    vi: str
    en: str

    def __str__(self) -> str:
        """Its code, which is what a stored sum keeps of it."""
        return self.code


@dataclass(frozen=True, slots=True)
class ReportDuty:
    """When a report is due: that day of the month, so many months after its period's last month.

    It is asked for every period that ends on the day `begins` or later.
    """

    kind: str
    rule: str
    months_after: int
    day: int
    begins: date


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the policy, with the holidays its terms are rolled by."""

    version: int
    adopted_on: date | None
    source: str
    severities: tuple[str, ...]
    precedence: Mapping[str, int]
    review_severities: frozenset[str]
    review_bands: frozenset[str]
    bands: tuple[Band, ...]
    causes: Mapping[str, Cause]
    pausing_causes: frozenset[str]
    approved_kinds: frozenset[str]
    signs_of_life: frozenset[str]
    report_duties: Mapping[str, ReportDuty]
    """By the rule that watches them."""
    rules: Mapping[str, Rule]
    holidays: Holidays


_POLICY = keys(
    "version status adopted_on adopted_by source note severities review_list bands stop_clock_causes"
    " approved_schedule_kinds signs_of_life report_duties laws rules"
)
_LAW = keys("number vi en from mark source")
_ARTICLE = keys("law article from mark source needs_legal_opinion settings")
_RULE = keys("id vi en severity ground_for when_done articles settings mark source off")
_BAND = keys("name from to")
_CAUSE = keys("code side pauses vi en source")
_DUTY = keys("kind rule months_after day from mark source")
_REVIEW = keys("severities bands")


def read_policy(raw: object, holidays: Holidays) -> Policy:
    """The policy of this stored text; BadDocument with a path when it is not whole."""
    raw = fields(raw, _POLICY)
    required(raw, "version", "source", "severities", "bands", "stop_clock_causes", "laws", "rules")
    version = whole(raw, "version", least=1) or 0
    laws = {law.number: law for law in records(raw, "laws", _law)}
    laws[HOUSE] = Law(
        HOUSE, f"chính sách rà soát phiên bản {version}", f"house policy, version {version}"
    )
    severities = _words(raw, "severities")
    causes = {cause.code: cause for cause in records(raw, "stop_clock_causes", _cause)}
    rules = records(raw, "rules", lambda item, _at: _rule(item, laws, frozenset(severities)))
    adopted_on = day(raw, "adopted_on")
    duties = records(raw, "report_duties", lambda item, _at: _duty(item, adopted_on))
    review = fields(raw.get("review_list") or {}, _REVIEW)
    return Policy(
        version=version,
        adopted_on=adopted_on,
        source=text(raw, "source") or "",
        severities=severities,
        precedence=MappingProxyType({code: place for place, code in enumerate(severities)}),
        review_severities=frozenset(_words(review, "severities")),
        review_bands=frozenset(_words(review, "bands")),
        bands=records(raw, "bands", _band),
        causes=MappingProxyType(causes),
        pausing_causes=frozenset(code for code, cause in causes.items() if cause.pauses),
        approved_kinds=frozenset(_words(raw, "approved_schedule_kinds")),
        signs_of_life=frozenset(_words(raw, "signs_of_life")),
        report_duties=MappingProxyType({duty.rule: duty for duty in duties}),
        rules=MappingProxyType({rule.id: rule for rule in rules}),
        holidays=holidays,
    )


def read_holidays(raw: object) -> Holidays:
    """The table of `seeds/holidays.yaml`: `{"holidays": [{"date", "name", "kind", "source"}]}`."""
    raw = fields(raw, frozenset({"holidays", "note"}))
    return Holidays.of(records(raw, "holidays", _holiday))


def _holiday(raw: object, _at: str) -> date:
    raw = fields(raw, frozenset({"date", "name", "kind", "source"}))
    on = day(raw, "date")
    if on is None:
        raise BadDocument(path="date", problem="must be given")
    return on


def _words(raw: dict[str, Any], key: str) -> tuple[str, ...]:
    value = raw.get(key) or []
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise BadDocument(key, "must be a list of codes")
    return tuple(value)


def _law(raw: object, _at: str) -> Law:
    raw = fields(raw, _LAW)
    required(raw, "number", "vi", "en")
    return Law(text(raw, "number") or "", text(raw, "vi") or "", text(raw, "en") or "")


def _rule(raw: object, laws: Mapping[str, Law], severities: frozenset[str]) -> Rule:
    raw = fields(raw, _RULE)
    required(raw, "id", "vi", "en", "severity", "articles")
    articles = records(raw, "articles", lambda item, _at: _article(item, laws))
    begins = [article.begins or date.min for article in articles]
    if not articles or begins != sorted(set(begins)):
        raise BadDocument(
            path="articles", problem="must be in order of the day each came into force"
        )
    return Rule(
        id=text(raw, "id") or "",
        vi=text(raw, "vi") or "",
        en=text(raw, "en") or "",
        severity=one_of(raw, "severity", severities) or "",
        ground_for=one_of(raw, "ground_for", GROUNDS),
        when_done=yes_or_no(raw, "when_done") or False,
        articles=articles,
        settings=_settings(raw),
        off=yes_or_no(raw, "off") or False,
    )


def _article(raw: object, laws: Mapping[str, Law]) -> Article:
    raw = fields(raw, _ARTICLE)
    required(raw, "law", "article")
    number = one_of(raw, "law", frozenset(laws)) or ""
    return Article(
        law=laws[number],
        article=text(raw, "article") or "",
        begins=day(raw, "from"),
        needs_legal_opinion=yes_or_no(raw, "needs_legal_opinion") or False,
        settings=_settings(raw),
    )


def _settings(raw: dict[str, Any]) -> Mapping[str, Any]:
    value = raw.get("settings") or {}
    if not isinstance(value, dict):
        raise BadDocument(path="settings", problem="must be an object")
    return MappingProxyType(dict(value))


def _band(raw: object, _at: str) -> Band:
    raw = fields(raw, _BAND)
    required(raw, "name", "from")
    most = whole(raw, "to", least=1)
    return Band(text(raw, "name") or "", whole(raw, "from", least=1) or 1, most or math.inf)


def _cause(raw: object, _at: str) -> Cause:
    raw = fields(raw, _CAUSE)
    required(raw, "code", "side", "pauses", "vi", "en")
    return Cause(
        code=text(raw, "code") or "",
        side=one_of(raw, "side", SIDES) or "",
        pauses=yes_or_no(raw, "pauses") or False,
        vi=text(raw, "vi") or "",
        en=text(raw, "en") or "",
    )


def _duty(raw: object, adopted_on: date | None) -> ReportDuty:
    raw = fields(raw, _DUTY)
    required(raw, "kind", "rule", "months_after", "day")
    return ReportDuty(
        kind=text(raw, "kind") or "",
        rule=text(raw, "rule") or "",
        months_after=whole(raw, "months_after", least=1) or 1,
        day=whole(raw, "day", least=1) or 1,
        begins=day(raw, "from") or adopted_on or date.max,
    )
