"""Auditing flags: every stored flag is worked out again from what it was made from.

That is the state of its project in the trail, its version of the policy, the public holidays known at
its moment and its day. Whatever became of a flag later, the sum must come out as it was stored.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from portfolio.office.trail import TrailEntry, unpack
from portfolio.register.project import Project
from portfolio.schedule import rules
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.facts import read_facts
from portfolio.schedule.flag_keeping import inputs_of
from portfolio.schedule.flags import Flag
from portfolio.schedule.gather import facts_document
from portfolio.schedule.in_force import PastHolidays, read_version
from portfolio.schedule.policy_text import Policy

PAGE: Final = 1000
"""Flags that are read and worked out at a time."""

COMPARED: Final = ("severity", "held", "since", "deadline", "law", "inputs")
"""What a flag says of a rule and a part of its project."""

NOTHING_FOUND: Final = "no such finding"
NO_STATE: Final = "its entry is not in the trail"


@dataclass(frozen=True)
class Difference:
    """A flag that does not come out as stored: of which project, which rule, opened on which day.

    ``name`` is the column that differs, or empty when there is nothing to compare with.
    """

    flag_id: int
    code: str
    rule: str
    scope: str
    opened_on: date
    name: str
    stored: object
    found: object


@dataclass
class Audit:
    """The audit of all flags: run through `differences`, then ``checked`` says how many there are."""

    session: Session
    checked: int = 0

    def differences(self, tell: Callable[[int], None] = lambda _done: None) -> Iterator[Difference]:
        """Each difference, in the order in which flags were stored. Reads page by page, writes nothing."""
        policies = _Policies(self.session)
        last = 0
        while page := self._page(last):
            yield from _compare(page, _states(self.session, page), policies)
            last = page[-1].id
            self.checked += len(page)
            tell(self.checked)

    def _page(self, last: int) -> Sequence[Row[Any]]:
        columns = [getattr(Flag, name) for name in (*_MADE_FROM, "id", "rule", "scope", *COMPARED)]
        query: Select[*tuple[Any, ...]] = (
            select(*columns, Project.code)
            .join(Project, Project.id == Flag.project_id)
            .where(Flag.id > last)
            .order_by(Flag.id)
            .limit(PAGE)
        )
        return self.session.execute(query).all()


_MADE_FROM: Final = ("entry_seq", "policy_id", "opened_on", "opened_at")


class _Policies:
    """The versions of the policy, each with the tables of holidays it was ever applied with."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._holidays = PastHolidays.of(session)
        self._read: dict[tuple[int, int], Policy] = {}

    def behind(self, flag: Row[Any]) -> tuple[tuple[int, int], Policy]:
        """The policy that a flag was made by, with a key that is the same for the same policy."""
        key = (flag.policy_id, self._holidays.period_of(flag.opened_at))
        if key not in self._read:
            known = self._holidays.table_at(flag.opened_at)
            self._read[key] = read_version(self._session, flag.policy_id, known)
        return key, self._read[key]


def _states(session: Session, page: Sequence[Row[Any]]) -> dict[int, bytes]:
    """The packed states that a page of flags was made from, by the number of the entry."""
    query = select(TrailEntry.seq, TrailEntry.state).where(
        TrailEntry.seq.in_({flag.entry_seq for flag in page}), TrailEntry.subject_kind == "project"
    )
    return {entry.seq: entry.state for entry in session.execute(query)}


Found = dict[tuple[str, str], rules.Finding]


def _compare(
    page: Sequence[Row[Any]], states: dict[int, bytes], policies: _Policies
) -> Iterator[Difference]:
    judged: dict[Any, Found | str] = {}
    for flag in page:
        by, policy = policies.behind(flag)
        # Flags that were found together are worked out together.
        made_from = (flag.entry_seq, by, flag.opened_on)
        if made_from not in judged:
            judged[made_from] = _judge(states.get(flag.entry_seq), policy, flag.opened_on)
        yield from _differences(flag, judged[made_from])


def _judge(packed: bytes | None, policy: Policy, on: date) -> Found | str:
    if packed is None:
        return NO_STATE
    try:
        facts = read_facts(facts_document(unpack(packed), policy, on))
    except BadDocument as problem:
        return str(problem)
    return {(one.rule, one.scope): one for one in rules.evaluate(facts, policy, on).findings}


def _differences(flag: Row[Any], judged: Found | str) -> Iterator[Difference]:
    of = (flag.id, flag.code, flag.rule, flag.scope, flag.opened_on)
    if isinstance(judged, str):
        yield Difference(*of, "", None, judged)
        return
    finding = judged.get((flag.rule, flag.scope))
    if finding is None:
        yield Difference(*of, "", None, NOTHING_FOUND)
        return
    for name in COMPARED:
        stored = getattr(flag, name)
        found = inputs_of(finding) if name == "inputs" else getattr(finding, name)
        if stored != found:
            yield Difference(*of, name, stored, found)
