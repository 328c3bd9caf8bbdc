"""Evaluating the portfolio: which findings hold on a day, stored as flags.

`portfolio.schedule.rules` decides, `portfolio.schedule.flag_keeping` stores; here projects are loaded
in pages. Only those whose facts, policy or day of next change ask for it are touched, unless the
whole portfolio is wanted; the result is the same. Running twice on one day changes nothing.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from portfolio.office.trail import State, TrailEntry, unpack
from portfolio.register.line_keeping import day_of
from portfolio.register.project import Project
from portfolio.schedule import rules
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.facts import read_facts
from portfolio.schedule.flag_keeping import Judged, Standing, keep_flags
from portfolio.schedule.flags import NextChange
from portfolio.schedule.gather import facts_document
from portfolio.schedule.in_force import Law, NoPolicy, law_on
from portfolio.schedule.judgement import judge_state
from portfolio.schedule.policy import Evaluation

__all__ = ["Count", "Law", "NoPolicy", "evaluate_portfolio", "judge", "judge_again", "law_on"]

PAGE = 1000
"""Projects that are judged and stored in one transaction: other writers wait for a part of a second."""


@dataclass
class Count:
    """What a run did: projects looked at, flags opened and closed, and projects that cannot be judged."""

    projects: int = 0
    opened: int = 0
    closed: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def judge(state: State, law: Law, on: date) -> rules.Evaluation:
    """The findings for one project on a day, from its state document. Raises BadDocument."""
    return rules.evaluate(read_facts(facts_document(state, law.policy, on)), law.policy, on)


def evaluate_portfolio(
    session: Session,
    *,
    on: date,
    at: datetime,
    whole: bool = False,
    tell: Callable[[int], None] = lambda _done: None,
) -> Count:
    """Bring all stored flags to what is true on a day.

    Commits page by page, so that nobody who saves meanwhile waits for the run to end. A run that is
    cut off leaves whole projects behind: what it did not reach is still due. ``tell`` is called with
    the number of projects after each page.
    """
    law = law_on(session, on, at)
    count = Count()
    for page in _pages(session, law, on, whole=whole):
        with _no_search_for_cycles():
            judged = list(_judged(page, law, on, count))
            opened, closed = keep_flags(session, judged, law.id, on, at)
        count.opened += opened
        count.closed += closed
        session.commit()
        session.expunge_all()
        tell(count.projects)
    session.add(
        Evaluation(
            on=on,
            at=at,
            policy_id=law.id,
            whole=whole,
            projects=count.projects,
            opened=count.opened,
            closed=count.closed,
        )
    )
    session.commit()
    return count


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Put the collector of cyclic garbage off: a page makes none, and searching it for some costs a quarter."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def judge_again(session: Session, project_ids: Sequence[int], at: datetime) -> None:
    """Bring the flags of changed projects up to date, within the act that changed them.

    So a pause that is accepted gives its days back at once. Before a policy is adopted nothing is
    judged; facts that contradict each other are reported by the next run.
    """
    on = day_of(at)
    try:
        law = law_on(session, on, at)
    except NoPolicy:
        return
    query = _with_state().where(Project.id.in_(project_ids)).order_by(Project.id)
    judged = list(_judged(session.execute(query).all(), law, on, Count()))
    keep_flags(session, judged, law.id, on, at)


def _pages(session: Session, law: Law, on: date, *, whole: bool) -> Iterator[Sequence[Row[Any]]]:
    last = 0
    while True:
        query = _with_state() if whole else _due(law, on)
        # An editor who saves one of these waits for the page, so flags never show another state.
        found = session.execute(
            query.where(Project.id > last)
            .order_by(Project.id)
            .limit(PAGE)
            .with_for_update(of=Project)
        ).all()
        if not found:
            return
        last = found[-1].id
        yield found


def _with_state() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Project.id,
            Project.code,
            TrailEntry.seq,
            TrailEntry.state,
            NextChange.on,
            NextChange.entry_seq,
            NextChange.policy_id,
            NextChange.evaluated_on,
        )
        .join(TrailEntry, TrailEntry.seq == Project.entry_seq)
        .outerjoin(NextChange, NextChange.project_id == Project.id)
    )


def _due(law: Law, on: date) -> Select[*tuple[Any, ...]]:
    return _with_state().where(
        or_(
            NextChange.project_id.is_(None),
            NextChange.on <= on,
            NextChange.entry_seq != Project.entry_seq,
            NextChange.policy_id != law.id,
            NextChange.evaluated_on > on,
        )
    )


def _judged(page: Sequence[Row[Any]], law: Law, on: date, count: Count) -> Iterator[Judged]:
    for row in page:
        count.projects += 1
        state = unpack(row.state)
        try:
            judgement = judge_state(state, law.policy, on)
        except BadDocument as problem:
            count.refused.append((row.code, str(problem)))
            continue
        known = (
            None
            if row.evaluated_on is None
            else Standing(row.on, row.entry_seq, row.policy_id, row.evaluated_on)
        )
        yield Judged(row.id, row.seq, state["listing"], judgement, known)
