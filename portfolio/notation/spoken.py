"""Whole numbers in words, as papers repeat sums: no dot can be taken for a comma there."""

from typing import Final

from portfolio.notation import Locale

_VI_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_EN_UNITS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_EN_TENS: Final = (
    "zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_SCALES: Final[dict[Locale, tuple[tuple[int, str], ...]]] = {
    "vi": ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn")),
    "en": ((10**9, "billion"), (10**6, "million"), (10**3, "thousand")),
}


def say_whole(number: int, locale: Locale) -> str:
    """`8033` as `tám nghìn không trăm ba mươi ba` or `eight thousand thirty-three`."""
    if number == 0:
        return "không" if locale == "vi" else "zero"
    return " ".join(_say(number, locale, leads=True))


def _say(number: int, locale: Locale, *, leads: bool) -> list[str]:
    """The words of `number`; đồng has no unit above tỷ, so there are thousands of tỷ."""
    said: list[str] = []
    for size, name in _SCALES[locale]:
        count, number = divmod(number, size)
        if count:
            said += [*_say(count, locale, leads=leads and not said), name]
    if number:
        below = (
            _vi_below_1000(number, leads=leads and not said)
            if locale == "vi"
            else _en_below_1000(number)
        )
        said += below
    return said


def _vi_below_1000(number: int, *, leads: bool) -> list[str]:
    """Missing hundreds are said too, unless the number begins here: không trăm linh năm."""
    hundreds, rest = divmod(number, 100)
    said = [] if leads and not hundreds else [_VI_DIGITS[hundreds], "trăm"]
    tens, units = divmod(rest, 10)
    if not tens:
        return said + (
            [] if not units else ["linh", _VI_DIGITS[units]] if said else [_VI_DIGITS[units]]
        )
    said += ["mười"] if tens == 1 else [_VI_DIGITS[tens], "mươi"]
    if units:
        said.append(_vi_unit_after_tens(tens, units))
    return said


def _vi_unit_after_tens(tens: int, units: int) -> str:
    """Fifteen is mười lăm; twenty-one and twenty-four are hai mươi mốt and hai mươi tư."""
    changed = {5: "lăm"} if tens == 1 else {1: "mốt", 4: "tư", 5: "lăm"}
    return changed.get(units, _VI_DIGITS[units])


def _en_below_1000(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    said = [_EN_UNITS[hundreds], "hundred"] if hundreds else []
    tens, units = divmod(rest, 10)
    if 0 < rest < len(_EN_UNITS):
        said.append(_EN_UNITS[rest])
    elif rest:
        said.append(f"{_EN_TENS[tens]}-{_EN_UNITS[units]}" if units else _EN_TENS[tens])
    return said
