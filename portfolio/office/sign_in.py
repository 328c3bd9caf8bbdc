"""Signing in: one try, judged without telling more than whether it worked.

Each try is counted before the password is looked at, so that many tries at once gain nothing; the
count is forgotten when the password is right. No transaction is open while the password is hashed.
"""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office import accounts, passwords, sessions, throttle
from portfolio.office.people import User
from portfolio.office.trail import Origin
from portfolio.web.errors import Refusal

log = logging.getLogger("portfolio.sign_in")


class NotSignedIn(Refusal):
    """The same words for an unknown address, a wrong password, a lock and an account that is off."""

    message = N_(
        "The e-mail address or the password is not right. After several failed tries it takes some"
        " minutes until the next one counts."
    )


class FirstPasswordDead(Refusal):
    """The first password was right but is older than a day."""

    message = N_(
        "The first password was not used within 24 hours. Ask the administrator for a new one."
    )


def sign_in(
    db: Session, email: str, password: str, address: str | None, at: datetime
) -> tuple[User, str]:
    """Open a session for whoever gives the right password. Returns the person and the cookie's token.

    Raises `NotSignedIn` or `FirstPasswordDead`. Commits on its own: failures must be counted.
    """
    email = accounts.normal_email(email)
    account, place = throttle.account_key(email), throttle.address_key(address)
    stopped = throttle.is_stopped(db, (account, place), at)
    user = accounts.find_user(db, email)
    open_to_try = user is not None and user.active and not stopped
    stored = user.password_hash if user is not None and open_to_try else None
    if not stopped:
        throttle.count_try(db, account, at)
    db.commit()
    if not passwords.verify(stored, password) or user is None or stored is None:
        if not stopped:
            throttle.count_try(db, place, at)
        db.commit()
        log.warning("sign-in failed", extra={"address": address, "stopped": stopped})
        raise NotSignedIn
    throttle.forgive(db, account, place)
    if accounts.first_password_is_dead(user, at):
        db.commit()
        raise FirstPasswordDead
    if user.must_change_password:
        accounts.use_first_password(db, user, Origin(user, at))
    elif passwords.needs_rehash(stored):
        accounts.renew_hash(db, user, password, Origin(user, at))
    token = sessions.start(db, user, at)
    db.commit()
    log.info("signed in", extra={"user": user.id, "address": address})
    return user, token
