"""Taking a list out of the register: exactly what is shown, all pages of it."""

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portfolio.database import session
from portfolio.exchange.list_files import Taken, give_csv, give_workbook
from portfolio.notation import N_
from portfolio.office.may import Permission, needs
from portfolio.office.sessions import this_person
from portfolio.register.asked import read_asked
from portfolio.register.causes import known_causes
from portfolio.register.columns import Words
from portfolio.register.search import Search
from portfolio.schedule.evaluate import law_on
from portfolio.schedule.review_list import ReviewFilter
from portfolio.schedule.scope import read_scope
from portfolio.web.clock import today
from portfolio.web.errors import Refusal
from portfolio.web.languages import language

pages = Blueprint("exchange", __name__)

FOR_REVIEW = (
    "code", "project", "zone", "place", "capital", "area", "idle", "due", "late", "silence",
    "status", "warnings", "certificate",
)  # fmt: skip
"""What a file of the review list holds."""


class UnclearList(Refusal):
    """An export must be of what the person meant."""

    message = N_("The list has a filter that was not understood; mend it on the list, then export")


def install(app: Flask) -> None:
    """Add the addresses of this subject."""
    if "exchange" not in app.blueprints:
        app.register_blueprint(pages)


@pages.get("/projects.csv")
@needs(Permission.EXPORT_REGISTER)
def csv_file() -> ResponseReturnValue:
    """The register list as a table for other programs."""
    return give_csv(_register_list())


@pages.get("/projects.xlsx")
@needs(Permission.EXPORT_REGISTER)
def workbook_file() -> ResponseReturnValue:
    """The register list as an Excel workbook."""
    return give_workbook(_register_list())


@pages.get("/review-list.csv")
@needs(Permission.EXPORT_REGISTER)
def review_csv() -> ResponseReturnValue:
    """The revocation review list as a table for other programs."""
    return give_csv(_review_list())


@pages.get("/review-list.xlsx")
@needs(Permission.EXPORT_REGISTER)
def review_workbook() -> ResponseReturnValue:
    """The revocation review list as an Excel workbook."""
    return give_workbook(_review_list())


def _register_list() -> Taken:
    """The list of the address."""
    asked = read_asked(session(), this_person(), request.args, today())
    if asked.unclear:
        raise UnclearList
    past = asked.search.as_of
    words = Words(
        asked.choices, language(), past or today(), past=past is not None, causes=asked.causes
    )
    name = "du-an" if language() == "vi" else "projects"
    return Taken(asked.search, asked.columns, words, gettext("Investment projects"), name)


def _review_list() -> Taken:
    """The review list of the address, of one zone or one rule if that is asked."""
    law = law_on(session(), today())
    person = this_person()
    scope = read_scope(session(), person, request.args.get("zone", ""), own_first=False)
    rule = request.args.get("rule") or None
    listed = ReviewFilter(law, today(), rule if rule in law.policy.rules else None)
    return Taken(
        Search(person, (*scope.filters, listed)),
        FOR_REVIEW,
        Words(scope.choices, language(), today(), past=False, causes=known_causes(session())),
        gettext("Revocation review list"),
        "ra-soat" if language() == "vi" else "review",
    )
