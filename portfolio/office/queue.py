"""The queue: how a worker hears of a job, and what it does every minute and every night.

The embedded default is a file of its own under VAR_DIR; with PostgreSQL the queue lies in the schema
``queue`` of the same database. Messages are JSON and carry the number of a job, nothing else. Losing
the whole queue loses no job: every minute the waiting jobs are sent again.
"""

import json
import logging
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import psycopg
import pysqlite3.dbapi2 as sqlite
from flask import Flask, current_app
from flask.cli import with_appcontext
from huey import Huey, crontab
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import PostgresStorage, SqliteStorage
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from portfolio.database import database, short_write
from portfolio.office import job as jobs
from portfolio.office import outbox, results, work
from portfolio.schema import current_revision, newest

log = logging.getLogger("portfolio.work")

Duty = Callable[[datetime], object]

_each_minute: list[Duty] = []
_each_night: list[Duty] = []


def each_minute(duty: Duty) -> Duty:
    """Let the worker call ``duty(moment)`` every minute, inside an application context."""
    _each_minute.append(duty)
    return duty


def each_night(duty: Duty) -> Duty:
    """Let the worker call ``duty(moment)`` at ten past midnight in the province."""
    _each_night.append(duty)
    return duty


# The queue of an application -----------------------------------------------------------------


class _Json(Serializer):  # type: ignore[misc]
    """Messages as JSON: what lies in a queue is read, never executed."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(list(data)).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))


class _SqliteStorage(SqliteStorage):  # type: ignore[misc]
    """Huey's own, on the SQLite that cannot damage a file (see `portfolio.database`)."""

    integrity_error = sqlite.IntegrityError
    operational_error = sqlite.OperationalError

    def _create_connection(self) -> Any:
        connection = sqlite.connect(self.filename, timeout=self._timeout, check_same_thread=False)
        connection.isolation_level = None
        self._set_journal_mode(connection)
        connection.execute("PRAGMA synchronous=FULL")
        return connection


class _PostgresStorage(PostgresStorage):  # type: ignore[misc]
    """Huey's own, in a schema of its own, so that the register's schema stays the models'."""

    def initialize_schema(self) -> None:
        with self.db(commit=True) as cursor:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS queue")
        super().initialize_schema()


def queue() -> Huey:
    """The queue of the current application."""
    found: Huey | None = current_app.extensions.get("portfolio_queue")
    if found is None:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        found = current_app.extensions["portfolio_queue"] = _make_queue(app)
    return found


def _make_queue(app: Flask) -> Huey:
    made = Huey(
        "portfolio",
        results=False,
        serializer=_Json(),
        immediate=app.testing,
        **_storage_of(app),
    )

    def run_job(job_id: int) -> None:
        with app.app_context():
            work.run_job(job_id)
            _wake_waiting()

    def tend_minutely() -> None:
        with app.app_context():
            perform(_each_minute)

    def tend_nightly() -> None:
        with app.app_context():
            perform(_each_night)

    app.extensions["portfolio_run_job"] = made.task(name="run_job")(run_job)
    made.periodic_task(crontab(), name="tend_minutely")(tend_minutely)
    # 17:10 UTC is ten past midnight in Viet Nam, which keeps no summer time.
    made.periodic_task(crontab(minute="10", hour="17"), name="tend_nightly")(tend_nightly)
    return made


def _storage_of(app: Flask) -> dict[str, Any]:
    url = make_url(str(app.config["DATABASE_URL"]).replace("postgres://", "postgresql://", 1))
    if url.get_backend_name() == "sqlite":
        folder = Path(app.config["VAR_DIR"])
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return {"storage_class": _SqliteStorage, "filename": str(folder / "queue.sqlite")}
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)

    def connect() -> psycopg.Connection:
        return psycopg.connect(address, options="-c search_path=queue", autocommit=True)

    return {"storage_class": _PostgresStorage, "connection": connect, "table_prefix": "huey"}


# Sending -------------------------------------------------------------------------------------


def send(job_id: int) -> None:
    """Wake a worker for a job; a queue that cannot be reached is only logged, see `send_waiting`."""
    queue()
    try:
        current_app.extensions["portfolio_run_job"](job_id)
    except (sqlite.Error, psycopg.Error):
        log.exception("the queue cannot be reached", extra={"job": job_id})


@event.listens_for(Session, "after_commit")
def _send_after_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for job_id in session.info.pop("jobs_to_send", ()):
        send(job_id)


@event.listens_for(Session, "after_rollback")
def _forget_after_rollback(session: Session) -> None:
    session.info.pop("jobs_to_send", None)


def _wake_waiting() -> None:
    """One job has ended: wake what may have waited for it, unless the worker is being stopped."""
    if not work.stopping.is_set() and not queue().immediate:
        with short_write() as session:
            waiting = jobs.waiting_jobs(session)
        for job_id in waiting[:1]:
            send(job_id)


# Duties --------------------------------------------------------------------------------------


def perform(duties: list[Duty]) -> None:
    """Do all ``duties``; one that fails does not keep the others from being done."""
    at = datetime.now(UTC)
    for duty in duties:
        try:
            duty(at)
        except Exception:
            log.exception("duty failed", extra={"duty": duty.__qualname__})


@each_minute
def revive_jobs(at: datetime) -> None:
    """Start again what a lost worker left behind, and send what nobody heard of."""
    with short_write() as session:
        lost = jobs.take_from_the_dead(session, at)
        waiting = jobs.waiting_jobs(session)
    for job_id in lost:
        log.warning("job lost its worker", extra={"job": job_id})
    if queue().storage.queue_size() == 0:
        for job_id in waiting:
            send(job_id)


@each_minute
def send_mail(at: datetime) -> None:
    """Send the messages that are due."""
    with database().open_session(write=True) as session:
        outbox.send_waiting(session, at)


@each_night
def clear_results(at: datetime) -> None:
    """Remove the files of jobs that ended long ago, and what was never finished writing."""
    with short_write() as session:
        names = jobs.forget_results(session, at)
    results.drop(names)
    results.sweep((at - timedelta(days=1)).timestamp())


# The worker ----------------------------------------------------------------------------------


@click.command("work")
@with_appcontext
def work_command() -> None:
    """Do the jobs that people ask for, and the duties of every minute and night, until stopped."""
    if current_revision() != newest():
        message = "The database must be brought up to date first. Run: flask db upgrade"
        raise click.ClickException(message)
    consumer = queue().create_consumer(
        workers=1,
        worker_type="thread",
        max_delay=1.0,
        graceful_signal="TERM",
        shutdown_timeout=30,
    )
    _stop_gently(consumer)
    consumer.run()


def _stop_gently(consumer: Consumer) -> None:
    """Tell the running job that it must give itself back as soon as the worker is told to stop."""
    settle = consumer._handle_signal  # noqa: SLF001  there is no public hook

    def handle(number: int, frame: Any) -> None:
        if number in {signal.SIGTERM, signal.SIGINT}:
            work.stopping.set()
        settle(number, frame)

    consumer._handle_signal = handle  # noqa: SLF001


def install(app: Flask) -> None:
    """Add `flask work`."""
    app.cli.add_command(work_command)
