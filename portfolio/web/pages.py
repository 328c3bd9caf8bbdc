"""The few pages that belong to no subject."""

from flask import Blueprint, Response, jsonify, render_template
from flask_login import current_user

pages = Blueprint("web", __name__)


@pages.get("/accessibility")
def accessibility() -> str:
    """What the product does for people with disabilities, and whom to tell when it fails."""
    return render_template("web/accessibility.html")


@pages.get("/still-here")
def still_here() -> Response:
    """Whether the session still runs; asking counts as being there. JSON: {"signed_in": bool}."""
    return jsonify(signed_in=bool(getattr(current_user, "is_authenticated", False)))


accessibility.permission = None  # type: ignore[attr-defined]  # public
still_here.permission = None  # type: ignore[attr-defined]  # public
