"""Zones, places, sectors and investors on screen."""

from datetime import date

import pytest

from portfolio.office.people import Role
from portfolio.office.trail import Origin, TrailEntry, record
from portfolio.register import investor_pages
from portfolio.register.investor import Investor, InvestorRole, ProjectInvestor
from portfolio.register.line import RegisterLine
from portfolio.register.place import Succession, SuccessionKind, Unit, UnitLevel
from portfolio.register.project import Listing, Project, Stage
from portfolio.register.reference_acts import SectorValues, ZoneValues, add_sector, add_zone
from portfolio.register.sector import Sector
from portfolio.register.zone import Zone, ZoneKind, ZoneStatus
from tests.browser import Browser
from tests.conftest import AT
from tests.office.conftest import Person, make_person, opened, sign_in

PROGRAM = Origin(None, AT)
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def administrator(app) -> Person:
    """Without one nobody signs in."""
    return make_person(app, Role.ADMINISTRATOR)


@pytest.fixture
def keys(app, administrator) -> dict[str, int]:
    """A small province: a zone with a part and a former one, a commune with its past, an investor."""
    with opened(app) as session:
        zone = add_zone(
            session,
            ZoneValues(
                name="Khu kinh tế Bờ Y", kind=ZoneKind.ECONOMIC_ZONE, valid_from=date(2007, 2, 8)
            ),
            PROGRAM,
        )
        inner = add_zone(
            session,
            ZoneValues(name="Cửa khẩu", kind=ZoneKind.BORDER_GATE, parent_id=zone.id),
            PROGRAM,
        )
        ended = add_zone(
            session,
            ZoneValues(
                name="Khu đã hết",
                kind=ZoneKind.OTHER,
                valid_from=date(2010, 1, 1),
                valid_to=date(2020, 12, 31),
            ),
            PROGRAM,
        )
        add_zone(
            session,
            ZoneValues(name="Khu đã bỏ", kind=ZoneKind.OTHER, status=ZoneStatus.DROPPED),
            PROGRAM,
        )
        sector = add_sector(session, SectorValues(name="Du lịch", position=1), PROGRAM)
        old = unit("old", "Xã Đắk Long (cũ)", date(1900, 1, 1), date(2025, 6, 30))
        new = unit("new", "Xã Đăk Kôi", date(2025, 7, 1))
        investor = Investor(
            name="Công ty CP Sâm Ngọc Linh",
            folded="cong ti cp sam ngoc linh",
            tax_code="6100123456",
        )
        twin = Investor(name="SÂM NGỌK LINH", folded="sam ngoc linh")
        session.add_all([old, new, investor, twin])
        for one in (old, new, investor, twin):
            record(session, one, "load_seeds", PROGRAM)
        session.add(
            Succession(
                old=old,
                new=new,
                kind=SuccessionKind.MERGED,
                on=date(2025, 7, 1),
                document="NQ 1677",
            )
        )
        project = Project(
            code="KT-0001", name="Trồng sâm", listing=Listing.LICENSED, stage=Stage.PREPARING, zone_id=inner.id,
            sector_id=sector.id, investors=[ProjectInvestor(investor=twin, role=InvestorRole.LEAD)],
        )  # fmt: skip
        session.add(project)
        record(session, project, "log_project", PROGRAM)
        session.commit()
        return {
            "zone": zone.id, "inner": inner.id, "ended": ended.id, "sector": sector.id, "old": old.id, "new": new.id,
            "investor": investor.id, "twin": twin.id, "project": project.id,
        }  # fmt: skip


def unit(code: str, name: str, since: date, until: date | None = None) -> Unit:
    return Unit(
        code=code,
        name=name,
        kind="commune",
        level=UnitLevel.COMMUNE,
        valid_from=since,
        valid_to=until,
    )


@pytest.fixture
def browser(app, administrator, keys) -> Browser:
    """The administrator, signed in."""
    return sign_in(app, administrator)


def reader_of(app, role: Role = Role.READER, **more) -> Browser:
    return sign_in(app, make_person(app, role, email=f"{role.value}@reader.org", **more))


# Zones ----------------------------------------------------------------------------------------


