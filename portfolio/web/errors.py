"""What an office act may refuse, said in words for people.

An act raises a `Refusal`; nothing of it is saved. A page may catch it and show the form again with
`PortfolioForm.refuse`; what is not caught becomes a page in `portfolio.web.error_pages`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask_babel import gettext

from portfolio.notation import N_


class Refusal(Exception):
    """An act that cannot be done. Subclasses set ``message`` and ``status``.

    ``message`` is an English source string with ``%(name)s`` places, ``params`` fill them, and
    ``field`` names the form field the message belongs to, if it belongs to one.
    """

    status: ClassVar[int] = 422
    title: ClassVar[str] = N_("This was not done")
    message: str = N_("The register does not allow this.")
    field: str | None = None

    def __init__(
        self, message: str | None = None, *, field: str | None = None, **params: Any
    ) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.field = field or self.field
        self.params = params

    def text(self) -> str:
        """The message in the reader's language."""
        return str(gettext(self.message, **self.params))

    def heading(self) -> str:
        """The title of its page in the reader's language."""
        return str(gettext(self.title))


class HiddenRecord(Refusal):
    """The record does not exist or is not the reader's to see; the answer never tells which."""

    status = 404
    title = N_("Page not found")
    message = N_("There is no such page, or the account may not see it.")


class Conflict(Refusal):
    """The act meets something else that is already recorded."""

    status = 409


class BadRequest(Refusal):
    """The request itself makes no sense; a form of ours cannot send it."""

    status = 400
    title = N_("The request cannot be understood")
    message = N_("Go back to the page before and try again.")


class TooMany(Refusal):
    """The same thing was asked too often; ``seconds`` says how long to wait."""

    status = 429
    title = N_("Too many requests")
    message = N_("Wait a little, then try again.")

    def __init__(self, message: str | None = None, *, seconds: int = 60, **params: Any) -> None:
        super().__init__(message, seconds=seconds, **params)
        self.seconds = seconds


class ReadOnly(Refusal):
    """The register is open for reading only."""

    status = 503
    title = N_("The register is read-only for now")
    message = N_(
        "Nothing was saved. Reading, searching and printing go on; try to save again later."
    )


@dataclass(frozen=True)
class Difference:
    """One field of a stale edit: as form text (``mine``, ``theirs``) and as people read it.

    ``choose`` says whether one of the two can be chosen on the conflict page; ``keep_theirs``
    whether theirs is the sensible choice, because only the other editor touched the field.
    """

    name: str
    label: str
    mine: str
    theirs: str
    mine_shown: str
    theirs_shown: str
    choose: bool = True
    keep_theirs: bool = False


class StaleEdit(Refusal):
    """Someone saved the same record after this form was opened. Nothing was overwritten.

    ``differences`` are the fields that are not equal, ``rest`` the other form values that must be
    sent again, ``version`` the version of the record as it now stands.
    """

    status = 409
    title = N_("Another person changed this record in the meantime")
    message = N_("Nothing was saved yet. Choose, field by field, which text shall stand.")

    def __init__(
        self,
        *,
        differences: tuple[Difference, ...] = (),
        rest: tuple[tuple[str, str], ...] = (),
        version: int | None = None,
        by: str | None = None,
        at: datetime | None = None,
        back: str | None = None,
    ) -> None:
        super().__init__()
        self.differences, self.rest, self.version = differences, rest, version
        self.by, self.at, self.back = by, at, back
