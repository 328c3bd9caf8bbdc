"""A licensed project as acts made it, for tests of suppositions, limits and explanations."""

from datetime import date
from decimal import Decimal

import yaml
from sqlalchemy import insert
from sqlalchemy.orm import Session

from portfolio.office.trail import Origin, TrailEntry, unpack
from portfolio.register.acts.land import ParcelFacts, add_parcel
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.acts.projects import Facts, log_project
from portfolio.register.acts.schedule import (
    PhaseFacts,
    Promise,
    VersionFacts,
    add_phase,
    add_schedule_version,
)
from portfolio.register.papers import ActKind
from portfolio.register.phases import MilestoneKind, ScheduleKind
from portfolio.register.project import Listing, Project, Stage
from portfolio.schedule.evaluate import judge, law_on
from portfolio.schedule.policy import PolicyStatus, PolicyVersion
from tests.conftest import CHECKOUT, ON

APPROVED = date(2021, 3, 15)
START, END = date(2022, 6, 30), date(2023, 12, 31)
SECOND_END = date(2027, 12, 31)


def adopt(db: Session) -> None:
    """The policy that ships with the program."""
    document = yaml.safe_load((CHECKOUT / "seeds/policy/1.yaml").read_text(encoding="utf-8"))
    db.execute(
        insert(PolicyVersion).values(
            number=1,
            status=PolicyStatus.ADOPTED,
            adopted_on=date(2026, 1, 1),
            document=document,
            version=0,
        )
    )


def approved_project(
    db: Session, origin: Origin, *, kind: ActKind = ActKind.POLICY_APPROVAL, **facts
) -> Project:
    """Approved in 2021 in two phases, the first late since 2024; one parcel handed over, not in use."""
    made = log_project(
        db,
        Facts(**({"name": "Nhà máy chế biến dược liệu"} | facts)),
        listing=Listing.LICENSED,
        stage=Stage.IMPLEMENTING,
        prefix="KT",
        origin=origin,
    )
    act = add_act(db, made, Paper(kind=kind, number="12", sign="QĐ", issued_on=APPROVED), origin)
    for name in ("Nhà xưởng", "Vùng trồng"):
        add_phase(db, made, PhaseFacts(name=name), origin)
    approved = ScheduleKind.IPA if kind is ActKind.POLICY_APPROVAL else ScheduleKind.IRC
    add_schedule_version(
        db,
        made,
        VersionFacts(kind=approved, approved_on=APPROVED, act_id=act.id),
        [
            Promise(1, MilestoneKind.START, START),
            Promise(1, MilestoneKind.COMPLETION, END),
            Promise(2, MilestoneKind.OPERATION, SECOND_END),
        ],
        origin,
    )
    add_parcel(
        db,
        made,
        ParcelFacts(name="Lô A", area_ha=Decimal("8.5"), handed_over_on=date(2021, 9, 15)),
        origin,
    )
    db.commit()
    return made


def state_now(db: Session, project: Project):
    """The state document of its last entry."""
    return unpack(db.get_one(TrailEntry, project.entry_seq).state)


def found(db: Session, state, on: date = ON):
    """What the law finds in a state: each finding by rule and scope with all it says."""
    return {
        (one.rule, one.scope): (one.severity, one.held, one.since, one.deadline, one.law)
        for one in judge(state, law_on(db, on), on).findings
    }
