"""Files of a list: exactly what is shown, typed, harmless in a spreadsheet, and written down."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from tempfile import gettempdir
from xml.etree import ElementTree as ET

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portfolio.exchange import workbook_out
from portfolio.exchange.csv_out import BYTE_ORDER_MARK, cell, guarded
from portfolio.exchange.export_log import Export
from portfolio.office.people import Role
from portfolio.office.trail import Origin, record
from portfolio.register.project import Project
from tests.browser import Browser
from tests.conftest import AT
from tests.office.conftest import opened
from tests.register.desk import browser_of, lay_out, log, officer
from tests.register.shelf import Shelf, Statements, put_up

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x")


@pytest.fixture
def shelf(app: Flask) -> Shelf:
    with opened(app) as db:
        made = put_up(db, lay_out(db))
        db.refresh(made.reader)
        db.expunge(made.reader)
        return made


@pytest.fixture
def browser(app: Flask, shelf: Shelf) -> Browser:
    return browser_of(app, shelf.reader.id)


def table(browser: Browser, query: str = "") -> list[list[str]]:
    answer = browser.get(f"/projects.csv{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.get_data(as_text=True)
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK))))


def workbook(browser: Browser, query: str = "") -> list[list]:
    answer = browser.get(f"/projects.xlsx{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == workbook_out_type()
    return read_sheet(answer.data)


def read_sheet(data: bytes) -> list[list]:
    """The cells of the first sheet as Excel would take them: texts, numbers and days."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314  our own
        styles = ET.fromstring(book.read("xl/styles.xml"))  # noqa: S314
    days = {
        form.get("numFmtId")
        for form in styles.iter(f"{SHEET}numFmt")
        if form.get("formatCode") == "dd/mm/yyyy"
    }
    shapes = [shape.get("numFmtId") in days for shape in styles.find(f"{SHEET}cellXfs")]
    rows: list[list] = []
    for row in sheet.iter(f"{SHEET}row"):
        rows += [[""]] * (int(row.get("r")) - len(rows))
        cells = [""] * 20
        for one in row:
            column = ord(one.get("r")[0]) - ord("A")
            if one.get("t") == "inlineStr":
                cells[column] = "".join(one.itertext())
            elif one.find(f"{SHEET}v") is not None:
                number = float(one.find(f"{SHEET}v").text)
                is_day = shapes[int(one.get("s", "0"))]
                cells[column] = date(1899, 12, 30) + timedelta(days=number) if is_day else number
        while len(cells) > 1 and cells[-1] == "":
            cells.pop()
        rows[int(row.get("r")) - 1] = cells
    return rows


def workbook_out_type() -> str:
    return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def shown(browser: Browser, query: str) -> list[str]:
    """The codes of all pages of a list."""
    browser.get(f"/projects{query}")
    codes = []
    while True:
        codes += [cell.get_text() for cell in browser.soup.select(".register td.code")]
        following = browser.soup.select_one("[rel=next]")
        if following is None:
            return codes
        browser.get(f"/projects{following['href']}")


# What is in them ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["", "?sort=-capital&size=25", "?listing=licensed&sort=name", "?q=so&capital_from=2", "?state=late&sort=-warnings"],
)  # fmt: skip
def test_files_hold_all_pages_of_the_list_in_its_order(browser, query):
    codes = shown(browser, query)
    assert [row[0] for row in table(browser, query)[1:]] == codes
    rows = workbook(browser, query)
    start = next(i for i, row in enumerate(rows) if row[0] == "Mã") + 1
    assert [row[0] for row in rows[start:]] == codes
    assert codes


