"""The progress of zones: classes that add up, subtotals, and figures that are those of their lists."""

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.bench.fill import fill
from portfolio.office.people import OfficeKind, Role, User
from portfolio.office.trail import Origin
from portfolio.register.choices import choices
from portfolio.register.counting import count_all
from portfolio.register.filters import Reading, read_filters
from portfolio.register.line import RegisterLine, weight_of
from portfolio.register.search import Search
from portfolio.schedule.evaluate import evaluate_portfolio
from portfolio.schedule.zone_summary import STATES, Sums, read_zone_summary
from tests.conftest import AT, ON, add_office, add_person
from tests.office.conftest import opened
from tests.register.desk import browser_of, lay_out, officer
from tests.schedule.followed import promised, scope_of


@pytest.fixture
def judged(world: Session) -> Session:
    fill(world, 300, AT)
    evaluate_portfolio(world, on=ON, at=AT, whole=True)
    return world


@pytest.fixture
def leader(judged: Session, origin: Origin) -> User:
    office = add_office(judged, origin, "committee", OfficeKind.COMMITTEE)
    return add_person(judged, office, Role.LEADER)


def lines_of(db: Session, zone_ids=None) -> list[RegisterLine]:
    found = db.scalars(
        select(RegisterLine).where(RegisterLine.until.is_(None), RegisterLine.listing == "licensed")
    )
    return [line for line in found if zone_ids is None or line.zone_id in zone_ids]


def by_hand(lines: list[RegisterLine]) -> dict[str, object]:
    counted: dict[str, object] = {
        state: sum(line.schedule_state == state for line in lines) for state in STATES
    }
    for name, column in (
        ("capital", "capital_vnd"),
        ("realised", "realised_vnd"),
        ("area", "area_ha"),
        ("idle", "idle_ha"),
    ):
        counted[name] = sum((getattr(line, column) or Decimal(0) for line in lines), Decimal(0))
    counted["review"] = sum(line.severity >= weight_of("review") for line in lines)
    counted["ground"] = sum(line.severity >= weight_of("ground") for line in lines)
    return counted | {"projects": len(lines)}


def said(sums: Sums) -> dict[str, object]:
    return {name: getattr(sums, name) for name in by_hand([])}


def test_the_five_classes_add_up_in_every_row(judged: Session, leader: User) -> None:
    scope = scope_of(judged, leader)
    found = read_zone_summary(judged, scope, scope.choices.visible_zones(leader))
    rows = [row.sums for row in found.rows] + [found.outside, found.total]
    assert len(rows) > 5
    for sums in rows:
        assert sums.unjudged == 0
        assert sum(getattr(sums, state) for state in STATES) == sums.projects
        assert sums.ground <= sums.review <= sums.projects
    assert found.total.projects == len(lines_of(judged)) > 100
    assert min(getattr(found.total, state) for state in ("on_time", "late", "undated")) > 0


def test_a_zone_counts_with_the_zones_inside_it(judged: Session, leader: User) -> None:
    scope = scope_of(judged, leader)
    found = read_zone_summary(judged, scope, scope.choices.visible_zones(leader))
    assert any(row.depth for row in found.rows)
    for row in found.rows:
        assert row.zone is not None
        within = scope.choices.zone_and_below(row.zone.id)
        assert said(row.sums) == by_hand(lines_of(judged, within)), row.zone.vi
        assert row.own == len(lines_of(judged, {row.zone.id}))
    assert said(found.outside) == by_hand(lines_of(judged, {None}))
    assert said(found.total) == by_hand(lines_of(judged))
    top = [row.sums for row in found.rows if row.depth == 0]
    assert sum(top, found.outside) == found.total


def test_a_zone_officer_counts_the_own_zones_only(judged: Session, leader: User) -> None:
    whole = read_zone_summary(
        judged, scope_of(judged, leader), choices(judged).visible_zones(leader)
    )
    row = max((r for r in whole.rows if r.depth), key=lambda r: r.sums.projects)
    person = add_person(judged, leader.office, Role.ZONE_OFFICER, (row.zone.id,))
    scope = scope_of(judged, person)
    own = read_zone_summary(judged, scope, scope.choices.visible_zones(person))
    assert own.outside is None
    assert own.total == row.sums
    assert own.rows[0].zone.id == row.zone.id
    assert own.rows[0].depth == 0


def test_each_figure_leads_to_the_list_that_it_counts(app: Flask) -> None:
    with opened(app) as db:
        desk = lay_out(db)
        promised(db, desk, "Chậm", ON.replace(year=2025))
        promised(db, desk, "Đúng hạn", ON.replace(year=2030))
        promised(db, desk, "Khu khác", ON.replace(year=2025), zone_id=desk.kon_tum)
        db.commit()
        user = officer(db, desk, Role.LEADER)
        user_id = user.id
    browser = browser_of(app, user_id)
    assert browser.get("/progress/zones").status_code == 200
    links = [
        (a.get_text(), a["href"])
        for a in browser.soup.select(".zones-summary td a")
        if "sort" not in a["href"] and "idle" not in a["href"]
    ]
    assert len(links) > 8
    with opened(app) as db:
        user = db.get_one(User, user_id)
        known = choices(db)
        for number, address in links:
            args = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
            found, unclear = read_filters(args, Reading(known, known.visible_zones(user)))
            assert not unclear
            assert count_all(db, Search(user, found)) == int(number), address
