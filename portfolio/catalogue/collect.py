"""Solicited projects of the register as offers: which ones, and what of them is printed.

The row rule decides for a person; without a person (a command on the server) every solicited project
is taken. Remarks of the office are never printed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from portfolio.catalogue.offer import Capital, Group, Land, Offer, Place, Prose, Source
from portfolio.catalogue.typeset import Language, translations
from portfolio.notation import N_
from portfolio.notation.days import Precision
from portfolio.office.people import User
from portfolio.register.capital import CapitalKind, CapitalVersion
from portfolio.register.choices import Choices
from portfolio.register.papers import ActKind, LegalAct
from portfolio.register.place import Succession, Unit, UnitLevel
from portfolio.register.project import Listing, Project, ProjectPlace
from portfolio.register.row_rule import visible_to
from portfolio.register.zone import Zone


@dataclass(frozen=True, slots=True)
class Choice:
    """What a catalogue is narrowed to, by key; nothing narrows it to nothing."""

    sector_id: int | None = None
    zone_id: int | None = None
    unit_id: int | None = None


def count_offers(session: Session, user: User | None, choice: Choice, within: Choices) -> int:
    """How many projects the catalogue will hold."""
    query = select(func.count()).select_from(Project).where(_chosen(user, choice, within))
    return session.scalar(query) or 0


def offers_from(
    session: Session,
    user: User | None,
    choice: Choice,
    within: Choices,
    *,
    lang: Language,
    on: date,
) -> list[Offer]:
    """The chosen projects as offers in ``lang``, with the places as they are called on the day ``on``."""
    projects = session.scalars(
        select(Project)
        .where(_chosen(user, choice, within))
        .order_by(Project.code)
        .options(
            joinedload(Project.zone),
            joinedload(Project.sector),
            selectinload(Project.places).joinedload(ProjectPlace.unit).joinedload(Unit.parent),
            selectinload(Project.capital),
            selectinload(Project.acts),
            selectinload(Project.sources),
            selectinload(Project.translations),
        )
    )
    atlas = _Atlas(session, on, lang)
    return [_offer(project, lang, atlas) for project in projects.unique()]


def _chosen(user: User | None, choice: Choice, within: Choices) -> ColumnElement[bool]:
    condition = (Project.listing == Listing.SOLICITED) & (visible_to(user) if user else true())
    if choice.sector_id is not None:
        condition &= Project.sector_id == choice.sector_id
    if choice.zone_id is not None:
        condition &= Project.zone_id.in_(sorted(within.zone_and_below(choice.zone_id)))
    if choice.unit_id is not None:
        units = sorted(within.places_like(choice.unit_id))
        condition &= Project.places.any(ProjectPlace.unit_id.in_(units))
    return condition


def _offer(project: Project, lang: Language, atlas: "_Atlas") -> Offer:
    say = translations(lang).gettext
    listing = _listing(project.acts)
    return Offer(
        code=project.code,
        name=_translated(project, "name", project.name, lang),
        sector=_sector(project, lang),
        zone=_zone(project.zone, lang),
        places=atlas.places(project.places),
        objective=_prose(project, "objective", project.objective, lang),
        scale=_prose(project, "scale", project.scale, lang),
        land=_land(project),
        capital=_capital(project.capital),
        form=Prose(say(project.form.label), lang) if project.form else None,
        site=_site(project),
        incentives=Prose(project.special_mechanism) if project.special_mechanism else None,
        term=_term(project.term_years, lang),
        stage=Prose(say(project.stage.label), lang),
        sources=tuple(_sources(project)),
        from_public_sources=project.public_source,
        listed_on=listing.issued_on if listing else None,
        listed_precision=listing.issued_precision if listing else Precision.DAY,
    )


def _translated(project: Project, field: str, text: str, lang: Language) -> Prose:
    """The text in ``lang`` if it was translated from these very words, else in Vietnamese."""
    for translation in project.translations:
        if (translation.field, translation.language) == (field, lang):
            return Prose(translation.text, lang) if translation.made_from == text else Prose(text)
    return Prose(text)


def _prose(project: Project, field: str, text: str | None, lang: Language) -> Prose | None:
    return _translated(project, field, text, lang) if text and text.strip() else None


def _named(name: str, name_en: str | None, lang: Language) -> Prose:
    return Prose(name_en, "en") if lang == "en" and name_en else Prose(name)


def _sector(project: Project, lang: Language) -> Group | None:
    sector = project.sector
    if sector is None:
        return None
    return Group(sector.key, _named(sector.name, sector.name_en, lang), sector.position)


def _zone(zone: Zone | None, lang: Language) -> Group | None:
    return Group(zone.key, _named(zone.name, zone.name_en, lang)) if zone else None


def _capital(versions: Iterable[CapitalVersion]) -> Capital | None:
    """The last figure that was planned; one with an amount counts before words alone."""
    planned = [version for version in versions if version.kind is not CapitalKind.REALISED]
    stated = [version for version in planned if version.amount is not None]
    latest = max(stated or planned, key=lambda v: (v.on or date.min, v.id), default=None)
    if latest is None:
        return None
    return Capital(latest.amount, latest.currency, latest.vnd_amount, latest.as_printed or "")


def _land(project: Project) -> Land | None:
    if project.area_asked_ha is None and not project.area_as_printed:
        return None
    return Land(project.area_asked_ha, project.area_as_printed or "")


def _site(project: Project) -> Prose | None:
    words = "; ".join(part for part in (project.address, project.plots) if part)
    return Prose(words) if words else None


def _term(years: int | None, lang: Language) -> Prose | None:
    if years is None:
        return None
    words = translations(lang).ngettext("%(num)d year", "%(num)d years", years)
    return Prose(words % {"num": years}, lang)


def _listing(acts: Sequence[LegalAct]) -> LegalAct | None:
    """The paper that put the project on the list: the first one that carries a day."""
    dated = [act for act in acts if act.kind is ActKind.LISTING and act.issued_on is not None]
    return min(dated, key=lambda act: (act.issued_on or date.max, act.id), default=None)


def _sources(project: Project) -> Iterable[Source]:
    """Each paper or page once, with all the passages that were used."""
    together: dict[tuple[str, str], list[str]] = {}
    for source in project.sources:
        passages = together.setdefault((source.title, source.url or ""), [])
        if source.place and source.place not in passages:
            passages.append(source.place)
    for (title, url), passages in together.items():
        yield Source(", ".join((title, *passages)), url)


class _Atlas:
    """Units and what became of them, to name places as they are called on a day."""

    def __init__(self, session: Session, on: date, lang: Language) -> None:
        self._on = on
        self._say = translations(lang).gettext
        self._after: dict[int, list[Unit]] = {}
        successions = select(Succession).options(joinedload(Succession.new).joinedload(Unit.parent))
        for succession in session.scalars(successions):
            if succession.on <= on:
                self._after.setdefault(succession.old_id, []).append(succession.new)

    def places(self, found: Iterable[ProjectPlace]) -> tuple[Place, ...]:
        """The places of a project, the principal first; former units that are one now stand once."""
        ordered = sorted(found, key=lambda place: (not place.principal, place.id))
        merged: dict[str, tuple[Unit, list[Unit]]] = {}
        for place in ordered:
            today = self._today(place.unit)
            merged.setdefault(str(today.id), (today, []))[1].append(place.unit)
        return tuple(self._place(today, before) for today, before in merged.values())

    def _today(self, unit: Unit) -> Unit:
        """The one unit that this one went into; itself where it stands still or was divided."""
        seen = {unit.id}
        while len(after := self._after.get(unit.id, [])) == 1 and after[0].id not in seen:
            unit = after[0]
            seen.add(unit.id)
        return unit

    def _place(self, today: Unit, before: Sequence[Unit]) -> Place:
        former = [unit for unit in before if unit.id != today.id and unit.name != today.name]
        name = today.name
        if today.valid_to is not None and today.valid_to < self._on:
            name = self._say(N_("%(name)s (former)")) % {"name": today.name}
        return Place(str(today.id), name, _within(today), _together(former))


def _within(unit: Unit) -> str:
    """The unit around a commune or district, as it is said within a sentence: ``huyện Kon Plông``."""
    parent = unit.parent
    return "" if parent is None or unit.level is UnitLevel.PROVINCE else _in_sentence(parent.name)


def _in_sentence(name: str) -> str:
    return name[:1].lower() + name[1:]


def _together(units: Sequence[Unit]) -> str:
    """Former units by name, the district that they shared said once."""
    by_parent: dict[str, list[str]] = {}
    for unit in units:
        by_parent.setdefault(_within(unit), []).append(unit.name)
    parts = [
        ", ".join([*names, within] if within else names) for within, names in by_parent.items()
    ]
    return "; ".join(parts)
