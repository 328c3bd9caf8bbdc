"""Every error becomes a page in the reader's language, or JSON where JSON was asked for.

What is the reader's to mend says how; what is ours to mend gets an incident number, and the same
number is on one line of the log together with the cause. No page shows a stack trace.
"""

import json
import logging
import secrets
import traceback
from typing import Any, cast

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from portfolio.database import session
from portfolio.notation import N_
from portfolio.web import once, parked
from portfolio.web.addresses import page_before, this_address
from portfolio.web.bodies import drain_body, rescue_text
from portfolio.web.clock import now
from portfolio.web.errors import HiddenRecord, ReadOnly, Refusal, StaleEdit, TooMany
from portfolio.web.logs import path_to_log
from portfolio.web.open_forms import frame_of

log = logging.getLogger("portfolio.incident")
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is misread over the telephone
NOT_SAVED = N_("Nothing was saved.")

WORDS = {
    400: (N_("The request cannot be understood"), N_("Go back to the page before and try again.")),
    404: (HiddenRecord.title, HiddenRecord.message),
    405: (N_("This address does not work that way"), N_("Open it from the menu or from a link.")),
    408: (N_("The request took too long to arrive"), N_("Check the connection and try again.")),
    409: (N_("The record has changed in the meantime"), N_("Open it again and repeat the change.")),
    410: (
        N_("This page is no longer there"),
        N_("The link was used or has run out. Ask for a new one."),
    ),
    413: (
        N_("What was sent is too large"),
        N_("Send a smaller file, or less text."),
    ),
    414: (N_("The address is too long"), N_("Use fewer filters, or open the list from the menu.")),
    415: (
        N_("This kind of file or data is not accepted"),
        N_("Send it in one of the kinds named on the form."),
    ),
    416: (N_("That part of the file does not exist"), N_("Download the whole file again.")),
    422: (Refusal.title, Refusal.message),
    429: (TooMany.title, TooMany.message),
    431: (
        N_("The request header is too large"),
        N_("Delete the cookies of this site and sign in again."),
    ),
    500: (
        N_("Something went wrong here"),
        N_("It is not the reader's fault. Give the incident number to the administrator."),
    ),
    503: (
        N_("The register cannot answer right now"),
        N_("Try again in a minute. What was saved before is safe."),
    ),
    507: (
        N_("The server's disk is full"),
        N_("Nothing of this change was saved. Reading goes on. Tell the administrator."),
    ),
}


def install(app: Flask) -> None:
    """Answer all errors of ``app``."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(StaleEdit, stale)
    app.register_error_handler(CSRFError, form_expired)
    app.register_error_handler(StaleDataError, _changed_meanwhile)
    app.register_error_handler(DBAPIError, database_failed)
    app.register_error_handler(PoolTimeout, database_failed)
    app.register_error_handler(InternalServerError, broken)
    app.register_error_handler(HTTPException, plain_http)
    app.before_request(_refuse_changes_when_read_only)
    # The incident line holds all of it; Flask's own many-line record would tell it twice.
    app.log_exception = _say_nothing  # type: ignore[assignment,method-assign]


def _say_nothing(_error: Any) -> None:
    """In place of `Flask.log_exception`."""


def _refuse_changes_when_read_only() -> None:
    if not current_app.config.get("READ_ONLY") or request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and not getattr(view, "while_read_only", False):
        raise ReadOnly


def while_read_only(view: Any) -> Any:
    """Let a view that must work in read-only mode (sign-in, sign-out) change something."""
    view.while_read_only = True
    return view


def wants_json() -> bool:
    """Whether the caller is a program: the API, or a page that polls a job."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(
        ["text/html", "application/json"], default="text/html"
    )
    return bool(best == "application/json")


def refused(refusal: Refusal) -> Response:
    """The page of an act that was refused."""
    answer = _page(refusal.status, refusal.heading(), refusal.text())
    if isinstance(refusal, TooMany):
        answer.headers["Retry-After"] = str(refusal.seconds)
    return answer


def stale(edit: StaleEdit) -> Response:
    """Both texts side by side, with a form that sends the chosen ones again."""
    if wants_json():
        return _problem(edit.status, edit.heading(), edit.text())
    return make_response(render_template("web/stale_edit.html", edit=edit), edit.status)


def form_expired(error: CSRFError) -> Response:
    """The form's key is no longer good: nothing was done, and the form opens again with its text.

    A visitor is asked to sign in first. Where no page shows the form, the text is listed with a button
    that sends it again. What another site sent is neither kept nor shown.
    """
    del error
    if wants_json() or not parked.came_from_this_site():
        return _page(400, gettext(WORDS[400][0]), gettext(WORDS[400][1]))
    if again := parked.keep():
        return cast("Response", redirect(again, 303))
    if parked.can_park():
        return parked.send_to_sign_in()
    return make_response(
        render_template(
            "web/form_expired.html",
            title=gettext("This form was open too long"),
            text=gettext("Nothing was saved yet. The typed text is kept below."),
            typed=_typed(),
        ),
        400,
    )


