"""The schedule on a project's page: each milestone with its promised days and its three lateness numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from portfolio.office.trail import State
from portfolio.register.part_words import area_of, day_of, money_of, phase_words
from portfolio.register.phases import MilestoneKind, ScheduleKind
from portfolio.schedule.lateness import Lateness, three_numbers
from portfolio.schedule.pauses import Interval, as_of, eff_end, union
from portfolio.schedule.policy_text import Policy
from portfolio.schedule.promised import (
    approved_versions,
    completed_on,
    first_target,
    latest_target,
)
from portfolio.web import show


@dataclass(frozen=True)
class Numbers:
    """One lateness number in words, and whether it is late; None where there is no such target."""

    words: str
    late: bool


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone: what was promised first and last, what is expected, whether it is met."""

    id: int
    words: str
    kind: str
    first: str
    latest: str
    moved_to: str
    forecast: str
    met: str
    state: str
    evidence: str
    looked_at: str
    against_first: Numbers | None
    against_latest: Numbers | None
    against_forecast: Numbers | None
    by_version: tuple[str, ...]


@dataclass(frozen=True)
class PhaseShown:
    """A phase with its milestones in their order."""

    id: int
    words: str
    notes: tuple[str, ...]
    milestones: list[MilestoneLine]


@dataclass(frozen=True)
class VersionShown:
    """A version of the schedule: its number, what it stands in, and the day."""

    id: int
    number: int
    words: str
    paper: str


@dataclass(frozen=True)
class ScheduleShown:
    """All of it; ``open`` counts milestones that are not met."""

    phases: list[PhaseShown]
    versions: list[VersionShown]
    open: int


def show_schedule(state: State, policy: Policy, on: date, acts: dict[int, str]) -> ScheduleShown:
    """The schedule as it stands on a day, with accepted pauses counted against the latest approval."""
    pauses = list(_accepted(state, policy, on))
    versions = state.get("schedules", [])
    days = {one["number"]: one.get("approved_on") for one in versions}
    approved = approved_versions(state, policy)
    phases = [
        PhaseShown(
            phase["id"],
            phase_words(phase),
            _phase_notes(phase),
            [
                _milestone(
                    one,
                    _promised(one, days, approved, pauses, _day(completed_on(phase))),
                    days,
                    policy,
                    on,
                )
                for one in sorted(phase["milestones"], key=lambda m: _ORDER[m["kind"]])
            ],
        )
        for phase in state.get("phases", ())
    ]
    shown = [
        VersionShown(
            one["id"],
            one["number"],
            ", ".join(
                filter(None, (gettext(ScheduleKind(one["kind"]).label), day_of(one, "approved_on")))
            ),
            acts.get(one.get("act_id", 0), ""),
        )
        for one in versions
    ]
    still_open = sum(not line.met for phase in phases for line in phase.milestones)
    return ScheduleShown(phases, shown, still_open)


_ORDER = {kind.value: position for position, kind in enumerate(MilestoneKind)}


def _phase_notes(phase: State) -> tuple[str, ...]:
    notes = [phase.get("objective"), money_of(phase, "capital"), area_of(phase)]
    if "completed_on" in phase:
        notes.append(gettext("objectives completed on %(day)s", day=day_of(phase, "completed_on")))
    return tuple(str(note) for note in notes if note)


def _accepted(state: State, policy: Policy, on: date) -> Iterable[Interval]:
    given = [
        as_of(date.fromisoformat(one["since"]), _day(one.get("until")), on)
        for one in state.get("pauses", ())
        if one["status"] == "accepted" and one["cause"] in policy.pausing_causes
    ]
    return union(one for one in given if one is not None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class _Promised:
    """A milestone's targets, its end as moved by pauses, and the day since which it asks for nothing.

    They are those of the law of delay: a phase whose objectives are completed has no open milestone.
    """

    first: State
    latest: State
    ends: date | None
    kept_on: date | None


def _promised(
    row: State,
    days: dict[int, str | None],
    approved: frozenset[int],
    pauses: list[Interval],
    done_on: date | None,
) -> _Promised:
    first, latest = first_target(row, approved) or {}, latest_target(row, approved) or {}
    kept_on = _day(row.get("met_on")) or done_on
    ends = _day(latest.get("planned_on"))
    if ends is not None and pauses:
        ends = eff_end(ends, pauses, _day(days.get(latest["version"])), kept_on).end
    return _Promised(first, latest, ends, kept_on)


def _milestone(
    row: State, promised: _Promised, days: dict[int, str | None], policy: Policy, on: date
) -> MilestoneLine:
    first, latest, ends = promised.first, promised.latest, promised.ends
    numbers = three_numbers(
        first=_day(first.get("planned_on")),
        latest=ends,
        forecast=_day(row.get("forecast_on")),
        met_on=promised.kept_on,
        on=on,
        bands=policy.bands,
    )
    kind, words = _standing(promised.kept_on, ends, on, numbers)
    by_version = {
        one["version"]: day_of(one, "planned_on", "precision") for one in row.get("targets", ())
    }
    return MilestoneLine(
        id=row["id"],
        words=str(gettext(MilestoneKind(row["kind"]).label)),
        kind=kind,
        first=day_of(first, "planned_on", "precision"),
        latest=day_of(latest, "planned_on", "precision"),
        moved_to=show.day(ends) if ends != _day(latest.get("planned_on")) else "",
        forecast=day_of(row, "forecast_on"),
        met=day_of(row, "met_on", "met_precision"),
        state=words,
        evidence=row.get("evidence", ""),
        looked_at=day_of(row, "last_reviewed_on"),
        against_first=_words(numbers, "first"),
        against_latest=_words(numbers, "latest"),
        against_forecast=_words(numbers, "forecast"),
        by_version=tuple(by_version.get(number, "") for number in sorted(days)),
    )


def _standing(met: date | None, ends: date | None, on: date, numbers: Lateness) -> tuple[str, str]:
    """The state of a milestone as the mark draws it and in words."""
    late = numbers.latest is not None and numbers.latest.days > 0
    if met is not None and met <= on:
        if ends is None:
            return "done", gettext("done")
        if not late:
            return "done", gettext("done, on time")
        return "done-late", gettext("done, %(late)s", late=_late(numbers, "latest"))
    if ends is None:
        return "due", gettext("no promised day")
    if late:
        return "overdue", show.distance((ends - on).days)
    return "due", show.distance((ends - on).days)


def _late(numbers: Lateness, name: str) -> str:
    slip = getattr(numbers, name)
    days = gettext("%(days)s days", days=show.number(slip.days))
    return str(gettext("late by %(days)s", days=days))


def _words(numbers: Lateness, name: str) -> Numbers | None:
    slip = getattr(numbers, name)
    if slip is None:
        return None
    if not slip.days:
        return Numbers(str(gettext("not late")), late=False)
    days = gettext("%(days)s days", days=show.number(slip.days))
    if slip.months < 3:  # noqa: PLR2004  months are said only from three up
        return Numbers(str(days), late=True)
    months = gettext("month %(number)s", number=slip.months)
    return Numbers(f"{days} ({months})", late=True)
