"""The pages are still those that the bench asks for, and its table says what it should."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portfolio.bench import ground
from portfolio.bench.cases import CASES, Case, Visitor, WrongAnswer, prove, read_form
from portfolio.bench.fill import fill
from portfolio.bench.law import FIRST, FLOOR, LawCost
from portfolio.bench.measure import Cost
from portfolio.bench.picks import SMALLEST, Picks, sign_in_and_choose
from portfolio.bench.program import CommandFailed, Run, environment, run_command
from portfolio.bench.runs import START, Task
from portfolio.bench.server import Answer
from portfolio.bench.table import (
    growth,
    law_growth,
    law_verdict,
    verdict,
    write_law_table,
    write_table,
)
from portfolio.database import session
from portfolio.exchange.seed import load_seeds
from portfolio.schedule.evaluate import evaluate_portfolio
from tests.bench.conftest import bare_seeds
from tests.conftest import AT, ON
from tests.office.conftest import opened


class Inside:
    """Stands in for a server: asks the program in this process."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def ask(
        self, method: str, path: str, cookies: Mapping[str, str], fields: Mapping[str, str] | None
    ) -> tuple[Answer, dict[str, str]]:
        for name, value in cookies.items():
            self.client.set_cookie(name, value)
        answer = self.client.open(path, method=method, data=fields)
        return Answer(answer.status_code, answer.text, answer.location or "", 0, 0, 0), {}


@pytest.fixture
def asked(app: Flask, tmp_path: Path) -> tuple[Visitor, Picks]:
    # No context may stay open around the client: it would keep who is signed in.
    with opened(app) as db:
        load_seeds(db, bare_seeds(tmp_path), AT)
        db.commit()
        fill(db, SMALLEST, AT)
        evaluate_portfolio(db, on=ON, at=AT, whole=True)
    with app.test_request_context(method="POST"):
        picks = sign_in_and_choose(session(), SMALLEST)
        session().commit()
    server: Any = Inside(app.test_client())
    return Visitor(server, picks.token), picks


