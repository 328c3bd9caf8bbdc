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


def version_text(number: int, **settings: dict[str, Any]) -> dict[str, Any]:
    """The text of a version; settings are given by rule, with underscores for its dashes."""
    changed = {rule.replace("_", "-"): values for rule, values in settings.items()}
    rules = [
        rule | {"settings": rule.get("settings", {}) | changed.get(rule["id"], {})}
        for rule in DOCUMENT["rules"]
    ]
    return DOCUMENT | {"version": number, "rules": rules}


def add_policy(
    db: Session,
    number: int,
    adopted_on: date | None,
    adopted_at: datetime | None = None,
    **settings: dict[str, Any],
) -> int:
    """A version adopted on a day, or a draft without one; returns its key."""
    made = PolicyVersion(
        number=number,
        status=PolicyStatus.ADOPTED if adopted_on else PolicyStatus.DRAFT,
        adopted_on=adopted_on,
        adopted_at=adopted_at,
        document=version_text(number, **settings),
    )
    db.add(made)
    record(db, made, "adopt_policy", Origin(None, adopted_at or AT))
    return made.id
