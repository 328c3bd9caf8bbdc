"""Pages on which a finding opens to its sum: all of a project, or those of one rule; made to be printed."""

from typing import Any

from flask import render_template

from portfolio.database import session
from portfolio.office.may import Permission, needs
from portfolio.register.filters.answers import STATES
from portfolio.schedule.blueprint import pages
from portfolio.schedule.explanation import STATE_TAGS, explain, rule_words, said_in, scope_words
from portfolio.schedule.flag_history import flag_history
from portfolio.schedule.on_day import OnDay, project_on_day
from portfolio.web.errors import HiddenRecord


@pages.get("/projects/<code>/flags")
@needs(Permission.READ_REGISTER)
def explain_flags(code: str) -> str:
    """Every finding of a project step by step; with ``?as_of=2026-01-31`` those of that day."""
    return _page(project_on_day(code), None)


@pages.get("/projects/<code>/flags/<rule>")
@needs(Permission.READ_REGISTER)
def explain_rule(code: str, rule: str) -> str:
    """The findings of one rule, or that it does not hold; and when it held before."""
    shown = project_on_day(code)
    if shown.law is None or rule not in shown.law.policy.rules:
        raise HiddenRecord
    return _page(shown, rule)


def _page(shown: OnDay, rule: str | None) -> str:
    evaluation, problem = shown.judged()
    said = said_in()
    found: list[Any] = []
    state = None
    if evaluation is not None and shown.law is not None:
        wanted = [one for one in evaluation.findings if rule in {None, one.rule}]
        found = explain(wanted, shown.state, shown.law, shown.on)
        if shown.state["listing"] in {"licensed", "closed"}:
            schedule = evaluation.schedule_state
            state = (STATES[schedule], STATE_TAGS[schedule])

    def named(name: str) -> str:
        return rule_words(name, shown.law.policy, said) if shown.law else name

    return render_template(
        "schedule/explanation.html",
        shown=shown,
        rule=rule,
        found=found,
        problem=problem,
        schedule_state=state,
        next_change_on=evaluation.next_change_on if evaluation else None,
        history=flag_history(session(), shown.project.id, shown.on, rule),
        named=named,
        scope_words=lambda scope: scope_words(scope, said),
    )
