"""Filters by how late a project is, how long it has been silent, and whether anything changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar, Self

from flask_babel import gettext, ngettext
from sqlalchemy import ColumnElement, and_

from portfolio.notation import N_, Unreadable
from portfolio.notation.days import read_day
from portfolio.register.filters.filter import NOT_IN_LIST, Filter, Reading, Unclear
from portfolio.register.filters.typed import first_day, midnight
from portfolio.register.lateness import Months
from portfolio.register.line import RegisterLine
from portfolio.web import show

SILENCES = (1, 30, 90, 180, 365)


@dataclass(frozen=True)
class LateFilter(Filter):
    """Projects that are not done and so many months late; subclasses say against what."""

    column: ClassVar[str]
    saying: ClassVar[str]
    months: Months
    first: date | None
    last: date

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """Started months, as `25-60` or `61+`."""
        typed = args.get(cls.names[0], "")
        if not typed:
            return None
        months = Months.read(typed)
        if months is None:
            raise Unclear(NOT_IN_LIST, at=cls.names[0])
        return cls(months, *months.targets(reading.on))

    def args(self) -> dict[str, str]:
        """The months."""
        return {self.names[0]: self.months.value}

    def condition(self) -> ColumnElement[bool]:
        """A target within the days that are so many months past."""
        target: ColumnElement[date] = getattr(RegisterLine, self.column)
        latest = target <= self.last
        return latest if self.first is None else and_(latest, target >= self.first)

    def bounds(self, by: str) -> ColumnElement[bool] | None:
        """A list sorted by this lateness is read between the two days only."""
        return self.condition() if by == self.names[0] else None

    def sentence(self) -> str:
        """The months, and against what."""
        return str(gettext(self.saying, months=self.months.words))


class LateFirstFilter(LateFilter):
    """Against the first approval."""

    names, column = ("late_first",), "late_first_sort"
    saying = N_("%(months)s months late against the first approval")


class LateLatestFilter(LateFilter):
    """Against the latest approval."""

    names, column = ("late_latest",), "late_latest_sort"
    saying = N_("%(months)s months late against the latest approval")


@dataclass(frozen=True)
class SilenceFilter(Filter):
    """Projects of which a report has been missing for so many days, late ones too."""

    names = ("silent",)
    days: int
    last: date

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """One of the answers."""
        typed = args.get("silent", "")
        if not typed:
            return None
        if typed not in map(str, SILENCES):
            raise Unclear(NOT_IN_LIST, at="silent")
        return cls(int(typed), reading.on - timedelta(days=int(typed) - 1))

    def args(self) -> dict[str, str]:
        """The days."""
        return {"silent": str(self.days)}

    def condition(self) -> ColumnElement[bool]:
        """Silent since that day or longer."""
        return RegisterLine.silence_sort <= self.last

    def bounds(self, by: str) -> ColumnElement[bool] | None:
        """A list sorted by silence is read up to the day only."""
        return self.condition() if by == "silence" else None

    def sentence(self) -> str:
        """How long."""
        return silence_words(self.days)


def silence_words(days: int) -> str:
    """`Report missing`, or for how long."""
    if days == 1:
        return str(gettext("A report is missing"))
    return str(
        ngettext(
            "A report is missing for %(num)d day or more",
            "A report is missing for %(num)d days or more",
            days,
        )
    )


@dataclass(frozen=True)
class IdleFilter(Filter):
    """Projects with land that was handed over and is not in use."""

    names = ("idle",)

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """Asked for, whatever is typed."""
        del reading
        return cls() if args.get("idle") else None

    def args(self) -> dict[str, str]:
        """That it is asked for."""
        return {"idle": "1"}

    def condition(self) -> ColumnElement[bool]:
        """Some hectares lie idle."""
        return RegisterLine.idle_ha.is_not(None)

    def sentence(self) -> str:
        """What it is."""
        return str(gettext("With idle land"))


@dataclass(frozen=True)
class NewsFilter(Filter):
    """Projects of which anything that a list shows changed on a day or later: facts or findings."""

    names = ("news",)
    since: date
    typed: str = field(compare=False)

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """A day, as `2026-01-31` or as offices write it."""
        del reading
        typed = args.get("news", "").strip()
        if not typed:
            return None
        try:
            day = date.fromisoformat(typed) if typed[4:5] == "-" else first_day(read_day(typed))
        except Unreadable as error:
            raise Unclear(error.message, at="news", **error.params) from error
        except ValueError as error:
            raise Unclear(N_("There is no such day; enter it as 31/01/2026"), at="news") from error
        return cls(day, typed)

    def args(self) -> dict[str, str]:
        """As typed."""
        return {"news": self.typed}

    def condition(self) -> ColumnElement[bool]:
        """Lines that began at local midnight of the day or later."""
        return RegisterLine.since >= midnight(self.since)

    def sentence(self) -> str:
        """The day."""
        return str(gettext("Facts or warnings changed since %(day)s", day=show.day(self.since)))
