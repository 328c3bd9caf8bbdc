"""Sessions: what the cookie is, how long it holds, and everything that ends it."""

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import OperationalError

from portfolio.office import sessions
from portfolio.office.people import Role, User, UserSession
from tests.browser import Browser
from tests.office.conftest import PASSWORD, make_person, opened, sign_in

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NEW = "sáu con vịt bơi qua hồ"


def cookie_of(browser: Browser, name: str = "session") -> str:
    return browser.client.get_cookie(name).value


def is_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


# The cookie -----------------------------------------------------------------------------------


def test_the_cookie_holds_256_random_bits_and_only_their_hash_is_stored(app, administrator):
    token = cookie_of(sign_in(app, administrator))
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    with opened(app) as session:
        tables = inspect(session.connection()).get_table_names()
        rows = [
            str(tuple(row))
            for table in tables
            for row in session.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
        ]
        assert len(session.query(UserSession).one().token_hash) == 32
    assert rows
    assert not any(token in row for row in rows)


def test_without_tls_the_cookie_is_plain_but_closed_to_scripts_and_other_sites(app, administrator):
    browser = Browser(app.test_client())
    browser.get("/sign-in")
    answer = browser.submit(email=administrator.email, password=PASSWORD)
    assert set_cookie(answer, "session") == "session=X; HttpOnly; Path=/; SameSite=Lax"


def test_with_tls_the_cookie_is_bound_to_the_host(make_app):
    app = make_app(HTTPS=True)
    person = make_person(app, Role.ADMINISTRATOR)
    browser = Browser(app.test_client())
    secure = {"base_url": "https://localhost"}
    page = browser.client.get("/sign-in", **secure)
    assert (
        set_cookie(page, "__Host-form") == "__Host-form=X; Secure; HttpOnly; Path=/; SameSite=Lax"
    )
    key = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
    sent = {"csrf_token": key, "email": person.email, "password": PASSWORD}
    answer = browser.client.post(
        "/sign-in", data=sent, headers={"Referer": "https://localhost/sign-in"}, **secure
    )
    assert (
        set_cookie(answer, "__Host-session")
        == "__Host-session=X; Secure; HttpOnly; Path=/; SameSite=Lax"
    )
    assert browser.client.get("/account", **secure).status_code == 200


def set_cookie(answer, name: str) -> str:
    found = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(f"{name}=")]
    return re.sub(r"=[^;]+", "=X", found[0], count=1)


def test_flasks_own_cookie_names_nobody(app, administrator):
    browser = sign_in(app, administrator)
    browser.get("/account")
    app_cookie = cookie_of(browser, "form")
    with app.test_request_context():
        kept = app.session_interface.get_signing_serializer(app).loads(app_cookie)
    assert set(kept) <= {"csrf_token", "_flashes"}


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "A" * 101, "é", "'; DROP TABLE user;--"])
def test_a_made_up_cookie_opens_nothing(app, administrator, cookie):
    client = app.test_client()
    client.set_cookie("session", cookie)
    assert client.get("/account").status_code == 303


def test_a_sign_in_gives_a_new_key_and_never_takes_one_from_the_browser(app, administrator):
    browser = Browser(app.test_client())
    browser.client.set_cookie("session", "A" * 43)
    browser.get("/sign-in")
    browser.submit(email=administrator.email, password=PASSWORD)
    first = cookie_of(browser)
    assert first != "A" * 43
    assert cookie_of(sign_in(app, administrator)) != first


def test_the_key_of_forms_is_renewed_at_sign_in(app, administrator):
    browser = Browser(app.test_client())
    browser.get("/sign-in")
    before = browser.fields()["csrf_token"]
    browser.submit(email=administrator.email, password=PASSWORD)
    assert (
        browser.client.post("/account", data={"csrf_token": before, "name": "X"}).status_code == 400
    )


# How long it holds ----------------------------------------------------------------------------


def test_it_ends_after_thirty_minutes_without_a_request(make_app):
    app = make_app()
    person = make_person(app, Role.ADMINISTRATOR)
    with time_machine.travel(NOW, tick=False) as clock:
        browser = sign_in(app, person)
        for _ in range(4):
            clock.shift(timedelta(minutes=29))
            assert is_in(browser)
        clock.shift(timedelta(minutes=31))
        assert not is_in(browser)
        clock.shift(-timedelta(minutes=1))
        assert is_in(browser), "the row was not touched by the refused request"


