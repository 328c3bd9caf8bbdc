"""Officers make links, one or many, mail or copy them, and revoke them."""

from datetime import date

import pytest
from sqlalchemy import select

from portfolio.office import outbox
from portfolio.office.one_time_links import OneTimeLink
from portfolio.office.people import Outbox, Role
from portfolio.office.trail import Origin, TrailEntry
from portfolio.register.acts.reports import (
    receive_report,
    send_back_report,
)
from portfolio.register.progress import ReportKind
from portfolio.register.project import Listing, Stage
from portfolio.schedule.report_boxes import known_boxes
from portfolio.schedule.report_links import (
    Wanted,
    mailbox_in,
    make_report_links,
)
from portfolio.web.errors import Conflict, Refusal
from tests.links.answering import (
    BEFORE_DUE,
    BOX,
    GOOD,
    PERIOD,
    Investor,
    facts,
    link_row,
    made,
    owing,
    project_of,
    send,
    zone_officer,
)
from tests.office.conftest import opened
from tests.register.desk import browser_of, log, officer


def test_the_mail_is_in_both_languages_and_holds_no_secret_while_it_waits(app, laid, owed) -> None:
    path = send(app, laid, owed, BEFORE_DUE, sent_to=BOX)
    token = path.rpartition("/")[2]
    sent = []
    with opened(app) as db:
        waiting = db.scalars(select(Outbox)).one()
        assert waiting.to == BOX
        assert token not in waiting.body
        outbox.send_waiting(db, BEFORE_DUE, sent.append)
    body = sent[0].get_content()
    assert body.count(f"http://127.0.0.1:8000{path}") == 2
    assert "không cần tài khoản" in body
    assert "no account is needed" in body
    assert "hạn nộp 11/01/2027" in body
    assert "10/02/2027" in body


def test_after_sending_back_the_mail_says_what_was_missing(app, laid, owed) -> None:
    with app.test_request_context(), opened(app) as db:
        project = project_of(db, owed)
        origin = Origin(None, BEFORE_DUE)
        report = receive_report(db, project, facts(), origin)
        why = Origin(None, BEFORE_DUE, "Thiếu ảnh công trường")
        send_back_report(db, project, report, on=date(2027, 1, 5), origin=why)
        db.commit()
    send(app, laid, owed, BEFORE_DUE, sent_to=BOX)
    with opened(app) as db:
        body = db.scalars(select(Outbox)).one().body
    assert "Báo cáo được trả lại ngày 05/01/2027: Thiếu ảnh công trường" in body
    assert "sent back on 05/01/2027" in body


def test_a_receipt_goes_by_mail_to_who_asked_and_who_answered(app, laid, owed) -> None:
    phone = Investor(app.test_client())
    phone.get(send(app, laid, owed, BEFORE_DUE, sent_to=BOX))
    phone.press(**GOOD)
    with opened(app) as db:
        told = [
            (one.to, one.body)
            for one in db.scalars(select(Outbox).order_by(Outbox.id))
            if "SHA-256" in one.body
        ]
        digest = link_row(db).answer["sha256"]
    assert [to for to, _body in told] == ["binh@hodambri.example", BOX]
    assert all(digest in body and f"{owed.code}/Q/2026-Q4" in body for _to, body in told)
    assert all("/answer/" not in body for _to, body in told)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("0905 123 456, binh@x.example", "binh@x.example"),
        ("Bình <binh@x.example>", "binh@x.example"),
        ("a@b", None),
        ("0905 123 456", None),
        ("x@y.example\r\nBcc: z@y.example", "x@y.example"),
        ("", None),
        (None, None),
        ("a" * 300 + "@x.example", None),
    ],
)
def test_an_address_in_a_line_of_contacts_is_found(given, found) -> None:
    assert mailbox_in(given) == found


