"""What a trial previews is exactly what adoption brings about; what has changed since is said."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office.job import Job, JobState, enqueue
from portfolio.office.people import Role
from portfolio.office.trail import Origin, record
from portfolio.office.work import run_job
from portfolio.register.land import Parcel
from portfolio.register.line import RegisterLine
from portfolio.register.project import Project
from portfolio.schedule.flags import Flag
from portfolio.schedule.holiday_acts import add_holidays, drop_holiday, read_lines
from portfolio.schedule.in_force import law_on
from portfolio.schedule.policy import Holiday, PolicyTrial
from portfolio.schedule.policy_acts import StaleTrial, adopt_draft, discard_draft
from portfolio.schedule.policy_result import count_in, rule_counts, sum_of
from portfolio.schedule.policy_trial import KIND, NothingToTry, latest_trial, staleness
from tests.conftest import AT, ON, add_person
from tests.schedule.policy_desk import Desk, desk_with, rule_of, with_months

DAY = timedelta(days=1)


@pytest.fixture
def desk(world: Session) -> Desk:
    return desk_with(world)


def moved(trial: PolicyTrial, move: str) -> set[int]:
    return {row["id"] for row in trial.result["rows"] if row["move"] == move}


@pytest.mark.parametrize("months", [9, 1, 30])
def test_adopting_gives_exactly_the_previewed_list(desk: Desk, months: int) -> None:
    draft = desk.draft(months)
    before = desk.listed()
    trial = desk.trial(draft)
    assert desk.listed() == before, "a trial stores no finding"
    adopt_draft(desk.db, draft, trial, desk.origin(desk.leader))
    after = desk.listed()
    assert moved(trial, "enters") == after - before
    assert moved(trial, "leaves") == before - after
    assert count_in(trial.result["listed"], None) == (len(before), len(after))
    assert (len(after) > len(before)) if months < 12 else (len(after) < len(before))


def test_a_band_of_lateness_on_the_list_is_previewed_exactly(desk: Desk) -> None:
    draft = desk.draft(12)
    document = draft.document | {
        "review_list": {"severities": ["ground"], "bands": ["13-24", "61+"]}
    }
    desk.change(draft, document)
    before, trial = desk.listed(), desk.trial(draft)
    adopt_draft(desk.db, draft, trial, desk.origin(desk.leader))
    after = desk.listed()
    assert moved(trial, "enters") == after - before
    assert moved(trial, "leaves") == before - after
    assert moved(trial, "leaves")


def test_a_house_rule_that_is_switched_off_finds_nothing(desk: Desk) -> None:
    draft = desk.draft(12)
    document = with_months(draft.document, "STALLED", 12)
    rule_of(document, "STALLED")["off"] = True
    desk.change(draft, document)
    trial = desk.trial(draft)
    counts = {rule: (before, after) for rule, before, after in rule_counts(trial.result, None)}
    assert counts["STALLED"][0] > 0 == counts["STALLED"][1]
    adopt_draft(desk.db, draft, trial, desk.origin(desk.leader))
    still = select(Flag).where(Flag.rule == "STALLED", Flag.closed_on.is_(None))
    assert desk.db.scalars(still).all() == []


def test_a_trial_tells_who_and_why_with_land_and_capital(desk: Desk) -> None:
    draft = desk.draft(9)
    trial = desk.trial(draft)
    rows = {row["id"]: row for row in trial.result["rows"] if row["move"] == "enters"}
    assert rows
    for project_id, row in rows.items():
        line = desk.db.scalars(
            select(RegisterLine).where(
                RegisterLine.project_id == project_id, RegisterLine.until.is_(None)
            )
        ).one()
        assert (row["code"], row["name"], row["zone"]) == (line.code, line.name, line.zone_name)
        assert row["zone_id"] == line.zone_id
        assert (row["vnd"] and Decimal(row["vnd"])) == line.capital_vnd
        parcels = desk.db.scalars(select(Parcel.area_ha).where(Parcel.project_id == project_id))
        known = [area for area in parcels if area is not None]
        assert (row["ha"] and Decimal(row["ha"])) == (sum(known) if known else line.area_ha)
        assert row["rules"] == ["STALLED"]
        assert [said[0] for said in row["after"]] == ["STALLED"]
        assert row["before"] == []
    quiet = {row["name"]: row["ha"] for row in rows.values() if "im lặng" in row["name"]}
    assert sorted(quiet.items()) == [
        ("Dự án im lặng 1", "1.75"),
        ("Dự án im lặng 2", "2.5"),
        ("Dự án im lặng 3", None),
    ]
    total = sum_of(row for row in rows.values() if row["name"] in quiet)
    assert (total.projects, total.ha, total.without_ha) == (3, Decimal("4.25"), 1)
    assert (total.vnd, total.without_vnd) == (0, 3)


def test_a_rule_that_only_says_something_else_is_a_change(desk: Desk) -> None:
    draft = desk.draft(12)
    document = with_months(draft.document, "STALLED", 12)
    rule_of(document, "UNDATED")["severity"] = "warning"
    desk.change(draft, document)
    trial = desk.trial(draft)
    undated = select(Flag.project_id).where(Flag.rule == "UNDATED", Flag.closed_on.is_(None))
    assert moved(trial, "changes") == set(desk.db.scalars(undated)) != set()
    assert moved(trial, "enters") == moved(trial, "leaves") == set()


def test_a_draft_that_changes_nothing_moves_nobody(desk: Desk) -> None:
    trial = desk.trial(desk.draft(12))
    assert trial.result["rows"] == []
    assert trial.result["projects"] == desk.db.query(Project).count()


# When it no longer tells what would happen ----------------------------------------------------


def test_a_trial_is_good_until_something_changes(desk: Desk) -> None:
    draft = desk.draft()
    trial = desk.trial(draft)
    assert staleness(desk.db, trial, draft, ON) == []
    assert latest_trial(desk.db, draft) is trial
    somebody = add_person(desk.db, desk.leader.office, Role.READER)
    assert somebody.id
    assert staleness(desk.db, trial, draft, ON) == [], "people are no projects"


def refuse(desk: Desk, draft, trial, at=AT) -> list[str]:
    with pytest.raises(StaleTrial):
        adopt_draft(desk.db, draft, trial, desk.origin(desk.leader, at))
    return staleness(desk.db, trial, draft, (at + timedelta(hours=7)).date())


def test_it_is_stale_when_the_draft_changed(desk: Desk) -> None:
    draft = desk.draft()
    trial = desk.trial(draft)
    desk.change(draft, with_months(draft.document, "SUS-12", 6))
    assert refuse(desk, draft, trial) == ["The draft was changed after the trial."]


def test_it_is_stale_when_a_project_changed(desk: Desk) -> None:
    draft = desk.draft()
    trial = desk.trial(draft)
    project = desk.db.scalars(select(Project).order_by(Project.id).limit(1)).one()
    project.note = "thêm"
    record(desk.db, project, "change_facts", Origin(desk.finance, AT, "x"))
    assert refuse(desk, draft, trial) == ["Projects were changed after the trial."]


def test_it_is_stale_on_another_day(desk: Desk) -> None:
    draft = desk.draft()
    trial = desk.trial(draft)
    assert refuse(desk, draft, trial, AT + DAY) == ["The trial was made on another day."]


def test_it_is_stale_when_holidays_were_added_or_dropped(desk: Desk) -> None:
    draft = desk.draft()
    trial = desk.trial(draft)
    add_holidays(desk.db, read_lines("24/12/2027 Ngày thử"), "QĐ", desk.origin(desk.finance))
    assert refuse(desk, draft, trial) == ["Public holidays were changed after the trial."]
    second = desk.trial(draft)
    assert staleness(desk.db, second, draft, ON) == []
    added = desk.db.scalars(select(Holiday).where(Holiday.name == "Ngày thử")).one()
    drop_holiday(desk.db, added, desk.origin(desk.finance))
    assert refuse(desk, draft, second) == ["Public holidays were changed after the trial."]
    assert staleness(desk.db, trial, draft, ON) == [], "the table is what it was"


def test_a_trial_of_another_version_is_no_trial(desk: Desk) -> None:
    first = desk.draft()
    trial = desk.trial(first)
    discard_draft(desk.db, first, desk.origin(desk.finance))
    second = desk.draft()
    with pytest.raises(StaleTrial):
        adopt_draft(desk.db, second, trial, desk.origin(desk.leader))


# The job --------------------------------------------------------------------------------------


def test_the_job_stores_the_trial_for_who_asked(desk: Desk) -> None:
    draft = desk.draft()
    desk.db.commit()
    job = enqueue(desk.db, KIND, {"number": draft.number}, by=desk.leader, at=AT)
    desk.db.commit()
    run_job(job.id)
    desk.db.expire_all()
    assert desk.db.get_one(Job, job.id).state is JobState.DONE
    trial = latest_trial(desk.db, draft)
    assert trial is not None
    assert (trial.tried_by, trial.policy_state) == (desk.leader.name, draft.version)
    assert trial.result["in_force"] == law_on(desk.db, ON).id


def test_only_a_draft_is_tried(desk: Desk) -> None:
    draft = desk.draft()
    discard_draft(desk.db, draft, desk.origin(desk.finance))
    with pytest.raises(NothingToTry):
        desk.trial(draft)
