"""Findings of the law of delay in a few words, as a list has room for.

A register line keeps of each finding its rule, severity and days; the words are made when it is shown,
because "11 months late" is another number tomorrow. The whole sentence with its arithmetic stands on
the project's page.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Flask, current_app, has_request_context
from flask_babel import gettext

from portfolio.notation import N_
from portfolio.notation.days import show_distance
from portfolio.register.line import weight_of
from portfolio.web import show
from portfolio.web.languages import language

RULES: dict[str, tuple[str, str]] = {
    "INV-LATE": (N_("Behind the investment schedule"), "%(late)s"),
    "INV-T24-WARN": (N_("Late and nearing 24 months"), N_("Nearing 24 months late")),
    "INV-T24": (N_("More than 24 months past the approved schedule"), N_("Over 24 months late")),
    "TERM-END": (N_("Operating term over"), N_("Term ends %(day)s")),
    "T-SUSP": (N_("Suspended and unable to remedy"), N_("Suspended, no remedy")),
    "T-LOC6": (N_("Site lost, no relocation dossier"), N_("Site lost")),
    "T-NOCONTACT12": (N_("Stopped and out of contact"), N_("Out of contact")),
    "T-LAND": (N_("Land recovered"), N_("Land recovered")),
    "T-DEPOSIT": (N_("Deposit not paid or guarantee expired"), N_("Deposit not paid")),
    "T-SHAM": (N_("Sham transaction found"), N_("Sham transaction")),
    "T-COURT": (N_("Judgment or award"), N_("Judgment or award")),
    "T-DISSOLVED": (
        N_("Enterprise dissolved, project neither ended nor transferred"),
        N_("Enterprise dissolved"),
    ),
    "SUS-12": (N_("Investor's own stop longer than 12 months"), N_("Stopped over 12 months")),
    "LAND-12": (N_("Land not used for 12 consecutive months"), N_("Land unused 12 months")),
    "LAND-24": (N_("Land use 24 months behind its schedule"), N_("Land use 24 months late")),
    "LAND-EXT": (N_("Land extension running"), N_("Land extended to %(day)s")),
    "LAND-RECOVER": (N_("Land extension over and still not in use"), N_("Land extension over")),
    "STALLED": (N_("No sign of life for 12 months"), N_("No sign of life")),
    "UNDATED": (N_("Licensed without any schedule date"), N_("No schedule dates")),
    "REP-Q": (N_("Quarterly project report not received"), N_("Quarterly report overdue")),
    "REP-Y": (N_("Yearly project report not received"), N_("Yearly report overdue")),
    "REP-M6": (
        N_("Half-yearly supervision report not received"),
        N_("Supervision report overdue"),
    ),
    "REP-MY": (N_("Yearly supervision report not received"), N_("Supervision report overdue")),
    "SPECIAL": (N_("Covered by a special resolution"), N_("Special resolution")),
    "EZA-MARK": (N_("Delay mark of an officer"), N_("Marked by an officer")),
}
"""Each rule's name, and its words in a list; %(late)s and %(day)s are made from its deadline."""

OVERTAKEN = {"INV-T24-WARN": "INV-T24"}
"""Warnings that nobody needs to read beside what they warned of. They are kept and found all the same."""

_NAMES = "portfolio_rule_names"
_COLOURS = {"ground": "red", "review": "amber", "late": "amber", "warning": "amber"}


@dataclass(frozen=True, slots=True)
class FlagWords:
    """One finding as a list shows it: its colour (red, amber or grey), its words, and its rule.

    Two rules that read alike are shown once; the chip leads to the first of them.
    """

    colour: str
    words: str
    rule: str = field(default="", compare=False)


_VERDICTS = {
    "disputes": N_("other opinion"),
    "adds": N_("delay added"),
    "confirms": N_("confirmed"),
}


def marks_in_words(marks: str) -> str:
    """What a line says of delay marks, each verdict once: `other opinion, confirmed`."""
    verdicts = dict.fromkeys(mark.partition(":")[0] for mark in marks.split())
    return ", ".join(gettext(_VERDICTS[verdict]) for verdict in verdicts)


def know_rules(app: Flask, names: Callable[[], Mapping[str, tuple[str, str]]]) -> None:
    """Tell the register how to ask for the names (Vietnamese, English) of the rules in force."""
    app.extensions[_NAMES] = names


def rule_name(rule: str) -> str:
    """A rule in the reader's language, as the policy in force calls it.

    Outside of a request it is called as in the first policy; what has no name keeps its code.
    """
    ask = current_app.extensions.get(_NAMES) if has_request_context() else None
    named: tuple[str, str] | None = ask().get(rule) if ask else None
    if named is not None:
        return named[1] if language() == "en" else named[0]
    known = RULES.get(rule)
    return str(gettext(known[0])) if known else rule


def flags_in_words(flags: str, on: date) -> list[FlagWords]:
    """The findings of a line, worst first, as they read on a day; not those that are overtaken."""
    if flags == "[]":
        return []
    found: list[dict[str, Any]] = json.loads(flags)
    rules = {finding["rule"] for finding in found}
    found = [finding for finding in found if OVERTAKEN.get(finding["rule"]) not in rules]
    found.sort(key=_weight, reverse=True)
    return list(dict.fromkeys(_shown(finding, on) for finding in found))


def _weight(finding: dict[str, Any]) -> int:
    return -1 if finding.get("held") else weight_of(finding["severity"])


def _shown(finding: dict[str, Any], on: date) -> FlagWords:
    words = _words(finding, on)
    if finding.get("held"):
        return FlagWords("grey", str(gettext("%(flag)s (held)", flag=words)), finding["rule"])
    return FlagWords(_COLOURS.get(finding["severity"], "grey"), words, finding["rule"])


def _words(finding: dict[str, Any], on: date) -> str:
    rule, deadline = finding["rule"], finding.get("deadline")
    if rule not in RULES:
        return str(rule)
    name, short = RULES[rule]
    if "%(" not in short:
        return str(gettext(short))
    if deadline is None:
        return str(gettext(name))
    due = date.fromisoformat(deadline)
    late = show_distance((due - on).days, show.notation())
    late = late[:1].upper() + late[1:]
    return late if short == "%(late)s" else str(gettext(short, day=show.day(due)))
