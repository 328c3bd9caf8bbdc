"""Coming deadlines by month, and the secret address at which a calendar program reads them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portfolio.office.people import Role, SignInFailure, User, UserZone
from portfolio.office.secret_links import hash_of
from portfolio.office.trail import Origin, record
from portfolio.register.project import Project
from portfolio.schedule import calendar_pages
from portfolio.schedule.calendar import beside, month_of, read_agenda
from portfolio.schedule.evaluate import law_on
from portfolio.schedule.looking import CalendarFeed
from tests.browser import Browser
from tests.conftest import AT, ON
from tests.notation.test_icalendar import unfolded
from tests.office.conftest import opened
from tests.register.desk import Desk, browser_of, lay_out, officer
from tests.schedule.followed import promised, scope_of

SOON = ON + timedelta(days=10)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(datetime(2026, 11, 22, 6, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def laid(app: Flask) -> Desk:
    with opened(app) as db:
        found = lay_out(db)
        promised(db, found, "Nhà máy, giai đoạn 1; mở rộng", SOON)
        promised(db, found, "Khu khác", SOON, zone_id=found.kon_tum)
        promised(db, found, "Năm sau", date(2028, 3, 31))
        db.commit()
        return found


@pytest.fixture
def zone_officer(app: Flask, laid: Desk) -> int:
    with opened(app) as db:
        return officer(db, laid, Role.ZONE_OFFICER, laid.mang_den).id


@pytest.fixture
def browser(app: Flask, zone_officer: int) -> Browser:
    return browser_of(app, zone_officer)


def feed_of(browser: Browser) -> str:
    """Make a secret address and give its path."""
    browser.get("/calendar")
    assert browser.submit("/calendar/feed").status_code == 200
    address = browser.soup.select_one("code").get_text()
    assert address.startswith("http")
    return "/" + address.split("/", 3)[3]


# The calendar ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "first", "begins", "last"),
    [
        ("2026-12", "2026-12-01", "2026-12-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-01", "2028-02-29"),
        ("2026-11", "2026-11-01", "2026-11-22", "2026-11-30"),
        ("2026-10", "2026-11-01", "2026-11-22", "2026-11-30"),
        ("9999-01", "2026-11-01", "2026-11-22", "2026-11-30"),
        ("x", "2026-11-01", "2026-11-22", "2026-11-30"),
        ("2026-13", "2026-11-01", "2026-11-22", "2026-11-30"),
    ],
)
def test_a_month_begins_today_at_the_earliest(typed, first, begins, last):
    month = month_of(typed, ON)
    assert [day.isoformat() for day in (month.first, month.begins, month.last)] == [
        first,
        begins,
        last,
    ]


def test_months_follow_each_other_and_weeks_begin_on_monday():
    month = month_of("2026-12", ON)
    earlier, later = beside(month, ON)
    assert (earlier.value, later.value) == ("2026-11", "2027-01")
    assert beside(earlier, ON)[0] is None
    weeks = month.weeks()
    assert (weeks[0][0], weeks[-1][-1]) == (date(2026, 11, 30), date(2027, 1, 3))
    assert all(len(week) == 7 and week[0].weekday() == 0 for week in weeks)


def test_days_are_counted_by_day_and_by_kind(db: Session) -> None:
    desk = lay_out(db)
    same_day = date(2026, 12, 15)
    for n in range(3):
        promised(db, desk, f"Dự án {n}", same_day)
    promised(db, desk, "Khu khác", date(2026, 12, 16), zone_id=desk.kon_tum)
    db.commit()
    policy = law_on(db, ON).policy
    leader = officer(db, desk, Role.LEADER)
    month = month_of("2026-12", ON)

    def read(typed: str = "", **asked):
        return read_agenda(
            db, scope_of(db, leader, typed), policy, month.begins, month.last, **asked
        )

    whole = read()
    assert whole.by_day == {same_day: 3, date(2026, 12, 16): 1}
    assert (whole.by_kind["milestone"], whole.total) == (4, 4)
    assert [(on, len(lines)) for on, _reports, lines in whole.days] == [
        (same_day, 3),
        (date(2026, 12, 16), 1),
    ]
    assert read(str(desk.kon_tum)).by_day == {date(2026, 12, 16): 1}
    none = read(kind="deposit_due")
    assert (none.total, none.days, none.following) == (0, [], None)
    assert none.by_kind["milestone"] == 4


def test_a_month_with_nothing_names_the_next_day(db: Session) -> None:
    desk = lay_out(db)
    promised(db, desk, "Xa", date(2028, 3, 31))
    db.commit()
    month = month_of("2026-12", ON)
    scope = scope_of(db, officer(db, desk, Role.LEADER))
    found = read_agenda(db, scope, law_on(db, ON).policy, month.begins, month.last)
    assert found.following == date(2028, 3, 31)


def test_reports_fall_due_on_one_line_a_kind(db: Session) -> None:
    desk = lay_out(db)
    promised(db, desk, "Dự án", date(2030, 1, 1))
    db.commit()
    month = month_of("2027-01", ON)
    scope = scope_of(db, officer(db, desk, Role.LEADER))
    policy = law_on(db, ON).policy
    found = read_agenda(db, scope, policy, month.begins, month.last)
    assert [
        (on, [(r.kind.value, r.period, r.missing) for r in reports])
        for on, reports, _lines in found.days
    ] == [(date(2027, 1, 11), [("Q", "2026-Q4", 1)])]
    hidden = read_agenda(db, scope, policy, month.begins, month.last, kind="milestone")
    assert hidden.days == []


def test_the_page_shows_own_projects_of_the_month_and_a_grid(browser: Browser) -> None:
    assert browser.get("/calendar?month=2026-12").status_code == 200
    assert "Nhà máy, giai đoạn 1; mở rộng" in browser.words
    assert "Khu khác" not in browser.page.text
    assert "Năm sau" not in browser.words
    (day,) = browser.soup.select(".month a")
    assert day["aria-label"] == "02/12/2026: 1 việc đến hạn"
    browser.get(day["href"])
    assert "Nhà máy" in browser.words
    browser.get("/calendar?month=2026-12&day=2026-12-03")
    assert "Nhà máy" not in browser.words


# The feed -------------------------------------------------------------------------------------


def test_a_calendar_program_reads_the_own_deadlines_and_no_more(
    app: Flask, browser: Browser
) -> None:
    path = feed_of(browser)
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    lines = unfolded(answer.data)
    events = "\n".join(lines).split("BEGIN:VEVENT")[1:]
    # The deadline of the own zone within 400 days, then five reports of the year that follows.
    own = [one for one in events if "KT-0001" in one]
    assert len(own) == 1
    assert "DTSTART;VALUE=DATE:20261202" in own[0]
    assert "SUMMARY:KT-0001 Mốc" in own[0]
    assert "DESCRIPTION:Nhà máy\\, giai đoạn 1\\; mở rộng" in own[0]
    assert "URL:http://127.0.0.1:8000/projects/KT-0001" in own[0]
    assert not [one for one in events if "KT-0002" in one or "KT-0003" in one]
    assert len({line for line in lines if line.startswith("UID:")}) == len(events)
    assert "20270111" in "".join(one for one in events if "Báo cáo quý" in one)


def test_the_same_facts_give_the_same_file_and_are_not_sent_twice(
    app: Flask, browser: Browser
) -> None:
    path = feed_of(browser)
    program = app.test_client()
    first = program.get(path)
    assert program.get(path).data == first.data
    again = program.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == "KT-0001")).one()
        project.name = "Tên mới"
        record(db, project, "correct_project", Origin(None, AT))
        db.commit()
    changed = program.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    uids = [{x for x in unfolded(a.data) if x.startswith("UID:")} for a in (first, changed)]
    assert uids[0] == uids[1]


def test_the_address_is_shown_once_and_kept_as_a_hash(
    app: Flask, browser: Browser, zone_officer: int
) -> None:
    path = feed_of(browser)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) == 43
    with opened(app) as db:
        feed = db.get_one(CalendarFeed, zone_officer)
        assert feed.token_hash == hash_of(token)
        assert token.encode() not in feed.token_hash
    assert token not in browser.get("/calendar").text
    assert "Chưa có ứng dụng nào đọc" in browser.words
    app.test_client().get(path)
    browser.get("/calendar")
    assert "Được đọc gần nhất lúc 22/11/2026 13:00" in browser.words


def test_a_double_click_makes_one_address(app: Flask, browser: Browser) -> None:
    browser.get("/calendar")
    sent = browser.fields("/calendar/feed")
    site = {"Origin": "http://localhost"}
    first = browser.client.post("/calendar/feed", data=sent, headers=site)
    second = browser.client.post("/calendar/feed", data=sent, headers=site)
    assert (first.status_code, second.status_code) == (200, 303)
    assert second.headers["Location"] == "/calendar"


def test_a_new_address_and_taking_it_back_end_the_old_one(app: Flask, browser: Browser) -> None:
    program = app.test_client()
    old = feed_of(browser)
    new = feed_of(browser)
    assert program.get(old).status_code == 404
    assert program.get(new).status_code == 200
    browser.get("/calendar")
    assert browser.submit("/calendar/feed/revoke").status_code == 303
    assert program.get(new).status_code == 404


def test_who_may_not_sign_in_any_more_or_lost_the_zone_reads_nothing(
    app: Flask, browser: Browser, zone_officer: int
) -> None:
    path, program = feed_of(browser), app.test_client()
    with opened(app) as db:
        db.execute(delete(UserZone).where(UserZone.user_id == zone_officer))
        db.commit()
    assert b"KT-" not in program.get(path).data
    with opened(app) as db:
        person = db.get_one(User, zone_officer)
        person.active = False
        record(db, person, "change_user", Origin(None, AT))
        db.commit()
    assert program.get(path).status_code == 404


def test_guessing_is_slowed_down_and_the_right_address_still_opens(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_pages, "WRONG_TOKENS", 3)
    path, guesser = feed_of(browser), app.test_client()
    answers = [guesser.get(f"/calendar/{'x' * n}.ics").status_code for n in range(1, 7)]
    assert answers == [404, 404, 404, 429, 429, 429]
    assert guesser.get(path).status_code == 200
    with opened(app) as db:
        (row,) = db.scalars(select(SignInFailure)).all()
        assert row.count == 3
