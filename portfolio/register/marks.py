"""Delay marks: what an officer says of a delay. They stand beside what is computed, never over it."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base
from portfolio.notation import N_
from portfolio.register.phases import Side


class Verdict(enum.StrEnum):
    """What a mark says: the delay is real, it is not, or there is one that no rule sees."""

    CONFIRMS = "confirms"
    DISPUTES = "disputes"
    ADDS = "adds"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "confirms": N_("Confirms the delay"),
            "disputes": N_("Disputes the delay"),
            "adds": N_("Adds a delay"),
        }[self.value]


ADDED_SEVERITIES = {"late": N_("late"), "review": N_("review")}
"""How much a delay can weigh that an officer adds: a ground follows from the law alone."""


class DelayMark(Base):
    """One officer's word on a delay, with its cause; a withdrawn one is kept."""

    __tablename__ = "delay_mark"
    __table_args__ = (
        CheckConstraint("(verdict = 'adds') = (severity IS NOT NULL)", "only_added_has_severity"),
        CheckConstraint("verdict <> 'adds' OR rule IS NULL", "added_has_no_rule"),
        CheckConstraint(
            "(withdrawn_on IS NULL) = (withdrawn_why IS NULL)", "withdrawal_has_reason"
        ),
        CheckConstraint("scope IS NULL OR rule IS NOT NULL", "scope_is_of_a_rule"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    on: Mapped[date]
    verdict: Mapped[Verdict]
    rule: Mapped[str | None] = mapped_column(String(40), comment="the finding it speaks of; or all")
    scope: Mapped[str | None] = mapped_column(String(200))
    severity: Mapped[str | None] = mapped_column(String(40), comment="of a delay that is added")
    cause: Mapped[str] = mapped_column(String(40), comment="code of the policy's list of causes")
    side: Mapped[Side]
    paper: Mapped[str | None] = mapped_column(String(300))
    note: Mapped[str | None] = mapped_column(String(2000))
    office: Mapped[str | None] = mapped_column(String(300))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    marked_by: Mapped[str] = mapped_column(String(200))
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_on: Mapped[date | None]
    withdrawn_why: Mapped[str | None] = mapped_column(String(2000))
    withdrawn_by: Mapped[str | None] = mapped_column(String(200))
