"""What the register is told of lateness: how months are counted, and the bands of the policy."""

import math

from flask import Flask
from sqlalchemy.orm import Session

from portfolio.register.lateness import Arithmetic, Months, know_lateness
from portfolio.schedule.evaluate import NoPolicy
from portfolio.schedule.lateness import last_target, months_late
from portfolio.schedule.law_today import law_today
from portfolio.schedule.policy_text import Band


def install(app: Flask) -> None:
    """Hand the arithmetic of lateness to the register's lists."""
    know_lateness(app, Arithmetic(months_late, last_target, bands_in_force))


def bands_in_force(session: Session) -> list[Months]:
    """The bands of the policy in force today; none before a policy is adopted."""
    try:
        return [months_of(band) for band in law_today(session).policy.bands]
    except NoPolicy:
        return []


def months_of(band: Band) -> Months:
    """A band of the policy as lists know it."""
    return Months(band.least, None if math.isinf(band.most) else int(band.most))
