"""From what the register knows to what the law of delay asks: state document in, facts document out.

Pure (◆): the state may be today's, one of a past day, or one read from a file. The shape of the
result is that of `facts.read_facts`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from portfolio.schedule.owed import owed_reports
from portfolio.schedule.policy_text import Policy
from portfolio.schedule.promised import (
    OBJECTIVE,
    approved_versions,
    completed_on,
    latest_target,
)

State = dict[str, Any]

APPROVALS = {"policy_approval", "certificate"}
LAND_ACTS = {"land_allocation", "land_extension"}


def facts_document(state: State, policy: Policy, on: date) -> dict[str, Any]:
    """The facts of one project on a day, as `facts.read_facts` takes them.

    Policy and day decide only which reports are owed; everything else is in the state.
    """
    acts = state.get("acts", [])
    first_approved_on = first_approved(state, policy)
    approved = approved_versions(state, policy)
    versions = {schedule["number"]: schedule for schedule in state.get("schedules", ())}
    return {
        "id": state["code"],
        "name": state["name"],
        "listing": state["listing"],
        "stage": state["stage"],
        "has_ipa": any(act["kind"] == "policy_approval" for act in acts),
        "special_mechanism": state.get("special_mechanism"),
        "pending_adjustment": state.get("pending_adjustment"),
        "no_adjustment_right": state.get("no_adjustment_right"),
        "first_approved_on": first_approved_on,
        "operating_end": state.get("operating_end"),
        "phases": [_phase(phase, versions, approved) for phase in state.get("phases", [])],
        "pauses": [_pause(pause) for pause in state.get("pauses", [])],
        "land": [_parcel(parcel) for parcel in state.get("parcels", [])],
        "deposit": _deposit(state.get("deposit")),
        "suspension": _suspension(state),
        **_circumstances(state),
        "transferred_on": max(_days_of(acts, {"transfer"}), default=None),
        "reports": _reports(state, policy, first_approved_on, on),
        "signs_of_life": _telling(_signs_of_life(state), on.isoformat()),
        "marks": [_mark(mark) for mark in state.get("marks", []) if "withdrawn_on" not in mark],
    }


def first_approved(state: State, policy: Policy) -> str | None:
    """The day of the first approval or certificate, or of the first schedule that a paper approved."""
    days = list(_days_of(state.get("acts", []), APPROVALS))
    days += [
        schedule["approved_on"]
        for schedule in state.get("schedules", [])
        if schedule.get("approved_on") and schedule["kind"] in policy.approved_kinds
    ]
    return min(days, default=None)


def _days_of(acts: Iterable[State], kinds: set[str]) -> Iterator[str]:
    return (act["issued_on"] for act in acts if act["kind"] in kinds and "issued_on" in act)


def _phase(phase: State, versions: Mapping[int, State], approved: frozenset[int]) -> dict[str, Any]:
    targets: dict[int, dict[str, str]] = {}
    for milestone in phase["milestones"]:
        for target in milestone.get("targets", ()):
            targets.setdefault(target["version"], {})[milestone["kind"]] = target["planned_on"]
    return {
        "id": str(phase["number"]),
        "completed_on": completed_on(phase),
        "schedules": [
            {
                "version": number,
                "approved_on": versions[number].get("approved_on"),
                "kind": versions[number]["kind"],
                "end": end,
            }
            for number, end in _ends(targets, approved)
        ],
        "milestones": [
            _milestone(milestone, latest_target(milestone, approved), versions)
            for milestone in phase["milestones"]
        ],
    }


def _milestone(
    milestone: State, target: State | None, versions: Mapping[int, State]
) -> dict[str, Any]:
    return {
        "kind": milestone["kind"],
        "planned": target["planned_on"] if target else None,
        "approved_on": versions[target["version"]].get("approved_on") if target else None,
        "met_on": milestone.get("met_on"),
    }


def _ends(
    targets: Mapping[int, dict[str, str]], approved: frozenset[int]
) -> Iterator[tuple[int, str]]:
    """The versions that set a day for the phase's objectives, with that day.

    A paper that moves other days leaves the objectives as the paper before it promised them.
    """
    promised: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for number, days in sorted(targets.items()):
        known = promised[number in approved]
        known |= days
        kind, end = _end(known)
        if kind in days:
            yield number, end


def _end(days: Mapping[str, str]) -> tuple[str, str]:
    """The milestone that completes the phase's objectives, and its day."""
    for kind in OBJECTIVE:
        if kind in days:
            return kind, days[kind]
    return max(days.items(), key=lambda one: one[1])


def _pause(pause: State) -> dict[str, Any]:
    return {
        "cause": pause["cause"],
        "from": pause["since"],
        "to": pause.get("until"),
        "status": pause["status"],
        "paper": pause.get("paper"),
    }


def _parcel(parcel: State) -> dict[str, Any]:
    extension = None
    if "extension_from" in parcel:
        extension = {
            "from": parcel["extension_from"],
            "to": parcel["extension_to"],
            "decision": parcel["extension_decision"],
        }
    return {
        "id": parcel["name"],
        "area_ha": parcel.get("area_ha"),
        "handed_over_on": parcel.get("handed_over_on"),
        "first_used_on": parcel.get("first_used_on"),
        "interruptions": _intervals(parcel, "interruption"),
        "schedule_end": parcel.get("schedule_end"),
        "force_majeure": _intervals(parcel, "force_majeure"),
        "extension": extension,
        "recovered_on": parcel.get("recovered_on"),
        "recovery_ground": parcel.get("recovery_ground"),
    }


