"""The monthly flash report in print: two or three pages that a leader reads in five minutes."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app

from portfolio.catalogue.typeset import Language, templates
from portfolio.notation.days import show_day, show_day_long
from portfolio.notation.money import show_billions
from portfolio.notation.numbers import show_number
from portfolio.register.filters.answers import STATES
from portfolio.register.phases import Side
from portfolio.reports.closing import MonthlyClosing
from portfolio.reports.statistics import Document
from portfolio.reports.tally import CLASSES

MOST_ROWS = 15


def set_flash(document: Document, closing: MonthlyClosing, language: str) -> str:
    """The HTML of the report on a closed month, in Vietnamese or English."""
    lang: Language = "en" if language == "en" else "vi"
    environment = templates(lang)
    environment.filters.update(filters(lang))
    return environment.get_template("flash.html").render(
        lang=lang,
        found=document,
        closing=closing,
        states={name: STATES[name] for name in CLASSES},
        sides={side.value: side.label for side in Side},
        most=MOST_ROWS,
        office=str(current_app.config["OFFICE_NAME"]),
        province=str(current_app.config["PROVINCE"]),
        demo=bool(current_app.config["DEMO"]),
    )


def filters(lang: Language) -> dict[str, Callable[..., Any]]:
    """How the report writes numbers, sums and days."""

    def number(value: int | str | None, decimals: int | None = None) -> str:
        return "" if value is None else show_number(Decimal(value), lang, decimals)

    def billions(value: str | None) -> str:
        return "" if value is None else show_billions(Decimal(value), lang)

    def day(text: str | None) -> str:
        return show_day(date.fromisoformat(text), locale=lang) if text else ""

    def day_long(on: date) -> str:
        return show_day_long(on, lang)

    return {"number": number, "billions": billions, "day": day, "day_long": day_long}
