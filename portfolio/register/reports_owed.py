"""The reports that a project owes, as the register's acts and pages ask for them.

Which are owed follows from the policy of delay, which lies above the register; it hands the answer in
when it is installed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask, current_app
from sqlalchemy.orm import Session

from portfolio.office.trail import State
from portfolio.register.progress import ReportKind

_OWED = "portfolio_reports_owed"


@dataclass(frozen=True)
class ReportOwed:
    """A report that a project owes: for which days, and by which day (rolled) it must be in."""

    kind: ReportKind
    period: str
    begins: date
    ends: date
    due_on: date


AskOwed = Callable[[Session, State, date], Sequence[ReportOwed]]


def know_reports_owed(app: Flask, owed: AskOwed) -> None:
    """Tell the register of ``app`` how to ask which reports a state document owes on a day."""
    app.extensions[_OWED] = owed


def reports_owed(session: Session, state: State, on: date) -> list[ReportOwed]:
    """The reports of periods that have begun by that day, and the next one of each kind.

    Those that are in or excused are among them; none without an adopted policy, and none of a project
    that is not licensed.
    """
    ask: AskOwed | None = current_app.extensions.get(_OWED)
    return list(ask(session, state, on)) if ask else []


def find_owed(
    session: Session, state: State, kind: ReportKind, period: str, on: date
) -> ReportOwed | None:
    """The report owed for that period, or None."""
    owed = reports_owed(session, state, on)
    return next((one for one in owed if (one.kind, one.period) == (kind, period)), None)
