"""A form keeps what was typed, counts once, and never overwrites another person's work unasked."""

import re
import threading
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from portfolio.database import session
from portfolio.web.clock import now
from portfolio.web.errors import Conflict
from portfolio.web.once import forget_old
from tests.web.conftest import HERE, fill, key_of, sign_in
from tests.web.gallery import STORED, ProjectForm


def test_errors_stand_in_the_summary_in_the_title_and_at_the_field(officer: FlaskClient) -> None:
    typed = fill(officer, name="", issued_on="31/02/2026", objective="x" * 401, listing="stolen")
    answer = officer.post("/form", data=typed, headers=HERE)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.title.text.startswith("Lỗi: ")
    summary = page.find(class_="error-summary")
    assert summary.h2.text == "Có 4 lỗi cần sửa"
    assert summary["role"] == "alert"
    for link in summary.find_all("a"):
        field = page.find(id=link["href"].lstrip("#"))
        assert field is not None, link
        group = field.find_parent(class_="bad")
        assert link.text in group.find(class_="error").text
    name = page.find(id="name")
    assert name["aria-invalid"] == "true"
    assert name["aria-describedby"] == "name-hint name-error"
    assert page.find(id="name-error").text == "Lỗi: Nhập tên dự án"
    # Nothing that was typed is lost.
    assert page.find(id="issued_on")["value"] == "31/02/2026"
    assert page.find(id="objective").text.strip() == "x" * 401
    assert page.find(id="capital")["value"] == "3.127,6"
    assert page.find(id="fields_of_law-0").has_attr("checked")


def test_a_form_that_is_right_is_saved_and_its_readings_are_repeated(
    gallery: Flask, officer: FlaskClient
) -> None:
    typed = fill(officer, capital="8033,8", area="140.618,5 m²", issued_on="1/2/20")
    answer = officer.post("/form", data=typed, headers=HERE)
    assert (answer.status_code, answer.location) == (303, "/project?number=1")
    saved = gallery.extensions["saved"][0]
    assert saved["capital"] == 8_033_800_000_000
    page = officer.get(answer.location).text
    assert "Tổng vốn đầu tư (tỷ đồng): 8.033,8 tỷ đồng" in page
    assert "Ngày cấp: 01/02/2020" in page
    # The area was typed in another unit but is the stored one: nothing to repeat.
    assert "Diện tích đất (ha):" not in page


def test_a_doubtful_sum_is_asked_about_and_the_answer_settles_it(
    gallery: Flask, officer: FlaskClient
) -> None:
    typed = fill(officer, capital="5.345")
    asked = officer.post("/form", data=typed, headers=HERE)
    assert asked.status_code == 422
    page = BeautifulSoup(asked.text, "html.parser")
    choices = page.find_all("input", attrs={"name": "capital-reading"})
    assert [choice.find_next("label").text for choice in choices] == [
        "5.345,0 tỷ đồng (năm nghìn ba trăm bốn mươi lăm tỷ đồng)",
        "5,345 tỷ đồng (năm tỷ ba trăm bốn mươi lăm triệu đồng)",
    ]
    link = page.find(class_="error-summary").a
    assert link["href"] == "#capital-reading-0"
    settled = officer.post(
        "/form", data=typed | {"capital-reading": choices[1]["value"]}, headers=HERE
    )
    assert settled.status_code == 303
    assert gallery.extensions["saved"][0]["capital"] == 5_345_000_000


def test_the_refusal_of_an_act_is_shown_at_its_field(gallery: Flask) -> None:
    with gallery.test_request_context("/form", method="POST"):
        form = ProjectForm(data=STORED)
        form.refuse(
            Conflict("Certificate number %(number)s is already recorded.", number="7", field="name")
        )
        form.refuse(Conflict("The disk of the office is away."))
        assert [(problem.message, problem.anchor) for problem in form.problems] == [
            ("The disk of the office is away.", ""),
            ("Certificate number 7 is already recorded.", "name"),
        ]


def test_a_double_click_makes_one_record_and_shows_it_twice(
    gallery: Flask, officer: FlaskClient
) -> None:
    typed = fill(officer)
    first, second = (officer.post("/form", data=typed, headers=HERE) for _ in range(2))
    assert first.location == second.location == "/project?number=1"
    assert len(gallery.extensions["saved"]) == 1
    third = officer.post("/form", data=fill(officer), headers=HERE)
    assert third.location == "/project?number=2"


def test_two_posts_at_the_same_moment_make_one_record(gallery: Flask) -> None:
    client = gallery.test_client()
    sign_in(client)
    typed, answers = fill(client), []
    cookie = client.get_cookie("session").value

    def post() -> None:
        own = gallery.test_client()
        own.set_cookie("session", cookie)
        answers.append(own.post("/form", data=typed, headers=HERE))

    threads = [threading.Thread(target=post) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(answer.status_code, answer.location) for answer in answers} == {
        (303, "/project?number=1")
    }
    assert len(gallery.extensions["saved"]) == 1


