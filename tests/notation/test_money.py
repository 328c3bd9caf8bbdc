"""Sums of money, as typed and as shown."""

import pickle
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.notation import Doubtful, Locale, Unreadable
from portfolio.notation.money import read_money, say_money, show_billions, show_money

LOCALES: tuple[Locale, ...] = ("vi", "en")


# Clear sums: one reading in every field.
@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1332", "1332e9", "VND"),
        ("8.033,8", "8033.8e9", "VND"),
        ("8033.8", "8033.8e9", "VND"),
        ("8033,8", "8033.8e9", "VND"),
        ("8,033.8", "8033.8e9", "VND"),
        ("8 033,8", "8033.8e9", "VND"),
        ("8\u00a0033,8", "8033.8e9", "VND"),
        ("8\u202f033,8 tỷ\u00a0đồng", "8033.8e9", "VND"),
        ("８０３３．８", "8033.8e9", "VND"),
        ("８．０３３，８　tỷ", "8033.8e9", "VND"),
        ("0,35", "350e6", "VND"),
        ("0.345", "345e6", "VND"),
        ("0", "0", "VND"),
        ("1,2 nghìn tỷ", "1200e9", "VND"),
        ("1,2 nghìn tỷ đồng", "1200e9", "VND"),
        ("1,2 ngàn tỉ", "1200e9", "VND"),
        ("1.2 trillion", "1200e9", "VND"),
        ("350 triệu", "350e6", "VND"),
        ("350 triệu đồng", "350e6", "VND"),
        ("350 TRIỆU ĐỒNG", "350e6", "VND"),
        ("350triệu", "350e6", "VND"),
        ("350 trie\u0323\u0302u \u0111o\u0302\u0300ng", "350e6", "VND"),
        ("350 trieu dong", "350e6", "VND"),
        ("500 tr.đ", "500e6", "VND"),
        ("500 trđ", "500e6", "VND"),
        ("500 tr. đồng", "500e6", "VND"),
        ("500tr", "500e6", "VND"),
        ("12 tỷ", "12e9", "VND"),
        ("12 tỉ", "12e9", "VND"),
        ("12 Tỷ đ", "12e9", "VND"),
        ("12 tỷ VNĐ", "12e9", "VND"),
        ("12 tỷ VND", "12e9", "VND"),
        ("12 tỷ ₫", "12e9", "VND"),
        ("12 ty", "12e9", "VND"),
        ("12 tỷ đồng.", "12e9", "VND"),
        ("12 tỷ đồng Việt Nam", "12e9", "VND"),
        ("5 billion", "5e9", "VND"),
        ("5 bn VND", "5e9", "VND"),
        ("3 million", "3e6", "VND"),
        ("3 million dong", "3e6", "VND"),
        ("VND 8,033.8 billion", "8033.8e9", "VND"),
        ("VND8,033.8 billion", "8033.8e9", "VND"),
        ("đ 12 tỷ", "12e9", "VND"),
        ("900 nghìn đồng", "900e3", "VND"),
        ("52.268.300.000 đồng", "52268300000", "VND"),
        ("52,268,300,000 dong", "52268300000", "VND"),
        ("362.728.553 VNĐ", "362728553", "VND"),
        ("362728553 đồng", "362728553", "VND"),
        ("20,6 triệu USD", "20.6e6", "USD"),
        ("20.6 million USD", "20.6e6", "USD"),
        ("USD 20.6 million", "20.6e6", "USD"),
        ("US$20.6 million", "20.6e6", "USD"),
        ("20,6 triệu đô la Mỹ", "20.6e6", "USD"),
        ("20,6 triệu US$", "20.6e6", "USD"),
        ("67 triệu USD", "67e6", "USD"),
        ("1,5 tỷ USD", "1.5e9", "USD"),
        ("20.600.000 USD", "20600000", "USD"),
        ("1,234,567.89 USD", "1234567.89", "USD"),
        ("12,5 triệu EUR", "12.5e6", "EUR"),
        ("3,2 tỷ yên Nhật", "3.2e9", "JPY"),
        ("45 tỷ won", "45e9", "KRW"),
        ("80 triệu nhân dân tệ", "80e6", "CNY"),
    ],
)
@pytest.mark.parametrize("locale", ["vi", "en", None])
def test_clear_sum(text: str, amount: str, currency: str, locale: Locale | None) -> None:
    reading = read_money(text, locale=locale)
    assert (reading.amount, reading.currency) == (Decimal(amount), currency)
    assert not reading.wants_repeating
    assert not reading.approx


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("5.345", "5345e9", "5.345e9"),
        ("5,345", "5.345e9", "5345e9"),
        ("1.332", "1332e9", "1.332e9"),
        ("１．３３２", "1332e9", "1.332e9"),
        ("13.378 tỷ đồng", "13378e9", "13.378e9"),
        ("215,650 tỷ đồng", "215.65e9", "215650e9"),
        ("77.677 triệu đồng", "77677e6", "77.677e6"),
        ("1.450 triệu USD", "1450e6", "1.45e6"),
    ],
)
def test_sum_settled_by_the_language_of_the_field(text: str, vi: str, en: str) -> None:
    both = {Decimal(vi), Decimal(en)}
    for locale, amount in (("vi", Decimal(vi)), ("en", Decimal(en))):
        reading = read_money(text, locale=locale)
        assert reading.amount == amount
        assert reading.settled_by_locale
        assert reading.wants_repeating
        assert {reading.amount, reading.other} == both
    with pytest.raises(Doubtful) as refusal:
        read_money(text, locale=None)
    assert set(refusal.value.readings) == both


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("8.033.800.000.000", "8033800000000"),
        ("8,033,800,000,000", "8033800000000"),
        ("8 033 800 000 000", "8033800000000"),
        ("8033800000000", "8033800000000"),
        ("1.332.000.000", "1332000000"),
        ("1332000000", "1332000000"),
        ("362.728.553", "362728553"),
    ],
)
@pytest.mark.parametrize("locale", ["vi", "en", None])
def test_bare_sum_written_out_is_in_dong(text: str, amount: str, locale: Locale | None) -> None:
    reading = read_money(text, locale=locale)
    assert reading.amount == Decimal(amount)
    assert reading.unit_assumed
    assert reading.wants_repeating
    assert not reading.settled_by_locale


