"""Addresses of the reports: the published totals beside what the register holds."""

import re
from decimal import Decimal

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portfolio.database import session
from portfolio.notation.numbers import show_number
from portfolio.office.may import Permission, needs
from portfolio.reports import statistics_pages
from portfolio.reports.control_totals import coverage, published_totals
from portfolio.web.show import notation

pages = Blueprint("reports", __name__)


def install(app: Flask) -> None:
    """Add the pages of this subject."""
    app.register_blueprint(pages)
    statistics_pages.install(app)
    app.jinja_env.filters["figure"] = figure


_ONLY_FIGURES = re.compile(r"[\d.\s+;/()-]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def figure(words: str | None) -> str:
    """Published figures as data files write them (`29567`, `68 + 75.5`), as the reader writes numbers.

    Figures among words stay as printed: there a dot may group thousands.
    """
    if not words or not _ONLY_FIGURES.fullmatch(words):
        return words or ""
    return _NUMBER.sub(lambda found: show_number(Decimal(found.group()), notation()), words)


@pages.get("/reports")
@needs(Permission.READ_REGISTER)
def totals() -> ResponseReturnValue:
    """The published lists of 22, 53 and 79, and every control total with its verdict."""
    return render_template(
        "reports/totals.html",
        lists=coverage(session(), current_user),
        totals=published_totals(session()),
    )
