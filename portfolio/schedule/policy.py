"""Policy versions: every threshold, article and date of the law of delay, as dated data."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base
from portfolio.notation import N_


class PolicyStatus(enum.StrEnum):
    """A draft may be changed; an adopted policy never."""

    DRAFT = "draft"
    ADOPTED = "adopted"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {"draft": N_("draft"), "adopted": N_("adopted")}[self.value]


class PolicyVersion(Base):
    """One version of the rules' parameters, valid from the day of its adoption on."""

    __tablename__ = "policy_version"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("(status = 'adopted') = (adopted_on IS NOT NULL)", "adopted_has_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    status: Mapped[PolicyStatus] = mapped_column(default=PolicyStatus.DRAFT)
    adopted_on: Mapped[date | None]
    adopted_at: Mapped[datetime | None]
    adopted_by: Mapped[str | None] = mapped_column(String(200))
    adopted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    started_by: Mapped[str | None] = mapped_column(String(200))
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str | None] = mapped_column(String(2000), comment="what changes, and why")
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str | None] = mapped_column(String(1000))
    version: Mapped[int] = mapped_column(default=0)


class PolicyTrial(Base):
    """A draft tried on the portfolio of a day: who would enter the review list, and who would leave."""

    __tablename__ = "policy_trial"

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"), index=True)
    policy_state: Mapped[int] = mapped_column(comment="version of the draft that was tried")
    on: Mapped[date]
    at: Mapped[datetime]
    tried_by: Mapped[str] = mapped_column(String(200))
    head_seq: Mapped[int] = mapped_column(comment="last entry of the trail that was read")
    result: Mapped[dict[str, Any]] = mapped_column(JSON)


_KNOWN = text("dropped_at IS NULL")


class Holiday(Base):
    """A public holiday; a year without any row is reported in findings, never guessed.

    Rows are not changed: one that was wrong is dropped and stays, so that past days are judged by
    what was known then.
    """

    __tablename__ = "holiday"
    __table_args__ = (
        Index(
            "uq_holiday_known",
            "on",
            unique=True,
            sqlite_where=_KNOWN,
            postgresql_where=_KNOWN,
        ),
        CheckConstraint("(dropped_at IS NULL) = (dropped_why IS NULL)", "dropping_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date]
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(1000))
    added_at: Mapped[datetime | None] = mapped_column(comment="empty: known from the beginning")
    added_by: Mapped[str | None] = mapped_column(String(200))
    dropped_at: Mapped[datetime | None]
    dropped_by: Mapped[str | None] = mapped_column(String(200))
    dropped_why: Mapped[str | None] = mapped_column(String(2000))


class Evaluation(Base):
    """One run of the law of delay over the portfolio."""

    __tablename__ = "evaluation"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    whole: Mapped[bool] = mapped_column(comment="all projects, not only those that were due")
    projects: Mapped[int]
    opened: Mapped[int]
    closed: Mapped[int]