def test_bare_sum_between_is_doubtful() -> None:
    with pytest.raises(Doubtful, match="in dong or in billions") as refusal:
        read_money("1332000")
    assert refusal.value.readings == [Decimal(1332000) * 10**9, Decimal(1332000)]
    with pytest.raises(Doubtful, match="in dong or in billions"):
        read_money("1.332.000,5")
    assert read_money("999999").amount == Decimal(999999) * 10**9


def test_unit_of_the_field() -> None:
    assert read_money("350", default_unit=Decimal(10**6)).amount == 350 * 10**6
    assert read_money("350", default_unit=Decimal(1)).amount == 350
    assert read_money("1.332.000", default_unit=Decimal(1)).amount == 1332000
    assert read_money("350 tỷ", default_unit=Decimal(10**6)).amount == 350 * 10**9


@pytest.mark.parametrize(
    ("text", "amount", "qualifier", "unit"),
    [
        ("khoảng 11,6 tỷ đồng", "11.6e9", "khoảng", "tỷ đồng"),
        ("Khoảng 11,6 tỷ đồng", "11.6e9", "Khoảng", "tỷ đồng"),
        ("hơn 937 tỷ đồng", "937e9", "hơn", "tỷ đồng"),
        ("gần 15 tỷ đồng", "15e9", "gần", "tỷ đồng"),
        ("trên 657,4 tỷ", "657.4e9", "trên", "tỷ"),
        ("dự kiến 550 tỷ đồng", "550e9", "dự kiến", "tỷ đồng"),
        ("550 tỷ đồng (dự kiến)", "550e9", "dự kiến", "tỷ đồng"),
        ("ước tính khoảng 20 tỷ", "20e9", "ước tính khoảng", "tỷ"),
        ("xấp xỉ 20", "20e9", "xấp xỉ", ""),
        ("tối đa 20 triệu USD", "20e6", "tối đa", "triệu USD"),
        ("~20 tỷ", "20e9", "~", "tỷ"),
        (">20 tỷ", "20e9", ">", "tỷ"),
        ("about 20.6 million USD", "20.6e6", "about", "million USD"),
        ("more than VND 12 billion", "12e9", "more than", "billion"),
        ("nearly 12 billion (estimated)", "12e9", "nearly estimated", "billion"),
    ],
)
def test_qualifier_is_kept_as_printed(text: str, amount: str, qualifier: str, unit: str) -> None:
    reading = read_money(text)
    assert reading.amount == Decimal(amount)
    assert reading.approx
    assert (reading.qualifier, reading.unit_words) == (qualifier, unit)


