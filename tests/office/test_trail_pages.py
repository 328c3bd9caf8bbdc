"""The trail on screen: what is shown, filtered, and proved."""

import json
import zlib
from datetime import timedelta

import pytest
from sqlalchemy import text

from portfolio.office import trail_pages
from portfolio.office.offices import OfficeValues, add_office, change_office
from portfolio.office.people import Office, OfficeKind, Role
from portfolio.office.trail import Origin, TrailEntry, record, record_all
from portfolio.register.project import Listing, Project, Stage
from portfolio.register.zone import Zone, ZoneKind
from tests.conftest import AT
from tests.office.conftest import make_person, opened, sign_in


@pytest.fixture
def auditor(app, administrator):
    """The auditor, signed in, after an office was made and renamed with a reason."""
    with opened(app) as session:
        office = add_office(session, OfficeValues("Sở Cũ", OfficeKind.OTHER), Origin(None, AT))
        values = OfficeValues("Sở Mới", OfficeKind.OTHER, abbreviation="SM")
        change_office(
            session, office, values, Origin(None, AT + timedelta(days=2), "Đổi tên theo nghị quyết")
        )
        session.commit()
    return sign_in(app, make_person(app, Role.AUDITOR, email="auditor@example.org"))


def rows(browser) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in browser.soup.select("tbody tr")]


def test_entries_stand_newest_first_with_who_why_and_each_field(app, auditor):
    auditor.get("/trail?kind=office")
    changed = next(row for row in rows(auditor) if "Đổi tên theo nghị quyết" in row)
    assert "Sở Cũ" in changed
    assert "Sở Mới" in changed
    assert "SM" in changed
    numbers = [int(row.split()[0]) for row in rows(auditor)]
    assert numbers == sorted(numbers, reverse=True)


def test_the_page_names_acts_and_fields_in_the_readers_language(app, auditor):
    auditor.get("/trail?act=change_office")
    assert "Sửa cơ quan" in auditor.words
    assert "Tên viết tắt" in auditor.words
    assert "change_office" not in " ".join(rows(auditor))


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("act=change_office", "Sở Mới", "Thêm người dùng"),
        ("kind=user", "Thêm người dùng", "Sửa cơ quan"),
        ("since=24/11/2026", "Sửa cơ quan", "Thêm cơ quan"),
        ("until=22/11/2026", "Thêm cơ quan", "Sửa cơ quan"),
        ("since=24/11/2026&until=24/11/2026", "Sửa cơ quan", "Thêm cơ quan"),
        ("by=0&kind=office", "Sở Mới", "Thêm người dùng"),
    ],
)
def test_entries_are_found_by_who_act_subject_and_day(app, auditor, query, found, missing):
    auditor.get(f"/trail?{query}")
    shown = " ".join(rows(auditor))
    assert found in shown
    assert missing not in shown


def test_one_subject_has_its_history(app, auditor):
    with opened(app) as session:
        key = session.query(Office).filter_by(name="Sở Mới").one().id
    auditor.get(f"/trail?kind=office&subject={key}")
    assert len(rows(auditor)) == 2


def test_a_day_that_is_none_is_said_and_hides_nothing(app, auditor):
    auditor.get("/trail?since=31/02/2026")
    assert "31/02/2026" in auditor.soup.select_one(".error").text
    assert rows(auditor)


@pytest.mark.parametrize(
    "query", ["before=x", "before=99999999999999999999", "by=zzz", "subject=-1", "act=" + "x" * 500]
)
def test_a_made_up_address_shows_a_page(auditor, query):
    assert auditor.get(f"/trail?{query}").status_code == 200


def test_paging_goes_on_by_number_and_loses_no_entry(app, auditor, monkeypatch):
    monkeypatch.setattr(trail_pages, "ROWS", 3)
    seen: list[int] = []
    auditor.get("/trail")
    while True:
        seen += [int(row.split()[0]) for row in rows(auditor)]
        older = auditor.soup.select_one("a[rel=next]")
        if older is None:
            break
        auditor.get("/trail" + older["href"] if older["href"].startswith("?") else older["href"])
    with opened(app) as session:
        assert seen == [
            seq for (seq,) in session.query(TrailEntry.seq).order_by(TrailEntry.seq.desc())
        ]


def test_the_chain_is_proved_on_demand(app, auditor):
    auditor.get("/trail")
    assert auditor.submit("/trail/verify").status_code == 200
    assert "nguyên vẹn" in auditor.words


def test_the_first_broken_entry_is_named(app, auditor):
    with opened(app) as session:
        seq = (
            session.query(TrailEntry.seq)
            .filter_by(act="add_office")
            .order_by(TrailEntry.seq)
            .first()
            .seq
        )
        forge(session, seq)
        session.commit()
    auditor.get("/trail")
    auditor.submit("/trail/verify")
    assert f"mục {seq}" in auditor.words
    assert "đã bị sửa sau khi ghi" in auditor.words


def forge(session, seq: int) -> None:
    """Change an entry behind the program's back, as somebody with the file in hand could."""
    for trigger in triggers(session):
        session.execute(text(trigger))
    state = zlib.compress(json.dumps({"id": 1, "name": "giả"}).encode())
    session.execute(
        text("UPDATE trail_entry SET state = :s WHERE seq = :n"), {"s": state, "n": seq}
    )


def triggers(session) -> list[str]:
    if session.get_bind().dialect.name == "sqlite":
        found = session.execute(
            text(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'trail_entry'"
            )
        )
        return [f'DROP TRIGGER "{name}"' for (name,) in found]
    return ["ALTER TABLE trail_entry DISABLE TRIGGER USER"]


@pytest.mark.parametrize(
    "role", [Role.READER, Role.LEADER, Role.FINANCE_OFFICER, Role.CENTRE_OFFICER]
)
def test_others_do_not_find_it(app, administrator, role):
    browser = sign_in(app, make_person(app, role, email="x@example.org"))
    assert browser.get("/trail").status_code == 404
    browser.get("/account")
    answer = browser.client.post(
        "/trail/verify", data={"csrf_token": browser.fields()["csrf_token"]}
    )
    assert answer.status_code == 404


def test_an_auditor_with_zones_reads_no_entry_of_a_project_elsewhere(app, administrator):
    with opened(app) as session:
        zones = [Zone(key=name, name=name, kind=ZoneKind.OTHER) for name in ("Khu này", "Khu kia")]
        session.add_all(zones)
        record_all(session, zones, "add_zone", Origin(None, AT))
        for number, zone in enumerate(zones, 1):
            project = Project(
                code=f"KT-000{number}",
                name=f"Dự án ở {zone.name}",
                listing=Listing.LICENSED,
                stage=Stage.PREPARING,
                zone_id=zone.id,
            )
            session.add(project)
            record(session, project, "log_project", Origin(None, AT))
        session.commit()
        here = zones[0].id
    person = make_person(app, Role.AUDITOR, email="a@example.org", zone_ids=[here])
    browser = sign_in(app, person)
    browser.get("/trail?kind=project")
    assert "Dự án ở Khu này" in browser.words
    assert "Dự án ở Khu kia" not in browser.words
