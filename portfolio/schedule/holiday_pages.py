"""Public holidays on screen: years as lists, days added and dropped."""

from dataclasses import dataclass
from datetime import date

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from portfolio.database import session
from portfolio.office.may import Permission, may, needs
from portfolio.register.entry import ActForm
from portfolio.schedule import holiday_acts as acts
from portfolio.schedule.blueprint import pages
from portfolio.schedule.policy import Holiday
from portfolio.schedule.policy_draft_pages import origin_of
from portfolio.schedule.policy_entry import ReasonForm
from portfolio.web.clock import today
from portfolio.web.errors import Refusal
from portfolio.web.fields import ProseField, Required, TextField

REFUSED = 422
WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip


class HolidaysForm(ActForm):
    """Days, one in each line."""

    lines = ProseField(
        _("Days"),
        [Required()],
        longest=20_000,
        description=_("One in each line: the day, then its name. 02/09/2027 National Day"),
    )
    source = TextField(
        _("Source"),
        [Required()],
        longest=1000,
        description=_("The announcement that names the days"),
    )
    reason = TextField(_("Remark"), longest=2000)


@dataclass(frozen=True)
class Year:
    """A year of the table: its days as known now, and those that were dropped."""

    number: int
    days: list[Holiday]
    dropped: list[Holiday]


@pages.get("/policy/holidays")
@needs(Permission.READ_REGISTER)
def list_holidays() -> str:
    """The table by years, the coming ones first; a year without a table is named."""
    return _page(HolidaysForm())


@pages.post("/policy/holidays")
@needs(Permission.KEEP_POLICY)
def add_holidays() -> Response:
    """Add days; all projects are judged again with them."""
    form = HolidaysForm()
    earlier = form.earlier_result()
    if earlier is not None:
        return redirect(earlier, 303)
    if not form.validate():
        return make_response(_page(form), REFUSED)
    try:
        lines = acts.read_lines(form.lines.data or "")
        added = acts.add_holidays(session(), lines, form.source.data or "", origin_of(form))
    except Refusal as refusal:
        session().rollback()
        form.refuse(refusal)
        return make_response(_page(form), refusal.status)
    path = url_for("schedule.list_holidays", _anchor=f"y{added[0].on.year}")
    form.spend(path)
    session().commit()
    words = ngettext("%(num)d day was added.", "%(num)d days were added.", len(added))
    flash(words, "saved")
    return redirect(path, 303)


@pages.get("/policy/holidays/<int:holiday_id>/drop")
@needs(Permission.KEEP_POLICY)
def ask_drop(holiday_id: int) -> str:
    """Why the day is wrong."""
    holiday = acts.find_holiday(session(), holiday_id)
    return render_template("schedule/holidays_drop.html", form=ReasonForm(), holiday=holiday)


@pages.post("/policy/holidays/<int:holiday_id>/drop")
@needs(Permission.KEEP_POLICY)
def drop(holiday_id: int) -> Response:
    """Take it out of the table; all projects are judged again without it."""
    holiday, form = acts.find_holiday(session(), holiday_id, lock=True), ReasonForm()
    if not form.validate():
        page = render_template("schedule/holidays_drop.html", form=form, holiday=holiday)
        return make_response(page, REFUSED)
    path = url_for("schedule.list_holidays", _anchor=f"y{holiday.on.year}")
    acts.drop_holiday(session(), holiday, origin_of(form))
    session().commit()
    flash(gettext("The day was dropped. It stays on the page with its reason."), "saved")
    return redirect(path, 303)


def _page(form: HolidaysForm) -> str:
    years = _years()
    # A term that runs now may end in the next year, so that one belongs to the table too.
    expected = range(min((year.number for year in years), default=today().year), today().year + 2)
    known = {year.number for year in years if year.days}
    return render_template(
        "schedule/holidays.html",
        form=form,
        years=years,
        missing=[number for number in expected if number not in known],
        may_keep=may(current_user, Permission.KEEP_POLICY),
        weekday=lambda day: WEEKDAYS[day.weekday()],
    )


def _years() -> list[Year]:
    rows = list(session().scalars(select(Holiday).order_by(Holiday.on, Holiday.id)))
    numbers = sorted({row.on.year for row in rows}, reverse=True)
    return [
        Year(
            number,
            [row for row in rows if _is_in(row.on, number) and row.dropped_at is None],
            [row for row in rows if _is_in(row.on, number) and row.dropped_at is not None],
        )
        for number in numbers
    ]


def _is_in(day: date, year: int) -> bool:
    return day.year == year
