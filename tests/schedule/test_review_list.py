"""The review list says the same whichever way it is counted, and who may see less sees less."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portfolio.bench.fill import fill
from portfolio.office.people import OfficeKind, Role, User
from portfolio.office.trail import Origin
from portfolio.register.acts.land import ParcelFacts, add_parcel
from portfolio.register.choices import choices
from portfolio.register.counting import count_all
from portfolio.register.find import all_lines
from portfolio.register.land import Parcel
from portfolio.register.line import RegisterLine
from portfolio.register.project import Project
from portfolio.register.search import Search
from portfolio.schedule.evaluate import Law, evaluate_portfolio, law_on
from portfolio.schedule.flags import Flag
from portfolio.schedule.lateness import band_of, months_late
from portfolio.schedule.review_list import (
    PAGE,
    ReviewFilter,
    ReviewList,
    on_the_list,
    read_review_list,
)
from portfolio.schedule.scope import read_scope
from portfolio.schedule.terms import add_months
from tests.conftest import AT, ON, add_office, add_person

MADE = 400


@pytest.fixture
def judged(world: Session) -> Session:
    fill(world, MADE, AT)
    evaluate_portfolio(world, on=ON, at=AT, whole=True)
    return world


@pytest.fixture
def law(judged: Session) -> Law:
    return law_on(judged, ON)


@pytest.fixture
def leader(judged: Session, origin: Origin) -> User:
    office = add_office(judged, origin, "committee", OfficeKind.COMMITTEE)
    return add_person(judged, office, Role.LEADER)


def read(db: Session, user: User, law: Law, typed: str = "", **asked) -> ReviewList:
    """The list as a person sees it, of one zone if its key is given."""
    scope = read_scope(db, user, typed, own_first=False)
    return read_review_list(db, scope, law, **asked)


def listed(db: Session, zone_id: int | None = None) -> dict[int, set[str]]:
    """Projects with an open finding that calls for review, and their rules, one by one."""
    found: dict[int, set[str]] = {}
    for flag in db.scalars(select(Flag)):
        if flag.closed_on is None and not flag.held and flag.severity in {"review", "ground"}:
            line = current(db, flag.project_id)
            if zone_id is None or line.zone_id == zone_id:
                found.setdefault(flag.project_id, set()).add(flag.rule)
    return found


def current(db: Session, project_id: int) -> RegisterLine:
    lines = select(RegisterLine).where(RegisterLine.until.is_(None))
    return db.scalars(lines.where(RegisterLine.project_id == project_id)).one()


def test_totals_are_those_of_the_flags(judged: Session, law: Law, leader: User) -> None:
    found = read(judged, leader, law, on=ON)
    projects = listed(judged)
    assert found.stake.projects == len(projects) > PAGE
    capital = sum((current(judged, one).capital_vnd or Decimal(0) for one in projects), Decimal(0))
    assert found.stake.capital == capital
    counts = dict(found.by_rule)
    assert counts == {
        rule: sum(rule in rules for rules in projects.values())
        for rule in {rule for rules in projects.values() for rule in rules}
    }


def test_a_policy_with_bands_of_lateness_counts_by_flags(
    judged: Session, law: Law, leader: User
) -> None:
    named = [band for band in law.policy.bands if band.least >= 24]
    policy = replace(
        law.policy,
        review_severities=frozenset(),
        review_bands=frozenset(band.name for band in named),
    )
    found = read(judged, leader, Law(law.id, policy), on=ON)
    late = {
        flag.project_id
        for flag in judged.scalars(select(Flag).where(Flag.rule == "INV-LATE"))
        if flag.closed_on is None and not flag.held and months_late(flag.deadline, ON) >= 25
    }
    assert found.stake.projects == len(late) > 0
    assert dict(found.by_rule) == {"INV-LATE": len(late)}


@pytest.mark.parametrize("on", [ON, date(2026, 3, 31)])
@pytest.mark.parametrize("name", ["1-12", "13-24", "25-60", "61+"])
def test_a_band_begins_and_ends_on_the_day_its_months_do(
    judged: Session, law: Law, leader: User, name: str, on: date
) -> None:
    edges = [0, 12, 24, 60]
    days = [add_months(on, -n) + timedelta(days=d) for n in edges for d in range(-3, 4)]
    flags = list(judged.scalars(select(Flag).where(Flag.rule == "INV-LATE", ~Flag.held)))
    by_project = {flag.project_id: flag for flag in flags}
    assert len(by_project) >= len(days)
    judged.execute(delete(Flag).where(Flag.id.not_in([one.id for one in by_project.values()])))
    for flag, day in zip(by_project.values(), days, strict=False):
        flag.deadline = day
    for flag in list(by_project.values())[len(days) :]:
        judged.delete(flag)
    judged.flush()
    policy = replace(law.policy, review_severities=frozenset(), review_bands=frozenset({name}))
    listed_ = judged.scalars(
        select(Flag.deadline).where(on_the_list(Law(law.id, policy), on)).order_by(Flag.deadline)
    )
    wanted = [one for one in days if band_of(months_late(one, on), policy.bands) == name]
    assert list(listed_) == sorted(wanted)
    assert wanted


def test_the_longest_standing_come_first_and_pages_follow(
    judged: Session, law: Law, leader: User
) -> None:
    total = read(judged, leader, law, on=ON).stake.projects
    seen = []
    for page in range(1, -(-total // PAGE) + 1):
        seen += read(judged, leader, law, on=ON, page=page).entries
    assert {entry.line.project_id for entry in seen} == set(listed(judged))
    assert len(seen) == total
    days = [entry.since for entry in seen if entry.since is not None]
    assert days == sorted(days)


def test_one_rule_shows_its_projects_only(judged: Session, law: Law, leader: User) -> None:
    rule, count = read(judged, leader, law, on=ON).by_rule[0]
    found = read(judged, leader, law, on=ON, rule=rule)
    assert found.stake.projects == count
    assert all(rule in entry.findings for entry in found.entries)


def test_a_zone_officer_counts_the_own_zone(judged: Session, law: Law, leader: User) -> None:
    zone_id = next(
        line.zone_id
        for line in (current(judged, one) for one in listed(judged))
        if line.zone_id is not None
    )
    office = leader.office
    officer = add_person(judged, office, Role.ZONE_OFFICER, (zone_id,))
    found = read(judged, officer, law, on=ON)
    own = {entry.line.zone_id for entry in found.entries}
    assert found.stake.projects < read(judged, leader, law, on=ON).stake.projects
    assert zone_id in own
    assert found.stake.projects >= len(listed(judged, zone_id)) > 0


def test_land_and_capital_at_stake_are_those_of_the_listed_projects(
    judged: Session, law: Law, leader: User
) -> None:
    rule = read(judged, leader, law, on=ON).by_rule[0][0]
    by_rule = (current(judged, one) for one, rules in listed(judged).items() if rule in rules)
    zone_id = next(line.zone_id for line in by_rule if line.zone_id is not None)
    for typed, asked in (("", None), (str(zone_id), None), ("", rule), (str(zone_id), rule)):
        found = read(judged, leader, law, typed, on=ON, rule=asked)
        within = choices(judged).zone_and_below(zone_id) if typed else None
        projects = {
            project
            for project, rules in listed(judged).items()
            if (asked is None or asked in rules)
            and (within is None or current(judged, project).zone_id in within)
        }
        lines = [current(judged, one) for one in projects]
        parcels = judged.scalars(select(Parcel).where(Parcel.project_id.in_(projects)))
        handed = [p.area_ha for p in parcels if p.handed_over_on and not p.recovered_on]
        assert found.stake.projects == len(projects) > 0, (typed, asked)
        assert (found.stake.capital or 0) == sum(line.capital_vnd or 0 for line in lines)
        assert (found.stake.idle_ha or 0) == sum(line.idle_ha or 0 for line in lines)
        assert (found.stake.handed_ha or 0) == sum(area or 0 for area in handed)


def test_a_file_holds_the_projects_of_the_list(judged: Session, law: Law, leader: User) -> None:
    rule = read(judged, leader, law, on=ON).by_rule[0][0]
    for asked in (None, rule):
        search = Search(leader, (ReviewFilter(law, ON, asked),))
        wanted = {p for p, rules in listed(judged).items() if asked is None or asked in rules}
        with all_lines(judged, search) as lines:
            codes = {line.code for line in lines}
        assert codes == {current(judged, one).code for one in wanted}
        assert count_all(judged, search) == len(wanted)


def test_a_row_says_land_marks_and_the_three_numbers(
    judged: Session, law: Law, leader: User, origin: Origin
) -> None:
    # A handover is a sign of life, so one that is listed for more than silence.
    entry = next(
        one
        for one in read(judged, leader, law, on=ON, rule="INV-T24").entries
        if "INV-T24" in one.findings
    )
    project = judged.get_one(Project, entry.line.project_id)
    add_parcel(
        judged,
        project,
        ParcelFacts(name="Z", area_ha=Decimal("7.5"), handed_over_on=date(2026, 1, 5)),
        origin,
    )
    judged.commit()
    handed = entry.handed_ha or Decimal(0)
    listed_ = read(judged, leader, law, on=ON, rule="INV-T24").entries
    again = next(one for one in listed_ if one.line.project_id == project.id)
    assert again.handed_ha == handed + Decimal("7.5")
    assert again.line.idle_ha == (entry.line.idle_ha or 0) + Decimal("7.5")
