"""Whole numbers in words."""

import pytest

from portfolio.notation.spoken import say_whole


@pytest.mark.parametrize(
    ("number", "vi", "en"),
    [
        (0, "không", "zero"),
        (1, "một", "one"),
        (5, "năm", "five"),
        (10, "mười", "ten"),
        (11, "mười một", "eleven"),
        (14, "mười bốn", "fourteen"),
        (15, "mười lăm", "fifteen"),
        (20, "hai mươi", "twenty"),
        (21, "hai mươi mốt", "twenty-one"),
        (24, "hai mươi tư", "twenty-four"),
        (25, "hai mươi lăm", "twenty-five"),
        (55, "năm mươi lăm", "fifty-five"),
        (91, "chín mươi mốt", "ninety-one"),
        (100, "một trăm", "one hundred"),
        (101, "một trăm linh một", "one hundred one"),
        (105, "một trăm linh năm", "one hundred five"),
        (110, "một trăm mười", "one hundred ten"),
        (115, "một trăm mười lăm", "one hundred fifteen"),
        (999, "chín trăm chín mươi chín", "nine hundred ninety-nine"),
        (1000, "một nghìn", "one thousand"),
        (1005, "một nghìn không trăm linh năm", "one thousand five"),
        (1010, "một nghìn không trăm mười", "one thousand ten"),
        (1100, "một nghìn một trăm", "one thousand one hundred"),
        (
            8033,
            "tám nghìn không trăm ba mươi ba",
            "eight thousand thirty-three",
        ),
        (1_000_000, "một triệu", "one million"),
        (1_005_000, "một triệu không trăm linh năm nghìn", "one million five thousand"),
        (1_000_500, "một triệu năm trăm", "one million five hundred"),
        (1_000_005, "một triệu không trăm linh năm", "one million five"),
        (10**9, "một tỷ", "one billion"),
        (1_050_000_000, "một tỷ không trăm năm mươi triệu", "one billion fifty million"),
        (5_345 * 10**9, "năm nghìn ba trăm bốn mươi lăm tỷ", "five thousand three hundred forty-five billion"),
        (10**15, "một triệu tỷ", "one million billion"),
        (
            362_728_553,
            "ba trăm sáu mươi hai triệu bảy trăm hai mươi tám nghìn năm trăm năm mươi ba",
            "three hundred sixty-two million seven hundred twenty-eight thousand five hundred fifty-three",
        ),
    ],
)  # fmt: skip
def test_said(number: int, vi: str, en: str) -> None:
    assert say_whole(number, "vi") == vi
    assert say_whole(number, "en") == en


def test_no_two_numbers_sound_alike() -> None:
    numbers = [*range(2000), *range(10**6, 10**6 + 2000), *range(10**9, 10**9 + 2000)]
    for locale in ("vi", "en"):
        said = {say_whole(number, locale) for number in numbers}
        assert len(said) == len(numbers)
