"""What every answer carries, and which requests are refused before anything reads them.

The content policy allows nothing inline; pages work under it without a nonce. Bodies are limited by
address: Werkzeug's own limit for forms does not cover ``x-www-form-urlencoded``, and the CSRF check
reads the form before any view could set a limit.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge, RequestURITooLarge

from portfolio.web.addresses import file_mark

View = TypeVar("View", bound=Callable[..., Any])

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
YEAR, MONTH, HOUR = 31_536_000, 2_592_000, 3_600
LONGEST_ADDRESS = 4096
MOST_FORM_PARTS = 1000
WORKBOOK_BYTES = 12_000_000


def takes_attachment(view: View) -> View:
    """Let a view accept a body of `ATTACHMENT_BYTES` when it carries files."""
    view.body_limit = "ATTACHMENT_BYTES"  # type: ignore[attr-defined]
    return view


def takes_workbook(view: View) -> View:
    """Let a view accept a workbook of 12 MB."""
    view.body_limit = WORKBOOK_BYTES  # type: ignore[attr-defined]
    return view


class OfficeRequest(Request):
    """A request whose body limit depends on the address it goes to."""

    @property
    def max_content_length(self) -> int | None:
        """The most bytes this request may carry."""
        if self._max_content_length is not None or not current_app:
            return self._max_content_length
        forms: int = current_app.config["MAX_CONTENT_LENGTH"]
        if self.mimetype != "multipart/form-data" or self.endpoint is None:
            return forms
        limit = getattr(current_app.view_functions.get(self.endpoint), "body_limit", forms)
        return int(current_app.config[limit] if isinstance(limit, str) else limit)

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value

    def _load_form_data(self) -> None:
        if self.mimetype == "application/x-www-form-urlencoded":
            body = self.get_data(cache=True)
            # Werkzeug counts the parts of multipart bodies only, and cuts a body of unknown length
            # off at the limit without a word.
            cut_off = self.content_length is None and len(body) >= (self.max_content_length or 0)
            if cut_off or body.count(b"&") >= MOST_FORM_PARTS:
                raise RequestEntityTooLarge
        super()._load_form_data()


def install(app: Flask) -> None:
    """Guard the requests of ``app`` and mark its answers. Must come before the CSRF check."""
    app.request_class = OfficeRequest
    app.config["MAX_CONTENT_LENGTH"] = app.config.get("FORM_BYTES", 1_000_000)
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    app.config["MAX_FORM_PARTS"] = MOST_FORM_PARTS
    app.config.setdefault("ATTACHMENT_BYTES", 20_000_000)
    hosts = app.config.get("TRUSTED_HOSTS")
    if isinstance(hosts, str):
        app.config["TRUSTED_HOSTS"] = [name.strip() for name in hosts.split(",") if name.strip()]
    app.before_request(_refuse_oversize)
    app.after_request(_add_headers)


def _refuse_oversize() -> None:
    if len(request.environ.get("RAW_URI") or request.full_path) > LONGEST_ADDRESS:
        raise RequestURITooLarge
    limit = request.max_content_length
    if limit is not None and (request.content_length or 0) > limit:
        raise RequestEntityTooLarge


def _add_headers(response: Response) -> Response:
    headers = response.headers
    for name, value in FIXED.items():
        headers.setdefault(name, value)
    # A view that serves files sets a stricter policy of its own.
    headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    if request.is_secure or current_app.config.get("HTTPS"):
        headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
    if request.endpoint == "static" and response.status_code in {200, 304}:
        headers["Cache-Control"] = _static_cache()
    elif headers.get("Cache-Control", "no-cache") == "no-cache":
        # Flask says "no-cache" of files it sends, which still lets the browser keep them.
        headers["Cache-Control"] = "no-store"
    return response


def _static_cache() -> str:
    filename = (request.view_args or {}).get("filename", "")
    if request.args.get("v") and request.args["v"] == file_mark(filename):
        return f"public, max-age={YEAR}, immutable"
    # Fonts are named by the style sheet, which cannot mark them.
    return f"public, max-age={MONTH if filename.endswith('.woff2') else HOUR}"
