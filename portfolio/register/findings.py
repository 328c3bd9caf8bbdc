"""What the law of delay finds in projects now, as far as officers speak of it.

The law lies above the register; it hands in how to ask it when it is installed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask, current_app
from sqlalchemy.orm import Session

from portfolio.office.trail import State

_FINDINGS = "portfolio_findings"

DELAYS = frozenset({"ground", "review", "refusal", "late", "warning", "silent"})
"""Severities that an officer can confirm or dispute. A gap in the data is no delay, nor is a hold."""


@dataclass(frozen=True)
class StandingFinding:
    """A finding that holds: its rule and what it is of, its name and its sentence."""

    rule: str
    scope: str
    severity: str
    held: bool
    vi: str
    en: str
    sentence_vi: str
    sentence_en: str

    def words(self, language: str) -> str:
        """The rule's name in the reader's language."""
        return self.en if language == "en" else self.vi

    def sentence(self, language: str) -> str:
        """The sum in one sentence."""
        return self.sentence_en if language == "en" else self.sentence_vi

    @property
    def is_delay(self) -> bool:
        """Whether there is something in it to confirm or to dispute."""
        return self.severity in DELAYS


@dataclass(frozen=True)
class Standing:
    """A project on a day: its schedule state, if it can be judged at all, and what holds."""

    schedule_state: str | None
    findings: tuple[StandingFinding, ...] = ()

    def delay_of(self, rule: str | None, scope: str | None) -> StandingFinding | None:
        """The delay that a mark speaks of: of a rule, of one of its scopes, or any at all."""
        for one in self.findings:
            if one.is_delay and rule in {None, one.rule} and scope in {None, one.scope}:
                return one
        return None


Ask = Callable[[Session, Sequence[State], date], list[Standing]]


def know_findings(app: Flask, ask: Ask) -> None:
    """Tell the register of ``app`` how to have state documents judged on a day."""
    app.extensions[_FINDINGS] = ask


def findings_in(session: Session, states: Sequence[State], on: date) -> list[Standing]:
    """What holds for each of some state documents on a day, in their order."""
    ask: Ask | None = current_app.extensions.get(_FINDINGS)
    return ask(session, states, on) if ask else [Standing(None) for _state in states]
