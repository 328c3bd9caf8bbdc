"""The revocation review list: every project with an open ground or a call for review.

It is the register's main working list. Bands of lateness can be added to it by the policy. Being on
it says that people must look, and never that a project "is revoked".
"""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from portfolio.office.people import User
from portfolio.office.trail import TrailEntry, unpack
from portfolio.register.line import RegisterLine
from portfolio.register.row_rule import visible_to
from portfolio.schedule import rules
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.evaluate import Law, judge
from portfolio.schedule.flags import Flag
from portfolio.schedule.terms import add_months

PAGE = 25
SHOWN = ("ground", "review", "late")


@dataclass(frozen=True)
class Entry:
    """A project on the list with what speaks for a review, as it stands on the day.

    ``findings`` has each rule once, with all its findings: a project can be late in several places.
    """

    line: RegisterLine
    since: date | None
    findings: dict[str, list[rules.Finding]]


@dataclass(frozen=True)
class ReviewList:
    """One page of the list, how many projects are on it, and how many by rule."""

    entries: list[Entry]
    total: int
    capital: Any
    by_rule: list[tuple[str, int]]
    page: int
    pages: int


def on_the_list(law: Law, on: date) -> ColumnElement[bool]:
    """The condition on a flag that puts its project on the list."""
    wanted: ColumnElement[bool] = Flag.severity.in_(law.policy.review_severities)
    bands = [
        and_(
            Flag.rule == "INV-LATE",
            Flag.deadline < add_months(on, -band.least),
            true()
            if math.isinf(band.most)
            else Flag.deadline >= add_months(on, -int(band.most) - 1),
        )
        for band in law.policy.bands
        if band.name in law.policy.review_bands
    ]
    return and_(Flag.closed_on.is_(None), Flag.held.is_(False), or_(wanted, *bands))


def read_review_list(
    session: Session, user: User, law: Law, *, on: date, rule: str | None = None, page: int = 1
) -> ReviewList:
    """A page of the list as ``user`` may see it, the longest standing projects first."""
    counts = session.execute(
        _flagged(user, law, on)
        .with_only_columns(Flag.rule, func.count(Flag.project_id.distinct()))
        .group_by(Flag.rule)
        .order_by(func.count(Flag.project_id.distinct()).desc(), Flag.rule)
    ).all()
    chosen = _flagged(user, law, on)
    if rule:
        chosen = chosen.where(Flag.rule == rule)
    projects = (
        chosen.with_only_columns(Flag.project_id, func.min(Flag.since).label("since"))
        .group_by(Flag.project_id)
        .subquery()
    )
    total, capital = session.execute(
        select(func.count(), func.sum(RegisterLine.capital_vnd))
        .select_from(projects)
        .join(RegisterLine, RegisterLine.project_id == projects.c.project_id)
        .where(RegisterLine.until.is_(None))
    ).one()
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    found = session.execute(
        select(RegisterLine, projects.c.since, TrailEntry.state)
        .join(projects, projects.c.project_id == RegisterLine.project_id)
        .join(TrailEntry, TrailEntry.seq == RegisterLine.entry_seq)
        .where(RegisterLine.until.is_(None))
        .order_by(projects.c.since, RegisterLine.project_id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    entries = [Entry(line, since, _findings(state, law, on)) for line, since, state in found]
    return ReviewList(entries, total, capital, [(r, n) for r, n in counts], page, pages)


def _flagged(user: User, law: Law, on: date) -> Select[Any]:
    return (
        select(Flag.id)
        .join(RegisterLine, RegisterLine.project_id == Flag.project_id)
        .where(
            RegisterLine.until.is_(None),
            visible_to(user, RegisterLine.zone_id),
            on_the_list(law, on),
        )
    )


def _findings(packed: bytes, law: Law, on: date) -> dict[str, list[rules.Finding]]:
    by_rule: dict[str, list[rules.Finding]] = {}
    try:
        found = judge(unpack(packed), law, on).findings
    except BadDocument:
        return {}
    for finding in found:
        if not finding.held and finding.severity in SHOWN:
            by_rule.setdefault(finding.rule, []).append(finding)
    return by_rule
