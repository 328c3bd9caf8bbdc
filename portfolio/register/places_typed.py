"""Places and investors as officers type them: a name or a code, and a question back when it is unclear.

"Đăk Long" was three communes of three districts and is one again since 2025, so a name alone may not
say which unit is meant. The field then offers all of them with their district and their days.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import g
from flask_babel import gettext
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portfolio.database import session
from portfolio.notation import N_, Unreadable
from portfolio.notation.fold import fold, vi_sort_key
from portfolio.office.sessions import this_person
from portfolio.register.acts.people import look_alikes
from portfolio.register.investor import Investor
from portfolio.register.place import Succession, Unit
from portfolio.web.fields import TextField
from portfolio.web.show import day
from portfolio.web.typed import Reading, TypedField

MOST_ASKED = 12
OPEN_START = date(1900, 1, 1)
"""Stands for "always" in the table of units."""


@dataclass(frozen=True)
class KnownUnit:
    """A unit as it can be typed and chosen."""

    id: int
    code: str
    name: str
    above: str
    valid_from: date
    valid_to: date | None
    variants: tuple[str, ...]
    level: str

    @property
    def label(self) -> str:
        """Name, the unit above it, and its days where it is no longer a unit or has not always been."""
        words = f"{self.name}, {self.above}" if self.above else self.name
        return f"{words} ({self.days})" if self.days else words

    @property
    def days(self) -> str:
        """From when to when it existed, as far as that sets it apart."""
        if self.valid_to is None:
            return (
                ""
                if self.valid_from == OPEN_START
                else gettext("since %(day)s", day=day(self.valid_from))
            )
        return str(gettext("until %(day)s", day=day(self.valid_to)))


def known_units(db: Session) -> dict[int, KnownUnit]:
    """All units by key, those of today first, each group in the order of the alphabet; read once."""
    if "known_units" not in g:
        rows = list(db.scalars(select(Unit)))
        names = {row.id: row.name for row in rows}
        units = [
            KnownUnit(
                row.id,
                row.code,
                row.name,
                names.get(row.parent_id, "") if row.parent_id else "",
                row.valid_from,
                row.valid_to,
                tuple(v.strip() for v in (row.name_variants or "").split(";") if v.strip()),
                row.level.value,
            )
            for row in rows
        ]
        units.sort(key=lambda unit: (unit.valid_to is not None, vi_sort_key(unit.label)))
        g.known_units = {unit.id: unit for unit in units}
    found: dict[int, KnownUnit] = g.known_units
    return found


_KIND = re.compile(r"^(tinh|thanh pho|tp|thi xa|thi tran|tt|huyen|quan|phuong|xa|dac khu) ")


def find_units(typed: str, units: Iterable[KnownUnit]) -> list[KnownUnit]:
    """The units that ``typed`` may mean: by label, code, name, other spelling, or part of a label."""
    wanted = fold(typed)
    bare = _KIND.sub("", wanted)
    known = list(units)
    for fits in (
        lambda unit: fold(unit.label) == wanted,
        lambda unit: unit.code == typed.strip(),
        lambda unit: fold(unit.name) == wanted,
        lambda unit: bare in {_KIND.sub("", fold(name)) for name in (unit.name, *unit.variants)},
        lambda unit: all(word in fold(unit.label).split() for word in wanted.split()),
    ):
        found = [unit for unit in known if fits(unit)]
        if found:
            return found
    return []


class PlaceField(TypedField):
    """An administrative unit. ``data`` is its key; ambiguous names are asked back."""

    inputmode = "text"

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, render_kw={"list": "known-units"}, **kwargs)

    def read(self, text: str) -> Sequence[Reading]:
        """One unit, or all that may be meant. Raises `Unreadable`."""
        found = find_units(text, known_units(session()).values())
        if not found:
            raise Unreadable(
                N_("No place is called %(typed)s: type part of its name and choose from the list"),
                {"typed": text},
            )
        if len(found) > MOST_ASKED:
            raise Unreadable(
                N_("Many places fit %(typed)s: add the district or the province"), {"typed": text}
            )
        return [
            Reading(str(unit.id), unit.label, unit.id, likely=not position)
            for position, unit in enumerate(found)
        ]

    def show(self, value: int) -> str:
        """The label of a unit; reading it gives the same unit."""
        unit = known_units(session()).get(int(value))
        return unit.label if unit else ""


@dataclass(frozen=True)
class NamedInvestor:
    """Who was meant: a known investor by key, or a new name."""

    name: str
    id: int | None = None


class InvestorField(TypedField):
    """An investor by name. ``data`` is a `NamedInvestor`; look-alikes are asked back, never merged."""

    inputmode = "text"

    def read(self, text: str) -> Sequence[Reading]:
        """The investor of that very name, or a new one, or the question which is meant."""
        if len(text) > TextField.longest:
            raise Unreadable(N_("The name is too long"), {})
        similar = look_alikes(session(), text, this_person())
        exact = [one for one in similar if one.name == text]
        if exact or not similar:
            return [Reading("new", text, NamedInvestor(text), likely=True)]
        asked = [
            Reading(str(one.id), _words(one), NamedInvestor(one.name, one.id), likely=not position)
            for position, one in enumerate(similar)
        ]
        another = gettext("A new investor named %(name)s", name=text)
        return [*asked, Reading("new", str(another), NamedInvestor(text))]

    def show(self, value: NamedInvestor) -> str:
        """The name."""
        return value.name


def _words(investor: Investor) -> str:
    known = gettext("already recorded")
    if investor.tax_code:
        known = f"{known}, " + gettext("tax code %(code)s", code=investor.tax_code)
    return f"{investor.name} ({known})"


def _around() -> Any:
    """For units by key: the unit above each, and what each went into, in at most two steps.

    Two steps lead from any unit of the tables to one of today: merged or renamed, then once more.
    """
    unit = Unit.__table__
    above, new, last = (unit.alias(name) for name in ("above", "new", "last"))
    first, later = (Succession.__table__.alias(name) for name in ("first", "later"))
    return (
        select(unit.c.id, above.c.name, new.c.name, new.c.valid_to, last.c.name)
        .select_from(unit)
        .outerjoin(above, above.c.id == unit.c.parent_id)
        .outerjoin(first, first.c.old_id == unit.c.id)
        .outerjoin(new, new.c.id == first.c.new_id)
        .outerjoin(later, later.c.old_id == new.c.id)
        .outerjoin(last, last.c.id == later.c.new_id)
        .where(unit.c.id.in_(bindparam("wanted", expanding=True)))
        .order_by(new.c.id, last.c.id)
    )


_AROUND = _around()


@dataclass
class Around:
    """The unit above one, and the units of today that it went into."""

    above: str = ""
    now: list[str] = field(default_factory=list)


def units_around(db: Session, unit_ids: Sequence[int]) -> dict[int, Around]:
    """What stands around some units, by key. One query."""
    if not unit_ids:
        return {}
    found: dict[int, Around] = defaultdict(Around)
    for unit_id, above, name, ended, following in db.execute(_AROUND, {"wanted": unit_ids}):
        around = found[unit_id]
        around.above = above or ""
        present = name if ended is None else following
        if present and present not in around.now:
            around.now.append(present)
    return dict(found)
