"""Addresses of the reports: the published totals beside what the register holds."""

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portfolio.database import session
from portfolio.office.may import Permission, needs
from portfolio.reports.control_totals import coverage, published_totals

pages = Blueprint("reports", __name__)


def install(app: Flask) -> None:
    """Add the pages of this subject."""
    app.register_blueprint(pages)


@pages.get("/reports")
@needs(Permission.READ_REGISTER)
def totals() -> ResponseReturnValue:
    """The published lists of 22, 53 and 79, and every control total with its verdict."""
    return render_template(
        "reports/totals.html",
        lists=coverage(session(), current_user),
        totals=published_totals(session()),
    )
