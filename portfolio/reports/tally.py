"""The portfolio counted: five classes that add up, lateness twice, slippage, causes, idle land and capital.

Pure (◆): standings in, tallies out. Only licensed projects are counted, because only they have promised
anything. Lateness counts started months (`portfolio.schedule.lateness`) and serves reports; it is never a
legal term.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from portfolio.schedule.lateness import band_of, months_late
from portfolio.schedule.policy_text import Band

CLASSES = ("on_time", "late", "silent", "undated", "done")
"""Every licensed project is in exactly one of these."""

EPOCH = date(2000, 1, 1).toordinal()
MONTHS_A_DAY = Decimal(12) / Decimal("365.25")


class Standing(NamedTuple):
    """One licensed project as statistics see it; capital in đồng, land in hectares."""

    id: int
    code: str
    name: str
    zone_id: int | None
    sector_id: int | None
    unit_id: int | None
    capital: Decimal | None
    realised: Decimal | None
    state: str
    to_review: bool
    first_on: date | None
    latest_on: date | None
    expected_on: date | None
    done_on: date | None
    idle_ha: Decimal | None
    idle_weight: Decimal | None
    causes: tuple[str, ...]


@dataclass
class Against:
    """Lateness against one set of targets: each project is in one of the four classes."""

    on_time: int = 0
    late: int = 0
    undated: int = 0
    done: int = 0
    done_late: int = 0
    late_capital: Decimal = Decimal(0)
    months: int = 0
    bands: Counter[str] = field(default_factory=Counter)

    def count(self, one: Standing, target: date | None, on: date, bands: Sequence[Band]) -> None:
        """Put a project into its class; ``done_late`` is a part of ``done``."""
        if one.state == "done":
            self.done += 1
            kept = target is None or one.done_on is None or one.done_on <= target
            self.done_late += not kept
        elif one.state == "undated":
            self.undated += 1
        elif target is None or on <= target:
            self.on_time += 1
        else:
            months = months_late(target, on)
            self.late += 1
            self.months += months
            self.late_capital += one.capital or 0
            self.bands[band_of(months, bands) or ""] += 1

    @property
    def mean_months(self) -> Decimal | None:
        """The mean of those that are late and not done; None if there is none."""
        return Decimal(self.months) / self.late if self.late else None


@dataclass
class Tally:
    """Some projects, counted."""

    projects: int = 0
    capital: Decimal = Decimal(0)
    without_capital: int = 0
    realised: Decimal = Decimal(0)
    classes: Counter[str] = field(default_factory=Counter)
    class_capital: dict[str, Decimal] = field(
        default_factory=lambda: dict.fromkeys(CLASSES, Decimal(0))
    )
    to_review: int = 0
    first: Against = field(default_factory=Against)
    latest: Against = field(default_factory=Against)
    slipped: int = 0
    idle_ha: Decimal = Decimal(0)
    idle_months: Decimal = Decimal(0)
    idle_projects: int = 0
    idle_capital: Decimal = Decimal(0)

    def count(self, one: Standing, on: date, bands: Sequence[Band], *, slipped: bool) -> None:
        """Add one project."""
        self.projects += 1
        self.capital += one.capital or 0
        self.without_capital += one.capital is None
        self.realised += one.realised or 0
        self.classes[one.state] += 1
        self.class_capital[one.state] += one.capital or 0
        self.to_review += one.to_review
        self.first.count(one, one.first_on, on, bands)
        self.latest.count(one, one.latest_on, on, bands)
        self.slipped += slipped
        if one.idle_ha:
            days = on.toordinal() - EPOCH
            self.idle_projects += 1
            self.idle_ha += one.idle_ha
            self.idle_months += (one.idle_ha * days - (one.idle_weight or 0)) * MONTHS_A_DAY
        if stands_still(one) and one.capital is not None:
            self.idle_capital += max(Decimal(0), one.capital - (one.realised or 0))


def stands_still(one: Standing) -> bool:
    """Whether a project's unrealised capital counts as idle: late, or on the review list."""
    return one.state == "late" or (one.to_review and one.state != "done")


class Slip(NamedTuple):
    """A project whose expected end moved later since the last closed month."""

    code: str
    name: str
    before: date
    after: date

    @property
    def months(self) -> int:
        """By how many started months."""
        return months_late(self.before, self.after)


@dataclass
class Counted:
    """The whole portfolio and its parts; ``causes`` and ``sides`` count late projects.

    A project with causes on two sides stands on both.
    """

    total: Tally = field(default_factory=Tally)
    zones: dict[int | None, Tally] = field(default_factory=lambda: defaultdict(Tally))
    sectors: dict[int | None, Tally] = field(default_factory=lambda: defaultdict(Tally))
    places: list[dict[Any, Tally]] = field(default_factory=list)
    causes: Counter[str] = field(default_factory=Counter)
    sides: Counter[str] = field(default_factory=Counter)
    without_cause: int = 0
    slips: list[Slip] = field(default_factory=list)


def count_portfolio(
    standings: Iterable[Standing],
    on: date,
    bands: Sequence[Band],
    *,
    side_of: Mapping[str, str],
    expected_before: Mapping[int, date | None] | None = None,
    geographies: Sequence[Callable[[int | None], Any]] = (),
) -> Counted:
    """Count all projects on a day.

    ``side_of``: whose side each cause is on. ``expected_before``: when each project's end was expected at the last closing; without it nothing
    has slipped. ``geographies``: each gives the place of a unit in the geography of some date.
    """
    counted = Counted(places=[defaultdict(Tally) for _ in geographies])
    for one in standings:
        slip = _slip(one, (expected_before or {}).get(one.id))
        groups = [
            counted.total,
            counted.zones[one.zone_id],
            counted.sectors[one.sector_id],
            *(
                places[place_of(one.unit_id)]
                for places, place_of in zip(counted.places, geographies, strict=True)
            ),
        ]
        for tally in groups:
            tally.count(one, on, bands, slipped=slip is not None)
        if slip is not None:
            counted.slips.append(slip)
        if one.state == "late":
            counted.causes.update(set(one.causes))
            counted.sides.update({side_of.get(cause, "") for cause in one.causes} - {""})
            counted.without_cause += not one.causes
    counted.slips.sort(key=lambda slip: (slip.before - slip.after, slip.code))
    return counted


def _slip(one: Standing, before: date | None) -> Slip | None:
    after = one.done_on or one.expected_on
    if before is None or after is None or after <= before:
        return None
    return Slip(one.code, one.name, before, after)
