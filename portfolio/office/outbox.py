"""Mail that leaves the register: written with the act that causes it, sent later by a worker.

A message waits in the database, so a mail server that is away loses nothing. Whoever sends works
through `send_waiting`; without `SMTP_URL` nothing is sent and the messages wait.
"""

import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from portfolio.office.people import Outbox
from portfolio.web.errors import Refusal

log = logging.getLogger("portfolio.mail")

RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=6))
KEPT = timedelta(days=30)
SECONDS = 10
MOST_AT_ONCE = 50

Send = Callable[[EmailMessage], None]
Filling = Callable[[Session, str, datetime], str | None]
Teller = Callable[[Session, str, datetime], None]

_fillings: list[Filling] = []
_tellers: list[Teller] = []


class BadMail(Refusal):
    """A message with a line break in its head: somebody tried to add headers of his own."""


def fill_bodies_with(filling: Filling) -> Filling:
    """Let ``filling(session, body, at)`` complete a body as it is sent; None drops the message.

    So a secret link need not stand in the database in clear.
    """
    _fillings.append(filling)
    return filling


def when_sent(teller: Teller) -> Teller:
    """Let ``teller(session, body, at)`` know of each message that has gone; the body as it waited."""
    _tellers.append(teller)
    return teller


def can_send() -> bool:
    """Whether the office has named a mail server."""
    return bool(current_app.config["SMTP_URL"])


def put(session: Session, to: str, subject: str, body: str, at: datetime) -> Outbox:
    """Let a message wait for the next round of the worker. Raises `BadMail`."""
    if any(not letter.isprintable() for letter in to + subject):
        raise BadMail
    message = Outbox(to=to, subject=subject, body=body, created_at=at, next_attempt_at=at)
    session.add(message)
    session.flush()
    return message


def send_waiting(session: Session, at: datetime, send: Send | None = None) -> int:
    """Send what is due and return how many went; commits after every message.

    A message that fails is tried again after 1, 5 and 30 minutes and after 6 hours, then it stays
    with its error. ``send`` is for tests; else the server of `SMTP_URL` is used.
    """
    if send is None and not can_send():
        return 0
    due = (
        select(Outbox.id)
        .where(Outbox.sent_at.is_(None), Outbox.next_attempt_at <= at)
        .order_by(Outbox.id)
        .limit(MOST_AT_ONCE)
    )
    waiting = list(session.scalars(due))
    session.commit()
    if not waiting:
        return 0
    if send is not None:
        return sum(_send_one(session, key, at, send) for key in waiting)
    try:
        with _server() as deliver:
            return sum(_send_one(session, key, at, deliver) for key in waiting)
    except (OSError, smtplib.SMTPException) as error:
        # No connection: all of them wait as if each had failed.
        return sum(_send_one(session, key, at, _failing_with(error)) for key in waiting)


def _send_one(session: Session, key: int, at: datetime, send: Send) -> int:
    """Send one message outside any transaction, so that a slow server holds no lock."""
    message = session.get(Outbox, key, with_for_update=True)
    if message is None or message.sent_at is not None or message.next_attempt_at is None:
        session.rollback()
        return 0
    body = _filled(session, message.body, at)
    if body is None:
        session.delete(message)
        session.commit()
        return 0
    # Counted first: if this process dies meanwhile, the message is tried again, never in a loop.
    message.next_attempt_at = (
        at + RETRIES[message.attempts] if message.attempts < len(RETRIES) else None
    )
    message.attempts += 1
    letter = _letter(message.to, message.subject, body)
    session.commit()
    try:
        send(letter)
    except (OSError, smtplib.SMTPException) as error:
        return _note(session, key, None, f"{type(error).__name__}: {error}"[:1000])
    return _note(session, key, at, None)


def _note(session: Session, key: int, sent_at: datetime | None, error: str | None) -> int:
    message = session.get_one(Outbox, key)
    message.sent_at, message.error = sent_at, error
    if sent_at is not None:
        for tell in _tellers:
            tell(session, message.body, sent_at)
        message.next_attempt_at, message.body = None, ""
    session.commit()
    log.info("mail %s", "sent" if sent_at else "failed", extra={"mail": key, "error": error})
    return int(sent_at is not None)


def _filled(session: Session, body: str, at: datetime) -> str | None:
    for filling in _fillings:
        found = filling(session, body, at)
        if found is None:
            return None
        body = found
    return body


def _letter(to: str, subject: str, body: str) -> EmailMessage:
    letter = EmailMessage(policy=SMTP)
    letter["From"] = str(current_app.config["MAIL_FROM"])
    letter["To"] = to
    letter["Subject"] = subject
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(body)
    return letter


def _failing_with(error: Exception) -> Send:
    def fail(_letter: EmailMessage) -> None:
        raise error

    return fail


@contextmanager
def _server() -> Iterator[Send]:
    """A connection to the server of `SMTP_URL`: ``smtp://user:password@host:port`` or ``smtps://…``."""
    url = urlsplit(str(current_app.config["SMTP_URL"]))
    host, trusted = url.hostname or "localhost", ssl.create_default_context()
    connection: smtplib.SMTP = (
        smtplib.SMTP_SSL(host, url.port or 465, timeout=SECONDS, context=trusted)
        if url.scheme == "smtps"
        else smtplib.SMTP(host, url.port or 25, timeout=SECONDS)
    )
    with connection as server:
        if url.scheme != "smtps":
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=trusted)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))

        def deliver(letter: EmailMessage) -> None:
            server.send_message(letter)

        yield deliver


def stuck(session: Session) -> list[Outbox]:
    """Messages that failed at least once and have not gone, the latest first."""
    query = (
        select(Outbox)
        .where(Outbox.sent_at.is_(None), Outbox.error.is_not(None))
        .order_by(Outbox.id.desc())
        .limit(20)
    )
    return list(session.scalars(query))


def forget_old(session: Session, at: datetime) -> None:
    """Delete messages of more than a month ago, sent or given up."""
    session.execute(
        delete(Outbox).where(
            Outbox.created_at <= at - KEPT,
            or_(Outbox.sent_at.is_not(None), Outbox.next_attempt_at.is_(None)),
        )
    )
