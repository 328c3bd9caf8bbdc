"""Days as offices write them, from `22/11/2026` to `cuối năm 2025`, and as pages show them.

A month, quarter, half or year stands for its last day. Mid-year is 30 June and the end of a year 31 December; the
beginning is the first day (Civil Code 2015, article 146). The day always comes before the month.
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
_CENTURY_TURNS: Final = 70  # two-digit years up to 69 are of this century
_OFFICE_TIME: Final = timezone(
    timedelta(hours=7), "Asia/Ho_Chi_Minh"
)  # no other offset there since 1975
_DAYS_IN_MONTH: Final = 30.4375
_MONTHS_FROM: Final = 3  # below, days are counted

_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ROMAN_OF: Final = ("I", "II", "III", "IV")
_EN_MONTHS: Final = (
    "January February March April May June July August September October November December"
).split()
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


def _in_month(text: str, year: str) -> int:
    month = int(text)
    if not 1 <= month <= 12:
        params = {"month": text, "year": year}
        raise Unreadable(
            N_(
                "There is no month %(month)s in %(year)s; enter the day before the month, for example 22/11/2026"
            ),
            params,
        )
    return month


def _on_day(day: str, month: str, year: str) -> tuple[date, Precision]:
    if len(year) == 2:
        year = ("20" if int(year) < _CENTURY_TURNS else "19") + year
    in_year, in_month, on = _in_year(year), _in_month(month, year), int(day)
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


def _part_of_month(part: str | None, month: str, year: str) -> tuple[date, Precision]:
    in_year, in_month = _in_year(year), _in_month(month, year)
    if part in ("dau", "giua"):
        return date(in_year, in_month, 1 if part == "dau" else 15), Precision.DAY
    return _month_end(in_month, in_year), Precision.MONTH


def _in_quarter(quarter: str, year: str) -> tuple[date, Precision]:
    number = _ROMAN.get(quarter) or int(quarter)
    return _month_end(3 * number, _in_year(year)), Precision.QUARTER


def _in_half(half: str, year: str) -> tuple[date, Precision]:
    first = half in ("dau", "first", "1")
    return _month_end(6 if first else 12, _in_year(year)), Precision.HALF


def _part_of_year(part: str | None, year: str) -> tuple[date, Precision]:
    in_year = _in_year(year)
    if part in ("dau", "early", "beginning of", "start of"):
        return date(in_year, 1, 1), Precision.DAY
    if part in ("giua", "mid", "middle of"):
        return date(in_year, 6, 30), Precision.HALF
    return date(in_year, 12, 31), Precision.YEAR


def _en_month(name: str) -> str:
    return str(_EN_MONTH_OF[name])


_Y = r"(\d{4})"
_NAMES = "|".join(sorted(_EN_MONTH_OF, key=len, reverse=True))
_FORMS: Final[
    tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[date, Precision]]], ...]
] = tuple(
    (re.compile(form, re.ASCII), read)
    for form, read in (
        (
            r"(?:ngay )?(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})",
            lambda m: _on_day(m[1], m[3], m[4]),
        ),
        (rf"{_Y}([/.-])(\d{{1,2}})\2(\d{{1,2}})", lambda m: _on_day(m[4], m[3], m[1])),
        (
            rf"(?:ngay )?(\d{{1,2}}) thang (\d{{1,2}})(?: nam |, ?| ?/ ?| ){_Y}",
            lambda m: _on_day(m[1], m[2], m[3]),
        ),
        (
            rf"(\d{{1,2}})(?:st|nd|rd|th)? ({_NAMES})\.?,? {_Y}",
            lambda m: _on_day(m[1], _en_month(m[2]), m[3]),
        ),
        (
            rf"({_NAMES})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? {_Y}",
            lambda m: _on_day(m[2], _en_month(m[1]), m[3]),
        ),
        (
            rf"(?:(dau|giua|cuoi) )?(?:thang |t)?(\d{{1,2}})(?: ?[/.-] ?| nam ){_Y}",
            lambda m: _part_of_month(m[1], m[2], m[3]),
        ),
        (rf"{_Y}-(\d{{1,2}})", lambda m: _part_of_month(None, m[2], m[1])),
        (rf"({_NAMES})\.?,? {_Y}", lambda m: _part_of_month(None, _en_month(m[1]), m[2])),
        (
            rf"(?:cuoi )?(?:quy|qui|q)\.? ?(iv|i{{1,3}}|[1-4])(?: ?[/.-] ?| nam | of | ){_Y}",
            lambda m: _in_quarter(m[1], m[2]),
        ),
        (rf"{_Y}[ -]?q([1-4])", lambda m: _in_quarter(m[2], m[1])),
        (rf"(?:6 thang|sau thang|nua) (dau|cuoi)(?: nam | ){_Y}", lambda m: _in_half(m[1], m[2])),
        (rf"(first|second) half(?: of)? {_Y}", lambda m: _in_half(m[1], m[2])),
        (rf"h([12])[ /-]{_Y}", lambda m: _in_half(m[1], m[2])),
        (rf"(?:(dau|giua|cuoi) )?(?:nam )?{_Y}", lambda m: _part_of_year(m[1], m[2])),
        (
            rf"(early|beginning of|start of|mid|middle of|end of|late)[ -]{_Y}",
            lambda m: _part_of_year(m[1], m[2]),
        ),
    )
)
_NO_YEAR: Final = re.compile(r"(?:ngay )?\d{1,2}(?: ?[/.-] ?| thang )\d{1,2}")
_NO_QUARTER: Final = re.compile(
    rf"(?:quy|qui|q)\.? ?([a-z0-9]{{1,4}})(?: ?[/.-] ?| nam | of | ){_Y}"
)


def read_day(text: str, locale: Locale = "vi") -> DayReading:  # noqa: ARG001 - see below
    """Read a day, month, quarter, half or year in Vietnamese or English; the later ones stand for their last day.

    The day always comes before the month, in both languages. Raises `Unreadable` with what is wrong (31/02/2026,
    month 13, a range, no year) and how to mend it. `locale` changes nothing yet: no date reads differently in English.
    """
    printed = nfc(text)
    said = " ".join(plain(printed).replace("–", "-").replace("—", "-").split()).rstrip(".,;")
    for form, read in _FORMS:
        if found := form.fullmatch(said):
            day, precision = read(found)
            return DayReading(day, precision, printed)
    if _NO_YEAR.fullmatch(said):
        raise Unreadable(N_("Enter the year too, for example %(text)s/2026"), {"text": printed})
    if wrong := _NO_QUARTER.fullmatch(said):
        raise Unreadable(
            N_("There is no quarter %(quarter)s; a year has four"), {"quarter": wrong[1].upper()}
        )
    raise Unreadable(_NOT_A_DAY, {})


def show_day(day: date, precision: Precision | str = Precision.DAY, locale: Locale = "vi") -> str:
    """`22/11/2026`, `11/2026`, `Quý IV/2026` (`Q4 2026`), `6 tháng đầu năm 2026` (`First half of 2026`) or `2026`."""
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
        first = day.month <= 6
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
        month = f"{day.month:02d}" if day.month < 3 else str(day.month)
        return f"ngày {day.day:02d} tháng {month} năm {day.year}"
    return f"{day.day} {_EN_MONTHS[day.month - 1]} {day.year}"


def show_moment(moment: datetime, locale: Locale = "vi") -> str:  # noqa: ARG001 - one form in both languages
    """`22/11/2026 14:05` in the time of Viet Nam; `moment` must know its own offset."""
    if moment.tzinfo is None:
        raise ValueError(moment)
    return f"{moment.astimezone(_OFFICE_TIME):%d/%m/%Y %H:%M}"


def show_distance(days: int, locale: Locale = "vi") -> str:
    """Days until a due day (negative: since), in words: `còn 13 ngày`, `quá hạn 43 ngày`, `chậm 11 tháng`.

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
