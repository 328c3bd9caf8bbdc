"""Land: parcels handed over in batches, their use, interruptions and one extension."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.database import Base, Hectares, Money
from portfolio.notation import N_


class IntervalKind(enum.StrEnum):
    """Why days of a parcel are special: use stopped, or force majeure."""

    INTERRUPTION = "interruption"
    FORCE_MAJEURE = "force_majeure"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "interruption": N_("Interruption of use"),
            "force_majeure": N_("Force majeure"),
        }[self.value]


class Parcel(Base):
    """One batch of land with its own clock (Land Law 31/2024/QH15, Article 81.8)."""

    __tablename__ = "parcel"
    __table_args__ = (
        CheckConstraint("area_ha IS NULL OR area_ha > 0", "area_positive"),
        CheckConstraint(
            "first_used_on IS NULL OR handed_over_on IS NULL OR first_used_on >= handed_over_on",
            "used_after_handover",
        ),
        CheckConstraint(
            "(extension_from IS NULL) = (extension_to IS NULL)"
            " AND (extension_from IS NULL OR extension_to >= extension_from)",
            "extension_whole",
        ),
        CheckConstraint(
            "extension_from IS NULL OR extension_decision IS NOT NULL", "extension_has_decision"
        ),
        CheckConstraint("recovered_on IS NULL OR recovery_act_id IS NOT NULL", "recovery_has_act"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    area_ha: Mapped[Hectares | None]
    handed_over_on: Mapped[date | None]
    first_used_on: Mapped[date | None]
    schedule_end: Mapped[date | None]
    extension_decision: Mapped[str | None] = mapped_column(String(200))
    extension_from: Mapped[date | None]
    extension_to: Mapped[date | None]
    extension_amount_due: Mapped[Money | None]
    extension_amount_paid: Mapped[Money | None]
    recovered_on: Mapped[date | None]
    recovery_ground: Mapped[str | None] = mapped_column(String(300))
    recovery_act_id: Mapped[int | None] = mapped_column(ForeignKey("legal_act.id"), index=True)
    source: Mapped[str | None] = mapped_column(String(1000))

    intervals: Mapped[list["ParcelInterval"]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        order_by="ParcelInterval.since",
        back_populates="parcel",
    )


class ParcelInterval(Base):
    """Days on which a parcel was out of use, or beyond anyone's power; both ends count."""

    __tablename__ = "parcel_interval"
    __table_args__ = (CheckConstraint("until IS NULL OR until >= since", "ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id"), index=True)
    kind: Mapped[IntervalKind]
    since: Mapped[date]
    until: Mapped[date | None]
    paper: Mapped[str | None] = mapped_column(String(300))

    parcel: Mapped[Parcel] = relationship(back_populates="intervals")
