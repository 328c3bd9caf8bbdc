"""The investor's answer at a link: what can be asked there, and the report as it arrives, once.

The receipt keeps what was received word for word with its SHA-256, so that both sides can prove it.
"""

import enum
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office import outbox
from portfolio.office.one_time_links import LinkFile, OneTimeLink, find_link, use_link
from portfolio.office.trail import Origin, State
from portfolio.register.acts.papers import attach_file
from portfolio.register.acts.reports import ReportFacts, receive_report
from portfolio.register.line_keeping import day_of
from portfolio.register.papers import StoredFile
from portfolio.register.progress import ProgressReport, ReportKind, ReportStatus, report_words
from portfolio.register.project import Project
from portfolio.register.reports_owed import ReportOwed, find_owed
from portfolio.register.state import plain
from portfolio.schedule.report_links import (
    mailbox_in,
    one_line,
    read_subject,
    report_of,
    state_of,
)
from portfolio.schedule.show_report import show_report
from portfolio.web import show


class Standing(enum.StrEnum):
    """What a link can still do."""

    OPEN = "open"
    SENT_BACK = "sent_back"
    RECEIVED = "received"
    ENTERED = "entered"
    NOT_ASKED = "not_asked"


def standing_of(
    link: OneTimeLink, report: ProgressReport | None, owed: ReportOwed | None
) -> Standing:
    """What a link that still works can do, by the report as it now stands."""
    status = report.status if report is not None else None
    if link.used_at is not None:
        sent_back = status is ReportStatus.SENT_BACK and owed is not None
        return Standing.SENT_BACK if sent_back else Standing.RECEIVED
    if status in {ReportStatus.RECEIVED, ReportStatus.ACCEPTED}:
        return Standing.ENTERED
    if owed is None or status is ReportStatus.EXCUSED:
        return Standing.NOT_ASKED
    return Standing.SENT_BACK if status is ReportStatus.SENT_BACK else Standing.OPEN


def file_report(
    session: Session, token: str, facts: ReportFacts, at: datetime
) -> OneTimeLink | None:
    """The investor's report arrives through its link, with the files that wait there.

    None if it is in already: the same report sent twice arrives once. Raises `Refusal` as
    `receive_report` does, and `EndedLink`.
    """
    link = find_link(session, token, at, lock=True)
    query = select(Project).where(Project.id == link.project_id).with_for_update(of=Project)
    project = session.scalars(query.execution_options(populate_existing=True)).one()
    kind, period = read_subject(link)
    report = report_of(project, kind, period)
    owed = find_owed(session, state_of(session, project), kind, period, day_of(at))
    if standing_of(link, report, owed) not in {Standing.OPEN, Standing.SENT_BACK}:
        return None
    origin = Origin(None, at, through_link=True)
    report = receive_report(session, project, facts, origin, through_link=True)
    files = [(file.name, file.size, file.sha256) for file in link.files]
    for file in link.files:
        attach_file(session, project, _kept(file, report, facts), origin)
    late = owed is not None and facts.received_on > owed.due_on
    use_link(link, _receipt(project, facts, files, at, late=late), at)
    _mail_receipt(session, link, project, facts, at)
    return link


def _kept(file: LinkFile, report: ProgressReport, facts: ReportFacts) -> StoredFile:
    return StoredFile(
        report_id=report.id,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        stored_as=file.stored_as,
        uploaded_at=file.uploaded_at,
        uploaded_by=facts.filled_by or "",
    )


def _receipt(
    project: Project,
    facts: ReportFacts,
    files: Iterable[tuple[str, int, str]],
    at: datetime,
    *,
    late: bool,
) -> dict[str, Any]:
    """What was received, as it is kept at the link, with the SHA-256 of exactly that."""
    said = {name: plain(value) for name, value in vars(facts).items() if name != "forecasts"}
    content = said | {
        "project": project.code,
        "received_at": at.isoformat(),
        "forecasts": [
            {"milestone": key, "expected_on": day.isoformat(), "precision": precision.value}
            for key, (day, precision) in sorted(facts.forecasts.items())
        ],
        "files": [{"name": name, "size": size, "sha256": digest} for name, size, digest in files],
    }
    return {"content": content, "sha256": digest_of(content), "late": late}


@dataclass(frozen=True)
class Receipt:
    """What was received through a link, in words: (label, value) and the files."""

    received_at: datetime
    late: bool
    said: list[tuple[str, str]]
    files: list[dict[str, Any]]
    sha256: str


def receipt_of(link: OneTimeLink, state: State) -> Receipt | None:
    """The receipt as its page shows it, None while nothing was received."""
    kept = link.answer if link.used_at is not None else None
    if not kept:
        return None
    content = kept["content"]
    told = show_report(state, content | {"id": 0, "status": ReportStatus.RECEIVED.value})
    said = [(label, value) for label, value, _remark in told.facts if value]
    said += [(one.milestone, one.expected) for one in told.expected]
    if told.causes:
        said.append((str(gettext("What holds the project up")), "\n".join(told.causes)))
    return Receipt(
        received_at=datetime.fromisoformat(content["received_at"]),
        late=kept["late"],
        said=said + told.prose + told.who,
        files=content["files"],
        sha256=kept["sha256"],
    )


def digest_of(content: Mapping[str, Any]) -> str:
    """The SHA-256 of a report's content: its JSON with sorted keys, without blanks, in UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


_RECEIPT = N_(
    "The %(report)s of the project %(project)s (%(code)s) was received on %(at)s.\n\nNumber:"
    " %(number)s\nSHA-256 of its content: %(digest)s\n\nThis message needs no answer."
)


def _mail_receipt(
    session: Session, link: OneTimeLink, project: Project, facts: ReportFacts, at: datetime
) -> None:
    boxes = dict.fromkeys(filter(None, (mailbox_in(facts.contact), link.sent_to)))
    texts = []
    for language in ("vi", "en"):
        with force_locale(language):
            texts.append(
                gettext(
                    _RECEIPT,
                    report=report_words(facts.kind, facts.period),
                    project=project.name,
                    code=project.code,
                    at=show.moment(at),
                    number=receipt_number(project.code, facts.kind, facts.period),
                    digest=link.answer["sha256"] if link.answer else "",
                )
            )
    with force_locale("vi"):
        subject = gettext(N_("Received: %(report)s"), report=report_words(facts.kind, facts.period))
    for box in boxes:
        outbox.put(session, box, one_line(subject), "\n\n– – –\n\n".join(texts), at)


def receipt_number(code: str, kind: ReportKind, period: str) -> str:
    """`KT-0042/Q/2026-Q3`: the project, the kind of report, and its period."""
    return f"{code}/{kind.value}/{period}"
