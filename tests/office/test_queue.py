"""The queue wakes workers, never decides anything, and nothing is lost with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from flask import Flask
from huey.registry import Message

from portfolio.notation import N_
from portfolio.office import job as jobs
from portfolio.office import queue, work
from portfolio.office.job import Job, JobState
from portfolio.office.may import Permission
from portfolio.office.people import Role
from portfolio.settings import CHECKOUT
from tests.conftest import AT, SECRET, add_person


@pytest.fixture
def officer(db, office):
    return add_person(db, office, Role.CENTRE_OFFICER)


@pytest.fixture
def done(monkeypatch):
    """What a kind of job made for one test has done."""
    monkeypatch.setattr(work, "_kinds", {})
    found: list[dict[str, object]] = []
    work.job("test.work", label=N_("Jobs"), needs=Permission.BUILD_CATALOGUE)(
        lambda task: found.append(task.arguments)
    )
    return found


@pytest.fixture
def real_queue(app: Flask, tmp_path) -> Iterator[queue.Huey]:
    """A queue that keeps its messages instead of acting at once, on the database of the tests."""
    app.testing = False
    var, app.config["VAR_DIR"] = app.config["VAR_DIR"], str(tmp_path)
    # The task goes with its queue: left behind, it would send later jobs to this one.
    names = ("portfolio_queue", "portfolio_run_job")
    kept = {name: app.extensions.pop(name) for name in names if name in app.extensions}
    try:
        with app.app_context():
            made = queue.queue()
            made.storage.flush_all()
            yield made
            made.storage.close()
    finally:
        app.testing, app.config["VAR_DIR"] = True, var
        for name in names:
            app.extensions.pop(name, None)
        app.extensions.update(kept)


# Sending -------------------------------------------------------------------------------------


def test_a_job_is_done_when_the_wish_is_saved(app, db, officer, done) -> None:
    jobs.enqueue(db, "test.work", {"n": 1}, by=officer, at=AT)
    assert done == []
    db.commit()
    assert done == [{"n": 1}]


def test_a_wish_that_is_not_saved_is_not_heard(app, db, officer, done) -> None:
    jobs.enqueue(db, "test.work", {"n": 1}, by=officer, at=AT)
    db.rollback()
    db.commit()
    assert done == []


def test_saving_a_part_is_not_saving(app, db, officer, done) -> None:
    with db.begin_nested():
        jobs.enqueue(db, "test.work", {"n": 1}, by=officer, at=AT)
    assert done == []
    db.commit()
    assert done == [{"n": 1}]


def test_messages_carry_a_number_and_are_not_executed(app, db, officer, done, real_queue) -> None:
    job = jobs.enqueue(db, "test.work", {"secret": "x"}, by=officer, at=AT)
    db.commit()
    data = bytes(real_queue.storage.dequeue())
    assert data.startswith(b"[")
    assert b"secret" not in data
    message = real_queue.serializer.deserialize(data)
    assert isinstance(message, Message)
    assert (message.name, message.args) == ("portfolio.office.queue.run_job", [job.id])
    assert done == []


def test_the_queue_survives_its_program(app, db, officer, done, real_queue) -> None:
    jobs.enqueue(db, "test.work", {"n": 1}, by=officer, at=AT)
    db.commit()
    assert real_queue.storage.queue_size() == 1
    real_queue.storage.close()
    task = real_queue.dequeue()
    real_queue.execute(task)
    assert done == [{"n": 1}]


def test_the_file_is_kept_by_the_safe_sqlite(app, real_queue, tmp_path) -> None:
    if app.extensions["database"].engine.dialect.name != "sqlite":
        pytest.skip("the queue lies in PostgreSQL")
    assert isinstance(real_queue.storage.conn, sqlite.Connection)
    assert (tmp_path / "queue.sqlite").is_file()
    (mode,) = real_queue.storage.conn.execute("PRAGMA journal_mode").fetchone()
    (sync,) = real_queue.storage.conn.execute("PRAGMA synchronous").fetchone()
    assert (mode, sync) == ("wal", 2)


def test_in_postgresql_it_stays_out_of_the_schema_of_the_register(app, real_queue) -> None:
    if app.extensions["database"].engine.dialect.name == "sqlite":
        pytest.skip("the queue is a file of its own")
    found = real_queue.storage.sql(
        "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename LIKE 'huey%%'", results=True
    )
    assert [schema for (schema,) in found] == ["queue"]


def test_a_queue_that_cannot_be_reached_loses_nothing(
    app, db, officer, done, real_queue, monkeypatch, caplog
) -> None:
    def broken(*_arguments: object, **_more: object) -> None:
        raise sqlite.OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(real_queue.storage, "enqueue", broken)
        job = jobs.enqueue(db, "test.work", {"n": 1}, by=officer, at=AT)
        db.commit()
    assert "cannot be reached" in caplog.text
    assert job.state is JobState.QUEUED
    queue.revive_jobs(AT)
    assert real_queue.storage.queue_size() == 1


# Duties --------------------------------------------------------------------------------------


def test_waiting_jobs_are_sent_again_once(app, db, officer, done, real_queue) -> None:
    jobs.enqueue(db, "test.work", {"n": 1}, by=officer, at=AT)
    db.commit()
    real_queue.storage.flush_queue()
    queue.revive_jobs(AT)
    queue.revive_jobs(AT)
    assert real_queue.storage.queue_size() == 1


def test_a_lost_job_is_found_and_sent_again(app, db, officer, done, real_queue, caplog) -> None:
    job = jobs.enqueue(db, "test.work", {"n": 1}, by=officer, at=AT)
    db.commit()
    real_queue.storage.flush_queue()
    jobs.claim(db, job.id, AT)
    db.commit()
    queue.revive_jobs(AT + timedelta(seconds=61))
    assert "lost its worker" in caplog.text
    assert real_queue.storage.queue_size() == 1


def test_a_failing_duty_does_not_stop_the_others(app, caplog) -> None:
    moments: list[datetime] = []

    def fail(_at: datetime) -> None:
        raise ZeroDivisionError

    with app.app_context():
        queue.perform([fail, moments.append])
    assert len(moments) == 1
    assert moments[0].tzinfo is not None
    assert "duty failed" in caplog.text


def test_duties_stand_on_their_lists() -> None:
    assert queue.revive_jobs in queue._each_minute
    assert queue.send_mail in queue._each_minute
    assert queue.clear_results in queue._each_night


# The worker as a process ---------------------------------------------------------------------

SLOW_WORKER = """
import sys, time
sys.path.insert(0, {checkout!r})
from portfolio import create_app
from portfolio.office import work
from portfolio.office.may import Permission
from portfolio.office.results import Result

