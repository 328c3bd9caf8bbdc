"""Reminders of reports: when they go, to whom, what they say, and that nobody gets two on one day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from portfolio.notation.fold import fold
from portfolio.office.outbox import BadMail
from portfolio.office.people import Outbox, Role, User
from portfolio.office.trail import Origin, record
from portfolio.register.acts.people import Part, add_investor
from portfolio.register.acts.projects import set_follower
from portfolio.register.acts.reports import (
    ReportFacts,
    excuse_report,
    receive_report,
    send_back_report,
)
from portfolio.register.investor import Investor, InvestorRole
from portfolio.register.progress import ReportKind
from portfolio.schedule.reminders import ReminderRound, ReminderSent, remind, remind_tonight, steps
from portfolio.schedule.report_boxes import known_boxes
from tests.browser import Browser
from tests.links.answering import Owing, owing, project_of
from tests.office.conftest import opened
from tests.register.desk import Desk, browser_of, lay_out, officer

DUE = date(2027, 1, 11)
"""The fourth quarter of 2026: the tenth is a Sunday."""
BOX = "ketoan@congty.example"


def moment(day: date) -> datetime:
    """Ten past midnight in the province."""
    return datetime(day.year, day.month, day.day, 0, 10, tzinfo=UTC) - timedelta(hours=7)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(moment(DUE), tick=False) as moved:
        yield moved


@pytest.fixture
def laid(app: Flask) -> Desk:
    with opened(app) as db:
        return lay_out(db)


@pytest.fixture
def owed(app: Flask, laid: Desk) -> Owing:
    """A project whose investor has a mailbox."""
    with opened(app) as db:
        made = owing(db, laid)
        give_mailbox(db, made, f"Bà Lan, 0912 345 678, {BOX}")
        return made


def give_mailbox(db: Session, owed: Owing, contact: str, name: str = "Công ty Hồ Đam Bri") -> None:
    investor, origin = (
        Investor(name=name, folded=fold(name), contact=contact),
        Origin(None, moment(DUE)),
    )
    db.add(investor)
    record(db, investor, "add_investor", origin)
    add_investor(db, project_of(db, owed), investor, Part(role=InvestorRole.LEAD), origin)
    db.commit()


def people(app: Flask, laid: Desk) -> None:
    with opened(app) as db:
        officer(db, laid, Role.ZONE_OFFICER, laid.mang_den, email="mangden@example.org")
        officer(db, laid, Role.ZONE_OFFICER, laid.kon_tum, email="kontum@example.org")
        officer(db, laid, Role.FINANCE_OFFICER, email="taichinh@example.org")
        officer(db, laid, Role.LEADER, email="lanhdao@example.org")
        officer(db, laid, Role.CENTRE_OFFICER, email="xuctien@example.org")


def night(app: Flask, day: date) -> list[Outbox]:
    """What a night puts into the outbox."""
    with app.app_context(), time_machine.travel(moment(day), tick=False), opened(app) as db:
        known = {row.id for row in db.query(Outbox)}
        remind(db, day, moment(day))
        db.commit()
        return [row for row in db.query(Outbox).order_by(Outbox.id) if row.id not in known]


# When -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "goes"),
    [
        (DUE - timedelta(days=15), False),
        (DUE - timedelta(days=14), True),
        (DUE - timedelta(days=12), True),
        (DUE - timedelta(days=10), False),
        (DUE - timedelta(days=4), False),
        (DUE - timedelta(days=3), True),
        (DUE, True),
        (DUE + timedelta(days=1), True),
        (DUE + timedelta(days=5), False),
        (DUE + timedelta(days=15), True),
        (DUE + timedelta(days=19), False),
    ],
)
def test_a_reminder_goes_on_its_days_or_a_few_nights_later(app, owed, day, goes) -> None:
    assert any("Quý IV/2026" in mail.body for mail in night(app, day)) is goes


def test_each_step_is_taken_once_however_often_the_night_is_repeated(app, owed) -> None:
    sent = [
        len(night(app, DUE + timedelta(days=day))) for day in range(-16, 16) for _again in range(2)
    ]
    assert sum(sent) == 4
    with opened(app) as db:
        rounds = [
            (one.kind, one.period, one.days, one.projects)
            for one in db.query(ReminderRound).order_by(ReminderRound.days)
        ]
    assert [one for one in rounds if one[0] == "Q"] == [
        ("Q", "2026-Q4", days, 1) for days in (-14, -3, 1, 15)
    ]


def test_the_nightly_duty_writes_and_forgets_who_was_written_to_long_ago(app, owed) -> None:
    old = moment(DUE) - timedelta(days=31)
    with opened(app) as db:
        db.add(ReminderSent(address="alt@example.org", on=old.date(), at=old))
        db.commit()
    with app.app_context(), time_machine.travel(moment(DUE + timedelta(days=1)), tick=False):
        remind_tonight(moment(DUE + timedelta(days=1)))
    with opened(app) as db:
        assert [one.address for one in db.query(ReminderSent)] == [BOX]
        assert [one.to for one in db.query(Outbox)] == [BOX]


def test_steps_are_the_offices_to_set(app, owed) -> None:
    app.config |= {"REMIND_BEFORE": "", "REMIND_AFTER": "2"}
    try:
        with app.app_context():
            assert steps() == [2]
        assert not night(app, DUE)
        assert len(night(app, DUE + timedelta(days=2))) == 1
        app.config["REMIND_AFTER"] = ""
        assert not night(app, DUE + timedelta(days=15))
    finally:
        app.config |= {"REMIND_BEFORE": "14,3", "REMIND_AFTER": "1,15"}


# Whom -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["received", "excused", "sent_back"])
def test_whoever_has_reported_is_left_in_peace(app, owed, how) -> None:
    with app.test_request_context(), opened(app) as db:
        project, origin = project_of(db, owed), Origin(None, moment(DUE), "Văn bản 12")
        if how == "excused":
            excuse_report(db, project, ReportKind.Q, "2026-Q4", on=DUE, origin=origin)
        else:
            facts = ReportFacts(kind=ReportKind.Q, period="2026-Q4", received_on=date(2027, 1, 9))
            report = receive_report(db, project, facts, origin)
            if how == "sent_back":
                send_back_report(db, project, report, on=DUE, origin=origin)
        db.commit()
    assert bool(night(app, DUE + timedelta(days=1))) is (how == "sent_back")


def test_officers_get_one_digest_of_their_own_share_and_others_none(app, laid, owed) -> None:
    people(app, laid)
    with opened(app) as db:
        owing(db, laid, name="Chợ đêm")
        outside = project_of(db, owing(db, laid, name="Nhà máy", zone_id=laid.kon_tum))
        program = Origin(None, moment(DUE))
        set_follower(db, outside, office_id=laid.finance, why="Văn bản 5", origin=program)
        db.commit()
    mails = {mail.to: mail for mail in night(app, DUE + timedelta(days=1))}
    assert set(mails) == {
        BOX, "mangden@example.org", "kontum@example.org", "taichinh@example.org",
    }  # fmt: skip
    digest = mails["mangden@example.org"].body
    assert "Báo cáo quý, Quý IV/2026; hạn 11/01/2027, quá hạn 1 ngày: 2 dự án chưa nộp" in digest
    assert "1 nhà đầu tư được nhắc qua thư điện tử, 1 chưa biết địa chỉ thư" in digest
    assert "Chợ đêm" in digest
    assert "Hồ Đam Bri" not in digest
    assert "http://127.0.0.1:8000/report-duties" in digest
    assert "Nhà máy" in mails["taichinh@example.org"].body
    assert "Chợ đêm" not in mails["taichinh@example.org"].body


def test_a_digest_is_in_the_language_of_its_reader(app, laid, owed) -> None:
    people(app, laid)
    with opened(app) as db:
        user = db.query(User).filter_by(email="mangden@example.org").one()
        db.execute(User.__table__.update().where(User.id == user.id).values(language="en"))
        db.commit()
    mails = {mail.to: mail for mail in night(app, DUE + timedelta(days=1))}
    mail = mails["mangden@example.org"]
    assert mail.subject == "Reports of 1 project are missing or fall due"
    assert "Quarterly report, Q4 2026; due 11/01/2027, overdue by 1 day" in mail.body


def test_one_mail_goes_to_an_address_for_all_its_projects_in_both_languages(
    app, laid, owed
) -> None:
    with opened(app) as db:
        second = owing(db, laid, name="Chợ đêm")
        give_mailbox(db, second, BOX, name="Công ty Chợ đêm")
    [mail] = night(app, DUE - timedelta(days=3))
    assert mail.to == BOX
    lines = [line for line in mail.body.splitlines() if line.startswith("- ")]
    assert lines == [
        "- Báo cáo quý, Quý IV/2026: KT-0001 Khu nghỉ dưỡng Hồ Đam Bri; hạn 11/01/2027, đến hạn trong 3 ngày",
        "- Báo cáo quý, Quý IV/2026: KT-0002 Chợ đêm; hạn 11/01/2027, đến hạn trong 3 ngày",
        "- Quarterly report, Q4 2026: KT-0001 Khu nghỉ dưỡng Hồ Đam Bri; due 11/01/2027, due in 3 days",
        "- Quarterly report, Q4 2026: KT-0002 Chợ đêm; due 11/01/2027, due in 3 days",
    ]


def test_the_same_night_writes_the_same_words(app, laid, owed) -> None:
    people(app, laid)
    first = [(m.to, m.subject, m.body) for m in night(app, DUE)]
    with opened(app) as db:
        for table in (ReminderRound, ReminderSent, Outbox):
            db.execute(table.__table__.delete())
        db.commit()
    assert [(m.to, m.subject, m.body) for m in night(app, DUE)] == first


def test_a_name_with_a_line_break_makes_no_header(app, laid) -> None:
    with opened(app) as db:
        made = owing(db, laid, name="Tên\r\nBcc: x@example.org")
        give_mailbox(db, made, BOX)
    try:
        [mail] = night(app, DUE)
    except BadMail:  # pragma: no cover  a fault of ours
        pytest.fail("the name went into the head of the message")
    assert "\n" not in mail.subject


def test_the_known_address_is_the_reporters_before_the_investors(app, owed) -> None:
    with app.test_request_context(), opened(app) as db:
        project = project_of(db, owed)
        assert known_boxes(db, [project.id]) == {project.id: BOX}
        facts = ReportFacts(
            kind=ReportKind.Q, period="2026-Q4", received_on=DUE, contact="lan@nha.example"
        )
        receive_report(db, project, facts, Origin(None, moment(DUE)))
        assert known_boxes(db, [project.id]) == {project.id: "lan@nha.example"}


# By hand --------------------------------------------------------------------------------------


@pytest.fixture
def desk(app: Flask, laid: Desk) -> Browser:
    with opened(app) as db:
        user_id = officer(db, laid, Role.ZONE_OFFICER, laid.mang_den).id
    return browser_of(app, user_id)


def test_an_officer_reminds_of_chosen_reports_once_a_day(app, laid, owed, desk) -> None:
    with opened(app) as db:
        mute = owing(db, laid, name="Chợ đêm")
        foreign = owing(db, laid, name="Khu công nghiệp", zone_id=laid.kon_tum)
    picks = "&".join(f"pick={one.code}:Q:2026-Q4" for one in (owed, mute, foreign))
    desk.get(f"/report-duties/reminders?{picks}&pick=x&pick=KT-0001:Q:1999-Q1")
    assert BOX in desk.words
    assert "chưa có thông tin" in desk.words
    assert foreign.code not in desk.words
    desk.submit()
    desk.follow()
    assert "Đã viết thư nhắc cho 1 dự án." in desk.page.text
    assert f"Chưa biết địa chỉ thư: {mute.code}." in desk.page.text
    assert "hộp thư đi" in desk.page.text
    desk.get(f"/report-duties/reminders?pick={owed.code}:Q:2026-Q4")
    desk.submit()
    desk.follow()
    assert f"Hôm nay đã nhắc: {owed.code}." in desk.page.text
    with opened(app) as db:
        assert [one.to for one in db.query(Outbox)] == [BOX]


def test_nothing_chosen_is_said(desk, owed) -> None:
    assert desk.get("/report-duties/reminders").status_code == 200
    assert "Chưa chọn báo cáo nào" in desk.words


# The mail that waits --------------------------------------------------------------------------


def administrator(app: Flask, laid: Desk) -> Browser:
    with opened(app) as db:
        user_id = officer(db, laid, Role.ADMINISTRATOR).id
    return browser_of(app, user_id)


def test_the_administrator_sees_who_waits_and_why_but_never_what_it_says(app, laid, owed) -> None:
    night(app, DUE)
    admin = administrator(app, laid)
    assert admin.get("/outbox").status_code == 200
    assert BOX in admin.words
    assert "Nhắc báo cáo thực hiện dự án đầu tư" in admin.words
    assert "Đang chờ: chưa cấu hình máy chủ thư" in admin.words
    assert "Hồ Đam Bri" not in admin.words


def test_failed_and_given_up_mail_says_so(app, laid, owed) -> None:
    [mail] = night(app, DUE)
    with opened(app) as db:
        row = db.get_one(Outbox, mail.id)
        row.attempts, row.error = 1, "SMTPServerDisconnected: away"
        db.commit()
    admin = administrator(app, laid)
    admin.get("/outbox")
    assert "Gửi lỗi, gửi lại lúc" in admin.words
    with opened(app) as db:
        row = db.get_one(Outbox, mail.id)
        row.attempts, row.next_attempt_at = 5, None
        db.commit()
    assert admin.get("/outbox?page=7").status_code == 200
    admin.get("/outbox?page=1")
    assert "Đã dừng sau 5 lần gửi: SMTPServerDisconnected: away" in admin.words
