"""Circumstances: the dated facts that the grounds of Article 36 ask for."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office.trail import Origin, record
from portfolio.register.acts.capital import refuse_without_reason
from portfolio.register.acts.projects import refuse_unless_may_change
from portfolio.register.circumstances import Circumstance, CircumstanceKind
from portfolio.register.line_keeping import day_of
from portfolio.register.papers import ActKind
from portfolio.register.project import Project
from portfolio.web.errors import Refusal


@dataclass(kw_only=True)
class CircumstanceFacts:
    """What happened on a day; ``until`` is of the investor's own stop, ``reached`` of an attempt."""

    kind: CircumstanceKind
    on: date
    text: str
    until: date | None = None
    reached: bool | None = None
    paper: str | None = None
    source: str | None = None


def add_circumstance(
    session: Session, project: Project, facts: CircumstanceFacts, origin: Origin
) -> Circumstance:
    """Record a fact; the rule that it feeds is judged at once."""
    refuse_unless_may_change(session, origin.by, project)
    _refuse_unfit(facts, day_of(origin.at))
    circumstance = Circumstance(**vars(facts))
    project.circumstances.append(circumstance)
    _refuse_unfounded(project)
    record(session, project, "add_circumstance", origin)
    return circumstance


def correct_circumstance(
    session: Session,
    project: Project,
    circumstance: Circumstance,
    facts: CircumstanceFacts,
    origin: Origin,
) -> None:
    """Put right what was typed, or write down the end of a stop."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    _refuse_unfit(facts, day_of(origin.at))
    for name, value in vars(facts).items():
        setattr(circumstance, name, value)
    _refuse_unfounded(project)
    record(session, project, "correct_circumstance", origin)


def remove_circumstance(
    session: Session, project: Project, circumstance: Circumstance, origin: Origin
) -> None:
    """Take out what was recorded by mistake."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    project.circumstances.remove(circumstance)
    _refuse_unfounded(project)
    record(session, project, "remove_circumstance", origin)


def _refuse_unfit(facts: CircumstanceFacts, today: date) -> None:
    if facts.on > today:
        raise Refusal(N_("What happened cannot lie in the future."), field="on")
    if facts.until is not None:
        if facts.kind is not CircumstanceKind.INVESTOR_STOP:
            raise Refusal(N_("Only a stop declared by the investor has a last day."), field="until")
        if facts.until < facts.on:
            raise Refusal(N_("The end lies before the start."), field="until")
        if facts.until > today:
            raise Refusal(
                N_("A stop has ended when its last day is over: leave it empty until then."),
                field="until",
            )
    attempt = facts.kind is CircumstanceKind.CONTACT_ATTEMPT
    if attempt and facts.reached is None:
        raise Refusal(N_("Say whether the investor was reached."), field="reached")
    if not attempt and facts.reached is not None:
        raise Refusal(N_("Only an attempt to reach the investor has an answer."), field="reached")


def _refuse_unfounded(project: Project) -> None:
    """Facts that answer another one come after it, whatever was entered or taken out."""
    lost = _first(project, CircumstanceKind.SITE_LOST)
    filed = _first(project, CircumstanceKind.RELOCATION_FILED)
    if filed is not None and (lost is None or filed < lost):
        raise Refusal(
            N_(
                "A relocation dossier is filed after the right to the site was lost: record that loss."
            ),
            field="on",
        )
    unable = _first(project, CircumstanceKind.INABILITY)
    if unable is not None and not _stopped_by(project, unable):
        raise Refusal(
            N_("Nothing was stopped by that day: record the suspension or the stop first."),
            field="on",
        )


def _first(project: Project, kind: CircumstanceKind) -> date | None:
    return min((one.on for one in project.circumstances if one.kind is kind), default=None)


def _stopped_by(project: Project, day: date) -> bool:
    stopped = _first(project, CircumstanceKind.INVESTOR_STOP)
    if stopped is not None and stopped <= day:
        return True
    # A public source may tell of a suspension without its day.
    return any(
        act.kind is ActKind.SUSPENSION and (act.issued_on is None or act.issued_on <= day)
        for act in project.acts
    )
