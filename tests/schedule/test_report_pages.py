"""Officers and reports: a paper is entered, looked at, decided about; and the worklist tells of it."""

import io
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from PIL import Image

from portfolio import create_app
from portfolio.office.people import Role
from portfolio.office.trail import Origin
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.papers import ActKind, StoredFile
from portfolio.register.progress import ProgressReport
from portfolio.schedule.evaluate import evaluate_portfolio
from tests.browser import SITE, Browser
from tests.conftest import SECRET, own_database
from tests.links.answering import Owing, owing, project_of
from tests.office.conftest import opened
from tests.register.desk import Desk, browser_of, lay_out, officer

AT = datetime(2027, 1, 20, 2, 0, tzinfo=UTC)
BEFORE = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)
ENTER = "/projects/{code}/reports/Q/2026-Q4/enter"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as moved:
        yield moved


@pytest.fixture
def laid(app: Flask) -> Desk:
    with opened(app) as db:
        return lay_out(db)


@pytest.fixture
def owed(app: Flask, laid: Desk) -> Owing:
    with opened(app) as db:
        made = owing(db, laid)
        evaluate_portfolio(db, on=date(2027, 1, 20), at=AT)
        return made


@pytest.fixture
def desk(app: Flask, laid: Desk) -> Browser:
    return somebody(app, laid, Role.ZONE_OFFICER, laid.mang_den)


def somebody(app: Flask, laid: Desk, role: Role, *zones: int, email: str | None = None) -> Browser:
    with opened(app) as db:
        user_id = officer(db, laid, role, *zones, email=email).id
    return browser_of(app, user_id)


def entered(desk: Browser, owed: Owing, **typed) -> Browser:
    desk.get(ENTER.format(code=owed.code))
    desk.submit(**{"received_on": "08/01/2027", **typed})
    return desk


def report_of(app: Flask, owed: Owing) -> ProgressReport:
    with opened(app) as db:
        [report] = project_of(db, owed).reports
        return report


def panel(desk: Browser, owed: Owing) -> str:
    desk.get(f"/projects/{owed.code}")
    return " ".join(desk.soup.select_one("#reports").get_text(" ").split())


# The project page -----------------------------------------------------------------------------


def test_the_project_page_tells_each_report_with_its_day_and_state(desk, owed) -> None:
    said = panel(desk, owed)
    assert "Báo cáo quý, Quý IV/2026 quá hạn 9 ngày" in said
    assert "hạn 11/01/2027" in said
    assert "Báo cáo giám sát năm, 2026 chưa đến hạn" in said
    assert "hạn 10/02/2027" in said
    with time_machine.travel(BEFORE, tick=False):
        assert "Quý IV/2026 đến hạn trong 6 ngày" in panel(desk, owed)
    with time_machine.travel(datetime(2027, 1, 11, 2, tzinfo=UTC), tick=False):
        assert "Quý IV/2026 đến hạn hôm nay" in panel(desk, owed)


def test_whoever_may_not_change_the_project_is_offered_nothing(app, laid, owed) -> None:
    reader = somebody(app, laid, Role.READER)
    assert "Nhập báo cáo" not in panel(reader, owed)
    assert reader.get(ENTER.format(code=owed.code)).status_code == 404
    other = somebody(app, laid, Role.ZONE_OFFICER, laid.kon_tum, email="other@example.org")
    assert other.get(ENTER.format(code=owed.code)).status_code == 404
    finance = somebody(app, laid, Role.FINANCE_OFFICER)
    assert finance.get(ENTER.format(code=owed.code)).status_code == 403


# Entering -------------------------------------------------------------------------------------


