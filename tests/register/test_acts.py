"""The acts on a project as the rule book: what each allows, what it refuses, what it leaves behind."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portfolio.notation.days import Precision
from portfolio.office.people import Role
from portfolio.office.trail import Origin, UnrecordedChange, entries_of, unpack
from portfolio.register.acts import capital, land, notes, papers, pauses, people, projects, schedule
from portfolio.register.acts.first_day import FirstDay, log_first_day
from portfolio.register.capital import CapitalKind
from portfolio.register.history_words import ACTS
from portfolio.register.investor import InvestorRole
from portfolio.register.land import IntervalKind
from portfolio.register.papers import ActKind
from portfolio.register.phases import MilestoneKind, PauseStatus, ScheduleKind, Side
from portfolio.register.place import Unit
from portfolio.register.project import HappeningKind, Listing, Project, Stage
from portfolio.web.errors import Conflict, Refusal
from tests.conftest import AT, CHECKOUT, ON
from tests.register.desk import BILLION, Desk, log, officer

DAY = date(2020, 5, 1)


@pytest.fixture
def project(db: Session, desk: Desk) -> Project:
    return log(db, desk)


@pytest.fixture
def keeper(db: Session, desk: Desk) -> Origin:
    """An officer of the project's zone, with a reason at hand."""
    return Origin(officer(db, desk, Role.ZONE_OFFICER, desk.mang_den), AT, "Nhập nhầm")


@pytest.fixture
def wordless(keeper: Origin) -> Origin:
    """The same officer, giving no reason."""
    return Origin(keeper.by, AT)


def refused(field: str | None, act: Callable[..., Any], *given: Any, **named: Any) -> Refusal:
    """The refusal of an act, which names that field."""
    with pytest.raises(Refusal) as caught:
        act(*given, **named)
    assert caught.value.field == field, caught.value.message
    return caught.value


def last_act(db: Session, project: Project) -> tuple[str, str | None]:
    entry = entries_of(db, "project", project.id)[-1]
    return entry.act, entry.reason


def paper(kind: ActKind, number: str | None = "12", on: date = DAY) -> papers.Paper:
    return papers.Paper(kind=kind, number=number, sign="QĐ-UBND" if number else None, issued_on=on)


# Logging --------------------------------------------------------------------------------------


def test_codes_follow_each_other(db: Session, desk: Desk) -> None:
    assert [log(db, desk, name).code for name in ("a", "b")] == ["KT-0001", "KT-0002"]


@pytest.mark.parametrize("listing", list(Listing))
@pytest.mark.parametrize("stage", list(Stage))
def test_a_project_is_logged_on_a_stage_of_its_list_that_needs_no_act(
    db: Session, desk: Desk, listing: Listing, stage: Stage
) -> None:
    fits = stage in projects.STAGES_OF[listing] and stage not in projects.STAGE_ACTS
    if fits:
        assert log(db, desk, listing=listing, stage=stage).stage is stage
    else:
        refused("stage", log, db, desk, listing=listing, stage=stage)


def test_a_project_lies_somewhere(db: Session, desk: Desk) -> None:
    first = FirstDay(facts=projects.Facts(name="a"), listing=Listing.SOLICITED, stage=Stage.CALLING)
    refused("place", log_first_day, db, first, prefix="KT", origin=desk.program)


def test_the_first_entry_holds_all_parts(db: Session, desk: Desk, keeper: Origin) -> None:
    first = FirstDay(
        facts=projects.Facts(name="Nhà máy", certificate_no="386", zone_id=desk.mang_den),
        listing=Listing.LICENSED,
        stage=Stage.PREPARING,
        place=db.get(Unit, desk.mang_den_commune),
        figure=capital.Figure(kind=CapitalKind.REGISTERED, amount=5 * BILLION),
        investor_name="Công ty A",
        certificate_on=DAY,
    )
    project = log_first_day(db, first, prefix="KT", origin=keeper)
    (entry,) = entries_of(db, "project", project.id)
    state = unpack(entry.state)
    assert (entry.act, entry.by_name) == ("log_project", keeper.by.name)
    assert state["places"][0]["principal"] is True
    assert state["capital"][0]["amount"] == "5000000000"
    assert state["investors"][0]["name"] == "Công ty A"
    assert (state["acts"][0]["number"], state["acts"][0]["issued_on"]) == ("386", "2020-05-01")


# Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "zone", "listing", "allowed"),
    [
        (Role.ZONE_OFFICER, "mang_den", Listing.LICENSED, True),
        (Role.ZONE_OFFICER, "kon_tum", Listing.LICENSED, False),
        (Role.CENTRE_OFFICER, None, Listing.SOLICITED, True),
        (Role.CENTRE_OFFICER, None, Listing.LICENSED, False),
        (Role.FINANCE_OFFICER, None, Listing.LICENSED, False),
        (Role.LEADER, None, Listing.LICENSED, False),
        (Role.ADMINISTRATOR, None, Listing.LICENSED, False),
        (Role.AUDITOR, None, Listing.LICENSED, False),
    ],
)
def test_who_may_change_a_project_of_a_managed_zone(
    db: Session, desk: Desk, role: Role, zone: str | None, listing: Listing, *, allowed: bool
) -> None:
    stage = Stage.IMPLEMENTING if listing is Listing.LICENSED else Stage.CALLING
    project = log(db, desk, listing=listing, stage=stage)
    zones = (getattr(desk, zone),) if zone else ()
    origin = Origin(officer(db, desk, role, *zones), AT)
    if allowed:
        people.set_aliases(db, project, ["Tên khác"], origin)
    else:
        with pytest.raises(projects.NotOurs):
            people.set_aliases(db, project, ["Tên khác"], origin)


def test_finance_keeps_what_lies_in_no_managed_zone(db: Session, desk: Desk) -> None:
    finance = Origin(officer(db, desk, Role.FINANCE_OFFICER), AT)
    people.set_aliases(db, _outside(db, desk), ["Tên khác"], finance)
    project = log(db, desk)
    projects.set_follower(db, project, office_id=desk.finance, why="Liên khu", origin=desk.program)
    people.set_aliases(db, project, ["Tên khác"], finance)


def _outside(db: Session, desk: Desk) -> Project:
    first = FirstDay(
        facts=projects.Facts(name="Ngoài khu"),
        listing=Listing.LICENSED,
        stage=Stage.PREPARING,
        place=db.get(Unit, desk.mang_den_commune),
    )
    return log_first_day(db, first, prefix="KT", origin=desk.program)


def test_a_project_is_not_moved_into_a_foreign_zone(
    db: Session, desk: Desk, project: Project, keeper: Origin
) -> None:
    facts = projects.facts_of(project)
    facts.zone_id = desk.kon_tum
    refused("zone_id", projects.correct_project, db, project, facts, keeper)
    assert project.zone_id == desk.mang_den


def test_an_override_of_the_follower_says_why(
    db: Session, desk: Desk, project: Project, keeper: Origin
) -> None:
    follow = projects.set_follower
    refused("followed_reason", follow, db, project, office_id=desk.finance, why=None, origin=keeper)
    follow(db, project, office_id=desk.finance, why="Dự án liên khu", origin=desk.program)
    follow(db, project, office_id=None, why="bỏ", origin=desk.program)
    assert (project.followed_by_id, project.followed_reason) == (None, None)


# Moving and ending ----------------------------------------------------------------------------


def move(db: Session, project: Project, listing: Listing, stage: Stage, origin: Origin) -> None:
    projects.move_project(db, project, listing=listing, stage=stage, on=DAY, origin=origin)


def test_licensing_needs_its_paper(db: Session, desk: Desk, keeper: Origin) -> None:
    project = log(db, desk, listing=Listing.REGISTERED, stage=Stage.SURVEYING)
    refused("listing", move, db, project, Listing.LICENSED, Stage.PREPARING, keeper)
    papers.add_act(db, project, paper(ActKind.POLICY_APPROVAL), keeper)
    move(db, project, Listing.LICENSED, Stage.PREPARING, keeper)
    assert (project.listing, project.stage_since) == (Listing.LICENSED, DAY)


