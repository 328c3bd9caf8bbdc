"""Lateness as lists show it.

How months are counted and which bands there are is for the law of delay to say. It hands that in at
the start, because the register does not know the law of delay.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Self

from flask import Flask, current_app
from sqlalchemy.orm import Session

from portfolio.web.clock import now

_KEY, _BANDS = "lateness", "lateness_bands"
KEPT = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)
MOST_MONTHS = 1200


@dataclass(frozen=True)
class Arithmetic:
    """How lateness is counted.

    ``months_late(target, reached)``: started months; 0 on time. ``last_target(on, months)``: the
    latest target that is more than that many months past on a day. ``bands(session)``: the bands of
    the policy in force.
    """

    months_late: Callable[[date, date], int]
    last_target: Callable[[date, int], date]
    bands: Callable[[Session], Sequence["Months"]]


@dataclass(frozen=True)
class Months:
    """A band of lateness in started months, both ends included; ``most`` is None where it is open."""

    least: int
    most: int | None

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From `25-60` or `61+`; None for anything else."""
        least, dash, most = text.removesuffix("+").partition("-")
        numbers = [least, most] if dash else [least]
        if not all(
            n.isascii() and n.isdigit() and len(n) <= len(str(MOST_MONTHS)) for n in numbers
        ):
            return None
        if bool(dash) == text.endswith("+"):
            return None
        found = cls(int(least), int(most) if dash else None)
        if not 1 <= found.least <= (found.most or MOST_MONTHS) <= MOST_MONTHS:
            return None
        return found

    @property
    def value(self) -> str:
        """As it stands in an address."""
        return f"{self.least}+" if self.most is None else f"{self.least}-{self.most}"

    @property
    def words(self) -> str:
        """As it is shown: `25–60`, `61+`."""
        return self.value.replace("-", "–")

    def targets(self, on: date) -> tuple[date | None, date]:
        """The first and the last target that is so many months past on a day; no first: any before."""
        last_target = _arithmetic().last_target
        first = None if self.most is None else last_target(on, self.most) + ONE_DAY
        return first, last_target(on, self.least - 1)


class Late(NamedTuple):
    """The three numbers of a project, in started months; None where there is no such target."""

    first: int | None
    latest: int | None
    forecast: int | None

    @property
    def words(self) -> str:
        """`35 / 23 / 12`, or nothing where no day was ever promised."""
        if self == NOTHING_PROMISED:
            return ""
        return " / ".join("–" if months is None else str(months) for months in self)


NOTHING_PROMISED = Late(None, None, None)


def know_lateness(app: Flask, arithmetic: Arithmetic) -> None:
    """Tell the register how lateness is counted."""
    app.extensions[_KEY] = arithmetic


def known_bands(session: Session) -> Sequence[Months]:
    """The bands of the policy in force, to choose from; none before a policy is adopted.

    Kept for a minute: every list offers them, and what is chosen names its months itself.
    """
    kept: tuple[datetime, Sequence[Months]] | None = current_app.extensions.get(_BANDS)
    if kept is None or not timedelta(0) <= now() - kept[0] < KEPT or not kept[1]:
        kept = (now(), _arithmetic().bands(session))
        current_app.extensions[_BANDS] = kept
    return kept[1]


def lateness_of(line: Any, on: date) -> Late:
    """The three numbers of a line on a day; of a project that is done, as late as it was then."""
    if line.schedule_state == "done":
        if line.done_on is None:
            return NOTHING_PROMISED
        on = min(on, line.done_on)
    months_late = _arithmetic().months_late
    first, latest, forecast = (
        None if target is None else months_late(target, on)
        for target in (line.first_target_on, line.latest_target_on, line.forecast_target_on)
    )
    return Late(first, latest, forecast)


def days_silent(line: Any, on: date) -> int | None:
    """How many days a report has been missing, the first one included; None when none is."""
    since: date | None = line.silent_since
    return None if since is None or since > on else (on - since).days + 1


def _arithmetic() -> Arithmetic:
    found: Arithmetic = current_app.extensions[_KEY]
    return found
