"""Loading the first data: whole, through the trail, into an empty database, once."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.exchange.seed import NotEmpty, is_loaded, load_seeds
from portfolio.office.trail import Origin, TrailEntry, record, unpack, verify
from portfolio.register.line import RegisterLine
from portfolio.register.place import Succession, Unit
from portfolio.register.project import STAGE_ACTS, Listing, Project, Stage
from portfolio.register.state import state_of_project
from portfolio.reports.control_totals import ControlTotal
from portfolio.schedule.evaluate import evaluate_portfolio
from portfolio.schedule.flags import Flag
from tests.conftest import AT, CHECKOUT, ON, SECRET

SEEDS = CHECKOUT / "seeds"


def test_everything_is_loaded_and_sealed_and_nothing_twice(db: Session) -> None:
    counts = load_seeds(db, SEEDS, AT)
    db.commit()
    files = len(list((SEEDS / "projects").glob("*.yaml")))
    assert counts["projects"] == files == db.scalar(select(func.count()).select_from(Project))
    assert files == db.scalar(
        select(func.count()).select_from(RegisterLine).where(RegisterLine.until.is_(None))
    )
    assert verify(db, [SECRET]).broken_seq is None
    assert is_loaded(db)
    with pytest.raises(NotEmpty):
        load_seeds(db, SEEDS, AT)
    _every_state_is_what_the_rows_say(db)
    _closed_stages_rest_on_their_acts(db)
    _forty_new_units_came_of_the_old_ones(db)
    _published_totals_are_there(db)
    _late_projects_are_seen(db)


def _every_state_is_what_the_rows_say(db: Session) -> None:
    db.expire_all()
    query = select(Project, TrailEntry.state).join(TrailEntry, TrailEntry.seq == Project.entry_seq)
    for project, packed in db.execute(query):
        assert unpack(packed) == state_of_project(project), project.code
        assert project.public_source


def _closed_stages_rest_on_their_acts(db: Session) -> None:
    closed = db.scalars(select(Project).where(Project.listing == Listing.CLOSED)).all()
    assert {project.stage for project in closed} == {
        Stage.TERMINATED,
        Stage.REVOKED,
        Stage.WITHDRAWN,
    }
    for project in closed:
        act = next(act for act in project.acts if act.id == project.stage_act_id)
        assert act.kind is STAGE_ACTS[project.stage]


def _forty_new_units_came_of_the_old_ones(db: Session) -> None:
    new = select(Unit).where(Unit.valid_from == date(2025, 7, 1), Unit.level == "commune")
    units = db.scalars(new).all()
    assert len(units) == 40
    followed = set(db.scalars(select(Succession.new_id)))
    assert {unit.id for unit in units} <= followed


def _published_totals_are_there(db: Session) -> None:
    query = select(ControlTotal.group, ControlTotal.group_count, ControlTotal.group_billion)
    groups = {row.group: (row.group_count, row.group_billion) for row in db.execute(query)}
    assert groups["implementing"] == (22, "8033.8")
    assert groups["preparing"] == (53, "5345")
    assert groups["solicited"] == (79, "54866")
    assert {"213", "29567"} <= set(db.scalars(select(ControlTotal.published)))


def _late_projects_are_seen(db: Session) -> None:
    """Schedules of the public sources, reckoned by hand from their printed ends."""
    evaluate_portfolio(db, on=ON, at=AT, whole=True)
    query = select(Project.name, Flag.since).join(Flag, Flag.project_id == Project.id)
    late = dict(db.execute(query.where(Flag.rule == "INV-LATE")).all())  # type: ignore[arg-type]
    tan_mai = next(since for name, since in late.items() if "Tân Mai" in name)
    assert tan_mai == date(2022, 9, 1)
    past_24 = set(db.scalars(query.with_only_columns(Project.name).where(Flag.rule == "INV-T24")))
    # Tân Mai is a case of land recovery, so it is not ended for lateness as well.
    assert not any("Tân Mai" in name for name in past_24)
    assert any("Plei Kần" in name for name in past_24)


def test_seeds_do_not_go_beside_other_data(db: Session, origin: Origin) -> None:
    project = Project(
        code="KT-0001", name="a", listing=Listing.SOLICITED, stage=Stage.CALLING, version=0
    )
    db.add(project)
    record(db, project, "log_project", origin)
    with pytest.raises(NotEmpty):
        load_seeds(db, SEEDS, AT)
    with pytest.raises(NotEmpty):
        is_loaded(db)
