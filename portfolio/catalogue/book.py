"""The catalogue of solicited projects as a printed book.

Cover, foreword, overview, contents, a divider before each sector (or zone), one sheet for each
project, an index of places and the offices to call. `set_book` turns offers into HTML,
`build_catalogue` also prints it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from portfolio.catalogue.offer import Contact, Group, Offer, Place
from portfolio.catalogue.overview import Totals, add_up, bars, capital_shares, in_groups
from portfolio.catalogue.progress import Progress, Report, Step, nobody
from portfolio.catalogue.sheet import Sheet, lay_sheet
from portfolio.catalogue.typeset import Language, templates
from portfolio.notation.fold import vi_sort_key

Order = Literal["sector", "zone"]
PAGES_BESIDE_SHEETS = 7
"""Cover, foreword, overview, contents, index, contacts and one to spare: for the estimate only."""


class NothingToPrint(ValueError):
    """No offer was given: an empty catalogue is not made."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a catalogue says about itself. Without ``title`` it carries the usual one."""

    lang: Language
    issued_on: date
    office: str
    province: str
    title: str = ""
    subtitle: str = ""
    ordered_by: Order = "sector"
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A divider and the sheets behind it; ``shares`` are the lengths of its bars, by code."""

    anchor: str
    number: int
    group: Group | None
    totals: Totals
    sheets: tuple[Sheet, ...]
    shares: dict[str, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the index with the offers that lie in it."""

    place: Place
    offers: tuple[Offer, ...]


def build_catalogue(offers: Sequence[Offer], imprint: Imprint, *, report: Report = nobody) -> bytes:
    """The PDF file of the catalogue, byte for byte the same for the same arguments.

    Raises `NothingToPrint` without offers, and the errors of `press`.
    """
    from portfolio.catalogue.press import press  # noqa: PLC0415  it takes a second to load

    report(Progress(Step.SETTING, 0, len(offers)))
    html = set_book(offers, imprint)
    return press(html, report=report, expected_pages=estimate_pages(offers, imprint))


def estimate_pages(offers: Sequence[Offer], imprint: Imprint) -> int:
    """About how many pages the catalogue will have, before it is laid out."""
    group_of = _grouping(imprint.ordered_by)
    return len(offers) + len({group_of(offer) for offer in offers}) + PAGES_BESIDE_SHEETS


def set_book(offers: Sequence[Offer], imprint: Imprint) -> str:
    """The whole catalogue as one HTML document."""
    if not offers:
        raise NothingToPrint
    chapters = _chapters(offers, imprint.ordered_by)
    return (
        templates(imprint.lang)
        .get_template("book.html")
        .render(
            imprint=imprint,
            chapters=chapters,
            totals=add_up(offers),
            by_sector=bars(in_groups(offers, _grouping("sector"), vi_sort_key)),
            by_zone=bars(in_groups(offers, _grouping("zone"), vi_sort_key)),
            index=_index(offers),
            contacts=_contacts(offers),
            from_public_sources=sum(offer.from_public_sources for offer in offers),
        )
    )


def _grouping(order: Order) -> Callable[[Offer], Group | None]:
    return (lambda offer: offer.sector) if order == "sector" else (lambda offer: offer.zone)


def _reading_order(offer: Offer) -> tuple[object, ...]:
    """Within a chapter: zone by zone, then by name, so that neighbours lie side by side."""
    zone = (0, offer.zone.rank, vi_sort_key(offer.zone.name.text)) if offer.zone else (1, 0, "")
    return (*zone, vi_sort_key(offer.name.text), offer.code)


def _chapters(offers: Sequence[Offer], order: Order) -> list[Chapter]:
    chapters = []
    for number, (group, members) in enumerate(in_groups(offers, _grouping(order), vi_sort_key), 1):
        members.sort(key=_reading_order)
        chapters.append(
            Chapter(
                f"chapter-{number}",
                number,
                group,
                add_up(members),
                tuple(lay_sheet(offer, members, group) for offer in members),
                capital_shares(members),
            )
        )
    return chapters


def _index(offers: Sequence[Offer]) -> list[Entry]:
    """Every place, in alphabetical order, with all offers that touch it."""
    found: dict[str, tuple[Place, list[Offer]]] = {}
    for offer in offers:
        for place in offer.places:
            found.setdefault(place.key, (place, []))[1].append(offer)
    entries = [
        Entry(place, tuple(sorted(members, key=lambda o: (vi_sort_key(o.name.text), o.code))))
        for place, members in found.values()
    ]
    return sorted(
        entries,
        key=lambda e: (vi_sort_key(e.place.name), vi_sort_key(e.place.within), e.place.key),
    )


def _contacts(offers: Sequence[Offer]) -> list[Contact]:
    """Each office once, in alphabetical order."""
    found = {contact: None for offer in offers for contact in offer.contacts}
    return sorted(found, key=lambda contact: (vi_sort_key(contact.office.text), contact.person))