def test_every_case_gets_its_page(
    asked: tuple[Visitor, Picks], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    visitor, picks = asked
    monkeypatch.setattr("portfolio.bench.cases.GROUNDS", tmp_path)
    assert picks.saved != picks.shown != picks.aged
    for number in range(picks.entries, 12):
        visitor.save(picks.aged, number)
    for case in CASES:
        prove(case, visitor.get(case.path(picks)), picks)
    visitor.cookies = {"session": "nobody"}
    refused = [case for case in CASES if is_refused(case, visitor, picks)]
    assert refused == list(CASES)


def is_refused(case: Case, visitor: Visitor, picks: Picks) -> bool:
    try:
        prove(case, visitor.get(case.path(picks)), picks)
    except WrongAnswer:
        return True
    return False


def test_a_form_is_read_as_a_browser_would_send_it() -> None:
    page = """
    <form method="get" action="/a"><input name="q" value="no"></form>
    <form method="post" action="/a?x=1"><input name="csrf_token" value="k">
    <input name="name" value="Đ &amp; B"><input type="checkbox" name="off" value="y">
    <input type="checkbox" name="on" value="y" checked><button name="b" value="1">Lưu</button>
    <textarea name="objective">
Một
hai</textarea><select name="zone"><option value="">-</option><option value="7" selected>K</option>
    </select><select name="none"><option value="">-</option></select></form>
    <form method="post" action="/sign-out"><input name="csrf_token" value="other"></form>
    """
    assert read_form(page, "/a") == {
        "csrf_token": "k",
        "name": "Đ & B",
        "on": "y",
        "objective": "Một\nhai",
        "zone": "7",
    }


def cost(case: str, size: int, hellos: float, goal: float | None = 40) -> Cost:
    return Cost(case, size, hellos / 2, hellos, 0.0, hellos, hellos, goal)


@pytest.mark.parametrize(
    ("hellos", "goal", "said"),
    [
        (12.9, 40, "ok"),
        (13.1, 40, "grows"),
        (41.0, 40, "over grows"),
        (13.1, None, ""),
    ],
)
def test_a_page_may_neither_cost_too_much_nor_grow(
    hellos: float, goal: float | None, said: str
) -> None:
    small, large = cost("list", 154, 10.0, goal), cost("list", 100_000, hellos, goal)
    assert verdict(small, growth(small, [small, large])) == ("" if goal is None else "ok")
    assert verdict(large, growth(large, [small, large])) == said


def test_a_million_may_cost_twice_as_much() -> None:
    small, large = cost("list", 154, 10.0), cost("list", 1_000_000, 19.9)
    assert verdict(large, growth(large, [small, large])) == "ok"


def test_the_table_counts_commands_without_their_start() -> None:
    tasks = [
        Task(START, 10_000, Run(1.5, 0.0, 2.0, 90, ""), None),
        Task("flags evaluate", 10_000, Run(3.4, 0.0, 4.0, 120, ""), 2.0),
        Task("another night", 10_000, Run(3.0, 0.6, 4.0, 120, ""), 2.0),
    ]
    lines = write_table("SQLite", [cost("list", 154, 12.0)], tasks).splitlines()
    assert lines[1].split() == [
        "list",
        "154",
        "6.00",
        "12.00",
        "0.00",
        "12.00",
        "12.0",
        "-",
        "40",
        "ok",
    ]
    assert lines[-2].endswith(" ok")
    assert lines[-1].endswith(" over")


def test_a_timed_command_tells_its_own_part_of_the_cost(tmp_path: Path) -> None:
    settings = environment(tmp_path, f"sqlite:///{tmp_path}/empty.sqlite")
    run = run_command("flags --help", settings, timed=True)
    assert 0 < run.own < run.cpu
    assert "own" not in run.said
    with pytest.raises(CommandFailed, match="flags nothing failed"):
        run_command("flags nothing", settings, timed=True)


def law_cost(size: int, seconds: float, megabytes: int = 150, name: str = FIRST) -> LawCost:
    return LawCost(name, size, size, seconds, megabytes, 4.0, 60 * size / 100_000)


@pytest.mark.parametrize(
    ("seconds", "megabytes", "said"),
    [
        (6.0, 1000, "ok"),
        (6.1, 150, "over"),
        (6.0, 1001, "memory"),
        (5.3, 150, "grows"),
        (6.1, 1001, "over memory grows"),
    ],
)
def test_the_law_of_delay_may_not_cost_more_for_each_project_of_many(
    seconds: float, megabytes: int, said: str
) -> None:
    small = law_cost(1000, 0.4 if "grows" in said else 0.5)
    large = law_cost(10_000, seconds, megabytes)
    assert law_growth(small, [small, large]) is None
    assert law_verdict(large, law_growth(large, [small, large])) == said


def test_the_table_of_the_law_shows_the_curve() -> None:
    floor = LawCost(FLOOR, 1000, 1000, 0.1, 90, 1.0, None)
    lines = write_law_table("SQLite", [floor, law_cost(1000, 0.4), law_cost(10_000, 4.4)])
    assert [line.split()[-9:] for line in lines.splitlines()[1:]] == [
        ["state", "1,000", "1,000", "0.100", "0.100", "1.00", "-", "90", "-"],
        ["1,000", "1,000", "0.400", "0.400", "4.00", "-", "150", "0.600", "ok"],
        ["10,000", "10,000", "4.400", "0.440", "4.00", "1.10", "150", "6.000", "ok"],
    ]


def test_a_scratch_database_is_built_anew_when_what_made_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ground, "CHECKOUT", tmp_path)
    (tmp_path / "folder").mkdir()
    file = tmp_path / "folder" / "a.py"
    file.write_text("1")
    before = ground.fingerprint(["folder"])
    assert ground.fingerprint(["folder"]) == before
    file.write_text("2")
    assert ground.fingerprint(["folder"]) != before
    file.write_text("1")
    (tmp_path / "folder" / "b.py").write_text("")
    assert ground.fingerprint(["folder"]) != before


def test_the_settings_of_the_caller_do_not_reach_a_scratch_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PORTFOLIO_DATABASE_URL", "sqlite:////srv/real.sqlite")
    monkeypatch.setenv("PORTFOLIO_READ_ONLY", "true")
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/real.sqlite")
    given = environment(tmp_path, "sqlite:///scratch.sqlite")
    assert given["PORTFOLIO_DATABASE_URL"] == "sqlite:///scratch.sqlite"
    assert "PORTFOLIO_READ_ONLY" not in given
    assert "DATABASE_URL" not in given
