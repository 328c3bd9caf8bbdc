"""Addresses of the law of delay: the revocation review list."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portfolio.database import session
from portfolio.office.may import Permission, needs
from portfolio.schedule import (
    calendar_pages,  # noqa: F401  its addresses
    deadlines,  # noqa: F401  its table
    duties,
    lateness_known,
    link_pages,
    project_pages,
    policy_pages,
    report_duties,
    report_link_pages,  # noqa: F401  its addresses
    duty_pages,  # noqa: F401  its addresses
    reminders,  # noqa: F401  its tables and duty
    report_pages,  # noqa: F401  its addresses
    worklist_pages,  # noqa: F401  its addresses
    zone_summary_pages,  # noqa: F401  its addresses
)
from portfolio.register.findings import know_findings
from portfolio.schedule.blueprint import pages
from portfolio.schedule.evaluate import law_on
from portfolio.schedule.review_list import read_review_list
from portfolio.schedule.standing import judge_states
from portfolio.web.clock import today


def install(app: Flask) -> None:
    """Add the pages of this subject, and what it does by itself."""
    duties.install()
    policy_pages.install(app)
    project_pages.install(app)
    lateness_known.install(app)
    know_findings(app, judge_states)
    report_duties.install(app)
    link_pages.install(app)
    app.register_blueprint(pages)


@pages.get("/review-list")
@needs(Permission.READ_REGISTER)
def review_list() -> ResponseReturnValue:
    """Projects with an open ground or a call for review, the longest standing first."""
    law = law_on(session(), today())
    chosen = request.args.get("rule") or None
    if chosen not in law.policy.rules:
        chosen = None
    found = read_review_list(
        session(),
        current_user,
        law,
        on=today(),
        rule=chosen,
        page=request.args.get("page", 1, type=int),
    )
    return render_template(
        "schedule/review_list.html",
        found=found,
        chosen=chosen,
        rules=law.policy.rules,
        policy=law.policy,
        on=today(),
    )
