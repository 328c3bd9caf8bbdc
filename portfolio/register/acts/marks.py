"""Delay marks: officers confirm, dispute or add a delay, for one project or for several at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office.may import Permission, may
from portfolio.office.people import Role, User
from portfolio.office.trail import Origin, State, TrailEntry, record, record_all, unpack
from portfolio.register.acts.capital import refuse_without_reason
from portfolio.register.acts.projects import NotOurs
from portfolio.register.causes import KnownCause, known_causes
from portfolio.register.findings import findings_in
from portfolio.register.flag_words import rule_name
from portfolio.register.line_keeping import day_of
from portfolio.register.marks import ADDED_SEVERITIES, DelayMark, Verdict
from portfolio.register.project import Listing, Project
from portfolio.register.row_rule import MOST_NAMED, may_change, not_to_change
from portfolio.web.errors import Conflict, Refusal

MOST_AT_ONCE = 200


@dataclass(kw_only=True)
class MarkFacts:
    """What an officer says of a delay.

    Without a ``rule`` it is said of the delay as a whole; ``severity`` is that of an added one.
    """

    verdict: Verdict
    cause: str
    note: str
    on: date
    rule: str | None = None
    scope: str | None = None
    severity: str | None = None
    paper: str | None = None


def mark_delay(session: Session, project: Project, facts: MarkFacts, origin: Origin) -> DelayMark:
    """Confirm or dispute what holds for a project now, or add a delay that no rule sees."""
    return mark_delays(session, [project], facts, origin)[0]


def mark_delays(
    session: Session, projects: Sequence[Project], facts: MarkFacts, origin: Origin
) -> list[DelayMark]:
    """Say the same of several projects in one act: of all of them, or of none.

    Raises `Refusal` naming the projects that another office keeps, that are not licensed, or of
    which the finding spoken of does not hold today.
    """
    refuse_too_many(len(projects))
    cause = _cause(session, facts)
    _refuse_unfit(facts, day_of(origin.at))
    _refuse_foreign(session, origin.by, projects)
    _refuse_unlicensed(projects)
    _refuse_unfounded(session, projects, facts, day_of(origin.at))
    _refuse_repeated(projects, facts, origin)
    marks = []
    for project in projects:
        mark = DelayMark(
            **vars(facts),
            side=cause.side,
            office=origin.by.office.name if origin.by else None,
            office_id=origin.by.office_id if origin.by else None,
            marked_by=origin.by_name,
            marked_by_id=origin.by.id if origin.by else None,
        )
        project.marks.append(mark)
        marks.append(mark)
    record_all(session, projects, "mark_delay" if len(projects) == 1 else "mark_delays", origin)
    return marks


def withdraw_mark(session: Session, project: Project, mark: DelayMark, origin: Origin) -> None:
    """Take back a mark of the own office, or as the Department of Finance any; it stays, struck."""
    refuse_foreign_mark(session, origin.by, project, mark)
    refuse_without_reason(origin)
    if mark.withdrawn_on is not None:
        raise Conflict(N_("This mark has been withdrawn already."))
    mark.withdrawn_on, mark.withdrawn_why = day_of(origin.at), origin.reason
    mark.withdrawn_by = origin.by_name
    record(session, project, "withdraw_mark", origin)


def may_withdraw(user: User, office_id: int | None, *, ours: bool) -> bool:
    """Whether a person may take back a mark of an office; ``ours``: may change its project."""
    if not may(user, Permission.MARK_DELAY):
        return False
    return user.role is Role.FINANCE_OFFICER or (ours and office_id == user.office_id)


def refuse_foreign_mark(
    session: Session, user: User | None, project: Project, mark: DelayMark
) -> None:
    """Stop unless the person, who sees the project, may take back this mark."""
    if user is None:
        return
    if not may_withdraw(user, mark.office_id, ours=may_change(session, user, project)):
        raise NotOurs


def states_of(session: Session, projects: Sequence[Project]) -> list[State]:
    """The state documents of some projects, in their order."""
    query = select(TrailEntry.seq, TrailEntry.state).where(
        TrailEntry.seq.in_([project.entry_seq for project in projects])
    )
    packed: dict[int | None, bytes] = {row.seq: row.state for row in session.execute(query)}
    return [unpack(packed[project.entry_seq]) for project in projects]


# What is refused ------------------------------------------------------------------------------


def refuse_too_many(number: int) -> None:
    """Stop unless there is something to mark, and not so much that nobody looked at each."""
    if number == 0:
        raise Refusal(N_("No project is chosen. Tick projects in the list, then mark them."))
    if number > MOST_AT_ONCE:
        raise Refusal(
            N_("%(count)s projects are chosen; at most %(most)s can be marked at once."),
            count=number,
            most=MOST_AT_ONCE,
        )


def _cause(session: Session, facts: MarkFacts) -> KnownCause:
    cause = known_causes(session).get(facts.cause)
    if cause is None:
        raise Refusal(N_("Choose a cause of the policy in force."), field="cause")
    return cause


def _refuse_unfit(facts: MarkFacts, today: date) -> None:
    if facts.on > today:
        raise Refusal(N_("A delay cannot be marked for a day to come."), field="on")
    if not facts.note:
        raise Refusal(N_("Say in words what the mark rests on."), field="note")
    if facts.verdict is Verdict.ADDS:
        if facts.severity not in ADDED_SEVERITIES:
            raise Refusal(N_("Say how much the added delay weighs."), field="severity")
        if facts.rule is not None:
            raise Refusal(
                N_("A delay that is added is one that no rule sees: choose the delay as a whole."),
                field="about",
            )
    elif facts.severity is not None:
        raise Refusal(N_("Only a delay that is added has a weight of its own."), field="severity")
    if facts.scope is not None and facts.rule is None:
        raise Refusal(N_("Choose the warning that the mark speaks of."), field="about")


def _refuse_foreign(session: Session, user: User | None, projects: Sequence[Project]) -> None:
    if user is None:
        return
    if not may(user, Permission.MARK_DELAY):
        raise NotOurs
    foreign = not_to_change(session, user, projects)
    if foreign:
        raise NotOurs(
            N_("Not the office's to mark: %(codes)s. Nothing was saved."), codes=named(foreign)
        )


def _refuse_unlicensed(projects: Sequence[Project]) -> None:
    others = [one for one in projects if one.listing is not Listing.LICENSED]
    if others:
        raise Refusal(
            N_("Only a licensed project has promised days; these are not licensed: %(codes)s."),
            codes=named(others),
        )


def _refuse_unfounded(
    session: Session, projects: Sequence[Project], facts: MarkFacts, on: date
) -> None:
    """A mark that confirms or disputes speaks of something: it must hold for each project."""
    if facts.verdict is Verdict.ADDS:
        return
    standing = findings_in(session, states_of(session, projects), on)
    without = [
        project
        for project, found in zip(projects, standing, strict=True)
        if found.delay_of(facts.rule, facts.scope) is None
    ]
    if without and facts.rule is not None:
        raise Refusal(
            N_("The warning “%(rule)s” does not hold today for %(codes)s."),
            field="about",
            rule=rule_name(facts.rule),
            codes=named(without),
        )
    if without:
        raise Refusal(
            N_(
                "No warning of delay holds today for %(codes)s. A delay that no rule sees is added."
            ),
            field="verdict",
            codes=named(without),
        )


def _refuse_repeated(projects: Sequence[Project], facts: MarkFacts, origin: Origin) -> None:
    by = origin.by.id if origin.by else None
    repeated = [
        project
        for project in projects
        if any(
            mark.withdrawn_on is None
            and mark.marked_by_id == by
            and all(getattr(mark, name) == value for name, value in vars(facts).items())
            for mark in project.marks
        )
    ]
    if repeated:
        raise Conflict(N_("The same mark stands already for %(codes)s."), codes=named(repeated))


def named(projects: Sequence[Project]) -> str:
    """The codes of projects; of many the first ten, and how many more there are."""
    codes = ", ".join(project.code for project in projects[:MOST_NAMED])
    more = len(projects) - MOST_NAMED
    if more <= 0:
        return codes
    said = ngettext("and %(num)d more", "and %(num)d more", more)
    return f"{codes} {said}"
