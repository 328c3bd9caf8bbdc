"""Users and offices on screen: adding, changing, refusing, and what forms cannot do."""

import pytest

from portfolio.office.people import Office, OfficeKind, Role, User, UserZone
from portfolio.office.trail import Origin, TrailEntry, record, unpack
from portfolio.register.zone import Zone, ZoneKind
from tests.browser import Browser
from tests.conftest import AT
from tests.office.conftest import PASSWORD, make_person, opened, sign_in

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def office_id(app) -> int:
    with opened(app) as session:
        return session.query(Office).order_by(Office.id).first().id


def make_zone(app, name="Khu thử", parent_id=None) -> int:
    with opened(app) as session:
        zone = Zone(key=name, name=name, kind=ZoneKind.TOURISM_AREA, parent_id=parent_id)
        session.add(zone)
        record(session, zone, "add_zone", Origin(None, AT))
        session.commit()
        return zone.id


def add(app, browser: Browser, **typed):
    browser.get("/users/new")
    given = {
        "name": "Lê Thị Bình",
        "email": "binh.le@example.org",
        "role": "reader",
        "office_id": office_id(app),
    }
    return browser.submit(**(given | {"active": "y"} | typed))


def test_a_new_user_gets_a_first_password_that_is_shown_once(app, admin_browser):
    answer = add(app, admin_browser)
    assert answer.status_code == 200
    password = admin_browser.soup.select_one("samp").text
    with opened(app) as session:
        user = session.query(User).filter_by(email="binh.le@example.org").one()
        assert user.must_change_password
        assert password not in user.password_hash
        entry = session.query(TrailEntry).filter_by(act="add_user", subject_id=user.id).one()
        assert "password_hash" not in unpack(entry.state)
    assert password not in admin_browser.get(f"/users/{user.id}").text


