"""The row rule decides every outlet: role by role and page by page, nothing of another zone shows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
import yaml
from flask import Flask

from portfolio.catalogue.collect import Choice, count_offers
from portfolio.notation.fold import fold
from portfolio.office.may import GRANTS, Permission
from portfolio.office.people import OfficeKind, Role, User
from portfolio.office.trail import Origin, record
from portfolio.register.acts.reports import ReportFacts, receive_report
from portfolio.register.capital import CapitalKind, CapitalVersion
from portfolio.register.choices import choices
from portfolio.register.investor import Investor, InvestorRole, ProjectInvestor
from portfolio.register.papers import ActKind, LegalAct
from portfolio.register.progress import ReportKind
from portfolio.register.project import Listing, Project, Stage
from portfolio.register.zone import Zone, ZoneKind
from portfolio.schedule.evaluate import evaluate_portfolio
from portfolio.schedule.policy import PolicyStatus, PolicyVersion
from tests.conftest import AT, CHECKOUT, ON, add_office
from tests.office.conftest import Person, make_person, opened, sign_in

MARKS = {"in": "Trongvung", "sub": "Vungcon", "other": "Khacvung", "none": "Ngoaivung"}
OWN = {"in", "sub"}
ALL = set(MARKS)


@dataclass(frozen=True)
class World:
    """Four licensed projects: in a zone, in its sub-zone, in another zone, in none."""

    codes: dict[str, str]
    zones: dict[str, int]
    investor: int
    day: date


@pytest.fixture
def world(app: Flask) -> World:
    with opened(app) as db:
        origin = Origin(None, AT)
        authority = add_office(db, origin, "authority", OfficeKind.ZONE_AUTHORITY)
        zones = {
            key: Zone(
                key=key,
                name=f"Khu {key}",
                kind=ZoneKind.DYNAMIC_ZONE,
                managing_office_id=authority.id,
            )
            for key in ("own", "part", "foreign")
        }
        db.add_all(zones.values())
        db.flush()
        zones["part"].parent_id = zones["own"].id
        for zone in zones.values():
            record(db, zone, "add_zone", origin)
        investor = Investor(name="Nhà đầu tư chung", folded=fold("Nhà đầu tư chung"))
        db.add(investor)
        record(db, investor, "add_investor", origin)
        within = {"in": "own", "sub": "part", "other": "foreign", "none": None}
        codes = {}
        for number, (key, zone_key) in enumerate(within.items(), 1):
            codes[key] = f"KT-{number:04}"
            project = Project(
                code=codes[key],
                name=f"Dự án {MARKS[key]}",
                note=f"ghi chú {MARKS[key]}",
                listing=Listing.LICENSED,
                stage=Stage.PREPARING,
                zone_id=zones[zone_key].id if zone_key else None,
                version=0,
                investors=[ProjectInvestor(investor=investor, role=InvestorRole.LEAD)],
                acts=[LegalAct(kind=ActKind.POLICY_APPROVAL, issued_on=date(2015, 1, 5))],
                capital=[
                    CapitalVersion(
                        kind=CapitalKind.REGISTERED,
                        amount=Decimal(10**12),
                        vnd_amount=Decimal(10**12),
                    )
                ],
            )
            db.add(project)
            record(db, project, "log_project", origin)
        document = yaml.safe_load((CHECKOUT / "seeds/policy/1.yaml").read_text(encoding="utf-8"))
        first = PolicyVersion(
            number=1,
            status=PolicyStatus.ADOPTED,
            adopted_on=date(2026, 11, 22),
            document=document,
        )
        db.add(first)
        record(db, first, "load_seeds", origin)
        db.commit()
        world = World(codes, {key: zone.id for key, zone in zones.items()}, investor.id, ON)
        evaluate_portfolio(db, on=ON, at=AT)
        report = ReportFacts(kind=ReportKind.Q, period="2026-Q4", received_on=ON)
        for project in db.query(Project).order_by(Project.id):
            receive_report(db, project, report, origin)
        db.commit()
        return world


def readers(app: Flask, world: World) -> list[tuple[str, Person, Role, set[str]]]:
    """Everyone who reads, and the projects each may see."""
    make_person(app, Role.ADMINISTRATOR, email="first@example.org")
    own, foreign = world.zones["own"], world.zones["foreign"]
    found = [
        ("zone officer", Role.ZONE_OFFICER, (own,), OWN),
        ("officer of the other zone", Role.ZONE_OFFICER, (foreign,), {"other"}),
        ("reader confined to a sub-zone", Role.READER, (world.zones["part"],), {"sub"}),
    ]
    found += [(role.value, role, (), ALL) for role in Role if role is not Role.ZONE_OFFICER]
    return [
        (
            name,
            make_person(app, role, email=f"r{number}@example.org", zone_ids=zones),
            role,
            seen,
        )
        for number, (name, role, zones, seen) in enumerate(found)
    ]


def marks_in(text: str) -> set[str]:
    return {key for key, mark in MARKS.items() if mark in text or mark.lower() in text}


def everything(answer) -> str:
    """The words of an answer, those inside a workbook as well."""
    if answer.data[:2] != b"PK":
        return answer.get_data(as_text=True)
    with ZipFile(BytesIO(answer.data)) as parts:
        return " ".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def test_each_list_and_file_shows_only_what_the_reader_may_see(app: Flask, world: World) -> None:
    outlets = {
        "/projects": None,
        "/projects?q=du+an": None,
        "/projects?flag=STALLED": None,
        "/projects?sort=-capital&size=25": None,
        f"/projects?as_of={world.day.isoformat()}": None,
        "/review-list": None,
        "/review-list?rule=STALLED": None,
        "/report-duties?state=received&zone=all": None,
        f"/investors/{world.investor}": None,
        "/projects.csv": Permission.EXPORT_REGISTER,
        "/projects.xlsx": Permission.EXPORT_REGISTER,
        "/review-list.csv": Permission.EXPORT_REGISTER,
        "/review-list.xlsx": Permission.EXPORT_REGISTER,
        "/review-list.csv?rule=STALLED": Permission.EXPORT_REGISTER,
        f"/projects.csv?as_of={world.day.isoformat()}": Permission.EXPORT_REGISTER,
    }
    for name, person, role, seen in readers(app, world):
        browser = sign_in(app, person)
        for address, permission in outlets.items():
            answer = browser.get(address)
            if permission is not None and permission not in GRANTS[role]:
                assert answer.status_code == 404, (name, address)
                continue
            assert answer.status_code == 200, (name, address)
            assert marks_in(everything(answer)) == seen, (name, address)
            answer.close()


def test_each_address_of_a_hidden_project_answers_as_if_there_were_none(
    app: Flask, world: World
) -> None:
    pages = [
        "/projects/{code}",
        "/projects/{code}?as_of=2026-11-22",
        "/projects/{code}/history",
        "/projects/{code}/flags",
        "/projects/{code}/flags/STALLED",
        "/projects/{code}/what-if",
        "/projects/{code}/milestones",
        "/projects/{code}/facts/edit",
        "/projects/{code}/capital/add",
        "/projects/{code}/papers/add",
        "/projects/{code}/files/add",
        "/projects/{code}/circumstances/add",
        "/delay-marks/new?code={code}",
        "/projects/{code}/files/1",
        "/projects/{code}/reports/1",
        "/projects/{code}/reports/Q/2026-Q4/enter",
        "/projects/{code}/reports/Y/2026/excuse",
    ]
    for name, person, _role, seen in readers(app, world):
        browser = sign_in(app, person)
        nowhere = browser.get("/projects/KT-9999")
        assert nowhere.status_code == 404
        for key in ALL - seen:
            for page in pages:
                answer = browser.get(page.format(code=world.codes[key]))
                assert answer.status_code == 404, (name, page, key)
                assert not marks_in(answer.text), (name, page, key)
        for key in seen:
            assert browser.get(f"/projects/{world.codes[key]}").status_code == 200, (name, key)


def test_figures_count_only_what_the_reader_may_see(app: Flask, world: World) -> None:
    for name, person, _role, seen in readers(app, world):
        browser = sign_in(app, person)
        browser.get("/projects")
        assert f"{len(seen)} dự án" in browser.words, name
        assert f"{len(seen)}.000,0 tỷ đồng" in browser.words, name


def test_changing_a_hidden_project_is_as_if_there_were_none(app: Flask, world: World) -> None:
    officer = next(p for name, p, _role, _seen in readers(app, world) if name == "zone officer")
    browser = sign_in(app, officer)
    browser.get(f"/projects/{world.codes['in']}/facts/edit")
    sent = browser.fields()
    for page in ("facts/edit", "stage/edit", "papers/add", "capital/add", "places/edit"):
        answer = browser.client.post(
            f"/projects/{world.codes['other']}/{page}",
            data=sent,
            headers={"Origin": "http://localhost"},
        )
        assert answer.status_code == 404, page


def test_a_zone_officer_without_a_zone_sees_nothing_and_catalogues_follow_the_rule(
    app: Flask, world: World
) -> None:
    with opened(app) as db:
        for key in ("in", "other"):
            project = db.query(Project).filter_by(code=world.codes[key]).one()
            project.listing, project.stage = Listing.SOLICITED, Stage.CALLING
            record(db, project, "move_project", Origin(None, AT))
        db.commit()
        people = {name: db.get(User, person.id) for name, person, *_ in readers(app, world)}
        within = choices(db, None)
        counted = {name: count_offers(db, user, Choice(), within) for name, user in people.items()}
    assert counted["zone officer"] == counted["officer of the other zone"] == 1
    assert counted["finance_officer"] == 2
    assert counted["reader confined to a sub-zone"] == 0
