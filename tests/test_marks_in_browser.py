"""Delay marks in a real browser: three projects late with one reason, with and without scripts."""

import json
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from portfolio import create_app
from portfolio.office.people import OfficeKind, Role
from portfolio.register.marks import DelayMark
from tests.conftest import SECRET, own_database
from tests.office.conftest import PASSWORD, make_person, opened
from tests.register.desk import Desk, lay_out, log
from tests.register.test_marks import late_project
from tests.web.test_in_browser import AXE, RULES

pytestmark = pytest.mark.browser

ZONE_OFFICER, FINANCE = "khu@example.org", "taichinh@example.org"
NAMES = (
    "Nhà máy chế biến dược liệu công nghệ cao và vùng trồng nguyên liệu Măng Đen",
    "Khu nghỉ dưỡng sinh thái hồ Đăk Ke",
    "Nhà máy điện gió Kon Plông giai đoạn hai",
)
Opens = Callable[..., Page]


@pytest.fixture(scope="module")
def live(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The program on a database of its own: three late projects, one that is not, two officers."""
    folder = tmp_path_factory.mktemp("marks")
    with own_database(database_url, folder, "marks") as url:
        app = create_app(SECRET_KEY=SECRET, DATABASE_URL=url, VAR_DIR=str(folder))
        assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
        with app.app_context(), opened(app) as db:
            desk: Desk = lay_out(db)
            for name in NAMES:
                late_project(db, desk, name)
            log(db, desk, "Dự án chưa có tiến độ")
            db.commit()
        make_person(app, Role.ADMINISTRATOR, email="quantri@example.org")
        make_person(app, Role.ZONE_OFFICER, email=ZONE_OFFICER, zone_ids=(desk.mang_den,))
        make_person(app, Role.FINANCE_OFFICER, email=FINANCE, kind=OfficeKind.FINANCE)
        yield app
        app.extensions["database"].engine.dispose()


@pytest.fixture(scope="module")
def site(live: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, live, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opens(chromium: Browser, site: str) -> Iterator[Opens]:
    """Signs in and opens a page; at the end no page may have broken the content policy."""
    contexts, complaints = [], []

    def open_page(path: str, width: int = 1366, *, script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site,
            java_script_enabled=script,
            viewport={"width": width, "height": 768 if width > 800 else 844},
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda told: complaints.append(told.text) if told.type == "error" else None,
        )
        page.goto("/sign-in")
        page.fill("input[name=email]", ZONE_OFFICER)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button.btn-primary")
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def marks(app: Flask) -> list[tuple[str, str | None]]:
    with app.app_context(), opened(app) as db:
        found = db.scalars(select(DelayMark).order_by(DelayMark.id))
        return [(mark.verdict.value, mark.note) for mark in found]


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [1366, 390])
def test_three_projects_are_marked_late_with_one_reason(
    live: Flask, opens: Opens, script: bool, width: int
) -> None:
    before = len(marks(live))
    page = opens("/projects?state=late", width, script=script)
    boxes = page.locator("input[name=code]")
    expect(boxes).to_have_count(3)
    if script:
        bar = page.locator(".mark-bar")
        bar.get_by_label("Chọn tất cả trên trang").check()
        expect(bar).to_contain_text("3 dự án được chọn")
        boxes.first.uncheck()
        expect(bar).to_contain_text("2 dự án được chọn")
        # With something chosen the bar stays in sight, wherever the list is scrolled to.
        assert bar.bounding_box()["y"] < page.viewport_size["height"]
        boxes.first.check()
    else:
        for box in boxes.all():
            box.check()
    page.get_by_role("button", name="Ghi nhận chậm tiến độ các dự án đã chọn").click()
    expect(page.locator("h1")).to_have_text("Ghi nhận chậm tiến độ: 3 dự án")
    for name in NAMES:
        expect(page.locator("table")).to_contain_text(name)
    reason = f"Kiểm tra ngày 20/11/2026, màn hình {width}, {'có' if script else 'không'} kịch bản"
    page.get_by_label("Xác nhận chậm tiến độ").check()
    page.select_option("select[name=cause]", "investor_finance")
    page.fill("textarea[name=note]", reason)
    page.get_by_role("button", name="Lưu cho 3 dự án").click()
    expect(page.locator("body")).to_contain_text("Đã ghi nhận: 3 dự án")
    assert page.url.endswith("/projects?state=late")
    expect(page.locator(".word-sign").first).to_have_text("đã xác nhận")
    assert marks(live)[before:] == [("confirms", reason)] * 3


def test_a_form_that_is_sent_again_after_going_back_marks_once(live: Flask, opens: Opens) -> None:
    page = opens("/delay-marks/new?code=KT-0002")
    page.get_by_label("Có ý kiến khác").check()
    page.select_option("select[name=cause]", "licences")
    page.fill("textarea[name=note]", "Đang chờ giấy phép xây dựng")
    before = len(marks(live))
    sent = page.evaluate(
        """async () => {
            const form = document.querySelector("form.form");
            const send = () => fetch(location.pathname, {method: "POST", body: new URLSearchParams(new FormData(form))});
            return (await Promise.all([send(), send()])).map((answer) => answer.status);
        }"""
    )
    assert sent == [200, 200]
    assert len(marks(live)) == before + 1
    page.goto("/projects/KT-0002")
    expect(page.locator("#marks")).to_contain_text("Đang chờ giấy phép xây dựng")
    expect(page.locator(".warnings")).to_contain_text("INV-LATE")


def test_text_typed_after_the_session_ended_comes_back_with_the_projects(opens: Opens) -> None:
    page = opens("/delay-marks/new?code=KT-0001&code=KT-0003")
    page.fill("textarea[name=note]", "Một đoạn dài đã gõ xong thì phiên làm việc kết thúc")
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Lưu cho 2 dự án").click()
    page.fill("input[name=email]", ZONE_OFFICER)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button.btn-primary")
    expect(page.locator("h1")).to_have_text("Ghi nhận chậm tiến độ: 2 dự án")
    expect(page.locator("textarea[name=note]")).to_have_value(
        "Một đoạn dài đã gõ xong thì phiên làm việc kết thúc"
    )


PAGES = (
    "/projects?state=late",
    "/projects?mark=any&cause=investor_finance",
    "/delay-marks/new",
    "/delay-marks/new?code=KT-0001&code=KT-0002&code=KT-0003",
    "/delay-marks/new?code=KT-0004",
    "/projects/KT-0001",
    "/projects/KT-0004",
    "/projects/KT-0001/circumstances/add",
)


@pytest.mark.parametrize("width", [1366, 390, 320])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(opens: Opens, width: int) -> None:
    page, found = opens("/projects", width), {}
    debugger = page.context.new_cdp_session(page)
    ask = (
        f"axe.run(document, {{runOnly: {{type: 'tag', values: {json.dumps(RULES)}}}}}).then(found => "
        "JSON.stringify(found.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 150))])))"
    )
    links = page.locator("a[href$=withdraw]")
    page.goto("/projects/KT-0001")
    paths = (*PAGES, *([links.first.get_attribute("href")] if links.count() else []))
    for path in paths:
        page.goto(path)
        debugger.send("Runtime.evaluate", {"expression": AXE.read_text()})
        how = {"expression": ask, "awaitPromise": True, "returnByValue": True}
        told = json.loads(debugger.send("Runtime.evaluate", how)["result"]["value"])
        found[path] = (told, page.evaluate("document.documentElement.scrollWidth"))
    assert found == {path: ([], width) for path in paths}
