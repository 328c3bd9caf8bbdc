"""A policy laid out for reading: every rule with its meaning, parameters and articles, and the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from portfolio.register.phases import Side
from portfolio.register.progress import ReportKind
from portfolio.schedule.explanation import severity_words
from portfolio.schedule.policy_check import may_be_off
from portfolio.schedule.policy_words import (
    GROUNDS,
    SETTINGS,
    SIGNS,
    Basis,
    band_words,
    bases_of,
    due_words,
    mark_words,
    meaning_of,
    value_words,
)
from portfolio.schedule.rules.wording import Language

Document = dict[str, Any]
TONES = {"ground": "stop", "review": "stop", "late": "late", "warning": "late", "running": "run"}


@dataclass(frozen=True)
class ShownRule:
    """A rule as the page shows it."""

    id: str
    name: str
    meaning: str
    severity: str
    tone: str
    ground: str
    settings: list[tuple[str, str]]
    basis: Basis
    other_bases: list[Basis]
    off: bool
    may_be_off: bool
    when_done: bool


@dataclass(frozen=True)
class ShownLaw:
    """A law: its number, its name, the day it came into force, how sure that is."""

    number: str
    name: str
    begins: date | None
    mark: str
    source: str | None


@dataclass(frozen=True)
class ShownDuty:
    """A report owed: what, when due, from when on asked."""

    name: str
    due: str
    begins: date | None
    mark: str


@dataclass(frozen=True)
class ShownCause:
    """A cause of delay: its side, and whether an accepted pause for it stops a clock."""

    code: str
    name: str
    side: str
    pauses: bool


@dataclass(frozen=True)
class Shown:
    """The whole of a policy in the reader's language."""

    rules: list[ShownRule]
    review: list[str]
    bands: list[str]
    signs: list[str]
    causes: list[ShownCause]
    duties: list[ShownDuty]
    laws: list[ShownLaw]
    approved: str
    severities: str
    source: str
    note: str


def show_document(document: Document, language: Language, on: date) -> Shown:
    """The document of a version in words; of a rule's articles the one of that day comes first."""
    laws = {law["number"]: law for law in document["laws"]}
    review = document.get("review_list") or {}
    bands = {band["name"]: band for band in document["bands"]}
    return Shown(
        rules=[_rule(rule, laws, language, on) for rule in document["rules"]],
        review=[
            *(severity_words(code) for code in review.get("severities") or ()),
            *(
                gettext("late by %(band)s", band=band_words(bands[name]))
                for name in review.get("bands") or ()
                if name in bands
            ),
        ],
        bands=[band_words(band) for band in document["bands"]],
        signs=[str(gettext(SIGNS.get(code, code))) for code in document["signs_of_life"]],
        causes=[_cause(cause, language) for cause in document["stop_clock_causes"]],
        duties=[_duty(duty) for duty in document.get("report_duties") or ()],
        laws=[_law(law, language) for law in document["laws"]],
        approved=value_words("approved_schedule_kinds", document.get("approved_schedule_kinds")),
        severities=value_words("severities", document["severities"]),
        source=document.get("source") or "",
        note=document.get("note") or "",
    )


def _rule(rule: Document, laws: Mapping[str, Document], language: Language, on: date) -> ShownRule:
    settings = (rule.get("settings") or {}).items()
    bases = bases_of(rule, laws, language)
    begun = [basis for basis in bases if basis.since is None or basis.since <= on]
    basis = begun[-1] if begun else bases[0]
    return ShownRule(
        id=rule["id"],
        name=rule[language],
        meaning=meaning_of(rule),
        severity=severity_words(rule["severity"]),
        tone=TONES.get(rule["severity"], "off"),
        ground=_ground(rule.get("ground_for")),
        settings=[
            (str(gettext(SETTINGS.get(name, name))), value_words(name, value))
            for name, value in settings
        ],
        basis=basis,
        other_bases=[other for other in bases if other is not basis],
        off=bool(rule.get("off")),
        may_be_off=may_be_off(rule),
        when_done=bool(rule.get("when_done")),
    )


def _ground(code: str | None) -> str:
    words = GROUNDS.get(code or "")
    return str(gettext(words)) if words else ""


def _cause(cause: Document, language: Language) -> ShownCause:
    side = str(gettext(Side(cause["side"]).label))
    return ShownCause(cause["code"], cause[language], side, cause["pauses"])


def _duty(duty: Document) -> ShownDuty:
    return ShownDuty(
        str(gettext(ReportKind(duty["kind"]).label)),
        due_words(duty),
        _day(duty.get("from")),
        mark_words(duty.get("mark")),
    )


def _law(law: Document, language: Language) -> ShownLaw:
    return ShownLaw(
        law["number"],
        law[language],
        _day(law.get("from")),
        mark_words(law.get("mark")),
        law.get("source"),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
