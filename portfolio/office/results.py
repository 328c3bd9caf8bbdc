"""Files that jobs make: kept under random names outside the web root, whole or not at all."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

_SHARE = 0o700


@dataclass(frozen=True, slots=True)
class Result:
    """What a job hands over: the name under which it is offered, its kind, and its bytes."""

    file_name: str
    content_type: str
    content: bytes


def folder() -> Path:
    """Where results are kept; made when it is first needed."""
    found = Path(current_app.config["VAR_DIR"]) / "files"
    found.mkdir(parents=True, exist_ok=True, mode=_SHARE)
    return found


def keep(result: Result) -> dict[str, object]:
    """Write a result so that a power cut leaves all of it or nothing; returns the job's columns."""
    stored_as = f"result-{secrets.token_hex(16)}"
    with tempfile.NamedTemporaryFile(dir=folder(), prefix=".part-", delete=False) as part:
        try:
            part.write(result.content)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).rename(folder() / stored_as)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    _settle()
    return {
        "stored_as": stored_as,
        "file_name": result.file_name,
        "content_type": result.content_type,
        "file_size": len(result.content),
        "sha256": hashlib.sha256(result.content).hexdigest(),
    }


def path_of(stored_as: str) -> Path:
    """The file kept under this name."""
    return folder() / stored_as


def drop(names: Iterable[str]) -> None:
    """Remove results by the names they are stored under."""
    for name in names:
        path_of(name).unlink(missing_ok=True)


def sweep(before: float) -> None:
    """Remove half-written files older than ``before`` (seconds since the epoch)."""
    for part in folder().glob(".part-*"):
        if part.stat().st_mtime < before:
            part.unlink(missing_ok=True)


def _settle() -> None:
    """Make the new name itself survive a power cut."""
    descriptor = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
