"""Acts on the policy: a draft is started, changed, given up, or adopted.

A draft is the next version. It begins as a copy of the version in force, is changed with reasons, and
becomes the law of delay when a leader who had no part in writing it adopts it.
"""

import copy
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.days import show_day
from portfolio.office import trail
from portfolio.office.job import Job
from portfolio.office.people import User
from portfolio.office.trail import Origin, TrailEntry, TrailHead, record
from portfolio.register.line_keeping import day_of
from portfolio.register.project import Project
from portfolio.schedule.duties import ask_to_rejudge
from portfolio.schedule.evaluate import judge_again
from portfolio.schedule.policy import (
    FinalPolicy,
    PolicyStatus,
    PolicyTrial,
    PolicyVersion,
    state_of_policy,
)
from portfolio.schedule.policy_check import check_policy
from portfolio.schedule.policy_trial import staleness
from portfolio.web.errors import Conflict, HiddenRecord, Refusal
from portfolio.web.show import notation

KIND = "policy"
FEW = 1000
"""So many projects are judged within an act: the reader waits for a second at most."""
Document = dict[str, Any]


class DraftOpen(Conflict):
    """There is a draft already."""

    title = N_("A draft is open already")
    message = N_("Version %(number)s is being drafted. Finish or discard it first.")


class NeedsReason(Refusal):
    """Nothing about the policy is changed without a reason."""

    field = "reason"
    message = N_("Give the reason.")


class OwnDraft(Refusal):
    """Whoever wrote a draft does not adopt it."""

    title = N_("Somebody else must adopt this draft")
    message = N_("Whoever started or edited a draft does not adopt it.")


class StaleTrial(Conflict):
    """What was previewed is no longer what would happen."""

    title = N_("The draft must be tried again first")
    message = N_("Try the draft again, read the result, then adopt it.")


class BeforeTheLast(Conflict):
    """The clock stands before the adoption of the version in force."""

    message = N_("Version %(number)s is in force from %(day)s on; nothing is adopted before it.")


def declare() -> None:
    """Tell the trail what it keeps of the policy."""
    trail.journal(trail.Kind(KIND, PolicyVersion, state_of_policy))


def in_force(session: Session) -> PolicyVersion | None:
    """The version adopted last."""
    adopted = select(PolicyVersion).where(PolicyVersion.status == PolicyStatus.ADOPTED)
    latest = adopted.order_by(
        PolicyVersion.adopted_on.desc(),
        PolicyVersion.adopted_at.desc().nulls_last(),
        PolicyVersion.number.desc(),
    )
    return session.scalars(latest.limit(1)).one_or_none()


def open_draft(session: Session) -> PolicyVersion | None:
    """The draft that is open, if there is one."""
    drafts = select(PolicyVersion).where(PolicyVersion.status == PolicyStatus.DRAFT)
    return session.scalars(drafts).one_or_none()


def find_version(session: Session, number: int, *, lock: bool = False) -> PolicyVersion:
    """The version with this number; raises `HiddenRecord`. ``lock`` keeps other writers off."""
    query = select(PolicyVersion).where(PolicyVersion.number == number)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none() if 0 < number < _TOO_LARGE else None
    if found is None:
        raise HiddenRecord
    return found


_TOO_LARGE = 2**31


def find_draft(session: Session, number: int, *, lock: bool = False) -> PolicyVersion:
    """The same, refusing a version that is no longer a draft with `FinalPolicy`."""
    found = find_version(session, number, lock=lock)
    if found.status is not PolicyStatus.DRAFT:
        raise FinalPolicy(number=number)
    return found


def start_draft(session: Session, origin: Origin) -> PolicyVersion:
    """Begin the next version as a copy of the one in force."""
    why = _reason(origin)
    # Nobody else starts a draft until this one is saved: the trail has one writer at a time.
    session.execute(select(TrailHead.seq).with_for_update())
    base, other = in_force(session), open_draft(session)
    if other is not None:
        raise DraftOpen(number=other.number)
    if base is None:
        raise HiddenRecord
    last = session.scalar(select(func.max(PolicyVersion.number))) or 0
    draft = PolicyVersion(
        number=last + 1,
        status=PolicyStatus.DRAFT,
        started_by=origin.by_name,
        started_by_id=origin.by.id if origin.by else None,
        note=why,
        document=_begin(base, last + 1),
        source=base.source,
    )
    session.add(draft)
    record(session, draft, "start_policy", origin)
    return draft