def test_unit_words_as_printed() -> None:
    assert read_money("500 tr.đ").unit_words == "tr.đ"
    assert read_money("1332").unit_words == ""


NUMBER = "Enter the capital as a number, for example 8.033,8"
ONE = "Enter one amount only, not a range and not two amounts, for example 8.033,8"
NEGATIVE = "An amount of capital cannot be negative; enter it as 8.033,8"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", NUMBER),
        ("   ", NUMBER),
        ("abc", NUMBER),
        ("tỷ đồng", NUMBER),
        ("chưa xác định", NUMBER),
        ("1.23.4", NUMBER),
        ("1,234,56", NUMBER),
        ("1.234,567,8", NUMBER),
        ("12.34.567", NUMBER),
        ("1..5", NUMBER),
        (".5", NUMBER),
        (",5 tỷ", NUMBER),
        ("khoảng .5 tỷ", NUMBER),
        (". 5", NUMBER),
        ("1 23 tỷ", NUMBER),
        ("-5", NEGATIVE),
        ("−5 tỷ", NEGATIVE),
        ("– 5 tỷ", NEGATIVE),
        ("VND -5 billion", NEGATIVE),
        ("500 – 700 tỷ đồng", ONE),
        ("500-700", ONE),
        ("500 đến 700 tỷ", ONE),
        ("từ 5 tỷ đến 7 tỷ", ONE),
        ("1 tỷ 350 triệu", ONE),
        ("65 triệu USD (tương đương 1.450 tỷ đồng)", ONE),
        ("12 tỷ; 15 tỷ", ONE),
        ("1/2 tỷ", ONE),
    ],
)
def test_unreadable_sum_says_how_to_mend_it(text: str, message: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_money(text)
    assert str(refusal.value) == message
    assert "%(example)s" in refusal.value.message
    assert refusal.value.params["example"] == "8.033,8"


@pytest.mark.parametrize(
    "text",
    [
        "12 tấn",
        "12 tỷ đồng/năm",
        "12 tỷ ha",
        "Tổng vốn: 12 tỷ",
        "12 USD tỷ",
        "12%",
        "5 m",
        "12 tỷ tỷ",
    ],
)
def test_unknown_words_are_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="is not understood") as refusal:
        read_money(text)
    assert refusal.value.params == {"text": text, "example": "8.033,8 tỷ đồng"}
    with pytest.raises(Unreadable, match=r"for example VND 8,033\.8 billion"):
        read_money(text, locale="en")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("USD 5 tỷ đồng", "names two currencies"),
        ("12 triệu tỷ", "is not understood"),
        ("99.999.999 tỷ", "more than any project can cost"),
        ("9" * 30, "more than any project can cost"),
        ("1,2345678901234 tỷ", "more decimals than money has"),
        ("5,345 USD", None),
        ("5,3451 đồng", "more decimals than money has"),
    ],
)
def test_impossible_sums(text: str, message: str | None) -> None:
    if message is None:
        with pytest.raises(Unreadable, match="more decimals"):
            read_money(text, locale="vi")
        assert read_money(text, locale="en").amount == 5345
        return
    with pytest.raises(Unreadable, match=message):
        read_money(text)


