"""The database: one engine, one session a request, one naming convention for constraints.

SQLite (write-ahead log) is the embedded default, PostgreSQL the database when it grows. A request
that may write opens its transaction with ``BEGIN IMMEDIATE`` on SQLite: a transaction that read
first cannot become a writer there, and would fail as "database is locked" in spite of any timeout.
"""

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import (
    BigInteger,
    DateTime,
    Engine,
    Enum,
    Float,
    Integer,
    MetaData,
    Numeric,
    Table,
    create_engine,
    event,
)
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

OLDEST_SQLITE = (3, 51, 3)
"""Below this SQLite can corrupt a write-ahead log (sqlite.org/wal.html#walresetbug)."""

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class OldSqlite(RuntimeError):
    """The SQLite library is one that can damage the database."""


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps it without a zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments, store the rest as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs a time zone"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back as aware UTC."""
        del dialect
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


LARGEST_WHOLE = 2**63 - 1


class Fixed(TypeDecorator[Decimal]):
    """A decimal with a fixed number of places, exact on both databases.

    SQLite has no decimals and would round through floats, so it keeps whole hundredths (or
    millionths): sums, comparisons with each other and with 0 hold there, other constants do not.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, digits: int, places: int) -> None:
        super().__init__(digits, places)
        self.digits, self.places = digits, places

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Whole numbers on SQLite, NUMERIC elsewhere."""
        return dialect.type_descriptor(
            BigInteger() if dialect.name == "sqlite" else Numeric(self.digits, self.places)
        )

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Refuse more places than the column keeps instead of rounding silently."""
        if value is None:
            return None
        exact = Decimal(value)
        scaled = exact.scaleb(self.places)
        if scaled != scaled.to_integral_value():
            message = f"{value} has more than {self.places} decimal places"
            raise ValueError(message)
        if abs(scaled) > LARGEST_WHOLE:
            message = f"{value} is too large"
            raise ValueError(message)
        return int(scaled) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Give the decimal back."""
        if value is None:
            return None
        return Decimal(value).scaleb(-self.places) if dialect.name == "sqlite" else value


class Measure(TypeDecorator[Decimal]):
    """A decimal of few digits (a percentage, a coordinate); a float on SQLite is exact enough."""

    impl = Numeric
    cache_ok = True

    def __init__(self, digits: int, places: int) -> None:
        super().__init__(digits, places)
        self.digits, self.places = digits, places

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A float on SQLite, NUMERIC elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Float())
        return dialect.type_descriptor(Numeric(self.digits, self.places))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Floats for SQLite."""
        return float(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Back through the shortest text, so that 33.3 stays 33.3."""
        return Decimal(repr(value)) if value is not None and dialect.name == "sqlite" else value


Key = BigInteger().with_variant(Integer(), "sqlite")
"""64-bit keys; SQLite counts its own INTEGER PRIMARY KEY in 64 bits."""

Money = Annotated[Decimal, mapped_column(Fixed(20, 2))]
"""Whole currency units, never a float."""

Hectares = Annotated[Decimal, mapped_column(Fixed(16, 6))]


class Base(DeclarativeBase):
    """Parent of every table."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy's own way of declaring it
        int: Key,
        datetime: Moment(),
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=True,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


def table_of(model: type[Base]) -> Table:
    """A model's table, for writing thousands of rows without the ORM's work for each."""
    return Base.metadata.tables[model.__tablename__]


def make_engine(url: str) -> Engine:
    """The engine for ``url``, with the settings under which nothing acknowledged is ever lost."""
    address = make_url(url.replace("postgres://", "postgresql://", 1))
    if address.get_backend_name() != "sqlite":
        options = "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s -c jit=off"
        return create_engine(address, pool_pre_ping=True, connect_args={"options": options})
    import pysqlite3.dbapi2  # noqa: PLC0415  only where SQLite is the database

    if pysqlite3.dbapi2.sqlite_version_info < OLDEST_SQLITE:
        message = (
            f"SQLite {pysqlite3.dbapi2.sqlite_version} can damage the database;"
            " install the package pysqlite3 that requirements/run.txt names."
        )
        raise OldSqlite(message)
    engine = create_engine(
        address, module=pysqlite3.dbapi2, connect_args={"timeout": 5, "check_same_thread": False}
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: `_begin_sqlite` does.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(
        f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}"
    )


class Database:
    """What the application holds: an engine to read with and the same one to write with."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.writer = self.engine.execution_options(begin="IMMEDIATE")
        self.pinned: Connection | None = None  # tests pin one connection and roll it back

    def open_session(self, *, write: bool) -> Session:
        """A new session; ``write`` takes SQLite's write lock at the start."""
        if self.pinned is not None:
            return Session(self.pinned, join_transaction_mode="create_savepoint")
        return Session(self.writer if write else self.engine)


def install(app: Flask) -> None:
    """Give ``app`` its database and close each session with its request or command."""
    app.extensions["database"] = Database(app.config["DATABASE_URL"])
    app.teardown_appcontext(_close)


def database() -> Database:
    """The current application's database."""
    found: Database = current_app.extensions["database"]
    return found


def session() -> Session:
    """The session of this request or command: it reads on GET and HEAD and may write elsewhere."""
    if "database_session" not in g:
        write = not has_request_context() or request.method not in {"GET", "HEAD", "OPTIONS"}
        g.database_session = database().open_session(write=write)
    found: Session = g.database_session
    return found


def _close(_error: BaseException | None) -> None:
    opened: Session | None = g.pop("database_session", None)
    if opened is not None:
        opened.close()


@contextmanager
def short_write() -> Iterator[Session]:
    """A transaction of its own, for what must be kept even if the request fails or only reads."""
    with database().open_session(write=True) as own, own.begin():
        yield own
