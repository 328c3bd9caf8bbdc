"""One-time links: how somebody without an account answers, once, about one project.

256 bits of chance, of which only the hash is kept; a link ends on a day, can be revoked, and is spent
by the answer it was made for.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base


class OneTimeLink(Base):
    """A link that was given out: for what, to whom, until when, and what became of it."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    purpose: Mapped[str] = mapped_column(String(40))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    subject: Mapped[dict[str, Any]] = mapped_column(JSON, comment="what the answer is about")
    sent_to: Mapped[str | None] = mapped_column(String(320))
    made_by: Mapped[str] = mapped_column(String(200))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