def _begin(base: PolicyVersion, number: int) -> Document:
    """The document in force as the next draft.

    The first day from which a report is asked is written out: left open it would mean the day of
    adoption, and what is owed already would be forgiven by changing something else.
    """
    document = copy.deepcopy(base.document)
    document |= {"version": number, "status": "draft", "adopted_on": None, "adopted_by": None}
    for duty in document.get("report_duties", ()):
        duty["from"] = duty.get("from") or (base.adopted_on and base.adopted_on.isoformat())
    return document


def base_of(session: Session, policy: PolicyVersion) -> PolicyVersion | None:
    """The version that ``policy`` was copied from: the last one adopted before it, by number."""
    adopted = select(PolicyVersion).where(
        PolicyVersion.status == PolicyStatus.ADOPTED, PolicyVersion.number < policy.number
    )
    return session.scalars(adopted.order_by(PolicyVersion.number.desc()).limit(1)).one_or_none()


def change_draft(
    session: Session,
    draft: PolicyVersion,
    document: Document,
    origin: Origin,
    *,
    note: str | None = None,
) -> bool:
    """Save a changed document, and ``note`` if one is given; False when nothing is different.

    Raises `BadPolicy` with the field when the document would not be a policy.
    """
    if draft.status is not PolicyStatus.DRAFT:
        raise FinalPolicy(number=draft.number)
    note = draft.note if note is None else note
    if (document, note) == (draft.document, draft.note):
        return False
    _reason(origin)
    base = base_of(session, draft)
    check_policy(document, base.document if base else document)
    draft.document, draft.note = document, note
    draft.source = document.get("source") or draft.source
    record(session, draft, "change_policy", origin)
    return True


def discard_draft(session: Session, draft: PolicyVersion, origin: Origin) -> None:
    """Give a draft up; it stays readable, and its number is not used again."""
    if draft.status is not PolicyStatus.DRAFT:
        raise FinalPolicy(number=draft.number)
    _reason(origin)
    draft.status = PolicyStatus.DISCARDED
    record(session, draft, "discard_policy", origin)


def authors_of(session: Session, policy: PolicyVersion) -> set[int]:
    """The keys of all who started or changed a version, by the trail."""
    entries = select(TrailEntry.by_id).where(
        TrailEntry.subject_kind == KIND,
        TrailEntry.subject_id == policy.id,
        TrailEntry.act.in_(("start_policy", "change_policy")),
        TrailEntry.by_id.is_not(None),
    )
    return {key for key in session.scalars(entries) if key is not None}


def adopt_draft(
    session: Session, draft: PolicyVersion, trial: PolicyTrial | None, origin: Origin
) -> None:
    """Put a locked draft into force from today on, and have all projects judged by it.

    Raises `FinalPolicy` when somebody else was quicker, `OwnDraft`, or `StaleTrial` when ``trial`` is
    not what would happen now.
    """
    if draft.status is not PolicyStatus.DRAFT:
        raise FinalPolicy(number=draft.number)
    if origin.by is None or origin.by.id in authors_of(session, draft):
        raise OwnDraft
    _reason(origin)
    # From here to the commit no project changes: every act writes the trail.
    session.execute(select(TrailHead.seq).with_for_update())
    on = day_of(origin.at)
    base = in_force(session)
    if base is not None and base.adopted_on is not None and on < base.adopted_on:
        raise BeforeTheLast(number=base.number, day=show_day(base.adopted_on, locale=notation()))
    if trial is None or trial.policy_id != draft.id or staleness(session, trial, draft, on):
        raise StaleTrial
    check_policy(draft.document, base.document if base else draft.document)
    _put_into_force(draft, on, origin.by)
    draft.adopted_at = origin.at
    record(session, draft, "adopt_policy", origin)
    judge_by_it(session, origin)


def _put_into_force(draft: PolicyVersion, on: date, by: User) -> None:
    draft.document = draft.document | {
        "status": "adopted",
        "adopted_on": on.isoformat(),
        "adopted_by": by.name,
    }
    draft.status = PolicyStatus.ADOPTED
    draft.adopted_on, draft.adopted_by, draft.adopted_by_id = on, by.name, by.id


def judge_by_it(session: Session, origin: Origin) -> Job:
    """Have all projects judged by what the law is now, within this act if they are few.

    So the lists are right on the very next page. A worker goes over all of them in any case: whatever
    this act could not reach, or was judged by others at the same moment, is then right too.
    """
    session.flush()
    few = list(session.scalars(select(Project.id).order_by(Project.id).limit(FEW + 1)))
    if len(few) <= FEW:
        judge_again(session, few, origin.at)
    return ask_to_rejudge(session, by=origin.by, at=origin.at)


def _reason(origin: Origin) -> str:
    if not (origin.reason or "").strip():
        raise NeedsReason
    return origin.reason or ""
