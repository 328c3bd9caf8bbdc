"""The policy in words: what each rule means, what its parameters are called, what differs between two."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from flask_babel import gettext

from portfolio.notation import N_
from portfolio.register.phases import ScheduleKind, Side
from portfolio.register.progress import ReportKind
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
_FIELDS: Final = SETTINGS | {
    "vi": N_("Vietnamese name"),
    "en": N_("English name"),
    "severity": N_("Severity"),
    "when_done": N_("Also for completed projects"),
    "off": N_("Switched off"),
    "law": N_("Law"),
    "article": N_("Article"),
    "from": N_("From"),
    "to": N_("To"),
    "mark": N_("Confidence"),
    "source": N_("Source"),
    "needs_legal_opinion": N_("Needs a legal opinion"),
    "side": N_("Side"),
    "pauses": N_("Stops the clock"),
    "months_after": N_("Months after the period"),
    "day": N_("Day of the month"),
    "severities": N_("Severities"),
    "bands": N_("Bands of lateness"),
}
_SECTIONS: Final = {
    "rules": N_("Rule"),
    "bands": N_("Bands of lateness"),
    "review_list": N_("Review list"),
    "signs_of_life": N_("Signs of life"),
    "stop_clock_causes": N_("Cause"),
    "approved_schedule_kinds": N_("Schedules that count as approved"),
    "report_duties": N_("Report"),
    "laws": N_("Law"),
    "severities": N_("Order of the severities"),
    "source": N_("Sources of the policy"),
    "note": N_("Remark"),
}
_KEYS: Final = {
    "rules": "id",
    "stop_clock_causes": "code",
    "report_duties": "kind",
    "laws": "number",
    "articles": "from",
}
"""By which of its fields a row of a list is known again in another version."""
_MADE: Final = frozenset({"version", "status", "adopted_on", "adopted_by"})
"""What adoption itself writes into the document."""


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


# Differences ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One field that differs: where, what, and both values in words."""

    where: str
    what: str
    before: str
    after: str


def changes_in_words(before: Document, after: Document, language: Language) -> list[Change]:
    """What the later document says differently, section by section, field by field."""
    found: list[Change] = []
    for section in dict.fromkeys([*before, *after]):
        if section in _MADE or before.get(section) == after.get(section):
            continue
        found += _section(section, before.get(section), after.get(section), language)
    return found


def _section(section: str, before: Any, after: Any, language: Language) -> Iterator[Change]:
    title = str(gettext(_SECTIONS.get(section, section)))
    if section == "bands":
        yield Change(title, "", _bands(before), _bands(after))
    elif section in _KEYS:
        yield from _rows(section, title, (before or [], after or []), language)
    elif isinstance(before, dict) or isinstance(after, dict):
        yield from _fields(title, before or {}, after or {})
    else:
        yield Change(title, "", value_words(section, before), value_words(section, after))


def _bands(bands: Iterable[Document] | None) -> str:
    return "; ".join(band_words(band) for band in bands or ())


def _rows(
    section: str, title: str, both: tuple[list[Document], list[Document]], language: Language
) -> Iterator[Change]:
    old, new = ({row[_KEYS[section]]: row for row in rows} for rows in both)
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        name = f"{title}: {_name(after or before or {}, language)}"
        if before is None or after is None:
            yield Change(name, "", _whole(before), _whole(after))
        else:
            yield from _fields(name, before, after)


def _name(row: Document, language: Language) -> str:
    if "kind" in row:
        return str(gettext(ReportKind(row["kind"]).label))
    names: str = row.get(language) or row.get("law") or ""
    code = row.get("id") or row.get("code")
    return f"{names} ({code})" if code else names


def _whole(row: Document | None) -> str:
    """All of a row that was added or dropped, in one line."""
    given = (row or {}).items()
    return "; ".join(
        f"{_field(name)}: {value_words(name, value)}" for name, value in given if value
    )


def _fields(where: str, before: Document, after: Document) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if (old or None) == (new or None):
            continue
        if name == "settings":
            yield from _fields(where, old or {}, new or {})
        elif name == "articles":
            yield from _articles(where, old or [], new or [])
        else:
            yield Change(where, _field(name), value_words(name, old), value_words(name, new))


def _articles(where: str, before: list[Document], after: list[Document]) -> Iterator[Change]:
    """Articles are known again by the day from which they apply."""
    old, new = ({article.get("from"): article for article in rows} for rows in (before, after))
    for begins in sorted({*old, *new}, key=lambda day: day or ""):
        if old.get(begins) == new.get(begins):
            continue
        since = value_words("from", begins) or gettext("always")
        yield Change(
            where,
            str(gettext("Article from %(day)s", day=since)),
            _whole(old.get(begins)),
            _whole(new.get(begins)),
        )


def _field(name: str) -> str:
    return str(gettext(_FIELDS.get(name, name)))


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
