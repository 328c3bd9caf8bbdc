"""How offices write numbers, money, areas, days and names: to read, to show and to match them.

The lowest package of the program: it knows no page, no database and no clock. What cannot be read
is refused with a message that says how to mend the entry; the page translates the message and fills
in its parameters.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

Locale = Literal["vi", "en"]
"""The notations that are read and shown: `vi` groups thousands with dots, `en` with commas."""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a source text for translation and return it unchanged."""
    return message


class Unreadable(ValueError):
    """An entry that cannot be read as what its field asks for.

    `message` is the English source text with `%(name)s` placeholders, `params` are their values.
    """

    def __init__(self, message: str, params: Mapping[str, str] | None = None) -> None:
        self.message = message
        self.params: dict[str, str] = dict(params or {})
        super().__init__(message, self.params)

    def __str__(self) -> str:
        return self.message % self.params


class Doubtful(Unreadable):
    """An entry that reads in two ways and nothing settles which; `readings` holds both values."""

    def __init__(
        self, message: str, params: Mapping[str, str] | None = None, readings: Sequence[object] = ()
    ) -> None:
        super().__init__(message, params)
        self.readings: list[object] = list(readings)
        self.args = (message, self.params, self.readings)
