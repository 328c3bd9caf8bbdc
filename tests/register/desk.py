"""A small register for tests: two zones, the three communes named Đăk Long, a policy, and people."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import yaml
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from portfolio.notation.fold import fold
from portfolio.office import sessions
from portfolio.office.people import Office, OfficeKind, Role, User
from portfolio.office.trail import Origin, record
from portfolio.register.acts.first_day import FirstDay, log_first_day
from portfolio.register.acts.projects import Facts
from portfolio.register.investor import Investor
from portfolio.register.place import Succession, SuccessionKind, Unit, UnitLevel
from portfolio.register.project import Listing, Project, Stage
from portfolio.register.sector import Sector
from portfolio.register.zone import Zone, ZoneKind
from portfolio.schedule.policy import PolicyStatus, PolicyVersion
from tests.browser import Browser
from tests.conftest import AT, CHECKOUT, add_office, add_person

OPEN = date(1900, 1, 1)
LAST_OF_DISTRICTS = date(2025, 6, 30)


@dataclass
class Desk:
    """Keys of what the small register holds."""

    authority: int
    finance: int
    centre: int
    mang_den: int
    kon_tum: int
    dak_long: tuple[int, int, int]
    mang_den_commune: int
    tourism: int
    program: Origin


def lay_out(db: Session) -> Desk:
    """Fill an empty register; commits."""
    origin = Origin(None, AT)
    authority = add_office(db, origin, "authority", OfficeKind.ZONE_AUTHORITY)
    finance = add_office(db, origin, "finance", OfficeKind.FINANCE)
    centre = add_office(db, origin, "centre", OfficeKind.PROMOTION_CENTRE)
    zones = [
        Zone(
            key=key,
            name=name,
            kind=ZoneKind.TOURISM_AREA,
            managing_office_id=authority.id,
            version=0,
        )
        for key, name in (
            ("mangden", "Khu du lịch Măng Đen"),
            ("kontum", "Khu công nghiệp Kon Tum"),
        )
    ]
    tourism = Sector(key="tourism", name="Du lịch", version=0)
    for row, act in ((zones[0], "add_zone"), (zones[1], "add_zone"), (tourism, "add_sector")):
        db.add(row)
        record(db, row, act, origin)
    glei = _unit(db, origin, "610", "Huyện Đăk Glei", UnitLevel.DISTRICT)
    plong = _unit(db, origin, "613", "Huyện Kon Plông", UnitLevel.DISTRICT)
    one = _unit(db, origin, "23368", "Xã Đăk Long", above=glei)
    two = _unit(db, origin, "62.613.dak-long", "Xã Đăk Long", above=plong)
    new = _unit(db, origin, "23368", "Xã Đăk Long", since=date(2025, 7, 1))
    mang_den = _unit(db, origin, "23473", "Xã Măng Đen", since=date(2025, 7, 1))
    for old, into in ((one, new), (two, mang_den)):
        db.add(
            Succession(
                old_id=old.id, new_id=into.id, kind=SuccessionKind.MERGED, on=date(2025, 7, 1)
            )
        )
    document = yaml.safe_load((CHECKOUT / "seeds" / "policy" / "1.yaml").read_text())
    db.execute(
        insert(PolicyVersion).values(
            number=1,
            status=PolicyStatus.ADOPTED,
            adopted_on=date(2026, 3, 1),
            document=document,
            version=0,
        )
    )
    db.commit()
    return Desk(
        authority.id,
        finance.id,
        centre.id,
        zones[0].id,
        zones[1].id,
        (one.id, two.id, new.id),
        mang_den.id,
        tourism.id,
        origin,
    )


def _unit(
    db: Session,
    origin: Origin,
    code: str,
    name: str,
    level: UnitLevel = UnitLevel.COMMUNE,
    *,
    above: Unit | None = None,
    since: date = OPEN,
) -> Unit:
    unit = Unit(
        code=code,
        name=name,
        kind=level.value,
        level=level,
        parent_id=above.id if above else None,
        valid_from=since,
        valid_to=LAST_OF_DISTRICTS if since == OPEN else None,
        version=0,
    )
    db.add(unit)
    record(db, unit, "add_unit", origin)
    return unit


def log(
    db: Session,
    desk: Desk,
    name: str = "Khu nghỉ dưỡng Hồ Đam Bri",
    *,
    listing: Listing = Listing.LICENSED,
    stage: Stage = Stage.IMPLEMENTING,
    origin: Origin | None = None,
    **facts,
) -> Project:
    """A project in the zone of Măng Đen, by the program; not committed."""
    given = {"zone_id": desk.mang_den, "sector_id": desk.tourism} | facts
    first = FirstDay(facts=Facts(name=name, **given), listing=listing, stage=stage)
    return log_first_day(db, first, prefix="KT", origin=origin or desk.program)


def known_investor(db: Session, name: str, tax_code: str | None = None) -> Investor:
    """An investor the register knows."""
    made = Investor(name=name, folded=fold(name), tax_code=tax_code, version=0)
    db.add(made)
    record(db, made, "add_investor", Origin(None, AT))
    return made


def officer(db: Session, desk: Desk, role: Role, *zones: int, email: str | None = None) -> User:
    """A person of the office that fits the role."""
    office = {
        Role.ZONE_OFFICER: desk.authority,
        Role.CENTRE_OFFICER: desk.centre,
    }.get(role, desk.finance)
    return add_person(db, db.get_one(Office, office), role, zones, email)


def browser_of(app: Flask, user_id: int) -> Browser:
    """A browser in which the person is signed in, without the way through the door."""
    from portfolio.web.clock import now  # noqa: PLC0415  the moment of this test

    with app.test_request_context():
        with app.extensions["database"].open_session(write=True) as db:
            token = sessions.start(db, db.get_one(User, user_id), now())
            db.commit()
        name = sessions.cookie_name()
    client = app.test_client()
    client.set_cookie(name, token)
    return Browser(client)


def key_of(browser: Browser, section: str) -> int:
    """The key of the newest row of a section, as the links of the project page name it."""
    pattern = re.compile(rf"^/projects/[^/]+/{section}/(\d+)(?:/|$)")
    found = [pattern.search(link["href"]) for link in browser.soup.select("a[href]")]
    return max(int(one[1]) for one in found if one)


BILLION = Decimal(10) ** 9
