"""The policy in words: what each rule means, what its parameters are called, what differs between two."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from flask_babel import gettext

from portfolio.notation import N_
from portfolio.register.phases import ScheduleKind, Side
from portfolio.schedule.flags import Severity
from portfolio.schedule.policy_text import HOUSE, Law
from portfolio.schedule.rules.wording import Language, citation
from portfolio.schedule.terms import ONE_DAY
from portfolio.web import show

Document = dict[str, Any]

MEANINGS: Final = {
    "SPECIAL": N_(
        "A special resolution covers the project: other findings are shown and held back."
    ),
    "INV-LATE": N_("A milestone or phase is not met after its day in the schedule approved last."),
    "INV-T24-WARN": N_("A project is late by so many months: %(warning_months)s."),
    "INV-T24": N_(
        "A phase is not completed %(months)s months after its approved end, and nothing on record"
        " allows a further adjustment."
    ),
    "ADJ-CAP24": N_(
        "An adjustment would end later than %(months)s months after the first schedule, without an"
        " exception."
    ),
    "TERM-END": N_("The operating term is over; warnings come %(warning_months)s months before."),
    "T-SUSP": N_("The project was suspended and its inability to remedy was recorded."),
    "T-LOC6": N_("The site was lost and no relocation was asked for within %(months)s months."),
    "T-NOCONTACT12": N_(
        "The project stopped %(months)s months ago, and attempts to reach the investor failed."
    ),
    "T-LAND": N_("A decision to recover land of the project is on record."),
    "T-DEPOSIT": N_("A required deposit is due and not paid, or its guarantee has run out."),
    "T-SHAM": N_("A sham civil transaction was found."),
    "T-COURT": N_("A judgment or an award ends the project."),
    "T-DISSOLVED": N_(
        "The enterprise was dissolved; the project neither ended nor was transferred."
    ),
    "SUS-12": N_("The investor has stopped the project for more than %(months)s months."),
    "LAND-RECOVER": N_(
        "An extension of at most %(extension_months)s months is over and the land is still not in use."
    ),
    "LAND-12": N_("Land that was handed over was not put to use for %(months)s months in a row."),
    "LAND-24": N_("Use of the land is %(months)s months behind its schedule."),
    "LAND-EXT": N_(
        "An extension of at most %(extension_months)s months is running: findings on unused land wait."
    ),
    "STALLED": N_(
        "No sign of life for %(months)s months since the last one, or since the approval."
    ),
    "UNDATED": N_("A licensed project has no schedule date at all."),
    "REP-Q": N_("A report is overdue; %(missed_in_a_row)s periods in a row call for a review."),
    "REP-Y": N_("A report is overdue; %(missed_in_a_row)s periods in a row call for a review."),
    "REP-M6": N_("A report is overdue; %(missed_in_a_row)s periods in a row call for a review."),
    "REP-MY": N_("A report is overdue; %(missed_in_a_row)s periods in a row call for a review."),
    "EZA-MARK": N_("An officer of the zone has marked a delay, as heavy as the officer says."),
}

SIGNS: Final = {
    "report_accepted": N_("A progress report was accepted"),
    "milestone_met": N_("A milestone was met"),
    "milestone_reviewed": N_("A milestone was reviewed"),
    "land_act": N_("Land was allocated, handed over or put to use"),
    "disbursement": N_("Capital was realised"),
    "inspection_progress": N_("An inspection found progress"),
}
MARKS: Final = {
    "A": N_("the law's own text was read"),
    "B": N_("two or more sources agree"),
    "C": N_("one source"),
    "D": N_("not confirmed"),
}
GROUNDS: Final = {
    "termination": N_("Ground for termination"),
    "land_recovery": N_("Ground for land recovery"),
}
SUSPENDED_BY: Final = {
    "authority": N_("The authority"),
    "court": N_("A court"),
    "investor": N_("The investor"),
}
RECOVERY_GROUNDS: Final = {
    "non_use": N_("Land not used"),
    "late_use": N_("Land used late"),
}
SETTINGS: Final = {
    "months": N_("Months"),
    "extension_months": N_("Longest extension, in months"),
    "warning_months": N_("Months of the warnings"),
    "warning_severity": N_("Severity of the warning"),
    "missed_in_a_row": N_("Periods missed in a row"),
    "missed_severity": N_("Severity from then on"),
    "exceptions": N_("Exceptions (points of the article)"),
    "suspended_by": N_("Suspended by"),
    "recovery_grounds": N_("Grounds of recovery that count"),
}


# Names ----------------------------------------------------------------------------------------


def meaning_of(rule: Document) -> str:
    """What the rule finds, in the reader's language, with its parameters."""
    settings = {name: value_words(name, value) for name, value in _settings(rule).items()}
    words = MEANINGS.get(rule["id"])
    return str(gettext(words, **settings)) if words else ""


def mark_words(mark: str | None) -> str:
    """`A: the law's own text was read`."""
    return f"{mark}: {gettext(MARKS[mark])}" if mark in MARKS else ""


def band_words(band: Document) -> str:
    """`13-24 months`, `more than 60 months`."""
    if band.get("to") is None:
        return str(gettext("%(from)s months and more", **{"from": band["from"]}))
    return str(gettext("%(from)s to %(to)s months", **band))


def article_words(article: Document, laws: Mapping[str, Document], language: Language) -> str:
    """The article in its long form; the house policy has none."""
    if article["law"] == HOUSE:
        return str(gettext("house rule"))
    law = laws[article["law"]]
    return citation(article["article"], Law(law["number"], law["vi"], law["en"]), language)


def due_words(duty: Document) -> str:
    """When a report is due after its period."""
    return str(
        gettext(
            "day %(day)s of month %(month)s after the period",
            day=duty["day"],
            month=duty["months_after"],
        )
    )


def value_words(name: str, value: Any) -> str:
    """A value of the document as people read it; ``name`` is its field."""
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, list):
        return ", ".join(value_words(name, item) for item in value)
    if name in {"from", "to"} and isinstance(value, str):
        return show.day(date.fromisoformat(value))
    known = _CODES.get(name, {}).get(str(value))
    return str(gettext(known)) if known else str(value)


_SEVERITIES = {severity.value: severity.label for severity in Severity}
_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "severity": _SEVERITIES,
    "severities": _SEVERITIES,
    "warning_severity": _SEVERITIES,
    "missed_severity": _SEVERITIES,
    "signs_of_life": SIGNS,
    "suspended_by": SUSPENDED_BY,
    "recovery_grounds": RECOVERY_GROUNDS,
    "side": {side.value: side.label for side in Side},
    "approved_schedule_kinds": {kind.value: kind.label for kind in ScheduleKind},
}


def _settings(rule: Document) -> Document:
    found: Document = rule.get("settings") or {}
    return found


# Articles in force ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Basis:
    """An article of a rule with the period in which it applies."""

    words: str
    since: date | None
    until: date | None
    mark: str
    needs_legal_opinion: bool
    source: str | None


def bases_of(rule: Document, laws: Mapping[str, Document], language: Language) -> list[Basis]:
    """The articles of a rule in order of time; each ends on the day before the next one begins."""
    days = [_day(article.get("from")) for article in rule["articles"]]
    ends = [later and later - ONE_DAY for _earlier, later in pairwise(days)] + [None]
    return [
        Basis(
            article_words(article, laws, language),
            since,
            until,
            mark_words(article.get("mark")),
            bool(article.get("needs_legal_opinion")),
            article.get("source"),
        )
        for article, since, until in zip(rule["articles"], days, ends, strict=True)
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
