"""The address where a catalogue is asked for."""

from flask import Blueprint, Flask, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portfolio.catalogue.build import KIND, NoProjects, pack, usual_imprint
from portfolio.catalogue.collect import Choice, count_offers
from portfolio.catalogue.commands import group
from portfolio.catalogue.entry import CatalogueForm, read_choice
from portfolio.database import session
from portfolio.office.job import enqueue, refuse_flood
from portfolio.office.may import Permission, needs
from portfolio.office.sessions import this_person
from portfolio.office.work import kind_of
from portfolio.register.choices import Choices, choices
from portfolio.web.clock import now, today
from portfolio.web.languages import language

REFUSED = 422

pages = Blueprint("catalogue", __name__)


def install(app: Flask) -> None:
    """Add the page, the job and `flask catalogue`."""
    app.register_blueprint(pages)
    app.cli.add_command(group)


@pages.get("/catalogue")
@needs(Permission.BUILD_CATALOGUE)
def show_form() -> str:
    """Which projects, how many they are, and how the catalogue shall present itself."""
    within = choices(session(), None)
    choice = read_choice(request.args, within, within.visible_zones(this_person()))
    return _page(CatalogueForm(), choice, within)


@pages.post("/catalogue")
@needs(Permission.BUILD_CATALOGUE)
def start() -> Response:
    """Ask a worker for the catalogue and show how far it is."""
    form, reader = CatalogueForm(), this_person()
    earlier = form.earlier_result()
    if earlier is not None:
        return redirect(earlier, 303)
    within = choices(session(), None)
    choice = read_choice(request.form, within, within.visible_zones(reader))
    if not form.validate():
        return make_response(_page(form, choice, within), REFUSED)
    if count_offers(session(), reader, choice, within) == 0:
        form.refuse(NoProjects())
        return make_response(_page(form, choice, within), REFUSED)
    kind = kind_of(KIND)
    refuse_flood(session(), KIND, by=reader, at=now(), most=kind.most_an_hour if kind else 0)
    imprint = usual_imprint(
        "en" if form.language.data == "en" else "vi",
        today(),
        title=form.title.data or "",
        subtitle=form.subtitle.data or "",
        ordered_by=form.ordered_by.data,
    )
    job = enqueue(session(), KIND, pack(choice, imprint), by=reader, at=now())
    address = url_for("office.show_job", ref=job.ref)
    form.spend(address)
    session().commit()
    return redirect(address, 303)


def _page(form: CatalogueForm, choice: Choice, within: Choices) -> str:
    reader = this_person()
    visible = within.visible_zones(reader)
    chosen = {
        "sector": _text(choice.sector_id),
        "zone": _text(choice.zone_id),
        "place": _text(choice.unit_id),
    }
    return render_template(
        "catalogue/page.html",
        form=form,
        chosen=chosen,
        count=count_offers(session(), reader, choice, within),
        sectors=within.sector_options(language(), chosen["sector"]),
        zones=within.zone_options(language(), chosen["zone"], visible),
        places=within.place_options(language(), chosen["place"]),
    )


def _text(key: int | None) -> str:
    return "" if key is None else str(key)
