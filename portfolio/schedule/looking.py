"""What a person has looked at, and the secret address of a person's calendar."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base


class Looked(Base):
    """Up to which moment a person has seen what changed on a worklist."""

    __tablename__ = "looked"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    page: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


class CalendarFeed(Base):
    """The secret address under which a calendar program reads a person's deadlines; one a person."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    last_read_at: Mapped[datetime | None]