def test_going_back_needs_a_reason(
    db: Session, project: Project, keeper: Origin, wordless: Origin
) -> None:
    papers.add_act(db, project, paper(ActKind.CERTIFICATE), keeper)
    back = (Listing.LICENSED, Stage.PREPARING)
    refused("reason", move, db, project, *back, wordless)
    move(db, project, *back, keeper)
    assert last_act(db, project) == ("move_project", "Nhập nhầm")


@pytest.mark.parametrize("stage", [Stage.SUSPENDED, Stage.REVOKED, Stage.TERMINATED])
def test_no_move_reaches_a_stage_that_rests_on_an_act(
    db: Session, project: Project, keeper: Origin, stage: Stage
) -> None:
    listing = Listing.LICENSED if stage is Stage.SUSPENDED else Listing.CLOSED
    refused("stage", move, db, project, listing, stage, keeper)


@pytest.mark.parametrize(
    ("kind", "stage", "listing", "act"),
    [
        (ActKind.SUSPENSION, Stage.SUSPENDED, Listing.LICENSED, "suspend"),
        (ActKind.TERMINATION, Stage.TERMINATED, Listing.CLOSED, "terminate"),
        (ActKind.REVOCATION, Stage.REVOKED, Listing.CLOSED, "revoke"),
    ],
)
def test_the_decision_brings_the_stage_about(
    db: Session,
    project: Project,
    keeper: Origin,
    kind: ActKind,
    stage: Stage,
    listing: Listing,
    act: str,
) -> None:
    refused("number", papers.add_act, db, project, paper(kind, None), keeper)
    made = papers.add_act(db, project, paper(kind), keeper)
    assert (project.stage, project.listing, project.stage_since) == (stage, listing, DAY)
    assert (project.stage_act_id, project.stage_act_kind) == (made.id, kind)
    assert last_act(db, project)[0] == act
    refused(None, papers.remove_act, db, project, made, keeper)
    db.commit()


def test_who_may_end_a_project(db: Session, desk: Desk) -> None:
    project = log(db, desk, listing=Listing.SOLICITED, stage=Stage.CALLING)
    centre = Origin(officer(db, desk, Role.CENTRE_OFFICER), AT)
    refused("kind", papers.add_act, db, project, paper(ActKind.REVOCATION), centre)
    papers.add_act(db, project, paper(ActKind.WITHDRAWAL), centre)
    assert (project.stage, project.listing) == (Stage.WITHDRAWN, Listing.CLOSED)


def test_a_revoked_project_is_reinstated_with_a_reason(
    db: Session, project: Project, keeper: Origin, wordless: Origin
) -> None:
    papers.add_act(db, project, paper(ActKind.CERTIFICATE, "1"), keeper)
    papers.add_act(db, project, paper(ActKind.REVOCATION), keeper)
    licensed = (Listing.LICENSED, Stage.IMPLEMENTING)
    refused("reason", move, db, project, *licensed, wordless)
    move(db, project, *licensed, keeper)
    assert (project.stage_act_id, last_act(db, project)[0]) == (None, "reinstate")
    db.commit()


# Papers ---------------------------------------------------------------------------------------


def test_the_same_paper_is_recorded_once(db: Session, project: Project, keeper: Origin) -> None:
    papers.add_act(db, project, paper(ActKind.ADJUSTMENT), keeper)
    with pytest.raises(Conflict):
        papers.add_act(db, project, paper(ActKind.ADJUSTMENT), keeper)
    papers.add_act(db, project, paper(ActKind.ADJUSTMENT, on=date(2021, 5, 1)), keeper)


