"""Ten years of a portfolio: projects, and every kind of thing that happens to them, with its day.

Changes are made to the rows themselves and closed by an entry in the trail, as acts do it: what forms
and acts would refuse (a pause dated ahead, a handover entered early) must not confuse the nights either.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office.trail import Origin, record
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.acts.projects import move_project
from portfolio.register.capital import CapitalKind, CapitalVersion, Deposit
from portfolio.register.circumstances import Circumstance, CircumstanceKind
from portfolio.register.land import IntervalKind, Parcel, ParcelInterval
from portfolio.register.marks import DelayMark, Verdict
from portfolio.register.papers import ActKind
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
from portfolio.register.progress import ProgressReport, ReportForecast, ReportKind, ReportStatus
from portfolio.register.project import Happening, HappeningKind, Listing, Project, Stage
from tests.conftest import AT
from tests.schedule.test_evaluate import moment

FIRST, LAST = date(2019, 1, 1), date(2028, 12, 31)

Change = Callable[[Session, Project, date], None]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def dated(values: dict[str, Any]) -> dict[str, Any]:
    """The same with days for texts of the form 2024-02-29."""
    return {
        name: date.fromisoformat(value) if isinstance(value, str) and value[4:5] == "-" else value
        for name, value in values.items()
    }


def put(row: Any, values: dict[str, Any]) -> None:
    for name, value in dated(values).items():
        setattr(row, name, value)


# Changes --------------------------------------------------------------------------------------


def facts(**values: Any) -> Change:
    return lambda _db, project, _on: put(project, values)


def move(listing: str, stage: str) -> Change:
    def change(db: Session, project: Project, on: date) -> None:
        origin = Origin(None, moment(on), "theo hồ sơ")
        move_project(
            db, project, listing=Listing(listing), stage=Stage(stage), on=on, origin=origin
        )

    return change


def paper(kind: str, issued_on: str | None = None) -> Change:
    """A legal act; one that suspends or ends the project moves its stage."""

    def change(db: Session, project: Project, on: date) -> None:
        number = f"{len(project.acts) + 1}/{project.code}"
        issued = day(issued_on) or on
        add_act(
            db,
            project,
            Paper(kind=ActKind(kind), number=number, issued_on=issued),
            Origin(None, moment(on)),
        )

    return change


def promise(kind: str, approved_on: str | None, days: dict[str, str]) -> Change:
    """A version of the schedule; days by phase and milestone, such as `1/operation`."""

    def change(_db: Session, project: Project, _on: date) -> None:
        version = ScheduleVersion(
            number=len(project.schedules) + 1,
            kind=ScheduleKind(kind),
            approved_on=day(approved_on),
        )
        project.schedules.append(version)
        for place, planned in days.items():
            milestone = _milestone(project, place)
            milestone.targets.append(
                Target(schedule_version=version, planned_on=date.fromisoformat(planned))
            )

    return change


def _milestone(project: Project, place: str) -> Milestone:
    number, _, kind = place.partition("/")
    phase = next((one for one in project.phases if one.number == int(number)), None)
    if phase is None:
        phase = Phase(number=int(number))
        project.phases.append(phase)
    found = next((one for one in phase.milestones if one.kind == kind), None)
    if found is None:
        found = Milestone(kind=MilestoneKind(kind))
        phase.milestones.append(found)
    return found


def milestone(place: str, **values: Any) -> Change:
    return lambda _db, project, _on: put(_milestone(project, place), values)


def phase(number: int, **values: Any) -> Change:
    def change(_db: Session, project: Project, _on: date) -> None:
        put(next(one for one in project.phases if one.number == number), values)

    return change


def pause(since: str, until: str | None, cause: str = "b", status: str = "claimed") -> Change:
    def change(_db: Session, project: Project, _on: date) -> None:
        decided = {} if status == "claimed" else {"decided_by": "thử", "decided_at": AT}
        row = {"cause": cause, "side": Side.STATE, "since": since, "until": until}
        project.pauses.append(
            Pause(
                **dated(row),
                paper="1/BB",
                status=PauseStatus(status),
                claimed_by="thử",
                **decided,
            )
        )

    return change


def judge(number: int, status: str) -> Change:
    """Accept or reject the pause with that place in the order of entry."""

    def change(_db: Session, project: Project, _on: date) -> None:
        put(
            sorted(project.pauses, key=lambda one: one.id)[number],
            {"status": PauseStatus(status), "decided_by": "thử", "decided_at": AT},
        )

    return change


def end_pause(number: int, until: str) -> Change:
    return lambda _db, project, _on: put(
        sorted(project.pauses, key=lambda one: one.id)[number], {"until": until}
    )


def _parcel(project: Project, name: str) -> Parcel:
    found = next((one for one in project.parcels if one.name == name), None)
    if found is None:
        found = Parcel(name=name)
        project.parcels.append(found)
    return found


def parcel(name: str, **values: Any) -> Change:
    return lambda _db, project, _on: put(_parcel(project, name), values)


def recover(name: str, ground: str) -> Change:
    """The land is recovered on the day of the change, by a decision of that day."""

    def change(db: Session, project: Project, on: date) -> None:
        paper("land_recovery")(db, project, on)
        act = max(project.acts, key=lambda one: one.id)
        values = {"recovered_on": on, "recovery_ground": ground, "recovery_act_id": act.id}
        put(_parcel(project, name), values)

    return change


def interval(name: str, kind: str, since: str, until: str | None = None) -> Change:
    def change(_db: Session, project: Project, _on: date) -> None:
        row = dated({"since": since, "until": until})
        _parcel(project, name).intervals.append(ParcelInterval(kind=IntervalKind(kind), **row))

    return change


def end_interval(name: str, until: str) -> Change:
    def change(_db: Session, project: Project, _on: date) -> None:
        put(
            next(one for one in _parcel(project, name).intervals if not one.until), {"until": until}
        )

    return change


def circumstance(kind: str, on: str, **values: Any) -> Change:
    def change(_db: Session, project: Project, _on: date) -> None:
        row = Circumstance(kind=CircumstanceKind(kind), text="theo biên bản")
        put(row, {"on": on, **values})
        project.circumstances.append(row)

    return change


def end_stop(until: str) -> Change:
    def change(_db: Session, project: Project, _on: date) -> None:
        stops = [one for one in project.circumstances if one.kind == "investor_stop"]
        put(stops[-1], {"until": until})

    return change


def report(kind: str, period: str, status: str, expects: str | None = None) -> Change:
    """A report comes in, or what became of it changes; it may forecast the phase's operation."""

    def change(_db: Session, project: Project, on: date) -> None:
        row = next(
            (one for one in project.reports if (one.kind, one.period) == (kind, period)), None
        )
        if row is None:
            row = ProgressReport(kind=ReportKind(kind), period=period, received_on=on)
            project.reports.append(row)
        row.status = ReportStatus(status)
        if status != "received":
            put(row, {"decided_on": on, "decided_by": "thử", "decided_why": "theo công văn"})
        if expects:
            operation = _milestone(project, "1/operation")
            row.forecasts.append(
                ReportForecast(milestone_id=operation.id, expected_on=date.fromisoformat(expects))
            )
            put(operation, {"forecast_on": expects, "last_reviewed_on": on})

    return change


