"""Three lateness numbers in a list: shown together, sorted by, filtered by band, taken along."""

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office.people import OfficeKind, Role
from portfolio.office.trail import Origin, record
from portfolio.register.choices import choices
from portfolio.register.filters import Reading, read_filters
from portfolio.register.filters.followed import FollowedFilter
from portfolio.register.lateness import NOTHING_PROMISED, Late, Months, days_silent, lateness_of
from portfolio.register.line import Clocks, Flagging, RegisterLine
from portfolio.register.line_keeping import reflag_all
from portfolio.register.project import Project
from portfolio.register.row_rule import follower_of
from portfolio.register.zone import Zone, ZoneKind
from portfolio.schedule.lateness import band_of, months_late
from portfolio.schedule.policy_text import Band
from tests.browser import Browser
from tests.conftest import AT, ON, add_office
from tests.office.conftest import opened
from tests.register.desk import Desk, log


def late(first: str, latest: str, forecast: str | None = None, **more) -> Flagging:
    """What the law of delay would say of a project with these targets."""
    days = [date.fromisoformat(day) if day else None for day in (first, latest, forecast)]
    return Flagging("late", 0, "[]", (), Clocks(*days, **more))


def put_up(db: Session, desk: Desk) -> dict[str, str]:
    """Codes by name: three late ones, one that is done, one that promised nothing."""
    found = {
        "long": late("2021-01-01", "2023-11-22", "2026-12-31", silent_since=date(2026, 11, 11)),
        "short": late("2025-11-22", "2025-11-23", "2026-10-31", silent_since=date(2026, 1, 21)),
        "extended": late("2020-06-30", "2027-06-30"),
        "done": Flagging(
            "done",
            0,
            "[]",
            (),
            Clocks(date(2019, 12, 31), date(2020, 12, 31), None, done_on=date(2021, 1, 1)),
        ),
        "nothing": Flagging("undated", 0, "[]", (), Clocks(idle_ha=Decimal("8.5"))),
    }
    projects = {name: log(db, desk, f"Dự án {name}") for name in found}
    reflag_all(db, {projects[name].id: one for name, one in found.items()}, AT)
    db.commit()
    return {name: project.code for name, project in projects.items()}


@pytest.fixture
def shown(app: Flask, laid: Desk) -> dict[str, str]:
    with opened(app) as db:
        return put_up(db, laid)


@pytest.fixture
def browser(sign_in_as, shown) -> Browser:
    return sign_in_as(Role.LEADER)


@pytest.fixture(autouse=True)
def today_is_the_day_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portfolio.register.list_pages.today", lambda: ON)
    monkeypatch.setattr("portfolio.exchange.export_pages.today", lambda: ON)


def codes(browser: Browser) -> list[str]:
    return [cell.get_text() for cell in browser.soup.select(".register td.code")]


def test_the_three_numbers_stand_in_one_cell(browser, shown):
    browser.get("/projects?col=code&col=late&col=silence&col=idle")
    cells = {
        row.select_one("td.code").get_text(): [td.get_text() for td in row.select("td.num")]
        for row in browser.soup.select(".register tbody tr")
    }
    # 36 months to the day are 36; a day more begins the next. The forecast lies ahead: not late.
    assert cells[shown["long"]] == ["71 / 36 / 0", "12", ""]
    assert cells[shown["short"]] == ["12 / 12 / 1", "306", ""]
    assert cells[shown["extended"]] == ["77 / 0 / –", "", ""]
    assert cells[shown["done"]] == ["13 / 1 / –", "", ""]
    assert cells[shown["nothing"]] == ["", "", "8,5"]


def test_the_longest_late_come_first_and_what_is_done_last(browser, shown):
    browser.get("/projects?col=code&col=late&sort=late_first")
    assert codes(browser)[:3] == [shown["extended"], shown["long"], shown["short"]]
    (head,) = browser.soup.select(".register th[aria-sort]")
    assert head["aria-sort"] == "descending"
    browser.get("/projects?col=code&col=late&sort=late_latest")
    assert codes(browser)[:3] == [shown["long"], shown["short"], shown["extended"]]
    browser.get("/projects?col=code&col=silence&sort=silence")
    assert codes(browser)[:2] == [shown["short"], shown["long"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("late_first=1%2B", {"long", "short", "extended"}),
        ("late_latest=1%2B", {"long", "short"}),
        ("late_first=61%2B", {"long", "extended"}),
        ("late_latest=25-60", {"long"}),
        ("late_latest=37-60", set()),
        ("late_latest=1-12", {"short"}),
        ("late_latest=1-11", set()),
        ("silent=1", {"long", "short"}),
        ("silent=30", {"short"}),
        ("silent=365", set()),
        ("late_first=61%2B&silent=1&zone={zone}", {"long"}),
        ("zone=none", set()),
    ],
)
def test_filters_select_by_band_and_by_days(browser, laid, shown, asked, found):
    browser.get(f"/projects?col=code&{asked.format(zone=laid.mang_den)}")
    assert set(codes(browser)) == {shown[name] for name in found}


