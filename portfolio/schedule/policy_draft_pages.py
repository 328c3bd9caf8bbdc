"""Writing the policy: a draft is started, changed part by part, and given up."""

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from portfolio.database import session
from portfolio.office.may import Permission, needs
from portfolio.office.sessions import this_person
from portfolio.office.trail import Origin, TrailEntry, unpack
from portfolio.register.entry import ActForm
from portfolio.schedule import policy_acts as acts
from portfolio.schedule.blueprint import pages
from portfolio.schedule.policy import PolicyVersion
from portfolio.schedule.policy_acts import find_draft, in_force, open_draft
from portfolio.schedule.policy_entry import ReasonForm
from portfolio.schedule.policy_parts_entry import PARTS, form_of
from portfolio.schedule.policy_rule_entry import RuleForm, rule_form, severity_of
from portfolio.schedule.policy_words import meaning_of
from portfolio.web.clock import now
from portfolio.web.errors import HiddenRecord, Refusal
from portfolio.web.languages import language

Document = dict[str, Any]
REFUSED = 422


def origin_of(form: ActForm) -> Origin:
    """Who acts now, and why."""
    return Origin(this_person(), now(), form["reason"].data)


def version_path(number: int) -> str:
    """The page of a version."""
    return url_for("schedule.show_version", number=number)


# Starting and giving up -----------------------------------------------------------------------


@pages.get("/policy/new")
@needs(Permission.KEEP_POLICY)
def new_draft() -> Response | str:
    """Why a new version is needed; an open draft is shown instead."""
    draft = open_draft(session())
    if draft is not None:
        return redirect(version_path(draft.number), 303)
    return _start_page(ReasonForm())


@pages.post("/policy/new")
@needs(Permission.KEEP_POLICY)
def start_draft() -> Response:
    """Begin the next version as a copy of the one in force."""
    form = ReasonForm()
    earlier = form.earlier_result()
    if earlier is not None:
        return redirect(earlier, 303)
    if not form.validate():
        return make_response(_start_page(form), REFUSED)
    draft = acts.start_draft(session(), origin_of(form))
    path = version_path(draft.number)
    form.spend(path)
    session().commit()
    flash(gettext("Version %(number)s was started as a draft.", number=draft.number), "saved")
    return redirect(path, 303)


def _start_page(form: ReasonForm) -> str:
    return render_template("schedule/policy_start.html", form=form, current=in_force(session()))


@pages.get("/policy/<int:number>/discard")
@needs(Permission.KEEP_POLICY)
def ask_discard(number: int) -> str:
    """Whether the draft shall be given up."""
    draft = find_draft(session(), number)
    form = ReasonForm(data={"version": draft.version})
    return render_template("schedule/policy_discard.html", form=form, policy=draft)


@pages.post("/policy/<int:number>/discard")
@needs(Permission.KEEP_POLICY)
def discard(number: int) -> Response:
    """Give it up; it stays readable."""
    draft, form = find_draft(session(), number, lock=True), ReasonForm()
    if not form.validate():
        page = render_template("schedule/policy_discard.html", form=form, policy=draft)
        return make_response(page, REFUSED)
    acts.discard_draft(session(), draft, origin_of(form))
    session().commit()
    flash(gettext("The draft was discarded. It can still be read."), "saved")
    return redirect(version_path(number), 303)


# Parts ----------------------------------------------------------------------------------------


@pages.get("/policy/<int:number>/edit/<part>")
@needs(Permission.KEEP_POLICY)
def edit_part(number: int, part: str) -> str:
    """The form of a part."""
    draft = find_draft(session(), number)
    return _part_page(draft, part, _part_form(draft, part))


@pages.post("/policy/<int:number>/edit/<part>")
@needs(Permission.KEEP_POLICY)
def save_part(number: int, part: str) -> Response:
    """Save it."""
    draft = find_draft(session(), number, lock=True)
    form = _part_form(draft, part)
    if not form.validate():
        return make_response(_part_page(draft, part, form), REFUSED)
    _refuse_stale(draft, form, lambda document: _shown_part(draft, part, document))
    try:
        _save(draft, form.document_with(draft.document), form)
    except Refusal as refusal:
        session().rollback()
        form.refuse(refusal)
        return make_response(_part_page(_again(number), part, form), refusal.status)
    return redirect(version_path(number), 303)


def _part_form(draft: PolicyVersion, part: str) -> Any:
    if part not in PARTS:
        raise HiddenRecord
    return form_of(PARTS[part], draft.document, data={"version": draft.version})