def mark(verdict: str, cause: str, on: str | None = None, severity: str | None = None) -> Change:
    def change(_db: Session, project: Project, today: date) -> None:
        project.marks.append(
            DelayMark(
                on=day(on) or today,
                verdict=Verdict(verdict),
                severity=severity,
                cause=cause,
                side=Side.INVESTOR,
                marked_by="thử",
            )
        )

    return change


def withdraw(number: int) -> Change:
    def change(_db: Session, project: Project, on: date) -> None:
        row = sorted(project.marks, key=lambda one: one.id)[number]
        put(row, {"withdrawn_on": on, "withdrawn_why": "nhầm dự án"})

    return change


def deposit(**values: Any) -> Change:
    def change(_db: Session, project: Project, _on: date) -> None:
        if project.deposit is None:
            project.deposit = Deposit(required=True)
        put(project.deposit, values)

    return change


def inspected() -> Change:
    def change(_db: Session, project: Project, on: date) -> None:
        seen = {"kind": HappeningKind.INSPECTION, "shows_progress": True, "text": "đang thi công"}
        project.happenings.append(Happening(on=on, **seen))

    return change


def disbursed(amount: int) -> Change:
    def change(_db: Session, project: Project, on: date) -> None:
        money = {"amount": amount, "currency": "VND", "vnd_amount": amount}
        project.capital.append(CapitalVersion(kind=CapitalKind.REALISED, on=on, **money))

    return change


# Playing --------------------------------------------------------------------------------------

Story = list[tuple[str, Change]]


def begin(code: str, listing: str = "licensed", stage: str = "implementing") -> Project:
    return Project(
        code=code,
        name=f"Dự án {code}",
        listing=Listing(listing),
        stage=Stage(stage),
        version=0,
    )


def by_day(stories: dict[str, Story]) -> dict[date, list[tuple[str, Change]]]:
    """All changes by their day, each with the code of its project."""
    found: defaultdict[date, list[tuple[str, Change]]] = defaultdict(list)
    for code, story in stories.items():
        for when, change in story:
            found[date.fromisoformat(when)].append((code, change))
    return dict(found)


def play(db: Session, changes: Iterable[tuple[str, Change]], on: date) -> None:
    """Make the changes of a day; each is one entry in the trail."""
    for code, change in changes:
        project = db.scalars(select(Project).where(Project.code == code)).one()
        change(db, project, on)
        record(db, project, "change_for_test", Origin(None, moment(on)))
        db.commit()
