"""The causes of delay that a pause can name.

They stand in the policy of delay, which lies above the register; it hands them in when it is installed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app, g, has_request_context
from sqlalchemy.orm import Session

from portfolio.register.phases import Side

_CAUSES = "portfolio_causes"


@dataclass(frozen=True)
class KnownCause:
    """A cause as the policy lists it; only one that ``pauses`` moves a clock once it is accepted."""

    code: str
    side: Side
    pauses: bool
    vi: str
    en: str

    def words(self, language: str) -> str:
        """Its name in the reader's language."""
        return self.en if language == "en" else self.vi


def know_causes(app: Flask, causes: Callable[[Session], Sequence[KnownCause]]) -> None:
    """Tell the register of ``app`` how to ask for the causes of the policy in force."""
    app.extensions[_CAUSES] = causes


def known_causes(session: Session) -> dict[str, KnownCause]:
    """The causes by code, those that pause a clock first; read once a request.

    Outside of a request, where a policy may be adopted in between, they are read anew each time.
    """
    if not has_request_context():
        return _ask(session)
    if "known_causes" not in g:
        g.known_causes = _ask(session)
    known: dict[str, KnownCause] = g.known_causes
    return known


def _ask(session: Session) -> dict[str, KnownCause]:
    ask = current_app.extensions.get(_CAUSES)
    found = sorted(ask(session) if ask else (), key=lambda cause: not cause.pauses)
    return {cause.code: cause for cause in found}
