"""One-time links to set a password: 256 bits, thirty minutes, once, and only their hash is kept."""

from datetime import datetime, timedelta

from flask_babel import force_locale, gettext
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office import outbox, secret_links
from portfolio.office.people import ResetLink, User
from portfolio.web.errors import Refusal

GOOD_FOR = timedelta(minutes=30)
MOST_AN_HOUR = 3
KEPT = timedelta(days=1)
_BODY = N_(
    "For %(name)s\n\nSomebody, most likely you, asked to set a new password for the investment project"
    " register. Open this address within 30 minutes; it works once:\n\n%(link)s\n\nWhoever did not ask"
    " for it need not do anything: the password stays as it is."
)


class SpentLink(Refusal):
    """A link that was used, has run out, or never was one."""

    status = 410
    title = N_("This link can no longer be used")
    message = N_("It was used before, or more than 30 minutes have passed. Ask for a new one.")


def make_link(session: Session, user: User, at: datetime) -> str:
    """A new link for a person, as an absolute address; links made before stop working."""
    return secret_links.address_of(KIND, _add(session, user, at, secret_links.new_mark()))


def mail_link(session: Session, user: User, at: datetime) -> bool:
    """Let a mail with a link wait for a person; False if three were made within the hour."""
    recent = select(func.count()).where(
        ResetLink.user_id == user.id, ResetLink.created_at > at - timedelta(hours=1)
    )
    if (session.scalar(recent) or 0) >= MOST_AN_HOUR:
        return False
    mark = secret_links.new_mark()
    _add(session, user, at, mark)
    with force_locale(user.language):
        body = gettext(_BODY, name=user.name, link=secret_links.place_of(KIND, mark))
        outbox.put(session, user.email, gettext("Set a new password"), body, at)
    return True


def person_of(session: Session, token: str, at: datetime) -> tuple[ResetLink, User]:
    """The link and the person it was made for. Raises `SpentLink`."""
    link = session.scalar(
        select(ResetLink).where(ResetLink.token_hash == secret_links.hash_of(token))
    )
    if link is None or link.used_at is not None or link.expires_at <= at:
        raise SpentLink
    user = session.get_one(User, link.user_id)
    if not user.active:
        raise SpentLink
    return link, user


def spend_all(session: Session, user: User, at: datetime) -> None:
    """Let no link of a person work any more: one was used, or the password changed otherwise."""
    session.execute(
        update(ResetLink)
        .where(ResetLink.user_id == user.id, ResetLink.used_at.is_(None))
        .values(used_at=at)
        .execution_options(synchronize_session=False)
    )


def _is_good(session: Session, token: str, at: datetime) -> bool:
    try:
        person_of(session, token, at)
    except SpentLink:
        return False
    return True


KIND = secret_links.know_kind(secret_links.LinkKind("reset", "/reset/", _is_good))


def _add(session: Session, user: User, at: datetime, mark: str) -> str:
    spend_all(session, user, at)
    token = secret_links.token_of(KIND, mark)
    row = ResetLink(
        token_hash=secret_links.hash_of(token),
        user_id=user.id,
        created_at=at,
        expires_at=at + GOOD_FOR,
    )
    session.add(row)
    session.flush()
    return token


def forget_old(session: Session, at: datetime) -> None:
    """Delete links that ran out more than a day ago."""
    session.execute(delete(ResetLink).where(ResetLink.expires_at <= at - KEPT))
