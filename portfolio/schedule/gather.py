"""From what the register knows to what the law of delay asks: state document in, facts document out.

Pure (◆): the state may be today's, one of a past day, or one read from a file. The shape of the
result is that of `facts.read_facts`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

State = dict[str, Any]

APPROVALS = {"policy_approval", "certificate"}
LAND_ACTS = {"land_allocation", "land_extension"}
OBJECTIVE = ("operation", "completion")
"""The milestones that complete a phase's objectives, the more telling one first."""


def facts_document(state: State) -> dict[str, Any]:
    """The facts of one project, as `facts.read_facts` takes them."""
    acts = state.get("acts", [])
    return {
        "id": state["code"],
        "name": state["name"],
        "listing": state["listing"],
        "stage": state["stage"],
        "has_ipa": any(act["kind"] == "policy_approval" for act in acts),
        "special_mechanism": state.get("special_mechanism"),
        "pending_adjustment": state.get("pending_adjustment"),
        "no_adjustment_right": state.get("no_adjustment_right"),
        "first_approved_on": _first_approved(state),
        "operating_end": state.get("operating_end"),
        "phases": [_phase(phase, state) for phase in state.get("phases", [])],
        "pauses": [_pause(pause) for pause in state.get("pauses", [])],
        "land": [_parcel(parcel) for parcel in state.get("parcels", [])],
        "deposit": _deposit(state.get("deposit")),
        "suspension": _suspension(acts),
        "transferred_on": max(_days_of(acts, {"transfer"}), default=None),
        "signs_of_life": list(_signs_of_life(state)),
    }


def _first_approved(state: State) -> str | None:
    days = list(_days_of(state.get("acts", []), APPROVALS))
    days += [
        schedule["approved_on"]
        for schedule in state.get("schedules", [])
        if schedule.get("approved_on")
    ]
    return min(days, default=None)


def _days_of(acts: Iterable[State], kinds: set[str]) -> Iterator[str]:
    return (act["issued_on"] for act in acts if act["kind"] in kinds and "issued_on" in act)


def _phase(phase: State, state: State) -> dict[str, Any]:
    targets: dict[int, dict[str, str]] = {}
    for milestone in phase["milestones"]:
        for target in milestone.get("targets", []):
            targets.setdefault(target["version"], {})[milestone["kind"]] = target["planned_on"]
    versions = {schedule["number"]: schedule for schedule in state.get("schedules", [])}
    return {
        "id": str(phase["number"]),
        "completed_on": phase.get("completed_on"),
        "schedules": [
            {
                "version": number,
                "approved_on": versions[number].get("approved_on"),
                "kind": versions[number]["kind"],
                "end": _end(days),
            }
            for number, days in sorted(targets.items())
        ],
        "milestones": [
            {
                "kind": milestone["kind"],
                "planned": milestone["targets"][-1]["planned_on"] if milestone["targets"] else None,
                "met_on": milestone.get("met_on"),
            }
            for milestone in phase["milestones"]
        ],
    }


def _end(days: dict[str, str]) -> str:
    """The day by which a schedule version promises the phase's objectives."""
    for kind in OBJECTIVE:
        if kind in days:
            return days[kind]
    return max(days.values())


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


def _suspension(acts: list[State]) -> dict[str, Any] | None:
    begun = max(_days_of(acts, {"suspension"}), default=None)
    if begun is None:
        return None
    ended = [day for day in _days_of(acts, {"resumption"}) if day >= begun]
    return {"by": "authority", "from": begun, "to": min(ended, default=None)}


def _signs_of_life(state: State) -> Iterator[dict[str, Any]]:
    for phase in state.get("phases", []):
        for milestone in phase["milestones"]:
            if "met_on" in milestone:
                yield {"on": milestone["met_on"], "kind": "milestone_met"}
            if "last_reviewed_on" in milestone:
                yield {"on": milestone["last_reviewed_on"], "kind": "milestone_reviewed"}
    for day in _days_of(state.get("acts", []), LAND_ACTS):
        yield {"on": day, "kind": "land_act"}
    for capital in state.get("capital", []):
        if capital["kind"] == "realised" and "on" in capital:
            yield {"on": capital["on"], "kind": "disbursement"}
    for happening in state.get("happenings", []):
        if happening.get("shows_progress") and "on" in happening:
            yield {"on": happening["on"], "kind": "inspection_progress"}
