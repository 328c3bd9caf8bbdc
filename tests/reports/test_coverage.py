"""How much of the published lists the register holds, counted by hand beside the kept figures."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.bench.fill import fill
from portfolio.exchange.seed import load_seeds
from portfolio.office.people import OfficeKind, Role
from portfolio.office.trail import Origin
from portfolio.register.project import Project
from portfolio.reports.control_totals import coverage
from tests.conftest import AT, CHECKOUT, add_office, add_person


@pytest.fixture
def filled(db: Session, tmp_path: Path) -> Session:
    folder = tmp_path / "seeds"
    shutil.copytree(CHECKOUT / "seeds", folder, ignore=shutil.ignore_patterns("projects"))
    load_seeds(db, folder, AT)
    fill(db, 120, AT)
    return db


def test_held_projects_and_capital_are_those_of_the_register(
    filled: Session, origin: Origin
) -> None:
    office = add_office(filled, origin, "committee", OfficeKind.COMMITTEE)
    lists = coverage(filled, add_person(filled, office, Role.LEADER))
    assert [(one.published, one.published_capital, one.filter) for one in lists] == [
        (22, Decimal("8033.8") * 10**9, "stage=implementing"),
        (53, Decimal(5345) * 10**9, "stage=preparing"),
        (79, Decimal(54866) * 10**9, "listing=solicited"),
    ]
    for one in lists:
        kind, _, ref = one.filter.partition("=")
        held = filled.scalars(select(Project).where(getattr(Project, kind) == ref)).all()
        assert one.held == len(held) > 0
        assert one.held_capital == sum(p.capital[0].vnd_amount or 0 for p in held)
        assert one.without_capital == 0


def test_a_zone_officer_counts_the_own_zone(filled: Session, origin: Origin) -> None:
    office = add_office(filled, origin, "authority", OfficeKind.ZONE_AUTHORITY)
    calling = select(Project).where(Project.listing == "solicited", Project.zone_id.is_not(None))
    zone_id = filled.scalars(calling.order_by(Project.id)).all()[0].zone_id
    assert zone_id is not None
    officer = add_person(filled, office, Role.ZONE_OFFICER, (zone_id,))
    leader = add_person(filled, office, Role.LEADER)
    own, whole = coverage(filled, officer)[2], coverage(filled, leader)[2]
    assert 0 < own.held < whole.held
    assert 0 < own.held_capital < whole.held_capital
