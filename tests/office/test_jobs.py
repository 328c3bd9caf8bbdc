"""Jobs: asked for once, done once, found again when their worker dies, and always with an end."""

import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portfolio.notation import N_
from portfolio.office import job as jobs
from portfolio.office import queue, results, work
from portfolio.office.job import Job, JobState, NotWaiting, StillAtWork
from portfolio.office.may import Permission
from portfolio.office.people import Role
from portfolio.office.results import Result
from portfolio.office.work import Cancelled, Stopped, Task
from portfolio.web.errors import HiddenRecord, Refusal, TooMany
from tests.conftest import AT, add_person

LATER = AT + timedelta(seconds=61)


@pytest.fixture
def officer(db, office):
    return add_person(db, office, Role.CENTRE_OFFICER)


@pytest.fixture
def other(db, office):
    return add_person(db, office, Role.FINANCE_OFFICER)


@pytest.fixture
def waiting(db, officer):
    """A job that waits, without anybody being told of it."""

    def make(kind: str = "test.work", **arguments: object) -> Job:
        job = jobs.enqueue(db, kind, arguments, by=officer, at=AT)
        db.info.pop("jobs_to_send", None)
        db.commit()
        return job

    return make


@pytest.fixture
def kind(monkeypatch):
    """Register a kind of job for one test."""
    monkeypatch.setattr(work, "_kinds", {})

    def register(handler, name: str = "test.work"):
        work.job(name, label=N_("Jobs"), needs=Permission.BUILD_CATALOGUE)(handler)

    return register


# Asking --------------------------------------------------------------------------------------


def test_a_job_waits_with_its_arguments(db, waiting) -> None:
    job = waiting(lang="vi", title="Đầu tư")
    assert (job.state, job.attempts, job.done, job.total) == (JobState.QUEUED, 0, 0, 0)
    assert job.values == {"lang": "vi", "title": "Đầu tư"}
    assert len(job.ref) >= 24


def test_the_same_wish_twice_is_one_job(db, waiting, other) -> None:
    first = waiting(lang="vi")
    assert waiting(lang="vi").id == first.id
    assert waiting(lang="en").id != first.id
    assert jobs.enqueue(db, "test.work", {"lang": "vi"}, by=other, at=AT).id != first.id
    jobs.cancel(db, first, AT)
    assert waiting(lang="vi").id != first.id


def test_too_many_wishes_in_an_hour_are_refused(db, waiting, officer, other) -> None:
    for number in range(3):
        waiting(number=number)
    jobs.refuse_flood(db, "test.work", by=officer, at=AT, most=4)
    jobs.refuse_flood(db, "test.work", by=other, at=AT, most=3)
    jobs.refuse_flood(db, "other.work", by=officer, at=AT, most=3)
    with pytest.raises(TooMany) as refused:
        jobs.refuse_flood(db, "test.work", by=officer, at=AT + timedelta(minutes=10), most=3)
    assert refused.value.seconds == 50 * 60 + 1
    jobs.refuse_flood(db, "test.work", by=officer, at=AT + timedelta(minutes=61), most=3)


def test_only_its_owner_and_administrators_find_a_job(db, waiting, office, officer, other) -> None:
    job = waiting()
    administrator = add_person(db, office, Role.ADMINISTRATOR)
    assert jobs.find_job(db, job.ref, officer) is job
    assert jobs.find_job(db, job.ref, administrator) is job
    with pytest.raises(HiddenRecord):
        jobs.find_job(db, job.ref, other)
    with pytest.raises(HiddenRecord):
        jobs.find_job(db, "no-such-job", officer)
    assert jobs.list_jobs(db, officer) == [job]
    assert jobs.list_jobs(db, administrator) == [job]
    assert jobs.list_jobs(db, other) == []


# What the table itself refuses ---------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": JobState.DONE},
        {"state": JobState.RUNNING},
        {"finished_at": AT},
        {"heartbeat_at": AT},
        {"stored_as": "x"},
        {"stored_as": "x", "file_name": "x", "content_type": "x", "file_size": 1, "sha256": "x"},
        {"done": -1},
    ],
)
def test_impossible_jobs_are_refused(db, waiting, wrong) -> None:
    job = waiting()
    for name, value in wrong.items():
        setattr(job, name, value)
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


# Claiming, beating, ending -------------------------------------------------------------------


def test_a_job_is_claimed_once(db, waiting) -> None:
    job = waiting()
    assert jobs.claim(db, job.id, AT) == 1
    assert jobs.claim(db, job.id, AT) is None
    db.refresh(job)
    assert (job.state, job.started_at, job.heartbeat_at) == (JobState.RUNNING, AT, AT)


