"""Schedules as a clerk enters them: one table of milestones, versions that say only what changes, the cap."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.notation.days import Precision
from portfolio.office.people import Role
from portfolio.office.trail import Origin, TrailEntry
from portfolio.register.acts import land, papers, schedule
from portfolio.register.papers import ActKind
from portfolio.register.phases import Milestone, MilestoneKind, ScheduleKind
from portfolio.register.project import Project
from portfolio.web.errors import Refusal
from tests.browser import Browser
from tests.conftest import AT, ON
from tests.office.conftest import opened
from tests.register.desk import Desk, log

SignIn = Callable[..., Browser]
PLANNED = [
    schedule.Promise(1, MilestoneKind.START, date(2022, 6, 30), Precision.QUARTER, "quý II/2022"),
    schedule.Promise(1, MilestoneKind.COMPLETION, date(2023, 12, 31)),
    schedule.Promise(2, MilestoneKind.OPERATION, date(2027, 12, 31), Precision.YEAR),
]


def approved(db: Session, desk: Desk) -> Project:
    """Approved in 2021, in two phases; an adjustment is on record that nobody has entered days of."""
    project = log(db, desk)
    act = papers.add_act(
        db,
        project,
        papers.Paper(kind=ActKind.POLICY_APPROVAL, number="1", issued_on=date(2021, 3, 15)),
        desk.program,
    )
    papers.add_act(
        db,
        project,
        papers.Paper(kind=ActKind.ADJUSTMENT, number="2", issued_on=date(2026, 6, 1)),
        desk.program,
    )
    for _phase in range(2):
        schedule.add_phase(db, project, schedule.PhaseFacts(), desk.program)
    facts = schedule.VersionFacts(
        kind=ScheduleKind.IPA, approved_on=date(2021, 3, 15), act_id=act.id
    )
    schedule.add_schedule_version(db, project, facts, PLANNED, desk.program)
    db.commit()
    return project


@pytest.fixture
def code(app: Flask, laid: Desk) -> str:
    with opened(app) as db:
        return approved(db, laid).code


def milestones(app: Flask, code: str) -> dict[MilestoneKind, Milestone]:
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == code)).one()
        found = {one.kind: one for phase in project.phases for one in phase.milestones}
        db.expunge_all()
        return found


def errors(browser: Browser) -> str:
    return " ".join(line.get_text() for line in browser.soup.select(".error-summary li"))


# A further version ----------------------------------------------------------------------------


def version_form(browser: Browser, code: str) -> dict[str, str]:
    browser.get(f"/projects/{code}/schedules/add")
    return browser.fields()


def adjustment(browser: Browser) -> str:
    """The key of the adjustment among the papers to choose from."""
    options = browser.soup.select("select[name=act_id] option")
    return str(next(one["value"] for one in options if "số 2" in one.get_text()))


def test_the_form_shows_the_days_in_force_so_that_only_what_changes_is_typed(
    app: Flask, code: str, zone_officer: Browser
) -> None:
    shown = version_form(zone_officer, code)
    assert shown["kind"] == "adjusted"
    assert shown["days-0-start"] == "Quý II/2022"
    assert shown["days-0-completion"] == "31/12/2023"
    assert shown["days-1-operation"] == "2027"
    answer = zone_officer.submit(
        act_id=adjustment(zone_officer),
        approved_on="01/06/2025",
        **{"days-0-completion": "cuối năm 2025"},
    )
    assert answer.status_code == 303, zone_officer.words
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == code)).one()
        second = project.schedules[-1]
        targets = {
            (phase.number, one.kind): next(t for t in one.targets if t.schedule_version is second)
            for phase in project.phases
            for one in phase.milestones
        }
        assert second.number == 2
        assert targets[1, MilestoneKind.COMPLETION].planned_on == date(2025, 12, 31)
        start = targets[1, MilestoneKind.START]
        assert (start.planned_on, start.precision, start.as_printed) == (
            date(2022, 6, 30),
            Precision.QUARTER,
            "quý II/2022",
        )


def test_a_version_that_changes_nothing_is_refused(code: str, zone_officer: Browser) -> None:
    version_form(zone_officer, code)
    answer = zone_officer.submit(act_id=adjustment(zone_officer), approved_on="01/06/2026")
    assert answer.status_code == 422
    assert "không thay đổi ngày nào" in errors(zone_officer)


def test_a_new_day_before_the_approval_is_refused_and_an_old_one_is_not(
    code: str, zone_officer: Browser
) -> None:
    version_form(zone_officer, code)
    act = adjustment(zone_officer)
    given = {"act_id": act, "approved_on": "01/06/2026", "days-0-completion": "01/05/2026"}
    assert zone_officer.submit(**given).status_code == 422
    assert zone_officer.soup.select_one('.field.bad [name="days-0-completion"]')
    assert not zone_officer.soup.select('.field.bad [name="days-0-start"]')


# The cap --------------------------------------------------------------------------------------


def test_an_end_beyond_the_cap_is_refused_with_its_reason_and_passes_with_an_exception(
    app: Flask, code: str, zone_officer: Browser
) -> None:
    version_form(zone_officer, code)
    given = {
        "act_id": adjustment(zone_officer),
        "approved_on": "01/06/2026",
        "days-0-completion": "30/06/2027",
    }
    assert zone_officer.submit(**given).status_code == 422
    said = errors(zone_officer)
    for words in (
        "Giai đoạn 1",
        "31/12/2023",
        "khoản 4 Điều 33 Luật Đầu tư 143/2025/QH15",
        "31/12/2025",
        "24 tháng",
        "30/06/2027",
        "a) Bất khả kháng",
        "đ) ",
        "g) ",
    ):
        assert words in said, words
    assert zone_officer.soup.select_one('.field.bad [name="exception_code"]')
    assert zone_officer.fields()["days-0-completion"] == "30/06/2027"
    assert zone_officer.submit(exception_code="b").status_code == 303
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == code)).one()
        assert project.schedules[-1].exception_code == "b"


def test_the_law_of_the_day_of_approval_decides_which_exceptions_there_are(
    code: str, zone_officer: Browser
) -> None:
    version_form(zone_officer, code)
    given = {
        "act_id": adjustment(zone_officer),
        "approved_on": "28/02/2026",
        "days-0-completion": "30/06/2027",
        "exception_code": "g",
    }
    assert zone_officer.submit(**given).status_code == 422
    assert "khoản 4 Điều 41 Luật Đầu tư 61/2020/QH14" in errors(zone_officer)
    assert "g) " not in errors(zone_officer)
    assert zone_officer.submit(approved_on="01/03/2026").status_code == 303


def test_land_is_extended_as_long_as_the_policy_says(db: Session, desk: Desk) -> None:
    project = approved(db, desk)

    def extended(until: date) -> land.ParcelFacts:
        return land.ParcelFacts(
            name="Lô A",
            area_ha=Decimal("1.5"),
            extension_decision="77/QĐ-UBND",
            extension_from=date(2025, 1, 15),
            extension_to=until,
        )

    with pytest.raises(Refusal) as refused:
        land.add_parcel(db, project, extended(date(2027, 1, 16)), desk.program)
    assert refused.value.field == "extension_to"
    assert "24 tháng (khoản 8 Điều 81 Luật Đất đai 31/2024/QH15)" in refused.value.text()
    assert "15/01/2027" in refused.value.text()
    land.add_parcel(db, project, extended(date(2027, 1, 15)), desk.program)
    db.commit()


# The table of milestones ----------------------------------------------------------------------


def test_the_table_shows_all_milestones_with_three_numbers_and_saves_what_was_changed(
    app: Flask, code: str, zone_officer: Browser
) -> None:
    assert zone_officer.get(f"/projects/{code}/milestones").status_code == 200
    rows = [" ".join(row.get_text(" ").split()) for row in zone_officer.soup.select("tbody tr")]
    assert len(rows) == 3
    for row in rows:
        for words in ("so với lần đầu", "so với lần duyệt gần nhất", "so với dự báo"):
            assert words in row
    keys = {kind: one.id for kind, one in milestones(app, code).items()}
    start, end = keys[MilestoneKind.START], keys[MilestoneKind.COMPLETION]
    answer = zone_officer.submit(
        f"/projects/{code}/milestones",
        **{
            f"met_on_{start}": "10/2022",
            f"evidence_{start}": "Biên bản khởi công",
            f"forecast_on_{end}": "quý II/2028",
        },
    )
    assert answer.status_code == 303, errors(zone_officer)
    known = milestones(app, code)
    met = known[MilestoneKind.START]
    assert (met.met_on, met.met_precision, met.evidence) == (
        date(2022, 10, 31),
        Precision.MONTH,
        "Biên bản khởi công",
    )
    assert known[MilestoneKind.COMPLETION].forecast_on == date(2028, 6, 30)
    assert known[MilestoneKind.COMPLETION].last_reviewed_on is not None
    assert known[MilestoneKind.OPERATION].last_reviewed_on is None, "nobody looked at it"
    with opened(app) as db:
        acts = list(db.scalars(select(TrailEntry.act).order_by(TrailEntry.seq)))
        assert acts.count("track_milestones") == 1
    zone_officer.get(f"/projects/{code}/milestones")
    assert f"met_on_{start}" not in zone_officer.fields(f"/projects/{code}/milestones")


def test_the_others_are_confirmed_with_a_tick(app: Flask, code: str, zone_officer: Browser) -> None:
    key = milestones(app, code)[MilestoneKind.COMPLETION].id
    zone_officer.get(f"/projects/{code}/milestones")
    zone_officer.submit(
        f"/projects/{code}/milestones",
        **{f"forecast_on_{key}": "31/12/2028", "others_unchanged": "y"},
    )
    assert all(one.last_reviewed_on for one in milestones(app, code).values())


def test_nothing_changed_a_future_day_and_bad_days_are_refused_with_what_was_typed(
    app: Flask, code: str, zone_officer: Browser
) -> None:
    here = f"/projects/{code}/milestones"
    key = milestones(app, code)[MilestoneKind.COMPLETION].id
    zone_officer.get(here)
    assert zone_officer.submit(here).status_code == 422
    assert "Chưa sửa ngày nào" in errors(zone_officer)
    for typed in ("31/02/2026", "31/12/2999"):
        assert zone_officer.submit(here, **{f"met_on_{key}": typed}).status_code == 422
        assert zone_officer.fields(here)[f"met_on_{key}"] == typed
    assert milestones(app, code)[MilestoneKind.COMPLETION].met_on is None


def test_confirming_is_one_click_from_the_table(
    app: Flask, code: str, zone_officer: Browser
) -> None:
    zone_officer.get(f"/projects/{code}/milestones")
    assert zone_officer.submit(f"/projects/{code}/milestones/confirm").status_code == 303
    assert all(one.last_reviewed_on for one in milestones(app, code).values())


def add_later(db: Session, desk: Desk, project: Project, end: date) -> None:
    adjusted = next(act for act in project.acts if act.kind is ActKind.ADJUSTMENT)
    facts = schedule.VersionFacts(
        kind=ScheduleKind.ADJUSTED, approved_on=date(2025, 6, 1), act_id=adjusted.id
    )
    later = [PLANNED[0], schedule.Promise(1, MilestoneKind.COMPLETION, end), PLANNED[2]]
    schedule.add_schedule_version(db, project, facts, later, desk.program)


def test_a_table_that_somebody_else_changed_meanwhile_is_not_overwritten(
    app: Flask, laid: Desk, code: str, zone_officer: Browser
) -> None:
    here = f"/projects/{code}/milestones"
    known = milestones(app, code)
    start, end = known[MilestoneKind.START].id, known[MilestoneKind.COMPLETION].id
    zone_officer.get(here)
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == code)).one()
        row = next(one for phase in project.phases for one in phase.milestones if one.id == start)
        schedule.track_milestone(
            db,
            project,
            row,
            met_on=date(2022, 8, 1),
            met_precision=Precision.DAY,
            evidence=None,
            forecast_on=None,
            on=ON,
            origin=Origin(None, AT),
        )
        db.commit()
    given = {f"forecast_on_{end}": "30/06/2028", f"met_on_{start}": "01/07/2022"}
    assert zone_officer.submit(here, **given).status_code == 409
    assert "01/08/2022" in zone_officer.words
    assert "01/07/2022" in zone_officer.words
    known = milestones(app, code)
    assert known[MilestoneKind.START].met_on == date(2022, 8, 1)
    assert known[MilestoneKind.COMPLETION].forecast_on is None


def test_a_new_version_meanwhile_does_not_stop_the_table(
    app: Flask, laid: Desk, code: str, zone_officer: Browser
) -> None:
    here = f"/projects/{code}/milestones"
    key = milestones(app, code)[MilestoneKind.COMPLETION].id
    zone_officer.get(here)
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == code)).one()
        add_later(db, laid, project, date(2025, 12, 31))
        db.commit()
    assert zone_officer.submit(here, **{f"forecast_on_{key}": "30/06/2028"}).status_code == 303


def test_the_table_is_for_who_may_change_the_project(
    code: str, sign_in_as: SignIn, laid: Desk
) -> None:
    reader = sign_in_as(Role.READER)
    assert reader.get(f"/projects/{code}/milestones").status_code == 404
    stranger = sign_in_as(Role.ZONE_OFFICER, laid.kon_tum)
    assert stranger.get(f"/projects/{code}/milestones").status_code == 404


def test_a_project_without_days_is_led_to_its_schedule(
    app: Flask, licensed: str, zone_officer: Browser
) -> None:
    zone_officer.get(f"/projects/{licensed}/milestones")
    links = [link["href"] for link in zone_officer.soup.select("main a")]
    assert f"/projects/{licensed}/schedules/add" in links
