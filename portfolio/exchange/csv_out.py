"""A list as CSV: UTF-8 with its mark, commas, days as 2026-11-22, numbers with a decimal point.

For other programs; people take the workbook. Rows are sent as they are read, so a long list neither
waits nor fills the memory.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

from flask_babel import gettext

from portfolio.register.columns import Field, Words
from portfolio.register.find import Line

BYTE_ORDER_MARK = "\ufeff"
_CHUNK = 200

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
"""What makes a spreadsheet take a text for a formula when it stands first, full-width forms too."""


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if text[:1] in FORMULA_STARTS and text else text


def cell(value: Any) -> str:
    """One value as CSV holds it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, date):
        return value.isoformat()
    return guarded(str(value))


def write_csv(lines: Iterable[Line], fields: Sequence[Field], words: Words) -> Iterator[str]:
    """The file in pieces: a heading, then one row a line."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([guarded(gettext(field.heading)) for field in fields])
    for number, line in enumerate(lines, 1):
        writer.writerow([cell(field.value(line, words)) for field in fields])
        if number % _CHUNK == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
