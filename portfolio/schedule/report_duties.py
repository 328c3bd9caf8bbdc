"""The reports of one project: which are owed, when, and how far each has come, in words."""

from collections.abc import Sequence
from datetime import date

from flask import Flask
from sqlalchemy.orm import Session

from portfolio.office.trail import State
from portfolio.register.progress import ReportKind
from portfolio.register.project import Listing
from portfolio.register.reports_owed import ReportOwed, know_reports_owed
from portfolio.schedule.evaluate import NoPolicy, law_on
from portfolio.schedule.gather import first_approved
from portfolio.schedule.owed import due_on, owed_reports, period_begins
from portfolio.schedule.policy_text import Policy


def install(app: Flask) -> None:
    """Hand the register's acts the duties that follow from the policy."""
    know_reports_owed(app, _owed_by_law)


def _owed_by_law(session: Session, state: State, on: date) -> Sequence[ReportOwed]:
    try:
        law = law_on(session, on)
    except NoPolicy:
        return ()
    return owed_of(state, law.policy, on)


def owed_of(state: State, policy: Policy, on: date) -> list[ReportOwed]:
    """The reports that a state document owes up to the period after the running one, by due day."""
    if state["listing"] != Listing.LICENSED:
        return []
    approved = first_approved(state, policy)
    duties = {duty.kind: duty for duty in policy.report_duties.values()}
    found = [
        ReportOwed(
            ReportKind(kind),
            period,
            period_begins(kind, ends),
            ends,
            due_on(duties[kind], ends, policy.holidays),
        )
        for kind, period, ends in owed_reports(
            policy, date.fromisoformat(approved) if approved else None, on
        )
    ]
    return sorted(found, key=lambda one: (one.due_on, list(ReportKind).index(one.kind)))
