"""Jobs on screen: whose they are, how far they are, and what can be done with them."""

import pytest
from flask import Flask
from sqlalchemy import select

from portfolio.notation import N_
from portfolio.office import job as jobs
from portfolio.office import results, work
from portfolio.office.job import Job, JobState
from portfolio.office.may import Permission
from portfolio.office.people import Role, User
from portfolio.office.results import Result
from portfolio.web.errors import Refusal
from tests.browser import Browser
from tests.conftest import AT
from tests.office.conftest import Person, make_person, opened, sign_in

LABEL = N_("Catalogue of solicited projects")


@pytest.fixture
def owner(app: Flask, administrator: Person) -> Person:
    return make_person(app, Role.CENTRE_OFFICER)


@pytest.fixture
def browser(app: Flask, owner: Person) -> Browser:
    return sign_in(app, owner)


@pytest.fixture
def ask(app: Flask, owner: Person, monkeypatch):
    """`ask(handler)`: a job of the owner that is done at once; without a handler it waits."""
    monkeypatch.setattr(work, "_kinds", {})

    def make(handler=None, **arguments: object) -> str:
        if handler is None:
            monkeypatch.setattr("portfolio.office.queue.send", lambda _job_id: None)
        work.job("test.file", label=LABEL, needs=Permission.BUILD_CATALOGUE)(
            handler or (lambda _task: None)
        )
        with opened(app) as db:
            user = db.get(User, owner.id)
            ref = jobs.enqueue(db, "test.file", arguments, by=user, at=AT).ref
            db.commit()
            return ref

    return make


def _file(_task: work.Task) -> Result:
    return Result("Danh mục ký tự “lạ”.pdf", "application/pdf", b"%PDF-1.7 kept")


def test_an_empty_list(browser: Browser) -> None:
    assert browser.get("/jobs").status_code == 200
    assert "Chưa có" in browser.words


def test_a_waiting_job_with_and_without_script(browser: Browser, ask) -> None:
    ref = ask()
    assert browser.get(f"/jobs/{ref}").status_code == 200
    assert "Đang chờ" in browser.words
    panel = browser.soup.select_one("[data-job]")
    assert panel is not None
    assert panel["data-job"] == f"/jobs/{ref}/progress"
    assert browser.soup.select_one(f'main a[href="/jobs/{ref}"]') is not None
    told = browser.get(f"/jobs/{ref}/progress").get_json()
    assert told == {"state": "Đang chờ", "done": 0, "total": 0, "finished": False}


def test_a_running_job_says_its_step(app: Flask, browser: Browser, ask) -> None:
    ref = ask()
    with opened(app) as db:
        job = db.scalars(select(Job)).one()
        jobs.claim(db, job.id, AT)
        jobs.beat(db, job.id, 1, AT, step="Laying out the pages", done=12, total=79)
        db.commit()
    told = browser.get(f"/jobs/{ref}/progress").get_json()
    assert told == {
        "state": "Đang chạy: Đang dàn trang",
        "done": 12,
        "total": 79,
        "finished": False,
    }
    browser.get(f"/jobs/{ref}")
    assert "12 / 79" in browser.words


def test_a_ready_file_is_offered_and_sent_as_a_download(browser: Browser, ask) -> None:
    ref = ask(_file)
    browser.get(f"/jobs/{ref}")
    assert "Danh mục ký tự “lạ”.pdf" in browser.words
    browser.get("/jobs")
    assert browser.soup.select_one(f'a[href="/jobs/{ref}/file"]') is not None
    sent = browser.get(f"/jobs/{ref}/file")
    assert sent.data == b"%PDF-1.7 kept"
    assert sent.mimetype == "application/pdf"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert sent.headers["Cache-Control"].startswith("no-")
    disposition = sent.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert "filename*=UTF-8''Danh%20m%E1%BB%A5c" in disposition
    sent.close()


@pytest.mark.parametrize("path", ["", "/progress", "/file"])
def test_a_job_is_hidden_from_others(app: Flask, ask, path: str) -> None:
    ref = ask(_file)
    stranger = sign_in(app, make_person(app, Role.FINANCE_OFFICER))
    assert stranger.get(f"/jobs/{ref}{path}").status_code == 404
    stranger.get("/jobs")
    assert ref not in stranger.soup.prettify()


