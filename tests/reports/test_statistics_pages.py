"""Statistics and closed months on screen: who reads what, closing by a worker, both papers."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portfolio.office import results
from portfolio.office.job import Job
from portfolio.office.people import Role
from portfolio.reports.closing import MonthlyClosing
from tests.browser import SITE, Browser
from tests.office.conftest import opened
from tests.register.conftest import logged
from tests.register.desk import Desk

SignIn = Callable[..., Browser]
MONTH = "/closings/2026-11"


@pytest.fixture
def december() -> Iterator[None]:
    """The second of December, ten in the morning."""
    with time_machine.travel(datetime(2026, 12, 2, 3, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def projects(app: Flask, laid: Desk) -> list[str]:
    """One licensed project in each of two zones, logged in November."""
    return [
        logged(app, laid, name="Khách sạn Măng Đen"),
        logged(app, laid, name="Nhà máy Kon Tum", zone_id=laid.kon_tum),
    ]


@pytest.fixture
def closed(app: Flask, projects: list[str], sign_in_as: SignIn, december: None) -> Browser:
    """November, closed by the Department of Finance."""
    finance = sign_in_as(Role.FINANCE_OFFICER)
    finance.get("/closings")
    assert "Chốt tháng 11/2026" in finance.words
    answer = finance.submit(note="Có hai dự án mới.")
    assert answer.status_code == 303
    return finance


def job_of(app: Flask, kind: str) -> Job:
    with opened(app) as db:
        found = db.scalars(select(Job).where(Job.kind == kind).order_by(Job.id.desc())).first()
        assert found is not None
        db.expunge(found)
        return found


def test_the_statistics_count_what_a_person_may_see(
    projects: list[str], laid: Desk, sign_in_as: SignIn
) -> None:
    leader = sign_in_as(Role.LEADER)
    leader.get("/statistics")
    assert "2 dự án đã cấp phép" in leader.words
    officer = sign_in_as(Role.ZONE_OFFICER, laid.mang_den)
    officer.get("/statistics")
    assert "1 dự án đã cấp phép" in officer.words
    assert "Kon Tum" not in officer.words


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("zone", "Theo khu"),
        ("sector", "Theo ngành"),
        ("new", "Theo xã hiện nay"),
        ("old", "Theo huyện cũ"),
        ("nonsense", "Theo khu"),
    ],
)
def test_the_tables_are_grouped_as_asked(
    projects: list[str], sign_in_as: SignIn, by: str, words: str
) -> None:
    leader = sign_in_as(Role.LEADER)
    assert leader.get(f"/statistics?by={by}").status_code == 200
    current = leader.soup.select(".sections [aria-current]")
    assert [link.get_text(strip=True) for link in current] == [words]


def test_a_month_is_closed_by_finance_alone(
    app: Flask, projects: list[str], sign_in_as: SignIn, december: None
) -> None:
    leader = sign_in_as(Role.LEADER)
    leader.get("/closings")
    assert "chưa chốt" in leader.words
    assert leader.soup.select("main form[method=post]") == []
    assert leader.client.post("/closings", headers=SITE).status_code in {400, 404}
    with opened(app) as db:
        assert db.scalars(select(MonthlyClosing)).all() == []


def test_a_worker_closes_the_month_with_its_figures(app: Flask, closed: Browser) -> None:
    with opened(app) as db:
        [closing] = db.scalars(select(MonthlyClosing)).all()
        assert (closing.month, closing.note) == (date(2026, 11, 30), "Có hai dự án mới.")
        assert closing.figures["total"]["projects"] == 2
    closed.get(MONTH)
    assert "2 dự án đã cấp phép" in closed.words
    assert "Có hai dự án mới." in closed.words
    closed.get("/closings")
    assert "11/2026" in closed.words
    assert "Chốt tháng" not in closed.words


def test_whoever_sees_some_zones_reads_only_these_of_a_closed_month(
    closed: Browser, laid: Desk, sign_in_as: SignIn
) -> None:
    officer = sign_in_as(Role.ZONE_OFFICER, laid.mang_den)
    officer.get(MONTH)
    assert "Măng Đen" in officer.words
    assert "Kon Tum" not in officer.words
    assert "2 dự án" not in officer.words
    assert officer.get(f"{MONTH}/report.xlsx").status_code == 404
    assert officer.get("/closings").status_code == 200


@pytest.mark.parametrize("month", ["2026-10", "2026-13", "nonsense", "2026-11-30"])
def test_a_month_that_is_not_closed_has_no_page(closed: Browser, month: str) -> None:
    assert closed.get(f"/closings/{month}").status_code == 404


def test_the_workbook_is_the_same_each_time(closed: Browser) -> None:
    first = closed.get(f"{MONTH}/report.xlsx")
    assert first.headers["Content-Disposition"].endswith("bao-cao-nhanh-2026-11.xlsx")
    assert first.data == closed.get(f"{MONTH}/report.xlsx").data
    with zipfile.ZipFile(io.BytesIO(first.data)) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "Báo cáo nhanh tháng 11/2026" in texts


def test_the_flash_report_is_printed_from_the_trail_with_the_same_bytes(
    app: Flask, closed: Browser
) -> None:
    papers = []
    for _ in range(2):
        closed.get(MONTH)
        answer = closed.submit()
        assert answer.status_code == 303
        job = job_of(app, "reports.print_month")
        assert (job.state, job.file_name) == ("done", "bao-cao-nhanh-2026-11.pdf"), job.error
        with app.app_context():
            papers.append(Path(results.path_of(str(job.stored_as))).read_bytes())
    assert papers[0].startswith(b"%PDF-1.7")
    assert papers[0] == papers[1]


def test_the_trail_says_in_words_that_a_month_was_closed(
    closed: Browser, sign_in_as: SignIn
) -> None:
    auditor = sign_in_as(Role.AUDITOR)
    auditor.get("/trail?kind=closing")
    assert "Chốt số liệu tháng" in auditor.words
    assert auditor.soup.select_one(f'main a[href="{MONTH}"]')
