"""Text typed into a form whose session has ended comes back after signing in, to its author only."""

import zlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portfolio.database import session
from portfolio.web.navigation import know_people
from portfolio.web.parked import MOST_NAMELESS, ParkedForm
from tests.web.conftest import HERE, fill, key_of, sign_in

LONG = "Nội dung dài đã nhập trước khi phiên làm việc hết hạn,\nkhông được mất một chữ nào."


def ended(client: FlaskClient, **typed: str) -> tuple[dict[str, str], FlaskClient]:
    """A filled form, and the browser after its session has ended."""
    given = fill(client, objective=LONG, capital="khoảng 20 tỷ", password="secret", **typed)
    client.post("/sign-out", data={"csrf_token": given["csrf_token"]}, headers=HERE)
    given["csrf_token"] = key_of(client)
    return given, client


def kept(app: Flask) -> int:
    with app.app_context():
        return session().scalar(select(func.count()).select_from(ParkedForm)) or 0


def test_the_text_comes_back_after_signing_in(gallery: Flask, officer: FlaskClient) -> None:
    given, browser = ended(officer)
    answer = browser.post("/form?a=1&b=2", data=given, headers=HERE)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?parked=")
    back = sign_in(browser, path=answer.location)
    assert back.location.startswith("/form?a=1&b=2&parked=")
    page = BeautifulSoup(browser.get(back.location).text, "html.parser")
    assert page.find(id="objective").text.strip() == LONG
    assert page.find(id="capital")["value"] == "khoảng 20 tỷ"
    assert page.find(id="version")["value"] == "7"
    assert page.find(id="token")["value"] == given["token"]
    assert page.find(id="fields_of_law-0").has_attr("checked")
    assert not page.find(id="fields_of_law-1").has_attr("checked")
    assert "Nội dung đã nhập được đưa lại vào biểu mẫu" in page.text
    assert page.find(class_="error-summary") is None
    # The text is posted like any other.
    key = page.find(id="csrf_token")["value"]
    assert browser.post("/form", data=given | {"csrf_token": key}, headers=HERE).status_code == 303
    assert len(gallery.extensions["saved"]) == 1


def test_it_can_be_read_again_and_dies_after_twelve_hours(visitor: FlaskClient) -> None:
    begun = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    with time_machine.travel(begun, tick=False) as traveller:
        sign_in(visitor)
        given, browser = ended(visitor)
        back = sign_in(
            browser, path=browser.post("/form", data=given, headers=HERE).location
        ).location
        for hours, there in ((0, True), (11, True), (12, False)):
            traveller.move_to(begun + timedelta(hours=hours))
            assert (LONG.partition("\n")[0] in browser.get(back).text) is there


def test_another_person_does_not_get_the_text(gallery: Flask, officer: FlaskClient) -> None:
    officer.set_cookie("who", "1")
    given, browser = ended(officer)
    where = browser.post("/form", data=given, headers=HERE).location
    other = sign_in(browser, user=2, path=where)
    assert other.location == "/projects"
    key = where.partition("parked=")[2]
    assert LONG.partition("\n")[0] not in browser.get(f"/form?parked={key}").text
    browser.post("/sign-out", data={"csrf_token": key_of(browser)}, headers=HERE)
    assert sign_in(browser, user=1, path=where).location == f"/form?parked={key}"


def test_the_key_alone_opens_nothing(gallery: Flask, officer: FlaskClient) -> None:
    given, browser = ended(officer)
    key = browser.post("/form", data=given, headers=HERE).location.partition("parked=")[2]
    assert LONG.partition("\n")[0] not in browser.get(f"/form?parked={key}").text
    with gallery.app_context():
        row = session().scalar(select(ParkedForm))
        assert row is not None
        assert key.encode() not in row.key_hash + row.fields
        assert b"secret" not in zlib.decompress(row.fields)
        assert b"csrf" not in zlib.decompress(row.fields)


@pytest.mark.parametrize("key", ["", "x", "../..", "0" * 43])
def test_a_wrong_key_shows_the_plain_form(officer: FlaskClient, key: str) -> None:
    page = officer.get(f"/form?parked={key}")
    assert page.status_code == 200
    assert "Trồng, thu mua" in page.text


