"""Addresses of the statistics and of the closed months."""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import TextAreaField
from wtforms.validators import Length

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office.job import enqueue, refuse_flood
from portfolio.office.may import Permission, may, needs
from portfolio.office.people import User
from portfolio.office.sessions import this_person
from portfolio.office.trail_words import SubjectWords, know_subject
from portfolio.office.work import kind_of
from portfolio.register.choices import choices
from portfolio.register.filters.answers import STATES
from portfolio.register.phases import Side
from portfolio.register.row_rule import sees_everything
from portfolio.reports import closing_jobs, flash_workbook
from portfolio.reports.closing import (
    KIND,
    CannotClose,
    MonthlyClosing,
    closings,
    expected_in_lines,
    last_closing,
    next_to_close,
)
from portfolio.reports.commands import group
from portfolio.reports.standings import standings_now
from portfolio.reports.statistics import Document, Names, statistics
from portfolio.reports.tally import CLASSES
from portfolio.schedule.in_force import law_on
from portfolio.web import show
from portfolio.web.clock import now, today
from portfolio.web.errors import HiddenRecord
from portfolio.web.forms import PortfolioForm
from portfolio.web.languages import language

pages = Blueprint("statistics", __name__)


def install(app: Flask) -> None:
    """Add the pages, the jobs and `flask closings`."""
    app.register_blueprint(pages)
    app.cli.add_command(group)
    app.jinja_env.filters.update(amount=Decimal, day_text=_day)
    know_subject(
        KIND,
        SubjectWords(
            N_("Closed month"),
            lambda state: str(state["name"]),
            lambda state: f"/closings/{state['name']}",
        ),
        acts={"close_month": N_("Month closed")},
        fields={
            "digest": N_("Seal"),
            "head_seq": N_("Last entry of the trail that counts"),
            "policy": N_("Policy version"),
        },
    )


def _day(text: str) -> str:
    return show.day(date.fromisoformat(text))


CLASS_WORDS = {name: STATES[name] for name in CLASSES}
GROUPS = {
    "zone": (N_("By zone"), "zones"),
    "sector": (N_("By sector"), "sectors"),
    "new": (N_("By commune of today"), "new_places"),
    "old": (N_("By former district"), "old_places"),
}
"""How the tables can be grouped: what it is called, and its part of the document."""

_MONTH = re.compile(r"\d{4}-\d{2}")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CloseForm(PortfolioForm):
    """Closing a month; a note may say what is special about it."""

    note = TextAreaField(N_("Note"), [Length(max=2000, message=N_("At most 2,000 characters."))])


@pages.get("/statistics")
@needs(Permission.READ_REGISTER)
def show_statistics() -> str:
    """The licensed projects of today, counted."""
    return render_template(
        "reports/statistics.html",
        found=_figures_now(this_person()),
        live=True,
        **_grouped(_group(), url_for("statistics.show_statistics")),
    )


def _figures_now(person: User) -> Document:
    db = session()
    within, closed = choices(db), last_closing(db)
    since = closed.month if closed else None
    return statistics(
        db,
        standings_now(db, person),
        on=today(),
        policy=law_on(db, today()).policy,
        names=Names(
            {key: (zone.vi, zone.en) for key, zone in within.zones.items()},
            {key: (sector.vi, sector.en) for key, sector in within.sectors.items()},
            {key: (unit.vi, unit.vi) for key, unit in within.units.items()},
        ),
        since=since,
        expected_before=expected_in_lines(db, since) if since else {},
    )


def _grouped(group: str, here: str) -> dict[str, Any]:
    """What both pages need to draw the figures, by the group that was asked for."""
    links = [
        (gettext(words), f"{here}?by={key}#groups", key == group)
        for key, (words, _part) in GROUPS.items()
    ]
    return {
        "group": group,
        "groups": GROUPS,
        "group_links": links,
        "states": CLASS_WORDS,
        "sides": {side.value: side.label for side in Side},
    }


def _group() -> str:
    asked = request.args.get("by", "zone")
    return asked if asked in GROUPS else "zone"


@pages.get("/closings")
@needs(Permission.READ_REGISTER)
def list_closings() -> str:
    """The closed months, and the one that may be closed now."""
    return _closings_page(CloseForm())