def test_links_are_only_made_for_reports_that_are_owed_and_missing(app, laid, owed) -> None:
    with app.test_request_context(), opened(app) as db:
        project = project_of(db, owed)
        origin = Origin(None, BEFORE_DUE)
        for period in ("2030-Q1", "2016-Q1"):
            with pytest.raises(Refusal):
                make_report_links(db, [Wanted(project, ReportKind.Q, period)], origin)
        for wrong in ({"last_day": date(2027, 1, 4)}, {"last_day": date(2029, 1, 1)}):
            with pytest.raises(Refusal):
                make_report_links(db, [Wanted(project, ReportKind.Q, PERIOD, **wrong)], origin)
        wanted = Wanted(project, ReportKind.Q, PERIOD, sent_to="a@x.example\nBcc: b@x.example")
        with pytest.raises(Refusal):
            make_report_links(db, [wanted], origin)
        receive_report(db, project, facts(), origin)
        with pytest.raises(Conflict):
            make_report_links(db, [Wanted(project, ReportKind.Q, PERIOD)], origin)


def test_the_known_address_is_the_last_one_used_else_the_investors(app, laid, owed) -> None:
    with app.test_request_context(), opened(app) as db:
        project = project_of(db, owed)
        assert known_boxes(db, [project.id]) == {}
        made(db, laid, owed, BEFORE_DUE, sent_to=BOX)
        made(db, laid, owed, BEFORE_DUE)
        assert known_boxes(db, [project.id]) == {project.id: BOX}


def test_an_officer_makes_a_link_sees_it_once_and_the_investor_opens_it(app, laid, owed) -> None:
    desk = zone_officer(app, laid)
    desk.get(f"/report-duties/links?pick={owed.code}:Q:{PERIOD}")
    assert owed.code in desk.words
    answer = desk.submit(**{"rows-0-sent_to": BOX})
    assert answer.status_code == 200
    address = desk.soup.select_one("input[readonly]")["value"]
    assert (
        Investor(app.test_client()).get(address.removeprefix("http://127.0.0.1:8000")).status_code
        == 200
    )
    assert "chỉ hiện một lần" in desk.words
    desk.get(f"/report-duties/links?pick={owed.code}:Q:{PERIOD}")
    assert desk.fields()["rows-0-sent_to"] == BOX, "proposed the next time"
    with opened(app) as db:
        row = link_row(db)
        assert (row.made_by, row.sent_to) == ("Người zone_officer", BOX)
        entry = db.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
        assert (entry.act, entry.reason) == ("make_report_link", "Báo cáo quý, Quý IV/2026")


def test_the_page_of_links_sent_twice_makes_one_set(app, laid, owed) -> None:
    desk = zone_officer(app, laid)
    desk.get(f"/report-duties/links?pick={owed.code}:Q:{PERIOD}")
    sent, action = desk.fields(), "/report-duties/links"
    for status in (200, 303):
        answer = desk.client.post(action, data=sent, headers={"Origin": "http://localhost"})
        assert answer.status_code == status
    with opened(app) as db:
        assert db.query(OneTimeLink).count() == 1


def test_links_for_many_are_made_in_one_act_and_listed_in_one_text(app, laid) -> None:
    with opened(app) as db:
        several = [owing(db, laid, name=f"Dự án {n}") for n in range(3)]
    desk = zone_officer(app, laid)
    picks = "&".join(f"pick={one.code}:Q:{PERIOD}" for one in several)
    desk.get(f"/report-duties/links?{picks}")
    desk.submit(last_day="20/01/2027")
    lines = desk.soup.select_one("textarea").text.strip().splitlines()
    assert len(lines) == 3
    assert [line.split(" · ")[0] for line in lines] == [one.code for one in several]
    with opened(app) as db:
        ends = {row.expires_at for row in db.scalars(select(OneTimeLink))}
        assert len(ends) == 1
        entries = db.scalars(select(TrailEntry).where(TrailEntry.act == "make_report_link")).all()
        assert len(entries) == 3


