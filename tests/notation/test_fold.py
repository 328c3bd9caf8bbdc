"""Names: one form for storing, one for finding, one for order."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.notation.fold import (
    AFTER_DAC,
    AFTER_DAK,
    SPELLINGS,
    Y_AS_I,
    fold,
    nfc,
    plain,
    vi_sort_key,
    words,
)

# Project, place, zone, office and investor names as published; from the documents and the pages.
NAMES = (Path(__file__).parent / "published_names.txt").read_text(encoding="utf-8").splitlines()


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Thép Đại Hưng", "thep dai hung"),
        ("THÉP ĐẠI HƯNG", "thep dai hung"),
        ("thep dai hung", "thep dai hung"),
        ("  Khu   công nghiệp –  Sao Mai ", "khu cong nghiep sao mai"),
        ("Agri–Tourism", "agri tourism"),
        ("Agri-Tourism", "agri tourism"),
        ("Khách sạn (Lô C19)", "khach san lo c19"),
        ("“Cải thiện”; Hợp phần:", "cai thien hop phan"),
        ("QL.40, QL.40B", "ql 40 ql 40b"),
        ("7,2 MW", "7 2 mw"),
        ("140.618,5 m²", "140 618 5 m2"),
        ("Ｋｏｎ　Ｔｕｍ", "kon tum"),
        ("Kon\u00a0Tum", "kon tum"),
        ("Kon\u200bTum\ufeff", "kon tum"),
        ("Ðak Tô", "dak to"),  # the Icelandic letter that stands in for Đ in old files
        ("Müller & Söhne Großhandel", "muller sohne grosshandel"),
        ("Łódź Æbler", "lodz aebler"),
        ("株式会社", "株式会社"),
        ("한국전력", "한국전력"),
        ("ประเทศไทย", "ประเทศไทย"),
        ("", ""),
        (" – ", ""),
    ],
)
def test_key(written: str, key: str) -> None:
    assert fold(written) == key


@pytest.mark.parametrize(
    "family",
    [
        ("Đăk Tô", "Đắk Tô", "Đak Tô", "Dak To", "Đắc Tô", "Đăktô", "DAKTO", "đắc tô"),
        ("Đăk Hà", "Đắk Hà", "Đắc Hà", "Dak Ha", "Đăkhà"),
        ("Đăk Glei", "Đắk Glei", "Đak Glei", "Đắc Glei", "Đăk Gley"),
        ("Đăk Bla", "Đăk Blà", "ĐăkBla", "Dak Bla"),
        ("Đắk Lắk", "Đăk Lăk", "Đắc Lắc", "Daklak", "Dak Lac"),
        ("Đăk Nông", "Đắk Nông", "Đắc Nông", "Daknong"),
        ("Đăk Xú", "Đăk Sú", "Đắk Sú", "Đăksú"),
        ("Đăk Ring", "Đăk Rinh", "Đăkrinh"),
        ("Đăk Đrinh", "Đăk Đ’rinh", "Đăk Đ'rinh", "Đakđrinh"),
        ("Ngọk Linh", "Ngọc Linh", "Ngok Linh", "NgọcLinh", "Ngọklinh"),
        ("Ngọk Bay", "Ngọc Bay", "Ngok Bay"),
        ("Bờ Y", "Pờ Y", "BO Y", "po y"),
        ("Kon Plông", "Kon Plong", "KonPlông", "Kon PLông", "konplong"),
        ("Kon Tum", "KonTum", "KONTUM"),
        ("Plei Kần", "PleiKần", "Pleikan"),
        ("Plei Đôn", "PleiĐôn"),
        ("Pleiku", "Plei Ku"),
        ("Tu Mơ Rông", "Tumơrông", "TuMơRông"),
        ("Ia H’Drai", "Ia H'Drai", "Ia HDrai", "IaHDrai"),
        ("Ya Ly", "Ia Ly", "Yaly", "Ialy", "Ya Li"),
        ("Ya Tăng", "Ia Tăng"),
        ("kỹ thuật", "kĩ thuật"),
        ("tỷ đồng", "tỉ đồng"),
        ("Mỹ", "Mĩ"),
        ("Lý Thái Tổ", "Lí Thái Tổ"),
        ("thác Pa Sỹ", "thác Pa Sĩ"),
        ("quý II", "quí II"),
        ("Hòa Bình", "Hoà Bình", "HOÀ BÌNH"),
        ("thủy điện", "thuỷ điện"),
        ("VinEco", "Vin Eco", "Vineco"),
        ("Vingroup", "VinGroup", "Vin Group"),
        ("Co.opmart", "Coopmart", "Co-opmart"),
        ("H'Nor", "H’nor", "Hnor"),
    ],
    ids=lambda family: family[0],
)
def test_spelling_family_is_one_key(family: tuple[str, ...]) -> None:
    keys = {fold(form) for name in family for form in (name, decomposed(name), name.upper())}
    assert len(keys) == 1, keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pờ Y", "Pờ Ê"),  # two communes
        ("Đăk Rinh", "Đăk Đrinh"),  # two power stations
        ("Đăk Xú", "Đăk Xao"),
        ("Đăk Psi 1", "Đăk Psi 2C"),
        ("Kon Rẫy 1", "Kon Rẫy 2"),
        ("rừng đặc dụng", "rừng đăk dụng"),
        ("vị trí đắc địa", "vị trí đăk địa"),
        ("đặc sản", "đăk sản"),
        ("thúy", "thúi"),
        ("huy", "hui"),
        ("tuy", "tui"),
        ("duy tân", "dui tân"),
        ("Dakota", "Dak Ota"),
        ("Ngọc Hồi", "Ngọc Linh"),
        ("Boy", "Bờ Y"),
        ("sky", "ski"),
    ],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_published_names_are_joined_only_where_letters_differ_in_size() -> None:
    by_key: dict[str, set[str]] = {}
    for name in NAMES:
        by_key.setdefault(fold(name), set()).add(name.lower())
    assert [same for same in by_key.values() if len(same) > 1] == []
    assert len(NAMES) > 480


@pytest.mark.parametrize("name", NAMES)
def test_published_name_in_any_form(name: str) -> None:
    key = fold(name)
    assert key.isascii()
    assert key
    assert fold(decomposed(name)) == fold(name.upper()) == fold(key) == key
    assert vi_sort_key(decomposed(name)) == vi_sort_key(name.upper()) == vi_sort_key(name)
    assert nfc(decomposed(name)) == nfc(name)


_PARTS = st.sampled_from(
    sorted(
        {part for written, one, _ in SPELLINGS for part in (*written.split(), *one.split())}
        | {written for written, _, _ in SPELLINGS}
        | set(AFTER_DAK.split())
        | set(AFTER_DAC.split())
        | set(Y_AS_I.split())
        | {"dak", "dac", "Đăk", "Đắc", "H'", "–", "y", "i"}
    )
)


@given(st.lists(_PARTS, max_size=6).map(" ".join) | st.text() | st.lists(_PARTS).map("".join))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(decomposed(text)) == fold(unicodedata.normalize("NFC", text))


def test_every_spelling_has_its_reason_and_does_something() -> None:
    for written, one, why in SPELLINGS:
        assert fold(written) == fold(one) != written, written
        assert why


def test_words() -> None:
    assert words("  Kon Plông, kon tum 2 ") == ["kon", "plong", "tum", "2"]
    assert words("thuỷ điện Đắc Tô") == ["thuy", "dien", "dak", "to"]
    assert words("–") == []


# Storing


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ha\u0309i Dươ\u031b\u0300ng", None),
        (decomposed("Hải Dương"), "Hải Dương"),
        (" Kon \t Tum\n", "Kon Tum"),
        ("Kon\u00a0\u2009Tum", "Kon Tum"),
        ("a\x00b\x07c\x7f", "abc"),
        ("Kon\u200b\u200d\u2060Tum\ufeff", "KonTum"),
        ("\u202eabc\u2069", "abc"),
        ("so\u00adft", "soft"),
        ("\ud800x\uffff", "x"),
        ("Giai đoạn ①", "Giai đoạn ①"),  # compatibility letters are somebody's text: kept
        ("", ""),
    ],
)
def test_stored_form(typed: str, stored: str | None) -> None:
    if stored is None:
        stored = unicodedata.normalize("NFC", typed)
    assert nfc(typed) == stored


def test_prose_keeps_its_lines() -> None:
    assert nfc(" Mục tiêu:\r\n- một \r\n\r\n-\u00a0 hai\u2028ba\r", lines=True) == (
        "Mục tiêu:\n- một\n\n- hai\nba"
    )
    assert nfc("a\r\nb") == "a b"


@given(st.text())
def test_storing_twice_changes_nothing(text: str) -> None:
    for lines in (False, True):
        stored = nfc(text, lines=lines)
        assert nfc(stored, lines=lines) == stored
        assert unicodedata.is_normalized("NFC", stored)
        stored.encode()
        assert "\x00" not in stored


def test_plain_keeps_places() -> None:
    assert plain("Khoảng 1.332 tỷ Đồng – dự kiến") == "khoang 1.332 ty dong – du kien"


# Order

ORDERED = [
    "",
    "24",
    "An", "àn", "Ản", "Ãn", "án", "Ạn", "An Bình", "Án Bình", "An Khê", "Anh", "ảnh",
    "Ăn", "Ằn", "Ân", "Ấn", "Ba", "Bà", "Ba Tô", "Ca", "Chư Hreng", "Da", "Dã", "Duy Tân",
    "Đà", "Đăk Psi 1", "Đăk Psi 2", "Đăk Psi 2C", "Đăk Psi 10", "Đắk Psi 11", "Đường D1",
    "Đường D7", "Đường D24", "Ea", "Em", "Ê", "Fococev", "Ga", "Him Lam", "Ia Chim", "Kon Tum",
    "Lê Lợi", "Măng Đen", "Ngô Mây", "Nguyễn Trãi", "Ong", "Óng", "Ông", "Ơn", "Pờ Ê", "Pờ Y",
    "Quang Trung", "Rờ Kơi", "Sa Thầy", "Tân Cảnh", "Tu Mơ Rông", "Uy", "Ưu", "Vin Eco", "Wa",
    "Xốp", "Ya Ly", "Zeta", "日本", "한국",
]  # fmt: skip


def test_order_of_the_vietnamese_alphabet() -> None:
    mixed = ORDERED[1::2] + ORDERED[::2]
    assert sorted(mixed, key=vi_sort_key) == ORDERED
    asked = ["An", "Ăn", "Ân", "Da", "Dã", "Đà", "Ea", "Ong", "Ông", "Ơn", "Uy", "Ưu"]
    assert sorted(set(asked), key=vi_sort_key) == asked


def test_order_of_all_letters_and_tones() -> None:
    alphabet = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
    tones = ["a", "à", "ả", "ã", "á", "ạ"]
    assert sorted(set(alphabet), key=vi_sort_key) == list(alphabet)
    assert sorted(set(tones), key=vi_sort_key) == tones


@given(st.text())
def test_sort_key_is_plain_and_the_same_for_every_form(text: str) -> None:
    key = vi_sort_key(text)
    assert key.isascii()
    assert key.isprintable()
    assert key == key.strip()
    assert vi_sort_key(decomposed(text)) == vi_sort_key(unicodedata.normalize("NFC", text))


def test_place_of_the_tone_and_punctuation_make_no_difference() -> None:
    assert vi_sort_key("Hoà Bình") == vi_sort_key("hòa-bình")
    assert vi_sort_key("Ia H'Drai") == vi_sort_key("Ia HDrai")
    assert vi_sort_key("số 07") == vi_sort_key("số 7")
