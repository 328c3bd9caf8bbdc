"""Sectors on screen: the register's own list, and the form of one."""

from typing import cast

from flask import Response, redirect, render_template, url_for
from sqlalchemy import select

from portfolio.database import session
from portfolio.notation.fold import vi_sort_key
from portfolio.office.may import Permission, needs
from portfolio.office.stale import stale_edit
from portfolio.register import reference_acts as acts
from portfolio.register.project import Project
from portfolio.register.reference import (
    find,
    form_page,
    origin_of,
    projects_by,
    reference,
    saved,
)
from portfolio.register.reference_entry import SectorForm, data_of_sector
from portfolio.register.sector import Sector
from portfolio.web.errors import Refusal


@reference.get("/sectors")
@needs(Permission.READ_REGISTER)
def list_sectors() -> str:
    """The register's own list of sectors."""
    found = sorted(
        session().scalars(select(Sector)), key=lambda s: (s.position, vi_sort_key(s.name))
    )
    return render_template(
        "register/sectors.html", sectors=found, counts=projects_by(Project.sector_id)
    )


@reference.get("/sectors/new")
@needs(Permission.KEEP_REFERENCE)
def new_sector() -> str:
    """An empty form."""
    return render_template("register/sector_form.html", form=SectorForm(), sector=None)


@reference.post("/sectors/new")
@needs(Permission.KEEP_REFERENCE)
def add_sector() -> Response:
    """Add it."""
    form = SectorForm()
    earlier = form.earlier_result()
    if earlier is not None:
        return cast("Response", redirect(earlier, 303))
    if not form.validate():
        return form_page("register/sector_form.html", form, sector=None)
    try:
        acts.add_sector(session(), _sector_values(form), origin_of(form))
    except Refusal as refusal:
        form.refuse(refusal)
        return form_page("register/sector_form.html", form, sector=None)
    form.spend(url_for("reference.list_sectors"))
    session().commit()
    return saved(0, url_for("reference.list_sectors"))


@reference.get("/sectors/<int:sector_id>/edit")
@needs(Permission.KEEP_REFERENCE)
def edit_sector(sector_id: int) -> str:
    """The form with what is saved."""
    sector = find(Sector, sector_id)
    return render_template(
        "register/sector_form.html", form=SectorForm(data=data_of_sector(sector)), sector=sector
    )


@reference.post("/sectors/<int:sector_id>/edit")
@needs(Permission.KEEP_REFERENCE)
def change_sector(sector_id: int) -> Response:
    """Save it; its projects take a new name over."""
    sector, form = find(Sector, sector_id, lock=True), SectorForm()
    if not form.validate():
        return form_page("register/sector_form.html", form, sector=sector)
    if form.is_stale(sector.version):
        theirs = SectorForm(formdata=None, data=data_of_sector(sector))
        back = url_for("reference.edit_sector", sector_id=sector.id)
        raise stale_edit(form, theirs, "sector", sector, back)
    try:
        touched = acts.change_sector(session(), sector, _sector_values(form), origin_of(form))
    except Refusal as refusal:
        form.refuse(refusal)
        return form_page("register/sector_form.html", form, sector=sector)
    session().commit()
    return saved(touched, url_for("reference.list_sectors"))


def _sector_values(form: SectorForm) -> acts.SectorValues:
    return acts.SectorValues(
        name=form.name.data or "",
        name_en=form.name_en.data,
        position=int(form.position.data or 0),
        source=form.source.data,
    )
