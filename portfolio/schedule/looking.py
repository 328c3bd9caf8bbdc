"""What a person has looked at, and the secret address of a person's calendar."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portfolio.database import Base
from portfolio.office.people import User


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


WORKLIST = "progress"


def last_look(session: Session, user: User, keys: Collection[str]) -> datetime | None:
    """The last moment up to which a person has seen any of these pages, or None if never."""
    query = select(func.max(Looked.at)).where(Looked.user_id == user.id, Looked.page.in_(keys))
    return session.scalar(query)


def look(session: Session, user: User, page: str, at: datetime) -> None:
    """Remember up to which moment a person has seen a page; never earlier than before."""
    seen = session.get(Looked, (user.id, page))
    if seen is None:
        session.add(Looked(user_id=user.id, page=page, at=at))
    elif seen.at < at:
        seen.at = at
    session.flush()