def test_a_paper_is_entered_and_shown_with_its_numbers_in_words(app, desk, owed) -> None:
    entered(
        desk,
        owed,
        realised_in_period="2",
        realised_total="1,2 nghìn tỷ",
        physical_percent="45,5 %",
        causes=["investor_finance", "b"],
        wishes="Đề nghị giao đất",
        **{"forecasts-0-expected_on": "quý IV/2027"},
    )
    assert desk.page.status_code == 303, desk.words
    desk.follow()
    assert "1.200,0 tỷ đồng" in desk.words
    assert "Vốn thực hiện lũy kế từ đầu dự án: 1.200,0 tỷ đồng." in desk.words
    assert "Nhà đầu tư thiếu vốn (Nhà đầu tư)" in desk.words
    assert "Quý IV/2027 chậm 184 ngày so với cam kết" in desk.words
    assert "45,5 %" in desk.words
    assert "đã nhận, chờ chấp nhận" in panel(desk, owed)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("physical_percent", "1.234,56", "Nhập số từ 0 đến 100"),
        ("physical_percent", "-3", "Nhập"),
        ("physical_percent", "101", "Nhập số từ 0 đến 100"),
        ("physical_percent", "12,345", "hai chữ số thập phân"),
        ("realised_total", "-5", "không"),
        ("received_on", "21/01/2027", "20/01/2027"),
        ("received_on", "", "Nhập"),
        ("jobs_vietnamese", "2,5", "số nguyên"),
        ("forecasts-0-expected_on", "31/02/2027", "31/02/2027"),
        ("forecasts-0-expected_on", "01/12/2026", "Ngày dự kiến không thể trước ngày nhận báo cáo"),
        ("realised_in_period", "13", "lớn hơn lũy kế"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    app, desk, owed, name, typed, said
) -> None:
    entered(desk, owed, **{"realised_total": "12", "wishes": "Giữ lại chữ này", name: typed})
    assert desk.page.status_code == 422
    field = desk.soup.find(id=name).find_parent(class_="field")
    assert said in field.select_one(".error").get_text(), field.get_text()
    kept = desk.fields()
    assert kept[name] == typed
    assert kept["wishes"].strip() == "Giữ lại chữ này"
    with opened(app) as db:
        assert project_of(db, owed).reports == []


def test_a_doubtful_sum_is_asked_back_once(desk, owed) -> None:
    entered(desk, owed, realised_total="5.345")
    assert desk.page.status_code == 422
    readings = [box["value"] for box in desk.soup.select("input[name=realised_total-reading]")]
    assert len(readings) == 2
    desk.submit(**{"realised_total-reading": readings[0]})
    assert desk.page.status_code == 303


@pytest.mark.parametrize("path", ["Q/2026-Q3", "Q/2027-Q3", "X/2026-Q4", "Q/so%20what"])
def test_a_report_that_is_not_owed_has_no_form(desk, owed, path) -> None:
    answer = desk.get(f"/projects/{owed.code}/reports/{path}/enter")
    assert answer.status_code == 409
    assert "không phải báo cáo" in desk.words


def test_a_project_closed_meanwhile_takes_no_report_and_the_text_stays_on_the_page(
    app, desk, owed
) -> None:
    desk.get(ENTER.format(code=owed.code))
    with app.test_request_context(), opened(app) as db:
        paper = Paper(kind=ActKind.TERMINATION, number="9", issued_on=date(2027, 1, 19))
        add_act(db, project_of(db, owed), paper, Origin(None, AT))
        db.commit()
    desk.submit(received_on="08/01/2027", wishes="Viết cả buổi sáng")
    assert desk.page.status_code == 409
    assert "Viết cả buổi sáng" in desk.page.text
    with opened(app) as db:
        assert project_of(db, owed).reports == []


