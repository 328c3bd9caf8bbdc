"""Sums of money: what officers type and what pages show.

Amounts are `Decimal` in whole units of their currency (đồng, dollars); columns and pages show
billions of đồng.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from portfolio.notation import N_, Doubtful, Locale, Unreadable
from portfolio.notation.amounts import Entry, Refusals, quoted, take_apart
from portfolio.notation.numbers import Figure, doubtful, rounded, show_number
from portfolio.notation.spoken import say_whole

BILLION: Final = Decimal(10**9)
MILLION: Final = Decimal(10**6)

_LARGEST: Final = Decimal(10**16)  # ten million billion đồng, near the product of the whole country
_SURELY_DONG: Final = Decimal(
    10**9
)  # a bare number of this size is a sum in đồng: no project costs so many billions
_GROUPS_IN_FULL: Final = 3  # 362.728.553 is written out in full
_TOO_MUCH: Final = Decimal(10**15)  # a million billion: rather a unit misunderstood than a project

_SCALES: Final = {
    "nghin ty": 10**12, "nghin ti": 10**12, "ngan ty": 10**12, "ngan ti": 10**12,
    "trillion": 10**12,
    "ty": 10**9, "ti": 10**9, "billion": 10**9, "bil": 10**9, "bn": 10**9,
    "trieu": 10**6, "tr": 10**6, "million": 10**6, "mil": 10**6, "mn": 10**6,
    "nghin": 10**3, "ngan": 10**3, "thousand": 10**3,
}  # fmt: skip
_CURRENCIES: Final = {
    "VND": ("vnd", "dong viet nam", "dong", "d", "₫"),
    "USD": ("usd", "us$", "$", "do la my", "do la", "us dollars", "us dollar", "dollars", "dollar"),
    "EUR": ("eur", "euros", "euro", "€"),
    "JPY": ("jpy", "yen nhat", "yen", "¥"),
    "KRW": ("krw", "won han quoc", "won", "₩"),
    "CNY": ("cny", "rmb", "nhan dan te", "yuan"),
    "GBP": ("gbp", "£"), "SGD": ("sgd",), "THB": ("thb", "baht"), "TWD": ("twd",),
    "AUD": ("aud",), "LAK": ("lak",),
}  # fmt: skip
_CURRENCY_OF: Final = {word: code for code, words in _CURRENCIES.items() for word in words}


def _one_of(words: dict[str, int] | dict[str, str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_UNIT: Final = re.compile(rf"({_one_of(_SCALES)})?\s*({_one_of(_CURRENCY_OF)})?")

_REFUSALS: Final = Refusals(
    not_a_number=N_("Enter the capital as a number, for example %(example)s"),
    not_one_number=N_(
        "Enter one amount only, not a range and not two amounts, for example %(example)s"
    ),
    negative=N_("An amount of capital cannot be negative; enter it as %(example)s"),
    example=Decimal("8033.8"),
)
_NOT_UNDERSTOOD: Final = N_(
    "“%(text)s” is not understood; enter only the amount and unit, for example %(example)s"
)


@dataclass(frozen=True, slots=True)
class MoneyReading:
    """A sum as read: `amount` in whole units of `currency`; unit and qualifier as printed.

    `other` is the amount in the other notation where the language of the field decided between two
    readings. `unit_assumed` says that a number without a unit was taken for a sum in đồng because
    of its size.
    """

    amount: Decimal
    currency: str
    unit_words: str = ""
    qualifier: str = ""
    other: Decimal | None = None
    unit_assumed: bool = False

    @property
    def approx(self) -> bool:
        """True for khoảng, hơn, gần, dự kiến and the like; the word itself is `qualifier`."""
        return bool(self.qualifier)

    @property
    def settled_by_locale(self) -> bool:
        """True where only the language of the field decided between two amounts."""
        return self.other is not None

    @property
    def wants_repeating(self) -> bool:
        """True where the page repeats the sum in words (`say_money`) before it saves."""
        return self.settled_by_locale or self.unit_assumed


def read_money(
    text: str, *, locale: Locale | None = "vi", default_unit: Decimal = BILLION
) -> MoneyReading:
    """Read a sum; a number without a unit counts `default_unit` đồng, or đồng if in full.

    Raises `Unreadable` with a message that says how to mend the entry, and `Doubtful` with the
    candidate amounts where nothing settles the reading: no `locale` for `5.345`, or a bare number
    too large for its unit.
    """
    entry = take_apart(text, locale, _REFUSALS)
    scale, currency = _unit(entry, text, locale)
    size, assumed = _unit_size(entry.figure, scale, currency, default_unit)
    if locale is None and entry.figure.other is not None:
        raise doubtful(entry.figure, size)
    amount = _checked(entry.figure.value * size, text)
    other = None if entry.figure.other is None else _in_hundredths(entry.figure.other * size)
    return MoneyReading(
        amount, currency or "VND", entry.unit_words, entry.qualifier, other, assumed
    )


def _unit(entry: Entry, text: str, locale: Locale | None) -> tuple[int | None, str | None]:
    found = _UNIT.fullmatch(entry.after)
    before = _CURRENCY_OF.get(entry.before)
    if found is None or (entry.before and before is None):
        params = {
            "text": quoted(text),
            "example": show_money(_REFUSALS.example * BILLION, "VND", locale or "vi"),
        }
        raise Unreadable(_NOT_UNDERSTOOD, params)
    scale, after = found.groups()
    currency = _CURRENCY_OF[after] if after else before
    if before and currency != before:
        raise Unreadable(N_("“%(text)s” names two currencies; enter one"), {"text": quoted(text)})
    return (None if scale is None else _SCALES[scale]), currency


def _unit_size(
    figure: Figure, scale: int | None, currency: str | None, default: Decimal
) -> tuple[Decimal, bool]:
    """How many units of the currency one of the figure is, and whether that was only assumed."""
    if scale is not None:
        return Decimal(scale), False
    if currency is not None:
        return Decimal(1), False
    long = figure.groups >= _GROUPS_IN_FULL or figure.value >= _SURELY_DONG
    if long and default > 1 and figure.value.as_tuple().exponent == 0:  # đồng have no decimals
        return Decimal(1), True
    if figure.value * default >= _TOO_MUCH:
        message = N_(
            "Is %(text)s in dong or in billions? Enter its unit too, for example %(text)s đồng"
        )
        raise Doubtful(
            message, {"text": show_number(figure.value)}, (figure.value * default, figure.value)
        )
    return default, False


def _checked(amount: Decimal, text: str) -> Decimal:
    if amount > _LARGEST:
        raise Unreadable(
            N_("“%(text)s” is more than any project can cost; check the unit"),
            {"text": quoted(text)},
        )
    if amount != rounded(amount, 2):
        raise Unreadable(
            N_("“%(text)s” has more decimals than money has; leave some out"),
            {"text": quoted(text)},
        )
    return _in_hundredths(amount)


def _in_hundredths(amount: Decimal) -> Decimal:
    return rounded(amount, 2 if amount % 1 else 0)


_SHOWN_UNITS: Final[dict[Locale, dict[int, str]]] = {
    "vi": {9: "tỷ", 6: "triệu", 0: ""},
    "en": {9: "billion", 6: "million", 0: ""},
}


def show_money(
    amount: Decimal | int,
    currency: str = "VND",
    locale: Locale = "vi",
    *,
    decimals: int = 1,
    full: bool = False,
) -> str:
    """`8.033,8 tỷ đồng`, `VND 8,033.8 billion`; millions below a billion; `full`: every đồng."""
    amount = Decimal(amount)
    power = 0 if full else _shown_power(abs(amount), decimals)
    if not power:
        decimals = 2 if amount % 1 else 0
    number = show_number(amount.scaleb(-power), locale, decimals)
    unit = _SHOWN_UNITS[locale][power]
    if locale == "vi":
        parts = (number, unit, "đồng" if currency == "VND" else currency)
    else:
        parts = (currency, number, unit)
    return " ".join(filter(None, parts))


def _shown_power(size: Decimal, decimals: int) -> int:
    """Billions, millions or units; 999,96 million is one billion, not 1.000,0 million."""
    if size >= BILLION - MILLION * Decimal("0.5").scaleb(-decimals):
        return 9
    return 6 if size >= MILLION else 0


def show_billions(amount: Decimal | int, locale: Locale = "vi") -> str:
    """The figure of a column in billions: `8.033,8`; three decimals where one would show zero."""
    billions = Decimal(amount).scaleb(-9)
    tenths = rounded(billions, 1)
    return (
        show_number(tenths, locale, 1) if tenths or not amount else show_number(billions, locale, 3)
    )


_CURRENCY_NAMES: Final[dict[Locale, dict[str, str]]] = {
    "vi": {
        "VND": "đồng",
        "USD": "đô la Mỹ",
        "EUR": "euro",
        "JPY": "yên Nhật",
        "KRW": "won Hàn Quốc",
    },
    "en": {"VND": "dong", "USD": "US dollars", "EUR": "euros", "JPY": "yen", "KRW": "won"},
}


def say_money(reading: MoneyReading, locale: Locale = "vi") -> str:
    """The sum in words, to be confirmed: `năm nghìn ba trăm bốn mươi lăm tỷ đồng`."""
    whole, fraction = divmod(reading.amount, 1)
    name = _CURRENCY_NAMES[locale].get(reading.currency, reading.currency)
    hundredths = (
        f"{'và' if locale == 'vi' else 'and'} {int(fraction * 100):02d}/100" if fraction else ""
    )
    return " ".join(
        filter(None, (reading.qualifier, say_whole(int(whole), locale), name, hundredths))
    )
