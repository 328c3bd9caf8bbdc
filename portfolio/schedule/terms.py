"""How time is counted: months, working days and dates written in words (Civil Code 2015, 146-148).

A term runs from the day after its event to the end of its last day; a last day that is a Saturday,
a Sunday or a public holiday moves the end to the next working day. Holidays are a table by year:
a year without one is reported by `years_without_table`, never guessed.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple, cast

ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_DAYS_IN_MONTH: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Precision = Literal["day", "month", "quarter", "half", "year"]


@dataclass(frozen=True, slots=True)
class Holidays:
    """Public holidays and the days off in their stead; `years` says which years have a table."""

    days: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    _rolled: dict[date, date] = field(default_factory=dict, compare=False, repr=False)
    """What `roll` found before: the same few thousand days are asked for again and again."""

    @classmethod
    def of(cls, days: Iterable[date]) -> "Holidays":
        """A table of these days; a year with no day in it counts as a year without a table."""
        known = frozenset(days)
        return cls(known, frozenset(day.year for day in known))


def last_day_of_month(year: int, month: int) -> date:
    """28, 29, 30 or 31 of that month."""
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)  # noqa: PLR2004
    return date(year, month, 29 if leap else _DAYS_IN_MONTH[month - 1])


def add_months(day: date, months: int) -> date:
    """The same day number that many months on (or back); the month's last day if it has none."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if day.day <= 28:  # noqa: PLR2004 - every month has a 28th
        return date(year, month, day.day)
    last = last_day_of_month(year, month)
    return last if day.day > last.day else last.replace(day=day.day)


def is_day_off(day: date, holidays: Holidays) -> bool:
    """Whether a term cannot end on this day.

    A Saturday worked in place of a swapped weekday is still a Saturday: the swap binds offices,
    and a term is the later of the two readings.
    """
    return day.weekday() >= _SATURDAY or day in holidays.days


def roll(day: date, holidays: Holidays) -> date:
    """That day, or the next working day when it is a day off (Art 148.5)."""
    rolled = holidays._rolled.get(day)  # noqa: SLF001  kept for this function
    if rolled is None:
        rolled = day
        while is_day_off(rolled, holidays):
            rolled += ONE_DAY
        holidays._rolled[day] = rolled  # noqa: SLF001
    return rolled


def years_without_table(day: date, rolled: date, holidays: Holidays) -> tuple[int, ...]:
    """The years whose holidays would have had to be known to roll `day` to `rolled`.

    With no table only weekends were skipped, so the true end may be some days later.
    """
    years = {day.year, rolled.year}
    return tuple(sorted(years - holidays.years))


def after(on: date, start: date, months: int, holidays: Holidays) -> bool:
    """Whether `months` months after `start` are over on this day ("after n months")."""
    return on > roll(add_months(start, months), holidays)


def within(done: date, start: date, months: int, holidays: Holidays) -> bool:
    """Whether it was done no later than `months` months after `start` ("within n months")."""
    return done <= roll(add_months(start, months), holidays)


def end_of(precision: Precision, year: int, number: int = 1) -> date:
    """The last day of a year, or of its half, quarter or month of that number (from 1)."""
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}
    if precision == "day" or not 1 <= number <= 12 // months[precision]:
        msg = f"there is no {precision} {number} in a year"
        raise ValueError(msg)
    return last_day_of_month(year, number * months[precision])


class WrittenDay(NamedTuple):
    """A date as a paper words it: the day it stands for, how exact it was, its own words."""

    day: date
    precision: Precision
    text: str


_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR: Final = r"(?:nam |year )?(?P<year>[12]\d{3})"
_OF: Final = r"(?: |/|-|, ?| of | of the year )"
_WORDED: Final = tuple(
    (re.compile(rf"(?:{pattern})"), reading)
    for pattern, reading in (
        (rf"(?P<d>\d{{1,2}})[/.-](?P<m>\d{{1,2}})[/.-]{_YEAR}", "day"),
        (rf"ngay (?P<d>\d{{1,2}}) thang (?P<m>\d{{1,2}}) {_YEAR}", "day"),
        (r"(?P<year>[12]\d{3})-(?P<m>\d{2})-(?P<d>\d{2})", "day"),
        (rf"(?:dau|beginning of|start of) thang (?P<m>\d{{1,2}}){_OF}{_YEAR}", "first of month"),
        (rf"giua thang (?P<m>\d{{1,2}}){_OF}{_YEAR}", "middle of month"),
        (rf"(?:cuoi )?(?:thang |month )?(?P<m>\d{{1,2}}){_OF}{_YEAR}", "month"),
        (rf"(?:cuoi |end of )?(?:quy|quarter) ?(?P<q>iv|iii|ii|i|[1-4]){_OF}{_YEAR}", "quarter"),
        (rf"q(?P<q>[1-4]){_OF}{_YEAR}", "quarter"),
        (rf"(?:6 thang dau|nua dau|first half|h1){_OF}{_YEAR}", "first half"),
        (rf"(?:6 thang cuoi|nua cuoi|second half|h2){_OF}{_YEAR}", "second half"),
        (rf"(?:dau|beginning of|start of) {_YEAR}", "first of year"),
        (rf"(?:giua|mid|middle of)[ -]{_YEAR}", "first half"),
        (rf"(?:(?:cuoi|end of|by|trong) )?{_YEAR}", "year"),
    )
)


def read_written_day(text: str) -> WrittenDay | None:
    """The day that a schedule's own words stand for; None when they name none this reads.

    Early, mid and late are those of Art 146; that a quarter or half means its last day is a
    convention of this register. A day that does not exist (31/02) is None as well.
    """
    plain = unicodedata.normalize("NFD", text.casefold().strip().replace("đ", "d"))
    plain = " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
    for pattern, reading in _WORDED:
        if match := pattern.fullmatch(plain):
            parts = {name: found for name, found in match.groupdict().items() if found}
            try:
                return WrittenDay(*_day_of(reading, parts), text)
            except ValueError:
                return None
    return None


def _day_of(reading: str, parts: dict[str, str]) -> tuple[date, Precision]:
    year, month = int(parts["year"]), int(parts.get("m", 1))
    if reading == "day":
        return date(year, month, int(parts["d"])), "day"
    if reading == "first of year":
        return date(year, 1, 1), "year"
    if reading in {"first of month", "middle of month"}:
        return date(year, month, 1 if reading.startswith("first") else 15), "month"
    numbers = {"month": month, "quarter": _ROMAN[parts.get("q", "1")], "second half": 2}
    precision = cast("Precision", reading.rpartition(" ")[2])
    return end_of(precision, year, numbers.get(reading, 1)), precision
