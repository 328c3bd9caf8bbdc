"""Passwords: how they are kept, which are refused, and how a first one is made.

A password is judged by how many guesses it would take somebody who knows the office: names of the
product, the province, its zones and the person count as the first words to be tried. Nothing is
asked of its letters unless the office sets it so (NIST SP 800-63B-4, section 3.1.1.2).
"""

import math
import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from zxcvbn import matching, scoring

from portfolio.notation import N_
from portfolio.notation.fold import plain
from portfolio.web.errors import Refusal

LONGEST = 128
FEWEST_GUESSES = 10.0
"""Ten thousand million guesses (as a power of ten); the four words of a good pass phrase take more."""
MOST_JUDGED = 72
"""Letters that are judged: what is strong by then stays strong, and longer would only cost time."""

# 19 MiB, two passes, one lane: about 60 ms, so that a flood of sign-ins cannot stop the server.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

_REPEATED = re.compile(r"(.{1,8}?)\1+")
"""The same again adds next to nothing for whoever guesses."""

# What people of a Vietnamese office type first; the names of its own places come from the register.
_COMMON = """
    matkhau matkhaumoi matkhaumanh xinchao anhyeuem emyeuanh yeuem yeuanh iloveyou concacon
    quantri quantrivien quanly nhanvien canbo congchuc chuyenvien lanhdao giamdoc truongphong
    portfolio register soduan duan dautu duandautu sodautu xuctien xuctiendautu banquanly khukinhte
    sotaichinh sokehoach kehoach taichinh ubnd uyban uybannhandan congan tinhuy hoidong
    vietnam viet nam hanoi saigon hochiminh chucmungnammoi namoadidaphat trungtam dangnhap taikhoan
    motha haiba motbatram batnhau khongbiet khongnho nhomatkhau admin administrator password
    welcome letmein changeme secret default demo test user login
    angiang baria vungtau bacgiang backan baclieu bacninh bentre binhdinh binhduong binhphuoc
    binhthuan camau cantho caobang danang daklak daknong dienbien dongnai dongthap gialai hagiang
    hanam hatinh haiduong haiphong haugiang hoabinh hungyen khanhhoa kiengiang kontum laichau
    lamdong langson laocai longan namdinh nghean ninhbinh ninhthuan phutho phuyen quangbinh
    quangnam quangngai quangninh quangtri soctrang sonla tayninh thaibinh thainguyen thanhhoa
    thuathienhue hue tiengiang travinh tuyenquang vinhlong vinhphuc yenbai
""".split()  # noqa: SIM905  a list of quoted words cannot be read


class WeakPassword(Refusal):
    """A password that this register does not accept; the message says why and what helps."""

    field = "password"


def normal(password: str) -> str:
    """The password as it is hashed: composed letters, nothing cut and nothing trimmed."""
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    """The Argon2id text that is stored."""
    return _HASHER.hash(normal(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether ``password`` belongs to the hash; without one it takes the same time and is wrong."""
    candidate = normal(password)
    known = stored is not None and len(candidate) <= LONGEST
    try:
        _HASHER.verify(stored if known and stored else _nobodys_hash(), candidate[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return known


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made under other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def make_password() -> str:
    """A random first password of 20 letters in groups that can be read over the telephone."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def check_password(password: str, names: Iterable[str] = ()) -> None:
    """Refuse a new password that is too short, too long or too easy to guess (`WeakPassword`).

    ``names`` are those that somebody would try first: the person's, the office's, the places'.
    """
    password = normal(password)
    least = int(current_app.config["PASSWORD_LENGTH"])
    if len(password) < least:
        raise WeakPassword(
            N_("Use at least %(least)s characters; several words in a row are easy to remember."),
            least=least,
        )
    if len(password) > LONGEST:
        raise WeakPassword(N_("Use at most %(most)s characters."), most=LONGEST)
    kinds = int(current_app.config["PASSWORD_KINDS"])
    if kinds_in(password) < kinds:
        message = N_(
            "Mix at least %(kinds)s of these: small letters, capital letters, digits, other characters."
        )
        raise WeakPassword(message, kinds=kinds)
    if guesses(password, names) < FEWEST_GUESSES:
        raise WeakPassword(
            N_(
                "This password is easy to guess: it is common, or made of names, dates or repetitions. Use other words."
            )
        )


def kinds_in(password: str) -> int:
    """How many kinds of characters a password mixes: small, capital, digit, other."""
    tests = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    return sum(any(test(letter) for letter in password) for test in tests)


def guesses(password: str, names: Iterable[str] = ()) -> float:
    """How many guesses the password stands, as a power of ten; with and without accents the lesser."""
    ranked = {
        **matching.RANKED_DICTIONARIES,
        "user_inputs": matching.build_ranked_dict(_words(names)),
    }
    typed = normal(password)[:MOST_JUDGED]
    # Spaces and hyphens between known names must not pass for strength.
    joined = "".join(letter for letter in plain(typed) if letter.isalnum())
    once = _REPEATED.sub(r"\1", joined)
    return min(_power(form, ranked) for form in {typed, plain(typed), joined, once} if form)


def _power(form: str, ranked: dict[str, dict[str, int]]) -> float:
    found = scoring.most_guessable_match_sequence(form, matching.omnimatch(form, ranked))
    return math.log10(float(found["guesses"]))


def _words(names: Iterable[str]) -> list[str]:
    """Names without accents: each whole in one piece, and its longer words, once each."""
    found = dict.fromkeys(_COMMON)
    for name in names:
        pieces = "".join(c if c.isalnum() else " " for c in plain(name)).split()
        found.update(dict.fromkeys(["".join(pieces), *pieces, *map("".join, pairwise(pieces))]))
    return [word for word in found if len(word) > 2]  # noqa: PLR2004  shorter ones match everywhere