def test_one_job_of_a_kind_runs_at_a_time(db, waiting) -> None:
    first, second, third = waiting(n=1), waiting(n=2), waiting("test.other")
    assert jobs.claim(db, first.id, AT) == 1
    assert jobs.claim(db, second.id, AT) is None
    assert jobs.claim(db, third.id, AT) == 1
    db.refresh(second)
    assert second.state is JobState.QUEUED
    assert jobs.finish(db, first.id, 1, JobState.DONE, AT)
    assert jobs.claim(db, second.id, AT) == 1


def test_a_worker_that_lost_its_job_changes_nothing(db, waiting) -> None:
    job = waiting()
    jobs.claim(db, job.id, AT)
    assert jobs.take_from_the_dead(db, LATER) == [job.id]
    assert jobs.claim(db, job.id, LATER) == 2
    assert not jobs.beat(db, job.id, 1, LATER, done=5)
    assert not jobs.finish(db, job.id, 1, JobState.DONE, LATER)
    assert jobs.beat(db, job.id, 2, LATER, done=7)
    db.refresh(job)
    assert (job.state, job.done) == (JobState.RUNNING, 7)


def test_a_silent_job_is_started_once_more_and_then_given_up(db, waiting) -> None:
    job = waiting()
    jobs.claim(db, job.id, AT)
    assert jobs.take_from_the_dead(db, AT + timedelta(seconds=59)) == []
    assert jobs.take_from_the_dead(db, LATER) == [job.id]
    db.refresh(job)
    assert (job.state, job.attempts) == (JobState.QUEUED, 1)
    assert job.step == "The worker was lost; starting again"
    jobs.claim(db, job.id, LATER)
    jobs.take_from_the_dead(db, LATER + timedelta(seconds=61))
    db.refresh(job)
    assert job.state is JobState.INTERRUPTED
    assert job.finished_at == LATER + timedelta(seconds=61)
    assert "twice" in (job.error or "")


def test_a_silent_job_that_was_cancelled_stays_cancelled(db, waiting) -> None:
    job = waiting()
    jobs.claim(db, job.id, AT)
    jobs.cancel(db, job, AT)
    jobs.take_from_the_dead(db, LATER)
    db.refresh(job)
    assert job.state is JobState.CANCELLED


def test_a_stopped_worker_gives_its_job_back_uncounted(db, waiting) -> None:
    job = waiting()
    jobs.claim(db, job.id, AT)
    assert jobs.put_back(db, job.id, 1)
    db.refresh(job)
    assert (job.state, job.attempts, job.heartbeat_at) == (JobState.QUEUED, 0, None)


def test_cancelling(db, waiting) -> None:
    at_rest, running, over = waiting(n=1), waiting(n=2), waiting("test.other")
    jobs.claim(db, running.id, AT)
    jobs.cancel(db, at_rest, AT)
    assert at_rest.state is JobState.CANCELLED
    jobs.cancel(db, running, AT)
    assert running.state is JobState.RUNNING
    assert not jobs.beat(db, running.id, 1, AT)
    jobs.claim(db, over.id, AT)
    jobs.finish(db, over.id, 1, JobState.DONE, AT)
    db.refresh(over)
    with pytest.raises(NotWaiting):
        jobs.cancel(db, over, AT)


def test_starting_again_makes_a_new_job(db, waiting, officer) -> None:
    job = waiting(lang="vi")
    with pytest.raises(StillAtWork):
        jobs.ask_again(db, job, by=officer, at=AT)
    jobs.cancel(db, job, AT)
    new = jobs.ask_again(db, job, by=officer, at=LATER)
    assert new.id != job.id
    assert (new.values, new.state) == ({"lang": "vi"}, JobState.QUEUED)
    assert job.state is JobState.CANCELLED


# Doing ---------------------------------------------------------------------------------------


def _do(app, db, job: Job) -> Job:
    work.run_job(job.id)
    db.expire_all()
    return db.get_one(Job, job.id)


def test_a_job_is_done_and_its_file_kept(app, db, waiting, kind, officer) -> None:
    def handler(task: Task) -> Result:
        with task.reading() as session:
            assert task.person(session, Permission.BUILD_CATALOGUE).id == officer.id
        task.report("Writing the file", 3, 7, at_once=True)
        return Result("Tệp kết quả.pdf", "application/pdf", b"%PDF" + task.arguments["x"].encode())

    kind(handler)
    job = _do(app, db, waiting(x="đ"))
    assert job.state is JobState.DONE
    assert (job.step, job.done, job.total) == ("Writing the file", 3, 7)
    assert (job.file_name, job.file_size) == ("Tệp kết quả.pdf", 6)
    path = results.path_of(job.stored_as or "")
    assert path.read_bytes() == "%PDFđ".encode()
    assert path.parent.name == "files"
    assert job.sha256 == hashlib.sha256("%PDFđ".encode()).hexdigest()
    assert not list(path.parent.glob(".part-*"))


def test_a_job_without_a_file_is_done_too(app, db, waiting, kind) -> None:
    kind(lambda _task: None)
    job = _do(app, db, waiting())
    assert (job.state, job.stored_as) == (JobState.DONE, None)


