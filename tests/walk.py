"""The walk: every page of the program, opened once for each role, on the program's own first data.

`tests/test_every_address.py` looks at what it brought home. An address whose argument the walk cannot
fill in fails by name: say in `Places.fill` what to put there.
"""

import copy
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from portfolio import create_app
from portfolio.exchange.seed import load_seeds
from portfolio.office import job as jobs
from portfolio.office.may import GRANTS, Permission
from portfolio.office.people import Office, Role, User, UserSession, UserZone
from portfolio.office.trail import Origin, TrailEntry, record, unpack
from portfolio.register.acts.circumstances import CircumstanceFacts, add_circumstance
from portfolio.register.acts.land import ParcelFacts, add_parcel
from portfolio.register.acts.marks import MarkFacts, mark_delay
from portfolio.register.acts.pauses import Claim, claim_pause
from portfolio.register.acts.reports import ReportFacts, receive_report
from portfolio.register.circumstances import CircumstanceKind
from portfolio.register.investor import Investor
from portfolio.register.marks import Verdict
from portfolio.register.papers import StoredFile
from portfolio.register.phases import Side
from portfolio.register.place import Unit
from portfolio.register.progress import ProgressReport, ReportKind
from portfolio.register.project import Listing, Project
from portfolio.register.reports_owed import reports_owed
from portfolio.register.sections import SECTIONS
from portfolio.register.sector import Sector
from portfolio.register.state import state_of_project
from portfolio.register.views import save_view
from portfolio.register.zone import Zone
from portfolio.reports.closing import MonthlyClosing, digest_of, figures_of
from portfolio.schedule.policy import Holiday
from portfolio.schedule.policy_acts import change_draft, start_draft
from portfolio.schedule.policy_parts_entry import PARTS
from portfolio.schedule.policy_trial import make_trial
from portfolio.schedule.report_links import MadeReportLink, Wanted, make_report_links
from portfolio.schedule.terms import last_day_of_month
from portfolio.web.clock import PROVINCE_ZONE
from tests.conftest import CHECKOUT, SECRET

OUR_ZONE, OTHER_ZONE = "dz_konplong", "kkt_boy"
OTHER_OFFICER = "other_officer"
"""A second zone officer, who must learn nothing of the first one's projects."""


@dataclass(frozen=True)
class Visit:
    """One page as one person was shown it."""

    who: str
    rule: Rule
    path: str
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.headers.get("Content-Type", "").startswith("text/html")

    @property
    def text(self) -> str:
        """What can be read in it, also in a workbook."""
        if self.body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(self.body)) as book:
                return "\n".join(
                    book.read(name).decode(errors="replace") for name in book.namelist()
                )
        return self.body.decode(errors="replace")


