"""Numbers, sums, areas and days on pages: the Jinja filters, in the language of the answer.

A value that is not known (`None`) is shown as nothing; the page says what is missing.
"""

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from flask_babel import get_locale

from portfolio.notation import Locale
from portfolio.notation.area import show_area
from portfolio.notation.days import Precision, show_day, show_day_long, show_distance, show_moment
from portfolio.notation.money import show_billions, show_money
from portfolio.notation.numbers import show_number


def install(app: Flask) -> None:
    """Register the filters below under their own names."""
    app.jinja_env.filters.update(
        money=money,
        billions=billions,
        area=area,
        number=number,
        day=day,
        day_long=day_long,
        moment=moment,
        distance=distance,
    )


def notation() -> Locale:
    """The notation of the answer: English for English readers, else Vietnamese.

    Flask-Babel works the language out once a request; asking again costs less than keeping a copy,
    which would be wrong inside `force_locale`.
    """
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "vi"


def money(
    amount: Decimal | int | None, currency: str = "VND", decimals: int = 1, *, full: bool = False
) -> str:
    """`8.033,8 tỷ đồng`; every đồng with `full`."""
    if amount is None:
        return ""
    return show_money(amount, currency, notation(), decimals=decimals, full=full)


def billions(amount: Decimal | int | None) -> str:
    """`8.033,8`, for columns that name billions of đồng in their heading."""
    return "" if amount is None else show_billions(amount, notation())


def area(hectares: Decimal | int | None, *, full: bool = False) -> str:
    """`120,5 ha`."""
    return "" if hectares is None else show_area(hectares, notation(), full=full)


def number(value: Decimal | int | None, decimals: int | None = None) -> str:
    """`2.841`, `8.033,8`."""
    return "" if value is None else show_number(value, notation(), decimals)


def day(on: date | None, precision: Precision | str = Precision.DAY) -> str:
    """`22/11/2026`, `11/2026`, `Quý IV/2026`, `6 tháng cuối năm 2026` or `2026`."""
    return "" if on is None else show_day(on, precision, notation())


def day_long(on: date | None) -> str:
    """`ngày 22 tháng 11 năm 2026`."""
    return "" if on is None else show_day_long(on, notation())


def moment(at: datetime | None) -> str:
    """`22/11/2026 14:05`, in the time of Viet Nam."""
    return "" if at is None else show_moment(at, notation())


def distance(days: int | None) -> str:
    """`còn 13 ngày`, `quá hạn 43 ngày`, `chậm 11 tháng`."""
    return "" if days is None else show_distance(days, notation())
