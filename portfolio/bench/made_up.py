"""One made-up project as rows of tables and as the state document that the trail would keep of it.

Writing 100,000 projects through the acts takes most of an hour, so a measuring portfolio is made as
plain rows with their keys given beforehand. A test loads what was made and compares it with what an
act would have written.
"""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from portfolio.notation.days import Precision
from portfolio.office.trail import State
from portfolio.register.capital import CapitalKind, CapitalVersion
from portfolio.register.investor import Investor, InvestorRole, ProjectInvestor
from portfolio.register.land import Parcel
from portfolio.register.marks import DelayMark, Verdict
from portfolio.register.papers import ActKind, LegalAct
from portfolio.register.phases import (
    Milestone,
    MilestoneKind,
    Pause,
    PauseStatus,
    Phase,
    ScheduleKind,
    ScheduleVersion,
    Side,
    Target,
)
from portfolio.register.place import Unit
from portfolio.register.progress import (
    ProgressReport,
    ReportForecast,
    ReportKind,
    ReportStatus,
)
from portfolio.register.project import Listing, Project, ProjectPlace, Stage
from portfolio.register.sector import Sector
from portfolio.register.state import plain
from portfolio.register.zone import Zone

KINDS: Final = {
    "Thủy điện": 7,
    "Nhà máy": 3,
    "Khu du lịch": 2,
    "Khu đô thị": 2,
    "Trang trại": 2,
    "Chợ": 1,
    "Bệnh viện": 1,
    "Kho": 1,
}
"""What projects are, each with its share: the first is so common that a search finds thousands."""

NAMES: Final = (
    "Đăk Bla",
    "Măng Đen",
    "Bờ Y",
    "Ngọc Linh",
    "Sao Mai",
    "Đại Hưng",
    "Phượng Hoàng",
    "Thuận An",
)
_STAGES: Final = (
    (Listing.SOLICITED, Stage.CALLING),
    (Listing.REGISTERED, Stage.SURVEYING),
    (Listing.LICENSED, Stage.PREPARING),
    (Listing.LICENSED, Stage.IMPLEMENTING),
    (Listing.LICENSED, Stage.OPERATING),
)
_FIRST_APPROVAL: Final = date(2010, 1, 1)
_LAST_QUARTER: Final = 2026 * 4 + 2
"""The third quarter of 2026, counted from the year 0."""

TABLES: Final[tuple[type[Any], ...]] = (
    Project,
    ProjectPlace,
    ProjectInvestor,
    LegalAct,
    CapitalVersion,
    Phase,
    Milestone,
    ScheduleVersion,
    Target,
    Parcel,
    Pause,
    ProgressReport,
    ReportForecast,
    DelayMark,
)
"""The tables that are filled, in an order in which no row refers to a later one."""


@dataclass(frozen=True)
class Kind:
    """A kind of portfolio: how its stages are shared out, and what a licensed project has.

    `dated` is the share of licensed projects with a schedule.
    """

    stage_shares: tuple[int, ...]
    dated: float
    phases: tuple[int, ...]
    milestones: tuple[tuple[MilestoneKind, int], ...]
    """The milestones of a phase, each with the part of the way to its end: 3 is a third."""
    reports: int


MIXED: Final = Kind(
    stage_shares=(40, 10, 15, 20, 15),
    dated=0.8,
    phases=(1, 2),
    milestones=((MilestoneKind.START, 3), (MilestoneKind.OPERATION, 1)),
    reports=2,
)
"""For lists: some of everything."""

LICENSED: Final = Kind(
    stage_shares=(0, 0, 30, 50, 20),
    dated=1,
    phases=(2,),
    milestones=(
        (MilestoneKind.START, 3),
        (MilestoneKind.COMPLETION, 2),
        (MilestoneKind.OPERATION, 1),
    ),
    reports=10,
)
"""For the law of delay: six milestones and ten reports each."""


@dataclass
class World:
    """What made-up projects refer to, and what kind of portfolio they shall be."""

    units: list[Unit]
    zones: list[Zone]
    sectors: list[Sector]
    investors: list[Investor]
    kind: Kind = MIXED


class Batch:
    """Rows of some projects, by table, numbered on from the last keys in the database."""

    def __init__(self, last_ids: dict[type[Any], int]) -> None:
        self.last_ids = last_ids
        self.rows: defaultdict[type[Any], list[dict[str, Any]]] = defaultdict(list)
        self.states: list[State] = []

    def add(self, model: type[Any], owner: dict[str, int], **values: Any) -> State:
        """Put down a row of a part; returns what a state document shows of it."""
        key = self.last_ids[model] = self.last_ids[model] + 1
        self.rows[model].append({"id": key} | values | owner)
        return {"id": key} | {
            name: plain(value) for name, value in values.items() if value is not None
        }


def make_project(batch: Batch, number: int, world: World) -> None:
    """Put down a project: the same number gives the same one in the same world."""
    dice = random.Random(number)  # noqa: S311  repeatable, not secret
    listing, stage = dice.choices(_STAGES, world.kind.stage_shares)[0]
    licensed = listing is Listing.LICENSED
    zone = dice.choice(world.zones) if dice.random() < 0.7 else None  # noqa: PLR2004
    sector = dice.choice(world.sectors)
    operating_end = date(2026 + dice.randrange(50), dice.randrange(1, 13), 28) if licensed else None
    (kind,) = dice.choices(list(KINDS), list(KINDS.values()))
    name = f"{kind} {dice.choice(NAMES)} (dự án thử số {number})"
    state = batch.add(
        Project,
        {"version": 1},
        code=f"KT-{number:04}",
        certificate_no=f"9{number:09}" if licensed else None,
        name=name,
        objective=f"{name} được tạo ra để đo tốc độ, không có thật. " * 3,
        address="Thôn 1, nơi dự án thử được đặt",
        listing=listing,
        stage=stage,
        zone_id=zone.id if zone else None,
        sector_id=sector.id,
        area_asked_ha=Decimal(dice.randrange(10, 90000)) / 100,
        operating_end=operating_end,
        pending_adjustment=False,
        public_source=False,
    )
    owner = {"project_id": state["id"]}
    if zone:
        state["zone"] = _named(zone)
    state["sector"] = _named(sector)
    state["places"] = [_place(batch, owner, dice.choice(world.units))]
    state["capital"] = [_capital(batch, owner, _amount(dice))]
    if listing is not Listing.SOLICITED:
        state["investors"] = [_investor(batch, owner, dice.choice(world.investors))]
    if licensed:
        approved = _FIRST_APPROVAL + timedelta(days=dice.randrange(5800))
        _license(batch, owner, state, world.kind, approved, dice)
    batch.states.append(state)


def _named(row: Zone | Sector) -> State:
    return {"key": row.key, "name": row.name, "name_en": row.name_en}


def _place(batch: Batch, owner: dict[str, int], unit: Unit) -> State:
    state = batch.add(ProjectPlace, owner, unit_id=unit.id, principal=True)
    return state | {"code": unit.code, "name": unit.name, "level": unit.level.value}


def _investor(batch: Batch, owner: dict[str, int], who: Investor) -> State:
    state = batch.add(ProjectInvestor, owner, investor_id=who.id, role=InvestorRole.LEAD)
    return state | {"name": who.name, "country": who.country}


def _amount(dice: random.Random) -> Decimal:
    # 1 to 150 billion: the sum of a million of them still fits SQLite's whole numbers of hundredths.
    return Decimal(dice.randrange(10, 1500)) * 10**8


def _capital(batch: Batch, owner: dict[str, int], amount: Decimal) -> State:
    return batch.add(
        CapitalVersion,
        owner,
        kind=CapitalKind.REGISTERED,
        on_precision=Precision.DAY,
        amount=amount,
        currency="VND",
        vnd_amount=amount,
    )


def _license(
    batch: Batch,
    owner: dict[str, int],
    state: State,
    kind: Kind,
    approved: date,
    dice: random.Random,
) -> None:
    """A policy approval; for most a schedule and reports, for some land, a pause, a delay mark."""
    state["acts"] = [_act(batch, owner, ActKind.POLICY_APPROVAL, approved, state["code"])]
    done = state["stage"] == Stage.OPERATING
    if dice.random() < kind.dated:
        _promise(batch, owner, state, kind, approved, dice)
        if dice.random() < 0.5:  # noqa: PLR2004
            handed_over = approved + timedelta(days=dice.randrange(30, 700))
            used = handed_over + timedelta(days=200) if done or dice.random() < 0.6 else None  # noqa: PLR2004
            state["parcels"] = [_parcel(batch, owner, handed_over, used)]
        if dice.random() < 0.1:  # noqa: PLR2004
            state["pauses"] = [_pause(batch, owner, approved + timedelta(days=300))]
        state["reports"] = _reports(batch, owner, state, kind.reports, dice)
        if dice.random() < 0.05:  # noqa: PLR2004
            state["marks"] = [_mark(batch, owner, dice)]


def _act(batch: Batch, owner: dict[str, int], kind: ActKind, on: date, number: str) -> State:
    return batch.add(
        LegalAct,
        owner,
        kind=kind,
        number=number,
        sign="QĐ-UBND",
        issued_on=on,
        issued_precision=Precision.DAY,
    )


def _promise(
    batch: Batch,
    owner: dict[str, int],
    state: State,
    kind: Kind,
    approved: date,
    dice: random.Random,
) -> None:
    done = state["stage"] == Stage.OPERATING
    first = state["acts"][0]
    versions = [_version(batch, owner, 1, ScheduleKind.IPA, approved, first["id"])]
    extended = timedelta(days=dice.randrange(200, 720)) if dice.random() < 0.3 else None  # noqa: PLR2004
    if extended:
        on = approved + timedelta(days=400)
        state["acts"].append(_act(batch, owner, ActKind.ADJUSTMENT, on, f"{state['code']}/2"))
        version = (2, ScheduleKind.ADJUSTED, on, state["acts"][1]["id"])
        versions.append(_version(batch, owner, *version))
    state["schedules"] = versions
    state["phases"] = []
    for number in range(1, dice.choice(kind.phases) + 1):
        end = approved + timedelta(days=dice.randrange(500, 1800))
        phase = batch.add(
            Phase,
            owner,
            number=number,
            name=f"Giai đoạn {number}",
            completed_on=end if done else None,
        )
        phase["milestones"] = []
        for what, share in kind.milestones:
            day = approved + (end - approved) / share
            met = day if done or (share > 1 and dice.random() < 0.5) else None  # noqa: PLR2004
            milestone = batch.add(Milestone, {"phase_id": phase["id"]}, kind=what, met_on=met)
            days = [day, day + extended] if extended else [day]
            milestone["targets"] = [
                _target(batch, milestone, version, on)
                for version, on in zip(versions, days, strict=True)
            ]
            phase["milestones"].append(milestone)
        state["phases"].append(phase)


def _version(
    batch: Batch, owner: dict[str, int], number: int, kind: ScheduleKind, on: date, act_id: int
) -> State:
    return batch.add(
        ScheduleVersion, owner, number=number, kind=kind, approved_on=on, act_id=act_id
    )


def _target(batch: Batch, milestone: State, version: State, on: date) -> State:
    state = batch.add(
        Target,
        {"milestone_id": milestone["id"]},
        schedule_version_id=version["id"],
        planned_on=on,
        precision=Precision.DAY,
    )
    return state | {"version": version["number"]}


def _parcel(batch: Batch, owner: dict[str, int], handed_over: date, used: date | None) -> State:
    state = batch.add(Parcel, owner, name="1", handed_over_on=handed_over, first_used_on=used)
    return state | {"intervals": []}


def _pause(batch: Batch, owner: dict[str, int], since: date) -> State:
    until = since + timedelta(days=99)
    return batch.add(
        Pause,
        owner,
        cause="a",
        side=Side.OBJECTIVE,
        since=since,
        until=until,
        paper="biên bản thử số 1",
        status=PauseStatus.ACCEPTED,
        claimed_by="số liệu thử",
        decided_by="số liệu thử",
        decided_at=datetime.combine(until, time(3), UTC),
    )


def _reports(
    batch: Batch, owner: dict[str, int], state: State, count: int, dice: random.Random
) -> list[State]:
    """So many quarters in a row, of which the last is up to two years old; most were accepted."""
    last = _LAST_QUARTER - dice.choice((0, 0, 0, 1, 3, 8))
    return [
        _report(batch, owner, state, quarter, dice) for quarter in range(last - count + 1, last + 1)
    ]


def _report(
    batch: Batch, owner: dict[str, int], state: State, quarter: int, dice: random.Random
) -> State:
    year, number = divmod(quarter, 4)
    following, month = divmod(quarter + 1, 4)
    came = date(following, 3 * month + 1, 1) + timedelta(days=dice.randrange(20))
    at = datetime.combine(came, time(3), UTC)
    accepted = dice.random() < 0.8  # noqa: PLR2004
    report = batch.add(
        ProgressReport,
        owner,
        kind=ReportKind.Q,
        period=f"{year}-Q{number + 1}",
        status=ReportStatus.ACCEPTED if accepted else ReportStatus.RECEIVED,
        received_on=came,
        received_at=at,
        through_link=dice.random() < 0.5,  # noqa: PLR2004
        filled_by="Người báo cáo thử",
        realised_total=Decimal(dice.randrange(1, 900)) * 10**8,
        physical_percent=Decimal(dice.randrange(100)),
        jobs_vietnamese=dice.randrange(300),
        causes=[],
        decided_on=came + timedelta(days=2) if accepted else None,
        decided_by="số liệu thử" if accepted else None,
    )
    still_open = [m for phase in state["phases"] for m in phase["milestones"] if "met_on" not in m]
    report["forecasts"] = [
        _forecast(batch, report, milestone, came + timedelta(days=dice.randrange(900)))
        for milestone in still_open
    ]
    return report


def _forecast(batch: Batch, report: State, milestone: State, on: date) -> State:
    state = batch.add(
        ReportForecast,
        {"milestone_id": milestone["id"]},
        report_id=report["id"],
        expected_on=on,
        precision=Precision.DAY,
    )
    return state | {"milestone": milestone["id"]}


def _mark(batch: Batch, owner: dict[str, int], dice: random.Random) -> State:
    adds = dice.random() < 0.3  # noqa: PLR2004
    return batch.add(
        DelayMark,
        owner,
        on=date(2026, 1, 5) + timedelta(days=dice.randrange(300)),
        verdict=Verdict.ADDS if adds else Verdict.CONFIRMS,
        severity="review" if adds else None,
        cause="investor_finance",
        side=Side.INVESTOR,
        marked_by="số liệu thử",
    )
