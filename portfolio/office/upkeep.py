"""What the office throws away every night: ended sessions, old tries, spent links, sent mail."""

from datetime import datetime

from portfolio.database import short_write
from portfolio.office import outbox, reset_links, sessions, throttle
from portfolio.office.queue import each_night
from portfolio.web import once, parked


@each_night
def throw_away(at: datetime) -> None:
    """Delete what nobody needs any more; the trail is no part of it."""
    with short_write() as session:
        for module in (sessions, throttle, reset_links, outbox, parked, once):
            module.forget_old(session, at)
