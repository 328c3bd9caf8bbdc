"""Areas of land: read in hectares, m² or km², kept and shown in hectares."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from portfolio.notation import N_, Locale, Unreadable
from portfolio.notation.amounts import Refusals, quoted, take_apart
from portfolio.notation.numbers import doubtful, rounded, show_number

_LARGEST: Final = Decimal(
    10**7
)  # hectares; the whole country has some 33 million, the province 1.5 million
_DECIMALS: Final = 6  # of a hectare: a hundredth of a square metre

# The entry has been folded: m² and m2 arrive as `mq`.
_HECTARES: Final = {
    **dict.fromkeys(("ha", "hecta", "hec ta", "hectare", "hectares"), Decimal(1)),
    **dict.fromkeys(
        ("mq", "met vuong", "square metres", "square meters", "sq m", "sqm"), Decimal("0.0001")
    ),
    **dict.fromkeys(
        ("kmq", "km vuong", "ki lo met vuong", "square kilometres", "square kilometers", "sq km"),
        Decimal(100),
    ),
}

_REFUSALS: Final = Refusals(
    not_a_number=N_("Enter the area as a number, for example %(example)s ha"),
    not_one_number=N_(
        "Enter one area only, not a range and not two areas, for example %(example)s ha"
    ),
    negative=N_("An area cannot be negative; enter it as %(example)s ha"),
    example=Decimal("120.5"),
)
_NOT_UNDERSTOOD: Final = N_(
    "“%(text)s” is not understood; enter only the area and unit, for example %(example)s"
)


@dataclass(frozen=True, slots=True)
class AreaReading:
    """An area as read, in hectares, with its unit and qualifier as printed.

    `other` is the area in the other notation where the language of the field decided.
    """

    hectares: Decimal
    unit_words: str = ""
    qualifier: str = ""
    other: Decimal | None = None

    @property
    def approx(self) -> bool:
        """True for khoảng, hơn, gần, trên and the like; the word itself is `qualifier`."""
        return bool(self.qualifier)

    @property
    def settled_by_locale(self) -> bool:
        """True where only the language of the field decided between two areas."""
        return self.other is not None


def read_area(text: str, locale: Locale | None = "vi", default_unit: str = "ha") -> AreaReading:
    """Read an area; a number without a unit is in `default_unit` (`ha`, `m2` or `km2`).

    Raises `Unreadable` with a message that says how to mend the entry, and `Doubtful` for `5.345`
    without a `locale`.
    """
    entry = take_apart(text, locale, _REFUSALS)
    size = _HECTARES.get(entry.after or default_unit.replace("2", "q"))
    if size is None or entry.before:
        params = {"text": quoted(text), "example": show_area(_REFUSALS.example, locale or "vi")}
        raise Unreadable(_NOT_UNDERSTOOD, params)
    if locale is None and entry.figure.other is not None:
        raise doubtful(entry.figure, size)
    hectares = entry.figure.value * size
    if hectares > _LARGEST:
        raise Unreadable(
            N_("“%(text)s” is more land than the province has; check the unit"),
            {"text": quoted(text)},
        )
    if hectares != rounded(hectares, _DECIMALS):
        raise Unreadable(
            N_("“%(text)s” has more decimals than land is measured in"), {"text": quoted(text)}
        )
    other = None if entry.figure.other is None else entry.figure.other * size
    return AreaReading(hectares, entry.unit_words, entry.qualifier, other)


def show_area(hectares: Decimal | int, locale: Locale = "vi", *, full: bool = False) -> str:
    """`120,5 ha`: at most two decimals, all with `full`; in m² where two decimals show zero."""
    hectares = Decimal(hectares)
    shown = hectares if full else rounded(hectares, 2)
    if not shown and hectares:
        return f"{show_number(hectares * 10000, locale)} m²"
    return f"{show_number(shown, locale)} ha"
