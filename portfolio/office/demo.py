"""Accounts to try the register with: one for each role, in the offices of the first data."""

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office import accounts, passwords
from portfolio.office.accounts import UserValues
from portfolio.office.known_names import known_names
from portfolio.office.offices import offices_by_name
from portfolio.office.people import Office, OfficeKind, Role, User
from portfolio.office.trail import Origin, TrailEntry, record
from portfolio.web.errors import Conflict, Refusal

ZONE_KEYS = ("dz_konplong", "mangden")
"""Zones of the demonstration's zone officer, by their keys in the first data: Kon Plông and Măng Đen."""

ACCOUNTS: tuple[tuple[str, str, Role, OfficeKind], ...] = (
    (
        "xuctien",
        "Chuyên viên xúc tiến (thử nghiệm)",
        Role.CENTRE_OFFICER,
        OfficeKind.PROMOTION_CENTRE,
    ),
    (
        "khukinhte",
        "Chuyên viên Ban Quản lý (thử nghiệm)",
        Role.ZONE_OFFICER,
        OfficeKind.ZONE_AUTHORITY,
    ),
    ("taichinh", "Chuyên viên Sở Tài chính (thử nghiệm)", Role.FINANCE_OFFICER, OfficeKind.FINANCE),
    ("lanhdao", "Lãnh đạo (thử nghiệm)", Role.LEADER, OfficeKind.COMMITTEE),
    ("quantri", "Quản trị (thử nghiệm)", Role.ADMINISTRATOR, OfficeKind.PROMOTION_CENTRE),
    ("kiemtra", "Kiểm tra (thử nghiệm)", Role.AUDITOR, OfficeKind.COMMITTEE),
    ("doc", "Người đọc (thử nghiệm)", Role.READER, OfficeKind.LINE_DEPARTMENT),
)
"""Name before the @, name on screen, role, and the kind of office that the account is put into."""

HOST = "example.org"


class NoDemonstration(Conflict):
    """Well-known accounts must not appear in a register that an office works with."""

    message = N_(
        "Demonstration accounts are made only with PORTFOLIO_DEMO=true or on the demonstration data."
    )


class NoOffice(Refusal):
    """There is nothing to put the accounts into."""

    message = N_("There is no office yet; load the seeds first: flask seed")


def add_demo_users(session: Session, origin: Origin) -> list[tuple[User, str]]:
    """Make the accounts and return them with their passwords; an empty list if they exist.

    The passwords are random and stay; nobody is asked to change them. Raises `NoDemonstration`.
    """
    if not current_app.config["DEMO"] and not _holds_first_data_only(session):
        raise NoDemonstration
    if session.scalar(select(User.id).where(User.email == _email(ACCOUNTS[0][0]))) is not None:
        return []
    offices = offices_by_name(session)
    if not offices:
        raise NoOffice
    return [
        _add(
            session,
            UserValues(_email(login), name, role, _office(offices, kind), _zones(session, role)),
            origin,
        )
        for login, name, role, kind in ACCOUNTS
    ]


def _add(session: Session, values: UserValues, origin: Origin) -> tuple[User, str]:
    user, _first = accounts.add_user(session, values, origin)
    password = passwords.make_password()
    user.password_hash, user.must_change_password = passwords.hash_password(password), False
    record(session, user, "give_demo_password", origin)
    return user, password


def _holds_first_data_only(session: Session) -> bool:
    """Whether nobody has worked here yet: no person, and nothing but the first data."""
    first = session.scalars(select(TrailEntry.act).order_by(TrailEntry.seq).limit(1)).one_or_none()
    by_people = select(TrailEntry.seq).where(TrailEntry.by_id.is_not(None)).limit(1)
    return first == "load_seeds" and session.scalar(by_people) is None


def _email(login: str) -> str:
    return f"{login}@{HOST}"


def _office(offices: list[Office], kind: OfficeKind) -> int:
    standing = [office for office in offices if office.valid_to is None] or offices
    return next((office.id for office in standing if office.kind is kind), standing[0].id)


def _zones(session: Session, role: Role) -> tuple[int, ...]:
    if role is not Role.ZONE_OFFICER:
        return ()
    zones = known_names().zones(session)
    named = [zone.id for zone in zones if zone.key in ZONE_KEYS]
    return tuple(named or [zone.id for zone in zones[:1]])
