"""Delay marks: who may say what of which project, one at a time and several at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office.may import GRANTS, Permission
from portfolio.office.people import Role, User
from portfolio.office.trail import Origin, TrailEntry, record
from portfolio.register.acts.marks import MarkFacts, mark_delay, mark_delays, withdraw_mark
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.acts.projects import NotOurs
from portfolio.register.acts.schedule import Promise, VersionFacts, add_schedule_version
from portfolio.register.line import LinePart, RegisterLine
from portfolio.register.marks import DelayMark, Verdict
from portfolio.register.papers import ActKind
from portfolio.register.phases import MilestoneKind, ScheduleKind, Side
from portfolio.register.project import Listing, Project, Stage
from portfolio.register.row_rule import HiddenProjects, find_all_visible
from portfolio.schedule.flags import Flag
from portfolio.web.errors import Conflict, Refusal
from tests.conftest import AT, ON
from tests.register.desk import Desk, log, officer


def late_project(db: Session, desk: Desk, name: str = "Dự án chậm", **more) -> Project:
    """Licensed in 2023, promised for the end of June 2026, not finished."""
    project = log(db, desk, name, **more)
    approved = date(2023, 1, 5)
    paper = Paper(kind=ActKind.POLICY_APPROVAL, number=project.code, issued_on=approved)
    act = add_act(db, project, paper, desk.program)
    add_schedule_version(
        db,
        project,
        VersionFacts(kind=ScheduleKind.IPA, approved_on=approved, act_id=act.id),
        [Promise(1, MilestoneKind.COMPLETION, date(2026, 6, 30))],
        desk.program,
    )
    return project


def said(**more) -> MarkFacts:
    """What an officer says, unless told otherwise: the delay is real, for want of money."""
    given = {
        "verdict": Verdict.CONFIRMS,
        "cause": "investor_finance",
        "note": "Kiểm tra hiện trường ngày 20/11/2026",
        "on": ON,
    }
    return MarkFacts(**(given | more))


@pytest.fixture
def late(db: Session, desk: Desk) -> Project:
    made = late_project(db, desk)
    db.commit()
    return made


@pytest.fixture
def who(db: Session, desk: Desk) -> User:
    return officer(db, desk, Role.ZONE_OFFICER, desk.mang_den)


def by(user: User, reason: str | None = None) -> Origin:
    return Origin(user, AT, reason)


def open_rules(db: Session, project: Project) -> set[str]:
    query = select(Flag.rule).where(Flag.project_id == project.id, Flag.closed_on.is_(None))
    return set(db.scalars(query))


# What is said ---------------------------------------------------------------------------------


def test_a_mark_keeps_who_said_what_of_what_and_why(db, desk, late, who) -> None:
    facts = said(rule="INV-LATE", paper="12/BB-BQL", cause="licences")
    mark = mark_delay(db, late, facts, by(who, facts.note))
    db.commit()
    db.expire_all()
    assert (mark.verdict, mark.rule, mark.scope, mark.severity) == (
        Verdict.CONFIRMS,
        "INV-LATE",
        None,
        None,
    )
    assert (mark.cause, mark.side, mark.paper) == ("licences", Side.STATE, "12/BB-BQL")
    assert (mark.marked_by, mark.marked_by_id) == (who.name, who.id)
    assert (mark.office, mark.office_id, mark.on) == (who.office.name, desk.authority, ON)
    entry = db.get_one(TrailEntry, late.entry_seq)
    assert (entry.act, entry.by_id, entry.reason) == ("mark_delay", who.id, facts.note)


@pytest.mark.parametrize(
    ("cause", "side"),
    [("b", Side.STATE), ("investor_inactive", Side.INVESTOR), ("market", Side.OBJECTIVE)],
)
def test_the_side_follows_from_the_cause(db, late, who, cause: str, side: Side) -> None:
    assert mark_delay(db, late, said(cause=cause), by(who)).side is side


def test_a_mark_is_beside_what_is_computed_and_changes_none_of_it(db, late, who) -> None:
    before = open_rules(db, late)
    assert "INV-LATE" in before
    mark_delay(db, late, said(verdict=Verdict.DISPUTES, rule="INV-LATE"), by(who))
    mark_delay(db, late, said(), by(who))
    assert open_rules(db, late) == before
    line = db.scalars(select(RegisterLine).where(RegisterLine.until.is_(None))).one()
    assert line.schedule_state == "late"


@pytest.mark.parametrize("severity", ["late", "review"])
def test_an_added_delay_is_a_finding_of_its_weight_until_it_is_withdrawn(
    db, desk, who, severity: str
) -> None:
    project = log(db, desk, "Dự án chưa có tiến độ")
    facts = said(verdict=Verdict.ADDS, severity=severity, on=ON - timedelta(days=2))
    mark = mark_delay(db, project, facts, by(who))
    flag = db.scalars(select(Flag).where(Flag.rule == "EZA-MARK", Flag.closed_on.is_(None))).one()
    assert (flag.severity, flag.since, flag.held) == (severity, ON - timedelta(days=2), False)
    withdraw_mark(db, project, mark, by(who, "Ghi nhầm dự án"))
    assert "EZA-MARK" not in open_rules(db, project)
    db.refresh(flag)
    assert flag.closed_on == ON
    db.commit()
    assert (mark.withdrawn_on, mark.withdrawn_why) == (ON, "Ghi nhầm dự án")
    assert mark.withdrawn_by == who.name
    assert db.get_one(TrailEntry, project.entry_seq).act == "withdraw_mark"


def test_the_register_line_names_the_marks_that_stand(db, late, who) -> None:
    def line() -> RegisterLine:
        return db.scalars(select(RegisterLine).where(RegisterLine.until.is_(None))).one()

    def parts() -> set[str]:
        of_line = select(LinePart.ref).where(LinePart.kind == "mark", LinePart.line_id == line().id)
        return set(db.scalars(of_line))

    first = mark_delay(db, late, said(), by(who))
    mark_delay(db, late, said(verdict=Verdict.DISPUTES, cause="b"), by(who))
    db.expire_all()
    assert line().marks == "disputes:b confirms:investor_finance"
    assert parts() == {"disputes", "confirms"}
    withdraw_mark(db, late, first, by(who, "Nhầm"))
    db.expire_all()
    assert line().marks == "disputes:b"
    assert parts() == {"disputes"}


# What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"cause": "weather"}, "cause"),
        ({"note": ""}, "note"),
        ({"on": ON + timedelta(days=1)}, "on"),
        ({"verdict": Verdict.ADDS}, "severity"),
        ({"verdict": Verdict.ADDS, "severity": "ground"}, "severity"),
        ({"verdict": Verdict.ADDS, "severity": "late", "rule": "INV-LATE"}, "about"),
        ({"severity": "late"}, "severity"),
        ({"scope": "phase:1"}, "about"),
        ({"rule": "LAND-12"}, "about"),
        ({"rule": "INV-LATE", "scope": "phase:7"}, "about"),
        ({"rule": "UNDATED"}, "about"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(db, late, who, facts, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        mark_delay(db, late, said(**facts), by(who))
    assert refused.value.field == field
    assert db.scalars(select(DelayMark)).all() == []


def test_a_finding_that_is_confirmed_may_be_one_of_several_of_its_rule(db, late, who) -> None:
    flag = db.scalars(select(Flag).where(Flag.rule == "INV-LATE")).first()
    mark = mark_delay(db, late, said(rule="INV-LATE", scope=flag.scope), by(who))
    assert mark.scope == flag.scope


def test_where_nothing_holds_there_is_nothing_to_confirm(db, desk, who) -> None:
    project = log(db, desk, "Dự án mới cấp phép")
    for verdict in (Verdict.CONFIRMS, Verdict.DISPUTES):
        with pytest.raises(Refusal) as refused:
            mark_delay(db, project, said(verdict=verdict), by(who))
        assert (refused.value.field, refused.value.params["codes"]) == ("verdict", project.code)


def test_only_a_licensed_project_can_be_late(db, desk, who) -> None:
    project = log(db, desk, "Chợ đêm", listing=Listing.SOLICITED, stage=Stage.CALLING)
    with pytest.raises(Refusal) as refused:
        mark_delay(db, project, said(verdict=Verdict.ADDS, severity="late"), by(who))
    assert project.code in str(refused.value.params)


def test_the_same_mark_of_the_same_officer_stands_once(db, desk, late, who) -> None:
    mark = mark_delay(db, late, said(), by(who))
    with pytest.raises(Conflict):
        mark_delay(db, late, said(), by(who))
    colleague = officer(db, desk, Role.ZONE_OFFICER, desk.mang_den, email="khac@example.org")
    mark_delay(db, late, said(), by(colleague))
    withdraw_mark(db, late, mark, by(who, "Nhầm"))
    mark_delay(db, late, said(), by(who))
    assert len(late.marks) == 3


# Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_each_role_marks_what_its_office_follows_and_nothing_else(
    db: Session, desk: Desk, role: Role
) -> None:
    inside, outside = late_project(db, desk, "Trong khu"), late_project(db, desk, "Ngoài khu")
    outside.zone_id = None
    record(db, outside, "correct_project", desk.program)
    db.commit()
    person = officer(db, desk, role, *((desk.mang_den,) if role is Role.ZONE_OFFICER else ()))
    may = {Role.ZONE_OFFICER: [inside], Role.FINANCE_OFFICER: [outside]}.get(role, [])
    assert (Permission.MARK_DELAY in GRANTS[role]) == bool(may)
    for project in (inside, outside):
        if project in may:
            assert mark_delay(db, project, said(), by(person)).office_id == person.office_id
        else:
            with pytest.raises(NotOurs):
                mark_delay(db, project, said(), by(person))
            assert project.marks == []


def test_an_officer_of_another_zone_may_not(db, desk, late) -> None:
    stranger = officer(db, desk, Role.ZONE_OFFICER, desk.kon_tum)
    with pytest.raises(NotOurs):
        mark_delay(db, late, said(), by(stranger))
    with pytest.raises(HiddenProjects) as hidden:
        find_all_visible(db, stranger, [late.code, "KT-9999"])
    # What is hidden and what does not exist are told in one breath.
    assert hidden.value.params["codes"] == f"{late.code}, KT-9999"


def test_a_mark_is_withdrawn_by_its_office_or_by_finance_with_a_reason(db, desk, late, who) -> None:
    colleague = officer(db, desk, Role.ZONE_OFFICER, desk.mang_den, email="khac@example.org")
    finance = officer(db, desk, Role.FINANCE_OFFICER)
    leader = officer(db, desk, Role.LEADER)
    stranger = officer(db, desk, Role.ZONE_OFFICER, desk.kon_tum)
    one, two = (mark_delay(db, late, said(cause=cause), by(who)) for cause in ("market", "other"))
    for person in (leader, stranger):
        with pytest.raises(NotOurs):
            withdraw_mark(db, late, one, by(person, "Không đúng"))
    with pytest.raises(Refusal) as refused:
        withdraw_mark(db, late, one, by(colleague))
    assert refused.value.field == "reason"
    withdraw_mark(db, late, one, by(colleague, "Đã có biên bản mới"))
    withdraw_mark(db, late, two, by(finance, "Trùng"))
    assert [mark.withdrawn_by for mark in (one, two)] == [colleague.name, finance.name]
    with pytest.raises(Conflict):
        withdraw_mark(db, late, two, by(finance, "Lần nữa"))


# Several at once ------------------------------------------------------------------------------


def test_several_are_marked_in_one_act(db, desk, who) -> None:
    projects = [late_project(db, desk, f"Dự án {number}") for number in range(3)]
    db.commit()
    before = db.scalar(select(TrailEntry.seq).order_by(TrailEntry.seq.desc()).limit(1))
    marks = mark_delays(db, projects, said(), by(who, "Cùng một lý do"))
    db.commit()
    assert [mark.project_id for mark in marks] == [project.id for project in projects]
    query = select(TrailEntry).where(TrailEntry.seq > before).order_by(TrailEntry.seq)
    entries = list(db.scalars(query))
    assert {(one.act, one.reason, one.by_id) for one in entries} == {
        ("mark_delays", "Cùng một lý do", who.id)
    }
    assert [one.subject_id for one in entries] == [project.id for project in projects]


def test_one_foreign_project_stops_all_and_is_named(db, desk, who) -> None:
    projects = [late_project(db, desk, f"Dự án {number}") for number in range(2)]
    foreign = late_project(db, desk, "Khu khác", zone_id=desk.kon_tum)
    db.commit()
    with pytest.raises(NotOurs) as refused:
        mark_delays(db, [*projects, foreign], said(), by(who))
    assert refused.value.params == {"codes": foreign.code}
    db.rollback()
    assert db.scalars(select(DelayMark)).all() == []


def test_one_project_without_the_finding_stops_all_and_is_named(db, desk, who) -> None:
    projects = [late_project(db, desk, "Chậm"), log(db, desk, "Chưa có gì")]
    db.commit()
    with pytest.raises(Refusal) as refused:
        mark_delays(db, projects, said(rule="INV-LATE"), by(who))
    assert refused.value.params["codes"] == projects[1].code
    assert db.scalars(select(DelayMark)).all() == []


def test_none_and_too_many_are_refused_before_anything_is_looked_at(db, desk, late, who) -> None:
    for projects in ([], [late] * 201):
        with pytest.raises(Refusal):
            mark_delays(db, projects, said(), by(who))
    assert late.marks == []
