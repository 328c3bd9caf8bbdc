"""Which policy is in force on a day, and which public holidays were known at a moment."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office.trail import Origin, record
from portfolio.schedule.evaluate import evaluate_portfolio
from portfolio.schedule.flags import Flag
from portfolio.schedule.in_force import NoPolicy, PastHolidays, holidays, law_on
from portfolio.schedule.policy import Holiday
from tests.conftest import AT, ON
from tests.schedule.policies import add_policy
from tests.schedule.test_evaluate import moment, promised


def hour(number: int) -> datetime:
    return datetime(2026, 7, 1, number, tzinfo=UTC)


def test_nothing_is_in_force_before_a_policy_is_adopted(db: Session) -> None:
    add_policy(db, 1, None)
    with pytest.raises(NoPolicy):
        law_on(db, ON)


def test_each_day_has_the_policy_adopted_last_by_then(db: Session) -> None:
    first, second = (
        add_policy(db, 1, date(2026, 1, 1)),
        add_policy(db, 2, date(2026, 7, 1), STALLED={"months": 9}),
    )
    add_policy(db, 3, None)
    by_day = {
        date(2020, 5, 5): first,
        date(2026, 1, 1): first,
        date(2026, 6, 30): first,
        date(2026, 7, 1): second,
        date(2027, 1, 1): second,
    }
    assert {on: law_on(db, on).id for on in by_day} == by_day
    assert law_on(db, date(2026, 6, 30)).policy.rules["STALLED"].months == 12
    assert law_on(db, date(2026, 7, 1)).policy.rules["STALLED"].months == 9


def test_of_two_adopted_on_one_day_the_later_moment_counts(db: Session) -> None:
    on = date(2026, 7, 1)
    add_policy(db, 1, on)
    later = add_policy(db, 2, on, hour(9))
    add_policy(db, 3, on, hour(3))
    assert law_on(db, on).id == later


def test_past_days_are_judged_by_the_policy_adopted_then(db: Session) -> None:
    first = add_policy(db, 1, date(2026, 1, 1))
    project = promised("KT-0001", date(2025, 8, 1), date(2029, 12, 31))
    db.add(project)
    record(db, project, "log_project", Origin(None, moment(date(2026, 6, 1))))
    db.commit()
    second = add_policy(db, 2, date(2026, 7, 1), STALLED={"months": 9})
    db.commit()

    def stalled_after_run(on: date) -> list[tuple[int, date | None]]:
        evaluate_portfolio(db, on=on, at=moment(on))
        query = select(Flag.policy_id, Flag.since).where(
            Flag.rule == "STALLED", Flag.closed_on.is_(None)
        )
        return [(policy, since) for policy, since in db.execute(query)]

    # Approved on 1 August 2025: nine months end on Friday 1 May 2026, twelve in August.
    assert stalled_after_run(date(2026, 6, 30)) == []
    assert stalled_after_run(date(2026, 7, 1)) == [(second, date(2026, 5, 2))]
    assert stalled_after_run(date(2026, 6, 30)) == []
    assert {law_on(db, on).id for on in (date(2026, 6, 30), date(2025, 1, 1))} == {first}


@pytest.fixture
def days(db: Session) -> dict[str, date]:
    """Known from the beginning; added at 2 and dropped at 5 o'clock; dropped at 5; added at 5."""
    by_name = {
        "always": date(2026, 1, 1),
        "a while": date(2026, 2, 2),
        "until five": date(2026, 3, 3),
        "from five": date(2027, 4, 4),
    }
    gone = {"dropped_at": hour(5), "dropped_by": "thử", "dropped_why": "nhầm ngày"}
    db.add_all(
        [
            Holiday(on=by_name["always"], name="Tết"),
            Holiday(on=by_name["a while"], name="Tết", added_at=hour(2), **gone),
            Holiday(on=by_name["until five"], name="Tết", **gone),
            Holiday(on=by_name["from five"], name="Tết", added_at=hour(5)),
        ]
    )
    db.flush()
    return by_name


@pytest.mark.parametrize(
    ("at", "known"),
    [
        (hour(1), ["always", "until five"]),
        (hour(2), ["always", "a while", "until five"]),
        (hour(4), ["always", "a while", "until five"]),
        (hour(5), ["always", "from five"]),
        (None, ["always", "from five"]),
    ],
)
def test_holidays_are_those_known_at_the_moment(
    db: Session, days: dict[str, date], at: datetime | None, known: list[str]
) -> None:
    add_policy(db, 1, date(2026, 1, 1))
    table = holidays(db, at)
    assert table.days == {days[name] for name in known}
    assert table.years == {days[name].year for name in known}
    assert law_on(db, ON, at).policy.holidays == table
    if at is not None:
        assert PastHolidays.of(db).table_at(at) == table


@pytest.mark.usefixtures("days")
def test_a_period_lasts_from_one_change_of_the_table_to_the_next(db: Session) -> None:
    past = PastHolidays.of(db)
    periods = [past.period_of(hour(number)) for number in (0, 1, 2, 4, 5, 23)]
    assert periods[0] == periods[1] != periods[2] == periods[3] != periods[4] == periods[5]


def test_a_run_counts_by_the_holidays_known_at_its_moment(db: Session) -> None:
    add_policy(db, 1, date(2026, 1, 1))
    project = promised("KT-0001", date(2025, 6, 22), date(2029, 12, 31))
    db.add(project)
    record(db, project, "log_project", Origin(None, moment(date(2026, 6, 1))))
    # Twelve months end on Monday 22 June 2026, which becomes a holiday a week before.
    db.add(Holiday(on=date(2026, 6, 22), name="Tết", added_at=moment(date(2026, 6, 15))))
    db.commit()
    for at, stalled in ((AT, False), (moment(date(2026, 6, 14)), True)):
        evaluate_portfolio(db, on=date(2026, 6, 23), at=at, whole=True)
        found = select(Flag.id).where(Flag.rule == "STALLED", Flag.closed_on.is_(None))
        assert (db.scalar(found) is not None) is stalled
