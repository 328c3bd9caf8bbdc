"""The person's language, else the browser's, else Vietnamese."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext

from portfolio.web.languages import language_chosen, language_of_reader
from tests.web.conftest import key_of
from tests.web.gallery import Person


def choose(client: FlaskClient, code: str, then: str = "/projects"):
    return client.post(
        "/language", data={"csrf_token": key_of(client), "language": code, "next": then}
    )


def test_vietnamese_is_the_default(visitor: FlaskClient) -> None:
    page = visitor.get("/accessibility", headers={"Accept-Language": "en"}).text
    assert '<html lang="vi">' in page
    assert "Sổ dự án đầu tư" in page


def test_the_choice_is_kept_and_leads_back(visitor: FlaskClient) -> None:
    answer = choose(visitor, "en", "/accessibility?a=1")
    assert (answer.status_code, answer.location) == (303, "/accessibility?a=1")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    page = visitor.get("/accessibility").text
    assert '<html lang="en">' in page
    assert "Investment project register" in page
    choose(visitor, "vi")
    assert '<html lang="vi">' in visitor.get("/accessibility").text


@pytest.mark.parametrize("code", ["xx", "", "../en", "vi-VN"])
def test_an_unknown_language_changes_nothing(visitor: FlaskClient, code: str) -> None:
    assert choose(visitor, code).status_code == 303
    assert '<html lang="vi">' in visitor.get("/accessibility").text


def test_the_choice_never_leads_to_another_site(visitor: FlaskClient) -> None:
    assert choose(visitor, "en", "//evil.example/").location == "/"


def test_the_office_is_told_about_the_choice_of_a_person(officer: FlaskClient) -> None:
    told = []
    with language_chosen.connected_to(lambda user, language: told.append((user.id, language))):
        choose(officer, "en")
    assert told == [(1, "en")]


def test_the_language_of_the_person_wins(
    officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Person, "language", "en")
    officer.set_cookie("language", "vi")
    assert '<html lang="en">' in officer.get("/projects").text


def test_commands_speak_the_language_of_the_setting(gallery: Flask) -> None:
    with gallery.app_context():
        assert language_of_reader() == "vi"


def test_another_language_for_a_while_leaves_the_answer_as_it_was(gallery: Flask) -> None:
    with gallery.test_request_context("/"):
        assert gettext("Projects") == "Dự án"
        with force_locale("en"):
            assert gettext("Projects") == "Projects"
            assert gallery.jinja_env.from_string("{{ _('Projects') }}").render() == "Projects"
        assert gettext("Projects") == "Dự án"
        assert gallery.jinja_env.from_string("{{ _('Projects') }}").render() == "Dự án"
