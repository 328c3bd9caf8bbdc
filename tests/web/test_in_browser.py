"""The look and manners in a real browser: readable by everyone, at every width, with and without scripts."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from portfolio.settings import CHECKOUT

pytestmark = pytest.mark.browser

AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ["/accessibility", "/projects", "/review-list", "/project", "/form", "wrong form", "stale form", "/nowhere", "/wrong/bug"]  # fmt: skip
WIDTHS = {1366: 768, 390: 844, 320: 700}

Opens = Callable[..., Page]


@pytest.fixture
def opens(chromium: Browser, address: str) -> Iterator[Opens]:
    """Opens a page of the gallery, signed in; at the end nothing may have broken the content policy."""
    contexts, complaints = [], []

    def open_page(
        path: str, width: int = 1366, *, script: bool = True, touch: bool = False
    ) -> Page:
        context = chromium.new_context(
            base_url=address, java_script_enabled=script, has_touch=touch,
            viewport={"width": width, "height": WIDTHS.get(width, 800)},
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda told: (
                complaints.append(told.text) if "Content Security Policy" in told.text else None
            ),
        )
        page.goto("/sign-in")
        key = page.locator("input[name=csrf_token]").first.get_attribute("value")
        page.request.post("/sign-in", form={"csrf_token": key}, headers={"Origin": address})
        arrive(page, path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def arrive(page: Page, path: str) -> None:
    if path == "wrong form":
        page.goto("/form")
        page.fill("#name", "")
        page.fill("#capital", "5.345")
        page.fill("#area", "rất rộng")
        page.fill("#issued_on", "31/02/2026")
        page.get_by_role("button", name="Lưu").click()
    elif path == "stale form":
        page.goto("/form?stale=1")
        page.fill("#capital", "8.033,8")
        page.fill("#objective", "Trồng và chế biến dược liệu " * 10)
        page.get_by_role("button", name="Lưu").click()
    else:
        page.goto(path)
    page.wait_for_load_state()


@pytest.mark.parametrize("width", [1366, 390])
def test_axe_finds_nothing(gallery: Flask, opens: Opens, width: int) -> None:
    gallery.config["DEMO"] = True
    page = opens("/accessibility", width)
    # Through the debugger: the content policy would refuse the script otherwise.
    debugger = page.context.new_cdp_session(page)
    ask = (
        f"axe.run(document, {{runOnly: {{type: 'tag', values: {json.dumps(RULES)}}}}}).then(found => "
        "JSON.stringify(found.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 150))])))"
    )
    found = {}
    for path in PAGES:
        arrive(page, path)
        debugger.send("Runtime.evaluate", {"expression": AXE.read_text()})
        how = {"expression": ask, "awaitPromise": True, "returnByValue": True}
        found[path] = json.loads(debugger.send("Runtime.evaluate", how)["result"]["value"])
    assert found == {path: [] for path in PAGES}


SPACED = (
    "* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}"
    "p {margin-bottom: 2em !important}"
)
SPACE_OUT = """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet]; return document.documentElement.scrollWidth; }"""


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_out_of_the_page_even_with_wide_letters(opens: Opens, width: int) -> None:
    page, seen = opens("/accessibility", width), {}
    for path in PAGES:
        arrive(page, path)
        plain = page.evaluate("document.documentElement.scrollWidth")
        seen[path] = (plain, page.evaluate(SPACE_OUT, SPACED))
    assert seen == dict.fromkeys(PAGES, (width, width))


SMALL = """([least, kinds]) => Array.from(document.querySelectorAll(kinds)).filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && box.height && box.right > 0 && getComputedStyle(e).display !== "inline"
        && Math.min(box.width, box.height) < least; }).map(e => e.outerHTML.slice(0, 90))"""


def test_targets_are_large_enough(opens: Opens) -> None:
    with_mouse, with_finger = opens("/accessibility"), opens("/accessibility", 390, touch=True)
    small = {}
    for path in PAGES:
        arrive(with_mouse, path)
        arrive(with_finger, path)
        small[path] = with_mouse.evaluate(
            SMALL, [24, "a, button, input:not([type=hidden]), select, summary"]
        )
        small[path] += with_finger.evaluate(
            SMALL, [44, ".btn, .form-control, .form-select, .menu > summary"]
        )
    assert small == {path: [] for path in PAGES}


@pytest.mark.parametrize("path", ["/projects", "/form", "stale form"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(opens: Opens, path: str) -> None:
    page = opens(path)
    page.evaluate("document.activeElement.blur()")
    where = """() => { const e = document.activeElement; if (e === document.body) return null;
        const look = getComputedStyle(e), box = e.getBoundingClientRect();
        return [e.outerHTML.slice(0, 60), look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 3, box.left >= 0 && box.bottom > 0 && box.top < innerHeight]; }"""
    stops = []
    for _ in range(120):
        page.keyboard.press("Tab")
        stop = page.evaluate(where)
        if stop is None:
            break
        stops.append(stop)
    assert "skip" in stops[0][0]
    assert len(stops) > 10
    assert [stop for stop in stops if not (stop[1] and stop[2])] == []


def test_the_error_summary_has_the_focus_and_leads_to_the_fields(opens: Opens) -> None:
    page = opens("wrong form")
    assert page.title().startswith("Lỗi: ")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="Nhập tên dự án").click()
    assert page.evaluate("document.activeElement.id") == "name"


def test_vietnamese_pages_load_two_parts_of_the_font(opens: Opens, address: str) -> None:
    page = opens("/accessibility")
    fonts = page.evaluate(
        "performance.getEntriesByType('resource').map(e => e.name).filter(n => n.includes('woff2'))"
    )
    assert sorted(name.rpartition("/")[2] for name in fonts) == [
        "inter-latin-wght-normal.woff2",
        "inter-vietnamese-wght-normal.woff2",
    ]


def test_everything_works_without_scripts(gallery: Flask, opens: Opens) -> None:
    page = opens("/projects", 390, script=False)
    page.locator(".menu > summary").click()
    page.get_by_role("link", name="Rà soát thu hồi", exact=True).click()
    expect(page.get_by_role("heading", name="Không có dự án nào khớp với bộ lọc")).to_be_visible()
    page.goto("/form")
    page.fill("#capital", "5.345")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_label("5.345,0 tỷ đồng").check()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Tổng vốn đầu tư (tỷ đồng): 5.345,0 tỷ đồng")).to_be_visible()
    assert len(gallery.extensions["saved"]) == 1
    assert page.locator(".js-only:visible").count() == 0
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_wide_pages_show_menu_and_filters_without_a_click(opens: Opens) -> None:
    for script in (True, False):
        page = opens("/projects", script=script)
        assert page.get_by_label("Giai đoạn").is_visible()
        assert page.get_by_role("link", name="Danh mục kêu gọi").is_visible()
        assert not page.locator(".menu > summary").is_visible()


def test_leaving_a_changed_form_asks_first(opens: Opens) -> None:
    page, asked = opens("/form"), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".crumbs a").first.click()
    page.wait_for_url("**/projects")
    assert asked == []
    page.goto("/form")
    page.fill("#objective", "khác")
    page.locator(".crumbs a").first.click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.url.endswith("/form")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url("**/project?number=1")
    assert asked == ["beforeunload"]


def test_a_double_click_posts_once(opens: Opens) -> None:
    page, posts = opens("/form"), []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.get_by_role("button", name="Lưu").dblclick(no_wait_after=True)
    page.wait_for_url("**/project?number=1")
    assert len(posts) == 1


def test_files_are_judged_before_they_travel(opens: Opens, tmp_path: Path) -> None:
    page, posts = opens("/form"), []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.set_input_files(
        "#paper", {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    )
    expect(page.get_by_role("alert").filter(has_text="Không nhận loại tệp này")).to_be_visible()
    page.get_by_role("button", name="Lưu").click()
    assert posts == []
    assert page.evaluate("document.activeElement.id") == "paper"
    page.set_input_files("#paper", _file(tmp_path, 20_000_001))
    expect(page.get_by_text("Tệp quá lớn; tối đa 20 MB")).to_be_visible()
    page.set_input_files(
        "#paper", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    )
    expect(page.locator(".error")).to_have_count(0)
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url("**/project?number=1")


def _file(folder: Path, size: int) -> Path:
    path = folder / "paper.pdf"
    path.write_bytes(b"a" * size)
    return path


def test_a_file_that_is_too_large_costs_no_text_even_without_scripts(
    opens: Opens, tmp_path: Path
) -> None:
    page = opens("/form", script=False)
    page.fill("#name", "Tên vừa nhập")
    page.set_input_files("#paper", _file(tmp_path, 22_000_000))
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", name="Dữ liệu gửi lên quá lớn")).to_be_visible()
    page.get_by_role("link", name="Mở lại biểu mẫu với nội dung đã nhập").click()
    expect(page.locator("#name")).to_have_value("Tên vừa nhập")


def test_the_progress_of_a_job_moves(opens: Opens) -> None:
    page = opens("/project")
    expect(page.locator("progress")).to_have_attribute("value", "12")
    expect(page.locator("progress")).to_have_attribute("value", "40", timeout=4000)
    expect(page.locator("[data-job-words]")).to_have_text("Đang dựng trang 40 trong 79")


def test_a_code_is_copied(opens: Opens) -> None:
    page = opens("/project")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Chép mã").click()
    expect(page.get_by_role("button", name="Đã chép")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "KT-0014"


def test_the_session_is_about_to_end(gallery: Flask, opens: Opens) -> None:
    page = opens("/form")
    warning = page.locator("[data-session-minutes]")
    assert not warning.is_visible()
    page.clock.install()
    page.reload()
    page.clock.run_for(27 * 60_000 + 50_000)
    assert not warning.is_visible()
    page.clock.run_for(20_000)
    expect(warning).to_be_visible()
    expect(page.get_by_text("Phiên làm việc sẽ hết sau hai phút")).to_be_in_viewport()
    page.get_by_role("button", name="Tiếp tục làm việc").click()
    expect(warning).to_be_hidden()
    page.clock.run_for(31 * 60_000)
    expect(page.get_by_text("Phiên làm việc đã hết")).to_be_visible()


def test_a_filter_takes_effect_when_chosen_by_pointer_but_not_by_arrow_keys(opens: Opens) -> None:
    page = opens("/projects")
    page.locator("#stage").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(200)
    assert "stage" not in page.url
    page.locator("h1").click()
    page.locator("#stage").select_option("Tất cả")
    page.wait_for_url("**stage=*")
