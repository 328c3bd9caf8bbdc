"""Evaluating the portfolio: which findings hold on a day, stored as flags.

`portfolio.schedule.rules` decides, `portfolio.schedule.flag_keeping` stores; here projects are loaded
in pages. Only those whose facts, policy or day of next change ask for it are touched, unless the
whole portfolio is wanted; the result is the same. Running twice on one day changes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, String, cast, func, or_, select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office.trail import State, TrailEntry, unpack
from portfolio.register.line_keeping import day_of
from portfolio.register.project import Project
from portfolio.schedule import rules
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.facts import read_facts
from portfolio.schedule.flag_keeping import Judged, Standing, keep_flags
from portfolio.schedule.flags import NextChange
from portfolio.schedule.gather import facts_document
from portfolio.schedule.policy import Evaluation, Holiday, PolicyStatus, PolicyVersion
from portfolio.schedule.policy_text import Policy, read_policy
from portfolio.schedule.terms import Holidays
from portfolio.web.errors import Refusal

PAGE = 1000
"""Projects that are judged and stored in one transaction: other writers wait for a part of a second."""


class NoPolicy(Refusal):
    """Nothing can be evaluated before a policy is adopted."""

    message = N_("No policy of delay has been adopted. The administrator runs: flask seed")


@dataclass
class Count:
    """What a run did: projects looked at, flags opened and closed, and projects that cannot be judged."""

    projects: int = 0
    opened: int = 0
    closed: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Law:
    """The policy in force on a day, ready to apply."""

    id: int
    policy: Policy


_read: dict[tuple[int, int, str | None], Policy] = {}
"""The policy as read last, by key, version and holidays: an act should not read 14 kB of policy again."""


def law_on(session: Session, on: date) -> Law:
    """The policy adopted last by that day; the first one also judges the days before it."""
    adopted = (
        select(
            PolicyVersion.id,
            PolicyVersion.version,
            PolicyVersion.adopted_on,
            select(func.aggregate_strings(cast(Holiday.on, String), ","))
            .scalar_subquery()
            .label("days_off"),
        )
        .where(PolicyVersion.status == PolicyStatus.ADOPTED)
        .order_by(PolicyVersion.adopted_on, PolicyVersion.number)
    )
    versions = session.execute(adopted).all()
    if not versions:
        raise NoPolicy
    in_force = [one for one in versions if one.adopted_on is not None and one.adopted_on <= on]
    chosen = in_force[-1] if in_force else versions[0]
    key = (chosen.id, chosen.version, chosen.days_off)
    if key not in _read:
        document = select(PolicyVersion.document).where(PolicyVersion.id == chosen.id)
        _read.clear()
        _read[key] = read_policy(session.scalars(document).one(), holidays(session))
    return Law(chosen.id, _read[key])


def holidays(session: Session) -> Holidays:
    """The table of public holidays, by year."""
    return Holidays.of(session.scalars(select(Holiday.on)))


def judge(state: State, law: Law, on: date) -> rules.Evaluation:
    """The findings for one project on a day, from its state document. Raises BadDocument."""
    return rules.evaluate(read_facts(facts_document(state, law.policy, on)), law.policy, on)


def evaluate_portfolio(session: Session, *, on: date, at: datetime, whole: bool = False) -> Count:
    """Bring all stored flags to what is true on a day.

    Commits page by page, so that nobody who saves meanwhile waits for the run to end. A run that is
    cut off leaves whole projects behind: what it did not reach is still due.
    """
    law = law_on(session, on)
    count = Count()
    for page in _pages(session, law, on, whole=whole):
        judged = list(_judged(page, law, on, count))
        opened, closed = keep_flags(session, judged, law.id, on, at)
        count.opened += opened
        count.closed += closed
        session.commit()
        session.expunge_all()
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


def judge_again(session: Session, project_ids: Sequence[int], at: datetime) -> None:
    """Bring the flags of changed projects up to date, within the act that changed them.

    So a pause that is accepted gives its days back at once. Before a policy is adopted nothing is
    judged; facts that contradict each other are reported by the next run.
    """
    on = day_of(at)
    try:
        law = law_on(session, on)
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
            evaluation = judge(state, law, on)
        except BadDocument as problem:
            count.refused.append((row.code, str(problem)))
            continue
        known = (
            None
            if row.evaluated_on is None
            else Standing(row.on, row.entry_seq, row.policy_id, row.evaluated_on)
        )
        yield Judged(row.id, row.seq, state["listing"], evaluation, known)
