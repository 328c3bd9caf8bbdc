"""The faces are installed, hold Vietnamese, and a missing one is named with its cure."""

import pytest

from portfolio.catalogue.fonts import FACES, LETTERS, MissingFonts, check_fonts


def test_the_letters_of_vietnamese() -> None:
    assert len(LETTERS) == 146
    assert {"ế", "Ộ", "ỹ", "Đ", "ư", "a"} <= LETTERS


def test_the_faces_are_installed() -> None:
    check_fonts(FACES)


def test_a_face_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingFonts, match=r"No Such Face bold.*apt-get install") as caught:
        check_fonts([*FACES, "No Such Face:bold"])
    assert caught.value.faces == ("No Such Face:bold",)


def test_a_face_without_vietnamese_is_missing() -> None:
    # Noto Sans Thai is installed by the same package and has no ế.
    with pytest.raises(MissingFonts):
        check_fonts(["Noto Sans Thai:regular"])
