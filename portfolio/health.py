"""Is the program alive, and is it ready to work? For supervisors and load balancers."""

import os
import shutil
from pathlib import Path

from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from portfolio.database import database
from portfolio.office.may import public
from portfolio.schema import current_revision, newest

LEAST_FREE = 1_000_000_000
"""Bytes that should stay free on the disk of VAR_DIR."""

pages = Blueprint("health", __name__)


def install(app: Flask) -> None:
    """Add /healthz and /readyz."""
    app.register_blueprint(pages)


@pages.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """The process answers; nothing else is looked at."""
    return jsonify(alive=True)


@pages.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Whether the database answers on the right schema and the disk can take what is saved.

    The answer names what is wrong, but no path, version or address: anyone may read it.
    """
    checks = {
        "database": _database_answers(),
        "schema": _schema_is_newest(),
        "disk": _disk_has_room(),
    }
    return jsonify(ready=all(checks.values()), **checks), 200 if all(checks.values()) else 503


def _database_answers() -> bool:
    try:
        with database().engine.connect() as connection:
            return connection.execute(text("SELECT 1")).scalar() == 1
    except DatabaseError:
        return False


def _schema_is_newest() -> bool:
    try:
        return current_revision() == newest()
    except DatabaseError:
        return False


def _disk_has_room() -> bool:
    folder = Path(current_app.config["VAR_DIR"])
    return (
        folder.is_dir()
        and os.access(folder, os.W_OK)
        and shutil.disk_usage(folder).free > LEAST_FREE
    )
