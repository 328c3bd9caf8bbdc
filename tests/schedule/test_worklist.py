"""The worklist: what changed since one last looked, what falls due, who is silent, who is late."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office.people import Role, User
from portfolio.office.trail import Origin
from portfolio.register.acts.pauses import Claim, claim_pause, judge_pause
from portfolio.register.acts.projects import Facts, correct_project
from portfolio.register.acts.reports import ReportFacts, receive_report
from portfolio.register.phases import Side
from portfolio.register.progress import ReportKind
from portfolio.register.project import Project
from portfolio.schedule.evaluate import evaluate_portfolio, law_on
from portfolio.schedule.looking import Looked, last_look, look
from portfolio.schedule.news import CLOSED, FACTS, OPENED, REVISED, Happened, group, tell
from portfolio.schedule.reports_due import due_days, reports_due
from portfolio.schedule.worklist import page_of, read_worklist
from tests.conftest import AT, ON
from tests.office.conftest import opened
from tests.register.desk import Desk, browser_of, lay_out, officer
from tests.register.test_few_queries import statements
from tests.schedule.followed import promised, scope_of

MOST_STATEMENTS = 15
LATER = AT + timedelta(hours=3)


@pytest.fixture
def desk(db: Session) -> Desk:
    return lay_out(db)


def happened(
    project: int, minute: int, kind: str = FACTS, what: str = "x", scope: str = ""
) -> Happened:
    at = datetime(2026, 11, 22, 1, minute, tzinfo=UTC)
    return Happened(project, at, kind, what, scope, "late", None, None, None)


# What changed ---------------------------------------------------------------------------------


def test_changes_are_told_by_project_the_latest_first():
    opened_ = [happened(1, 30, OPENED), happened(2, 10, OPENED)]
    acts = [happened(2, 40), happened(1, 5)]
    groups, more = group([opened_, acts], limit=5)
    assert [(one, [e.at.minute for e in events]) for one, events in groups] == [
        (2, [40, 10]),
        (1, [30, 5]),
    ]
    assert not more


def test_nothing_older_than_the_end_of_a_cut_source_is_told():
    cut = [happened(1, 50), happened(2, 40), happened(3, 30)]
    whole = [happened(4, 35, OPENED), happened(5, 20, OPENED)]
    groups, more = group([cut, whole], limit=3)
    assert [one for one, _events in groups] == [1, 2, 4, 3]
    assert more
    groups, more = group([cut], limit=4, most=2)
    assert ([one for one, _events in groups], more) == ([1, 2], True)


def test_a_flag_that_was_superseded_is_one_change(app: Flask):
    events = [
        happened(1, 9, OPENED, "INV-LATE", "phase:1"),
        happened(1, 9, REVISED, "INV-LATE", "phase:1"),
        happened(1, 9, OPENED, "INV-LATE", "phase:2"),
        happened(1, 9, OPENED, "INV-LATE", "milestone:2/operation"),
        happened(1, 8, CLOSED, "STALLED"),
        happened(1, 9, FACTS, "add_act"),
    ]
    with app.test_request_context():
        told = tell(events)
    assert [(one.kind, one.what, one.times) for one in told] == [
        (FACTS, "add_act", 1),
        (OPENED, "INV-LATE", 2),
        (REVISED, "INV-LATE", 1),
        (CLOSED, "STALLED", 1),
    ]
    assert told[0].words not in {"", "add_act", "add act"}


def test_a_pause_that_is_accepted_is_told_with_the_flag_that_fell(db: Session, desk: Desk) -> None:
    project = promised(db, desk, "Chậm", date(2026, 6, 30))
    zone_officer = officer(db, desk, Role.ZONE_OFFICER, desk.mang_den)
    db.commit()
    scope, law = scope_of(db, zone_officer), law_on(db, ON)
    look(db, zone_officer, page_of(scope.key), AT)
    assert read_worklist(db, scope, law, ON, LATER).news.projects == []
    claim = Claim(
        cause="b", side=Side.STATE, since=date(2026, 6, 1), until=date(2027, 2, 28), paper="12/UBND"
    )
    pause = claim_pause(db, project, claim, Origin(zone_officer, LATER))
    other = officer(db, desk, Role.ZONE_OFFICER, desk.mang_den, email="second@example.org")
    judge_pause(db, project, pause, accepted=True, origin=Origin(other, LATER, "đủ căn cứ"))
    db.commit()
    (news,) = read_worklist(db, scope, law, ON, LATER + timedelta(minutes=1)).news.projects
    assert news.line.code == project.code
    told = {(one.kind, one.what) for one in news.events}
    assert {(FACTS, "claim_pause"), (FACTS, "accept_pause"), (CLOSED, "INV-LATE")} <= told
    accepted = next(one for one in news.events if one.what == "accept_pause")
    assert (accepted.by, accepted.reason) == (other.name, "đủ căn cứ")


def test_what_was_seen_never_goes_back_and_a_zone_is_seen_with_the_whole(
    db: Session, desk: Desk
) -> None:
    person = officer(db, desk, Role.LEADER)
    assert last_look(db, person, [page_of("all")]) is None
    look(db, person, page_of("all"), AT)
    look(db, person, page_of("all"), AT - timedelta(days=1))
    assert last_look(db, person, [page_of("all")]) == AT
    zone = scope_of(db, person, str(desk.mang_den))
    assert read_worklist(db, zone, law_on(db, ON), ON, LATER).since == AT
    look(db, person, page_of(zone.key), LATER)
    assert read_worklist(db, zone, law_on(db, ON), ON, LATER).since == LATER
    whole = read_worklist(db, scope_of(db, person), law_on(db, ON), ON, LATER)
    assert (whole.since, whole.is_first_visit) == (AT, False)


def test_the_first_visit_shows_a_week_and_a_reader_may_look_back(db: Session, desk: Desk) -> None:
    scope, law = scope_of(db, officer(db, desk, Role.LEADER)), law_on(db, ON)
    first = read_worklist(db, scope, law, ON, AT)
    assert (first.is_first_visit, first.since) == (True, AT - timedelta(days=7))
    assert read_worklist(db, scope, law, ON, AT, back=30).since == AT - timedelta(days=30)


# What falls due -------------------------------------------------------------------------------


def test_deadlines_of_seven_days_are_due_this_week(db: Session, desk: Desk) -> None:
    days = {"hôm nay": 0, "ngày cuối": 6, "tuần sau": 7}
    made = {name: promised(db, desk, name, ON + timedelta(days=n)) for name, n in days.items()}
    db.commit()
    scope = scope_of(db, officer(db, desk, Role.LEADER))
    due = read_worklist(db, scope, law_on(db, ON), ON, AT).deadlines
    codes = [(line.code, line.on) for line in due.lines]
    assert codes == [(made["hôm nay"].code, ON), (made["ngày cuối"].code, ON + timedelta(days=6))]
    assert due.total == 2


def test_a_report_falls_due_for_those_approved_before_its_period_ended(
    db: Session, desk: Desk
) -> None:
    in_january = date(2027, 1, 5)
    sent = promised(db, desk, "Đã gửi", date(2030, 1, 1))
    promised(db, desk, "Chưa gửi", date(2030, 1, 1))
    promised(db, desk, "Mới cấp", date(2030, 1, 1), approved=date(2027, 1, 4))
    promised(db, desk, "Khu khác", date(2030, 1, 1), zone_id=desk.kon_tum)
    at = datetime(2027, 1, 4, 3, 0, tzinfo=UTC)
    receive_report(
        db,
        sent,
        ReportFacts(kind=ReportKind.Q, period="2026-Q4", received_on=date(2027, 1, 4)),
        Origin(None, at),
    )
    db.commit()
    policy = law_on(db, in_january).policy
    # 10 January 2027 is a Sunday.
    assert due_days(policy, in_january, date(2027, 1, 11)) == [
        ("Q", "2026-Q4", date(2026, 12, 31), date(2027, 1, 11))
    ]
    assert due_days(policy, in_january, date(2027, 1, 10)) == []
    for typed, missing in (("", 2), (str(desk.mang_den), 1)):
        scope = scope_of(db, officer(db, desk, Role.LEADER, email=f"l{typed}@example.org"), typed)
        (due,) = reports_due(db, scope, policy, in_january, date(2027, 1, 11))
        assert (due.kind, due.missing) == (ReportKind.Q, missing)


# Silent, late, whose --------------------------------------------------------------------------


def test_the_longest_silent_and_the_longest_late_come_first(db: Session, desk: Desk) -> None:
    late = [promised(db, desk, f"Chậm {n}", date(2026, 12 - n, 1)).code for n in range(6)]
    db.commit()
    on, at = date(2027, 3, 1), datetime(2027, 3, 1, 3, 0, tzinfo=UTC)
    evaluate_portfolio(db, on=on, at=at, whole=True)
    scope = scope_of(db, officer(db, desk, Role.LEADER))
    found = read_worklist(db, scope, law_on(db, on), on, at)
    assert [line.code for line in found.worst.lines] == late[::-1]
    assert found.worst.total == found.silent.total == 6
    assert {line.silent_since for line in found.silent.lines} == {date(2027, 1, 12)}
    in_bands = {band.months.value: (band.first, band.latest) for band in found.bands}
    assert in_bands == {"1-12": (6, 6), "13-24": (0, 0), "25-60": (0, 0), "61+": (0, 0)}


@pytest.fixture
def two_zones(db: Session, desk: Desk) -> dict[str, Project]:
    ends = date(2026, 6, 30)
    own = promised(db, desk, "Trong khu", ends)
    other = promised(db, desk, "Khu khác", ends, zone_id=desk.kon_tum)
    due = {
        "own_due": promised(db, desk, "Sắp hạn", ON + timedelta(days=2)),
        "other_due": promised(
            db, desk, "Sắp hạn khác", ON + timedelta(days=2), zone_id=desk.kon_tum
        ),
    }
    db.commit()
    return {"own": own, "other": other} | due


def seen_codes(db: Session, user: User, typed: str = "") -> set[str]:
    found = read_worklist(db, scope_of(db, user, typed), law_on(db, ON), ON, LATER)
    return {
        line.code
        for line in [
            *(one.line for one in found.news.projects),
            *found.deadlines.lines,
            *found.silent.lines,
            *found.worst.lines,
        ]
    }


def test_a_zone_officer_sees_the_own_zone_whatever_is_asked(
    db: Session, desk: Desk, two_zones: dict[str, Project]
) -> None:
    person = officer(db, desk, Role.ZONE_OFFICER, desk.mang_den)
    own = {two_zones["own"].code, two_zones["own_due"].code}
    for typed in ("", str(desk.mang_den), str(desk.kon_tum), "all", "own", "none", "x"):
        assert seen_codes(db, person, typed) == own, typed
    nobody = officer(db, desk, Role.ZONE_OFFICER, email="no-zone@example.org")
    assert seen_codes(db, nobody) == set()
    leader = officer(db, desk, Role.LEADER)
    assert seen_codes(db, leader) == {one.code for one in two_zones.values()}
    other = {two_zones["other"].code, two_zones["other_due"].code}
    assert seen_codes(db, leader, str(desk.kon_tum)) == other


def test_finance_begins_with_what_no_zone_authority_follows(
    db: Session, desk: Desk, two_zones: dict[str, Project]
) -> None:
    person = officer(db, desk, Role.FINANCE_OFFICER)
    assert seen_codes(db, person) == set()
    project = two_zones["own"]
    correct_project(
        db, project, Facts(name="Ngoài khu", zone_id=None, address="xã Đăk Long"), desk.program
    )
    db.commit()
    assert seen_codes(db, person) == {project.code}
    assert seen_codes(db, person, "all") == {one.code for one in two_zones.values()}
    assert seen_codes(db, person, "none") == {project.code}


# The page -------------------------------------------------------------------------------------


@pytest.fixture
def laid(app: Flask) -> Desk:
    with opened(app) as db:
        found = lay_out(db)
        promised(db, found, "Chậm lâu", date(2025, 6, 30))
        promised(db, found, "Khu khác", date(2025, 6, 30), zone_id=found.kon_tum)
        db.commit()
        return found


@time_machine.travel(datetime(2026, 11, 22, 6, 0, tzinfo=UTC), tick=False)
def test_what_was_seen_is_gone_and_comes_back_when_asked(app: Flask, laid: Desk) -> None:
    with opened(app) as db:
        user_id = officer(db, laid, Role.ZONE_OFFICER, laid.mang_den).id
    browser = browser_of(app, user_id)
    assert browser.get("/progress").status_code == 200
    assert "Chậm lâu" in browser.words
    assert "Khu khác" not in browser.page.text
    assert browser.soup.select_one('.news a[href="/projects/KT-0001/flags/INV-LATE"]')
    assert "17 / 17 / –" in browser.words
    assert browser.submit("/progress").status_code == 303
    browser.follow()
    assert "Không có thay đổi" in browser.words
    with opened(app) as db:
        (kept,) = db.scalars(select(Looked)).all()
        assert (kept.user_id, kept.page) == (user_id, "progress:all")
        assert kept.at == datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    browser.get("/progress?back=7")
    assert browser.soup.select_one(".news")


@time_machine.travel(datetime(2026, 11, 22, 6, 0, tzinfo=UTC), tick=False)
@pytest.mark.parametrize("typed", ["2030-01-01T00:00:00+00:00", "x", "", "2026-11-22T06:00:00"])
def test_nobody_can_have_seen_what_is_still_to_come(app: Flask, laid: Desk, typed: str) -> None:
    with opened(app) as db:
        user_id = officer(db, laid, Role.LEADER).id
    browser = browser_of(app, user_id)
    browser.get("/progress")
    browser.submit("/progress", at=typed)
    with opened(app) as db:
        assert db.scalars(select(Looked.at)).all() == [datetime(2026, 11, 22, 6, 0, tzinfo=UTC)]


@time_machine.travel(datetime(2027, 1, 6, 3, 0, tzinfo=UTC), tick=False)
def test_a_worklist_costs_fifteen_statements_at_most(app: Flask, laid: Desk) -> None:
    with opened(app) as db:
        promised(db, laid, "Sắp đến hạn", date(2027, 1, 8))
        db.commit()
        people = [
            officer(db, laid, Role.ZONE_OFFICER, laid.mang_den).id,
            officer(db, laid, Role.FINANCE_OFFICER).id,
            officer(db, laid, Role.LEADER).id,
        ]
    for user_id in people:
        browser = browser_of(app, user_id)
        browser.get("/progress")
        for address in ("/progress", f"/progress?zone={laid.mang_den}", "/progress?zone=all"):
            with statements(app) as sent:
                assert browser.get(address).status_code == 200
            assert len(sent) <= MOST_STATEMENTS, sent
        assert "chưa báo cáo" in browser.words
