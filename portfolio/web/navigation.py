"""The menu: what the program offers, in order, of which each person sees what they may use.

Addresses are fixed by the product; which view stands behind one, and which permission it needs, is
read from the view itself. An address that does not exist yet is simply not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user

from portfolio.notation import N_

MENU: tuple[tuple[str, str | tuple[tuple[str, str], ...]], ...] = (
    (N_("Projects"), "/projects"),
    (
        N_("Progress"),
        (
            (N_("Worklist"), "/progress"),
            (N_("By zone"), "/progress/zones"),
            (N_("Calendar"), "/calendar"),
            (N_("Reports owed"), "/report-duties"),
        ),
    ),
    (N_("Revocation review"), "/review-list"),
    (
        N_("Reports"),
        (
            (N_("Statistics"), "/statistics"),
            (N_("Closed months"), "/closings"),
            (N_("Published totals"), "/reports"),
        ),
    ),
    (N_("Catalogue"), "/catalogue"),
    (N_("Import"), "/import"),
    (N_("Jobs"), "/jobs"),
    (
        N_("Administration"),
        (
            (N_("Users"), "/users"),
            (N_("Offices"), "/offices"),
            (N_("Zones"), "/zones"),
            (N_("Places"), "/places"),
            (N_("Sectors"), "/sectors"),
            (N_("Investors"), "/investors"),
            (N_("Policy of delay"), "/policy"),
            (N_("Trail"), "/trail"),
            (N_("Mail that waits"), "/outbox"),
        ),
    ),
)

_PEOPLE = "portfolio_people"


@dataclass(frozen=True)
class People:
    """What the pages must ask the office: may this person, and whose cookie is this."""

    may: Callable[[Any, Any], bool]
    last_user: Callable[[], int | None]


@dataclass(frozen=True)
class Item:
    """One entry of the menu; ``parts`` make it a folded list."""

    label: str
    address: str = ""
    current: bool = False
    parts: tuple["Item", ...] = ()


def know_people(
    app: Flask,
    *,
    may: Callable[[Any, Any], bool],
    last_user: Callable[[], int | None] = lambda: None,
) -> None:
    """Tell the pages how to ask the office.

    ``may(user, permission)`` says whether a person holds a permission. ``last_user()`` gives the key
    of the person whose ended session this browser's cookie belonged to, if that is known.
    """
    app.extensions[_PEOPLE] = People(may, last_user)


def people() -> People:
    """What `know_people` was told; without it nobody may do anything."""
    found: People = current_app.extensions.get(_PEOPLE) or People(
        lambda _u, _p: False, lambda: None
    )
    return found


def menu() -> list[Item]:
    """The entries for the person who reads."""
    entries = []
    for label, target in MENU:
        if isinstance(target, str):
            item = _item(label, target)
        else:
            parts = tuple(part for part in (_item(*pair) for pair in target) if part is not None)
            current = any(part.current for part in parts)
            item = Item(gettext(label), current=current, parts=parts) if parts else None
        if item is not None:
            entries.append(item)
    return entries


def _item(label: str, path: str) -> Item | None:
    address = address_of(path)
    if address is None:
        return None
    current = request.path == path or request.path.startswith(f"{path}/")
    return Item(gettext(label), address, current)


def address_of(path: str) -> str | None:
    """The address of the page at ``path`` if there is one and the reader may open it."""
    endpoint = _endpoints().get(path)
    if endpoint is None:
        return None
    permission = getattr(current_app.view_functions[endpoint], "permission", None)
    if permission is not None and not people().may(current_user, permission):
        return None
    return url_for(endpoint)


def _endpoints() -> dict[str, str]:
    """The pages without parameters, by path; worked out once."""
    known: dict[str, str] | None = current_app.extensions.get("portfolio_endpoints")
    if known is None:
        known = {
            rule.rule: rule.endpoint
            for rule in current_app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.arguments
        }
        current_app.extensions["portfolio_endpoints"] = known
    return known
