"""What all tests share: the program on a migrated database, and a transaction that is rolled back.

``PORTFOLIO_TEST_DATABASE`` names a PostgreSQL server's database; without it tests run on SQLite.
Each parallel worker has a database of its own.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from portfolio import create_app
from portfolio.database import Database  # noqa: TC001  read by fixtures at run time
from portfolio.office.people import Office, OfficeKind, Role, User, UserZone
from portfolio.office.trail import Origin, record

SECRET = "a secret that only the test suite knows, and nobody else"
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ON = date(2026, 11, 22)


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database for this worker."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    server = os.environ.get("PORTFOLIO_TEST_DATABASE")
    if not server:
        return f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite'}"
    url = make_url(server)
    name = f"{url.database}_{worker}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def own_database(database_url: str, folder: Path, name: str) -> Iterator[str]:
    """The address of one more empty database beside the worker's, dropped at the end."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite"
        return
    own = f"{url.database}_{name}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{own}"'))
    yield url.set(database=own).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{own}" WITH (FORCE)'))
    server.dispose()


@pytest.fixture(scope="session")
def whole_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The program, once per worker, on the newest schema."""
    app = create_app(
        SECRET_KEY=SECRET,
        DATABASE_URL=database_url,
        VAR_DIR=str(tmp_path_factory.mktemp("var")),
        TRUSTED_HOSTS="localhost,127.0.0.1",
    )
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    result = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert result.exit_code == 0, result.output
    yield app
    database: Database = app.extensions["database"]
    database.engine.dispose()


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    """The program; whatever a test saves is rolled back after it."""
    database: Database = whole_app.extensions["database"]
    with database.writer.connect() as connection:
        transaction = connection.begin()
        database.pinned = connection
        try:
            yield whole_app
        finally:
            database.pinned = None
            transaction.rollback()


@pytest.fixture
def db(app: Flask) -> Iterator[Session]:
    """A session on the test's transaction, inside an application context."""
    with app.app_context():
        opened = app.extensions["database"].open_session(write=True)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser, one for each worker; `bin/test` says where it is, and then it must be there."""
    named = os.environ.get("PORTFOLIO_TEST_BROWSER")
    path = named or "/usr/bin/chromium"
    if not named and not Path(path).exists():
        pytest.skip(f"no browser at {path}")
    quiet = (
        "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    )  # fmt: skip
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=[*root, *quiet])
        yield browser
        browser.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def origin() -> Origin:
    """The program itself, acting at the test's moment."""
    return Origin(None, AT)


@pytest.fixture
def office(db: Session, origin: Origin) -> Office:
    """The Economic Zone Authority."""
    return add_office(db, origin, "authority", OfficeKind.ZONE_AUTHORITY)


def add_office(db: Session, origin: Origin, key: str, kind: OfficeKind) -> Office:
    """An office of a kind."""
    made = Office(key=key, name=f"Cơ quan {key}", kind=kind)
    db.add(made)
    record(db, made, "add_office", origin)
    db.commit()
    return made


def add_person(
    db: Session,
    office: Office,
    role: Role,
    zone_ids: tuple[int, ...] = (),
    email: str | None = None,
) -> User:
    """A person with a role, confined to zones if any are given."""
    made = User(
        email=email or f"{role.value}{'-'.join(map(str, zone_ids))}@example.org",
        name=f"Người {role.value}",
        role=role,
        office_id=office.id,
        must_change_password=False,
        created_at=AT,
        zones=[UserZone(zone_id=zone_id) for zone_id in zone_ids],
    )
    db.add(made)
    record(db, made, "add_user", Origin(None, AT))
    db.commit()
    return made


CHECKOUT = Path(__file__).resolve().parents[1]
