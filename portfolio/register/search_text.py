"""The index that finds a text: FTS5 on SQLite, trigrams on PostgreSQL.

SQLite's index is a table of its own that holds the current lines by their id; PostgreSQL keeps its
index in step by itself.
"""

from collections.abc import Sequence

from sqlalchemy import DDL, event, text
from sqlalchemy.orm import Session

from portfolio.register.line import RegisterLine

event.listen(
    RegisterLine.__table__,
    "after_create",
    DDL(
        "CREATE VIRTUAL TABLE register_text USING fts5(folded, content='', prefix='2 3')"
    ).execute_if(dialect="sqlite"),
)
event.listen(
    RegisterLine.__table__,
    "after_create",
    DDL(
        "CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE INDEX ix_register_line_folded"
        " ON register_line USING gin (folded gin_trgm_ops) WHERE until IS NULL"
    ).execute_if(dialect="postgresql"),
)

_ADD = text("INSERT INTO register_text (rowid, folded) VALUES (:id, :folded)")
_FORGET = text(
    "INSERT INTO register_text (register_text, rowid, folded) VALUES ('delete', :id, :folded)"
)


def _keeps_own(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def index_texts(session: Session, lines: Sequence[tuple[int, str]]) -> None:
    """Make current lines, given as (id, folded text), findable."""
    if lines and _keeps_own(session):
        session.execute(_ADD, [{"id": line_id, "folded": folded} for line_id, folded in lines])


def forget_texts(session: Session, lines: Sequence[tuple[int, str]]) -> None:
    """Take closed lines out; the text must be the one that was put in."""
    if lines and _keeps_own(session):
        session.execute(_FORGET, [{"id": line_id, "folded": folded} for line_id, folded in lines])
