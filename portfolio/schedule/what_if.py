"""What if: a state document as it would be after an act that nobody has done.

Pure (◆). `suppose` changes a copy in the way the act itself would change the project, so the same
`judge` finds what would really be found. Nothing is stored.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from portfolio.schedule.policy_text import Policy
from portfolio.schedule.promised import OBJECTIVE, approved_versions, latest_target
from portfolio.schedule.rules.finding import Finding
from portfolio.schedule.terms import ONE_DAY

State = dict[str, Any]


@dataclass(frozen=True)
class Adjusted:
    """A further version of the schedule: new days by (number of the phase, kind of milestone)."""

    days: Mapping[tuple[int, str], date]


@dataclass(frozen=True)
class PauseAccepted:
    """A claimed pause is accepted."""

    pause: int


@dataclass(frozen=True)
class Paused:
    """A pause that nobody has claimed yet is claimed and accepted."""

    cause: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class HandedOver:
    """Land is handed over: a parcel by its key, or a new one of that name."""

    on: date
    parcel: int | None = None
    name: str = "+"


@dataclass(frozen=True)
class PutToUse:
    """Land is put to use, or is used again: a parcel by its key, or the new one."""

    on: date
    parcel: int | None = None


@dataclass(frozen=True)
class ReportCame:
    """The report of a kind for a period is received."""

    kind: str
    period: str


Supposition = Adjusted | PauseAccepted | Paused | HandedOver | PutToUse | ReportCame

NEW = 0
"""The key of a row that exists in a supposition only."""


def suppose(
    state: State, suppositions: Iterable[Supposition], *, on: date, policy: Policy
) -> State:
    """The state after all of these, done on a day. The given state is not touched."""
    supposed = deepcopy(state)
    for one in suppositions:
        match one:
            case Adjusted(days):
                _adjust(supposed, days, on, policy)
            case PauseAccepted(pause):
                for row in supposed.get("pauses", ()):
                    if row["id"] == pause:
                        row["status"] = "accepted"
            case Paused(cause, since, until):
                supposed.setdefault("pauses", []).append(_pause(cause, since, until))
            case HandedOver(day, parcel, name):
                _parcel(supposed, parcel, name)["handed_over_on"] = day.isoformat()
            case PutToUse(day, parcel):
                _use(_parcel(supposed, parcel), day)
            case ReportCame(kind, period):
                _receive(supposed, kind, period, on)
    return supposed


@dataclass(frozen=True)
class Compared:
    """Findings before and after: those that fall, those that rise, and the pairs that stay."""

    fell: tuple[Finding, ...]
    rose: tuple[Finding, ...]
    stayed: tuple[tuple[Finding, Finding], ...]


def compare(before: Iterable[Finding], after: Iterable[Finding]) -> Compared:
    """The difference between two evaluations; a finding is known by its rule and its scope."""
    old = {(one.rule, one.scope): one for one in before}
    new = {(one.rule, one.scope): one for one in after}
    return Compared(
        tuple(one for key, one in old.items() if key not in new),
        tuple(one for key, one in new.items() if key not in old),
        tuple((one, new[key]) for key, one in old.items() if key in new),
    )


def standing_days(state: State, policy: Policy) -> dict[tuple[int, str], State]:
    """The target in force of every milestone, by (number of the phase, kind of milestone)."""
    approved = approved_versions(state, policy)
    return {
        (phase["number"], milestone["kind"]): target
        for phase in state.get("phases", ())
        for milestone in phase["milestones"]
        if (target := latest_target(milestone, approved)) is not None
    }


def objective_of(phase: State) -> str:
    """The kind of the milestone that completes a phase; operation where nothing is promised yet."""
    promised = {one["kind"]: one for one in phase["milestones"] if one.get("targets")}
    for kind in OBJECTIVE:
        if kind in promised:
            return kind
    last = max(
        promised.values(), key=lambda one: str(one["targets"][-1]["planned_on"]), default=None
    )
    return str(last["kind"]) if last else OBJECTIVE[0]


def _adjust(state: State, days: Mapping[tuple[int, str], date], on: date, policy: Policy) -> None:
    """A version that is approved on the day. It says all days in force, with these put in."""
    standing = {
        key: date.fromisoformat(target["planned_on"])
        for key, target in standing_days(state, policy).items()
    }
    versions = state.setdefault("schedules", [])
    number = max((one["number"] for one in versions), default=0) + 1
    versions.append(
        {"id": NEW, "number": number, "kind": "adjusted", "approved_on": on.isoformat()}
    )
    phases = state.setdefault("phases", [])
    if not phases:
        phases.append({"id": NEW, "number": 1, "milestones": []})
    for phase in phases:
        for (wanted, kind), day in (standing | dict(days)).items():
            if wanted == phase["number"]:
                _milestone(phase, kind)["targets"].append(
                    {"version": number, "planned_on": day.isoformat(), "precision": "day"}
                )


def _milestone(phase: State, kind: str) -> State:
    for milestone in phase["milestones"]:
        if milestone["kind"] == kind:
            found: State = milestone
            return found
    made: State = {"id": NEW, "kind": kind, "targets": []}
    phase["milestones"].append(made)
    return made


def _pause(cause: str, since: date, until: date | None) -> State:
    row = {"id": NEW, "cause": cause, "since": since.isoformat(), "status": "accepted"}
    return row | ({"until": until.isoformat()} if until else {})


def _parcel(state: State, key: int | None, name: str = HandedOver.name) -> State:
    parcels: list[State] = state.setdefault("parcels", [])
    wanted = NEW if key is None else key
    for parcel in parcels:
        if parcel["id"] == wanted:
            return parcel
    made: State = {"id": NEW, "name": name, "intervals": []}
    parcels.append(made)
    return made


def _use(parcel: State, day: date) -> None:
    """First use; for a parcel that was in use and is not, the end of the interruption."""
    if "first_used_on" not in parcel:
        parcel["first_used_on"] = day.isoformat()
        return
    for one in parcel.get("intervals", ()):
        if one["kind"] == "interruption" and "until" not in one:
            one["until"] = (day - ONE_DAY).isoformat()


def _receive(state: State, kind: str, period: str, on: date) -> None:
    reports: list[State] = state.setdefault("reports", [])
    came = {"status": "received", "received_on": on.isoformat()}
    for row in reports:
        if (row["kind"], row["period"]) == (kind, period):
            row.update(came)
            return
    reports.append({"id": NEW, "kind": kind, "period": period, "forecasts": []} | came)
