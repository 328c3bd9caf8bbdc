"""Names as people type them: one form for storing, one for searching, one for sorting.

`nfc` is for every text that enters the program, `fold` and `words` are for finding, `vi_sort_key`
is for order.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

# Spellings that mean one name. Each line: as written (folded), the form it is brought to, and why.
SPELLINGS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "ngok",
        "ngoc",
        "Ngọk Linh, Ngok Linh and Ngọc Linh are one mountain; so Ngọk Bay, Ngọk Lây, Ngọk Tem",
    ),
    (
        "po y",
        "bo y",
        "Bờ Y and Pờ Y are one commune and border gate; Pờ Ê is another commune and stays",
    ),
    ("ya", "ia", "Ya and Ia are one Gia Rai word for water: Ya Ly and Ia Ly, Ya Tăng and Ia Tăng"),
    ("yaly", "ia li", "the lake and the power station are printed Yaly, Ialy and Ya Ly"),
    ("ialy", "ia li", "the lake and the power station are printed Yaly, Ialy and Ya Ly"),
    ("gley", "glei", "Đăk Glei is also printed Đăk Gley"),
    ("dak su", "dak xu", "the commune is Đăk Xú, its stream and power station are printed Đăk Sú"),
    (
        "dak rinh",
        "dak ring",
        "the commune Đăk Ring is also printed Đăk Rinh; Đăk Đrinh is another place and stays",
    ),
    ("dak lac", "dak lak", "Đắc Lắc is the old print of Đắk Lắk"),
    ("dac lac", "dak lak", "Đắc Lắc is the old print of Đắk Lắk"),
    ("kontum", "kon tum", "firms print KonTum in one word"),
    ("konplong", "kon plong", "KonPlông in one word"),
    ("konray", "kon ray", "KonRẫy in one word"),
    ("mangden", "mang den", "MăngĐen in one word"),
    ("ngochoi", "ngoc hoi", "NgọcHồi in one word"),
    ("ngoclinh", "ngoc linh", "NgọcLinh in one word"),
    ("ngoklinh", "ngoc linh", "NgọkLinh in one word"),
    ("pleidon", "plei don", "PleiĐôn in one word"),
    ("pleikan", "plei kan", "PleiKần in one word"),
    ("pleiku", "plei ku", "Pleiku is also printed Plei Ku"),
    ("sathay", "sa thay", "SaThầy in one word"),
    ("tumorong", "tu mo rong", "Tumơrông is also printed Tu Mơ Rông"),
    ("iahdrai", "ia hdrai", "Ia H'Drai without its space"),
    ("iachim", "ia chim", "Ia Chim without its space"),
    ("vineco", "vin eco", "the firm is printed VinEco and Vin Eco"),
    ("vingroup", "vin group", "the firm is printed Vingroup, VinGroup and Vin Group"),
    ("coopmart", "co opmart", "the shop is printed Co.opmart and Coopmart"),
)

# Đăk (water, stream) is printed Đăk, Đắk, Đak, Dak and Đắc, apart from the next word or joined to
# it. Only the names below are taken for it, because "đặc" and "đắc" are ordinary words too (đặc
# sản, đặc dụng, vị trí đắc địa).
AFTER_DAK: Final = (
    "ang bla bro cam choong drinh duc glei gley ha kal kan ke koi krin la lac lak lo long man mek"
    " mi na nang nen nghe nhoong nong pek piu pne po pru psi re ring rinh ro ruoi rve sao sing su"
    " tang to toa tram tu uy xao xo xu"
)
AFTER_DAC: Final = "bla glei gley ha lac lak nong pek psi to uy"

# The school rule lets i and y stand for one sound at the end of these syllables (kỹ and kĩ, tỷ and
# tỉ, quý and quí). After another vowel they are two sounds (thúy, thúi), so only the whole word is
# taken.
Y_AS_I: Final = "hy ky ly my sy ty quy"

_APOSTROPHES: Final = "'’‘ʼʻʹ`"  # H'Drai, H’Drai and HDrai are one name
_LETTERS: Final = {
    "đ": "d",
    "ð": "d",
    "ø": "o",
    "ł": "l",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "ß": "ss",
}
# Answers for letters above this are not remembered, or a stranger could fill the memory.
_KEPT_BELOW: Final = 0x3000


class _Answers(dict[int, str | None]):
    """A table for `str.translate` that works out what a letter becomes when it is first met."""

    def __init__(self, ask: Callable[[str], str | None]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, code: int) -> str | None:
        answer = self._ask(chr(code))
        if code < _KEPT_BELOW:
            self[code] = answer
        return answer


def _plain_letter(letter: str) -> str | None:
    if letter in _APOSTROPHES or "\u0300" <= letter <= "\u036f":
        return None
    if letter in _LETTERS:
        return _LETTERS[letter]
    kind = unicodedata.category(letter)
    if kind == "Cf":
        return None
    if kind[0] in "ZPSC":
        return " "
    base = unicodedata.normalize("NFD", letter)[0]
    return _LETTERS.get(base, base) if base.isascii() or base in _LETTERS else letter


def _spellings() -> tuple[dict[str, str], dict[str, str]]:
    """The tables above as words to replace and as phrases to replace."""
    pairs = {written: one for written, one, _why in SPELLINGS}
    pairs |= {word: word[:-1] + "i" for word in Y_AS_I.split()}
    for name in AFTER_DAK.split():
        pairs[f"dak{name}"] = f"dak {pairs.get(name, name)}"
    for name in AFTER_DAC.split():
        pairs[f"dac{name}"] = pairs[f"dac {name}"] = f"dak {pairs.get(name, name)}"
    # A replacement may itself be in the table (dakrinh -> dak rinh -> dak ring), so each is carried
    # to its end here.
    pairs = {written: pairs.get(one, one) for written, one in pairs.items()}
    words = {written: one for written, one in pairs.items() if " " not in written}
    return words, {written: one for written, one in pairs.items() if " " in written}


_PLAIN: Final = _Answers(_plain_letter)
_WORDS, _PHRASES = _spellings()
_PHRASE: Final = re.compile(rf"\b(?:{'|'.join(sorted(_PHRASES))})\b")
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINE_END: Final = re.compile("\r\n|[\r\u2028\u2029]")


def nfc(text: str, *, lines: bool = False) -> str:
    r"""The text as it is stored: composed (NFC), without invisible characters, single-spaced.

    With `lines` the line breaks of prose stay (as `\n`, spaces at line ends removed); without, they
    become spaces.
    """
    if not text.isprintable():
        text = "".join(map(_stored_letter, _LINE_END.sub("\n", text)))
    text = unicodedata.normalize("NFC", text)
    if not lines:
        return " ".join(text.split())
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip("\n")


def _stored_letter(letter: str) -> str:
    if letter == "\n" or letter.isprintable():
        return letter
    kind = unicodedata.category(letter)
    if kind[0] == "Z" or letter in "\t\v\f\x85":
        return " "
    # Private and not yet assigned letters are somebody's text; the 66 noncharacters are nobody's
    # and break workbooks.
    nobodys = ord(letter) & 0xFFFF in (0xFFFE, 0xFFFF) or "\ufdd0" <= letter <= "\ufdef"
    return letter if kind in ("Co", "Cn") and not nobodys else ""


def plain(text: str) -> str:
    """Small letters without marks and đ; punctuation stays. As long as `text` if that is NFKC."""
    lowered = unicodedata.normalize("NFKC", text).lower()
    return "".join(
        [
            letter if letter.isascii() else (_PLAIN[ord(letter)] or "").strip() or letter
            for letter in lowered
        ]
    )


def fold(text: str) -> str:
    """The key by which a name is found: plain small letters, one form for each spelling family.

    >>> fold("Khu kinh tế cửa khẩu quốc tế Pờ Y") == fold("KHU KINH TE CUA KHAU QUOC TE BO Y")
    True
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    found = text.lower().translate(_PLAIN)
    if not found.isascii():
        found = unicodedata.normalize("NFKC", found)
    spelled = " ".join([_WORDS.get(word, word) for word in found.split()])
    return _PHRASE.sub(_one_spelling, spelled)


