"""Every section of a project: its form is filled in, saved, opened again and shows the same."""

import re
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portfolio.office.people import Role
from portfolio.register.project import Project
from portfolio.register.sections import SECTIONS
from tests.browser import Browser
from tests.office.conftest import opened
from tests.register.desk import Desk, key_of

DAY = "01/05/2020"
TYPED = {
    "facts/edit": {
        "name": "Tên mới",
        "certificate_no": "3862145790",
        "objective": "Dòng một\nDòng hai",
        "form": "ppp",
        "vsic_code": "5510",
        "vsic_version": "2025",
        "latitude": "14,6",
        "longitude": "108,3",
        "area_asked_ha": "120,5",
        "term_years": "50",
        "operating_end": "31/12/2070",
        "jobs_vietnamese": "1250",
        "pending_adjustment": "y",
        "no_adjustment_right": "yes",
    },
    "aliases/edit": {"names": "Tên một\nTên hai"},
    "deposit/edit": {"required": "y", "amount": "30,5", "due_on": DAY},
    "translations/edit": {"name": "New name", "objective": "Line one"},
    "places/edit": {"principal": "Xã Măng Đen (từ 01/07/2025)", "further-0": "62.613.dak-long"},
    "papers/add": {
        "kind": "adjustment",
        "number": "12",
        "sign": "QĐ-UBND",
        "issued_on": "05/2020",
        "effective_on": "15/05/2020",
        "office": "UBND tỉnh",
        "note": "Điều chỉnh vốn",
    },
    "capital/add": {
        "kind": "adjusted",
        "amount": "20,6 triệu USD",
        "on": "Quý I/2020",
        "rate": "23.450",
        "rate_on": DAY,
        "equity": "5 triệu USD",
    },
    "investors/add": {
        "investor": "Công ty Gió Mới",
        "role": "member",
        "share": "33,3",
        "since": DAY,
    },
    "parcels/add": {
        "name": "Lô A",
        "area_ha": "140.618,5 m²",
        "handed_over_on": DAY,
        "intervals-0-kind": "interruption",
        "intervals-0-since": "01/01/2021",
        "intervals-0-until": "01/02/2021",
        "extension_decision": "77/QĐ",
        "extension_from": "01/06/2022",
        "extension_to": "01/06/2024",
    },
    "phases/add": {"name": "Giai đoạn đầu", "capital": "100,5", "area_ha": "5,5"},
    "pauses/add": {"cause": "b", "since": DAY, "until": "31/12/2020", "paper": "5/UBND"},
    "circumstances/add": {
        "kind": "contact_attempt",
        "on": DAY,
        "reached": "no",
        "text": "Gửi thư bảo đảm",
        "paper": "3/CV-BQL",
    },
    "happenings/add": {
        "kind": "inspection",
        "on": "2021",
        "text": "Kiểm tra",
        "shows_progress": "y",
    },
    "sources/add": {
        "about": "capital",
        "title": "GCN",
        "place": "trang 2",
        "url": "https://a.vn/b",
    },
}
ONCE = {"investor", "principal", "further-0", "area_ha", "amount", "equity", "rate"}
"""Fields that show what was understood rather than what was typed."""


@pytest.mark.parametrize("path", TYPED)
def test_what_is_typed_stands_when_the_form_is_opened_again(
    app: Flask, licensed: str, zone_officer: Browser, path: str
) -> None:
    typed = TYPED[path]
    base = f"/projects/{licensed}"
    assert zone_officer.get(f"{base}/{path}").status_code == 200
    assert zone_officer.submit(**typed).status_code == 303, zone_officer.words
    zone_officer.follow()
    assert "Đã lưu" in zone_officer.words
    section = path.partition("/")[0]
    again = f"{base}/{path}"
    if path.endswith("add"):
        again = f"{base}/{section}/{key_of(zone_officer, section)}/edit"
    assert zone_officer.get(again).status_code == 200
    kept = zone_officer.fields()
    for name, text in typed.items():
        if name not in ONCE:
            assert str(kept[name]).replace("\r", "").strip() == text, name
    # Saved as it stands, with a reason, it changes nothing.
    before = state(app)
    zone_officer.submit(reason="Kiểm lại")
    assert zone_officer.page.status_code == 303, zone_officer.words
    assert state(app) == before


def state(app: Flask) -> dict:
    """What is known, but for who last claimed or looked."""
    from portfolio.register.state import state_of_project  # noqa: PLC0415

    with opened(app) as db:
        return state_of_project(db.scalars(select(Project)).one())


