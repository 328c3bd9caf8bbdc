"""People who sign in, for the tests of the office and of what stands on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portfolio import create_app
from portfolio.office import passwords
from portfolio.office.people import Office, OfficeKind, Role, User
from portfolio.office.trail import Origin
from tests.browser import Browser
from tests.conftest import AT, SECRET, add_office, add_person

PASSWORD = "bốn con ngựa uống trà xanh"
STORED = passwords.hash_password(PASSWORD)
"""Hashed once: each hash takes the time that a guess shall take."""


@contextmanager
def opened(app: Flask) -> Iterator[Session]:
    """A session of one's own; no context stays open around the requests of a test."""
    with app.app_context(), app.extensions["database"].open_session(write=True) as session:
        yield session


@dataclass(frozen=True)
class Person:
    """Somebody with a password, as a test speaks of them."""

    id: int
    email: str
    name: str
    password: str = PASSWORD


def make_person(
    app: Flask, role: Role, *, email: str | None = None, zone_ids=(), kind=None
) -> Person:
    """A person of a role in an office of the fitting kind; ``password`` opens the account."""
    kind = kind or (OfficeKind.ZONE_AUTHORITY if role is Role.ZONE_OFFICER else OfficeKind.FINANCE)
    with opened(app) as session:
        office = session.query(Office).filter_by(key=kind.value).one_or_none()
        office = office or add_office(session, Origin(None, AT), kind.value, kind)
        user = add_person(session, office, role, tuple(zone_ids), email)
        give_password(session, user)
        return Person(user.id, user.email, user.name)


def give_password(session: Session, user: User) -> None:
    """The password of all tests, without the time of hashing it."""
    session.execute(
        User.__table__.update()
        .where(User.id == user.id)
        .values(password_hash=STORED, password_set_at=AT)
    )
    session.commit()


def sign_in(app: Flask, person: Person, password: str = PASSWORD) -> Browser:
    """A browser in which the person has signed in through the door."""
    browser = Browser(app.test_client())
    browser.get("/sign-in")
    answer = browser.submit(email=person.email, password=password)
    assert answer.status_code == 303, browser.words
    return browser


@pytest.fixture
def administrator(app: Flask) -> Person:
    """Without one nobody can sign in."""
    return make_person(app, Role.ADMINISTRATOR)


@pytest.fixture
def admin_browser(app: Flask, administrator: Person) -> Browser:
    """The administrator, signed in."""
    return sign_in(app, administrator)


@pytest.fixture
def visitor(app: Flask, administrator: Person) -> Browser:
    """Nobody, in a register that has an administrator."""
    return Browser(app.test_client())


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Programs on one database of their own, for what must outlive a program or a transaction."""
    made: list[Flask] = []

    def make(**settings: object) -> Flask:
        url = f"sqlite:///{tmp_path / 'own.sqlite'}"
        app = create_app(
            **{
                "SECRET_KEY": SECRET,
                "DATABASE_URL": url,
                "VAR_DIR": str(tmp_path),
                "TRUSTED_HOSTS": "localhost",
                **settings,
            }
        )
        app.testing = True
        app.config["PROPAGATE_EXCEPTIONS"] = False
        if not made:
            assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["database"].engine.dispose()
