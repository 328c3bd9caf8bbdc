"""Which reminders of reports have gone: once for each period and step, and one mail a person a day."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base


class ReminderRound(Base):
    """A step of the reminders of one period that has been taken; ``days`` is counted from the due day."""

    __tablename__ = "reminder_round"

    kind: Mapped[str] = mapped_column(String(4), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    days: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="before the due day: less than nothing"
    )
    at: Mapped[datetime]
    projects: Mapped[int] = mapped_column(comment="whose report was missing then")


class ReminderSent(Base):
    """An address that was reminded on a day: nobody is written to twice on one."""

    __tablename__ = "reminder_sent"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
