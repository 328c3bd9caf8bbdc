"""Addresses: which ones a reader may be sent to, and how static files are named."""

import hashlib
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app, request, url_for

LONGEST_TARGET = 2000
_MARKS: dict[tuple[str, float], str] = {}


def safe_next(target: str | None, default: str = "/") -> str:
    r"""``target`` if it is a path of this site, else ``default``.

    Refused are other sites in every spelling a browser would follow: ``//x``, ``/\x``, ``https:x``,
    control characters that a browser drops, and the same in percent signs.
    """
    if not target or len(target) > LONGEST_TARGET:
        return default
    return target if all(_is_local(form) for form in _decoded(target)) else default


def _decoded(target: str) -> list[str]:
    """``target`` as it stands and with percent signs undone once and twice."""
    once = unquote(target, errors="replace")
    return [target, once, unquote(once, errors="replace")]


def _is_local(target: str) -> bool:
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return False
    if any(not letter.isprintable() for letter in target):
        return False
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def this_address() -> str:
    """The path and query of this request, with the prefix under which the program is served."""
    return request.script_root + request.full_path.rstrip("?")


def page_before() -> str | None:
    """The path of the page the reader came from, if it is one of this site."""
    referrer = request.referrer
    if not referrer:
        return None
    parts = urlsplit(referrer)
    if parts.netloc != request.host:
        return None
    return safe_next(parts.path + ("?" + parts.query if parts.query else ""), "") or None


def file_mark(filename: str) -> str:
    """Twelve letters that change when the static file changes; empty if there is no such file."""
    path = Path(current_app.static_folder or "") / filename
    try:
        key = (str(path), path.stat().st_mtime)
    except OSError:
        return ""
    if key not in _MARKS:
        _MARKS[key] = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return _MARKS[key]


def static_url(filename: str) -> str:
    """The address of a static file with its mark, so that browsers may keep it for a year."""
    return url_for("static", filename=filename, v=file_mark(filename) or None)
