"""Reminders of reports: to the investors whose address is known, and one digest to each officer.

A step (14 days before, 3 days before, 1 day after the due day: `REMIND_BEFORE`, `REMIND_AFTER`) is taken
once for each period, in the night on which it is reached, and nobody is written to twice on one day.
Without a mail server the messages wait in the outbox.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from flask_babel import force_locale, gettext, ngettext
from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portfolio.database import Base, short_write
from portfolio.notation import N_
from portfolio.office import outbox
from portfolio.office.people import Role, User
from portfolio.office.queue import each_night
from portfolio.register.filters.followed import followed_by_authority
from portfolio.register.line import RegisterLine
from portfolio.register.progress import ReportKind
from portfolio.register.project import Project
from portfolio.register.row_rule import visible_to
from portfolio.schedule.duty_list import PeriodDue, owed_by_line
from portfolio.schedule.in_force import NoPolicy, law_on
from portfolio.schedule.policy_text import Policy
from portfolio.schedule.report_boxes import known_boxes
from portfolio.schedule.report_duties import due_words
from portfolio.schedule.report_links import one_line
from portfolio.schedule.reports_due import due_days
from portfolio.web import show
from portfolio.web.clock import today

CATCH_UP = timedelta(days=3)
"""A step that was missed, because the worker did not run, is still taken so many days later."""

MOST_LINES = 60
"""Lines of one message; what is left out is counted."""

OFFICERS = (Role.ZONE_OFFICER, Role.FINANCE_OFFICER)


class ReminderRound(Base):
    """A step of the reminders of one period that has been taken; ``days`` is counted from the due day."""

    __tablename__ = "reminder_round"

    kind: Mapped[str] = mapped_column(String(4), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    days: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="before the due day: less than nothing"
    )
    at: Mapped[datetime]
    projects: Mapped[int] = mapped_column(comment="whose report was missing then")


class ReminderSent(Base):
    """An address that was reminded on a day: nobody is written to twice on one."""

    __tablename__ = "reminder_sent"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]


@dataclass(frozen=True)
class Missing:
    """A report that one project has not sent."""

    project_id: int
    code: str
    name: str
    report: PeriodDue


# Every night ----------------------------------------------------------------------------------


@each_night
def remind_tonight(moment: datetime) -> None:
    """Take the steps that were reached; a second run on the same day writes nothing."""
    with short_write() as session:
        forget_old(session, moment)
        remind(session, today(), moment)


def remind(session: Session, on: date, at: datetime) -> int:
    """Put the messages of the steps reached by a day; returns how many. The caller commits."""
    try:
        policy = law_on(session, on).policy
    except NoPolicy:
        return 0
    reached = _reached(session, policy, on)
    if not reached:
        return 0
    missing = _missing(session, list(dict.fromkeys(report for report, _days in reached)))
    for report, days in reached:
        count = sum(one.report == report for one in missing)
        session.add(
            ReminderRound(
                kind=report.kind.value, period=report.period, days=days, at=at, projects=count
            )
        )
    session.flush()
    boxes = known_boxes(session, {one.project_id for one in missing})
    sent = _write_investors(session, missing, boxes, on, at)
    return sent + _write_officers(session, missing, boxes, on, at)


def steps() -> list[int]:
    """The days from the due day on which a reminder goes, before it less than nothing."""
    before, after = (
        [int(one) for one in str(current_app.config[name]).split(",") if one.strip()]
        for name in ("REMIND_BEFORE", "REMIND_AFTER")
    )
    return sorted({*(-days for days in before), *after})


def _reached(session: Session, policy: Policy, on: date) -> list[tuple[PeriodDue, int]]:
    """The steps reached by that day and not taken yet, by due day."""
    days = steps()
    if not days:
        return []
    first = on - timedelta(days=max(days)) - CATCH_UP
    taken = {
        (row.kind, row.period, row.days)
        for row in session.execute(
            select(ReminderRound.kind, ReminderRound.period, ReminderRound.days)
        )
    }
    found = []
    for kind, period, ends, due in due_days(policy, first, on - timedelta(days=min(days))):
        for step in days:
            late = on - (due + timedelta(days=step))
            if timedelta() <= late <= CATCH_UP and (kind, period, step) not in taken:
                found.append((PeriodDue(ReportKind(kind), period, ends, due), step))
    return found


def _missing(
    session: Session, reports: Sequence[PeriodDue], user: User | None = None
) -> list[Missing]:
    """Who has not sent these reports, by due day and code: everybody, or those of one officer's share."""
    found = []
    for report in reports:
        lines = select(RegisterLine.project_id, RegisterLine.code, RegisterLine.name).where(
            RegisterLine.until.is_(None), owed_by_line(report.kind, report.period, report.ends)
        )
        if user is not None:
            lines = lines.where(visible_to(user, RegisterLine.zone_id))
            if user.role is Role.FINANCE_OFFICER:
                lines = lines.where(~followed_by_authority())
        found += [
            Missing(*row, report) for row in session.execute(lines.order_by(RegisterLine.code))
        ]
    return found


# To investors ---------------------------------------------------------------------------------

_TO_INVESTOR = N_(
    "%(office)s reminds of the reports on investment projects (Law on Investment, Article 47):\n\n"
    "%(lines)s\n\nThe report is filed through the link that was sent for it, or on paper. Whoever has"
    " no link asks the office for one. Nothing need be done if the report was sent in the meantime."
)


