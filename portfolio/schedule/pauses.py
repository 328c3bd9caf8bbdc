"""Days that do not count: the union of pauses, and how they move the end of a running clock.

An interval includes its first and its last day; an open one runs to the day of evaluation. A day
covered twice counts once. A pause moves only a clock that is still running when it begins.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from portfolio.schedule.terms import ONE_DAY


class Interval(NamedTuple):
    """Days from `begins` to `ends`, both included; `open` when it still runs on the last of them."""

    begins: date
    ends: date
    open: bool = False

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.ends - self.begins).days + 1


class Shifted(NamedTuple):
    """An end moved by pauses: those that moved it, and those that began after it was over."""

    end: date
    used: tuple[Interval, ...]
    rest: tuple[Interval, ...]

    @property
    def days(self) -> int:
        """By how many days the end was moved."""
        return sum(interval.days for interval in self.used)

    @property
    def stands_still(self) -> bool:
        """Whether a pause is still running, so that the end moves on with every day."""
        return bool(self.used) and any(interval.open for interval in self.used)


def as_of(begins: date, ends: date | None, on: date) -> Interval | None:
    """The days of one pause as of `on`; None for an open one that has not begun by then."""
    if ends is not None:
        return Interval(begins, ends)
    return Interval(begins, on, open=True) if begins <= on else None


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same days as intervals in order, of which no two touch: each day counts once."""
    merged: list[Interval] = []
    for following in sorted(intervals):
        last = merged[-1] if merged else None
        if last is None or following.begins > last.ends + ONE_DAY:
            merged.append(following)
        else:
            ends = max(last.ends, following.ends)
            merged[-1] = Interval(last.begins, ends, last.open or following.open)
    return tuple(merged)


def clip(
    intervals: Sequence[Interval], first: date | None = None, last: date | None = None
) -> tuple[Interval, ...]:
    """Their days from `first` to `last`, both included; None leaves that side as it is."""
    kept: list[Interval] = []
    for one in intervals:
        begins = one.begins if first is None or one.begins >= first else first
        cut = last is not None and last < one.ends
        ends = last if last is not None and cut else one.ends
        if begins <= ends:
            kept.append(Interval(begins, ends, one.open and not cut))
    return tuple(kept)


def shift(end: date, intervals: Sequence[Interval]) -> Shifted:
    """Move `end` by each interval that begins on or before the end as moved so far.

    `intervals` is a union. The first that begins later finds the clock at its end, and so do all
    that follow: they are the `rest`, for a term that starts where this one ended.
    """
    for position, one in enumerate(intervals):
        if one.begins > end:
            return Shifted(end, tuple(intervals[:position]), tuple(intervals[position:]))
        end += one.ends - one.begins + ONE_DAY
    return Shifted(end, tuple(intervals), ())


def eff_end(
    planned_end: date,
    intervals: Sequence[Interval],
    started_on: date | None = None,
    completed_on: date | None = None,
) -> Shifted:
    """A schedule's end with the paused days since its start and before completion added.

    It is a date written in a paper and not a term in law, so it is not rolled.
    """
    if intervals and (started_on is not None or completed_on is not None):
        before = completed_on - ONE_DAY if completed_on is not None else None
        intervals = clip(intervals, started_on, before)
    return shift(planned_end, intervals)
