"""Investors and their part in projects. Look-alikes are proposed for merging, never merged alone."""

import enum
from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.database import Base, Measure
from portfolio.notation import N_


class InvestorRole(enum.StrEnum):
    """The part an investor has, or had, in a project."""

    LEAD = "lead"
    MEMBER = "member"
    TRANSFEREE = "transferee"
    FORMER = "former"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "lead": N_("Lead investor"),
            "member": N_("Member"),
            "transferee": N_("Transferee"),
            "former": N_("Former investor"),
        }[self.value]


class Investor(Base):
    """An enterprise or person that invests; its tax code is the key when it is known."""

    __tablename__ = "investor"
    __table_args__ = (
        Index(
            "uq_investor_tax_code",
            "tax_code",
            unique=True,
            sqlite_where=text("tax_code IS NOT NULL"),
            postgresql_where=text("tax_code IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    folded: Mapped[str] = mapped_column(String(400), index=True, comment="name as it is searched")
    tax_code: Mapped[str | None] = mapped_column(String(40))
    country: Mapped[str | None] = mapped_column(String(2), comment="ISO 3166-1")
    address: Mapped[str | None] = mapped_column(String(500))
    contact: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[str | None] = mapped_column(String(1000))
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("investor.id"), comment="the entry that stands for this one now"
    )
    version: Mapped[int] = mapped_column(default=0)


class ProjectInvestor(Base):
    """An investor's part in a project from one day to another."""

    __tablename__ = "project_investor"
    __table_args__ = (
        CheckConstraint("share IS NULL OR (share > 0 AND share <= 100)", "share_percent"),
        CheckConstraint("until IS NULL OR since IS NULL OR until >= since", "ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    investor_id: Mapped[int] = mapped_column(ForeignKey("investor.id"), index=True)
    role: Mapped[InvestorRole]
    share: Mapped[Decimal | None] = mapped_column(Measure(5, 2), comment="percent")
    since: Mapped[date | None]
    until: Mapped[date | None]

    investor: Mapped[Investor] = relationship(lazy="joined")
