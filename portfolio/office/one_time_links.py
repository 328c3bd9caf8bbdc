"""One-time links: how somebody without an account answers, once, about one project.

256 bits of chance, of which only the hash is kept; a link ends on a day, can be revoked, and is spent
by the answer it was made for. What has been typed so far, and files that came with it, wait at the link.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portfolio.database import Base, short_write
from portfolio.notation import N_
from portfolio.office import secret_links
from portfolio.office.trail import Origin
from portfolio.web.clock import PROVINCE_ZONE
from portfolio.web.errors import Refusal

PATH = "/answer/"


class OneTimeLink(Base):
    """A link that was given out: for what, to whom, until when, and what became of it."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    purpose: Mapped[str] = mapped_column(String(40))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    subject: Mapped[dict[str, Any]] = mapped_column(JSON, comment="what the answer is about")
    sent_to: Mapped[str | None] = mapped_column(String(320))
    made_by: Mapped[str] = mapped_column(String(200))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(comment="the mail server took the message")
    opened_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(200))
    answer: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="typed so far; once used, what was received"
    )

    files: Mapped[list["LinkFile"]] = relationship(
        cascade="all, delete-orphan", order_by="LinkFile.id"
    )


class LinkFile(Base):
    """A checked upload that waits at a link until the answer is sent."""

    __tablename__ = "link_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("one_time_link.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(80), unique=True)
    uploaded_at: Mapped[datetime]


class LinkState(enum.StrEnum):
    """What became of a link."""

    MADE = "made"
    SENT = "sent"
    OPENED = "opened"
    USED = "used"
    ENDED = "ended"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "made": N_("made, not opened yet"),
            "sent": N_("sent by mail, not opened yet"),
            "opened": N_("opened, not answered yet"),
            "used": N_("answered"),
            "ended": N_("ended without an answer"),
            "revoked": N_("revoked"),
        }[self.value]


class EndedLink(Refusal):
    """A link that has ended, was revoked, or never was one; the page does not tell which."""

    status = 410
    title = N_("This link can no longer be used")
    message = N_("It has ended, or another one took its place. Ask the office that sent it.")


@dataclass(frozen=True)
class MadeLink:
    """A new link with the only chance to know its address, and what stands for it in a message."""

    link: OneTimeLink
    address: str
    place: str


def make_link(
    session: Session,
    *,
    purpose: str,
    project_id: int,
    subject: dict[str, Any],
    last_day: date,
    origin: Origin,
    sent_to: str | None = None,
) -> MadeLink:
    """A link that works until the end of ``last_day`` in the province.

    Links made before for the same are revoked; what was typed at them and not sent goes over to the
    new one. Whoever calls holds the project locked, so two links cannot be made at one moment.
    """
    mark = secret_links.new_mark()
    token = secret_links.token_of(KIND, mark)
    link = OneTimeLink(
        token_hash=secret_links.hash_of(token),
        purpose=purpose,
        project_id=project_id,
        subject=subject,
        sent_to=sent_to,
        made_by=origin.by_name,
        made_by_id=origin.by.id if origin.by else None,
        created_at=origin.at,
        expires_at=_end_of(last_day),
    )
    before = links_for(session, purpose, project_id, subject)
    session.add(link)
    session.flush()
    for old in before:
        _hand_over(session, old, link, origin)
    return MadeLink(link, secret_links.address_of(KIND, token), secret_links.place_of(KIND, mark))


def revoke_link(link: OneTimeLink, origin: Origin) -> None:
    """Let a link that was not used work no more."""
    if link.used_at is None and link.revoked_at is None:
        link.revoked_at, link.revoked_by = origin.at, origin.by_name


def state_of_link(link: OneTimeLink, at: datetime) -> LinkState:
    """What became of a link up to a moment."""
    if link.used_at is not None:
        return LinkState.USED
    if link.revoked_at is not None:
        return LinkState.REVOKED
    if link.expires_at <= at:
        return LinkState.ENDED
    if link.opened_at is not None:
        return LinkState.OPENED
    return LinkState.MADE if link.sent_at is None else LinkState.SENT