def test_a_refusal_is_told_in_words(app, db, waiting, kind) -> None:
    refusal = Refusal("The server lacks the fonts of the catalogue. %(command)s", command="apt-get")

    def refuse(_task: Task) -> None:
        raise refusal

    kind(refuse)
    job = _do(app, db, waiting())
    assert job.state is JobState.FAILED
    assert job.error == "The server lacks the fonts of the catalogue. %(command)s"
    assert json.loads(job.error_params or "") == {"command": "apt-get"}


def test_an_unforeseen_fault_ends_the_job_and_goes_to_the_log(
    app, db, waiting, kind, caplog
) -> None:
    fault = ZeroDivisionError("secret detail")

    def fail(_task: Task) -> None:
        raise fault

    kind(fail)
    job = _do(app, db, waiting())
    assert job.state is JobState.FAILED
    assert "unforeseen" in (job.error or "")
    assert "secret detail" not in (job.error or "")
    assert "secret detail" in caplog.text


def test_a_kind_that_is_no_longer_known_fails_in_words(app, db, waiting, kind) -> None:
    job = _do(app, db, waiting("kind.of.old"))
    assert job.state is JobState.FAILED
    assert job.error == "This program does not know such a job."


def test_whoever_lost_the_right_gets_nothing(app, db, waiting, kind, officer) -> None:
    def handler(task: Task) -> None:
        with task.reading() as session:
            task.person(session, Permission.BUILD_CATALOGUE)

    kind(handler)
    job = waiting()
    db.execute(
        type(officer).__table__.update().where(type(officer).id == officer.id).values(active=False)
    )
    db.commit()
    done = _do(app, db, job)
    assert done.state is JobState.FAILED
    assert "may not do it any more" in (done.error or "")


def test_cancelling_while_it_runs(app, db, waiting, kind) -> None:
    def handler(task: Task) -> None:
        task.report("a", at_once=True)
        with app.extensions["database"].open_session(write=True) as session, session.begin():
            jobs.cancel(session, session.get_one(Job, task.id), AT)
        with pytest.raises(Cancelled):
            task.report("b", at_once=True)
        task.report("c", at_once=True)

    kind(handler)
    assert _do(app, db, waiting()).state is JobState.CANCELLED


def test_stopping_the_worker_while_it_runs(app, db, waiting, kind, monkeypatch) -> None:
    def handler(task: Task) -> None:
        work.stopping.set()
        with pytest.raises(Stopped):
            task.report("a")
        task.report("b")

    kind(handler)
    try:
        job = _do(app, db, waiting())
    finally:
        work.stopping.clear()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


def test_the_file_of_a_worker_that_lost_its_job_does_not_stay(app, db, waiting, kind) -> None:
    before = set(results.folder().iterdir())

    def handler(task: Task) -> Result:
        with app.extensions["database"].open_session(write=True) as session, session.begin():
            late = work._now() + timedelta(seconds=61)
            assert jobs.take_from_the_dead(session, late) == [task.id]
            assert jobs.claim(session, task.id, late) == 2
        return Result("x.pdf", "application/pdf", b"late")

    kind(handler)
    job = _do(app, db, waiting())
    assert (job.state, job.attempts, job.stored_as) == (JobState.RUNNING, 2, None)
    assert set(results.folder().iterdir()) == before


def test_progress_is_written_down_with_measure(app, db, waiting, kind) -> None:
    written = []

    def handler(task: Task) -> None:
        for done in range(50):
            task.report("Laying out the pages", done, 50)
            with task.reading() as session:
                written.append(session.scalar(select(Job.done).where(Job.id == task.id)))

    kind(handler)
    _do(app, db, waiting())
    assert len(set(written)) <= 3


# Files ---------------------------------------------------------------------------------------


def test_old_files_are_let_go(app, db, waiting, kind) -> None:
    kind(lambda _task: Result("x.pdf", "application/pdf", b"x"))
    job = _do(app, db, waiting())
    path = results.path_of(job.stored_as or "")
    finished = job.finished_at
    assert finished is not None
    queue.clear_results(finished + timedelta(days=29))
    assert path.is_file()
    queue.clear_results(finished + timedelta(days=31))
    db.expire_all()
    assert not path.exists()
    assert (job.state, job.stored_as, job.file_name) == (JobState.DONE, None, None)


def test_half_written_files_are_swept_up(app, db) -> None:
    part = results.folder() / ".part-old"
    part.write_bytes(b"half")
    results.sweep(part.stat().st_mtime - 1)
    assert part.exists()
    results.sweep(part.stat().st_mtime + 1)
    assert not part.exists()


def test_a_file_that_cannot_be_written_leaves_nothing(app, db, monkeypatch) -> None:
    before = set(results.folder().iterdir())

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portfolio.office.results.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        results.keep(Result("x", "x", b"x"))
    assert set(results.folder().iterdir()) == before
