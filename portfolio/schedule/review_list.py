"""The revocation review list: every project with an open ground or a call for review.

It is the register's main working list. Bands of lateness can be added to it by the policy. Being on
it says that people must look, and never that a project "is revoked".
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from portfolio.office.trail import State, TrailEntry, unpack
from portfolio.register.figures import RegisterFigure
from portfolio.register.filters import Filter, ZoneFilter
from portfolio.register.flag_words import rule_name
from portfolio.register.land import Parcel
from portfolio.register.line import RegisterLine
from portfolio.register.row_rule import visible_to
from portfolio.register.show_marks import ShownMark, show_marks
from portfolio.schedule import rules
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.evaluate import Law, judge
from portfolio.schedule.flags import Flag, Severity
from portfolio.schedule.lateness import targets_of
from portfolio.schedule.scope import Scope
from portfolio.web.languages import language

PAGE = 25
SHOWN = ("ground", "review", "late")


@dataclass(frozen=True)
class Entry:
    """A project on the list with what speaks for a review, as it stands on the day.

    ``findings`` has each rule once, with all its findings: a project can be late in several places.
    ``marks`` are what officers said beside them; ``handed_ha`` the land handed over and not recovered.
    """

    line: RegisterLine
    since: date | None
    findings: dict[str, list[rules.Finding]]
    marks: list[ShownMark]
    handed_ha: Decimal | None


@dataclass(frozen=True)
class AtStake:
    """The projects on the list, their capital in đồng, and their land in hectares."""

    projects: int
    capital: Decimal | None
    handed_ha: Decimal | None
    idle_ha: Decimal | None


@dataclass(frozen=True)
class ReviewList:
    """One page of the list, what all of it puts at stake, and how many projects by rule."""

    entries: list[Entry]
    stake: AtStake
    by_rule: list[tuple[str, int]]
    page: int
    pages: int


def on_the_list(law: Law, on: date) -> ColumnElement[bool]:
    """The condition on a flag that puts its project on the list."""
    wanted: ColumnElement[bool] = Flag.severity.in_(law.policy.review_severities)
    bands = [
        _late_between(*targets_of(band, on))
        for band in law.policy.bands
        if band.name in law.policy.review_bands
    ]
    return and_(Flag.closed_on.is_(None), Flag.held.is_(False), or_(wanted, *bands))


def _late_between(first: date | None, last: date) -> ColumnElement[bool]:
    """Late against a day between the two. The deadline of `INV-LATE` is the end, moved by pauses."""
    since = true() if first is None else Flag.deadline >= first
    return and_(Flag.rule == "INV-LATE", Flag.deadline <= last, since)


def read_review_list(
    session: Session, scope: Scope, law: Law, *, on: date, rule: str | None = None, page: int = 1
) -> ReviewList:
    """A page of the list of some projects, the longest standing first; five queries."""
    flags = flagged(scope, law, on)
    counts = session.execute(
        flags.with_only_columns(Flag.rule, func.count(Flag.project_id.distinct()))
        .group_by(Flag.rule)
        .order_by(func.count(Flag.project_id.distinct()).desc(), Flag.rule)
    ).all()
    chosen = flags.where(Flag.rule == rule) if rule else flags
    by_figure = rule is None and _figures_tell(law, scope)
    stake = _at_stake(session, scope, law, None if by_figure else chosen, chosen)
    pages = max(1, -(-stake.projects // PAGE))
    page = min(max(page, 1), pages)
    found = session.execute(_entries(chosen, page)).all()
    entries = [_entry(line, since, unpack(packed), law, on) for line, since, packed in found]
    return ReviewList(entries, stake, [(r, n) for r, n in counts], page, pages)


def flagged(scope: Scope, law: Law, on: date) -> Select[*tuple[Any, ...]]:
    """The flags that put the projects of a scope on the list."""
    flags: Select[*tuple[Any, ...]] = select(Flag.id).where(on_the_list(law, on))
    within = scope.conditions()
    if not within:
        return flags
    line = RegisterLine.project_id == Flag.project_id
    return flags.join(RegisterLine, line).where(RegisterLine.until.is_(None), *within)


@dataclass(frozen=True)
class ReviewFilter(Filter):
    """The projects on the list as a filter of the register, for files: it has no place in an address."""

    law: Law
    on: date
    rule: str | None

    def args(self) -> dict[str, str]:
        """Nothing: the list has an address of its own."""
        return {}

    def condition(self) -> ColumnElement[bool]:
        """With a flag that puts its project on the list."""
        flags = select(Flag.project_id).where(on_the_list(self.law, self.on))
        if self.rule is not None:
            flags = flags.where(Flag.rule == self.rule)
        return RegisterLine.project_id.in_(flags)

    def sentence(self) -> str:
        """The list, and the rule if one is chosen."""
        if self.rule is None:
            return str(gettext("Revocation review list"))
        return str(gettext("Revocation review list: %(rule)s", rule=rule_name(self.rule)))


def _entries(flags: Select[*tuple[Any, ...]], page: int) -> Select[*tuple[Any, ...]]:
    """The lines of one page. It is cut before lines are looked up: they are many and long."""
    projects = (
        flags.with_only_columns(Flag.project_id, func.min(Flag.since).label("since"))
        .group_by(Flag.project_id)
        .order_by(func.min(Flag.since).nulls_last(), Flag.project_id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
        .subquery()
    )
    return (
        select(RegisterLine, projects.c.since, TrailEntry.state)
        .join(projects, projects.c.project_id == RegisterLine.project_id)
        .join(TrailEntry, TrailEntry.seq == RegisterLine.entry_seq)
        .where(RegisterLine.until.is_(None))
        .order_by(projects.c.since.nulls_last(), RegisterLine.project_id)
    )


def _entry(line: RegisterLine, since: date | None, state: State, law: Law, on: date) -> Entry:
    findings = _findings(state, law, on)
    english = language() == "en"
    causes = {code: c.en if english else c.vi for code, c in law.policy.causes.items()}
    marks = [one for one in show_marks(state, causes, findings) if not one.withdrawn]
    return Entry(line, since, findings, marks, _handed_over(state, on))


def _handed_over(state: State, on: date) -> Decimal | None:
    """The hectares of a project that were handed over by a day and not recovered; None if none were."""
    areas = [
        Decimal(parcel["area_ha"])
        for parcel in state.get("parcels", ())
        if "area_ha" in parcel
        and parcel.get("handed_over_on", _NEVER) <= on.isoformat()
        and "recovered_on" not in parcel
    ]
    return sum(areas, Decimal(0)) if areas else None


_NEVER = "9999-12-31"


# How much is at stake -------------------------------------------------------------------------


def _figures_tell(law: Law, scope: Scope) -> bool:
    """Whether a project is on the list by its worst severity alone, and figures are kept of the scope.

    It is when the list is of the heaviest severities and of no bands of lateness.
    """
    wanted = law.policy.review_severities
    others = {severity.weight for severity in Severity if severity.value not in wanted}
    by_zone = all(isinstance(one, ZoneFilter) for one in scope.filters)
    heaviest = min(_weights(law), default=0) > max(others, default=0)
    return by_zone and not law.policy.review_bands and heaviest


def _weights(law: Law) -> list[int]:
    return [
        severity.weight for severity in Severity if severity.value in law.policy.review_severities
    ]


def _at_stake(
    session: Session,
    scope: Scope,
    law: Law,
    counted: Select[*tuple[Any, ...]] | None,
    flags: Select[*tuple[Any, ...]],
) -> AtStake:
    """What some flags put at stake; without ``counted`` from the figures that are kept as lines change."""
    if counted is None:
        projects, capital = session.execute(_by_figure(scope, law)).one()
        idle = session.scalar(_idle_by_severity(scope, law))
    else:
        projects, capital, idle = session.execute(_by_flag(counted)).one()
    of_flags = flags.with_only_columns(Flag.project_id).distinct()
    handed = session.scalar(
        select(func.sum(Parcel.area_ha)).where(
            Parcel.handed_over_on.is_not(None),
            Parcel.recovered_on.is_(None),
            Parcel.project_id.in_(of_flags),
        )
    )
    # PostgreSQL adds whole numbers up to a decimal.
    return AtStake(int(projects), capital, handed, idle)


def _by_figure(scope: Scope, law: Law) -> Select[*tuple[Any, ...]]:
    """The figures that are kept as lines change, of the severities that the list is made of."""
    zone = cast("InstrumentedAttribute[int | None]", RegisterFigure.zone_id)
    query = select(
        func.coalesce(func.sum(RegisterFigure.projects), 0), func.sum(RegisterFigure.capital_vnd)
    ).where(
        RegisterFigure.kind == "severity",
        RegisterFigure.ref.in_([str(weight) for weight in _weights(law)]),
        visible_to(scope.user, zone),
    )
    for one in scope.filters:
        if isinstance(one, ZoneFilter):
            query = query.where(RegisterFigure.zone_id.in_(sorted(one.zone_ids)))
    return query


def _idle_by_severity(scope: Scope, law: Law) -> Select[*tuple[Any, ...]]:
    return select(func.sum(RegisterLine.idle_ha)).where(
        RegisterLine.until.is_(None),
        RegisterLine.idle_ha.is_not(None),
        RegisterLine.severity.in_(_weights(law)),
        *scope.conditions(),
    )


def _by_flag(flags: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    projects = flags.with_only_columns(Flag.project_id).distinct().subquery()
    return (
        select(func.count(), func.sum(RegisterLine.capital_vnd), func.sum(RegisterLine.idle_ha))
        .select_from(projects)
        .join(RegisterLine, RegisterLine.project_id == projects.c.project_id)
        .where(RegisterLine.until.is_(None))
    )


def _findings(state: State, law: Law, on: date) -> dict[str, list[rules.Finding]]:
    by_rule: dict[str, list[rules.Finding]] = {}
    try:
        found = judge(state, law, on).findings
    except BadDocument:
        return {}
    for finding in found:
        if not finding.held and finding.severity in SHOWN:
            by_rule.setdefault(finding.rule, []).append(finding)
    return by_rule