def test_sending_the_form_twice_makes_one_user(app, admin_browser):
    admin_browser.get("/users/new")
    sent = admin_browser.fields() | {
        "name": "A", "email": "a@example.org", "role": "reader", "office_id": office_id(app), "active": "y",
    }  # fmt: skip
    first = admin_browser.client.post("/users/new", data=sent)
    second = admin_browser.client.post("/users/new", data=sent)
    assert (first.status_code, second.status_code) == (200, 303)
    with opened(app) as session:
        assert session.query(User).filter_by(email="a@example.org").count() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": ""}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": "a@b@c"}, "email"),
        ({"email": "a@example.org\r\nBcc: x@example.org"}, "email"),
        ({"role": "king"}, "role"),
        ({"role": None}, "role"),
        ({"office_id": "999999"}, "office_id"),
        ({"role": "zone_officer"}, "zone_ids"),
        ({"stand_in_from": "31/02/2026"}, "stand_in_from"),
        ({"stand_in_from": "02/03/2026", "stand_in_to": "01/03/2026"}, "stand_in_to"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(app, admin_browser, typed, field):
    answer = add(app, admin_browser, **typed)
    assert answer.status_code == 422
    assert admin_browser.soup.select_one(f"#{field}-error"), admin_browser.words
    with opened(app) as session:
        assert session.query(User).count() == 1


def test_an_address_belongs_to_one_user_whatever_its_case(app, admin_browser, administrator):
    assert add(app, admin_browser, email=administrator.email.upper()).status_code == 422
    assert administrator.name in admin_browser.words


def test_a_zone_officer_gets_zones_and_sees_them_named(app, admin_browser):
    zone_id = make_zone(app, "Khu Măng Đen thử")
    assert add(app, admin_browser, role="zone_officer", zone_ids=[zone_id]).status_code == 200
    admin_browser.get("/users")
    assert "Khu Măng Đen thử" in admin_browser.words
    with opened(app) as session:
        user = session.query(User).filter_by(email="binh.le@example.org").one()
        assert session.query(UserZone).filter_by(user_id=user.id).one().zone_id == zone_id


def test_a_change_is_one_entry_with_who_and_what(app, admin_browser, administrator):
    person = make_person(app, Role.READER, email="reader@example.org")
    admin_browser.get(f"/users/{person.id}/edit")
    assert admin_browser.submit(name="Tên mới", role="auditor").status_code == 303
    with opened(app) as session:
        entry = session.query(TrailEntry).filter_by(act="change_user").one()
        assert (entry.by_id, entry.subject_id) == (administrator.id, person.id)
        state = unpack(entry.state)
        assert (state["name"], state["role"]) == ("Tên mới", "auditor")


def test_of_two_administrators_one_saves_and_the_other_sees_both_texts(app, administrator):
    person = make_person(app, Role.READER, email="reader@example.org")
    first, second = sign_in(app, administrator), sign_in(app, administrator)
    for browser in (first, second):
        browser.get(f"/users/{person.id}/edit")
    assert first.submit(name="Tên của người thứ nhất").status_code == 303
    answer = second.submit(name=f"Tên của người thứ hai {SCRIPT}")
    assert answer.status_code == 409
    assert "Tên của người thứ nhất" in second.words
    assert "Tên của người thứ hai" in second.words
    assert "<script>alert" not in answer.text
    assert second.submit().status_code == 303
    with opened(app) as session:
        assert session.get(User, person.id).name == f"Tên của người thứ hai {SCRIPT}"


def test_the_last_administrator_stays(app, admin_browser, administrator):
    for typed in ({"active": None}, {"role": "reader"}):
        admin_browser.get(f"/users/{administrator.id}/edit")
        assert admin_browser.submit(**typed).status_code == 422
        assert "quản trị viên cuối cùng" in admin_browser.words
    make_person(app, Role.ADMINISTRATOR, email="second@example.org")
    admin_browser.get(f"/users/{administrator.id}/edit")
    assert admin_browser.submit(active=None).status_code == 303


def test_a_switched_off_administrator_is_no_second_one(app, admin_browser, administrator):
    second = make_person(app, Role.ADMINISTRATOR, email="second@example.org")
    admin_browser.get(f"/users/{second.id}/edit")
    assert admin_browser.submit(active=None).status_code == 303
    admin_browser.get(f"/users/{administrator.id}/edit")
    assert admin_browser.submit(role="leader").status_code == 422


def test_nobody_stands_in_for_themselves(app, admin_browser):
    person = make_person(app, Role.READER, email="reader@example.org")
    admin_browser.get(f"/users/{person.id}/edit")
    assert admin_browser.submit(stand_in_id=person.id).status_code == 422


def test_forms_change_only_the_fields_they_list(app, admin_browser, administrator):
    person = make_person(app, Role.READER, email="reader@example.org")
    with opened(app) as session:
        before = {
            c.key: getattr(session.get(User, person.id), c.key) for c in User.__table__.columns
        }
    admin_browser.get(f"/users/{person.id}/edit")
    smuggled = {
        name: "1" for name in before if name not in admin_browser.fields() and name != "active"
    }
    assert {"password_hash", "id", "created_at", "must_change_password"} <= set(smuggled)
    assert admin_browser.submit(**smuggled).status_code == 303
    own = sign_in(app, person)
    own.get("/account")
    own.submit(
        name="Tên khác", role="administrator", office_id="1", email="x@example.org", active="y"
    )
    with opened(app) as session:
        after = {
            c.key: getattr(session.get(User, person.id), c.key) for c in User.__table__.columns
        }
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"name", "version"}