def _closings_page(form: CloseForm) -> str:
    person = this_person()
    open_month = next_to_close(session(), today())
    return render_template(
        "reports/closings.html",
        months=closings(session()),
        whole=sees_everything(person),
        states=CLASS_WORDS,
        open_month=open_month,
        form=form if open_month and may(person, Permission.CLOSE_MONTH) else None,
    )


@pages.post("/closings")
@needs(Permission.CLOSE_MONTH)
def close_next() -> ResponseReturnValue:
    """Close the month whose turn it is; a worker does it."""
    form, db = CloseForm(), session()
    earlier = form.earlier_result()
    if earlier is not None:
        return redirect(earlier, 303)
    if not form.validate():
        return make_response(_closings_page(form), 422)
    month = next_to_close(db, today())
    if month is None:
        raise CannotClose
    arguments = {"month": month.isoformat(), "note": form.note.data or ""}
    return _start(closing_jobs.CLOSE, arguments, form)


@pages.get("/closings/<month>")
@needs(Permission.READ_REGISTER)
def show_closing(month: str) -> str:
    """One closed month, as it was sealed."""
    return _closing_page(_closing(month), CloseForm())


def _closing_page(closed: MonthlyClosing, form: CloseForm) -> str:
    person = this_person()
    found, whole = closed.figures, sees_everything(person)
    if not whole:
        found = narrowed(found, choices(session()).visible_zones(person))
    return render_template(
        "reports/closing.html",
        closing=closed,
        found=found,
        live=False,
        whole=whole,
        may_export=may(person, Permission.EXPORT_REGISTER),
        form=form,
        **_grouped(
            _group() if whole else "zone", url_for("statistics.show_closing", month=closed.name)
        ),
    )


@pages.post("/closings/<month>/report")
@needs(Permission.EXPORT_REGISTER)
def print_closing(month: str) -> ResponseReturnValue:
    """The monthly flash report as a PDF; a worker makes it from the trail."""
    closed, form = _closing(month), CloseForm()
    if not sees_everything(this_person()):
        raise HiddenRecord
    earlier = form.earlier_result()
    if earlier is not None:
        return redirect(earlier, 303)
    if not form.validate():
        return make_response(_closing_page(closed, form), 422)
    arguments = {"month": closed.month.isoformat(), "language": language()}
    return _start(closing_jobs.PRINT, arguments, form)


@pages.get("/closings/<month>/report.xlsx")
@needs(Permission.EXPORT_REGISTER)
def closing_workbook(month: str) -> Response:
    """The figures of a closed month as an Excel workbook."""
    closed = _closing(month)
    if not sees_everything(this_person()):
        raise HiddenRecord
    answer = Response(flash_workbook.write(closed, language()), mimetype=WORKBOOK)
    answer.headers["Content-Disposition"] = f"attachment; filename={_file_name(closed)}.xlsx"
    return answer


def _file_name(closed: MonthlyClosing) -> str:
    return closing_jobs.file_name(closed, language())


def _start(kind_name: str, arguments: dict[str, str], form: CloseForm) -> ResponseReturnValue:
    person, kind = this_person(), kind_of(kind_name)
    refuse_flood(session(), kind_name, by=person, at=now(), most=kind.most_an_hour if kind else 0)
    job = enqueue(session(), kind_name, arguments, by=person, at=now())
    address = url_for("office.show_job", ref=job.ref)
    form.spend(address)
    session().commit()
    return redirect(address, 303)


def _closing(month: str) -> MonthlyClosing:
    found = None
    if _MONTH.fullmatch(month):
        found = next((one for one in closings(session()) if one.name == month), None)
    if found is None:
        raise HiddenRecord
    return found


def narrowed(found: Document, zone_ids: Collection[int]) -> Document:
    """The figures of some zones only: whoever sees no more projects reads no more of a closed month."""
    rows = [row for row in found["zones"] if row["id"] in zone_ids]
    return found | {
        "total": None,
        "zones": rows,
        "sectors": [],
        "new_places": [],
        "old_places": [],
        "causes": None,
        "slips": [],
    }