def plain_http(error: HTTPException) -> Response:
    """The page of an HTTP error; what must not be seen looks like what is not there."""
    code = error.code or 500
    if code < 400:  # noqa: PLR2004  redirects are errors only by name
        return error.get_response()  # type: ignore[return-value]
    code = 404 if code == 403 else code  # noqa: PLR2004
    if code == 413:  # noqa: PLR2004
        rescue_text()
        drain_body()
    if code >= 500:  # noqa: PLR2004
        return _incident(code if code in WORDS else 500, error)
    title, text = WORDS.get(code, WORDS[400])
    answer = _page(code, gettext(title), gettext(text))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "Content-Range"}:
            answer.headers[name] = value
    return answer


def broken(error: InternalServerError) -> Response:
    """An error of the program itself."""
    return _incident(500, error.original_exception or error)


def database_failed(error: SQLAlchemyError) -> Response:
    """The database is busy, full, closed for writing, or away."""
    if isinstance(error, IntegrityError) and "spent_form" in str(error.orig):
        # The same form came twice at one moment and the other post was first.
        session().rollback()
        first = once.earlier_result(request.form.get("token"))
        if first is not None:
            return cast("Response", redirect(first, 303))
    code = status_of(error)
    if code == 500:  # noqa: PLR2004  a mistake of ours; tests must see it as what it is
        raise error
    return _incident(code, error)


def _changed_meanwhile(_error: StaleDataError) -> Response:
    return _page(409, gettext(WORDS[409][0]), gettext(WORDS[409][1]))


_BUSY = {"57014", "55P03", "40001", "40P01", "57P01", "57P02", "57P03", "53300"}
_FULL, _CLOSED_FOR_WRITING = {"53100"}, {"25006"}


def status_of(error: SQLAlchemyError) -> int:
    """507 for a full disk, 503 for what passes by itself, 500 for the rest."""
    if isinstance(error, PoolTimeout) or getattr(error, "connection_invalidated", False):
        return 503
    cause = getattr(error, "orig", None)
    state, said = getattr(cause, "sqlstate", None), str(cause).lower()
    if state in _FULL or "disk is full" in said:
        return 507
    passing = (
        "is locked",
        "readonly database",
        "unable to open",
        "connection failed",
        "server closed",
    )
    if state in _BUSY | _CLOSED_FOR_WRITING or any(words in said for words in passing):
        return 503
    return 500


def _incident(code: int, error: BaseException) -> Response:
    """A page with a number, and the same number on one line of the log."""
    # The page must stand without the database: it names no user and asks for nothing.
    g.without_user = True
    number = "".join(secrets.choice(ALPHABET) for _ in range(8))
    number = f"{number[:4]}-{number[4:]}"
    log.error("%s", json.dumps(_log_line(number, code, error), ensure_ascii=False))
    title, text = gettext(WORDS[code][0]), gettext(WORDS[code][1])
    if wants_json():
        answer = _problem(code, title, text, incident=number)
    else:
        typed = _typed()
        unsaved = gettext(NOT_SAVED) if request.method == "POST" else None
        answer = _bare_page(
            code,
            title,
            text,
            incident=number,
            unsaved=unsaved,
            typed=typed,
            here=this_address(),
            csrf=generate_csrf() if typed else "",
        )
    if code == 503:  # noqa: PLR2004
        answer.headers["Retry-After"] = "10"
    return answer


def _log_line(number: str, code: int, error: BaseException) -> dict[str, Any]:
    said = getattr(error, "orig", None) or error
    steps = traceback.extract_tb(error.__traceback__)
    return {
        "event": "incident",
        "incident": number,
        "at": now().isoformat(),
        "status": code,
        "method": request.method,
        # Neither the query nor the form nor a secret in the path: a log must not hold them.
        "path": path_to_log(),
        "endpoint": request.endpoint,
        "user": getattr(g.get("_login_user"), "id", None),
        "error": type(error).__name__,
        "said": str(said)[:500],
        "where": [f"{step.filename}:{step.lineno} {step.name}" for step in steps[-12:]],
    }


def _page(code: int, title: str, text: str) -> Response:
    if wants_json():
        return _problem(code, title, text)
    changing = request.method not in {"GET", "HEAD", "OPTIONS"}
    if request.url_rule is None and request.routing_exception is not None and code == 400:  # noqa: PLR2004
        # An unknown host: no address of ours can be built for it.
        return _bare_page(code, title, text)
    again = parked.keep() if changing else None
    page = render_template(
        "web/refused.html",
        frame=frame_of(current_app.view_functions.get(request.endpoint or "")),
        title=title,
        text=text,
        unsaved=gettext(NOT_SAVED) if changing else None,
        again=again,
        typed=_typed() if again is None else [],
        back=page_before(),
    )
    return make_response(page, code)


def _typed() -> parked.Fields:
    """What the page must hold itself, because nothing else keeps it: the text of a refused post."""
    if request.method != "POST" or not parked.came_from_this_site():
        return []
    try:
        return parked.typed_fields()
    except HTTPException:  # the body itself was refused
        return []


def _bare_page(code: int, title: str, text: str, **more: Any) -> Response:
    """A page without the frame: no context processor runs, for each of them may ask the database."""
    g.without_user = True
    template = current_app.jinja_env.get_template("web/broken.html")
    page = template.render(root=request.script_root, title=title, text=text, **more)
    return make_response(page, code)


def _problem(code: int, title: str, text: str, **more: str) -> Response:
    answer = make_response(
        json.dumps({"status": code, "title": title, "detail": text, **more}, ensure_ascii=False),
        code,
    )
    answer.mimetype = "application/problem+json"
    return answer
