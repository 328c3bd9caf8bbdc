"""Runs migrations: each in a transaction of its own, whole or not at all, on both databases."""

from alembic import context
from sqlalchemy import text

from portfolio.database import Base, Fixed, Measure, Moment, database
from portfolio.schema import is_described

config = context.config


def plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Write the program's own column types as what the databases keep, so migrations need no import."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Fixed):
        return f"sa.Numeric({item.digits}, {item.places}).with_variant(sa.BigInteger(), 'sqlite')"
    if kind == "type" and isinstance(item, Measure):
        return f"sa.Numeric({item.digits}, {item.places}).with_variant(sa.Float(), 'sqlite')"
    return False


OPTIONS = {
    "render_item": plain_type,
    "target_metadata": Base.metadata,
    "include_name": is_described,
    "compare_type": True,
    "render_as_batch": True,
    "transaction_per_migration": True,
    "transactional_ddl": True,
    "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
}
ONE_AT_A_TIME = 7_316_402_611


def run_offline() -> None:
    """Print SQL for an administrator who wants to read it first."""
    context.configure(url=database().engine.url, literal_binds=True, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Migrate. SQLite rebuilds tables, which must not trip over foreign keys half-way."""
    given = config.attributes.get("connection")
    with database().writer.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.dbapi_connection
        if sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            context.configure(
                connection=given or connection, on_version_apply=_check_references, **OPTIONS
            )
            with context.begin_transaction():
                if not sqlite:
                    context.execute(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
                context.run_migrations()
        finally:
            if sqlite:
                raw.execute("PRAGMA foreign_keys=ON")


def _check_references(ctx, **_more) -> None:
    if ctx.connection.dialect.name == "sqlite":
        broken = ctx.connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            message = f"rows that refer to nothing after the migration: {broken[:5]}"
            raise RuntimeError(message)


if context.is_offline_mode():
    run_offline()
else:
    run_online()
