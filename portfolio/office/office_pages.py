"""Offices: the list, and what is known of each."""

from typing import Any, cast

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext

from portfolio.database import session
from portfolio.office import offices
from portfolio.office.blueprint import pages
from portfolio.office.entry import OfficeForm
from portfolio.office.may import Permission, needs
from portfolio.office.offices import OfficeValues
from portfolio.office.people import Office, OfficeKind
from portfolio.office.sessions import this_person
from portfolio.office.stale import stale_edit
from portfolio.office.trail import Origin
from portfolio.web.clock import now, today
from portfolio.web.errors import HiddenRecord, Refusal

REFUSED = 422


@pages.get("/offices")
@needs(Permission.READ_REGISTER)
def list_offices() -> str:
    """All offices: those that exist first, then what they came from."""
    found = offices.offices_by_name(session())
    current = [office for office in found if office.valid_to is None or office.valid_to >= today()]
    return render_template(
        "office/offices.html",
        current=current,
        former=[office for office in found if office not in current],
        names={office.id: office.name for office in found},
        people=offices.people_in_offices(session()),
    )


@pages.get("/offices/new")
@needs(Permission.KEEP_REFERENCE)
def new_office() -> str:
    """An empty form."""
    return render_template("office/office_form.html", form=OfficeForm(), office=None)


@pages.post("/offices/new")
@needs(Permission.KEEP_REFERENCE)
def add_office() -> Response:
    """Add it."""
    form = OfficeForm()
    earlier = form.earlier_result()
    if earlier is not None:
        return cast("Response", redirect(earlier, 303))
    if not form.validate():
        return _refused(form, None)
    try:
        offices.add_office(session(), _values(form), _origin(form))
    except Refusal as refusal:
        form.refuse(refusal)
        return _refused(form, None)
    form.spend(url_for("office.list_offices"))
    session().commit()
    flash(gettext("Saved."), "saved")
    return cast("Response", redirect(url_for("office.list_offices"), 303))


@pages.get("/offices/<int:office_id>/edit")
@needs(Permission.KEEP_REFERENCE)
def edit_office(office_id: int) -> str:
    """The form with what is saved."""
    office = _find(office_id)
    return render_template(
        "office/office_form.html", form=OfficeForm(data=_data(office)), office=office
    )


@pages.post("/offices/<int:office_id>/edit")
@needs(Permission.KEEP_REFERENCE)
def change_office(office_id: int) -> Response:
    """Save it, unless somebody else did so in the meantime."""
    office, form = _find(office_id, lock=True), OfficeForm()
    if not form.validate():
        return _refused(form, office)
    if form.is_stale(office.version):
        theirs = OfficeForm(formdata=None, data=_data(office))
        back = url_for("office.edit_office", office_id=office.id)
        raise stale_edit(form, theirs, "office", office, back)
    try:
        offices.change_office(session(), office, _values(form), _origin(form))
    except Refusal as refusal:
        session().rollback()
        form.refuse(refusal)
        return _refused(form, _find(office_id))
    session().commit()
    flash(gettext("Saved."), "saved")
    return cast("Response", redirect(url_for("office.list_offices"), 303))


def _find(office_id: int, *, lock: bool = False) -> Office:
    office = session().get(Office, office_id, with_for_update=lock or None)
    if office is None:
        raise HiddenRecord
    return office


def _refused(form: OfficeForm, office: Office | None) -> Response:
    return make_response(
        render_template("office/office_form.html", form=form, office=office), REFUSED
    )


def _data(office: Office) -> dict[str, Any]:
    names = (
        "name",
        "name_en",
        "abbreviation",
        "valid_from",
        "valid_to",
        "successor_id",
        "source",
        "version",
    )
    return {name: getattr(office, name) for name in names} | {"kind": office.kind.value}


def _values(form: OfficeForm) -> OfficeValues:
    return OfficeValues(
        name=form.name.data or "",
        kind=OfficeKind(str(form.kind.data)),
        name_en=form.name_en.data,
        abbreviation=form.abbreviation.data,
        valid_from=form.valid_from.data,
        valid_to=form.valid_to.data,
        successor_id=form.successor_id.data,
        source=form.source.data,
    )


def _origin(form: OfficeForm) -> Origin:
    return Origin(this_person(), now(), form.reason.data)
