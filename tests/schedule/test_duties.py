"""What the law of delay does by itself: every night, and when the law changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office import work
from portfolio.office.job import Job, JobState
from portfolio.schedule.duties import REJUDGE, ask_to_rejudge, evaluate_due
from portfolio.schedule.evaluate import evaluate_portfolio
from portfolio.schedule.flags import Flag
from portfolio.schedule.policy import Evaluation, Holiday
from tests.schedule.test_evaluate import log, moment, promised

MIDNIGHT = datetime(2026, 6, 30, 17, 10, tzinfo=UTC)
"""Ten past midnight of 1 July 2026 in the province."""


def open_since(db: Session, rule: str) -> list[date | None]:
    query = select(Flag.since).where(Flag.rule == rule, Flag.closed_on.is_(None))
    return list(db.scalars(query.distinct()))


def test_the_night_judges_what_is_due_on_the_day_that_begins(world: Session) -> None:
    log(world, promised("KT-0001", date(2026, 1, 5), date(2026, 6, 30)), date(2026, 6, 30))
    log(world, promised("KT-0002", date(2026, 1, 5), date(2026, 7, 1)), date(2026, 6, 30))
    assert open_since(world, "INV-LATE") == []
    evaluate_due(MIDNIGHT)
    assert open_since(world, "INV-LATE") == [date(2026, 7, 1)]
    (run,) = world.scalars(select(Evaluation))
    assert (run.on, run.at, run.whole, run.projects) == (date(2026, 7, 1), MIDNIGHT, False, 1)


def test_a_night_without_a_policy_does_nothing(db: Session) -> None:
    evaluate_due(MIDNIGHT)
    assert db.scalars(select(Evaluation)).all() == []


@pytest.fixture
def stalled(world: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """No sign of life since its approval: twelve months ended on Friday 5 June 2026."""
    monkeypatch.setattr(work, "_now", lambda: MIDNIGHT)
    log(world, promised("KT-0001", date(2025, 6, 5), date(2029, 12, 31)), date(2026, 6, 1))
    evaluate_portfolio(world, on=date(2026, 6, 20), at=moment(date(2026, 6, 20)))
    return world


def test_all_are_judged_again_when_the_holidays_change(stalled: Session) -> None:
    assert open_since(stalled, "STALLED") == [date(2026, 6, 6)]
    added = MIDNIGHT - timedelta(minutes=1)
    stalled.add(Holiday(on=date(2026, 6, 5), name="Nghỉ thêm", added_at=added))
    key = ask_to_rejudge(stalled, by=None, at=added).id
    stalled.commit()
    done = stalled.get_one(Job, key, populate_existing=True)
    assert (done.state, done.done, done.total, done.error) == (JobState.DONE, 1, 1, None)
    # The twelve months now end on the Monday after.
    assert open_since(stalled, "STALLED") == [date(2026, 6, 9)]
    last = stalled.scalars(select(Evaluation).order_by(Evaluation.id.desc())).first()
    assert last is not None
    assert (last.on, last.whole) == (date(2026, 7, 1), True)


def test_each_change_has_a_job_of_its_own(stalled: Session) -> None:
    """One that runs already may have passed projects by before the second change."""
    first = ask_to_rejudge(stalled, by=None, at=MIDNIGHT)
    second = ask_to_rejudge(stalled, by=None, at=MIDNIGHT + timedelta(seconds=1))
    assert first.id != second.id
    assert first.kind == second.kind == REJUDGE


def test_without_a_policy_the_job_says_so(db: Session) -> None:
    key = ask_to_rejudge(db, by=None, at=MIDNIGHT).id
    db.commit()
    failed = db.get_one(Job, key, populate_existing=True)
    assert failed.state is JobState.FAILED
    assert failed.error == "No policy of delay has been adopted. The administrator runs: flask seed"
