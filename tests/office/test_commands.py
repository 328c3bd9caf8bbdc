"""What whoever runs the server types: users and the trail."""

import re

import pytest

from portfolio.office.people import Office, OfficeKind, Role, User
from portfolio.office.trail import Origin, record
from portfolio.register.zone import Zone, ZoneKind
from tests.browser import Browser
from tests.conftest import AT, add_office
from tests.office.conftest import make_person, opened
from tests.office.test_trail_pages import forge


def run(app, *args: str):
    return app.test_cli_runner().invoke(args=list(args))


def test_an_administrator_is_made_on_an_empty_database_and_signs_in(app):
    done = run(app, "users", "add-administrator", "Quan.Tri@Example.org", "Lê Quản Trị")
    assert done.exit_code == 0, done.output
    email, password = done.output.splitlines()[0].split("\t")
    assert email == "quan.tri@example.org"
    browser = Browser(app.test_client())
    browser.get("/sign-in")
    assert browser.submit(email=email, password=password).status_code == 303
    assert browser.get("/users").headers["Location"] == "/account/password"
    with opened(app) as session:
        assert session.query(User).one().role is Role.ADMINISTRATOR
        assert session.query(Office).one().name == app.config["OFFICE_NAME"]


def test_an_administrator_goes_into_the_named_office_or_a_promotion_centre(app):
    with opened(app) as session:
        add_office(session, Origin(None, AT), "tt", OfficeKind.PROMOTION_CENTRE)
        add_office(session, Origin(None, AT), "bql", OfficeKind.ZONE_AUTHORITY)
    run(app, "users", "add-administrator", "a@example.org", "A")
    run(app, "users", "add-administrator", "b@example.org", "B", "--office", "bql")
    missing = run(app, "users", "add-administrator", "c@example.org", "C", "--office", "none")
    assert missing.exit_code == 1
    with opened(app) as session:
        offices = {user.email: user.office.key for user in session.query(User)}
    assert offices == {"a@example.org": "tt", "b@example.org": "bql"}


@pytest.mark.parametrize("email", ["no address", ""])
def test_a_bad_address_is_refused_in_words(app, email):
    done = run(app, "users", "add-administrator", email, "A")
    assert done.exit_code == 1
    assert "an.nguyen@example.org" in done.output


def test_demonstration_accounts_are_made_once_with_passwords_that_open(app):
    with opened(app) as session:
        for kind in OfficeKind:
            add_office(session, Origin(None, AT), kind.value, kind)
    zone_of(app)
    app.config["DEMO"] = True
    try:
        done = run(app, "users", "demo")
        assert done.exit_code == 0, done.output
        found = dict(re.findall(r"^(\S+@example\.org)\s+(\S+)", done.output, re.MULTILINE))
        assert len(found) == len(Role) == 7
        again = run(app, "users", "demo")
    finally:
        app.config["DEMO"] = False
    assert again.exit_code == 0
    assert not any(password in again.output for password in found.values())
    for email, password in found.items():
        browser = Browser(app.test_client())
        browser.get("/sign-in")
        assert browser.submit(email=email, password=password).status_code == 303
        assert browser.get("/account").status_code == 200
    with opened(app) as session:
        officer = session.query(User).filter_by(role=Role.ZONE_OFFICER).one()
        assert len(officer.zone_ids) == 1


def zone_of(app) -> None:
    with opened(app) as session:
        for key, name in (("kcn", "Khu khác"), ("dz_konplong", "Vùng động lực")):
            zone = Zone(key=key, name=name, kind=ZoneKind.DYNAMIC_ZONE)
            session.add(zone)
            record(session, zone, "add_zone", Origin(None, AT))
        session.commit()


def test_a_register_with_work_in_it_gets_no_demonstration_accounts(app):
    make_person(app, Role.ADMINISTRATOR)
    done = run(app, "users", "demo")
    assert done.exit_code == 1
    with opened(app) as session:
        assert session.query(User).count() == 1


def test_a_reset_link_is_printed_for_active_users_only(app):
    person = make_person(app, Role.READER)
    done = run(app, "users", "reset-link", person.email.upper())
    path = done.output.strip().removeprefix("http://127.0.0.1:8000")
    assert app.test_client().get(path).status_code == 200
    assert run(app, "users", "reset-link", "nobody@example.org").exit_code == 1


def test_the_trail_is_proved_and_a_broken_entry_named_with_exit_code_one(app):
    make_person(app, Role.READER)
    done = run(app, "trail", "verify")
    assert (done.exit_code, "all seals fit" in done.output) == (0, True)
    with opened(app) as session:
        forge(session, 1)
        session.commit()
    broken = run(app, "trail", "verify")
    assert broken.exit_code == 1
    assert "entry 1" in broken.output


def test_the_lists_are_written_anew_from_the_trail(app):
    assert run(app, "trail", "rebuild-lines").output == "0 lines written.\n"
