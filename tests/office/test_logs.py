"""The log: one JSON line an event, no line of a stranger's, no secret."""

import json
import logging

import pytest

from portfolio.web.logs import JsonLine
from tests.browser import Browser
from tests.office.conftest import PASSWORD, sign_in

LINE = JsonLine()


def line(message: str, *, error: BaseException | None = None, **extra) -> dict:
    record = logging.makeLogRecord(
        {
            "name": "portfolio.test",
            "levelname": "INFO",
            "msg": message,
            "exc_info": (type(error), error, None),
            **extra,
        }
        if error
        else {"name": "portfolio.test", "levelname": "INFO", "msg": message, **extra}
    )
    text = LINE.format(record)
    assert len(text.splitlines()) == 1, "another line could be forged"
    return json.loads(text)


def test_an_event_is_one_line_of_json_with_when_how_bad_and_where_from():
    found = line("signed in", user=7, address="10.0.0.1")
    assert (found["event"], found["user"], found["address"]) == ("signed in", 7, "10.0.0.1")
    assert (found["level"], found["logger"]) == ("INFO", "portfolio.test")
    assert found["at"].endswith("+00:00")


@pytest.mark.parametrize(
    "mark", ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"]
)
def test_no_line_break_gets_through(mark):
    found = line(f"typed {mark}{{}}", typed=f"a{mark}b")
    assert found["typed"].startswith("a")


@pytest.mark.parametrize(
    "name",
    ["password", "new_password", "token", "csrf_token", "cookie", "Authorization", "secret_key"],
)
def test_fields_that_open_doors_are_left_out(name):
    assert "hidden" not in json.dumps(line("x", **{name: "hidden"}))


def test_of_an_error_only_the_kind_and_place_are_written():
    found = line("broken", error=ValueError("[parameters: ('$argon2id$hash',)]"))
    assert found["error"] == "ValueError"
    assert "argon2id" not in json.dumps(found)


def test_an_event_that_is_json_already_gives_its_own_fields():
    assert line('{"incident": "AB12-CD34", "status": 500}')["incident"] == "AB12-CD34"
    assert line("{not json")["event"] == "{not json"


def events(written: str) -> list[dict]:
    return [json.loads(text) for text in written.splitlines() if text.startswith("{")]


def test_each_request_is_one_line_with_who_what_and_how_long(app, administrator, capsys):
    browser = sign_in(app, administrator)
    capsys.readouterr()
    browser.get("/users?q=bi+mat")
    browser.get("/healthz")
    written = capsys.readouterr().err
    (found,) = [event for event in events(written) if event["event"] == "request"]
    assert (found["method"], found["path"], found["status"]) == ("GET", "/users", 200)
    assert (found["user"], found["address"]) == (administrator.id, "127.0.0.1")
    assert 0 < found["ms"] < 60_000
    assert "bi mat" not in written
    assert "bi+mat" not in written


def test_the_key_of_a_link_is_not_written(app, visitor, capsys):
    visitor.get("/reset/" + "k" * 43)
    written = capsys.readouterr().err
    assert "k" * 43 not in written
    assert "/reset/<token>" in written


@pytest.mark.parametrize(("count", "address"), [(0, "127.0.0.1"), (1, "9.9.9.9")])
def test_only_the_set_number_of_proxies_is_believed(make_app, capsys, count, address):
    app = make_app(PROXY_COUNT=count)
    sent = {
        "X-Forwarded-For": "6.6.6.6, 9.9.9.9",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    answer = app.test_client().get("/accessibility", headers=sent)
    assert answer.status_code == 200
    assert "evil.example" not in answer.text
    (found,) = [event for event in events(capsys.readouterr().err) if event["event"] == "request"]
    assert found["address"] == address
    assert ("Strict-Transport-Security" in answer.headers) == (count == 1)


def test_signing_in_and_failing_leave_lines_without_the_password_or_the_key(
    app, administrator, capsys
):
    browser = Browser(app.test_client())
    browser.get("/sign-in")
    browser.submit(email="x\r\n{}@example.org", password="một mật khẩu sai")
    token = sign_in(app, administrator).client.get_cookie("session").value
    written = capsys.readouterr().err
    assert {"sign-in failed", "signed in"} <= {event["event"] for event in events(written)}
    for secret in ("một mật khẩu sai", PASSWORD, token):
        assert secret not in written
