"""Flags: findings that are stored, closed or superseded, and never deleted."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base
from portfolio.notation import N_


class Severity(enum.StrEnum):
    """How much a finding weighs, lightest first."""

    RUNNING = "running"
    HOLD = "hold"
    DATA_GAP = "data_gap"
    SILENT = "silent"
    WARNING = "warning"
    LATE = "late"
    REFUSAL = "refusal"
    REVIEW = "review"
    GROUND = "ground"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return _SEVERITIES[self]

    @property
    def weight(self) -> int:
        """Its place in the order, from 1; a register line keeps that of its worst finding."""
        return list(Severity).index(self) + 1


_SEVERITIES = {
    Severity.RUNNING: N_("running"),
    Severity.HOLD: N_("held"),
    Severity.DATA_GAP: N_("data gap"),
    Severity.SILENT: N_("silent"),
    Severity.WARNING: N_("warning"),
    Severity.LATE: N_("late"),
    Severity.REFUSAL: N_("refusal"),
    Severity.REVIEW: N_("review"),
    Severity.GROUND: N_("ground"),
}

_OPEN = text("closed_on IS NULL")


class Flag(Base):
    """A rule that holds for a project, with its arithmetic and the facts it was computed from."""

    __tablename__ = "flag"
    __table_args__ = (
        Index(
            "uq_flag_open",
            "project_id",
            "rule",
            "scope",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_flag_by_severity",
            "severity",
            "held",
            "project_id",
            "rule",
            "since",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        CheckConstraint("(closed_on IS NULL) = (closed_why IS NULL)", "closing_has_reason"),
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", "closes_after_opening"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    rule: Mapped[str] = mapped_column(String(40), index=True)
    scope: Mapped[str] = mapped_column(String(200), default="", comment="phase or parcel, or empty")
    severity: Mapped[str] = mapped_column(String(40))
    held: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date | None] = mapped_column(comment="first day the condition is true")
    deadline: Mapped[date | None]
    law: Mapped[str | None] = mapped_column(String(200))
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    opened_on: Mapped[date] = mapped_column(comment="day of the evaluation that found it")
    opened_at: Mapped[datetime] = mapped_column(index=True)
    closed_on: Mapped[date | None]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_why: Mapped[str | None] = mapped_column(String(200))
    entry_seq: Mapped[int] = mapped_column(comment="state of the project it was computed from")
    inputs: Mapped[list[Any]] = mapped_column(JSON, comment="name, value and source of each")


class NextChange(Base):
    """When a project's findings can change next without new data, and whether its facts did."""

    __tablename__ = "next_change"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    on: Mapped[date | None] = mapped_column(index=True)
    entry_seq: Mapped[int] = mapped_column(comment="state that was evaluated last")
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    evaluated_on: Mapped[date]
