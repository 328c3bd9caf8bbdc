"""Sums and comparisons of a catalogue: plain arithmetic on offers.

A sum always travels with the number of offers that state a figure; the rest are counted as
lacking one, never as zero.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portfolio.catalogue.offer import Group, Offer, Prose

FEWEST_TO_COMPARE = 4
"""With fewer figures than this a comparison says nothing."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many offers, and what those that state a figure add up to (dong, hectares)."""

    count: int
    capital: Decimal
    with_capital: int
    hectares: Decimal
    with_area: int

    @property
    def without_capital(self) -> int:
        """Offers that state no capital that can be added up in dong."""
        return self.count - self.with_capital

    @property
    def without_area(self) -> int:
        """Offers that state no area."""
        return self.count - self.with_area


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: a group, its totals, and its length from 0 to 1."""

    name: Prose | None
    totals: Totals
    share: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one offer stands among its peers on a logarithmic line from 0 to 1."""

    own: float
    others: tuple[float, ...]
    lowest: Decimal
    highest: Decimal
    rank: int
    count: int


def capital_of(offer: Offer) -> Decimal | None:
    """The capital in dong that can be added up and compared, if there is one."""
    return offer.capital.in_dong if offer.capital else None


def hectares_of(offer: Offer) -> Decimal | None:
    """The area in hectares, if it is known."""
    return offer.land.hectares if offer.land else None


def add_up(offers: Iterable[Offer]) -> Totals:
    """The totals of ``offers``."""
    offers = list(offers)
    capitals = [value for value in map(capital_of, offers) if value is not None]
    areas = [value for value in map(hectares_of, offers) if value is not None]
    return Totals(
        len(offers), sum(capitals, Decimal()), len(capitals), sum(areas, Decimal()), len(areas)
    )


def in_groups(
    offers: Iterable[Offer],
    group_of: Callable[[Offer], Group | None],
    sort_key: Callable[[str], object],
) -> list[tuple[Group | None, list[Offer]]]:
    """The offers by group, groups by rank and name; those without a group come last."""
    found: dict[str | None, tuple[Group | None, list[Offer]]] = {}
    for offer in offers:
        group = group_of(offer)
        found.setdefault(group.key if group else None, (group, []))[1].append(offer)

    def order(item: tuple[Group | None, list[Offer]]) -> tuple[object, ...]:
        group = item[0]
        return (0, group.rank, sort_key(group.name.text)) if group else (1,)

    return sorted(found.values(), key=order)


def bars(groups: Iterable[tuple[Group | None, Sequence[Offer]]]) -> list[Bar]:
    """One bar a group, as long as its number of offers against the largest group."""
    summed = [(group, add_up(offers)) for group, offers in groups]
    longest = max((totals.count for _, totals in summed), default=1)
    return [
        Bar(group.name if group else None, totals, totals.count / longest)
        for group, totals in summed
    ]


def stand_among(
    offer: Offer, peers: Iterable[Offer], figure_of: Callable[[Offer], Decimal | None]
) -> Standing | None:
    """Where ``offer`` stands among ``peers`` (itself included) by a figure above zero.

    ``None`` when it has no figure, when fewer than four peers have one, or when all are equal.
    """
    own = figure_of(offer)
    others = [f for peer in peers if peer.code != offer.code and (f := figure_of(peer))]
    if not own or len(others) + 1 < FEWEST_TO_COMPARE:
        return None
    lowest, highest = min(own, *others), max(own, *others)
    if lowest == highest:
        return None
    width = math.log(highest / lowest)

    def along(value: Decimal) -> float:
        return round(math.log(value / lowest) / width, 4)

    return Standing(
        along(own),
        tuple(along(value) for value in sorted(others)),
        lowest,
        highest,
        1 + sum(value > own for value in others),
        len(others) + 1,
    )


def capital_shares(offers: Sequence[Offer]) -> dict[str, float]:
    """For each code with a capital, its share of the largest capital among ``offers``."""
    known = {offer.code: value for offer in offers if (value := capital_of(offer))}
    largest = max(known.values(), default=Decimal(1))
    return {code: float(value / largest) for code, value in known.items()}
