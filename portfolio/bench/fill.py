"""A made-up portfolio for measuring: the same number gives the same projects, always.

Every name says that it is made up. It needs the seeds' places, zones and sectors, and refuses to
run beside projects that people entered.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.fold import fold
from portfolio.office.trail import Origin, TrailEntry, record_all
from portfolio.register.capital import CapitalKind, CapitalVersion
from portfolio.register.investor import Investor, InvestorRole, ProjectInvestor
from portfolio.register.land import Parcel
from portfolio.register.papers import ActKind, LegalAct
from portfolio.register.phases import (
    Milestone,
    MilestoneKind,
    Phase,
    ScheduleKind,
    ScheduleVersion,
    Target,
)
from portfolio.register.place import Unit, UnitLevel
from portfolio.register.project import Listing, Project, ProjectPlace, Stage
from portfolio.register.sector import Sector
from portfolio.register.zone import Zone
from portfolio.web.errors import Conflict

ACT = "fill_for_measuring"
BATCH = 500
KINDS = (
    "Nhà máy",
    "Khu du lịch",
    "Thủy điện",
    "Khu đô thị",
    "Trang trại",
    "Chợ",
    "Bệnh viện",
    "Kho",
)
NAMES = (
    "Đăk Bla",
    "Măng Đen",
    "Bờ Y",
    "Ngọc Linh",
    "Sao Mai",
    "Đại Hưng",
    "Phượng Hoàng",
    "Thuận An",
)
STAGES = (
    (Listing.SOLICITED, Stage.CALLING, 40),
    (Listing.REGISTERED, Stage.SURVEYING, 10),
    (Listing.LICENSED, Stage.PREPARING, 15),
    (Listing.LICENSED, Stage.IMPLEMENTING, 20),
    (Listing.LICENSED, Stage.OPERATING, 15),
)


class HoldsRealData(Conflict):
    """Made-up projects would stand beside projects that people entered."""

    message = N_("The database holds projects that people entered; measure on a scratch database.")


@dataclass
class _World:
    units: list[Unit]
    zones: list[Zone]
    sectors: list[Sector]
    investors: list[Investor]


def fill(session: Session, count: int, at: datetime) -> int:
    """Bring the portfolio to ``count`` projects; commits batch by batch. Returns how many were made."""
    entered = select(TrailEntry.seq).where(
        TrailEntry.subject_kind == "project", TrailEntry.act.not_in([ACT, "load_seeds"])
    )
    if session.scalar(entered.limit(1)) is not None:
        raise HoldsRealData
    there = session.scalar(select(func.count()).select_from(Project)) or 0
    origin = Origin(None, at, "số liệu tạo ra để đo tốc độ")
    for first in range(there + 1, count + 1, BATCH):
        numbers = range(first, min(first + BATCH, count + 1))
        world = _world(session, origin)
        projects = list(_projects(numbers, world))
        session.add_all(projects)
        session.flush()
        record_all(session, projects, ACT, origin)
        session.commit()
        session.expunge_all()
    return max(0, count - there)


def _world(session: Session, origin: Origin) -> _World:
    communes = select(Unit).where(Unit.level == UnitLevel.COMMUNE).order_by(Unit.id)
    made = select(Investor).where(Investor.country == "ZZ").order_by(Investor.id)
    investors = list(session.scalars(made))
    if not investors:
        names = [f"Công ty thử {number:03} {NAMES[number % len(NAMES)]}" for number in range(400)]
        investors = [Investor(name=name, folded=fold(name), country="ZZ") for name in names]
        session.add_all(investors)
        session.flush()
        record_all(session, investors, ACT, origin)
    return _World(
        list(session.scalars(communes)),
        list(session.scalars(select(Zone).order_by(Zone.id))),
        list(session.scalars(select(Sector).order_by(Sector.id))),
        investors,
    )


def _projects(numbers: range, world: _World) -> Iterator[Project]:
    for number in numbers:
        yield _project(number, random.Random(number), world)  # noqa: S311  repeatable, not secret


def _project(number: int, dice: random.Random, world: _World) -> Project:
    listing, stage = dice.choices(
        [(listing, stage) for listing, stage, _share in STAGES], [share for *_x, share in STAGES]
    )[0]
    amount = Decimal(dice.randrange(5, 9000)) * 10**9
    project = Project(
        code=f"KT-{number:04}",
        name=f"{dice.choice(KINDS)} {dice.choice(NAMES)} (dự án thử số {number})",
        objective="Dự án tạo ra để đo tốc độ, không có thật.",
        listing=listing,
        stage=stage,
        zone=dice.choice(world.zones) if dice.random() < 0.7 else None,  # noqa: PLR2004
        sector=dice.choice(world.sectors),
        area_asked_ha=Decimal(dice.randrange(10, 90000)) / 100,
        places=[ProjectPlace(unit=dice.choice(world.units), principal=True)],
        capital=[CapitalVersion(kind=CapitalKind.REGISTERED, amount=amount, vnd_amount=amount)],
        version=0,
    )
    if listing is not Listing.SOLICITED:
        project.investors = [
            ProjectInvestor(investor=dice.choice(world.investors), role=InvestorRole.LEAD)
        ]
    if listing is Listing.LICENSED:
        _license(project, dice)
    return project


def _license(project: Project, dice: random.Random) -> None:
    approved = date(2010, 1, 1) + timedelta(days=dice.randrange(5800))
    project.acts = [LegalAct(kind=ActKind.POLICY_APPROVAL, issued_on=approved, number=project.code)]
    if dice.random() < 0.2:  # noqa: PLR2004
        return
    versions = [ScheduleVersion(number=1, kind=ScheduleKind.IPA, approved_on=approved)]
    done = project.stage is Stage.OPERATING
    for number in range(1, dice.choice((2, 3))):
        end = approved + timedelta(days=dice.randrange(500, 1800))
        phase = Phase(number=number, completed_on=end if done else None)
        for kind, share in ((MilestoneKind.START, 3), (MilestoneKind.OPERATION, 1)):
            day = approved + (end - approved) / share
            target = Target(schedule_version=versions[0], planned_on=day)
            met = day if done or (share > 1 and dice.random() < 0.5) else None  # noqa: PLR2004
            phase.milestones.append(Milestone(kind=kind, met_on=met, targets=[target]))
        project.phases.append(phase)
    project.schedules = versions
    if dice.random() < 0.5:  # noqa: PLR2004
        handed_over = approved + timedelta(days=dice.randrange(30, 700))
        used = handed_over + timedelta(days=200) if done or dice.random() < 0.6 else None  # noqa: PLR2004
        project.parcels = [Parcel(name="1", handed_over_on=handed_over, first_used_on=used)]
