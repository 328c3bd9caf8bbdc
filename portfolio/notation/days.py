"""Days as offices write them, from `22/11/2026` to `cuối năm 2025`, and as pages show them.

A month, quarter, half or year stands for its last day. Mid-year is 30 June and the end of a year 31
December; the beginning is the first day (Civil Code 2015, article 146). The day always comes before
the month.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

from portfolio.notation import N_, Locale, Unreadable
from portfolio.notation.fold import nfc, plain


class Precision(StrEnum):
    """How exactly a day is known."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class DayReading:
    """A day as read, how exactly it was said, and the words as printed."""

    day: date
    precision: Precision
    printed: str


_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_LONGEST: Final = 60  # letters; no date has more
_CENTURY_TURNS: Final = 70  # two-digit years up to 69 are of this century
# Viet Nam has had no other offset since 1975; a fixed one needs no time zone files on the machine.
_OFFICE_TIME: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
_MONTHS_IN_YEAR, _MONTHS_IN_HALF, _MONTHS_WITH_ZERO = 12, 6, 2
_DAYS_IN_MONTH: Final = 30.4375
_MONTHS_FROM: Final = 3  # below, days are counted

_QUARTERS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_ROMAN_OF: Final = ("I", "II", "III", "IV")
_EN_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_EN_MONTH_OF: Final = {"sept": 9} | {
    short: at for at, name in enumerate(_EN_MONTHS, 1) for short in (name.lower(), name[:3].lower())
}

_NOT_A_DAY: Final = N_("Enter one date, for example 22/11/2026, 11/2026, Q4 2026 or 2026")
_NO_SUCH_DAY: Final = {
    2: N_("There is no %(date)s; February %(year)s has %(days)s days"),
    4: N_("There is no %(date)s; April %(year)s has %(days)s days"),
    6: N_("There is no %(date)s; June %(year)s has %(days)s days"),
    9: N_("There is no %(date)s; September %(year)s has %(days)s days"),
    11: N_("There is no %(date)s; November %(year)s has %(days)s days"),
}


def _in_year(text: str) -> int:
    year = int(text)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        params = {"year": text, "first": str(_FIRST_YEAR), "last": str(_LAST_YEAR)}
        raise Unreadable(N_("The year %(year)s is not between %(first)s and %(last)s"), params)
    return year


def _in_month(text: str) -> int:
    month = _EN_MONTH_OF.get(text) or int(text)
    if not 1 <= month <= _MONTHS_IN_YEAR:
        message = N_("There is no month %(month)s; write day, month, year, for example 22/11/2026")
        raise Unreadable(message, {"month": text})
    return month


def _on_day(day: str, month: str, year: str) -> tuple[date, Precision]:
    if len(year) < len("2026"):
        year = ("20" if int(year) < _CENTURY_TURNS else "19") + year
    in_year, in_month, on = _in_year(year), _in_month(month), int(day)
    longest = calendar.monthrange(in_year, in_month)[1]
    if not 1 <= on <= longest:
        params = {"date": f"{on:02d}/{in_month:02d}/{year}", "year": year, "days": str(longest)}
        raise Unreadable(
            _NO_SUCH_DAY.get(in_month, N_("There is no %(date)s; that month has %(days)s days")),
            params,
        )
    return date(in_year, in_month, on), Precision.DAY


