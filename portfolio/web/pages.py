"""The few pages that belong to no subject."""

from flask import Blueprint, Response, jsonify, redirect, render_template
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portfolio.web.languages import language

pages = Blueprint("web", __name__)


@pages.get("/accessibility")
def accessibility() -> str:
    """What the product does for people with disabilities, and whom to tell when it fails."""
    return render_template("web/accessibility.html")


@pages.get("/still-here")
def still_here() -> Response:
    """Whether the session still runs; asking counts as being there. JSON: {"signed_in": bool}."""
    return jsonify(signed_in=bool(getattr(current_user, "is_authenticated", False)))


@pages.get("/")
def home() -> AnyResponse:
    """The register begins with its list; who is not signed in is asked to."""
    return redirect("/projects", 302)


@pages.get("/help")
def guide() -> str:
    """The user guide, in the reader's language."""
    return render_template(f"help/{language()}.html")


home.permission = None  # type: ignore[attr-defined]  # public
guide.permission = None  # type: ignore[attr-defined]  # public
accessibility.permission = None  # type: ignore[attr-defined]  # public
still_here.permission = None  # type: ignore[attr-defined]  # public
