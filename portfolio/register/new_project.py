"""The page on which a new project is logged: few fields, look-alikes shown before saving."""

from typing import cast

from flask import Response, current_app, flash, make_response, redirect, render_template
from flask_babel import gettext

from portfolio.database import session
from portfolio.notation.fold import fold, words
from portfolio.office.may import Permission, needs
from portfolio.office.people import Role, User
from portfolio.office.sessions import this_person
from portfolio.office.trail import Origin
from portfolio.register.acts.capital import Figure
from portfolio.register.acts.first_day import FirstDay, log_first_day
from portfolio.register.acts.projects import Facts
from portfolio.register.blueprint import pages
from portfolio.register.capital import CapitalKind
from portfolio.register.counting import count
from portfolio.register.entry_project import NewProjectForm
from portfolio.register.filters.typed import TextFilter
from portfolio.register.find import Line, page
from portfolio.register.in_hand import project_path
from portfolio.register.investor import Investor
from portfolio.register.place import Unit
from portfolio.register.places_typed import known_units
from portfolio.register.project import Listing, Stage
from portfolio.register.search import Search
from portfolio.web.clock import now
from portfolio.web.errors import Refusal

REFUSED = 422
MOST_WORDS = 8
FEW = 8


@pages.get("/projects/new")
@needs(Permission.LOG_PROJECT)
def new_project() -> str:
    """The empty form, with what is most likely for the person's office."""
    centre = this_person().role is Role.CENTRE_OFFICER
    listing = Listing.SOLICITED if centre else Listing.LICENSED
    return _page(NewProjectForm(data={"listing": listing.value}))


@pages.post("/projects/new")
@needs(Permission.LOG_PROJECT)
def log_project() -> Response:
    """Log it, unless one of the same name is already known and nobody said that this is another."""
    form = NewProjectForm()
    earlier = form.earlier_result()
    if earlier is not None:
        return cast("Response", redirect(earlier, 303))
    if not form.validate():
        return make_response(_page(form), REFUSED)
    similar = [] if form.save_anyway.data else look_alikes(this_person(), str(form.name.data))
    if similar:
        return make_response(_page(form, similar), REFUSED)
    try:
        project = log_first_day(
            session(),
            _first_day(form),
            prefix=str(current_app.config["CODE_PREFIX"]),
            origin=Origin(this_person(), now()),
        )
        path = project_path(project.code)
        form.spend(path)
        session().commit()
    except Refusal as refusal:
        session().rollback()
        form.refuse(refusal)
        return make_response(_page(form), refusal.status)
    said = [gettext("The project is logged as %(code)s.", code=project.code)]
    flash(" ".join([*said, *(f"{reading}." for reading in form.readings())]), "saved")
    return cast("Response", redirect(path, 303))


def look_alikes(user: User, name: str) -> list[Line]:
    """Projects that ``user`` sees and that have the same name but for accents, case and spelling."""
    found = tuple(dict.fromkeys(words(name)))[:MOST_WORDS]
    if not found:
        return []
    search = Search(user, (TextFilter(name, found),))
    lines = page(session(), search, count(session(), search), 100).lines
    return [line for line in lines if fold(line.name) == fold(name)][:FEW]


def _first_day(form: NewProjectForm) -> FirstDay:
    named = form.investor.data
    known = session().get(Investor, named.id) if named and named.id is not None else None
    figure = None
    if form.capital.data is not None:
        solicited = form.listing.data is not Listing.LICENSED
        figure = Figure(
            kind=CapitalKind.ESTIMATED if solicited else CapitalKind.REGISTERED,
            amount=form.capital.data,
            currency=form.capital.currency,
            as_printed=(form.capital.typed.strip() or None) if form.capital.qualifier else None,
            source=form.source.data,
        )
    return FirstDay(
        facts=Facts(
            name=str(form.name.data),
            certificate_no=form.certificate_no.data,
            zone_id=form.zone_id.data,
            sector_id=form.sector_id.data,
        ),
        listing=Listing(str(form.listing.data)),
        stage=Stage(str(form.stage.data)),
        place=session().get(Unit, form.place.data) if form.place.data else None,
        figure=figure,
        investor_name=known.name if known else named.name if named else None,
        investor_tax_code=known.tax_code if known else form.tax_code.data,
        certificate_on=form.certificate_on.data,
        source=form.source.data,
    )


def _page(form: NewProjectForm, similar: list[Line] | None = None) -> str:
    return render_template(
        "register/new.html", form=form, similar=similar or [], units=known_units(session())
    )