def test_the_tree_stands_in_order_with_counts_of_inner_zones(browser, keys):
    browser.get("/zones")
    names = [link.text for link in browser.soup.select("tbody a.name")]
    assert names == ["Khu kinh tế Bờ Y", "Cửa khẩu"]
    counts = [row.select("td")[-1].text.strip() for row in browser.soup.select("tbody tr")]
    assert counts == ["1", "1"]


def test_the_tree_of_a_past_day_and_everything(browser):
    browser.get("/zones?on=01/06/2015")
    assert "Khu đã hết" in browser.words
    browser.get("/zones?on=01/06/2006")
    assert "Khu kinh tế Bờ Y" not in browser.words
    browser.get("/zones?all=1")
    assert "Khu đã hết" in browser.words
    assert "Khu đã bỏ" in browser.words


@pytest.mark.parametrize("on", ["31/02/2026", "x", "2" * 300])
def test_a_day_that_is_none_means_today(browser, on):
    assert browser.get(f"/zones?on={on}").status_code == 200
    assert browser.get(f"/places?on={on}").status_code == 200


def test_a_zone_is_added_with_what_was_typed_as_offices_write_it(app, browser, keys):
    browser.get("/zones/new")
    answer = browser.submit(
        name="Khu công nghiệp Sao Mai",
        kind="industrial_park",
        status="planned",
        parent_id=keys["zone"],
        area_ha="1.505.000 m²",
        valid_from="1/2/2024",
    )
    assert answer.status_code == 303, browser.words
    with opened(app) as session:
        made = session.query(Zone).filter_by(name="Khu công nghiệp Sao Mai").one()
        assert str(made.area_ha) == "150.500000"
        assert (made.valid_from, made.status, made.parent_id) == (
            date(2024, 2, 1),
            ZoneStatus.PLANNED,
            keys["zone"],
        )


def test_a_new_name_is_said_to_reach_its_projects(app, browser, keys):
    browser.get(f"/zones/{keys['inner']}/edit")
    assert (
        browser.submit(name="Cửa khẩu quốc tế", reason="Quyết định 225/QĐ-TTg").status_code == 303
    )
    assert "1 dự án đã nhận tên mới" in browser.follow().text
    with opened(app) as session:
        line = session.query(RegisterLine).filter_by(project_id=keys["project"], until=None).one()
        assert line.zone_name == "Cửa khẩu quốc tế"
        entry = session.query(TrailEntry).filter_by(act="rename_zone").one()
        assert (entry.reason, entry.subject_id) == ("Quyết định 225/QĐ-TTg", keys["project"])


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "castle"}, "kind"),
        ({"valid_from": "30/02/2020"}, "valid_from"),
        ({"valid_from": "01/01/2020", "valid_to": "31/12/2019"}, "valid_to"),
        ({"area_ha": "lớn"}, "area_ha"),
        ({"parent_id": "99999"}, "parent_id"),
        ({"name": "x" * 301}, "name"),
    ],
)
def test_a_zone_that_cannot_be_is_refused_with_everything_still_typed(browser, keys, typed, field):
    browser.get("/zones/new")
    given = {"name": "Khu mới", "kind": "other", "source": "Báo cáo số 5"} | typed
    assert browser.submit(**given).status_code == 422
    assert browser.soup.select_one(f"#{field}-error"), browser.words
    assert browser.fields()["source"] == "Báo cáo số 5"


def test_a_zone_cannot_be_put_into_its_own_part(browser, keys):
    browser.get(f"/zones/{keys['zone']}/edit")
    assert browser.submit(parent_id=keys["inner"]).status_code == 422
    assert browser.soup.select_one("#parent_id-error")


def test_of_two_editors_of_a_zone_the_second_sees_both_texts(app, administrator, keys):
    first, second = sign_in(app, administrator), sign_in(app, administrator)
    for one in (first, second):
        one.get(f"/zones/{keys['zone']}/edit")
    assert first.submit(note="Ghi chú thứ nhất").status_code == 303
    assert second.submit(note=f"Ghi chú thứ hai {SCRIPT}").status_code == 409
    assert "Ghi chú thứ nhất" in second.words
    assert SCRIPT not in second.page.text
    assert second.submit().status_code == 303
    with opened(app) as session:
        assert session.get(Zone, keys["zone"]).note == f"Ghi chú thứ hai {SCRIPT}"


