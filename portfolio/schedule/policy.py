"""Policy versions: every threshold, article and date of the law of delay, as dated data."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
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
    adopted_by: Mapped[str | None] = mapped_column(String(200))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str | None] = mapped_column(String(1000))
    version: Mapped[int] = mapped_column(default=0)


class Holiday(Base):
    """A public holiday; a year without any row is reported in findings, never guessed."""

    __tablename__ = "holiday"

    on: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(1000))


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
