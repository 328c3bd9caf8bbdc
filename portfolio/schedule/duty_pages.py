"""Addresses of the worklist of reports, and of the reminders that go from it."""

import re
from typing import cast

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office import outbox
from portfolio.office.may import Permission, may, needs
from portfolio.office.sessions import this_person
from portfolio.register.entry import ActForm
from portfolio.register.progress import ReportKind
from portfolio.register.project import Project
from portfolio.register.row_rule import may_change, visible_to
from portfolio.schedule.blueprint import pages
from portfolio.schedule.duty_list import (
    PAGE,
    DutyState,
    PeriodDue,
    Wanted,
    known_periods,
    read_duty_list,
)
from portfolio.schedule.in_force import law_on
from portfolio.schedule.reminders import Reminded, remind_of
from portfolio.schedule.report_boxes import known_boxes
from portfolio.schedule.scope import Scope, read_scope
from portfolio.web.clock import now, today
from portfolio.web.errors import Refusal

MOST_PICKED = 100
MOST_PAGES = 10_000
"""What an address may ask for; half a million reports stand before it."""
_PICK = re.compile(r"([^:]{1,20}):(Q|Y|M6|MY):(\d{4}(?:-(?:Q[1-4]|H1))?)")


@pages.get("/report-duties")
@needs(Permission.READ_REGISTER)
def report_duties() -> str:
    """What is owed, over the projects of the person: the silent first, the longest silence on top."""
    person, on = this_person(), today()
    policy = law_on(session(), on).policy
    scope = read_scope(session(), person, request.args.get("zone", ""))
    periods = known_periods(policy, on)
    wanted = _wanted(scope, periods)
    found = read_duty_list(session(), wanted, policy, on)
    return render_template(
        "schedule/report_duties.html",
        found=found,
        wanted=wanted,
        states=[(state, _address(wanted, state)) for state in DutyState],
        kinds=list(ReportKind),
        periods=list({one.period: one for one in periods}.values()),
        upcoming=min(
            (one for one in periods if one.due >= on), key=lambda one: one.due, default=None
        ),
        size=PAGE,
        before=_address(wanted, page=wanted.page - 1) if wanted.page > 1 else None,
        after=_address(wanted, page=wanted.page + 1) if found.following else None,
        may_edit=may(person, Permission.CHANGE_PROJECT),
    )


def _wanted(scope: Scope, periods: list[PeriodDue]) -> Wanted:
    """What the address asks; what cannot be understood counts as not asked."""
    asked = request.args
    state, kind, period = (asked.get(name, "") for name in ("state", "kind", "period"))
    return Wanted(
        scope,
        DutyState(state) if state in set(DutyState) else DutyState.SILENT,
        ReportKind(kind) if kind in set(ReportKind) else None,
        period if period in {one.period for one in periods} else None,
        min(max(1, asked.get("page", 1, type=int)), MOST_PAGES),
    )


def _address(wanted: Wanted, state: DutyState | None = None, page: int = 1) -> str:
    given = {
        "state": (state or wanted.state).value,
        "kind": wanted.kind.value if wanted.kind else None,
        "period": wanted.period,
        "page": page if page > 1 else None,
    }
    return wanted.scope.page("/report-duties", **{k: v for k, v in given.items() if v})


# Reminders by hand ----------------------------------------------------------------------------


class NothingPicked(Refusal):
    """No report was chosen, or none that is owed by a project of the office."""

    title = N_("No report was chosen")
    message = N_("Tick the reports in the list, then choose what to do with them.")


@pages.get("/report-duties/reminders")
@needs(Permission.CHANGE_PROJECT)
def ask_reminders() -> str:
    """The reports that were ticked (``?pick=KT-0042:Q:2026-Q4``), and to whom a mail would go."""
    picked = _read_picks(request.args.getlist("pick"))
    boxes = known_boxes(session(), {project.id for project, _report in picked})
    return render_template(
        "schedule/report_reminders.html",
        picked=picked,
        boxes=boxes,
        form=ActForm(),
        can_send=outbox.can_send(),
    )


@pages.post("/report-duties/reminders")
@needs(Permission.CHANGE_PROJECT)
def send_reminders() -> Response:
    """Let the mails wait for the next round of the worker."""
    form, back = ActForm(), url_for("schedule.report_duties")
    earlier = form.earlier_result()
    if earlier is None and form.validate():
        done = remind_of(session(), _picked(request.form.getlist("pick")), today(), now())
        form.spend(back)
        session().commit()
        _tell(done)
    return cast("Response", redirect(earlier or back, 303))


def _picked(picks: list[str]) -> list[tuple[Project, PeriodDue]]:
    """The chosen reports, their projects locked. Raises `NothingPicked`."""
    found = _read_picks(picks, lock=True)
    if not found:
        raise NothingPicked
    return found


def _read_picks(picks: list[str], *, lock: bool = False) -> list[tuple[Project, PeriodDue]]:
    """The chosen reports of projects that the person may change; whatever else was sent is left out."""
    read = [_PICK.fullmatch(pick) for pick in picks[:MOST_PICKED]]
    named = [match.groups() for match in read if match]
    on, person = today(), this_person()
    periods = known_periods(law_on(session(), on).policy, on)
    known = {(one.kind.value, one.period): one for one in periods}
    query = select(Project).where(
        Project.code.in_({code for code, _kind, _period in named}), visible_to(person)
    )
    if lock:
        query = query.with_for_update(of=Project)
    projects = {
        project.code: project
        for project in session().scalars(query.order_by(Project.id))
        if may_change(session(), person, project)
    }
    return [
        (projects[code], known[kind, period])
        for code, kind, period in dict.fromkeys(named)
        if code in projects and (kind, period) in known
    ]


def _tell(done: Reminded) -> None:
    count = len(done.written)
    said = [
        ngettext(
            "A reminder for %(num)d project was written.",
            "Reminders for %(num)d projects were written.",
            count,
        )
    ]
    if done.today_already:
        codes = ", ".join(done.today_already)
        said.append(gettext("Reminded today already: %(codes)s.", codes=codes))
    if done.no_address:
        codes = ", ".join(done.no_address)
        said.append(gettext("No e-mail is known: %(codes)s.", codes=codes))
    if count and not outbox.can_send():
        said.append(gettext("No mail server is set: they wait in the outbox."))
    flash(" ".join(said), "saved" if count else "warning")
