"""Public holidays: added and dropped with reasons, known as they were, judged again at once."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office.job import Job
from portfolio.office.people import Role
from portfolio.schedule.duties import REJUDGE
from portfolio.schedule.flags import Flag
from portfolio.schedule.holiday_acts import (
    AlreadyDropped,
    BadHoliday,
    add_holidays,
    drop_holiday,
    find_holiday,
    read_lines,
)
from portfolio.schedule.in_force import holidays, law_on
from portfolio.schedule.policy import Holiday
from portfolio.schedule.policy_acts import NeedsReason, adopt_draft
from portfolio.web.errors import HiddenRecord
from tests.browser import Browser
from tests.conftest import AT, ON
from tests.office.conftest import make_person, opened, sign_in
from tests.schedule.conftest import load_world
from tests.schedule.policy_desk import Desk, desk_with, quiet_projects

HOUR = timedelta(hours=1)
NEW = "24/12/2027  Ngày thứ nhất\n\n 25-12-2027\tNgày thứ hai \n"


@pytest.fixture
def desk(world: Session) -> Desk:
    return desk_with(world, made=0)


def test_lines_are_read_with_their_days_and_names(app: Flask) -> None:
    with app.test_request_context():
        lines = read_lines(NEW)
    assert [(line.on, line.name) for line in lines] == [
        (date(2027, 12, 24), "Ngày thứ nhất"),
        (date(2027, 12, 25), "Ngày thứ hai"),
    ]


BAD = {
    "": "at least one",
    "   \n \n": "at least one",
    "Quốc khánh 02/09/2027": "Line 1",
    "02/09/2027 Quốc khánh\n31/02/2027 Không có": "Line 2",
    "02/2027 Tháng": "Line 1",
    "02/09/2027": "Line 1",
    "02/09/2027 A\n02/09/2027 B": "twice",
    "02/09/2027 " + "x" * 201: "longer",
    "02/09/0027 Xưa": "Line 1",
    "\n".join(f"{day:%d/%m/%Y} x" for day in (ON + timedelta(n) for n in range(61))): "60 days",
}


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_a_line_that_cannot_be_taken_is_named(app: Flask, text: str) -> None:
    with app.test_request_context(), pytest.raises(BadHoliday) as refused:
        read_lines(text)
    assert BAD[text] in refused.value.message % refused.value.params
    assert refused.value.field == "lines"


def test_days_are_added_by_somebody_with_a_source(desk: Desk, app: Flask) -> None:
    with app.test_request_context():
        added = add_holidays(desk.db, read_lines(NEW), "TB 1", desk.origin(desk.finance))
    assert [(one.added_at, one.added_by, one.source) for one in added] == [
        (AT, desk.finance.name, "TB 1")
    ] * 2
    assert date(2027, 12, 25) in holidays(desk.db).days
    jobs = desk.db.scalars(select(Job).where(Job.kind == REJUDGE)).all()
    assert [job.by_id for job in jobs] == [desk.finance.id]


def test_a_day_that_is_known_is_not_added_again(desk: Desk, app: Flask) -> None:
    with app.test_request_context():
        add_holidays(desk.db, read_lines(NEW), "TB 1", desk.origin(desk.finance))
        mixed = read_lines("26/12/2027 Mới\n25/12/2027 Cũ")
        with pytest.raises(BadHoliday, match="already"):
            add_holidays(desk.db, mixed, "TB 2", desk.origin(desk.finance))
    assert date(2027, 12, 26) not in holidays(desk.db).days


def test_a_dropped_day_stays_and_past_moments_still_know_it(desk: Desk, app: Flask) -> None:
    with app.test_request_context():
        added = add_holidays(desk.db, read_lines(NEW), "TB 1", desk.origin(desk.finance))
        later = desk.origin(desk.finance, AT + HOUR, "Nhập nhầm")
        drop_holiday(desk.db, added[0], later)
        with pytest.raises(AlreadyDropped):
            drop_holiday(desk.db, added[0], later)
        again = add_holidays(
            desk.db, read_lines("24/12/2027 Đúng"), "TB 3", desk.origin(desk.finance, AT + 2 * HOUR)
        )
    dropped = desk.db.get_one(Holiday, added[0].id)
    assert (dropped.dropped_by, dropped.dropped_why) == (desk.finance.name, "Nhập nhầm")
    day = date(2027, 12, 24)
    known = [day in holidays(desk.db, AT + n * HOUR / 2).days for n in (-1, 0, 1, 2, 3, 4, 5)]
    assert known == [False, True, True, False, False, True, True]
    assert again[0].name == "Đúng"


def test_dropping_needs_a_reason(desk: Desk) -> None:
    holiday = desk.db.scalars(select(Holiday).order_by(Holiday.id).limit(1)).one()
    with pytest.raises(NeedsReason):
        drop_holiday(desk.db, holiday, desk.origin(desk.finance, why=" "))


@pytest.mark.parametrize("key", [0, 10**9, 2**63, 10**40])
def test_a_day_that_is_not_there(desk: Desk, key: int) -> None:
    with pytest.raises(HiddenRecord):
        find_holiday(desk.db, key)


def test_a_new_holiday_moves_deadlines_at_once(desk: Desk, app: Flask) -> None:
    """Ten months silent, stalled by a term of ten months that ended yesterday: a holiday gives a day."""
    quiet_projects(desk.db)
    draft = desk.draft(10)
    adopt_draft(desk.db, draft, desk.trial(draft), desk.origin(desk.leader))
    stalled = select(Flag).where(Flag.rule == "STALLED", Flag.closed_on.is_(None))
    assert {flag.deadline for flag in desk.db.scalars(stalled)} == {date(2026, 11, 20)}
    with app.test_request_context():
        line = read_lines("20/11/2026 Ngày Nhà giáo")
        later = desk.origin(desk.finance, AT + HOUR)
        added = add_holidays(desk.db, line, "TB", later)
    # The next day is a Saturday, then a Sunday: Monday the 23rd is not over yet.
    assert desk.db.scalars(stalled).all() == []
    drop_holiday(desk.db, added[0], desk.origin(desk.finance, AT + 2 * HOUR, "nhầm"))
    assert {flag.deadline for flag in desk.db.scalars(stalled)} == {date(2026, 11, 20)}
    assert law_on(desk.db, ON, AT + HOUR).policy.holidays.days >= {date(2026, 11, 20)}


# On screen ------------------------------------------------------------------------------------


@pytest.fixture
def finance(app: Flask, tmp_path: Path) -> Browser:
    with opened(app) as db:
        load_world(db, tmp_path)
    make_person(app, Role.ADMINISTRATOR)
    return sign_in(app, make_person(app, Role.FINANCE_OFFICER))


def test_finance_adds_and_drops_days_on_the_page(app: Flask, finance: Browser) -> None:
    coming = datetime.now(UTC).year + 1
    finance.get("/policy/holidays")
    assert f"Chưa có danh mục cho năm: {coming}" in finance.words
    assert finance.submit(lines="x", source="TB 1").status_code == 422
    assert finance.soup.select_one("#lines").text.strip() == "x"
    assert "Dòng 1" in finance.soup.select_one("#lines-error").text
    sent = finance.submit(lines=f"02/09/{coming}  Quốc khánh <b>", source="TB 1")
    assert sent.status_code == 303
    finance.follow()
    assert "Đã thêm 1 ngày" in finance.words
    assert "Quốc khánh <b>" in finance.words
    assert "Chưa có danh mục" not in finance.words
    link = finance.soup.select_one(f"#y{coming} a[href$='/drop']")["href"]
    finance.get(link)
    assert finance.submit(reason="").status_code == 422
    assert finance.submit(reason="Nhập nhầm").status_code == 303
    finance.follow()
    assert "Nhập nhầm" in finance.words
    assert finance.get(link).status_code == 409
    with opened(app) as db:
        assert all(day.year != coming for day in holidays(db).days)


def test_others_read_the_table_and_nothing_else(app: Flask, finance: Browser) -> None:
    reader = sign_in(app, make_person(app, Role.LEADER))
    assert reader.get("/policy/holidays").status_code == 200
    assert "Quốc khánh" in reader.words
    assert reader.soup.select("main form[method=post], main a[href$='/drop']") == []
    with opened(app) as db:
        holiday_id = db.scalars(select(Holiday.id).order_by(Holiday.id).limit(1)).one()
    key = reader.soup.select_one("[name=csrf_token]")["value"]
    for path in ("/policy/holidays", f"/policy/holidays/{holiday_id}/drop"):
        assert reader.client.post(path, data={"csrf_token": key, "reason": "x"}).status_code == 404