def test_the_columns_are_those_chosen_one_fact_each(browser):
    usual = ["Mã", "Dự án", "Nhà đầu tư", "Khu", "Ngành", "Vốn (tỷ đồng)", "Hạn hoàn thành", "Số tháng chậm so với phê duyệt đầu", "Số tháng chậm so với phê duyệt mới nhất", "Số tháng chậm so với dự báo", "Giai đoạn", "Tiến độ", "Cảnh báo", "Ý kiến của các cơ quan", "Nguyên nhân được ghi nhận"]  # fmt: skip
    assert table(browser)[0] == usual
    assert table(browser, "?col=area&col=changed&col=source")[0] == [
        "Dự án", "Nhà đầu tư", "Diện tích (ha)", "Ngày thay đổi", "Nguồn",
    ]  # fmt: skip


def test_values_keep_their_type(browser):
    row = next(
        r for r in table(browser, "?col=code&col=capital&col=area&col=changed") if r[0] == "KT-0001"
    )
    assert row[3:] == ["0.5", "0.5", "2026-11-22"]
    unknown = next(r for r in table(browser, "?col=code&col=capital") if r[0] == "KT-0007")
    assert unknown[3] == ""
    rows = workbook(browser, "?col=code&col=capital&col=area&col=changed&sort=code")
    first = next(row for row in rows if row[0] == "KT-0001")
    assert first[3:] == [0.5, 0.5, date(2026, 11, 22)]
    assert isinstance(first[1], str)


def test_a_workbook_says_on_top_what_it_is(browser):
    rows = workbook(browser, "?listing=licensed&capital_from=2")
    top = [row[0] for row in rows[:6]]
    assert top[0] == "Dự án đầu tư"
    assert top[1] == "Danh sách: Đã cấp phép; Vốn từ 2,0 tỷ đồng"
    assert top[2] == f"{len(shown(browser, '?listing=licensed&capital_from=2'))} dòng"
    assert top[3].startswith("Lập lúc ")
    assert top[3].endswith("người lập: Người finance_officer")


def test_a_workbook_has_a_frozen_heading_and_a_filter_and_no_formula(browser):
    data = browser.get("/projects.xlsx").data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        everything = "".join(book.read(name).decode() for name in book.namelist())
    assert '<pane ySplit="6"' in sheet
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A6:O66"' in sheet
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert gettempdir() not in everything


def test_a_past_list_is_exported_as_it_was(app, shelf):
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == "KT-0002")).one()
        project.name = "Tên hôm nay"
        record(db, project, "correct_facts", Origin(None, AT + timedelta(days=2)))
        db.commit()
    with time_machine.travel(datetime(2026, 11, 25, 3, 0, tzinfo=UTC), tick=False):
        browser = browser_of(app, shelf.reader.id)
        names = [row[1] for row in table(browser, "?as_of=2026-11-22")]
        assert "Tên hôm nay" not in names
        assert "Tên hôm nay" in [row[1] for row in table(browser)]
        name = browser.page.headers["Content-Disposition"]
        assert name == "attachment; filename=du-an-2026-11-25.csv"
        rows = workbook(browser, "?as_of=2026-11-22")
        assert "Sổ như đã biết ngày 22/11/2026" in [row[0] for row in rows[:6]]


def test_files_in_english(app, shelf, browser):
    with opened(app) as db:
        db.execute(shelf.reader.__table__.update().values(language="en"))
        db.commit()
    assert table(browser, "?col=code&col=capital")[0] == [
        "Code",
        "Project",
        "Investor",
        "Capital (billion đồng)",
    ]
    answer = browser.get("/projects.xlsx")
    assert "filename=projects-" in answer.headers["Content-Disposition"]


# Harmless -------------------------------------------------------------------------------------


