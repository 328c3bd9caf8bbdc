"""A draft is tried on the portfolio of today, its result is read, and a leader adopts it."""

from datetime import date
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from portfolio.database import session
from portfolio.notation.fold import vi_sort_key
from portfolio.office.job import Job, enqueue, refuse_flood
from portfolio.office.may import Permission, may, needs
from portfolio.office.people import User
from portfolio.office.sessions import this_person
from portfolio.office.work import kind_of
from portfolio.schedule.blueprint import pages
from portfolio.schedule.explanation import scope_words, severity_words
from portfolio.schedule.policy import PolicyStatus, PolicyTrial, PolicyVersion
from portfolio.schedule.policy_acts import (
    StaleTrial,
    adopt_draft,
    authors_of,
    base_of,
    find_draft,
    find_version,
)
from portfolio.schedule.policy_changes import changes_in_words
from portfolio.schedule.policy_draft_pages import origin_of, version_path
from portfolio.schedule.policy_entry import ReasonForm
from portfolio.schedule.policy_result import MOVES, Result, Tried, as_seen_by
from portfolio.schedule.policy_trial import ENTERS, KIND, latest_trial, staleness
from portfolio.web.clock import now, today
from portfolio.web.errors import Refusal
from portfolio.web.languages import language

REFUSED = 422
ROWS = 50
SORTS = ("code", "name", "zone", "ha", "vnd")


@pages.post("/policy/<int:number>/try")
@needs(Permission.TRY_POLICY)
def start_trial(number: int) -> Response:
    """Ask for a trial, and show how far it is."""
    draft, reader = find_draft(session(), number), this_person()
    kind = kind_of(KIND)
    refuse_flood(session(), KIND, by=reader, at=now(), most=kind.most_an_hour if kind else 0)
    enqueue(session(), KIND, {"number": draft.number}, by=reader, at=now())
    session().commit()
    return redirect(url_for("schedule.show_trial", number=number), 303)


@pages.get("/policy/<int:number>/trial")
@needs(Permission.TRY_POLICY)
def show_trial(number: int) -> str:
    """The latest trial of a version, or how far the one is that runs."""
    policy, reader = find_version(session(), number), this_person()
    trial = latest_trial(session(), policy)
    is_draft = policy.status is PolicyStatus.DRAFT
    tried = as_seen_by(session(), reader, trial) if trial else None
    return render_template(
        "schedule/policy_trial.html",
        policy=policy,
        is_draft=is_draft,
        job=_job_at_work(reader, policy, trial) if is_draft else None,
        trial=trial,
        tried=tried,
        stale=staleness(session(), trial, policy, today()) if trial and is_draft else [],
        may_adopt=may(reader, Permission.ADOPT_POLICY),
        moves=MOVES,
        **(_chosen(tried, policy, trial) if tried and trial else {}),
    )


def _job_at_work(reader: User, policy: PolicyVersion, trial: PolicyTrial | None) -> Job | None:
    """The reader's own last trial of this version while it runs, or when it failed."""
    jobs = select(Job).where(Job.kind == KIND, Job.by_id == reader.id)
    for job in session().scalars(jobs.order_by(Job.id.desc()).limit(5)):
        if job.values.get("number") == policy.number:
            done = job.state.value == "done" or (trial is not None and trial.at > job.created_at)
            return None if done and job.state.is_over else job
    return None


def _chosen(tried: Tried, policy: PolicyVersion, trial: PolicyTrial) -> dict[str, Any]:
    """The rows that are asked for: which move, which zone, in which order, which page."""
    move = request.args.get("show", ENTERS)
    move = move if move in MOVES else ENTERS
    of_move = [row for row in tried.rows if row["move"] == move]
    zones = sorted({row["zone"] for row in of_move}, key=vi_sort_key)
    zone = request.args.get("zone") if request.args.get("zone") in zones else None
    rows = [row for row in of_move if zone is None or row["zone"] == zone]
    sort = request.args.get("sort", "code")
    column = sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "code"
    falling = sort.startswith("-")
    rows.sort(key=lambda row: _order(row, column), reverse=falling)
    page_count = max(1, -(-len(rows) // ROWS))
    page = min(max(request.args.get("page", 1, type=int), 1), page_count)
    return {
        "move": move,
        "zone": zone,
        "zones": zones,
        "rows": rows[(page - 1) * ROWS : page * ROWS],
        "found": len(rows),
        "sort": (column, falling),
        "page": page,
        "page_count": page_count,
        "rules": names_of_rules(policy),
        "old_rules": names_of_rules(session().get_one(PolicyVersion, trial.result["in_force"])),
        "scope_words": lambda scope: scope_words(scope, _language()),
        "severity_words": severity_words,
        "iso_day": date.fromisoformat,
    }


def names_of_rules(policy: PolicyVersion) -> dict[str, str]:
    """What a version calls its rules, in the reader's language."""
    return {rule["id"]: rule[_language()] for rule in policy.document["rules"]}


def _order(row: Result, column: str) -> Any:
    if column in {"ha", "vnd"}:
        return float(row[column] or -1)
    return vi_sort_key(row[column] or "")


def _language() -> Any:
    return "en" if language() == "en" else "vi"


# Adopting -------------------------------------------------------------------------------------


@pages.get("/policy/<int:number>/adopt")
@needs(Permission.ADOPT_POLICY)
def ask_adoption(number: int) -> str:
    """What will happen, and the button that makes it happen."""
    draft = find_draft(session(), number)
    return _adoption_page(draft, ReasonForm(data={"version": draft.version}))


@pages.post("/policy/<int:number>/adopt")
@needs(Permission.ADOPT_POLICY)
def adopt(number: int) -> Response:
    """Put the draft into force; all projects are judged by it."""
    form = ReasonForm()
    earlier = form.earlier_result()
    if earlier is not None:
        return redirect(earlier, 303)
    draft = find_draft(session(), number, lock=True)
    if not form.validate():
        return make_response(_adoption_page(draft, form), REFUSED)
    try:
        if form.is_stale(draft.version):
            raise StaleTrial
        adopt_draft(session(), draft, latest_trial(session(), draft), origin_of(form))
    except Refusal as refusal:
        session().rollback()
        form.refuse(refusal)
        page = _adoption_page(find_draft(session(), number), form)
        return make_response(page, refusal.status)
    form.spend(version_path(number))
    session().commit()
    flash(gettext("Version %(number)s is in force from today on.", number=number), "saved")
    return redirect(version_path(number), 303)


def _adoption_page(draft: PolicyVersion, form: ReasonForm) -> str:
    reader, trial = this_person(), latest_trial(session(), draft)
    base = base_of(session(), draft)
    stale = staleness(session(), trial, draft, today()) if trial else []
    tried = as_seen_by(session(), reader, trial) if trial else None
    changes = changes_in_words(base.document, draft.document, _language()) if base else []
    return render_template(
        "schedule/policy_adopt.html",
        form=form,
        policy=draft,
        base=base,
        trial=trial,
        tried=tried,
        stale=stale,
        changes=changes,
        is_author=reader.id in authors_of(session(), draft),
        moves=MOVES,
        rules=names_of_rules(draft),
        on=today(),
    )
