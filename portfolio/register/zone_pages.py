"""Zones on screen: the tree as of a day, one zone, and its form."""

from datetime import date
from typing import cast

from flask import Response, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portfolio.database import session
from portfolio.office.may import Permission, needs
from portfolio.office.stale import stale_edit
from portfolio.register import reference_acts as acts
from portfolio.register.project import Project
from portfolio.register.reference import (
    asked_day,
    find,
    form_page,
    origin_of,
    projects_by,
    reference,
    saved,
)
from portfolio.register.reference_entry import ZoneForm, data_of_zone
from portfolio.register.zone import Zone, ZoneKind, ZoneStatus
from portfolio.register.zone_tree import Branch, branches, zone_and_below
from portfolio.web.clock import today
from portfolio.web.errors import Refusal


@reference.get("/zones")
@needs(Permission.READ_REGISTER)
def list_zones() -> str:
    """The tree of zones as it stood on a day."""
    on, everything = asked_day(), "all" in request.args
    zones = list(session().scalars(select(Zone).options(joinedload(Zone.managing_office))))
    shown = zones if everything else [zone for zone in zones if stood_on(zone, on)]
    return render_template(
        "register/zones.html",
        branches=list(branches(shown)),
        hidden=len(zones) - len(shown),
        everything=everything,
        on=on,
        is_today=on == today(),
        counts=_counts_with_inner(zones),
    )


def stood_on(zone: Zone, on: date) -> bool:
    """Whether a zone existed on a day, or was planned and not given up."""
    begun = zone.valid_from is None or zone.valid_from <= on
    not_ended = zone.valid_to is None or zone.valid_to >= on
    return begun and not_ended and zone.status is not ZoneStatus.DROPPED


def _counts_with_inner(zones: list[Zone]) -> dict[int, int]:
    own = projects_by(Project.zone_id)
    return {
        zone.id: sum(own.get(key, 0) for key in zone_and_below(zones, zone.id)) for zone in zones
    }


@reference.get("/zones/new")
@needs(Permission.KEEP_REFERENCE)
def new_zone() -> str:
    """An empty form."""
    return render_template("register/zone_form.html", form=ZoneForm(), zone=None)


@reference.post("/zones/new")
@needs(Permission.KEEP_REFERENCE)
def add_zone() -> Response:
    """Add it."""
    form = ZoneForm()
    earlier = form.earlier_result()
    if earlier is not None:
        return cast("Response", redirect(earlier, 303))
    if not form.validate():
        return form_page("register/zone_form.html", form, zone=None)
    try:
        zone = acts.add_zone(session(), _zone_values(form), origin_of(form))
    except Refusal as refusal:
        form.refuse(refusal)
        return form_page("register/zone_form.html", form, zone=None)
    path = url_for("reference.show_zone", zone_id=zone.id)
    form.spend(path)
    session().commit()
    return saved(0, path)


@reference.get("/zones/<int:zone_id>")
@needs(Permission.READ_REGISTER)
def show_zone(zone_id: int) -> str:
    """One zone: facts, what lies around and inside it, its projects."""
    zone = find(Zone, zone_id)
    zones = list(session().scalars(select(Zone)))
    return render_template(
        "register/zone.html",
        zone=zone,
        inner=_inner(zones, zone),
        counts=_counts_with_inner(zones),
    )


def _inner(zones: list[Zone], zone: Zone) -> list[Branch]:
    """What lies inside a zone, without the zone itself."""
    below = zone_and_below(zones, zone.id)
    return list(branches([inner for inner in zones if inner.id in below]))[1:]


@reference.get("/zones/<int:zone_id>/edit")
@needs(Permission.KEEP_REFERENCE)
def edit_zone(zone_id: int) -> str:
    """The form with what is saved."""
    zone = find(Zone, zone_id)
    return render_template(
        "register/zone_form.html", form=ZoneForm(data=data_of_zone(zone)), zone=zone
    )


@reference.post("/zones/<int:zone_id>/edit")
@needs(Permission.KEEP_REFERENCE)
def change_zone(zone_id: int) -> Response:
    """Save it; its projects take a new name over."""
    zone, form = find(Zone, zone_id, lock=True), ZoneForm()
    if not form.validate():
        return form_page("register/zone_form.html", form, zone=zone)
    if form.is_stale(zone.version):
        theirs = ZoneForm(formdata=None, data=data_of_zone(zone))
        back = url_for("reference.edit_zone", zone_id=zone.id)
        raise stale_edit(form, theirs, "zone", zone, back)
    try:
        touched = acts.change_zone(session(), zone, _zone_values(form), origin_of(form))
    except Refusal as refusal:
        form.refuse(refusal)
        return form_page("register/zone_form.html", form, zone=zone)
    session().commit()
    return saved(touched, url_for("reference.show_zone", zone_id=zone_id))


def _zone_values(form: ZoneForm) -> acts.ZoneValues:
    return acts.ZoneValues(
        name=form.name.data or "",
        name_en=form.name_en.data,
        name_variants=form.name_variants.data,
        kind=ZoneKind(str(form.kind.data)),
        status=ZoneStatus(str(form.status.data)),
        parent_id=form.parent_id.data,
        unit_id=form.unit_id.data,
        managing_office_id=form.managing_office_id.data,
        area_ha=form.area_ha.data,
        valid_from=form.valid_from.data,
        valid_to=form.valid_to.data,
        legal_doc=form.legal_doc.data,
        legal_date=form.legal_date.data,
        source=form.source.data,
        note=form.note.data,
    )
