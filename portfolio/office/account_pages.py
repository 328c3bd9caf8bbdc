"""One's own account: name, language, password, and the browsers that are signed in."""

from typing import cast

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from flask_login import current_user

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office import accounts, passwords, sessions, throttle
from portfolio.office.blueprint import pages
from portfolio.office.entry import ChangePasswordForm, NewPasswordForm, OwnAccountForm
from portfolio.office.known_names import known_names
from portfolio.office.may import Permission, needs
from portfolio.office.people import User
from portfolio.office.sessions import this_person
from portfolio.office.sign_in_pages import password_advice
from portfolio.office.trail import Origin
from portfolio.web.clock import now
from portfolio.web.error_pages import while_read_only
from portfolio.web.errors import HiddenRecord, Refusal
from portfolio.web.languages import language_chosen

REFUSED = 422


class WrongPassword(Refusal):
    """The current password was asked for, and this is not it."""

    field = "current"
    message = N_("This is not the current password.")


def install(app: Flask) -> None:
    """Hold people to choosing a password; keep the language they choose."""
    app.before_request(_insist_on_password)
    language_chosen.connect(_keep_language)


def _insist_on_password() -> Response | None:
    """Lead whoever must choose a password to that page, from everywhere else."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "permission", None) is None or view in (show_password, change_password):
        return None
    if current_user.is_authenticated and accounts.must_change_password(current_user, now()):
        return cast("Response", redirect(url_for("office.show_password"), 303))
    return None


def _keep_language(user: object, language: str) -> None:
    # The signal is the process's own: it also carries the choices of other programs' people.
    if isinstance(user, User) and not current_app.config["READ_ONLY"]:
        accounts.change_own_account(session(), user, user.name, language, Origin(user, now()))
        session().commit()


@pages.get("/account")
@needs(Permission.OWN_ACCOUNT)
def show_account() -> str:
    """Name, role, zones, language and sessions."""
    data = {
        "name": current_user.name,
        "language": current_user.language,
        "version": current_user.version,
    }
    return _account_page(OwnAccountForm(data=data))


@pages.post("/account")
@needs(Permission.OWN_ACCOUNT)
def change_account() -> Response:
    """Save name and language."""
    form = OwnAccountForm()
    if not form.validate():
        return make_response(_account_page(form), REFUSED)
    person = this_person()
    origin = Origin(person, now())
    name, language = form.name.data or person.name, form.language.data or person.language
    if accounts.change_own_account(session(), person, name, language, origin):
        session().commit()
        flash(gettext("Saved."), "saved")
    return _back()


@pages.post("/account/sessions/end")
@needs(Permission.OWN_ACCOUNT)
@while_read_only
def end_own_sessions() -> Response:
    """Sign one other browser out (``session`` in the form), or all but this one."""
    chosen = sessions.chosen_session()
    if chosen is None:
        sessions.end_all(session(), this_person(), now(), but=sessions.this_session_id())
    elif not sessions.end_one(session(), this_person(), chosen, now()):
        raise HiddenRecord
    session().commit()
    flash(gettext("The sessions were ended."), "saved")
    return _back()


@pages.get("/account/password")
@needs(Permission.OWN_ACCOUNT)
def show_password() -> str:
    """A new password; the current one is asked for, unless it was a first one that is spent."""
    return _password_page(NewPasswordForm() if _has_spent_first() else ChangePasswordForm())


@pages.post("/account/password")
@needs(Permission.OWN_ACCOUNT)
def change_password() -> Response:
    """Set it; all sessions end and this browser gets a new one."""
    form = NewPasswordForm() if _has_spent_first() else ChangePasswordForm()
    if not form.validate():
        return make_response(_password_page(form), REFUSED)
    person = this_person()
    try:
        if isinstance(form, ChangePasswordForm):
            _check_current(person, form.current.data)
        accounts.set_password(
            session(), person, form.password.data, "change_password", Origin(person, now())
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return make_response(_password_page(form), REFUSED)
    token = sessions.start(session(), person, now())
    session().commit()
    flash(gettext("The password was changed. Other browsers are signed out."), "saved")
    answer = _back()
    sessions.set_cookie(answer, token)
    return answer


def _has_spent_first() -> bool:
    return bool(current_user.must_change_password and current_user.password_hash is None)


def _check_current(user: User, password: str) -> None:
    """Refuse a wrong current password; after five in a row every one, for some minutes."""
    key, stored = throttle.password_key(user), user.password_hash
    stopped = throttle.is_stopped(session(), [key], now())
    session().commit()
    if passwords.verify(None if stopped else stored, password):
        throttle.forgive(session(), key)
        return
    if not stopped:
        throttle.count_try(session(), key, now())
    session().commit()
    raise WrongPassword


def _account_page(form: OwnAccountForm) -> str:
    return render_template(
        "office/account.html",
        form=form,
        zones=[
            zone.name for zone in known_names().zones(session()) if zone.id in current_user.zone_ids
        ],
        sessions=sessions.sessions_of(session(), this_person(), now()),
        this_session=sessions.this_session_id(),
    )


def _password_page(form: NewPasswordForm) -> str:
    return render_template(
        "office/password.html",
        form=form,
        forced=accounts.must_change_password(current_user, now()),
        advice=password_advice(),
    )


def _back() -> Response:
    return cast("Response", redirect(url_for("office.show_account"), 303))