def test_no_cell_is_a_formula(app, shelf, browser):
    with opened(app) as db:
        for formula in FORMULAS:
            log(db, shelf.desk, f"{formula}|dự án", origin=Origin(None, AT))
        db.commit()
    names = [row[1] for row in table(browser, "?sort=-changed")[1 : len(FORMULAS) + 1]]
    assert len(names) == len(FORMULAS)
    for name in names:
        # Control letters do not even reach the register; all others get their apostrophe.
        assert name.startswith("'") or name[0] not in "=+-@＝＋－＠\t\r"
    assert sum(name.startswith("'") for name in names) >= len(FORMULAS) - 2
    data = browser.get("/projects.xlsx?sort=-changed").data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    assert "=1+1|dự án" in [row[1] for row in workbook(browser, "?sort=-changed") if len(row) > 1]


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_the_guard_knows_every_beginning(text):
    assert guarded(text) == f"'{text}"
    assert guarded(f"a{text}") == f"a{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("8033.80"), "8033.8"), (Decimal("1E+3"), "1000"), (Decimal("-1.50"), "-1.5"),
        (date(2026, 1, 31), "2026-01-31"), (None, ""), ("", ""), ("-5", "'-5"), ("a\nb", "a\nb"),
    ],
    ids=ascii,
)  # fmt: skip
def test_numbers_and_days_stay_what_they_are(value, written):
    assert cell(value) == written


def test_a_workbook_that_is_full_says_so(browser, monkeypatch):
    monkeypatch.setattr(workbook_out, "MOST_ROWS", 20)
    rows = workbook(browser)
    assert rows[-1][0] == "Tệp Excel không chứa thêm được dòng nào"
    assert len(rows) == 20


# Who takes what -------------------------------------------------------------------------------


def test_each_export_is_written_down(app, shelf, browser):
    table(browser, "?listing=licensed")
    workbook(browser, "?as_of=2026-11-22")
    with opened(app) as db:
        entries = db.scalars(select(Export).order_by(Export.id)).all()
        written = [(e.user_id, e.format, e.sentence, e.as_of, e.rows, e.address) for e in entries]
    licensed = len(shown(browser, "?listing=licensed"))
    assert written == [
        (shelf.reader.id, "csv", "Danh sách: Đã cấp phép", None, licensed, "127.0.0.1"),
        (shelf.reader.id, "xlsx", "", date(2026, 11, 22), 60, "127.0.0.1"),
    ]


def test_the_page_says_how_many_rows_there_will_be(browser):
    browser.get("/projects?listing=licensed&sort=-capital")
    panel = next(p for p in browser.soup.select(".panel") if "Tệp Excel" in p.get_text())
    addresses = [a["href"] for a in panel.select("a")]
    assert addresses == [
        f"/projects.{kind}?listing=licensed&sort=-capital" for kind in ("xlsx", "csv")
    ]
    assert f"{len(table(browser, '?listing=licensed')) - 1} dòng" in panel.get_text()


def test_who_may_not_export_meets_no_such_page(app, shelf):
    with opened(app) as db:
        reader = officer(db, shelf.desk, Role.READER).id
    browser = browser_of(app, reader)
    for path in ("/projects.csv", "/projects.xlsx"):
        assert browser.get(path).status_code == 404
        assert app.test_client().get(path).status_code in {302, 303}
    with opened(app) as db:
        assert db.scalars(select(Export)).all() == []


def test_a_zone_officer_takes_the_own_projects_only(app, shelf):
    with opened(app) as db:
        confined = officer(db, shelf.desk, Role.ZONE_OFFICER, shelf.desk.kon_tum).id
    browser = browser_of(app, confined)
    assert {int(row[0][3:]) % 3 for row in table(browser)[1:]} == {1}
    assert len(table(browser)) == 21
    text = str(workbook(browser))
    assert "Măng Đen" not in text.replace("Xã Măng Đen", "")


def test_a_filter_that_was_not_understood_is_not_exported_without_it(app, browser):
    for query in ("?capital_from=x", "?zone=999999", "?as_of=2999-01-01"):
        for kind in ("csv", "xlsx"):
            assert browser.get(f"/projects.{kind}{query}").status_code == 422
            assert "sửa bộ lọc rồi xuất lại" in browser.words
    with opened(app) as db:
        assert db.scalars(select(Export)).all() == []


def test_a_long_list_is_read_in_one_statement(app, browser):
    browser.get("/projects")
    with Statements(app.extensions["database"].engine) as statements:
        table(browser)
    # Session, saved views, count, the entry of the log, and the lines.
    assert len(statements.said) <= 6
