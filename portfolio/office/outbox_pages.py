"""The mail that waits: to whom, since when, and why it has not gone. Never what it says."""

from dataclasses import dataclass

from flask import render_template, request
from flask_babel import gettext
from sqlalchemy import func, select

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office import outbox
from portfolio.office.blueprint import pages
from portfolio.office.may import Permission, needs
from portfolio.office.people import Outbox
from portfolio.web import show

PAGE = 100


@dataclass(frozen=True)
class Waiting:
    """A message that has not gone; its body may hold a secret link and is never shown."""

    to: str
    subject: str
    since: str
    why: str
    tone: str


@pages.get("/outbox")
@needs(Permission.READ_TRAIL)
def show_outbox() -> str:
    """Messages that have not gone, the newest first."""
    unsent = Outbox.sent_at.is_(None)
    total = session().scalar(select(func.count()).select_from(Outbox).where(unsent)) or 0
    last_page = max(1, -(-total // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), last_page)
    found = session().scalars(
        select(Outbox)
        .where(unsent)
        .order_by(Outbox.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return render_template(
        "office/outbox.html",
        messages=[_shown(one) for one in found],
        total=total,
        page=page,
        pages=last_page,
        can_send=outbox.can_send(),
    )


def _shown(message: Outbox) -> Waiting:
    why, tone = _why(message)
    return Waiting(message.to, message.subject, show.moment(message.created_at), why, tone)


def _why(message: Outbox) -> tuple[str, str]:
    if message.next_attempt_at is None:
        given_up = N_("Given up after %(count)s tries: %(error)s")
        return gettext(given_up, count=message.attempts, error=message.error or "–"), "stop"
    if message.error:
        at = show.moment(message.next_attempt_at)
        again = N_("Failed, tried again at %(at)s: %(error)s")
        return gettext(again, at=at, error=message.error), "late"
    if not outbox.can_send():
        return gettext("Waits: no mail server is set"), "off"
    return gettext("Goes with the next round of the worker"), "run"
