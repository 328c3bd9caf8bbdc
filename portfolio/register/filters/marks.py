"""Filters by what officers say of a delay: the verdict of a mark, its cause, whose side that is on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Self

from flask_babel import gettext
from sqlalchemy import ColumnElement

from portfolio.notation import N_
from portfolio.register.filters.filter import (
    NOT_IN_LIST,
    Choice,
    Filter,
    Reading,
    Unclear,
    with_part,
)
from portfolio.register.line import RegisterLine
from portfolio.register.phases import Side
from portfolio.web.languages import language

MARK_CHOICES = {
    "any": N_("Marked by an office"),
    "confirms": N_("Delay confirmed"),
    "disputes": N_("Delay disputed"),
    "adds": N_("Delay added"),
    "none": N_("Not marked by any office"),
}
SIDES = {side.value: side.label for side in Side}


class MarkFilter(Choice):
    """Projects with a mark that stands, of one verdict or of any; or without."""

    names, saying = ("mark",), "%(name)s"
    labels: ClassVar = MARK_CHOICES

    def condition(self) -> ColumnElement[bool]:
        """By the marks that the line names."""
        if self.value == "none":
            return RegisterLine.marks == ""
        verdicts = ["adds", "confirms", "disputes"] if self.value == "any" else [self.value]
        return with_part("mark", verdicts)

    def counted(self) -> None:
        """No figures are kept for it."""
        return


@dataclass(frozen=True)
class CauseFilter(Filter):
    """Projects of which a mark that stands, or an accepted pause, names a cause."""

    names = ("cause",)
    code: str
    name: str = field(compare=False)

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """A cause of the policy in force."""
        code = args.get("cause", "")
        if not code:
            return None
        cause = reading.causes.get(code)
        if cause is None:
            raise Unclear(NOT_IN_LIST, at="cause")
        return cls(code, cause.words(language()))

    def args(self) -> dict[str, str]:
        """Its code."""
        return {"cause": self.code}

    def condition(self) -> ColumnElement[bool]:
        """Named for the line."""
        return with_part("cause", [self.code])

    def sentence(self) -> str:
        """The cause in words."""
        return str(gettext("Cause of the delay: %(name)s", name=self.name))


@dataclass(frozen=True)
class SideFilter(Filter):
    """Projects with a cause for which one side answers, by the policy in force."""

    names = ("side",)
    side: str
    codes: tuple[str, ...] = field(compare=False)

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """One of the sides."""
        side = args.get("side", "")
        if not side:
            return None
        if side not in SIDES:
            raise Unclear(NOT_IN_LIST, at="side")
        codes = [cause.code for cause in reading.causes.values() if cause.side == side]
        return cls(side, tuple(codes))

    def args(self) -> dict[str, str]:
        """The side."""
        return {"side": self.side}

    def condition(self) -> ColumnElement[bool]:
        """Named for the line."""
        return with_part("cause", self.codes)

    def sentence(self) -> str:
        """The side in words."""
        return str(gettext("Delay on the side of: %(side)s", side=gettext(SIDES[self.side])))
