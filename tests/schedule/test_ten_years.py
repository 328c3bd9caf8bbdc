"""Ten years, day by day: nights that look only at what is due store what looking at everything would.

On each of the 3,653 days every project is judged anew from its state document and compared with what
is stored of it: open flags, state, severity, clocks and causes of its line, its coming deadlines and
its day of next change. The night itself runs whenever a stored day of next change has come (and on
every thirtieth day besides); what is stored is read again only after something was written, so that
the comparison on the quiet days costs no query. A whole run of the portfolio through the database is
made on each 31 January and at the end: it must not find anything to write.

Half-way a second policy is adopted, and later public holidays are added and dropped. In the end every
flag of the ten years is worked out again from what it was made from.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.bench.fill import fill
from portfolio.exchange.seed import load_seeds
from portfolio.office.trail import Origin, TrailEntry, record, unpack
from portfolio.register.line import CLOCKS, LinePart, RegisterLine
from portfolio.register.project import Project
from portfolio.schedule.audit import Audit
from portfolio.schedule.deadlines import ComingDeadline
from portfolio.schedule.evaluate import evaluate_portfolio, law_on
from portfolio.schedule.flag_keeping import flagging_of
from portfolio.schedule.flags import Flag, NextChange
from portfolio.schedule.judgement import Judgement, judge_state
from portfolio.schedule.policy import Holiday
from tests.conftest import CHECKOUT
from tests.schedule.policies import add_policy
from tests.schedule.stories import NOT_LICENSED, STORIES
from tests.schedule.ten_years import FIRST, LAST, begin, by_day, moment, play

DAY = timedelta(days=1)
MADE_UP = 3
SECOND_POLICY = date(2024, 1, 10)
NEW_HOLIDAYS = date(2025, 9, 15)
DROPPED_HOLIDAY = date(2026, 4, 20)


@dataclass(frozen=True)
class Kept:
    """What is stored of a project, or what should be."""

    flags: frozenset[tuple[Any, ...]]
    line: tuple[Any, ...]
    causes: frozenset[str]
    deadlines: frozenset[tuple[str, str, date]]
    next_change_on: date | None

    def on(self, today: date) -> "Kept":
        """The same without the deadlines that are over."""
        left = frozenset(one for one in self.deadlines if one[2] >= today)
        if len(left) == len(self.deadlines):
            return self
        return Kept(self.flags, self.line, self.causes, left, self.next_change_on)


def should_be(listing: str, judged: Judgement) -> Kept:
    flagging = flagging_of(listing, judged)
    return Kept(
        frozenset(
            (one.rule, one.scope, one.severity, one.held, one.since, one.deadline, one.law)
            for one in judged.findings
        ),
        (flagging.schedule_state, flagging.severity, flagging.flags, *judged.clocks),
        frozenset(judged.causes),
        frozenset((one.kind, one.scope, one.on) for one in judged.deadlines),
        judged.next_change_on,
    )


def grouped(rows: Iterable[Any]) -> defaultdict[int, list[tuple[Any, ...]]]:
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *rest in rows:
        found[key].append(tuple(rest))
    return found


_FLAGS = select(
    Flag.project_id,
    *(Flag.rule, Flag.scope, Flag.severity, Flag.held, Flag.since, Flag.deadline, Flag.law),
).where(Flag.closed_on.is_(None))
_LINES = select(
    RegisterLine.project_id,
    *(RegisterLine.schedule_state, RegisterLine.severity, RegisterLine.flags),
    *(getattr(RegisterLine, name) for name in CLOCKS),
).where(RegisterLine.until.is_(None))
_CAUSES = (
    select(RegisterLine.project_id, LinePart.ref)
    .join(LinePart, LinePart.line_id == RegisterLine.id)
    .where(RegisterLine.until.is_(None), LinePart.kind == "cause")
)
_DEADLINES = select(
    *(ComingDeadline.project_id, ComingDeadline.kind, ComingDeadline.scope, ComingDeadline.on)
)
_NEXT = select(NextChange.project_id, NextChange.on)


def stored(db: Session) -> dict[int, Kept]:
    flags, lines, causes, deadlines, nexts = (
        grouped(db.execute(query)) for query in (_FLAGS, _LINES, _CAUSES, _DEADLINES, _NEXT)
    )
    return {
        key: Kept(
            frozenset(flags[key]),
            lines[key][0],
            frozenset(cause for (cause,) in causes[key]),
            frozenset(deadlines[key]),
            next_on,
        )
        for key, [(next_on,)] in nexts.items()
    }


class Portfolio:
    """The projects as they stand, and what is stored of them; counts what the nights did."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.seen: Counter[str] = Counter()
        self.nights = self.looked_at = 0
        self.reread(FIRST)

    def reread(self, on: date) -> None:
        """Read again what is stored, and what it should follow from."""
        self.policy = law_on(self.db, on).policy
        states = select(Project.id, TrailEntry.state).join(
            TrailEntry, TrailEntry.seq == Project.entry_seq
        )
        self.states = {key: unpack(packed) for key, packed in self.db.execute(states)}
        self.kept = stored(self.db)
        days = [one.next_change_on for one in self.kept.values() if one.next_change_on is not None]
        self.next_change = min(days, default=date.max)

    def night(self, on: date) -> None:
        """Ten past midnight: look at what is due, if anything is, and every thirtieth day anyhow."""
        if self.next_change > on and on.toordinal() % 30:
            return
        looked_at, changed = self.evaluate(on, at_midnight(on))
        self.nights += 1
        self.looked_at += looked_at
        assert looked_at or not changed
        self.reread(on)

    def evaluate(self, on: date, at: datetime, *, whole: bool = False) -> tuple[int, int]:
        count = evaluate_portfolio(self.db, on=on, at=at, whole=whole)
        assert count.refused == []
        return count.projects, count.opened + count.closed

    def agrees(self, on: date) -> None:
        """What is stored of every project is what the law says of it on that day."""
        for key, state in self.states.items():
            judged = judge_state(state, self.policy, on)
            assert self.kept[key].on(on) == should_be(state["listing"], judged), (state["code"], on)
            self.seen.update(one.rule for one in judged.findings)
            self.seen[judged.schedule_state] += 1


