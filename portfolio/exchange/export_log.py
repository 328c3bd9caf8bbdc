"""Who took which list out of the register: one row for each export."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base, short_write
from portfolio.office.people import User


class Export(Base):
    """A list that left the register as a file."""

    __tablename__ = "export_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(10))
    sentence: Mapped[str] = mapped_column(Text, comment="the filters in words")
    as_of: Mapped[date | None]
    rows: Mapped[int]


def log_export(
    user: User,
    *,
    at: datetime,
    address: str | None,
    kind: str,
    sentence: str,
    as_of: date | None,
    rows: int,
) -> None:
    """Write down an export before its first byte is sent, in a transaction of its own."""
    with short_write() as session:
        session.add(
            Export(
                at=at,
                user_id=user.id,
                address=address,
                format=kind,
                sentence=sentence,
                as_of=as_of,
                rows=rows,
            )
        )
