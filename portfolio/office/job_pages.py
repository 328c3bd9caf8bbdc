"""Jobs on screen: one's own list, the progress of one, its file; cancelling and starting again."""

import json
from typing import cast

from flask import Response, flash, jsonify, redirect, render_template, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office import job as jobs
from portfolio.office import results, work
from portfolio.office.blueprint import pages
from portfolio.office.job import Job
from portfolio.office.may import Permission, may, needs
from portfolio.office.people import Role
from portfolio.office.sessions import this_person
from portfolio.web.clock import now
from portfolio.web.errors import HiddenRecord, Refusal


class FileGone(Refusal):
    """The row promises a file that is not there."""

    status = 410
    message = N_("The file of this job is no longer kept. Start the job again.")


@pages.get("/jobs")
@needs(Permission.OWN_ACCOUNT)
def list_jobs() -> str:
    """The reader's jobs, newest first; an administrator's list holds everybody's."""
    reader = this_person()
    return render_template(
        "office/jobs.html",
        jobs=jobs.list_jobs(session(), reader),
        everybody=reader.role is Role.ADMINISTRATOR,
        name_of=name_of,
    )


@pages.get("/jobs/<ref>")
@needs(Permission.OWN_ACCOUNT)
def show_job(ref: str) -> str:
    """How far the job is, or what became of it."""
    job = _find(ref)
    return render_template(
        "office/job.html",
        job=job,
        name=name_of(job),
        words=words_of(job),
        error=error_of(job),
        may_have_file=_may_have_file(job),
        shown_at=_shown_at(job),
    )


@pages.get("/jobs/<ref>/progress")
@needs(Permission.OWN_ACCOUNT)
def show_progress(ref: str) -> Response:
    """The same as JSON, for the script that keeps the page up to date."""
    job = _find(ref)
    return jsonify(state=words_of(job), done=job.done, total=job.total, finished=job.state.is_over)


@pages.get("/jobs/<ref>/file")
@needs(Permission.OWN_ACCOUNT)
def send_result(ref: str) -> AnyResponse:
    """The file that the job made, always as a download."""
    job = _find(ref)
    if job.stored_as is None or not _may_have_file(job):
        raise HiddenRecord
    path = results.path_of(job.stored_as)
    if not path.is_file():
        raise FileGone
    answer = send_file(
        path,
        mimetype=job.content_type,
        as_attachment=True,
        download_name=job.file_name,
        conditional=False,
        etag=False,
        max_age=0,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@pages.post("/jobs/<ref>/cancel")
@needs(Permission.OWN_ACCOUNT)
def cancel_job(ref: str) -> AnyResponse:
    """Stop the job."""
    job = _find(ref)
    jobs.cancel(session(), job, now())
    session().commit()
    return redirect(url_for("office.show_job", ref=ref), 303)


@pages.post("/jobs/<ref>/again")
@needs(Permission.OWN_ACCOUNT)
def start_again(ref: str) -> AnyResponse:
    """Start the same work as a new job of the reader's own."""
    job, reader = _find(ref), this_person()
    kind = work.kind_of(job.kind)
    if kind is None or not may(reader, kind.permission):
        raise HiddenRecord
    jobs.refuse_flood(session(), job.kind, by=reader, at=now(), most=kind.most_an_hour)
    new = jobs.ask_again(session(), job, by=reader, at=now())
    session().commit()
    flash(gettext("The job was started again."), "saved")
    return redirect(url_for("office.show_job", ref=new.ref), 303)


def _find(ref: str) -> Job:
    return jobs.find_job(session(), ref, this_person())


def _may_have_file(job: Job) -> bool:
    """Whether the reader still has the right that the job needed, or keeps the register running."""
    reader, kind = this_person(), work.kind_of(job.kind)
    return reader.role is Role.ADMINISTRATOR or (kind is not None and may(reader, kind.permission))


def _shown_at(job: Job) -> str | None:
    """Where the result of a job without a file is to be read."""
    kind = work.kind_of(job.kind)
    return kind.shown_at(job.values) if kind is not None and kind.shown_at is not None else None


def name_of(job: Job) -> str:
    """What the job is called, in the reader's language."""
    kind = work.kind_of(job.kind)
    return str(gettext(kind.label)) if kind else job.kind


def words_of(job: Job) -> str:
    """The state of a job, and the step it is at while it runs."""
    state = str(gettext(job.state.label))
    if job.cancel_asked and not job.state.is_over:
        return str(gettext("Being cancelled"))
    return f"{state}: {gettext(job.step)}" if job.step and not job.state.is_over else state


def error_of(job: Job) -> str | None:
    """Why a job failed, in the reader's language."""
    if job.error is None:
        return None
    params = cast("dict[str, str]", json.loads(job.error_params or "{}"))
    return str(gettext(job.error, **params))