def test_long_text_is_refused_and_not_repeated_whole() -> None:
    with pytest.raises(Unreadable, match="Enter the capital as a number"):
        read_money("12" + " " * 200)
    with pytest.raises(Unreadable) as refusal:
        read_money("12 " + "tấn " * 40)
    assert refusal.value.params["text"] == "12 " + "tấn " * 14 + "t…"


def test_a_refusal_survives_a_process_boundary() -> None:
    for text, locale in (("abc", "vi"), ("5.345", None)):
        with pytest.raises(Unreadable) as refusal:
            read_money(text, locale=locale)
        again = pickle.loads(pickle.dumps(refusal.value))  # noqa: S301 - our own
        assert type(again) is type(refusal.value)
        assert (again.message, again.params) == (refusal.value.message, refusal.value.params)
        assert getattr(again, "readings", 0) == getattr(refusal.value, "readings", 0)


# Capital as printed on the public pages (column capital_raw) and the billions published for it;
# None where one sum of đồng cannot be read from it, and the page must be asked.
PUBLISHED = [
    ("1.000 tỷ đồng", "1000"),
    ("1.300 tỷ đồng", "1300"),
    ("1.600 tỷ đồng", "1600"),
    ("1.890 tỷ đồng", "1890"),
    ("10.228 tỷ đồng", "10228"),
    ("123 tỷ", "123"),
    ("158 tỷ đồng", "158"),
    ("177 tỷ đồng", "177"),
    ("2.000 tỷ đồng", "2000"),
    ("215,650 tỷ đồng", "215.65"),
    ("279 tỷ đồng", "279"),
    ("348,474 tỷ đồng", "348.474"),
    ("362.728.553 VNĐ", "0.362728553"),
    ("4.121 tỷ đồng", "4121"),
    ("480 tỷ đồng", "480"),
    ("5.100 tỷ đồng", "5100"),
    ("5.582 tỷ đồng", "5582"),
    ("500 – 700 tỷ đồng", None),
    ("52.268.300.000 đồng", "52.2683"),
    ("530 tỷ đồng", "530"),
    ("550 tỷ đồng (dự kiến)", "550"),
    ("554 tỷ đồng", "554"),
    ("575,8 tỷ đồng", "575.8"),
    ("6.647 tỷ đồng", "6647"),
    ("600 tỷ đồng", "600"),
    ("65 triệu USD (tương đương 1.450 tỷ đồng)", None),
    ("7.280 tỷ đồng", "7280"),
    ("7.407 tỷ đồng", "7407"),
    ("7.780 tỷ đồng", "7780"),
    ("740 tỷ đồng", "740"),
    ("8.132 tỷ đồng", "8132"),
    ("8.162 tỷ đồng", "8162"),
    ("8.338 tỷ đồng", "8338"),
    ("80,2 tỷ đồng", "80.2"),
    ("9.591 tỷ đồng", "9591"),
    ("9.982 tỷ đồng", "9982"),
    ("900 tỷ đồng", "900"),
    ("hơn 353,5 tỷ đồng", "353.5"),
    ("hơn 937 tỷ đồng", "937"),
    ("khoảng 1.300 tỷ đồng", "1300"),
    ("khoảng 11,6 tỷ đồng", "11.6"),
    ("khoảng 630 tỷ đồng", "630"),
    # From the documents.
    ("298,65 tỷ đồng", "298.65"),
    ("1.332 tỷ đồng", "1332"),
    ("hơn 24.430 tỷ đồng", "24430"),
    ("khoảng 29.567 tỷ đồng", "29567"),
    ("khoảng 20.071 tỷ đồng", "20071"),
    ("5.618 triệu đồng", "5.618"),
    ("9.580,8 triệu đồng", "9.5808"),
    ("77.677 triệu đồng", "77.677"),
    ("67.685 triệu đồng", "67.685"),
    ("trên 657,4 tỷ đồng", "657.4"),
    ("409,298 tỷ đồng", "409.298"),
    ("14,5 tỷ đồng", "14.5"),
    ("32 tỷ đồng", "32"),
    ("gần 15 tỷ đồng", "15"),
    ("35,092 tỷ đồng", "35.092"),
    ("trên 118.000 tỷ đồng", "118000"),
]


