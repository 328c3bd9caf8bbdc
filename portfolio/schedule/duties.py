"""What the law of delay does by itself: after every act, and every night."""

import logging
from datetime import datetime

from portfolio.database import session
from portfolio.office import trail
from portfolio.office.queue import each_night
from portfolio.schedule.evaluate import NoPolicy, evaluate_portfolio, judge_again
from portfolio.web.clock import today

log = logging.getLogger("portfolio.flags")


def install() -> None:
    """Judge a project again within each act that changes it."""
    trail.follow("project", judge_again)


@each_night
def evaluate_due(moment: datetime) -> None:
    """Look at the projects whose findings can change on the day that has just begun."""
    try:
        count = evaluate_portfolio(session(), on=today(), at=moment)
    except NoPolicy:
        return
    log.info(
        "evaluated",
        extra={"projects": count.projects, "opened": count.opened, "closed": count.closed},
    )
