"""What an investor sees behind a link, and who else may not."""

import re
from datetime import timedelta

import pytest

from portfolio.office.one_time_links import LinkState, state_of_link
from portfolio.schedule import link_pages
from tests.links.answering import (
    BEFORE_DUE,
    GOOD,
    Investor,
    link_row,
    made,
    project_of,
    reports,
    send,
)
from tests.office.conftest import opened


def test_the_page_names_the_report_and_nothing_else_of_the_project(app, laid, owed) -> None:
    with opened(app) as db:
        project = project_of(db, owed)
        project.note = "GHI CHÚ NỘI BỘ"
        db.expunge(project)
    page = Investor(app.test_client())
    page.get(send(app, laid, owed, BEFORE_DUE))
    assert owed.code in page.words
    assert "Khu nghỉ dưỡng Hồ Đam Bri" in page.words
    assert "Báo cáo quý, Quý IV/2026" in page.words
    assert "01/10/2026 – 31/12/2026" in page.words
    assert "Hạn nộp 11/01/2027" in page.words
    assert "30/06/2027" in page.words, "the day that was promised stands beside the milestone"
    assert "10/02/2027" in page.words, "the last day of the link: thirty days after the due day"
    text = page.page.text
    assert not re.search(r"INV-|/projects|/sign-in|menu", text)


def test_the_page_is_not_kept_not_found_and_tells_no_other_site(phone) -> None:
    headers = phone.page.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "same-origin"
    assert phone.soup.select_one("meta[name=robots]")["content"] == "noindex, nofollow"
    links = [tag.get("href") or tag.get("src") for tag in phone.soup.select("[href], [src]")]
    assert [one for one in links if re.match(r"(https?:)?//", one)] == []


def test_the_page_is_there_in_english(app, path) -> None:
    page = Investor(app.test_client())
    page.client.set_cookie("language", "en")
    page.get(path)
    assert "Quarterly report, Q4 2026" in page.words
    assert "Send the report" in page.words


def test_opening_is_noted_once_and_changes_nothing_else(own_app, own_path, clock) -> None:
    app, path = own_app, own_path
    page = Investor(app.test_client())
    page.client.head(path)
    with opened(app) as db:
        assert link_row(db).opened_at is None
    page.get(path)
    clock.shift(timedelta(hours=1))
    page.get(path)
    with opened(app) as db:
        row = link_row(db)
        assert (row.opened_at, row.used_at, row.answer) == (BEFORE_DUE, None, None)
        assert state_of_link(row, BEFORE_DUE) is LinkState.OPENED


def test_a_telephone_that_lost_its_cookie_can_still_send(app, path, phone) -> None:
    phone.client.delete_cookie("form")
    assert phone.press(**GOOD).status_code == 303
    assert len(reports(app)) == 1


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}])
def test_another_site_cannot_send_without_the_key(app, path, phone, headers) -> None:
    sent = phone.fields() | GOOD | {"csrf_token": "x"}
    answer = phone.client.post(path, data=sent, headers=headers)
    assert answer.status_code == 400
    assert reports(app) == []


def test_made_up_links_are_slowed_down_and_a_good_one_goes_on_working(own_app, own_path) -> None:
    app, path = own_app, own_path
    page = Investor(app.test_client())
    answers = [page.get(f"/answer/{n:043}").status_code for n in range(40)]
    assert answers[: link_pages.WRONG_TOKENS] == [410] * link_pages.WRONG_TOKENS
    assert set(answers[link_pages.WRONG_TOKENS :]) == {429}
    assert page.page.headers["Retry-After"]
    assert page.get(path).status_code == 200


def test_too_many_sendings_are_stopped_with_the_text_in_the_page(app, path, phone) -> None:
    for _ in range(link_pages.SENDINGS):
        phone.press("attach", wishes="Chữ đã gõ")
        phone.get(path)
    answer = phone.press("attach", wishes="Chữ gõ sau cùng")
    assert answer.status_code == 429
    assert "Chữ gõ sau cùng" in phone.page.text
    assert "sign-in" not in phone.page.text


def test_the_address_comes_from_the_settings_whatever_the_host(app, laid, owed) -> None:
    with (
        app.test_request_context(headers={"Host": "evil.example"}),
        opened(app) as db,
    ):
        link = made(db, laid, owed, BEFORE_DUE)
    assert link.address.startswith("http://127.0.0.1:8000/answer/")


def test_no_text_in_the_form_comes_back_as_markup(app, path, phone) -> None:
    bad = "<script>alert(1)</script>"
    phone.press(**(GOOD | {"wishes": bad, "filled_by": bad, "physical_percent": bad}))
    assert bad not in phone.page.text
    phone.press(physical_percent="1")
    phone.follow()
    assert bad not in phone.page.text
    assert "alert(1)" in phone.words


def test_an_error_of_the_program_does_not_put_the_secret_into_the_log(
    app, path, phone, monkeypatch, capsys
) -> None:
    def break_down(*_given, **_more) -> None:
        words = "broken on purpose"
        raise RuntimeError(words)

    monkeypatch.setattr(link_pages, "note_opened", break_down)
    assert phone.get(path).status_code == 500
    written = capsys.readouterr().err
    assert "/answer/<token>" in written
    assert path.rpartition("/")[2] not in written
