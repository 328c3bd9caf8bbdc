"""Administrative units, dated: names repeat and codes are reused, so the key is (code, valid_from)."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.database import Base, Hectares
from portfolio.notation import N_


class UnitLevel(enum.StrEnum):
    """Province, district (until 2025-06-30) or commune."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class SuccessionKind(enum.StrEnum):
    """What became of a unit."""

    MERGED = "merged"
    RENAMED = "renamed"
    UNCHANGED = "unchanged"
    SPLIT = "split"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "merged": N_("merged"),
            "renamed": N_("renamed"),
            "unchanged": N_("unchanged"),
            "split": N_("split"),
        }[self.value]


class Unit(Base):
    """A province, district or commune for as long as it existed under that code and name."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", "ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), comment="GSO code, or the register's own")
    code_official: Mapped[bool] = mapped_column(default=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40), comment="province, city, town, ward, commune …")
    level: Mapped[UnitLevel]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    name_variants: Mapped[str | None] = mapped_column(String(500))
    area_ha: Mapped[Hectares | None]
    population: Mapped[int | None]
    source: Mapped[str | None] = mapped_column(String(1000))
    version: Mapped[int] = mapped_column(default=0)

    parent: Mapped["Unit | None"] = relationship(remote_side=[id])  # noqa: A003  the column of this table


class Succession(Base):
    """One unit went into another on a day, by a resolution."""

    __tablename__ = "succession"
    __table_args__ = (UniqueConstraint("old_id", "new_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    old_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[SuccessionKind]
    on: Mapped[date]
    document: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[str | None] = mapped_column(String(1000))

    old: Mapped[Unit] = relationship(foreign_keys=[old_id])
    new: Mapped[Unit] = relationship(foreign_keys=[new_id])
