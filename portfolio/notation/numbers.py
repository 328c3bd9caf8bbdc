"""Numbers in the two notations of the office: 8.033,8 (vi) and 8,033.8 (en).

A number whose marks fit one notation only is read as that, whatever the page's language. A number
that fits both (5.345: five thousand or five point three?) is settled by the language of its field
and remembers the other reading.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from portfolio.notation import N_, Doubtful, Locale, Unreadable
from portfolio.notation.fold import plain

DIGITS: Final = r"[0-9](?:[0-9.,\s]*[0-9])?"
"""A run of digits, marks and spaces that `read_figure` may be asked about."""

NEGATIVE_SIGNS: Final = ("-", "−", "–", "—")

_LONGEST: Final = 40  # characters; far above any sum of money, far below what would cost time
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")
_SPACED: Final = re.compile(r"([1-9][0-9]{0,2}(?:\s[0-9]{3})+)(?:[.,]([0-9]+))?")
_DECIMAL: Final = re.compile(r"([0-9]+)[.,]([0-9]+)")
_NUMBER: Final = re.compile(rf"[+]?\s*({DIGITS})")
_PLACES: Final = {decimals: Decimal(1).scaleb(-decimals) for decimals in range(9)}
_SWAP_MARKS: Final = str.maketrans(",.", ".,")
_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as read; `other` is its value in the other notation where both fit."""

    value: Decimal
    other: Decimal | None = None
    groups: int = 1

    @property
    def settled_by_locale(self) -> bool:
        """True where only the language of the field decided: to be repeated before saving."""
        return self.other is not None


def read_figure(digits: str, locale: Locale | None) -> Figure | None:
    """Read bare digits with their marks; None if they fit no notation.

    Without a `locale` a number that fits both is read as grouped, and the caller refuses it with
    `doubtful`.
    """
    if len(digits) > _LONGEST:
        return None
    if digits.isdigit():
        return Figure(Decimal(digits))
    if spaced := _SPACED.fullmatch(digits):
        groups, rest = spaced[1].split(), spaced[2]
        return Figure(Decimal("".join(groups) + (f".{rest}" if rest else "")), groups=len(groups))
    if "." in digits and "," in digits:
        return _read_both_marks(digits)
    if _DECIMAL.fullmatch(digits):
        return _read_one_mark(digits, locale)
    return _grouped(digits)


def _read_both_marks(digits: str) -> Figure | None:
    """The later mark is the decimal one, so it stands once; the earlier one groups."""
    at = max(digits.rfind("."), digits.rfind(","))
    whole, mark, rest = digits[:at], digits[at], digits[at + 1 :]
    grouped = None if mark in whole else _grouped(whole)
    if grouped is None or not rest.isdigit():
        return None
    return Figure(Decimal(f"{grouped.value}.{rest}"), groups=grouped.groups)


def _read_one_mark(digits: str, locale: Locale | None) -> Figure:
    fraction, grouped = Decimal(digits.replace(",", ".")), _grouped(digits)
    if grouped is None:
        return Figure(fraction)
    if locale is None or ("." in digits) == (locale == "vi"):
        return Figure(grouped.value, other=fraction, groups=grouped.groups)
    return Figure(fraction, other=grouped.value)


def _grouped(digits: str) -> Figure | None:
    if not _GROUPED.fullmatch(digits) or ("." in digits and "," in digits):
        return None
    groups = digits.replace(",", ".").split(".")
    return Figure(Decimal("".join(groups)), groups=len(groups))


def doubtful(figure: Figure, size: Decimal = Decimal(1)) -> Doubtful:
    """The refusal of a figure that fits both notations; its readings count in units of `size`."""
    whole, fraction = figure.value, figure.other or figure.value
    message = N_(
        "%(text)s can be read in two ways; enter %(whole)s, or %(fraction)s for the decimal number"
    )
    # A fourth decimal cannot be taken for a group of thousands.
    params = {
        "text": show_number(whole, "vi"),
        "whole": str(whole),
        "fraction": f"{fraction}0".replace(".", ","),
    }
    return Doubtful(message, params, (whole * size, fraction * size))


def read_number(text: str, locale: Locale | None = "vi") -> Figure:
    """Read a plain number, not negative (jobs, years, shares); raises `Unreadable`."""
    found = _NUMBER.fullmatch(plain(text).strip())
    figure = read_figure(found[1], locale) if found else None
    if figure is None:
        raise Unreadable(
            N_("Enter a number, for example %(example)s"),
            {"example": example(Decimal("1250.5"), locale)},
        )
    if locale is None and figure.other is not None:
        raise doubtful(figure)
    return figure


def example(value: Decimal, locale: Locale | None) -> str:
    """A number for the end of a message, in the notation of the page."""
    return show_number(value, locale or "vi")


def rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` to so many decimals, halves away from zero, as sums are rounded on paper."""
    return value.quantize(_PLACES[decimals], ROUND_HALF_UP, _EXACT)


def show_number(value: Decimal | int, locale: Locale = "vi", decimals: int | None = None) -> str:
    """`8.033,8` or `8,033.8`; exactly `decimals` of them, or as many as the value needs."""
    if decimals is not None:
        value = rounded(Decimal(value), decimals)
    shown = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if decimals is None and "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return shown.translate(_SWAP_MARKS) if locale == "vi" else shown
