"""Saved views: a list's filters, order and columns under a name, one's own or shared in the office."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portfolio.database import Base
from portfolio.notation import N_
from portfolio.notation.fold import fold, nfc
from portfolio.office.people import User
from portfolio.web.errors import Conflict, HiddenRecord, Refusal

LONGEST_NAME = 120
LONGEST_QUERY = 2000
MOST_VIEWS = 100


class SavedView(Base):
    """A way of looking at the register that somebody wants to find again."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("owner_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    name_key: Mapped[str] = mapped_column(
        String(400), comment="folded: names that differ in accents only would be mistaken"
    )
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    owner_name: Mapped[str] = mapped_column(String(200))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    shared: Mapped[bool] = mapped_column(default=False, comment="with the owner's office")
    query: Mapped[str] = mapped_column(
        String(LONGEST_QUERY), comment="filters and order, as in the address"
    )
    columns: Mapped[str] = mapped_column(String(300), comment="chosen ones; empty: the usual")
    created_at: Mapped[datetime]


class NameTaken(Conflict):
    """The person already has a view of that name."""

    message = N_("There is already a saved view named “%(name)s”; choose another name")
    field = "name"


class BadName(Refusal):
    """A view needs a name, and not too long a one."""

    message = N_("Enter a name for the view, %(most)d letters at most")
    field = "name"


class TooManyViews(Refusal):
    """Nobody finds anything among so many."""

    message = N_("There are already %(most)d saved views; delete one that is no longer used")


class LongQuery(Refusal):
    """More filters than an address carries."""

    message = N_("This list has too many filters to be saved")


def open_to(user: User) -> ColumnElement[bool]:
    """The condition under which a person may open a view: it is the own one, or shared in the office."""
    shared = and_(SavedView.shared.is_(True), SavedView.office_id == user.office_id)
    return or_(SavedView.owner_id == user.id, shared)


def views_of(session: Session, user: User) -> list[SavedView]:
    """The views a person may open, the own ones first, each group by name."""
    query = select(SavedView).where(open_to(user)).order_by(SavedView.name_key, SavedView.id)
    return sorted(session.scalars(query), key=lambda view: view.owner_id != user.id)


def save_view(
    session: Session, *, name: str, query: str, columns: str, shared: bool, by: User, at: datetime
) -> SavedView:
    """Keep a list under a name. Raises `BadName`, `NameTaken`, `TooManyViews` or `LongQuery`."""
    own = session.scalars(select(SavedView.id).where(SavedView.owner_id == by.id)).all()
    if len(own) >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
    if len(query) > LONGEST_QUERY:
        raise LongQuery
    view = SavedView(
        owner_id=by.id,
        owner_name=by.name,
        office_id=by.office_id,
        shared=shared,
        query=query,
        columns=columns,
        created_at=at,
    )
    _name(session, view, name)
    session.add(view)
    session.flush()
    return view


def rename_view(session: Session, view: SavedView, name: str) -> None:
    """Give a view another name. Raises `BadName` or `NameTaken`."""
    _name(session, view, name)
    session.flush()


def share_view(session: Session, view: SavedView, *, shared: bool) -> None:
    """Show a view to the owner's office, or keep it to the owner."""
    view.shared = shared
    session.flush()


def delete_view(session: Session, view: SavedView) -> None:
    """Forget a view; the projects in it are not touched."""
    session.delete(view)
    session.flush()


def own_view(session: Session, user: User, view_id: int) -> SavedView:
    """A view that belongs to ``user``, who alone may change it; else `HiddenRecord`."""
    view = session.get(SavedView, view_id)
    if view is None or view.owner_id != user.id:
        raise HiddenRecord
    return view


def _name(session: Session, view: SavedView, name: str) -> None:
    stored = nfc(name)
    key = fold(stored)
    if not key or len(stored) > LONGEST_NAME:
        raise BadName(most=LONGEST_NAME)
    same = select(SavedView).where(SavedView.owner_id == view.owner_id, SavedView.name_key == key)
    with session.no_autoflush:
        other = session.scalars(same).one_or_none()
    if other is not None and other is not view:
        raise NameTaken(name=other.name)
    view.name, view.name_key = stored, key