def test_a_correction_of_the_stages_paper_moves_the_day_and_keeps_the_kind(
    db: Session, project: Project, keeper: Origin, wordless: Origin
) -> None:
    made = papers.add_act(db, project, paper(ActKind.TERMINATION), keeper)
    right = paper(ActKind.TERMINATION, on=date(2021, 1, 2))
    refused("reason", papers.correct_act, db, project, made, right, wordless)
    papers.correct_act(db, project, made, right, keeper)
    assert project.stage_since == date(2021, 1, 2)
    refused("kind", papers.correct_act, db, project, made, paper(ActKind.FINE), keeper)


# Capital --------------------------------------------------------------------------------------


def figure(**more: Any) -> capital.Figure:
    return capital.Figure(**{"kind": CapitalKind.REGISTERED, "amount": 10 * BILLION} | more)


def test_figures_are_added_and_never_overwritten(
    db: Session, project: Project, keeper: Origin
) -> None:
    capital.add_capital(db, project, figure(), keeper)
    capital.add_capital(db, project, figure(kind=CapitalKind.ADJUSTED, amount=12 * BILLION), keeper)
    assert [row.amount for row in project.capital] == [10 * BILLION, 12 * BILLION]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": None}, "amount"),
        ({"equity": 6 * BILLION, "loan": 5 * BILLION}, "equity"),
        ({"currency": "USD", "rate": Decimal(25_000)}, "rate"),
        ({"currency": "USD", "rate_on": DAY}, "rate"),
    ],
)
def test_sums_that_cannot_be(
    db: Session, project: Project, keeper: Origin, given: dict[str, Any], field: str
) -> None:
    refused(field, capital.add_capital, db, project, figure(**given), keeper)


def test_foreign_money_is_worked_out_in_dong(db: Session, project: Project, keeper: Origin) -> None:
    given = figure(amount=Decimal("20.6e6"), currency="USD", rate=Decimal(25_450), rate_on=DAY)
    assert capital.add_capital(db, project, given, keeper).vnd_amount == Decimal(524270000000)


def test_a_deposit_is_required_or_exempt(db: Session, project: Project, keeper: Origin) -> None:
    given = dict.fromkeys(("amount", "due_on", "paid_on", "guarantee_expires_on", "source"))
    refused(
        "exemption",
        capital.record_deposit,
        db,
        project,
        required=True,
        exemption="31.1.a",
        origin=keeper,
        **given,
    )


# People and places ----------------------------------------------------------------------------


def test_shares_add_up_to_a_hundred_at_most(
    db: Session, desk: Desk, project: Project, keeper: Origin
) -> None:
    one = people.find_or_add_investor(db, "Công ty A", None, keeper)
    two = people.find_or_add_investor(db, "Công ty B", None, keeper)
    part = people.Part(role=InvestorRole.LEAD, share=Decimal(60))
    link = people.add_investor(db, project, one, part, keeper)
    more = people.Part(role=InvestorRole.MEMBER, share=Decimal("40.01"))
    refused("share", people.add_investor, db, project, two, more, keeper)
    former = people.Part(role=InvestorRole.FORMER, share=Decimal(60))
    people.correct_investor(db, project, link, former, keeper)
    people.add_investor(db, project, two, more, keeper)


def test_the_principal_place_changes_hands(
    db: Session, desk: Desk, project: Project, keeper: Origin
) -> None:
    one, two = (db.get_one(Unit, key) for key in desk.dak_long[:2])
    people.set_places(db, project, one, [two], keeper)
    people.set_places(db, project, two, [one], keeper)
    assert {place.unit_id: place.principal for place in project.places} == {
        one.id: False,
        two.id: True,
    }
    refused("principal", people.set_places, db, project, None, [one], keeper)
    db.commit()


# Time -----------------------------------------------------------------------------------------


def promise(kind: MilestoneKind, on: date, phase: int = 1) -> schedule.Promise:
    return schedule.Promise(phase, kind, on)


REGISTERED = schedule.VersionFacts(kind=ScheduleKind.IRC, approved_on=DAY)
END = promise(MilestoneKind.COMPLETION, date(2022, 12, 31))


