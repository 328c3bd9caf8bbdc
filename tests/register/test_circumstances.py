"""Circumstances typed by officers: each of the seven rules that rest on them rises and falls by pages."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portfolio.office.people import Role
from portfolio.office.trail import Origin
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.line import RegisterLine
from portfolio.register.papers import ActKind
from portfolio.register.project import Project
from portfolio.schedule.flags import Flag
from tests.browser import Browser
from tests.conftest import AT
from tests.office.conftest import opened
from tests.register.desk import key_of

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
Types = Callable[..., None]


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def officer(licensed: str, zone_officer: Browser) -> Browser:
    """Before the page of the project."""
    zone_officer.get(f"/projects/{licensed}")
    return zone_officer


def record(browser: Browser, code: str, kind: str, on: str, **more: str) -> int:
    """Fill in the form of the section; the key of the new entry."""
    browser.get(f"/projects/{code}/circumstances/add")
    browser.submit(kind=kind, on=on, text=f"Ghi nhận {kind}", **more)
    assert browser.page.status_code == 303, browser.words
    browser.follow()
    return key_of(browser, "circumstances")


def correct(browser: Browser, code: str, key: int, **typed: str) -> None:
    browser.get(f"/projects/{code}/circumstances/{key}/edit")
    browser.submit(reason="Theo hồ sơ mới", **typed)
    assert browser.page.status_code == 303, browser.words


def remove(browser: Browser, code: str, key: int) -> None:
    browser.get(f"/projects/{code}/circumstances/{key}/remove")
    browser.submit(reason="Ghi nhầm")
    assert browser.page.status_code == 303, browser.words


def rules(app: Flask) -> set[str]:
    """The rules that hold now, as they are stored and as the list shows them: the same."""
    with opened(app) as db:
        stored = set(db.scalars(select(Flag.rule).where(Flag.closed_on.is_(None))))
        line = db.scalars(select(RegisterLine.flags).where(RegisterLine.until.is_(None))).one()
    assert all(f'"{rule}"' in line for rule in stored)
    return stored


def paper(app: Flask, code: str, kind: ActKind, on: date) -> None:
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == code)).one()
        add_act(db, project, Paper(kind=kind, number="7", issued_on=on), Origin(None, AT))
        db.commit()


def test_a_stop_of_the_investor_calls_for_a_review_until_its_end_is_written(
    app: Flask, officer: Browser, licensed: str
) -> None:
    key = record(officer, licensed, "investor_stop", "10/11/2025")
    assert "SUS-12" in rules(app)
    correct(officer, licensed, key, until="01/11/2026")
    assert "SUS-12" not in rules(app)


def test_no_contact_is_a_ground_until_an_attempt_succeeds(
    app: Flask, officer: Browser, licensed: str
) -> None:
    record(officer, licensed, "stopped", "10/11/2025")
    assert "T-NOCONTACT12" not in rules(app), "nobody has tried yet"
    record(officer, licensed, "contact_attempt", "05/01/2026", reached="no")
    assert "T-NOCONTACT12" in rules(app)
    record(officer, licensed, "contact_attempt", "20/11/2026", reached="yes")
    assert "T-NOCONTACT12" not in rules(app)


def test_a_suspension_without_remedy_is_a_ground_until_the_finding_is_taken_out(
    app: Flask, officer: Browser, licensed: str
) -> None:
    officer.get(f"/projects/{licensed}/circumstances/add")
    officer.submit(kind="inability", on="01/06/2026", text="Không khắc phục được")
    assert officer.page.status_code == 422
    assert "chưa có việc ngừng" in officer.words
    paper(app, licensed, ActKind.SUSPENSION, date(2026, 3, 2))
    assert "T-SUSP" not in rules(app)
    key = record(officer, licensed, "inability", "01/06/2026")
    assert "T-SUSP" in rules(app)
    remove(officer, licensed, key)
    assert "T-SUSP" not in rules(app)


def test_a_lost_site_is_a_ground_after_six_months_unless_a_dossier_was_filed_in_time(
    app: Flask, officer: Browser, licensed: str
) -> None:
    record(officer, licensed, "site_lost", "04/05/2026")
    assert "T-LOC6" in rules(app)
    key = record(officer, licensed, "relocation_filed", "20/11/2026")
    assert "T-LOC6" in rules(app), "filed too late"
    correct(officer, licensed, key, on="30/10/2026")
    assert "T-LOC6" not in rules(app)


@pytest.mark.parametrize(("kind", "rule"), [("sham", "T-SHAM"), ("judgment", "T-COURT")])
def test_a_finding_and_a_judgment_are_grounds_until_they_are_taken_out(
    app: Flask, officer: Browser, licensed: str, kind: str, rule: str
) -> None:
    key = record(officer, licensed, kind, "02/11/2026", paper="12/KL-TTr")
    assert rule in rules(app)
    officer.get(f"/projects/{licensed}")
    assert "12/KL-TTr" in officer.words
    remove(officer, licensed, key)
    assert rule not in rules(app)


def test_a_dissolved_enterprise_is_a_ground_until_the_project_is_transferred(
    app: Flask, officer: Browser, licensed: str
) -> None:
    record(officer, licensed, "dissolved", "02/11/2026")
    assert "T-DISSOLVED" in rules(app)
    paper(app, licensed, ActKind.TRANSFER, date(2026, 11, 20))
    assert "T-DISSOLVED" not in rules(app)


REFUSED = [
    ({"kind": "stopped", "on": "24/11/2026"}, "23/11/2026"),
    ({"kind": "relocation_filed", "on": "01/06/2026"}, "mất quyền sử dụng địa điểm"),
    ({"kind": "sham", "on": "01/06/2026", "until": "02/06/2026"}, "mới có ngày cuối"),
    ({"kind": "investor_stop", "on": "01/06/2026", "until": "31/05/2026"}, "Ngày kết thúc"),
    ({"kind": "contact_attempt", "on": "01/06/2026"}, "có liên lạc được"),
    ({"kind": "stopped", "on": "01/06/2026", "reached": "no"}, "mới có kết quả"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "words"), REFUSED)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    app: Flask, officer: Browser, licensed: str, typed: dict[str, str], words: str
) -> None:
    officer.get(f"/projects/{licensed}/circumstances/add")
    officer.submit(text="Đã ghi trong biên bản", **typed)
    assert officer.page.status_code == 422
    assert words in officer.words
    kept = officer.fields()
    assert (kept["text"].strip(), kept["on"]) == ("Đã ghi trong biên bản", typed["on"])
    with opened(app) as db:
        assert db.scalars(select(Project).where(Project.code == licensed)).one().circumstances == []


def test_a_loss_stays_as_long_as_a_dossier_rests_on_it(
    app: Flask, officer: Browser, licensed: str
) -> None:
    lost = record(officer, licensed, "site_lost", "04/05/2026")
    record(officer, licensed, "relocation_filed", "01/06/2026")
    officer.get(f"/projects/{licensed}/circumstances/{lost}/remove")
    officer.submit(reason="Ghi nhầm")
    assert officer.page.status_code == 422
    officer.get(f"/projects/{licensed}/circumstances/{lost}/edit")
    officer.submit(reason="Sửa ngày", on="02/06/2026")
    assert officer.page.status_code == 422


def test_the_form_says_at_each_kind_which_rule_it_feeds(officer: Browser, licensed: str) -> None:
    officer.get(f"/projects/{licensed}/circumstances/add")
    kinds = officer.soup.select("#kind .choice")
    assert len(kinds) == 9
    said = " ".join(kind.get_text(" ") for kind in kinds)
    for rule in ("T-SUSP", "T-LOC6", "T-NOCONTACT12", "T-SHAM", "T-COURT", "T-DISSOLVED", "SUS-12"):
        assert rule in said


def test_who_does_not_keep_the_project_reads_and_does_not_write(
    officer: Browser, licensed: str, sign_in_as
) -> None:
    record(officer, licensed, "sham", "02/11/2026", paper="12/KL-TTr")
    reader = sign_in_as(Role.FINANCE_OFFICER)
    assert "12/KL-TTr" in reader.get(f"/projects/{licensed}").text
    assert reader.get(f"/projects/{licensed}/circumstances/add").status_code == 403


def test_the_history_tells_what_was_recorded(officer: Browser, licensed: str) -> None:
    key = record(officer, licensed, "contact_attempt", "05/01/2026", reached="no", paper="3/CV")
    correct(officer, licensed, key, reached="yes")
    officer.get(f"/projects/{licensed}/history")
    assert "Ghi nhận tình tiết pháp lý" in officer.words
    assert "Văn bản có số: 3/CV" in officer.words
    assert "Có liên lạc được với nhà đầu tư" in officer.words
