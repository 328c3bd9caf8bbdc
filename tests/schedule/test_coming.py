"""The coming deadlines of a project: which days are among them, and how they are stored."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portfolio.office.trail import Origin, record
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.land import Parcel
from portfolio.register.papers import ActKind
from portfolio.register.project import Project
from portfolio.schedule.coming import KINDS, Deadline, coming_deadlines
from portfolio.schedule.deadlines import ComingDeadline
from portfolio.schedule.evaluate import evaluate_portfolio
from portfolio.schedule.facts import read_facts
from portfolio.schedule.rules.case import Case
from portfolio.schedule.rules.clock import Day
from tests.schedule.law import POLICY, day, parcel, phase
from tests.schedule.test_evaluate import moment, promised


def coming(on: str, **facts: Any) -> list[tuple[str, str, str]]:
    facts = {"id": "KT-0001", "listing": "licensed", "stage": "implementing", **facts}
    case = Case(read_facts(facts), POLICY, Day(day(on)))
    return [(kind, scope, when.isoformat()) for kind, scope, when in coming_deadlines(case)]


def paused(begins: str, ends: str | None) -> dict[str, Any]:
    return {"cause": "b", "from": begins, "to": ends, "status": "accepted"}


class TestSchedule:
    """Open milestones, and the end of a phase that no milestone of it names."""

    def test_an_open_milestone_says_the_end_of_its_phase(self):
        rows = [
            {"kind": "start", "planned": "2026-12-01"},
            {"kind": "operation", "planned": "2027-12-31"},
        ]
        assert coming("2026-11-22", phases=[phase("2027-12-31", milestones=rows)]) == [
            ("milestone", "milestone:1/start", "2026-12-01"),
            ("milestone", "milestone:1/operation", "2027-12-31"),
        ]

    def test_the_end_of_a_phase_without_such_a_milestone(self):
        met = [{"kind": "operation", "planned": "2027-12-31", "met_on": "2026-01-01"}]
        assert coming("2026-11-22", phases=[phase("2027-12-31", milestones=met)]) == [
            ("schedule_end", "phase:1", "2027-12-31")
        ]

    @pytest.mark.parametrize(
        ("end", "expected"), [("2027-06-30", "2027-07-31"), (None, None)], ids=["ended", "open"]
    )
    def test_a_pause_moves_it_and_an_open_one_leaves_no_day(self, end, expected):
        found = coming(
            "2027-06-30", phases=[phase("2027-06-30")], pauses=[paused("2027-05-31", end)]
        )
        assert found == ([("schedule_end", "phase:1", expected)] if expected else [])

    def test_the_day_itself_is_still_to_come_and_the_day_after_is_not(self):
        assert coming("2027-12-31", phases=[phase("2027-12-31")])
        assert not coming("2028-01-01", no_adjustment_right=False, phases=[phase("2027-12-31")])

    def test_a_completed_phase_has_none(self):
        done = phase("2027-12-31", completed_on="2026-10-01")
        open_one = phase("2028-12-31") | {"id": "2"}
        assert coming("2026-11-22", phases=[done, open_one]) == [
            ("schedule_end", "phase:2", "2028-12-31")
        ]


class TestGround:
    """The 24 months of a phase that is late."""

    late = phase("2025-12-31")

    def test_they_are_counted_once_the_phase_is_late(self):
        assert coming("2025-12-31", phases=[self.late]) == [
            ("schedule_end", "phase:1", "2025-12-31")
        ]
        assert coming("2026-01-01", phases=[self.late]) == [("ground_24", "phase:1", "2027-12-31")]
        assert coming("2028-01-01", phases=[self.late]) == []

    def test_they_are_rolled_to_a_working_day_and_moved_by_later_pauses(self):
        # 24 months after 31 October 2024 are a Saturday.
        ended = phase("2024-10-31")
        assert coming("2026-05-05", phases=[ended]) == [("ground_24", "phase:1", "2026-11-02")]
        moved = coming("2026-05-05", phases=[ended], pauses=[paused("2025-01-01", "2025-01-10")])
        assert moved == [("ground_24", "phase:1", "2026-11-10")]
        assert not coming("2026-05-05", phases=[ended], pauses=[paused("2026-05-01", None)])

    def test_before_the_law_they_end_with_its_first_day(self):
        assert coming("2026-02-20", phases=[phase("2020-12-31")]) == [
            ("ground_24", "phase:1", "2026-03-01")
        ]

    @pytest.mark.parametrize(
        "spared",
        [
            {"pending_adjustment": True},
            {"no_adjustment_right": False},
            {"land": [parcel("2020-01-01", first_used_on="2020-02-01", recovered_on="2025-01-01")]},
        ],
        ids=lambda one: next(iter(one)),
    )
    def test_not_where_it_cannot_end_the_project(self, spared):
        assert not coming("2026-01-01", phases=[self.late], **spared)


class TestLand:
    """12 months of idleness, 24 months after the land schedule, the end of an extension."""

    def test_both_terms_of_a_parcel_never_used(self):
        found = coming("2026-11-22", land=[parcel("2026-03-05", schedule_end="2026-06-30")])
        assert found == [
            ("land_12", "parcel:A", "2027-03-05"),
            ("land_24", "parcel:A", "2028-06-30"),
        ]

    def test_twelve_months_count_anew_from_an_interruption(self):
        used = parcel(
            "2020-01-06",
            first_used_on="2021-01-01",
            interruptions=[{"from": "2026-10-05", "to": None}],
        )
        assert coming("2026-11-22", land=[used]) == [("land_12", "parcel:A", "2027-10-05")]

    def test_an_extension_is_counted_down(self):
        extended = parcel(
            "2024-01-08", extension={"from": "2025-02-03", "to": "2026-12-31", "decision": "7/QĐ"}
        )
        assert coming("2026-11-22", land=[extended]) == [
            ("land_extension", "parcel:A", "2026-12-31")
        ]
        assert not coming("2025-02-02", land=[extended])

    def test_force_majeure_that_lasts_leaves_no_day(self):
        lasting = parcel("2026-03-05", force_majeure=[{"from": "2026-06-01", "to": None}])
        assert not coming("2026-11-22", land=[lasting])

    def test_land_in_use_has_none(self):
        assert not coming("2026-11-22", land=[parcel("2026-03-05", first_used_on="2026-04-01")])


class TestPapers:
    """Operating term, deposit, guarantee."""

    def test_the_operating_term_with_its_warnings(self):
        assert coming("2026-11-22", operating_end="2028-02-29") == [
            ("term_warning", "months:12", "2027-02-28"),
            ("term_warning", "months:6", "2027-08-29"),
            ("term_end", "project", "2028-02-29"),
        ]

    def test_the_term_of_a_done_project_ends_as_well(self):
        done = coming("2026-11-22", operating_end="2026-12-31", stage="operating")
        assert done == [("term_end", "project", "2026-12-31")]

    def test_a_deposit_until_it_is_paid(self):
        due = {"required": True, "due_on": "2026-12-15"}
        assert coming("2026-11-22", deposit=due) == [("deposit_due", "project", "2026-12-15")]
        assert coming("2026-11-22", deposit=due | {"paid_on": "2026-11-30"})
        assert not coming("2026-11-30", deposit=due | {"paid_on": "2026-11-30"})
        assert not coming("2026-11-22", deposit=due | {"exemption": "a"})

    def test_a_guarantee_until_it_is_replaced(self):
        given = {"required": True, "paid_on": "2026-01-05", "guarantee_expires_on": "2026-12-20"}
        assert coming("2026-11-22", deposit=given) == [
            ("guarantee_expires", "project", "2026-12-20")
        ]

    def test_a_closed_project_has_none(self):
        closed = {"listing": "closed", "stage": "terminated", "operating_end": "2028-02-29"}
        assert not coming("2026-11-22", **closed)


def test_every_kind_has_its_name() -> None:
    everything = coming(
        "2026-01-02",
        operating_end="2028-02-29",
        phases=[
            phase("2025-12-31"),
            phase("2027-12-31", milestones=[{"kind": "start", "planned": "2026-12-01"}])
            | {"id": "2"},
        ],
        land=[
            parcel("2025-03-05", schedule_end="2025-06-30"),
            parcel("2024-01-08", extension={"from": "2025-02-03", "to": "2026-12-31"})
            | {"id": "B"},
        ],
        deposit={"required": True, "due_on": "2026-12-15"},
    )
    kinds = {kind for kind, _scope, _on in everything} | {"guarantee_expires"}
    assert kinds == set(KINDS)
    assert all(KINDS.values())


# Stored ---------------------------------------------------------------------------------------


def stored(db: Session, project_id: int) -> list[Deadline]:
    query = select(ComingDeadline.kind, ComingDeadline.scope, ComingDeadline.on).where(
        ComingDeadline.project_id == project_id
    )
    return sorted((Deadline(*row) for row in db.execute(query)), key=lambda one: one.on)


def change(db: Session, project: Project, act: str, on: date) -> None:
    record(db, project, act, Origin(None, moment(on)))
    db.commit()


def test_they_follow_the_facts_and_a_closed_project_loses_them(world: Session) -> None:
    on = date(2026, 6, 1)
    made = promised("KT-0001", date(2024, 1, 5), date(2026, 12, 31))
    made.parcels = [Parcel(name="A", handed_over_on=date(2026, 3, 5))]
    world.add(made)
    change(world, made, "log_project", on)
    key = made.id
    assert stored(world, key) == [
        Deadline("milestone", "milestone:1/operation", date(2026, 12, 31)),
        Deadline("land_12", "parcel:A", date(2027, 3, 5)),
    ]
    made.parcels[0].first_used_on = date(2026, 7, 1)
    change(world, made, "correct_parcel", date(2026, 7, 2))
    assert [one.kind for one in stored(world, key)] == ["milestone"]
    # The day after, 24 months run. They end on a Sunday; the holidays of 2029 are not announced yet.
    evaluate_portfolio(world, on=date(2027, 1, 1), at=moment(date(2027, 1, 1)))
    assert stored(world, key) == [Deadline("ground_24", "phase:1", date(2029, 1, 1))]
    project = world.get_one(Project, key)
    paper = Paper(kind=ActKind.TERMINATION, number="9", issued_on=date(2027, 2, 1))
    add_act(world, project, paper, Origin(None, moment(date(2027, 2, 1))))
    assert stored(world, key) == []


def test_what_is_the_same_is_not_written_again(world: Session) -> None:
    made = promised("KT-0001", date(2024, 1, 5), date(2026, 12, 31))
    made.operating_end = date(2027, 4, 1)
    world.add(made)
    change(world, made, "log_project", date(2026, 6, 1))
    key = made.id
    before = stored(world, key)
    assert len(before) == 3
    written: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "coming_deadline" in statement and not statement.startswith("SELECT"):
            written.append(statement)

    engine = world.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        for days in range(60):
            on = date(2026, 9, 1) + timedelta(days=days)
            evaluate_portfolio(world, on=on, at=moment(on), whole=True)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    # A warning of its term went by on the way and is left out by those who read.
    assert written == []
    assert stored(world, key) == before
