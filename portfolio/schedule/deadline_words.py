"""Coming deadlines in words: what falls due, and of which part of a project."""

from flask_babel import gettext

from portfolio.schedule.coming import KINDS
from portfolio.schedule.explanation import scope_words
from portfolio.web.languages import language


def kind_words(kind: str) -> str:
    """What falls due, in the reader's language."""
    return str(gettext(KINDS[kind])) if kind in KINDS else kind


def part_of_project(scope: str) -> str:
    """The phase, milestone or parcel it is about; nothing where it is the whole project."""
    kind, _, rest = scope.partition(":")
    if kind == "months":
        return str(gettext("%(months)s months before", months=rest))
    if kind == "project":
        return ""
    return scope_words(scope, "en" if language() == "en" else "vi")
