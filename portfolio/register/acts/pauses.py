"""Pauses: claimed with a paper, accepted or rejected by another officer."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office.may import Permission, may
from portfolio.office.trail import Origin, record
from portfolio.register.acts.capital import refuse_without_reason
from portfolio.register.acts.projects import NotOurs, refuse_unless_may_change
from portfolio.register.causes import known_causes
from portfolio.register.phases import Pause, PauseStatus, Side
from portfolio.register.project import Project
from portfolio.web.errors import Refusal


@dataclass(kw_only=True)
class Claim:
    """Days that shall not count, as they are claimed; both ends count, an open one still runs."""

    cause: str
    side: Side
    since: date
    until: date | None = None
    paper: str | None = None
    note: str | None = None


def claim_pause(session: Session, project: Project, claim: Claim, origin: Origin) -> Pause:
    """Enter days that shall not count. They move no clock before they are accepted."""
    refuse_unless_may_change(session, origin.by, project)
    _refuse_unfit(session, claim)
    pause = Pause(
        status=PauseStatus.CLAIMED,
        claimed_by=origin.by_name,
        claimed_by_id=origin.by.id if origin.by else None,
        **vars(claim),
    )
    project.pauses.append(pause)
    record(session, project, "claim_pause", origin)
    return pause


def correct_pause(
    session: Session, project: Project, pause: Pause, claim: Claim, origin: Origin
) -> None:
    """Put right a claim that nobody has judged yet; who corrects it is then its claimant."""
    refuse_unless_may_change(session, origin.by, project)
    _refuse_judged(pause)
    _refuse_unfit(session, claim)
    for name, value in vars(claim).items():
        setattr(pause, name, value)
    pause.claimed_by = origin.by_name
    pause.claimed_by_id = origin.by.id if origin.by else None
    record(session, project, "correct_pause", origin)


def remove_pause(session: Session, project: Project, pause: Pause, origin: Origin) -> None:
    """Take back a claim that nobody has judged yet."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    _refuse_judged(pause)
    project.pauses.remove(pause)
    record(session, project, "remove_pause", origin)


def _refuse_unfit(session: Session, claim: Claim) -> None:
    # Before a policy is adopted there is no list of causes to choose from.
    known = known_causes(session)
    if known and claim.cause not in known:
        raise Refusal(N_("Choose a cause of the policy in force."), field="cause")
    if claim.until and claim.until < claim.since:
        raise Refusal(N_("The end lies before the start."), field="until")


def _refuse_judged(pause: Pause) -> None:
    if pause.status is not PauseStatus.CLAIMED:
        raise Refusal(
            N_("This pause has been judged; reject it, then enter the right days as a new one.")
        )


def judge_pause(
    session: Session, project: Project, pause: Pause, *, accepted: bool, origin: Origin
) -> None:
    """Accept or reject a pause. Rejecting an accepted one gives its days back at once.

    Raises `Refusal` when the judge is who claimed it, when an accepted pause has no paper, or when
    a rejection has no reason.
    """
    refuse_unless_may_change(session, origin.by, project)
    if origin.by is not None and not may(origin.by, Permission.JUDGE_PAUSE):
        raise NotOurs
    if origin.by is not None and pause.claimed_by_id == origin.by.id:
        raise Refusal(N_("Another officer must judge this pause, not the one who entered it."))
    if accepted and not pause.paper:
        raise Refusal(N_("Only a pause with a numbered paper can be accepted."), field="paper")
    if not accepted:
        refuse_without_reason(origin)
    pause.status = PauseStatus.ACCEPTED if accepted else PauseStatus.REJECTED
    pause.decided_by, pause.decided_at = origin.by_name, origin.at
    record(session, project, "accept_pause" if accepted else "reject_pause", origin)
