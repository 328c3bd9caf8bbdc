"""A month is closed once, in order, and what was sealed follows from the trail for ever."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import yaml
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portfolio.office.people import OfficeKind, Role
from portfolio.office.trail import Origin, TrailEntry, record, verify
from portfolio.register.acts.capital import Figure, add_capital
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.acts.projects import Facts, log_project
from portfolio.register.acts.schedule import (
    Promise,
    VersionFacts,
    add_schedule_version,
    track_milestone,
)
from portfolio.register.capital import CapitalKind
from portfolio.register.papers import ActKind
from portfolio.register.phases import MilestoneKind, ScheduleKind
from portfolio.register.project import Listing, Project, Stage
from portfolio.register.zone import Zone, ZoneKind
from portfolio.reports.closing import (
    CannotClose,
    MonthlyClosing,
    NotTheSame,
    close_month,
    digest_of,
    expected_in_lines,
    figures_of,
    next_to_close,
    worked_out_again,
)
from portfolio.reports.standings import standings_in_trail, standings_now
from portfolio.schedule.in_force import law_on
from portfolio.schedule.policy import PolicyStatus, PolicyVersion
from tests.conftest import CHECKOUT, SECRET, add_office, add_person

SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 31)


def at(month: int, day: int, hour: int = 3) -> Origin:
    return Origin(None, datetime(2026, month, day, hour, tzinfo=UTC))


@pytest.fixture
def project(db: Session) -> Project:
    """Licensed in 2023, promised for the end of June 2026, logged on 5 September 2026."""
    document = yaml.safe_load((CHECKOUT / "seeds/policy/1.yaml").read_text(encoding="utf-8"))
    adopted = {"number": 1, "status": PolicyStatus.ADOPTED, "adopted_on": date(2026, 1, 1)}
    db.execute(insert(PolicyVersion).values(**adopted, document=document, version=1))
    zone = Zone(key="bo_y", name="Khu Bờ Y", kind=ZoneKind.ECONOMIC_ZONE)
    db.add(zone)
    db.flush()
    record(db, zone, "add_zone", at(9, 4))
    return licensed(db, "Thủy điện Đăk Psi", zone)


def licensed(
    db: Session, name: str, zone: Zone | None = None, origin: Origin | None = None
) -> Project:
    origin = origin or at(9, 5)
    made = log_project(
        db,
        Facts(name=name, zone_id=zone.id if zone else None),
        listing=Listing.LICENSED,
        stage=Stage.IMPLEMENTING,
        prefix="KT",
        origin=origin,
    )
    paper = add_act(
        db, made, Paper(kind=ActKind.POLICY_APPROVAL, issued_on=date(2023, 1, 5)), origin
    )
    add_capital(
        db,
        made,
        Figure(kind=CapitalKind.REGISTERED, amount=Decimal(500) * 10**9, currency="VND"),
        origin,
    )
    add_schedule_version(
        db,
        made,
        VersionFacts(kind=ScheduleKind.IPA, approved_on=date(2023, 1, 5), act_id=paper.id),
        [Promise(1, MilestoneKind.OPERATION, date(2026, 6, 30))],
        origin,
    )
    db.commit()
    return made


def forecast(db: Session, project: Project, day: date, origin: Origin) -> None:
    [milestone] = project.phases[0].milestones
    track_milestone(
        db,
        project,
        milestone,
        met_on=None,
        met_precision=None,
        evidence=None,
        forecast_on=day,
        on=origin.at.date(),
        origin=origin,
    )
    db.commit()


def close(db: Session, month: date, before: date | None, origin: Origin) -> MonthlyClosing:
    closing = close_month(db, month, *figures_of(db, month, before), origin)
    db.commit()
    return closing


def test_months_are_closed_once_in_order_and_when_they_are_over(
    db: Session, project: Project
) -> None:
    assert next_to_close(db, SEPTEMBER) is None
    assert next_to_close(db, date(2026, 10, 1)) == SEPTEMBER
    document, law = figures_of(db, OCTOBER, None)
    with pytest.raises(CannotClose):
        close_month(db, OCTOBER, document, law, at(11, 2))
    with pytest.raises(CannotClose):
        close_month(db, SEPTEMBER, document, law, at(9, 30))
    close(db, SEPTEMBER, None, at(10, 2))
    assert next_to_close(db, date(2026, 10, 31)) is None
    assert next_to_close(db, date(2026, 11, 1)) == OCTOBER
    with pytest.raises(CannotClose):
        close_month(db, SEPTEMBER, *figures_of(db, SEPTEMBER, None), at(10, 2))


def test_an_empty_register_has_no_month_to_close(db: Session) -> None:
    assert next_to_close(db, date(2026, 10, 1)) is None


def test_what_is_entered_later_counts_in_its_own_month(db: Session, project: Project) -> None:
    forecast(db, project, date(2026, 12, 31), at(9, 20))
    september = close(db, SEPTEMBER, None, at(10, 5))
    assert september.figures["total"]["classes"]["late"] == 1
    assert september.figures["total"]["latest"]["bands"] == {"1-12": 1}
    assert september.figures["since"] is None
    # 17:00 UTC on the last day of October is midnight in the province.
    forecast(db, project, date(2027, 6, 30), at(10, 31, 16))
    forecast(db, project, date(2028, 6, 30), at(10, 31, 18))
    october = close(db, OCTOBER, SEPTEMBER, at(11, 2))
    assert [(slip["code"], slip["after"], slip["months"]) for slip in october.figures["slips"]] == [
        (project.code, "2027-06-30", 6)
    ]
    assert (october.figures["total"]["slipped"], october.figures["since"]) == (1, "2026-09-30")


def test_a_closed_month_is_the_same_whenever_it_is_worked_out(
    db: Session, project: Project
) -> None:
    closing = close(db, SEPTEMBER, None, at(10, 5))
    assert closing.figures["zones"][0]["vi"] == "Khu Bờ Y"
    project.zone.name = "Khu kinh tế cửa khẩu Bờ Y"
    record(db, project.zone, "change_zone", at(10, 20))
    licensed(db, "Dự án sau", origin=at(10, 19))
    forecast(db, project, date(2030, 1, 1), at(10, 21))
    db.commit()
    assert digest_of(worked_out_again(db, closing)) == closing.digest
    assert worked_out_again(db, closing)["zones"][0]["vi"] == "Khu Bờ Y"


def test_a_figure_that_was_altered_is_noticed(db: Session, project: Project) -> None:
    closing = close(db, SEPTEMBER, None, at(10, 5))
    altered = closing.figures | {"total": closing.figures["total"] | {"projects": 2}}
    db.execute(update(MonthlyClosing).values(figures=altered))
    db.expire_all()
    with pytest.raises(NotTheSame):
        worked_out_again(db, closing)


def test_the_seal_stands_in_the_trail(db: Session, project: Project) -> None:
    closing = close(db, SEPTEMBER, None, at(10, 5))
    entry = db.scalars(select(TrailEntry).where(TrailEntry.subject_kind == "closing")).one()
    assert (entry.act, entry.subject_id) == ("close_month", SEPTEMBER.toordinal())
    assert entry.seq > closing.head_seq
    assert verify(db, [SECRET]).broken_seq is None


def test_lines_and_trail_tell_the_same(db: Session, project: Project) -> None:
    licensed(db, "Dự án thứ hai")
    forecast(db, project, date(2027, 3, 31), at(9, 21))
    reader = add_person(db, add_office(db, at(9, 5), "leaders", OfficeKind.COMMITTEE), Role.LEADER)
    now = datetime(2026, 9, 21, 3, 0, 1, tzinfo=UTC)
    law = law_on(db, now.date())
    assert standings_now(db, reader) == list(standings_in_trail(db, now, law, now.date()))
    assert expected_in_lines(db, now.date())[project.id] == date(2027, 3, 31)


def test_the_command_verifies_all_closed_months(app: Flask, db: Session, project: Project) -> None:
    close(db, SEPTEMBER, None, at(10, 5))
    answer = app.test_cli_runner().invoke(args=["closings", "verify"])
    assert (answer.exit_code, answer.output.strip()) == (
        0,
        "1 closed months: all follow from the trail as they were sealed.",
    )
    db.execute(update(MonthlyClosing).values(digest="0" * 64))
    db.commit()
    answer = app.test_cli_runner().invoke(args=["closings", "verify"])
    assert answer.exit_code == 1
    assert "2026-09: the trail tells other figures" in answer.output