def test_the_first_schedule_makes_the_first_phase(
    db: Session, project: Project, keeper: Origin
) -> None:
    schedule.add_schedule_version(db, project, REGISTERED, [END], keeper)
    (phase,) = project.phases
    assert (phase.number, phase.milestones[0].targets[0].planned_on) == (1, date(2022, 12, 31))


def test_a_further_version_needs_its_paper_and_leaves_the_first_alone(
    db: Session, project: Project, keeper: Origin
) -> None:
    schedule.add_schedule_version(db, project, REGISTERED, [END], keeper)
    later = [promise(MilestoneKind.COMPLETION, date(2024, 12, 31))]
    facts = schedule.VersionFacts(kind=ScheduleKind.ADJUSTED, approved_on=date(2022, 1, 1))
    refused("act_id", schedule.add_schedule_version, db, project, facts, later, keeper)
    facts.act_id = papers.add_act(db, project, paper(ActKind.ADJUSTMENT), keeper).id
    schedule.add_schedule_version(db, project, facts, later, keeper)
    (milestone,) = project.phases[0].milestones
    days = {t.schedule_version.number: t.planned_on for t in milestone.targets}
    assert days == {1: date(2022, 12, 31), 2: date(2024, 12, 31)}


@pytest.mark.parametrize(
    ("promises", "field"),
    [
        ([], None),
        ([promise(MilestoneKind.START, date(2020, 4, 30))], "days-0-start"),
        (
            [promise(MilestoneKind.START, date(2022, 1, 1)), promise(MilestoneKind.OPERATION, DAY)],
            "days-0-operation",
        ),
    ],
)
def test_days_that_cannot_be(
    db: Session,
    project: Project,
    keeper: Origin,
    promises: list[schedule.Promise],
    field: str | None,
) -> None:
    refused(field, schedule.add_schedule_version, db, project, REGISTERED, promises, keeper)


def test_only_the_last_version_is_taken_out_and_the_trail_keeps_it(
    db: Session, project: Project, keeper: Origin, wordless: Origin
) -> None:
    schedule.add_schedule_version(db, project, REGISTERED, [END], keeper)
    refused("reason", schedule.remove_schedule_version, db, project, wordless)
    schedule.remove_schedule_version(db, project, keeper)
    assert project.schedules == []
    kept = unpack(entries_of(db, "project", project.id)[-2].state)
    assert kept["phases"][0]["milestones"][0]["targets"][0]["planned_on"] == "2022-12-31"
    db.commit()


def test_the_first_schedule_stands_for_ever_once_its_day_is_over(
    db: Session, project: Project, keeper: Origin
) -> None:
    schedule.add_schedule_version(db, project, REGISTERED, [END], keeper)
    later = replace(keeper, at=keeper.at + timedelta(days=1))
    with pytest.raises(Refusal, match="stands for ever"):
        schedule.remove_schedule_version(db, project, later)
    assert [version.number for version in project.schedules] == [1]


def test_milestones_are_met_today_or_before(db: Session, project: Project, keeper: Origin) -> None:
    schedule.add_schedule_version(db, project, REGISTERED, [END], keeper)
    milestone = project.phases[0].milestones[0]
    track = {"evidence": None, "forecast_on": None, "on": ON, "origin": keeper}
    late = date(2026, 11, 23)
    refused(
        "met_on",
        schedule.track_milestone,
        db,
        project,
        milestone,
        met_on=late,
        met_precision=Precision.DAY,
        **track,
    )
    schedule.confirm_unchanged(db, project, on=ON, origin=keeper)
    assert milestone.last_reviewed_on == ON
    schedule.track_milestone(
        db, project, milestone, met_on=ON, met_precision=Precision.DAY, **track
    )
    refused(None, schedule.confirm_unchanged, db, project, on=ON, origin=keeper)


def claim(**more: Any) -> pauses.Claim:
    return pauses.Claim(
        **{"cause": "b", "side": Side.STATE, "since": DAY, "paper": "12/UBND"} | more
    )


