"""What a save and a list need not ask the database again."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portfolio.office.trail import TrailEntry, record, unpack
from portfolio.register.choices import choices
from portfolio.register.investor import Investor
from portfolio.register.place import Unit
from portfolio.register.project import Alias, Project
from portfolio.register.sector import Sector
from portfolio.register.state import SECTIONS, spare_queries, state_of_project
from portfolio.register.zone import Zone
from tests.browser import Browser
from tests.office.conftest import opened
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


def test_choices_are_kept_while_other_things_change(app: Flask, db: Session, desk: Desk) -> None:
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


def last_of(db: Session, model: type[Any]) -> Any:
    return db.scalars(select(model).order_by(model.id)).all()[-1]


@pytest.mark.parametrize(
    ("model", "act", "part"),
    [(Zone, "change_zone", "zones"), (Unit, "change_unit", "units"), (Sector, "x", "sectors")],
)
def test_choices_are_read_again_when_one_of_them_changes(
    db: Session, desk: Desk, model: type[Any], act: str, part: str
) -> None:
    first = choices(db)
    row = last_of(db, model)
    row.name = "Tên mới"
    record(db, row, act, desk.program)
    read_again = choices(db)
    assert read_again is not first
    assert getattr(read_again, part)[row.id].vi == "Tên mới"
    assert choices(db) is read_again


def test_choices_forget_a_change_that_was_not_kept(db: Session, desk: Desk) -> None:
    before = choices(db).zones[desk.mang_den].vi
    db.commit()
    zone = db.get_one(Zone, desk.mang_den)
    zone.name = "Tên của một lần lưu bị từ chối"
    record(db, zone, "change_zone", desk.program)
    assert choices(db).zones[desk.mang_den].vi == zone.name
    db.rollback()
    assert choices(db).zones[desk.mang_den].vi == before


def tables_of(name: str) -> set[str]:
    return {model.__tablename__ for model in SECTIONS[name][1]}


def test_a_save_asks_nothing_about_parts_that_a_project_has_none_of(
    app: Flask, licensed: str, zone_officer: Browser
) -> None:
    """The whole way of a form: found, locked, changed, recorded, judged."""
    zone_officer.get(f"/projects/{licensed}/facts/edit")
    with statements(app) as sent:
        assert zone_officer.submit(note="Ghi chú").status_code == 303
    with opened(app) as db:
        project = db.scalars(select(Project)).one()
        state = unpack(db.get_one(TrailEntry, project.entry_seq).state)
        db.expire_all()
        assert state == state_of_project(project)
    assert state["note"] == "Ghi chú"
    absent = {name for name in SECTIONS if name not in state}
    assert absent >= {"pauses", "marks", "reports", "circumstances"}
    read = {
        (name, statement)
        for name in absent
        for statement in sent
        for table in tables_of(name)
        if re.search(rf"\bFROM {table}\b", statement)
    }
    assert not read