def _month_end(month: int, year: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _part_of_month(month: str, year: str, part: str | None = None) -> tuple[date, Precision]:
    in_year, in_month = _in_year(year), _in_month(month)
    if part in ("dau", "giua"):
        return date(in_year, in_month, 1 if part == "dau" else 15), Precision.DAY
    return _month_end(in_month, in_year), Precision.MONTH


def _in_quarter(quarter: str, year: str) -> tuple[date, Precision]:
    if quarter not in _QUARTERS:
        message = N_("There is no quarter %(quarter)s; a year has four")
        raise Unreadable(message, {"quarter": quarter.upper()})
    return _month_end(3 * _QUARTERS[quarter], _in_year(year)), Precision.QUARTER


def _in_half(half: str, year: str) -> tuple[date, Precision]:
    first = half in ("dau", "first", "1")
    return _month_end(6 if first else 12, _in_year(year)), Precision.HALF


def _part_of_year(year: str, part: str | None = None) -> tuple[date, Precision]:
    in_year = _in_year(year)
    if part in ("dau", "early", "beginning of", "start of"):
        return date(in_year, 1, 1), Precision.DAY
    if part in ("giua", "mid", "middle of"):
        return date(in_year, 6, 30), Precision.HALF
    return date(in_year, 12, 31), Precision.YEAR


_Y = r"(?P<year>\d{4})"
_M = r"(?P<month>\d{1,2})"
_D = r"(?P<day>\d{1,2})"
_NAMED = rf"(?P<month>{'|'.join(sorted(_EN_MONTH_OF, key=len, reverse=True))})\.?"
_PART = "(?:(?P<part>dau|giua|cuoi) )?"
_EN_PART = "(?P<part>early|beginning of|start of|mid|middle of|end of|late)"
_QUARTER = r"(?:cuoi )?(?:quy|qui|q)\.? ?(?P<quarter>[ivx]+|\d)"

# Each form is tried on the whole entry, folded: small letters, no marks, single spaces.
_FORMS: Final[tuple[tuple[str, Callable[..., tuple[date, Precision]]], ...]] = (
    (rf"(?:ngay )?{_D} ?([/.-]) ?{_M} ?\2 ?(?P<year>\d{{4}}|\d{{2}})", _on_day),
    (rf"{_Y}([/.-]){_M}\2{_D}", _on_day),
    (rf"(?:ngay )?{_D} thang {_M}(?: nam |, ?| ?/ ?| ){_Y}", _on_day),
    (rf"{_D}(?:st|nd|rd|th)? {_NAMED},? {_Y}", _on_day),
    (rf"{_NAMED} {_D}(?:st|nd|rd|th)?,? {_Y}", _on_day),
    (rf"{_PART}(?:thang |t)?{_M}(?: ?[/.-] ?| nam ){_Y}", _part_of_month),
    (rf"{_Y}-{_M}", _part_of_month),
    (rf"{_NAMED},? {_Y}", _part_of_month),
    (rf"{_QUARTER}(?: ?[/.-] ?| nam | of | ){_Y}", _in_quarter),
    (rf"{_Y}[ -]?q(?P<quarter>\d)", _in_quarter),
    (rf"(?:0?6 thang|sau thang|nua) (?P<half>dau|cuoi)(?: nam | ){_Y}", _in_half),
    (rf"(?P<half>first|second) half(?: of)? {_Y}", _in_half),
    (rf"h(?P<half>[12])[ /-]{_Y}", _in_half),
    (rf"{_PART}(?:nam )?{_Y}", _part_of_year),
    (rf"{_EN_PART}[ -]{_Y}", _part_of_year),
)
_COMPILED: Final = tuple((re.compile(form, re.ASCII), read) for form, read in _FORMS)
_NO_YEAR: Final = re.compile(r"(?:ngay )?\d{1,2}(?: ?[/.-] ?| thang )\d{1,2}")


def read_day(text: str, locale: Locale = "vi") -> DayReading:  # noqa: ARG001 - see below
    """Read a day, month, quarter, half or year; all but the day stand for their last day.

    The day always comes before the month, in both languages. Raises `Unreadable` with what is wrong
    (31/02/2026, month 13, a range, no year) and how to mend it. `locale` changes nothing yet: no
    date reads differently in English.
    """
    if len(text) > _LONGEST:
        raise Unreadable(_NOT_A_DAY)
    printed = nfc(text)
    said = " ".join(plain(printed).replace("–", "-").replace("—", "-").split()).rstrip(".,;")
    for form, read in _COMPILED:
        if found := form.fullmatch(said):
            day, precision = read(**found.groupdict())
            return DayReading(day, precision, printed)
    if _NO_YEAR.fullmatch(said):
        raise Unreadable(N_("Enter the year too, for example %(text)s/2026"), {"text": printed})
    raise Unreadable(_NOT_A_DAY)


def show_day(day: date, precision: Precision | str = Precision.DAY, locale: Locale = "vi") -> str:
    """`22/11/2026`, `11/2026`, `Quý IV/2026` (`Q4 2026`), `6 tháng đầu năm 2026` or `2026`."""
    if precision == "day":
        return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
    if precision == "month":
        return f"{day.month:02d}/{day.year:04d}"
    if precision == "quarter":
        quarter = (day.month + 2) // 3
        return (
            f"Quý {_ROMAN_OF[quarter - 1]}/{day.year}"
            if locale == "vi"
            else f"Q{quarter} {day.year}"
        )
    if precision == "half":
        first = day.month <= _MONTHS_IN_HALF
        if locale == "vi":
            return f"6 tháng {'đầu' if first else 'cuối'} năm {day.year}"
        return f"{'First' if first else 'Second'} half of {day.year}"
    if precision == "year":
        return f"{day.year:04d}"
    raise ValueError(precision)


def show_day_long(day: date, locale: Locale = "vi") -> str:
    """`ngày 22 tháng 11 năm 2026` (`22 November 2026`), as on papers.

    Days below 10 and the months 1 and 2 get a leading zero in Vietnamese (Decree 30/2020, annex I).
    """
    if locale == "vi":
        month = f"{day.month:02d}" if day.month <= _MONTHS_WITH_ZERO else str(day.month)
        return f"ngày {day.day:02d} tháng {month} năm {day.year}"
    return f"{day.day} {_EN_MONTHS[day.month - 1]} {day.year}"


def show_moment(moment: datetime, locale: Locale = "vi") -> str:  # noqa: ARG001 - one form for all
    """`22/11/2026 14:05` in the time of Viet Nam; `moment` must know its own offset."""
    if moment.tzinfo is None:
        raise ValueError(moment)
    return f"{moment.astimezone(_OFFICE_TIME):%d/%m/%Y %H:%M}"


def show_distance(days: int, locale: Locale = "vi") -> str:
    """Days to (negative: since) a due day: `còn 13 ngày`, `quá hạn 43 ngày`, `chậm 11 tháng`.

    Months are counted from three up, full months of mean length; the page sets the date beside it.
    """
    months = int(abs(days) / _DAYS_IN_MONTH)
    count, unit = (months, "month") if months >= _MONTHS_FROM else (abs(days), "day")
    if locale == "vi":
        if days == 0:
            return "đến hạn hôm nay"
        if unit == "day":
            return f"còn {count} ngày" if days > 0 else f"quá hạn {count} ngày"
        return f"còn {count} tháng" if days > 0 else f"chậm {count} tháng"
    if days == 0:
        return "due today"
    ending = "left" if days > 0 else "overdue" if unit == "day" else "late"
    return f"{count} {unit}{'' if count == 1 else 's'} {ending}"
