"""Areas of land, as typed and as shown."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.notation import Doubtful, Locale, Unreadable
from portfolio.notation.area import read_area, show_area


@pytest.mark.parametrize(
    ("text", "hectares"),
    [
        ("120,5", "120.5"),
        ("120.5", "120.5"),
        ("120,5 ha", "120.5"),
        ("120,5ha", "120.5"),
        ("120,5 HA", "120.5"),
        ("120,5 héc ta", "120.5"),
        ("120,5 hécta", "120.5"),
        ("120.5 hectares", "120.5"),
        ("03 ha", "3"),
        ("140.618,5 m²", "14.06185"),
        ("140.618,5 m2", "14.06185"),
        ("140.618,5m2", "14.06185"),
        ("140 618,5 m²", "14.06185"),
        ("140,618.5 m2", "14.06185"),
        ("１４０６１８，５　ｍ２", "14.06185"),
        ("1.282.535 m2", "128.2535"),
        ("500 mét vuông", "0.05"),
        ("500 square metres", "0.05"),
        ("500 sq. m", "0.05"),
        ("9.677,3 km2", "967730"),
        ("2,5 km²", "250"),
        ("0", "0"),
    ],
)
@pytest.mark.parametrize("locale", ["vi", "en", None])
def test_clear_area(text: str, hectares: str, locale: Locale | None) -> None:
    reading = read_area(text, locale)
    assert reading.hectares == Decimal(hectares)
    assert not reading.settled_by_locale
    assert not reading.approx


def test_area_settled_by_the_language_of_the_field() -> None:
    assert read_area("65.000ha", "vi").hectares == 65000
    assert read_area("65.000ha", "en").hectares == 65
    assert read_area("10.340 m2", "vi").hectares == Decimal("1.034")
    assert read_area("10.340 m2", "vi").other == Decimal("0.001034")
    assert read_area("65.000ha", "vi").settled_by_locale
    with pytest.raises(Doubtful) as refusal:
        read_area("10.340 m2", None)
    assert refusal.value.readings == [Decimal("1.034"), Decimal("0.001034")]


def test_unit_of_the_field() -> None:
    assert read_area("7.464,8", default_unit="m2").hectares == Decimal("0.74648")
    assert read_area("2,5", default_unit="km2").hectares == 250
    assert read_area("2,5 ha", default_unit="m2").hectares == Decimal("2.5")


def test_qualifier_and_unit_as_printed() -> None:
    reading = read_area("Khoảng 47ha")
    assert (reading.qualifier, reading.unit_words, reading.approx) == ("Khoảng", "ha", True)
    assert read_area("hơn 7.464,8 m²").unit_words == "m2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Enter the area as a number, for example 120,5 ha"),
        ("ha", "Enter the area as a number, for example 120,5 ha"),
        ("m2", "Enter the area as a number, for example 120,5 ha"),
        ("1.23.4 ha", "Enter the area as a number, for example 120,5 ha"),
        (",5 ha", "Enter the area as a number, for example 120,5 ha"),
        ("-5 ha", "An area cannot be negative; enter it as 120,5 ha"),
        ("5 ha - 7 ha", "Enter one area only, not a range and not two areas, for example 120,5 ha"),
        ("5 - 7 m2", "Enter one area only, not a range and not two areas, for example 120,5 ha"),
        (
            "5 sào",
            "“5 sào” is not understood; enter only the area and unit, for example 120,5 ha",
        ),
        (
            "đất 5 ha",
            "“đất 5 ha” is not understood; enter only the area and unit, for example 120,5 ha",
        ),
        ("99.999.999 ha", "“99.999.999 ha” is more land than the province has; check the unit"),
        ("1,2345678 ha", "“1,2345678 ha” has more decimals than land is measured in"),
    ],
)
def test_unreadable_area_says_how_to_mend_it(text: str, message: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_area(text)
    assert str(refusal.value) == message


# Areas as printed on the public pages (column area_raw) and the hectares published for them; None
# where the entry names two areas or a web site, and the page must be asked.
PUBLISHED = [
    ("1.000 ha", "1000"),
    ("1.000ha", "1000"),
    ("1.350ha", "1350"),
    ("10.340 m2", "1.034"),
    ("100ha; còn 57,76ha", None),
    ("105 ha", "105"),
    ("106 ha", "106"),
    ("128,6 ha", "128.6"),
    ("160 ha", "160"),
    ("169ha", "169"),
    ("20 ha", "20"),
    ("200 ha", "200"),
    ("21,3 ha", "21.3"),
    ("21,3ha", "21.3"),
    ("24,55 ha", "24.55"),
    ("247,4 ha", "247.4"),
    ("248ha", "248"),
    ("264,4 ha", "264.4"),
    ("265ha", "265"),
    ("276,9 ha", "276.9"),
    ("277ha", "277"),
    ("278ha", "278"),
    ("283ha", "283"),
    ("30.840,1m2", "3.08401"),
    ("30ha", "30"),
    ("32.317 m2", "3.2317"),
    ("340ha", "340"),
    ("40 ha", "40"),
    ("40.200 m2", "4.02"),
    ("47.600 m2", "4.76"),
    ("57 ha", "57"),
    ("580.238,7 m2", "58.02387"),
    ("62,6 ha", "62.6"),
    ("65.000ha", "65000"),
    ("677 ha", "677"),
    ("7.464,8 m2", "0.74648"),
    ("90 ha + 15,2 ha chăn nuôi", None),
    ("960ha", "960"),
    ("gần 250 ha", "250"),
    ("gần 4.800 ha", "4800"),
    ("hơn 144,3ha", "144.3"),
    ("hơn 155 ha", "155"),
    ("hơn 198,7ha", "198.7"),
    ("hơn 233ha (betav3.kienthuc.net.vn)", None),
    ("khoảng 47ha", "47"),
    ("trên 2.500 ha", "2500"),
    ("trên 200 ha", "200"),
]


@pytest.mark.parametrize(("raw", "hectares"), PUBLISHED)
def test_published_area(raw: str, hectares: str | None) -> None:
    if hectares is None:
        with pytest.raises(Unreadable, match="Enter one area only"):
            read_area(raw)
        return
    reading = read_area(raw)
    assert reading.hectares == Decimal(hectares)
    assert reading.approx == raw.startswith(("gần", "hơn", "khoảng", "trên"))


@pytest.mark.parametrize(
    ("hectares", "vi", "en"),
    [
        ("120.5", "120,5 ha", "120.5 ha"),
        ("120.50000", "120,5 ha", "120.5 ha"),
        ("30", "30 ha", "30 ha"),
        ("65000", "65.000 ha", "65,000 ha"),
        ("14.06185", "14,06 ha", "14.06 ha"),
        ("14.065", "14,07 ha", "14.07 ha"),
        ("0.74648", "0,75 ha", "0.75 ha"),
        ("0.0045", "45 m²", "45 m²"),
        ("0.00123", "12,3 m²", "12.3 m²"),
        ("0", "0 ha", "0 ha"),
    ],
)
def test_shown(hectares: str, vi: str, en: str) -> None:
    assert show_area(Decimal(hectares), "vi") == vi
    assert show_area(Decimal(hectares), "en") == en


def test_shown_in_full() -> None:
    assert show_area(Decimal("14.06185"), "vi", full=True) == "14,06185 ha"
    assert show_area(1000, "en", full=True) == "1,000 ha"


@given(
    st.integers(0, 10**12).map(lambda number: Decimal(number).scaleb(-6)),
    st.sampled_from(["vi", "en"]),
)
def test_full_form_reads_as_the_same_area(hectares: Decimal, locale: Locale) -> None:
    assert read_area(show_area(hectares, locale, full=True), locale).hectares == hectares


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        assert read_area(text).hectares >= 0
