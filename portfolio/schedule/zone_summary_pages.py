"""The progress of the zones: `/progress/zones`, made to be printed."""

from flask import render_template, request

from portfolio.database import session
from portfolio.office.may import Permission, needs
from portfolio.office.sessions import this_person
from portfolio.schedule.blueprint import pages
from portfolio.schedule.scope import read_scope
from portfolio.schedule.zone_summary import STATES, read_zone_summary
from portfolio.web.clock import today
from portfolio.web.languages import language


@pages.get("/progress/zones")
@needs(Permission.READ_REGISTER)
def zone_summary() -> str:
    """Each zone with the zones inside it; every figure leads to the list that it counts."""
    scope = read_scope(session(), this_person(), request.args.get("zone", ""))
    visible = scope.choices.visible_zones(this_person())
    return render_template(
        "schedule/progress_zones.html",
        scope=scope,
        found=read_zone_summary(session(), scope, visible),
        states=STATES,
        language_code=language(),
        on=today(),
    )
