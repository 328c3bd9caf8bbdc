"""The e-mail addresses of those who report on projects, for many projects in three queries."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portfolio.office.one_time_links import OneTimeLink
from portfolio.register.investor import Investor, InvestorRole, ProjectInvestor
from portfolio.register.progress import ProgressReport
from portfolio.schedule.report_links import PURPOSE, mailbox_in

_CHUNK = 500


def known_boxes(session: Session, project_ids: Iterable[int]) -> dict[int, str]:
    """By project: where its last link went, else who reported last, else the investor's contact."""
    found: dict[int, str] = {}
    ids = sorted(project_ids)
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        # The weakest first: what comes later takes its place.
        for query in _queries(some):
            found |= dict(_read(session, query))
    return found


def _read(session: Session, query: Select[int, str | None]) -> Iterator[tuple[int, str]]:
    for project_id, text in session.execute(query):
        box = mailbox_in(text)
        if box:
            yield project_id, box


def _queries(ids: list[int]) -> Iterator[Select[int, str | None]]:
    yield (
        select(ProjectInvestor.project_id, Investor.contact)
        .join(Investor, Investor.id == ProjectInvestor.investor_id)
        .where(
            ProjectInvestor.project_id.in_(ids),
            ProjectInvestor.until.is_(None),
            ProjectInvestor.role != InvestorRole.FORMER,
            Investor.contact.is_not(None),
        )
        .order_by(ProjectInvestor.id.desc())
    )
    yield (
        select(ProgressReport.project_id, ProgressReport.contact)
        .where(ProgressReport.project_id.in_(ids), ProgressReport.contact.is_not(None))
        .order_by(ProgressReport.id)
    )
    yield (
        select(OneTimeLink.project_id, OneTimeLink.sent_to)
        .where(
            OneTimeLink.project_id.in_(ids),
            OneTimeLink.purpose == PURPOSE,
            OneTimeLink.sent_to.is_not(None),
        )
        .order_by(OneTimeLink.id)
    )