@work.job("test.slow", label="Jobs", needs=Permission.BUILD_CATALOGUE)
def slow(task):
    for done in range(task.arguments["steps"]):
        task.report("Laying out the pages", done, task.arguments["steps"], at_once=True)
        time.sleep(0.1)
    return Result("slow.txt", "text/plain", b"slow")

app = create_app()
app.cli.main(["work"], prog_name="flask", obj=__import__("flask").cli.ScriptInfo(create_app=lambda: app))
"""


@pytest.fixture
def site(make_app: Callable[..., Flask], tmp_path) -> Flask:
    """A program on a database file that other processes can open."""
    app = make_app()
    app.testing = False
    return app


@contextmanager
def worker(site: Flask, log) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker of the same database, in a process of its own."""
    environment = {
        **os.environ,
        "PORTFOLIO_SECRET_KEY": SECRET,
        "PORTFOLIO_DATABASE_URL": site.config["DATABASE_URL"],
        "PORTFOLIO_VAR_DIR": site.config["VAR_DIR"],
    }
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603  our own interpreter
            [sys.executable, "-c", SLOW_WORKER.format(checkout=str(CHECKOUT))],
            env=environment,
            stdout=out,
            stderr=out,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def ask(site: Flask, steps: int) -> int:
    with site.app_context(), site.extensions["database"].open_session(write=True) as session:
        job = jobs.enqueue(session, "test.slow", {"steps": steps}, by=None, at=datetime.now(UTC))
        key = job.id
        session.commit()
        return key


def look(site: Flask, job_id: int) -> Job:
    with site.app_context(), site.extensions["database"].open_session(write=False) as session:
        job = session.get_one(Job, job_id)
        session.expunge(job)
        return job


def wait_for(site: Flask, job_id: int, holds: Callable[[Job], bool], seconds: float = 30) -> Job:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = look(site, job_id)
        if holds(job):
            return job
        time.sleep(0.1)
    pytest.fail(f"job is {job.state} at {job.done}/{job.total} after {seconds} s")


def files(site: Flask) -> list[str]:
    return sorted(path.name for path in (Path(site.config["VAR_DIR"]) / "files").glob("*"))


def test_a_worker_does_its_work_and_stops_when_told(site: Flask, tmp_path) -> None:
    key = ask(site, steps=3)
    with worker(site, tmp_path / "log") as process:
        job = wait_for(site, key, lambda job: job.state.is_over)
        assert (job.state, job.attempts) == (JobState.DONE, 1)
        assert files(site) == [job.stored_as]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0, (tmp_path / "log").read_text()


def test_a_worker_that_is_told_to_stop_gives_its_job_back(site: Flask, tmp_path) -> None:
    key = ask(site, steps=300)
    with worker(site, tmp_path / "log") as process:
        wait_for(site, key, lambda job: job.done > 2)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0, (tmp_path / "log").read_text()
        assert time.monotonic() - started < 10
    job = look(site, key)
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    assert files(site) == []


@pytest.mark.fault
def test_a_killed_worker_costs_one_start_and_leaves_no_second_file(site: Flask, tmp_path) -> None:
    key = ask(site, steps=20)
    with worker(site, tmp_path / "log") as process:
        wait_for(site, key, lambda job: job.done > 2)
        process.kill()
        process.wait()
    assert look(site, key).state is JobState.RUNNING
    with site.app_context():
        queue.revive_jobs(datetime.now(UTC) + timedelta(seconds=61))
    with worker(site, tmp_path / "log"):
        job = wait_for(site, key, lambda job: job.state.is_over)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert files(site) == [job.stored_as]
