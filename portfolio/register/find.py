"""The lines that a search finds, page by page or all of them.

A page is read along the index of its order, beginning after the line where the page before ended.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import Session

from portfolio.register import counting
from portfolio.register.counting import Found
from portfolio.register.line import RegisterLine
from portfolio.register.order import Mark
from portfolio.register.search import (
    TEXTS,
    Search,
    aside,
    conditions,
    in_force,
    is_sqlite,
    matching_texts,
    narrowed,
)

CHUNK = 1000

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
        "marks",
        "first_target_on",
        "latest_target_on",
        "forecast_target_on",
        "done_on",
        "silent_since",
        "idle_ha",
        "changed_at",
    )
)
"""What a list can show of a line."""

Line: TypeAlias = Row[Any]


@dataclass(frozen=True)
class Page:
    """Some lines of a list, how many come before them, and the marks of the pages beside."""

    lines: Sequence[Line]
    position: int = 0
    before: Mark | None = None
    after: Mark | None = None


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
    if not is_sqlite(session):
        # PostgreSQL has statistics and decides well.
        return narrowed(session, search, *columns).order_by(*terms)
    if search.text is not None and search.as_of is None and search.order.column is RegisterLine.id:
        # The text index is in the order of its keys already.
        key = TEXTS.c.rowid
        falling = search.order.falling != backwards
        return narrowed(session, search, *columns).order_by(key.desc() if falling else key.asc())
    if found.more or found.projects > counting.MOST_LOOKED_UP:
        return (
            select(*columns)
            .where(in_force(search.as_of), *_along(session, search))
            .order_by(*terms)
        )
    if search.text is not None and search.as_of is None:
        text = RegisterLine.id.in_(matching_texts(search.text))
        others = conditions(session, search, without_text=True)
        return select(*columns).where(in_force(None), text, *others).order_by(*terms)
    return narrowed(session, search, *columns).order_by(*terms)


def _along(session: Session, search: Search) -> list[ColumnElement[bool]]:
    """Conditions that SQLite checks line by line along the index of the order.

    Left alone it would gather all lines of a filter and sort them. An index on the filter that is in
    the order of the capital as well is better still.
    """
    asked = conditions(session, search)
    finest = max(search.filters, key=lambda one: one.fineness, default=None)
    served = search.order.by == "capital" and finest is not None and finest.is_equality()
    if served or not asked:
        return asked
    bounds = [one.bounds(search.order.by) for one in search.filters]
    return [aside(and_(*asked)), *(bound for bound in bounds if bound is not None)]


@contextmanager
def all_lines(session: Session, search: Search) -> Iterator[Iterator[Line]]:
    """Every line of a list in its order, read a thousand at a time while this is open."""
    query = narrowed(session, search, *SHOWN).order_by(*search.order.terms())
    options = {"yield_per": CHUNK}
    with session.execute(query, execution_options=options) as result:
        yield iter(result)
