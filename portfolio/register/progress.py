"""Progress reports: what an investor says of a project for a period, and what the office made of it.

That a report is owed is never stored: it follows from the policy, the project and the day
(`portfolio.schedule.owed`). Stored is what came in, was sent back, or was excused.
"""

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.database import Base, Fixed, Money
from portfolio.notation import N_
from portfolio.notation.days import Precision
from portfolio.web import show


def read_period(period: str) -> tuple[date, Precision]:
    """The last day of `2026-Q3`, `2026-H1` or `2026`, and how exactly it is named."""
    year, _, part = period.partition("-")
    if not part:
        return date(int(year), 12, 31), Precision.YEAR
    month, precision = (
        (3 * int(part[1:]), Precision.QUARTER) if part[0] == "Q" else (6, Precision.HALF)
    )
    return date(int(year), month, 31 if month in {3, 12} else 30), precision


class ReportKind(enum.StrEnum):
    """The reports that investors owe."""

    Q = "Q"
    Y = "Y"
    M6 = "M6"
    MY = "MY"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "Q": N_("Quarterly report"),
            "Y": N_("Yearly report"),
            "M6": N_("Half-yearly supervision report"),
            "MY": N_("Yearly supervision report"),
        }[self.value]


def report_words(kind: ReportKind, period: str) -> str:
    """`Báo cáo quý, Quý IV/2026`, in the reader's language."""
    return f"{gettext(kind.label)}, {show.day(*read_period(period))}"


class ReportStatus(enum.StrEnum):
    """How far a report has come; one that was sent back or excused counts by that."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"
    EXCUSED = "excused"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "received": N_("received"),
            "accepted": N_("accepted"),
            "sent_back": N_("sent back"),
            "excused": N_("excused"),
        }[self.value]


_OPEN = text("status IN ('received', 'sent_back')")


class ProgressReport(Base):
    """One report for one period. What it says moves the project only once it is accepted."""

    __tablename__ = "progress_report"
    __table_args__ = (
        UniqueConstraint("project_id", "kind", "period"),
        Index("ix_progress_report_period", "kind", "period", "status", "project_id"),
        Index(
            "ix_progress_report_open",
            "status",
            "received_on",
            "project_id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        CheckConstraint(
            "status NOT IN ('received', 'accepted') OR received_on IS NOT NULL", "came_on_a_day"
        ),
        CheckConstraint(
            "status NOT IN ('accepted', 'sent_back', 'excused')"
            " OR (decided_on IS NOT NULL AND decided_by IS NOT NULL)",
            "decision_is_signed",
        ),
        CheckConstraint(
            "status NOT IN ('sent_back', 'excused') OR decided_why IS NOT NULL",
            "refusal_has_reason",
        ),
        CheckConstraint("coalesce(physical_percent, 0) >= 0", "percent_not_negative"),
        CheckConstraint(
            "coalesce(realised_in_period, 0) >= 0 AND coalesce(realised_total, 0) >= 0",
            "realised_not_negative",
        ),
        CheckConstraint(
            "coalesce(jobs_vietnamese, 0) >= 0 AND coalesce(jobs_foreign, 0) >= 0",
            "jobs_not_negative",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[ReportKind]
    period: Mapped[str] = mapped_column(String(10), comment="2026-Q3, 2026-H1 or 2026")
    status: Mapped[ReportStatus] = mapped_column(default=ReportStatus.RECEIVED)
    received_on: Mapped[date | None]
    received_at: Mapped[datetime | None]
    through_link: Mapped[bool] = mapped_column(default=False, comment="sent by the investor")
    filled_by: Mapped[str | None] = mapped_column(String(200), comment="who speaks for it")
    contact: Mapped[str | None] = mapped_column(String(200))
    realised_in_period: Mapped[Money | None]
    realised_total: Mapped[Money | None] = mapped_column(comment="VND, since the beginning")
    physical_percent: Mapped[Decimal | None] = mapped_column(Fixed(5, 2))
    jobs_vietnamese: Mapped[int | None]
    jobs_foreign: Mapped[int | None]
    causes: Mapped[list[Any]] = mapped_column(JSON, default=list, comment="codes of the policy")
    causes_note: Mapped[str | None] = mapped_column(String(4000))
    wishes: Mapped[str | None] = mapped_column(String(4000))
    decided_on: Mapped[date | None]
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_why: Mapped[str | None] = mapped_column(String(2000))

    forecasts: Mapped[list["ReportForecast"]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        order_by="ReportForecast.milestone_id",
        back_populates="report",
    )


class ReportForecast(Base):
    """The day a report expects an open milestone to be met."""

    __tablename__ = "report_forecast"
    __table_args__ = (UniqueConstraint("report_id", "milestone_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("progress_report.id"), index=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    expected_on: Mapped[date]
    precision: Mapped[Precision] = mapped_column(default=Precision.DAY)

    report: Mapped[ProgressReport] = relationship(back_populates="forecasts")