@dataclass
class Places:
    """What to put into the arguments of addresses, so that they name something that exists."""

    code: str
    parts: dict[str, tuple[str, int]]
    """By section, a project that has a row of it, and the row."""
    keys: dict[str, int]
    own: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By person, the view and the job that only its owner may open."""

    def fill(self, rule: Rule, who: str) -> list[dict[str, Any]]:
        """Values for the arguments of ``rule``; several where an address stands for many pages."""
        names = set(rule.arguments)
        if {"section", "row_id"} <= names:
            return [
                {"code": code, "section": part, "row_id": row}
                for part, (code, row) in self.parts.items()
            ]
        if "section" in names:
            return [{"code": self.code, "section": section} for section in SECTIONS]
        if "part" in names:
            return [{"number": self.keys["number"], "part": part} for part in PARTS]
        known: dict[str, Any] = {
            "code": self.code,
            "token": "x" * 43,
            "filename": "app.css",
            "rule_id": "STALLED",
            "rule": "INV-LATE",
        } | self.keys
        if "report_id" in names or {"kind", "period"} <= names:
            known["code"] = self.own["everybody"]["code_of_report"]
        if "row_id" in names:
            section = rule.rule.split("/")[3]
            known["code"], known["row_id"] = self.parts[section]
        if rule.rule.startswith("/answer/") and who != OTHER_OFFICER:
            known["token"] = self.own["everybody"]["answer"]
        if "file_id" in names:
            known["code"] = self.own["everybody"]["code_of_file"]
        known |= self.own.get(who) or self.own[Role.ADMINISTRATOR.value]
        missing = names - set(known)
        assert not missing, f"say in Places.fill what stands for {missing} in {rule.rule}"
        return [{name: known[name] for name in names}]


@dataclass
class World:
    """The program with data, a browser for everybody, and what the walk found."""

    app: Flask
    browsers: dict[str, FlaskClient]
    roles: dict[str, Role]
    places: Places
    visits: list[Visit] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)

    def rules(self, method: str) -> list[Rule]:
        """The addresses that answer to a method."""
        return [rule for rule in self.app.url_map.iter_rules() if method in (rule.methods or ())]

    def paths(self, rule: Rule, who: str) -> list[str]:
        """The addresses that a rule stands for."""
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("localhost")
            return [adapter.build(rule.endpoint, given) for given in self.places.fill(rule, who)]

    def permission(self, rule: Rule) -> Permission | None:
        """What the view behind an address asks for."""
        found: Permission | None = getattr(
            self.app.view_functions[rule.endpoint], "permission", None
        )
        return found

    def may(self, who: str, rule: Rule) -> bool:
        """Whether the person holds the permission of an address."""
        permission = self.permission(rule)
        return permission is None or permission in GRANTS[self.roles[who]]


# The world ------------------------------------------------------------------------------------


@contextmanager
def the_world(folder: Path) -> Iterator[World]:
    """The program on a database of its own with the first data, everybody signed in, and the walk done."""
    app = create_app(
        SECRET_KEY=SECRET,
        DATABASE_URL=_own_database(folder),
        VAR_DIR=str(folder),
        TRUSTED_HOSTS="localhost",
    )
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    done = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert done.exit_code == 0, done.output
    at = datetime.now(UTC)
    with app.app_context(), app.extensions["database"].open_session(write=True) as session:
        load_seeds(session, CHECKOUT / "seeds", at)
        session.commit()
        people = _people(session, at)
        places = _places(session, people, at)
        session.commit()
        roles = {who: person.role for who, person in people.items()}
    browsers = {who: _browser(app, who) for who in roles}
    found = World(app, browsers, roles, places)
    found.before = _checksums(app)
    found.visits = list(_walk(found))
    found.after = _checksums(app)
    yield found
    app.extensions["database"].engine.dispose()


def _own_database(folder: Path) -> str:
    server = os.environ.get("PORTFOLIO_TEST_DATABASE")
    if not server:
        return f"sqlite:///{folder / 'walk.sqlite'}"
    url = make_url(server)
    name = f"{url.database}_walk_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def _token(who: str) -> str:
    return hashlib.sha256(who.encode()).hexdigest()


def _people(session: Session, at: datetime) -> dict[str, User]:
    """One person for each role, and a second zone officer."""
    zones = {zone.key: zone.id for zone in session.scalars(select(Zone))}
    office = session.scalars(select(Office).order_by(Office.id)).first()
    people = {}
    for who, role in {
        **{role.value: role for role in Role},
        OTHER_OFFICER: Role.ZONE_OFFICER,
    }.items():
        key = {Role.ZONE_OFFICER.value: OUR_ZONE, OTHER_OFFICER: OTHER_ZONE}.get(who)
        person = User(
            email=f"{who}@example.org",
            name=f"Người {who}",
            role=role,
            office_id=office.id,
            must_change_password=False,
            password_set_at=at,
            created_at=at,
            zones=[UserZone(zone_id=zones[key])] if key else [],
        )
        session.add(person)
        record(session, person, "add_user", Origin(None, at))
        token = hashlib.sha256(_token(who).encode()).digest()
        session.add(
            UserSession(token_hash=token, user_id=person.id, created_at=at, seen_at=at, fresh_at=at)
        )
        people[who] = person
    return people


def _closed_month(session: Session, at: datetime) -> str:
    """A closed month with the figures of all projects, as if this month were over."""
    month = last_day_of_month(at.year, at.month)
    figures, law = figures_of(session, month, None)
    closing = MonthlyClosing(
        month=month,
        closed_at=at,
        closed_by="x",
        policy_id=law.id,
        head_seq=1,
        figures=figures,
        digest=digest_of(figures),
    )
    session.add(closing)
    session.flush()
    return closing.name


def _places(session: Session, people: dict[str, User], at: datetime) -> Places:
    """Rows for the arguments of addresses; projects lie in the zone of the first zone officer."""
    zones = zone_and_below(session, OUR_ZONE)
    projects = list(
        session.scalars(select(Project).where(Project.zone_id.in_(zones)).order_by(Project.id))
    )
    parts: dict[str, tuple[str, int]] = {}
    for project in projects:
        entry = session.get_one(TrailEntry, project.entry_seq)
        for name, row in _rows(unpack(entry.state)):
            parts.setdefault(name, (project.code, row))
    with_file = projects[0]
    program = Origin(None, at)
    claim = Claim(cause="b", side=Side.STATE, since=at.date())
    claim_pause(session, with_file, claim, program)
    add_parcel(session, with_file, ParcelFacts(name="Thửa 1"), program)
    licensed = next(one for one in projects if one.listing is Listing.LICENSED)
    happened = CircumstanceFacts(kind=CircumstanceKind.STOPPED, on=at.date(), text="Dừng thi công")
    fact = add_circumstance(session, licensed, happened, program)
    said = MarkFacts(
        verdict=Verdict.ADDS, severity="late", cause="market", note="Ghi nhận", on=at.date()
    )
    mark = mark_delay(session, licensed, said, program)
    parts["circumstances"] = (licensed.code, fact.id)
    parts["marks"] = (licensed.code, mark.id)
    for name, row in _rows(state_of_project(with_file)):
        parts.setdefault(name, (with_file.code, row))
    file = StoredFile(
        name="a.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        stored_as="not-there",
        uploaded_at=at,
        uploaded_by="x",
    )
    with_file.files.append(file)
    record(session, with_file, "add_file", Origin(None, at))
    parts["files"] = (with_file.code, file.id)
    number = _tried_draft(session, people[Role.FINANCE_OFFICER.value], at)
    first = {
        name: session.scalars(select(model.id).order_by(model.id)).first()
        for name, model in (
            ("user_id", User), ("office_id", Office), ("zone_id", Zone), ("unit_id", Unit), ("sector_id", Sector),
            ("holiday_id", Holiday),
        )
    }  # fmt: skip
    investors = list(session.scalars(select(Investor.id).order_by(Investor.id).limit(2)))
    keys = first | {
        "number": number,
        "investor_id": investors[0],
        "other_id": investors[1],
        "file_id": file.id,
    }
    reporting, report = _report(session, projects, at)
    parts["reports"] = (reporting.code, report.id)
    # Another report than the one that is in: the page on which a paper is entered.
    keys |= {"report_id": report.id, "kind": "MY", "period": report.period, "decision": "reopen"}
    link = _link(session, projects, at)
    keys["link_id"] = link.made.link.id
    keys["month"] = _closed_month(session, at)
    places = Places(with_file.code, parts, keys)
    places.own["everybody"] = {
        "code_of_file": with_file.code,
        "answer": link.address.rpartition("/")[2],
        "code_of_report": reporting.code,
    }
    for who, person in people.items():
        view = save_view(
            session, name="Của tôi", query="", columns="", shared=False, by=person, at=at
        )
        job = jobs.enqueue(session, "nothing", {"who": who}, by=person, at=at)
        jobs.cancel(session, job, at)
        places.own[who] = {"view_id": view.id, "ref": job.ref}
    session.info.pop("jobs_to_send", None)
    return places


def _link(session: Session, projects: list[Project], at: datetime) -> MadeReportLink:
    """A one-time link for a report that one of the projects owes."""
    licensed = next(one for one in projects if one.listing is Listing.LICENSED)
    state = unpack(session.get_one(TrailEntry, licensed.entry_seq).state)
    owed = reports_owed(session, state, at.date())[0]
    wanted = Wanted(licensed, owed.kind, owed.period, sent_to="nhadautu@example.org")
    return make_report_links(session, [wanted], Origin(None, at))[0]


def _report(
    session: Session, projects: list[Project], at: datetime
) -> tuple[Project, ProgressReport]:
    """A licensed project, and its report for the running year."""
    project = next(one for one in projects if one.listing is Listing.LICENSED)
    day = at.astimezone(PROVINCE_ZONE).date()
    facts = ReportFacts(kind=ReportKind.Y, period=str(day.year), received_on=day)
    return project, receive_report(session, project, facts, Origin(None, at))


def _tried_draft(session: Session, by: User, at: datetime) -> int:
    """A draft of the policy that moves many projects, tried."""
    draft = start_draft(session, Origin(by, at, "x"))
    document = copy.deepcopy(draft.document)
    next(r for r in document["rules"] if r["id"] == "STALLED")["settings"]["months"] = 1
    change_draft(session, draft, document, Origin(by, at, "x"))
    session.add(make_trial(lambda: nullcontext(session), draft.number, at=at, by=by.name))
    return draft.number


def _rows(state: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """The first row of each section that a state document holds."""
    for name, section in SECTIONS.items():
        rows = state.get(section.part) if section.many else None
        if section.part == "milestones":
            rows = [
                milestone for phase in state.get("phases", ()) for milestone in phase["milestones"]
            ]
        if rows:
            yield name, rows[0]["id"]


def zone_and_below(session: Session, key: str) -> set[int]:
    zones = list(session.scalars(select(Zone)))
    found = {zone.id for zone in zones if zone.key == key}
    while more := {zone.id for zone in zones if zone.parent_id in found} - found:
        found |= more
    return found


def _browser(app: Flask, who: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("session", _token(who))
    return client


def _walk(world: World) -> Iterator[Visit]:
    for who, browser in world.browsers.items():
        for rule in world.rules("GET"):
            for path in world.paths(rule, who):
                with browser.get(path) as answer:
                    found = (answer.status_code, answer.data, dict(answer.headers))
                yield Visit(who, rule, path, *found)


def _checksums(app: Flask) -> dict[str, str]:
    """What each table holds, in a word; when a session was last seen is no content."""
    engine = app.extensions["database"].engine
    found = {}
    with engine.connect() as connection:
        for table in sorted(inspect(connection).get_table_names()):
            columns = [
                c["name"] for c in inspect(connection).get_columns(table) if c["name"] != "seen_at"
            ]
            names = ", ".join(f'"{name}"' for name in columns)
            rows = sorted(
                repr(tuple(row))
                for row in connection.execute(text(f'SELECT {names} FROM "{table}"'))  # noqa: S608
            )
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def key_of(browser: FlaskClient) -> str:
    """The key against forged posts, as a page carries it."""
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/accessibility").text)[
        1
    ]


def methods_of(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}
