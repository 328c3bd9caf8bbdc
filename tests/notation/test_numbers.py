"""The two notations of numbers."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from portfolio.notation import Doubtful, Locale, Unreadable
from portfolio.notation.numbers import read_figure, read_number, rounded, show_number

LOCALES: tuple[Locale, ...] = ("vi", "en")


# One reading, whatever the language of the field.
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("7", "7"),
        ("03", "3"),
        ("1332", "1332"),
        ("8.033,8", "8033.8"),
        ("8,033.8", "8033.8"),
        ("8033.8", "8033.8"),
        ("8033,8", "8033.8"),
        ("1.332,500", "1332.5"),
        ("1,332.500", "1332.5"),
        ("1.332.000", "1332000"),
        ("1,332,000", "1332000"),
        ("1.332.000,25", "1332000.25"),
        ("1 332", "1332"),
        ("1 332,5", "1332.5"),
        ("1 332.500", "1332.5"),
        ("8\u00a0033,8", "8033.8"),
        ("8\u202f033,8", "8033.8"),
        ("8\u2009033\u2009800,5", "8033800.5"),
        ("8033.800", "8033.8"),  # four digits before the mark: it does not group
        ("0,345", "0.345"),  # no group of thousands begins with zero
        ("0.345", "0.345"),
        ("1,5", "1.5"),
        ("1.25", "1.25"),
        ("1,2345", "1.2345"),
        ("12,3456789", "12.3456789"),
        ("８．０３３，８", "8033.8"),
        ("+5", "5"),
        (" 12 ", "12"),
    ],
)
@pytest.mark.parametrize("locale", ["vi", "en", None])
def test_clear_number(text: str, value: str, locale: Locale | None) -> None:
    reading = read_number(text, locale)
    assert reading.value == Decimal(value)
    assert not reading.settled_by_locale


@pytest.mark.parametrize(
    ("text", "grouped", "fraction", "vi", "en"),
    [
        ("5.345", "5345", "5.345", "grouped", "fraction"),
        ("5,345", "5345", "5.345", "fraction", "grouped"),
        ("12.345", "12345", "12.345", "grouped", "fraction"),
        ("123,456", "123456", "123.456", "fraction", "grouped"),
        ("1.000", "1000", "1", "grouped", "fraction"),
    ],
)
def test_number_that_fits_both_notations(
    text: str, grouped: str, fraction: str, vi: str, en: str
) -> None:
    values = {"grouped": Decimal(grouped), "fraction": Decimal(fraction)}
    for locale, chosen in (("vi", vi), ("en", en)):
        reading = read_number(text, locale)
        assert reading.value == values.pop(chosen)
        assert reading.other == next(iter(values.values()))
        assert reading.settled_by_locale
        values[chosen] = reading.value
    with pytest.raises(Doubtful) as refusal:
        read_number(text, None)
    assert refusal.value.readings == [Decimal(grouped), Decimal(fraction)]
    # What the message proposes is clear.
    assert read_number(refusal.value.params["whole"], None).value == Decimal(grouped)
    assert read_number(refusal.value.params["fraction"], None).value == Decimal(fraction)


NO_NUMBERS = [
    "", " ", "abc", "1.23.4", "1,234,56", "1.2.3", "12.34.567", "1234.567.890", "1.234,567,890",
    "1,234.567.890", "1.234.567,8,9", "1..5", "1,,5", "1.,5", ".5", ",5", "5.", "5,", "-5", "−5",
    "1 23", "12 3456", "1 332 50", "1.332 500", "5 ,3", "1e5", "0x1F", "½", "٣", "१२", "1/2",
    "0.123.456", "012.345.678", "1" * 41, "NaN", "Infinity", "1_000",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize("locale", ["vi", "en", None])
def test_no_number(text: str, locale: Locale | None) -> None:
    with pytest.raises(Unreadable, match="Enter a number, for example") as refusal:
        read_number(text, locale)
    assert not isinstance(refusal.value, Doubtful)


def test_example_in_a_message_is_in_the_notation_of_the_page() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_number("x", "vi")
    assert str(refusal.value) == "Enter a number, for example 1.250,5"
    with pytest.raises(Unreadable, match=r"for example 1,250\.5"):
        read_number("x", "en")


def test_groups_are_counted() -> None:
    figure = read_figure("8.033.800.000.000", "vi")
    assert figure is not None
    assert figure.groups == 5


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        ("0", None, "0", "0"),
        ("8033.8", None, "8.033,8", "8,033.8"),
        ("8033.80", None, "8.033,8", "8,033.8"),
        ("8033", None, "8.033", "8,033"),
        ("8033", 1, "8.033,0", "8,033.0"),
        ("8033.85", 1, "8.033,9", "8,033.9"),
        ("8033.849", 1, "8.033,8", "8,033.8"),
        ("0.05", 1, "0,1", "0.1"),  # halves away from zero
        ("0.25", 1, "0,3", "0.3"),
        ("-0.25", 1, "-0,3", "-0.3"),
        ("999.95", 1, "1.000,0", "1,000.0"),
        ("1234567890123456.78", 2, "1.234.567.890.123.456,78", "1,234,567,890,123,456.78"),
        ("1E+3", None, "1.000", "1,000"),
        ("1E-7", None, "0,0000001", "0.0000001"),
        ("38.9", 1, "38,9", "38.9"),
        ("100", None, "100", "100"),
    ],
)
def test_shown(value: str, decimals: int | None, vi: str, en: str) -> None:
    assert show_number(Decimal(value), "vi", decimals) == vi
    assert show_number(Decimal(value), "en", decimals) == en


@pytest.mark.parametrize(
    ("value", "vi", "en"), [(0, "0", "0"), (2841, "2.841", "2,841"), (100, "100", "100")]
)
def test_whole_numbers_shown(value: int, vi: str, en: str) -> None:
    assert show_number(value, "vi") == vi
    assert show_number(value, "en") == en
    assert show_number(value, "vi", 1) == f"{vi},0"


def test_rounded_half_up() -> None:
    tenths = [rounded(Decimal(text), 1) for text in ("0.15", "0.25", "0.35", "-0.15", "2.349")]
    assert [str(tenth) for tenth in tenths] == ["0.2", "0.3", "0.4", "-0.2", "2.3"]


AMOUNTS = st.decimals(min_value=-(10**15), max_value=10**15, places=2, allow_nan=False)


@given(AMOUNTS, st.sampled_from(LOCALES), st.sampled_from([0, 1, 2, 3]))
def test_numbers_agree_with_the_language_data(
    value: Decimal, locale: Locale, decimals: int
) -> None:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    with localcontext(rounding=ROUND_HALF_UP):
        expected = format_decimal(value, pattern, locale)
    shown = show_number(value, locale, decimals)
    if not rounded(value, decimals):
        shown, expected = shown.lstrip("-"), expected.lstrip("-")
    assert shown == expected
    with localcontext(rounding=ROUND_HALF_UP):
        free = format_decimal(value, "#,##0.##", locale)
    assert show_number(value, locale) == free or not value


@given(AMOUNTS.map(abs), st.sampled_from(LOCALES))
def test_what_is_shown_reads_as_the_same_number(value: Decimal, locale: Locale) -> None:
    assert read_number(show_number(value, locale), locale).value == value
    assert read_number(show_number(value, locale, 2), None).value == value
