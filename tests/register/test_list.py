"""The register list as people see it: one address holds its whole state, without any script."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portfolio.office.people import Role, User
from portfolio.office.trail import Origin, record
from portfolio.register import counting
from portfolio.register.line import SORTED_BY
from portfolio.register.project import Project
from tests.browser import Browser
from tests.conftest import AT
from tests.office.conftest import opened
from tests.register.desk import browser_of, lay_out, log, officer
from tests.register.shelf import Shelf, Statements, put_up

MOST_STATEMENTS = 6


@pytest.fixture
def shelf(app: Flask) -> Shelf:
    with opened(app) as db:
        made = put_up(db, lay_out(db))
        db.refresh(made.reader)
        db.expunge(made.reader)
        return made


@pytest.fixture
def browser(app: Flask, shelf: Shelf) -> Browser:
    """A finance officer, who sees everything."""
    return browser_of(app, shelf.reader.id)


def codes(browser: Browser) -> list[str]:
    return [cell.get_text() for cell in browser.soup.select(".register td.code")]


def heads(browser: Browser) -> list[str]:
    return [" ".join(head.get_text().split()) for head in browser.soup.select(".register thead th")]


def link(browser: Browser, words: str) -> str:
    """The address of a link of the page, by its words."""
    found = [a for a in browser.soup.select("main a") if " ".join(a.get_text(" ").split()) == words]
    assert found, f"no link {words!r}"
    return str(found[0]["href"])


def go(browser: Browser, words: str) -> None:
    """Click it."""
    target = link(browser, words)
    browser.get(target if target.startswith("/") else f"/projects{target}")


def speak(app: Flask, user_id: int, language: str) -> None:
    with opened(app) as db:
        db.execute(User.__table__.update().where(User.id == user_id).values(language=language))
        db.commit()


# The page -------------------------------------------------------------------------------------


def test_the_list_shows_fifty_projects_and_its_figures(browser):
    assert browser.get("/projects").status_code == 200
    assert codes(browser) == [f"KT-{i:04}" for i in range(1, 51)]
    assert "Dự án 1–50 trong 60" in browser.words
    assert heads(browser) == [
        "Mã", "Dự án, nhà đầu tư", "Khu, ngành", "Vốn (tỷ đồng)",
        "Hạn hoàn thành, số tháng chậm", "Giai đoạn, tiến độ", "Cảnh báo",
    ]  # fmt: skip
    figures = [" ".join(item.get_text(" ").split()) for item in browser.soup.select(".figures li")]
    assert figures[0] == "60 dự án"
    assert re.fullmatch(r"[\d.,]+ tỷ đồng", figures[1])
    assert figures[2] == "8 chưa rõ vốn"
    assert browser.soup.select_one('.register a.name[href="/projects/KT-0001"]')


def test_each_figure_is_a_link_to_its_filter(browser):
    browser.get("/projects")
    figures = [(a.b.get_text(), a["href"]) for a in browser.soup.select(".figures a")]
    by_state = {a: int(number) for number, a in figures if a.startswith("?state=")}
    assert len(figures) == len(by_state) + 2
    assert sum(by_state.values()) == 60
    assert {"?state=on_time", "?state=late", "?state=silent", "?state=undated"} <= set(by_state)
    for number, address in figures:
        browser.get(f"/projects{address}")
        assert len(codes(browser)) == int(number)
        assert browser.soup.select_one(".chip")


def test_a_row_says_stage_schedule_and_warnings_in_words(browser):
    browser.get("/projects?state=late&sort=-warnings")
    row = browser.soup.select_one(".register tbody tr")
    assert row.select_one(".flag-red, .flag-amber").get_text().startswith("Chậm")
    assert row.select_one(".tag").get_text()
    assert "Chậm tiến độ" in row.get_text()
    assert {cell["data-l"] for cell in row.select("[data-l]")} == {
        "Mã", "Khu, ngành", "Vốn (tỷ đồng)", "Hạn hoàn thành", "Giai đoạn, tiến độ", "Cảnh báo",
    }  # fmt: skip
    months = row.select_one('[data-l="Hạn hoàn thành"] .sub')
    assert months["title"] == "Tháng chậm: đầu / mới nhất / dự báo"
    assert re.match(r"[\d–]+ / [\d–]+ / [\d–]+", months.get_text())


def test_the_list_in_english(app, shelf, browser):
    speak(app, shelf.reader.id, "en")
    browser.get("/projects?capital_from=2&sort=-capital&col=code&col=capital&col=due&col=listing")
    assert heads(browser) == [
        "Code",
        "Project, investor",
        "List",
        "Capital (billion đồng)",
        "To be completed, months late",
    ]
    assert browser.soup.html["lang"] == "en"
    assert "Capital from VND 2.0 billion" in browser.words
    assert "12.5" in browser.soup.select_one(".register td.num").get_text()


def test_nothing_that_people_wrote_is_markup(app, shelf, browser):
    hostile = '"><img src=x onerror=alert(1)>&amp;{{7*7}}'
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == "KT-0001")).one()
        project.name, project.certificate_no = hostile, "<b>9</b>"
        record(db, project, "correct_facts", Origin(None, AT))
        db.commit()
    columns = "".join(
        f"&col={key}" for key in ("code", "project", "place", "certificate", "source")
    )
    page = browser.get(f"/projects?q=img{columns}").text
    assert "<img src=x" not in page
    assert "<b>9</b>" not in page
    assert "49" not in codes(browser)
    assert browser.soup.select_one(".register .name").get_text() == hostile
    browser.get("/projects", query_string={"q": hostile})
    assert browser.soup.select_one("#q")["value"] == hostile
    assert "<img src=x" not in browser.page.text


# Filters --------------------------------------------------------------------------------------


def test_filters_become_chips_that_remove_them(browser):
    browser.get("/projects?listing=licensed&capital_from=2&q=so")
    chips = {" ".join(a.get_text().split()): a["href"] for a in browser.soup.select(".chip")}
    assert list(chips) == [
        "Tìm: “so” × – bỏ bộ lọc này",
        "Danh sách: Đã cấp phép × – bỏ bộ lọc này",
        "Vốn từ 2,0 tỷ đồng × – bỏ bộ lọc này",
    ]
    without = parse_qs(urlsplit(chips["Danh sách: Đã cấp phép × – bỏ bộ lọc này"]).query)
    assert without == {"q": ["so"], "capital_from": ["2"]}
    form = browser.soup.select_one("form.filters")
    assert form.select_one("#listing option[selected]")["value"] == "licensed"
    assert form.select_one("#capital_from")["value"] == "2"
    go(browser, "Xoá tất cả bộ lọc")
    assert len(codes(browser)) == 50


def test_the_form_sends_its_whole_state_and_the_address_keeps_what_is_filled_in(browser):
    browser.get("/projects?sort=-capital&size=25&col=code&col=capital")
    form = browser.soup.select_one("form.filters")
    hidden = [(box["name"], box["value"]) for box in form.select("input[type=hidden]")]
    assert hidden == [
        ("sort", "-capital"),
        ("size", "25"),
        ("col", "code"),
        ("col", "project"),
        ("col", "capital"),
    ]
    answer = browser.get("/projects?q=&listing=licensed&zone=&capital_from=&sort=-capital&col=code")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/projects?listing=licensed&sort=-capital&col=code"
    assert browser.get("/projects?q=&zone=").headers["Location"] == "/projects"


def test_what_is_not_known_is_ignored(browser):
    whole = codes_at(browser, "/projects")
    for address in ("?foo=bar", "?sort=id", "?sort=-", "?size=7", "?size=1e9", "?after=x", "?before=%00",
                    "?col=secret", "?utm_source=mail", "?page=3", "?limit=1000000"):  # fmt: skip
        assert codes_at(browser, f"/projects{address}") == whole, address


def codes_at(browser: Browser, address: str) -> list[str]:
    assert browser.get(address).status_code == 200, address
    return codes(browser)


def test_a_bad_filter_is_said_at_its_field_and_nothing_is_lost(browser):
    browser.get("/projects?capital_from=abc&changed=31/02/2026&listing=licensed&investor_name=mai")
    assert browser.page.status_code == 200
    assert browser.soup.title.get_text().startswith("Lỗi: ")
    summary = browser.soup.select_one(".error-summary")
    assert [(a["href"], a.get_text()) for a in summary.select("a")] == [
        ("#capital_from", "Nhập vốn bằng số, ví dụ 8.033,8"),
        ("#changed", "Không có ngày 31/02/2026; tháng 2 năm 2026 có 28 ngày"),
    ]
    box = browser.soup.select_one("#capital_from")
    assert (box["value"], box["aria-invalid"]) == ("abc", "true")
    assert (
        browser.soup.find(id=box["aria-describedby"]).get_text()
        == "Nhập vốn bằng số, ví dụ 8.033,8"
    )
    assert browser.soup.select_one("#investor_name")["value"] == "mai"
    assert browser.soup.select_one(".more-filters details").has_attr("open")
    # The list is shown with the filters that were understood, and links keep what was not.
    sorting = parse_qs(urlsplit(browser.soup.select_one(".empty a")["href"]).query)
    assert sorting["capital_from"] == ["abc"]


def test_an_empty_result_says_which_filter_to_drop(browser):
    browser.get("/projects?q=khong+co&listing=solicited&no_capital=1")
    assert codes(browser) == []
    assert "Không có dự án nào khớp với tất cả bộ lọc này." in browser.words
    ways = [" ".join(a.get_text().split()) for a in browser.soup.select(".empty a")]
    assert ways[0].startswith("Bỏ: Tìm: “khong co” (còn ")
    assert ways[0] != "Bỏ: Tìm: “khong co” (còn 0)"
    assert "Bỏ: Danh sách: Đang kêu gọi (còn 0)" in ways or any(
        "(còn 0)" in way for way in ways[1:]
    )
    assert ways[-1] == "Bỏ mọi bộ lọc"
    browser.get(f"/projects{browser.soup.select_one('.empty a')['href']}")
    assert codes(browser)


# Order and pages ------------------------------------------------------------------------------


def test_every_column_sorts_both_ways_and_says_so(browser):
    every = "&".join(f"col={key}" for key in ("code", "project", "listing", "zone", "place", "capital", "area", "due", "late", "silence", "status", "warnings", "certificate", "changed", "source"))  # fmt: skip
    browser.get(f"/projects?{every}")
    links = {a["href"] for a in browser.soup.select(".register thead a")}
    asked = {parse_qs(urlsplit(address).query)["sort"][0].lstrip("-") for address in links}
    assert asked == set(SORTED_BY)
    browser.get("/projects?sort=-capital")
    (head,) = browser.soup.select(".register th[aria-sort]")
    assert (head.get_text(), head["aria-sort"]) == ("Vốn (tỷ đồng)", "descending")
    assert "sắp xếp theo cột Vốn (tỷ đồng), giảm dần" in browser.soup.caption.get_text()
    go(browser, "Vốn (tỷ đồng)")
    (head,) = browser.soup.select(".register th[aria-sort]")
    assert head["aria-sort"] == "ascending"


def test_pages_go_forward_and_back(browser):
    browser.get("/projects?size=25&sort=-capital")
    first = codes(browser)
    go(browser, "Trang sau")
    assert "Dự án 26–50 trong 60" in browser.words
    go(browser, "Trang sau")
    assert "Dự án 51–60 trong 60" in browser.words
    assert not browser.soup.select("[rel=next]")
    go(browser, "Trang trước")
    assert "Dự án 26–50 trong 60" in browser.words
    go(browser, "Trang trước")
    assert codes(browser) == first
    assert "Dự án 1–25 trong 60" in browser.words
    go(browser, "100")
    assert len(codes(browser)) == 60
    assert "size=100" in browser.path


def test_another_filter_begins_on_the_first_page(browser):
    browser.get("/projects?size=25")
    go(browser, "Trang sau")
    form = browser.soup.select_one("form.filters")
    assert not form.select("[name=after], [name=before]")
    links = browser.soup.select(".figures a, .register thead a, .panel a, .paging p a")
    assert len(links) > 15
    assert not [a["href"] for a in links if "after=" in a["href"] or "before=" in a["href"]]


def test_columns_are_chosen_in_the_address(browser):
    browser.get("/projects?col=capital&col=place&col=nonsense&sort=place")
    assert heads(browser) == ["Dự án, nhà đầu tư", "Địa điểm", "Vốn (tỷ đồng)"]
    ticked = [box["value"] for box in browser.soup.select('input[name="col"][checked]')]
    assert ticked == ["project", "place", "capital"]
    assert "col=project&col=place&col=capital" in link(browser, "25")


# Cost -----------------------------------------------------------------------------------------

ADDRESSES = (
    "", "?q=so", "?q=so&sort=-capital", "?q=dak&listing=licensed&state=late&severity=review",
    "?zone={zone}&place={place}&rule=INV-LATE&capital_from=1", "?investor_name=abc", "?investor=1",
    "?as_of=2026-11-22", "?as_of=2026-11-22&q=so&sort=name", "?q=zzz&listing=licensed&state=done",
    "?as_of=2020-01-01", "?size=100&sort=-warnings", "?capital_from=x", "?source=own",
)  # fmt: skip


@time_machine.travel(datetime(2026, 11, 23, 3, 0, tzinfo=UTC), tick=False)
def test_a_page_costs_six_statements_at_most(app, shelf, monkeypatch):
    browser = browser_of(app, shelf.reader.id)
    browser.get("/projects")
    engine = app.extensions["database"].engine
    for look_up in (2000, 5):
        monkeypatch.setattr(counting, "MOST_LOOKED_UP", look_up)
        for address in ADDRESSES:
            place = address.format(zone=shelf.desk.mang_den, place=shelf.desk.dak_long[0])
            app.extensions.pop("register_choices", None)
            with Statements(engine) as statements:
                assert browser.get(f"/projects{place}").status_code == 200, place
            assert len(statements.said) <= MOST_STATEMENTS, (place, statements.said)


def test_the_number_of_rows_does_not_change_the_number_of_statements(app, shelf):
    browser = browser_of(app, shelf.reader.id)
    browser.get("/projects")
    engine = app.extensions["database"].engine
    counts = []
    for size in (25, 100):
        with Statements(engine) as statements:
            browser.get(f"/projects?size={size}")
        counts.append(len(statements.said))
    assert counts[0] == counts[1]


# As known on a past day -----------------------------------------------------------------------


@time_machine.travel(datetime(2026, 11, 25, 3, 0, tzinfo=UTC), tick=False)
def test_the_register_as_known_on_a_past_day(app, shelf):
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == "KT-0002")).one()
        project.name = "Tên hôm nay"
        record(db, project, "correct_facts", Origin(None, AT + timedelta(days=2)))
        log(db, shelf.desk, "Dự án mới", origin=Origin(None, AT + timedelta(days=2)))
        db.commit()
    browser = browser_of(app, shelf.reader.id)
    browser.get("/projects?as_of=2026-11-22&sort=code&q=so")
    assert "Sổ như đã biết ngày 22/11/2026" in browser.soup.select_one(".past").get_text()
    assert "60 dự án" in browser.words
    names = [a.get_text() for a in browser.soup.select(".register .name")]
    assert "Tên hôm nay" not in names
    assert (
        browser.soup.select_one(".register .name")["href"] == "/projects/KT-0001?as_of=2026-11-22"
    )
    assert "as_of=2026-11-22" in link(browser, "Trang sau")
    go(browser, "Về sổ hôm nay")
    assert "59 dự án" in browser.words
    assert not browser.soup.select(".past")
    assert browser.get("/projects?as_of=22/11/2026").status_code == 200
    assert "Sổ như đã biết ngày 22/11/2026" in browser.words


@time_machine.travel(datetime(2026, 11, 25, 3, 0, tzinfo=UTC), tick=False)
def test_a_day_before_the_first_entry_says_when_the_register_begins(app, shelf):
    browser = browser_of(app, shelf.reader.id)
    browser.get("/projects?as_of=2026-11-21")
    assert codes(browser) == []
    assert "Dự án đầu tiên được ghi vào sổ ngày 22/11/2026" in browser.words


@time_machine.travel(datetime(2026, 11, 25, 3, 0, tzinfo=UTC), tick=False)
def test_a_day_that_is_none_or_still_to_come_is_an_error(app, shelf):
    browser = browser_of(app, shelf.reader.id)
    for day, said in (
        ("2026-11-26", "Ngày này chưa đến"),
        ("9999-12-31", "Ngày này chưa đến"),
        ("2026-02-31", "Không có ngày này"),
        ("31/02/2026", "Không có ngày 31/02/2026"),
        ("hôm qua", "Nhập một thời điểm"),
        ("x" * 3000, "Nhập một thời điểm"),
    ):
        assert browser.get("/projects", query_string={"as_of": day}).status_code == 400, day
        assert said in browser.soup.select_one(".error-summary").get_text(), day
        assert not browser.soup.select(".register")
        assert browser.soup.select_one("#as_of")["value"] == day
    # The evening of the 25th in London is the 26th in Kon Tum.
    with time_machine.travel(datetime(2026, 11, 25, 17, 30, tzinfo=UTC), tick=False):
        evening = browser_of(app, shelf.reader.id)
        assert evening.get("/projects?as_of=2026-11-26").status_code == 200


# Who sees what --------------------------------------------------------------------------------


def test_a_zone_officer_sees_only_the_own_zone_even_in_figures_and_options(app, shelf):
    with opened(app) as db:
        confined = officer(db, shelf.desk, Role.ZONE_OFFICER, shelf.desk.kon_tum).id
    browser = browser_of(app, confined)
    browser.get("/projects?size=100")
    assert {int(code[3:]) % 3 for code in codes(browser)} == {1}
    assert "20 dự án" in browser.words
    zones = [option.get_text().strip() for option in browser.soup.select("#zone option")]
    assert zones == ["Tất cả", "KCN Kon Tum"]
    browser.get(f"/projects?zone={shelf.desk.mang_den}")
    assert "Chọn một mục có trong danh sách" in browser.words
    assert "Măng Đen" not in browser.soup.select_one(".chips, .sheet").get_text()
    browser.get("/projects?q=mang+den")
    assert all(int(code[3:]) % 3 == 1 for code in codes(browser))


def test_a_visitor_is_asked_to_sign_in(app, shelf):
    answer = app.test_client().get("/projects?listing=licensed")
    assert answer.status_code in {302, 303}
    assert "/sign-in" in answer.headers["Location"]


def test_only_who_may_log_and_export_is_offered_to(app, shelf):
    with opened(app) as db:
        reader = officer(db, shelf.desk, Role.READER).id
    browser = browser_of(app, reader)
    browser.get("/projects")
    text = browser.words
    assert "Thêm dự án" not in text
    assert "Tệp Excel" not in text
    assert "Chia sẻ trong cơ quan" not in text


def test_an_empty_register_says_so(app, shelf):
    with opened(app) as db:
        nobody = officer(db, shelf.desk, Role.ZONE_OFFICER, email="none@example.org").id
    browser = browser_of(app, nobody)
    browser.get("/projects")
    assert "Chưa có dự án nào." in browser.words
