"""Control totals: published counts and sums that lists must reproduce."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base


class ControlTotal(Base):
    """A published figure, its published parts, the sum of these and the verdict, as printed."""

    __tablename__ = "control_total"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    scope: Mapped[str] = mapped_column(String(300))
    metric: Mapped[str] = mapped_column(String(300))
    as_of: Mapped[str | None] = mapped_column(String(60))
    unit: Mapped[str | None] = mapped_column(String(60))
    published: Mapped[str | None] = mapped_column(String(100))
    parts: Mapped[str | None] = mapped_column(String(500))
    computed: Mapped[str | None] = mapped_column(String(200))
    difference: Mapped[str | None] = mapped_column(String(100))
    reconciles: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(1000))
    note: Mapped[str | None] = mapped_column(String(2000))
