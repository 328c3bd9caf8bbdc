"""Parked forms: text posted after the session ended waits until its author has signed in again.

An officer may fill a long form past the end of the session. The post is not carried out, but its text
fields are kept for twelve hours under a random key that only the browser knows; after the sign-in of
the same person the form opens with the text in it. Files, passwords and keys are never kept.
"""

import json
import re
import secrets
import zlib
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Response, current_app, redirect, request
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import LargeBinary, String, delete, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from portfolio.database import Base, session
from portfolio.web.addresses import page_before
from portfolio.web.clock import now
from portfolio.web.navigation import people

KEPT = timedelta(hours=12)
MOST_BYTES = 200_000
MOST_NAMELESS = 50
"""Rows of unknown authors: beyond that the oldest goes, so that strangers cannot fill the disk."""
LONGEST_PATH = 1000
_SECRET = re.compile("password|secret|otp|csrf", re.IGNORECASE)

Fields = list[tuple[str, str]]


class ParkedForm(Base):
    """The text fields of one post that came without a session."""

    __tablename__ = "parked_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[bytes] = mapped_column(
        LargeBinary(32), unique=True, comment="SHA-256 of the key"
    )
    path: Mapped[str] = mapped_column(String(1000), comment="with its query")
    fields: Mapped[bytes] = mapped_column(LargeBinary, comment="JSON pairs, compressed with zlib")
    user_id: Mapped[int | None] = mapped_column(comment="whose session had ended, where known")
    parked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


def typed_fields() -> Fields:
    """The posted text fields in order, without secrets; empty if they are more than 200 kB."""
    pairs = [
        (name, value) for name, value in request.form.items(multi=True) if not _SECRET.search(name)
    ]
    size = sum(len(name.encode()) + len(value.encode()) for name, value in pairs)
    return pairs if size <= MOST_BYTES else []


def came_from_this_site() -> bool:
    """Whether a page of this site sent the request; a missing answer counts as no."""
    source = request.headers.get("Origin") or request.referrer or ""
    return bool(source) and urlsplit(source).netloc == request.host


def can_park() -> bool:
    """Whether the posted text can wait: there is some, and its address also shows a form."""
    if request.method != "POST" or not typed_fields():
        return False
    try:
        current_app.url_map.bind("").match(request.path, method="GET")
    except HTTPException:
        return False
    return True


def send_to_sign_in() -> Response:
    """Park what was typed, if anything, and ask the visitor to sign in.

    The sign-in page gets ``?parked=<key>`` or ``?next=<path>``; `way_back` and
    `portfolio.web.addresses.safe_next` turn them into the page to open afterwards.
    """
    if request.method == "POST":
        query = {"parked": park()} if can_park() else {"next": page_before() or "/"}
    else:
        query = {"next": request.full_path.rstrip("?")}
    return cast("Response", redirect(f"{request.script_root}/sign-in?{urlencode(query)}", 303))


def keep() -> str | None:
    """Park what a signed-in person posted and return the address of the form with the text in it.

    What the request had changed is undone first. None if there is no such form, if another site sent
    the request, or if the database cannot keep anything now.
    """
    signed_in = getattr(current_user, "is_authenticated", False)
    if not signed_in or not came_from_this_site() or not can_park():
        return None
    path, author = request.full_path.rstrip("?")[:LONGEST_PATH], current_user.id
    try:
        session().rollback()
        return _address(path, park(author))
    except DBAPIError:
        return None


def park(author: int | None = None) -> str:
    """Store the text fields of this request and return their key (256 bits).

    ``author`` is the person's key; without it the one whose ended session the cookie names, if any.
    """
    key, at = secrets.token_urlsafe(32), now()
    author = people().last_user() if author is None else author
    row = ParkedForm(
        key_hash=_hash(key),
        path=request.full_path.rstrip("?")[:LONGEST_PATH],
        fields=zlib.compress(json.dumps(typed_fields()).encode()),
        user_id=author,
        parked_at=at,
        expires_at=at + KEPT,
    )
    forget_old(session(), at)
    if author is None:
        _make_room(session())
    session().add(row)
    session().commit()
    return key


def forget_old(db: Session, at: datetime) -> None:
    """Delete what nobody came back for."""
    db.execute(delete(ParkedForm).where(ParkedForm.expires_at <= at))


def _make_room(db: Session) -> None:
    nameless = ParkedForm.user_id.is_(None)
    count = db.scalar(select(func.count()).select_from(ParkedForm).where(nameless)) or 0
    if count >= MOST_NAMELESS:
        oldest = select(func.min(ParkedForm.id)).where(nameless).scalar_subquery()
        db.execute(delete(ParkedForm).where(ParkedForm.id == oldest))


def way_back(key: str | None) -> str | None:
    """Where to send the person who has just signed in: the form with ``?parked=<key>``, or nowhere.

    Somebody else's text is left alone: that form then opens empty.
    """
    row = _find(key)
    return None if row is None or key is None else _address(row.path, key)


def parked_text() -> "MultiDict[str, str] | None":
    """What waits for the page that is being opened, as form data; the row stays until it expires.

    Reading changes nothing: the page can be loaded again.
    """
    if request.method != "GET":
        return None
    row = _find(request.args.get("parked"))
    if row is None or row.path.partition("?")[0] != request.path:
        return None
    return MultiDict(json.loads(zlib.decompress(row.fields)))


def notice() -> str:
    """The sentence above a form that was filled from parked text."""
    return str(
        gettext(
            "The session had ended, so nothing was saved yet. The typed text is back: check it and save."
        )
    )


def _address(path: str, key: str) -> str:
    page, _mark, query = path.partition("?")
    pairs = [pair for pair in parse_qsl(query) if pair[0] != "parked"]
    return f"{request.script_root}{page}?{urlencode([*pairs, ('parked', key)])}"


def _find(key: str | None) -> ParkedForm | None:
    if not key or not getattr(current_user, "is_authenticated", False):
        return None
    row = session().scalar(select(ParkedForm).where(ParkedForm.key_hash == _hash(key)))
    if row is None or row.expires_at <= now() or row.user_id not in {None, current_user.id}:
        return None
    return row


def _hash(key: str) -> bytes:
    return sha256(key.encode()).digest()
