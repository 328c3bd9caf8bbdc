"""The work of a worker: which handler does which kind of job, and what happens when it ends.

A handler is a function of a `Task` that returns a `Result` (or nothing), registered with `@job`.
It opens no transaction that lasts: it reads what it needs within `Task.reading`, then works.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portfolio.database import database, short_write
from portfolio.notation import N_
from portfolio.office import job as jobs
from portfolio.office import results
from portfolio.office.job import Job, JobState
from portfolio.office.may import Permission, may
from portfolio.office.people import User
from portfolio.office.results import Result
from portfolio.web.errors import Refusal

log = logging.getLogger("portfolio.work")

HEARTBEAT = 10.0
"""Seconds between two signs of life; six of them fit into `job.SILENCE`."""
BREATH = 0.5
"""Progress is written down at most this often, in seconds."""

stopping = threading.Event()
"""Set when the worker is told to stop: whoever works gives the job back."""


class Cancelled(Exception):
    """Somebody cancelled the job, or it was taken away."""


class Stopped(Exception):
    """The worker is being stopped."""


class NoLongerAllowed(Refusal):
    """The person who asked may not have this any more."""

    message = N_("The account that asked for this may not do it any more.")


Handler = Callable[["Task"], Result | None]


@dataclass(frozen=True)
class Kind:
    """A kind of job: who may ask for it, what it is called, what does it."""

    name: str
    label: str
    permission: Permission
    handler: Handler
    most_an_hour: int
    shown_at: Callable[[dict[str, Any]], str] | None = None
    """The path that shows what came of a job with these arguments, where it is not a file."""


_kinds: dict[str, Kind] = {}


def job(
    name: str,
    *,
    label: str,
    needs: Permission,
    most_an_hour: int = 20,
    shown_at: Callable[[dict[str, Any]], str] | None = None,
) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind; one person may ask for so many an hour."""

    def register(handler: Handler) -> Handler:
        _kinds[name] = Kind(name, label, needs, handler, most_an_hour, shown_at)
        return handler

    return register


def kind_of(name: str) -> Kind | None:
    """The kind with this name; None for jobs of a kind that this program no longer knows."""
    return _kinds.get(name)


@dataclass
class Task:
    """A job in the hands of a worker."""

    id: int
    attempt: int
    kind: str
    arguments: dict[str, Any]
    by_id: int | None
    at: datetime
    _last: float = field(default=0.0, init=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to read with; close it before the long work begins."""
        with database().open_session(write=False) as session:
            yield session

    def person(self, session: Session, permission: Permission) -> User:
        """Whoever asked, if still allowed. Raises `NoLongerAllowed`."""
        user = session.get(User, self.by_id) if self.by_id is not None else None
        if user is None or not may(user, permission):
            raise NoLongerAllowed
        return user

    def report(self, step: str, done: int = 0, total: int = 0, *, at_once: bool = False) -> None:
        """Say how far the work is. Raises `Cancelled` or `Stopped` when it must not go on."""
        if stopping.is_set():
            raise Stopped
        moment = time.monotonic()
        if not at_once and moment - self._last < BREATH:
            return
        self._last = moment
        with short_write() as session:
            goes_on = jobs.beat(
                session, self.id, self.attempt, _now(), step=step, done=done, total=total
            )
        if not goes_on:
            raise Cancelled


def run_job(job_id: int) -> None:
    """Do a waiting job, if it still waits; whatever happens, its row says so afterwards."""
    task = _claim(job_id)
    if task is None:
        return
    log.info("job started", extra={"job": job_id, "kind": task.kind})
    with _heart(task):
        state, result, error = _do(task)
    if state is None:
        with short_write() as session:
            jobs.put_back(session, task.id, task.attempt)
        return
    _end(task, state, result, error)
    log.info("job ended", extra={"job": job_id, "state": state.value})


def _claim(job_id: int) -> Task | None:
    at = _now()
    with short_write() as session:
        attempt = jobs.claim(session, job_id, at)
        if attempt is None:
            return None
        row = session.get_one(Job, job_id)
        return Task(row.id, attempt, row.kind, row.values, row.by_id, at)


_Outcome = tuple[JobState | None, Result | None, Refusal | None]


def _do(task: Task) -> _Outcome:
    """Run the handler; no state means that the worker is stopping and the job must wait again."""
    kind = kind_of(task.kind)
    try:
        if kind is None:
            return JobState.FAILED, None, Refusal(N_("This program does not know such a job."))
        return JobState.DONE, kind.handler(task), None
    except Cancelled:
        return JobState.CANCELLED, None, None
    except Stopped:
        return None, None, None
    except Refusal as refusal:
        return JobState.FAILED, None, refusal
    except Exception:
        # Like the page for status 500, this is the place where an unforeseen fault ends.
        log.exception("job failed", extra={"job": task.id})
        words = N_(
            "The work failed for an unforeseen reason. The administrator finds it in the log."
        )
        return JobState.FAILED, None, Refusal(words)


def _end(task: Task, state: JobState, result: Result | None, error: Refusal | None) -> None:
    columns: dict[str, Any] = results.keep(result) if result is not None else {}
    if error is not None:
        params = {name: str(value) for name, value in error.params.items()}
        columns |= {"error": error.message, "error_params": json.dumps(params, ensure_ascii=False)}
    with short_write() as session:
        kept = jobs.finish(session, task.id, task.attempt, state, _now(), **columns)
    if not kept and result is not None:
        # Another worker has taken the job over meanwhile: its file counts, ours must not stay.
        results.drop([str(columns["stored_as"])])


@contextmanager
def _heart(task: Task) -> Iterator[None]:
    """Give signs of life while the work goes on, even while it says nothing itself."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    if app.testing:
        # Tests share one connection, which must not be used from two threads.
        yield
        return
    over = threading.Event()

    def live() -> None:
        while not over.wait(HEARTBEAT):
            try:
                with app.app_context(), short_write() as session:
                    jobs.beat(session, task.id, task.attempt, _now())
            except OperationalError:
                log.warning("the database was busy at a sign of life", extra={"job": task.id})

    thread = threading.Thread(target=live, name=f"heart-{task.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _now() -> datetime:
    return datetime.now(UTC)