def test_old_tokens_are_forgotten(gallery: Flask, officer: FlaskClient) -> None:
    typed = fill(officer)
    officer.post("/form", data=typed, headers=HERE)
    with gallery.app_context():
        forget_old(session(), now() + timedelta(days=6))
        session().commit()
    assert officer.post("/form", data=typed, headers=HERE).location == "/project?number=1"
    with gallery.app_context():
        forget_old(session(), now() + timedelta(days=7, minutes=1))
        session().commit()
    assert officer.post("/form", data=typed, headers=HERE).location == "/project?number=2"


def conflict(client: FlaskClient, **typed: str) -> BeautifulSoup:
    answer = client.post("/form?stale=1", data=fill(client, **typed), headers=HERE)
    assert answer.status_code == 409
    return BeautifulSoup(answer.text, "html.parser")


def test_a_stale_edit_shows_both_texts_and_saves_nothing(
    gallery: Flask, officer: FlaskClient
) -> None:
    page = conflict(
        officer, capital="8.033,8", objective="Sâm <script>alert(1)</script>\nvà dược liệu"
    )
    assert gallery.extensions["saved"] == []
    rows = {
        row.th.text: [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
        for row in page.tbody.find_all("tr")
    }
    assert rows == {
        "Tổng vốn đầu tư (tỷ đồng)": ["8.033,8", "5.400,0"],
        "Số lao động dự kiến": ["1250", "900"],
        "Mục tiêu, quy mô dự án": [
            "Sâm <script>alert(1)</script>\nvà dược liệu",
            "Trồng và chế biến sâm; <b>bổ sung</b> nhà máy sơ chế.",
        ],
        "Thủ tục còn thiếu": [
            "Giao đất, cho thuê đất",
            "Thẩm duyệt phòng cháy, chữa cháy, Báo cáo đánh giá tác động môi trường",
        ],
    }  # fmt: skip
    assert "Lê Quốc Ấn đã lưu lúc 22/11/2026 14:05." in page.text
    assert page.main.find("script") is None
    assert page.main.find("b", string="bổ sung") is None


def posted_by(form) -> dict[str, list[str]]:
    """What a browser would send from ``form``."""
    sent: dict[str, list[str]] = {}
    for field in form.find_all("input"):
        if field["type"] == "hidden" or field.has_attr("checked"):
            sent.setdefault(field["name"], []).append(field["value"])
    return sent


def test_the_chosen_texts_are_saved_on_top_of_the_newer_version(
    gallery: Flask, officer: FlaskClient
) -> None:
    form = conflict(officer, capital="8.033,8", name="Tên mới của dự án").main.form
    assert form["action"] == "/form?stale=1"
    sent = posted_by(form)
    # Mine where only I changed a field, theirs where only they did.
    assert sent["capital"] == ["8.033,8"]
    assert sent["jobs"] == ["900"]
    assert sent["version"] == ["8"]
    answer = officer.post(form["action"], data=sent, headers=HERE)
    assert answer.status_code == 303
    saved = gallery.extensions["saved"][0]
    assert saved["name"] == "Tên mới của dự án"
    assert saved["capital"] == 8_033_800_000_000
    assert saved["jobs"] == 900
    assert saved["fields_of_law"] == ["land"]
    assert saved["public"] is True


def test_a_form_without_a_version_is_stale(gallery: Flask, officer: FlaskClient) -> None:
    typed = fill(officer)
    for version in ("", "x", "6", "8" * 30):
        assert (
            officer.post("/form", data=typed | {"version": version}, headers=HERE).status_code
            == 409
        )
    assert gallery.extensions["saved"] == []


def test_rows_inside_a_form_are_kept_and_named(officer: FlaskClient) -> None:
    rows = {
        "milestones-0-name": "Khởi công",
        "milestones-0-due_on": "2026",
        "milestones-1-name": "",
        "milestones-1-due_on": "x",
    }
    answer = officer.post("/form", data=fill(officer, **rows), headers=HERE)
    page = BeautifulSoup(answer.text, "html.parser")
    links = [link["href"] for link in page.find(class_="error-summary").find_all("a")]
    assert links == ["#milestones-1-name", "#milestones-1-due_on"]
    assert page.find(id="milestones-0-name")["value"] == "Khởi công"


@pytest.mark.parametrize("path", ["/form", "/projects", "/project"])
def test_every_form_on_a_page_carries_the_key(officer: FlaskClient, path: str) -> None:
    page = BeautifulSoup(officer.get(path).text, "html.parser")
    forms = [form for form in page.find_all("form") if form.get("method") == "post"]
    assert forms
    for form in forms:
        assert form.find("input", attrs={"name": "csrf_token"}) is not None


def test_the_key_outlives_an_hour_but_not_the_session(officer: FlaskClient, gallery: Flask) -> None:
    assert gallery.config["WTF_CSRF_TIME_LIMIT"] is None
    key = key_of(officer)
    assert re.fullmatch(r"[\w.-]+", key)
    other = gallery.test_client()
    assert other.post("/press", data={"csrf_token": key}).status_code == 400
