"""The whole register in a real browser: what a newcomer does on the first day, and on a phone."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from portfolio import create_app
from portfolio.exchange.seed import load_seeds
from portfolio.office.people import OfficeKind, Role
from portfolio.schedule.evaluate import evaluate_portfolio
from portfolio.web.clock import now, today
from tests.conftest import CHECKOUT, SECRET, own_database
from tests.office.conftest import PASSWORD, make_person, opened
from tests.web.test_in_browser import AXE, RULES

pytestmark = pytest.mark.browser

OFFICER = "taichinh@example.org"
COLLEAGUE = "dongnghiep@example.org"
MAIN_PAGES = [
    "/projects",
    "/projects?state=late&q=dak",
    "/projects?q=khong-co-gi",
    "/projects/KT-0166",
    "/projects/KT-0166?as_of=2020-01-01",
    "/projects/KT-0166/history",
    "/projects/KT-0166/flags",
    "/projects/KT-0094/flags/INV-T24",
    "/projects/KT-0094/what-if?day-1-completion=31/12/2099&cause=b&since=01/01/2022",
    "/projects/KT-0094/milestones",
    "/projects/KT-0094/schedules/add",
    "/projects/KT-0166/facts/edit",
    "/projects/KT-0166/papers/add",
    "/projects/new",
    "/review-list",
    "/policy",
    "/policy/versions",
    "/policy/1/changes",
    "/policy/holidays",
    "/policy/new",
    "/reports",
    "/catalogue",
    "/jobs",
    "/zones",
    "/places",
    "/investors",
    "/account",
    "/help",
    "/nowhere",
]
Opens = Callable[..., Page]


@pytest.fixture(scope="module")
def live(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The program on a database of its own with the seeds, a finance officer and a colleague."""
    folder = tmp_path_factory.mktemp("live")
    with own_database(database_url, folder, "live") as url:
        app = create_app(SECRET_KEY=SECRET, DATABASE_URL=url, VAR_DIR=str(folder))
        assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
        with app.app_context(), opened(app) as db:
            load_seeds(db, CHECKOUT / "seeds", now())
            db.commit()
            evaluate_portfolio(db, on=today(), at=now())
            db.commit()
        make_person(app, Role.ADMINISTRATOR, email="quantri@example.org")
        for email in (OFFICER, COLLEAGUE):
            make_person(app, Role.FINANCE_OFFICER, email=email, kind=OfficeKind.FINANCE)
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

    def open_page(path: str, width: int = 1366, who: str = OFFICER, *, script: bool = True) -> Page:
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
            lambda told: (
                complaints.append(told.text) if "Content Security Policy" in told.text else None
            ),
        )
        sign_in(page, who)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page, who: str) -> None:
    if not page.url.endswith("/sign-in") and "/sign-in?" not in page.url:
        page.goto("/sign-in")
    page.fill("input[name=email]", who)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button.btn-primary")


def save(page: Page) -> None:
    page.get_by_role("button", name="Lưu", exact=True).first.click()


@pytest.mark.parametrize("script", [True, False])
def test_from_signing_in_to_the_late_projects_of_mang_den(opens: Opens, script: bool) -> None:
    page = opens("/", script=script)
    expect(page).to_have_url(re.compile("/projects$"))
    page.select_option("select[name=state]", "late")
    page.fill("input[name=q]", "dien gio kon plong")
    page.get_by_role("button", name="Lọc", exact=True).click()
    page.get_by_role("link", name="Nhà máy điện gió Kon Plông").first.click()
    warning = page.locator("main")
    expect(warning).to_contain_text("INV-T24")
    expect(warning).to_contain_text("30/04/2023")
    expect(warning).to_contain_text("Luật Đầu tư 143/2025/QH15")
    expect(warning).to_contain_text("không phải kết luận")


