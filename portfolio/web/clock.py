"""What time it is, read once per request, and which day that is in the province."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import g, has_request_context

PROVINCE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The moment, aware and in UTC. Within one request it is always the same moment."""
    if not has_request_context():
        # A command or a job may run past midnight, so nothing is remembered for it.
        return datetime.now(UTC)
    if "moment" not in g:
        g.moment = datetime.now(UTC)
    found: datetime = g.moment
    return found


def today() -> date:
    """The date in Vietnam at `now`: delay is counted from local midnight."""
    return now().astimezone(PROVINCE_ZONE).date()
