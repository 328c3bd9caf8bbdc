"""What the office is told about places by the subjects above it: zones to work in, names in use.

The office stands below the register and must not import it, yet a zone officer is given zones and
no password may consist of the names around it. The register hands both in when it is installed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session

_NAMES = "portfolio_known_names"


@dataclass(frozen=True)
class KnownZone:
    """A zone that a person can be given; ``depth`` counts the zones around it."""

    id: int
    key: str
    name: str
    depth: int = 0


@dataclass(frozen=True)
class KnownNames:
    """How to ask: for the zones as a tree laid flat, and for the names of places in use."""

    zones: Callable[[Session], Sequence[KnownZone]]
    words: Callable[[Session], Sequence[str]]


def know_names(
    app: Flask,
    *,
    zones: Callable[[Session], Sequence[KnownZone]],
    words: Callable[[Session], Sequence[str]],
) -> None:
    """Tell the office of ``app`` how to ask for zones and for names of places."""
    app.extensions[_NAMES] = KnownNames(zones, words)


def known_names() -> KnownNames:
    """What `know_names` was told; without it there are no zones and no names."""
    nothing = KnownNames(lambda _session: (), lambda _session: ())
    found: KnownNames = current_app.extensions.get(_NAMES, nothing)
    return found