@pytest.mark.parametrize(("raw", "billions"), PUBLISHED)
def test_published_capital(raw: str, billions: str | None) -> None:
    if billions is None:
        with pytest.raises(Unreadable, match="Enter one amount only"):
            read_money(raw)
        return
    reading = read_money(raw)
    assert reading.amount == Decimal(billions) * 10**9
    assert reading.currency == "VND"
    words = ("khoảng", "hơn", "gần", "trên", "dự kiến")
    assert reading.approx == any(word in raw for word in words)
    three_digits_after_one_mark = raw.count(".") + raw.count(",") == 1 and reading.settled_by_locale
    assert reading.settled_by_locale == three_digits_after_one_mark


def test_published_capital_in_dollars() -> None:
    reading = read_money("67 triệu USD")
    assert (reading.amount, reading.currency) == (67_000_000, "USD")


# Showing


@pytest.mark.parametrize(
    ("amount", "currency", "vi", "en"),
    [
        ("8033.8e9", "VND", "8.033,8 tỷ đồng", "VND 8,033.8 billion"),
        ("5345e9", "VND", "5.345,0 tỷ đồng", "VND 5,345.0 billion"),
        ("215.65e9", "VND", "215,7 tỷ đồng", "VND 215.7 billion"),  # half up
        ("1e9", "VND", "1,0 tỷ đồng", "VND 1.0 billion"),
        ("999949999", "VND", "999,9 triệu đồng", "VND 999.9 million"),
        ("999950000", "VND", "1,0 tỷ đồng", "VND 1.0 billion"),
        ("362728553", "VND", "362,7 triệu đồng", "VND 362.7 million"),
        ("1e6", "VND", "1,0 triệu đồng", "VND 1.0 million"),
        ("999999", "VND", "999.999 đồng", "VND 999,999"),
        ("0", "VND", "0 đồng", "VND 0"),
        ("20.6e6", "USD", "20,6 triệu USD", "USD 20.6 million"),
        ("1.5e9", "USD", "1,5 tỷ USD", "USD 1.5 billion"),
        ("500000", "USD", "500.000 USD", "USD 500,000"),
        ("1234.5", "USD", "1.234,50 USD", "USD 1,234.50"),
        ("-1.5e9", "VND", "-1,5 tỷ đồng", "VND -1.5 billion"),
    ],
)
def test_shown(amount: str, currency: str, vi: str, en: str) -> None:
    assert show_money(Decimal(amount), currency, "vi") == vi
    assert show_money(Decimal(amount), currency, "en") == en


@pytest.mark.parametrize(
    ("amount", "currency", "vi", "en"),
    [
        ("8033.8e9", "VND", "8.033.800.000.000 đồng", "VND 8,033,800,000,000"),
        ("362728553", "VND", "362.728.553 đồng", "VND 362,728,553"),
        ("20.6e6", "USD", "20.600.000 USD", "USD 20,600,000"),
        ("1234567.89", "USD", "1.234.567,89 USD", "USD 1,234,567.89"),
        ("0", "VND", "0 đồng", "VND 0"),
    ],
)
def test_shown_in_full(amount: str, currency: str, vi: str, en: str) -> None:
    assert show_money(Decimal(amount), currency, "vi", full=True) == vi
    assert show_money(Decimal(amount), currency, "en", full=True) == en


