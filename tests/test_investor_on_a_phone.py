"""An investor on a telephone in a real browser: a mistake, a photo, a slow line, sent twice: one report."""

import io
import json
import os
import random
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from portfolio import create_app
from portfolio.office.trail import Origin
from portfolio.register.acts.reports import send_back_report
from portfolio.register.files import read
from portfolio.register.papers import StoredFile
from portfolio.register.progress import ProgressReport
from portfolio.web.clock import now, today
from tests.conftest import SECRET, own_database
from tests.links.answering import owing, project_of, send
from tests.office.conftest import opened
from tests.register.desk import Desk, lay_out
from tests.web.test_in_browser import AXE, RULES

pytestmark = pytest.mark.browser

SLOW = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 120_000,
    "uploadThroughput": 120_000,
}
"""A weak mobile line: 400 ms to and fro, one megabit a second."""

Opens = Callable[..., Page]


class Office:
    """The running program, and a new project with a new link whenever one is asked for."""

    def __init__(self, app: Flask, desk: Desk) -> None:
        self.app, self.desk, self.count = app, desk, 0

    def link(self) -> str:
        """The path of a link for a report of a project of its own."""
        self.count += 1
        with opened(self.app) as db:
            self.owed = owing(db, self.desk, name=f"Khu nghỉ dưỡng Hồ Đam Bri {self.count}")
        return send(self.app, self.desk, self.owed, now())

    def reports(self) -> list[ProgressReport]:
        """What has arrived for that project."""
        with opened(self.app) as db:
            return list(project_of(db, self.owed).reports)

    def photos(self) -> list[bytes]:
        """The files of that project as they are kept."""
        with opened(self.app) as db:
            key = project_of(db, self.owed).id
            return [read(row) for row in db.scalars(select(StoredFile).filter_by(project_id=key))]

    def send_back(self, why: str) -> None:
        """What an officer does who misses something."""
        with self.app.test_request_context(), opened(self.app) as db:
            project = project_of(db, self.owed)
            origin = Origin(None, now(), why)
            send_back_report(db, project, project.reports[0], on=today(), origin=origin)
            db.commit()


@pytest.fixture(scope="module")
def office(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("phone")
    with own_database(database_url, folder, "phone") as url:
        app = create_app(SECRET_KEY=SECRET, DATABASE_URL=url, VAR_DIR=str(folder))
        assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
        with opened(app) as db:
            desk = lay_out(db)
        yield Office(app, desk)
        app.extensions["database"].engine.dispose()


@pytest.fixture(scope="module")
def site(office: Office) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opens(chromium: Browser, site: str) -> Iterator[Opens]:
    """Opens a page on a telephone; at the end no page may have broken the content policy."""
    contexts, complaints = [], []

    def open_page(path: str, *, script: bool = True, width: int = 390) -> Page:
        context = chromium.new_context(
            base_url=site,
            java_script_enabled=script,
            viewport={"width": width, "height": 844},
            has_touch=True,
            is_mobile=width < 800,
            device_scale_factor=2,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda told: (
                complaints.append(told.text) if "Content Security Policy" in told.text else None
            ),
        )
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def photo() -> dict[str, object]:
    """A photograph as a telephone takes it: 6 megapixels, more than 3 MB, with the place in it."""
    grain = random.Random(1).randbytes(300 * 200 * 3)  # noqa: S311  it is a picture, no secret
    drawn = Image.frombytes("RGB", (300, 200), grain).resize((3000, 2000))
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (14.6, 0.0, 0.0), 3: "E", 4: (108.2, 0.0, 0.0)}
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=100, subsampling=0, exif=exif)
    assert 3_000_000 < len(out.getvalue()) < 10_000_000
    return {"name": "công trường.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def fill(page: Page, **typed: str) -> None:
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)


GOOD = {
    "realised_in_period": "12,5",
    "realised_total": "118,4",
    "jobs_vietnamese": "120",
    "filled_by": "Trần Thị Bình, kế toán trưởng",
    "contact": "0905 123 456",
}


def press_send(page: Page) -> None:
    page.get_by_role("button", name="Gửi báo cáo").click()


