"""Counting what a search finds: how many projects, how much capital, how many late.

Figures that are kept answer for the whole register and for one value of one filter. Other lists are
counted from an index that carries all they need, and never beyond a cap, so that a register of a
hundred projects and one of a hundred thousand cost about the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portfolio.office.people import User
from portfolio.register.figures import (
    ALL,
    NAMES,
    Figures,
    RegisterFigure,
    tally_of_states,
    untally,
)
from portfolio.register.filters import Filter, ZoneFilter
from portfolio.register.line import RegisterLine
from portfolio.register.row_rule import visible_to
from portfolio.register.search import Search, conditions, has_own_index, matching_texts, narrowed

MOST_COUNTED = 10_000
"""Lists are counted exactly up to here."""

MOST_LOOKED_UP = 2_000
"""Lines that are looked up one by one to be added up or sorted; longer lists are only counted, and
read along the index of their order."""


@dataclass(frozen=True)
class Found:
    """How many lines a search finds; ``more`` says that there are more than could be counted.

    ``figures`` are None where the list is too long to be added up line by line.
    """

    projects: int
    more: bool
    figures: Figures | None


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
    narrow = search.as_of is None and all(one.fineness for one in search.filters)
    most = MOST_COUNTED if narrow else MOST_LOOKED_UP
    lines = narrowed(
        session,
        search,
        RegisterLine.capital_sort,
        RegisterLine.tally,
        RegisterLine.schedule_state,
    )
    some = lines.limit(most + 1).subquery()
    sums = (some.c.capital_sort, some.c.tally, tally_of_states(some.c.schedule_state))
    number, capital, tally, states = session.execute(
        select(func.count(), *(func.sum(one) for one in sums))
    ).one()
    if number <= most:
        return Found(number, more=False, figures=untally(number, capital, tally, states))
    if not narrow:
        number = _count_only(session, search)
    return Found(min(number, MOST_COUNTED), more=number > MOST_COUNTED, figures=None)


def _by_words_alone(session: Session, search: Search) -> bool:
    return has_own_index(session, search) and not conditions(session, search, without_text=True)


def _count_only(session: Session, search: Search) -> int:
    if search.text is not None and _by_words_alone(session, search):
        query = matching_texts(search.text)
    else:
        query = narrowed(session, search, RegisterLine.id)
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
    query = narrowed(session, search, func.count())
    return session.scalar(query) or 0


def count_without(session: Session, search: Search, filters: Sequence[Filter]) -> list[int]:
    """How many lines there would be without each of some filters, up to the cap; in one query."""
    counts = [
        select(func.count())
        .select_from(
            narrowed(session, search.without(one), RegisterLine.id)
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