def test_sent_twice_it_arrives_once(app, desk, owed) -> None:
    desk.get(ENTER.format(code=owed.code))
    sent = desk.fields() | {"received_on": "08/01/2027"}
    path = ENTER.format(code=owed.code)
    first, second = (desk.client.post(path, data=sent, headers=SITE) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert report_of(app, owed).status == "received"


def test_of_two_who_enter_the_same_report_the_second_keeps_the_typed_text(
    app, laid, desk, owed
) -> None:
    other = somebody(app, laid, Role.ZONE_OFFICER, laid.mang_den, email="other@example.org")
    other.get(ENTER.format(code=owed.code))
    entered(desk, owed)
    other.submit(received_on="09/01/2027", wishes="Của tôi")
    assert other.page.status_code == 409
    assert "đã nhận" in other.words
    assert other.fields()["wishes"].strip() == "Của tôi"


# Deciding -------------------------------------------------------------------------------------


def test_accepting_is_one_click_and_two_officers_cannot_both_do_it(app, laid, desk, owed) -> None:
    entered(desk, owed, realised_total="12").follow()
    other = somebody(app, laid, Role.ZONE_OFFICER, laid.mang_den, email="other@example.org")
    other.get(desk.path)
    action = f"{desk.path}/accept"
    desk.submit(action)
    assert desk.page.status_code == 303
    other.submit(action)
    assert other.page.status_code == 409
    assert "Người zone_officer đã chấp nhận báo cáo này" in other.words
    desk.follow()
    assert "Đã chấp nhận : 20/01/2027, Người zone_officer" in desk.words


def test_of_two_acceptances_at_once_one_counts(tmp_path: Path, database_url: str) -> None:
    with own_database(database_url, tmp_path, "both") as url:
        app = create_app(
            SECRET_KEY=SECRET, DATABASE_URL=url, VAR_DIR=str(tmp_path), TRUSTED_HOSTS="localhost"
        )
        app.testing = True
        app.config["PROPAGATE_EXCEPTIONS"] = False
        assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
        with opened(app) as db:
            laid = lay_out(db)
            owed = owing(db, laid)
        people = [
            somebody(app, laid, Role.ZONE_OFFICER, laid.mang_den, email=f"{n}@example.org")
            for n in range(2)
        ]
        entered(people[0], owed, realised_total="12").follow()
        people[1].get(people[0].path)
        action = f"{people[0].path}/accept"
        threads = [threading.Thread(target=one.submit, args=[action]) for one in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(one.page.status_code for one in people) == [303, 409]
        with opened(app) as db:
            [figure] = project_of(db, owed).capital
            assert figure.amount == 12 * 10**9
        app.extensions["database"].engine.dispose()


def test_a_report_corrected_meanwhile_is_not_accepted_unseen(app, laid, desk, owed) -> None:
    entered(desk, owed, realised_total="12").follow()
    report = desk.path
    other = somebody(app, laid, Role.ZONE_OFFICER, laid.mang_den, email="other@example.org")
    other.get(f"{report}/edit")
    other.submit(realised_total="13", reason="Gõ nhầm")
    assert other.page.status_code == 303
    desk.submit(f"{report}/accept")
    assert desk.page.status_code == 409
    assert report_of(app, owed).status == "received"


def test_a_lower_total_is_confirmed_on_the_page(desk, owed) -> None:
    entered(desk, owed, realised_total="12").follow()
    desk.submit(f"{desk.path}/accept")
    desk.get(f"/projects/{owed.code}/reports/Y/2026/enter")
    desk.submit(received_on="15/01/2027", realised_total="11")
    desk.follow()
    report = desk.path
    assert not desk.soup.select("input[name=confirmed]")
    desk.submit(f"{report}/accept")
    assert desk.page.status_code == 422
    assert "11,0 tỷ đồng" in desk.words
    assert "12,0 tỷ đồng" in desk.words
    desk.submit(f"{report}/accept", confirmed="y")
    assert desk.page.status_code == 303


def test_sent_back_with_a_reason_then_filed_again(app, desk, owed) -> None:
    entered(desk, owed, wishes="Lần một").follow()
    report = desk.path
    desk.get(f"{report}/send-back")
    desk.submit(reason="")
    assert desk.page.status_code == 422
    desk.submit(reason="Thiếu vốn thực hiện")
    desk.follow()
    assert "Thiếu vốn thực hiện" in desk.words
    said = panel(desk, owed)
    assert "đã trả lại, quá hạn 9 ngày" in said
    assert "Thiếu vốn thực hiện" in said
    desk.get(ENTER.format(code=owed.code))
    assert "Thiếu vốn thực hiện" in desk.words
    assert desk.fields()["wishes"].strip() == "Lần một"
    desk.submit(received_on="19/01/2027", realised_total="3")
    assert desk.page.status_code == 303
    assert report_of(app, owed).status == "received"


def test_reopened_excused_and_taken_out(app, desk, owed) -> None:
    entered(desk, owed, realised_total="12").follow()
    report = desk.path
    desk.submit(f"{report}/accept")
    desk.get(f"{report}/reopen")
    desk.submit(reason="Bấm nhầm")
    assert report_of(app, owed).status == "received"
    desk.get(f"{report}/remove")
    desk.submit(reason="Nhập nhầm dự án")
    assert desk.page.status_code == 303
    desk.get(f"/projects/{owed.code}/reports/Q/2026-Q4/excuse")
    desk.submit(reason="Văn bản 12/BQL")
    assert desk.page.status_code == 303
    said = panel(desk, owed)
    assert "Quý IV/2026 được miễn" in said
    assert "Văn bản 12/BQL" in said
    desk.get(f"/projects/{owed.code}/history")
    for act in ("Đã nhận", "Đã chấp nhận", "Đã hủy việc chấp nhận", "Đã bỏ", "Đã miễn"):
        assert f"{act} báo cáo tiến độ" in desk.words


# Files ----------------------------------------------------------------------------------------


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, "JPEG")
    return out.getvalue()


def test_a_photograph_belongs_to_its_report_and_a_false_file_to_none(app, desk, owed) -> None:
    entered(desk, owed).follow()
    report = desk.path
    desk.get(f"{report}/files/add")
    with io.BytesIO(b"no picture") as bad:
        answer = desk.client.post(
            f"{report}/files/add", data=desk.fields() | {"file": (bad, "a.jpg")}, headers=SITE
        )
    assert answer.status_code == 422
    with io.BytesIO(photo()) as good:
        answer = desk.client.post(
            f"{report}/files/add", data=desk.fields() | {"file": (good, "a.jpg")}, headers=SITE
        )
    assert answer.status_code == 303
    with opened(app) as db:
        [file] = db.query(StoredFile).all()
        assert file.report_id == report_of(app, owed).id
    desk.get(report)
    assert "a.jpg" in desk.words
    assert "a.jpg" not in panel(desk, owed)
    assert "a.jpg" not in " ".join(desk.soup.select_one("#papers").stripped_strings)


# The worklist ---------------------------------------------------------------------------------


def listed(desk: Browser, query: str = "") -> list[str]:
    assert desk.get(f"/report-duties{query}").status_code == 200
    return [cell.get_text() for cell in desk.soup.select("tbody .code")]


@pytest.fixture
def three(app: Flask, laid: Desk, owed: Owing) -> list[Owing]:
    """Three projects in Măng Đen and one in Kon Tum, as judged on the day."""
    with app.test_request_context(), opened(app) as db:
        more = [owing(db, laid, name=name) for name in ("Chợ đêm", "Nhà máy")]
        more.append(owing(db, laid, name="Khu công nghiệp", zone_id=laid.kon_tum))
        evaluate_portfolio(db, on=date(2027, 1, 20), at=AT)
    return [owed, *more]


def test_the_silent_come_first_with_their_days(desk, three) -> None:
    assert listed(desk) == [one.code for one in three[:3]]
    assert "im lặng 9 ngày" in desk.words
    assert "3 Im lặng: thiếu báo cáo" in desk.words
    assert listed(desk, "?kind=Y") == []
    assert listed(desk, "?period=2026-Q4") == [one.code for one in three[:3]]


def test_the_row_rule_and_the_zone_decide_who_is_listed(app, laid, three) -> None:
    leader = somebody(app, laid, Role.LEADER)
    assert listed(leader) == [one.code for one in three]
    assert not leader.soup.select("input[name=pick]")
    assert listed(leader, f"?zone={laid.kon_tum}") == [three[3].code]
    finance = somebody(app, laid, Role.FINANCE_OFFICER)
    assert listed(finance) == []
    assert listed(finance, "?zone=all") == [one.code for one in three]


def test_each_state_lists_its_reports_and_counts_them(app, desk, laid, three) -> None:
    entered(desk, three[0], realised_total="12").follow()
    entered(desk, three[1]).follow()
    desk.get(f"{desk.path}/send-back")
    desk.submit(reason="Thiếu số liệu")
    assert listed(desk, "?state=received") == [three[0].code]
    assert "Xem và xử lý" in desk.words
    assert listed(desk, "?state=sent_back") == [three[1].code]
    assert listed(desk, "?state=silent") == [three[2].code, three[1].code]
    desk.get(f"/projects/{three[0].code}/reports/{key(app, three[0])}")
    desk.submit(f"{desk.path}/accept")
    assert listed(desk, "?state=in&kind=Q") == [three[0].code]
    figures = [" ".join(one.stripped_strings) for one in desk.soup.select(".figures a")]
    assert [figure.split()[0] for figure in figures] == ["2", "0", "0", "1", "1"]


def key(app: Flask, owed: Owing) -> int:
    return report_of(app, owed).id


def test_what_falls_due_within_two_weeks_is_listed_until_it_is_in(desk, three) -> None:
    with time_machine.travel(BEFORE, tick=False):
        assert listed(desk, "?state=soon") == [one.code for one in three[:3]]
        assert "đến hạn trong 6 ngày" in desk.words
        entered(desk, three[0], received_on="05/01/2027")
        assert listed(desk, "?state=soon") == [three[1].code, three[2].code]
    with time_machine.travel(datetime(2026, 12, 20, tzinfo=UTC), tick=False):
        assert listed(desk, "?state=soon") == []
        assert "Báo cáo gần nhất đến hạn ngày 11/01/2027" in desk.words


def test_what_cannot_be_understood_in_the_address_counts_as_not_asked(desk, three) -> None:
    every = [one.code for one in three[:3]]
    for query in ("?state=x&kind=Z&period=1999&zone=zz&page=x", "?page=-3", "?page=0"):
        assert listed(desk, query) == every
    assert listed(desk, "?page=9") == []


def test_the_worklist_costs_the_same_for_one_project_and_for_many(app, desk, three) -> None:
    counted = []
    from sqlalchemy import event  # noqa: PLC0415

    engine = app.extensions["database"].writer

    def note(*_given: Any) -> None:
        counted.append(1)

    listed(desk)
    event.listen(engine, "before_cursor_execute", note)
    try:
        listed(desk)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert 0 < len(counted) <= 9, len(counted)


def test_ticked_reports_lead_to_links_or_reminders(app, desk, three) -> None:
    listed(desk)
    picks = [box["value"] for box in desk.soup.select("input[name=pick]")]
    assert picks == [f"{one.code}:Q:2026-Q4" for one in three[:3]]
    form = desk.soup.select_one("form#choose")
    buttons = form.select("button")
    assert (form["action"], form["method"]) == ("/report-duties/links", "get")
    assert [one.get("formaction") for one in buttons] == [None, "/report-duties/reminders"]
    assert not form.select("input[name=csrf_token]")
    for path in (form["action"], "/report-duties/reminders"):
        assert desk.get(f"{path}?pick={picks[0]}").status_code == 200
        assert three[0].code in desk.words


# Silent everywhere ----------------------------------------------------------------------------


def test_a_silent_project_is_never_counted_on_time(app, desk, three) -> None:
    def counts() -> dict[str, int]:
        desk.get("/projects?listing=licensed")
        return {
            a["href"].partition("state=")[2]: int(a.b.get_text())
            for a in desk.soup.select(".figures a")
            if "state=" in a["href"]
        }

    assert counts() == {"silent": 3}
    entered(desk, three[0])
    assert counts() == {"silent": 2, "on_time": 1}
    for name, count in counts().items():
        desk.get(f"/projects?listing=licensed&state={name}")
        assert len(desk.soup.select(".register tbody tr")) == count
