"""The progress report on one page: what an officer copies from paper, and an investor fills in."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, HiddenField

from portfolio.database import session
from portfolio.notation import N_, Unreadable
from portfolio.notation.days import Precision
from portfolio.notation.numbers import read_number
from portfolio.office.trail import State
from portfolio.register.acts.reports import ReportFacts
from portfolio.register.causes import known_causes
from portfolio.register.entry import ActForm, Rows, in_hand, reason_field, shown_fields
from portfolio.register.entry_parts import FileForm
from portfolio.register.part_words import day_of, part_words, phase_words
from portfolio.register.progress import ReportKind
from portfolio.web.clock import today
from portfolio.web.errors import Refusal
from portfolio.web.fields import (
    DayField,
    MoneyField,
    NumberField,
    ProseField,
    Required,
    RowForm,
    SeveralField,
    TextField,
    TickField,
)
from portfolio.web.languages import language
from portfolio.web.show import notation
from portfolio.web.typed import Reading

MOST_JOBS = 1_000_000
_PLACES = Decimal("0.01")


class PercentField(NumberField):
    """A share from 0 to 100 with two decimals at most; a percent sign may stand after it."""

    def __init__(self, label: Any = None, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, most=100, **kwargs)

    def read(self, text: str) -> Sequence[Reading]:
        """The one reading that is a share; `45,125` is no thousand of anything."""
        bare = text.strip().removesuffix("%")
        found = read_number(bare, notation())
        shares = [one for one in (found.value, found.other) if one is not None and one <= self.most]
        if not shares:
            return super().read(bare)
        if shares[0] != shares[0].quantize(_PLACES):
            raise Unreadable(
                N_("Enter a percentage with two decimals at most, for example %(example)s"),
                {"example": self.show(Decimal("45.5"))},
            )
        return [Reading(str(shares[0]), self.show(shares[0]), shares[0], likely=True)]


def _causes() -> list[tuple[str, str]]:
    return [(one.code, one.words(language())) for one in known_causes(session()).values()]


class ForecastRow(RowForm):
    """When one open milestone is expected to be met."""

    milestone = HiddenField()
    expected_on = DayField(_("Expected on"), exact=False)


class ReportForm(ActForm):
    """What a report says, in the order in which people ask: money, site, days, people, trouble.

    The milestones are those of the project in hand (`g.project_in_hand`); make the form with
    ``data=ReportForm.shown(report)`` so that each open one has its line.
    """

    realised_in_period = MoneyField(
        _("Capital realised in the period"),
        description=_("In billion đồng, for example 12,5; or 350 triệu"),
    )
    realised_total = MoneyField(
        _("Capital realised since the beginning"),
        description=_("Everything so far, this period included; for example 1,2 nghìn tỷ"),
    )
    physical_percent = PercentField(
        _("Work done so far, in percent"), description=_("Of the whole project, from 0 to 100")
    )
    forecasts = FieldList(FormField(ForecastRow), max_entries=300)
    jobs_vietnamese = NumberField(_("Jobs for Vietnamese"), whole=True, most=MOST_JOBS)
    jobs_foreign = NumberField(_("Jobs for foreigners"), whole=True, most=MOST_JOBS)
    causes = SeveralField(_("What holds the project up"), choices=_causes)
    causes_note = ProseField(_("In words"), longest=4000)
    wishes = ProseField(_("Wishes and proposals"), longest=4000)
    filled_by = TextField(_("Filled in by"), longest=200, description=_("Name and post"))
    contact = TextField(
        _("Telephone or e-mail"), longest=200, description=_("For questions about this report")
    )
    layout: ClassVar[tuple[tuple[Any, Rows], ...]] = (
        (_("Capital"), (("realised_in_period", "realised_total"),)),
        (_("On the site"), ("physical_percent",)),
        (_("Days expected"), ("forecasts",)),
        (_("People at work"), (("jobs_vietnamese", "jobs_foreign"),)),
        (_("Causes and wishes"), ("causes", "causes_note", "wishes")),
        (_("Who reports"), (("filled_by", "contact"),)),
    )
    widths: ClassVar[Mapping[str, str]] = {"physical_percent": "short"}

    @classmethod
    def shown(cls, row: State) -> dict[str, Any]:
        """What a report says, and a line for each open milestone of the project in hand."""
        given = {one["milestone"]: one for one in row.get("forecasts", ())}
        rows = []
        for milestone in open_milestones(in_hand()):
            told = given.get(milestone["id"])
            rows.append(
                {
                    "milestone": str(milestone["id"]),
                    "expected_on": (date.fromisoformat(told["expected_on"]), _precision(told))
                    if told
                    else None,
                }
            )
        plain = {name: value for name, value in row.items() if name != "forecasts"}
        return shown_fields(cls, plain) | {"forecasts": rows}

    def facts(self, kind: ReportKind, period: str, received_on: date) -> ReportFacts:
        """What was typed, as the act takes it."""
        return ReportFacts(
            kind=kind,
            period=period,
            received_on=received_on,
            filled_by=self.filled_by.data,
            contact=self.contact.data,
            realised_in_period=self.realised_in_period.data,
            realised_total=self.realised_total.data,
            physical_percent=self.physical_percent.data,
            jobs_vietnamese=self.jobs_vietnamese.data,
            jobs_foreign=self.jobs_foreign.data,
            causes=self.causes.data or [],
            causes_note=self.causes_note.data,
            wishes=self.wishes.data,
            forecasts={
                key: (row.form.expected_on.data, row.form.expected_on.precision)
                for key, row in self._told()
                if row.form.expected_on.data is not None
            },
        )

    def _told(self) -> Iterator[tuple[int, Any]]:
        """The lines with the key of their milestone; one that no milestone has is left out."""
        known = {one["id"] for one in milestones_of(in_hand())}
        for row in self.forecasts:
            text = str(row.form.milestone.data or "")
            if text.isascii() and text.isdigit() and int(text) in known:
                yield int(text), row

    def lines(self) -> list[tuple[Any, str, str]]:
        """For the page: each line's day field, what is promised, and the day that was promised."""
        known = {one["id"]: one for one in milestones_of(in_hand())}
        return [
            (row.form, milestone_words(known[key]), _promised(known[key]))
            for key, row in self._told()
        ]

    @property
    def says_nothing(self) -> bool:
        """Whether the form was sent without a single statement about the project."""
        names = (
            "realised_in_period realised_total physical_percent jobs_vietnamese jobs_foreign"
            " causes causes_note wishes"
        )
        told = any(self[name].data not in (None, []) for name in names.split())
        return not told and not any(row.form.expected_on.data for _key, row in self._told())

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal of the act; ``forecast-12`` is the line of milestone 12."""
        name = refusal.field or ""
        if name.startswith("forecast-"):
            for key, row in self._told():
                if name == f"forecast-{key}":
                    field = row.form.expected_on
                    field.errors = [*field.errors, refusal.text()]
                    return
        super().refuse(refusal)


class PaperReportForm(ReportForm):
    """The same for an officer, who has a paper in hand and says when it came."""

    received_on = DayField(_("Received on"), [Required()], not_after=today)
    reason = reason_field()
    layout: ClassVar[tuple[tuple[Any, Rows], ...]] = (
        (_("The paper"), ("received_on",)),
        *ReportForm.layout,
    )
    widths: ClassVar[Mapping[str, str]] = {"physical_percent": "short", "received_on": "short"}


class CorrectReportForm(PaperReportForm):
    """The same, to put right what was typed."""

    layout = (*PaperReportForm.layout, ("", ("reason",)))


class DecideForm(ActForm):
    """Accepting a report; a total that is lower than before is confirmed."""

    confirmed = TickField(_("The lower sum is right"))
    reason = TextField(_("Note on the decision"), longest=2000)


class WhyForm(ActForm):
    """What is decided with a reason: sending back, excusing, undoing."""

    reason = ProseField(_("Reason"), [Required()], longest=2000)


class ReportFileForm(FileForm):
    """A scan or a photograph that belongs to a report, so to no other paper."""

    act_id = None  # type: ignore[assignment]


def milestones_of(state: State) -> list[State]:
    """The milestones of a state document in order, each with its phase under ``phase``."""
    return [
        milestone | {"phase": phase}
        for phase in sorted(state.get("phases", ()), key=lambda phase: int(phase["number"]))
        for milestone in phase["milestones"]
    ]


def open_milestones(state: State) -> list[State]:
    """Those that are promised and not met."""
    return [one for one in milestones_of(state) if one.get("targets") and one.get("met_on") is None]


def milestone_words(milestone: State) -> str:
    """`Phase 2: Workshops – Put into operation`."""
    return f"{phase_words(milestone['phase'])} – {part_words('milestones', milestone)}"


def _promised(milestone: State) -> str:
    """The day of the latest approved schedule, in words; empty without one."""
    targets = milestone.get("targets") or [{}]
    day = day_of(targets[-1], "planned_on", "precision")
    return str(gettext("promised: %(day)s", day=day)) if day else ""


def _precision(row: State) -> Precision:
    return Precision(row.get("precision", "day"))
