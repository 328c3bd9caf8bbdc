"""A made-up portfolio on the seeds' places, zones and sectors, without the seeds' projects."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portfolio.bench.fill import fill
from portfolio.exchange.seed import load_seeds
from tests.conftest import AT, CHECKOUT

MADE = 300


def bare_seeds(tmp_path: Path) -> Path:
    """The seeds without their projects."""
    folder = tmp_path / "seeds"
    shutil.copytree(CHECKOUT / "seeds", folder, ignore=shutil.ignore_patterns("projects"))
    return folder


@pytest.fixture
def world(db: Session, tmp_path: Path) -> Session:
    load_seeds(db, bare_seeds(tmp_path), AT)
    db.commit()
    return db


@pytest.fixture
def filled(world: Session) -> Session:
    assert fill(world, MADE, AT) == MADE
    return world
