"""Forms about the parts of a project: papers, files, capital, deposit, investors, land, notes."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, HiddenField

from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.register.capital import CapitalKind
from portfolio.register.entry import (
    CURRENCIES,
    ActForm,
    Rows,
    in_hand,
    largest_file,
    papers,
    reason_field,
    shown_fields,
)
from portfolio.register.investor import InvestorRole
from portfolio.register.land import IntervalKind
from portfolio.register.papers import ActKind
from portfolio.register.places_typed import InvestorField
from portfolio.register.project import HappeningKind
from portfolio.web.clock import today
from portfolio.web.fields import (
    AreaField,
    ChoiceField,
    DayField,
    MoneyField,
    NumberField,
    ProseField,
    Required,
    RowForm,
    TextField,
    TickField,
    UploadField,
)
from portfolio.web.typed import Reading

_SOURCE = _("Paper and page, web address, or who said it")


class PaperForm(ActForm):
    """A legal act. One that suspends or ends the project is confirmed on a page of its own."""

    kind = ChoiceField(_("Kind of paper"), [Required()], choices=ActKind)
    number = TextField(_("Number"), longest=60, description=_("For example 123"))
    sign = TextField(_("Sign"), longest=60, description=_("For example QĐ-UBND"))
    issued_on = DayField(_("Issued on"), [Required()], exact=False)
    effective_on = DayField(_("In effect from"), description=_("Leave empty if it is the same day"))
    office = TextField(_("Issued by"), longest=300)
    law = TextField(_("Law it was made under"), longest=60)
    clause = TextField(_("Clause that it cites"), longest=200)
    note = ProseField(_("What it says"), longest=2000)
    source = TextField(_("Source"), longest=1000, description=_SOURCE)
    reason = reason_field()
    confirmed = HiddenField()
    layout = (
        (
            _("The paper"),
            ("kind", ("number", "sign"), ("issued_on", "effective_on"), "office"),
        ),
        (_("Contents"), (("law", "clause"), "note", "source", "reason")),
    )
    precisions: ClassVar[Mapping[str, str]] = {"issued_on": "issued_precision"}
    widths: ClassVar[Mapping[str, str]] = {"kind": "half"}


class FileForm(ActForm):
    """A scanned paper or another document."""

    upload = True
    file = UploadField(_("File"), [Required(N_("Choose a file"))], most_bytes=20_000_000)
    act_id = ChoiceField(
        _("Belongs to the paper"), choices=papers, coerce=int, blank=_("No paper of its own")
    )
    layout = (("", ("file", "act_id")),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The setting may be smaller than the field's own limit, and leaves room for the form around it.
        self.file.most_bytes = min(self.file.most_bytes, largest_file())


class RateField(NumberField):
    """An exchange rate. Nobody writes one with three decimals, so `25.450` is never asked about."""

    def read(self, text: str) -> Sequence[Reading]:
        """The larger reading where there are two."""
        return [max(super().read(text), key=lambda reading: reading.value)]


class CapitalForm(ActForm):
    """One capital figure with its split."""

    kind = ChoiceField(_("What it is"), [Required()], choices=CapitalKind)
    amount = MoneyField(
        _("Amount"),
        currencies=CURRENCIES,
        description=_("In billion đồng, for example 8.033,8; or 350 triệu, 20,6 triệu USD"),
    )
    on = DayField(_("As of"), exact=False)
    act_id = ChoiceField(_("By the paper"), choices=papers, coerce=int, blank=_("None recorded"))
    rate = RateField(_("Exchange rate"), description=_("Đồng for one unit, for example 25.450"))
    rate_on = DayField(_("Day of the rate"))
    equity = MoneyField(_("Own capital"), currencies=CURRENCIES)
    loan = MoneyField(_("Loans"), currencies=CURRENCIES)
    state_part = MoneyField(_("State capital"), currencies=CURRENCIES)
    other_part = MoneyField(_("Other capital"), currencies=CURRENCIES)
    as_printed = TextField(_("As printed"), longest=300)
    source = TextField(_("Source"), longest=1000, description=_SOURCE)
    reason = reason_field()
    layout = (
        (_("The figure"), ("kind", ("amount", "on"), "act_id", ("rate", "rate_on"))),
        (_("Of which"), (("equity", "loan"), ("state_part", "other_part"))),
        (_("Where it stands"), ("as_printed", "source", "reason")),
    )
    precisions: ClassVar[Mapping[str, str]] = {"on": "on_precision"}
    widths: ClassVar[Mapping[str, str]] = {"kind": "half", "act_id": ""}


class DepositForm(ActForm):
    """The security for carrying the project out."""

    required = TickField(_("A deposit is required"))
    exemption = TextField(
        _("Exempt because of"), longest=40, description=_("The point of the law that exempts it")
    )
    amount = MoneyField(_("Amount"))
    due_on = DayField(_("Due on"))
    paid_on = DayField(_("Paid on"), not_after=today)
    guarantee_expires_on = DayField(_("Bank guarantee ends on"))
    source = TextField(_("Source"), longest=1000, description=_SOURCE)
    layout = (
        (
            "",
            (
                "required",
                "exemption",
                "amount",
                ("due_on", "paid_on"),
                "guarantee_expires_on",
                "source",
            ),
        ),
    )
    widths: ClassVar[Mapping[str, str]] = {"amount": "half", "guarantee_expires_on": "short"}


class PartForm(ActForm):
    """An investor's part in the project."""

    role = ChoiceField(_("Part"), [Required()], choices=InvestorRole)
    share = NumberField(_("Share in percent"), most=100)
    since = DayField(_("From"))
    until = DayField(_("To"))
    reason = reason_field()
    layout: ClassVar[tuple[tuple[Any, Rows], ...]] = (
        ("", (("role", "share"), ("since", "until"), "reason")),
    )


