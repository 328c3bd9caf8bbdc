"""Made-up projects are stored exactly as acts would have stored them."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portfolio.bench.fill import HoldsRealData, fill
from portfolio.bench.inside import explain_some, read_all
from portfolio.bench.made_up import LICENSED, TABLES
from portfolio.office.trail import Origin, TrailEntry, record, unpack, verify
from portfolio.register.figures import RegisterFigure, recount
from portfolio.register.line import LinePart, RegisterLine
from portfolio.register.line_keeping import rebuild
from portfolio.register.project import Listing, Project, ProjectPlace, Stage
from portfolio.register.state import state_of_project
from tests.bench.conftest import MADE
from tests.conftest import AT, ON, SECRET

pytestmark = pytest.mark.usefixtures("app")


def projects(db: Session) -> Sequence[Project]:
    return db.scalars(select(Project).order_by(Project.id)).all()


def lines(db: Session) -> list[dict[str, Any]]:
    """Current lines as a list shows them, with what they can be found by."""
    found = []
    for line in db.scalars(select(RegisterLine).where(RegisterLine.until.is_(None))):
        columns = {column.name: getattr(line, column.name) for column in line.__table__.columns}
        parts = select(LinePart.kind, LinePart.ref).where(LinePart.line_id == columns.pop("id"))
        found.append(columns | {"parts": sorted(map(tuple, db.execute(parts)))})
    return sorted(found, key=lambda line: line["code"])


def figures(db: Session) -> set[tuple[Any, ...]]:
    return set(map(tuple, db.execute(select(RegisterFigure.__table__))))


def test_the_stored_state_is_the_one_an_act_would_have_stored(filled: Session) -> None:
    for project in projects(filled):
        entry = filled.get_one(TrailEntry, project.entry_seq)
        assert unpack(entry.state) == state_of_project(project), project.code
        assert (entry.subject_kind, entry.subject_id) == ("project", project.id)
        assert entry.subject_version == project.version == 1


def test_every_table_is_filled_and_every_kind_of_project_is_there(filled: Session) -> None:
    for table in TABLES:
        assert filled.scalar(select(func.count()).select_from(table)), table.__tablename__
    kinds = {(project.listing, project.stage) for project in projects(filled)}
    assert kinds == {
        (Listing.SOLICITED, Stage.CALLING),
        (Listing.REGISTERED, Stage.SURVEYING),
        (Listing.LICENSED, Stage.PREPARING),
        (Listing.LICENSED, Stage.IMPLEMENTING),
        (Listing.LICENSED, Stage.OPERATING),
    }


def test_for_the_law_of_delay_every_project_has_six_milestones_and_ten_reports(
    world: Session,
) -> None:
    fill(world, 40, AT, kind=LICENSED)
    for project in projects(world):
        state = unpack(world.get_one(TrailEntry, project.entry_seq).state)
        assert state == state_of_project(project), project.code
        assert project.listing is Listing.LICENSED
        assert sum(len(phase["milestones"]) for phase in state["phases"]) == 6
        periods = [report["period"] for report in state["reports"]]
        assert (len(set(periods)), periods) == (10, sorted(periods))


def test_the_measured_commands_read_and_explain_every_project(world: Session) -> None:
    fill(world, 40, AT, kind=LICENSED)
    assert read_all(world) == 40
    spent = explain_some(world, ON, 20)
    assert 0 < spent.median <= spent.p95


def test_the_chain_of_entries_holds(filled: Session) -> None:
    verdict = verify(filled, [SECRET])
    assert verdict.cause is None
    assert verdict.entries > MADE


def test_lines_written_anew_are_the_same(filled: Session) -> None:
    before = lines(filled)
    assert len(before) == MADE
    assert rebuild(filled, AT) == MADE
    filled.commit()
    assert lines(filled) == before


def test_figures_counted_anew_are_the_same(filled: Session) -> None:
    before = figures(filled)
    assert before
    recount(filled)
    filled.commit()
    filled.expire_all()
    # A place that lost its last line stays behind with zeros; a new count leaves it out.
    assert figures(filled) == {row for row in before if any(row[3:])}


def test_every_project_is_found_by_its_text(filled: Session) -> None:
    if filled.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps its index in step by itself")
    found = text(
        "SELECT register_line.name FROM register_text JOIN register_line"
        " ON register_line.id = register_text.rowid WHERE register_text MATCH :words"
    )
    names = set(filled.scalars(found, {"words": "thuy dien"}))
    expected = {project.name for project in projects(filled) if "Thủy điện" in project.name}
    assert names == expected != set()


def test_the_same_number_gives_the_same_project(world: Session) -> None:
    fill(world, 2, AT)
    assert [(project.code, project.name) for project in projects(world)] == [
        ("KT-0001", "Thủy điện Thuận An (dự án thử số 1)"),
        ("KT-0002", "Thủy điện Bờ Y (dự án thử số 2)"),
    ]


def test_filling_goes_on_where_it_stopped(filled: Session) -> None:
    assert fill(filled, MADE, AT) == 0
    assert fill(filled, MADE + 2, AT) == 2
    codes = [project.code for project in projects(filled)]
    assert codes[-2:] == [f"KT-{MADE + 1:04}", f"KT-{MADE + 2:04}"]


def test_a_project_logged_after_filling_gets_a_key_of_its_own(
    filled: Session, origin: Origin
) -> None:
    project = Project(code="KT-9999", name="x", listing=Listing.SOLICITED, stage=Stage.CALLING)
    place = ProjectPlace(
        unit_id=filled.scalars(select(ProjectPlace.unit_id)).first(), project=project
    )
    filled.add_all([project, place])
    record(filled, project, "log_project", origin)
    filled.commit()
    assert project.id == MADE + 1
    assert verify(filled, [SECRET]).cause is None


def test_it_refuses_to_stand_beside_projects_that_people_entered(
    world: Session, origin: Origin
) -> None:
    project = Project(code="KT-0001", name="x", listing=Listing.SOLICITED, stage=Stage.CALLING)
    world.add(project)
    record(world, project, "log_project", origin)
    world.commit()
    with pytest.raises(HoldsRealData):
        fill(world, 10, AT)


def test_a_million_is_made_only_when_it_is_meant(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["bench", "fill", "100001"])
    assert answer.exit_code == 2
    assert "--million" in answer.output
