"""The page behind a one-time link: an investor without an account files one report, and sees the receipt.

Nothing of the register is shown but what the report is about. Reading notes the first opening and
tokens that name nothing, each in a transaction of its own; it writes nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Flask, Response, g, make_response, redirect, render_template, request
from sqlalchemy.orm import Session

from portfolio.database import database, session, short_write
from portfolio.office import throttle
from portfolio.office.may import public
from portfolio.office.one_time_links import (
    EndedLink,
    OneTimeLink,
    find_link,
    last_day_of,
    note_opened,
    reopen_link,
)
from portfolio.office.people import User
from portfolio.office.trail import State
from portfolio.register.line_keeping import day_of
from portfolio.register.progress import ProgressReport, ReportKind, report_words
from portfolio.register.project import Project
from portfolio.register.reports_owed import ReportOwed, find_owed
from portfolio.register.row_rule import follower_of
from portfolio.schedule import link_files, report_answers
from portfolio.schedule.blueprint import pages
from portfolio.schedule.link_entry import (
    NOTHING_SAID,
    STEP,
    LinkReportForm,
    typed_again,
    worth_keeping,
)
from portfolio.schedule.links_shown import links_shown
from portfolio.schedule.report_answers import Standing, standing_of
from portfolio.schedule.report_links import PURPOSE, read_subject, report_of, state_of
from portfolio.web import parked
from portfolio.web.clock import now
from portfolio.web.errors import Refusal, TooMany
from portfolio.web.headers import takes_attachment
from portfolio.web.keys import read_key
from portfolio.web.open_forms import leave_key_to, proved_by_address, without_menu

WRONG_TOKENS, SENDINGS, SENDINGS_OF_ADDRESS = 30, 80, 500
"""What is free before the waits of `throttle` begin: telephones of one network share an address."""
WAIT = 900
"""Seconds that are named to whoever is stopped: the longest wait."""


@dataclass
class Asked:
    """What a link asks for, as it stands now."""

    token: str
    link: OneTimeLink
    project: Project
    kind: ReportKind
    period: str
    state: State
    report: ProgressReport | None
    owed: ReportOwed | None
    standing: Standing

    @property
    def open(self) -> bool:
        """Whether the report can still be sent."""
        return self.standing in {Standing.OPEN, Standing.SENT_BACK}


def install(app: Flask) -> None:
    """A form here is proved by its address: telephones lose cookies. Officers see what became of links."""
    leave_key_to(app, send_answer)
    app.jinja_env.globals["report_links_of"] = lambda project_id: links_shown(session(), project_id)


@pages.get("/answer/<token>")
@public
@without_menu
def show_answer(token: str) -> Response:
    """The form, or what has become of it: received, entered by the office, no longer asked for."""
    try:
        asked = _asked(session(), token, now())
    except EndedLink as ended:
        return _ended(ended)
    if request.method == "GET":
        note_opened(asked.link, now())
    return _shown(asked, _form_of(asked) if asked.open else None)


@pages.post("/answer/<token>")
@takes_attachment
@public
@proved_by_address
def send_answer(token: str) -> Response:
    """Keep what was typed and the files; on "send" file the report. It arrives once, however often it is sent."""
    try:
        with database().open_session(write=False) as reading:
            _refuse_too_many(reading, find_link(reading, token, now()))
        # Before the database is held for writing: drawing photos anew takes seconds.
        looked = link_files.look_into(request.files.getlist("files"))
        return _take(token, looked)
    except EndedLink as ended:
        # The count of wrong links is written by itself, and must not wait for this transaction.
        session().rollback()
        return _ended(ended)


def _take(token: str, looked: link_files.Looked) -> Response:
    link = find_link(session(), token, now(), lock=True)
    _count_sending(link)
    asked = _asked(session(), token, now())
    form = LinkReportForm()
    if not asked.open or form.earlier_result():
        return _back(token)
    if link.used_at is not None:
        reopen_link(link)
    gone = _keep(link, looked)
    if looked.refused:
        form.files.errors = [*looked.refused]
        return _shown(asked, form, 422)
    if request.form.get(STEP, "send") != "send":
        link_files.forget_bytes(gone)
        return _back(token, "files")
    return _file(asked, form)


def _keep(link: OneTimeLink, looked: link_files.Looked) -> list[str]:
    """Save what was typed and the files with the link, so that neither a slip nor a lost line costs them."""
    step, gone = request.form.get(STEP, ""), []
    stored = link_files.keep_at_link(session(), link, looked, now())
    if step.startswith("drop-"):
        gone = link_files.take_off(link, read_key(step.removeprefix("drop-")))
    link.answer = {"typed": worth_keeping(parked.typed_fields())}
    try:
        session().commit()
    except BaseException:
        link_files.forget_bytes(stored)
        raise
    return gone


def _file(asked: Asked, form: LinkReportForm) -> Response:
    if not form.validate():
        return _shown(asked, form, 422)
    if form.says_nothing:
        form.refuse(Refusal(NOTHING_SAID))
        return _shown(asked, form, 422)
    facts = form.facts(asked.kind, asked.period, day_of(now()))
    try:
        if report_answers.file_report(session(), asked.token, facts, now()) is not None:
            # The path would hold the secret; whoever sends this form again is led back by the page.
            form.spend("/")
        session().commit()
    except Refusal as refusal:
        session().rollback()
        again = _asked(session(), asked.token, now())
        if not again.open:
            return _back(asked.token)
        form.refuse(refusal)
        return _shown(again, form, refusal.status)
    return _back(asked.token)


# What stands behind a token -------------------------------------------------------------------


def _asked(db: Session, token: str, at: datetime) -> Asked:
    link = find_link(db, token, at)
    if link.purpose != PURPOSE:
        raise EndedLink
    project = db.get_one(Project, link.project_id)
    kind, period = read_subject(link)
    state = g.project_in_hand = state_of(db, project)
    report = report_of(project, kind, period)
    owed = find_owed(db, state, kind, period, day_of(at))
    standing = standing_of(link, report, owed)
    return Asked(token, link, project, kind, period, state, report, owed, standing)


def _form_of(asked: Asked) -> LinkReportForm:
    """What was typed before; else what was sent back; else empty."""
    typed = (asked.link.answer or {}).get("typed")
    if typed:
        return LinkReportForm(formdata=typed_again(typed, asked.state))
    subject = (asked.kind, asked.period)
    told = [
        one for one in asked.state.get("reports", ()) if (one["kind"], one["period"]) == subject
    ]
    return LinkReportForm(formdata=None, data=LinkReportForm.shown(told[0] if told else {}))


def _counts_of(link: OneTimeLink) -> dict[str, int]:
    """What sendings at a link are counted under, and how many are free."""
    return {
        throttle.link_key(link.id): SENDINGS,
        throttle.answer_key(request.remote_addr): SENDINGS_OF_ADDRESS,
    }


def _refuse_too_many(db: Session, link: OneTimeLink) -> None:
    if throttle.is_stopped(db, _counts_of(link), now()):
        raise TooMany(seconds=WAIT)


def _count_sending(link: OneTimeLink) -> None:
    for key, free in _counts_of(link).items():
        throttle.count_try(session(), key, now(), free)


def _ended(ended: EndedLink) -> Response:
    """One and the same page for what ended, was revoked, or never was; guessing is slowed down."""
    with short_write() as own:
        key = throttle.wrong_link_key(request.remote_addr)
        if throttle.is_stopped(own, [key], now()):
            raise TooMany(seconds=WAIT)
        throttle.count_try(own, key, now(), WRONG_TOKENS)
    return _guarded(make_response(render_template("schedule/link_ended.html", why=ended), 410))


# Pages ----------------------------------------------------------------------------------------


def _shown(asked: Asked, form: LinkReportForm | None, status: int = 200) -> Response:
    officer = session().get(User, asked.link.made_by_id) if asked.link.made_by_id else None
    follower = follower_of(session(), asked.project)
    office = follower or (officer.office if officer else None)
    page = render_template(
        f"schedule/link_{'form' if form is not None else 'receipt'}.html",
        asked=asked,
        form=form,
        report_name=report_words(asked.kind, asked.period),
        office=office.name if office else "",
        officer=officer,
        last_day=last_day_of(asked.link),
        limits=link_files.limits_in_words(),
        most_files=link_files.MOST_FILES,
        number=report_answers.receipt_number(asked.project.code, asked.kind, asked.period),
        receipt=report_answers.receipt_of(asked.link, asked.state),
        investors=", ".join(
            part.investor.name for part in asked.project.investors if part.until is None
        ),
        late=asked.owed is not None and day_of(now()) > asked.owed.due_on,
    )
    return _guarded(make_response(page, status))


def _back(token: str, anchor: str = "") -> Response:
    address = f"{request.script_root}/answer/{token}"
    return _guarded(cast("Response", redirect(f"{address}#{anchor}" if anchor else address, 303)))


def _guarded(answer: Response) -> Response:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