def test_decimals_asked_for() -> None:
    amount = Decimal(215650000000)
    assert show_money(amount, decimals=2) == "215,65 tỷ đồng"
    assert show_money(amount, decimals=0) == "216 tỷ đồng"
    assert show_money(999_600_000, decimals=0) == "1 tỷ đồng"
    assert show_money(999_400_000, decimals=0) == "999 triệu đồng"


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [
        ("8033.8e9", "8.033,8", "8,033.8"),
        ("8033.85e9", "8.033,9", "8,033.9"),
        ("158e9", "158,0", "158.0"),
        ("362728553", "0,4", "0.4"),
        ("14000000", "0,014", "0.014"),
        ("0", "0,0", "0.0"),
        ("-1.25e9", "-1,3", "-1.3"),
    ],
)
def test_bare_billions(amount: str, vi: str, en: str) -> None:
    assert show_billions(Decimal(amount), "vi") == vi
    assert show_billions(Decimal(amount), "en") == en


def test_whole_numbers_are_shown_too() -> None:
    assert show_billions(8_033_800_000_000) == "8.033,8"
    assert show_money(8_033_800_000_000) == "8.033,8 tỷ đồng"


TENTHS_OF_BILLIONS = st.integers(10, 10**7 - 1).map(lambda tenths: Decimal(tenths) * 10**8)
DONG = st.integers(0, 10**16).map(Decimal)
CENTS = st.integers(0, 10**17).map(lambda cents: Decimal(cents).scaleb(-2))


@given(TENTHS_OF_BILLIONS, st.sampled_from(LOCALES))
def test_short_form_reads_as_the_same_sum(amount: Decimal, locale: Locale) -> None:
    # One decimal is never doubtful, so the short form needs no language to be read.
    assert read_money(show_money(amount, "VND", locale), locale=None).amount == amount
    assert read_money(show_billions(amount, locale), locale=locale).amount == amount


@given(DONG, st.sampled_from(LOCALES))
def test_full_form_reads_as_the_same_sum(amount: Decimal, locale: Locale) -> None:
    reading = read_money(show_money(amount, "VND", locale, full=True), locale=locale)
    assert (reading.amount, reading.currency) == (amount, "VND")


@given(CENTS, st.sampled_from(LOCALES), st.sampled_from(["USD", "EUR", "JPY"]))
def test_full_foreign_sum_reads_as_the_same(amount: Decimal, locale: Locale, currency: str) -> None:
    reading = read_money(show_money(amount, currency, locale, full=True), locale=locale)
    assert (reading.amount, reading.currency) == (amount, currency)


@given(st.text(max_size=60), st.sampled_from(["vi", "en", None]))
def test_any_text_is_read_or_refused(text: str, locale: Locale | None) -> None:
    with suppress(Unreadable):
        assert read_money(text, locale=locale).amount >= 0


# In words


@pytest.mark.parametrize(
    ("text", "locale", "words"),
    [
        ("5.345", "vi", "năm nghìn ba trăm bốn mươi lăm tỷ đồng"),
        ("5.345", "en", "five billion three hundred forty-five million dong"),
        ("5,345", "en", "five thousand three hundred forty-five billion dong"),
        ("8.033,8", "vi", "tám nghìn không trăm ba mươi ba tỷ tám trăm triệu đồng"),
        ("20,6 triệu USD", "vi", "hai mươi triệu sáu trăm nghìn đô la Mỹ"),
        ("USD 20.6 million", "en", "twenty million six hundred thousand US dollars"),
        ("khoảng 1.300 tỷ", "vi", "khoảng một nghìn ba trăm tỷ đồng"),
        ("1.234,50 USD", "vi", "một nghìn hai trăm ba mươi tư đô la Mỹ và 50/100"),
        ("5 triệu GBP", "vi", "năm triệu GBP"),
        ("0", "vi", "không đồng"),
    ],
)
def test_said(text: str, locale: Locale, words: str) -> None:
    assert say_money(read_money(text, locale=locale), locale) == words
