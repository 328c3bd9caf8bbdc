"""The cap on adjusting and the longest extension of land, by the law of the day."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from portfolio.office.trail import Origin
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.acts.schedule import Promise, VersionFacts, add_schedule_version
from portfolio.register.law import law_of_delay
from portfolio.register.papers import ActKind
from portfolio.register.phases import MilestoneKind, ScheduleKind
from portfolio.register.project import Project
from portfolio.schedule.evaluate import law_on
from portfolio.schedule.limits import exceptions_in, refused_ends
from tests.conftest import ON
from tests.schedule.desk import SECOND_END, START, adopt, approved_project, state_now

CAP = date(2025, 12, 31)
"""24 months after 31/12/2023, which a paper wrote and nothing rolls."""


@pytest.fixture
def project(db: Session, origin: Origin) -> Project:
    adopt(db)
    return approved_project(db, origin)


def ask(db: Session, project: Project, days, exception=None, on=ON):
    return law_of_delay().beyond_cap(db, state_now(db, project), days, exception, on)


def test_the_last_day_of_the_24_months_is_allowed_and_the_next_is_not(
    db: Session, project: Project
) -> None:
    assert ask(db, project, {(1, "completion"): CAP}) is None
    refused = ask(db, project, {(1, "completion"): date(2026, 1, 1)})
    assert refused is not None
    assert (refused.phase, refused.first_end, refused.cap, refused.proposed, refused.months) == (
        1,
        date(2023, 12, 31),
        CAP,
        date(2026, 1, 1),
        24,
    )
    assert refused.vi == "khoản 4 Điều 33 Luật Đầu tư 143/2025/QH15"
    assert "Article 33, clause 4" in refused.en


@pytest.mark.parametrize(
    ("on", "codes", "article"),
    [
        (date(2026, 2, 28), "abcdđe", "khoản 4 Điều 41 Luật Đầu tư 61/2020/QH14"),
        (date(2026, 3, 1), "abcdđeg", "khoản 4 Điều 33 Luật Đầu tư 143/2025/QH15"),
    ],
)
def test_the_law_of_the_day_names_its_exceptions(
    db: Session, project: Project, on: date, codes: str, article: str
) -> None:
    late = {(1, "completion"): date(2026, 1, 1)}
    refused = ask(db, project, late, on=on)
    assert refused is not None
    assert "".join(one.code for one in refused.exceptions) == codes
    assert refused.vi == article
    for code in codes:
        assert ask(db, project, late, code, on) is None
    assert (ask(db, project, late, "g", on) is None) == ("g" in codes)
    assert all(one.vi != one.code != one.en for one in refused.exceptions)


def test_before_the_law_of_2020_nothing_is_capped(db: Session, project: Project) -> None:
    late = {(1, "completion"): date(2030, 1, 1)}
    assert ask(db, project, late, on=date(2020, 12, 31)) is None
    assert ask(db, project, late, on=date(2021, 1, 1)) is not None


def test_each_phase_has_a_cap_of_its_own(db: Session, project: Project) -> None:
    assert ask(db, project, {(2, "operation"): date(2029, 12, 31)}) is None
    refused = ask(db, project, {(2, "operation"): date(2030, 1, 1)})
    assert refused is not None
    assert (refused.phase, refused.cap) == (2, date(2029, 12, 31))
    both = refused_ends(
        state_now(db, project),
        {(1, "completion"): date(2026, 1, 1), (2, "operation"): date(2030, 1, 1)},
        None,
        policy=law_on(db, ON).policy,
        on=ON,
    )
    assert [number for number, _end, _finding in both] == [1, 2]


def test_an_end_that_an_exception_let_pass_is_not_refused_again(
    db: Session, project: Project, origin: Origin
) -> None:
    paper = add_act(db, project, Paper(kind=ActKind.ADJUSTMENT, issued_on=ON), origin)
    add_schedule_version(
        db,
        project,
        VersionFacts(
            kind=ScheduleKind.ADJUSTED, approved_on=ON, act_id=paper.id, exception_code="b"
        ),
        [
            Promise(1, MilestoneKind.START, START),
            Promise(1, MilestoneKind.COMPLETION, date(2027, 6, 30)),
            Promise(2, MilestoneKind.OPERATION, SECOND_END),
        ],
        origin,
    )
    assert project.schedules[-1].exception_code == "b"
    assert ask(db, project, {(1, "start"): date(2026, 12, 31)}) is None
    assert ask(db, project, {(1, "completion"): date(2027, 5, 31)}) is None
    assert ask(db, project, {(1, "completion"): date(2027, 7, 1)}) is not None
    db.commit()


def test_a_project_with_a_certificate_only_is_not_capped(db: Session, origin: Origin) -> None:
    adopt(db)
    made = approved_project(db, origin, kind=ActKind.CERTIFICATE)
    assert ask(db, made, {(1, "completion"): date(2040, 1, 1)}) is None


def test_before_a_policy_is_adopted_nothing_is_asked(db: Session, origin: Origin) -> None:
    made = approved_project(db, origin)
    assert ask(db, made, {(1, "completion"): date(2040, 1, 1)}) is None
    assert law_of_delay().exceptions(db, ON) == ()
    assert law_of_delay().longest_extension(db, ON) is None
    paper = add_act(db, made, Paper(kind=ActKind.ADJUSTMENT, issued_on=ON), origin)
    facts = VersionFacts(kind=ScheduleKind.ADJUSTED, approved_on=ON, act_id=paper.id)
    later = [Promise(1, MilestoneKind.COMPLETION, date(2040, 1, 1))]
    assert add_schedule_version(db, made, facts, later, origin).number == 2
    db.commit()


def test_the_longest_extension_comes_from_the_policy(db: Session, project: Project) -> None:
    assert project.parcels
    longest = law_of_delay().longest_extension(db, date(2024, 2, 29))
    assert longest is not None
    assert (longest.months, longest.last) == (24, date(2026, 2, 28))
    assert longest.vi == "điểm i khoản 1 Điều 64 Luật Đất đai 45/2013/QH13"
    now = law_of_delay().longest_extension(db, date(2024, 8, 1))
    assert now is not None
    assert now.vi == "khoản 8 Điều 81 Luật Đất đai 31/2024/QH15"
    assert law_of_delay().longest_extension(db, date(2014, 6, 30)) is None


def test_every_exception_of_any_law_can_be_chosen(db: Session, project: Project) -> None:
    assert project.schedules
    policy = law_on(db, ON).policy
    assert [one.code for one in exceptions_in(policy)] == list("abcdđeg")
    assert exceptions_in(policy)[0].words("vi") == "Bất khả kháng"
