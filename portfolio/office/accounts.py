"""Acts on users: adding and changing them, their passwords, and keeping an administrator.

Each act ends with its entry in the trail. Whatever takes power from a person, or changes how they
sign in, ends their sessions in the same transaction.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.fold import nfc, vi_sort_key
from portfolio.office import passwords, reset_links, sessions, throttle
from portfolio.office.known_names import known_names
from portfolio.office.people import Office, Role, User, UserZone
from portfolio.office.trail import Origin, record
from portfolio.web.errors import Conflict, Refusal

FIRST_PASSWORD_LIVES = timedelta(hours=24)


class BadUser(Refusal):
    """A user that cannot be as entered; the message says why."""


class LastAdministrator(Conflict):
    """The register would be left without anybody who keeps its users."""

    message = N_("This is the last administrator. Make another person administrator first.")


@dataclass(frozen=True)
class UserValues:
    """What an administrator decides about a person."""

    email: str
    name: str
    role: Role
    office_id: int
    zone_ids: tuple[int, ...] = ()
    active: bool = True
    stand_in_id: int | None = None
    stand_in_from: date | None = None
    stand_in_to: date | None = None


def normal_email(email: str) -> str:
    """The address as it is stored and looked up."""
    return nfc(email).lower()


def find_user(session: Session, email: str) -> User | None:
    """The person who signs in under an address."""
    return session.scalar(select(User).where(User.email == normal_email(email)))


def active_users(session: Session) -> list[User]:
    """Everybody who may sign in, in the order of the Vietnamese alphabet."""
    found = session.scalars(select(User).where(User.active))
    return sorted(found, key=lambda user: vi_sort_key(user.name))


def has_administrator(session: Session) -> bool:
    """Whether anybody can keep the users; without one the register does not open."""
    return bool(session.scalar(select(_administrators().exists())))


def _administrators(but: User | None = None) -> Select[int]:
    query = select(User.id).where(User.role == Role.ADMINISTRATOR, User.active)
    return query if but is None else query.where(User.id != but.id)


# Acts of an administrator ---------------------------------------------------------------------


def add_user(session: Session, values: UserValues, origin: Origin) -> tuple[User, str]:
    """Add a person and return them with their first password, which is never stored in clear."""
    _check(session, values, None)
    password = passwords.make_password()
    user = User(
        created_at=origin.at,
        password_hash=passwords.hash_password(password),
        password_set_at=origin.at,
        must_change_password=True,
        language=str(current_app.config["LANGUAGE"]),
    )
    _put(user, values)
    session.add(user)
    record(session, user, "add_user", origin)
    return user, password


def change_user(session: Session, user: User, values: UserValues, origin: Origin) -> User:
    """Change what an administrator decides about a person; less power ends their sessions."""
    _check(session, values, user)
    loses = (
        user.role != values.role
        or (user.active and not values.active)
        or user.email != values.email
    )
    if (
        user.role is Role.ADMINISTRATOR
        and user.active
        and (values.role != user.role or not values.active)
    ):
        _keep_an_administrator(session, user)
    _put(user, values)
    record(session, user, "change_user", origin)
    if loses:
        sessions.end_all(session, user, origin.at)
        reset_links.spend_all(session, user, origin.at)
    return user


def give_first_password(session: Session, user: User, origin: Origin) -> str:
    """Replace a person's password by a random one for a single sign-in within 24 hours."""
    password = passwords.make_password()
    _set_hash(session, user, passwords.hash_password(password), origin.at, must_change=True)
    record(session, user, "give_first_password", origin)
    return password


def _keep_an_administrator(session: Session, user: User) -> None:
    # The rows are locked, so that two administrators cannot each remove the other.
    if not session.scalars(_administrators(but=user).with_for_update()).first():
        raise LastAdministrator


