"""The clock, the project that owes a report, its link, and the telephone that opened it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from portfolio import create_app
from tests.conftest import SECRET, own_database
from tests.links.answering import (
    BEFORE_DUE,
    Investor,
    Owing,
    owing,
    send,
)
from tests.office.conftest import opened
from tests.register.desk import Desk, lay_out


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(BEFORE_DUE, tick=False) as moved:
        yield moved


@pytest.fixture
def laid(app: Flask) -> Desk:
    with opened(app) as db:
        return lay_out(db)


@pytest.fixture
def owed(app: Flask, laid: Desk) -> Owing:
    with opened(app) as db:
        return owing(db, laid)


@pytest.fixture
def path(app: Flask, laid: Desk, owed: Owing) -> str:
    return send(app, laid, owed, BEFORE_DUE)


@pytest.fixture
def phone(app: Flask, path: str) -> Investor:
    """A telephone that has opened the link."""
    found = Investor(app.test_client())
    assert found.get(path).status_code == 200
    return found


@pytest.fixture
def own_app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """The program on a database of its own, where several connections meet and a GET's write stays."""
    with own_database(database_url, tmp_path, "phones") as url:
        app = create_app(
            SECRET_KEY=SECRET, DATABASE_URL=url, VAR_DIR=str(tmp_path), TRUSTED_HOSTS="localhost"
        )
        app.testing = True
        app.config["PROPAGATE_EXCEPTIONS"] = False
        assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
        yield app
        app.extensions["database"].engine.dispose()


@pytest.fixture
def own_path(own_app: Flask) -> str:
    """A link in that program."""
    with opened(own_app) as db:
        desk = lay_out(db)
        owed = owing(db, desk)
    return send(own_app, desk, owed, BEFORE_DUE)
