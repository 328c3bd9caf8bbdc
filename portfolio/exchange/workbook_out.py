"""A list as an Excel workbook: what it is on top, then a frozen heading and one row a project.

Texts are written as texts whatever they begin with, sums and areas as numbers, days as days. XlsxWriter
keeps one row in memory at a time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import xlsxwriter
from flask_babel import gettext

from portfolio.register.columns import Field, Kind, Words
from portfolio.register.find import Line

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
WIDTHS: dict[Kind, int] = {"text": 28, "billions": 16, "hectares": 14, "day": 14, "whole": 12}
_FORMATS: dict[Kind, dict[str, str]] = {
    "text": {"text_wrap": "1"},
    "billions": {"num_format": "#,##0.0"},
    "hectares": {"num_format": "#,##0.00"},
    "whole": {"num_format": "0"},
    "day": {"num_format": "dd/mm/yyyy", "align": "left"},
}


@dataclass(frozen=True)
class Heading:
    """What stands above the table: title, filters in words, number of rows, and the day."""

    title: str
    about: Sequence[str]


def write_workbook(
    file: BinaryIO, heading: Heading, lines: Iterable[Line], fields: Sequence[Field], words: Words
) -> int:
    """Write the workbook; returns how many rows it has.

    A workbook ends at 1,048,576 rows: what does not fit is left out, and its last row says so.
    """
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        # No name of a machine or program version: two exports of one list differ in nothing but the day.
        book.set_properties({"title": heading.title})
        sheet = book.add_worksheet(gettext("Projects"))
        bold = book.add_format({"bold": True})
        head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EEF2F6", "bottom": 1}
        )
        shapes = {k: book.add_format({"valign": "top", **shape}) for k, shape in _FORMATS.items()}
        for column, field in enumerate(fields):
            sheet.set_column(column, column, WIDTHS[field.kind])
        sheet.write_string(0, 0, heading.title, book.add_format({"bold": True, "font_size": 14}))
        for row, text in enumerate(heading.about, 1):
            sheet.write_string(row, 0, text[:LONGEST_TEXT])
        top = len(heading.about) + 2
        for column, field in enumerate(fields):
            sheet.write_string(top, column, gettext(field.heading), head)
        sheet.freeze_panes(top + 1, 0)
        writes = [_writer(sheet, field.kind, shapes[field.kind]) for field in fields]
        last = top
        for line in lines:
            if last + 2 >= MOST_ROWS:
                sheet.write_string(last + 1, 0, gettext("More rows do not fit in a workbook"), bold)
                break
            last += 1
            for column, field in enumerate(fields):
                value = field.value(line, words)
                if value is not None and value != "":
                    writes[column](last, column, value)
        sheet.autofilter(top, 0, max(last, top), len(fields) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
    return last - top


def _writer(sheet: Any, kind: Kind, shape: Any) -> Callable[[int, int, Any], None]:
    """How a value of a kind is written."""
    if kind in {"billions", "hectares", "whole"}:
        return lambda row, column, value: sheet.write_number(row, column, float(value), shape)
    if kind == "day":
        return lambda row, column, value: sheet.write_datetime(row, column, value, shape)
    return lambda row, column, value: sheet.write_string(
        row, column, str(value)[:LONGEST_TEXT], shape
    )