def test_a_wrong_address_is_refused_at_its_field_and_nothing_is_made(app, laid, owed) -> None:
    desk = zone_officer(app, laid)
    desk.get(f"/report-duties/links?pick={owed.code}:Q:{PERIOD}")
    assert desk.submit(**{"rows-0-sent_to": "không phải thư"}).status_code == 422
    assert desk.fields()["rows-0-sent_to"] == "không phải thư"
    assert "Nhập một địa chỉ thư điện tử" in desk.words
    with opened(app) as db:
        assert db.query(OneTimeLink).count() == 0


def test_what_needs_no_link_is_named_with_its_reason(app, laid, owed) -> None:
    with opened(app) as db:
        asked_for = log(
            db, laid, name="Chợ đêm", listing=Listing.SOLICITED, stage=Stage.CALLING
        ).code
        db.commit()
    desk = zone_officer(app, laid)
    desk.get(f"/report-duties/links?pick={asked_for}:Q:{PERIOD}")
    assert "Không tạo được đường dẫn" in desk.words
    assert desk.soup.select("main form") == []


@pytest.mark.parametrize("pick", ["KT-9999:Q:2026-Q4", "x", "::", "%s:Z:2026-Q4", "%s:Q:2026-Q9"])
def test_a_pick_that_names_nothing_is_not_found(app, laid, owed, pick) -> None:
    desk = zone_officer(app, laid)
    pick = pick % owed.code if "%s" in pick else pick
    assert desk.get(f"/report-duties/links?pick={pick}").status_code == 404


def test_a_project_of_another_zone_is_not_there(app, laid, owed, path) -> None:
    with opened(app) as db:
        other_id = officer(db, laid, Role.ZONE_OFFICER, laid.kon_tum, email="khac@x.example").id
        link_id = link_row(db).id
    other = browser_of(app, other_id)
    pick = f"{owed.code}:Q:{PERIOD}"
    assert other.get(f"/report-duties/links?pick={pick}").status_code == 404
    other.get("/report-duties/links")
    key = other.soup.select_one("input[name=csrf_token]")["value"]
    given = {"csrf_token": key, "rows-0-pick": pick}
    for target in ("/report-duties/links", f"/projects/{owed.code}/report-links/{link_id}/revoke"):
        answer = other.client.post(target, data=given, headers={"Origin": "http://localhost"})
        assert answer.status_code == 404
    with opened(app) as db:
        assert link_row(db).revoked_at is None
        assert db.query(OneTimeLink).count() == 1


def test_the_project_page_tells_what_became_of_the_link_and_revokes_it(
    app, laid, owed, path
) -> None:
    desk = zone_officer(app, laid)
    with opened(app) as db:
        link_id = link_row(db).id
    desk.get(f"/projects/{owed.code}")
    assert "Đường dẫn cho nhà đầu tư: đã tạo, chưa mở" in desk.words
    pick = desk.soup.select_one("a[href*='report-duties/links']")["href"]
    assert desk.get(pick).status_code == 200
    assert "Quý IV/2026" in desk.words
    desk.get(f"/projects/{owed.code}")
    key = desk.soup.select_one("input[name=csrf_token]")["value"]
    target = f"/projects/{owed.code}/report-links/{link_id}/revoke"
    for _ in range(2):
        answer = desk.client.post(
            target, data={"csrf_token": key}, headers={"Origin": "http://localhost"}
        )
        assert answer.status_code == 303
    assert Investor(app.test_client()).get(path).status_code == 410
    desk.get(f"/projects/{owed.code}")
    assert "đã thu hồi" in desk.words
    with opened(app) as db:
        row = link_row(db)
        assert row.revoked_by == "Người zone_officer"
        acts = [one.act for one in db.scalars(select(TrailEntry).order_by(TrailEntry.seq))]
        assert acts.count("revoke_report_link") == 1
