"""Two editors of one record: what the second one is told."""

from datetime import timedelta
from typing import Any

from portfolio.database import session
from portfolio.office.trail import entry_at
from portfolio.web.clock import now
from portfolio.web.errors import StaleEdit
from portfolio.web.forms import PortfolioForm


def stale_edit(
    form: PortfolioForm, theirs: PortfolioForm, kind: str, subject: Any, back: str
) -> StaleEdit:
    """Both texts of each field that differs, and who saved the other one; ``theirs`` shows the record."""
    last = entry_at(session(), kind, subject.id, now() + timedelta(seconds=1))
    return form.stale(
        theirs,
        version=subject.version,
        by=last.by_name if last else None,
        at=last.at if last else None,
        back=back,
    )
