"""What one policy says differently from another, field by field, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext

from portfolio.notation import N_
from portfolio.register.progress import ReportKind
from portfolio.schedule.policy_words import SETTINGS, band_words, value_words
from portfolio.schedule.rules.wording import Language

Document = dict[str, Any]

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
