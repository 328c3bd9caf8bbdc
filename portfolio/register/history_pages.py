"""The history of a project on screen."""

from flask import render_template, request
from flask_babel import gettext

from portfolio.database import session
from portfolio.office.may import Permission, needs
from portfolio.office.sessions import this_person
from portfolio.register.blueprint import pages
from portfolio.register.history import read_history
from portfolio.register.history_words import FIELDS, HIDDEN
from portfolio.register.row_rule import find_visible
from portfolio.web.keys import read_key

ASKED = (
    "name",
    "stage",
    "capital",
    "acts",
    "schedules",
    "milestones",
    "investors",
    "places",
    "zone",
    "area_asked_ha",
    "parcels",
    "pauses",
    "marks",
    "circumstances",
    "files",
)
"""What a history is most often narrowed to; any other field works in the address as well."""


@pages.get("/projects/<code>/history")
@needs(Permission.READ_REGISTER)
def show_history(code: str) -> str:
    """Entries newest first, fifty at a time; ``?field=capital`` shows the changes of one field."""
    project = find_visible(session(), this_person(), code)
    field = request.args.get("field")
    if field not in FIELDS or field in HIDDEN:
        field = None
    history = read_history(
        session(), project.id, before=read_key(request.args.get("before")), field=field
    )
    return render_template(
        "register/history.html",
        project=project,
        history=history,
        field=field,
        field_words=gettext(FIELDS[field]) if field else None,
        fields=[(name, gettext(FIELDS[name])) for name in ASKED],
        beginning="before" not in request.args,
    )