def _check(session: Session, values: UserValues, user: User | None) -> None:
    email = normal_email(values.email)
    name, at_sign, host = email.partition("@")
    if not (name and at_sign and host) or " " in email or "@" in host:
        raise BadUser(
            N_("Enter an e-mail address, for example an.nguyen@example.org"), field="email"
        )
    other = find_user(session, email)
    if other is not None and other is not user:
        message = N_("This address is already used by %(name)s.")
        raise BadUser(message, field="email", name=other.name)
    if values.role is Role.ZONE_OFFICER and not values.zone_ids:
        raise BadUser(N_("A zone officer needs at least one zone."), field="zone_ids")
    if session.get(Office, values.office_id) is None:
        raise BadUser(N_("Choose one of the answers in the list"), field="office_id")
    _check_stand_in(values, user)


def _check_stand_in(values: UserValues, user: User | None) -> None:
    if user is not None and values.stand_in_id == user.id:
        raise BadUser(N_("Nobody can stand in for themselves."), field="stand_in_id")
    first, last = values.stand_in_from, values.stand_in_to
    if first is not None and last is not None and last < first:
        raise BadUser(N_("The last day lies before the first."), field="stand_in_to")


def _put(user: User, values: UserValues) -> None:
    user.email, user.name = normal_email(values.email), values.name
    user.role, user.office_id, user.active = values.role, values.office_id, values.active
    user.stand_in_id = values.stand_in_id
    user.stand_in_from, user.stand_in_to = values.stand_in_from, values.stand_in_to
    kept = {zone.zone_id: zone for zone in user.zones}
    user.zones = [kept.get(key) or UserZone(zone_id=key) for key in sorted(set(values.zone_ids))]


# Acts of the person ---------------------------------------------------------------------------


def set_password(session: Session, user: User, password: str, act: str, origin: Origin) -> None:
    """Set a password that the person chose; every session and link of theirs ends.

    ``act`` is ``change_password`` or ``reset_password``. Raises `passwords.WeakPassword`.
    """
    passwords.check_password(password, names_around(session, user))
    _set_hash(session, user, passwords.hash_password(password), origin.at, must_change=False)
    record(session, user, act, origin)


def use_first_password(session: Session, user: User, origin: Origin) -> None:
    """Let a first password count once: from now on only the new one opens the account."""
    user.password_hash = None
    record(session, user, "use_first_password", origin)


def renew_hash(session: Session, user: User, password: str, origin: Origin) -> None:
    """Store the same password under today's hashing parameters."""
    user.password_hash = passwords.hash_password(password)
    record(session, user, "renew_password_hash", origin)


def change_own_account(
    session: Session, user: User, name: str, language: str, origin: Origin
) -> bool:
    """Change the name that colleagues see and the language a person reads in; False: nothing new."""
    if (user.name, user.language) == (name, language):
        return False
    user.name, user.language = name, language
    record(session, user, "change_own_account", origin)
    return True


def must_change_password(user: User, at: datetime) -> bool:
    """Whether a person may do nothing else before choosing a password."""
    days = int(current_app.config["PASSWORD_DAYS"])
    set_at = user.password_set_at
    too_old = days > 0 and set_at is not None and at >= set_at + timedelta(days=days)
    return user.must_change_password or too_old


def first_password_is_dead(user: User, at: datetime) -> bool:
    """Whether a first password was not used in time."""
    set_at = user.password_set_at
    return user.must_change_password and (set_at is None or at >= set_at + FIRST_PASSWORD_LIVES)


def _set_hash(
    session: Session, user: User, stored: str, at: datetime, *, must_change: bool
) -> None:
    user.password_hash, user.password_set_at, user.must_change_password = stored, at, must_change
    sessions.end_all(session, user, at)
    reset_links.spend_all(session, user, at)
    throttle.forgive(session, throttle.account_key(user.email))


def names_around(session: Session, user: User) -> list[str]:
    """The names somebody would try first against a person's password."""
    settings = [str(current_app.config[name]) for name in ("PROVINCE", "OFFICE_NAME")]
    address = user.email.replace("@", " ").replace(".", " ")
    office = [user.office.name, user.office.abbreviation or ""] if user.office else []
    return [user.name, address, *office, *settings, *known_names().words(session)]
