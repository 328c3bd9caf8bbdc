"""Which policy is in force on a day, with the public holidays that were known at a moment.

A policy applies from the day of its adoption on, and past days are always judged by the one that was
adopted then. Holidays are never changed, only added and dropped, so that what was found at a moment
can be found again.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.schedule.policy import Holiday, PolicyStatus, PolicyVersion
from portfolio.schedule.policy_text import Policy, read_policy
from portfolio.schedule.terms import Holidays
from portfolio.web.errors import Refusal


class NoPolicy(Refusal):
    """Nothing can be evaluated before a policy is adopted."""

    message = N_("No policy of delay has been adopted. The administrator runs: flask seed")


@dataclass(frozen=True)
class Law:
    """The policy in force on a day, ready to apply."""

    id: int
    policy: Policy


_read: dict[tuple[int, int, str | None], Policy] = {}
"""The policy as read last, by key, version and holidays: an act should not read 14 kB of policy again."""


def law_on(session: Session, on: date, at: datetime | None = None) -> Law:
    """The policy adopted last by that day; the first one also judges the days before it.

    Of two adopted on one day the later adoption counts. ``at``: the moment whose knowledge of public
    holidays counts, now unless given. Raises `NoPolicy`.
    """
    adopted = (
        select(
            PolicyVersion.id,
            PolicyVersion.version,
            PolicyVersion.adopted_on,
            select(func.aggregate_strings(cast(Holiday.on, String), ","))
            .where(known_at(at))
            .scalar_subquery()
            .label("days_off"),
        )
        .where(PolicyVersion.status == PolicyStatus.ADOPTED)
        .order_by(
            PolicyVersion.adopted_on, PolicyVersion.adopted_at.nulls_first(), PolicyVersion.number
        )
    )
    versions = session.execute(adopted).all()
    if not versions:
        raise NoPolicy
    in_force = [one for one in versions if one.adopted_on is not None and one.adopted_on <= on]
    chosen = in_force[-1] if in_force else versions[0]
    key = (chosen.id, chosen.version, chosen.days_off)
    if key not in _read:
        policy = read_version(session, chosen.id, holidays(session, at))
        _read.clear()
        _read[key] = policy
    return Law(chosen.id, _read[key])


def read_version(session: Session, policy_id: int, known: Holidays) -> Policy:
    """One version, adopted or not, with these holidays."""
    document = select(PolicyVersion.document).where(PolicyVersion.id == policy_id)
    return read_policy(session.scalars(document).one(), known)


def holidays(session: Session, at: datetime | None = None) -> Holidays:
    """The public holidays known at a moment, by year; those known now unless one is given."""
    return Holidays.of(session.scalars(select(Holiday.on).where(known_at(at))))


def known_at(at: datetime | None) -> ColumnElement[bool]:
    """The condition on a holiday that it was known at a moment; None: that it is known now."""
    if at is None:
        return Holiday.dropped_at.is_(None)
    return and_(
        or_(Holiday.added_at.is_(None), Holiday.added_at <= at),
        or_(Holiday.dropped_at.is_(None), Holiday.dropped_at > at),
    )


class PastHolidays:
    """All tables of public holidays there ever were, each found by a moment in it."""

    def __init__(self, rows: Iterable[tuple[date, datetime | None, datetime | None]]) -> None:
        self._rows = list(rows)

    @classmethod
    def of(cls, session: Session) -> "PastHolidays":
        """As the register has them."""
        rows = session.execute(select(Holiday.on, Holiday.added_at, Holiday.dropped_at)).all()
        return cls((on, added, dropped) for on, added, dropped in rows)

    @cached_property
    def _changes(self) -> list[datetime]:
        return sorted({at for _on, *moments in self._rows for at in moments if at is not None})

    def period_of(self, at: datetime) -> int:
        """The number of the period, between two changes of the table, in which a moment lies."""
        return bisect_right(self._changes, at)

    def table_at(self, at: datetime) -> Holidays:
        """The table known at a moment, as `holidays` reads it."""
        return Holidays.of(
            on
            for on, added, dropped in self._rows
            if (added is None or added <= at) and (dropped is None or dropped > at)
        )
