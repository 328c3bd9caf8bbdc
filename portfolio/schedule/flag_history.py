"""The findings of one project that were stored: when each was opened and closed, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.schedule.explanation import severity_words
from portfolio.schedule.flag_keeping import NO_LONGER_TRUE, SUPERSEDED
from portfolio.schedule.flags import Flag
from portfolio.schedule.policy import PolicyVersion
from portfolio.web import show

MOST: Final = 200
"""A project has a few dozen in all; an odd one must not make a page without end."""

_WHY: Final = {
    NO_LONGER_TRUE: N_("the condition no longer holds"),
    SUPERSEDED: N_("replaced by a later finding"),
}


@dataclass(frozen=True)
class PastFlag:
    """A stored finding: the days it stood open, what it said, and why it ended."""

    rule: str
    scope: str
    severity: str
    held: bool
    since: date | None
    deadline: date | None
    law: str | None
    policy: int
    opened_on: date
    closed_on: date | None
    why: str
    changes: tuple[str, ...]


def flag_history(
    session: Session, project_id: int, on: date, rule: str | None = None
) -> list[PastFlag]:
    """The stored findings of a project as known at the end of a day, the newest first."""
    query = (
        select(Flag, PolicyVersion.number)
        .join(PolicyVersion, PolicyVersion.id == Flag.policy_id)
        .where(Flag.project_id == project_id, Flag.opened_on <= on)
        .order_by(Flag.opened_at.desc(), Flag.id.desc())
        .limit(MOST)
    )
    if rule is not None:
        query = query.where(Flag.rule == rule)
    rows = [(flag, number) for flag, number in session.execute(query)]
    return [_past(flag, number, rows, on) for flag, number in rows]


def _past(flag: Flag, policy: int, rows: Sequence[tuple[Flag, int]], on: date) -> PastFlag:
    closed = flag.closed_on is not None and flag.closed_on <= on
    why = flag.closed_why or ""
    successor = _successor(flag, rows) if closed and why == SUPERSEDED else None
    return PastFlag(
        rule=flag.rule,
        scope=flag.scope,
        severity=severity_words(flag.severity),
        held=flag.held,
        since=flag.since,
        deadline=flag.deadline,
        law=flag.law,
        policy=policy,
        opened_on=flag.opened_on,
        closed_on=flag.closed_on if closed else None,
        why=str(gettext(_WHY.get(why, why))) if closed else "",
        changes=tuple(_changes(flag, policy, *successor)) if successor else (),
    )


def _successor(flag: Flag, rows: Sequence[tuple[Flag, int]]) -> tuple[Flag, int] | None:
    """The finding that took its place: the next of the same rule and scope."""
    later = [
        row
        for row in rows
        if row[0].id > flag.id and (row[0].rule, row[0].scope) == (flag.rule, flag.scope)
    ]
    return min(later, key=lambda row: row[0].id, default=None)


def _changes(old: Flag, old_policy: int, new: Flag, new_policy: int) -> Iterable[str]:
    """What the later finding says otherwise."""
    if old.deadline != new.deadline and new.deadline is not None:
        yield str(gettext("deadline %(day)s", day=show.day(new.deadline)))
    if old.since != new.since and new.since is not None:
        yield str(gettext("since %(day)s", day=show.day(new.since)))
    if old.severity != new.severity:
        yield severity_words(new.severity)
    if old.held != new.held:
        yield str(gettext("held") if new.held else gettext("no longer held"))
    if old.law != new.law and new.law:
        yield new.law
    if old_policy != new_policy:
        yield str(gettext("policy version %(number)s", number=new_policy))
