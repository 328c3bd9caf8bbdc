"""What acts of the register must ask of the law of delay, which lies above the register.

The law hands its answers in when it is installed. Before a policy is adopted, and for a rule that was
not in force on the day, there is nothing to ask and every act passes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask, current_app
from sqlalchemy.orm import Session

from portfolio.office.trail import State

_LAW = "portfolio_law_of_delay"

Days = Mapping[tuple[int, str], date]
"""Promised days by (number of the phase, kind of milestone)."""


@dataclass(frozen=True)
class KnownException:
    """A point of the article that lets a schedule end later than the cap."""

    code: str
    vi: str
    en: str

    def words(self, language: str) -> str:
        """What it is, in the reader's language."""
        return self.en if language == "en" else self.vi


@dataclass(frozen=True)
class BeyondCap:
    """Why a proposed end is refused: the first approved end, the last day allowed, and the article."""

    phase: int
    first_end: date
    months: int
    cap: date
    proposed: date
    vi: str
    en: str
    exceptions: tuple[KnownException, ...]


@dataclass(frozen=True)
class LongestExtension:
    """The longest extension of land use that may begin on a day: its months and its last day."""

    months: int
    last: date
    vi: str
    en: str


@dataclass(frozen=True)
class DelayLaw:
    """How to ask: each takes a session first, and the day whose law decides last."""

    beyond_cap: Callable[[Session, State, Days, str | None, date], BeyondCap | None]
    exceptions: Callable[[Session, date], Sequence[KnownException]]
    longest_extension: Callable[[Session, date], LongestExtension | None]


_NOTHING_ASKED = DelayLaw(
    beyond_cap=lambda *_given: None,
    exceptions=lambda *_given: (),
    longest_extension=lambda *_given: None,
)


def know_law(app: Flask, law: DelayLaw) -> None:
    """Tell the register of ``app`` how to ask the law of delay."""
    app.extensions[_LAW] = law


def law_of_delay() -> DelayLaw:
    """The law of delay, as far as acts ask for it."""
    found: DelayLaw = current_app.extensions.get(_LAW, _NOTHING_ASKED)
    return found
