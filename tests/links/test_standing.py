"""What became of a link: ended, revoked, entered by the office, excused, sent back, accepted."""

from datetime import date, timedelta

from portfolio.office.trail import Origin
from portfolio.register.acts.reports import (
    accept_report,
    excuse_report,
    receive_report,
    send_back_report,
)
from portfolio.register.progress import ReportKind, ReportStatus
from portfolio.schedule.report_links import (
    revoke_report_link,
)
from tests.links.answering import (
    AFTER_DUE,
    BEFORE_DUE,
    GOOD,
    PERIOD,
    Investor,
    facts,
    link_row,
    project_of,
    reports,
    send,
)
from tests.office.conftest import opened


def test_links_that_do_not_work_look_all_the_same(app, laid, owed, clock) -> None:
    ended = send(app, laid, owed, BEFORE_DUE, last_day=date(2027, 1, 6))
    replaced = send(app, laid, owed, BEFORE_DUE)
    revoked = send(app, laid, owed, BEFORE_DUE)
    with app.test_request_context(), opened(app) as db:
        revoke_report_link(db, project_of(db, owed), link_row(db), Origin(None, BEFORE_DUE))
        db.commit()
    clock.move_to(AFTER_DUE)
    page, seen = Investor(app.test_client()), set()
    for one in (ended, replaced, revoked, "/answer/" + "x" * 43):
        answer = page.get(one)
        assert answer.status_code == 410
        seen.add(page.words)
        page.page = None
        post = page.client.post(one, data={}, headers={"Origin": "http://localhost"})
        assert post.status_code == 410
    assert len(seen) == 1


def test_a_report_that_an_officer_entered_meanwhile_is_said_so(app, owed, path, phone) -> None:
    with app.test_request_context(), opened(app) as db:
        receive_report(db, project_of(db, owed), facts(), Origin(None, BEFORE_DUE))
        db.commit()
    assert phone.press(**GOOD).status_code == 303
    phone.get(path)
    assert "Cơ quan đã có báo cáo này" in phone.words
    assert len(reports(app)) == 1
    assert not reports(app)[0].through_link


def test_an_excused_report_is_not_asked_for(app, owed, path, phone) -> None:
    why = Origin(None, BEFORE_DUE, "đã có báo cáo chung")
    with app.test_request_context(), opened(app) as db:
        project = project_of(db, owed)
        excuse_report(db, project, ReportKind.Q, PERIOD, on=BEFORE_DUE.date(), origin=why)
        db.commit()
    phone.get(path)
    assert "không còn phải nộp" in phone.words
    assert phone.soup.select("main form") == []


def test_a_report_sent_back_is_filed_again_through_the_same_link(
    app, owed, path, phone, clock
) -> None:
    phone.press(**GOOD, **{"forecasts-0-expected_on": "9/2027"})
    clock.shift(timedelta(days=1))
    why = Origin(None, BEFORE_DUE + timedelta(days=1), "Thiếu số lao động nước ngoài")
    with app.test_request_context(), opened(app) as db:
        project = project_of(db, owed)
        send_back_report(db, project, project.reports[0], on=date(2027, 1, 6), origin=why)
        db.commit()
    phone.get(path)
    assert "Thiếu số lao động nước ngoài" in phone.words
    shown = phone.fields()
    assert shown["realised_total"] == "118,4"
    assert shown["forecasts-0-expected_on"] == "09/2027"
    assert shown["filled_by"] == GOOD["filled_by"]
    assert phone.press(jobs_foreign="3").status_code == 303
    phone.follow()
    assert "Đã nhận báo cáo" in phone.words
    (report,) = reports(app)
    assert (report.status, report.jobs_foreign) == (ReportStatus.RECEIVED, 3)
    assert report.received_on == date(2027, 1, 6)


def test_the_first_form_sent_once_more_after_it_was_sent_back_is_no_new_report(
    app, owed, path, phone
) -> None:
    sent = phone.fields() | GOOD | {"step": "send"}
    phone.press(**{k: v for k, v in sent.items() if k != "csrf_token"})
    with app.test_request_context(), opened(app) as db:
        project = project_of(db, owed)
        origin = Origin(None, BEFORE_DUE, "Thiếu")
        send_back_report(db, project, project.reports[0], on=date(2027, 1, 5), origin=origin)
        db.commit()
    again = phone.client.post(path, data=sent, headers={"Origin": "http://localhost"})
    assert again.status_code == 303
    assert reports(app)[0].status is ReportStatus.SENT_BACK


def test_a_new_link_after_sending_back_begins_with_what_was_sent(app, laid, owed, phone) -> None:
    phone.press(**GOOD)
    with app.test_request_context(), opened(app) as db:
        project = project_of(db, owed)
        origin = Origin(None, BEFORE_DUE, "Thiếu ảnh công trường")
        send_back_report(db, project, project.reports[0], on=date(2027, 1, 5), origin=origin)
        db.commit()
    other = Investor(app.test_client())
    other.get(send(app, laid, owed, BEFORE_DUE))
    assert "Thiếu ảnh công trường" in other.words
    assert other.fields()["realised_total"] == "118,4"
    assert other.press().status_code == 303
    assert reports(app)[0].status is ReportStatus.RECEIVED


def test_what_was_accepted_stays_received(app, owed, path, phone) -> None:
    phone.press(**GOOD)
    with app.test_request_context(), opened(app) as db:
        project = project_of(db, owed)
        on = date(2027, 1, 5)
        accept_report(db, project, project.reports[0], on=on, origin=Origin(None, BEFORE_DUE))
        db.commit()
    phone.get(path)
    assert "Đã nhận báo cáo" in phone.words
    assert phone.soup.select("main form") == []
