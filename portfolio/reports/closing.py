"""Monthly closing: a month is frozen with its figures, and can be worked out again from the trail."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base


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
