"""The revocation review list: `/review-list`, made to be printed and taken along."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portfolio.database import session
from portfolio.office.may import Permission, may, needs
from portfolio.office.sessions import this_person
from portfolio.register.columns import Words
from portfolio.register.lateness import lateness_of
from portfolio.schedule.blueprint import pages
from portfolio.schedule.evaluate import law_on
from portfolio.schedule.explanation import COLOURS
from portfolio.schedule.review_list import read_review_list
from portfolio.schedule.scope import read_scope
from portfolio.web.clock import today
from portfolio.web.languages import language


@pages.get("/review-list")
@needs(Permission.READ_REGISTER)
def review_list() -> ResponseReturnValue:
    """Projects with an open ground or a call for review, the longest standing first."""
    law = law_on(session(), today())
    scope = read_scope(session(), this_person(), request.args.get("zone", ""), own_first=False)
    rule = request.args.get("rule") or None
    if rule not in law.policy.rules:
        rule = None
    found = read_review_list(
        session(),
        scope,
        law,
        on=today(),
        rule=rule,
        page=request.args.get("page", 1, type=int),
    )
    return render_template(
        "schedule/review_list.html",
        found=found,
        scope=scope,
        chosen=rule,
        rules=law.policy.rules,
        policy=law.policy,
        bands=[band.name for band in law.policy.bands if band.name in law.policy.review_bands],
        colours=COLOURS,
        words=Words(scope.choices, language(), today(), past=False),
        lateness=lambda line: lateness_of(line, today()),
        may_export=may(this_person(), Permission.EXPORT_REGISTER),
        on=today(),
    )
