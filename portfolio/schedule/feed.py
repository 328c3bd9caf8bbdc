"""The calendar of a person for a calendar program: a secret address of 256 bits, of which the hash is kept.

It opens what the person may see and no more, says code, name, kind and day, and ends when the person
makes another one, takes it back, or may no longer sign in.
"""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.database import short_write
from portfolio.notation.icalendar import Event, calendar_file
from portfolio.office.may import Permission, may
from portfolio.office.people import User
from portfolio.office.secret_links import hash_of
from portfolio.schedule.calendar import read_deadlines
from portfolio.schedule.deadline_words import kind_words
from portfolio.schedule.evaluate import law_on
from portfolio.schedule.looking import CalendarFeed
from portfolio.schedule.reports_due import reports_due
from portfolio.schedule.scope import read_scope

AHEAD = timedelta(days=400)
MOST_EVENTS = 2000
NOTED_EVERY = timedelta(hours=1)
PRODUCT = "Investment project register//Deadlines"


def make_feed(session: Session, user: User, at: datetime) -> str:
    """A new secret of a person, as it stands in the address; the one before stops working."""
    token = secrets.token_urlsafe(32)
    feed = session.get(CalendarFeed, user.id)
    if feed is None:
        feed = CalendarFeed(user_id=user.id)
        session.add(feed)
    feed.token_hash, feed.created_at, feed.last_read_at = hash_of(token), at, None
    session.flush()
    return token


def revoke_feed(session: Session, user: User) -> None:
    """Let the person's address open nothing any more."""
    feed = session.get(CalendarFeed, user.id)
    if feed is not None:
        session.delete(feed)
        session.flush()


def address_of_feed(token: str) -> str:
    """The absolute address; never from the request, whose Host header may be somebody else's."""
    return f"{_base()}/calendar/{token}.ics"


def person_of_feed(session: Session, token: str) -> tuple[CalendarFeed, User] | None:
    """The feed that a token opens and its person, or None: unknown, taken back, switched off."""
    query = (
        select(CalendarFeed, User)
        .join(User, User.id == CalendarFeed.user_id)
        .where(CalendarFeed.token_hash == hash_of(token))
    )
    found = session.execute(query).unique().one_or_none()
    if found is None or not may(found[1], Permission.READ_REGISTER):
        return None
    return found[0], found[1]


def note_read(feed: CalendarFeed, at: datetime) -> None:
    """Remember that a calendar program asked, at most once an hour; in a transaction of its own."""
    if feed.last_read_at is not None and at - feed.last_read_at < NOTED_EVERY:
        return
    with short_write() as own:
        kept = own.get(CalendarFeed, feed.user_id)
        if kept is not None and kept.token_hash == feed.token_hash:
            kept.last_read_at = at


def write_feed(session: Session, user: User, on: date) -> bytes:
    """The file: deadlines of the person's projects from a day on, then days on which reports fall due.

    The same facts on the same day give the same bytes.
    """
    last = on + AHEAD
    with force_locale(user.language):
        scope = read_scope(session, user, "")
        events = [
            Event(
                uid=_uid(line.code, line.kind, line.scope),
                on=line.on,
                summary=f"{line.code} {kind_words(line.kind)}",
                description=line.name,
                url=f"{_base()}/projects/{line.code}",
            )
            for line in read_deadlines(session, scope, on, last, MOST_EVENTS)
        ]
        events += [
            Event(
                uid=_uid("report", report.kind.value, report.period),
                on=report.on,
                summary=report.words,
                url=f"{_base()}{scope.page('/progress')}",
            )
            for report in reports_due(session, scope, law_on(session, on).policy, on, last)
        ]
        name = gettext("Deadlines: %(name)s", name=scope.name)
    return calendar_file(name, events, datetime.combine(on, time(), UTC), PRODUCT)


def _uid(*parts: str) -> str:
    host = _base().partition("://")[2].partition("/")[0].partition(":")[0]
    return f"{sha256('|'.join(parts).encode()).hexdigest()[:32]}@{host}"


def _base() -> str:
    return str(current_app.config["BASE_URL"]).rstrip("/")
