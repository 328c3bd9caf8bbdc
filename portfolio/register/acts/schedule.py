"""Phases, schedule versions and milestones."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.days import Precision
from portfolio.office.trail import Origin, entries_of, record, unpack
from portfolio.register.acts.capital import refuse_without_reason
from portfolio.register.acts.projects import refuse_unless_may_change
from portfolio.register.line_keeping import day_of
from portfolio.register.phases import (
    Milestone,
    MilestoneKind,
    Phase,
    ScheduleKind,
    ScheduleVersion,
    Target,
)
from portfolio.register.project import Project
from portfolio.web.errors import Refusal


@dataclass(kw_only=True)
class PhaseFacts:
    """A phase as it is entered."""

    name: str | None = None
    objective: str | None = None
    capital: Decimal | None = None
    area_ha: Decimal | None = None
    completed_on: date | None = None


@dataclass(frozen=True)
class Promise:
    """The day that a schedule version sets for one milestone of a phase, named by its number."""

    phase: int
    kind: MilestoneKind
    planned_on: date
    precision: Precision = Precision.DAY
    as_printed: str | None = None


@dataclass(kw_only=True)
class VersionFacts:
    """A schedule version as it is entered."""

    kind: ScheduleKind
    approved_on: date | None = None
    act_id: int | None = None
    exception_code: str | None = None
    source: str | None = None


def add_phase(session: Session, project: Project, facts: PhaseFacts, origin: Origin) -> Phase:
    """A further phase, numbered on."""
    refuse_unless_may_change(session, origin.by, project)
    number = max((phase.number for phase in project.phases), default=0) + 1
    phase = Phase(number=number, **vars(facts))
    project.phases.append(phase)
    record(session, project, "add_phase", origin)
    return phase


def correct_phase(
    session: Session, project: Project, phase: Phase, facts: PhaseFacts, origin: Origin
) -> None:
    """Correct a phase or record that its objectives are completed."""
    refuse_unless_may_change(session, origin.by, project)
    for name, value in vars(facts).items():
        setattr(phase, name, value)
    record(session, project, "correct_phase", origin)


def remove_phase(session: Session, project: Project, phase: Phase, origin: Origin) -> None:
    """Take out a phase entered by mistake; one with promised days stays."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    if any(milestone.targets for milestone in phase.milestones):
        raise Refusal(N_("A phase with promised days cannot be removed; correct it instead."))
    project.phases.remove(phase)
    record(session, project, "remove_phase", origin)


def add_schedule_version(
    session: Session,
    project: Project,
    facts: VersionFacts,
    promises: list[Promise],
    origin: Origin,
) -> ScheduleVersion:
    """A version of the schedule with its days; earlier versions are never changed.

    A further version needs the paper that adjusts the schedule. A project without phases gets its
    first one here.
    """
    refuse_unless_may_change(session, origin.by, project)
    _refuse_unfit(project, facts, promises)
    if not project.phases:
        project.phases.append(Phase(number=1))
    number = max((version.number for version in project.schedules), default=0) + 1
    version = ScheduleVersion(number=number, **vars(facts))
    project.schedules.append(version)
    phases = {phase.number: phase for phase in project.phases}
    for promise in promises:
        milestone = _milestone(phases[promise.phase], promise.kind)
        milestone.targets.append(
            Target(
                schedule_version=version,
                planned_on=promise.planned_on,
                precision=promise.precision,
                as_printed=promise.as_printed,
            )
        )
    record(session, project, "add_schedule_version", origin)
    return version


def _refuse_unfit(project: Project, facts: VersionFacts, promises: list[Promise]) -> None:
    if not promises:
        raise Refusal(N_("Enter at least one day of the schedule."))
    if project.schedules and facts.act_id is None:
        raise Refusal(
            N_("A change of the schedule needs its legal act: record that paper first."),
            field="act_id",
        )
    days = {(promise.phase, promise.kind): promise.planned_on for promise in promises}
    for promise in promises:
        field = f"days-{promise.phase - 1}-{promise.kind.value}"
        if facts.approved_on and promise.planned_on < facts.approved_on:
            raise Refusal(
                N_("A promised day lies before the day of approval; correct one of them."),
                field=field,
            )
        start = days.get((promise.phase, MilestoneKind.START))
        ends = promise.kind in {MilestoneKind.COMPLETION, MilestoneKind.OPERATION}
        if ends and start is not None and promise.planned_on < start:
            raise Refusal(N_("The end lies before the start."), field=field)


def remove_schedule_version(session: Session, project: Project, origin: Origin) -> None:
    """Take out the last version, typed wrongly, so that it can be entered again.

    No later paper ever changes a version; this is for slips of the pen, and the trail keeps it. The
    first version is what every delay is measured against: it goes only on the day it was entered.
    """
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    if not project.schedules:
        raise Refusal(N_("There is no schedule to take out."))
    last = project.schedules[-1]
    if last.number == 1 and _entered_on(session, project, last) != day_of(origin.at):
        raise Refusal(
            N_(
                "The first schedule stands for ever: record the paper that changes it as a new version."
            )
        )
    for phase in project.phases:
        for milestone in phase.milestones:
            milestone.targets = [t for t in milestone.targets if t.schedule_version is not last]
    session.flush()
    project.schedules.remove(last)
    record(session, project, "remove_schedule_version", origin)


def _entered_on(session: Session, project: Project, version: ScheduleVersion) -> date | None:
    for entry in entries_of(session, "project", project.id):
        if any(one["id"] == version.id for one in unpack(entry.state).get("schedules", ())):
            return day_of(entry.at)
    return None


def _milestone(phase: Phase, kind: MilestoneKind) -> Milestone:
    found = next((one for one in phase.milestones if one.kind is kind), None)
    if found is None:
        found = Milestone(kind=kind)
        phase.milestones.append(found)
    return found


def track_milestone(  # noqa: PLR0913  one line of the table of milestones
    session: Session,
    project: Project,
    milestone: Milestone,
    *,
    met_on: date | None,
    met_precision: Precision | None,
    evidence: str | None,
    forecast_on: date | None,
    on: date,
    origin: Origin,
) -> None:
    """Say that a milestone is met, or what is forecast for it; both count as having looked at it."""
    refuse_unless_may_change(session, origin.by, project)
    if met_on is not None and met_on > on:
        raise Refusal(
            N_("A milestone cannot be met in the future; enter a forecast."), field="met_on"
        )
    milestone.met_on, milestone.met_precision = met_on, met_precision if met_on else None
    milestone.evidence, milestone.forecast_on = evidence, forecast_on
    milestone.last_reviewed_on = on
    record(session, project, "track_milestone", origin)


def confirm_unchanged(session: Session, project: Project, *, on: date, origin: Origin) -> None:
    """Say that the open milestones were looked at and nothing changed."""
    refuse_unless_may_change(session, origin.by, project)
    open_ones = [m for phase in project.phases for m in phase.milestones if m.met_on is None]
    if not open_ones:
        raise Refusal(N_("There is no open milestone to confirm."))
    for milestone in open_ones:
        milestone.last_reviewed_on = on
    record(session, project, "confirm_unchanged", origin)
