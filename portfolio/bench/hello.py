"""What pages are compared with: a page that says hello, and a list by hand without any of the house.

Both are served by the same server with the same settings as the program. `floor` is what the database
and plain strings cost: the fastest that a list of 50 projects can be here.
"""

import os
from collections.abc import Sequence
from html import escape
from typing import Any

from flask import Flask
from sqlalchemy import make_url

app = Flask(__name__, static_folder=None)

_FIRST_PAGE = (
    "SELECT code, name, investors, zone_name, places, capital_vnd, due_on, schedule_state"
    " FROM register_line WHERE until IS NULL ORDER BY code, id LIMIT 50"
)
_connection: Any = None


@app.get("/")
def hello() -> str:
    """The least that an answer can be."""
    return "Xin chào"


@app.get("/floor")
def floor() -> str:
    """Fifty projects by one hand-written query, in a bare table."""
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in _rows())
    return f"<!doctype html><title>Dự án</title><table>{body}</table>"


def _cell(value: object) -> str:
    return f"<td>{'' if value is None else escape(str(value))}</td>"


def _rows() -> Sequence[Sequence[Any]]:
    global _connection  # noqa: PLW0603  one connection for the one thread that serves
    if _connection is None:
        _connection = _connect()
    rows: Sequence[Sequence[Any]] = _connection.execute(_FIRST_PAGE).fetchall()
    return rows


def _connect() -> Any:
    url = make_url(os.environ["PORTFOLIO_DATABASE_URL"])
    if url.get_backend_name() == "sqlite":
        import pysqlite3.dbapi2  # noqa: PLC0415  only where SQLite is the database

        return pysqlite3.dbapi2.connect(url.database)
    import psycopg  # noqa: PLC0415  only where PostgreSQL is the database

    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)