def test_posting_counts_as_being_there_even_when_the_form_is_refused(make_app):
    app = make_app()
    person = make_person(app, Role.ADMINISTRATOR)
    with time_machine.travel(NOW, tick=False) as clock:
        browser = sign_in(app, person)
        browser.get("/account")
        for _ in range(3):
            clock.shift(timedelta(minutes=25))
            assert browser.submit(name="").status_code == 422
        assert is_in(browser)


def test_it_ends_after_twelve_hours_in_any_case(make_app):
    app = make_app()
    person = make_person(app, Role.ADMINISTRATOR)
    with time_machine.travel(NOW, tick=False) as clock:
        browser = sign_in(app, person)
        for _ in range(35):
            clock.shift(timedelta(minutes=20))
            assert is_in(browser)
        clock.shift(timedelta(minutes=20))
        assert not is_in(browser)


def test_the_office_sets_how_long(make_app):
    app = make_app(IDLE_MINUTES=5, SESSION_HOURS=1)
    person = make_person(app, Role.ADMINISTRATOR)
    with time_machine.travel(NOW, tick=False) as clock:
        browser = sign_in(app, person)
        clock.shift(timedelta(minutes=7))
        assert not is_in(browser)


def test_being_seen_is_written_at_most_once_a_minute(make_app):
    app = make_app()
    person = make_person(app, Role.ADMINISTRATOR)
    with time_machine.travel(NOW, tick=False) as clock:
        browser = sign_in(app, person)
        written = count_writes(app)
        for _ in range(10):
            clock.shift(timedelta(seconds=5))
            browser.get("/account")
        assert written == []
        clock.shift(timedelta(seconds=15))
        browser.get("/account")
        browser.get("/account")
        assert len(written) == 1


def count_writes(app) -> list[str]:
    written: list[str] = []

    @event.listens_for(app.extensions["database"].engine, "before_cursor_execute")
    def _note(_connection, _cursor, statement, *_rest):
        if statement.startswith("UPDATE user_session"):
            written.append(statement)

    return written


def test_a_database_that_cannot_be_written_keeps_nobody_from_reading(
    app, admin_browser, monkeypatch, caplog
):
    def busy():
        cause = Exception("database is locked")
        statement = "UPDATE"
        raise OperationalError(statement, {}, cause)

    monkeypatch.setattr(sessions, "short_write", busy)
    with (
        time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)),
        caplog.at_level(logging.WARNING),
    ):
        assert is_in(admin_browser)
    assert "not marked as seen" in caplog.text


def test_one_query_finds_the_session_the_person_the_office_and_the_zones(app, administrator):
    browser = sign_in(app, administrator)
    queries: list[str] = []
    engine = app.extensions["database"].engine

    def note(_connection, _cursor, statement, *_rest):
        queries.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get("/still-here").json == {"signed_in": True}
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len([query for query in queries if "SELECT" in query]) == 1


# What ends it ---------------------------------------------------------------------------------


def test_signing_out_ends_it_at_the_server_too(app, administrator):
    browser = sign_in(app, administrator)
    token = cookie_of(browser)
    browser.get("/account")
    key = browser.fields()["csrf_token"]
    assert (
        browser.client.post("/sign-out", data={"csrf_token": key}).headers["Location"] == "/sign-in"
    )
    thief = app.test_client()
    thief.set_cookie("session", token)
    assert thief.get("/account").status_code == 303


def test_signing_out_everywhere_else_leaves_this_browser(app, administrator):
    here, there = sign_in(app, administrator), sign_in(app, administrator)
    here.get("/account")
    here.submit("/account/sessions/end", session=None)
    assert is_in(here)
    assert not is_in(there)


def test_one_session_is_ended_by_its_owner(app, administrator):
    here, there, third = (sign_in(app, administrator) for _ in range(3))
    there.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    here.get("/account")
    rows = here.soup.select("input[name=session]")
    assert len(rows) == 2
    here.client.post(
        "/account/sessions/end",
        data={"csrf_token": here.fields()["csrf_token"], "session": rows[0]["value"]},
    )
    assert sorted([is_in(there), is_in(third)]) == [False, True]


def test_nobody_ends_the_session_of_another(app, administrator):
    person = make_person(app, Role.READER, email="reader@example.org")
    sign_in(app, administrator)
    with opened(app) as session:
        key = session.query(UserSession).one().id
    reader = sign_in(app, person)
    reader.get("/account")
    answer = reader.client.post(
        "/account/sessions/end", data={"csrf_token": reader.fields()["csrf_token"], "session": key}
    )
    assert answer.status_code == 404


