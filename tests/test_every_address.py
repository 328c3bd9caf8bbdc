"""A walk over every address of the program, as everybody: whoever adds a page is tested by this file.

The walk opens each page once for each role, on the program's own first data, and the tests below look
at what it brought home. An address whose argument the walk cannot fill in fails by name: say in
`Places.fill` what to put there.
"""

import hashlib
import io
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
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
from portfolio.register.acts.land import ParcelFacts, add_parcel
from portfolio.register.acts.pauses import Claim, claim_pause
from portfolio.register.investor import Investor
from portfolio.register.papers import StoredFile
from portfolio.register.phases import Side
from portfolio.register.place import Unit
from portfolio.register.project import Project
from portfolio.register.sections import SECTIONS
from portfolio.register.sector import Sector
from portfolio.register.state import state_of_project
from portfolio.register.views import save_view
from portfolio.register.zone import Zone
from tests.conftest import CHECKOUT, SECRET

PUBLIC = {
    "GET /",
    "GET /accessibility",
    "GET /forgotten",
    "GET /healthz",
    "GET /help",
    "GET /readyz",
    "GET /reset/<token>",
    "GET /sign-in",
    "GET /static/<path:filename>",
    "GET /still-here",
    "POST /forgotten",
    "POST /language",
    "POST /reset/<token>",
    "POST /sign-in",
    "POST /sign-out",
}
"""All that a visitor may open. Nothing is added here without somebody deciding that it is public."""

WRITTEN_BY_READING = {"export_log"}
"""Tables that a GET may write, because it must be known who took a list out."""

OUR_ZONE, OTHER_ZONE = "dz_konplong", "kkt_boy"
OTHER_OFFICER = "other_officer"
"""A second zone officer, who must learn nothing of the first one's projects."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


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
        known: dict[str, Any] = {
            "code": self.code,
            "token": "x" * 43,
            "filename": "app.css",
        } | self.keys
        if "row_id" in names:
            section = rule.rule.split("/")[3]
            known["code"], known["row_id"] = self.parts[section]
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


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The program on a database of its own with the first data, and everybody signed in."""
    folder = tmp_path_factory.mktemp("walk")
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


def _places(session: Session, people: dict[str, User], at: datetime) -> Places:
    """Rows for the arguments of addresses; projects lie in the zone of the first zone officer."""
    zones = _zone_and_below(session, OUR_ZONE)
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
    claim = Claim(cause="land_not_handed_over", side=Side.STATE, since=at.date())
    claim_pause(session, with_file, claim, program)
    add_parcel(session, with_file, ParcelFacts(name="Thửa 1"), program)
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
    first = {
        name: session.scalars(select(model.id).order_by(model.id)).first()
        for name, model in (
            ("user_id", User), ("office_id", Office), ("zone_id", Zone), ("unit_id", Unit), ("sector_id", Sector),
        )
    }  # fmt: skip
    investors = list(session.scalars(select(Investor.id).order_by(Investor.id).limit(2)))
    keys = first | {"investor_id": investors[0], "other_id": investors[1], "file_id": file.id}
    places = Places(with_file.code, parts, keys)
    places.own["everybody"] = {"code_of_file": with_file.code}
    for who, person in people.items():
        view = save_view(
            session, name="Của tôi", query="", columns="", shared=False, by=person, at=at
        )
        job = jobs.enqueue(session, "nothing", {"who": who}, by=person, at=at)
        jobs.cancel(session, job, at)
        places.own[who] = {"view_id": view.id, "ref": job.ref}
    session.info.pop("jobs_to_send", None)
    return places


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


def _zone_and_below(session: Session, key: str) -> set[int]:
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


# Who may open what ----------------------------------------------------------------------------


def test_every_view_names_its_permission_or_says_that_it_is_public(world: World) -> None:
    views = {
        rule.endpoint: world.app.view_functions[rule.endpoint]
        for rule in world.app.url_map.iter_rules()
    }
    silent = [
        name for name, view in views.items() if name != "static" and not hasattr(view, "permission")
    ]
    assert silent == []