class NewPartForm(PartForm):
    """The same for an investor who comes in."""

    investor = InvestorField(_("Investor"), [Required()])
    tax_code = TextField(_("Tax code of the investor"), longest=40)
    layout = (("", (("investor", "tax_code"), ("role", "share"), ("since", "until"))),)


class IntervalRow(RowForm):
    """Days on which a parcel was out of use, or beyond anyone's power."""

    kind = ChoiceField(_("Kind"), choices=IntervalKind, blank=_("None"))
    since = DayField(_("From"))
    until = DayField(_("To"))
    paper = TextField(_("Paper"), longest=300)


class ParcelForm(ActForm):
    """A parcel of land."""

    name = TextField(_("Name of the parcel"), [Required()], longest=100)
    area_ha = AreaField(_("Area"), description=_("In hectares, or 140.618,5 m²"))
    handed_over_on = DayField(_("Handed over on"))
    first_used_on = DayField(_("Put to use on"), not_after=today)
    schedule_end = DayField(_("End of its land schedule"))
    extension_decision = TextField(_("Decision on the extension"), longest=200)
    extension_from = DayField(_("Extension from"))
    extension_to = DayField(_("Extension to"), description=_("24 months at most, once"))
    extension_amount_due = MoneyField(_("Amount due for the extension"))
    extension_amount_paid = MoneyField(_("Amount paid"))
    recovered_on = DayField(_("Recovered on"))
    recovery_ground = TextField(_("Ground of the recovery"), longest=300)
    recovery_act_id = ChoiceField(
        _("Decision on the recovery"), choices=papers, coerce=int, blank=_("None")
    )
    intervals = FieldList(FormField(IntervalRow), min_entries=2, max_entries=40)
    source = TextField(_("Source"), longest=1000, description=_SOURCE)
    reason = reason_field()
    layout = (
        (
            _("The parcel"),
            ("name", ("area_ha", "schedule_end"), ("handed_over_on", "first_used_on")),
        ),
        (
            _("Extension of use (Land Law 31/2024/QH15, Article 81.8)"),
            (
                "extension_decision",
                ("extension_from", "extension_to"),
                ("extension_amount_due", "extension_amount_paid"),
            ),
        ),
        (_("Interruptions and force majeure"), ("intervals",)),
        (_("Recovery"), ("recovery_act_id", ("recovered_on", "recovery_ground"))),
        (_("Source"), ("source", "reason")),
    )

    @classmethod
    def shown(cls, row: State) -> dict[str, Any]:
        """The parcel, and its intervals with two empty lines to go on."""
        given = [shown_fields(IntervalRow, one) for one in row.get("intervals", ())]
        return shown_fields(cls, {k: v for k, v in row.items() if k != "intervals"}) | {
            "intervals": [*given, {}, {}]
        }


class HappeningForm(ActForm):
    """An inspection, a proposal, a public report."""

    kind = ChoiceField(_("What happened"), [Required()], choices=HappeningKind)
    on = DayField(_("When"), [Required()], exact=False)
    text = ProseField(_("In words"), [Required()], longest=2000)
    shows_progress = TickField(_("It saw progress on the site (a sign of life)"))
    source = TextField(_("Source"), longest=1000, description=_SOURCE)
    reason = reason_field()
    layout = (("", (("kind", "on"), "text", "shows_progress", "source", "reason")),)
    precisions: ClassVar[Mapping[str, str]] = {"on": "precision"}


ABOUT = {
    "project": N_("The project"),
    "capital": N_("Capital"),
    "area": N_("Area"),
    "stage": N_("Life stage"),
    "schedule": N_("Schedule"),
    "land": N_("Land"),
    "investor": N_("Investor"),
    "place": N_("Place"),
    "other": N_("Other matters"),
}
"""What a source can be about."""


def _about() -> list[tuple[str, str]]:
    used = {source["about"] for source in in_hand().get("sources", ())}
    known = [(key, gettext(words)) for key, words in ABOUT.items()]
    return known + [(about, about) for about in sorted(used - set(ABOUT))]


class SourceForm(ActForm):
    """Where a figure came from."""

    about = ChoiceField(_("About"), [Required()], choices=_about)
    title = TextField(_("Paper, workbook or page"), [Required()], longest=500)
    place = TextField(_("Where in it"), longest=200, description=_("Page, or sheet and cell"))
    url = TextField(_("Web address"), longest=1000)
    layout = (("", ("about", "title", "place", "url")),)
    widths: ClassVar[Mapping[str, str]] = {"about": "half", "place": "half"}


class TranslationForm(ActForm):
    """The project's prose in English."""

    name = TextField(_("Name in English"), longest=500)
    objective = ProseField(_("Objective in English"), longest=20_000)
    scale = ProseField(_("Scale in English"), longest=20_000)
    layout = (("", ("name", "objective", "scale")),)

    @classmethod
    def shown(cls, row: State) -> dict[str, Any]:
        """The English texts by field."""
        texts = [one for one in row.get("translations", ()) if one["language"] == "en"]
        return {one["field"]: one["text"] for one in texts}
