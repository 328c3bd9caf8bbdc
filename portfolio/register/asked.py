"""What an address asks of the register: a search, and how its result is to be shown.

The whole state of a list stands in its address, so it can be bookmarked, sent and gone back to.
Parameters that are not known are ignored; values that are not understood are reported where they were
typed, and the rest still holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import String, cast, exists, literal, null, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portfolio.notation import N_, Unreadable
from portfolio.notation.days import read_day
from portfolio.office.people import User
from portfolio.office.trail import TrailHead
from portfolio.register.causes import KnownCause, known_causes
from portfolio.register.choices import Choices, choices, stamp
from portfolio.register.columns import USUAL, read_columns
from portfolio.register.filters import FILTERS, NAMES, Filter, Reading, Unclear, read_filters
from portfolio.register.investor import Investor
from portfolio.register.law_stamp import law_stamp, note_stamp
from portfolio.register.line import LinePart, RegisterLine
from portfolio.register.order import FALLING_FIRST, Mark, Order, read_mark, read_order, write_mark
from portfolio.register.row_rule import visible_to
from portfolio.register.search import Search
from portfolio.register.views import SavedView, open_to

SIZES = (25, 50, 100)
USUAL_SIZE = 50
AS_OF = "as_of"
KNOWN = NAMES | {"sort", "size", "col", AS_OF, "after", "before"}

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class View:
    """A saved view as the menu of a list shows it."""

    id: int
    name: str
    own: bool
    shared: bool
    owner_name: str
    query: str
    columns: str

    @property
    def address(self) -> str:
        """What it opens."""
        columns = [("col", key) for key in self.columns.split(",") if key]
        return "?" + "&".join(part for part in (self.query, urlencode(columns)) if part)


@dataclass(frozen=True)
class Asked:
    """One address, understood. ``typed`` is what stands in the fields, understood or not."""

    search: Search
    typed: Mapping[str, str]
    unclear: Mapping[str, Unclear]
    columns: tuple[str, ...]
    size: int
    mark: Mark | None
    choices: Choices
    causes: Mapping[str, KnownCause]
    zones: frozenset[int]
    views: Sequence[View]
    sorted_as_usual: bool

    def filter_pairs(self, *, without: Filter | None = None) -> Pairs:
        """The filters as they stand in an address, those that were not understood included."""
        pairs = [
            pair for one in self.search.filters if one is not without for pair in one.args().items()
        ]
        lost = {
            name for kind in FILTERS for name in kind.names if set(kind.names) & set(self.unclear)
        }
        return pairs + [(name, self.typed[name]) for name in self.typed if name in lost]

    def show_pairs(self, *, order: Order | None = None, size: int | None = None) -> Pairs:
        """How the result is shown: order, size of a page, columns, day."""
        pairs: Pairs = []
        if order is not None:
            pairs.append(("sort", order.name))
        elif not self.sorted_as_usual:
            pairs.append(("sort", self.search.order.name))
        if (size or self.size) != USUAL_SIZE:
            pairs.append(("size", str(size or self.size)))
        if self.columns != USUAL:
            pairs += [("col", key) for key in self.columns]
        if self.search.as_of is not None:
            pairs.append((AS_OF, self.search.as_of.isoformat()))
        return pairs

    def address(
        self,
        *,
        without: Filter | None = None,
        order: Order | None = None,
        size: int | None = None,
    ) -> str:
        """This list with something else about it, from its first page."""
        shown = self.show_pairs(order=order, size=size)
        return "?" + urlencode(self.filter_pairs(without=without) + shown)

    def page_address(self, mark: Mark | None) -> str | None:
        """Another page of this list."""
        if mark is None:
            return None
        name = "before" if mark.backwards else "after"
        beside = [(name, write_mark(self.search.order, mark))]
        return "?" + urlencode(self.filter_pairs() + self.show_pairs() + beside)

    def narrowed(self, name: str, value: str) -> str:
        """This list with one more filter, or another value of it."""
        kept = [pair for pair in self.filter_pairs() if pair[0] != name]
        return "?" + urlencode([*kept, (name, value), *self.show_pairs()])

    def sorted_by(self, key: str) -> str:
        """This list in another order; the same order again turns it round."""
        now = self.search.order
        falling = not now.falling if now.by == key else key in FALLING_FIRST
        return self.address(order=Order(key, falling))

    def today(self) -> str:
        """This list as it is known today."""
        shown = [pair for pair in self.show_pairs() if pair[0] != AS_OF]
        return "?" + urlencode(self.filter_pairs() + shown)

    def saved_query(self) -> str:
        """What a saved view keeps: filters and order, neither page nor day."""
        shown = [pair for pair in self.show_pairs() if pair[0] == "sort"]
        return urlencode(self.filter_pairs() + shown)

    def saved_columns(self) -> str:
        """The chosen columns as a saved view keeps them."""
        return "" if self.columns == USUAL else ",".join(self.columns)

    def sentence(self) -> str:
        """All filters in words."""
        return "; ".join(one.sentence() for one in self.search.filters)


def read_asked(session: Session, user: User, args: MultiDict[str, str], today: date) -> Asked:
    """What an address asks. Costs one query, and one more when zones, places or sectors have changed."""
    typed = {name: args[name] for name in NAMES if args.get(name)}
    stamped, investor, views = _around(session, user, typed.get("investor", ""))
    known = choices(session, stamped)
    zones = known.visible_zones(user)
    as_of, no_day = None, None
    try:
        as_of = read_as_of(args.get(AS_OF, ""), today)
    except Unclear as problem:
        no_day = problem
    causes = known_causes(session)
    filters, unclear = read_filters(typed, Reading(known, zones, investor, as_of or today, causes))
    if no_day is not None:
        unclear[AS_OF] = no_day
        typed[AS_OF] = args[AS_OF]
    searching = any("q" in one.names for one in filters)
    usual = read_order("", searching=searching)
    order = read_order(args.get("sort", ""), searching=searching)
    size = args.get("size", "")
    return Asked(
        search=Search(user, filters, order, as_of),
        typed=typed,
        unclear=unclear,
        columns=read_columns(args.getlist("col")),
        size=int(size) if size in map(str, SIZES) else USUAL_SIZE,
        mark=_mark(order, args),
        choices=known,
        causes=causes,
        zones=zones,
        views=views,
        sorted_as_usual=order == usual,
    )


def read_as_of(typed: str, today: date) -> date | None:
    """The day as of which the register is wanted: `2026-01-31` or as offices write it.

    Raises `Unclear` for what is no day and for days to come.
    """
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed) if typed[4:5] == "-" else read_day(typed).day
    except Unreadable as error:
        raise Unclear(error.message, at=AS_OF, **error.params) from error
    except ValueError as error:
        raise Unclear(_NO_DAY, at=AS_OF) from error
    if day > today:
        raise Unclear(N_("That day is still to come; choose today or a day before"), at=AS_OF)
    return day


_NO_DAY = N_("There is no such day; enter it as 31/01/2026")


def _mark(order: Order, args: MultiDict[str, str]) -> Mark | None:
    if args.get("before"):
        return read_mark(order, args["before"], backwards=True)
    return read_mark(order, args.get("after", ""), backwards=False)


def _around(
    session: Session, user: User, typed_investor: str
) -> tuple[bytes | None, tuple[int, str] | None, list[View]]:
    """The stamp of the choices, the investor that is asked for, and the saved views, in one query.

    The stamp of the law is read with them and noted, for whoever asks for the law next.
    """
    number = typed_investor if typed_investor.isascii() and typed_investor.isdigit() else ""
    key = int(number) if number and len(number) < 19 else None  # noqa: PLR2004
    name: Any = cast(null(), String) if key is None else _investor_name(user, key)
    query = (
        select(stamp().label("stamp"), law_stamp().label("law"), name.label("investor"), SavedView)
        .select_from(TrailHead)
        .outerjoin(SavedView, open_to(user))
        .order_by(SavedView.name_key, SavedView.id)
    )
    rows = session.execute(query).all()
    views = [
        View(
            view.id,
            view.name,
            view.owner_id == user.id,
            view.shared,
            view.owner_name,
            view.query,
            view.columns,
        )
        for *_others, view in rows
        if view is not None
    ]
    found = rows[0] if rows else None
    note_stamp(found.law if found else None)
    investor = (key, found.investor) if found and key is not None and found.investor else None
    return found.stamp if found else None, investor, sorted(views, key=lambda view: not view.own)


def _investor_name(user: User, key: int) -> Any:
    shown = (
        select(literal(1))
        .select_from(LinePart)
        .join(RegisterLine, RegisterLine.id == LinePart.line_id)
        .where(
            LinePart.kind == "investor",
            LinePart.ref == str(key),
            visible_to(user, RegisterLine.zone_id),
        )
    )
    return select(Investor.name).where(Investor.id == key, exists(shown)).scalar_subquery()
