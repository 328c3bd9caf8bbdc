"""Adoption on a database of its own: killed half-way it leaves nothing, asked twice at once it happens once."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portfolio import create_app
from portfolio.office.people import Role, User
from portfolio.office.trail import Origin, TrailEntry
from portfolio.schedule.flags import Flag
from portfolio.schedule.in_force import law_on
from portfolio.schedule.policy import FinalPolicy, PolicyStatus, PolicyVersion
from portfolio.schedule.policy_acts import DraftOpen, adopt_draft, find_draft, start_draft
from portfolio.schedule.policy_trial import latest_trial, make_trial
from portfolio.web.errors import Refusal
from tests.conftest import AT, CHECKOUT, ON, SECRET, add_person, own_database
from tests.office.conftest import opened
from tests.schedule.conftest import load_world
from tests.schedule.policy_desk import desk_with

KILLED = """
    import os, signal, sys
    from datetime import datetime
    from portfolio import create_app
    from portfolio.office.people import User
    from portfolio.office.trail import Origin
    from portfolio.schedule import evaluate, policy_acts
    from portfolio.schedule.policy_trial import latest_trial

    url, folder, leader, at = sys.argv[1:]
    app = create_app(SECRET_KEY={secret!r}, DATABASE_URL=url, VAR_DIR=folder)
    keep = evaluate.keep_flags

    def keep_and_die(session, *rest):
        kept = keep(session, *rest)
        session.flush()
        assert kept[0] > 0, "flags were written"
        os.kill(os.getpid(), signal.SIGKILL)

    evaluate.keep_flags = keep_and_die
    with app.app_context(), app.extensions["database"].open_session(write=True) as db:
        draft = policy_acts.find_draft(db, 2, lock=True)
        origin = Origin(db.get_one(User, int(leader)), datetime.fromisoformat(at), "x")
        policy_acts.adopt_draft(db, draft, latest_trial(db, draft), origin)
"""


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A program with projects, and a draft of nine months that was tried."""
    with own_database(database_url, tmp_path, "adoption") as url:
        app = create_app(SECRET_KEY=SECRET, DATABASE_URL=url, VAR_DIR=str(tmp_path))
        result = app.test_cli_runner().invoke(args=["db", "upgrade"])
        assert result.exit_code == 0, result.output
        with opened(app) as db:
            load_world(db, tmp_path)
            desk = desk_with(db, made=40)
            add_person(db, desk.leader.office, Role.LEADER, email="second@leader.example.org")
            draft = desk.draft()
            db.add(make_trial(lambda: nullcontext(db), draft.number, at=AT, by="x"))
            db.commit()
        # The worker's queue is no part of this.
        app.testing = True
        app.extensions["portfolio_run_job"] = lambda _job_id: None
        yield app
        app.extensions["database"].engine.dispose()
        app.extensions["database"].writer.dispose()


def leaders(app: Flask) -> list[int]:
    with opened(app) as db:
        query = select(User.id).where(User.role == Role.LEADER).order_by(User.id)
        return list(db.scalars(query))


def adopt(app: Flask, leader: int) -> str:
    """What came of one leader's adoption."""
    with opened(app) as db:
        try:
            draft = find_draft(db, 2, lock=True)
            origin = Origin(db.get_one(User, leader), AT, "x")
            adopt_draft(db, draft, latest_trial(db, draft), origin)
            db.commit()
        except Refusal as refusal:
            db.rollback()
            return type(refusal).__name__
        return "adopted"


def counted(app: Flask) -> tuple[int, int, int, PolicyStatus]:
    with opened(app) as db:
        flags = db.scalar(select(func.count()).select_from(Flag)) or 0
        entries = db.scalar(select(func.max(TrailEntry.seq))) or 0
        status = db.scalars(select(PolicyVersion.status).where(PolicyVersion.number == 2)).one()
        return flags, entries, law_on(db, ON).policy.version, status


def test_killed_in_the_middle_it_leaves_nothing_behind_and_can_be_done_again(
    site: Flask, tmp_path: Path
) -> None:
    before, leader = counted(site), leaders(site)[0]
    script = textwrap.dedent(KILLED).format(secret=SECRET)
    url = site.config["DATABASE_URL"]
    died = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", script, url, str(tmp_path), str(leader), AT.isoformat()],
        cwd=CHECKOUT,
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert died.returncode == -9, died.stderr.decode()
    assert counted(site) == before
    assert before[2:] == (1, PolicyStatus.DRAFT)
    assert adopt(site, leader) == "adopted"
    after = counted(site)
    assert after[0] > before[0]
    assert after[2:] == (2, PolicyStatus.ADOPTED)


def test_of_leaders_who_adopt_at_the_same_moment_one_does(site: Flask) -> None:
    both = leaders(site)
    assert len(both) == 2
    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(lambda leader: adopt(site, leader), both * 2))
    assert sorted(came) == [FinalPolicy.__name__] * 3 + ["adopted"]
    with opened(site) as db:
        acts = select(func.count()).where(TrailEntry.act == "adopt_policy")
        assert db.scalar(acts) == 1


def test_of_officers_who_start_a_draft_at_the_same_moment_one_does(site: Flask) -> None:
    assert adopt(site, leaders(site)[0]) == "adopted"
    with opened(site) as db:
        finance = db.scalars(
            select(User.id).where(User.role == Role.FINANCE_OFFICER).order_by(User.id)
        ).all()

    def start(by: int) -> str:
        with opened(site) as db:
            try:
                start_draft(db, Origin(db.get_one(User, by), AT, "x"))
                db.commit()
            except Refusal as refusal:
                db.rollback()
                return type(refusal).__name__
            return "started"

    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(start, list(finance) * 2))
    assert sorted(came) == [DraftOpen.__name__] * 3 + ["started"]
