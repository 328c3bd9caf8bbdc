"""The calendar of coming deadlines: `/calendar`, and its secret address for calendar programs."""

from datetime import date
from hashlib import sha256

from flask import Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portfolio.database import session, short_write
from portfolio.notation import N_
from portfolio.notation.icalendar import MEDIA_TYPE
from portfolio.office import throttle
from portfolio.office.may import Permission, needs, public
from portfolio.office.sessions import this_person
from portfolio.register.columns import Words
from portfolio.schedule.blueprint import pages
from portfolio.schedule.calendar import REPORTS, beside, month_of, read_agenda
from portfolio.schedule.coming import KINDS
from portfolio.schedule.deadline_words import kind_words, part_of_project
from portfolio.schedule.evaluate import law_on
from portfolio.schedule.feed import (
    address_of_feed,
    make_feed,
    note_read,
    person_of_feed,
    revoke_feed,
    write_feed,
)
from portfolio.schedule.looking import CalendarFeed
from portfolio.schedule.scope import read_scope
from portfolio.web.clock import now, today
from portfolio.web.errors import HiddenRecord, TooMany
from portfolio.web.forms import PortfolioForm
from portfolio.web.languages import language

WRONG_TOKENS = 30
"""What is free before the waits of `throttle` begin: an office reads through one address."""
_REPORT_WORDS = N_("Report due")


@pages.get("/calendar")
@needs(Permission.READ_REGISTER)
def calendar() -> str:
    """A month of coming deadlines, of one kind or on one day if that is asked."""
    person = this_person()
    scope = read_scope(session(), person, request.args.get("zone", ""))
    month = month_of(request.args.get("month", ""), today())
    kind = request.args.get("kind") or None
    kind = kind if kind in {*KINDS, REPORTS} else None
    day = _day(request.args.get("day", ""))
    day = day if day is not None and month.begins <= day <= month.last else None
    found = read_agenda(
        session(),
        scope,
        law_on(session(), today()).policy,
        day or month.begins,
        day or month.last,
        kind=kind,
        page=request.args.get("page", 1, type=int),
    )
    earlier, later = beside(month, today())
    return render_template(
        "schedule/calendar.html",
        scope=scope,
        found=found,
        month=month,
        earlier=earlier,
        later=later,
        kind=kind,
        day=day,
        on=today(),
        kinds={name: kind_words(name) for name in KINDS} | {REPORTS: gettext(_REPORT_WORDS)},
        kind_words=kind_words,
        part_of_project=part_of_project,
        words=Words(scope.choices, language(), today(), past=False),
        feed=session().get(CalendarFeed, person.id),
        blank=PortfolioForm(formdata=None),
    )


@pages.post("/calendar/feed")
@needs(Permission.READ_REGISTER)
def make_calendar_feed() -> ResponseReturnValue:
    """Make a secret address, or another one instead of it; it is shown this once."""
    form = PortfolioForm()
    if earlier := form.earlier_result():
        return redirect(earlier, 303)
    token = make_feed(session(), this_person(), now())
    form.spend("/calendar")
    session().commit()
    return make_response(
        render_template("schedule/calendar_feed.html", address=address_of_feed(token))
    )


@pages.post("/calendar/feed/revoke")
@needs(Permission.READ_REGISTER)
def revoke_calendar_feed() -> ResponseReturnValue:
    """Let the secret address open nothing any more."""
    revoke_feed(session(), this_person())
    session().commit()
    return redirect("/calendar#feed", 303)


@pages.get("/calendar/<token>.ics")
@public
def calendar_file(token: str) -> Response:
    """The deadlines of the person whose secret this is, as the row rule lets that person see them."""
    found = person_of_feed(session(), token)
    if found is None:
        _slow_down_guessing()
        raise HiddenRecord
    feed, person = found
    body = write_feed(session(), person, today())
    # Reading ends here: that it was read is written in a transaction of its own.
    session().close()
    note_read(feed, now())
    answer = Response(body, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    answer.set_etag(sha256(body).hexdigest()[:32])
    answer.headers["Content-Disposition"] = "inline; filename=deadlines.ics"
    answer.make_conditional(request)
    return answer


def _slow_down_guessing() -> None:
    session().close()
    with short_write() as own:
        key = throttle.wrong_link_key(request.remote_addr)
        if throttle.is_stopped(own, [key], now()):
            raise TooMany(seconds=900)
        throttle.count_try(own, key, now(), WRONG_TOKENS)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
