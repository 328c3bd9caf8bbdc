"""Phases, schedule versions and milestones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.days import Precision, show_day
from portfolio.office.trail import Origin, entries_of, record, unpack
from portfolio.register.acts.capital import refuse_without_reason
from portfolio.register.acts.projects import refuse_unless_may_change
from portfolio.register.law import BeyondCap, law_of_delay
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
from portfolio.register.state import state_of_project
from portfolio.web.errors import Refusal
from portfolio.web.languages import language


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
    told = {one.milestone_id for report in project.reports for one in report.forecasts}
    if told & {milestone.id for milestone in phase.milestones}:
        raise Refusal(N_("A report tells of this phase; correct the phase instead."))
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

    A further version needs the paper that adjusts the schedule, changes at least one day, and ends no
    later than the law of its day of approval allows, unless it relies on an exception (rule
    ADJ-CAP24). A project without phases gets its first one here.
    """
    refuse_unless_may_change(session, origin.by, project)
    _refuse_unfit(project, facts, promises)
    _refuse_unchanged(project, promises)
    _refuse_beyond_cap(session, project, facts, promises, origin)
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
    known = _standing_days(project)
    for promise in promises:
        field = f"days-{promise.phase - 1}-{promise.kind.value}"
        new = known.get((promise.phase, promise.kind)) != (promise.planned_on, promise.precision)
        if new and facts.approved_on and promise.planned_on < facts.approved_on:
            raise Refusal(
                N_("A promised day lies before the day of approval; correct one of them."),
                field=field,
            )
        start = days.get((promise.phase, MilestoneKind.START))
        ends = promise.kind in {MilestoneKind.COMPLETION, MilestoneKind.OPERATION}
        if ends and start is not None and promise.planned_on < start:
            raise Refusal(N_("The end lies before the start."), field=field)


def _refuse_unchanged(project: Project, promises: list[Promise]) -> None:
    """Stop a further version that says what the days in force say already."""
    if not project.schedules:
        return
    said = {(one.phase, one.kind): (one.planned_on, one.precision) for one in promises}
    known = _standing_days(project)
    if all(known.get(key) == day for key, day in said.items()):
        raise Refusal(N_("This version changes no day. Enter the days that its paper changes."))


def _standing_days(project: Project) -> dict[tuple[int, MilestoneKind], tuple[date, Precision]]:
    """The day that the last paper set for each milestone."""
    last = {
        (phase.number, milestone.kind): max(
            milestone.targets, key=lambda target: target.schedule_version.number
        )
        for phase in project.phases
        for milestone in phase.milestones
        if milestone.targets
    }
    return {key: (target.planned_on, target.precision) for key, target in last.items()}


def _refuse_beyond_cap(
    session: Session,
    project: Project,
    facts: VersionFacts,
    promises: list[Promise],
    origin: Origin,
) -> None:
    """Ask the law of the day of approval whether the proposed ends are allowed."""
    if not project.schedules:
        return
    days = {(promise.phase, promise.kind.value): promise.planned_on for promise in promises}
    on = facts.approved_on or day_of(origin.at)
    with session.no_autoflush:
        state = state_of_project(project)
    beyond = law_of_delay().beyond_cap(session, state, days, facts.exception_code, on)
    if beyond is not None:
        raise _cap_refusal(beyond)


def _cap_refusal(beyond: BeyondCap) -> Refusal:
    said = language()
    codes = "; ".join(f"{one.code}) {one.words(said)}" for one in beyond.exceptions)
    return Refusal(
        N_(
            "Phase %(phase)s: the end first approved is %(first)s, so under %(article)s it may be"
            " moved to %(cap)s at the latest (%(months)s months); %(proposed)s is later. It passes"
            " only with an exception named by the paper: %(codes)s."
        ),
        field="exception_code",
        phase=beyond.phase,
        first=show_day(beyond.first_end),
        article=beyond.en if said == "en" else beyond.vi,
        cap=show_day(beyond.cap),
        months=beyond.months,
        proposed=show_day(beyond.proposed),
        codes=codes,
    )


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


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """Where one open milestone stands by now: met, or what is forecast for it."""

    milestone_id: int
    met_on: date | None = None
    met_precision: Precision | None = None
    evidence: str | None = None
    forecast_on: date | None = None


def track_milestones(
    session: Session,
    project: Project,
    tracked: Iterable[Tracked],
    *,
    others_unchanged: bool,
    on: date,
    origin: Origin,
) -> None:
    """Say of several milestones where they stand; each that changes counts as looked at.

    With `others_unchanged` the other open ones were looked at as well. Refuses when nothing changes.
    """
    refuse_unless_may_change(session, origin.by, project)
    known = {one.id: one for phase in project.phases for one in phase.milestones}
    changed = [one for one in tracked if _differs(known.get(one.milestone_id), one)]
    if not changed:
        raise Refusal(N_("No day was changed. If nothing has changed, confirm it with one click."))
    for one in changed:
        _refuse_met_later(one.met_on, on, f"met_on_{one.milestone_id}")
        milestone = known[one.milestone_id]
        _track(milestone, one.met_on, one.met_precision, one.evidence, one.forecast_on, on)
    if others_unchanged:
        for milestone in known.values():
            if milestone.met_on is None:
                milestone.last_reviewed_on = on
    record(session, project, "track_milestones", origin)


def _differs(milestone: Milestone | None, tracked: Tracked) -> bool:
    if milestone is None:
        return False
    return (milestone.met_on, milestone.evidence or None, milestone.forecast_on) != (
        tracked.met_on,
        tracked.evidence or None,
        tracked.forecast_on,
    )


def _refuse_met_later(met_on: date | None, on: date, field: str) -> None:
    if met_on is not None and met_on > on:
        raise Refusal(N_("A milestone cannot be met in the future; enter a forecast."), field=field)


def _track(
    milestone: Milestone,
    met_on: date | None,
    met_precision: Precision | None,
    evidence: str | None,
    forecast_on: date | None,
    on: date,
) -> None:
    milestone.met_on, milestone.met_precision = met_on, met_precision if met_on else None
    milestone.evidence, milestone.forecast_on = evidence, forecast_on
    milestone.last_reviewed_on = on


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
    _refuse_met_later(met_on, on, "met_on")
    _track(milestone, met_on, met_precision, evidence, forecast_on, on)
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
