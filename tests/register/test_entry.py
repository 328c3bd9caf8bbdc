"""Logging a project and editing its sections, as officers do it, without scripts."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portfolio.office.people import Role
from portfolio.register.papers import ActKind
from portfolio.register.project import Listing, Project, Stage
from tests.browser import Browser
from tests.office.conftest import opened
from tests.register.conftest import logged
from tests.register.desk import Desk, known_investor

SignIn = Callable[..., Browser]
NEW = {
    "name": "Khu nghỉ dưỡng Thác Pa Sỹ",
    "listing": "licensed",
    "stage": "preparing",
    "place": "xã Măng Đen",
    "capital": "1.332,5",
}


def find(app: Flask, code: str) -> Project:
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == code)).one()
        for part in ("capital", "places", "investors", "acts", "sources", "phases", "pauses"):
            getattr(project, part)
        db.expunge_all()
        return project


def new(browser: Browser, **typed) -> str:
    """Log a project and return its code."""
    browser.get("/projects/new")
    answer = browser.submit(**NEW | typed)
    assert answer.status_code == 303, browser.words
    browser.follow()
    found = re.search(r"KT-\d{4}", browser.words)
    assert found
    return found[0]


def errors(browser: Browser) -> list[str]:
    """The lines of the error summary."""
    return [line.get_text() for line in browser.soup.select(".error-summary li")]


def test_a_project_is_logged_with_what_is_known_on_its_first_day(
    app: Flask, laid: Desk, zone_officer: Browser
) -> None:
    code = new(
        zone_officer,
        zone_id=str(laid.mang_den),
        sector_id=str(laid.tourism),
        investor="Công ty Cổ phần Thác Trắng",
        tax_code="6100123456",
        certificate_no="3862145790",
        certificate_on="12/04/2019",
        source="Điện thoại của chủ đầu tư",
    )
    assert "1.332,5 tỷ đồng" in zone_officer.words
    project = find(app, code)
    assert (project.listing, project.stage) == (Listing.LICENSED, Stage.PREPARING)
    assert project.capital[0].amount == Decimal(1332500000000)
    assert project.places[0].unit_id == laid.mang_den_commune
    assert project.places[0].principal
    assert project.investors[0].investor.tax_code == "6100123456"
    assert (project.acts[0].kind, project.acts[0].issued_on) == (
        ActKind.CERTIFICATE,
        date(2019, 4, 12),
    )
    assert project.sources[0].title == "Điện thoại của chủ đầu tư"
    assert project.version == 1


def test_a_double_click_logs_one_project(app: Flask, laid: Desk, zone_officer: Browser) -> None:
    zone_officer.get("/projects/new")
    given = zone_officer.fields() | NEW | {"zone_id": str(laid.mang_den)}
    answers = [
        zone_officer.client.post(
            "/projects/new", data=given, headers={"Origin": "http://localhost"}
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    with opened(app) as db:
        assert len(db.scalars(select(Project)).all()) == 1


def test_a_project_of_the_same_name_is_shown_before_saving(
    app: Flask, laid: Desk, zone_officer: Browser
) -> None:
    code = new(zone_officer, zone_id=str(laid.mang_den))
    zone_officer.get("/projects/new")
    again = NEW | {"name": "khu nghi duong thac pa sy", "zone_id": str(laid.mang_den)}
    assert zone_officer.submit(**again).status_code == 422
    assert code in zone_officer.words
    assert zone_officer.form().select_one("[name=name]")["value"] == "khu nghi duong thac pa sy"
    assert zone_officer.submit(save_anyway="y").status_code == 303
    with opened(app) as db:
        assert len(db.scalars(select(Project)).all()) == 2


def test_a_look_alike_of_another_zone_is_not_given_away(
    app: Flask, laid: Desk, sign_in_as: SignIn
) -> None:
    new(sign_in_as(Role.ZONE_OFFICER, laid.mang_den), zone_id=str(laid.mang_den))
    other = sign_in_as(Role.ZONE_OFFICER, laid.kon_tum)
    other.get("/projects/new")
    assert other.submit(**NEW | {"zone_id": str(laid.kon_tum)}).status_code == 303


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Nhập tên dự án"),
        ({"stage": "calling"}, "Giai đoạn không hợp với danh mục"),
        ({"stage": "revoked"}, "Chọn một"),
        ({"capital": "nhiều"}, "vốn|số|Nhập"),
        ({"place": "xã Không Có"}, "Không có địa bàn nào tên"),
        ({"certificate_on": "31/02/2020"}, "31/02/2020"),
        ({"certificate_on": "12/04/2019"}, "số giấy chứng nhận"),
        ({"place": "", "zone_id": ""}, "khu"),
        ({"name": "x" * 501}, "quá dài|dài quá|501|thừa"),
    ],
)
def test_bad_input_is_answered_at_its_field_and_nothing_typed_is_lost(
    laid: Desk, zone_officer: Browser, typed: dict[str, str], message: str
) -> None:
    zone_officer.get("/projects/new")
    given = NEW | {"zone_id": str(laid.mang_den), "source": "Sổ tay của cán bộ"} | typed
    assert zone_officer.submit(**given).status_code == 422
    assert re.search(message, " ".join(errors(zone_officer))), errors(zone_officer)
    assert zone_officer.soup.title.get_text().startswith("Lỗi")
    kept = zone_officer.fields()
    for name, text in given.items():
        if name != "stage":
            assert kept.get(name, "") == text


def test_capital_in_an_unclear_notation_is_asked_back_and_settled(
    app: Flask, laid: Desk, zone_officer: Browser
) -> None:
    zone_officer.get("/projects/new")
    given = NEW | {"zone_id": str(laid.mang_den), "capital": "5.345"}
    assert zone_officer.submit(**given).status_code == 422
    assert "hai cách" in zone_officer.words
    readings = [box["value"] for box in zone_officer.soup.select("[name=capital-reading]")]
    assert len(readings) == 2
    answer = zone_officer.submit(**{"capital-reading": readings[0]})
    assert answer.status_code == 303, zone_officer.words
    zone_officer.follow()
    assert "5.345,0 tỷ đồng" in zone_officer.words


def test_an_ambiguous_place_is_asked_back_with_districts_and_days(
    app: Flask, laid: Desk, zone_officer: Browser
) -> None:
    zone_officer.get("/projects/new")
    given = NEW | {"zone_id": str(laid.mang_den), "place": "Đăk Long"}
    assert zone_officer.submit(**given).status_code == 422
    words = zone_officer.words
    assert "Huyện Đăk Glei (đến 30/06/2025)" in words
    assert "Huyện Kon Plông (đến 30/06/2025)" in words
    chosen = str(laid.dak_long[1])
    assert zone_officer.submit(**{"place-reading": chosen}).status_code == 303
    zone_officer.follow()
    assert "nay là: Xã Măng Đen" in zone_officer.words


def test_a_place_label_of_the_list_is_one_unit(laid: Desk, zone_officer: Browser) -> None:
    zone_officer.get("/projects/new")
    labels = [option["value"] for option in zone_officer.soup.select("#known-units option")]
    assert len(labels) == len(set(labels)) == 6
    for label in labels:
        zone_officer.get("/projects/new")
        typed = {"name": f"Dự án tại {label}", "place": label, "zone_id": str(laid.mang_den)}
        assert zone_officer.submit(**NEW | typed).status_code == 303, label


def test_a_similar_investor_is_asked_back_and_never_merged_alone(
    app: Flask, laid: Desk, zone_officer: Browser
) -> None:
    with opened(app) as db:
        known = known_investor(db, "Công ty TNHH Ngọc Ẩn")
        db.commit()
        known_id = known.id
    code = logged(app, laid)
    zone_officer.get(f"/projects/{code}/investors/add")
    typed = {"investor": "CTCP Ngọc Ẩn", "role": "lead"}
    assert zone_officer.submit(**typed).status_code == 422
    assert "Công ty TNHH Ngọc Ẩn" in zone_officer.words
    assert zone_officer.submit(**{"investor-reading": str(known_id)}).status_code == 303
    assert find(app, code).investors[0].investor_id == known_id


def test_a_tax_code_of_another_enterprise_is_refused(
    app: Flask, laid: Desk, zone_officer: Browser
) -> None:
    with opened(app) as db:
        known_investor(db, "Công ty TNHH Ngọc Ẩn", "6100999999")
        db.commit()
    code = logged(app, laid)
    zone_officer.get(f"/projects/{code}/investors/add")
    typed = {"investor": "Công ty Gió Mới", "role": "lead", "tax_code": "6100999999"}
    assert zone_officer.submit(**typed).status_code == 409
    assert "Công ty TNHH Ngọc Ẩn" in errors(zone_officer)[0]


def test_a_certificate_number_belongs_to_one_project(
    app: Flask, laid: Desk, zone_officer: Browser, sign_in_as: SignIn
) -> None:
    logged(app, laid, certificate_no="3862145790")
    zone_officer.get("/projects/new")
    given = NEW | {"zone_id": str(laid.mang_den), "certificate_no": "3862145790"}
    assert zone_officer.submit(**given).status_code == 409
    assert "KT-0001" in errors(zone_officer)[0]
    stranger = sign_in_as(Role.ZONE_OFFICER, laid.kon_tum)
    stranger.get("/projects/new")
    given = NEW | {"zone_id": str(laid.kon_tum), "certificate_no": "3862145790"}
    assert stranger.submit(**given).status_code == 409
    assert "KT-0001" not in stranger.words
    assert "3862145790" in errors(stranger)[0]


def test_a_zone_officer_logs_in_the_own_zones_only(laid: Desk, zone_officer: Browser) -> None:
    zone_officer.get("/projects/new")
    offered = [option["value"] for option in zone_officer.soup.select("[name=zone_id] option")]
    assert offered == ["", str(laid.mang_den)]
    assert zone_officer.submit(**NEW | {"zone_id": str(laid.kon_tum)}).status_code == 422
    zone_officer.get("/projects/new")
    assert zone_officer.submit(**NEW | {"zone_id": ""}).status_code == 422
    assert "khu thuộc phạm vi" in errors(zone_officer)[0]


def test_the_centre_logs_no_licensed_project(sign_in_as: SignIn) -> None:
    centre = sign_in_as(Role.CENTRE_OFFICER)
    centre.get("/projects/new")
    assert centre.submit(**NEW).status_code == 422
    assert "Trung tâm Xúc tiến" in errors(centre)[0]


def test_readers_and_visitors_log_nothing(
    app: Flask, laid: Desk, sign_in_as: SignIn, licensed: str
) -> None:
    reader = sign_in_as(Role.READER)
    assert reader.get("/projects/new").status_code == 404
    assert reader.get(f"/projects/{licensed}/facts/edit").status_code == 404
    assert "/edit" not in reader.get(f"/projects/{licensed}").text
    assert app.test_client().get("/projects/new").status_code == 303


ADDRESSES = (
    "",
    "/history",
    "/facts/edit",
    "/stage/edit",
    "/papers/add",
    "/files/add",
    "/pauses/1/judge",
    "/capital/1/edit",
    "/capital/1/remove",
    "/files/1",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_project_of_another_zone_is_not_there(
    laid: Desk, licensed: str, sign_in_as: SignIn, address: str
) -> None:
    stranger = sign_in_as(Role.ZONE_OFFICER, laid.kon_tum)
    answer = stranger.get(f"/projects/{licensed}{address}")
    unknown = stranger.get(f"/projects/KT-9999{address}")
    assert (answer.status_code, unknown.status_code) == (404, 404)
    blind = re.compile(r"KT-\d+|csrf_token[^>]*>|Ctoken|value=\"[^\"]*\"|\d\d:\d\d")
    assert blind.sub("", answer.text) == blind.sub("", unknown.text)


def test_an_office_that_does_not_keep_the_project_is_told_so(
    licensed: str, sign_in_as: SignIn
) -> None:
    finance = sign_in_as(Role.FINANCE_OFFICER)
    page = finance.get(f"/projects/{licensed}")
    assert "/facts/edit" not in page.text
    assert finance.get(f"/projects/{licensed}/facts/edit").status_code == 403
    assert "không được sửa" in finance.words
