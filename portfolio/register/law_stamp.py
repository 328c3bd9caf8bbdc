"""Which law of delay is in force today, as a word that changes with it.

A list reads it together with other small things; what is known of that law already need not be asked
again. The law lies above the register and hands in how to read the word.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import String, cast, null

_STAMP = "portfolio_law_stamp"


def know_stamp(app: Flask, stamp: Callable[[], Any]) -> None:
    """Tell the register of ``app`` the scalar subquery that reads the word; empty: no law yet."""
    app.extensions[_STAMP] = stamp


def law_stamp() -> Any:
    """The word as a column of a query."""
    make = current_app.extensions.get(_STAMP)
    return make() if make else cast(null(), String)


def note_stamp(stamp: str | None) -> None:
    """Remember for this request what a query read."""
    g.law_stamp = stamp


def noted_stamp() -> str | None:
    """What a query of this request read, if one did."""
    found: str | None = g.get("law_stamp")
    return found
