"""The order of a list, and the place in it where a page begins.

Pages follow each other by key: the next one begins after the last line shown, found through an index,
however far down the list that is. The mark of such a place travels in the address; one that was
tampered with, or belongs to another order, leads to the first page.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from portfolio.database import Fixed
from portfolio.register.line import COUNTED_FROM, SORTED_BY, RegisterLine

RECENT = "recent"
"""The order of a search that asks for no other: what changed last comes first."""

FALLING_FIRST = {"capital", "area", "warnings", "changed"}
"""Columns of which a first click shows the greatest on top."""

LONGEST_MARK = 4000
LONGEST_SUM = 30
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Order:
    """What a list is sorted by. Lines that are equal in it follow each other by their key."""

    by: str
    falling: bool = False

    @property
    def name(self) -> str:
        """As it stands in the address: `capital`, or `-capital` for the greatest first."""
        return f"-{self.by}" if self.falling else self.by

    @property
    def shows_falling(self) -> bool:
        """Whether what is shown falls: months late grow the earlier the day they are counted from."""
        return self.falling != (self.by in COUNTED_FROM)

    @property
    def column(self) -> InstrumentedAttribute[Any]:
        """The column that is compared."""
        found: InstrumentedAttribute[Any] = getattr(
            RegisterLine, "id" if self.by == RECENT else SORTED_BY[self.by]
        )
        return found

    def terms(self, *, backwards: bool = False) -> list[ColumnElement[Any]]:
        """What to order by; backwards to find the page before."""
        falling = self.falling != backwards
        columns = [self.column] if self.by == RECENT else [self.column, RegisterLine.id]
        return [column.desc() if falling else column.asc() for column in columns]

    def beyond(self, mark: "Mark") -> ColumnElement[bool]:
        """The condition for lines on the far side of a place."""
        forward = self.falling == mark.backwards
        if self.by == RECENT:
            return RegisterLine.id > mark.line_id if forward else RegisterLine.id < mark.line_id
        here = tuple_(literal(mark.value, self.column.type), literal(mark.line_id))
        there = tuple_(self.column, RegisterLine.id)
        return there > here if forward else there < here


def read_order(typed: str, *, searching: bool) -> Order:
    """The order that is asked for; an unknown one counts as none."""
    by = typed.removeprefix("-")
    if by in SORTED_BY:
        return Order(by, typed.startswith("-"))
    return Order(RECENT, falling=True) if searching else Order("code")


@dataclass(frozen=True)
class Mark:
    """A place in a list: beside which line, looking which way, and after how many lines."""

    value: Any
    line_id: int
    position: int
    backwards: bool = False


def write_mark(order: Order, mark: Mark) -> str:
    """The mark as it travels in an address."""
    content = [order.name, _plain(mark.value), mark.line_id, mark.position]
    return (
        urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")
    )


def read_mark(order: Order, typed: str, *, backwards: bool) -> Mark | None:
    """The place that a mark stands for, or None if it is none of ours."""
    if not typed or len(typed) > LONGEST_MARK:
        return None
    try:
        content = json.loads(urlsafe_b64decode(typed + "=" * (-len(typed) % 4)))
        name, value, line_id, position = content
        read = _read(order, value)
    except (ValueError, TypeError, BadBase64, InvalidOperation, RecursionError):
        return None
    numbers = (line_id, position)
    if name != order.name or any(type(n) is not int or not 0 <= n <= _LARGEST for n in numbers):
        return None
    return Mark(read, line_id, position, backwards)


def _plain(value: object) -> object:
    return value if isinstance(value, int | str) else str(value)


def _read(order: Order, value: object) -> Any:
    """The value as its column holds it. Raises what `read_mark` catches."""
    if isinstance(order.column.type, Fixed):
        return _read_sum(value, order.column.type)
    kind = order.column.type.python_type
    if kind is int:
        if type(value) is not int or abs(value) > _LARGEST:
            raise TypeError
        return value
    if not isinstance(value, str) or "\0" in value:
        raise TypeError
    if kind is date:
        return date.fromisoformat(value)
    return value


def _read_sum(value: object, shape: Fixed) -> Decimal:
    """A number with as many digits as its column has; an infinite one or a longer one is not ours."""
    number = (
        Decimal(value) if isinstance(value, str) and len(value) <= LONGEST_SUM else Decimal("NaN")
    )
    if not number.is_finite() or abs(number) >= Decimal(10) ** (shape.digits - shape.places):
        raise ValueError
    if number != round(number, shape.places):
        raise ValueError
    return number