def test_a_pause_is_judged_by_another_officer(
    db: Session, desk: Desk, project: Project, keeper: Origin, wordless: Origin
) -> None:
    refused("until", pauses.claim_pause, db, project, claim(until=date(2020, 4, 1)), keeper)
    pause = pauses.claim_pause(db, project, claim(), keeper)
    refused(None, pauses.judge_pause, db, project, pause, accepted=True, origin=keeper)
    person = officer(db, desk, Role.ZONE_OFFICER, desk.mang_den, email="b@example.org")
    other, silent = Origin(person, AT, "Không đúng"), Origin(person, AT)
    refused("reason", pauses.judge_pause, db, project, pause, accepted=False, origin=silent)
    pauses.judge_pause(db, project, pause, accepted=True, origin=silent)
    assert (pause.status, pause.decided_by) == (PauseStatus.ACCEPTED, person.name)
    refused(None, pauses.correct_pause, db, project, pause, claim(cause="a"), keeper)
    refused(None, pauses.remove_pause, db, project, pause, keeper)
    pauses.judge_pause(db, project, pause, accepted=False, origin=other)
    assert last_act(db, project) == ("reject_pause", "Không đúng")


def test_a_pause_without_a_paper_is_not_accepted(
    db: Session, desk: Desk, project: Project, keeper: Origin
) -> None:
    pause = pauses.claim_pause(db, project, claim(paper=None), desk.program)
    refused("paper", pauses.judge_pause, db, project, pause, accepted=True, origin=keeper)


def test_who_corrects_a_claim_is_its_claimant(
    db: Session, desk: Desk, project: Project, keeper: Origin
) -> None:
    pause = pauses.claim_pause(db, project, claim(), desk.program)
    pauses.correct_pause(db, project, pause, claim(since=date(2020, 6, 1)), keeper)
    refused(None, pauses.judge_pause, db, project, pause, accepted=True, origin=keeper)


# Land and notes -------------------------------------------------------------------------------

EXTENDED = {"extension_decision": "77/QĐ", "extension_from": DAY}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"area_ha": Decimal(0)}, "area_ha"),
        ({"handed_over_on": DAY, "first_used_on": date(2020, 4, 30)}, "first_used_on"),
        ({"extension_from": DAY}, "extension_to"),
        ({"extension_from": DAY, "extension_to": date(2021, 5, 1)}, "extension_decision"),
        (EXTENDED | {"extension_to": date(2020, 4, 1)}, "extension_to"),
        (EXTENDED | {"extension_to": date(2022, 5, 2)}, "extension_to"),
        ({"recovered_on": DAY}, "recovery_act_id"),
    ],
)
def test_parcels_that_cannot_be(
    db: Session, project: Project, keeper: Origin, given: dict[str, Any], field: str
) -> None:
    facts = land.ParcelFacts(name="A", **given)
    refused(field, land.add_parcel, db, project, facts, keeper)


def test_an_extension_of_24_months_to_the_day(
    db: Session, project: Project, keeper: Origin
) -> None:
    facts = land.ParcelFacts(name="A", **EXTENDED, extension_to=date(2022, 5, 1))
    assert land.add_parcel(db, project, facts, keeper).extension_to == date(2022, 5, 1)


def test_land_is_recovered_by_its_decision(db: Session, project: Project, keeper: Origin) -> None:
    facts = land.ParcelFacts(name="A", recovered_on=DAY)
    facts.recovery_act_id = papers.add_act(db, project, paper(ActKind.FINE), keeper).id
    refused("recovery_act_id", land.add_parcel, db, project, facts, keeper)
    decision = papers.add_act(db, project, paper(ActKind.LAND_RECOVERY, "13"), keeper)
    facts.recovery_act_id = decision.id
    parcel = land.add_parcel(db, project, facts, keeper)
    refused(None, papers.remove_act, db, project, decision, keeper)
    land.remove_parcel(db, project, parcel, keeper)
    papers.remove_act(db, project, decision, keeper)


