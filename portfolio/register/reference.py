"""What the pages of reference data share: their blueprint, and how rows are found and saved."""

from datetime import date
from typing import Any, cast

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext, ngettext
from flask_login import current_user
from sqlalchemy import func, select

from portfolio.database import session
from portfolio.notation import Unreadable
from portfolio.notation.days import read_day
from portfolio.office.sessions import this_person
from portfolio.office.trail import Origin
from portfolio.register.row_rule import visible_to
from portfolio.web.clock import now, today
from portfolio.web.errors import HiddenRecord
from portfolio.web.forms import PortfolioForm
from portfolio.web.show import notation

REFUSED = 422

reference = Blueprint("reference", __name__)


def asked_day() -> date:
    """The day for which the reader wants the list (``?on=22/11/2026``); today if there is none."""
    try:
        return read_day(request.args["on"], notation()).day if request.args.get("on") else today()
    except Unreadable:
        return today()


def projects_by(column: Any) -> dict[int, int]:
    """How many projects the reader may see, by the key in ``column`` of `Project`."""
    query = select(column, func.count()).where(visible_to(current_user)).group_by(column)
    return {key: count for key, count in session().execute(query) if key is not None}


def find(model: type[Any], key: int, *, lock: bool = False) -> Any:
    """The row with this key, locked against other editors if it is to be changed."""
    row = session().get(model, key, with_for_update={"of": model} if lock else None)
    if row is None:
        raise HiddenRecord
    return row


def origin_of(form: Any) -> Origin:
    """Who acts, now, and the reason given in the form."""
    return Origin(this_person(), now(), form.reason.data)


def saved(projects: int, path: str) -> Response:
    """Back to ``path``, saying how many projects took a new name over."""
    words = gettext("Saved.")
    if projects:
        more = ngettext(
            "%(num)d project took the new name over.",
            "%(num)d projects took the new name over.",
            projects,
        )
        words = f"{words} {more}"
    flash(words, "saved")
    return cast("Response", redirect(path, 303))


def form_page(template: str, form: PortfolioForm, **more: Any) -> Response:
    """A form that was refused, with what was typed."""
    return make_response(render_template(template, form=form, **more), REFUSED)
