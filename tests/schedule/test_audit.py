"""Every stored flag comes out again as it was stored, and one that was tampered with is named."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portfolio.bench.fill import fill
from portfolio.office.trail import Origin, record
from portfolio.register.phases import PauseStatus
from portfolio.register.project import Project
from portfolio.schedule import audit as auditing
from portfolio.schedule.audit import NO_STATE, NOTHING_FOUND, Audit, Difference
from portfolio.schedule.evaluate import evaluate_portfolio
from portfolio.schedule.flag_keeping import NO_LONGER_TRUE, SUPERSEDED
from portfolio.schedule.flags import Flag
from portfolio.schedule.policy import Holiday
from tests.schedule.policies import add_policy
from tests.schedule.test_evaluate import log, moment, pause, promised

LATE_ON = date(2026, 7, 1)


@pytest.fixture
def history(world: Session) -> int:
    """Flags that were closed, superseded and left open, under two policies and two tables of holidays."""
    fill(world, 8, moment(date(2026, 6, 1)))
    key = log(world, promised("KT-9001", date(2024, 6, 24), date(2026, 6, 30)), date(2026, 6, 1))
    run(world, LATE_ON)
    project = world.get_one(Project, key)
    project.pauses.append(pause(date(2026, 6, 1), None))
    record(world, project, "accept_pause", Origin(None, moment(date(2026, 7, 20))))
    project.pauses[0].until = date(2026, 6, 10)
    record(world, project, "correct_pause", Origin(None, moment(date(2026, 7, 25))))
    project.pauses[0].status = PauseStatus.REJECTED
    record(world, project, "reject_pause", Origin(None, moment(date(2026, 8, 3))))
    world.commit()
    add_policy(world, 2, date(2026, 9, 1), moment(date(2026, 9, 1)), STALLED={"months": 6})
    run(world, date(2026, 9, 1))
    # Six months after the approval had ended on a Tuesday that is a holiday from now on.
    at = moment(date(2026, 9, 10))
    world.add(Holiday(on=date(2024, 12, 24), name="Nghỉ thêm", added_at=at))
    run(world, date(2026, 9, 10), whole=True)
    dropped = world.scalars(select(Holiday).where(Holiday.on == date(2024, 12, 24))).one()
    dropped.dropped_at, dropped.dropped_why = moment(date(2026, 9, 20)), "nhầm năm"
    run(world, date(2026, 9, 20), whole=True)
    return key


def run(db: Session, on: date, *, whole: bool = False) -> None:
    evaluate_portfolio(db, on=on, at=moment(on), whole=whole)


def flag_of(db: Session, project_id: int, rule: str = "INV-LATE") -> int:
    """The first flag of a rule for the phase of a project."""
    query = select(Flag.id).where(Flag.project_id == project_id, Flag.rule == rule)
    return int(db.scalars(query.order_by(Flag.id)).first() or 0)


def differences(db: Session) -> list[Difference]:
    return list(Audit(db).differences())


def test_nothing_differs_after_a_long_history(history: int, world: Session) -> None:
    audit = Audit(world)
    assert list(audit.differences()) == []
    flags = world.scalars(select(Flag)).all()
    assert audit.checked == len(flags)
    assert {flag.closed_why for flag in flags} == {None, NO_LONGER_TRUE, SUPERSEDED}
    assert len({flag.policy_id for flag in flags}) == 2
    stalled = [f.since for f in flags if f.project_id == history and f.rule == "STALLED"]
    # Once by each table of holidays, after the first policy had asked for twelve months.
    assert stalled[-3:] == [date(2024, 12, 25), date(2024, 12, 26), date(2024, 12, 25)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("severity", "ground"),
        ("held", True),
        ("since", date(2026, 6, 30)),
        ("deadline", None),
        ("law", "67/2014/QH13"),
        ("inputs", [["planned_end", "2026-06-29", "phases[0].schedules[0].end"]]),
    ],
)
def test_a_flag_that_says_something_else_is_named(
    history: int, world: Session, name: str, value: Any
) -> None:
    key = flag_of(world, history)
    was = getattr(world.get_one(Flag, key), name)
    world.execute(update(Flag).where(Flag.id == key).values({name: value}))
    (found,) = differences(world)
    assert (found.flag_id, found.code, found.rule, found.opened_on) == (
        key, "KT-9001", "INV-LATE", LATE_ON,
    )  # fmt: skip
    assert (found.name, found.stored, found.found) == (name, value, was)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"rule": "LAND-12"}, NOTHING_FOUND),
        ({"scope": "phase:2"}, NOTHING_FOUND),
        ({"opened_on": date(2026, 6, 30)}, NOTHING_FOUND),
        ({"entry_seq": 999_999}, NO_STATE),
    ],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) else "",
)
def test_a_flag_that_nothing_led_to_is_named(
    history: int, world: Session, values: dict[str, Any], found: str
) -> None:
    key = flag_of(world, history)
    world.execute(update(Flag).where(Flag.id == key).values(values))
    (one,) = differences(world)
    assert (one.flag_id, one.name, one.found) == (key, "", found)


def test_a_flag_of_another_policy_or_of_other_holidays_is_named(
    history: int, world: Session
) -> None:
    query = select(Flag.id, Flag.policy_id).where(
        Flag.project_id == history, Flag.rule == "STALLED"
    )
    (first, policy), *_, (last, other) = world.execute(query.order_by(Flag.id)).all()
    world.execute(update(Flag).where(Flag.id == last).values(policy_id=policy))
    assert {one.name for one in differences(world)} >= {"since", "inputs"}
    world.execute(update(Flag).where(Flag.id == last).values(policy_id=other))
    assert differences(world) == []
    between = moment(date(2026, 9, 15))
    world.execute(update(Flag).where(Flag.id == last).values(opened_at=between))
    assert {one.name for one in differences(world)} == {"since", "deadline"}
    assert first != last


def test_pages_make_no_difference(
    history: int, world: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.execute(update(Flag).where(Flag.id == flag_of(world, history)).values(law="x"))
    monkeypatch.setattr(auditing, "PAGE", 3)
    told: list[int] = []
    audit = Audit(world)
    (found,) = audit.differences(told.append)
    assert (found.name, found.stored) == ("law", "x")
    assert told[-1] == audit.checked > 9
    assert told[:2] == [3, 6]


def test_the_command_says_how_many_and_fails_when_one_differs(
    history: int, world: Session, app: Flask
) -> None:
    world.commit()
    runner = app.test_cli_runner()
    result = runner.invoke(args=["flags", "audit"])
    assert result.exit_code == 0, result.output
    number = len(world.scalars(select(Flag.id)).all())
    assert result.output == f"{number} flags worked out again, 0 differences.\n"
    key = flag_of(world, history)
    world.execute(update(Flag).where(Flag.id == key).values(since=date(2026, 6, 15)))
    world.commit()
    result = runner.invoke(args=["flags", "audit"])
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "KT-9001  INV-LATE  phase:1  2026-07-01: since is 2026-06-15, worked out 2026-07-01",
        f"{number} flags worked out again, 1 differences.",
    ]
