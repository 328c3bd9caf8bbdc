"""What a pause moves is said beside it: which end, from where to where, or why nothing."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from portfolio.office.trail import Origin
from portfolio.register.acts.pauses import Claim, claim_pause, judge_pause
from portfolio.register.phases import Side
from portfolio.register.project import Project
from portfolio.schedule.evaluate import law_on
from portfolio.schedule.pause_effect import pause_effects
from tests.conftest import ON
from tests.schedule.desk import adopt, approved_project, state_now


@pytest.fixture
def project(db: Session, origin: Origin) -> Project:
    adopt(db)
    return approved_project(db, origin)


def pause(db: Session, project: Project, origin: Origin, since, until, cause="b", accept=None):
    claim = Claim(cause=cause, side=Side.STATE, since=since, until=until, paper="12/UBND")
    made = claim_pause(db, project, claim, origin)
    if accept is not None:
        by = Origin(None, origin.at, "không đúng")
        judge_pause(db, project, made, accepted=accept, origin=by)
    return made.id


def said(db: Session, project: Project) -> dict[int, list[str]]:
    db.commit()
    return pause_effects(state_now(db, project), law_on(db, ON).policy, ON)


def test_a_claim_says_what_it_would_move_and_an_accepted_one_what_it_moves(
    db: Session, project: Project, origin: Origin
) -> None:
    key = pause(db, project, origin, date(2022, 1, 1), date(2022, 1, 10))
    assert said(db, project)[key] == [
        "Giai đoạn 1: Nhà xưởng: nếu được chấp nhận: dời hạn từ 31/12/2023 sang 10/01/2024 (10 ngày).",
        "Giai đoạn 2: Vùng trồng: nếu được chấp nhận: dời hạn từ 31/12/2027 sang 10/01/2028 (10 ngày).",
    ]
    judge_pause(db, project, project.pauses[0], accepted=True, origin=origin)
    assert said(db, project)[key][0] == (
        "Giai đoạn 1: Nhà xưởng: dời hạn từ 31/12/2023 sang 10/01/2024 (10 ngày)."
    )


@pytest.mark.parametrize(
    ("since", "until", "cause", "words"),
    [
        (date(2022, 1, 1), date(2022, 1, 10), "market", "chỉ để thống kê"),
        (date(2020, 1, 1), date(2020, 6, 30), "b", "trước ngày duyệt tiến độ hiện hành"),
        (date(2024, 3, 1), date(2024, 3, 31), "b", "dời mốc 24 tháng sau đó từ 31/12/2025 sang"),
        (date(2026, 5, 1), date(2026, 5, 31), "b", "sau ngày kết thúc (31/12/2023)"),
    ],
)
def test_a_pause_that_moves_no_end_says_why(
    db: Session, project: Project, origin: Origin, since, until, cause: str, words: str
) -> None:
    key = pause(db, project, origin, since, until, cause, accept=True)
    assert words in said(db, project)[key][0]


def test_days_that_another_pause_covers_move_nothing_twice(
    db: Session, project: Project, origin: Origin
) -> None:
    first = pause(db, project, origin, date(2022, 1, 1), date(2022, 1, 31), accept=True)
    inside = pause(db, project, origin, date(2022, 1, 5), date(2022, 1, 20), "a", accept=True)
    overlapping = pause(db, project, origin, date(2022, 1, 20), date(2022, 2, 10), "c")
    effects = said(db, project)
    assert "đã nằm trong thời gian khác" in effects[inside][0]
    assert "(15 ngày)" in effects[first][0], "16 of its 31 days are covered by the other"
    assert "từ 31/01/2024 sang 10/02/2024 (10 ngày)" in effects[overlapping][0]


def test_a_rejected_pause_moves_nothing(db: Session, project: Project, origin: Origin) -> None:
    key = pause(db, project, origin, date(2022, 1, 1), date(2022, 1, 10), accept=False)
    assert said(db, project)[key] == ["Đã từ chối: các ngày này vẫn tính, không dời hạn."]


def test_a_project_without_pauses_costs_nothing(db: Session, project: Project) -> None:
    assert said(db, project) == {}
