"""Projects that a page of progress follows: made by acts, judged within them."""

from datetime import date

from sqlalchemy.orm import Session

from portfolio.office.people import User
from portfolio.office.trail import Origin
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.acts.schedule import Promise, VersionFacts, add_schedule_version
from portfolio.register.papers import ActKind
from portfolio.register.phases import MilestoneKind, ScheduleKind
from portfolio.register.project import Project
from portfolio.schedule.scope import Scope, read_scope
from tests.register.desk import Desk, log

APPROVED = date(2024, 1, 5)


def promised(
    db: Session,
    desk: Desk,
    name: str,
    operation: date,
    *,
    approved: date = APPROVED,
    origin: Origin | None = None,
    **facts,
) -> Project:
    """A licensed project that promised to be in operation by a day."""
    by = origin or desk.program
    project = log(db, desk, name, origin=by, **facts)
    paper = add_act(db, project, Paper(kind=ActKind.POLICY_APPROVAL, issued_on=approved), by)
    add_schedule_version(
        db,
        project,
        VersionFacts(kind=ScheduleKind.IPA, approved_on=approved, act_id=paper.id),
        [Promise(1, MilestoneKind.OPERATION, operation)],
        by,
    )
    return project


def scope_of(db: Session, user: User, typed: str = "") -> Scope:
    """What a person's page of progress looks at."""
    return read_scope(db, user, typed)
