"""The parts of a draft that have a form, other than its rules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from wtforms.fields import SelectChoice

from portfolio.notation import N_
from portfolio.register.progress import ReportKind
from portfolio.schedule.policy_entry import (
    BandsForm,
    Document,
    DraftForm,
    ReviewForm,
    SignsForm,
    SourceForm,
)
from portfolio.schedule.policy_list_entry import CausesForm, DutiesForm, LawsForm
from portfolio.schedule.policy_words import band_words


@dataclass(frozen=True)
class Part:
    """A part of a draft that has a form: its title, and what a row of it is called."""

    form: type[DraftForm]
    title: str
    row: Callable[[Any], str] = lambda _row: ""


def _row_name(row: Any) -> str:
    return str(row.vi.data or gettext("A new row"))


def _duty_name(row: Any) -> str:
    kinds = {kind.value: kind.label for kind in ReportKind}
    return str(gettext(kinds.get(row.was.data or "", row.was.data or "")))


PARTS = {
    "review": Part(ReviewForm, N_("Review list")),
    "bands": Part(BandsForm, N_("Bands of lateness")),
    "signs": Part(SignsForm, N_("Signs of life")),
    "causes": Part(CausesForm, N_("Causes of delay"), _row_name),
    "reports": Part(DutiesForm, N_("Reports owed"), _duty_name),
    "laws": Part(LawsForm, N_("Laws"), _row_name),
    "source": Part(SourceForm, N_("Sources and remark")),
}


def form_of(part: Part, document: Document, **kwargs: Any) -> DraftForm:
    """The form of a part, showing the document; ``formdata=None`` ignores what was posted."""
    form = part.form(data=part.form.shown_of(document) | kwargs.pop("data", {}), **kwargs)
    if isinstance(form, ReviewForm):
        form.bands.choices = [
            SelectChoice(band["name"], band_words(band)) for band in document["bands"]
        ]
    return form
