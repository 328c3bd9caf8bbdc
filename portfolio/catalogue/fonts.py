"""The typefaces of the catalogue: are they installed, and do they hold every Vietnamese letter?

A missing face is replaced in silence by whatever the system has, and Vietnamese falls apart in the
replacement. So it is checked before the press starts, not found out by a reader.
"""

import subprocess
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FACES: Final = ("Noto Sans:regular", "Noto Sans:bold", "Noto Serif:regular", "Noto Serif:bold")
INSTALL: Final = "apt-get install --no-install-recommends fontconfig fonts-noto-core"

_BASES = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_SMALL = {unicodedata.normalize("NFC", base + tone) for base in _BASES for tone in _TONES} | {"đ"}
LETTERS: Final = frozenset(_SMALL | {letter.upper() for letter in _SMALL})
"""The 146 letters of Vietnamese that carry a mark or may carry one, in both cases."""


class MissingFonts(RuntimeError):
    """Faces that are not installed or lack Vietnamese letters; the text names the command to run."""

    def __init__(self, faces: Sequence[str]) -> None:
        names = ", ".join(face.replace(":", " ") for face in faces)
        super().__init__(
            f"The catalogue needs fonts that are missing here: {names}. Run: {INSTALL}"
        )
        self.faces = tuple(faces)


def check_fonts(faces: Sequence[str] = FACES) -> None:
    """Raise `MissingFonts` unless each face is installed under its own name with all letters."""
    missing = [face for face in faces if not _is_complete(face)]
    if missing:
        raise MissingFonts(missing)


@cache
def _is_complete(face: str) -> bool:
    found = _look_up(face)
    if found is None:
        return False
    family, path, index = found
    if face.split(":", maxsplit=1)[0] not in family.split(","):
        return False
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return {ord(letter) for letter in LETTERS} <= set(font.getBestCmap())


def _look_up(face: str) -> tuple[str, str, int] | None:
    """The family, file and index that fontconfig would use for ``face``."""
    pattern = face.replace(":regular", ":style=Regular").replace(":bold", ":bold")
    try:
        answer = subprocess.run(  # noqa: S603  fixed words, no shell
            ["fc-match", "--format", "%{family}\n%{file}\n%{index}", pattern],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    family, path, index = answer.stdout.split("\n")
    return family, path, int(index)
