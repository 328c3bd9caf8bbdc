"""One sheet: which facts of an offer are shown, in which order, and what keeps it company.

The order never changes: what, where, how big, how much, on what land, with what rights, whom to
call. A comparison with its peers and links to its neighbours are added only where there is room.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portfolio.catalogue.offer import Group, Offer, Place, Prose
from portfolio.catalogue.overview import (
    Standing,
    capital_of,
    hectares_of,
    stand_among,
)
from portfolio.notation import N_

LETTERS_A_LINE = 62
"""Of body text in the main column: for the estimate of length only."""
LINES_A_SHEET = 40
LINES_OF_COMPANY = 16
"""What the comparison and the neighbours take together."""
LONGEST_FIGURE = 14
MOST_NEIGHBOURS = 3
_SHORT_FIGURE = re.compile(r"\d[\d.,]*\s*[^\W\d].*")


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the sheet: its label in English, to be translated, and the words."""

    label: str
    words: Prose


@dataclass(frozen=True, slots=True)
class Spot:
    """Places within one larger unit, named together: ``Xã A, Xã B, huyện C``; and what they were before."""

    words: str
    former: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A standing and what it compares: ``capital`` in dong or ``area`` in hectares."""

    by: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Sheet:
    """An offer as it is laid on the page."""

    offer: Offer
    group: Group | None
    spots: tuple[Spot, ...]
    facts: tuple[Fact, ...]
    scale_as_figure: str
    size: str
    comparison: Comparison | None
    neighbours: tuple[Offer, ...]


def lay_sheet(offer: Offer, chapter: Sequence[Offer], group: Group | None) -> Sheet:
    """The sheet of ``offer`` among the offers of its chapter."""
    figure = _scale_as_figure(offer)
    facts = _facts(offer, scale_is_figure=bool(figure))
    room = LINES_A_SHEET - _lines(offer, facts) >= LINES_OF_COMPANY
    return Sheet(
        offer,
        group,
        _spots(offer),
        facts,
        figure,
        _size(offer.name.text),
        _compare(offer, chapter) if room else None,
        _neighbours(offer, chapter) if room else (),
    )


def _scale_as_figure(offer: Offer) -> str:
    """A scale such as ``20 MW`` is shown big; a sentence, or a bare number, is not."""
    text = offer.scale.text if offer.scale else ""
    return text if len(text) <= LONGEST_FIGURE and _SHORT_FIGURE.fullmatch(text) else ""


def _spots(offer: Offer) -> tuple[Spot, ...]:
    together: dict[str, list[Place]] = {}
    for place in offer.places:
        together.setdefault(place.within, []).append(place)
    return tuple(
        Spot(
            ", ".join([*(place.name for place in places), *([within] if within else [])]),
            "; ".join(place.former for place in places if place.former),
        )
        for within, places in together.items()
    )


def _facts(offer: Offer, *, scale_is_figure: bool) -> tuple[Fact, ...]:
    rows = (
        (N_("Scale"), None if scale_is_figure else offer.scale),
        (N_("Sector"), offer.sector.name if offer.sector else None),
        (N_("Zone"), offer.zone.name if offer.zone else None),
        (N_("Land"), offer.site),
        (N_("Planning"), offer.planning),
        (N_("Form of investment"), offer.form),
        (N_("Term"), offer.term),
        (N_("Infrastructure"), offer.infrastructure),
        (N_("Incentives and support"), offer.incentives),
        (N_("Life stage"), offer.stage),
    )
    return tuple(Fact(label, words) for label, words in rows if words and words.text.strip())


def _lines(offer: Offer, facts: Sequence[Fact]) -> int:
    texts = [fact.words.text for fact in facts] + [note.text for note in offer.notes]
    if offer.objective:
        texts.append(offer.objective.text)
    return sum(2 + len(text) // LETTERS_A_LINE for text in texts) + len(offer.name.text) // 14


def _size(name: str) -> str:
    """Long names are set smaller, in three steps."""
    if len(name) <= 45:  # noqa: PLR2004  two lines of the largest size
        return "large"
    return "middle" if len(name) <= 95 else "small"  # noqa: PLR2004  three lines of the middle size


def _compare(offer: Offer, chapter: Sequence[Offer]) -> Comparison | None:
    for by, figure_of in (("capital", capital_of), ("area", hectares_of)):
        standing = stand_among(offer, chapter, figure_of)
        if standing:
            return Comparison(by, standing)
    return None


def _nearness(offer: Offer, other: Offer) -> int:
    same_zone = offer.zone is not None and offer.zone == other.zone
    places = {place.key for place in offer.places}
    same_place = any(place.key in places for place in other.places)
    return 2 * same_place + same_zone


def _neighbours(offer: Offer, chapter: Sequence[Offer]) -> tuple[Offer, ...]:
    """Up to three others of the chapter, those of the same place or zone first, largest first."""
    others = [other for other in chapter if other.code != offer.code]
    others.sort(
        key=lambda other: (-_nearness(offer, other), -(capital_of(other) or Decimal()), other.code)
    )
    return tuple(others[:MOST_NEIGHBOURS])