# Sectors --------------------------------------------------------------------------------------


def test_sectors_are_added_and_renamed(app, browser, keys):
    browser.get("/sectors/new")
    assert browser.submit(name="Dược liệu", position="5").status_code == 303
    browser.get(f"/sectors/{keys['sector']}/edit")
    assert browser.submit(name="Du lịch sinh thái").status_code == 303
    with opened(app) as session:
        assert {sector.name for sector in session.query(Sector)} == {
            "Dược liệu",
            "Du lịch sinh thái",
        }
        line = session.query(RegisterLine).filter_by(project_id=keys["project"], until=None).one()
        assert line.sector_name == "Du lịch sinh thái"


def test_a_sector_of_the_same_name_is_refused(browser, keys):
    browser.get("/sectors/new")
    assert browser.submit(name="DU  LICH").status_code == 422


# Places ---------------------------------------------------------------------------------------


def test_places_of_today_and_of_before_with_what_came_of_them(browser, keys):
    browser.get("/places")
    assert "Xã Đăk Kôi" in browser.words
    came = browser.soup.select_one(f"tbody a[href='/places/{keys['old']}']")
    assert came.text == "Xã Đắk Long (cũ)"
    browser.get("/places?on=30/06/2025")
    assert browser.soup.select_one("tbody a.name").text == "Xã Đắk Long (cũ)"
    assert browser.soup.select_one(f"tbody a[href='/places/{keys['new']}']").text == "Xã Đăk Kôi"


def test_a_place_shows_its_succession_in_both_directions(browser, keys):
    browser.get(f"/places/{keys['new']}")
    assert "Xã Đắk Long (cũ)" in browser.soup.select_one("section[aria-labelledby=came]").text
    browser.get(f"/places/{keys['old']}")
    went = browser.soup.select_one("section[aria-labelledby=went]").text
    assert "Xã Đăk Kôi" in went
    assert "NQ 1677" in went


def test_a_place_is_found_in_every_spelling(browser):
    for typed in ("dak koi", "Đắk Kôi", "new"):
        browser.get(f"/places?q={typed}")
        assert "Xã Đăk Kôi" in browser.words, typed


def test_only_other_spellings_of_a_place_can_be_typed(app, browser, keys):
    browser.get(f"/places/{keys['new']}/edit")
    assert (
        browser.submit(name_variants="Dak Koi; Đắk Côi", name="Xã Khác", code="9").status_code
        == 303
    )
    with opened(app) as session:
        place = session.get(Unit, keys["new"])
        assert (place.name, place.code, place.name_variants) == (
            "Xã Đăk Kôi",
            "new",
            "Dak Koi; Đắk Côi",
        )


# Investors ------------------------------------------------------------------------------------


def test_an_investor_is_found_by_name_in_any_spelling_and_by_tax_code(browser):
    for typed in ("sam ngok linh", "Sâm Ngọc", "6100123"):
        browser.get(f"/investors?q={typed}")
        assert "Công ty CP Sâm Ngọc Linh" in browser.words, typed
    browser.get("/investors?q=không+có+ai")
    assert "Không có nhà đầu tư nào khớp" in browser.words


def test_look_alikes_are_proposed_and_merged_after_a_reason(app, browser, keys):
    browser.get(f"/investors/{keys['investor']}")
    link = browser.soup.select_one(".callout a[href*=merge]")["href"]
    browser.get(link)
    assert "SÂM NGỌK LINH" in browser.words
    assert browser.submit(reason="").status_code == 422
    assert browser.submit(reason="Cùng giấy chứng nhận").status_code == 303
    page = browser.follow().text
    assert "Trồng sâm" in page
    answer = browser.get(f"/investors/{keys['twin']}")
    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        f"/investors/{keys['investor']}",
    )
    browser.get("/investors")
    assert "SÂM NGỌK LINH" not in browser.words
    assert browser.get(f"/investors/{keys['twin']}/edit").status_code == 404
    with opened(app) as session:
        line = session.query(RegisterLine).filter_by(project_id=keys["project"], until=None).one()
        assert line.investors == "Công ty CP Sâm Ngọc Linh"