def test_sums_areas_and_rates_are_read_as_meant(
    app: Flask, licensed: str, zone_officer: Browser
) -> None:
    for path in ("capital/add", "parcels/add"):
        zone_officer.get(f"/projects/{licensed}/{path}")
        assert zone_officer.submit(**TYPED[path]).status_code == 303
    with opened(app) as db:
        project = db.scalars(select(Project)).one()
        figure = project.capital[0]
        assert (figure.amount, figure.currency) == (Decimal(20600000), "USD")
        assert figure.vnd_amount == Decimal(483070000000)
        assert figure.equity == Decimal(5000000)
        assert project.parcels[0].area_ha == Decimal("14.06185")


def test_a_schedule_and_its_milestones(app: Flask, licensed: str, zone_officer: Browser) -> None:
    base = f"/projects/{licensed}"
    zone_officer.get(f"{base}/schedules/add")
    typed = {"kind": "ipa", "approved_on": DAY, "days-0-start": "01/01/2020"}
    assert zone_officer.submit(**typed).status_code == 422
    error = zone_officer.soup.select_one(".error-summary a")
    assert error["href"] == "#days-0-start"
    assert "trước ngày phê duyệt" in error.get_text()
    again = {"days-0-start": "Quý IV/2020", "days-0-completion": "6 tháng cuối năm 2022"}
    assert zone_officer.submit(**again).status_code == 303
    zone_officer.follow()
    version = key_of(zone_officer, "schedules")
    first = re.search(r"/milestones/(\d+)/edit", zone_officer.page.text)
    zone_officer.get(f"{base}{first[0]}")
    assert zone_officer.submit(met_on="31/02/2021").status_code == 422
    assert zone_officer.submit(met_on="31/12/2999").status_code == 422
    assert zone_officer.submit(met_on="05/01/2021", evidence="Biên bản").status_code == 303
    zone_officer.follow()
    assert "xong, chậm 5 ngày" in zone_officer.words
    zone_officer.get(f"{base}/schedules/{version}/remove")
    assert zone_officer.submit(reason="Gõ nhầm năm").status_code == 303
    with opened(app) as db:
        assert db.scalars(select(Project)).one().schedules == []


def test_a_stage_moves_and_a_closed_one_is_not_offered(
    licensed: str, zone_officer: Browser
) -> None:
    zone_officer.get(f"/projects/{licensed}/stage/edit")
    offered = {box["value"] for box in zone_officer.soup.select("[name=stage] option")}
    assert offered.isdisjoint({"revoked", "terminated", "withdrawn", "suspended"})
    typed = {"listing": "licensed", "stage": "revoked", "on": DAY}
    assert zone_officer.submit(**typed).status_code == 422
    zone_officer.get(f"/projects/{licensed}/stage/edit")
    assert zone_officer.submit(**typed | {"stage": "calling"}).status_code == 422
    assert "không hợp với danh mục" in zone_officer.words
    zone_officer.submit(stage="operating")
    assert "chấp thuận chủ trương hoặc giấy chứng nhận" in zone_officer.words
    zone_officer.get(f"/projects/{licensed}/papers/add")
    zone_officer.submit(kind="certificate", number="386", issued_on=DAY)
    zone_officer.get(f"/projects/{licensed}/stage/edit")
    assert zone_officer.submit(**typed | {"stage": "operating"}).status_code == 303
    zone_officer.follow()
    assert "Đang hoạt động" in zone_officer.words


def test_sections_that_are_not_there(licensed: str, zone_officer: Browser) -> None:
    base = f"/projects/{licensed}"
    for path in (
        "nothing/edit",
        "capital/edit",
        "facts/add",
        "facts/1/edit",
        "milestones/add",
        "schedules/1/edit",
        "files/1/edit",
        "capital/7/edit",
        "capital/99999999999999999999/edit",
        "facts/1/remove",
        "milestones/1/remove",
    ):
        assert zone_officer.get(f"{base}/{path}").status_code == 404, path


def test_fields_that_no_form_has_change_nothing(
    app: Flask, laid: Desk, licensed: str, zone_officer: Browser
) -> None:
    columns = [column.name for column in Project.__table__.columns]
    before = state(app)
    zone_officer.get(f"/projects/{licensed}/aliases/edit")
    own = {"version", "token"}
    extra = {name: "1" for name in columns if name not in own}
    assert zone_officer.submit(**extra, names="").status_code == 303
    assert state(app) == before


def test_every_section_has_a_page_for_who_may_change_it(solicited: str, sign_in_as) -> None:
    centre = sign_in_as(Role.CENTRE_OFFICER)
    for key, section in SECTIONS.items():
        what = "edit" if not section.many else "add"
        expected = 200 if not section.many or section.add or key == "files" else 404
        assert centre.get(f"/projects/{solicited}/{key}/{what}").status_code == expected, key
