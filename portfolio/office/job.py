"""A job: long work that a person asks for and a worker does, and what became of it.

The row is the truth; the queue (`portfolio.office.queue`) only wakes a worker. A job that a dead
worker left behind, or that was never heard of, is therefore found again by looking at the rows.
"""

import enum
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portfolio.database import Base
from portfolio.notation import N_
from portfolio.office.people import Role, User
from portfolio.web.errors import HiddenRecord, Refusal, TooMany

SILENCE = timedelta(seconds=60)
"""A running job that gave no sign of life for so long has lost its worker."""
MOST_STARTS = 2
"""A job that lost its worker is started once more by itself, then people decide."""
KEPT = timedelta(days=30)
"""Result files are removed after this time; the job itself stays on the list."""


class JobState(enum.StrEnum):
    """What became of a job so far."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "queued": N_("Waiting"),
            "running": N_("Running"),
            "done": N_("Finished"),
            "failed": N_("Failed"),
            "interrupted": N_("Interrupted"),
            "cancelled": N_("Cancelled"),
        }[self.value]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to the job."""
        return self not in {JobState.QUEUED, JobState.RUNNING}


_RUNNING = text("state = 'running'")


class Job(Base):
    """One piece of work. ``arguments`` are JSON; ``step`` and ``error`` are texts to be translated."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("(state IN ('queued', 'running')) = (finished_at IS NULL)", "over_has_end"),
        CheckConstraint("(state = 'running') = (heartbeat_at IS NOT NULL)", "running_has_heart"),
        CheckConstraint(
            "(stored_as IS NULL) = (file_name IS NULL) AND (stored_as IS NULL) = (file_size IS NULL)"
            " AND (stored_as IS NULL) = (content_type IS NULL)"
            " AND (stored_as IS NULL) = (sha256 IS NULL)",
            "file_whole",
        ),
        CheckConstraint("stored_as IS NULL OR state = 'done'", "file_only_when_done"),
        CheckConstraint("done >= 0 AND total >= 0 AND attempts >= 0", "counts_not_negative"),
        # At most one job of a kind runs, however many workers there are.
        Index(
            "uq_job_running_kind",
            "kind",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        Index("ix_job_by_created", "by_id", "created_at"),
        Index("ix_job_state_created", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(40), unique=True, comment="random; stands in its address"
    )
    kind: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[str] = mapped_column(Text, comment="JSON")
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    step: Mapped[str] = mapped_column(String(200), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(1000))
    error_params: Mapped[str | None] = mapped_column(Text, comment="JSON")
    file_name: Mapped[str | None] = mapped_column(String(255), comment="as it is offered")
    content_type: Mapped[str | None] = mapped_column(String(100))
    file_size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    stored_as: Mapped[str | None] = mapped_column(String(80), comment="random name under VAR_DIR")

    by: Mapped[User | None] = relationship()

    @property
    def values(self) -> dict[str, Any]:
        """The arguments."""
        found: dict[str, Any] = json.loads(self.arguments)
        return found


class NotWaiting(Refusal):
    """The job has ended meanwhile."""

    status = 409
    message = N_("This job has ended already.")


class StillAtWork(Refusal):
    """The job has not ended yet."""

    status = 409
    message = N_("This job has not ended yet.")


def enqueue(
    session: Session, kind: str, arguments: Mapping[str, Any], *, by: User | None, at: datetime
) -> Job:
    """Ask for a job; a worker hears of it when ``session`` commits.

    If the same person already waits for the very same work, that job is returned instead of a
    second one.
    """
    packed = json.dumps(arguments, ensure_ascii=False, sort_keys=True)
    waiting = select(Job).where(
        Job.kind == kind,
        Job.arguments == packed,
        Job.by_id == (by.id if by else None),
        Job.state.in_((JobState.QUEUED, JobState.RUNNING)),
        Job.cancel_asked.is_(False),
    )
    found = session.scalars(waiting).first()
    if found is not None:
        return found
    job = Job(
        ref=secrets.token_urlsafe(18),
        kind=kind,
        arguments=packed,
        by_id=by.id if by else None,
        created_at=at,
    )
    session.add(job)
    session.flush()
    session.info.setdefault("jobs_to_send", []).append(job.id)
    return job


def refuse_flood(session: Session, kind: str, *, by: User, at: datetime, most: int) -> None:
    """Raise `TooMany` if ``by`` asked for ``most`` jobs of this kind within the last hour."""
    since = at - timedelta(hours=1)
    asked = select(Job.created_at).where(
        Job.by_id == by.id, Job.kind == kind, Job.created_at > since
    )
    moments = sorted(session.scalars(asked))
    if len(moments) >= most:
        seconds = int((moments[-most] - since).total_seconds()) + 1
        raise TooMany(N_("Too many jobs of this kind within one hour."), seconds=seconds)


def find_job(session: Session, ref: str, reader: User) -> Job:
    """The job with this reference if it is the reader's own, or the reader an administrator's."""
    job = session.scalars(select(Job).where(Job.ref == ref)).one_or_none()
    if job is None or (job.by_id != reader.id and reader.role is not Role.ADMINISTRATOR):
        raise HiddenRecord
    return job


def list_jobs(session: Session, reader: User, *, most: int = 100) -> list[Job]:
    """The reader's jobs, newest first; an administrator sees everybody's."""
    query = select(Job).order_by(Job.created_at.desc(), Job.id.desc()).limit(most)
    if reader.role is not Role.ADMINISTRATOR:
        query = query.where(Job.by_id == reader.id)
    return list(session.scalars(query))


def cancel(session: Session, job: Job, at: datetime) -> None:
    """Stop a waiting job at once, a running one as soon as its worker looks up."""
    at_once = (
        update(Job)
        .where(Job.id == job.id, Job.state == JobState.QUEUED)
        .values(state=JobState.CANCELLED, finished_at=at, cancel_asked=True)
    )
    running = (
        update(Job).where(Job.id == job.id, Job.state == JobState.RUNNING).values(cancel_asked=True)
    )
    if not _changed(session, at_once) and not _changed(session, running):
        raise NotWaiting
    session.refresh(job)


def ask_again(session: Session, job: Job, *, by: User, at: datetime) -> Job:
    """A new job with the same work as one that has ended; the old one stays as it was."""
    if not job.state.is_over:
        raise StillAtWork
    return enqueue(session, job.kind, job.values, by=by, at=at)


# For the worker ------------------------------------------------------------------------------


def claim(session: Session, job_id: int, at: datetime) -> int | None:
    """Take a waiting job unless another of its kind runs; returns which start of it this is.

    The number belongs to the one who claimed: `beat` and `finish` change nothing under another.
    """
    start = (
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.QUEUED)
        .values(
            state=JobState.RUNNING,
            started_at=at,
            heartbeat_at=at,
            attempts=Job.attempts + 1,
            step="",
            done=0,
            total=0,
        )
        .returning(Job.attempts)
    )
    try:
        with session.begin_nested():
            return session.scalar(start.execution_options(synchronize_session=False))
    except IntegrityError:
        return None


def beat(session: Session, job_id: int, attempt: int, at: datetime, **progress: Any) -> bool:
    """Give a sign of life, with ``step``, ``done``, ``total`` if known; False if it must stop."""
    alive = _mine(job_id, attempt).values(heartbeat_at=at, **progress)
    if not _changed(session, alive):
        return False
    return not session.scalar(select(Job.cancel_asked).where(Job.id == job_id))


def finish(
    session: Session, job_id: int, attempt: int, state: JobState, at: datetime, **result: Any
) -> bool:
    """End a job; False if it had been taken away from this start of it."""
    values = {"state": state, "finished_at": at, "heartbeat_at": None, **result}
    return _changed(session, _mine(job_id, attempt).values(**values))


def put_back(session: Session, job_id: int, attempt: int) -> bool:
    """Let a job wait again because its worker is being stopped; this start does not count."""
    return _changed(
        session,
        _mine(job_id, attempt).values(
            state=JobState.QUEUED, heartbeat_at=None, attempts=attempt - 1
        ),
    )


def take_from_the_dead(session: Session, at: datetime) -> list[int]:
    """Find running jobs without a sign of life; start each once more, then leave it interrupted.

    Returns the ids of those found.
    """
    silent = (Job.state == JobState.RUNNING, Job.heartbeat_at < at - SILENCE)
    found = list(session.scalars(select(Job.id).where(*silent)))
    ended = {"heartbeat_at": None, "step": N_("The worker was lost; starting again")}
    again = (
        update(Job)
        .where(*silent, Job.attempts < MOST_STARTS, Job.cancel_asked.is_(False))
        .values(state=JobState.QUEUED, **ended)
    )
    _changed(session, again)
    cancelled = (
        update(Job)
        .where(*silent, Job.cancel_asked)
        .values(state=JobState.CANCELLED, finished_at=at, heartbeat_at=None)
    )
    _changed(session, cancelled)
    given_up = (
        update(Job)
        .where(*silent)
        .values(
            state=JobState.INTERRUPTED,
            finished_at=at,
            heartbeat_at=None,
            error=N_("The work was interrupted twice. Start it again, or ask the administrator."),
        )
    )
    _changed(session, given_up)
    return found


def waiting_jobs(session: Session) -> list[int]:
    """The ids of the waiting jobs, oldest first."""
    query = select(Job.id).where(Job.state == JobState.QUEUED).order_by(Job.created_at, Job.id)
    return list(session.scalars(query))


def forget_results(session: Session, at: datetime) -> list[str]:
    """Let go of the result files of long ended jobs; returns under which names they are stored."""
    old = (Job.stored_as.is_not(None), Job.finished_at < at - KEPT)
    names = [name for name in session.scalars(select(Job.stored_as).where(*old)) if name]
    gone = dict.fromkeys(("stored_as", "file_name", "file_size", "content_type", "sha256"))
    _changed(session, update(Job).where(*old).values(**gone))
    return names


def count_waiting(session: Session) -> int:
    """How many jobs wait or run."""
    active = Job.state.in_((JobState.QUEUED, JobState.RUNNING))
    return session.scalar(select(func.count()).select_from(Job).where(active)) or 0


def _mine(job_id: int, attempt: int) -> Any:
    return update(Job).where(
        Job.id == job_id, Job.state == JobState.RUNNING, Job.attempts == attempt
    )


def _changed(session: Session, statement: Any) -> bool:
    result: Any = session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)
