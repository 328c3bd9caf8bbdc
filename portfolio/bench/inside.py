"""What a process that is measured does: reading every state, explaining projects one by one."""

import time
from dataclasses import dataclass
from datetime import date
from math import ceil
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office.trail import TrailEntry, unpack
from portfolio.register.project import Project
from portfolio.schedule.evaluate import judge
from portfolio.schedule.explain import evaluation_document
from portfolio.schedule.in_force import law_on


@dataclass(frozen=True)
class Spent:
    """Milliseconds of processor for one project: in the middle, and for 95 of 100."""

    median: float
    p95: float


def read_all(session: Session) -> int:
    """Read the state of every project, as the nightly run does; returns how many there are."""
    query = select(TrailEntry.state).join(Project, TrailEntry.seq == Project.entry_seq)
    states = session.scalars(query.execution_options(yield_per=1000))
    return sum(1 for state in states if unpack(state))


def explain_some(session: Session, on: date, count: int) -> Spent:
    """Explain projects from all over the register, each read, judged and told in both languages."""
    law = law_on(session, on)
    ids = session.scalars(select(Project.id).order_by(Project.id)).all()
    spent = []
    for project_id in ids[:: max(1, len(ids) // count)]:
        begun = time.thread_time_ns()
        query = select(Project.code, TrailEntry.state).join(
            TrailEntry, TrailEntry.seq == Project.entry_seq
        )
        code, state = session.execute(query.where(Project.id == project_id)).one()
        told = evaluation_document(code, judge(unpack(state), law, on))
        spent.append((time.thread_time_ns() - begun) / 1e6)
        if told["id"] != code:
            raise AssertionError(code)
    spent.sort()
    return Spent(median(spent), spent[ceil(0.95 * len(spent)) - 1])