def test_a_key_of_one_page_does_not_fill_another(gallery: Flask, officer: FlaskClient) -> None:
    given, browser = ended(officer)
    where = browser.post("/form", data=given, headers=HERE).location
    sign_in(browser, path=where)
    key = where.partition("parked=")[2]
    assert LONG.partition("\n")[0] not in browser.get(f"/project?parked={key}").text


def test_a_button_without_text_leads_back_to_its_page(officer: FlaskClient) -> None:
    given, browser = ended(officer)
    answer = browser.post(
        "/press", data={"csrf_token": given["csrf_token"]},
        headers=HERE | {"Referer": "http://localhost/projects?zone=2"},
    )  # fmt: skip
    assert answer.location == "/sign-in?next=%2Fprojects%3Fzone%3D2"


def test_opening_a_closed_page_leads_to_it_after_signing_in(visitor: FlaskClient) -> None:
    assert visitor.get("/projects?zone=2").location == "/sign-in?next=%2Fprojects%3Fzone%3D2"


def test_two_hundred_kilobytes_are_kept_and_more_is_not(
    gallery: Flask, officer: FlaskClient
) -> None:
    given, browser = ended(officer)
    short = browser.post("/form", data=given | {"name": "a" * 190_000}, headers=HERE)
    assert "parked=" in short.location
    long = browser.post("/form", data=given | {"name": "a" * 200_001}, headers=HERE)
    assert long.location.startswith("/sign-in?next=")
    assert kept(gallery) == 1


def test_strangers_cannot_fill_the_disk_nor_push_out_the_text_of_people(
    gallery: Flask, officer: FlaskClient
) -> None:
    officer.set_cookie("who", "1")
    given, browser = ended(officer)
    where = browser.post("/form", data=given, headers=HERE).location
    browser.delete_cookie("who")
    for _ in range(MOST_NAMELESS + 5):
        browser.post("/form", data=given, headers=HERE)
    assert kept(gallery) == MOST_NAMELESS + 1
    assert sign_in(browser, path=where).location.startswith("/form?parked=")


def test_a_form_with_a_stale_key_opens_again_with_its_text(
    gallery: Flask, officer: FlaskClient
) -> None:
    given = fill(officer, objective=LONG) | {"csrf_token": "stale"}
    answer = officer.post("/form", data=given, headers=HERE)
    assert answer.status_code == 303
    assert answer.location.startswith("/form?parked=")
    assert LONG.partition("\n")[0] in officer.get(answer.location).text
    assert gallery.extensions["saved"] == []


def test_an_address_without_a_form_lists_the_text_to_send_again(officer: FlaskClient) -> None:
    answer = officer.post(
        "/press", data={"reason": "Lý do <b>dài</b>", "csrf_token": "stale"}, headers=HERE
    )
    assert answer.status_code == 400
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.main.li.text == "Lý do <b>dài</b>"
    assert page.main.form["action"] == "/press"
    key = page.main.form.find("input", attrs={"name": "csrf_token"})["value"]
    assert (
        officer.post("/press", data={"reason": "x", "csrf_token": key}, headers=HERE).status_code
        == 303
    )


@pytest.mark.parametrize(
    "origin",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Referer": "http://evil.example/"},
    ],
)
def test_what_another_site_sends_is_neither_kept_nor_shown(
    gallery: Flask, officer: FlaskClient, origin: dict[str, str]
) -> None:
    given = fill(officer, objective=LONG) | {"csrf_token": "forged"}
    answer = officer.post("/form", data=given, headers=origin)
    assert answer.status_code == 400
    assert LONG.partition("\n")[0] not in answer.text.partition("<textarea")[0]
    assert kept(gallery) == 0


def test_the_office_tells_whose_session_it_was(gallery: Flask, officer: FlaskClient) -> None:
    know_people(gallery, may=lambda user, _p: user.is_authenticated, last_user=lambda: 9)
    given, browser = ended(officer)
    browser.post("/form", data=given, headers=HERE)
    with gallery.app_context():
        assert session().scalar(select(ParkedForm.user_id)) == 9
