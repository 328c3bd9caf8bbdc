"""What the law of delay does by itself: after every act, every night, and when the law changes."""

import logging
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.database import database, session
from portfolio.notation import N_
from portfolio.office import trail
from portfolio.office.job import Job, enqueue
from portfolio.office.may import Permission
from portfolio.office.people import User
from portfolio.office.queue import each_night
from portfolio.office.work import Task, job
from portfolio.register.line_keeping import day_of
from portfolio.register.project import Project
from portfolio.schedule.evaluate import NoPolicy, evaluate_portfolio, judge_again

log = logging.getLogger("portfolio.flags")

REJUDGE: Final = "rejudge_all"


def install() -> None:
    """Judge a project again within each act that changes it."""
    trail.follow("project", judge_again)


@each_night
def evaluate_due(moment: datetime) -> None:
    """Look at the projects whose findings can change on the day that has just begun."""
    try:
        count = evaluate_portfolio(session(), on=day_of(moment), at=moment)
    except NoPolicy:
        return
    log.info(
        "evaluated",
        extra={"projects": count.projects, "opened": count.opened, "closed": count.closed},
    )


def ask_to_rejudge(db: Session, *, by: User | None, at: datetime) -> Job:
    """Have every project judged again: a policy was adopted, or the public holidays changed.

    The worker begins when the caller commits. Each call is a job of its own: one that runs already
    may have passed projects by before the change.
    """
    return enqueue(db, REJUDGE, {"asked_at": at.isoformat()}, by=by, at=at)


# To judge once more changes nothing, so whoever asked may ask again.
@job(REJUDGE, label=N_("Judge all projects again"), needs=Permission.READ_REGISTER)
def rejudge_all(task: Task) -> None:
    """Bring the flags of all projects to what is true today by the law as it is known now."""
    with database().open_session(write=True) as own:
        total = own.scalar(select(func.count()).select_from(Project)) or 0
        own.commit()

        def tell(done: int) -> None:
            task.report(N_("Judging projects"), done, total)

        evaluate_portfolio(own, on=day_of(task.at), at=task.at, whole=True, tell=tell)
