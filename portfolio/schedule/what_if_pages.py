"""Trying a change: which warnings would fall or rise, without saving anything."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portfolio.office.may import Permission, needs
from portfolio.office.trail import State
from portfolio.register.filters.answers import STATES
from portfolio.register.law import BeyondCap
from portfolio.register.progress import read_period
from portfolio.schedule import rules
from portfolio.schedule.blueprint import pages
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.entry_what_if import SuppositionForm
from portfolio.schedule.evaluate import Law, NoPolicy, judge
from portfolio.schedule.explanation import Explained, explain
from portfolio.schedule.gather import facts_document
from portfolio.schedule.limits import beyond_cap, refused_ends
from portfolio.schedule.on_day import OnDay, project_on_day
from portfolio.schedule.show_schedule import MilestoneLine, show_schedule
from portfolio.schedule.what_if import Supposition, compare, suppose
from portfolio.web.languages import language


@dataclass(frozen=True)
class Numbers:
    """A milestone's three lateness numbers as they are and as they would be."""

    phase: str
    before: MilestoneLine | None
    after: MilestoneLine


@dataclass(frozen=True)
class Outcome:
    """What would come of the suppositions."""

    fell: list[Explained]
    rose: list[Explained]
    stayed: list[tuple[Explained, Explained]]
    state_before: str | None
    state_after: str | None
    numbers: list[Numbers]
    refused: list[BeyondCap]


@pages.get("/projects/<code>/what-if")
@needs(Permission.READ_REGISTER)
def what_if(code: str) -> ResponseReturnValue:
    """The suppositions of the address, and what would come of them. Nothing is saved."""
    if "" in request.args.values():
        # A form sends its empty fields too; the address that is passed on shall be without them.
        kept = [(name, value) for name, value in request.args.items(multi=True) if value]
        return redirect(f"{request.path}?{urlencode(kept)}".rstrip("?"))
    shown = project_on_day(code)
    if shown.law is None:
        raise NoPolicy
    current, problem = shown.judged()
    outcome = None
    form = None
    if current is not None:
        owed = _owed(shown.state, shown.law, shown.on)
        form = SuppositionForm(shown.state, shown.law.policy, owed, shown.on)
        supposed = form.read(request.args)
        if supposed:
            outcome, problem = _try(shown, shown.law, current, form, supposed)
    said = _explained(current, shown.state, shown.law, shown.on) if current else []
    return render_template(
        "schedule/what_if.html",
        shown=shown,
        form=form,
        current=said,
        outcome=outcome,
        problem=problem,
        beyond_words=_beyond_words,
    )


def _owed(state: State, law: Law, on: date) -> list[tuple[str, str]]:
    """The reports of periods that are over and that have not come, as (kind, period)."""
    return [
        (one["kind"], one["period"])
        for one in facts_document(state, law.policy, on)["reports"]
        if one["received_on"] is None and read_period(one["period"])[0] < on
    ]


def _try(
    shown: OnDay,
    law: Law,
    current: rules.Evaluation,
    form: SuppositionForm,
    supposed: list[Supposition],
) -> tuple[Outcome | None, str | None]:
    """The outcome; or none and why the suppositions contradict what is recorded."""
    after = suppose(shown.state, supposed, on=shown.on, policy=law.policy)
    try:
        then = judge(after, law, shown.on)
        refused = _refused(shown, law, form)
    except BadDocument as bad:
        return None, gettext("These suppositions contradict the facts: %(path)s", path=str(bad))
    compared = compare(current.findings, then.findings)
    old = {one.key: one for one in _explained(current, shown.state, law, shown.on)}
    new = {one.key: one for one in _explained(then, after, law, shown.on)}
    return Outcome(
        fell=[old[one.rule, one.scope] for one in compared.fell],
        rose=[new[one.rule, one.scope] for one in compared.rose],
        stayed=[
            (old[one.rule, one.scope], new[one.rule, one.scope]) for one, _then in compared.stayed
        ],
        state_before=STATES.get(current.schedule_state),
        state_after=STATES.get(then.schedule_state),
        numbers=_numbers(shown.state, after, law, shown.on),
        refused=refused,
    ), None


def _refused(shown: OnDay, law: Law, form: SuppositionForm) -> list[BeyondCap]:
    found = refused_ends(
        shown.state, form.days(), form["exception"].data, policy=law.policy, on=shown.on
    )
    return [beyond_cap(*one, law.policy) for one in found]


def _explained(evaluation: rules.Evaluation, state: State, law: Law, on: date) -> list[Explained]:
    return explain(evaluation.findings, state, law, on)


def _numbers(state: State, supposed: State, law: Law, on: date) -> list[Numbers]:
    before = {
        (phase.words, line.words): line
        for phase in show_schedule(state, law.policy, on, {}).phases
        for line in phase.milestones
    }
    return [
        Numbers(phase.words, before.get((phase.words, line.words)), line)
        for phase in show_schedule(supposed, law.policy, on, {}).phases
        for line in phase.milestones
    ]


def _beyond_words(beyond: BeyondCap) -> dict[str, Any]:
    """The article and the exceptions of a refusal in the reader's language."""
    said = language()
    return {
        "article": beyond.en if said == "en" else beyond.vi,
        "exceptions": [f"{one.code}) {one.words(said)}" for one in beyond.exceptions],
    }
