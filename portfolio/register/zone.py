"""Zones: a dated tree of dynamic zones, economic zones, parks, clusters and tourism areas."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.database import Base, Hectares
from portfolio.notation import N_
from portfolio.office.people import Office


class ZoneKind(enum.StrEnum):
    """What a zone is by law or plan."""

    DYNAMIC_ZONE = "dynamic_zone"
    ECONOMIC_ZONE = "economic_zone"
    BORDER_GATE = "border_gate"
    INDUSTRIAL_PARK = "industrial_park"
    INDUSTRIAL_CLUSTER = "industrial_cluster"
    HITECH_AGRI_ZONE = "hitech_agri_zone"
    TOURISM_AREA = "tourism_area"
    URBAN_AREA = "urban_area"
    PLANNING_AREA = "planning_area"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return _KINDS[self]


_KINDS = {
    ZoneKind.DYNAMIC_ZONE: N_("Dynamic economic zone"),
    ZoneKind.ECONOMIC_ZONE: N_("Economic zone"),
    ZoneKind.BORDER_GATE: N_("Border-gate area"),
    ZoneKind.INDUSTRIAL_PARK: N_("Industrial park"),
    ZoneKind.INDUSTRIAL_CLUSTER: N_("Industrial cluster"),
    ZoneKind.HITECH_AGRI_ZONE: N_("Hi-tech agricultural zone"),
    ZoneKind.TOURISM_AREA: N_("Tourism area"),
    ZoneKind.URBAN_AREA: N_("Urban area"),
    ZoneKind.PLANNING_AREA: N_("Planning area"),
    ZoneKind.OTHER: N_("Other zone"),
}


class ZoneStatus(enum.StrEnum):
    """Whether a zone exists, is only planned, or was given up."""

    IN_FORCE = "in_force"
    PLANNED = "planned"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "in_force": N_("in force"),
            "planned": N_("planned"),
            "dropped": N_("dropped"),
        }[self.value]


class Zone(Base):
    """A zone with its boundary version and the office that manages it."""

    __tablename__ = "zone"
    __table_args__ = (
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", "ends_after_start"
        ),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", "not_its_own_parent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str | None] = mapped_column(String(300))
    name_variants: Mapped[str | None] = mapped_column(String(500))
    kind: Mapped[ZoneKind]
    status: Mapped[ZoneStatus] = mapped_column(default=ZoneStatus.IN_FORCE)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    managing_office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    area_ha: Mapped[Hectares | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    legal_doc: Mapped[str | None] = mapped_column(String(500))
    legal_date: Mapped[str | None] = mapped_column(String(100), comment="as printed")
    source: Mapped[str | None] = mapped_column(String(1000))
    note: Mapped[str | None] = mapped_column(String(2000))
    version: Mapped[int] = mapped_column(default=0)

    parent: Mapped["Zone | None"] = relationship(remote_side=[id])  # noqa: A003  the column of this table
    managing_office: Mapped[Office | None] = relationship()
