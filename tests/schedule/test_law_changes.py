"""The event list of one project run across the days on which laws came into force.

Land Law 31/2024/QH15 on 1 August 2024, Law on Investment 143/2025/QH15 on 1 March 2026: before such a
day the old text is applied, from that day on the new one, and every stored flag says which.
"""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office.trail import TrailEntry, unpack
from portfolio.register.land import Parcel
from portfolio.register.papers import ActKind, LegalAct
from portfolio.register.project import Project
from portfolio.schedule import rules
from portfolio.schedule.evaluate import evaluate_portfolio, judge, law_on
from portfolio.schedule.flag_keeping import SUPERSEDED
from portfolio.schedule.flags import Flag
from tests.schedule.test_evaluate import log, moment, promised

OLD_LAND, NEW_LAND = "45/2013/QH13", "31/2024/QH15"
OLD_INVESTMENT, NEW_INVESTMENT = "61/2020/QH14", "143/2025/QH15"
LAND_DAY, INVESTMENT_DAY = date(2024, 8, 1), date(2026, 3, 1)


@pytest.fixture
def project(world: Session) -> int:
    """Late since the end of 2022, land idle since March 2022."""
    made = promised("KT-0001", date(2020, 1, 6), date(2022, 12, 31))
    made.parcels = [Parcel(name="A", handed_over_on=date(2022, 3, 7))]
    return log(world, made, date(2024, 6, 1))


@pytest.fixture
def recovered(world: Session) -> int:
    """On time; a part of its land was recovered in 2023, for planning."""
    made = promised("KT-0002", date(2020, 1, 6), date(2029, 12, 31))
    recovery = LegalAct(kind=ActKind.LAND_RECOVERY, number="5", issued_on=date(2023, 5, 4))
    made.acts.append(recovery)
    world.add(made)
    world.flush()
    made.parcels = [
        Parcel(
            name="B",
            handed_over_on=date(2022, 3, 7),
            first_used_on=date(2022, 4, 4),
            recovered_on=date(2023, 5, 4),
            recovery_ground="planning",
            recovery_act_id=recovery.id,
        )
    ]
    return log(world, made, date(2024, 6, 1))


def run(db: Session, on: date) -> None:
    evaluate_portfolio(db, on=on, at=moment(on))


def flags(db: Session, rule: str, scope: str) -> list[Flag]:
    query = select(Flag).where(Flag.rule == rule, Flag.scope == scope).order_by(Flag.id)
    return list(db.scalars(query))


def finding(db: Session, project_id: int, on: date, rule: str, scope: str) -> rules.Finding | None:
    state = db.scalar(
        select(TrailEntry.state)
        .join(Project, Project.entry_seq == TrailEntry.seq)
        .where(Project.id == project_id)
    )
    assert state is not None
    found = judge(unpack(state), law_on(db, on), on).findings
    return next((one for one in found if (one.rule, one.scope) == (rule, scope)), None)


def every_day(db: Session, first: date, last: date) -> None:
    for number in range(first.toordinal(), last.toordinal() + 1):
        run(db, date.fromordinal(number))


def test_idle_land_keeps_its_clock_and_changes_its_article(world: Session, project: int) -> None:
    every_day(world, date(2024, 7, 29), date(2024, 8, 3))
    before, after = flags(world, "LAND-12", "parcel:A")
    assert (before.law, before.closed_on, before.closed_why) == (OLD_LAND, LAND_DAY, SUPERSEDED)
    assert (after.law, after.opened_on, after.closed_on) == (NEW_LAND, LAND_DAY, None)
    assert before.since == after.since == date(2023, 3, 8)
    assert before.deadline == after.deadline == date(2023, 3, 7)

    old = finding(world, project, date(2024, 7, 31), "LAND-12", "parcel:A")
    new = finding(world, project, LAND_DAY, "LAND-12", "parcel:A")
    assert old is not None
    assert new is not None
    assert (old.article, new.article) == ("64.1.i", "81.8")
    assert "điểm i khoản 1 Điều 64 Luật Đất đai 45/2013/QH13" in old.vi
    assert "khoản 8 Điều 81 Luật Đất đai 31/2024/QH15" in new.vi
    assert "Article 81, clause 8, Land Law 31/2024/QH15" in new.en


def test_a_late_schedule_changes_its_article_and_becomes_a_ground(
    world: Session, project: int
) -> None:
    every_day(world, date(2026, 2, 26), date(2026, 3, 3))
    before, after = flags(world, "INV-LATE", "phase:1")
    assert (before.law, before.closed_on, before.closed_why) == (
        OLD_INVESTMENT, INVESTMENT_DAY, SUPERSEDED,
    )  # fmt: skip
    assert (after.law, after.since, after.closed_on) == (NEW_INVESTMENT, date(2023, 1, 1), None)

    # The 24 months were over at the end of 2024, but no law made that a ground before this one.
    (ground,) = flags(world, "INV-T24", "phase:1")
    assert (ground.law, ground.opened_on, ground.since) == (
        NEW_INVESTMENT, INVESTMENT_DAY, INVESTMENT_DAY,
    )  # fmt: skip
    assert ground.deadline == date(2024, 12, 31)
    assert finding(world, project, date(2026, 2, 28), "INV-T24", "phase:1") is None
    found = finding(world, project, INVESTMENT_DAY, "INV-T24", "phase:1")
    assert found is not None
    assert found.needs_legal_opinion
    assert "ended_before_law" in found.opinions
    assert "điểm b khoản 2 Điều 36 Luật Đầu tư 143/2025/QH15" in found.vi


def test_land_recovered_for_planning_is_a_ground_only_under_the_new_law(
    world: Session, recovered: int
) -> None:
    every_day(world, date(2026, 2, 26), date(2026, 3, 3))
    (flag,) = flags(world, "T-LAND", "parcel:B")
    assert (flag.law, flag.opened_on, flag.since) == (
        NEW_INVESTMENT, INVESTMENT_DAY, INVESTMENT_DAY,
    )  # fmt: skip
    assert finding(world, recovered, date(2026, 2, 28), "T-LAND", "parcel:B") is None


def test_the_nights_in_between_are_enough(world: Session, project: int) -> None:
    """Whether somebody looks every day or only on the two days, the same is stored in the end."""
    run(world, date(2024, 7, 1))
    for on in (LAND_DAY, INVESTMENT_DAY, date(2026, 3, 2)):
        run(world, on)
    laws = [(flag.law, flag.closed_on) for flag in flags(world, "LAND-12", "parcel:A")]
    assert laws == [(OLD_LAND, LAND_DAY), (NEW_LAND, None)]
    laws = [(flag.law, flag.closed_on) for flag in flags(world, "INV-LATE", "phase:1")]
    assert laws == [(OLD_INVESTMENT, INVESTMENT_DAY), (NEW_INVESTMENT, None)]
    assert finding(world, project, date(2026, 3, 2), "INV-LATE", "phase:1") is not None
