"""The log: one JSON line an event on standard error, and nothing in it that opens a door.

A line break in what somebody typed cannot start a line of its own. Of an error only its kind and place
are written: its text may quote the values of a statement, and so a password's hash.
"""

import json
import logging
import re
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SECRET = re.compile("password|secret|token|cookie|csrf|authorization", re.IGNORECASE)
_BREAKS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}
requests = logging.getLogger("portfolio.request")

LONGEST = 1000
FRAMES = 12


class JsonLine(logging.Formatter):
    """Turns a record into one line of JSON; what `extra` gave becomes fields of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        line |= _event(record.getMessage())
        for name, value in vars(record).items():
            if name not in _OWN and not _SECRET.search(name):
                line[name] = (
                    value if isinstance(value, int | float | None) else str(value)[:LONGEST]
                )
        if record.exc_info and record.exc_info[1] is not None:
            line |= _error(record.exc_info[1])
        text = json.dumps(line, ensure_ascii=False, default=str)
        for mark, escaped in _BREAKS.items():
            text = text.replace(mark, escaped)
        return text


def _event(message: str) -> dict[str, Any]:
    """The message as a field; one that is a JSON object already gives its own fields."""
    if message.startswith("{"):
        try:
            found = json.loads(message)
        except ValueError:
            found = None
        if isinstance(found, dict):
            return found
    return {"event": message[:LONGEST]}


def _error(error: BaseException) -> dict[str, Any]:
    steps = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return {
        "error": type(error).__name__,
        "where": [f"{step.filename}:{step.lineno} {step.name}" for step in steps],
    }


class _StandardError(logging.StreamHandler[Any]):
    """Writes to whatever standard error is at the moment; a test may have replaced it."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(JsonLine())

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line."""
        self.stream = sys.stderr
        super().emit(record)


def _note_begin() -> None:
    g.request_begun = time.perf_counter()


def _log_request(answer: Response) -> Response:
    """One line for each request; those that come by the dozen for a page only when debugging."""
    often = request.endpoint in {"static", "health.alive", "health.ready"}
    level = logging.DEBUG if often and answer.status_code < 400 else logging.INFO  # noqa: PLR2004
    if requests.isEnabledFor(level):
        begun = g.get("request_begun")
        fields = {
            "method": request.method,
            "path": path_to_log(),
            "status": answer.status_code,
            "bytes": answer.content_length,
            "ms": None if begun is None else round((time.perf_counter() - begun) * 1000, 1),
            "user": g.get("user_id"),
            "address": request.remote_addr,
        }
        requests.log(level, "request", extra=fields)
    return answer


def path_to_log() -> str:
    """The path without its query; the rule where the path itself carries a key."""
    rule = request.url_rule
    return rule.rule if rule is not None and "token" in rule.arguments else request.path


def install(app: Flask) -> None:
    """Log what ``app`` and its subjects say from `LOG_LEVEL` up; must come before Flask's own logger."""
    logger = logging.getLogger("portfolio")
    app.before_request(_note_begin)
    app.after_request(_log_request)
    logger.setLevel(str(app.config["LOG_LEVEL"]))
    if not any(isinstance(handler, _StandardError) for handler in logger.handlers):
        logger.addHandler(_StandardError())