def at_midnight(on: date) -> datetime:
    return moment(on) - timedelta(hours=9, minutes=50)


def change_law(db: Session, on: date) -> bool:
    """What changes for all projects on that day; afterwards all are judged again."""
    at = moment(on)
    if on == SECOND_POLICY:
        add_policy(
            db,
            2,
            on,
            at,
            reports_since="2025-01-01",
            STALLED={"months": 9},
            INV_T24_WARN={"warning_months": [6, 12, 20]},
            TERM_END={"warning_months": [18, 3]},
        )
    elif on == NEW_HOLIDAYS:
        # The 24 months of a land schedule end on Monday 2 March 2026.
        days = [date(2025, 12, 31), date(2026, 3, 2)]
        db.add_all(Holiday(on=one, name="Nghỉ thêm", added_at=at) for one in days)
    elif on == DROPPED_HOLIDAY:
        dropped = db.scalars(select(Holiday).where(Holiday.on == date(2026, 3, 2))).one()
        dropped.dropped_at, dropped.dropped_why = at, "thông báo lại"
    else:
        return False
    db.commit()
    return True


@pytest.fixture
def portfolio(db: Session, tmp_path: Path) -> Portfolio:
    """Made-up projects and those of the stories, logged on the first day under the first policy."""
    folder = tmp_path / "seeds"
    shutil.copytree(CHECKOUT / "seeds", folder, ignore=shutil.ignore_patterns("projects", "policy"))
    load_seeds(db, folder, moment(FIRST))
    add_policy(db, 1, FIRST, at_midnight(FIRST), reports_since="2025-01-01")
    fill(db, MADE_UP, moment(FIRST))
    for code in STORIES:
        project = begin(code, *NOT_LICENSED.get(code, ()))
        db.add(project)
        record(db, project, "log_project", Origin(None, moment(FIRST)))
    db.commit()
    evaluate_portfolio(db, on=FIRST, at=moment(FIRST), whole=True)
    return Portfolio(db)


def test_ten_years(db: Session, portfolio: Portfolio) -> None:
    changes = by_day(STORIES)
    on, days = FIRST, 0
    while on < LAST:
        on, days = on + DAY, days + 1
        portfolio.night(on)
        if on in changes:
            play(db, changes.pop(on), on)
            portfolio.reread(on)
        if change_law(db, on):
            before = portfolio.kept
            portfolio.evaluate(on, moment(on), whole=True)
            portfolio.reread(on)
            assert portfolio.kept != before
        portfolio.agrees(on)
        if (on.month, on.day) == (1, 31) or on == LAST:
            before = portfolio.kept
            projects, changed = portfolio.evaluate(on, moment(on), whole=True)
            assert (projects, changed) == (len(portfolio.states), 0)
            portfolio.reread(on)
            assert {key: one.on(on) for key, one in portfolio.kept.items()} == {
                key: one.on(on) for key, one in before.items()
            }
    assert days == 3652
    assert changes == {}
    # Every rule spoke, every state occurred, and the nights looked at few projects.
    policy = law_on(db, LAST).policy
    assert set(policy.rules) - set(portfolio.seen) <= {"ADJ-CAP24"}
    assert {"on_time", "late", "silent", "undated", "done"} <= set(portfolio.seen)
    assert portfolio.looked_at < portfolio.nights * len(portfolio.states) / 4
    assert portfolio.nights > 250
    assert_every_flag_comes_out_again(db)


def assert_every_flag_comes_out_again(db: Session) -> None:
    audit = Audit(db)
    assert list(audit.differences()) == []
    assert audit.checked == db.scalar(select(func.count()).select_from(Flag))
    assert audit.checked > 400
    policies = select(Flag.policy_id, func.count()).group_by(Flag.policy_id)
    assert all(count > 100 for _policy, count in db.execute(policies))