def shoot(page: Page, name: str) -> None:
    """Keep a picture where ``PORTFOLIO_TEST_PICTURES`` says."""
    folder = os.environ.get("PORTFOLIO_TEST_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("script", [True, False])
def test_a_mistake_a_photo_a_slow_line_and_two_presses_make_one_report(
    office: Office, opens: Opens, photo: dict[str, object], script: bool
) -> None:
    path = office.link()
    page, mark = opens(path, script=script), "script" if script else "plain"
    expect(page.locator("h1")).to_have_text("Báo cáo quý, Quý IV/2026")
    expect(page.locator("main")).to_contain_text(office.owed.code)
    shoot(page, f"1-form-{mark}")
    fill(page, **GOOD, physical_percent="145")
    page.set_input_files("input[type=file]", files=[photo])
    press_send(page)
    expect(page.locator(".error-summary")).to_contain_text("Có 1 lỗi cần sửa")
    expect(page.locator("[name=realised_total]")).to_have_value("118,4")
    expect(page.locator(".kept")).to_contain_text("công trường.jpg")
    shoot(page, f"2-error-{mark}")
    assert office.reports() == []
    fill(page, physical_percent="45")
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    page.get_by_role("button", name="Gửi báo cáo").dblclick()
    expect(page.locator("h1")).to_have_text("Đã nhận báo cáo", timeout=30_000)
    shoot(page, f"3-receipt-{mark}")
    digest = page.locator(".seal").inner_text()
    assert re.fullmatch("[0-9a-f]{64}", digest)
    (report,) = office.reports()
    assert report.physical_percent == Decimal(45)
    (kept,) = office.photos()
    assert b"Exif" not in kept, "the place is gone"
    page.goto(path)
    expect(page.locator(".seal")).to_have_text(digest)


def test_a_photo_is_made_smaller_before_it_travels_on_a_slow_line(
    office: Office, opens: Opens, photo: dict[str, object]
) -> None:
    page = opens(office.link())
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    fill(page, **GOOD)
    page.evaluate(
        "new MutationObserver(([one]) => { sessionStorage.said = one.target.innerText; })"
        ".observe(document.querySelector('[data-sending]'), {attributes: true})"
    )
    with page.expect_request(lambda sent: sent.method == "POST") as posted:
        page.set_input_files("input[type=file]", files=[photo])
        # Pressed at once, while the photo is still being made smaller.
        page.get_by_role("button", name="Gửi báo cáo").click(no_wait_after=True)
    expect(page.locator("h1")).to_have_text("Đã nhận báo cáo", timeout=60_000)
    assert "Đang gửi" in page.evaluate("sessionStorage.said"), "the page said so meanwhile"
    assert posted.value.method == "POST"
    (kept,) = office.photos()
    with Image.open(io.BytesIO(kept)) as drawn:
        assert drawn.size == (2400, 1600)
    assert len(office.reports()) == 1


@pytest.mark.parametrize("script", [True, False])
def test_back_and_sent_again_and_a_second_tab_lead_to_the_same_receipt(
    office: Office, opens: Opens, script: bool
) -> None:
    path = office.link()
    page = opens(path, script=script)
    other = page.context.new_page()
    other.goto(path)
    fill(page, **GOOD)
    press_send(page)
    expect(page.locator("h1")).to_have_text("Đã nhận báo cáo")
    digest = page.locator(".seal").inner_text()
    fill(other, **(GOOD | {"realised_total": "999"}))
    press_send(other)
    expect(other.locator(".seal")).to_have_text(digest)
    page.go_back()
    if page.locator("button.send").count():
        fill(page, **GOOD)
        press_send(page)
    expect(page.locator(".seal")).to_have_text(digest)
    (report,) = office.reports()
    assert report.realised_total == Decimal(118_400_000_000)


def test_files_sent_first_wait_and_the_text_with_them(
    office: Office, opens: Opens, photo: dict[str, object]
) -> None:
    path = office.link()
    page = opens(path, script=False)
    fill(page, wishes="Đề nghị sớm bàn giao phần đất còn lại")
    page.set_input_files("input[type=file]", files=[photo])
    page.get_by_role("button", name="Gửi tệp trước, điền tiếp sau").click()
    expect(page.locator(".kept li")).to_have_count(1)
    other = opens(path)
    expect(other.locator("[name=wishes]")).to_have_value("Đề nghị sớm bàn giao phần đất còn lại")
    expect(other.locator(".kept li")).to_have_count(1)
    other.get_by_role("button", name="Gỡ").click()
    expect(other.locator(".kept")).to_have_count(0)


def test_what_was_sent_back_is_mended_at_the_same_link(office: Office, opens: Opens) -> None:
    path = office.link()
    page = opens(path)
    fill(page, **GOOD)
    press_send(page)
    expect(page.locator("h1")).to_have_text("Đã nhận báo cáo")
    office.send_back("Thiếu số lao động người nước ngoài")
    page.goto(path)
    expect(page.locator("#sent-back")).to_contain_text("Thiếu số lao động người nước ngoài")
    expect(page.locator("[name=realised_total]")).to_have_value("118,4")
    shoot(page, "4-sent-back")
    fill(page, jobs_foreign="3")
    press_send(page)
    expect(page.locator("h1")).to_have_text("Đã nhận báo cáo")
    (report,) = office.reports()
    assert report.jobs_foreign == 3


def arrive(office: Office, page: Page, where: str) -> None:
    """The page in one of its states."""
    path = office.link()
    page.goto(path if where != "ended" else "/answer/" + "x" * 43)
    if where == "error":
        fill(page, physical_percent="145", realised_total="5.345", filled_by="")
        press_send(page)
    if where in {"receipt", "sent back"}:
        fill(page, **GOOD)
        press_send(page)
    if where == "sent back":
        office.send_back("Thiếu ảnh")
        page.goto(path)
    page.wait_for_load_state()


STATES = ("form", "error", "receipt", "sent back", "ended")


@pytest.mark.parametrize("width", [390, 1366])
def test_axe_finds_nothing(office: Office, opens: Opens, width: int) -> None:
    page, found = opens("/accessibility", width=width), {}
    debugger = page.context.new_cdp_session(page)
    ask = (
        f"axe.run(document, {{runOnly: {{type: 'tag', values: {json.dumps(RULES)}}}}}).then(found => "
        "JSON.stringify(found.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 150))])))"
    )
    for where in STATES:
        arrive(office, page, where)
        debugger.send("Runtime.evaluate", {"expression": AXE.read_text()})
        how = {"expression": ask, "awaitPromise": True, "returnByValue": True}
        found[where] = json.loads(debugger.send("Runtime.evaluate", how)["result"]["value"])
        shoot(page, f"5-{where.replace(' ', '-')}-{width}")
    assert found == {where: [] for where in STATES}


@pytest.mark.parametrize("width", [320, 390, 1366])
def test_no_page_scrolls_sideways_and_no_target_is_small(
    office: Office, opens: Opens, width: int
) -> None:
    page, seen, small = opens("/accessibility", width=width), {}, []
    for where in STATES:
        arrive(office, page, where)
        seen[where] = page.evaluate("document.documentElement.scrollWidth")
        small += page.evaluate(
            "Array.from(document.querySelectorAll('main button, main input:not([type=hidden]), main select, main textarea'))"
            ".map(e => [e.name || e.textContent, e.getBoundingClientRect()])"
            ".filter(([, box]) => box.width && (box.height < 24 || box.width < 24)).map(([name]) => name)"
        )
        fonts = page.evaluate(
            "Math.min(...Array.from(document.querySelectorAll('body *')).filter(e => e.innerText)"
            ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
        )
        assert fonts >= 14
    assert seen == dict.fromkeys(STATES, width)
    assert small == []


def test_the_link_ends_in_a_month_at_the_earliest(office: Office, opens: Opens) -> None:
    page = opens(office.link())
    last = (today() + timedelta(days=30)).strftime("%d/%m/%Y")
    words = page.locator("main").inner_text()
    days = re.findall(r"Đường dẫn dùng được đến\s+(\d\d/\d\d/\d{4})", words)
    assert len(days) == 1
    assert days[0][6:] + days[0][3:5] + days[0][:2] >= last[6:] + last[3:5] + last[:2]
