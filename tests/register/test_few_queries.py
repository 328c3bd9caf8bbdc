"""What a save and a list need not ask the database again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portfolio.office.trail import TrailEntry, record, unpack
from portfolio.register.choices import choices
from portfolio.register.investor import Investor
from portfolio.register.project import Alias, Project
from portfolio.register.state import SECTIONS, spare_queries, state_of_project
from portfolio.register.zone import Zone
from tests.register.desk import Desk, log


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    engine = app.extensions["database"].engine
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def known(db: Session, desk: Desk) -> Project:
    """A project as it is when a request has just read it."""
    project = log(db, desk)
    db.add(Alias(project=project, name="Tên khác"))
    record(db, project, "set_aliases", desk.program)
    db.commit()
    db.expire_all()
    return db.scalars(select(Project)).one()


def test_parts_that_the_last_entry_has_not_are_not_looked_for(
    app: Flask, db: Session, known: Project
) -> None:
    entry = db.get_one(TrailEntry, known.entry_seq)
    state = unpack(entry.state)
    spare_queries(known, state)
    with statements(app) as sent:
        assert state_of_project(known) == state
    assert [name for name in SECTIONS if name in state] == ["aliases"]
    # The project itself, its aliases, its zone and its sector.
    assert len(sent) <= 4, sent


def test_a_part_that_was_read_or_added_before_is_kept(db: Session, known: Project) -> None:
    state = unpack(db.get_one(TrailEntry, known.entry_seq).state)
    del state["aliases"]
    assert [alias.name for alias in known.aliases] == ["Tên khác"]
    spare_queries(known, state)
    assert [alias.name for alias in known.aliases] == ["Tên khác"]
    assert known.deposit is None
    assert known.acts == []


def test_choices_are_kept_while_other_things_change_and_read_again_when_a_zone_does(
    app: Flask, db: Session, desk: Desk
) -> None:
    first = choices(db)
    db.add(Investor(name="Công ty A", folded="cong ty a"))
    record(
        db,
        db.scalars(select(Investor).where(Investor.name == "Công ty A")).one(),
        "x",
        desk.program,
    )
    with statements(app) as sent:
        assert choices(db) is first
    assert len(sent) == 1
    zone = db.get_one(Zone, desk.mang_den)
    zone.name = "Khu du lịch đổi tên"
    record(db, zone, "change_zone", desk.program)
    assert choices(db).zones[desk.mang_den].vi == "Khu du lịch đổi tên"
