"""A gallery program and a person who uses it."""

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text
from werkzeug.serving import make_server

from portfolio.database import Base
from tests.web.gallery import STORED, TABLES, create_gallery

HERE = {"Origin": "http://localhost"}


@pytest.fixture(scope="session")
def gallery_server() -> str | None:
    """A database for the galleries of this worker, if the tests run on PostgreSQL."""
    server = os.environ.get("PORTFOLIO_TEST_DATABASE")
    if not server:
        return None
    url = make_url(server)
    name = f"{url.database}_gallery_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def gallery(tmp_path: Path, gallery_server: str | None) -> Iterator[Flask]:
    """The gallery on empty tables; its errors become pages, as for people."""
    made = create_gallery(gallery_server or f"sqlite:///{tmp_path / 'gallery.sqlite'}")
    made.config["PROPAGATE_EXCEPTIONS"] = False
    yield made
    engine = made.extensions["database"].engine
    Base.metadata.drop_all(engine, tables=TABLES)
    engine.dispose()


@pytest.fixture
def visitor(gallery: Flask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return gallery.test_client()


@pytest.fixture
def officer(gallery: Flask) -> FlaskClient:
    """A browser in which person 1 is signed in."""
    client = gallery.test_client()
    assert sign_in(client).status_code == 303
    return client


def key_of(client: FlaskClient, path: str = "/accessibility") -> str:
    """The key against forged posts, as a page carries it."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def sign_in(client: FlaskClient, user: int = 1, path: str = "/sign-in"):
    """Sign ``user`` in; the answer is where they are sent."""
    return client.post(path, data={"csrf_token": key_of(client), "user": str(user)}, headers=HERE)


def fill(client: FlaskClient, path: str = "/form", **typed: str) -> dict[str, str]:
    """The fields of the form at ``path`` as a browser would post them, changed by ``typed``."""
    page = client.get(path).text
    given = {"csrf_token": key_of(client, path)}
    for name in ("version", "token"):
        given[name] = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]
    return given | TYPED | typed


TYPED = {
    "name": STORED["name"],
    "listing": "licensed",
    "zone": "2",
    "capital": "3.127,6",
    "area": "14,06185",
    "issued_on": "12/04/2019",
    "due_on": "quý IV/2027",
    "jobs": "1250",
    "objective": "Trồng, thu mua và chế biến sâm Ngọc Linh.",
    "fields_of_law": "land",
    "public": "y",
}


@pytest.fixture
def address(gallery: Flask) -> Iterator[str]:
    """Where the gallery is served for a browser."""
    server = make_server("127.0.0.1", 0, gallery, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
