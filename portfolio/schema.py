"""The schema and its versions: `flask db …`, and the refusal to serve on an old one.

The Alembic configuration is made here, so there is no ini file to forget. The program never
migrates by itself: it says which command to run.
"""

import sys
from functools import cache
from pathlib import Path
from typing import Any

import click
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app, request
from flask.cli import AppGroup
from sqlalchemy import Connection

from portfolio.database import Base, database
from portfolio.notation import N_
from portfolio.settings import CHECKOUT
from portfolio.web.errors import Refusal

SEARCH = ("register_text", "ix_register_line_folded")
"""The search index, which no model describes: SQLite's virtual table with its shadow tables, and
PostgreSQL's trigram index. `portfolio.register.line` creates them."""

group = AppGroup("db", help="The schema of the database.")


class OldSchema(Refusal):
    """The program is newer (or older) than the tables of its database."""

    status = 503
    title = N_("The database must be brought up to date")
    message = N_("The administrator runs: flask db upgrade")


def configuration(connection: Connection | None = None, **options: Any) -> Config:
    """Alembic's configuration for the current application."""
    config = Config(stdout=sys.stdout)
    config.set_main_option("script_location", str(CHECKOUT / "migrations"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes.update(options)
    return config


@cache
def newest() -> str | None:
    """The revision that this program's code needs."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def current_revision() -> str | None:
    """The revision that the database is at, or None before the first migration."""
    with database().engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_described(name: str | None, _kind: str, _parents: object = None) -> bool:
    """Whether a model describes this object, so that comparing makes sense."""
    return not (name or "").startswith(SEARCH)


def differences(connection: Connection) -> list[Any]:
    """What the models say that the database does not, and the reverse."""
    context = MigrationContext.configure(
        connection,
        opts={
            "include_name": is_described,
            "compare_type": True,
            "autogenerate_plugins": [
                "alembic.autogenerate.*",
                "alembic.ext.checkconstraint_byname",
            ],
        },
    )
    found: list[Any] = compare_metadata(context, Base.metadata)
    return found


@group.command("upgrade")
@click.argument("revision", default="head")
@click.option("--sql", is_flag=True, help="Print the SQL instead of running it.")
def upgrade(revision: str, *, sql: bool) -> None:
    """Bring the schema up to REVISION (default: the newest)."""
    _make_folder()
    command.upgrade(configuration(), revision, sql=sql)


@group.command("downgrade", context_settings={"ignore_unknown_options": True})
@click.argument("revision")
@click.option("--sql", is_flag=True, help="Print the SQL instead of running it.")
def downgrade(revision: str, *, sql: bool) -> None:
    """Take the schema back to REVISION (e.g. -1)."""
    command.downgrade(configuration(), revision, sql=sql)


@group.command("history")
def history() -> None:
    """List the migrations; the current one is marked."""
    command.history(configuration(), indicate_current=True)


@group.command("revision")
@click.argument("message")
def revision(message: str) -> None:
    """Write a new migration from the difference between models and database."""
    command.revision(configuration(), message, autogenerate=True)


@group.command("check")
def check() -> None:
    """Exit with 1 if the schema is not the newest or differs from the models."""
    current = current_revision()
    if current != newest():
        message = (
            f"The database is at {current}, the program needs {newest()}. Run: flask db upgrade"
        )
        raise click.ClickException(message)
    with database().engine.connect() as connection:
        found = differences(connection)
    if found:
        raise click.ClickException("Models and database differ:\n" + "\n".join(map(str, found)))
    click.echo(f"The schema is at {current} and equals the models.")


def _make_folder() -> None:
    url = database().engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def install(app: Flask) -> None:
    """Add the commands; answer requests only while the schema is the one the code needs."""
    app.cli.add_command(group)
    app.before_request(_refuse_old_schema)


def _refuse_old_schema() -> None:
    if current_app.extensions.get("schema_is_newest") or request.endpoint in {
        "static",
        "health.alive",
        "health.ready",
    }:
        return
    if current_revision() != newest():
        raise OldSchema
    current_app.extensions["schema_is_newest"] = True
