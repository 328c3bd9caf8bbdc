"""Days, as offices write them and as pages show them."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.notation import Locale, Unreadable
from portfolio.notation.days import (
    Precision,
    read_day,
    show_day,
    show_day_long,
    show_distance,
    show_moment,
)


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("22/11/2026", "2026-11-22", "day"),
        ("1/2/2026", "2026-02-01", "day"),
        ("1/2/26", "2026-02-01", "day"),
        ("01/02/26", "2026-02-01", "day"),
        ("1/1/00", "2000-01-01", "day"),
        ("1/1/69", "2069-01-01", "day"),
        ("1/1/70", "1970-01-01", "day"),
        ("31/12/99", "1999-12-31", "day"),
        ("01-02-2026", "2026-02-01", "day"),
        ("1.2.2026", "2026-02-01", "day"),
        ("1.2.26", "2026-02-01", "day"),
        ("22 / 11 / 2026", "2026-11-22", "day"),
        (" 22/11/2026 ", "2026-11-22", "day"),
        ("22/11/2026.", "2026-11-22", "day"),
        ("２２/１１/２０２６", "2026-11-22", "day"),
        ("12/11/2026", "2026-11-12", "day"),  # never 11 December
        ("2026-02-01", "2026-02-01", "day"),
        ("2026-2-1", "2026-02-01", "day"),
        ("2026/02/01", "2026-02-01", "day"),
        ("29/02/2024", "2024-02-29", "day"),
        ("29/2/2000", "2000-02-29", "day"),
        ("ngày 22/11/2026", "2026-11-22", "day"),
        ("ngày 22 tháng 11 năm 2026", "2026-11-22", "day"),
        ("Ngày 05 tháng 02 năm 2026", "2026-02-05", "day"),
        ("nga\u0300y 22 tha\u0301ng 11 na\u0306m 2026", "2026-11-22", "day"),
        ("ngay 22 thang 11 nam 2026", "2026-11-22", "day"),
        ("22 tháng 11 năm 2026", "2026-11-22", "day"),
        ("22 tháng 11, 2026", "2026-11-22", "day"),
        ("22 November 2026", "2026-11-22", "day"),
        ("22 Nov 2026", "2026-11-22", "day"),
        ("22nd November, 2026", "2026-11-22", "day"),
        ("November 22, 2026", "2026-11-22", "day"),
        ("1 May 2026", "2026-05-01", "day"),
        ("đầu năm 2025", "2025-01-01", "day"),
        ("đầu tháng 6/2026", "2026-06-01", "day"),
        ("giữa tháng 6 năm 2026", "2026-06-15", "day"),
        ("tháng 6/2026", "2026-06-30", "month"),
        ("tháng 6 năm 2026", "2026-06-30", "month"),
        ("cuối tháng 6/2026", "2026-06-30", "month"),
        ("T6/2026", "2026-06-30", "month"),
        ("06/2026", "2026-06-30", "month"),
        ("6/2026", "2026-06-30", "month"),
        ("6-2026", "2026-06-30", "month"),
        ("6.2026", "2026-06-30", "month"),
        ("2/2024", "2024-02-29", "month"),
        ("02/2025", "2025-02-28", "month"),
        ("12/2025", "2025-12-31", "month"),
        ("2026-06", "2026-06-30", "month"),
        ("June 2026", "2026-06-30", "month"),
        ("Sept. 2026", "2026-09-30", "month"),
        ("quý I/2024", "2024-03-31", "quarter"),
        ("quý II/2024", "2024-06-30", "quarter"),
        ("Quý III/2024", "2024-09-30", "quarter"),
        ("QUÝ IV/2024", "2024-12-31", "quarter"),
        ("quí IV/2024", "2024-12-31", "quarter"),
        ("quý Ⅱ/2024", "2024-06-30", "quarter"),
        ("quý 2/2024", "2024-06-30", "quarter"),
        ("quý 2 năm 2024", "2024-06-30", "quarter"),
        ("quý II năm 2024", "2024-06-30", "quarter"),
        ("cuối quý II/2024", "2024-06-30", "quarter"),
        ("Q2/2024", "2024-06-30", "quarter"),
        ("Q2 2024", "2024-06-30", "quarter"),
        ("Q.II/2024", "2024-06-30", "quarter"),
        ("QIII/2019", "2019-09-30", "quarter"),
        ("2024-Q2", "2024-06-30", "quarter"),
        ("6 tháng đầu năm 2025", "2025-06-30", "half"),
        ("06 tháng đầu năm 2025", "2025-06-30", "half"),
        ("sáu tháng đầu năm 2025", "2025-06-30", "half"),
        ("6 tháng cuối năm 2025", "2025-12-31", "half"),
        ("nửa đầu năm 2025", "2025-06-30", "half"),
        ("nửa cuối năm 2025", "2025-12-31", "half"),
        ("nửa cuối 2025", "2025-12-31", "half"),
        ("giữa năm 2025", "2025-06-30", "half"),
        ("first half of 2025", "2025-06-30", "half"),
        ("second half of 2025", "2025-12-31", "half"),
        ("H2 2025", "2025-12-31", "half"),
        ("mid-2025", "2025-06-30", "half"),
        ("2025", "2025-12-31", "year"),
        ("năm 2025", "2025-12-31", "year"),
        ("cuối năm 2025", "2025-12-31", "year"),
        ("Cuối 2025", "2025-12-31", "year"),
        ("end of 2025", "2025-12-31", "year"),
    ],
)
def test_read(text: str, iso: str, precision: str) -> None:
    for locale in ("vi", "en"):
        reading = read_day(text, locale)
        assert reading.day.isoformat() == iso
        assert reading.precision is Precision(precision)
        assert reading.precision == precision


def test_printed_words_are_kept() -> None:
    assert read_day(" Quý\u00a0II/2024 ").printed == "Quý II/2024"
    assert read_day("cuô\u0301i năm 2025").printed == "cuối năm 2025"


NOT_ONE = "Enter one date, for example 22/11/2026, 11/2026, Q4 2026 or 2026"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("31/02/2026", "There is no 31/02/2026; February 2026 has 28 days"),
        ("30/2/24", "There is no 30/02/2024; February 2024 has 29 days"),
        ("29/02/2023", "There is no 29/02/2023; February 2023 has 28 days"),
        ("2026-02-30", "There is no 30/02/2026; February 2026 has 28 days"),
        ("ngày 31 tháng 4 năm 2026", "There is no 31/04/2026; April 2026 has 30 days"),
        ("31/06/2026", "There is no 31/06/2026; June 2026 has 30 days"),
        ("31 September 2026", "There is no 31/09/2026; September 2026 has 30 days"),
        ("31.11.2026", "There is no 31/11/2026; November 2026 has 30 days"),
        ("32/01/2026", "There is no 32/01/2026; that month has 31 days"),
        ("0/1/2026", "There is no 00/01/2026; that month has 31 days"),
        (
            "11/22/2026",
            "There is no month 22; write day, month, year, for example 22/11/2026",
        ),
        ("13/2026", "There is no month 13; write day, month, year, for example 22/11/2026"),
        ("2026-13", "There is no month 13; write day, month, year, for example 22/11/2026"),
        ("tháng 0/2026", "There is no month 0; write day, month, year, for example 22/11/2026"),
        ("22/11", "Enter the year too, for example 22/11/2026"),
        ("quý V/2024", "There is no quarter V; a year has four"),
        ("Q5/2024", "There is no quarter 5; a year has four"),
        ("12/12/1066", "The year 1066 is not between 1900 and 2199"),
        ("2526", "The year 2526 is not between 1900 and 2199"),
        ("", NOT_ONE),
        ("   ", NOT_ONE),
        ("sớm", NOT_ONE),
        ("22112026", NOT_ONE),
        ("1/2-26", NOT_ONE),
        ("1/2/026", NOT_ONE),
        ("1/2/20266", NOT_ONE),
        ("٢٢/١١/٢٠٢٦", NOT_ONE),
        ("26", NOT_ONE),
        ("quý II", NOT_ONE),
        ("11 22 2026", NOT_ONE),
        ("22/11/2026 14:05", NOT_ONE),
        ("22/11/2026" + " " * 60, NOT_ONE),
    ],
)
def test_unreadable_day_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_day(text)
    assert str(refusal.value) == message


# Dates and schedules as printed on the public pages: part dates are read, ranges are refused.
@pytest.mark.parametrize(
    ("raw", "iso", "precision"),
    [
        ("2009-07", "2009-07-31", "month"),
        ("2011-12", "2011-12-31", "month"),
        ("2012-08-27", "2012-08-27", "day"),
        ("2014", "2014-12-31", "year"),
        ("2020-11", "2020-11-30", "month"),
        ("2021-02", "2021-02-28", "month"),
        ("2025", "2025-12-31", "year"),
        ("2026-01-24", "2026-01-24", "day"),
    ],
)
def test_published_date(raw: str, iso: str, precision: str) -> None:
    reading = read_day(raw)
    assert (reading.day.isoformat(), reading.precision) == (iso, precision)


@pytest.mark.parametrize(
    "raw",
    [
        "01/2022–10/2025",
        "01/2022–12/2025",
        "2009-2012",
        "2015-2016",
        "2017-2019",
        "2022-2025",
        "2025–2034",
        "2025–2035",
        "3 giai đoạn, quý IV/2021–quý IV/2024",
        "thủ tục QIII/2019; xây dựng QI/2020; sử dụng QIV/2020",
        "vận hành từ 12/2018",
        "vận hành từ quý II/2023",
        "đưa vào hoạt động 2019",
    ],
)
def test_published_schedule_is_not_one_date(raw: str) -> None:
    with pytest.raises(Unreadable, match="Enter one date"):
        read_day(raw)


@pytest.mark.parametrize(
    ("day", "precision", "vi", "en"),
    [
        (date(2026, 11, 22), "day", "22/11/2026", "22/11/2026"),
        (date(2026, 2, 1), "day", "01/02/2026", "01/02/2026"),
        (date(2026, 11, 30), "month", "11/2026", "11/2026"),
        (date(2026, 2, 28), "month", "02/2026", "02/2026"),
        (date(2026, 3, 31), "quarter", "Quý I/2026", "Q1 2026"),
        (date(2026, 12, 31), "quarter", "Quý IV/2026", "Q4 2026"),
        (date(2026, 6, 30), "half", "6 tháng đầu năm 2026", "First half of 2026"),
        (date(2026, 12, 31), "half", "6 tháng cuối năm 2026", "Second half of 2026"),
        (date(2026, 12, 31), "year", "2026", "2026"),
    ],
)
def test_shown(day: date, precision: str, vi: str, en: str) -> None:
    assert show_day(day, precision, "vi") == vi
    assert show_day(day, Precision(precision), "en") == en
    for locale in ("vi", "en"):
        reading = read_day(show_day(day, precision, locale), locale)
        assert (reading.day, reading.precision) == (day, precision)


def test_unknown_precision_is_a_fault() -> None:
    with pytest.raises(ValueError, match="week"):
        show_day(date(2026, 11, 22), "week")


@pytest.mark.parametrize(
    ("day", "vi", "en"),
    [
        (date(2026, 11, 22), "ngày 22 tháng 11 năm 2026", "22 November 2026"),
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026", "5 February 2026"),
        (date(2026, 3, 1), "ngày 01 tháng 3 năm 2026", "1 March 2026"),
        (date(2025, 1, 31), "ngày 31 tháng 01 năm 2025", "31 January 2025"),
        (date(2025, 12, 10), "ngày 10 tháng 12 năm 2025", "10 December 2025"),
    ],
)
def test_shown_long(day: date, vi: str, en: str) -> None:
    assert show_day_long(day, "vi") == vi
    assert show_day_long(day, "en") == en
    assert read_day(vi).day == read_day(en).day == day


DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(DAYS, st.sampled_from(["vi", "en"]))
def test_what_is_shown_reads_as_the_same_day(day: date, locale: Locale) -> None:
    assert read_day(show_day(day, "day", locale), locale).day == day
    assert read_day(show_day_long(day, locale), locale).day == day
    assert read_day(day.isoformat(), locale).day == day
    for precision in Precision:
        shown = show_day(day, precision, locale)
        reading = read_day(shown, locale)
        assert reading.precision is precision
        assert reading.day >= day
        assert show_day(reading.day, precision, locale) == shown


@given(st.text(max_size=30) | st.from_regex(r"[0-9/. -]{0,12}", fullmatch=True))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        assert 1900 <= read_day(text).day.year <= 2199


def test_moment_in_the_time_of_viet_nam() -> None:
    assert show_moment(datetime(2026, 11, 22, 7, 5, tzinfo=UTC)) == "22/11/2026 14:05"
    assert show_moment(datetime(2026, 11, 22, 17, 0, tzinfo=UTC), "en") == "23/11/2026 00:00"
    west = timezone(timedelta(hours=-5))
    assert show_moment(datetime(2026, 12, 31, 20, 30, tzinfo=west)) == "01/01/2027 08:30"
    with pytest.raises(ValueError, match="2026"):
        show_moment(datetime(2026, 11, 22, 7, 5))  # noqa: DTZ001 - refused


@pytest.mark.parametrize(
    ("days", "vi", "en"),
    [
        (13, "còn 13 ngày", "13 days left"),
        (1, "còn 1 ngày", "1 day left"),
        (0, "đến hạn hôm nay", "due today"),
        (-1, "quá hạn 1 ngày", "1 day overdue"),
        (-43, "quá hạn 43 ngày", "43 days overdue"),
        (-91, "quá hạn 91 ngày", "91 days overdue"),
        (-92, "chậm 3 tháng", "3 months late"),
        (-336, "chậm 11 tháng", "11 months late"),
        (-2088, "chậm 68 tháng", "68 months late"),
        (91, "còn 91 ngày", "91 days left"),
        (92, "còn 3 tháng", "3 months left"),
        (730, "còn 23 tháng", "23 months left"),
    ],
)
def test_distance(days: int, vi: str, en: str) -> None:
    assert show_distance(days, "vi") == vi
    assert show_distance(days, "en") == en