def test_days_of_a_parcel_are_kept_as_they_are_when_others_come(
    db: Session, project: Project, keeper: Origin
) -> None:
    stop = land.Interval(IntervalKind.INTERRUPTION, DAY, date(2020, 6, 1))
    parcel = land.add_parcel(db, project, land.ParcelFacts(name="A", intervals=[stop]), keeper)
    first = parcel.intervals[0].id
    storm = land.Interval(IntervalKind.FORCE_MAJEURE, date(2021, 1, 1))
    facts = land.ParcelFacts(name="A", intervals=[stop, storm])
    land.correct_parcel(db, project, parcel, facts, keeper)
    assert parcel.intervals[0].id == first
    assert len(parcel.intervals) == 2


def test_what_was_observed_lies_in_the_past(db: Session, project: Project, keeper: Origin) -> None:
    def event(on: date | None, precision: Precision | None) -> notes.Event:
        return notes.Event(kind=HappeningKind.NEWS, text="Tin", on=on, precision=precision)

    tomorrow = event(date(2026, 11, 23), Precision.DAY)
    refused("on", notes.add_happening, db, project, tomorrow, today=ON, origin=keeper)
    next_year = event(date(2027, 12, 31), Precision.YEAR)
    refused("on", notes.add_happening, db, project, next_year, today=ON, origin=keeper)
    for running in (
        event(date(2026, 11, 30), Precision.MONTH),
        event(date(2026, 12, 31), Precision.QUARTER),
        event(date(2026, 12, 31), Precision.HALF),
        event(date(2026, 12, 31), Precision.YEAR),
        event(None, None),
    ):
        notes.add_happening(db, project, running, today=ON, origin=keeper)


def test_a_translation_remembers_what_it_was_made_from(
    db: Session, project: Project, keeper: Origin
) -> None:
    notes.translate(db, project, "en", {"name": "Dam Bri Lake Resort"}, keeper)
    assert project.translations[0].made_from == "Khu nghỉ dưỡng Hồ Đam Bri"
    notes.translate(db, project, "en", {"name": ""}, keeper)
    assert project.translations == []


@pytest.mark.parametrize("part", ["capital", "source", "happening", "parcel", "phase"])
def test_nothing_is_taken_out_without_a_reason(
    db: Session, project: Project, keeper: Origin, wordless: Origin, part: str
) -> None:
    made: dict[str, tuple[Any, Any]] = {
        "capital": (capital.add_capital(db, project, figure(), keeper), capital.remove_capital),
        "source": (
            notes.add_source(
                db, project, about="capital", title="a", place=None, url=None, origin=keeper
            ),
            notes.remove_source,
        ),
        "happening": (
            notes.add_happening(
                db,
                project,
                notes.Event(kind=HappeningKind.NEWS, text="a"),
                today=ON,
                origin=keeper,
            ),
            notes.remove_happening,
        ),
        "parcel": (
            land.add_parcel(db, project, land.ParcelFacts(name="A"), keeper),
            land.remove_parcel,
        ),
        "phase": (
            schedule.add_phase(db, project, schedule.PhaseFacts(), keeper),
            schedule.remove_phase,
        ),
    }
    row, remove = made[part]
    refused("reason", remove, db, project, row, wordless)
    remove(db, project, row, keeper)
    assert last_act(db, project)[1] == "Nhập nhầm"


def test_a_change_without_an_act_does_not_reach_the_database(db: Session, project: Project) -> None:
    db.commit()
    project.name = "Tên không ai ghi nhận"
    with pytest.raises(UnrecordedChange):
        db.commit()


def test_every_act_has_its_name_in_the_history() -> None:
    folder = CHECKOUT / "portfolio" / "register" / "acts"
    named = (
        {
            name
            for path in folder.glob("*.py")
            for name in re.findall(r'record\(\s*session, \w+, "(\w+)"', path.read_text())
        }
        | set(projects.ENDING.values())
        | {"accept_pause", "reject_pause", "move_project", "reinstate"}
    )
    assert len(named) > 40
    assert named <= set(ACTS)
