"""Parcels of land: handover, use, extension, recovery."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.days import show_day
from portfolio.office.trail import Origin, record
from portfolio.register.acts.capital import refuse_without_reason
from portfolio.register.acts.projects import refuse_unless_may_change
from portfolio.register.land import IntervalKind, Parcel, ParcelInterval
from portfolio.register.law import law_of_delay
from portfolio.register.papers import ActKind
from portfolio.register.project import Project
from portfolio.web.errors import Refusal
from portfolio.web.languages import language


@dataclass(frozen=True)
class Interval:
    """Days that are special for a parcel; both ends count, an open one still runs."""

    kind: IntervalKind
    since: date
    until: date | None = None
    paper: str | None = None


@dataclass(kw_only=True)
class ParcelFacts:
    """A parcel as it is entered."""

    name: str
    area_ha: Decimal | None = None
    handed_over_on: date | None = None
    first_used_on: date | None = None
    schedule_end: date | None = None
    extension_decision: str | None = None
    extension_from: date | None = None
    extension_to: date | None = None
    extension_amount_due: Decimal | None = None
    extension_amount_paid: Decimal | None = None
    recovered_on: date | None = None
    recovery_ground: str | None = None
    recovery_act_id: int | None = None
    source: str | None = None
    intervals: list[Interval] = field(default_factory=list)


def add_parcel(session: Session, project: Project, facts: ParcelFacts, origin: Origin) -> Parcel:
    """A further parcel with its own clock."""
    refuse_unless_may_change(session, origin.by, project)
    parcel = Parcel()
    _put(session, project, parcel, facts)
    project.parcels.append(parcel)
    record(session, project, "add_parcel", origin)
    return parcel


def correct_parcel(
    session: Session, project: Project, parcel: Parcel, facts: ParcelFacts, origin: Origin
) -> None:
    """Correct or complete a parcel: handover, use, interruption, extension, recovery."""
    refuse_unless_may_change(session, origin.by, project)
    if parcel.extension_from and facts.extension_from not in {None, parcel.extension_from}:
        refuse_without_reason(origin)
    _put(session, project, parcel, facts)
    record(session, project, "correct_parcel", origin)


def remove_parcel(session: Session, project: Project, parcel: Parcel, origin: Origin) -> None:
    """Take out a parcel entered by mistake."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    project.parcels.remove(parcel)
    record(session, project, "remove_parcel", origin)


def _put(session: Session, project: Project, parcel: Parcel, facts: ParcelFacts) -> None:
    _refuse_unfit(session, project, facts)
    for name, value in vars(facts).items():
        if name != "intervals":
            setattr(parcel, name, value)
    kept = {(one.kind, one.since, one.until, one.paper): one for one in parcel.intervals}
    parcel.intervals = [
        kept.get((one.kind, one.since, one.until, one.paper)) or ParcelInterval(**vars(one))
        for one in facts.intervals
    ]


def _refuse_unfit(session: Session, project: Project, facts: ParcelFacts) -> None:
    if facts.area_ha is not None and facts.area_ha <= 0:
        raise Refusal(N_("An area is larger than nothing."), field="area_ha")
    if facts.first_used_on and facts.handed_over_on and facts.first_used_on < facts.handed_over_on:
        raise Refusal(N_("Use cannot begin before the handover."), field="first_used_on")
    _refuse_unfit_extension(session, facts)
    if facts.recovered_on is not None:
        recovery = next((act for act in project.acts if act.id == facts.recovery_act_id), None)
        if recovery is None or recovery.kind is not ActKind.LAND_RECOVERY:
            raise Refusal(
                N_("Land is recovered by its decision: record that paper, then choose it here."),
                field="recovery_act_id",
            )
    for one in facts.intervals:
        if one.until and one.until < one.since:
            raise Refusal(N_("The end lies before the start."), field="intervals")


def _refuse_unfit_extension(session: Session, facts: ParcelFacts) -> None:
    if (facts.extension_from is None) != (facts.extension_to is None):
        raise Refusal(N_("An extension has a first and a last day."), field="extension_to")
    if facts.extension_from is None or facts.extension_to is None:
        return
    if not facts.extension_decision:
        raise Refusal(N_("An extension needs its decision."), field="extension_decision")
    if facts.extension_to < facts.extension_from:
        raise Refusal(N_("The end lies before the start."), field="extension_to")
    longest = law_of_delay().longest_extension(session, facts.extension_from)
    if longest is not None and facts.extension_to > longest.last:
        raise Refusal(
            N_(
                "An extension lasts at most %(months)s months (%(article)s): to %(last)s at the latest."
            ),
            field="extension_to",
            months=longest.months,
            article=longest.en if language() == "en" else longest.vi,
            last=show_day(longest.last),
        )
