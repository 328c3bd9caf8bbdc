"""Links through which an investor files a progress report: made, mailed, answered, revoked.

One link stands for one report: a project, a kind, a period. What may still be asked at it follows from
the report itself, so a report that the office entered meanwhile, or sent back, changes what it shows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office import outbox
from portfolio.office.one_time_links import (
    LinkState,
    MadeLink,
    OneTimeLink,
    last_day_of,
    make_link,
    revoke_link,
    state_of_link,
)
from portfolio.office.trail import Origin, State, TrailEntry, record, record_all, unpack
from portfolio.register.acts.projects import refuse_unless_may_change
from portfolio.register.line_keeping import day_of
from portfolio.register.progress import ProgressReport, ReportKind, ReportStatus, report_words
from portfolio.register.project import Project
from portfolio.register.reports_owed import ReportOwed, find_owed
from portfolio.web import show
from portfolio.web.errors import Conflict, Refusal

PURPOSE = "report"
GOOD_FOR = timedelta(days=30)
LONGEST = timedelta(days=366)
MOST_AT_ONCE = 100
_MAILBOX = re.compile(r"[^@\s,;<>()\[\]:\"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
LONGEST_MAILBOX = 254

_SUBJECT = N_("%(report)s: %(project)s")
_BODY = N_(
    "%(office)s asks for the %(report)s of the project %(project)s (%(code)s), due on %(due)s.\n\n"
    "Open this address on a telephone or a computer and fill in the page; no account is needed:\n\n"
    "%(link)s\n\n"
    "The link is for this report only and works until the end of %(last)s. Whoever has it can file the"
    " report, so pass it on only to whoever fills it in.\n\nSent by: %(officer)s"
)

_SENT_BACK = N_("The report was sent back on %(day)s: %(why)s")


@dataclass(frozen=True)
class Wanted:
    """A report for which a link is wanted; without ``last_day`` the usual one, without ``sent_to`` no mail."""

    project: Project
    kind: ReportKind
    period: str
    sent_to: str | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class MadeReportLink:
    """A new link with its address, which can be shown this once."""

    wanted: Wanted
    owed: ReportOwed
    made: MadeLink

    @property
    def address(self) -> str:
        """The absolute address."""
        return self.made.address

    @property
    def words(self) -> str:
        """`Báo cáo quý, Quý III/2026`."""
        return report_words(self.wanted.kind, self.wanted.period)

    @property
    def last_day(self) -> date:
        """The last day on which it works."""
        return last_day_of(self.made.link)


# Making ---------------------------------------------------------------------------------------


def make_report_links(
    session: Session, wanted: Sequence[Wanted], origin: Origin
) -> list[MadeReportLink]:
    """One act: a link for each report, and a mail for each that has an address.

    An earlier link for the same report is revoked. The projects are locked by the caller. Raises
    `Refusal` when one of them owes no such report, or has it in already.
    """
    made = [_make_one(session, one, origin) for one in wanted]
    words = "; ".join(dict.fromkeys(_office_words(one.kind, one.period) for one in wanted))
    projects = list(dict.fromkeys(one.project for one in wanted))
    if projects:
        record_all(session, projects, "make_report_link", replace(origin, reason=words))
    for one in made:
        if one.wanted.sent_to:
            _mail(session, one, origin)
    return made


def _make_one(session: Session, wanted: Wanted, origin: Origin) -> MadeReportLink:
    refuse_unless_may_change(session, origin.by, wanted.project)
    on = day_of(origin.at)
    owed = refuse_unless_wanted(session, wanted.project, wanted.kind, wanted.period, on)
    last_day = wanted.last_day or usual_last_day(owed, on)
    if not on <= last_day <= on + LONGEST:
        raise Refusal(N_("The link must end between today and a year from now."), field="last_day")
    if wanted.sent_to and not _MAILBOX.fullmatch(wanted.sent_to):
        raise Refusal(N_("Enter one e-mail address, for example ten@congty.vn"), field="sent_to")
    made = make_link(
        session,
        purpose=PURPOSE,
        project_id=wanted.project.id,
        subject=subject_of(wanted.kind, wanted.period),
        last_day=last_day,
        origin=origin,
        sent_to=wanted.sent_to,
    )
    return MadeReportLink(wanted, owed, made)


def refuse_unless_wanted(
    session: Session, project: Project, kind: ReportKind, period: str, on: date
) -> ReportOwed:
    """The duty that a link would be for. Raises `Refusal` if nothing is asked, or it is in."""
    owed = find_owed(session, state_of(session, project), kind, period, on)
    if owed is None or owed.begins > on:
        raise Refusal(
            N_("%(code)s owes no such report, or its period has not begun."), code=project.code
        )
    report = report_of(project, kind, period)
    if report is not None and report.status is not ReportStatus.SENT_BACK:
        raise Conflict(
            N_("The report of %(code)s for this period is in, or is not asked for any more."),
            code=project.code,
        )
    return owed


def usual_last_day(owed: ReportOwed, on: date) -> date:
    """Thirty days from today, or from the due day if that is later."""
    return max(on, owed.due_on) + GOOD_FOR


def revoke_report_link(
    session: Session, project: Project, link: OneTimeLink, origin: Origin
) -> None:
    """Let a link work no more; one that was answered stays as it is."""
    refuse_unless_may_change(session, origin.by, project)
    if state_of_link(link, origin.at) in {LinkState.USED, LinkState.ENDED, LinkState.REVOKED}:
        raise Conflict(N_("This link has been used, has ended, or was revoked already."))
    revoke_link(link, origin)
    kind, period = read_subject(link)
    record(
        session,
        project,
        "revoke_report_link",
        replace(origin, reason=_office_words(kind, period)),
    )


def subject_of(kind: ReportKind, period: str) -> dict[str, Any]:
    """What a link is about, as it is stored."""
    return {"kind": kind.value, "period": period}


def read_subject(link: OneTimeLink) -> tuple[ReportKind, str]:
    """The kind and period of the report that a link is for."""
    return ReportKind(link.subject["kind"]), str(link.subject["period"])


def _office_words(kind: ReportKind, period: str) -> str:
    """The report in the office's own language, as it is stored."""
    with force_locale(str(current_app.config.get("LANGUAGE", "vi"))):
        return report_words(kind, period)


