"""The worklist: `/progress`, and the button that says that its changes were seen."""

from datetime import UTC, datetime

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from portfolio.database import session
from portfolio.office.may import Permission, needs
from portfolio.office.sessions import this_person
from portfolio.register.columns import Words
from portfolio.register.flag_words import rule_name
from portfolio.register.lateness import days_silent, lateness_of
from portfolio.register.line_keeping import day_of
from portfolio.schedule.blueprint import pages
from portfolio.schedule.deadline_words import kind_words, part_of_project
from portfolio.schedule.evaluate import law_on
from portfolio.schedule.explanation import COLOURS
from portfolio.schedule.looking import look
from portfolio.schedule.scope import Scope, read_scope
from portfolio.schedule.worklist import page_of, read_worklist
from portfolio.web.clock import now, today
from portfolio.web.languages import language

BACK = (1, 7, 30)
"""Days that a reader may look back on again."""


@pages.get("/progress")
@needs(Permission.READ_REGISTER)
def worklist() -> str:
    """What changed since the reader last looked, what falls due, who is silent, who is late."""
    scope = _scope(request.args.get("zone", ""))
    back = request.args.get("back", type=int)
    law = law_on(session(), today())
    found = read_worklist(session(), scope, law, today(), now(), back if back in BACK else None)
    return render_template(
        "schedule/progress.html",
        scope=scope,
        found=found,
        words=Words(scope.choices, language(), today(), past=False),
        on=today(),
        at=now(),
        since_day=day_of(found.since).isoformat(),
        back=back if back in BACK else None,
        colours=COLOURS,
        rule_name=rule_name,
        kind_words=kind_words,
        part_of_project=part_of_project,
        lateness=lambda line: lateness_of(line, today()),
        silence=lambda line: days_silent(line, today()),
    )


@pages.post("/progress")
@needs(Permission.READ_REGISTER)
def mark_seen() -> ResponseReturnValue:
    """Remember that the changes up to the moment of the page were seen."""
    scope = _scope(request.form.get("zone", ""))
    look(session(), this_person(), page_of(scope.key), _shown_at(request.form.get("at", "")))
    session().commit()
    return redirect(scope.page("/progress"), 303)


def _shown_at(text: str) -> datetime:
    """The moment at which the page was shown: what happened since has not been seen."""
    try:
        shown = datetime.fromisoformat(text)
    except ValueError:
        return now()
    return min(shown.astimezone(UTC), now()) if shown.tzinfo else now()


def _scope(typed: str) -> Scope:
    return read_scope(session(), this_person(), typed)
