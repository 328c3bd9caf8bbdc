"""Slowing down whoever guesses passwords: failures in a row per account and per address.

The counts stand in the database, so they hold across workers and restarts. After five failures the
next try waits 1, 2, 4, 8, then 15 minutes. An account with a hundred failures in a row stays shut
until its password is reset or an administrator lifts the lock (NIST SP 800-63B-4, section 3.2.2).
What the caller is told never depends on any of this.
"""

import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from portfolio.office.people import SignInFailure, User

FREE_TRIES = 5
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
MOST_FAILURES = 100
QUIET = timedelta(hours=24)
"""An address is many people over time: after a quiet day its failures no longer count as in a row."""
KEPT = timedelta(days=30)

ACCOUNT, ADDRESS = "account:", "address:"


def account_key(email: str) -> str:
    """What failures of an account are counted under, whether or not there is such an account."""
    return ACCOUNT + email[:254]


def address_key(address: str | None) -> str:
    """What failures of an address are counted under; of IPv6 the network that one customer gets."""
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return ADDRESS + "unknown"
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is None:
            return ADDRESS + str(ipaddress.ip_network((known, 64), strict=False))
        known = known.ipv4_mapped
    return ADDRESS + str(known)


def password_key(user: User) -> str:
    """What wrong current passwords are counted under, so that an open screen is no way to guess it."""
    return f"{ADDRESS}password of user {user.id}"


def forgotten_key(address: str | None) -> str:
    """What requests for a link are counted under."""
    return f"{address_key(address)} forgotten"


def is_stopped(session: Session, keys: Iterable[str], at: datetime) -> bool:
    """Whether a try under any of ``keys`` must not be looked at now."""
    query = select(SignInFailure).where(SignInFailure.subject.in_(list(keys)))
    return any(is_shut(row) or is_waiting(row, at) for row in session.scalars(query))


def is_waiting(row: SignInFailure, at: datetime) -> bool:
    """Whether the next try has to wait."""
    return row.blocked_until is not None and row.blocked_until > at


def is_shut(row: SignInFailure) -> bool:
    """Whether an account stays shut until somebody lifts it."""
    return row.subject.startswith(ACCOUNT) and row.count >= MOST_FAILURES


def answer_key(address: str | None) -> str:
    """What answers that are sent from an address without an account are counted under."""
    return f"{address_key(address)} answer"


def wrong_link_key(address: str | None) -> str:
    """What one-time links that name nothing are counted under."""
    return f"{address_key(address)} wrong link"


def link_key(link_id: int) -> str:
    """What is sent at one link is counted under."""
    return f"{ADDRESS}answer link {link_id}"


def count_try(session: Session, key: str, at: datetime, free: int = FREE_TRIES) -> None:
    """Count one more failure under ``key``; after ``free`` of them set the time until the next try."""
    query = select(SignInFailure).where(SignInFailure.subject == key).with_for_update()
    row = session.scalars(query).one_or_none()
    if row is None:
        row = SignInFailure(subject=key, count=0, last_at=at)
        session.add(row)
    if key.startswith(ADDRESS) and at - row.last_at > QUIET:
        row.count = 0
    row.count += 1
    row.last_at = at
    over = row.count - free
    row.blocked_until = at + WAITS[min(over, len(WAITS) - 1)] if over >= 0 else None
    session.flush()


def forgive(session: Session, *keys: str) -> None:
    """Forget the failures under ``keys``: after a good sign-in, a reset, or an administrator's lift."""
    session.execute(delete(SignInFailure).where(SignInFailure.subject.in_(keys)))


def stopped_now(session: Session, at: datetime) -> list[SignInFailure]:
    """What an administrator may lift: all that wait or are shut, the latest first."""
    shut = SignInFailure.subject.startswith(ACCOUNT) & (SignInFailure.count >= MOST_FAILURES)
    query = (
        select(SignInFailure)
        .where(or_(SignInFailure.blocked_until > at, shut))
        .order_by(SignInFailure.last_at.desc())
        .limit(200)
    )
    return list(session.scalars(query))


def failures_of(session: Session, email: str) -> SignInFailure | None:
    """The failures in a row of an account, if there are any."""
    return session.get(SignInFailure, account_key(email))


def forget_old(session: Session, at: datetime) -> None:
    """Delete counts that nothing was added to for a month, except of accounts that are shut."""
    session.execute(
        delete(SignInFailure).where(
            SignInFailure.last_at <= at - KEPT,
            or_(SignInFailure.count < MOST_FAILURES, ~SignInFailure.subject.startswith(ACCOUNT)),
        )
    )
