"""The facts document: what the law of delay needs to know of one project, and nothing else.

`read_facts` takes a parsed document (JSON objects, lists, texts, numbers) of the shape shown in
`docs/delay.md`. Every key but `id` may be left out or null. An unknown key, a wrong type, a day that
does not exist or an end before its start is refused with the path of the value: nothing is guessed.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar

from portfolio.schedule.documents import (
    FIRST_YEAR,
    LAST_YEAR,
    BadDocument,
    day,
    fields,
    keys,
    one_of,
    ordered,
    record,
    records,
    required,
    shown,
    text,
    whole,
    yes_or_no,
)
from portfolio.schedule.known import (
    Deposit,
    Event,
    Facts,
    Mark,
    Milestone,
    Paper,
    Parcel,
    Phase,
    Report,
    Schedule,
    Span,
    Suspension,
)
from portfolio.schedule.terms import last_day_of_month

LISTINGS: Final = keys("solicited registered licensed closed")
STAGES: Final = keys(
    "calling interested surveying preparing implementing built_idle operating suspended"
    " terminated revoked withdrawn"
)
SCHEDULE_KINDS: Final = keys("ipa irc adjusted registered")
PAUSE_STATUSES: Final = keys("claimed accepted rejected")
VERDICTS: Final = keys("confirms disputes adds")
SUSPENDERS: Final = keys("investor authority court")
SIGNS: Final = keys(
    "report_accepted milestone_met milestone_reviewed land_act disbursement inspection_progress"
)
REPORT_PERIODS: Final = {
    "Q": re.compile(r"(?P<year>\d{4})-Q(?P<number>[1-4])"),
    "Y": re.compile(r"(?P<year>\d{4})"),
    "M6": re.compile(r"(?P<year>\d{4})(?:-H1)?"),
    "MY": re.compile(r"(?P<year>\d{4})"),
}

REPORT_KINDS: Final = frozenset(REPORT_PERIODS)
LARGEST_AREA: Final = 35_000_000
"""Hectares: a little more than the whole country."""

_FACTS = keys(
    "id name listing stage has_ipa special_mechanism pending_adjustment no_adjustment_right"
    " first_approved_on operating_end phases pauses land deposit suspension site_lost_on"
    " relocation_filed_on stopped_on contact_attempts enterprise_dissolved_on transferred_on"
    " sham_finding judgment reports signs_of_life marks"
)
_PHASE = keys("id completed_on schedules milestones")
_SCHEDULE = keys("version approved_on kind end")
_MILESTONE = keys("kind planned approved_on met_on")
_PAUSE = keys("cause from to status paper")
_SPAN = keys("from to cause paper")
_EXTENSION = keys("from to decision")
_PARCEL = keys(
    "id area_ha handed_over_on first_used_on interruptions schedule_end force_majeure extension"
    " recovered_on recovery_ground"
)
_DEPOSIT = keys("required exemption due_on paid_on guarantee_expires_on")
_SUSPENSION = keys("by from to inability_recorded_on")
_ATTEMPT = keys("on channel reached")
_SIGN = keys("on kind")
_REPORT = keys("kind period received_on")
_MARK = keys("id on verdict severity cause")
_PAPER = keys("on paper")


def read_facts(raw: object) -> Facts:
    """The facts of one project.

    Raises BadDocument with the path of the first value that cannot be taken as it stands.
    """
    raw = fields(raw, _FACTS)
    required(raw, "id")
    first_approved_on = day(raw, "first_approved_on")
    operating_end = day(raw, "operating_end")
    ordered("operating_end", first_approved_on, operating_end, "first_approved_on")
    return Facts(
        id=text(raw, "id") or "",
        name=text(raw, "name"),
        listing=one_of(raw, "listing", LISTINGS),
        stage=one_of(raw, "stage", STAGES),
        has_ipa=yes_or_no(raw, "has_ipa"),
        special_mechanism=_paper(raw, "special_mechanism"),
        pending_adjustment=yes_or_no(raw, "pending_adjustment"),
        no_adjustment_right=yes_or_no(raw, "no_adjustment_right"),
        first_approved_on=first_approved_on,
        operating_end=operating_end,
        phases=_named_apart(records(raw, "phases", _phase)),
        pauses=records(raw, "pauses", _pause),
        land=_named_apart(records(raw, "land", _parcel)),
        deposit=record(raw, "deposit", _deposit) or Deposit(),
        suspension=record(raw, "suspension", _suspension) or Suspension(),
        site_lost_on=day(raw, "site_lost_on"),
        relocation_filed_on=day(raw, "relocation_filed_on"),
        stopped_on=day(raw, "stopped_on"),
        contact_attempts=records(raw, "contact_attempts", _attempt),
        enterprise_dissolved_on=day(raw, "enterprise_dissolved_on"),
        transferred_on=day(raw, "transferred_on"),
        sham_finding=_paper(raw, "sham_finding"),
        judgment=_paper(raw, "judgment"),
        reports=_each_once(records(raw, "reports", _report)),
        signs_of_life=records(raw, "signs_of_life", _sign),
        marks=_named_apart(records(raw, "marks", _mark)),
    )


def _place(at: str) -> str:
    """What a record without a name goes by: its place in the list, from 1."""
    return str(int(at[at.index("[") + 1 : -1]) + 1)


_Named = TypeVar("_Named", Phase, Parcel, Mark)


def _named_apart(found: tuple[_Named, ...]) -> tuple[_Named, ...]:
    """A name that two records bear would let one hide the other."""
    seen: set[str] = set()
    for one in found:
        if one.id in seen:
            raise BadDocument(path=f"{one.at}.id", problem=f"{shown(one.id)} is given twice")
        seen.add(one.id)
    return found


def _phase(raw: object, at: str) -> Phase:
    raw = fields(raw, _PHASE)
    completed_on = day(raw, "completed_on")
    schedules = records(raw, "schedules", _schedule)
    for one in schedules:
        # A later paper may restate a phase that was already completed; it cannot promise the past.
        if completed_on is None or (one.approved_on is not None and completed_on > one.approved_on):
            ordered(f"{one.at}.end", one.approved_on, one.end, "approved_on")
    milestones = records(raw, "milestones", _milestone)
    return Phase(
        at=at,
        id=text(raw, "id") or _place(at),
        completed_on=completed_on,
        schedules=_in_order(schedules) if len(schedules) > 1 else schedules,
        milestones=_numbered(milestones) if len(milestones) > 1 else milestones,
    )


def _in_order(schedules: tuple[Schedule, ...]) -> tuple[Schedule, ...]:
    seen: set[int] = set()
    for one in schedules:
        if one.version is not None and one.version in seen:
            raise BadDocument(path=f"{one.at}.version", problem=f"{one.version} is given twice")
        if one.version is not None:
            seen.add(one.version)
    return tuple(sorted(schedules, key=lambda one: (one.version or 0, one.approved_on or date.min)))


def _numbered(milestones: tuple[Milestone, ...]) -> tuple[Milestone, ...]:
    count: dict[str, int] = {}
    named: list[Milestone] = []
    for one in milestones:
        count[one.name] = count.get(one.name, 0) + 1
        number = count[one.name]
        name = one.name if number == 1 else f"{one.name}#{number}"
        named.append(one if number == 1 else one._replace(name=name))
    return tuple(named)


def _schedule(raw: object, at: str) -> Schedule:
    raw = fields(raw, _SCHEDULE)
    return Schedule(
        at=at,
        version=whole(raw, "version", least=1),
        approved_on=day(raw, "approved_on"),
        kind=one_of(raw, "kind", SCHEDULE_KINDS),
        end=day(raw, "end"),
    )


def _milestone(raw: object, at: str) -> Milestone:
    raw = fields(raw, _MILESTONE)
    kind = text(raw, "kind")
    return Milestone(
        at=at,
        name=kind or _place(at),
        kind=kind,
        planned=day(raw, "planned"),
        met_on=day(raw, "met_on"),
        approved_on=day(raw, "approved_on"),
    )


def _days(raw: dict[str, Any]) -> tuple[date, date | None]:
    required(raw, "from")
    begins, ends = day(raw, "from"), day(raw, "to")
    ordered("to", begins, ends, "from")
    if begins is None:
        raise BadDocument(path="from", problem="must be given")
    return begins, ends


def _pause(raw: object, at: str) -> Span:
    raw = fields(raw, _PAUSE)
    begins, ends = _days(raw)
    status = one_of(raw, "status", PAUSE_STATUSES)
    return Span(at, begins, ends, text(raw, "cause"), status, text(raw, "paper"))


def _span(raw: object, at: str) -> Span:
    raw = fields(raw, _SPAN)
    begins, ends = _days(raw)
    return Span(at, begins, ends, text(raw, "cause"), paper=text(raw, "paper"))


def _extension(raw: object, at: str) -> Span:
    raw = fields(raw, _EXTENSION)
    begins, ends = _days(raw)
    return Span(at, begins, ends, paper=text(raw, "decision"))


def _parcel(raw: object, at: str) -> Parcel:
    raw = fields(raw, _PARCEL)
    handed_over_on = day(raw, "handed_over_on")
    parcel = Parcel(
        at=at,
        id=text(raw, "id") or _place(at),
        handed_over_on=handed_over_on,
        first_used_on=day(raw, "first_used_on"),
        interruptions=records(raw, "interruptions", _span),
        schedule_end=day(raw, "schedule_end"),
        force_majeure=records(raw, "force_majeure", _span),
        extension=record(raw, "extension", _extension),
        recovered_on=day(raw, "recovered_on"),
        recovery_ground=text(raw, "recovery_ground"),
        area_ha=_area(raw, "area_ha"),
    )
    for key, end in (
        ("first_used_on", parcel.first_used_on),
        ("recovered_on", parcel.recovered_on),
    ):
        ordered(key, handed_over_on, end, "handed_over_on")
    return parcel


def _area(raw: dict[str, Any], key: str) -> Decimal | None:
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise BadDocument(key, "must be a number of hectares")
    try:
        area = Decimal(value) if isinstance(value, int) else Decimal(str(value))
    except InvalidOperation:
        raise BadDocument(key, f"{shown(value)} is not a number of hectares") from None
    if not area.is_finite() or not 0 <= area <= LARGEST_AREA:
        raise BadDocument(key, f"{shown(value)} is not an area")
    return area


def _deposit(raw: object, _at: str) -> Deposit:
    raw = fields(raw, _DEPOSIT)
    return Deposit(
        required=yes_or_no(raw, "required"),
        exemption=text(raw, "exemption"),
        due_on=day(raw, "due_on"),
        paid_on=day(raw, "paid_on"),
        guarantee_expires_on=day(raw, "guarantee_expires_on"),
    )


def _suspension(raw: object, _at: str) -> Suspension:
    raw = fields(raw, _SUSPENSION)
    begins, ends = day(raw, "from"), day(raw, "to")
    if ends is not None:
        required(raw, "from")
    ordered("to", begins, ends, "from")
    inability_recorded_on = day(raw, "inability_recorded_on")
    ordered("inability_recorded_on", begins, inability_recorded_on, "from")
    return Suspension(one_of(raw, "by", SUSPENDERS), begins, ends, inability_recorded_on)


def _paper(raw: dict[str, Any], key: str) -> Paper | None:
    value = raw.get(key)
    if isinstance(value, dict):
        return record(raw, key, _dated_paper)
    words = text(raw, key)
    return None if words is None else Paper(words)


def _dated_paper(raw: object, _at: str) -> Paper:
    raw = fields(raw, _PAPER)
    required(raw, "paper")
    return Paper(text(raw, "paper") or "", day(raw, "on"))


def _dated(raw: dict[str, Any]) -> date:
    on = day(raw, "on")
    if on is None:
        raise BadDocument(path="on", problem="must be given")
    return on


def _attempt(raw: object, at: str) -> Event:
    raw = fields(raw, _ATTEMPT)
    return Event(at, _dated(raw), text(raw, "channel"), yes_or_no(raw, "reached"))


def _sign(raw: object, at: str) -> Event:
    raw = fields(raw, _SIGN)
    return Event(at, _dated(raw), text(raw, "kind"))


class Period(NamedTuple):
    """A period of a report: its last day, and its place in the row of periods of its kind."""

    ends: date
    ordinal: int


@lru_cache(maxsize=1024)
def period_of(kind: str, written: str) -> Period | None:
    """The period that a report of this kind names: `2026-Q3`, `2026`, or `2026-H1`; None if none."""
    match = REPORT_PERIODS[kind].fullmatch(written)
    if match is None or not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
        return None
    year, quarter = int(match["year"]), int(match.groupdict().get("number") or 1)
    per_year, last_month = {"Q": (4, quarter * 3), "M6": (1, 6)}.get(kind, (1, 12))
    return Period(last_day_of_month(year, last_month), year * per_year + quarter - 1)


def _report(raw: object, at: str) -> Report:
    raw = fields(raw, _REPORT)
    required(raw, "kind", "period")
    kind = one_of(raw, "kind", REPORT_KINDS) or ""
    written = text(raw, "period") or ""
    period = period_of(kind, written)
    if period is None:
        problem = f"{shown(written)} is not a period of a report of kind {kind}"
        raise BadDocument(path="period", problem=problem)
    return Report(at, kind, written, period.ends, period.ordinal, day(raw, "received_on"))


def _each_once(reports: tuple[Report, ...]) -> tuple[Report, ...]:
    """A report given twice would have come and not come; the path leads to the second."""
    seen: set[tuple[str, int]] = set()
    for one in reports:
        if (one.kind, one.ordinal) in seen:
            problem = f"a report of kind {one.kind} for {one.period} is given twice"
            raise BadDocument(path=f"{one.at}.period", problem=problem)
        seen.add((one.kind, one.ordinal))
    return reports


def _mark(raw: object, at: str) -> Mark:
    raw = fields(raw, _MARK)
    required(raw, "verdict")
    verdict = one_of(raw, "verdict", VERDICTS) or ""
    return Mark(
        at=at,
        id=text(raw, "id") or _place(at),
        on=_dated(raw),
        verdict=verdict,
        severity=text(raw, "severity"),
        cause=text(raw, "cause"),
    )
