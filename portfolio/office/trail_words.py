"""The trail in words: names of acts, of kinds of subjects and of fields, and where a subject is shown.

Each subject of the program adds its own words when it is installed. What nobody named is shown under
its code name, so that no entry is ever left out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, true

from portfolio.notation import N_
from portfolio.office.people import User
from portfolio.office.trail import INVESTOR, PROGRAM, State
from portfolio.web import show


@dataclass(frozen=True)
class SubjectWords:
    """How a kind of subject is called, how one of them is titled, and the path of its page."""

    label: str
    title: Callable[[State], str]
    path: Callable[[State], str | None]


def _named(state: State) -> str:
    return str(state.get("name", state.get("id", "")))


SUBJECTS: dict[str, SubjectWords] = {
    "user": SubjectWords(N_("User"), _named, lambda state: f"/users/{state['id']}"),
    "office": SubjectWords(N_("Office"), _named, lambda state: f"/offices/{state['id']}/edit"),
}

ACTS: dict[str, str] = {
    "add_user": N_("User added"),
    "change_user": N_("User changed"),
    "give_first_password": N_("First password given"),
    "give_demo_password": N_("Demonstration password given"),
    "use_first_password": N_("First sign-in"),
    "change_password": N_("Password changed"),
    "reset_password": N_("Password set by a link"),
    "renew_password_hash": N_("Password stored anew"),
    "change_own_account": N_("Own account changed"),
    "add_office": N_("Office added"),
    "change_office": N_("Office changed"),
    "load_seeds": N_("First data loaded"),
}

FIELDS: dict[str, str] = {
    "id": N_("Number"),
    "key": N_("Key"),
    "name": N_("Name"),
    "name_en": N_("English name"),
    "email": N_("E-mail address"),
    "role": N_("Role"),
    "office_id": N_("Office"),
    "active": N_("May sign in"),
    "language": N_("Language"),
    "zones": N_("Zones"),
    "stand_in_id": N_("Stand-in"),
    "stand_in_from": N_("Stand-in from"),
    "stand_in_to": N_("Stand-in until"),
    "password_set_at": N_("Password set at"),
    "abbreviation": N_("Abbreviation"),
    "kind": N_("Kind"),
    "valid_from": N_("Since"),
    "valid_to": N_("Until"),
    "successor_id": N_("Successor"),
    "source": N_("Source"),
}

RowRule = Callable[[User], ColumnElement[bool]]
_rules: list[RowRule] = []


def know_subject(
    kind: str,
    words: SubjectWords,
    *,
    acts: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
) -> None:
    """Add a kind of subject, and the names of its acts and fields (English source strings)."""
    SUBJECTS[kind] = words
    ACTS.update(acts or {})
    for name, label in (fields or {}).items():
        FIELDS.setdefault(name, label)


def know_row_rule(rule: RowRule) -> None:
    """Add a condition on `TrailEntry` under which a person may read an entry."""
    if rule not in _rules:
        _rules.append(rule)


def readable_by(user: User) -> ColumnElement[bool]:
    """The SQL condition under which ``user`` may read an entry: all rules together."""
    condition: ColumnElement[bool] = true()
    for rule in _rules:
        condition = condition & rule(user)
    return condition


def act_words(act: str) -> str:
    """What was done, in the reader's language."""
    known = ACTS.get(act)
    return str(gettext(known)) if known else act.replace("_", " ")


def kind_words(kind: str) -> str:
    """What it was done to, in the reader's language."""
    known = SUBJECTS.get(kind)
    return str(gettext(known.label)) if known else kind


_ACTORS = {PROGRAM: N_("The program"), INVESTOR: N_("Investor (link)")}


def actor_words(name: str) -> str:
    """Who acted, from the name that an entry or a row keeps."""
    return str(gettext(_ACTORS[name])) if name in _ACTORS else name


_STEP = re.compile(r"\.?([^.\[\]]+)(?:\[([^\]]*)\])?")


def field_words(path: str) -> str:
    """A path such as ``capital[2].amount`` in words: ``Capital 2: Amount``."""
    steps = [
        f"{gettext(FIELDS[name]) if name in FIELDS else name.replace('_', ' ')} {which}".strip()
        for name, which in _STEP.findall(path)
    ]
    return ": ".join(steps)


MOST_SHOWN = 300


def value_words(value: Any) -> str:
    """A stored value as people read it; long ones are cut with a sign that they are."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, list):
        return ", ".join(value_words(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{field_words(str(k))}: {value_words(v)}" for k, v in value.items())
    text = _moment_or_day(value) if isinstance(value, str) else str(value)
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + " …"


_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _moment_or_day(text: str) -> str:
    if not _DAY.match(text) or len(text) > 40:  # noqa: PLR2004  no date is longer
        return text
    try:
        if len(text) == 10:  # noqa: PLR2004  2026-11-22
            return show.day(date.fromisoformat(text))
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return show.moment(at) if at.tzinfo else text