@pytest.mark.parametrize("script", [True, False])
def test_a_project_is_logged_changed_and_its_history_told(opens: Opens, script: bool) -> None:
    name = f"Nhà máy chế biến mắc ca Măng Đen {'có' if script else 'không'} kịch bản"
    page = opens("/projects/new", script=script)
    page.fill("input[name=name]", name)
    page.get_by_label("Kêu gọi đầu tư").check()
    page.select_option("select[name=stage]", "calling")
    page.fill("input[name=place]", "Măng Bút")
    page.fill("input[name=capital]", "1,2 nghìn tỷ")
    page.get_by_role("button", name="Ghi nhận dự án").click()
    # Two communes were called Măng Bút, one after the other: the page asks which.
    page.locator("input[name=place-reading]").first.check()
    page.get_by_role("button", name="Ghi nhận dự án").click()
    expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator("main")).to_contain_text("1.200,0 tỷ đồng")
    project = page.url.partition("?")[0]
    page.goto(f"{project}/facts/edit")
    page.fill("textarea[name=objective]", "Chế biến sâu hạt mắc ca cho xuất khẩu")
    page.fill("input[name=reason]", "bổ sung mục tiêu")
    save(page)
    expect(page.locator("main")).to_contain_text("Chế biến sâu hạt mắc ca")
    page.goto(f"{project}/history")
    history = page.locator("main")
    expect(history).to_contain_text("bổ sung mục tiêu")
    expect(history).to_contain_text("Chế biến sâu hạt mắc ca cho xuất khẩu")
    page.goto("/projects?q=mac+ca+mang+den")
    expect(page.locator("main")).to_contain_text(name)


def test_of_two_editors_one_saves_and_the_other_sees_both_texts(opens: Opens) -> None:
    address = "/projects/KT-0035/facts/edit"
    mine, theirs = opens(address), opens(address, who=COLLEAGUE)
    theirs.fill("textarea[name=objective]", "Văn bản của đồng nghiệp")
    save(theirs)
    mine.fill("textarea[name=objective]", "Văn bản của tôi")
    save(mine)
    expect(mine.locator("main")).to_contain_text("Văn bản của đồng nghiệp")
    expect(mine.locator("main")).to_contain_text("Văn bản của tôi")
    mine.goto("/projects/KT-0035")
    expect(mine.locator("main")).to_contain_text("Văn bản của đồng nghiệp")


def test_text_typed_after_the_session_ended_comes_back(opens: Opens) -> None:
    page = opens("/projects/KT-0010/facts/edit")
    typed = " ".join(["Một đoạn dài đã gõ xong thì phiên làm việc kết thúc."] * 5)
    page.fill("textarea[name=objective]", typed)
    page.context.clear_cookies(name="session")
    save(page)
    sign_in(page, OFFICER)
    expect(page.locator("textarea[name=objective]")).to_have_value(typed)


def test_impossible_days_are_refused_in_words_and_nothing_typed_is_lost(opens: Opens) -> None:
    page = opens("/projects/KT-0010/papers/add")
    page.select_option("select[name=kind]", "fine")
    page.fill("input[name=number]", "123")
    page.fill("input[name=issued_on]", "31/02/2026")
    save(page)
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("31/02/2026")
    expect(page.locator("input[name=issued_on]")).to_have_value("31/02/2026")
    expect(page.locator("input[name=number]")).to_have_value("123")
    assert page.title().startswith("Lỗi")


@pytest.mark.parametrize("width", [1366, 390])
def test_axe_finds_nothing_on_the_main_pages(opens: Opens, width: int) -> None:
    page = opens("/projects", width)
    debugger = page.context.new_cdp_session(page)
    script = Path(AXE).read_text()
    ask = (
        f"axe.run(document, {{runOnly: {{type: 'tag', values: {json.dumps(RULES)}}}}}).then(found => "
        "JSON.stringify(found.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 150))])))"
    )
    found = {}
    for path in MAIN_PAGES:
        page.goto(path)
        debugger.send("Runtime.evaluate", {"expression": script})
        how = {"expression": ask, "awaitPromise": True, "returnByValue": True}
        found[path] = json.loads(debugger.send("Runtime.evaluate", how)["result"]["value"])
    assert found == {path: [] for path in MAIN_PAGES}


@pytest.mark.parametrize("width", [1366, 390, 320])
def test_no_main_page_scrolls_sideways(opens: Opens, width: int) -> None:
    page, seen = opens("/projects", width), {}
    for path in MAIN_PAGES:
        page.goto(path)
        seen[path] = page.evaluate("document.documentElement.scrollWidth")
    assert seen == dict.fromkeys(MAIN_PAGES, width)


def test_eight_projects_fit_the_office_screen(opens: Opens) -> None:
    page = opens("/projects?state=late&sort=capital")
    fits = page.evaluate(
        "Array.from(document.querySelectorAll('table tbody tr')).filter(row =>"
        " row.getBoundingClientRect().bottom <= innerHeight).length"
    )
    assert fits >= 7
