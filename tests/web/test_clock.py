"""Today is the day in Vietnam, and it does not change while a page is made."""

from datetime import UTC, date, datetime

import time_machine
from flask import Flask

from portfolio.web.clock import now, today


def test_the_day_turns_at_midnight_in_vietnam(gallery: Flask) -> None:
    with time_machine.travel(datetime(2027, 2, 28, 16, 59, 59, tzinfo=UTC), tick=False):
        assert today() == date(2027, 2, 28)
    with time_machine.travel(datetime(2027, 2, 28, 17, 0, tzinfo=UTC), tick=False):
        assert today() == date(2027, 3, 1)


def test_the_clock_is_read_once_in_a_request(gallery: Flask) -> None:
    with (
        time_machine.travel(
            datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), tick=False
        ) as traveller,
        gallery.test_request_context(),
    ):
        first, day = now(), today()
        traveller.shift(10)
        assert (now(), today()) == (first, day)
        assert day == date(2026, 12, 31)
    with gallery.test_request_context():
        assert now() != first


def test_a_job_that_runs_past_midnight_sees_the_new_day() -> None:
    with time_machine.travel(
        datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), tick=False
    ) as traveller:
        assert today() == date(2026, 12, 31)
        traveller.shift(10)
        assert today() == date(2027, 1, 1)
