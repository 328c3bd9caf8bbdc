"""Which day a milestone was promised for first and last, out of all versions of the schedule.

Pure (◆). Flags, register lines and the schedule on a project's page ask here, so that all mean the
same days. An approved version goes before one that was only registered.
"""

from typing import Any, Final

from portfolio.schedule.policy_text import Policy

State = dict[str, Any]

OBJECTIVE: Final = ("operation", "completion")
"""The milestones that complete a phase's objectives, the more telling one first."""


def approved_versions(state: State, policy: Policy) -> frozenset[int]:
    """The numbers of the schedule versions that stand in an approving paper."""
    return frozenset(
        one["number"] for one in state.get("schedules", ()) if one["kind"] in policy.approved_kinds
    )


def first_target(milestone: State, approved: frozenset[int]) -> State | None:
    """The target that the first approved version set; of the first version when none is approved."""
    targets: list[State] = milestone.get("targets", [])
    return next(
        (one for one in targets if one["version"] in approved), targets[0] if targets else None
    )


def latest_target(milestone: State, approved: frozenset[int]) -> State | None:
    """The target that the latest approved version set; of the last version when none is approved."""
    targets: list[State] = milestone.get("targets", [])
    return next(
        (one for one in reversed(targets) if one["version"] in approved),
        targets[-1] if targets else None,
    )


def objective(phase: State) -> State | None:
    """The milestone that completes a phase's objectives, where it has one."""
    by_kind: dict[str, State] = {one["kind"]: one for one in phase["milestones"]}
    return next((by_kind[kind] for kind in OBJECTIVE if kind in by_kind), None)


def completed_on(phase: State) -> str | None:
    """The day on which a phase's objectives were completed: as recorded, or when that milestone was met."""
    recorded: str | None = phase.get("completed_on")
    return recorded or (objective(phase) or {}).get("met_on")
