"""The policy of delay on screen: what is in force, its versions, and what each of them changed."""

from typing import Any

from flask import Flask, render_template, request
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office import trail
from portfolio.office.may import Permission, may, needs
from portfolio.office.trail import State, TrailEntry
from portfolio.office.trail_words import SubjectWords, act_words, know_subject
from portfolio.register.flag_words import know_rules
from portfolio.schedule import holiday_pages, policy_acts, policy_draft_pages, policy_trial_pages
from portfolio.schedule.blueprint import pages
from portfolio.schedule.in_force import NoPolicy
from portfolio.schedule.law_today import law_today
from portfolio.schedule.policy import PolicyStatus, PolicyVersion
from portfolio.schedule.policy_acts import base_of, find_version, in_force, open_draft
from portfolio.schedule.policy_changes import changes_in_words
from portfolio.schedule.policy_shown import show_document
from portfolio.schedule.policy_trial import latest_trial
from portfolio.web.clock import today
from portfolio.web.languages import language

__all__ = ["install"]

_PARTS = (holiday_pages, policy_draft_pages, policy_trial_pages)
"""Importing them put their addresses on the blueprint."""


def install(app: Flask) -> None:
    """Tell the trail what it keeps of the policy, and what that is called."""
    policy_acts.declare()
    know_rules(app, names_in_force)
    words = SubjectWords(N_("Policy of delay"), _title, lambda state: f"/policy/{state['number']}")
    know_subject(policy_acts.KIND, words, acts=_ACTS, fields=_FIELDS)


def names_in_force() -> dict[str, tuple[str, str]]:
    """What the policy in force calls its rules; none before a policy is adopted."""
    try:
        rules = law_today(session()).policy.rules
    except NoPolicy:
        return {}
    return {rule.id: (rule.vi, rule.en) for rule in rules.values()}


def _title(state: State) -> str:
    return str(gettext("Version %(number)s", number=state["number"]))


_ACTS = {
    "start_policy": N_("Draft of the policy started"),
    "change_policy": N_("Draft of the policy changed"),
    "discard_policy": N_("Draft of the policy discarded"),
    "adopt_policy": N_("Policy adopted"),
}
_FIELDS = {
    "number": N_("Number"),
    "status": N_("Status"),
    "adopted_on": N_("Adopted on"),
    "adopted_by": N_("Adopted by"),
    "started_by": N_("Started by"),
    "document": N_("Content"),
    "rules": N_("Rule"),
    "articles": N_("Article"),
    "settings": N_("Settings"),
    "months": N_("Months"),
    "severity": N_("Severity"),
}


@pages.get("/policy")
@needs(Permission.READ_REGISTER)
def show_policy() -> str:
    """The policy in force, in plain words."""
    policy = in_force(session())
    if policy is None:
        raise NoPolicy
    return _page(policy, is_current=True)


@pages.get("/policy/<int:number>")
@needs(Permission.READ_REGISTER)
def show_version(number: int) -> str:
    """One version, whatever became of it."""
    policy = find_version(session(), number)
    current = in_force(session())
    return _page(policy, is_current=current is not None and current.id == policy.id)


def _page(policy: PolicyVersion, *, is_current: bool) -> str:
    base = base_of(session(), policy)
    is_draft = policy.status is PolicyStatus.DRAFT
    return render_template(
        "schedule/policy.html",
        policy=policy,
        is_current=is_current,
        is_draft=is_draft,
        shown=show_document(policy.document, _language(), today()),
        base=base,
        changes=_changes(base, policy) if is_draft and base else [],
        draft=open_draft(session()),
        last=_last_entry(policy),
        may_keep=may(current_user, Permission.KEEP_POLICY),
        may_try=may(current_user, Permission.TRY_POLICY),
        may_adopt=may(current_user, Permission.ADOPT_POLICY),
        trial=latest_trial(session(), policy) if is_draft else None,
    )


@pages.get("/policy/versions")
@needs(Permission.READ_REGISTER)
def list_versions() -> str:
    """All versions, the newest first: by whom, when, why, and what became of them."""
    versions = select(PolicyVersion).order_by(PolicyVersion.number.desc())
    current = in_force(session())
    return render_template(
        "schedule/policy_versions.html",
        versions=[(one, _last_entry(one)) for one in session().scalars(versions)],
        current=current,
        draft=open_draft(session()),
        may_keep=may(current_user, Permission.KEEP_POLICY),
    )


@pages.get("/policy/<int:number>/changes")
@needs(Permission.READ_REGISTER)
def show_changes(number: int) -> str:
    """What a version says differently from another one, by default the one before it."""
    policy = find_version(session(), number)
    asked = request.args.get("against", type=int)
    other = base_of(session(), policy) if asked is None else find_version(session(), asked)
    versions = select(PolicyVersion.number).where(PolicyVersion.id != policy.id)
    return render_template(
        "schedule/policy_changes.html",
        policy=policy,
        other=other,
        changes=_changes(other, policy) if other else [],
        numbers=list(session().scalars(versions.order_by(PolicyVersion.number.desc()))),
        history=_history(policy),
        act_words=act_words,
    )


def _changes(before: PolicyVersion, after: PolicyVersion) -> list[Any]:
    return changes_in_words(before.document, after.document, _language())


def _last_entry(policy: PolicyVersion) -> TrailEntry | None:
    entries = trail.entries_of(session(), policy_acts.KIND, policy.id)
    return entries[-1] if entries else None


def _history(policy: PolicyVersion) -> list[tuple[TrailEntry, list[Any]]]:
    """Each act on the version with what it changed, the latest first."""
    found: list[tuple[TrailEntry, list[Any]]] = []
    before: dict[str, Any] | None = None
    for entry in trail.entries_of(session(), policy_acts.KIND, policy.id):
        document = trail.unpack(entry.state)["document"]
        changes = changes_in_words(before, document, _language()) if before is not None else []
        found.append((entry, changes))
        before = document
    return found[::-1]


def _language() -> Any:
    return "en" if language() == "en" else "vi"