def find_link(session: Session, token: str, at: datetime, *, lock: bool = False) -> OneTimeLink:
    """The link behind a token, used or not; ``lock`` lets no second answer in until the commit.

    Raises `EndedLink` for one that was revoked or has ended, and for what never was a link.
    """
    query = select(OneTimeLink).where(OneTimeLink.token_hash == secret_links.hash_of(token))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    link = session.scalars(query).one_or_none()
    if link is None or link.revoked_at is not None or link.expires_at <= at:
        raise EndedLink
    return link


def note_opened(link: OneTimeLink, at: datetime) -> None:
    """Keep that the page was opened for the first time, in a transaction of its own.

    Reading writes nothing else; the office has to know whether its letter was read.
    """
    if link.opened_at is not None:
        return
    with short_write() as own:
        own.execute(
            update(OneTimeLink)
            .where(OneTimeLink.id == link.id, OneTimeLink.opened_at.is_(None))
            .values(opened_at=at)
            .execution_options(synchronize_session=False)
        )


def use_link(link: OneTimeLink, answer: dict[str, Any], at: datetime) -> None:
    """The answer has arrived: keep what was received, and let go what waited."""
    link.used_at, link.answer = at, answer
    link.opened_at = link.opened_at or at
    link.files.clear()


def reopen_link(link: OneTimeLink) -> None:
    """Let a link be answered once more, because its answer was sent back."""
    link.used_at = link.answer = None


def links_for(
    session: Session, purpose: str, project_id: int, subject: dict[str, Any] | None = None
) -> Sequence[OneTimeLink]:
    """The links of a project for a purpose, or only those about one ``subject``, the oldest first."""
    query = (
        select(OneTimeLink)
        .where(OneTimeLink.purpose == purpose, OneTimeLink.project_id == project_id)
        .order_by(OneTimeLink.created_at, OneTimeLink.id)
    )
    return [link for link in session.scalars(query) if subject is None or link.subject == subject]


def unsent_files(session: Session, at: datetime) -> Sequence[LinkFile]:
    """Files that wait at links which can no longer be answered."""
    query = (
        select(LinkFile)
        .join(OneTimeLink, LinkFile.link_id == OneTimeLink.id)
        .where((OneTimeLink.expires_at <= at) | OneTimeLink.revoked_at.is_not(None))
        .order_by(LinkFile.id)
    )
    return session.scalars(query).all()


def forget_drafts(session: Session, at: datetime) -> None:
    """Drop what was typed at links that have ended without an answer: nobody sent it to the office."""
    session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.used_at.is_(None),
            (OneTimeLink.expires_at <= at) | OneTimeLink.revoked_at.is_not(None),
        )
        .values(answer=None)
        .execution_options(synchronize_session=False)
    )


def _hand_over(session: Session, old: OneTimeLink, new: OneTimeLink, origin: Origin) -> None:
    if old.used_at is None and old.revoked_at is None:
        new.answer, old.answer = old.answer, None
    session.execute(
        update(LinkFile)
        .where(LinkFile.link_id == old.id)
        .values(link_id=new.id)
        .execution_options(synchronize_session=False)
    )
    session.expire(old, ["files"])
    session.expire(new, ["files"])
    old.revoked_at, old.revoked_by = old.revoked_at or origin.at, old.revoked_by or origin.by_name


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), PROVINCE_ZONE).astimezone(UTC)


def last_day_of(link: OneTimeLink) -> date:
    """The last day on which a link works."""
    return (link.expires_at.astimezone(PROVINCE_ZONE) - timedelta(seconds=1)).date()


def _is_good(session: Session, token: str, at: datetime) -> bool:
    try:
        return find_link(session, token, at).used_at is None
    except EndedLink:
        return False


def _sent(session: Session, token: str, at: datetime) -> None:
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.token_hash == secret_links.hash_of(token))
        .values(sent_at=at)
        .execution_options(synchronize_session=False)
    )


KIND = secret_links.know_kind(secret_links.LinkKind("answer", PATH, _is_good, _sent))
