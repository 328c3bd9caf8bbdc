"""Coming deadlines: the days that a project's papers and clocks set, kept so that a calendar is quick."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base


class ComingDeadline(Base):
    """A day on which something of a project falls due; rewritten when the project is judged."""

    __tablename__ = "coming_deadline"
    __table_args__ = (Index("ix_coming_deadline_on", "on", "project_id"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    scope: Mapped[str] = mapped_column(String(200), primary_key=True, default="")
    on: Mapped[date]
