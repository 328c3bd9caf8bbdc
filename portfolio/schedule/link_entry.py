"""The progress report as an investor fills it in on a telephone, and the form with which a link is made."""

from collections.abc import Iterable
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import FieldList, FormField, HiddenField
from wtforms.validators import ValidationError
from wtforms.widgets import FileInput

from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.register.entry import Rows
from portfolio.register.entry_report import ReportForm, open_milestones
from portfolio.schedule.link_files import MOST_BYTES
from portfolio.schedule.report_links import MOST_AT_ONCE, mailbox_in
from portfolio.web.fields import DayField, PortfolioForm, Required, RowForm, TextField, UploadField
from portfolio.web.forms import MACHINERY
from portfolio.web.parked import Fields

STEP = "step"


class FilesField(UploadField):
    """Several files at once. ``data`` is a list; `link_files.look_into` says what is wrong with them."""

    widget = FileInput(multiple=True)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take all files that were chosen."""
        self.data = [one for one in valuelist if isinstance(one, FileStorage) and one.filename]

    def pre_validate(self, form: Any) -> None:
        """Nothing: files are looked into, and kept, before the rest of the form is read."""


class LinkReportForm(ReportForm):
    """The report with its files; whoever fills it in must be known."""

    filled_by = TextField(
        _("Filled in by"), [Required()], longest=200, description=_("Name and post")
    )
    contact = TextField(
        _("Telephone or e-mail"),
        [Required()],
        longest=200,
        description=_("For questions; to an e-mail address a receipt is sent"),
    )
    files = FilesField(_("Choose photos or files"), most_bytes=MOST_BYTES)
    layout: ClassVar[tuple[tuple[Any, Rows], ...]] = ReportForm.layout


def typed_again(typed: Iterable[Iterable[str]], state: State) -> MultiDict[str, str]:
    """What was typed before as form data, with a line for each milestone that is open now."""
    pairs = [(str(name), str(value)) for name, value in typed]
    given = MultiDict(pairs)
    days = {
        given.get(f"forecasts-{index}-milestone"): given.get(f"forecasts-{index}-expected_on", "")
        for index in range(sum(name.endswith("-milestone") for name, _value in pairs))
    }
    kept = [pair for pair in pairs if not pair[0].startswith("forecasts-")]
    for index, milestone in enumerate(open_milestones(state)):
        key = str(milestone["id"])
        kept.append((f"forecasts-{index}-milestone", key))
        kept.append((f"forecasts-{index}-expected_on", days.get(key) or ""))
    return MultiDict(kept)


def worth_keeping(typed: Fields) -> Fields:
    """What was typed without the machinery of the form."""
    return [(name, value) for name, value in typed if name not in MACHINERY | {STEP}]


def _one_mailbox(form: Any, field: Any) -> None:
    del form
    if field.data and mailbox_in(field.data) != field.data:
        raise ValidationError(gettext("Enter one e-mail address, for example ten@congty.vn"))


class PickedRow(RowForm):
    """One of the reports for which links are made."""

    pick = HiddenField()
    sent_to = TextField(_("E-mail of the investor"), [_one_mailbox], longest=254)


class MakeLinksForm(PortfolioForm):
    """Links for one report or several, in one act."""

    rows = FieldList(FormField(PickedRow), max_entries=MOST_AT_ONCE)
    last_day = DayField(
        _("Works until the end of"),
        description=_("Leave empty for 30 days from today, or from the due day if that is later"),
    )


class RevokeForm(PortfolioForm):
    """The button that revokes a link."""


NOTHING_SAID = N_("Say at least one thing about the project before sending.")