def test_an_administrator_sees_and_ends_the_sessions_of_a_person(app, admin_browser):
    person = make_person(app, Role.READER, email="reader@example.org")
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    )
    browser = Browser(client)
    browser.get("/sign-in")
    browser.submit(email=person.email, password=PASSWORD)
    admin_browser.get(f"/users/{person.id}")
    assert "Firefox, Windows" in admin_browser.words
    admin_browser.submit(f"/users/{person.id}/sessions/end")
    assert not is_in(browser)


def change_user(app, admin_browser, person, **typed):
    admin_browser.get(f"/users/{person.id}/edit")
    assert admin_browser.submit(**typed).status_code == 303, admin_browser.words


@pytest.mark.parametrize(
    "typed", [{"active": None}, {"role": "leader"}, {"email": "other@example.org"}]
)
def test_losing_the_account_the_role_or_the_address_ends_it_at_the_next_request(
    app, admin_browser, typed
):
    person = make_person(app, Role.READER, email="reader@example.org")
    browser = sign_in(app, person)
    assert is_in(browser)
    change_user(app, admin_browser, person, **typed)
    assert not is_in(browser)


def test_a_changed_password_ends_the_other_browsers_and_gives_this_one_a_new_key(
    app, administrator
):
    here, there = sign_in(app, administrator), sign_in(app, administrator)
    before = cookie_of(here)
    here.get("/account/password")
    assert here.submit(current=PASSWORD, password=NEW).status_code == 303
    assert is_in(here)
    assert cookie_of(here) != before
    assert not is_in(there)
    thief = app.test_client()
    thief.set_cookie("session", before)
    assert thief.get("/account").status_code == 303


def test_a_wrong_current_password_changes_nothing_and_is_slowed_down(app, administrator):
    browser = sign_in(app, administrator)
    for _ in range(5):
        browser.get("/account/password")
        assert browser.submit(current="wrong", password=NEW).status_code == 422
    browser.get("/account/password")
    assert browser.submit(current=PASSWORD, password=NEW).status_code == 422
    assert is_in(browser)


def test_a_weak_new_password_is_refused_with_its_reason(app, administrator):
    browser = sign_in(app, administrator)
    browser.get("/account/password")
    assert browser.submit(current=PASSWORD, password="kontum2026kontum").status_code == 422
    assert browser.soup.select_one("#password-error")


def test_changed_rights_work_at_the_next_request(app, admin_browser):
    person = make_person(app, Role.READER, email="reader@example.org")
    with opened(app) as session:
        session.execute(
            User.__table__.update().where(User.id == person.id).values(role=Role.AUDITOR)
        )
        session.commit()
    browser = sign_in(app, person)
    assert browser.get("/trail").status_code == 200
    with opened(app) as session:
        session.execute(
            User.__table__.update().where(User.id == person.id).values(role=Role.READER)
        )
        session.commit()
    assert browser.get("/trail").status_code == 404


def test_old_sessions_are_thrown_away(app, administrator):
    sign_in(app, administrator)
    with opened(app) as session:
        sessions.forget_old(session, datetime.now(UTC))
        assert session.query(UserSession).count() == 1
        sessions.forget_old(session, datetime.now(UTC) + timedelta(days=31))
        assert session.query(UserSession).count() == 0


# The text of a long form ----------------------------------------------------------------------


def test_a_form_sent_after_the_end_comes_back_filled_in_after_signing_in(make_app):
    app = make_app()
    person = make_person(app, Role.ADMINISTRATOR)
    with time_machine.travel(NOW, tick=False) as clock:
        browser = sign_in(app, person)
        browser.get("/offices/new")
        clock.shift(timedelta(minutes=45))
        browser.submit(name="Trung tâm dài tên", kind="other", source="Quyết định 12/QĐ-UBND")
        browser.follow()
        browser.submit(email=person.email, password=PASSWORD)
        browser.follow()
        assert browser.path.startswith("/offices/new?parked=")
        assert browser.fields()["name"] == "Trung tâm dài tên"
        assert browser.fields()["source"] == "Quyết định 12/QĐ-UBND"
        assert browser.submit().status_code == 303
        assert "Trung tâm dài tên" in browser.follow().text


def test_the_text_of_an_ended_session_opens_for_its_author_only(make_app):
    app = make_app()
    author = make_person(app, Role.ADMINISTRATOR)
    other = make_person(app, Role.ADMINISTRATOR, email="other@example.org")
    with time_machine.travel(NOW, tick=False) as clock:
        browser = sign_in(app, author)
        browser.get("/offices/new")
        clock.shift(timedelta(minutes=45))
        browser.submit(name="Trung tâm dài tên", kind="other")
        browser.follow()
        browser.submit(email=other.email, password=PASSWORD)
        assert "parked" not in browser.page.headers["Location"]