def _shown_part(draft: PolicyVersion, part: str, document: Document) -> ActForm:
    data = {"version": draft.version}
    return form_of(PARTS[part], document, data=data, formdata=None)


def _part_page(draft: PolicyVersion, part: str, form: ActForm) -> str:
    return render_template(
        "schedule/policy_part.html", form=form, policy=draft, part=PARTS[part], key=part
    )


# Rules ----------------------------------------------------------------------------------------


@pages.get("/policy/<int:number>/edit/rules/<rule_id>")
@needs(Permission.KEEP_POLICY)
def edit_rule(number: int, rule_id: str) -> str:
    """The form of a rule."""
    draft = find_draft(session(), number)
    return _rule_page(draft, rule_id, _rule_form(draft, rule_id))


@pages.post("/policy/<int:number>/edit/rules/<rule_id>")
@needs(Permission.KEEP_POLICY)
def save_rule(number: int, rule_id: str) -> Response:
    """Save it."""
    draft = find_draft(session(), number, lock=True)
    form = _rule_form(draft, rule_id)
    if not form.validate():
        return make_response(_rule_page(draft, rule_id, form), REFUSED)
    _refuse_stale(draft, form, lambda document: _shown_rule(draft, rule_id, document))
    try:
        _save(draft, form.document_with(draft.document, rule_id), form)
    except Refusal as refusal:
        session().rollback()
        form.refuse(refusal)
        return make_response(_rule_page(_again(number), rule_id, form), refusal.status)
    return redirect(version_path(number), 303)


def _rule_form(draft: PolicyVersion, rule_id: str) -> RuleForm:
    if not any(rule["id"] == rule_id for rule in draft.document["rules"]):
        raise HiddenRecord
    return rule_form(draft.document, rule_id, data={"version": draft.version})


def _shown_rule(draft: PolicyVersion, rule_id: str, document: Document) -> RuleForm:
    return rule_form(document, rule_id, data={"version": draft.version}, formdata=None)


def _rule_page(draft: PolicyVersion, rule_id: str, form: RuleForm) -> str:
    rule = next(rule for rule in draft.document["rules"] if rule["id"] == rule_id)
    return render_template(
        "schedule/policy_rule.html",
        form=form,
        policy=draft,
        rule=rule,
        name=rule["en" if language() == "en" else "vi"],
        meaning=meaning_of(rule),
        severity=severity_of(draft.document, rule_id),
    )


# What both share ------------------------------------------------------------------------------


def _save(draft: PolicyVersion, document: Document, form: ActForm) -> None:
    saved = acts.change_draft(session(), draft, document, origin_of(form))
    session().commit()
    words = gettext("Saved.") if saved else gettext("Nothing was different, so nothing was saved.")
    flash(words, "saved")


def _again(number: int) -> PolicyVersion:
    """The draft as it stands, after what was refused has been undone."""
    return find_draft(session(), number)


def _refuse_stale(draft: PolicyVersion, form: ActForm, shown: Any) -> None:
    """Stop an edit that began before somebody else changed the same part; nothing typed is lost.

    Raises `StaleEdit`. An edit of one part goes through although another part was changed meanwhile.
    """
    if not form.is_stale(draft.version):
        return
    then = _document_at(draft, form.version.data)
    theirs = shown(draft.document)
    base = None if then is None else shown(then)
    if base is not None and _texts(base) == _texts(theirs):
        return
    last = _last_entry(draft)
    raise form.stale(
        theirs,
        version=draft.version,
        base=base,
        by=last.by_name if last else None,
        at=last.at if last else None,
        back=version_path(draft.number),
    )


def _texts(form: ActForm) -> dict[str, Any]:
    return {name: value for name, value in form.data.items() if name not in {"token", "csrf_token"}}


def _entries(draft: PolicyVersion) -> Any:
    return select(TrailEntry).where(
        TrailEntry.subject_kind == acts.KIND, TrailEntry.subject_id == draft.id
    )


def _last_entry(draft: PolicyVersion) -> TrailEntry | None:
    found: TrailEntry | None = session().scalar(
        _entries(draft).order_by(TrailEntry.seq.desc()).limit(1)
    )
    return found


def _document_at(draft: PolicyVersion, version: int | None) -> Document | None:
    """The draft as the form was opened on it."""
    if version is None:
        return None
    entry = session().scalar(_entries(draft).where(TrailEntry.subject_version == version))
    return None if entry is None else unpack(entry.state)["document"]
