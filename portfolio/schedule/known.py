"""What is known of a project: the frozen values that a facts document is read into.

`at` is the place of a record in the document, such as `phases[0]` or `land[2]`, for the sources of
a sum. What is None is not known.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Schedule(NamedTuple):
    """One version of a phase's schedule, as a paper fixed it."""

    at: str
    version: int | None
    approved_on: date | None
    kind: str | None
    end: date | None


class Milestone(NamedTuple):
    """A dated promise of a phase; `name` is its kind, numbered when the kind occurs again.

    `approved_on` is the day of the paper that planned it, where that is not the phase's schedule.
    """

    at: str
    name: str
    kind: str | None
    planned: date | None
    met_on: date | None
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the project with a schedule of its own; `schedules` are in order of version."""

    at: str
    id: str
    completed_on: date | None
    schedules: tuple[Schedule, ...]
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `begins` to `ends`, both included; without an end it still runs."""

    at: str
    begins: date
    ends: date | None
    cause: str | None = None
    status: str | None = None
    paper: str | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """One batch of land with a clock of its own."""

    at: str
    id: str
    handed_over_on: date | None
    first_used_on: date | None
    interruptions: tuple[Span, ...]
    schedule_end: date | None
    force_majeure: tuple[Span, ...]
    extension: Span | None
    recovered_on: date | None
    recovery_ground: str | None
    area_ha: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Deposit:
    """The security for carrying the project out."""

    required: bool | None = None
    exemption: str | None = None
    due_on: date | None = None
    paid_on: date | None = None
    guarantee_expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """A stop of the project, by whom, and whether it was found that it cannot be remedied."""

    by: str | None = None
    begins: date | None = None
    ends: date | None = None
    inability_recorded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A recorded paper: its words, and its day where that is known."""

    text: str
    on: date | None = None


class Event(NamedTuple):
    """Something that happened on a day: a sign of life, or an attempt to reach the investor."""

    at: str
    on: date
    kind: str | None = None
    reached: bool | None = None


class Report(NamedTuple):
    """A report owed for a period: its last day, its place in the row of periods, and receipt."""

    at: str
    kind: str
    period: str
    period_ends: date
    ordinal: int
    received_on: date | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What an officer said of a delay."""

    at: str
    id: str
    on: date
    verdict: str
    severity: str | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """One project as the rules see it. What is None is not known."""

    id: str
    name: str | None = None
    listing: str | None = None
    stage: str | None = None
    has_ipa: bool | None = None
    special_mechanism: Paper | None = None
    pending_adjustment: bool | None = None
    no_adjustment_right: bool | None = None
    first_approved_on: date | None = None
    operating_end: date | None = None
    phases: tuple[Phase, ...] = ()
    pauses: tuple[Span, ...] = ()
    land: tuple[Parcel, ...] = ()
    deposit: Deposit = field(default_factory=Deposit)
    suspension: Suspension = field(default_factory=Suspension)
    site_lost_on: date | None = None
    relocation_filed_on: date | None = None
    stopped_on: date | None = None
    contact_attempts: tuple[Event, ...] = ()
    enterprise_dissolved_on: date | None = None
    transferred_on: date | None = None
    sham_finding: Paper | None = None
    judgment: Paper | None = None
    reports: tuple[Report, ...] = ()
    signs_of_life: tuple[Event, ...] = ()
    marks: tuple[Mark, ...] = ()
