"""The policy on screen: read by everybody, written by Finance, tried, and adopted by a leader."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from portfolio.exchange.export_log import Export
from portfolio.office.people import Role
from portfolio.register.zone import Zone
from portfolio.schedule.evaluate import evaluate_portfolio
from portfolio.schedule.flags import Flag
from portfolio.schedule.in_force import law_on
from portfolio.schedule.policy import PolicyStatus, PolicyTrial, PolicyVersion
from portfolio.schedule.policy_acts import find_version
from portfolio.schedule.policy_parts_entry import PARTS
from portfolio.schedule.review_list import on_the_list
from portfolio.web.clock import PROVINCE_ZONE
from tests.browser import Browser
from tests.office.conftest import Person, make_person, opened, sign_in
from tests.schedule.conftest import load_world
from tests.schedule.policy_desk import quiet_projects

WHY = "Theo kết luận giao ban"


@pytest.fixture
def register(app: Flask, tmp_path: Path) -> Flask:
    """Seeds, three projects of which nothing was heard, judged today; somebody administers it."""
    now = datetime.now(UTC)
    with opened(app) as db:
        load_world(db, tmp_path)
        quiet_projects(db)
        evaluate_portfolio(db, on=now.astimezone(PROVINCE_ZONE).date(), at=now, whole=True)
        db.commit()
    make_person(app, Role.ADMINISTRATOR)
    return app


@pytest.fixture
def finance(register: Flask) -> Browser:
    return sign_in(register, make_person(register, Role.FINANCE_OFFICER))


@pytest.fixture
def leader(register: Flask) -> Browser:
    return sign_in(register, make_person(register, Role.LEADER))


def start(browser: Browser) -> None:
    assert browser.get("/policy/new").status_code == 200
    assert browser.submit(reason=WHY).status_code == 303
    assert browser.follow().status_code == 200


def set_months(browser: Browser, months: str = "9", rule: str = "STALLED") -> None:
    browser.get(f"/policy/2/edit/rules/{rule}")
    assert browser.submit(months=months, reason=WHY).status_code == 303, browser.words
    browser.follow()


def version(app: Flask, number: int = 2) -> PolicyVersion:
    with opened(app) as db:
        found = find_version(db, number)
        db.expunge(found)
        return found


# Reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.READER, Role.AUDITOR, Role.CENTRE_OFFICER, Role.LEADER])
def test_everybody_reads_what_is_in_force(register: Flask, role: Role) -> None:
    browser = sign_in(register, make_person(register, role))
    assert browser.get("/policy").status_code == 200
    words = browser.words
    assert "Quá 24 tháng so với tiến độ được duyệt" in words
    assert "điểm b khoản 2 Điều 36 Luật Đầu tư 143/2025/QH15" in words
    assert "A: đã đọc nguyên văn luật" in words
    assert "từ 01/01/2021 đến 28/02/2026" in words
    assert "cần ý kiến pháp lý" in words.lower()
    assert "Không có dấu hiệu hoạt động trong 12 tháng" in words
    assert "ngày 10 của tháng thứ 1 sau kỳ báo cáo" in words
    assert "Lập dự thảo" not in words
    assert browser.soup.select("main form[method=post], main a[href*=edit]") == []
    for path in ("/policy/1", "/policy/versions", "/policy/1/changes", "/policy/holidays"):
        assert browser.get(path).status_code == 200


def test_it_reads_in_english_too(register: Flask) -> None:
    browser = sign_in(register, make_person(register, Role.READER))
    key = browser.get("/policy").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    browser.client.post("/language", data={"csrf_token": key, "language": "en", "next": "/"})
    browser.get("/policy")
    assert "More than 24 months past the approved schedule" in browser.words
    assert "Article 36, clause 2, point b, Law on Investment 143/2025/QH15" in browser.words


def test_a_register_without_a_policy_says_so(app: Flask) -> None:
    make_person(app, Role.ADMINISTRATOR)
    browser = sign_in(app, make_person(app, Role.FINANCE_OFFICER))
    assert browser.get("/policy").status_code == 422
    assert browser.get("/policy/versions").status_code == 200


# Writing --------------------------------------------------------------------------------------


def test_a_draft_is_started_changed_and_shows_its_changes(
    register: Flask, finance: Browser
) -> None:
    start(finance)
    assert "Chưa có thay đổi" in finance.words
    set_months(finance)
    assert "Số tháng: trước: 12 → sau: 9" in finance.words
    assert "No sign of life for 12 months → sau: No sign of life for 9 months" in finance.words
    assert rule_months(version(register)) == 9
    finance.get("/policy/2/changes")
    assert "Sửa dự thảo chính sách" in finance.words
    assert WHY in finance.words
    assert finance.get("/policy/new").status_code == 303, "the open draft is shown instead"


def rule_months(policy: PolicyVersion, rule_id: str = "STALLED") -> int:
    rules = {rule["id"]: rule for rule in policy.document["rules"]}
    return int(rules[rule_id]["settings"]["months"])


def test_a_form_that_is_sent_twice_starts_one_draft(register: Flask, finance: Browser) -> None:
    finance.get("/policy/new")
    page = finance.page
    finance.submit(reason=WHY)
    finance.path, finance.page = "/policy/new", page
    assert finance.submit(reason=WHY).status_code == 303
    assert finance.page.headers["Location"] == "/policy/2"


def test_a_reason_is_asked_and_what_was_typed_stays(register: Flask, finance: Browser) -> None:
    start(finance)
    finance.get("/policy/2/edit/rules/STALLED")
    assert finance.submit(months="9", reason="").status_code == 422
    assert finance.soup.select_one("#months")["value"] == "9"
    assert rule_months(version(register)) == 12


def test_what_is_no_term_is_refused_at_the_field(register: Flask, finance: Browser) -> None:
    start(finance)
    for months in ("0", "121", "<script>alert(1)</script>", "9" * 400):
        finance.get("/policy/2/edit/rules/STALLED")
        assert finance.submit(months=months, reason=WHY).status_code == 422
        assert finance.soup.select_one("#months-error")
        assert b"<script>alert" not in finance.page.data


def test_a_refusal_of_the_whole_stands_at_its_field(register: Flask, finance: Browser) -> None:
    start(finance)
    finance.get("/policy/2/edit/review")
    finance.submit(bands=["25-60"], reason=WHY)
    finance.get("/policy/2/edit/bands")
    assert finance.submit(ends="12, 24", reason=WHY).status_code == 422
    assert "nhóm 25-60" in finance.soup.select_one("#ends-error").text
    assert finance.soup.select_one("#ends")["value"] == "12, 24"
    finance.get("/policy/2/edit/rules/SUS-12")
    sent = {"articles-2-law": "143/2025/QH15", "articles-2-article": "35"}
    assert (
        finance.submit(**sent, **{"articles-2-begins": "01/01/2021"}, reason=WHY).status_code == 422
    )
    assert "cùng một ngày" in finance.words


def test_each_part_opens_and_sent_back_unchanged_saves_nothing(
    register: Flask, finance: Browser
) -> None:
    start(finance)
    before = version(register).version
    for part in PARTS:
        assert finance.get(f"/policy/2/edit/{part}").status_code == 200
        assert finance.submit(reason=WHY).status_code == 303, finance.words
        finance.follow()
        assert "Không có thay đổi" in finance.words
    assert version(register).version == before


def test_script_in_names_is_shown_as_text(register: Flask, finance: Browser) -> None:
    start(finance)
    finance.get("/policy/2/edit/causes")
    bad = "<script>alert(1)</script>"
    assert finance.submit(**{"rows-0-vi": bad}, reason=bad).status_code == 303
    finance.follow()
    assert b"<script>alert" not in finance.page.data
    assert bad in finance.words
    finance.get("/policy/2/changes")
    assert b"<script>alert" not in finance.page.data


def test_ten_megabytes_of_text_are_refused_in_words(register: Flask, finance: Browser) -> None:
    start(finance)
    finance.get("/policy/2/edit/source")
    assert finance.submit(source="x" * 10_000_000, reason=WHY).status_code == 413
    finance.get("/policy/2/edit/source")
    assert finance.submit(source="x" * 5000, reason=WHY).status_code == 422
    assert version(register).document["source"] == version(register, 1).document["source"]


def test_two_editors_of_one_part_are_told_of_each_other(register: Flask, finance: Browser) -> None:
    other = sign_in(register, make_person(register, Role.FINANCE_OFFICER, email="o@example.org"))
    start(finance)
    other.get("/policy/2/edit/rules/STALLED")
    finance.get("/policy/2/edit/rules/SUS-12")
    set_months(finance, "9")
    assert other.submit(months="6", reason=WHY).status_code == 409
    words = other.words
    assert "9" in words
    assert "6" in words
    assert rule_months(version(register)) == 9
    # The conflict page sends the chosen text with the version as it stands now.
    assert other.submit(months="6").status_code == 303, other.words
    assert rule_months(version(register)) == 6


def test_two_editors_of_different_parts_do_not_meet(register: Flask, finance: Browser) -> None:
    other = sign_in(register, make_person(register, Role.FINANCE_OFFICER, email="o@example.org"))
    start(finance)
    other.get("/policy/2/edit/rules/SUS-12")
    set_months(finance, "9")
    assert other.submit(months="6", reason=WHY).status_code == 303
    stored = version(register)
    assert (rule_months(stored), rule_months(stored, "SUS-12")) == (9, 6)


def test_a_form_without_a_version_saves_nothing(register: Flask, finance: Browser) -> None:
    start(finance)
    finance.get("/policy/2/edit/rules/STALLED")
    assert finance.submit(months="9", reason=WHY, version=None).status_code == 409
    assert rule_months(version(register)) == 12


def test_a_discarded_draft_can_be_read_and_not_edited(register: Flask, finance: Browser) -> None:
    start(finance)
    set_months(finance)
    finance.get("/policy/2/discard")
    assert finance.submit(reason="").status_code == 422
    assert finance.submit(reason="Không cần nữa").status_code == 303
    finance.follow()
    assert "Dự thảo đã hủy" in finance.words
    for path in ("/policy/2/edit/rules/STALLED", "/policy/2/edit/bands", "/policy/2/discard"):
        assert finance.get(path).status_code == 409
    finance.get("/policy/versions")
    assert "Không cần nữa" in finance.words
    assert version(register).status is PolicyStatus.DISCARDED


def test_what_is_not_there_is_not_found(register: Flask, finance: Browser) -> None:
    start(finance)
    for path in ("9", "0", "2/edit/nothing", "2/edit/rules/NOTHING", str(10**40)):
        assert finance.get(f"/policy/{path}").status_code == 404


# Trying and adopting --------------------------------------------------------------------------


def listed(app: Flask) -> set[int]:
    today = datetime.now(UTC).astimezone(PROVINCE_ZONE).date()
    with opened(app) as db:
        law = law_on(db, today)
        return set(db.scalars(select(Flag.project_id).where(on_the_list(law, today))))


def test_a_leader_tries_a_nine_month_rule_reads_who_enters_and_adopts_it(
    register: Flask, finance: Browser, leader: Browser
) -> None:
    start(finance)
    set_months(finance)
    before = listed(register)
    leader.get("/policy/2")
    assert leader.submit("/policy/2/try").status_code == 303
    leader.follow()
    assert "Vào danh sách rà soát 3 dự án" in leader.words
    assert "4,25 ha đất (1 dự án chưa ghi diện tích)" in leader.words
    assert "Dự án im lặng 2" in leader.words
    assert listed(register) == before
    assert leader.get("/policy/2/adopt").status_code == 200
    assert "Danh sách rà soát: 0 → 3 dự án" in leader.words
    assert leader.submit(reason="").status_code == 422
    assert leader.submit(reason="Đồng ý").status_code == 303, leader.words
    leader.follow()
    assert "Phiên bản 2 áp dụng từ hôm nay" in leader.words
    assert len(listed(register) - before) == 3
    leader.get("/review-list")
    assert leader.words.count("Dự án im lặng") == 3
    leader.get("/policy")
    assert "9 tháng" in leader.words
    leader.get("/projects?rule=STALLED")
    assert "Quy tắc: Không có dấu hiệu hoạt động 9 tháng" in leader.words


def test_a_stale_trial_is_not_adopted(register: Flask, finance: Browser, leader: Browser) -> None:
    start(finance)
    set_months(finance)
    leader.get("/policy/2")
    leader.submit("/policy/2/try")
    leader.get("/policy/2/adopt")
    page = leader.page
    set_months(finance, "6", "SUS-12")
    assert leader.submit(reason="Đồng ý").status_code == 409
    assert "Dự thảo đã được sửa sau lần thử" in leader.words
    assert leader.soup.select_one("form[action='/policy/2/try']")
    leader.page = page
    assert leader.submit(reason="Đồng ý").status_code == 409
    assert version(register).status is PolicyStatus.DRAFT
    leader.get("/policy/2/trial")
    assert "Kết quả đã cũ" in leader.words
    leader.submit("/policy/2/try")
    leader.get("/policy/2/adopt")
    assert leader.submit(reason="Đồng ý").status_code == 303


def test_the_second_of_two_leaders_is_told(
    register: Flask, finance: Browser, leader: Browser
) -> None:
    second = sign_in(register, make_person(register, Role.LEADER, email="l2@example.org"))
    start(finance)
    set_months(finance)
    leader.get("/policy/2")
    leader.submit("/policy/2/try")
    for browser in (leader, second):
        assert browser.get("/policy/2/adopt").status_code == 200
    assert leader.submit(reason="Đồng ý").status_code == 303
    assert second.submit(reason="Đồng ý").status_code == 409
    assert "không còn là dự thảo" in second.words
    assert version(register).adopted_by == "Người leader"


def test_a_double_click_adopts_once(register: Flask, finance: Browser, leader: Browser) -> None:
    start(finance)
    set_months(finance)
    leader.get("/policy/2")
    leader.submit("/policy/2/try")
    leader.get("/policy/2/adopt")
    page = leader.page
    assert leader.submit(reason="Đồng ý").status_code == 303
    leader.path, leader.page = "/policy/2/adopt", page
    assert leader.submit(reason="Đồng ý").status_code == 303
    assert leader.page.headers["Location"] == "/policy/2"


def test_the_author_sees_why_somebody_else_must_adopt(
    register: Flask, finance: Browser, leader: Browser
) -> None:
    start(finance)
    with opened(register) as db:
        author = find_version(db, 2).started_by_id
        db.connection().exec_driver_sql(
            f"UPDATE \"user\" SET role = 'leader' WHERE id = {author}"  # noqa: S608
        )
        db.commit()
    leader.get("/policy/2")
    leader.submit("/policy/2/try")
    assert finance.get("/policy/2/adopt").status_code == 200
    assert "không được ban hành" in finance.words
    assert finance.soup.select("main form[method=post] [name=reason]") == []


@pytest.mark.parametrize("role", [Role.READER, Role.CENTRE_OFFICER, Role.ADMINISTRATOR])
def test_others_neither_try_nor_adopt(register: Flask, finance: Browser, role: Role) -> None:
    start(finance)
    email = f"other-{role.value}@example.org"
    browser = sign_in(register, make_person(register, role, email=email))
    for path in ("/policy/2/trial", "/policy/2/adopt", "/policy/2/edit/bands", "/policy/new"):
        assert browser.get(path).status_code == 404


def test_a_leader_confined_to_a_zone_reads_only_the_own_projects(
    register: Flask, finance: Browser, leader: Browser
) -> None:
    with opened(register) as db:
        zone_id = db.scalar(select(Zone.id).order_by(Zone.id).limit(1))
    confined = sign_in(
        register,
        make_person(register, Role.LEADER, email="zone@example.org", zone_ids=[zone_id]),
    )
    start(finance)
    set_months(finance)
    leader.get("/policy/2")
    leader.submit("/policy/2/try")
    assert confined.get("/policy/2/trial").status_code == 200
    assert "Vào danh sách rà soát 0 dự án" in confined.words
    assert "im lặng" not in confined.words
    assert "0 → 0 dự án" in confined.words


def test_the_result_is_sorted_and_filtered(
    register: Flask, finance: Browser, leader: Browser
) -> None:
    start(finance)
    set_months(finance)
    leader.get("/policy/2")
    leader.submit("/policy/2/try")

    def names(query: str) -> list[str]:
        leader.get(f"/policy/2/trial?{query}")
        return [link.text[-1] for link in leader.soup.select("table.trial a.name")]

    assert names("sort=-name") == ["3", "2", "1"]
    assert names("sort=ha") == ["3", "1", "2"]
    assert names("show=leaves") == names("show=changes") == []
    for odd in ("sort=x'--", "page=-4", "page=99", "zone=<script>", "show=%00"):
        assert len(names(odd)) == 3


def test_the_result_is_taken_along_as_a_workbook(
    register: Flask, finance: Browser, leader: Browser
) -> None:
    start(finance)
    set_months(finance)
    assert leader.get("/policy/2/trial.xlsx").status_code == 404, "nothing was tried yet"
    leader.get("/policy/2")
    leader.submit("/policy/2/try")
    leader.follow()
    address = leader.soup.select_one("a[href$='.xlsx']")["href"]
    answer = leader.client.get(address)
    assert "attachment" in answer.headers["Content-Disposition"]
    with ZipFile(BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("Dự án im lặng") == 3
    assert sheet.count("Vào danh sách rà soát") == 3
    assert "<v>1.75</v>" in sheet
    with opened(register) as db:
        assert db.scalars(select(Export.rows)).one() == 3


def test_the_trial_is_a_job_that_leads_to_its_result(
    register: Flask, finance: Browser, leader: Browser
) -> None:
    start(finance)
    leader.get("/policy/2")
    leader.submit("/policy/2/try")
    leader.get("/jobs")
    job = leader.soup.select_one("main a[href^='/jobs/']")["href"]
    leader.get(job)
    assert leader.soup.select_one("a[href='/policy/2/trial']")
    with opened(register) as db:
        assert db.scalars(select(PolicyTrial.tried_by)).one() == "Người leader"


def test_the_trail_names_the_acts(register: Flask, finance: Browser, leader: Browser) -> None:
    start(finance)
    set_months(finance)
    auditor: Person = make_person(register, Role.AUDITOR)
    browser = sign_in(register, auditor)
    browser.get("/trail?kind=policy")
    assert "Sửa dự thảo chính sách" in browser.words
    assert "Phiên bản 2" in browser.words
