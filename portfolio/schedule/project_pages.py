"""The page of one project: what is known, what the law of delay finds in it, and what to do next."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Flask, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office.may import Permission, may, needs
from portfolio.office.sessions import this_person
from portfolio.register.causes import KnownCause, know_causes
from portfolio.register.entry import act_words
from portfolio.register.entry_project import ConfirmForm
from portfolio.register.filters.answers import STATES
from portfolio.register.flag_words import OVERTAKEN
from portfolio.register.phases import Side
from portfolio.register.places_typed import units_around
from portfolio.register.row_rule import may_change
from portfolio.register.show_state import sheet_of
from portfolio.schedule import (
    explanation_pages,
    law_today,
    limits,
    milestone_pages,
    what_if_pages,
)
from portfolio.schedule.blueprint import pages
from portfolio.schedule.evaluate import Law, NoPolicy
from portfolio.schedule.explanation import STATE_TAGS, Explained, explain
from portfolio.schedule.mark_panel import mark_panel
from portfolio.schedule.on_day import OnDay, project_on_day
from portfolio.schedule.pause_effect import pause_effects
from portfolio.schedule.report_duties import duty_panel
from portfolio.schedule.show_schedule import show_schedule
from portfolio.web.languages import language

_PARTS = (explanation_pages, milestone_pages, what_if_pages)
"""Pages of the same project; importing them puts their addresses on the blueprint."""


def install(app: Flask) -> None:
    """Hand the policy's causes of delay to the register's forms, and its limits to the acts."""
    law_today.install(app)
    know_causes(app, causes_in_force)
    limits.install(app)


def causes_in_force(db: Session) -> list[KnownCause]:
    """The causes of the policy in force today; none before a policy is adopted."""
    try:
        policy = law_today.law_today(db).policy
    except NoPolicy:
        return []
    return [
        KnownCause(cause.code, Side(cause.side), cause.pauses, cause.vi, cause.en)
        for cause in policy.causes.values()
    ]


@dataclass(frozen=True)
class Warned:
    """A finding with the one thing to do about it."""

    said: Explained
    action: str | None
    href: str | None


@pages.get("/projects/<code>")
@needs(Permission.READ_REGISTER)
def show_project(code: str) -> str:
    """The project as it stands, or with ``?as_of=2026-01-31`` as it stood at the end of that day."""
    person = this_person()
    shown = project_on_day(code)
    project, state, law = shown.project, shown.state, shown.law
    may_edit = (
        shown.past is None
        and may(person, Permission.CHANGE_PROJECT)
        and may_change(session(), person, project)
    )
    warned, schedule_state, problem = _judged(shown, may_edit=may_edit)
    acts = {act["id"]: act_words(act) for act in state.get("acts", ())}
    units = [place["unit_id"] for place in state.get("places", ())]
    sheet = sheet_of(
        state,
        around=units_around(session(), units),
        causes=_cause_words(law),
        language=language(),
    )
    return render_template(
        "schedule/project.html",
        sheet=sheet,
        state=state,
        schedule=show_schedule(state, law.policy, shown.on, acts) if law else None,
        warned=warned,
        schedule_state=(STATES[schedule_state], STATE_TAGS[schedule_state])
        if schedule_state
        else None,
        problem=problem,
        effects=pause_effects(state, law.policy, shown.on) if law else {},
        law=law,
        entry=shown.entry,
        past=shown.past,
        on=shown.on,
        may_edit=may_edit,
        may_judge=may_edit and may(person, Permission.JUDGE_PAUSE),
        person_id=person.id,
        confirm=ConfirmForm(data={"version": project.version}) if may_edit else None,
        panel=mark_panel(
            state,
            _cause_words(law),
            None if problem else {one.said.rule for group in warned for one in group},
            reader=person,
            may_edit=may_edit,
            past=shown.past is not None,
        ),
        duties=duty_panel(state, law.policy if law else None, shown.on, may_edit=may_edit),
    )


def _cause_words(law: Law | None) -> dict[str, str]:
    if law is None:
        return {}
    english = language() == "en"
    return {code: c.en if english else c.vi for code, c in law.policy.causes.items()}


# Warnings -------------------------------------------------------------------------------------


def _judged(shown: OnDay, *, may_edit: bool) -> tuple[list[list[Warned]], str | None, str | None]:
    """What the law of delay finds on the day; a gap in the data is said with its path."""
    result, problem = shown.judged()
    if result is None or shown.law is None:
        return [], None, problem
    licensed = shown.state["listing"] in {"licensed", "closed"}
    there = {(one.rule, one.scope) for one in result.findings}
    findings = [one for one in result.findings if (OVERTAKEN.get(one.rule), one.scope) not in there]
    said = explain(findings, shown.state, shown.law, shown.on)
    found = [_warned(one, shown.state["code"], may_edit=may_edit) for one in said]
    # One rule may hold for several milestones: it is named once, with each of its sentences.
    warned = [
        list(group)
        for _key, group in groupby(found, key=lambda one: (one.said.rule, one.said.held_by))
    ]
    return warned, result.schedule_state if licensed else None, None


def _warned(said: Explained, code: str, *, may_edit: bool) -> Warned:
    action, path = _NEXT.get(said.rule, (None, None)) if may_edit else (None, None)
    href = url_for("schedule.show_project", code=code) + path if path else None
    return Warned(said, gettext(action) if action else None, href)


_NEXT: dict[str, tuple[Any, str]] = {
    "INV-LATE": (N_("Update the milestones"), "/milestones"),
    "INV-T24-WARN": (N_("Update the milestones"), "/milestones"),
    "INV-T24": (N_("Update the milestones"), "/milestones"),
    "UNDATED": (N_("Enter the schedule"), "/schedules/add"),
    "STALLED": (N_("Record what is known of its progress"), "/happenings/add"),
    "TERM-END": (N_("Check the term"), "/facts/edit"),
    "T-DEPOSIT": (N_("Record the deposit"), "/deposit/edit"),
    "LAND-12": (N_("Update the land"), "#parcels"),
    "LAND-24": (N_("Update the land"), "#parcels"),
    "LAND-EXT": (N_("Update the land"), "#parcels"),
    "LAND-RECOVER": (N_("Update the land"), "#parcels"),
    "T-LAND": (N_("Record the decision"), "/papers/add"),
    "T-SUSP": (N_("Record the decision"), "/papers/add"),
    "T-LOC6": (N_("Record the relocation dossier"), "/circumstances/add"),
    "T-NOCONTACT12": (N_("Record an attempt to reach the investor"), "/circumstances/add"),
    "SUS-12": (N_("Write down the end of the stop"), "#circumstances"),
    "REP-Q": (N_("Enter the report"), "#reports"),
    "REP-Y": (N_("Enter the report"), "#reports"),
    "REP-M6": (N_("Enter the report"), "#reports"),
    "REP-MY": (N_("Enter the report"), "#reports"),
    "EZA-MARK": (N_("Read the mark"), "#marks"),
}
"""The one thing to do about a finding, by rule; the path begins at the project."""
