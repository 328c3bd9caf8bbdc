"""Signed-in browsers: a row for each, behind a cookie of 256 random bits of which only the hash is kept.

A session ends after `IDLE_MINUTES` without a request, after `SESSION_HOURS` in any case, and at once
when it is ended here: by its owner, by an administrator, or because the person's password, role or
standing changed. Each request asks anew, so nothing outlives its end by more than that request.
"""

import logging
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from flask import Flask, Request, Response, current_app, g, has_request_context, request
from flask import session as form_session
from flask_login import LoginManager, current_user
from sqlalchemy import CursorResult, bindparam, delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, joinedload

from portfolio.database import session, short_write
from portfolio.office.people import User, UserSession
from portfolio.web.clock import now
from portfolio.web.keys import read_key
from portfolio.web.parked import send_to_sign_in

log = logging.getLogger("portfolio.session")

TOUCHED_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=30)
MOST_REMEMBERED = 10_000
"""Sessions whose last moment a process keeps in mind."""
LONGEST_COOKIE = 100
_READING = {"GET", "HEAD", "OPTIONS"}

_BY_TOKEN = (
    select(UserSession)
    .where(UserSession.token_hash == bindparam("key"))
    .options(
        joinedload(UserSession.user, innerjoin=True).options(
            joinedload(User.office, innerjoin=True), joinedload(User.zones)
        )
    )
)
"""Built once: every request of everybody who is signed in begins with it."""


def install(app: Flask) -> None:
    """Let Flask-Login find the person behind each request of ``app``."""
    secure = bool(app.config["HTTPS"])
    app.config.update(
        # Flask's own signed cookie carries the key of the forms and the messages after a save, no more.
        SESSION_COOKIE_NAME="__Host-form" if secure else "form",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # Flask-Login would look for a person in cookies of its own first; it has none here.
        REMEMBER_COOKIE_NAME="__Host-never-set",
        SECRET_KEY_FALLBACKS=[app.config["SECRET_KEY_OLD"]]
        if app.config["SECRET_KEY_OLD"]
        else None,
    )
    manager = LoginManager(app)
    # The row decides whether a session holds; a changed browser or address must not end it.
    manager.session_protection = None
    manager.request_loader(person_of)
    manager.unauthorized_handler(send_to_sign_in)


def cookie_name() -> str:
    """The cookie's name; the prefix makes browsers refuse it without TLS or for another host."""
    return "__Host-session" if current_app.config["HTTPS"] else "session"