def _write_investors(
    session: Session,
    missing: Iterable[Missing],
    boxes: dict[int, str],
    on: date,
    at: datetime,
) -> int:
    """One message to each address, with all that is asked there."""
    asked: dict[str, list[Missing]] = {}
    for one in missing:
        if one.project_id in boxes:
            asked.setdefault(boxes[one.project_id], []).append(one)
    free = _not_yet_written(session, asked, on)
    for box in free:
        texts = []
        for language in ("vi", "en"):
            with force_locale(language):
                office = str(current_app.config["OFFICE_NAME"])
                lines = _lines(asked[box], on)
                texts.append(gettext(_TO_INVESTOR, office=office, lines=lines))
        with force_locale("vi"):
            subject = gettext("Reports on investment projects fall due")
        _put(session, box, subject, "\n\n– – –\n\n".join(texts), on, at)
    return len(free)


def _lines(missing: Sequence[Missing], on: date) -> str:
    lines = [
        f"- {one.report.words}: {one.code} {one.name}; {_due(one.report, on)}"
        for one in missing[:MOST_LINES]
    ]
    rest = len(missing) - MOST_LINES
    if rest > 0:
        lines.append(ngettext("and %(num)d more report", "and %(num)d more reports", rest))
    return "\n".join(lines)


def _due(report: PeriodDue, on: date) -> str:
    words, _tone = due_words(report.due, on)
    return f"{gettext('due %(day)s', day=show.day(report.due))}, {words}"


def _not_yet_written(session: Session, boxes: Iterable[str], on: date) -> list[str]:
    """The addresses, in order, that nobody has written to on that day."""
    wanted = sorted(boxes)
    written = set(session.scalars(select(ReminderSent.address).where(ReminderSent.on == on)))
    return [box for box in wanted if box not in written]


def _put(session: Session, to: str, subject: str, body: str, on: date, at: datetime) -> None:
    session.add(ReminderSent(address=to, on=on, at=at))
    outbox.put(session, to, one_line(subject), body, at)


# To officers ----------------------------------------------------------------------------------


def _write_officers(
    session: Session,
    missing: Sequence[Missing],
    boxes: dict[int, str],
    on: date,
    at: datetime,
) -> int:
    """One digest to each officer in whose share something is missing."""
    reports = list({(m.report.kind, m.report.period): m.report for m in missing}.values())
    people = session.scalars(
        select(User).where(User.active, User.role.in_(OFFICERS)).order_by(User.email)
    ).all()
    free = set(_not_yet_written(session, (user.email for user in people), on))
    sent = 0
    for user in people:
        own = _missing(session, reports, user) if user.email in free else []
        if own:
            with force_locale(user.language):
                count = len({one.project_id for one in own})
                subject = ngettext(
                    "Reports of %(num)d project are missing or fall due",
                    "Reports of %(num)d projects are missing or fall due",
                    count,
                )
                _put(session, user.email, subject, _digest(own, boxes, on), on, at)
            sent += 1
    return sent


def _digest(own: Sequence[Missing], boxes: dict[int, str], on: date) -> str:
    by_report: dict[PeriodDue, list[Missing]] = {}
    for one in own:
        by_report.setdefault(one.report, []).append(one)
    parts = []
    for report, rows in by_report.items():
        unknown = [one for one in rows if one.project_id not in boxes]
        count = ngettext(
            "%(num)d project has not sent it", "%(num)d projects have not sent it", len(rows)
        )
        known = gettext(
            "%(known)s investors are reminded by mail, of %(unknown)s no e-mail is known",
            known=show.number(len(rows) - len(unknown)),
            unknown=show.number(len(unknown)),
        )
        parts.append(f"{report.words}; {_due(report, on)}: {count}; {known}.")
        parts += [f"- {one.code} {one.name}" for one in unknown[:MOST_LINES]]
        if len(unknown) > MOST_LINES:
            rest = len(unknown) - MOST_LINES
            parts.append(ngettext("and %(num)d more project", "and %(num)d more projects", rest))
        parts.append("")
    address = f"{str(current_app.config['BASE_URL']).rstrip('/')}/report-duties"
    parts.append(gettext("The worklist: %(address)s", address=address))
    return "\n".join(parts)[:20_000]


# By hand --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reminded:
    """What became of reminders that an officer asked for: by project code."""

    written: list[str]
    today_already: list[str]
    no_address: list[str]


def remind_of(
    session: Session, wanted: Sequence[tuple[Project, PeriodDue]], on: date, at: datetime
) -> Reminded:
    """Write to the investors of chosen reports; whoever was written to today is left out."""
    boxes = known_boxes(session, {project.id for project, _report in wanted})
    missing = [
        Missing(project.id, project.code, project.name, report) for project, report in wanted
    ]
    free = set(_not_yet_written(session, set(boxes.values()), on))
    _write_investors(session, missing, boxes, on, at)

    def codes(fits: Iterable[Missing]) -> list[str]:
        return list(dict.fromkeys(one.code for one in fits))

    known = [one for one in missing if one.project_id in boxes]
    return Reminded(
        written=codes(one for one in known if boxes[one.project_id] in free),
        today_already=codes(one for one in known if boxes[one.project_id] not in free),
        no_address=codes(one for one in missing if one.project_id not in boxes),
    )


def forget_old(session: Session, at: datetime) -> None:
    """Delete what says who was written to on days long past."""
    session.execute(delete(ReminderSent).where(ReminderSent.at <= at - timedelta(days=30)))
