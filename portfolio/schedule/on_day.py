"""A project as pages show it: today's state, or that of a past day, with the law that judges that day."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import request
from flask_babel import gettext

from portfolio.database import session
from portfolio.notation import N_, Unreadable
from portfolio.notation.days import read_day
from portfolio.office import trail
from portfolio.office.sessions import this_person
from portfolio.office.trail import State, TrailEntry, unpack
from portfolio.register.project import Project
from portfolio.register.row_rule import find_visible
from portfolio.schedule import rules
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.evaluate import Law, NoPolicy, judge, law_on
from portfolio.web.clock import PROVINCE_ZONE, today
from portfolio.web.errors import HiddenRecord, Refusal

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class UnknownThen(Refusal):
    """The register did not know the project on that day."""

    status = 404
    title = N_("Not in the register on that day")
    message = N_("The project was logged after %(day)s.")


class BadDay(Refusal):
    """The day of a past state cannot be read, or has not come yet."""

    status = 400
    title = N_("That day cannot be shown")
    message = N_("Enter a past day, for example 2026-01-31.")


@dataclass(frozen=True)
class OnDay:
    """A project, the entry of the trail that was its last on the day, and its state document.

    ``past`` is the past day that was asked for, ``law`` None before a policy is adopted.
    """

    project: Project
    entry: TrailEntry
    state: State
    on: date
    past: date | None
    law: Law | None

    def judged(self) -> tuple[rules.Evaluation | None, str | None]:
        """What the law of delay finds; or None and why it cannot judge, with the path of a bad day."""
        if self.law is None:
            return None, gettext(NoPolicy.message)
        try:
            return judge(self.state, self.law, self.on), None
        except BadDocument as bad:
            words = N_("The dates of this project contradict each other: %(path)s")
            return None, gettext(words, path=str(bad))


def project_on_day(code: str) -> OnDay:
    """The project of an address, with ``?as_of=2026-01-31`` as at the end of that day.

    Raises `HiddenRecord` for what the reader may not see, `UnknownThen` and `BadDay`.
    """
    project = find_visible(session(), this_person(), code)
    past = _asked_day()
    entry = _entry(project, past)
    on = past or today()
    return OnDay(project, entry, unpack(entry.state), on, past, _law(on))


def _asked_day() -> date | None:
    """The past day in the address. Today is shown as today."""
    text = request.args.get("as_of", "").strip()
    if not text:
        return None
    try:
        asked = date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else read_day(text).day
    except (ValueError, Unreadable) as error:
        raise BadDay from error
    if asked > today():
        raise BadDay
    return None if asked == today() else asked


def _entry(project: Project, past: date | None) -> TrailEntry:
    if past is None:
        entry = session().get(TrailEntry, project.entry_seq)
    else:
        midnight = datetime.combine(past + timedelta(days=1), time(), PROVINCE_ZONE)
        entry = trail.entry_at(session(), "project", project.id, midnight)
    if entry is None:
        if past is None:
            raise HiddenRecord
        raise UnknownThen(day=past.strftime("%d/%m/%Y"))
    return entry


def _law(on: date) -> Law | None:
    try:
        return law_on(session(), on)
    except NoPolicy:
        return None
