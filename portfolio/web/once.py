"""Each form counts once: a double click, the Back button or a resent page makes no second record.

A form carries a random token. The act that uses it stores the token together with the address of its
result, in the same transaction; the same token again leads to that first result.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portfolio.database import Base, session
from portfolio.web.clock import now

KEPT = timedelta(days=7)
LONGEST_TOKEN = 64


class SpentForm(Base):
    """A form that has done its act; ``result`` is the path that was shown for it."""

    __tablename__ = "spent_form"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    result: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(index=True)


def earlier_result(token: str | None) -> str | None:
    """The path that this form led to the first time, or None if this is the first time."""
    if not token:
        return None
    return session().scalar(select(SpentForm.result).where(SpentForm.token_hash == _hash(token)))


def spend(token: str | None, result: str) -> None:
    """Remember, within the act's own transaction, that this form led to the path ``result``.

    Two posts at the same moment meet at the key of the table: the second one fails as a whole.
    """
    if token and len(token) <= LONGEST_TOKEN:
        session().add(SpentForm(token_hash=_hash(token), result=result, at=now()))
        session().flush()


def forget_old(db: Session, at: datetime) -> None:
    """Delete tokens older than a week; by then no page with such a form is open any more."""
    db.execute(delete(SpentForm).where(SpentForm.at <= at - KEPT))


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
