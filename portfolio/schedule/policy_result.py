"""Reading the result of a trial: sums by move, counts before and after, for who may see which projects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import True_

from portfolio.notation import N_
from portfolio.office.people import User
from portfolio.register.project import Project
from portfolio.register.row_rule import visible_to
from portfolio.register.zone import Zone
from portfolio.schedule.policy import PolicyTrial
from portfolio.schedule.policy_trial import CHANGES, ENTERS, LEAVES

Result = dict[str, Any]
MOVES = {
    ENTERS: N_("Would enter the review list"),
    LEAVES: N_("Would leave the review list"),
    CHANGES: N_("Other findings change"),
}


@dataclass(frozen=True)
class Sum:
    """Projects with their land in hectares and capital in đồng, and how many have neither on record."""

    projects: int
    ha: Decimal
    vnd: Decimal
    without_ha: int
    without_vnd: int


def sum_of(rows: Iterable[Result]) -> Sum:
    """What some rows of a trial come to."""
    given = list(rows)
    return Sum(
        len(given),
        sum((Decimal(row["ha"]) for row in given if row["ha"]), Decimal(0)),
        sum((Decimal(row["vnd"]) for row in given if row["vnd"]), Decimal(0)),
        sum(1 for row in given if not row["ha"]),
        sum(1 for row in given if not row["vnd"]),
    )


def count_in(by_zone: Mapping[str, Sequence[int]], zones: set[str] | None) -> tuple[int, int]:
    """Before and after, over the given zones (all when None; "" is outside the zones)."""
    chosen = [pair for zone, pair in by_zone.items() if zones is None or zone in zones]
    return sum(pair[0] for pair in chosen), sum(pair[1] for pair in chosen)


def rule_counts(result: Result, zones: set[str] | None) -> Iterator[tuple[str, int, int]]:
    """Each rule with the projects it holds for before and after."""
    for rule, by_zone in result["counts"].items():
        before, after = count_in(by_zone, zones)
        if before or after:
            yield rule, before, after


@dataclass(frozen=True)
class Tried:
    """A trial as one person may read it: its rows, sums by move, and counts before and after."""

    rows: list[Result]
    sums: dict[str, Sum]
    listed: tuple[int, int]
    counts: list[tuple[str, int, int]]
    refused: int


def as_seen_by(session: Session, reader: User, trial: PolicyTrial) -> Tried:
    """The row rule: rows and counts of the projects that the reader may see."""
    result, rule = trial.result, visible_to(reader)
    rows: list[Result] = result["rows"]
    zones: set[str] | None = None
    if not isinstance(rule, True_):
        seen = set(session.scalars(select(Project.id).where(rule)))
        rows = [row for row in rows if row["id"] in seen]
        inside = select(Zone.id).where(visible_to(reader, Zone.id))
        zones = {str(zone_id) for zone_id in session.scalars(inside)}
    return Tried(
        rows=rows,
        sums={move: sum_of(row for row in rows if row["move"] == move) for move in MOVES},
        listed=count_in(result["listed"], zones),
        counts=list(rule_counts(result, zones)),
        refused=len(result["refused"]) if zones is None else 0,
    )
