"""Filters that are typed: words, sums and days, in any spelling that offices use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Self

from flask_babel import gettext
from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, select

from portfolio.notation import N_, Unreadable
from portfolio.notation.days import DayReading, Precision, read_day
from portfolio.notation.fold import nfc, words
from portfolio.notation.money import read_money
from portfolio.register.filters.filter import LONGEST_TEXT, MOST_WORDS, Filter, Reading, Unclear
from portfolio.register.investor import Investor
from portfolio.register.line import UNKNOWN_MONEY, LinePart, RegisterLine
from portfolio.web import show
from portfolio.web.clock import PROVINCE_ZONE

_MONTHS = {
    Precision.DAY: 0,
    Precision.MONTH: 1,
    Precision.QUARTER: 3,
    Precision.HALF: 6,
    Precision.YEAR: 12,
}


@dataclass(frozen=True)
class TextFilter(Filter):
    """Words that must each begin a word of the project's searched text, in any order."""

    names = ("q",)
    typed: str
    words: tuple[str, ...]

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """Words of any spelling; refused when there are too many, or none in what was typed."""
        del reading
        typed = nfc(args.get("q", "")[: LONGEST_TEXT * 5])
        if not typed:
            return None
        found = tuple(words(typed)) if len(typed) <= LONGEST_TEXT else ()
        if len(typed) > LONGEST_TEXT or len(found) > MOST_WORDS:
            raise Unclear(N_("Search for fewer words, %(most)d at most"), at="q", most=MOST_WORDS)
        if not found:
            raise Unclear(N_("Enter at least one letter or digit to search for"), at="q")
        return cls(typed, found)

    def args(self) -> dict[str, str]:
        """As typed."""
        return {"q": self.typed}

    def condition(self) -> ColumnElement[bool]:
        """Found by reading; `portfolio.register.search` uses SQLite's own index where it can."""
        return and_(
            *(RegisterLine.folded.contains(f" {word}", autoescape=True) for word in self.words)
        )

    def match(self) -> str:
        """The same for SQLite's index: quoted words, so that nothing in them is an operator."""
        return " ".join('"' + word.replace('"', '""') + '"*' for word in self.words)

    def sentence(self) -> str:
        """The text as typed."""
        return str(gettext("Text: “%(text)s”", text=self.typed))


@dataclass(frozen=True)
class CapitalFilter(Filter):
    """Capital from and to, both included; or projects of which it is not known."""

    names = ("capital_from", "capital_to", "no_capital")
    fineness = 1
    least: Decimal | None
    most: Decimal | None
    typed: tuple[tuple[str, str], ...] = field(compare=False)

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """Sums as offices write them; a bare number is in billions of đồng."""
        del reading
        if args.get("no_capital"):
            return cls(None, None, (("no_capital", "1"),))
        least, most = (_sum(args, name) for name in ("capital_from", "capital_to"))
        if least is None and most is None:
            return None
        if least is not None and most is not None and least > most:
            raise Unclear(
                N_("The upper limit of the capital is below the lower one"), at="capital_to"
            )
        typed = [(name, args.get(name, "")) for name in cls.names if args.get(name)]
        return cls(least, most, tuple(typed))

    def args(self) -> dict[str, str]:
        """As typed."""
        return dict(self.typed)

    def condition(self) -> ColumnElement[bool]:
        """Within the limits."""
        if self.least is None and self.most is None:
            return RegisterLine.capital_sort == UNKNOWN_MONEY
        lower = self.least if self.least is not None else Decimal(0)
        limits = [RegisterLine.capital_sort >= lower]
        if self.most is not None:
            limits.append(RegisterLine.capital_sort <= self.most)
        return and_(*limits)

    def bounds(self, by: str) -> ColumnElement[bool] | None:
        """A list sorted by capital is read between the limits only."""
        return self.condition() if by == "capital" else None

    def sentence(self) -> str:
        """The limits in words, so that a doubtful entry is seen as it was read."""
        if self.least is None and self.most is None:
            return str(gettext("Capital not known"))
        said = {"least": show.money(self.least), "most": show.money(self.most)}
        if self.most is None:
            return str(gettext("Capital from %(least)s", **said))
        if self.least is None:
            return str(gettext("Capital up to %(most)s", **said))
        return str(gettext("Capital from %(least)s to %(most)s", **said))


def _sum(args: Mapping[str, str], name: str) -> Decimal | None:
    typed = args.get(name, "").strip()
    if not typed:
        return None
    try:
        read = read_money(typed[:LONGEST_TEXT], locale=show.notation())
    except Unreadable as error:
        raise Unclear(error.message, at=name, **error.params) from error
    if read.currency != "VND":
        raise Unclear(
            N_("Enter the limit in đồng; the register compares projects in đồng"), at=name
        )
    return read.amount


@dataclass(frozen=True)
class InvestorNameFilter(Filter):
    """Words of an investor's name or the beginning of its tax code."""

    names = ("investor_name",)
    typed: str
    words: tuple[str, ...]

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """As the search text."""
        del reading
        typed = nfc(args.get("investor_name", "")[: LONGEST_TEXT * 5])
        if not typed:
            return None
        found = tuple(words(typed)) if len(typed) <= LONGEST_TEXT else ()
        if not 0 < len(found) <= MOST_WORDS:
            raise Unclear(N_("Enter a few words of the investor's name"), at="investor_name")
        return cls(typed, found)

    def args(self) -> dict[str, str]:
        """As typed."""
        return {"investor_name": self.typed}

    def condition(self) -> ColumnElement[bool]:
        """With an investor whose name has all the words."""
        name = literal(" ") + Investor.folded
        named = and_(*(name.contains(f" {word}", autoescape=True) for word in self.words))
        if len(self.words) == 1:
            named = or_(named, Investor.tax_code.startswith(self.words[0], autoescape=True))
        keys = select(cast(Investor.id, String)).where(named)
        lines = select(LinePart.line_id).where(LinePart.kind == "investor", LinePart.ref.in_(keys))
        return RegisterLine.id.in_(lines)

    def sentence(self) -> str:
        """The words as typed."""
        return str(gettext("Investor: “%(text)s”", text=self.typed))


@dataclass(frozen=True)
class ChangedFilter(Filter):
    """Facts that were changed on a day or later."""

    names = ("changed",)
    since: date
    typed: str = field(compare=False)

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """A day as offices write it."""
        del reading
        typed = args.get("changed", "").strip()
        if not typed:
            return None
        try:
            read = read_day(typed)
        except Unreadable as error:
            raise Unclear(error.message, at="changed", **error.params) from error
        return cls(first_day(read), typed)

    def args(self) -> dict[str, str]:
        """As typed."""
        return {"changed": self.typed}

    def condition(self) -> ColumnElement[bool]:
        """Changed at local midnight of the day or later."""
        return RegisterLine.changed_at >= midnight(self.since)

    def sentence(self) -> str:
        """The day."""
        return str(gettext("Changed since %(day)s", day=show.day(self.since)))


def first_day(read: DayReading) -> date:
    """Where the day, month, quarter, half or year begins: `since 11/2026` is from its first day on."""
    months = _MONTHS[read.precision]
    if not months:
        return read.day
    return read.day.replace(day=1, month=read.day.month - months + 1)


def midnight(on: date) -> datetime:
    """The moment at which a day begins in the province."""
    return datetime.combine(on, time(), PROVINCE_ZONE)