def test_only_the_listed_addresses_are_public(world: World) -> None:
    public = {
        f"{method} {rule.rule}"
        for rule in world.app.url_map.iter_rules()
        for method in methods_of(rule)
        if world.permission(rule) is None
    }
    assert public == PUBLIC


def test_get_and_post_are_two_functions(world: World) -> None:
    both = [
        rule.rule for rule in world.app.url_map.iter_rules() if {"GET", "POST"} <= methods_of(rule)
    ]
    assert both == []


def test_signed_out_every_other_address_leads_to_the_door(world: World) -> None:
    visitor = world.app.test_client()
    key = key_of(visitor)
    opened = []
    for rule in world.app.url_map.iter_rules():
        for method in methods_of(rule):
            if f"{method} {rule.rule}" in PUBLIC:
                continue
            for path in world.paths(rule, Role.ADMINISTRATOR.value):
                answer = visitor.open(path, method=method, data={"csrf_token": key})
                if answer.status_code != 303 or not answer.headers["Location"].startswith(
                    "/sign-in?"
                ):
                    opened.append(f"{method} {path} answers {answer.status_code}")
    assert opened == []


def test_each_role_finds_exactly_the_pages_of_its_permissions(world: World) -> None:
    wrong = [
        f"{visit.who} {visit.path} answers {visit.status}"
        for visit in world.visits
        if not world.may(visit.who, visit.rule) and visit.status != 404
    ]
    assert wrong == []
    reached = {visit.rule.rule for visit in world.visits if 200 <= visit.status < 400}
    # The one file of the walk has no bytes behind it, and a made-up reset link is spent.
    never = {"/projects/<code>/files/<int:file_id>", "/reset/<token>", "/jobs/<ref>/file"}
    assert {rule.rule for rule in world.rules("GET")} - reached <= never


def test_posting_without_the_permission_is_answered_like_nothing_there(world: World) -> None:
    wrong = []
    for who, browser in world.browsers.items():
        key = key_of(browser)
        for rule in world.rules("POST"):
            if world.may(who, rule):
                continue
            for path in world.paths(rule, who):
                answer = browser.post(path, data={"csrf_token": key})
                if answer.status_code != 404:
                    wrong.append(f"{who} {path} answers {answer.status_code}")
    assert wrong == []


def test_no_page_breaks(world: World) -> None:
    broken = [
        f"{visit.who} {visit.path} answers {visit.status}"
        for visit in world.visits
        if visit.status >= 500
    ]
    # The file of the walk is in the table but not on the disk, and that is said.
    assert [line for line in broken if "/files/" not in line] == []


# What may not be seen -------------------------------------------------------------------------


def test_a_project_of_another_zone_is_not_there_whatever_is_asked_of_it(world: World) -> None:
    browser = world.browsers[OTHER_OFFICER]
    key, wrong = key_of(browser), []
    for rule in world.app.url_map.iter_rules():
        if "code" not in rule.arguments:
            continue
        for method in methods_of(rule):
            for path in world.paths(rule, OTHER_OFFICER):
                answer = browser.open(path, method=method, data={"csrf_token": key})
                if answer.status_code != 404:
                    wrong.append(f"{method} {path} answers {answer.status_code}")
    assert wrong == []


def test_no_page_list_or_export_names_a_project_of_another_zone(world: World) -> None:
    with (
        world.app.app_context(),
        world.app.extensions["database"].open_session(write=False) as session,
    ):
        ours = _zone_and_below(session, OUR_ZONE)
        hidden = list(session.scalars(select(Project).where(Project.zone_id.in_(ours))))
        codes = re.compile("|".join(rf"\b{project.code}\b" for project in hidden))
    assert len(hidden) > 10
    seen = [
        visit for visit in world.visits if visit.who == OTHER_OFFICER and codes.search(visit.text)
    ]
    # The arguments of the walk themselves stand in the address of the page that says "not found".
    assert [visit.path for visit in seen if "/projects/KT" not in visit.path] == []
    shown = [
        v.path for v in world.visits if v.who == Role.ZONE_OFFICER.value and codes.search(v.text)
    ]
    assert shown, "the officer of the zone does see them"


