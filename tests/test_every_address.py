"""A walk over every address of the program, as everybody: whoever adds a page is tested by this file.

`tests/walk.py` opens each page once for each role; the tests below look at what it brought home.
"""

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from portfolio.office.people import Role
from portfolio.register.project import Project
from tests.walk import (
    OTHER_OFFICER,
    OUR_ZONE,
    Visit,
    World,
    key_of,
    methods_of,
    the_world,
    zone_and_below,
)

PUBLIC = {
    "GET /",
    "GET /accessibility",
    "GET /answer/<token>",
    "GET /calendar/<token>.ics",
    "GET /forgotten",
    "GET /healthz",
    "GET /help",
    "GET /readyz",
    "GET /reset/<token>",
    "GET /sign-in",
    "GET /static/<path:filename>",
    "GET /still-here",
    "POST /answer/<token>",
    "POST /forgotten",
    "POST /language",
    "POST /reset/<token>",
    "POST /sign-in",
    "POST /sign-out",
}
"""All that a visitor may open. Nothing is added here without somebody deciding that it is public."""

WRITTEN_BY_READING = {"export_log", "one_time_link", "sign_in_failure"}
"""Tables that a GET may write: it must be known who took a list out, whether an investor has opened a
link, and how many made-up links came from an address."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The program with data, a browser for everybody, and what the walk found."""
    with the_world(tmp_path_factory.mktemp("walk")) as found:
        yield found


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
    never = {
        "/projects/<code>/files/<int:file_id>",
        "/reset/<token>",
        "/jobs/<ref>/file",
        "/calendar/<token>.ics",
    }
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
        ours = zone_and_below(session, OUR_ZONE)
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