def _intervals(parcel: State, kind: str) -> list[dict[str, Any]]:
    return [
        {"from": one["since"], "to": one.get("until"), "paper": one.get("paper")}
        for one in parcel.get("intervals", [])
        if one["kind"] == kind
    ]


def _deposit(deposit: State | None) -> dict[str, Any] | None:
    if deposit is None:
        return None
    names = ("required", "exemption", "due_on", "paid_on", "guarantee_expires_on")
    return {name: deposit.get(name) for name in names}


def _suspension(state: State) -> dict[str, Any] | None:
    """The stop that began last: ordered by the authority, or declared by the investor."""
    stops = [*_ordered_stops(state.get("acts", [])), *_own_stops(state)]
    if not stops:
        return None
    stop = max(stops, key=lambda one: str(one["from"]))
    unable = [day for day in _of_kind(state, "inability") if day >= stop["from"]]
    return stop | {"inability_recorded_on": min(unable, default=None)}


def _ordered_stops(acts: list[State]) -> Iterator[dict[str, Any]]:
    for begun in _days_of(acts, {"suspension"}):
        ended = [day for day in _days_of(acts, {"resumption"}) if day >= begun]
        yield {"by": "authority", "from": begun, "to": min(ended, default=None)}


def _own_stops(state: State) -> Iterator[dict[str, Any]]:
    for one in state.get("circumstances", []):
        if one["kind"] == "investor_stop":
            yield {"by": "investor", "from": one["on"], "to": one.get("until")}


def _of_kind(state: State, kind: str) -> list[str]:
    return [one["on"] for one in state.get("circumstances", []) if one["kind"] == kind]


def _circumstances(state: State) -> dict[str, Any]:
    """What Article 36 of the Law on Investment asks for; of each kind the last one counts."""
    site_lost_on = max(_of_kind(state, "site_lost"), default=None)
    filed = [day for day in _of_kind(state, "relocation_filed") if day >= (site_lost_on or "")]
    return {
        "site_lost_on": site_lost_on,
        "relocation_filed_on": min(filed, default=None),
        "stopped_on": max(_of_kind(state, "stopped"), default=None),
        "contact_attempts": [
            {"on": one["on"], "channel": one["text"], "reached": one["reached"]}
            for one in state.get("circumstances", [])
            if one["kind"] == "contact_attempt"
        ],
        "enterprise_dissolved_on": max(_of_kind(state, "dissolved"), default=None),
        "sham_finding": _paper_of(state, "sham"),
        "judgment": _paper_of(state, "judgment"),
    }


def _paper_of(state: State, kind: str) -> dict[str, Any] | None:
    found = [one for one in state.get("circumstances", []) if one["kind"] == kind]
    last = max(found, key=lambda one: str(one["on"]), default=None)
    return None if last is None else {"paper": last.get("paper") or last["text"], "on": last["on"]}


def _reports(
    state: State, policy: Policy, approved_on: str | None, on: date
) -> list[dict[str, Any]]:
    """The reports owed, each with the day it came; one that was sent back has not come."""
    if state["listing"] != "licensed":
        return []
    known = {(one["kind"], one["period"]): one for one in state.get("reports", [])}
    settled = frozenset(key for key, one in known.items() if one["status"] in _SETTLED)
    approved = date.fromisoformat(approved_on) if approved_on else None
    return [
        {"kind": kind, "period": period, "received_on": _came(known.get((kind, period)))}
        for kind, period, _ends in owed_reports(policy, approved, on, settled)
        if known.get((kind, period), _NOTHING)["status"] != "excused"
    ]


_NOTHING: State = {"status": ""}
_SETTLED = {"received", "accepted", "excused"}


def _came(report: State | None) -> str | None:
    return report["received_on"] if report and report["status"] in _IN else None


_IN = {"received", "accepted"}


def _mark(mark: State) -> dict[str, Any]:
    named = {name: mark.get(name) for name in ("on", "verdict", "severity", "cause")}
    return {"id": str(mark["id"]), **named}


def _telling(signs: Iterable[dict[str, Any]], on: str) -> list[dict[str, Any]]:
    """Of what had happened by that day the last of each kind, and what is dated later.

    Only the last sign counts: one before it can never be the last again.
    """
    last: dict[str, dict[str, Any]] = {}
    later = []
    for sign in signs:
        if sign["on"] > on:
            later.append(sign)
        elif sign["kind"] not in last or last[sign["kind"]]["on"] < sign["on"]:
            last[sign["kind"]] = sign
    return [*last.values(), *later]


def _signs_of_life(state: State) -> Iterator[dict[str, Any]]:
    yield from _signs_of_milestones(state)
    for day in _days_of(state.get("acts", []), LAND_ACTS):
        yield {"on": day, "kind": "land_act"}
    for capital in state.get("capital", []):
        if capital["kind"] == "realised" and "on" in capital:
            yield {"on": capital["on"], "kind": "disbursement"}
    for report in state.get("reports", []):
        if report["status"] == "accepted":
            yield {"on": report["decided_on"], "kind": "report_accepted"}
    for happening in state.get("happenings", []):
        if happening.get("shows_progress") and "on" in happening:
            yield {"on": happening["on"], "kind": "inspection_progress"}


def _signs_of_milestones(state: State) -> Iterator[dict[str, Any]]:
    for phase in state.get("phases", []):
        for milestone in phase["milestones"]:
            if "met_on" in milestone:
                yield {"on": milestone["met_on"], "kind": "milestone_met"}
            if "last_reviewed_on" in milestone:
                yield {"on": milestone["last_reviewed_on"], "kind": "milestone_reviewed"}
