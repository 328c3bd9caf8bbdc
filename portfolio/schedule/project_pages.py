"""The page of one project: what is known, what the law of delay finds in it, and what to do next."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from flask import Flask, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from portfolio.database import session
from portfolio.notation import N_, Unreadable
from portfolio.notation.days import read_day
from portfolio.office import trail
from portfolio.office.may import Permission, may, needs
from portfolio.office.sessions import this_person
from portfolio.office.trail import State, TrailEntry, unpack
from portfolio.register.causes import KnownCause, know_causes
from portfolio.register.entry import act_words
from portfolio.register.entry_project import ConfirmForm
from portfolio.register.filters.answers import STATES
from portfolio.register.phases import Side
from portfolio.register.places_typed import units_around
from portfolio.register.project import Project
from portfolio.register.row_rule import find_visible, may_change
from portfolio.register.show_state import sheet_of
from portfolio.schedule import rules
from portfolio.schedule.blueprint import pages
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.evaluate import Law, NoPolicy, judge, law_on
from portfolio.schedule.show_schedule import show_schedule
from portfolio.web.clock import PROVINCE_ZONE, today
from portfolio.web.errors import HiddenRecord, Refusal
from portfolio.web.languages import language

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TONES = {"on_time": "ok", "late": "late", "silent": "late", "undated": "off", "done": "ok"}
COLOURS = {"ground": "red", "review": "red", "late": "amber", "warning": "amber"}
"""By the policy's severities; what is left (gaps in the data, running terms) is blue or grey."""


def install(app: Flask) -> None:
    """Hand the policy's causes of delay to the register's forms."""
    know_causes(app, causes_in_force)


def causes_in_force(db: Session) -> list[KnownCause]:
    """The causes of the policy in force today; none before a policy is adopted."""
    try:
        policy = law_on(db, today()).policy
    except NoPolicy:
        return []
    return [
        KnownCause(cause.code, Side(cause.side), cause.pauses, cause.vi, cause.en)
        for cause in policy.causes.values()
    ]


class UnknownThen(Refusal):
    """The register did not know the project on that day."""

    status = 404
    title = N_("Not in the register on that day")
    message = N_("The project was logged after %(day)s.")


class BadDay(Refusal):
    """The day of a past state cannot be read, or has not come yet."""

    status = 400
    title = N_("That day cannot be shown")
    message = N_("Enter a past day, for example 2026-01-31.")


@dataclass(frozen=True)
class Warned:
    """A finding as the page shows it: who, what, why, and the one thing to do."""

    name: str
    colour: str
    sentence: str
    steps: list[tuple[str, str | None]]
    basis: str
    opinion: bool
    held_by: str
    action: str | None
    href: str | None


@pages.get("/projects/<code>")
@needs(Permission.READ_REGISTER)
def show_project(code: str) -> str:
    """The project as it stands, or with ``?as_of=2026-01-31`` as it stood at the end of that day."""
    person = this_person()
    project = find_visible(session(), person, code)
    past = _asked_day()
    entry = _entry(project, past)
    state, on = unpack(entry.state), past or today()
    law = _law(on)
    may_edit = (
        past is None
        and may(person, Permission.CHANGE_PROJECT)
        and may_change(session(), person, project)
    )
    warned, schedule_state, problem = _judged(state, law, on, may_edit=may_edit)
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
        schedule=show_schedule(state, law.policy, on, acts) if law else None,
        warned=warned,
        schedule_state=(STATES[schedule_state], TONES[schedule_state]) if schedule_state else None,
        problem=problem,
        law=law,
        entry=entry,
        past=past,
        on=on,
        may_edit=may_edit,
        may_judge=may_edit and may(person, Permission.JUDGE_PAUSE),
        person_id=person.id,
        confirm=ConfirmForm(data={"version": project.version}) if may_edit else None,
    )


def _asked_day() -> date | None:
    """The past day in the address. Today is shown as today."""
    text = request.args.get("as_of", "").strip()
    if not text:
        return None
    try:
        asked = date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else read_day(text).day
    except (ValueError, Unreadable) as error:
        raise BadDay from error
    if asked > today():
        raise BadDay
    return None if asked == today() else asked


def _entry(project: Project, past: date | None) -> TrailEntry:
    if past is None:
        entry = session().get(TrailEntry, project.entry_seq)
    else:
        midnight = datetime.combine(past + timedelta(days=1), time(), PROVINCE_ZONE)
        entry = trail.entry_at(session(), "project", project.id, midnight)
    if entry is None:
        if past is None:
            raise HiddenRecord
        raise UnknownThen(day=past.strftime("%d/%m/%Y"))
    return entry


def _law(on: date) -> Law | None:
    try:
        return law_on(session(), on)
    except NoPolicy:
        return None


def _cause_words(law: Law | None) -> dict[str, str]:
    if law is None:
        return {}
    english = language() == "en"
    return {code: c.en if english else c.vi for code, c in law.policy.causes.items()}


# Warnings -------------------------------------------------------------------------------------


def _judged(
    state: State, law: Law | None, on: date, *, may_edit: bool
) -> tuple[list[list[Warned]], str | None, str | None]:
    """What the law of delay finds in a state on a day; a gap in the data is said with its path."""
    if law is None:
        return [], None, gettext(NoPolicy.message)
    try:
        result = judge(state, law, on)
    except BadDocument as bad:
        return (
            [],
            None,
            gettext("The dates of this project contradict each other: %(path)s", path=str(bad)),
        )
    licensed = state["listing"] in {"licensed", "closed"}
    found = [_warned(one, law, state, may_edit=may_edit) for one in result.findings]
    # One rule may hold for several milestones: it is named once, with each of its sentences.
    warned = [
        list(group) for _key, group in groupby(found, key=lambda one: (one.name, one.held_by))
    ]
    return warned, result.schedule_state if licensed else None, None


def _warned(finding: rules.Finding, law: Law, state: State, *, may_edit: bool) -> Warned:
    rule = law.policy.rules[finding.rule]
    english = language() == "en"
    action, path = _NEXT.get(finding.rule, (None, None)) if may_edit else (None, None)
    held = [
        (law.policy.rules[name].en if english else law.policy.rules[name].vi)
        if name in law.policy.rules
        else name
        for name in finding.held_by
    ]
    colour = "grey" if held else COLOURS.get(finding.severity, "grey")
    return Warned(
        name=rule.en if english else rule.vi,
        colour=colour,
        sentence=finding.en if english else finding.vi,
        steps=[(step.en if english else step.vi, _source(step.source)) for step in finding.steps],
        basis=_basis(finding),
        opinion=finding.needs_legal_opinion,
        held_by=", ".join(held),
        action=gettext(action) if action else None,
        href=url_for("schedule.show_project", code=state["code"]) + path if path else None,
    )


def _basis(finding: rules.Finding) -> str:
    if finding.article == "house":
        return finding.law
    return str(gettext("Article %(article)s, %(law)s", article=finding.article, law=finding.law))


def _source(source: str | None) -> str | None:
    return source or None


_NEXT: dict[str, tuple[Any, str]] = {
    "INV-LATE": (N_("Update the milestones"), "#schedule"),
    "INV-T24-WARN": (N_("Update the milestones"), "#schedule"),
    "INV-T24": (N_("Update the milestones"), "#schedule"),
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
}
"""The one thing to do about a finding, by rule; the path begins at the project."""