# What reading does ----------------------------------------------------------------------------


def test_reading_changes_nothing(world: World) -> None:
    changed = {table for table in world.before if world.before[table] != world.after[table]}
    assert changed <= WRITTEN_BY_READING


def test_every_answer_carries_the_guard_headers(world: World) -> None:
    wrong = []
    for visit in world.visits:
        missing = {name for name, value in HEADERS.items() if visit.headers.get(name) != value}
        policy = visit.headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            missing.add("Content-Security-Policy")
        kept = visit.headers.get("Cache-Control", "")
        if visit.rule.endpoint != "static" and "no-store" not in kept:
            missing.add(f"Cache-Control is {kept!r}")
        if missing:
            wrong.append(f"{visit.who} {visit.path}: {sorted(missing)}")
    assert wrong == []


# Forged and misdirected requests --------------------------------------------------------------


@pytest.mark.parametrize("who", [Role.ADMINISTRATOR.value, Role.FINANCE_OFFICER.value])
def test_no_post_is_carried_out_without_its_key(world: World, who: str) -> None:
    browser, wrong = world.browsers[who], []
    for rule in world.app.url_map.iter_rules():
        for method in methods_of(rule) - {"GET"}:
            for path in world.paths(rule, who):
                for given in ({}, {"csrf_token": "x"}):
                    answer = browser.open(path, method=method, data=given)
                    if answer.status_code != 400:
                        wrong.append(f"{method} {path} {given} answers {answer.status_code}")
    assert wrong == []


