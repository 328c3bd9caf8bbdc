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


def test_signing_in_and_failing_leave_lines_without_the_password_or_the_key(
    app, administrator, capsys
):
    browser = Browser(app.test_client())
    browser.get("/sign-in")
    browser.submit(email="x\r\n{}@example.org", password="một mật khẩu sai")
    token = sign_in(app, administrator).client.get_cookie("session").value
    written = capsys.readouterr().err
    events = [json.loads(text) for text in written.splitlines() if text.startswith("{")]
    assert {"sign-in failed", "signed in"} <= {event["event"] for event in events}
    for secret in ("một mật khẩu sai", PASSWORD, token):
        assert secret not in written
