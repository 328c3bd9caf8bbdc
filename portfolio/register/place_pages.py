"""Administrative units on screen, as of a day, with what each came from and went into."""

from dataclasses import dataclass
from datetime import date

from flask import Response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portfolio.database import session
from portfolio.notation.fold import fold, vi_sort_key
from portfolio.office.may import Permission, needs
from portfolio.office.stale import stale_edit
from portfolio.register import reference_acts as acts
from portfolio.register.place import Succession, Unit, UnitLevel
from portfolio.register.project import Project, ProjectPlace
from portfolio.register.reference import (
    asked_day,
    find,
    form_page,
    origin_of,
    reference,
    saved,
)
from portfolio.register.reference_entry import UnitForm
from portfolio.register.row_rule import visible_to
from portfolio.web.clock import today


@dataclass(frozen=True)
class Group:
    """A province or district and the communes in it."""

    head: Unit | None
    units: list[Unit]


@reference.get("/places")
@needs(Permission.READ_REGISTER)
def list_places() -> str:
    """Provinces, districts and communes of a day, those below under those above."""
    on, text = asked_day(), request.args.get("q", "").strip()
    every = list(session().scalars(select(Unit)))
    standing = [unit for unit in every if stood_on(unit, on)]
    found = [unit for unit in standing if fold(text) in _spellings(unit)] if text else standing
    return render_template(
        "register/places.html",
        groups=_grouped(found, standing),
        total=len(found),
        before=_neighbours(Succession.new_id, Succession.old),
        after=_neighbours(Succession.old_id, Succession.new),
        on=on,
        is_today=on == today(),
        text=text,
        counts=_projects_in(),
    )


def stood_on(unit: Unit, on: date) -> bool:
    """Whether a unit existed on a day."""
    return unit.valid_from <= on and (unit.valid_to is None or unit.valid_to >= on)


def _spellings(unit: Unit) -> str:
    return fold(f"{unit.name} {unit.name_variants or ''} {unit.code}")


def _grouped(found: list[Unit], standing: list[Unit]) -> list[Group]:
    """Communes under the unit above them that stood on the day; heads alone where nothing lies below."""
    by_key = {unit.id: unit for unit in standing}
    groups: dict[int | None, list[Unit]] = {}
    for unit in found:
        if unit.level is UnitLevel.COMMUNE:
            groups.setdefault(unit.parent_id if unit.parent_id in by_key else None, []).append(unit)
        else:
            groups.setdefault(unit.id, [])
    heads = sorted(groups, key=lambda key: _head_key(by_key.get(key or 0)))
    ordered = {
        key: sorted(units, key=lambda unit: vi_sort_key(unit.name)) for key, units in groups.items()
    }
    return [Group(by_key.get(key or 0), ordered[key]) for key in heads]


def _head_key(unit: Unit | None) -> tuple[str, int, str]:
    if unit is None:
        return ("~", 0, "")
    province = unit if unit.level is UnitLevel.PROVINCE or unit.parent is None else unit.parent
    return (
        vi_sort_key(province.name),
        unit.level is not UnitLevel.PROVINCE,
        vi_sort_key(unit.name),
    )


def _neighbours(key_column: object, unit_relation: object) -> dict[int, list[Unit]]:
    """The units before or after each unit, in one query."""
    found: dict[int, list[Unit]] = {}
    query = select(Succession).options(joinedload(unit_relation))  # type: ignore[arg-type]
    for row in session().scalars(query):
        key = row.new_id if key_column is Succession.new_id else row.old_id
        found.setdefault(key, []).append(row.old if key_column is Succession.new_id else row.new)
    return {
        key: sorted(units, key=lambda unit: vi_sort_key(unit.name)) for key, units in found.items()
    }


def _projects_in() -> dict[int, int]:
    query = (
        select(ProjectPlace.unit_id, func.count())
        .join(Project)
        .where(visible_to(current_user))
        .group_by(ProjectPlace.unit_id)
    )
    return {key: count for key, count in session().execute(query)}  # noqa: C416  rows, not pairs


@reference.get("/places/<int:unit_id>")
@needs(Permission.READ_REGISTER)
def show_place(unit_id: int) -> str:
    """One unit: facts, succession in both directions, what lies in it."""
    unit = find(Unit, unit_id)
    load = (joinedload(Succession.old), joinedload(Succession.new))
    came = select(Succession).where(Succession.new_id == unit.id).options(*load)
    went = select(Succession).where(Succession.old_id == unit.id).options(*load)
    inner = select(Unit).where(Unit.parent_id == unit.id)
    return render_template(
        "register/place.html",
        unit=unit,
        came=sorted(session().scalars(came), key=lambda row: vi_sort_key(row.old.name)),
        went=sorted(session().scalars(went), key=lambda row: vi_sort_key(row.new.name)),
        inner=sorted(session().scalars(inner), key=lambda one: vi_sort_key(one.name)),
        count=_projects_in().get(unit.id, 0),
    )


@reference.get("/places/<int:unit_id>/edit")
@needs(Permission.KEEP_REFERENCE)
def edit_place(unit_id: int) -> str:
    """The other spellings, to be changed."""
    unit = find(Unit, unit_id)
    form = UnitForm(data={"name_variants": unit.name_variants, "version": unit.version})
    return render_template("register/place_form.html", form=form, unit=unit)


@reference.post("/places/<int:unit_id>/edit")
@needs(Permission.KEEP_REFERENCE)
def change_place(unit_id: int) -> Response:
    """Save them."""
    unit, form = find(Unit, unit_id, lock=True), UnitForm()
    if not form.validate():
        return form_page("register/place_form.html", form, unit=unit)
    if form.is_stale(unit.version):
        theirs = UnitForm(formdata=None, data={"name_variants": unit.name_variants})
        back = url_for("reference.edit_place", unit_id=unit.id)
        raise stale_edit(form, theirs, "unit", unit, back)
    acts.change_name_variants(session(), unit, form.name_variants.data, origin_of(form))
    session().commit()
    return saved(0, url_for("reference.show_place", unit_id=unit_id))
