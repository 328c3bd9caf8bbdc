"""Jobs on closed months: closing one, and printing its flash report."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.catalogue.build import print_within_limits
from portfolio.catalogue.progress import Progress
from portfolio.database import short_write
from portfolio.notation import N_
from portfolio.office.may import Permission
from portfolio.office.results import Result
from portfolio.office.trail import Origin
from portfolio.office.work import Task, job
from portfolio.reports.closing import (
    CannotClose,
    MonthlyClosing,
    close_month,
    figures_of,
    last_closing,
    next_to_close,
    worked_out_again,
)
from portfolio.reports.flash import set_flash
from portfolio.web.clock import now, today

CLOSE = "reports.close_month"
PRINT = "reports.print_month"
COUNTING = N_("Working out the figures from the trail")
SEALING = N_("Sealing the month")


@job(CLOSE, label=N_("Closing of a month"), needs=Permission.CLOSE_MONTH)
def close(task: Task) -> None:
    """Work the figures out, then freeze them in one short transaction."""
    month = date.fromisoformat(task.arguments["month"])
    task.report(COUNTING, at_once=True)
    with task.reading() as session:
        task.person(session, Permission.CLOSE_MONTH)
        if next_to_close(session, today()) != month:
            raise CannotClose
        earlier = last_closing(session)
        document, law = figures_of(
            session,
            month,
            earlier.month if earlier else None,
            lambda done: task.report(COUNTING, done),
        )
    task.report(SEALING, at_once=True)
    with short_write() as session:
        person = task.person(session, Permission.CLOSE_MONTH)
        reason = task.arguments["note"] or None
        close_month(session, month, document, law, Origin(person, now(), reason))


@job(PRINT, label=N_("Monthly flash report"), needs=Permission.EXPORT_REGISTER)
def print_month(task: Task) -> Result:
    """The flash report, made from the trail once more: a month that gives other figures is not printed."""
    month, language = date.fromisoformat(task.arguments["month"]), task.arguments["language"]
    task.report(COUNTING, at_once=True)
    with task.reading() as session:
        task.person(session, Permission.EXPORT_REGISTER)
        closing = _closing(session, month)
        document = worked_out_again(session, closing, lambda done: task.report(COUNTING, done))
        html = set_flash(document, closing, language)

    def report(progress: Progress) -> None:
        task.report(progress.step.label, progress.done, progress.total)

    pdf = print_within_limits(html, report, 0)
    return Result(f"{file_name(closing, language)}.pdf", "application/pdf", pdf)


def _closing(session: Session, month: date) -> MonthlyClosing:
    return session.scalars(select(MonthlyClosing).where(MonthlyClosing.month == month)).one()


def file_name(closing: MonthlyClosing, language: str) -> str:
    """The name under which the report is offered, without its ending."""
    return f"{'bao-cao-nhanh' if language == 'vi' else 'flash-report'}-{closing.name}"
