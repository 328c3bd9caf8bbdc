"""Phases, their milestones, the versions of the schedule, and pauses: what was promised, and when.

The first approved version is never changed; an extension is a further version. Whether a promise
is broken is not said here but in `portfolio.schedule`.
"""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.database import Base, Hectares, Money
from portfolio.notation import N_
from portfolio.notation.days import Precision


class MilestoneKind(enum.StrEnum):
    """What a phase promises."""

    LAND_HANDOVER = "land_handover"
    START = "start"
    COMPLETION = "completion"
    OPERATION = "operation"
    CAPITAL_PAID = "capital_paid"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "land_handover": N_("Land handed over"),
            "start": N_("Construction started"),
            "completion": N_("Construction completed"),
            "operation": N_("Put into operation"),
            "capital_paid": N_("Capital paid in"),
        }[self.value]


class ScheduleKind(enum.StrEnum):
    """The kind of paper that a schedule version stands in."""

    REGISTERED = "registered"
    IPA = "ipa"
    IRC = "irc"
    ADJUSTED = "adjusted"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "registered": N_("As registered"),
            "ipa": N_("Policy approval"),
            "irc": N_("Certificate"),
            "adjusted": N_("Adjustment"),
        }[self.value]


class PauseStatus(enum.StrEnum):
    """Only an accepted pause moves a clock."""

    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "claimed": N_("claimed"),
            "accepted": N_("accepted"),
            "rejected": N_("rejected"),
        }[self.value]


class Side(enum.StrEnum):
    """Whose side a cause of delay is on."""

    STATE = "state"
    INVESTOR = "investor"
    OBJECTIVE = "objective"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {"state": N_("State"), "investor": N_("Investor"), "objective": N_("Objective")}[
            self.value
        ]


class Phase(Base):
    """A part of a project with objectives, capital and land of its own."""

    __tablename__ = "phase"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int]
    name: Mapped[str | None] = mapped_column(String(300))
    objective: Mapped[str | None] = mapped_column(String(4000))
    capital: Mapped[Money | None]
    area_ha: Mapped[Hectares | None]
    completed_on: Mapped[date | None] = mapped_column(comment="objectives completed")

    milestones: Mapped[list["Milestone"]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        order_by="Milestone.id",
        back_populates="phase",
    )


class Milestone(Base):
    """One dated promise of a phase; its dates stand in targets, one a schedule version."""

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("phase_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id"), index=True)
    kind: Mapped[MilestoneKind]
    met_on: Mapped[date | None]
    met_precision: Mapped[Precision | None]
    evidence: Mapped[str | None] = mapped_column(String(500))
    forecast_on: Mapped[date | None]
    last_reviewed_on: Mapped[date | None]

    phase: Mapped[Phase] = relationship(back_populates="milestones")
    targets: Mapped[list["Target"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", back_populates="milestone"
    )


class ScheduleVersion(Base):
    """The schedule as one paper fixed it."""

    __tablename__ = "schedule_version"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("number >= 1", "counts_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int]
    kind: Mapped[ScheduleKind]
    approved_on: Mapped[date | None]
    act_id: Mapped[int | None] = mapped_column(ForeignKey("legal_act.id"), index=True)
    exception_code: Mapped[str | None] = mapped_column(
        String(4), comment="Law 143/2025/QH15, Article 33.4, points a to g"
    )
    source: Mapped[str | None] = mapped_column(String(1000))


class Target(Base):
    """The day that one schedule version sets for one milestone."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("schedule_version_id", "milestone_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_version_id: Mapped[int] = mapped_column(ForeignKey("schedule_version.id"), index=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    planned_on: Mapped[date]
    precision: Mapped[Precision] = mapped_column(default=Precision.DAY)
    as_printed: Mapped[str | None] = mapped_column(String(200))

    milestone: Mapped[Milestone] = relationship(back_populates="targets")
    schedule_version: Mapped[ScheduleVersion] = relationship()


class Pause(Base):
    """Days that do not count, once a numbered paper proves them and an officer accepts them."""

    __tablename__ = "pause"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", "ends_after_start"),
        CheckConstraint(
            "status = 'claimed' OR (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            "decision_is_signed",
        ),
        CheckConstraint("status <> 'accepted' OR paper IS NOT NULL", "acceptance_has_paper"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    cause: Mapped[str] = mapped_column(String(40), comment="code of the policy's list of causes")
    side: Mapped[Side]
    since: Mapped[date]
    until: Mapped[date | None]
    paper: Mapped[str | None] = mapped_column(String(300))
    status: Mapped[PauseStatus] = mapped_column(default=PauseStatus.CLAIMED)
    claimed_by: Mapped[str] = mapped_column(String(200))
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(String(2000))
