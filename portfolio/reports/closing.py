"""Monthly closing: a month is frozen with its figures, and can be worked out again from the trail.

A month is closed as the register was known at the end of its last day: what is entered later counts in
the month in which it was entered. So the figures follow from the trail alone, whenever they are made.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portfolio.database import Base
from portfolio.notation import N_
from portfolio.office.trail import Origin, TrailEntry, append, pack
from portfolio.register.line import RegisterLine
from portfolio.register.line_keeping import day_of
from portfolio.reports.standings import names_in_trail, standings_in_trail
from portfolio.reports.statistics import Document, Names, statistics
from portfolio.reports.tally import Standing
from portfolio.schedule.in_force import Law, law_on
from portfolio.schedule.terms import last_day_of_month
from portfolio.web.clock import PROVINCE_ZONE
from portfolio.web.errors import Refusal

KIND = "closing"
Tick = Callable[[int], object]


class MonthlyClosing(Base):
    """One closed month: the register as it was known at a moment, judged on the month's last day."""

    __tablename__ = "monthly_closing"

    month: Mapped[date] = mapped_column(primary_key=True, comment="its last day")
    closed_at: Mapped[datetime]
    closed_by: Mapped[str] = mapped_column(String(200))
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    head_seq: Mapped[int] = mapped_column(comment="last entry of the trail that counts")
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the figures")
    note: Mapped[str | None] = mapped_column(String(2000))

    @property
    def name(self) -> str:
        """The month as it stands in addresses: ``2026-10``."""
        return f"{self.month:%Y-%m}"


class CannotClose(Refusal):
    """Months are closed once, in order, after they are over."""

    message = N_("This month cannot be closed now.")


class NotTheSame(Refusal):
    """What the trail tells now is not what was sealed."""

    status = 500
    title = N_("The closed month cannot be worked out again")
    message = N_(
        "The figures of %(month)s worked out from the trail differ from those that were sealed. Tell"
        " the administrator: flask closings verify"
    )


def closings(session: Session) -> list[MonthlyClosing]:
    """The closed months, the latest first."""
    return list(session.scalars(select(MonthlyClosing).order_by(MonthlyClosing.month.desc())))


def last_closing(session: Session, before: date | None = None) -> MonthlyClosing | None:
    """The month closed last, or the last one before a day."""
    query = select(MonthlyClosing).order_by(MonthlyClosing.month.desc()).limit(1)
    if before is not None:
        query = query.where(MonthlyClosing.month < before)
    return session.scalars(query).one_or_none()


def next_to_close(session: Session, today: date) -> date | None:
    """The last day of the month that may be closed now, or None if there is nothing to close.

    The first one is the month in which the register began.
    """
    last = last_closing(session)
    if last is not None:
        following = last.month + timedelta(days=1)
    else:
        began = session.scalar(
            select(func.min(TrailEntry.at)).where(TrailEntry.subject_kind == "project")
        )
        if began is None:
            return None
        following = day_of(began)
    ends = last_day_of_month(following.year, following.month)
    return ends if ends < today else None


def midnight_after(day: date) -> datetime:
    """The moment at which a day ends in the province."""
    return datetime.combine(day + timedelta(days=1), time(), PROVINCE_ZONE)


def figures_of(
    session: Session, month: date, before: date | None, tick: Tick = lambda _done: None
) -> tuple[Document, Law]:
    """The figures of a month from the trail alone; ``before``: last day of the month closed before."""
    moment = midnight_after(month)
    law = law_on(session, month, moment)
    document = statistics(
        session,
        _ticking(standings_in_trail(session, moment, law, month), tick),
        on=month,
        policy=law.policy,
        names=Names(
            names_in_trail(session, "zone", moment),
            names_in_trail(session, "sector", moment),
            names_in_trail(session, "unit", moment),
        ),
        since=before,
        expected_before=_expected_in_trail(session, before, tick) if before else {},
    )
    return document, law


def _expected_in_trail(session: Session, on: date, tick: Tick) -> dict[int, date | None]:
    moment = midnight_after(on)
    then = standings_in_trail(session, moment, law_on(session, on, moment), on)
    return {one.id: one.expected_on for one in _ticking(then, tick)}


def _ticking(standings: Iterable[Standing], tick: Tick) -> Iterator[Standing]:
    for number, one in enumerate(standings, 1):
        if number % 500 == 0:
            tick(number)
        yield one


def expected_in_lines(session: Session, on: date) -> dict[int, date | None]:
    """When the end of each project was expected at the end of a day, as its line said then."""
    moment = midnight_after(on)
    lines = select(RegisterLine.project_id, RegisterLine.expected_on).where(
        RegisterLine.since < moment,
        (RegisterLine.until.is_(None)) | (RegisterLine.until >= moment),
    )
    return {row.project_id: row.expected_on for row in session.execute(lines)}


def digest_of(document: Document) -> str:
    """The seal of some figures: SHA-256 of their canonical JSON."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def close_month(
    session: Session, month: date, document: Document, law: Law, origin: Origin
) -> MonthlyClosing:
    """Freeze a month with its figures and note their seal in the trail. Raises `CannotClose`."""
    if next_to_close(session, day_of(origin.at)) != month:
        raise CannotClose
    moment = midnight_after(month)
    head = session.scalar(select(func.max(TrailEntry.seq)).where(TrailEntry.at < moment))
    closing = MonthlyClosing(
        month=month,
        closed_at=origin.at,
        closed_by=origin.by_name,
        closed_by_id=origin.by.id if origin.by else None,
        policy_id=law.id,
        head_seq=head or 0,
        figures=document,
        digest=digest_of(document),
        note=origin.reason,
    )
    session.add(closing)
    session.flush()
    append(
        session,
        [
            {
                "by_id": closing.closed_by_id,
                "by_name": closing.closed_by,
                "at": origin.at,
                "act": "close_month",
                "reason": origin.reason,
                "subject_kind": KIND,
                "subject_id": month.toordinal(),
                "subject_version": 1,
                "state": pack(
                    {
                        "name": closing.name,
                        "policy": document["policy"],
                        "head_seq": closing.head_seq,
                        "digest": closing.digest,
                    }
                ),
            }
        ],
    )
    return closing


def worked_out_again(
    session: Session, closing: MonthlyClosing, tick: Tick = lambda _done: None
) -> Document:
    """The figures of a closed month, made from the trail once more. Raises `NotTheSame`."""
    earlier = last_closing(session, before=closing.month)
    document, _law = figures_of(session, closing.month, earlier.month if earlier else None, tick)
    if digest_of(document) != closing.digest or digest_of(closing.figures) != closing.digest:
        raise NotTheSame(month=closing.name)
    return document
