"""The revocation review list: every project with an open ground or a call for review.

It is the register's main working list. Bands of lateness can be added to it by the policy. Being on
it says that people must look, and never that a project "is revoked".
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import True_

from portfolio.office.people import User
from portfolio.office.trail import TrailEntry, unpack
from portfolio.register.figures import RegisterFigure
from portfolio.register.line import RegisterLine
from portfolio.register.row_rule import visible_to
from portfolio.schedule import rules
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.evaluate import Law, judge
from portfolio.schedule.flags import Flag, Severity
from portfolio.schedule.lateness import targets_of

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
        _late_between(*targets_of(band, on))
        for band in law.policy.bands
        if band.name in law.policy.review_bands
    ]
    return and_(Flag.closed_on.is_(None), Flag.held.is_(False), or_(wanted, *bands))


def _late_between(first: date | None, last: date) -> ColumnElement[bool]:
    """Late against a day between the two. The deadline of `INV-LATE` is the end, moved by pauses."""
    since = true() if first is None else Flag.deadline >= first
    return and_(Flag.rule == "INV-LATE", Flag.deadline <= last, since)


def read_review_list(
    session: Session, user: User, law: Law, *, on: date, rule: str | None = None, page: int = 1
) -> ReviewList:
    """A page of the list as ``user`` may see it, the longest standing projects first."""
    rules_of = _flagged(user, law, on)
    counts = session.execute(
        rules_of.with_only_columns(Flag.rule, func.count(Flag.project_id.distinct()))
        .group_by(Flag.rule)
        .order_by(func.count(Flag.project_id.distinct()).desc(), Flag.rule)
    ).all()
    chosen = rules_of.where(Flag.rule == rule) if rule else rules_of
    total, capital = session.execute(
        _totals_by_figure(user, law)
        if rule is None and _figures_tell(law)
        else _totals_by_flag(chosen)
    ).one()
    total = int(total)  # PostgreSQL adds whole numbers up to a decimal
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    found = session.execute(_entries(chosen, page)).all()
    entries = [Entry(line, since, _findings(state, law, on)) for line, since, state in found]
    return ReviewList(entries, total, capital, [(r, n) for r, n in counts], page, pages)


def _flagged(user: User, law: Law, on: date) -> Select[*tuple[Any, ...]]:
    """The flags that put projects on the list, of projects that ``user`` may see."""
    flags: Select[*tuple[Any, ...]] = select(Flag.id).where(on_the_list(law, on))
    visible = visible_to(user, RegisterLine.zone_id)
    if isinstance(visible, True_):
        return flags
    line = RegisterLine.project_id == Flag.project_id
    return flags.join(RegisterLine, line).where(RegisterLine.until.is_(None), visible)


def _entries(flags: Select[*tuple[Any, ...]], page: int) -> Select[*tuple[Any, ...]]:
    """The lines of one page. It is cut before lines are looked up: they are many and long."""
    projects = (
        flags.with_only_columns(Flag.project_id, func.min(Flag.since).label("since"))
        .group_by(Flag.project_id)
        .order_by(func.min(Flag.since).nulls_last(), Flag.project_id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
        .subquery()
    )
    return (
        select(RegisterLine, projects.c.since, TrailEntry.state)
        .join(projects, projects.c.project_id == RegisterLine.project_id)
        .join(TrailEntry, TrailEntry.seq == RegisterLine.entry_seq)
        .where(RegisterLine.until.is_(None))
        .order_by(projects.c.since.nulls_last(), RegisterLine.project_id)
    )


# How many, and with how much capital ----------------------------------------------------------


def _figures_tell(law: Law) -> bool:
    """Whether a project is on the list by its worst severity alone.

    It does when the list is of the heaviest severities and of no bands of lateness.
    """
    wanted = law.policy.review_severities
    others = {severity.weight for severity in Severity if severity.value not in wanted}
    return not law.policy.review_bands and min(_weights(law), default=0) > max(others, default=0)


def _weights(law: Law) -> list[int]:
    return [
        severity.weight for severity in Severity if severity.value in law.policy.review_severities
    ]


def _totals_by_figure(user: User, law: Law) -> Select[*tuple[Any, ...]]:
    """The figures that are kept as lines change, of the severities that the list is made of."""
    return select(
        func.coalesce(func.sum(RegisterFigure.projects), 0), func.sum(RegisterFigure.capital_vnd)
    ).where(
        RegisterFigure.kind == "severity",
        RegisterFigure.ref.in_([str(weight) for weight in _weights(law)]),
        visible_to(user, RegisterFigure.zone_id),
    )


def _totals_by_flag(flags: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    projects = flags.with_only_columns(Flag.project_id).distinct().subquery()
    return (
        select(func.count(), func.sum(RegisterLine.capital_vnd))
        .select_from(projects)
        .join(RegisterLine, RegisterLine.project_id == projects.c.project_id)
        .where(RegisterLine.until.is_(None))
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
