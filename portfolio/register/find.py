"""Finding projects: a search is filters, an order and a day; from it come counts, pages and whole lists.

Every query looks at register lines only, under the row rule. The first page and a deep one, a register
of a hundred projects and of a hundred thousand cost about the same: figures come from counters or from
a capped look at a counting index, pages from an index in their own order.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import True_

from portfolio.office.people import User
from portfolio.register.figures import ALL, NAMES, Figures, RegisterFigure, untally
from portfolio.register.filters import Filter, TextFilter, ZoneFilter
from portfolio.register.filters.typed import midnight
from portfolio.register.line import RegisterLine
from portfolio.register.order import Mark, Order
from portfolio.register.row_rule import visible_to

MOST_COUNTED = 10_000
"""Lists are counted exactly up to here."""

MOST_LOOKED_UP = 2_000
"""Lines that are looked up one by one to be added up or sorted; longer lists are only counted, and
read along the index of their order."""

_CHUNK = 1000

SHOWN = tuple(
    getattr(RegisterLine, name)
    for name in (
        "id",
        "code",
        "name",
        "investors",
        "listing",
        "stage",
        "zone_id",
        "zone_name",
        "places",
        "sector_id",
        "sector_name",
        "capital_vnd",
        "capital_printed",
        "area_ha",
        "due_on",
        "certificate_no",
        "public_source",
        "schedule_state",
        "flags",
        "changed_at",
    )
)
"""What a list can show of a line."""

Line = Row[Any]

_texts = table("register_text", column("rowid", BigInteger()), column("register_text"))


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


@dataclass(frozen=True)
class Found:
    """How many lines a search finds; ``more`` says that there are more than could be counted.

    ``figures`` are None where the list is too long to be added up line by line.
    """

    projects: int
    more: bool
    figures: Figures | None


@dataclass(frozen=True)
class Page:
    """Some lines of a list, how many come before them, and the marks of the pages beside."""

    lines: Sequence[Line]
    position: int = 0
    before: Mark | None = None
    after: Mark | None = None


# Conditions -----------------------------------------------------------------------------------


def in_force(as_of: date | None) -> ColumnElement[bool]:
    """Lines that are current, or were at the end of a past day in the province."""
    if as_of is None:
        return RegisterLine.until.is_(None)
    end = midnight(as_of + timedelta(days=1))
    open_then = or_(RegisterLine.until.is_(None), RegisterLine.until >= end)
    return and_(RegisterLine.since < end, open_then)


def _conditions(search: Search, *, without_text: bool = False) -> list[ColumnElement[bool]]:
    found = [one.condition() for one in search.filters if not (without_text and one is search.text)]
    rule = visible_to(search.user, RegisterLine.zone_id)
    return found if isinstance(rule, True_) else [*found, rule]


def _own_index(session: Session, search: Search) -> bool:
    """Whether the words can be looked up in SQLite's text index, which knows current lines only."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite and search.as_of is None and search.text is not None


def _matching(text: TextFilter) -> Select[Any]:
    matches = literal_column("register_text").op("MATCH")(text.match())
    return select(_texts.c.rowid).where(matches)


def _narrowed(session: Session, search: Search, *columns: Any) -> Select[Any]:
    """The lines of a search, in no order."""
    query = select(*columns)
    if not _own_index(session, search):
        return query.where(in_force(search.as_of), *_conditions(search))
    text = cast("TextFilter", search.text)
    matches = literal_column("register_text").op("MATCH")(text.match())
    joined = _texts.join(RegisterLine.__table__, RegisterLine.id == _texts.c.rowid)
    return query.select_from(joined).where(matches, *_conditions(search, without_text=True))


# Counting -------------------------------------------------------------------------------------


def count(session: Session, search: Search) -> Found:
    """How many lines there are, and their figures, in one query or at most two."""
    kept = _kept_figures(search)
    if kept is not None:
        projects, capital, *counts = (amount or 0 for amount in session.execute(kept).one())
        figures = Figures(int(projects), Decimal(capital), *(int(number) for number in counts))
        return Found(figures.projects, more=False, figures=figures)
    if _by_words_alone(session, search):
        # The text index counts by itself; only short lists are looked up and added up.
        number = _count_only(session, search)
        if number > MOST_LOOKED_UP:
            return Found(min(number, MOST_COUNTED), number > MOST_COUNTED, None)
    narrow = search.as_of is None and all(one.narrow for one in search.filters)
    most = MOST_COUNTED if narrow else MOST_LOOKED_UP
    lines = _narrowed(session, search, RegisterLine.capital_sort, RegisterLine.tally)
    some = lines.limit(most + 1).subquery()
    number, capital, tally = session.execute(
        select(func.count(), func.sum(some.c.capital_sort), func.sum(some.c.tally))
    ).one()
    if number <= most:
        return Found(number, more=False, figures=untally(number, capital, tally))
    if not narrow:
        number = _count_only(session, search)
    return Found(min(number, MOST_COUNTED), more=number > MOST_COUNTED, figures=None)


def _by_words_alone(session: Session, search: Search) -> bool:
    return _own_index(session, search) and not _conditions(search, without_text=True)


def _count_only(session: Session, search: Search) -> int:
    if search.text is not None and _by_words_alone(session, search):
        query = _matching(search.text)
    else:
        query = _narrowed(session, search, RegisterLine.id)
    counted = query.limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(counted)) or 0


