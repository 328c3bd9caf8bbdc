"""One page, one report, one receipt, whatever goes wrong in between."""

import hashlib
import json
import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from portfolio.office.one_time_links import LinkFile
from portfolio.office.trail import TrailEntry
from portfolio.register.progress import ProgressReport, ReportKind, ReportStatus
from portfolio.schedule.report_answers import digest_of
from tests.links.answering import (
    AFTER_DUE,
    BEFORE_DUE,
    GOOD,
    PERIOD,
    Investor,
    files_folder,
    kept,
    link_row,
    photo,
    reports,
)
from tests.office.conftest import opened


def test_a_report_arrives_with_all_it_says(app, owed, phone) -> None:
    expected = {"forecasts-0-expected_on": "9/2027"}
    answer = phone.press(**GOOD, **expected, wishes="Cần điện 22 kV", causes=["b"])
    assert answer.status_code == 303
    phone.follow()
    assert "Đã nhận báo cáo" in phone.words
    (report,) = reports(app)
    assert (report.kind, report.period) == (ReportKind.Q, PERIOD)
    assert report.status is ReportStatus.RECEIVED
    assert report.through_link
    assert report.received_on == date(2027, 1, 5)
    assert report.realised_in_period == Decimal(12_500_000_000)
    assert report.realised_total == Decimal(118_400_000_000)
    assert report.physical_percent == Decimal(45)
    assert (report.jobs_vietnamese, report.causes, report.wishes) == (120, ["b"], "Cần điện 22 kV")
    assert report.filled_by == GOOD["filled_by"]
    with opened(app) as db:
        told = db.scalars(select(ProgressReport)).one().forecasts
        assert [(one.milestone_id, one.expected_on) for one in told] == [
            (owed.milestone_id, date(2027, 9, 30))
        ]
        entry = db.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
        assert (entry.act, entry.by_id, entry.by_name) == ("receive_report", None, "investor")


