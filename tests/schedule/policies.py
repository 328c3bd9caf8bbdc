"""Versions of the policy as they stand in the register: the first one's text, with other settings."""

from datetime import date, datetime
from typing import Any

import yaml
from sqlalchemy.orm import Session

from portfolio.office.trail import Origin, record
from portfolio.schedule.policy import PolicyStatus, PolicyVersion
from tests.conftest import AT, CHECKOUT

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (CHECKOUT / "seeds/policy/1.yaml").read_text(encoding="utf-8")
)


def version_text(
    number: int, reports_since: str | None = None, **settings: dict[str, Any]
) -> dict[str, Any]:
    """The text of a version; settings are given by rule, with underscores for its dashes.

    ``reports_since``: the day from which on reports are asked for, instead of the text's own.
    """
    changed = {rule.replace("_", "-"): values for rule, values in settings.items()}
    rules = [
        rule | {"settings": rule.get("settings", {}) | changed.get(rule["id"], {})}
        for rule in DOCUMENT["rules"]
    ]
    duties = [duty | {"from": reports_since or duty["from"]} for duty in DOCUMENT["report_duties"]]
    return DOCUMENT | {"version": number, "rules": rules, "report_duties": duties}


def add_policy(
    db: Session,
    number: int,
    adopted_on: date | None,
    adopted_at: datetime | None = None,
    reports_since: str | None = None,
    **settings: dict[str, Any],
) -> int:
    """A version adopted on a day, or a draft without one; returns its key."""
    made = PolicyVersion(
        number=number,
        status=PolicyStatus.ADOPTED if adopted_on else PolicyStatus.DRAFT,
        adopted_on=adopted_on,
        adopted_at=adopted_at,
        document=version_text(number, reports_since, **settings),
    )
    db.add(made)
    record(db, made, "adopt_policy", Origin(None, adopted_at or AT))
    return made.id
