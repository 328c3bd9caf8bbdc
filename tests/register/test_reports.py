"""Acts on progress reports: what may come in, what accepting moves, and how each step is undone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy.orm import Session

from portfolio.notation.days import Precision
from portfolio.office.people import Role
from portfolio.office.trail import INVESTOR, Origin, entries_of, unpack
from portfolio.register.acts import reports
from portfolio.register.acts.capital import Figure, add_capital
from portfolio.register.acts.papers import Paper, add_act, attach_file
from portfolio.register.acts.projects import NotOurs
from portfolio.register.acts.reports import LowerTotal, ReportFacts
from portfolio.register.acts.schedule import remove_phase, track_milestone
from portfolio.register.capital import CapitalKind
from portfolio.register.line import RegisterLine
from portfolio.register.papers import ActKind, StoredFile
from portfolio.register.progress import (
    ProgressReport,
    ReportKind,
    ReportStatus,
    read_period,
    report_words,
)
from portfolio.register.project import Listing, Project
from portfolio.web.errors import Conflict, Refusal
from tests.links.answering import Owing, owing, project_of
from tests.register.desk import BILLION, Desk, officer

AT = datetime(2027, 1, 20, 2, 0, tzinfo=UTC)
TODAY = date(2027, 1, 20)
CAME = date(2027, 1, 8)
PERIOD = "2026-Q4"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def owed(db: Session, desk: Desk) -> Owing:
    return owing(db, desk)


@pytest.fixture
def project(db: Session, owed: Owing) -> Project:
    return project_of(db, owed)


@pytest.fixture
def keeper(db: Session, desk: Desk) -> Origin:
    """An officer of the zone, with a reason at hand."""
    return Origin(officer(db, desk, Role.ZONE_OFFICER, desk.mang_den), AT, "Thiếu số liệu")


def facts(owed: Owing | None = None, **more) -> ReportFacts:
    forecasts = {owed.milestone_id: (date(2027, 12, 31), Precision.YEAR)} if owed else {}
    given = {
        "kind": ReportKind.Q,
        "period": PERIOD,
        "received_on": CAME,
        "realised_in_period": 2 * BILLION,
        "realised_total": 12 * BILLION,
        "physical_percent": Decimal("45.5"),
        "causes": ["investor_finance"],
        "forecasts": forecasts,
    }
    return ReportFacts(**given | more)


def received(db: Session, project: Project, origin: Origin, **more) -> ProgressReport:
    return reports.receive_report(db, project, facts(**more), origin)


def refused(field: str | None, act, *given, **named) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*given, **named)
    assert caught.value.field == field, caught.value.message
    return caught.value


def line_of(db: Session, project: Project) -> RegisterLine:
    return db.query(RegisterLine).filter_by(project_id=project.id, until=None).one()


# Receiving ------------------------------------------------------------------------------------


def test_a_report_that_came_in_ends_the_silence_and_moves_nothing_else(
    db, project, owed, keeper
) -> None:
    assert line_of(db, project).schedule_state == "on_time"
    reports.excuse_report(db, project, ReportKind.Q, PERIOD, on=TODAY, origin=keeper)
    reports.remove_report(db, project, project.reports[0], keeper)
    db.commit()
    assert line_of(db, project).schedule_state == "silent"
    assert line_of(db, project).silent_since == date(2027, 1, 12)
    report = received(db, project, keeper, owed=owed)
    db.commit()
    assert (report.status, report.received_at, report.through_link) == ("received", AT, False)
    line = line_of(db, project)
    assert (line.schedule_state, line.silent_since, line.realised_vnd) == ("on_time", None, None)
    assert project.phases[0].milestones[0].forecast_on is None


@pytest.mark.parametrize(
    ("kind", "period"),
    [
        (ReportKind.Q, "2026-Q3"),
        (ReportKind.Q, "2027-Q9"),
        (ReportKind.Y, "2025"),
        (ReportKind.M6, "2026"),
    ],
)
def test_a_period_that_is_not_owed_is_refused(db, project, keeper, kind, period) -> None:
    refusal = refused(
        "period", reports.receive_report, db, project, facts(kind=kind, period=period), keeper
    )
    assert "owed" in refusal.message


def test_a_period_that_has_not_begun_is_refused_and_the_running_one_is_not(
    db, project, keeper
) -> None:
    later = facts(period="2027-Q2", received_on=TODAY)
    assert "begun" in refused("period", reports.receive_report, db, project, later, keeper).message
    early = facts(period="2027-Q1", received_on=TODAY)
    assert reports.receive_report(db, project, early, keeper).status is ReportStatus.RECEIVED


def test_nothing_is_owed_by_a_project_that_was_closed_meanwhile(db, project, keeper) -> None:
    report = received(db, project, keeper)
    paper = Paper(kind=ActKind.TERMINATION, number="9", issued_on=TODAY)
    add_act(db, project, paper, Origin(None, AT))
    assert project.listing is Listing.CLOSED
    late = facts(kind=ReportKind.Y, period="2026")
    refused("period", reports.receive_report, db, project, late, keeper)
    refused(
        "period", reports.excuse_report, db, project, ReportKind.Y, "2026", on=TODAY, origin=keeper
    )
    # What came before the end can still be decided about.
    reports.accept_report(db, project, report, on=TODAY, origin=keeper)
    assert line_of(db, project).schedule_state == "done"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("received_on", {"received_on": date(2027, 1, 21)}),
        ("received_on", {"received_on": date(2026, 9, 30)}),
        ("physical_percent", {"physical_percent": Decimal(101)}),
        ("physical_percent", {"physical_percent": Decimal(-3)}),
        ("physical_percent", {"physical_percent": Decimal("45.125")}),
        ("realised_in_period", {"realised_in_period": 13 * BILLION}),
        ("realised_in_period", {"realised_in_period": Decimal(-1), "realised_total": None}),
        ("realised_total", {"realised_in_period": None, "realised_total": Decimal(-1)}),
        ("jobs_vietnamese", {"jobs_vietnamese": -1}),
        ("jobs_foreign", {"jobs_foreign": -1}),
        ("causes", {"causes": ["no such cause"]}),
        ("forecasts", {"forecasts": {0: (date(2027, 12, 31), Precision.DAY)}}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(db, project, keeper, field, wrong) -> None:
    refused(field, reports.receive_report, db, project, facts(**wrong), keeper)


def test_a_forecast_before_the_report_is_refused_at_its_milestone(
    db, project, owed, keeper
) -> None:
    told = facts(forecasts={owed.milestone_id: (date(2027, 1, 7), Precision.DAY)})
    refused(f"forecast-{owed.milestone_id}", reports.receive_report, db, project, told, keeper)


def test_one_report_for_a_period_and_none_by_those_who_may_not_change(
    db, desk, project, keeper
) -> None:
    received(db, project, keeper)
    with pytest.raises(Conflict):
        received(db, project, keeper)
    stranger = Origin(officer(db, desk, Role.ZONE_OFFICER, desk.kon_tum), AT, "x")
    report = project.reports[0]
    for act in (
        lambda: received(db, project, stranger),
        lambda: reports.correct_report(db, project, report, facts(), stranger),
        lambda: reports.accept_report(db, project, report, on=TODAY, origin=stranger),
        lambda: reports.send_back_report(db, project, report, on=TODAY, origin=stranger),
        lambda: reports.reopen_report(db, project, report, stranger),
        lambda: reports.remove_report(db, project, report, stranger),
        lambda: reports.excuse_report(db, project, ReportKind.Y, "2026", on=TODAY, origin=stranger),
    ):
        with pytest.raises(NotOurs):
            act()


def test_through_a_link_the_investor_is_named_as_who_acted(db, project) -> None:
    reports.receive_report(db, project, facts(), Origin(None, AT), through_link=True)
    entry = entries_of(db, "project", project.id)[-1]
    assert (entry.by_id, entry.by_name, entry.act) == (None, INVESTOR, "receive_report")
    assert project.reports[0].through_link


# Correcting, sending back, filing again -------------------------------------------------------


def test_a_correction_needs_a_reason_and_drops_what_it_no_longer_says(
    db, project, owed, keeper
) -> None:
    report = received(db, project, keeper, owed=owed)
    refused("reason", reports.correct_report, db, project, report, facts(), Origin(keeper.by, AT))
    reports.correct_report(db, project, report, facts(causes=[]), keeper)
    db.commit()
    assert (report.causes, report.forecasts) == ([], [])
    before, after = (unpack(e.state) for e in entries_of(db, "project", project.id)[-2:])
    assert before["reports"][0]["forecasts"][0]["expected_on"] == "2027-12-31"
    assert after["reports"][0]["forecasts"] == []


def test_sent_back_it_counts_as_missing_and_may_be_filed_again(db, project, keeper) -> None:
    report = received(db, project, keeper)
    with pytest.raises(Refusal):
        reports.send_back_report(db, project, report, on=TODAY, origin=replace(keeper, reason=None))
    reports.send_back_report(db, project, report, on=TODAY, origin=keeper)
    db.commit()
    assert (report.status, report.decided_why) == ("sent_back", "Thiếu số liệu")
    assert line_of(db, project).schedule_state == "silent"
    with pytest.raises(Conflict):
        reports.correct_report(db, project, report, facts(), keeper)
    again = received(db, project, keeper, received_on=TODAY)
    db.commit()
    assert again is report
    assert (report.status, report.decided_by, report.decided_why) == ("received", None, None)
    assert line_of(db, project).schedule_state == "on_time"


def test_an_excused_report_is_not_owed_and_may_come_all_the_same(db, project, keeper) -> None:
    with pytest.raises(Refusal):
        reports.excuse_report(
            db, project, ReportKind.Q, PERIOD, on=TODAY, origin=replace(keeper, reason=None)
        )
    reports.excuse_report(db, project, ReportKind.Q, PERIOD, on=TODAY, origin=keeper)
    db.commit()
    assert line_of(db, project).schedule_state == "on_time"
    report = received(db, project, keeper)
    assert report.status is ReportStatus.RECEIVED
    with pytest.raises(Conflict):
        reports.excuse_report(db, project, ReportKind.Q, PERIOD, on=TODAY, origin=keeper)


# Accepting ------------------------------------------------------------------------------------


def test_accepting_moves_forecasts_capital_and_is_a_sign_of_life(db, project, owed, keeper) -> None:
    report = received(db, project, keeper, owed=owed)
    reports.accept_report(db, project, report, on=TODAY, origin=keeper)
    db.commit()
    milestone = project.phases[0].milestones[0]
    assert (milestone.forecast_on, milestone.last_reviewed_on) == (date(2027, 12, 31), TODAY)
    [figure] = project.capital
    assert (figure.kind, figure.amount, figure.on) == ("realised", 12 * BILLION, date(2026, 12, 31))
    assert figure.source == "Báo cáo quý, Quý IV/2026"
    assert line_of(db, project).realised_vnd == 12 * BILLION
    assert (report.decided_on, report.decided_by) == (TODAY, keeper.by_name)


def test_a_total_that_has_not_moved_is_no_disbursement(db, project, keeper) -> None:
    known = Figure(kind=CapitalKind.REALISED, amount=12 * BILLION, on=date(2026, 6, 30))
    add_capital(db, project, known, keeper)
    report = received(db, project, keeper)
    reports.accept_report(db, project, report, on=TODAY, origin=keeper)
    assert len(project.capital) == 1


def test_a_milestone_met_meanwhile_keeps_its_word(db, project, owed, keeper) -> None:
    report = received(db, project, keeper, owed=owed)
    milestone = project.phases[0].milestones[0]
    track_milestone(
        db, project, milestone, met_on=CAME, met_precision=Precision.DAY, evidence=None,
        forecast_on=None, on=TODAY, origin=keeper,
    )  # fmt: skip
    reports.accept_report(db, project, report, on=TODAY, origin=keeper)
    assert milestone.forecast_on is None


def test_a_lower_total_than_the_report_before_is_asked_about_with_both_sums(
    db, project, keeper
) -> None:
    first = received(db, project, keeper)
    reports.accept_report(db, project, first, on=TODAY, origin=keeper)
    second = received(
        db, project, keeper, kind=ReportKind.Y, period="2026", realised_total=11 * BILLION
    )
    with pytest.raises(LowerTotal) as caught:
        reports.accept_report(db, project, second, on=TODAY, origin=keeper)
    assert (caught.value.field, set(caught.value.params.values())) == (
        "confirmed",
        {"11,0 tỷ đồng", "12,0 tỷ đồng"},
    )
    reports.accept_report(db, project, second, on=TODAY, origin=keeper, lower_confirmed=True)
    assert line_of(db, project).realised_vnd == 11 * BILLION


def test_a_report_for_an_earlier_period_may_say_less(db, project, keeper) -> None:
    later = received(db, project, keeper, period="2027-Q1", received_on=TODAY)
    reports.accept_report(db, project, later, on=TODAY, origin=keeper)
    earlier = received(db, project, keeper, realised_total=9 * BILLION)
    reports.accept_report(db, project, earlier, on=TODAY, origin=keeper)
    assert line_of(db, project).realised_vnd == 12 * BILLION


def test_of_two_officers_who_accept_the_second_learns_who_was_first(
    db, desk, project, keeper
) -> None:
    report = received(db, project, keeper)
    reports.accept_report(db, project, report, on=TODAY, origin=keeper)
    other = officer(db, desk, Role.ZONE_OFFICER, desk.mang_den, email="other@example.org")
    for act in (reports.accept_report, reports.send_back_report):
        with pytest.raises(Conflict) as caught:
            act(db, project, report, on=TODAY, origin=Origin(other, AT, "x"))
        assert keeper.by_name in caught.value.text()


# Undoing --------------------------------------------------------------------------------------


def test_reopening_puts_back_what_stood_before(db, project, owed, keeper) -> None:
    milestone = project.phases[0].milestones[0]
    track_milestone(
        db, project, milestone, met_on=None, met_precision=None, evidence=None,
        forecast_on=date(2027, 9, 30), on=date(2026, 12, 1), origin=keeper,
    )  # fmt: skip
    report = received(db, project, keeper, owed=owed)
    reports.accept_report(db, project, report, on=TODAY, origin=keeper)
    db.commit()
    reports.reopen_report(db, project, report, keeper)
    db.commit()
    assert (milestone.forecast_on, milestone.last_reviewed_on) == (
        date(2027, 9, 30),
        date(2026, 12, 1),
    )
    assert (project.capital, report.status) == ([], ReportStatus.RECEIVED)
    with pytest.raises(Conflict):
        reports.reopen_report(db, project, report, keeper)


def test_reopening_keeps_what_somebody_has_changed_since(db, project, owed, keeper) -> None:
    milestone = project.phases[0].milestones[0]
    report = received(db, project, keeper, owed=owed)
    reports.accept_report(db, project, report, on=TODAY, origin=keeper)
    db.commit()
    track_milestone(
        db, project, milestone, met_on=None, met_precision=None, evidence=None,
        forecast_on=date(2028, 3, 31), on=TODAY, origin=keeper,
    )  # fmt: skip
    db.commit()
    reports.reopen_report(db, project, report, keeper)
    assert milestone.forecast_on == date(2028, 3, 31)


def test_an_accepted_report_stays_and_another_leaves_its_files_with_the_project(
    db, project, keeper
) -> None:
    report = received(db, project, keeper)
    file = StoredFile(
        report_id=report.id, name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64,
        stored_as="aa/bb", uploaded_at=AT, uploaded_by="x",
    )  # fmt: skip
    attach_file(db, project, file, keeper)
    reports.accept_report(db, project, report, on=TODAY, origin=keeper)
    with pytest.raises(Refusal):
        reports.remove_report(db, project, report, keeper)
    reports.reopen_report(db, project, report, keeper)
    reports.remove_report(db, project, report, keeper)
    db.commit()
    assert (project.reports, file.report_id, file.project_id) == ([], None, project.id)


def test_a_phase_that_a_report_tells_of_stays(db, project, owed, keeper) -> None:
    received(db, project, keeper, owed=owed)
    phase = project.phases[0]
    for milestone in phase.milestones:
        milestone.targets = []
    with pytest.raises(Refusal) as caught:
        remove_phase(db, project, phase, keeper)
    assert "report" in caught.value.message


# Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "period", "ends", "words"),
    [
        ("Q", "2026-Q4", date(2026, 12, 31), "Báo cáo quý, Quý IV/2026"),
        ("Q", "2027-Q2", date(2027, 6, 30), "Báo cáo quý, Quý II/2027"),
        ("M6", "2027-H1", date(2027, 6, 30), "Báo cáo giám sát 6 tháng, 6 tháng đầu năm 2027"),
        ("Y", "2026", date(2026, 12, 31), "Báo cáo năm, 2026"),
        ("MY", "2026", date(2026, 12, 31), "Báo cáo giám sát năm, 2026"),
    ],
)
def test_a_period_is_read_and_told(app, kind, period, ends, words) -> None:
    assert read_period(period)[0] == ends
    with app.test_request_context():
        assert report_words(ReportKind(kind), period) == words
