"""The register's own pages put into the program: logging, editing, history and files of projects."""

from flask import Flask

from portfolio.notation import N_
from portfolio.office.trail_words import SubjectWords, know_subject
from portfolio.register import file_pages, history_pages, mark_pages, new_project, section_pages
from portfolio.register.blueprint import pages
from portfolio.register.history_words import ACTS, FIELDS

__all__ = ["install"]

_PARTS = (new_project, section_pages, history_pages, file_pages, mark_pages)
"""Importing them put their addresses on the blueprint."""


def install(app: Flask) -> None:
    """Add the addresses, and tell the trail what acts and fields of a project are called."""
    if "register" not in app.blueprints:
        app.register_blueprint(pages)
    words = SubjectWords(
        N_("Project"), lambda s: f"{s['code']} {s['name']}", lambda s: f"/projects/{s['code']}"
    )
    know_subject("project", words, acts=ACTS, fields=FIELDS)
