"""Column types keep what they are given, exactly, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from portfolio import database as module
from portfolio.database import OldSqlite, make_engine
from portfolio.office.people import Outbox
from portfolio.office.trail import Origin, record
from portfolio.register.capital import CapitalKind, CapitalVersion
from portfolio.register.project import Listing, Project, Stage


def a_project(code: str = "KT-0001") -> Project:
    return Project(
        code=code, name="Thủy điện", listing=Listing.SOLICITED, stage=Stage.CALLING, version=0
    )


def test_money_is_exact_beyond_what_a_float_can_hold(db: Session, origin: Origin) -> None:
    amount = Decimal("12345678901234567.91")
    project = a_project()
    project.capital = [
        CapitalVersion(kind=CapitalKind.ESTIMATED, amount=amount, vnd_amount=amount),
        CapitalVersion(
            kind=CapitalKind.ESTIMATED, amount=Decimal("0.01"), vnd_amount=Decimal("0.01")
        ),
    ]
    db.add(project)
    record(db, project, "log_project", origin)
    db.expire_all()
    assert [figure.amount for figure in project.capital] == [amount, Decimal("0.01")]


def test_more_places_than_the_column_keeps_are_refused_not_rounded(db: Session) -> None:
    project = a_project()
    project.capital = [CapitalVersion(kind=CapitalKind.ESTIMATED, amount=Decimal("0.001"))]
    db.add(project)
    with pytest.raises(StatementError, match="decimal places"):
        db.flush()
    db.rollback()


def test_a_sum_that_no_database_holds_is_refused(db: Session) -> None:
    project = a_project()
    project.capital = [CapitalVersion(kind=CapitalKind.ESTIMATED, amount=Decimal(10) ** 18)]
    db.add(project)
    with pytest.raises(StatementError, match="too large"):
        db.flush()
    db.rollback()


def test_moments_come_back_aware_and_in_utc(db: Session) -> None:
    hanoi = timezone(timedelta(hours=7))
    mail = Outbox(
        to="a@example.org", subject="s", body="b", created_at=datetime(2026, 1, 1, 7, tzinfo=hanoi)
    )
    db.add(mail)
    db.flush()
    db.expire(mail)
    assert mail.created_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert mail.created_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(db: Session) -> None:
    db.add(Outbox(to="a@example.org", subject="s", body="b", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"):
        db.flush()
    db.rollback()


def test_keys_go_beyond_32_bits(db: Session) -> None:
    mail = Outbox(
        id=2**31 + 5, to="a@example.org", subject="s", body="b", created_at=datetime.now(UTC)
    )
    db.add(mail)
    db.flush()
    assert db.get(Outbox, 2**31 + 5) is mail


def test_every_constraint_has_a_name_of_the_convention(db: Session) -> None:
    inspector = inspect(db.connection())
    for table in inspector.get_table_names():
        names = [key["name"] for key in inspector.get_foreign_keys(table)]
        names += [check["name"] for check in inspector.get_check_constraints(table)]
        names += [unique["name"] for unique in inspector.get_unique_constraints(table)]
        assert all(names), table


def test_an_sqlite_that_can_damage_the_log_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(OldSqlite, match=r"requirements/run\.txt"):
        make_engine("sqlite://")


def test_sqlite_runs_with_the_settings_that_lose_nothing(tmp_path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.sqlite'}")
    with engine.connect() as connection:
        found = {
            pragma: connection.execute(text(f"PRAGMA {pragma}")).scalar()
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }
