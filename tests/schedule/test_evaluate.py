"""Stored findings follow the law day by day, whoever looks and however often."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.bench.fill import fill
from portfolio.exchange.seed import load_seeds
from portfolio.office.trail import Origin, TrailEntry, record, unpack
from portfolio.register.figures import RegisterFigure, recount
from portfolio.register.land import IntervalKind, Parcel, ParcelInterval
from portfolio.register.line import LinePart, RegisterLine
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
from portfolio.register.project import Listing, Project, Stage
from portfolio.schedule import evaluate
from portfolio.schedule.evaluate import NoPolicy, evaluate_portfolio, judge, law_on
from portfolio.schedule.flag_keeping import NO_LONGER_TRUE, SUPERSEDED
from portfolio.schedule.flags import Flag, NextChange
from portfolio.schedule.policy import Evaluation, PolicyStatus, PolicyVersion
from tests.conftest import AT, CHECKOUT, ON

REAL = ("tanmai", "thuongkontum", "haglkho", "dakdrinh", "dangvinh", "bietthu_mangden", "pleikan",
        "kdt5_mangden", "gio_konplong", "duyenthinhphat", "deheus", "flc")  # fmt: skip
MADE_UP = 16
PROJECTS = len(REAL) + MADE_UP + 3
DAY = timedelta(days=1)

Says = tuple[str, str, str, bool, date | None, date | None]


def moment(on: date) -> datetime:
    """Ten in the morning of a day in the province."""
    return datetime.combine(on, time(3), UTC)


def run(db: Session, on: date, *, whole: bool = False) -> tuple[int, int, int]:
    count = evaluate_portfolio(db, on=on, at=moment(on), whole=whole)
    return count.projects, count.opened, count.closed


def stored(db: Session) -> dict[int, set[Says]]:
    """What open flags say, by project."""
    found: dict[int, set[Says]] = defaultdict(set)
    columns = (Flag.rule, Flag.scope, Flag.severity, Flag.held, Flag.since, Flag.deadline)
    for project_id, *says in db.execute(
        select(Flag.project_id, *columns).where(Flag.closed_on.is_(None))
    ):
        found[project_id].add(tuple(says))  # type: ignore[arg-type]
    return dict(found)


def true_on(db: Session, on: date) -> dict[int, set[Says]]:
    """What the law says of every project on a day, each judged anew."""
    law = law_on(db, on)
    entries = select(Project.id, TrailEntry.state).join(
        TrailEntry, TrailEntry.seq == Project.entry_seq
    )
    found = {}
    for project_id, state in db.execute(entries):
        says = {
            (one.rule, one.scope, one.severity, one.held, one.since, one.deadline)
            for one in judge(unpack(state), law, on).findings
        }
        if says:
            found[project_id] = says
    return found


def lines(db: Session, project_id: int) -> list[RegisterLine]:
    query = select(RegisterLine).where(RegisterLine.project_id == project_id)
    return list(db.scalars(query.order_by(RegisterLine.id)))


def late_flags(db: Session, project_id: int) -> list[Flag]:
    """The flags, open and closed, that say that the first phase is late."""
    query = select(Flag).where(
        Flag.project_id == project_id, Flag.rule == "INV-LATE", Flag.scope == "phase:1"
    )
    return list(db.scalars(query.order_by(Flag.id)))


def seeds(tmp_path: Path, *projects: str) -> Path:
    folder = tmp_path / "seeds"
    shutil.copytree(CHECKOUT / "seeds", folder, ignore=shutil.ignore_patterns("projects"))
    (folder / "projects").mkdir()
    for name in projects:
        shutil.copy(CHECKOUT / "seeds" / "projects" / f"{name}.yaml", folder / "projects")
    return folder


@pytest.fixture
def bare(db: Session, tmp_path: Path) -> Session:
    """Places, zones, sectors and the first policy, no project."""
    load_seeds(db, seeds(tmp_path), AT)
    db.commit()
    return db


@pytest.fixture
def mixed(db: Session, tmp_path: Path) -> Session:
    """Real projects with schedules, made-up ones, and three made by hand for what these lack."""
    load_seeds(db, seeds(tmp_path, *REAL), AT)
    fill(db, len(REAL) + MADE_UP, AT)
    for project in by_hand():
        db.add(project)
        record(db, project, "log_project", Origin(None, AT))
    db.commit()
    return db


def by_hand() -> Iterator[Project]:
    """Land with an extension; land that lay idle twice; a pause that is still open."""
    extended = promised("KT-9001", date(2022, 3, 1), date(2025, 9, 30))
    extended.parcels = [
        Parcel(
            name="1",
            handed_over_on=date(2022, 6, 1),
            schedule_end=date(2024, 6, 30),
            extension_decision="12/QĐ-THU",
            extension_from=date(2024, 10, 1),
            extension_to=date(2026, 9, 30),
        )
    ]
    yield extended
    idle = promised("KT-9002", date(2021, 5, 4), date(2026, 5, 4))
    idle.parcels = [
        Parcel(
            name="A",
            handed_over_on=date(2021, 7, 1),
            first_used_on=date(2022, 2, 1),
            intervals=[
                ParcelInterval(
                    kind=IntervalKind.INTERRUPTION, since=date(2025, 1, 10), until=date(2025, 8, 1)
                ),
                ParcelInterval(kind=IntervalKind.INTERRUPTION, since=date(2025, 11, 3)),
            ],
        )
    ]
    yield idle
    paused = promised("KT-9003", date(2020, 1, 15), date(2024, 12, 31))
    paused.pauses = [pause(date(2024, 7, 1), None)]
    yield paused


def promised(code: str, approved: date, end: date) -> Project:
    version = ScheduleVersion(number=1, kind=ScheduleKind.IPA, approved_on=approved)
    operation = Milestone(
        kind=MilestoneKind.OPERATION, targets=[Target(schedule_version=version, planned_on=end)]
    )
    return Project(
        code=code,
        name=f"Dự án {code}",
        listing=Listing.LICENSED,
        stage=Stage.IMPLEMENTING,
        version=0,
        acts=[LegalAct(kind=ActKind.POLICY_APPROVAL, number=code, issued_on=approved)],
        schedules=[version],
        phases=[Phase(number=1, milestones=[operation])],
    )


def pause(since: date, until: date | None) -> Pause:
    return Pause(
        cause="a",
        side=Side.OBJECTIVE,
        since=since,
        until=until,
        paper="1/BB-THU",
        status=PauseStatus.ACCEPTED,
        claimed_by="thử",
        decided_by="thử",
        decided_at=AT,
    )


def log(db: Session, project: Project, on: date) -> int:
    """Log a project on a day; returns its key."""
    db.add(project)
    record(db, project, "log_project", Origin(None, moment(on)))
    db.commit()
    return project.id


# The same however it is run -------------------------------------------------------------------


def test_a_second_run_on_the_same_day_changes_nothing(mixed: Session) -> None:
    projects, opened, _closed = run(mixed, ON, whole=True)
    assert projects == PROJECTS
    assert opened > projects / 2
    before = stored(mixed), mixed.scalar(select(func.count()).select_from(Flag))
    assert run(mixed, ON, whole=True) == (projects, 0, 0)
    assert run(mixed, ON) == (0, 0, 0)
    assert (stored(mixed), mixed.scalar(select(func.count()).select_from(Flag))) == before


@pytest.mark.parametrize(
    ("first", "last", "stride"),
    [(date(2024, 7, 1), date(2027, 6, 30), 1), (date(2016, 1, 4), date(2031, 1, 1), 31)],
    ids=["day by day", "month by month"],
)
def test_runs_of_what_is_due_store_what_a_whole_run_would(
    mixed: Session, first: date, last: date, stride: int
) -> None:
    run(mixed, first, whole=True)
    on, looked_at, changed = first, 0, 0
    while on <= last:
        projects, opened, closed = run(mixed, on)
        looked_at, changed = looked_at + projects, changed + opened + closed
        assert stored(mixed) == true_on(mixed, on), on
        on += timedelta(days=stride)
    assert changed > 30
    # Far fewer than every project every time.
    assert looked_at < PROJECTS * ((last - first).days / stride) / 4
    assert run(mixed, on - timedelta(days=stride), whole=True)[1:] == (0, 0)


def test_a_run_for_an_earlier_day_judges_that_day(mixed: Session) -> None:
    run(mixed, ON)
    earlier = ON - timedelta(days=900)
    run(mixed, earlier)
    assert stored(mixed) == true_on(mixed, earlier)
    run(mixed, ON)
    assert stored(mixed) == true_on(mixed, ON)


def test_pages_make_no_difference(mixed: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "PAGE", 7)
    assert run(mixed, ON, whole=True)[0] == PROJECTS
    assert stored(mixed) == true_on(mixed, ON)
    assert run(mixed, ON, whole=True)[1:] == (0, 0)


def test_each_run_is_written_down(mixed: Session) -> None:
    projects, opened, closed = run(mixed, ON, whole=True)
    done = mixed.scalars(select(Evaluation)).one()
    assert (done.on, done.whole) == (ON, True)
    assert (done.projects, done.opened, done.closed) == (projects, opened, closed)


def test_without_a_policy_nothing_is_judged(db: Session) -> None:
    with pytest.raises(NoPolicy):
        run(db, ON)


# Flags ----------------------------------------------------------------------------------------


def test_a_flag_is_closed_when_it_is_no_longer_true(bare: Session) -> None:
    key = log(bare, promised("KT-0001", date(2022, 1, 5), date(2026, 6, 30)), date(2026, 7, 1))
    run(bare, date(2026, 7, 1))
    (late,) = late_flags(bare, key)
    assert (late.since, late.deadline, late.opened_on) == (
        date(2026, 7, 1), date(2026, 6, 30), date(2026, 7, 1),
    )  # fmt: skip
    project = bare.get_one(Project, key)
    project.phases[0].completed_on = date(2026, 8, 1)
    record(bare, project, "correct_phase", Origin(None, moment(date(2026, 8, 3))))
    bare.commit()
    run(bare, date(2026, 8, 3))
    bare.expire_all()
    (late,) = late_flags(bare, key)
    assert (late.closed_on, late.closed_why) == (date(2026, 8, 3), NO_LONGER_TRUE)


def test_a_pause_supersedes_a_flag_and_its_end_opens_another(bare: Session) -> None:
    key = log(bare, promised("KT-0001", date(2022, 1, 5), date(2026, 6, 30)), date(2026, 7, 1))
    run(bare, date(2026, 7, 1))
    project = bare.get_one(Project, key)
    project.pauses.append(pause(date(2026, 6, 1), date(2026, 6, 10)))
    record(bare, project, "accept_pause", Origin(None, moment(date(2026, 7, 20))))
    bare.commit()
    run(bare, date(2026, 7, 20))
    bare.expire_all()
    first, second = late_flags(bare, key)
    assert (first.closed_on, first.closed_why) == (date(2026, 7, 20), SUPERSEDED)
    assert (second.since, second.deadline, second.closed_on) == (
        date(2026, 7, 11), date(2026, 7, 10), None,
    )  # fmt: skip
    project = bare.get_one(Project, key)
    project.pauses[0].status = PauseStatus.REJECTED
    record(bare, project, "reject_pause", Origin(None, moment(date(2026, 7, 25))))
    bare.commit()
    run(bare, date(2026, 7, 25))
    bare.expire_all()
    third = late_flags(bare, key)[-1]
    assert (third.since, third.deadline, third.closed_on) == (
        date(2026, 7, 1), date(2026, 6, 30), None,
    )  # fmt: skip
    assert [flag.closed_why for flag in late_flags(bare, key)] == [
        SUPERSEDED, SUPERSEDED, None,
    ]  # fmt: skip


def test_a_flag_that_was_closed_opens_again_as_another(bare: Session) -> None:
    key = log(bare, promised("KT-0001", date(2022, 1, 5), date(2026, 6, 30)), date(2026, 7, 1))
    for day, completed in ((2, date(2026, 6, 1)), (3, None)):
        project = bare.get_one(Project, key)
        project.phases[0].completed_on = completed
        record(bare, project, "correct_phase", Origin(None, moment(date(2026, 7, day))))
        bare.commit()
        run(bare, date(2026, 7, day))
    bare.expire_all()
    first, second = late_flags(bare, key)
    assert (first.closed_why, second.closed_why) == (NO_LONGER_TRUE, None)
    assert second.opened_on == date(2026, 7, 3)
    assert second.since == date(2026, 7, 1)


def test_a_new_policy_supersedes_every_flag(mixed: Session) -> None:
    run(mixed, ON)
    before = stored(mixed)
    document = yaml.safe_load((CHECKOUT / "seeds/policy/1.yaml").read_text(encoding="utf-8"))
    adopted = PolicyVersion(
        number=2,
        status=PolicyStatus.ADOPTED,
        adopted_on=ON + DAY,
        document=document | {"version": 2},
    )
    mixed.add(adopted)
    record(mixed, adopted, "load_seeds", Origin(None, AT))
    second = adopted.id
    mixed.commit()
    assert run(mixed, ON) == (0, 0, 0)
    projects, opened, closed = run(mixed, ON + DAY)
    assert projects == PROJECTS
    assert opened >= closed == sum(map(len, before.values()))
    open_flags = mixed.scalars(select(Flag).where(Flag.closed_on.is_(None)))
    assert {flag.policy_id for flag in open_flags} == {second}
    assert set(mixed.scalars(select(NextChange.policy_id))) == {second}


def test_a_flag_tells_the_facts_it_was_made_from(bare: Session) -> None:
    key = log(bare, promised("KT-0001", date(2022, 1, 5), date(2026, 6, 30)), date(2026, 7, 1))
    run(bare, date(2026, 7, 1))
    (late,) = late_flags(bare, key)
    assert ["planned_end", "2026-06-30", "phases[0].schedules[0].end"] in late.inputs
    assert late.entry_seq == bare.get_one(Project, key).entry_seq


# Lines ----------------------------------------------------------------------------------------


def test_a_line_of_the_same_day_is_changed_in_place(bare: Session) -> None:
    fill(bare, 12, moment(ON))
    run(bare, ON)
    licensed = select(Project.id).where(Project.listing == Listing.LICENSED)
    for key in bare.scalars(licensed):
        (line,) = lines(bare, key)
        assert line.until is None
        parts = select(LinePart.ref).where(LinePart.line_id == line.id, LinePart.kind == "flag")
        assert set(bare.scalars(parts)) == {rule for rule, *_ in stored(bare).get(key, ())}


def test_a_line_of_an_earlier_day_is_closed_and_keeps_what_was_shown(bare: Session) -> None:
    before = date(2026, 6, 29)
    key = log(bare, promised("KT-0001", date(2022, 1, 5), date(2026, 6, 30)), before)
    run(bare, before)
    run(bare, date(2026, 6, 30))
    assert len(lines(bare, key)) == 1
    run(bare, date(2026, 7, 1))
    old, new = lines(bare, key)
    assert (old.schedule_state, old.until) == ("on_time", moment(date(2026, 7, 1)))
    assert (new.schedule_state, new.since, new.until) == ("late", old.until, None)
    # The facts did not change, only what follows from them.
    assert (new.entry_seq, new.changed_at) == (old.entry_seq, old.changed_at)
    parts = select(LinePart.line_id).where(LinePart.kind == "flag", LinePart.ref == "INV-LATE")
    assert list(bare.scalars(parts)) == [new.id]


def test_figures_follow(mixed: Session) -> None:
    for on in (date(2025, 3, 1), date(2026, 3, 1), ON):
        run(mixed, on)
    kept = {row[:3]: row[3:] for row in map(tuple, mixed.execute(select(RegisterFigure.__table__)))}
    recount(mixed)
    mixed.commit()
    mixed.expire_all()
    counted = {
        row[:3]: row[3:] for row in map(tuple, mixed.execute(select(RegisterFigure.__table__)))
    }
    assert {place: row for place, row in kept.items() if any(row)} == counted


def test_what_promised_nothing_has_no_state(bare: Session) -> None:
    fill(bare, 30, AT)
    run(bare, ON)
    states = select(RegisterLine.listing, RegisterLine.schedule_state).where(
        RegisterLine.until.is_(None)
    )
    found = defaultdict(set)
    for listing, state in bare.execute(states):
        found[listing].add(state)
    assert found["solicited"] == found["registered"] == {"none"}
    assert "none" not in found["licensed"]


# What cannot be judged ------------------------------------------------------------------------


def test_a_project_whose_dates_contradict_each_other_is_named_and_the_others_go_on(
    bare: Session,
) -> None:
    good = promised("KT-0001", date(2022, 1, 5), date(2026, 6, 30))
    bad = promised("KT-0002", date(2022, 1, 5), date(2026, 6, 30))
    bad.operating_end = date(2020, 1, 1)
    last = promised("KT-0003", date(2022, 1, 5), date(2026, 6, 30))
    keys = [log(bare, project, ON - DAY) for project in (good, bad, last)]
    count = evaluate_portfolio(bare, on=ON, at=moment(ON), whole=True)
    assert count.refused == [
        ("KT-0002", "operating_end: 2020-01-01 is before first_approved_on 2022-01-05")
    ]
    assert [bool(late_flags(bare, key)) for key in keys] == [True, False, True]
    assert [line.schedule_state for line in lines(bare, keys[1])] == ["none"]
    # It stays due until somebody puts the dates right.
    again = evaluate_portfolio(bare, on=ON, at=moment(ON))
    assert (again.projects, len(again.refused)) == (1, 1)


def test_what_a_run_that_was_cut_off_did_not_reach_is_due(
    mixed: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluate, "PAGE", 10)
    kept, pages = evaluate.keep_flags, iter(range(9))

    def fail(*arguments) -> tuple[int, int]:
        if next(pages):
            raise ConnectionError
        return kept(*arguments)

    monkeypatch.setattr(evaluate, "keep_flags", fail)
    with pytest.raises(ConnectionError):
        run(mixed, ON)
    mixed.rollback()
    monkeypatch.setattr(evaluate, "keep_flags", kept)
    # Logged projects were judged by their acts, the made-up ones are due.
    assert run(mixed, ON)[0] == MADE_UP - 10
    assert stored(mixed) == true_on(mixed, ON)