# Mail -----------------------------------------------------------------------------------------


def _mail(session: Session, one: MadeReportLink, origin: Origin) -> None:
    """Let the link wait in the outbox, in both languages: nobody knows who reads it."""
    texts = []
    for language in ("vi", "en"):
        with force_locale(language):
            texts.append(
                gettext(
                    _BODY,
                    office=_office_of(origin),
                    report=report_words(one.wanted.kind, one.wanted.period),
                    project=one.wanted.project.name,
                    code=one.wanted.project.code,
                    due=show.day(one.owed.due_on),
                    link=one.made.place,
                    last=show.day(one.last_day),
                    officer=f"{origin.by_name}, {origin.by.email}" if origin.by else origin.by_name,
                )
                + _why_again(one.wanted)
            )
    with force_locale("vi"):
        subject = gettext(
            _SUBJECT,
            report=report_words(one.wanted.kind, one.wanted.period),
            project=one.wanted.project.name,
        )
    to = one.wanted.sent_to or ""
    outbox.put(session, to, one_line(subject), "\n\n– – –\n\n".join(texts), origin.at)


def _why_again(wanted: Wanted) -> str:
    """What the office missed in the report that it sent back, as the last words of the mail."""
    report = report_of(wanted.project, wanted.kind, wanted.period)
    if report is None or report.decided_on is None:
        return ""
    words = gettext(_SENT_BACK, day=show.day(report.decided_on), why=report.decided_why or "")
    return f"\n\n{words}"


def one_line(text: str, longest: int = 250) -> str:
    """A text as it may stand in the head of a message."""
    plain_text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain_text[:longest]


def _office_of(origin: Origin) -> str:
    return origin.by.office.name if origin.by else str(current_app.config["OFFICE_NAME"])


def mailbox_in(text: str | None) -> str | None:
    """The first e-mail address that stands in a line of contacts."""
    found = _MAILBOX.search(text or "")
    return found.group() if found and len(found.group()) <= LONGEST_MAILBOX else None


def report_of(project: Project, kind: ReportKind, period: str) -> ProgressReport | None:
    """The report of a project for a period, whatever became of it."""
    return next((one for one in project.reports if (one.kind, one.period) == (kind, period)), None)


def state_of(session: Session, project: Project) -> State:
    """The project's state document as it now stands."""
    return unpack(session.get_one(TrailEntry, project.entry_seq).state)
