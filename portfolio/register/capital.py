"""Capital, in versions that are never overwritten, and the deposit."""

import enum
from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base, Fixed, Money
from portfolio.notation import N_
from portfolio.notation.days import Precision


class CapitalKind(enum.StrEnum):
    """What a capital figure is."""

    ESTIMATED = "estimated"
    REGISTERED = "registered"
    ADJUSTED = "adjusted"
    REALISED = "realised"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "estimated": N_("Estimated capital"),
            "registered": N_("Registered capital"),
            "adjusted": N_("Adjusted capital"),
            "realised": N_("Realised capital, cumulative"),
        }[self.value]


_PARTS = (
    "coalesce(equity, 0) + coalesce(loan, 0) + coalesce(state_part, 0) + coalesce(other_part, 0)"
)


class CapitalVersion(Base):
    """One dated figure of a project's capital, with its rate and its split."""

    __tablename__ = "capital_version"
    __table_args__ = (
        CheckConstraint("amount IS NOT NULL OR as_printed IS NOT NULL", "says_something"),
        CheckConstraint("amount IS NULL OR amount >= 0", "amount_not_negative"),
        CheckConstraint(
            "currency <> 'VND' OR amount IS NULL OR (vnd_amount IS NOT NULL AND vnd_amount = amount)",
            "vnd_is_amount",
        ),
        CheckConstraint(
            "currency = 'VND' OR vnd_amount IS NULL OR (rate IS NOT NULL AND rate_on IS NOT NULL)",
            "foreign_money_has_rate",
        ),
        CheckConstraint(f"amount IS NULL OR {_PARTS} <= amount", "parts_within_amount"),
        CheckConstraint(
            "coalesce(equity, 0) >= 0 AND coalesce(loan, 0) >= 0"
            " AND coalesce(state_part, 0) >= 0 AND coalesce(other_part, 0) >= 0",
            "parts_not_negative",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[CapitalKind]
    on: Mapped[date | None]
    on_precision: Mapped[Precision] = mapped_column(default=Precision.DAY)
    amount: Mapped[Money | None]
    currency: Mapped[str] = mapped_column(String(3), default="VND")
    vnd_amount: Mapped[Money | None]
    rate: Mapped[Decimal | None] = mapped_column(Fixed(14, 4), comment="VND for one unit")
    rate_on: Mapped[date | None]
    equity: Mapped[Money | None]
    loan: Mapped[Money | None]
    state_part: Mapped[Money | None]
    other_part: Mapped[Money | None]
    as_printed: Mapped[str | None] = mapped_column(String(300))
    act_id: Mapped[int | None] = mapped_column(ForeignKey("legal_act.id"), index=True)
    source: Mapped[str | None] = mapped_column(String(1000))


class Deposit(Base):
    """The security for carrying the project out (Law 143/2025/QH15, Article 30)."""

    __tablename__ = "deposit"
    __table_args__ = (
        CheckConstraint("NOT (required AND exemption IS NOT NULL)", "required_or_exempt"),
        CheckConstraint("amount IS NULL OR amount >= 0", "amount_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), unique=True)
    required: Mapped[bool]
    exemption: Mapped[str | None] = mapped_column(String(40))
    amount: Mapped[Money | None]
    due_on: Mapped[date | None]
    paid_on: Mapped[date | None]
    guarantee_expires_on: Mapped[date | None]
    source: Mapped[str | None] = mapped_column(String(1000))
