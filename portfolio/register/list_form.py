"""The filter form of a list: what can be chosen, what was typed, and what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext
from markupsafe import Markup

from portfolio.register.asked import AS_OF, Asked
from portfolio.register.filters.answers import SEVERITY_CHOICES, SOURCES, STATE_CHOICES
from portfolio.register.flag_words import RULES, rule_name
from portfolio.register.project import Listing, Stage
from portfolio.web import show
from portfolio.web.forms import Problem
from portfolio.web.languages import language


@dataclass
class Mistakes:
    """The filters that were not understood, as the error summary of a page wants them."""

    problems: list[Problem]
    restored: bool = False


class Chip(NamedTuple):
    """A filter in force, and the address without it."""

    words: str
    without: str


def mistakes(asked: Asked) -> Mistakes | None:
    """What was not understood, if anything."""
    if not asked.unclear:
        return None
    return Mistakes([Problem(one.text(), name) for name, one in asked.unclear.items()])


def chips(asked: Asked) -> list[Chip]:
    """The filters in force."""
    return [Chip(one.sentence(), asked.address(without=one)) for one in asked.search.filters]


@dataclass(frozen=True)
class FieldShown:
    """One field of the filter form: its options if it has any, else the typed text."""

    name: str
    label: str
    value: str
    error: str | None
    options: Markup | None = None
    hint: str = ""


def _options(labels: Mapping[str, str] | Iterable[tuple[str, str]], chosen: str) -> Markup:
    pairs = labels.items() if isinstance(labels, Mapping) else labels
    drawn = [
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(" selected") if value == chosen else "", words
        )
        for value, words in pairs
    ]
    return Markup("").join(drawn)


def _translated(labels: Mapping[str, str]) -> dict[str, str]:
    return {value: gettext(label) for value, label in labels.items()}


def fields(asked: Asked) -> dict[str, FieldShown]:
    """All fields of the form by name, with what was typed or chosen and what is wrong with it."""
    typed, known, lang = asked.typed, asked.choices, language()

    def chosen(name: str) -> str:
        return typed.get(name, "")

    options = {
        "listing": _options(
            _translated({one.value: one.label for one in Listing}), chosen("listing")
        ),
        "zone": known.zone_options(lang, chosen("zone"), asked.zones),
        "sector": known.sector_options(lang, chosen("sector")),
        "state": _options(_translated(STATE_CHOICES), chosen("state")),
        "severity": _options(_translated(SEVERITY_CHOICES), chosen("severity")),
        "stage": _options(_translated({one.value: one.label for one in Stage}), chosen("stage")),
        "place": known.place_options(lang, chosen("place")),
        "rule": _options([(rule, rule_name(rule)) for rule in RULES], chosen("rule")),
        "source": _options(_translated(SOURCES), chosen("source")),
    }
    labels = {
        "q": gettext("Search code, project, investor, place"),
        "listing": gettext("List"),
        "zone": gettext("Zone"),
        "sector": gettext("Sector"),
        "state": gettext("Schedule"),
        "severity": gettext("Warnings"),
        "stage": gettext("Stage"),
        "place": gettext("Place, old or new"),
        "rule": gettext("Rule of delay"),
        "capital_from": gettext("Capital from (billion đồng)"),
        "capital_to": gettext("Capital to (billion đồng)"),
        "investor_name": gettext("Investor"),
        "changed": gettext("Changed since"),
        "source": gettext("Source of the record"),
        AS_OF: gettext("Register as known on"),
    }
    day = asked.search.as_of
    shown = {AS_OF: show.day(day)} if day else {}
    return {
        name: FieldShown(
            name,
            label,
            shown.get(name) or chosen(name),
            asked.unclear[name].text() if name in asked.unclear else None,
            options.get(name),
        )
        for name, label in labels.items()
    }


def kept(asked: Asked) -> list[tuple[str, str]]:
    """What the filter form sends along unseen: how the list is shown, and filters without a field."""
    unseen = [pair for pair in asked.show_pairs() if pair[0] != AS_OF]
    return unseen + [(n, asked.typed[n]) for n in ("investor", "no_capital") if n in asked.typed]
