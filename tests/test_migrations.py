"""The schema that migrations make is the one the models describe, in both directions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine

from portfolio import create_app
from portfolio.database import Base, make_engine
from portfolio.schema import is_described
from tests.conftest import SECRET, own_database


@pytest.fixture
def empty_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """A database of its own, empty."""
    with own_database(database_url, tmp_path, "own") as url:
        yield url


def run(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=["db", *words])
    assert result.exit_code == 0, result.output
    return str(result.output)


def described(engine: Engine) -> dict[str, Any]:
    """Tables, columns, keys, checks, indexes and triggers, as the database itself tells them."""
    inspector = inspect(engine)
    found: dict[str, Any] = {}
    for table in inspector.get_table_names():
        if table == "alembic_version" or not is_described(table, "table"):
            continue
        found[table] = {
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)
            ),
            "checks": sorted(
                (c["name"], c["sqltext"]) for c in inspector.get_check_constraints(table)
            ),
            "uniques": sorted(
                (u["name"], u["column_names"]) for u in inspector.get_unique_constraints(table)
            ),
            "keys": sorted(
                (k["constrained_columns"], k["referred_table"], k["referred_columns"])
                for k in inspector.get_foreign_keys(table)
            ),
            "indexes": sorted(
                (i["name"], i["column_names"], i["unique"]) for i in inspector.get_indexes(table)
            ),
        }
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        else:
            query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        found["triggers"] = sorted(connection.execute(text(query)).scalars())
    return found


def test_migrations_make_what_the_models_describe(empty_url: str, tmp_path: Path) -> None:
    app = create_app(SECRET_KEY=SECRET, DATABASE_URL=empty_url, VAR_DIR=str(tmp_path))
    engine = app.extensions["database"].engine
    run(app, "upgrade")
    assert "equals the models" in run(app, "check")
    migrated = described(engine)
    run(app, "downgrade", "base")
    assert described(engine) == {"triggers": []}
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
    assert described(engine) == migrated
    engine.dispose()


def test_a_downgrade_can_be_taken_back_up(empty_url: str, tmp_path: Path) -> None:
    app = create_app(SECRET_KEY=SECRET, DATABASE_URL=empty_url, VAR_DIR=str(tmp_path))
    for words in (("upgrade",), ("downgrade", "-1"), ("upgrade",)):
        run(app, *words)
    assert "(head) (current)" in run(app, "history")
    app.extensions["database"].engine.dispose()


def test_the_program_refuses_to_serve_on_an_old_schema(empty_url: str, tmp_path: Path) -> None:
    app = create_app(SECRET_KEY=SECRET, DATABASE_URL=empty_url, VAR_DIR=str(tmp_path))
    client = app.test_client()
    answer = client.get("/sign-in")
    assert answer.status_code == 503
    assert "flask db upgrade" in answer.text
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json["schema"] is False
    run(app, "upgrade")
    assert client.get("/readyz").json == {
        "ready": True,
        "database": True,
        "schema": True,
        "disk": True,
    }
    app.extensions["database"].engine.dispose()


def test_a_check_that_is_missing_in_the_database_is_noticed(empty_url: str, tmp_path: Path) -> None:
    """Proof that the comparison above sees something: it must fail when a constraint is gone."""
    app = create_app(SECRET_KEY=SECRET, DATABASE_URL=empty_url, VAR_DIR=str(tmp_path))
    engine = make_engine(empty_url)
    run(app, "upgrade")
    before = described(engine)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP INDEX uq_flag_open"))
        else:
            connection.execute(text("ALTER TABLE pause DROP CONSTRAINT ck_pause_ends_after_start"))
    assert described(engine) != before
    engine.dispose()
    app.extensions["database"].engine.dispose()
