"""What an act changes is judged within the act: nobody waits for the night."""

from dataclasses import replace
from datetime import date

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office.trail import Origin, record
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.acts.pauses import Claim, claim_pause, correct_pause, judge_pause
from portfolio.register.acts.projects import Facts, log_project
from portfolio.register.acts.schedule import (
    PhaseFacts,
    Promise,
    VersionFacts,
    add_phase,
    add_schedule_version,
)
from portfolio.register.line import RegisterLine
from portfolio.register.papers import ActKind
from portfolio.register.phases import MilestoneKind, ScheduleKind, Side
from portfolio.register.project import Listing, Project, Stage
from portfolio.schedule.evaluate import evaluate_portfolio
from portfolio.schedule.flags import Flag
from portfolio.schedule.policy import PolicyStatus, PolicyVersion
from portfolio.web.errors import Refusal
from tests.conftest import AT, CHECKOUT, ON


@pytest.fixture
def project(db: Session, origin: Origin) -> Project:
    """Licensed in 2023, promised for the end of June 2026, not yet in operation."""
    document = yaml.safe_load((CHECKOUT / "seeds/policy/1.yaml").read_text(encoding="utf-8"))
    first = PolicyVersion(
        number=1, status=PolicyStatus.ADOPTED, adopted_on=date(2026, 1, 1), document=document
    )
    db.add(first)
    record(db, first, "load_seeds", origin)
    made = log_project(
        db,
        Facts(name="Dự án"),
        listing=Listing.LICENSED,
        stage=Stage.IMPLEMENTING,
        prefix="KT",
        origin=origin,
    )
    approval = add_act(
        db, made, Paper(kind=ActKind.POLICY_APPROVAL, issued_on=date(2023, 1, 5)), origin
    )
    phase = add_phase(db, made, PhaseFacts(), origin)
    add_schedule_version(
        db,
        made,
        VersionFacts(kind=ScheduleKind.IPA, approved_on=date(2023, 1, 5), act_id=approval.id),
        [Promise(phase.number, MilestoneKind.OPERATION, date(2026, 6, 30))],
        origin,
    )
    db.commit()
    return made


def late(db: Session) -> list[Flag]:
    query = select(Flag).where(Flag.rule == "INV-LATE", Flag.closed_on.is_(None))
    return list(db.scalars(query))


def state(db: Session) -> str:
    return str(db.scalar(select(RegisterLine.schedule_state).where(RegisterLine.until.is_(None))))


def test_a_schedule_that_is_entered_is_judged_with_its_entry(db: Session, project: Project) -> None:
    assert {flag.since for flag in late(db)} == {date(2026, 7, 1)}
    assert state(db) == "late"
    assert evaluate_portfolio(db, on=ON, at=AT).projects == 0


def test_a_pause_gives_its_days_when_accepted_and_takes_them_when_rejected(
    db: Session, project: Project, origin: Origin
) -> None:
    claim = Claim(
        cause="b",
        side=Side.STATE,
        since=date(2026, 1, 1),
        until=date(2026, 7, 31),
        paper="12/UBND",
    )
    pause = claim_pause(db, project, claim, origin)
    assert late(db), "a claim alone moves no clock"
    judge_pause(db, project, pause, accepted=True, origin=origin)
    assert late(db) == []
    assert state(db) == "on_time"
    judge_pause(db, project, pause, accepted=False, origin=origin)
    assert {flag.since for flag in late(db)} == {date(2026, 7, 1)}
    assert state(db) == "late"
    db.commit()


def test_a_cause_that_the_policy_does_not_list_is_refused(
    db: Session, project: Project, origin: Origin
) -> None:
    claim = Claim(cause="bb", side=Side.STATE, since=date(2026, 1, 1), paper="12/UBND")
    with pytest.raises(Refusal) as refused:
        claim_pause(db, project, claim, origin)
    assert refused.value.field == "cause"
    pause = claim_pause(db, project, replace(claim, cause="b"), origin)
    with pytest.raises(Refusal):
        correct_pause(db, project, pause, claim, origin)
    assert pause.cause == "b"
