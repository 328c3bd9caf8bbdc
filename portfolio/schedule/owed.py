"""Which reports a project owes: by the policy, since its first approval, up to the running period.

Pure (◆). Nothing of it is stored: the same state on the same day owes the same reports. A period counts
if the project was approved when it ended, and if the policy asked for it then. The running period and
the one after it are among them, so that the next day on which a report falls due is known before.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from portfolio.schedule.policy_text import Policy, ReportDuty
from portfolio.schedule.rules.silence import due_date
from portfolio.schedule.terms import Holidays, last_day_of_month, roll

_YEAR = 12
_PERIODS = {"Q": (3, 6, 9, 12), "M6": (6,), "Y": (12,), "MY": (12,)}
"""The months that end a period, by kind of report."""


class Owed(NamedTuple):
    """One report owed: its kind, its period as it is written, and the last day of the period."""

    kind: str
    period: str
    ends: date


def owed_reports(
    policy: Policy,
    approved_on: date | None,
    on: date,
    settled: AbstractSet[tuple[str, str]] = frozenset(),
) -> tuple[Owed, ...]:
    """The reports owed by a project up to the period after the one that runs on that day.

    Oldest first by kind. Without a day of approval only the policy's own beginning bounds them.
    Where the last of a kind is `settled` already, given as (kind, period), further ones follow up to
    the first that is not: so the day on which a next one falls due is always known.
    """
    return tuple(
        report
        for duty in policy.report_duties.values()
        for report in _unsettled(duty.kind, _first_day(duty, approved_on), on, settled)
    )


def _unsettled(
    kind: str, since: date, on: date, settled: AbstractSet[tuple[str, str]]
) -> tuple[Owed, ...]:
    owed = _periods(kind, since, on)
    while owed and (kind, owed[-1].period) in settled:
        owed = _periods(kind, since, owed[-1].ends)
    return owed


def due_on(duty: ReportDuty, ends: date, holidays: Holidays) -> date:
    """The day by which the report for a period that ends on that day must be in, rolled."""
    return roll(due_date(duty, ends), holidays)


def _first_day(duty: ReportDuty, approved_on: date | None) -> date:
    return duty.begins if approved_on is None else max(duty.begins, approved_on)


@lru_cache(maxsize=4096)
def _periods(kind: str, since: date, on: date) -> tuple[Owed, ...]:
    return tuple(_each_period(kind, since, on))


def _each_period(kind: str, since: date, on: date) -> Iterable[Owed]:
    for year in count(since.year):
        for number, month in enumerate(_PERIODS[kind], 1):
            ends = last_day_of_month(year, month)
            if ends < since:
                continue
            yield Owed(kind, _written(kind, year, number), ends)
            if period_begins(kind, ends) > on:
                return


def _written(kind: str, year: int, number: int) -> str:
    if kind == "Q":
        return f"{year}-Q{number}"
    return f"{year}-H1" if kind == "M6" else str(year)


def period_begins(kind: str, ends: date) -> date:
    """The first day of the period that ends on that day."""
    months = {"Q": 3, "M6": 6}.get(kind, _YEAR)
    first = ends.year * _YEAR + ends.month - months
    return date(first // _YEAR, first % _YEAR + 1, 1)


def last_period(kind: str, on: date) -> Owed:
    """The last period that had ended by that day."""
    back = on - timedelta(days=400)
    return [one for one in _periods(kind, back, on) if one.ends < on][-1]
