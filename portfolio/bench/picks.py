"""Who asks and what for: a signed-in officer, and the projects that the cases open.

The projects are among the first 154, which are the same at every size, so that a page of one of them
differs only in how much stands beside it.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio import create_app
from portfolio.bench.ground import Ground
from portfolio.database import Database, session
from portfolio.office import sessions
from portfolio.office.people import Office, OfficeKind, Role, User
from portfolio.office.trail import Origin, TrailEntry, record
from portfolio.register.line import RegisterLine
from portfolio.register.order import Mark, Order, write_mark
from portfolio.register.project import Project, Stage
from portfolio.web.clock import now

SMALLEST = 154
EMAIL = "bench@example.org"


@dataclass(frozen=True)
class Picks:
    """What the cases ask for on one ground."""

    token: str
    size: int
    shown: str
    """Code of the project whose page is read."""
    saved: str
    """Code of the project that is changed again and again."""
    aged: str
    """Code of the project whose history is read; it has been changed `entries` times so far."""
    entries: int
    certificate: str
    deep: str
    """The mark of a page in the middle of the list."""


def pick(ground: Ground) -> Picks:
    """Sign an officer in on a ground and choose what to ask for."""
    given = {name.removeprefix("PORTFOLIO_"): value for name, value in ground.settings.items()
             if name.startswith("PORTFOLIO_")}  # fmt: skip
    app = create_app(**given)
    with app.test_request_context(method="POST"):
        picks = sign_in_and_choose(session(), ground.size)
        session().commit()
    close(app)
    return picks


def sign_in_and_choose(db: Session, size: int) -> Picks:
    """The same within a request; the caller commits."""
    return _choose(db, _sign_in(db, now()), size)


def close(app: Flask) -> None:
    """Let go of the database, so that its file can be copied."""
    database: Database = app.extensions["database"]
    database.engine.dispose()


def _sign_in(db: Session, at: datetime) -> str:
    officer = db.scalars(select(User).where(User.email == EMAIL)).one_or_none()
    if officer is None:
        kind = Office.kind == OfficeKind.FINANCE
        officer = User(
            email=EMAIL,
            name="Người đo tốc độ",
            role=Role.FINANCE_OFFICER,
            office_id=db.scalars(select(Office.id).where(kind).order_by(Office.id)).first(),
            must_change_password=False,
            created_at=at,
        )
        db.add(officer)
        record(db, officer, "add_user", Origin(None, at))
    return sessions.start(db, officer, at)


def _choose(db: Session, token: str, size: int) -> Picks:
    # An implementing project outside the zones: the Department of Finance may change it.
    candidates = (
        select(Project.code, Project.certificate_no, Project.version)
        .join(TrailEntry, (TrailEntry.subject_id == Project.id) & (TrailEntry.subject_version == 1))
        .where(
            TrailEntry.subject_kind == "project",
            Project.code <= f"KT-{SMALLEST:04}",
            Project.zone_id.is_(None),
            Project.stage == Stage.IMPLEMENTING,
        )
        .order_by(func.length(TrailEntry.state).desc(), Project.code)
    )
    shown, saved, aged = db.execute(candidates.limit(3)).all()
    middle = db.execute(
        select(RegisterLine.code, RegisterLine.id)
        .where(RegisterLine.until.is_(None))
        .order_by(RegisterLine.code, RegisterLine.id)
        .offset(size // 2)
        .limit(1)
    ).one()
    mark = Mark(middle.code, middle.id, size // 2 + 1)
    return Picks(
        token=token,
        size=size,
        shown=shown.code,
        saved=saved.code,
        aged=aged.code,
        entries=aged.version,
        certificate=shown.certificate_no or "",
        deep=write_mark(Order("code"), mark),
    )