def test_undeclared_methods_are_refused(world: World) -> None:
    browser, wrong = world.browsers[Role.ADMINISTRATOR.value], []
    for rule in world.app.url_map.iter_rules():
        path = world.paths(rule, Role.ADMINISTRATOR.value)[0]
        others = [r for r in world.app.url_map.iter_rules() if r.rule == rule.rule]
        declared = set().union(*(r.methods or set() for r in others))
        key = key_of(browser)
        for method in {"PUT", "DELETE", "PATCH", "TRACE"} - declared:
            answer = browser.open(path, method=method, headers={"X-CSRFToken": key})
            if answer.status_code != 405:
                wrong.append(f"{method} {path} answers {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("number", [0, 2**31, 2**63 - 1, 2**63, 10**40])
def test_a_number_that_names_nothing_is_not_found(world: World, number: int) -> None:
    browser, wrong = world.browsers[Role.FINANCE_OFFICER.value], []
    for who in (Role.FINANCE_OFFICER.value, Role.ADMINISTRATOR.value):
        browser = world.browsers[who]
        for rule in world.rules("GET"):
            if "<int:" not in rule.rule:
                continue
            path = re.sub(r"<int:\w+>", str(number), rule.rule).replace("<code>", world.places.code)
            path = path.replace("<section>", "capital")
            answer = browser.get(path)
            if answer.status_code != 404:
                wrong.append(f"{path} answers {answer.status_code}")
    assert wrong == []


ODD = (
    "' OR 1=1--", '"; DROP TABLE project;--', "<script>alert(1)</script>", "{{7*7}}", "%00", "\u202e", "🏭" * 50,
    "-1", "0", "99999999999999999999", "1e309", "NaN", "2026-02-31", "31/02/2026", "../../etc/passwd", "code desc, (select 1)",
    "ế" * 300, "a" * 900,
)  # fmt: skip
NAMES = (
    "q", "sort", "order", "after", "before", "page", "size", "rows", "columns", "zone", "place", "unit", "sector",
    "listing", "stage", "state", "flag", "rule", "severity", "investor", "capital_from", "capital_to", "capital",
    "as_of", "on", "since", "until", "by", "act", "kind", "subject", "role", "next", "parked", "lang", "view", "all",
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_queries_never_break_a_page_and_never_come_back_as_markup(
    world: World, odd: str
) -> None:
    browser, wrong = world.browsers[Role.ADMINISTRATOR.value], []
    for rule in world.rules("GET"):
        if rule.arguments - {"code"} or rule.endpoint == "static":
            continue
        path = world.paths(rule, Role.ADMINISTRATOR.value)[0]
        for names in (NAMES,) if len(odd) < 60 else (NAMES[:12], NAMES[12:24], NAMES[24:]):
            with browser.get(path, query_string=dict.fromkeys(names, odd)) as answer:
                if answer.status_code >= 500 or b"<script>alert" in answer.data:
                    wrong.append(f"{path}?{names[0]}… answers {answer.status_code}")
    assert wrong == []


# The pages themselves -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def parsed(world: World) -> list[tuple[Visit, BeautifulSoup]]:
    """Each different page, parsed once."""
    seen: dict[str, Visit] = {}
    for visit in world.visits:
        if visit.is_page and visit.status == 200:
            seen.setdefault(f"{visit.path} {len(visit.body)}", visit)
    return [(visit, BeautifulSoup(visit.body, "html.parser")) for visit in seen.values()]


def test_every_page_has_one_heading_a_title_a_language_and_no_second_id(parsed) -> None:
    wrong = []
    for visit, soup in parsed:
        ids = [tag["id"] for tag in soup.select("[id]")]
        double = sorted({one for one in ids if ids.count(one) > 1})
        if len(soup.select("h1")) != 1 or not soup.title or not soup.html.get("lang") or double:
            wrong.append(
                f"{visit.who} {visit.path}: {len(soup.select('h1'))} h1, double ids {double}"
            )
    assert wrong == []


def test_nothing_on_a_page_needs_a_looser_content_policy(parsed) -> None:
    wrong = []
    for visit, soup in parsed:
        inline = [script for script in soup.select("script") if not script.get("src")]
        styled = soup.select("style, [style]")
        handlers = [
            tag for tag in soup.find_all(True) if any(name.startswith("on") for name in tag.attrs)
        ]
        foreign = [t for t in soup.select("[src]") if re.match(r"(?:https?:)?//", t["src"])]
        if inline or styled or handlers or foreign:
            wrong.append(
                f"{visit.path}: {[str(tag)[:80] for tag in [*inline, *styled, *handlers, *foreign]]}"
            )
    assert wrong == []


def test_every_form_that_posts_carries_its_key_and_every_box_its_label(parsed) -> None:
    wrong = []
    for visit, soup in parsed:
        wrong += [
            f"{visit.path}: a form to {form.get('action')} without a key"
            for form in soup.select("form[method=post]")
            if not form.select_one("input[name=csrf_token]")
        ]
        labels = {label.get("for") for label in soup.select("label[for]")}
        for box in soup.select("input:not([type=hidden]), select, textarea"):
            named = box.get("id") in labels or box.get("aria-label") or box.get("aria-labelledby")
            if not named and not box.find_parent("label"):
                wrong.append(f"{visit.path}: {str(box)[:80]} has no label")
    assert wrong == []


def test_links_of_a_page_lead_to_addresses_that_exist(world: World, parsed) -> None:
    adapter, wrong, asked = world.app.url_map.bind("localhost"), set(), {}
    for visit, soup in parsed:
        for link in soup.select("a[href^='/'], form[action^='/']"):
            path = (link.get("href") or link.get("action")).partition("?")[0].partition("#")[0]
            method = "POST" if link.get("method") == "post" else "GET"
            if (method, path) not in asked:
                asked[method, path] = adapter.test(path, method)
            if not asked[method, path]:
                wrong.add(f"{visit.path} -> {method} {path}")
    assert sorted(wrong) == []


def test_no_page_shows_what_only_programmers_read(parsed) -> None:
    wrong = []
    for visit, soup in parsed:
        words = soup.get_text(" ")
        if re.search(r"\bNone\b|Undefined|<\w+ object at|%\(\w+\)s|\{\{|\}\}", words):
            wrong.append(
                f"{visit.who} {visit.path}: {re.search(r'.{0,40}(None|Undefined|object at|%[(]|{{|}}).{0,40}', words)}"
            )
    assert wrong == []
