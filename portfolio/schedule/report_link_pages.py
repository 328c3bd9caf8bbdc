"""For officers: making the links through which investors file reports, one or many in one act, and revoking."""

import re
from dataclasses import dataclass
from typing import cast

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office import outbox
from portfolio.office.may import Permission, needs
from portfolio.office.one_time_links import OneTimeLink
from portfolio.office.sessions import this_person
from portfolio.office.trail import Origin
from portfolio.register.acts.projects import NotOurs
from portfolio.register.in_hand import project_path
from portfolio.register.progress import ReportKind, report_words
from portfolio.register.project import Project
from portfolio.register.reports_owed import ReportOwed
from portfolio.register.row_rule import find_visible, may_change
from portfolio.schedule.blueprint import pages
from portfolio.schedule.link_entry import MakeLinksForm, RevokeForm
from portfolio.schedule.report_boxes import known_boxes
from portfolio.schedule.report_links import (
    MOST_AT_ONCE,
    PURPOSE,
    MadeReportLink,
    Wanted,
    make_report_links,
    refuse_unless_wanted,
    revoke_report_link,
)
from portfolio.web.clock import now, today
from portfolio.web.errors import Conflict, HiddenRecord, Refusal

REFUSED = 422
_PERIOD = re.compile(r"\d{4}(-(Q[1-4]|H1))?")


@dataclass(frozen=True)
class Picked:
    """One report that was ticked: its place in the form, or why no link can be made for it."""

    pick: str
    project: Project
    kind: ReportKind
    period: str
    owed: ReportOwed | None = None
    why_not: str = ""

    @property
    def words(self) -> str:
        """`Báo cáo quý, Quý III/2026`."""
        return report_words(self.kind, self.period)


class TooManyPicked(Refusal):
    """More than one act can take."""

    title = N_("Too many reports at once")
    message = N_("Choose at most %(most)s reports, send their links, then choose the next.")


def pick_of(code: str, kind: str, period: str) -> str:
    """How a report is named in a form: `KT-0042:Q:2026-Q3`."""
    return f"{code}:{kind}:{period}"


@pages.get("/report-duties/links")
@needs(Permission.CHANGE_PROJECT)
def ask_links() -> str:
    """The reports that were ticked (``?pick=KT-0042:Q:2026-Q3&pick=…``), each with the known e-mail."""
    picked = [_look(pick) for pick in _picks(request.args.getlist("pick"))]
    boxes = known_boxes(session(), {one.project.id for one in picked})
    rows = [{"pick": one.pick, "sent_to": boxes.get(one.project.id)} for one in picked if one.owed]
    return _page(picked, MakeLinksForm(data={"rows": rows}))


@pages.post("/report-duties/links")
@needs(Permission.CHANGE_PROJECT)
def send_links() -> Response:
    """Make the links, let the mails wait, and show each address this once."""
    form = MakeLinksForm()
    if form.earlier_result():
        flash(gettext("The links were made before; each address was shown that once."), "warning")
        return cast("Response", redirect(url_for("schedule.ask_links"), 303))
    boxes = {str(row.form.pick.data or ""): row.form.sent_to.data for row in form.rows}
    # In one order for everybody, so that two officers never wait for each other's projects.
    picked = [_look(pick, lock=True) for pick in sorted(_picks(list(boxes)))]
    if not picked:
        return cast("Response", redirect(url_for("schedule.ask_links"), 303))
    if not form.validate():
        return make_response(_page(picked, form), REFUSED)
    wanted = [
        Wanted(one.project, one.kind, one.period, boxes[one.pick], form.last_day.data)
        for one in picked
    ]
    try:
        made = make_report_links(session(), wanted, Origin(this_person(), now()))
        form.spend(url_for("schedule.ask_links"))
        session().commit()
    except Refusal as refusal:
        session().rollback()
        form.refuse(refusal)
        return make_response(_page([_look(one.pick) for one in picked], form), refusal.status)
    return _made_page(made)


@pages.post("/projects/<code>/report-links/<int:link_id>/revoke")
@needs(Permission.CHANGE_PROJECT)
def revoke_link(code: str, link_id: int) -> Response:
    """Let a link work no more."""
    project = find_visible(session(), this_person(), code, lock=True)
    query = select(OneTimeLink).where(
        OneTimeLink.id == link_id,
        OneTimeLink.project_id == project.id,
        OneTimeLink.purpose == PURPOSE,
    )
    link = session().scalars(query.with_for_update()).one_or_none()
    if link is None:
        raise HiddenRecord
    if not may_change(session(), this_person(), project):
        raise NotOurs
    if not RevokeForm().validate():
        raise HiddenRecord
    try:
        revoke_report_link(session(), project, link, Origin(this_person(), now()))
        session().commit()
    except Conflict as refusal:
        session().rollback()
        flash(refusal.text(), "warning")
    else:
        flash(gettext("The link was revoked; it opens nothing any more."), "saved")
    return cast("Response", redirect(project_path(code, "reports"), 303))


def _picks(given: list[str]) -> list[str]:
    picks = list(dict.fromkeys(filter(None, given)))
    if len(picks) > MOST_AT_ONCE:
        raise TooManyPicked(most=MOST_AT_ONCE)
    return picks


def _look(pick: str, *, lock: bool = False) -> Picked:
    """The report that a pick names. Raises `HiddenRecord` for a project that is not to be seen."""
    code, _, rest = pick.partition(":")
    kind_code, _, period = rest.partition(":")
    known = {one.value: one for one in ReportKind}
    project = find_visible(session(), this_person(), code, lock=lock)
    if kind_code not in known or not _PERIOD.fullmatch(period):
        raise HiddenRecord
    kind = known[kind_code]
    try:
        if not may_change(session(), this_person(), project):
            raise NotOurs
        owed = refuse_unless_wanted(session(), project, kind, period, today())
    except Refusal as refusal:
        return Picked(pick, project, kind, period, why_not=refusal.text())
    return Picked(pick, project, kind, period, owed)


def _page(picked: list[Picked], form: MakeLinksForm) -> str:
    known = {one.pick: one for one in picked if one.owed}
    lines = [
        (row.form, known[row.form.pick.data]) for row in form.rows if row.form.pick.data in known
    ]
    return render_template(
        "schedule/report_links.html",
        lines=lines,
        impossible=[one for one in picked if not one.owed],
        form=form,
        by_mail=outbox.can_send(),
    )


def _made_page(made: list[MadeReportLink]) -> Response:
    mailed = sum(1 for one in made if one.wanted.sent_to)
    page = render_template(
        "schedule/report_links_made.html",
        made=made,
        said=ngettext("%(num)d link was made", "%(num)d links were made", len(made)),
        mailed=mailed,
        by_mail=outbox.can_send(),
    )
    return make_response(page)