def test_the_receipt_proves_its_content(app, owed, phone) -> None:
    phone.press(**GOOD, files=[("cong truong.jpg", photo())])
    phone.follow()
    with opened(app) as db:
        kept_answer = link_row(db).answer
    digest = kept_answer["sha256"]
    text = json.dumps(
        kept_answer["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert hashlib.sha256(text.encode()).hexdigest() == digest
    assert digest_of(kept_answer["content"] | {"realised_total": "0"}) != digest
    assert digest in phone.words
    assert f"{owed.code}/Q/2026-Q4" in phone.words
    assert "05/01/2027 09:00" in phone.words
    assert "118,4 tỷ đồng" in phone.words
    assert "cong truong.jpg" in phone.words
    assert kept_answer["content"]["files"] == [
        {"name": "cong truong.jpg", "size": kept_answer["content"]["files"][0]["size"]}
        | {"sha256": kept(app)[0][1]}
    ]


@pytest.mark.parametrize("again", ["same form", "back button", "second tab", "reload"])
def test_sent_twice_by_mistake_one_report_arrives_and_both_see_one_receipt(
    app, path, phone, again
) -> None:
    other = phone if again in {"same form", "back button"} else Investor(app.test_client())
    if again == "second tab":
        other.get(path)
    sent = phone.fields() | GOOD | {"step": "send"}
    first = phone.press(**GOOD, files=[("a.jpg", photo())])
    phone.follow()
    receipt = phone.words
    if again == "second tab":
        second = other.press(**(GOOD | {"realised_total": "999"}), files=[("b.jpg", photo("blue"))])
    elif again == "reload":
        second = first
    else:
        sent["files"] = ""
        second = phone.client.post(path, data=sent, headers={"Origin": "http://localhost"})
    assert second.status_code == 303
    assert second.headers["Location"] == path
    other.get(path)
    assert other.words == receipt
    assert len(reports(app)) == 1
    assert reports(app)[0].realised_total == Decimal(118_400_000_000)
    assert [name for name, _hash in kept(app)] == ["a.jpg"]
    with opened(app) as db:
        acts = [one.act for one in db.scalars(select(TrailEntry).order_by(TrailEntry.seq))]
        assert acts.count("receive_report") == 1
        assert db.query(LinkFile).count() == 0


def test_after_an_error_what_was_typed_stays_and_the_photo_is_not_lost(app, path, phone) -> None:
    wrong = GOOD | {"physical_percent": "145", "contact": ""}
    answer = phone.press(**wrong, files=[("cong truong.jpg", photo())])
    assert answer.status_code == 422
    assert "Có 2 lỗi cần sửa" in phone.words
    shown = phone.fields()
    assert shown["physical_percent"] == "145"
    assert shown["realised_total"] == "118,4"
    assert "cong truong.jpg" in phone.words
    assert reports(app) == []
    answer = phone.press(physical_percent="45", contact="0905 123 456")
    assert answer.status_code == 303
    assert [name for name, _hash in kept(app)] == ["cong truong.jpg"]


def test_a_doubtful_number_is_asked_back_and_the_answer_settles_it(app, phone) -> None:
    assert phone.press(**(GOOD | {"realised_total": "5.345"})).status_code == 422
    options = phone.soup.select("input[name=realised_total-reading]")
    assert len(options) == 2
    billions = next(one["value"] for one in options if Decimal(one["value"]) == 5345 * 10**9)
    assert phone.press(**{"realised_total-reading": billions}).status_code == 303
    assert reports(app)[0].realised_total == Decimal(5_345_000_000_000)


def test_a_report_that_says_nothing_is_not_taken(app, phone) -> None:
    answer = phone.press(filled_by="An", contact="0905")
    assert answer.status_code == 422
    assert "Cần nêu ít nhất một nội dung" in phone.words
    assert reports(app) == []


def test_typed_text_and_files_wait_at_the_link_for_another_day_or_telephone(
    app, path, phone, clock
) -> None:
    answer = phone.press("attach", files=[("a.jpg", photo())], wishes="Đang gõ dở")
    assert answer.status_code == 303
    clock.shift(timedelta(days=3))
    other = Investor(app.test_client())
    other.get(path)
    assert other.fields()["wishes"].strip() == "Đang gõ dở"
    assert "a.jpg" in other.words
    assert reports(app) == []


def test_a_forecast_that_was_typed_stays_with_its_milestone(app, path, phone, owed) -> None:
    phone.press("attach", **{"forecasts-0-expected_on": "9/2027"})
    phone.get(path)
    assert phone.fields()["forecasts-0-expected_on"] == "9/2027"
    assert phone.fields()["forecasts-0-milestone"] == str(owed.milestone_id)


def test_after_the_due_day_the_report_is_taken_and_marked_late(app, phone, path, clock) -> None:
    clock.move_to(AFTER_DUE)
    phone.get(path)
    assert "quá hạn; báo cáo vẫn được nhận" in phone.words
    assert phone.press(**GOOD).status_code == 303
    phone.follow()
    assert "sau hạn nộp" in phone.words
    assert reports(app)[0].received_on == date(2027, 1, 20)


def test_on_the_due_day_it_is_not_late(app, phone, path, clock) -> None:
    clock.move_to(BEFORE_DUE + timedelta(days=6, hours=14))
    phone.get(path)
    phone.press(**GOOD)
    phone.follow()
    assert "sau hạn nộp" not in phone.words
    assert reports(app)[0].received_on == date(2027, 1, 11)


def test_six_telephones_at_the_same_moment_make_one_report(own_app, own_path) -> None:
    app, path = own_app, own_path
    answers, gate = [], threading.Barrier(6)

    def one() -> None:
        phone = Investor(app.test_client())
        phone.get(path)
        gate.wait()
        answers.append(phone.press(**GOOD, files=[("a.jpg", photo())]).status_code)

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 6
    assert len(reports(app)) == 1
    assert len(kept(app)) == 1
    on_disk = [one for one in files_folder(app).rglob("*") if one.is_file()]
    assert len(on_disk) == 1, "bytes of the five that came too late are gone"