def test_an_administrator_sees_everybodys(admin_browser: Browser, ask, owner: Person) -> None:
    ref = ask(_file)
    admin_browser.get("/jobs")
    assert owner.name in admin_browser.words
    assert admin_browser.get(f"/jobs/{ref}").status_code == 200
    sent = admin_browser.get(f"/jobs/{ref}/file")
    assert sent.status_code == 200
    sent.close()


def test_a_visitor_is_sent_to_the_door(visitor: Browser, ask) -> None:
    ref = ask(_file)
    for path in ("/jobs", f"/jobs/{ref}", f"/jobs/{ref}/file"):
        assert visitor.get(path).status_code in {302, 303}


def test_whoever_loses_the_right_loses_the_file(app: Flask, browser: Browser, ask, owner) -> None:
    ref = ask(_file)
    with opened(app) as db:
        users = User.__table__
        db.execute(users.update().where(users.c.id == owner.id).values(role=Role.READER))
        db.commit()
    assert browser.get(f"/jobs/{ref}/file").status_code == 404
    browser.get(f"/jobs/{ref}")
    assert browser.soup.select_one(f'a[href="/jobs/{ref}/file"]') is None


def test_a_file_that_is_gone_is_told(app: Flask, browser: Browser, ask) -> None:
    ref = ask(_file)
    with opened(app) as db:
        results.path_of(db.scalars(select(Job.stored_as)).one() or "").unlink()
    assert browser.get(f"/jobs/{ref}/file").status_code == 410


def test_a_failure_says_why_and_can_be_started_again(app: Flask, browser: Browser, ask) -> None:
    refusal = Refusal(N_("No solicited project fits this choice."))

    def refuse(_task: work.Task) -> None:
        raise refusal

    ref = ask(refuse, lang="vi")
    browser.get(f"/jobs/{ref}")
    assert "Không có dự án kêu gọi đầu tư nào phù hợp" in browser.words
    assert browser.submit(f"/jobs/{ref}/again").status_code == 303
    browser.follow()
    assert browser.path != f"/jobs/{ref}"
    with opened(app) as db:
        first, second = db.scalars(select(Job).order_by(Job.id))
        assert first.arguments == second.arguments
        assert second.state is JobState.FAILED


def test_cancelling(app: Flask, browser: Browser, ask) -> None:
    ref = ask()
    browser.get(f"/jobs/{ref}")
    assert browser.submit(f"/jobs/{ref}/cancel").status_code == 303
    browser.follow()
    assert "Đã hủy" in browser.words
    with opened(app) as db:
        assert db.scalars(select(Job.state)).one() is JobState.CANCELLED


def test_cancelling_too_late_is_told(browser: Browser, ask) -> None:
    ref = ask(_file)
    browser.get(f"/jobs/{ref}")
    token = browser.soup.select_one("input[name=csrf_token]")
    assert token is not None
    answer = browser.client.post(
        f"/jobs/{ref}/cancel",
        data={"csrf_token": token["value"]},
        headers={"Origin": "http://localhost"},
    )
    assert answer.status_code == 409


def test_nobody_stops_the_job_of_another(app: Flask, ask) -> None:
    ref = ask()
    stranger = sign_in(app, make_person(app, Role.FINANCE_OFFICER))
    stranger.get("/jobs")
    token = stranger.soup.select_one("input[name=csrf_token]")
    assert token is not None
    for act in ("cancel", "again"):
        answer = stranger.client.post(
            f"/jobs/{ref}/{act}",
            data={"csrf_token": token["value"]},
            headers={"Origin": "http://localhost"},
        )
        assert answer.status_code == 404
    with opened(app) as db:
        assert db.scalars(select(Job.state)).one() is JobState.QUEUED


@pytest.mark.parametrize("language", ["vi", "en"])
def test_both_languages(app: Flask, browser: Browser, ask, owner, language: str) -> None:
    with opened(app) as db:
        users = User.__table__
        db.execute(users.update().where(users.c.id == owner.id).values(language=language))
        db.commit()
    ref = ask(_file)
    browser.get(f"/jobs/{ref}")
    words = {"vi": "Tệp đã sẵn sàng", "en": "The file is ready"}
    assert words[language] in browser.words
