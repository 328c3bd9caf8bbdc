"""The press in a process of its own: same bytes, same refusals, and limits that hold."""

import os
import signal
import time
from pathlib import Path

import pytest

from portfolio.catalogue.apart import (
    Killed,
    Limits,
    TooLarge,
    TooLong,
    _kept_environment,
    press_apart,
)
from portfolio.catalogue.press import ForbiddenAddress, PressError, press
from portfolio.catalogue.progress import Progress, Step

MEGABYTE = 1024 * 1024
ENOUGH = Limits(memory=1536 * MEGABYTE, cpu_seconds=60, seconds=60)


def _page(body: str) -> str:
    return f'<!DOCTYPE html><html lang="vi"><head><title>t</title></head><body>{body}</body></html>'


MANY_PAGES = _page('<p style="break-before:page">chữ</p>' * 1500)
ENDLESS = _page("<p>chữ và chữ</p>" * 40_000)


def _children() -> list[int]:
    """The children of this process that print."""
    lists = Path("/proc/self/task").glob("*/children")
    known = [child for listed in lists for child in listed.read_text().split()]
    return [
        int(child)
        for child in known
        if b"print_in_child" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def test_the_child_prints_what_the_press_prints() -> None:
    html = _page("<h1>Tiếng Việt có dấu</h1>")
    seen: list[Progress] = []
    assert press_apart(html, limits=ENOUGH, report=seen.append, expected_pages=1) == press(html)
    assert [progress.step for progress in seen] == [Step.LAYING_OUT, Step.WRITING, Step.DONE]


def test_the_child_refuses_what_the_press_refuses() -> None:
    with pytest.raises(ForbiddenAddress, match="/etc/hostname"):
        press_apart(_page('<img alt="a" src="file:///etc/hostname">'), limits=ENOUGH)
    with pytest.raises(PressError, match="nowhere"):
        press_apart(_page('<a href="#nowhere">x</a>'), limits=ENOUGH)


def test_the_clock_stops_it() -> None:
    started = time.monotonic()
    with pytest.raises(TooLong):
        press_apart(ENDLESS, limits=Limits(ENOUGH.memory, 60, seconds=2))
    assert time.monotonic() - started < 10


def test_used_up_processor_time_stops_it() -> None:
    with pytest.raises(TooLong):
        press_apart(ENDLESS, limits=Limits(ENOUGH.memory, cpu_seconds=2, seconds=60))


def test_used_up_memory_stops_it() -> None:
    with pytest.raises(TooLarge):
        press_apart(ENDLESS, limits=Limits(360 * MEGABYTE, 60, 60))


def test_a_child_killed_from_outside_is_told_apart() -> None:
    def kill_children(_progress: Progress) -> None:
        for child in _children():
            os.kill(child, signal.SIGKILL)

    with pytest.raises(Killed):
        press_apart(MANY_PAGES, limits=ENOUGH, report=kill_children)


def test_whoever_listens_can_stop_it() -> None:
    class Cancelled(Exception):
        pass

    def cancel(_progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        press_apart(MANY_PAGES, limits=ENOUGH, report=cancel)
    assert _children() == []


def test_the_child_gets_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings are not passed on: the child starts although one of them would stop the program."""
    monkeypatch.setenv("PORTFOLIO_NO_SUCH_SETTING", "x")
    kept = _kept_environment()
    assert "PATH" in kept
    assert not [name for name in kept if name.startswith("PORTFOLIO_")]
    assert press_apart(_page("x"), limits=ENOUGH).startswith(b"%PDF-1.7")