def test_a_corrected_investor_keeps_its_projects_in_step(app, browser, keys):
    browser.get(f"/investors/{keys['twin']}/edit")
    assert browser.submit(name="Công ty TNHH Sâm Ngọc Linh", country="vn").status_code == 303
    with opened(app) as session:
        assert session.get(Investor, keys["twin"]).country == "VN"
        line = session.query(RegisterLine).filter_by(project_id=keys["project"], until=None).one()
        assert line.investors == "Công ty TNHH Sâm Ngọc Linh"


def test_investors_page_by_page_lose_nobody(app, browser, monkeypatch):
    with opened(app) as session:
        for number in range(7):
            one = Investor(name=f"Nhà đầu tư {number}", folded=f"nha dau tu {number % 3}")
            session.add(one)
            record(session, one, "add_investor", PROGRAM)
        session.commit()
    monkeypatch.setattr(investor_pages, "ROWS", 2)
    seen: list[str] = []
    browser.get("/investors")
    while True:
        seen += [link["href"] for link in browser.soup.select("tbody a.name")]
        older = browser.soup.select_one("a[rel=next]")
        if older is None:
            break
        browser.get(older["href"])
    assert len(seen) == len(set(seen)) == 9


# Who may --------------------------------------------------------------------------------------


def test_readers_read_all_of_it_and_change_nothing(app, keys, administrator):
    reader = reader_of(app)
    for path in (
        "/zones",
        f"/zones/{keys['zone']}",
        "/sectors",
        "/places",
        f"/places/{keys['new']}",
        "/investors",
    ):
        assert reader.get(path).status_code == 200
        assert "/edit" not in reader.page.text
        assert "/new" not in reader.page.text
    for path in (
        "/zones/new",
        f"/zones/{keys['zone']}/edit",
        "/sectors/new",
        f"/places/{keys['new']}/edit",
        f"/investors/{keys['investor']}/edit",
        f"/investors/{keys['investor']}/merge/{keys['twin']}",
    ):
        assert reader.get(path).status_code == 404
        reader.get("/account")
        answer = reader.client.post(
            path, data={"csrf_token": reader.fields()["csrf_token"], "name": "X", "reason": "y"}
        )
        assert answer.status_code == 404


def test_an_officer_of_another_zone_finds_neither_the_investor_nor_the_number_of_its_projects(
    app, keys, administrator
):
    officer = reader_of(app, Role.ZONE_OFFICER, zone_ids=[keys["ended"]])
    assert officer.get(f"/investors/{keys['twin']}").status_code == 404
    officer.get("/investors")
    assert "SÂM NGỌK LINH" not in officer.words
    officer.get("/zones")
    counts = [row.select("td")[-1].text.strip() for row in officer.soup.select("tbody tr")]
    assert set(counts) == {"0"}


def test_texts_are_shown_as_texts_everywhere(app, browser, keys):
    browser.get(f"/zones/{keys['zone']}/edit")
    typed = {
        name: f"{SCRIPT} {name}"
        for name in ("name", "name_en", "name_variants", "legal_doc", "source", "note")
    }
    assert browser.submit(**typed).status_code == 303
    browser.get(f"/investors/{keys['investor']}/edit")
    assert (
        browser.submit(
            **{name: f"{SCRIPT} {name}" for name in ("name", "address", "contact", "source")}
        ).status_code
        == 303
    )
    for path in (
        "/zones", f"/zones/{keys['zone']}", f"/zones/{keys['zone']}/edit", f"/zones/{keys['inner']}/edit", "/investors",
        f"/investors/{keys['investor']}", "/investors/look-alikes", "/trail", "/users/new",
    ):  # fmt: skip
        browser.get(path)
        assert browser.page.status_code == 200
        assert SCRIPT not in browser.page.text, path
    assert "alert(1)" in browser.get("/zones").text