def test_filters_say_what_they_are_in_both_languages(app, db, desk):
    reading = Reading(choices(db), frozenset({desk.mang_den}), None, ON)
    args = {"late_first": "25-60", "late_latest": "61+", "silent": "30", "news": "20/11/2026"}
    said = {}
    for language in ("vi", "en"):
        with force_locale(language):
            found, unclear = read_filters(args, reading)
            assert not unclear
            said[language] = [one.sentence() for one in found]
    assert said["vi"] == [
        "Chậm 25–60 tháng so với phê duyệt đầu",
        "Chậm 61+ tháng so với phê duyệt mới nhất",
        "Thiếu báo cáo từ 30 ngày trở lên",
        "Dữ liệu hoặc cảnh báo thay đổi từ 20/11/2026",
    ]
    assert said["en"][1:3] == [
        "61+ months late against the latest approval",
        "A report is missing for 30 days or more",
    ]


@pytest.mark.parametrize(
    "typed", ["0", "0-12", "12-1", "25", "x", "1-", "-1", "61+-", "1-9999", "٣+", "1 2+"]
)
def test_months_that_are_none_are_refused(typed, app, db, desk):
    reading = Reading(choices(db), frozenset(), None, ON)
    assert Months.read(typed) is None
    assert list(read_filters({"late_first": typed}, reading)[1]) == ["late_first"]


def test_the_days_of_a_filter_are_those_whose_months_fall_in_it(app, db):
    with app.test_request_context():
        for on in (date(2026, 3, 31), date(2024, 2, 29), ON):
            for months in (Months(1, 12), Months(13, 24), Months(61, None)):
                first, last = months.targets(on)
                band = Band("b", months.least, months.most or float("inf"))
                for n in range(-4, 5):
                    target = last + timedelta(days=n)
                    inside = band_of(months_late(target, on), [band]) is not None
                    assert inside == (target <= last), (on, months, target)
                    if first is not None:
                        target = first + timedelta(days=n)
                        inside = band_of(months_late(target, on), [band]) is not None
                        assert inside == (target >= first), (on, months, target)


def test_an_export_holds_each_number_in_a_column_of_its_own(browser, shown):
    text = browser.get("/projects.csv?col=code&col=late&col=silence").text.removeprefix("\ufeff")
    rows = {row[0]: row[3:] for row in csv.reader(text.splitlines())}
    assert rows["Mã"] == [
        "Số tháng chậm so với phê duyệt đầu",
        "Số tháng chậm so với phê duyệt mới nhất",
        "Số tháng chậm so với dự báo",
        "Số ngày không báo cáo",
    ]
    assert rows[shown["long"]] == ["71", "36", "0", "12"]
    assert rows[shown["extended"]] == ["77", "0", "", ""]


def test_a_project_done_is_as_late_as_it_was_then_on_any_later_day(db, desk):
    shown = put_up(db, desk)
    line = db.scalars(select(RegisterLine).where(RegisterLine.code == shown["done"])).all()[-1]
    assert lateness_of(line, ON) == lateness_of(line, date(2030, 1, 1)) == Late(13, 1, None)
    assert lateness_of(line, date(2020, 6, 30)) == Late(6, 0, None)
    nothing = db.scalars(select(RegisterLine).where(RegisterLine.code == shown["nothing"])).all()
    assert lateness_of(nothing[-1], ON) == NOTHING_PROMISED
    assert days_silent(line, ON) is None


def test_who_follows_is_the_same_for_many_as_for_one(db: Session, desk: Desk, origin: Origin):
    finance = add_office(db, origin, "other_finance", OfficeKind.FINANCE)
    park = Zone(key="park", name="Cụm", kind=ZoneKind.OTHER, parent_id=desk.kon_tum, version=0)
    own = Zone(
        key="own",
        name="Khu riêng",
        kind=ZoneKind.OTHER,
        parent_id=desk.kon_tum,
        managing_office_id=finance.id,
        version=0,
    )
    for zone in (park, own):
        db.add(zone)
        record(db, zone, "add_zone", origin)
    places = (desk.mang_den, park.id, own.id, None, park.id, None)
    made = [log(db, desk, f"Dự án {number}") for number, _zone in enumerate(places)]
    for project, zone_id in zip(made, places, strict=True):
        project.zone_id = zone_id
        record(db, project, "correct_project", origin)
    by_hand = made[4:]
    for project, office in zip(by_hand, (finance.id, desk.authority), strict=True):
        project.followed_by_id, project.followed_reason = office, "theo văn bản phân công"
        record(db, project, "set_follower", origin)
    db.commit()
    followed = FollowedFilter("authority").condition()
    theirs = set(
        db.scalars(select(RegisterLine.project_id).where(RegisterLine.until.is_(None), followed))
    )
    rest = FollowedFilter("finance").condition()
    others = set(
        db.scalars(select(RegisterLine.project_id).where(RegisterLine.until.is_(None), rest))
    )
    wanted = {
        project.id
        for project in db.scalars(select(Project))
        if (office := follower_of(db, project)) is not None
        and office.kind is OfficeKind.ZONE_AUTHORITY
    }
    assert theirs == wanted == {made[0].id, made[1].id, by_hand[1].id}
    assert others == {project.id for project in made} - wanted
