"""The filter form of a list: what can be chosen, what was typed, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from flask_babel import gettext
from markupsafe import Markup

from portfolio.notation import N_
from portfolio.register.asked import AS_OF, Asked
from portfolio.register.causes import KnownCause
from portfolio.register.choices import option, with_chosen
from portfolio.register.filters.answers import SEVERITY_CHOICES, SOURCES, STATE_CHOICES
from portfolio.register.filters.delays import SILENCES, silence_words
from portfolio.register.filters.followed import FOLLOWERS
from portfolio.register.filters.marks import MARK_CHOICES, SIDES
from portfolio.register.filters.places import OUTSIDE, OUTSIDE_WORDS
from portfolio.register.flag_words import RULES
from portfolio.register.lateness import Months
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


LABELS = {
    "q": N_("Search code, project, investor, place"),
    "listing": N_("List"),
    "zone": N_("Zone"),
    "sector": N_("Sector"),
    "state": N_("Schedule"),
    "severity": N_("Warnings"),
    "stage": N_("Stage"),
    "place": N_("Place, old or new"),
    "rule": N_("Rule of delay"),
    "mark": N_("Word of the offices"),
    "cause": N_("Cause of the delay"),
    "side": N_("Side that answers"),
    "late_first": N_("Months late, first approval"),
    "late_latest": N_("Months late, latest approval"),
    "silent": N_("Silence"),
    "followed": N_("Who follows"),
    "capital_from": N_("Capital from (billion đồng)"),
    "capital_to": N_("Capital to (billion đồng)"),
    "investor_name": N_("Investor"),
    "changed": N_("Changed since"),
    "news": N_("Changed or warned since"),
    "source": N_("Source of the record"),
    AS_OF: N_("Register as known on"),
}

_CLOSED = {
    "listing": {one.value: one.label for one in Listing},
    "stage": {one.value: one.label for one in Stage},
    "state": STATE_CHOICES,
    "severity": SEVERITY_CHOICES,
    "rule": {rule: name for rule, (name, _short) in RULES.items()},
    "source": SOURCES,
    "mark": MARK_CHOICES,
    "side": SIDES,
    "followed": FOLLOWERS,
}


@cache
def _drawn(_language: str) -> dict[str, str]:
    """The options of the closed lists; the same for every reader of a language."""
    drawn = {
        name: "".join(option(value, gettext(label)) for value, label in labels.items())
        for name, labels in _CLOSED.items()
    }
    drawn["silent"] = "".join(option(days, silence_words(days)) for days in SILENCES)
    return drawn


@cache
def _labels(_language: str) -> dict[str, str]:
    return {name: gettext(label) for name, label in LABELS.items()}


def _outside_option(asked: Asked, chosen: str) -> Markup:
    """Projects outside the zones, for those who may see them."""
    if len(asked.zones) < len(asked.choices.zones):
        return Markup()
    return with_chosen(option(OUTSIDE, gettext(OUTSIDE_WORDS)), chosen)


@lru_cache(maxsize=8)
def _cause_options(causes: tuple[KnownCause, ...], language: str) -> str:
    return "".join(option(cause.code, cause.words(language)) for cause in causes)


def _band_options(bands: Sequence[Months], chosen: str) -> Markup:
    """Any lateness, each band of the policy, and the months that are asked for."""
    own = Months.read(chosen) if chosen else None
    known = dict.fromkeys([Months(1, None), *bands, *([own] if own else [])])
    said = {one.value: gettext("%(months)s months", months=one.words) for one in known}
    said[Months(1, None).value] = gettext("Any lateness")
    return with_chosen("".join(option(*pair) for pair in said.items()), chosen)


def fields(asked: Asked, bands: Sequence[Months] = ()) -> dict[str, FieldShown]:
    """All fields of the form by name, with what was typed or chosen and what is wrong with it."""
    typed, known, lang = asked.typed, asked.choices, language()

    def chosen(name: str) -> str:
        return typed.get(name, "")

    options = {name: with_chosen(drawn, chosen(name)) for name, drawn in _drawn(lang).items()} | {
        "zone": _outside_option(asked, chosen("zone"))
        + known.zone_options(lang, chosen("zone"), asked.zones),
        "sector": known.sector_options(lang, chosen("sector")),
        "place": known.place_options(lang, chosen("place")),
    }
    options["cause"] = with_chosen(
        _cause_options(tuple(asked.causes.values()), lang), chosen("cause")
    )
    options |= {name: _band_options(bands, chosen(name)) for name in ("late_first", "late_latest")}
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
        for name, label in _labels(lang).items()
    }


def kept(asked: Asked) -> list[tuple[str, str]]:
    """What the filter form sends along unseen: how the list is shown, and filters without a field."""
    unseen = [pair for pair in asked.show_pairs() if pair[0] != AS_OF]
    hidden = ("investor", "no_capital", "idle")
    return unseen + [(n, asked.typed[n]) for n in hidden if n in asked.typed]
