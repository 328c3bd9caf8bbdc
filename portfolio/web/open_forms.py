"""Forms for people without an account, at an address that is itself the secret.

Whoever holds such an address may send the form; nobody else can forge it, since he would have to know
the address. So a form whose key has gone stale (cookies were cleared, or a telephone keeps none) counts
all the same if a page of this site sent it, and nothing that was typed on a telephone is lost.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, g
from flask_wtf.csrf import CSRFError

from portfolio.web.parked import came_from_this_site

P = ParamSpec("P")
R = TypeVar("R")

FRAME = "public.html"


def proved_by_address(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view take a form with its key, or without one from a page of this site.

    Its errors are shown in the frame without a menu.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            current_app.extensions["csrf"].protect()
        except CSRFError:
            if not came_from_this_site():
                raise
            # FlaskForm would ask for the key once more.
            g.csrf_valid = True
        return view(*args, **kwargs)

    return without_menu(guarded)


def without_menu(view: Callable[P, R]) -> Callable[P, R]:
    """Show what goes wrong at this address in the frame for visitors."""
    view.frame = FRAME  # type: ignore[attr-defined]
    return view


def leave_key_to(app: Flask, view: Callable[..., Any]) -> None:
    """Do not check the key of forms for this view: `proved_by_address` does it there."""
    app.extensions["csrf"].exempt(view)


def frame_of(view: Any) -> str:
    """The frame in which errors of a view are shown."""
    return str(getattr(view, "frame", "base.html"))
