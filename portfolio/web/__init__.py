"""How pages look and fail: headers, languages, errors, forms. Knows no subject.

`install` puts it into the application. The order matters: oversize bodies are refused before the CSRF
check reads them.
"""

from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user
from flask_wtf import CSRFProtect

from portfolio.web import error_pages, headers, languages, navigation, pages, parked, show
from portfolio.web.addresses import static_url, this_address
from portfolio.web.clock import now
from portfolio.web.navigation import know_people

__all__ = ["install", "know_people"]


def install(app: Flask) -> None:
    """Give ``app`` its look and manners."""
    app.static_folder = str(Path(__file__).parent / "static")
    headers.install(app)
    languages.install(app)
    show.install(app)
    # A form is good as long as its session: the key of the session is what proves where it came from.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    CSRFProtect(app)
    error_pages.install(app)
    app.register_blueprint(pages.pages)
    app.jinja_env.globals.update(
        static_url=static_url,
        now=now,
        language=languages.language,
        languages=languages.LANGUAGES,
        parked_notice=parked.notice,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    """What `templates/base.html` shows around every page."""
    signed_in = hasattr(current_app, "login_manager") and current_user.is_authenticated
    home = f"{request.script_root}/"
    account = navigation.address_of("/account") if signed_in else None
    return {
        "nav": navigation.menu(),
        "home": home,
        "person": current_user.name if signed_in else None,
        "office_name": current_user.office.name
        if signed_in
        else current_app.config.get("OFFICE_NAME", ""),
        "account_address": account,
        "account_current": request.path.startswith("/account"),
        "sign_in_address": navigation.address_of("/sign-in"),
        "sign_out_address": f"{request.script_root}/sign-out" if signed_in else None,
        "help_address": navigation.address_of("/help"),
        "this_address": this_address(),
        "this_page": this_address() if request.method == "GET" else home,
    }