def set_cookie(answer: Response, token: str) -> None:
    """Give the browser its session."""
    answer.set_cookie(
        cookie_name(),
        token,
        secure=bool(current_app.config["HTTPS"]),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def leave(answer: Response) -> None:
    """Take the session from the browser, and the key of its forms with it."""
    form_session.clear()
    answer.delete_cookie(
        cookie_name(),
        secure=bool(current_app.config["HTTPS"]),
        httponly=True,
        samesite="Lax",
        path="/",
    )


# Reading --------------------------------------------------------------------------------------


def person_of(incoming: Request) -> User | None:
    """The person whose session the request's cookie names, if it still holds."""
    token = incoming.cookies.get(cookie_name(), "")
    # A page that reports a broken database must not ask it who is reading.
    if not token or len(token) > LONGEST_COOKIE or g.get("without_user"):
        return None
    key, at = _hash(token), now()
    if incoming.method not in _READING and "database_session" not in g:
        # Before the request's own transaction: a post that is refused must count as being there too.
        _touch(key, at)
    row = session().scalars(_BY_TOKEN, {"key": key}).unique().one_or_none()
    if row is None:
        return None
    if not is_alive(row, at):
        g.person_before = row.user_id
        return None
    if incoming.method in _READING and at - row.seen_at >= TOUCHED_EVERY:
        _touch(key, at)
    g.user_session_id, g.user_id = row.id, row.user_id
    return row.user


def this_person() -> User:
    """The person who is signed in, as the model itself; only for pages that need a permission."""
    found: User = current_user._get_current_object()  # noqa: SLF001  Werkzeug's own name for it
    return found


def is_alive(row: UserSession, at: datetime) -> bool:
    """Whether a session holds at a moment."""
    # What was seen within the last minute is not written down, so that minute is added.
    idle = timedelta(minutes=int(current_app.config["IDLE_MINUTES"])) + TOUCHED_EVERY
    whole = timedelta(hours=int(current_app.config["SESSION_HOURS"]))
    return (
        row.ended_at is None
        and at < row.seen_at + idle
        and at < row.created_at + whole
        and row.user.active
    )


def last_user() -> int | None:
    """The key of the person whose session, now ended, this browser still names."""
    found: int | None = g.get("person_before") if has_request_context() else None
    return found


def this_session_id() -> int | None:
    """The key of the session that this request came with."""
    found: int | None = g.get("user_session_id") if has_request_context() else None
    return found


def sessions_of(db: Session, user: User, at: datetime) -> list[UserSession]:
    """The sessions of a person that hold, the latest first."""
    query = (
        select(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
        .order_by(UserSession.seen_at.desc())
    )
    return [row for row in db.scalars(query) if is_alive(row, at)]


def _touch(key: bytes, at: datetime) -> None:
    touched: dict[bytes, datetime] = current_app.extensions.setdefault("sessions_touched", {})
    if key in touched and timedelta(0) <= at - touched[key] < TOUCHED_EVERY:
        # Written down less than a minute ago: no transaction just to find that out.
        return
    idle = timedelta(minutes=int(current_app.config["IDLE_MINUTES"])) + TOUCHED_EVERY
    statement = update(UserSession).where(
        UserSession.token_hash == key,
        UserSession.ended_at.is_(None),
        UserSession.seen_at <= at - TOUCHED_EVERY,
        UserSession.seen_at > at - idle,
    )
    try:
        with short_write() as own:
            done = own.execute(
                statement.values(seen_at=at), execution_options={"synchronize_session": False}
            )
        if len(touched) >= MOST_REMEMBERED:
            touched.clear()
        if isinstance(done, CursorResult) and done.rowcount:
            touched[key] = at
    except SQLAlchemyError as error:
        # A full disk or a busy database must not keep anybody from reading.
        log.warning("session not marked as seen: %s", type(error).__name__)


# Starting and ending --------------------------------------------------------------------------


def start(db: Session, user: User, at: datetime) -> str:
    """Open a session for the browser of this request and return what its cookie must hold."""
    token = secrets.token_urlsafe(32)
    db.add(
        UserSession(
            token_hash=_hash(token),
            user_id=user.id,
            created_at=at,
            seen_at=at,
            fresh_at=at,
            address=(request.remote_addr or "")[:64] or None,
            agent=_plain_agent(request.headers.get("User-Agent")),
        )
    )
    db.flush()
    # A key that forms got before the sign-in must not serve after it.
    form_session.clear()
    return token


def end_all(db: Session, user: User, at: datetime, *, but: int | None = None) -> int:
    """End the sessions of a person, all or all ``but`` one; returns how many."""
    statement = update(UserSession).where(
        UserSession.user_id == user.id, UserSession.ended_at.is_(None)
    )
    if but is not None:
        statement = statement.where(UserSession.id != but)
    done = db.execute(
        statement.values(ended_at=at), execution_options={"synchronize_session": False}
    )
    return done.rowcount if isinstance(done, CursorResult) else 0


def end_one(db: Session, user: User, session_id: int, at: datetime) -> bool:
    """End one session of a person; False if the person has no such session."""
    statement = update(UserSession).where(
        UserSession.id == session_id, UserSession.user_id == user.id, UserSession.ended_at.is_(None)
    )
    done = db.execute(
        statement.values(ended_at=at), execution_options={"synchronize_session": False}
    )
    return isinstance(done, CursorResult) and done.rowcount > 0


def chosen_session() -> int | None:
    """The session that the posted form names, or None if it names none."""
    return read_key(request.form.get("session"))


def end_this(db: Session, at: datetime) -> None:
    """End the session that this request came with, whoever's it is."""
    token = request.cookies.get(cookie_name(), "")
    db.execute(
        update(UserSession)
        .where(UserSession.token_hash == _hash(token), UserSession.ended_at.is_(None))
        .values(ended_at=at),
        execution_options={"synchronize_session": False},
    )


def forget_old(db: Session, at: datetime) -> None:
    """Delete sessions that were last used more than a month ago."""
    db.execute(delete(UserSession).where(UserSession.seen_at <= at - KEPT))


def _hash(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()


def _plain_agent(agent: str | None) -> str | None:
    return "".join(letter for letter in agent if letter.isprintable())[:300] if agent else None
