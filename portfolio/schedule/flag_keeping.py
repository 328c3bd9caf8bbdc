"""Storing what was found: flags opened, closed and superseded, and when to look again.

Done for a page of projects at once. What is stored already is compared first, and only what differs
is written: on most nights that is next to nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.orm import Session

from portfolio.database import table_of
from portfolio.register.line import NO_CLOCKS, Clocks, Flagging
from portfolio.register.line_keeping import reflag_all
from portfolio.schedule import rules
from portfolio.schedule.clocks import NOTHING
from portfolio.schedule.deadlines import keep_deadlines
from portfolio.schedule.flags import Flag, NextChange, Severity
from portfolio.schedule.judgement import Judgement
from portfolio.schedule.rules.case import UNBOUND_LISTINGS

NO_LONGER_TRUE: Final = "no longer true"
SUPERSEDED: Final = "superseded"

_SAME: Final = ("severity", "held", "since", "deadline", "law", "policy_id")
"""What a flag says; when any of it differs, the flag is superseded by a new one."""

_WEIGHTS: Final = {severity.value: severity.weight for severity in Severity}

_OPEN: Final = select(
    *(getattr(Flag, name) for name in ("id", "project_id", "rule", "scope", "opened_on", *_SAME))
).where(Flag.closed_on.is_(None))

_FLAGS, _NEXT_CHANGES = table_of(Flag), table_of(NextChange)
_CLOSE: Final = (
    update(_FLAGS)
    .where(_FLAGS.c.id == bindparam("flag"))
    .values(
        closed_on=bindparam("last_day"),
        closed_at=bindparam("moment"),
        closed_why=bindparam("why"),
    )
)

_MOVE: Final = update(_NEXT_CHANGES).where(_NEXT_CHANGES.c.project_id == bindparam("of_project"))


@dataclass(frozen=True, slots=True)
class Standing:
    """How long a stored evaluation holds, and what it was made from."""

    next_change_on: date | None
    entry_seq: int
    policy_id: int
    evaluated_on: date


@dataclass(frozen=True, slots=True)
class Judged:
    """A project judged by its state number ``seq``; ``known``: how long what is stored holds."""

    project_id: int
    seq: int
    listing: str
    judgement: Judgement
    known: Standing | None


def keep_flags(
    session: Session, page: Sequence[Judged], policy_id: int, on: date, at: datetime
) -> tuple[int, int]:
    """Store the findings of some projects; returns how many flags were opened and closed.

    Days of next change, coming deadlines and register lines follow. The caller commits.
    """
    stored = _open_flags(session, [one.project_id for one in page])
    new: list[dict[str, Any]] = []
    ended: list[dict[str, Any]] = []
    for one in page:
        opened, closed = _compare(one, stored[one.project_id], policy_id)
        found = {
            "project_id": one.project_id,
            "entry_seq": one.seq,
            "opened_on": on,
            "opened_at": at,
        }
        new += [found | _flag(finding, policy_id) for finding in opened]
        ended += [
            {"flag": flag.id, "last_day": max(on, flag.opened_on), "moment": at, "why": why}
            for flag, why in closed
        ]
    if ended:
        session.execute(_CLOSE, ended)
    if new:
        session.execute(insert(_FLAGS), new)
    _note_next_changes(session, page, policy_id, on)
    keep_deadlines(session, {one.project_id: one.judgement.deadlines for one in page}, on)
    shown = {one.project_id: flagging_of(one.listing, one.judgement) for one in page}
    reflag_all(session, shown, at)
    return len(new), len(ended)


def _open_flags(session: Session, project_ids: Sequence[int]) -> defaultdict[int, list[Row[Any]]]:
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for flag in session.execute(_OPEN.where(Flag.project_id.in_(project_ids))):
        found[flag.project_id].append(flag)
    return found


def _compare(
    one: Judged, stored: Iterable[Row[Any]], policy_id: int
) -> tuple[list[rules.Finding], list[tuple[Row[Any], str]]]:
    """The findings that no open flag says, and the open flags that no finding says, with the cause."""
    wanted = {(finding.rule, finding.scope): finding for finding in one.judgement.findings}
    ended = []
    for flag in stored:
        finding = wanted.get((flag.rule, flag.scope))
        if finding is None:
            ended.append((flag, NO_LONGER_TRUE))
        elif _says(finding, policy_id) == flag[-len(_SAME) :]:
            del wanted[flag.rule, flag.scope]
        else:
            ended.append((flag, SUPERSEDED))
    return list(wanted.values()), ended


def _flag(finding: rules.Finding, policy_id: int) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "scope": finding.scope,
        "inputs": inputs_of(finding),
    } | dict(zip(_SAME, _says(finding, policy_id), strict=True))


def inputs_of(finding: rules.Finding) -> list[list[Any]]:
    """The facts and thresholds of a sum as they are stored: name, value and source of each."""
    return [[step.name, str(step.value), step.source] for step in finding.inputs]


def _says(finding: rules.Finding, policy_id: int) -> tuple[Any, ...]:
    return (
        finding.severity,
        finding.held,
        finding.since,
        finding.deadline,
        finding.law,
        policy_id,
    )


def _note_next_changes(session: Session, page: Iterable[Judged], policy_id: int, on: date) -> None:
    known: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    for row, is_known in _next_changes(page, policy_id, on):
        (known if is_known else new).append(row)
    if known:
        session.execute(_MOVE, known)
    if new:
        session.execute(insert(_NEXT_CHANGES), new)


def _next_changes(
    page: Iterable[Judged], policy_id: int, on: date
) -> Iterator[tuple[dict[str, Any], bool]]:
    """The rows to be written, each with whether one stands there already."""
    for one in page:
        next_on, known = one.judgement.next_change_on, one.known
        # What was found on an earlier day and still holds needs no new row.
        if (
            known is not None
            and (known.next_change_on, known.entry_seq, known.policy_id)
            == (next_on, one.seq, policy_id)
            and known.evaluated_on <= on
        ):
            continue
        row = {
            "on": next_on,
            "entry_seq": one.seq,
            "policy_id": policy_id,
            "evaluated_on": on,
        }
        yield (
            row | {"project_id" if known is None else "of_project": one.project_id},
            known is not None,
        )


def flagging_of(listing: str, judged: Judgement) -> Flagging:
    """What the register line shows of a project's findings: rules and days, words come later."""
    findings = judged.findings
    state = judged.schedule_state
    if state == "undated" and listing in UNBOUND_LISTINGS:
        # Nobody has promised anything yet, so no date is missing either.
        state = "none"
    return Flagging(
        schedule_state=state,
        severity=max((_WEIGHTS[f.severity] for f in findings if not f.held), default=0),
        flags=_shown(findings) if findings else "[]",
        rules=tuple(dict.fromkeys(finding.rule for finding in findings)),
        clocks=NO_CLOCKS if judged.clocks is NOTHING else Clocks(*judged.clocks),
        causes=judged.causes,
    )


def _shown(findings: Iterable[rules.Finding]) -> str:
    shown = [
        {
            "rule": finding.rule,
            "severity": finding.severity,
            "held": finding.held,
            "since": finding.since.isoformat() if finding.since else None,
            "deadline": finding.deadline.isoformat() if finding.deadline else None,
        }
        for finding in findings
    ]
    return json.dumps(shown, separators=(",", ":"))
