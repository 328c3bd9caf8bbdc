"""What tests of stored findings stand on: the seeds' places, zones, sectors and policy."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portfolio.exchange.seed import load_seeds
from tests.conftest import AT, CHECKOUT


def load_world(db: Session, tmp_path: Path) -> None:
    """The seeds without their projects."""
    folder = tmp_path / "seeds"
    shutil.copytree(CHECKOUT / "seeds", folder, ignore=shutil.ignore_patterns("projects"))
    load_seeds(db, folder, AT)
    db.commit()


@pytest.fixture
def world(db: Session, tmp_path: Path) -> Session:
    load_world(db, tmp_path)
    return db
