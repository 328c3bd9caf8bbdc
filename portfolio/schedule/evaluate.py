"""Evaluating the portfolio: which findings hold on a day, stored as flags.

`portfolio.schedule.rules` decides; here facts are loaded in pages, and what changed is written in
bulk. Only projects whose facts, policy or day of next change ask for it are touched, unless the
whole portfolio is wanted; the result is the same. Running twice on one day changes nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office.trail import State, TrailEntry, unpack
from portfolio.register.line import Flagging, RegisterLine
from portfolio.register.line_keeping import reflag_all
from portfolio.register.project import Project
from portfolio.schedule import rules
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.facts import read_facts
from portfolio.schedule.flags import Flag, NextChange, Severity
from portfolio.schedule.gather import facts_document
from portfolio.schedule.policy import Evaluation, Holiday, PolicyStatus, PolicyVersion
from portfolio.schedule.policy_text import Policy, read_policy
from portfolio.schedule.terms import Holidays
from portfolio.web.errors import Refusal

PAGE = 2000
NO_LONGER_TRUE = "no longer true"
SUPERSEDED = "superseded"


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


def law_on(session: Session, on: date) -> Law:
    """The policy adopted last by that day; the first one also judges the days before it."""
    adopted = (
        select(PolicyVersion)
        .where(PolicyVersion.status == PolicyStatus.ADOPTED)
        .order_by(PolicyVersion.adopted_on, PolicyVersion.number)
    )
    versions = list(session.scalars(adopted))
    if not versions:
        raise NoPolicy
    in_force = [v for v in versions if v.adopted_on is not None and v.adopted_on <= on]
    chosen = in_force[-1] if in_force else versions[0]
    return Law(chosen.id, read_policy(chosen.document, holidays(session)))


def holidays(session: Session) -> Holidays:
    """The table of public holidays, by year."""
    return Holidays.of(session.scalars(select(Holiday.on)))


def judge(state: State, law: Law, on: date) -> rules.Evaluation:
    """The findings for one project on a day, from its state document. Raises BadDocument."""
    return rules.evaluate(read_facts(facts_document(state)), law.policy, on)


def evaluate_portfolio(session: Session, *, on: date, at: datetime, whole: bool = False) -> Count:
    """Bring all stored flags to what is true on a day. The caller commits."""
    law = law_on(session, on)
    count = Count()
    for page in _pages(session, law, on, whole=whole):
        _store(session, page, law, on, at, count)
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
    return count


@dataclass(frozen=True)
class _Row:
    project_id: int
    seq: int
    code: str
    state: State


def _pages(session: Session, law: Law, on: date, *, whole: bool) -> Iterator[list[_Row]]:
    last = 0
    while True:
        query = _due(law, on) if not whole else _all()
        found = session.execute(
            query.where(Project.id > last).order_by(Project.id).limit(PAGE)
        ).all()
        if not found:
            return
        last = found[-1].id
        yield [_Row(row.id, row.seq, row.code, unpack(row.state)) for row in found]


def _all() -> Select[Any]:
    return select(Project.id, Project.code, TrailEntry.seq, TrailEntry.state).join(
        TrailEntry, TrailEntry.seq == Project.entry_seq
    )


def _due(law: Law, on: date) -> Select[Any]:
    return (
        _all()
        .outerjoin(NextChange, NextChange.project_id == Project.id)
        .where(
            or_(
                NextChange.project_id.is_(None),
                NextChange.on <= on,
                NextChange.entry_seq != Project.entry_seq,
                NextChange.policy_id != law.id,
                NextChange.evaluated_on > on,
            )
        )
    )


def _store(  # noqa: PLR0913  one page of one run
    session: Session, page: list[_Row], law: Law, on: date, at: datetime, count: Count
) -> None:
    ids = [row.project_id for row in page]
    open_flags: dict[int, list[Flag]] = defaultdict(list)
    for flag in session.scalars(
        select(Flag).where(Flag.project_id.in_(ids), Flag.closed_on.is_(None))
    ):
        open_flags[flag.project_id].append(flag)
    new, ended, next_changes, flaggings = [], [], [], {}
    for row in page:
        count.projects += 1
        try:
            result = judge(row.state, law, on)
        except BadDocument as problem:
            count.refused.append((row.code, str(problem)))
            continue
        opened, closed = _changes(row, result, open_flags[row.project_id], law, on, at)
        new += opened
        ended += closed
        flaggings[row.project_id] = flagging_of(result)
        next_changes.append(
            {
                "project_id": row.project_id,
                "on": result.next_change_on,
                "entry_seq": row.seq,
                "policy_id": law.id,
                "evaluated_on": on,
            }
        )
    _write(session, new, ended, next_changes)
    lines = session.scalars(
        select(RegisterLine).where(RegisterLine.until.is_(None), RegisterLine.project_id.in_(ids))
    )
    reflag_all(
        session,
        [(line, flaggings[line.project_id]) for line in lines if line.project_id in flaggings],
        at,
    )
    count.opened += len(new)
    count.closed += len(ended)
    session.flush()
    session.expunge_all()


def _changes(  # noqa: PLR0913  one project of one run
    row: _Row, result: rules.Evaluation, stored: list[Flag], law: Law, on: date, at: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    wanted = {
        (f.rule, f.scope): {
            "project_id": row.project_id,
            "rule": f.rule,
            "scope": f.scope,
            "severity": f.severity,
            "held": f.held,
            "since": f.since,
            "deadline": f.deadline,
            "law": f.law,
            "policy_id": law.id,
            "opened_on": on,
            "opened_at": at,
            "entry_seq": row.seq,
            "inputs": [[step.name, str(step.value), step.source] for step in f.inputs],
        }
        for f in result.findings
    }
    same = ("severity", "held", "since", "deadline", "law", "policy_id")
    ended = []
    for flag in stored:
        key = (flag.rule, flag.scope)
        now = wanted.get(key)
        if now is not None and all(getattr(flag, name) == now[name] for name in same):
            del wanted[key]
            continue
        why = NO_LONGER_TRUE if now is None else SUPERSEDED
        ended.append({"id": flag.id, "closed_on": max(on, flag.opened_on), "closed_why": why})
    return list(wanted.values()), ended


def _write(
    session: Session,
    new: list[dict[str, Any]],
    ended: list[dict[str, Any]],
    next_changes: list[dict[str, Any]],
) -> None:
    if ended:
        session.execute(update(Flag), ended)
    if new:
        session.execute(insert(Flag), new)
    if next_changes:
        ids = [change["project_id"] for change in next_changes]
        session.execute(
            delete(NextChange)
            .where(NextChange.project_id.in_(ids))
            .execution_options(synchronize_session=False)
        )
        session.execute(insert(NextChange), next_changes)


def flagging_of(result: rules.Evaluation) -> Flagging:
    """What the register line shows of a project's findings: rules and days, words come later."""
    findings = list(result.findings)
    counting = [f for f in findings if not f.held]
    return Flagging(
        schedule_state=result.schedule_state,
        severity=max((Severity(f.severity).weight for f in counting), default=0),
        flags=json.dumps(
            [
                {
                    "rule": f.rule,
                    "severity": f.severity,
                    "held": f.held,
                    "since": f.since.isoformat() if f.since else None,
                    "deadline": f.deadline.isoformat() if f.deadline else None,
                }
                for f in findings
            ],
            separators=(",", ":"),
        ),
        rules=tuple(dict.fromkeys(f.rule for f in findings)),
    )
