"""Acts on offices: the bodies of the province, for as long as each exists under its name."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.fold import fold, vi_sort_key
from portfolio.office.people import Office, OfficeKind, User
from portfolio.office.trail import Origin, record
from portfolio.web.errors import Refusal


class BadOffice(Refusal):
    """An office that cannot be as entered; the message says why."""


@dataclass(frozen=True)
class OfficeValues:
    """What is decided about an office."""

    name: str
    kind: OfficeKind
    name_en: str | None = None
    abbreviation: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor_id: int | None = None
    source: str | None = None


def offices_by_name(session: Session) -> list[Office]:
    """All offices in the order of the Vietnamese alphabet."""
    return sorted(session.scalars(select(Office)), key=lambda office: vi_sort_key(office.name))


def people_in_offices(session: Session) -> dict[int, int]:
    """How many active users each office has."""
    query = select(User.office_id, func.count()).where(User.active).group_by(User.office_id)
    return {office_id: count for office_id, count in session.execute(query)}  # noqa: C416  rows, not pairs


def add_office(session: Session, values: OfficeValues, origin: Origin) -> Office:
    """Add an office."""
    _check(session, values, None)
    office = Office(key=_new_key(session, values.name))
    _put(office, values)
    session.add(office)
    record(session, office, "add_office", origin)
    return office


def change_office(session: Session, office: Office, values: OfficeValues, origin: Origin) -> Office:
    """Change what is known of an office."""
    _check(session, values, office)
    _put(office, values)
    record(session, office, "change_office", origin)
    return office


def _check(session: Session, values: OfficeValues, office: Office | None) -> None:
    first, last = values.valid_from, values.valid_to
    if first is not None and last is not None and last < first:
        raise BadOffice(N_("The last day lies before the first."), field="valid_to")
    if values.successor_id is not None and session.get(Office, values.successor_id) is None:
        raise BadOffice(N_("Choose one of the answers in the list"), field="successor_id")
    if office is not None and values.successor_id == office.id:
        raise BadOffice(N_("An office cannot succeed itself."), field="successor_id")
    wanted = fold(values.name)
    for other in offices_by_name(session):
        both_stand = other.valid_to is None and last is None
        if other is not office and both_stand and fold(other.name) == wanted:
            raise BadOffice(
                N_("There is already an office of this name: %(name)s."),
                field="name",
                name=other.name,
            )


def _put(office: Office, values: OfficeValues) -> None:
    office.name, office.name_en, office.kind = values.name, values.name_en, values.kind
    office.abbreviation, office.source = values.abbreviation, values.source
    office.valid_from, office.valid_to = values.valid_from, values.valid_to
    office.successor_id = values.successor_id


def _new_key(session: Session, name: str) -> str:
    """A key made of the name, with a number behind it if that is taken."""
    stem = fold(name).replace(" ", "_")[:60] or "office"
    taken = set(
        session.scalars(select(Office.key).where(Office.key.startswith(stem, autoescape=True)))
    )
    return next(
        key
        for n in range(1, len(taken) + 2)
        if (key := stem if n == 1 else f"{stem}_{n}") not in taken
    )
