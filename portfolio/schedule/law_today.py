"""The law of today for pages that ask for it in several places: read once a request, or less.

A list that read the stamp of the law with its first query gets the law that this process read last,
as long as the stamp is the same.
"""

from flask import Flask, current_app, g, has_request_context
from sqlalchemy import ColumnElement, ScalarSelect, String, cast, func, literal, select
from sqlalchemy.orm import Session

from portfolio.register.law_stamp import know_stamp, noted_stamp
from portfolio.schedule.in_force import Law, law_on
from portfolio.schedule.policy import Holiday, PolicyStatus, PolicyVersion
from portfolio.web.clock import today

_KEPT = "portfolio_law_today"


def install(app: Flask) -> None:
    """Tell the register how to read the stamp of the law."""
    know_stamp(app, stamp_of_today)


def stamp_of_today() -> ScalarSelect[str]:
    """Policy in force, its version, and how many holidays were added and dropped; as `law_on` chooses."""
    stamp: ColumnElement[str] = cast(PolicyVersion.id, String)
    for word in (
        PolicyVersion.version,
        select(func.count(Holiday.id)).scalar_subquery(),
        select(func.count(Holiday.dropped_at)).scalar_subquery(),
    ):
        stamp = stamp + literal(":") + cast(word, String)
    return (
        select(stamp)
        .where(PolicyVersion.status == PolicyStatus.ADOPTED, PolicyVersion.adopted_on <= today())
        .order_by(
            PolicyVersion.adopted_on.desc(),
            PolicyVersion.adopted_at.desc().nulls_last(),
            PolicyVersion.number.desc(),
        )
        .limit(1)
        .scalar_subquery()
    )


def law_today(session: Session) -> Law:
    """The policy in force today. Outside of a request it is read anew each time. Raises `NoPolicy`."""
    if not has_request_context():
        return law_on(session, today())
    if "law_today" not in g:
        g.law_today = _kept(session)
    found: Law = g.law_today
    return found


def _kept(session: Session) -> Law:
    stamp = noted_stamp()
    kept: tuple[str, Law] | None = current_app.extensions.get(_KEPT)
    if stamp is not None and kept is not None and kept[0] == stamp:
        return kept[1]
    law = law_on(session, today())
    if stamp is not None:
        current_app.extensions[_KEPT] = (stamp, law)
    return law
