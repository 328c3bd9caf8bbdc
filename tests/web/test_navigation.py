"""The menu shows what there is and what the person may open, and where they are."""

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from portfolio.web.navigation import know_people


def menu(page: str) -> dict[str, str]:
    nav = BeautifulSoup(page, "html.parser").find("nav", attrs={"aria-label": "Chính"})
    return {link.text: link["href"] for link in nav.find_all("a")}


def test_addresses_that_do_not_exist_are_not_shown(officer: FlaskClient) -> None:
    found = menu(officer.get("/projects").text)
    assert list(found.values()) == [
        "/projects", "/review-list", "/catalogue", "/jobs", "/users", "/zones", "/account",
    ]  # fmt: skip
    assert found["Dự án"] == "/projects"
    assert found["Nguyễn Thị Thuý Hằng"] == "/account"


def test_a_visitor_sees_the_door_only(visitor: FlaskClient) -> None:
    page = visitor.get("/accessibility").text
    assert menu(page) == {"Đăng nhập": "/sign-in"}
    assert "Đăng xuất" not in page
    assert "Trung tâm Xúc tiến Đầu tư" in page


def test_what_a_person_may_not_open_is_not_shown(gallery: Flask, officer: FlaskClient) -> None:
    asked = []
    know_people(gallery, may=lambda user, permission: asked.append((user.id, permission)) or False)
    assert menu(officer.get("/projects").text) == {}
    assert set(asked) == {(1, "read")}


def test_where_one_is_stands_out(officer: FlaskClient) -> None:
    page = BeautifulSoup(officer.get("/projects").text, "html.parser")
    assert [link.text for link in page.header.find_all(attrs={"aria-current": "page"})] == ["Dự án"]
    page = BeautifulSoup(officer.get("/zones").text, "html.parser")
    assert [mark.text for mark in page.header.find_all(attrs={"aria-current": True})] == [
        "Quản trị",
        "Khu",
    ]


def test_the_name_of_the_office_and_the_way_out(officer: FlaskClient) -> None:
    page = BeautifulSoup(officer.get("/projects").text, "html.parser")
    assert "Ban Quản lý Khu kinh tế tỉnh Quảng Ngãi" in page.find(class_="brand").text
    door = page.header.find("form")
    assert (door["method"], door["action"]) == ("post", "/sign-out")


def test_addresses_hold_under_a_prefix(officer: FlaskClient) -> None:
    page = officer.get("/projects", environ_overrides={"SCRIPT_NAME": "/so"}).text
    soup = BeautifulSoup(page, "html.parser")
    assert menu(page)["Dự án"] == "/so/projects"
    assert soup.find(class_="brand")["href"] == "/so/"
    assert soup.header.form["action"] == "/so/sign-out"
    assert soup.find("link", rel="stylesheet")["href"].startswith("/so/static/")


def test_the_page_says_that_data_are_for_demonstration(
    gallery: Flask, officer: FlaskClient
) -> None:
    assert "Dữ liệu trình diễn" not in officer.get("/projects").text
    gallery.config["DEMO"] = True
    assert "Dữ liệu trình diễn" in officer.get("/projects").text


def test_still_here_answers_in_json(officer: FlaskClient, visitor: FlaskClient) -> None:
    assert officer.get("/still-here").get_json() == {"signed_in": True}
    assert visitor.get("/still-here").get_json() == {"signed_in": False}
