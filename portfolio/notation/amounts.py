"""What money and areas share: an entry taken apart into its words, its one number and its unit."""

import re
import unicodedata
from decimal import Decimal
from typing import Final, NamedTuple

from portfolio.notation import Locale, Unreadable
from portfolio.notation.fold import nfc, plain
from portfolio.notation.numbers import DIGITS, NEGATIVE_SIGNS, Figure, example, read_figure

# Words that make a figure an approximate one; they are kept as printed beside it. Longest first.
_QUALIFIERS: Final = (
    "uoc khoang", "uoc tinh", "du kien", "xap xi", "toi da", "toi thieu", "it nhat", "khoang",
    "chung", "hon", "gan", "tren", "duoi", "uoc",
    "more than", "less than", "at least", "up to", "approximately", "approx", "about", "around",
    "over", "nearly", "almost", "under", "estimated", "expected", "planned",
    "~", "≈", ">", "<", "≥", "≤",
)  # fmt: skip
_QUALIFIER: Final = re.compile(rf"(?<![a-z])(?:{'|'.join(_QUALIFIERS)})(?![a-z])")
_ENTRY: Final = re.compile(rf"([^0-9]*?)([+]?)({DIGITS})([^0-9]*)")
_SQUARED: Final = re.compile(r"(?<=m)2(?![0-9])")
_LEADING_MARK: Final = re.compile(r"(?:^|[^a-z])[.,]\s*$|[.,]$")  # .5 is not read as 5
_LONGEST: Final = 200  # letters; a cell or field with more is prose
_QUOTED: Final = 60
_AROUND_UNITS: Final = " .,:;()[]"


class Refusals(NamedTuple):
    """The messages of one kind of field; `%(example)s` is filled in."""

    not_a_number: str
    not_one_number: str
    negative: str
    example: Decimal


class Entry(NamedTuple):
    """An entry taken apart: plain words around the number; unit and qualifier as printed."""

    before: str
    figure: Figure
    after: str
    unit_words: str
    qualifier: str


def take_apart(text: str, locale: Locale | None, refusals: Refusals) -> Entry:
    """Split an entry such as `khoảng 1.332 tỷ đồng`; raises `Unreadable`."""
    printed = nfc(unicodedata.normalize("NFKC", text[: _LONGEST + 1]))
    # The 2 of m² is no second number; the letter in its place keeps the two texts equally long.
    lowered = _SQUARED.sub("q", plain(printed))
    found = _ENTRY.fullmatch(lowered)
    params = {"example": example(refusals.example, locale)}
    if len(text) > _LONGEST:
        raise Unreadable(refusals.not_a_number, params)
    if found is None:
        several = any(letter in "0123456789" for letter in lowered)
        raise Unreadable(refusals.not_one_number if several else refusals.not_a_number, params)
    before, _sign, digits, after = found.groups()
    if before.rstrip().endswith(NEGATIVE_SIGNS):
        raise Unreadable(refusals.negative, params)
    figure = None if _LEADING_MARK.search(before) else read_figure(digits, locale)
    if figure is None:
        raise Unreadable(refusals.not_a_number, params)
    same = printed if len(printed) == len(lowered) else lowered
    return _entry(before, figure, after, same[: len(before)], same[len(lowered) - len(after) :])


def quoted(text: str) -> str:
    """The entry as a message repeats it: tidied and not too long."""
    printed = nfc(text)
    return printed if len(printed) <= _QUOTED else f"{printed[:_QUOTED]}…"


def _entry(
    before: str, figure: Figure, after: str, printed_before: str, printed_after: str
) -> Entry:
    said = [*_qualifiers(before, printed_before), *_qualifiers(after, printed_after)]
    return Entry(
        before=_bare(_QUALIFIER.sub(" ", before)),
        figure=figure,
        after=_bare(_QUALIFIER.sub(" ", after)),
        unit_words=_without_qualifiers(after, printed_after).strip(_AROUND_UNITS),
        qualifier=" ".join(said),
    )


def _qualifiers(lowered: str, printed: str) -> list[str]:
    return [printed[found.start() : found.end()] for found in _QUALIFIER.finditer(lowered)]


def _without_qualifiers(lowered: str, printed: str) -> str:
    kept = list(printed)
    for found in _QUALIFIER.finditer(lowered):
        kept[found.start() : found.end()] = " " * (found.end() - found.start())
    return " ".join("".join(kept).replace("( )", " ").split())


def _bare(words: str) -> str:
    """`tr.đ (…)` as words: punctuation around and inside units says nothing."""
    return " ".join(re.sub(r"[.,:;()\[\]]", " ", words).split())
