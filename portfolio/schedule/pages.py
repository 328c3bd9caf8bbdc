"""What the law of delay is made of: its addresses, its duties, and what it tells the register."""

from flask import Flask

from portfolio.register.findings import know_findings
from portfolio.schedule import (
    calendar_pages,  # noqa: F401  its addresses
    deadlines,  # noqa: F401  its table
    duties,
    duty_pages,  # noqa: F401  its addresses
    lateness_known,
    link_pages,
    policy_pages,
    project_pages,
    reminders,  # noqa: F401  its tables and duty
    report_duties,
    report_link_pages,  # noqa: F401  its addresses
    report_pages,  # noqa: F401  its addresses
    review_list_pages,  # noqa: F401  its addresses
    worklist_pages,  # noqa: F401  its addresses
    zone_summary_pages,  # noqa: F401  its addresses
)
from portfolio.schedule.blueprint import pages
from portfolio.schedule.standing import judge_states


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
