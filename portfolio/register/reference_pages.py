"""Reference data put into the program: its addresses, and what others are told of it."""

from typing import Any

from flask import Flask
from sqlalchemy import or_, select

from portfolio.notation import N_
from portfolio.office.known_names import know_names
from portfolio.office.people import User
from portfolio.office.trail import TrailEntry
from portfolio.office.trail_words import SubjectWords, know_row_rule, know_subject
from portfolio.register import (
    investor_pages,
    place_pages,
    sector_pages,
    trail_command,
    zone_pages,
)
from portfolio.register.project import Project
from portfolio.register.reference import reference
from portfolio.register.row_rule import visible_to
from portfolio.register.zone_tree import names_of_places, zones_to_work_in

__all__ = ["install"]

_PARTS = (zone_pages, sector_pages, place_pages, investor_pages, trail_command)
"""Importing them put their addresses on the blueprint, and the command into its group."""


def install(app: Flask) -> None:
    """Add the addresses; tell the office of places, and the trail how reference data are called."""
    app.register_blueprint(reference)
    know_names(app, zones=zones_to_work_in, words=names_of_places)
    know_row_rule(_entries_seen_by)
    for kind, (label, path) in _KINDS.items():
        know_subject(kind, _words(label, path), acts=_ACTS, fields=_FIELDS)
    know_subject(
        "project",
        SubjectWords(
            N_("Project"), lambda s: f"{s['code']} {s['name']}", lambda s: f"/projects/{s['code']}"
        ),
    )


def _words(label: str, path: str) -> SubjectWords:
    return SubjectWords(label, lambda s: str(s["name"]), lambda s: f"{path}{s['id']}")


def _entries_seen_by(user: User) -> Any:
    """The row rule on the trail: no entry of a project that the person may not see."""
    seen = select(Project.id).where(visible_to(user))
    return or_(TrailEntry.subject_kind != "project", TrailEntry.subject_id.in_(seen))


_KINDS = {
    "zone": (N_("Zone"), "/zones/"),
    "unit": (N_("Place"), "/places/"),
    "sector": (N_("Sector"), "/sectors#s"),
    "investor": (N_("Investor"), "/investors/"),
}
_ACTS = {
    "add_zone": N_("Zone added"),
    "change_zone": N_("Zone changed"),
    "rename_zone": N_("Its zone was renamed"),
    "add_sector": N_("Sector added"),
    "change_sector": N_("Sector changed"),
    "rename_sector": N_("Its sector was renamed"),
    "change_name_variants": N_("Other spellings changed"),
    "change_investor": N_("Investor changed"),
    "rename_investor": N_("Its investor was renamed"),
    "merge_investors": N_("Investors merged"),
}
_FIELDS = {
    "name_variants": N_("Other spellings"),
    "status": N_("Status"),
    "parent_id": N_("Lies inside"),
    "unit_id": N_("Place"),
    "managing_office_id": N_("Managing office"),
    "area_ha": N_("Area (ha)"),
    "legal_doc": N_("Decision"),
    "legal_date": N_("Date of the decision"),
    "note": N_("Note"),
    "position": N_("Place in the list"),
    "tax_code": N_("Tax code"),
    "country": N_("Country"),
    "address": N_("Address"),
    "contact": N_("Contact"),
    "merged_into_id": N_("Merged into"),
    "zone": N_("Zone"),
    "sector": N_("Sector"),
    "investors": N_("Investors"),
    "places": N_("Places"),
    "listing": N_("List"),
    "stage": N_("Stage"),
    "code": N_("Code"),
}