def test_texts_are_shown_as_texts(app, admin_browser):
    add(app, admin_browser, name=SCRIPT, email="x@example.org")
    with opened(app) as session:
        key = session.query(User).filter_by(email="x@example.org").one().id
    for path in (
        "/users",
        f"/users/{key}",
        f"/users/{key}/edit",
        "/trail",
        "/users?q=" + "%3Cscript%3E",
    ):
        page = admin_browser.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_list_is_searched_without_accents_and_filtered_by_role(app, admin_browser):
    add(app, admin_browser, name="Đặng Thị Hồng Đào", email="dao@example.org")
    admin_browser.get("/users?q=dang+thi+hong")
    assert "Đặng Thị Hồng Đào" in admin_browser.words
    admin_browser.get("/users?q=dang&role=leader")
    assert "Đặng" not in admin_browser.words


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_find_these_pages(app, administrator, role):
    zone_ids = [make_zone(app)] if role is Role.ZONE_OFFICER else []
    browser = sign_in(app, make_person(app, role, email="x@example.org", zone_ids=zone_ids))
    for path in (
        "/users",
        "/users/new",
        f"/users/{administrator.id}",
        "/offices/new",
        "/users/999",
    ):
        assert browser.get(path).status_code == 404
    browser.get("/account")
    key = browser.fields()["csrf_token"]
    for path in (
        f"/users/{administrator.id}/edit",
        f"/users/{administrator.id}/first-password",
        "/users/new",
    ):
        assert browser.client.post(path, data={"csrf_token": key}).status_code == 404


def test_an_account_changes_its_own_name_and_language(app, administrator):
    browser = sign_in(app, administrator)
    browser.get("/account")
    assert browser.submit(name="Trần Văn Mới", language="en").status_code == 303
    assert "Trần Văn Mới" in browser.follow().text
    assert browser.soup.html["lang"] == "en"
    browser.get("/account")
    browser.submit()
    with opened(app) as session:
        acts = session.query(TrailEntry).filter_by(act="change_own_account").count()
    assert acts == 1, "saving without a change is no act"


def test_the_language_button_is_kept_with_the_account(app, administrator):
    browser = sign_in(app, administrator)
    browser.get("/account")
    key = browser.fields()["csrf_token"]
    browser.client.post("/language", data={"csrf_token": key, "language": "en", "next": "/account"})
    with opened(app) as session:
        assert session.get(User, administrator.id).language == "en"
    other = Browser(app.test_client())
    other.get("/sign-in")
    other.submit(email=administrator.email, password=PASSWORD)
    other.get("/account")
    assert other.soup.html["lang"] == "en"


# Offices --------------------------------------------------------------------------------------


def test_an_office_is_added_changed_and_succeeded(app, admin_browser):
    admin_browser.get("/offices/new")
    answer = admin_browser.submit(
        name="Sở Thử nghiệm", kind="line_department", valid_from="01/07/2025"
    )
    assert answer.status_code == 303
    with opened(app) as session:
        made = session.query(Office).filter_by(name="Sở Thử nghiệm").one()
        assert (made.key, made.kind, made.version) == (
            "so_thu_nghiem",
            OfficeKind.LINE_DEPARTMENT,
            1,
        )
        other = session.query(Office).filter(Office.id != made.id).first().id
    admin_browser.get(f"/offices/{made.id}/edit")
    assert (
        admin_browser.submit(
            valid_to="30/06/2026", successor_id=other, reason="Sáp nhập"
        ).status_code
        == 303
    )
    with opened(app) as session:
        entry = session.query(TrailEntry).filter_by(act="change_office").one()
        assert entry.reason == "Sáp nhập"
        assert unpack(entry.state)["successor_id"] == other


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"valid_from": "01/01/2026", "valid_to": "31/12/2025"}, "valid_to"),
        ({"valid_from": "2026"}, "valid_from"),
        ({"kind": "palace"}, "kind"),
    ],
)
def test_an_office_that_cannot_be_is_refused(app, admin_browser, typed, field):
    admin_browser.get("/offices/new")
    given = {"name": "Sở Thử nghiệm", "kind": "other"} | typed
    assert admin_browser.submit(**given).status_code == 422
    assert admin_browser.soup.select_one(f"#{field}-error")


def test_two_offices_of_one_name_do_not_stand_at_the_same_time(app, admin_browser):
    for status in (303, 422):
        admin_browser.get("/offices/new")
        assert admin_browser.submit(name="Sở  thử nghiệm", kind="other").status_code == status


def test_everybody_reads_the_offices(app, administrator):
    browser = sign_in(app, make_person(app, Role.READER, email="r@example.org"))
    assert browser.get("/offices").status_code == 200
    assert "/edit" not in browser.page.text
