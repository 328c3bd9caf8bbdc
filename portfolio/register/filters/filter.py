"""What all filters have in common: how one is read, what it selects and what it is called."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Self

from flask_babel import gettext
from sqlalchemy import ColumnElement, select

from portfolio.notation import N_
from portfolio.register.causes import KnownCause
from portfolio.register.choices import Choices
from portfolio.register.line import LinePart, RegisterLine
from portfolio.web.clock import today

LONGEST_TEXT = 200
MOST_WORDS = 12
NOT_IN_LIST = N_("Choose one of the answers in the list")


class Unclear(ValueError):
    """A filter that cannot be read: how to mend it, and the field of the form it stands in."""

    def __init__(self, message: str, *, at: str, **params: str | int) -> None:
        super().__init__(message)
        self.name, self.message, self.params = at, message, params

    def text(self) -> str:
        """The message in the reader's language."""
        return str(gettext(self.message, **self.params))


@dataclass(frozen=True)
class Reading:
    """What is needed to read filters: the choices, those zones the reader may see, and names."""

    choices: Choices
    zones: Collection[int]
    investor: tuple[int, str] | None = None
    """The investor of the address with the name, if the reader may see any project of it."""
    on: date = field(default_factory=today)
    """The day as of which the list is shown; lateness and silence are counted up to it."""
    causes: Mapping[str, KnownCause] = field(default_factory=dict)
    """The causes of delay of the policy in force, by code."""


@dataclass(frozen=True)
class Filter:
    """One filter in force. Subclasses say how it is read, what it selects and what it is called."""

    names: ClassVar[tuple[str, ...]]
    """Its parameters in the address."""
    fineness: ClassVar[int] = 0
    """How few lines it usually leaves, the greatest number the fewest; 0 if it looks beyond the columns
    that the counting indexes carry."""

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """The filter from an address, or None if it is not asked for. Raises `Unclear`."""
        raise NotImplementedError

    def args(self) -> dict[str, str]:
        """Its parameters, as they stand in the address."""
        raise NotImplementedError

    def condition(self) -> ColumnElement[bool]:
        """What it asks of a `RegisterLine`."""
        raise NotImplementedError

    def sentence(self) -> str:
        """What it is called, in the reader's language."""
        raise NotImplementedError

    def is_equality(self) -> bool:
        """Whether it asks for one value of a column that a counting index begins with."""
        return False

    def bounds(self, by: str) -> ColumnElement[bool] | None:
        """What it says of the column that a list sorted by ``by`` is read along, if anything.

        It repeats part of the condition, so that reading starts where the lines are.
        """
        del by
        return None

    def counted(self) -> tuple[str, tuple[str, ...]] | None:
        """The kind and values under which the register's figures are kept for it, if they are."""
        return None


@dataclass(frozen=True)
class Choice(Filter):
    """One value of a closed list, compared with one column."""

    column: ClassVar[str]
    labels: ClassVar[Mapping[str, str]]
    saying: ClassVar[str]
    value: str

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """A value of the list."""
        del reading
        value = args.get(cls.names[0], "")
        if value and value not in cls.labels:
            raise Unclear(NOT_IN_LIST, at=cls.names[0])
        return cls(value) if value else None

    def args(self) -> dict[str, str]:
        """The value."""
        return {self.names[0]: self.value}

    def condition(self) -> ColumnElement[bool]:
        """Equality, or one of several."""
        column: ColumnElement[Any] = getattr(RegisterLine, self.column)
        several = self.values()
        return column == several[0] if len(several) == 1 else column.in_(several)

    def values(self) -> tuple[Any, ...]:
        """The values of the column that it stands for."""
        return (self.value,)

    def is_equality(self) -> bool:
        """One value."""
        return self.fineness > 0 and len(self.values()) == 1

    def sentence(self) -> str:
        """The list and the answer."""
        return str(gettext(self.saying, name=gettext(self.labels[self.value])))

    def counted(self) -> tuple[str, tuple[str, ...]] | None:
        """Figures are kept for each value."""
        return self.names[0], tuple(str(value) for value in self.values())


def key_of(args: Mapping[str, str], name: str, offered: Collection[int]) -> int | None:
    """The key of something offered in a list. Raises `Unclear`."""
    typed = args.get(name, "")
    if not typed:
        return None
    key = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else -1  # noqa: PLR2004
    if key not in offered:
        raise Unclear(NOT_IN_LIST, at=name)
    return key


def with_part(kind: str, refs: Collection[str]) -> ColumnElement[bool]:
    """Lines that carry one of several units, investors or flag rules."""
    lines = select(LinePart.line_id).where(LinePart.kind == kind, LinePart.ref.in_(sorted(refs)))
    return RegisterLine.id.in_(lines)
