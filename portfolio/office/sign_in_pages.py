"""The door: signing in and out, and setting a password by a one-time link."""

from flask import Response, current_app, make_response, redirect, render_template, request
from flask_babel import gettext
from flask_login import current_user

from portfolio.database import session
from portfolio.office import accounts, outbox, reset_links, sessions, throttle
from portfolio.office.blueprint import pages
from portfolio.office.entry import ForgottenForm, NewPasswordForm, SignInForm
from portfolio.office.may import public
from portfolio.office.people import User
from portfolio.office.sign_in import sign_in
from portfolio.office.trail import Origin
from portfolio.web import parked
from portfolio.web.addresses import safe_next
from portfolio.web.clock import now
from portfolio.web.error_pages import while_read_only
from portfolio.web.errors import Refusal

REFUSED = 422


@pages.get("/sign-in")
@public
def show_sign_in() -> Response:
    """The sign-in page, or how to make the first administrator."""
    if current_user.is_authenticated:
        return _go(safe_next(request.args.get("next")))
    if not accounts.has_administrator(session()):
        return make_response(render_template("office/no_administrator.html"), 503)
    form = SignInForm(data={"next": request.args.get("next"), "parked": request.args.get("parked")})
    return make_response(render_template("office/sign_in.html", form=form))


@pages.post("/sign-in")
@public
@while_read_only
def do_sign_in() -> Response:
    """Open a session and go where the visitor wanted to."""
    form = SignInForm()
    if not accounts.has_administrator(session()):
        return make_response(render_template("office/no_administrator.html"), 503)
    if not form.validate():
        return make_response(render_template("office/sign_in.html", form=form), REFUSED)
    try:
        user, token = sign_in(
            session(), form.email.data, form.password.data, request.remote_addr, now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return make_response(render_template("office/sign_in.html", form=form), REFUSED)
    # `way_back` asks who has just signed in, to give nobody else's text away.
    current_app.login_manager._update_request_context_with_user(user)  # type: ignore[attr-defined]  # noqa: SLF001
    answer = _go(parked.way_back(form.parked.data) or safe_next(form.next.data))
    sessions.set_cookie(answer, token)
    return answer


@pages.post("/sign-out")
@public
@while_read_only
def do_sign_out() -> Response:
    """End this session and show the door."""
    sessions.end_this(session(), now())
    session().commit()
    answer = _go("/sign-in")
    sessions.leave(answer)
    return answer


@pages.get("/forgotten")
@public
def show_forgotten() -> str:
    """Ask for a link by mail, or read whom to ask where no mail is sent."""
    return render_template("office/forgotten.html", form=ForgottenForm(), by_mail=outbox.can_send())


@pages.post("/forgotten")
@public
def send_link() -> Response:
    """Let a link wait in the outbox; the answer is the same whether or not the account exists."""
    form = ForgottenForm()
    if not outbox.can_send() or not form.validate():
        page = render_template("office/forgotten.html", form=form, by_mail=outbox.can_send())
        return make_response(page, REFUSED)
    key = throttle.forgotten_key(request.remote_addr)
    if not throttle.is_stopped(session(), [key], now()):
        throttle.count_try(session(), key, now())
        user = accounts.find_user(session(), form.email.data)
        if user is not None and user.active:
            reset_links.mail_link(session(), user, now())
        session().commit()
    return make_response(render_template("office/link_sent.html"))


@pages.get("/reset/<token>")
@public
def show_reset(token: str) -> str:
    """The new password; opening the page does not spend the link, mail programs open links too."""
    _link, user = reset_links.person_of(session(), token, now())
    return _reset_page(NewPasswordForm(), user)


@pages.post("/reset/<token>")
@public
def reset_password(token: str) -> Response:
    """Set the new password and sign in with it."""
    _link, user = reset_links.person_of(session(), token, now())
    form = NewPasswordForm()
    if not form.validate():
        return make_response(_reset_page(form, user), REFUSED)
    try:
        accounts.set_password(
            session(), user, form.password.data, "reset_password", Origin(user, now())
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return make_response(_reset_page(form, user), REFUSED)
    new_cookie = sessions.start(session(), user, now())
    session().commit()
    answer = _go("/")
    sessions.set_cookie(answer, new_cookie)
    return answer


def _reset_page(form: NewPasswordForm, user: User) -> str:
    return render_template(
        "office/reset.html",
        form=form,
        email=user.email,
        advice=password_advice(),
    )


def password_advice() -> str:
    """What a good password is here, under the settings in force."""
    least = int(current_app.config["PASSWORD_LENGTH"])
    kinds = int(current_app.config["PASSWORD_KINDS"])
    words = gettext(
        "At least %(least)s characters. Four or more words that do not belong together are safe and easy"
        " to remember; blanks and accents are welcome.",
        least=least,
    )
    if not kinds:
        return str(words)
    more = gettext(
        "Mix at least %(kinds)s of these: small letters, capital letters, digits, other characters.",
        kinds=kinds,
    )
    return f"{words} {more}"


def _go(path: str) -> Response:
    # `safe_next` knows paths of this site only; the prefix under which it is served comes here.
    root = request.script_root
    target = path if root and path.startswith(f"{root}/") else f"{root}{path}"
    return redirect(target, 303)  # type: ignore[return-value]
