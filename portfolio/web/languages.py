"""Vietnamese and English: which one a reader gets, and how it is changed."""

from typing import Any

from blinker import Signal
from flask import Blueprint, Flask, Response, current_app, g, has_request_context, redirect, request
from flask_babel import Babel, Domain, get_locale
from flask_login import current_user

from portfolio.web.addresses import safe_next
from portfolio.web.headers import YEAR

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "language"

language_chosen = Signal()
"""Sent as ``language_chosen.send(user, language="en")`` when a signed-in person changes language."""

pages = Blueprint("languages", __name__)


def install(app: Flask) -> None:
    """Translate the pages of ``app``; add the address that changes the language."""
    babel = Babel(
        app,
        default_locale=app.config.get("LANGUAGE", "vi"),
        default_timezone="Asia/Ho_Chi_Minh",
        locale_selector=language_of_reader,
    )
    with app.app_context():
        texts = babel.domain_instance = Texts(domain=babel.domain)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the i18n extension
        gettext=lambda text: texts.get_translations().ugettext(text),
        ngettext=lambda one, many, count: texts.get_translations().ungettext(one, many, count),
        newstyle=True,
    )
    app.register_blueprint(pages)


class Texts(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The program's catalogue, found once for an answer: a page asks it for hundreds of texts.

    Flask-Babel itself looks up context, domain, language and catalogue for each of them, which was a
    quarter of the work of a list.
    """

    def get_translations(self) -> Any:
        """The texts in the language of the answer, also inside `force_locale`."""
        locale = get_locale()
        kept = g.get("texts") if locale is not None else None
        if kept is None or kept[0] is not locale:
            kept = (locale, super().get_translations())
            if locale is not None:
                g.texts = kept
        return kept[1]


def language_of_reader() -> str:
    """``vi`` or ``en``: the person's own choice, else the browser's cookie, else the setting."""
    default = str(current_app.config.get("LANGUAGE", "vi"))
    if not has_request_context():
        return default
    for choice in (_language_of_user(), request.cookies.get(COOKIE)):
        if choice in LANGUAGES:
            return choice
    return default


def _language_of_user() -> str | None:
    # Pages that report a broken database must not ask it who is reading.
    if g.get("without_user") or not hasattr(current_app, "login_manager"):
        return None
    return getattr(current_user, "language", None)


def language() -> str:
    """The language of the answer being written."""
    locale = get_locale()
    return locale.language if locale is not None else "vi"


@pages.post("/language")
def choose_language() -> Response:
    """Keep the chosen language in a cookie and go back to where the reader was."""
    chosen = request.form.get("language", "")
    answer = redirect(safe_next(request.form.get("next")), 303)
    if chosen in LANGUAGES:
        answer.set_cookie(
            COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure
        )
        if getattr(current_user, "is_authenticated", False):
            language_chosen.send(current_user._get_current_object(), language=chosen)  # noqa: SLF001
    return answer  # type: ignore[return-value]


choose_language.permission = None  # type: ignore[attr-defined]  # public
choose_language.while_read_only = True  # type: ignore[attr-defined]
