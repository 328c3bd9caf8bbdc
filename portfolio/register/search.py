"""A search: filters, an order, a day and a reader; and the lines it asks the database for.

Every query looks at register lines only, under the row rule.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    column,
    literal_column,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import True_

from portfolio.office.people import User
from portfolio.register.filters import Filter, TextFilter
from portfolio.register.filters.typed import midnight
from portfolio.register.line import RegisterLine
from portfolio.register.order import Order
from portfolio.register.row_rule import visible_to

TEXTS = table("register_text", column("rowid", BigInteger()), column("register_text"))
"""SQLite's text index, which holds the current lines by their key."""


@dataclass(frozen=True)
class Search:
    """What is looked for, by whom, in what order, and as of which day (None: as known now)."""

    user: User
    filters: tuple[Filter, ...] = ()
    order: Order = field(default_factory=lambda: Order("code"))
    as_of: date | None = None

    @property
    def text(self) -> TextFilter | None:
        """The filter by words, if there is one."""
        return next((one for one in self.filters if isinstance(one, TextFilter)), None)

    def without(self, one: Filter) -> "Search":
        """The same search with one filter less."""
        return replace(self, filters=tuple(f for f in self.filters if f is not one))


def in_force(as_of: date | None) -> ColumnElement[bool]:
    """Lines that are current, or were at the end of a past day in the province."""
    if as_of is None:
        return RegisterLine.until.is_(None)
    end = midnight(as_of + timedelta(days=1))
    open_then = or_(RegisterLine.until.is_(None), RegisterLine.until >= end)
    return and_(RegisterLine.since < end, open_then)


def conditions(
    session: Session, search: Search, *, without_text: bool = False
) -> list[ColumnElement[bool]]:
    """What the filters and the row rule ask of a line."""
    filters = [one for one in search.filters if not (without_text and one is search.text)]
    found = [one.condition() for one in filters]
    if is_sqlite(session):
        # It has no statistics and would take any index; the others of its terms are hidden from it.
        finest = max((one.fineness for one in filters), default=0)
        found = [
            aside(term) if 0 < one.fineness < finest else term
            for one, term in zip(filters, found, strict=True)
        ]
    rule = visible_to(search.user, RegisterLine.zone_id)
    return found if isinstance(rule, True_) else [*found, rule]


def aside(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, in a form for which no index is looked for."""
    return condition.is_(true())


def is_sqlite(session: Session) -> bool:
    """Whether the database is the embedded one."""
    return session.get_bind().dialect.name == "sqlite"


def has_own_index(session: Session, search: Search) -> bool:
    """Whether the words can be looked up in SQLite's text index, which knows current lines only."""
    return is_sqlite(session) and search.as_of is None and search.text is not None


def matching_texts(text: TextFilter) -> Select[Any]:
    """Keys of the current lines that SQLite's text index finds."""
    matches = literal_column("register_text").op("MATCH")(text.match())
    return select(TEXTS.c.rowid).where(matches)


def narrowed(session: Session, search: Search, *columns: Any) -> Select[Any]:
    """The lines of a search, in no order."""
    query = select(*columns)
    if not has_own_index(session, search):
        return query.where(in_force(search.as_of), *conditions(session, search))
    text = cast("TextFilter", search.text)
    matches = literal_column("register_text").op("MATCH")(text.match())
    joined = TEXTS.join(RegisterLine.__table__, RegisterLine.id == TEXTS.c.rowid)
    return query.select_from(joined).where(matches, *conditions(session, search, without_text=True))
