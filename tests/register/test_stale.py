"""Two editors of one project: nothing is overwritten, nothing typed is lost."""

import threading
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portfolio import create_app
from portfolio.office.people import Role
from portfolio.office.trail import TrailEntry, unpack
from portfolio.register.project import Project
from tests.browser import SITE, Browser
from tests.conftest import SECRET
from tests.office.conftest import opened
from tests.register.desk import Desk, browser_of, key_of, lay_out, log, officer


@pytest.fixture
def second(sign_in_as, laid: Desk) -> Browser:
    """Another officer of the same zone."""
    return sign_in_as(Role.ZONE_OFFICER, laid.mang_den, email="second@example.org")


def test_the_second_editor_sees_both_texts_and_chooses(
    app: Flask, licensed: str, zone_officer: Browser, second: Browser
) -> None:
    path = f"/projects/{licensed}/facts/edit"
    zone_officer.get(path)
    second.get(path)
    assert (
        zone_officer.submit(name="Tên của người thứ nhất", objective="Du lịch").status_code == 303
    )
    answer = second.submit(name="Tên <b>của</b> người thứ hai", note="Ghi chú thứ hai")
    assert answer.status_code == 409
    assert "Tên &lt;b&gt;của&lt;/b&gt; người thứ hai" in answer.text
    assert "Tên của người thứ nhất" in second.words
    assert "Người zone_officer" in second.words
    rows = [row.th.get_text() for row in second.soup.select("table.conflict tbody tr")]
    assert rows == ["Tên dự án", "Mục tiêu", "Ghi chú"]
    chosen = [box["value"] for box in second.soup.select("[name=objective][checked]")]
    assert chosen == ["Du lịch"], "only the first editor touched it, so that text is proposed"
    assert second.submit().status_code == 303
    with opened(app) as db:
        project = db.scalars(select(Project)).one()
        assert project.name == "Tên <b>của</b> người thứ hai"
        assert (project.objective, project.note) == ("Du lịch", "Ghi chú thứ hai")


def test_another_section_is_no_conflict(
    app: Flask, licensed: str, zone_officer: Browser, second: Browser
) -> None:
    second.get(f"/projects/{licensed}/facts/edit")
    zone_officer.get(f"/projects/{licensed}/sources/add")
    typed = {"about": "capital", "title": "Giấy chứng nhận, trang 2"}
    assert zone_officer.submit(**typed).status_code == 303
    assert second.submit(note="Việc khác").status_code == 303
    with opened(app) as db:
        project = db.scalars(select(Project)).one()
        assert (project.note, len(project.sources)) == ("Việc khác", 1)


def test_an_entry_added_to_the_same_list_is_shown_first(
    licensed: str, zone_officer: Browser, second: Browser
) -> None:
    path = f"/projects/{licensed}/papers/add"
    zone_officer.get(path)
    second.get(path)
    typed = {"kind": "adjustment", "number": "12", "sign": "QĐ-UBND", "issued_on": "1/5/2020"}
    assert zone_officer.submit(**typed).status_code == 303
    assert second.submit(**typed | {"number": "13"}).status_code == 409
    assert "số 12/QĐ-UBND" in second.words
    assert second.submit().status_code == 303
    second.follow()
    assert "số 13/QĐ-UBND" in second.words


def test_an_entry_that_was_taken_out_meanwhile_is_said(
    licensed: str, zone_officer: Browser, second: Browser
) -> None:
    zone_officer.get(f"/projects/{licensed}/sources/add")
    zone_officer.submit(about="capital", title="Trang tin")
    zone_officer.follow()
    source = key_of(zone_officer, "sources")
    second.get(f"/projects/{licensed}/sources/{source}/edit")
    zone_officer.get(f"/projects/{licensed}/sources/{source}/remove")
    assert zone_officer.submit(reason="Nhập nhầm").status_code == 303
    answer = second.submit(title="Trang tin của báo điện tử, bản cập nhật lần thứ hai")
    assert answer.status_code == 409
    assert "bản cập nhật lần thứ hai" in answer.text
    assert "Người khác vừa bỏ mục này" in second.words
    assert second.soup.select_one(".acts a")["href"] == f"/projects/{licensed}#sources"


@pytest.mark.parametrize("version", ["", "0", "99", "abc", "-1"])
def test_a_version_that_never_was_is_stale(
    licensed: str, zone_officer: Browser, version: str
) -> None:
    zone_officer.get(f"/projects/{licensed}/facts/edit")
    assert zone_officer.submit(name="Tên mới", version=version).status_code == 409


def test_of_twenty_at_one_moment_one_saves(tmp_path: Path) -> None:
    """On a database file of its own, where transactions are real."""
    app = create_app(
        SECRET_KEY=SECRET,
        DATABASE_URL=f"sqlite:///{tmp_path / 'race.sqlite'}",
        VAR_DIR=str(tmp_path),
        TRUSTED_HOSTS="localhost",
    )
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
    with opened(app) as db:
        desk = lay_out(db)
        code = log(db, desk).code
        user_id = officer(db, desk, Role.ZONE_OFFICER, desk.mang_den).id
    browsers = [browser_of(app, user_id) for _ in range(20)]
    sent = []
    for number, browser in enumerate(browsers):
        browser.get(f"/projects/{code}/facts/edit")
        sent.append(browser.fields() | {"name": f"Tên số {number}"})
    answers: list[int] = []
    together = threading.Barrier(20)

    def post(browser: Browser, given: dict) -> None:
        together.wait()
        answer = browser.client.post(f"/projects/{code}/facts/edit", data=given, headers=SITE)
        answers.append(answer.status_code)

    threads = [
        threading.Thread(target=post, args=pair) for pair in zip(browsers, sent, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(answers) == {303: 1, 409: 19}
    with opened(app) as db:
        project = db.scalars(select(Project)).one()
        assert project.version == 2
        entry = db.get(TrailEntry, project.entry_seq)
        assert unpack(entry.state)["name"] == project.name
    app.extensions["database"].engine.dispose()
