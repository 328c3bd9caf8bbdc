"""Acts on the table of public holidays: days are added and dropped, never changed.

A dropped day stays with its reason, so that past findings can be found again with what was known then.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.notation import N_, Unreadable
from portfolio.notation.days import Precision, read_day
from portfolio.notation.fold import nfc
from portfolio.office.trail import Origin
from portfolio.schedule.documents import FIRST_YEAR, LAST_YEAR
from portfolio.schedule.policy import Holiday
from portfolio.schedule.policy_acts import NeedsReason, in_force, judge_by_it
from portfolio.web.errors import Conflict, HiddenRecord, Refusal
from portfolio.web.show import day as show_day
from portfolio.web.show import notation

LONGEST_NAME = 200
MOST_LINES = 60


class BadHoliday(Refusal):
    """A line that cannot be taken; the message says which, and why."""

    field = "lines"


class AlreadyDropped(Conflict):
    """Somebody else dropped the day meanwhile."""

    message = N_("This day has been dropped already.")


@dataclass(frozen=True)
class Line:
    """One day as it was typed."""

    on: date
    name: str


def read_lines(text: str) -> list[Line]:
    """Lines of `02/09/2027  Quốc khánh`; raises `BadHoliday` with the number of the first bad one."""
    typed = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    filled = [(number, line) for number, line in typed if line]
    if not filled:
        raise BadHoliday(N_("Enter at least one day."))
    if len(filled) > MOST_LINES:
        raise BadHoliday(N_("Enter %(most)s days at most."), most=MOST_LINES)
    lines = [_read_line(number, line) for number, line in filled]
    days = [line.on for line in lines]
    for (number, _text), line in zip(filled, lines, strict=True):
        if days.count(line.on) > 1:
            words = N_("Line %(number)s: %(day)s stands there twice.")
            raise BadHoliday(words, number=number, day=show_day(line.on))
    return lines


def _read_line(number: int, line: str) -> Line:
    first, _blank, rest = re.sub(r"\s+", " ", line).partition(" ")
    name = nfc(rest).strip(" -–:;,")
    try:
        found = read_day(first, notation())
    except Unreadable as problem:
        raise _bad_day(number) from problem
    if found.precision is not Precision.DAY or not FIRST_YEAR <= found.day.year <= LAST_YEAR:
        raise _bad_day(number)
    if not name:
        raise BadHoliday(N_("Line %(number)s: the name of the day is missing."), number=number)
    if len(name) > LONGEST_NAME:
        words = N_("Line %(number)s: the name is longer than %(most)s characters.")
        raise BadHoliday(words, number=number, most=LONGEST_NAME)
    return Line(found.day, name)


def _bad_day(number: int) -> BadHoliday:
    words = N_("Line %(number)s does not begin with a day such as %(example)s.")
    return BadHoliday(words, number=number, example="02/09/2027")


def add_holidays(
    session: Session, lines: Sequence[Line], source: str, origin: Origin
) -> list[Holiday]:
    """Add days, all or none, and have all projects judged with them."""
    days = [line.on for line in lines]
    known = select(Holiday).where(Holiday.on.in_(days), Holiday.dropped_at.is_(None))
    twin = session.scalars(known.order_by(Holiday.on).limit(1)).one_or_none()
    if twin is not None:
        words = N_("%(day)s is in the table already: %(name)s.")
        raise BadHoliday(words, day=show_day(twin.on), name=twin.name)
    added = [
        Holiday(
            on=line.on,
            name=line.name,
            source=source,
            added_at=origin.at,
            added_by=origin.by_name,
        )
        for line in lines
    ]
    session.add_all(added)
    _judge(session, origin)
    return added


def find_holiday(session: Session, holiday_id: int, *, lock: bool = False) -> Holiday:
    """A day that is in the table; raises `HiddenRecord`, or `AlreadyDropped`."""
    query = select(Holiday).where(Holiday.id == holiday_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none() if holiday_id < _TOO_LARGE else None
    if found is None:
        raise HiddenRecord
    if found.dropped_at is not None:
        raise AlreadyDropped
    return found


_TOO_LARGE = 2**63


def drop_holiday(session: Session, holiday: Holiday, origin: Origin) -> None:
    """Take a locked day out of the table; it stays readable with the reason."""
    if holiday.dropped_at is not None:
        raise AlreadyDropped
    if not (origin.reason or "").strip():
        raise NeedsReason
    holiday.dropped_at, holiday.dropped_by = origin.at, origin.by_name
    holiday.dropped_why = origin.reason
    _judge(session, origin)


def _judge(session: Session, origin: Origin) -> None:
    session.flush()
    if in_force(session) is not None:
        judge_by_it(session, origin)
