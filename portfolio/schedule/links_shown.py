"""What became of the links of a project, as its page tells officers."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portfolio.office.one_time_links import (
    LinkState,
    OneTimeLink,
    last_day_of,
    links_for,
    state_of_link,
)
from portfolio.office.trail_words import actor_words
from portfolio.schedule.report_links import PURPOSE, read_subject
from portfolio.web.clock import now


@dataclass(frozen=True)
class ShownLink:
    """A link as the project page tells of it."""

    id: int
    state: LinkState
    made_by: str
    made_at: datetime
    sent_to: str | None
    sent_at: datetime | None
    opened_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    last_day: date
    digest: str | None

    @property
    def works(self) -> bool:
        """Whether it can still be answered."""
        return self.state in {LinkState.MADE, LinkState.SENT, LinkState.OPENED}


def links_shown(session: Session, project_id: int) -> dict[tuple[str, str], list[ShownLink]]:
    """The links of a project by kind and period of the report, the newest first."""
    found: dict[tuple[str, str], list[ShownLink]] = {}
    for link in reversed(links_for(session, PURPOSE, project_id)):
        kind, period = read_subject(link)
        found.setdefault((kind.value, period), []).append(_shown(link))
    return found


def _shown(link: OneTimeLink) -> ShownLink:
    return ShownLink(
        id=link.id,
        state=state_of_link(link, now()),
        made_by=actor_words(link.made_by),
        made_at=link.created_at,
        sent_to=link.sent_to,
        sent_at=link.sent_at,
        opened_at=link.opened_at,
        used_at=link.used_at,
        revoked_at=link.revoked_at,
        revoked_by=actor_words(link.revoked_by) if link.revoked_by else None,
        last_day=last_day_of(link),
        digest=link.answer.get("sha256") if link.answer and link.used_at else None,
    )