def _one_spelling(phrase: re.Match[str]) -> str:
    return _PHRASES[phrase.group()]


def words(query: str) -> list[str]:
    """The folded words of a search text, each once, in the order typed."""
    return list(dict.fromkeys(fold(query).split()))


# Sorting. Thirty-three letters (the Vietnamese alphabet with f j w z) stand on A-Z and a-g, so that
# byte order is alphabet order; the tones of each word follow after a space and decide only between
# names with the same letters.
_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACES: Final = dict(zip(_ALPHABET, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg", strict=True))
_TONES: Final = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_OWN_MARKS: Final = (
    "\u0302\u0306\u031b"  # circumflex, breve and horn make other letters; they are not tones
)
_NUMBER: Final = re.compile("[0-9]+")


_HEX_IN_LETTERS: Final = str.maketrans("0123456789abcdef", "ABCDEFGHIJKLMNOP")


def _sort_word_letter(letter: str) -> str | None:
    """Keep what belongs to a word, space out the rest."""
    gone = _plain_letter(letter)
    return letter if "\u0300" <= letter <= "\u036f" or (gone is not None and gone != " ") else gone


def _sort_place(letter: str) -> str | None:
    """Where the letter stands in the alphabet; digits and the `-` between words stay."""
    if letter == "-" or letter in "0123456789":
        return letter
    marks = unicodedata.normalize("NFD", letter)
    base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    if base in _PLACES:
        return _PLACES[base]
    folded = _plain_letter(letter)
    if folded is None:
        return None
    if folded.isascii():
        return "".join(_PLACES.get(one, one) for one in folded)
    # Other scripts stand after z in the order of their code points; in letters, so that they are
    # not taken for numbers.
    return "h" + f"{ord(letter):06x}".translate(_HEX_IN_LETTERS)


def _sort_tone(letter: str) -> str | None:
    if letter == "-":
        return letter
    return (
        "".join(_TONES[mark] for mark in unicodedata.normalize("NFD", letter) if mark in _TONES)
        or None
    )


_SORT_WORDS: Final = _Answers(_sort_word_letter)
_SORT_PLACES: Final = _Answers(_sort_place)
_SORT_TONES: Final = _Answers(_sort_tone)


def vi_sort_key(text: str) -> str:
    """An ASCII text whose byte order is the Vietnamese order; its column has the collation "C".

    Letters first (a ă â b c d đ e ê … u ư … z, digits before letters, numbers by their value), then
    tones (none, huyền, hỏi, ngã, sắc, nặng). Case, punctuation and the place of the tone mark make
    no difference.
    """
    lowered = unicodedata.normalize("NFKC", text).lower()
    joined = "-".join(lowered.translate(_SORT_WORDS).split())
    places = _NUMBER.sub(_number_place, joined.translate(_SORT_PLACES))
    if joined.isascii() or not places:
        return places
    tones = "".join([tone or "0" for tone in joined.translate(_SORT_TONES).split("-")])
    return f"{places} {tones.rstrip('0')}".rstrip()


def _number_place(number: re.Match[str]) -> str:
    """The count of digits before the digits, so that 9 stands before 10."""
    digits = number.group().lstrip("0") or "0"
    return f"{min(len(digits), 99):02d}{digits}"
