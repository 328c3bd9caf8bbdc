"""Which parcels lie idle on a day, and since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portfolio.schedule.known import Parcel
from portfolio.schedule.pauses import Interval, clip
from portfolio.schedule.rules.clock import Day


@dataclass(frozen=True, slots=True)
class Idle:
    """A parcel that lies idle on the day, since when (None: handover not on record), by which record."""

    parcel: Parcel
    begins: date | None
    source: str
    force_majeure: tuple[Interval, ...]
    interrupted: bool

    @property
    def scope(self) -> str:
        """The parcel as a scope of findings."""
        return f"parcel:{self.parcel.id}"


def idle_parcels(land: Iterable[Parcel], day: Day) -> tuple[Idle, ...]:
    """The parcels that are not recovered and not in use on the day."""
    found = (_idle(parcel, day) for parcel in land if not day.reached(parcel.recovered_on))
    return tuple(idle for idle in found if idle is not None)


def _idle(parcel: Parcel, day: Day) -> Idle | None:
    force_majeure = day.intervals(parcel.force_majeure) if parcel.force_majeure else ()
    if not _was_used(parcel, day):
        if parcel.handed_over_on is not None and not day.reached(parcel.handed_over_on):
            return None
        source = f"{parcel.at}.handed_over_on"
        return Idle(parcel, parcel.handed_over_on, source, force_majeure, interrupted=False)
    for stop in clip(day.intervals(parcel.interruptions), parcel.first_used_on):
        if day.inside(stop.begins, None if stop.open else stop.ends):
            source = f"{parcel.at}.interruptions"
            return Idle(parcel, stop.begins, source, force_majeure, interrupted=True)
    return None


def _was_used(parcel: Parcel, day: Day) -> bool:
    """Whether use has begun; an interruption tells of use even where its first day is not known."""
    if parcel.first_used_on is not None:
        return day.reached(parcel.first_used_on)
    begun = [day.reached(stop.begins) for stop in parcel.interruptions]
    return any(begun)
