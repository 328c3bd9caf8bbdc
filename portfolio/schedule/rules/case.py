"""One project on one day: what several rules ask, worked out once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from portfolio.schedule.known import Facts, Milestone, Phase, Report, Schedule, Span
from portfolio.schedule.pauses import Interval, Shifted, as_of, eff_end
from portfolio.schedule.policy_text import Policy, Rule
from portfolio.schedule.rules.clock import Day
from portfolio.schedule.rules.finding import Finding, Step
from portfolio.schedule.rules.parcels import Idle, idle_parcels

CLOSED_STAGES: Final = frozenset({"terminated", "revoked", "withdrawn"})
UNBOUND_LISTINGS: Final = frozenset({"solicited", "registered"})


@dataclass(frozen=True, slots=True)
class Promise:
    """A phase as of the day: its schedule in force, and that schedule's end moved by pauses."""

    phase: Phase
    completed: bool
    schedule: Schedule | None
    approved: bool
    end: Shifted | None

    @property
    def scope(self) -> str:
        """The phase as a scope of findings."""
        return f"phase:{self.phase.id}"

    def source(self, at: str) -> str:
        """The path of a record of this phase in the facts document."""
        return f"{self.phase.at}.{at}"


class Case:
    """A project's facts under a policy on a day."""

    def __init__(self, facts: Facts, policy: Policy, day: Day) -> None:
        self.facts = facts
        self.policy = policy
        self.day = day
        self.accepted = tuple(span for span in facts.pauses if _stops_clock(span, policy))
        self.pauses = day.intervals(self.accepted) if self.accepted else ()
        self.promises = tuple(self._promise(phase) for phase in facts.phases)
        self.done = self._is_done()
        # A schedule without an approval binds nobody before the project is licensed.
        self.bound = facts.listing not in UNBOUND_LISTINGS
        self.has_phases = len(facts.phases) > 1
        self.has_parcels = len(facts.land) > 1
        self.dated = any(p.schedule is not None for p in self.promises) or any(
            milestone.planned is not None
            for phase in facts.phases
            for milestone in phase.milestones
        )

    def _is_done(self) -> bool:
        """Whether every phase is completed.

        A project that operates and has no phases, or a single one whose completion nobody entered,
        is done as well: its life stage says what is physically true.
        """
        if self.promises and all(promise.completed for promise in self.promises):
            return True
        return self.facts.stage == "operating" and len(self.promises) <= 1

    @property
    def closed(self) -> bool:
        """Whether it has ended by a legal act: then nothing is asked of it any more."""
        return self.facts.listing == "closed" or self.facts.stage in CLOSED_STAGES

    @property
    def licensed(self) -> bool:
        """Whether it is approved: by its listing or, when that is not given, by an approval.

        Before the day of its first approval it was not yet, whatever its listing is now.
        """
        if self.facts.listing not in {None, "licensed"}:
            return False
        if self.first_approval is None:
            return self.facts.listing == "licensed"
        return self.day.reached(self.first_approval)

    @cached_property
    def first_approval(self) -> date | None:
        """The day of the first approval, from the record or from the earliest approved schedule."""
        if self.facts.first_approved_on is not None:
            return self.facts.first_approved_on
        days = [
            schedule.approved_on
            for phase in self.facts.phases
            for schedule in phase.schedules
            if schedule.approved_on is not None and self.is_approved(schedule)
        ]
        return min(days, default=None)

    @cached_property
    def reports(self) -> dict[str, list[Report]]:
        """The reports owed, by kind."""
        found: dict[str, list[Report]] = {}
        for report in self.facts.reports:
            found.setdefault(report.kind, []).append(report)
        return found

    @cached_property
    def idle_parcels(self) -> tuple[Idle, ...]:
        """The parcels that lie idle on the day.

        A project that is done uses its land. Where nobody entered the first use of any parcel, that
        is a gap in the records; where somebody did, the other parcels are believed to be idle.
        """
        land = self.facts.land
        if self.done and not any(one.first_used_on or one.interruptions for one in land):
            return ()
        return idle_parcels(land, self.day)

    @property
    def recovered(self) -> bool:
        """Whether land of the project was recovered: then the land route is taken."""
        return any(self.day.reached(parcel.recovered_on) for parcel in self.facts.land)

    def is_approved(self, schedule: Schedule) -> bool:
        """Whether a schedule stands in an approving paper; without a kind its day of approval tells."""
        if schedule.kind is None:
            return schedule.approved_on is not None
        return schedule.kind in self.policy.approved_kinds

    def _promise(self, phase: Phase) -> Promise:
        completed = phase.completed_on is not None and self.day.reached(phase.completed_on)
        in_force = [
            schedule
            for schedule in phase.schedules
            if schedule.end is not None
            and (schedule.approved_on is None or self.day.reached(schedule.approved_on))
        ]
        approved = [schedule for schedule in in_force if self.is_approved(schedule)]
        latest = approved[-1] if approved else (in_force[-1] if in_force else None)
        end = None
        if latest is not None and latest.end is not None:
            completed_on = phase.completed_on if completed else None
            end = eff_end(latest.end, self.pauses, latest.approved_on, completed_on)
        return Promise(phase, completed, latest, bool(approved), end)

    def milestone_end(self, promise: Promise, milestone: Milestone) -> Shifted | None:
        """The planned day of a milestone that is not met, moved by pauses since it was approved."""
        if milestone.planned is None or self.day.reached(milestone.met_on):
            return None
        started_on = milestone.approved_on
        if started_on is None and promise.schedule is not None:
            started_on = promise.schedule.approved_on
        return eff_end(milestone.planned, self.pauses, started_on)

    def pause_sources(self) -> Iterator[tuple[Interval, str]]:
        """Each accepted pause with its path and paper."""
        return sources_of(self.accepted, self.day.on)

    def findings(  # noqa: PLR0913  a finding has that many sides
        self,
        rule: Rule,
        scope: str,
        since: date | None,
        deadline: date | None,
        tell: Callable[[], Iterable[Step]],
        *,
        severity: str | None = None,
        opinions: tuple[str, ...] = (),
        held_by: tuple[str, ...] = (),
        names_scope: bool = False,
    ) -> tuple[Finding, ...]:
        """The finding, unless the rule is not yet in force on the day: then there is none."""
        basis = self.day.article(rule)
        if basis is None:
            return ()
        begins = rule.begins
        if begins is not None and since is not None and since < begins:
            tell, since = _from_a_law_on(tell, begins), begins
        if basis.needs_legal_opinion:
            opinions = (*opinions, "article_unread")
        return (
            Finding(
                rule.id,
                severity or rule.severity,
                scope,
                since,
                deadline,
                basis,
                self.policy.version,
                tell,
                opinions,
                held_by,
                names_scope,
            ),
        )


def _from_a_law_on(
    tell: Callable[[], Iterable[Step]], begins: date
) -> Callable[[], Iterable[Step]]:
    """The same steps, and that the condition counts only from the day its law came into force."""
    return lambda: (*tell(), Step("in_force_from", begins))


def _stops_clock(span: Span, policy: Policy) -> bool:
    """Whether a pause moves investment clocks: accepted, and not for a cause kept for statistics.

    A pause that was accepted without a cause on record moves them: an officer did accept it.
    """
    return span.status == "accepted" and (span.cause is None or span.cause in policy.pausing_causes)


def sources_of(spans: Iterable[Span], on: date) -> Iterator[tuple[Interval, str]]:
    """The days of each span with its path and, where it has one, its paper."""
    for span in spans:
        days = as_of(span.begins, span.ends, on)
        if days is not None:
            yield days, f"{span.at} ({span.paper})" if span.paper else span.at
