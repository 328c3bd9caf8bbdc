"""The figures of a closed month as an Excel workbook: four sheets of numbers to go on with."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from flask_babel import force_locale, gettext

from portfolio.register.filters.answers import STATES
from portfolio.register.phases import Side
from portfolio.reports.closing import MonthlyClosing
from portfolio.reports.statistics import Document
from portfolio.reports.tally import CLASSES

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
BILLION = Decimal(10) ** 9


def write(closing: MonthlyClosing, language: str) -> bytes:
    """The workbook, the same bytes each time: its date is that of the closing."""
    file = BytesIO()
    with force_locale(language), xlsxwriter.Workbook(file, {**OPTIONS, "in_memory": True}) as book:
        title = gettext("Monthly flash report %(month)s", month=f"{closing.month:%m/%Y}")
        book.set_properties({"title": title, "created": closing.closed_at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        found = closing.figures
        for name, rows in _sheets(found, language):
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
            sheet.write_string(1, 0, gettext("Sealed: %(digest)s", digest=closing.digest))
            _table(sheet, rows, bold, book)
    return file.getvalue()


def _table(sheet: Any, rows: Iterable[Sequence[object]], bold: Any, book: Any) -> None:
    shapes = {
        "text": book.add_format({"valign": "top"}),
        "number": book.add_format({"valign": "top", "num_format": "#,##0.##"}),
    }
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, 20, 14)
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value, bold if number == 3 else shapes["text"])  # noqa: PLR2004
            elif value is not None:
                sheet.write_number(number, column, float(value), shapes["number"])  # type: ignore[arg-type]
    sheet.freeze_panes(4, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)


def _sheets(found: Document, language: str) -> Iterable[tuple[str, Iterable[Sequence[object]]]]:
    yield gettext("Lateness"), _lateness(found)
    for name, part in (
        (gettext("Zones"), "zones"),
        (gettext("Sectors"), "sectors"),
        (gettext("Communes"), "new_places"),
        (gettext("Former districts"), "old_places"),
    ):
        yield name, _groups(found[part], found["total"], name, language)
    yield gettext("Causes"), _causes(found, language)
    yield gettext("New slippage"), _slips(found)


def _lateness(found: Document) -> Iterable[Sequence[object]]:
    first, latest = found["total"]["first"], found["total"]["latest"]
    yield gettext("Months late"), gettext("Against the first"), gettext("Against the latest")
    for band in found["bands"]:
        yield band, first["bands"].get(band, 0), latest["bands"].get(band, 0)
    for words, key in (
        (gettext("Late, together"), "late"),
        (gettext("Not late"), "on_time"),
        (gettext("No schedule dates"), "undated"),
        (gettext("Completed"), "done"),
    ):
        yield words, first[key], latest[key]
    yield gettext("Mean months"), _number(first["mean_months"]), _number(latest["mean_months"])


def _groups(
    rows: Iterable[Document], total: Document, name: str, language: str
) -> Iterable[Sequence[object]]:
    yield (
        name,
        gettext("Projects"),
        *(gettext(STATES[key]) for key in CLASSES),
        gettext("Late, first schedule"),
        gettext("Late, latest schedule"),
        gettext("Newly slipped"),
        gettext("Capital (bn đồng)"),
        gettext("Realised (bn đồng)"),
        gettext("Idle capital (bn đồng)"),
        gettext("Idle land (ha)"),
        gettext("Hectare-months idle"),
    )
    for row in rows:
        yield _group(row[language] or gettext("none of these"), row["tally"])
    yield _group(gettext("Total"), total)


def _group(name: str, tally: Document) -> Sequence[object]:
    return (
        name,
        tally["projects"],
        *(tally["classes"][key] for key in CLASSES),
        tally["first"]["late"],
        tally["latest"]["late"],
        tally["slipped"],
        _billions(tally["capital"]),
        _billions(tally["realised"]),
        _billions(tally["idle_capital"]),
        _number(tally["idle_ha"]),
        _number(tally["idle_months"]),
    )


def _causes(found: Document, language: str) -> Iterable[Sequence[object]]:
    yield gettext("Cause"), gettext("Side"), gettext("Projects")
    for one in found["causes"]["listed"]:
        yield one[language], gettext(Side(one["side"]).label), one["projects"]
    yield gettext("No cause on record"), "", found["causes"]["without"]


def _slips(found: Document) -> Iterable[Sequence[object]]:
    yield (
        gettext("Project"),
        gettext("Code"),
        gettext("Expected then"),
        gettext("Expected now"),
        gettext("Months later"),
    )
    for slip in found["slips"]:
        yield slip["name"], slip["code"], slip["before"], slip["after"], slip["months"]


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _billions(text: str) -> Decimal:
    return Decimal(text) / BILLION
