"""Offices and the people who work in them."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.database import Base
from portfolio.notation import N_


class OfficeKind(enum.StrEnum):
    """What an office does for investment projects."""

    PROMOTION_CENTRE = "promotion_centre"
    ZONE_AUTHORITY = "zone_authority"
    FINANCE = "finance"
    LINE_DEPARTMENT = "line_department"
    COMMUNE = "commune"
    COMMITTEE = "committee"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return _OFFICE_KINDS[self]


_OFFICE_KINDS = {
    OfficeKind.PROMOTION_CENTRE: N_("Investment promotion centre"),
    OfficeKind.ZONE_AUTHORITY: N_("Economic Zone Authority"),
    OfficeKind.FINANCE: N_("Department of Finance"),
    OfficeKind.LINE_DEPARTMENT: N_("Line department"),
    OfficeKind.COMMUNE: N_("Commune"),
    OfficeKind.COMMITTEE: N_("People's Committee"),
    OfficeKind.OTHER: N_("Other office"),
}


class Role(enum.StrEnum):
    """What a person does; `may.GRANTS` says what each role may do."""

    CENTRE_OFFICER = "centre_officer"
    ZONE_OFFICER = "zone_officer"
    FINANCE_OFFICER = "finance_officer"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    READER = "reader"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return _ROLES[self]


_ROLES = {
    Role.CENTRE_OFFICER: N_("Promotion centre officer"),
    Role.ZONE_OFFICER: N_("Zone officer"),
    Role.FINANCE_OFFICER: N_("Finance officer"),
    Role.LEADER: N_("Leader"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.AUDITOR: N_("Auditor"),
    Role.READER: N_("Reader"),
}


class Office(Base):
    """A body of the province, for as long as it exists under that name."""

    __tablename__ = "office"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", "ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str | None] = mapped_column(String(300))
    abbreviation: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[OfficeKind]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    source: Mapped[str | None] = mapped_column(String(1000))
    version: Mapped[int] = mapped_column(default=0)


class User(Base):
    """A person who signs in. Flask-Login asks for the four properties at the end."""

    __tablename__ = "user"
    __table_args__ = (UniqueConstraint("email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), comment="lower case; the sign-in name")
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200), comment="Argon2id")
    password_set_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(5), default="vi")
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    stand_in_from: Mapped[date | None]
    stand_in_to: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=0)

    office: Mapped[Office] = relationship(lazy="joined")
    zones: Mapped[list["UserZone"]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        order_by="UserZone.zone_id",
        back_populates="user",
    )

    @property
    def zone_ids(self) -> list[int]:
        """The zones the person is confined to; empty: no confinement."""
        return [zone.zone_id for zone in self.zones]

    @property
    def is_active(self) -> bool:
        """Whether the person may still sign in."""
        return self.active

    @property
    def is_authenticated(self) -> bool:
        """Always: an anonymous visitor is another class."""
        return True

    @property
    def is_anonymous(self) -> bool:
        """Never; see `is_authenticated`."""
        return False

    def get_id(self) -> str:
        """The key, as Flask-Login wants it."""
        return str(self.id)


class UserZone(Base):
    """A zone that a person works in; sub-zones are included by the row rule."""

    __tablename__ = "user_zone"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"), primary_key=True)

    user: Mapped[User] = relationship(back_populates="zones")


class UserSession(Base):
    """A signed-in browser: the cookie holds 256 random bits, this row their hash only."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    fresh_at: Mapped[datetime] = mapped_column(comment="last time the password was given")
    ended_at: Mapped[datetime | None]
    address: Mapped[str | None] = mapped_column(String(64))
    agent: Mapped[str | None] = mapped_column(String(300))

    user: Mapped[User] = relationship(lazy="joined")


class SignInFailure(Base):
    """Failed sign-ins in a row, per account and per address; it survives a restart."""

    __tablename__ = "sign_in_failure"

    subject: Mapped[str] = mapped_column(
        String(300), primary_key=True, comment="account:<email> or address:<ip>"
    )
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]


class ResetLink(Base):
    """A one-time link to set a password; only the hash of its token is stored."""

    __tablename__ = "reset_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Outbox(Base):
    """A message that waits for, or went to, the mail server."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(String(20_000))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(1000))


def state_of_user(user: User) -> dict[str, object]:
    """The state the journal keeps of a person: no password, not even its hash."""
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role.value,
        "office_id": user.office_id,
        "active": user.active,
        "language": user.language,
        "zones": user.zone_ids,
        "stand_in_id": user.stand_in_id,
        "stand_in_from": user.stand_in_from.isoformat() if user.stand_in_from else None,
        "stand_in_to": user.stand_in_to.isoformat() if user.stand_in_to else None,
        "password_set_at": user.password_set_at.isoformat() if user.password_set_at else None,
    }
