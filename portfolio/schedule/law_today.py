"""The law of today for pages that ask for it in several places: read once a request."""

from flask import g, has_request_context
from sqlalchemy.orm import Session

from portfolio.schedule.evaluate import Law, law_on
from portfolio.web.clock import today


def law_today(session: Session) -> Law:
    """The policy in force today. Outside of a request it is read anew each time. Raises `NoPolicy`."""
    if not has_request_context():
        return law_on(session, today())
    if "law_today" not in g:
        g.law_today = law_on(session, today())
    found: Law = g.law_today
    return found