def _kept_figures(search: Search) -> Select[Any] | None:
    """The query for figures that are kept: for all lines or one value of one filter, by zone."""
    if search.as_of is not None:
        return None
    zones = [one for one in search.filters if isinstance(one, ZoneFilter)]
    others = [one for one in search.filters if not isinstance(one, ZoneFilter)]
    counted = others[0].counted() if len(others) == 1 else (ALL, ("",))
    if len(others) > 1 or counted is None:
        return None
    kind, refs = counted
    zone_id = cast("InstrumentedAttribute[int | None]", RegisterFigure.zone_id)
    query = select(*(func.sum(getattr(RegisterFigure, name)) for name in NAMES)).where(
        RegisterFigure.kind == kind, RegisterFigure.ref.in_(refs), visible_to(search.user, zone_id)
    )
    for zone in zones:
        query = query.where(RegisterFigure.zone_id.in_(sorted(zone.zone_ids)))
    return query


def count_all(session: Session, search: Search) -> int:
    """Exactly how many lines there are, however many: for a list that is taken out whole."""
    query = _narrowed(session, search, func.count())
    return session.scalar(query) or 0


def count_without(session: Session, search: Search, filters: Sequence[Filter]) -> list[int]:
    """How many lines there would be without each of some filters, up to the cap; in one query."""
    counts = [
        select(func.count())
        .select_from(
            _narrowed(session, search.without(one), RegisterLine.id)
            .limit(MOST_LOOKED_UP + 1)
            .subquery()
        )
        .scalar_subquery()
        for one in filters
    ]
    return list(session.execute(select(*counts)).one()) if counts else []


def first_day(session: Session, user: User) -> Any:
    """The moment of the first line that a person may see, or None in an empty register."""
    query = select(func.min(RegisterLine.since)).where(visible_to(user, RegisterLine.zone_id))
    return session.scalar(query)


# Pages ----------------------------------------------------------------------------------------


def page(
    session: Session, search: Search, found: Found, size: int, mark: Mark | None = None
) -> Page:
    """The page of a list at a mark; the first page without one, or when nothing is left there."""
    backwards = mark is not None and mark.backwards
    query = ordered(session, search, found, backwards=backwards).limit(size + 1)
    if mark is not None:
        query = query.where(search.order.beyond(mark))
    lines = list(session.execute(query))
    more = len(lines) > size
    lines = lines[:size]
    if mark is None:
        return _page(lines, 0, earlier=False, later=more)
    if not lines or (backwards and not more and len(lines) < size):
        return page(session, search, found, size)
    if backwards:
        lines.reverse()
        position = max(0, mark.position - len(lines)) if more else 0
        return _page(lines, position, earlier=more, later=True)
    return _page(lines, mark.position, earlier=True, later=more)


def _page(lines: list[Line], position: int, *, earlier: bool, later: bool) -> Page:
    if not lines:
        return Page(())
    first, last = lines[0], lines[-1]
    return Page(
        lines,
        position,
        Mark(first.sort_value, first.id, position, backwards=True) if earlier else None,
        Mark(last.sort_value, last.id, position + len(lines)) if later else None,
    )


def ordered(
    session: Session, search: Search, found: Found, *, backwards: bool = False
) -> Select[Any]:
    """The lines of a search in its order, read in the way that suits their number."""
    columns = (*SHOWN, search.order.column.label("sort_value"))
    terms = search.order.terms(backwards=backwards)
    if session.get_bind().dialect.name != "sqlite":
        # PostgreSQL has statistics and decides well.
        return _narrowed(session, search, *columns).order_by(*terms)
    if search.text is not None and search.as_of is None and search.order.column is RegisterLine.id:
        # The text index is in the order of its keys already.
        key = _texts.c.rowid
        falling = search.order.falling != backwards
        return _narrowed(session, search, *columns).order_by(key.desc() if falling else key.asc())
    if found.more or found.projects > MOST_LOOKED_UP:
        return select(*columns).where(in_force(search.as_of), *_along(search)).order_by(*terms)
    if search.text is not None and search.as_of is None:
        text = RegisterLine.id.in_(_matching(search.text))
        others = _conditions(search, without_text=True)
        return select(*columns).where(in_force(None), text, *others).order_by(*terms)
    return _narrowed(session, search, *columns).order_by(*terms)


def _along(search: Search) -> list[ColumnElement[bool]]:
    """Conditions that SQLite checks line by line along the index of the order.

    Left alone it would gather all lines of a filter and sort them. An index on the filter that is in
    the order of the capital as well is better still.
    """
    conditions = _conditions(search)
    if not conditions or (
        search.order.by == "capital" and any(one.narrow for one in search.filters)
    ):
        return conditions
    bounds = [one.bounds(search.order.by) for one in search.filters]
    return [and_(*conditions).is_(true()), *(bound for bound in bounds if bound is not None)]


@contextmanager
def all_lines(session: Session, search: Search) -> Iterator[Iterator[Line]]:
    """Every line of a list in its order, read a thousand at a time while this is open."""
    query = _narrowed(session, search, *SHOWN).order_by(*search.order.terms())
    options = {"yield_per": _CHUNK}
    with session.execute(query, execution_options=options) as result:
        yield iter(result)
