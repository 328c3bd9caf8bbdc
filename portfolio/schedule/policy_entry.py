"""What is typed about the policy: one form for a rule, one for each other part of a draft.

Each form shows a part of the document (`shown_of`) and gives the document back with that part changed
(`document_with`). Nothing is saved here; `policy_check` judges the whole afterwards.
"""

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, HiddenField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from portfolio.notation import N_
from portfolio.register.entry import ActForm
from portfolio.register.phases import Side
from portfolio.register.progress import ReportKind
from portfolio.schedule.explanation import severity_words
from portfolio.schedule.policy_check import CHOSEN_SEVERITIES, BadPolicy, named_laws
from portfolio.schedule.policy_text import HOUSE
from portfolio.schedule.policy_words import MARKS, SIGNS, band_words, mark_words
from portfolio.web.fields import (
    ChoiceField,
    DayField,
    NumberField,
    ProseField,
    Required,
    RowForm,
    SeveralField,
    TextField,
    TickField,
)

Document = dict[str, Any]
SPARE_ROWS = 2
"""Empty rows below the filled ones; saving gives new ones."""
_CODE = re.compile(r"[a-zđ][a-zđ0-9_]{0,39}")
MOST_NUMBERS = 20


def marks() -> list[tuple[str, str]]:
    """The marks of confidence, with what each means."""
    return [(mark, mark_words(mark)) for mark in MARKS]


def chosen_severities() -> list[tuple[str, str]]:
    """The severities that the office may choose."""
    return [(code, severity_words(code)) for code in CHOSEN_SEVERITIES]


def read_whole_numbers(text: str | None) -> list[int]:
    """`12, 18, 21` as numbers; raises `ValidationError` in words."""
    words = [word for word in re.split(r"[\s,;]+", text or "") if word]
    fits = all(word.isascii() and word.isdigit() and len(word) <= 4 for word in words)  # noqa: PLR2004
    if not words or not fits or len(words) > MOST_NUMBERS:
        raise ValidationError(gettext("Enter whole numbers with commas, for example 12, 18, 21"))
    return [int(word) for word in words]


class NumbersField(TextField):
    """Whole numbers with commas between them; ``numbers`` are those that were typed."""

    @property
    def numbers(self) -> list[int]:
        """The numbers, once the field is valid."""
        return read_whole_numbers(self.data)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no list of numbers."""
        super().pre_validate(form)
        read_whole_numbers(self.data)


def reason() -> TextField:
    """Why the draft is changed."""
    return TextField(
        _("Reason for the change"), [Required()], longest=2000, description=_("The trail keeps it.")
    )


class DraftForm(ActForm):
    """A form about one part of a draft."""

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """What the fields show."""
        raise NotImplementedError

    def document_with(self, document: Document) -> Document:
        """A copy of the document with this part as typed; raises `BadPolicy` at a field."""
        raise NotImplementedError


# Small parts ----------------------------------------------------------------------------------


class ReasonForm(ActForm):
    """Starting, discarding or adopting a draft."""

    reason = TextField(
        _("Reason"), [Required()], longest=2000, description=_("The trail keeps it.")
    )


class SourceForm(DraftForm):
    """Where the policy comes from."""

    source = ProseField(_("Sources of the policy"), [Required()], longest=1000)
    note = ProseField(_("Remark"), longest=2000)
    reason = reason()
    layout = (("", ("source", "note", "reason")),)

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """Both texts."""
        return {"source": document.get("source"), "note": document.get("note")}

    def document_with(self, document: Document) -> Document:
        """Both texts as typed."""
        return document | {"source": self.source.data, "note": self.note.data}


class SignsForm(DraftForm):
    """What counts as a sign of life."""

    signs = SeveralField(
        _("Signs of life"),
        choices=lambda: [(code, gettext(words)) for code, words in SIGNS.items()],
    )
    reason = reason()
    layout = (("", ("signs", "reason")),)

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """The signs that count."""
        return {"signs": list(document["signs_of_life"])}

    def document_with(self, document: Document) -> Document:
        """The ticked signs, in their usual order."""
        return document | {"signs_of_life": [code for code in SIGNS if code in self.signs.data]}


class BandsForm(DraftForm):
    """Bands of lateness, by the months at which each ends."""

    ends = NumbersField(
        _("Months at which the bands end"),
        [Required()],
        longest=100,
        description=_("12, 24, 60 makes the bands 1-12, 13-24, 25-60 and 61 months and more."),
    )
    reason = reason()
    layout = (("", ("ends", "reason")),)

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """The ends of all bands but the last, which has none."""
        return {"ends": ", ".join(str(band["to"]) for band in document["bands"] if band.get("to"))}

    def document_with(self, document: Document) -> Document:
        """Bands that follow each other."""
        ends = self.ends.numbers
        if ends != sorted(set(ends)) or ends[0] < 1:
            raise BadPolicy(N_("Enter the months in rising order."), field="ends")
        begins = [1, *(end + 1 for end in ends)]
        bands: list[Document] = [
            {"name": f"{first}-{last}", "from": first, "to": last}
            for first, last in zip(begins, ends, strict=False)
        ]
        return document | {"bands": [*bands, {"name": f"{begins[-1]}+", "from": begins[-1]}]}


class ReviewForm(DraftForm):
    """What puts a project on the review list."""

    severities = SeveralField(
        _("Findings that put a project on the list"),
        choices=lambda: [("ground", severity_words("ground")), *chosen_severities()],
    )
    bands = SeveralField(
        _("Bands of lateness that put a project on the list"),
        choices=list,
        description=_("Lateness alone; none is usual."),
    )
    reason = reason()
    layout = (("", ("severities", "bands", "reason")),)

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """The severities and bands that count."""
        review = document.get("review_list") or {}
        return {
            "severities": list(review.get("severities") or ()),
            "bands": list(review.get("bands") or ()),
        }

    def document_with(self, document: Document) -> Document:
        """As ticked, in the order of the policy."""
        severities = [code for code in document["severities"] if code in self.severities.data]
        bands = [band["name"] for band in document["bands"] if band["name"] in self.bands.data]
        return document | {"review_list": {"severities": severities, "bands": bands}}


# Lists ----------------------------------------------------------------------------------------


class CauseRow(RowForm):
    """A cause of delay."""

    was = HiddenField()
    code = TextField(_("Code"), longest=40)
    vi = TextField(_("Vietnamese name"), longest=300)
    en = TextField(_("English name"), longest=300)
    side = ChoiceField(_("Side"), choices=Side)
    pauses = TickField(_("An accepted pause stops the clock"))
    source = TextField(_("Source"), longest=1000)


class CausesForm(DraftForm):
    """Causes of delay; those in force are kept, since the register names them."""

    rows = FieldList(FormField(CauseRow), max_entries=60)
    reason = reason()

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """The causes, and empty rows."""
        rows = [cause | {"was": cause["code"]} for cause in document["stop_clock_causes"]]
        return {"rows": rows + [{} for _row in range(SPARE_ROWS)]}

    def document_with(self, document: Document) -> Document:
        """The filled rows; a code that stands already is not changed."""
        known = {cause["code"]: cause for cause in document["stop_clock_causes"]}
        rows = []
        for place, row in enumerate(self.rows):
            cause = _filled(row.form, place, ("vi", "en", "side"))
            was = known.get(row.form.was.data or "")
            if cause is None and was is None:
                continue
            if cause is None:
                raise _at(place, "code", N_("A cause in the register is kept."))
            code = was["code"] if was else cause["code"] or ""
            if not _CODE.fullmatch(code):
                raise _at(place, "code", N_("Use small letters, digits and _ only."))
            rows.append(_without_empty((was or {}) | cause | {"code": code}))
        return document | {"stop_clock_causes": rows}


class DutyRow(RowForm):
    """When one kind of report is due."""

    was = HiddenField()
    months_after = NumberField(
        _("Months after the period"), [Required()], whole=True, least=1, most=12
    )
    day = NumberField(_("Day of the month"), [Required()], whole=True, least=1, most=31)
    begins = DayField(_("Asked for periods that end on or after"), [Required()])
    mark = ChoiceField(_("Confidence"), choices=marks, blank=_("not known"))
    source = TextField(_("Source"), longest=1000)


class DutiesForm(DraftForm):
    """The reports that projects owe."""

    rows = FieldList(FormField(DutyRow), max_entries=10)
    reason = reason()

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """One row for each kind of report."""
        rows = [
            duty | {"was": duty["kind"], "begins": _day(duty.get("from"))}
            for duty in document.get("report_duties", ())
        ]
        return {"rows": rows}

    def document_with(self, document: Document) -> Document:
        """The same kinds, with days as typed."""
        duties = document.get("report_duties", ())
        rows = [
            _without_empty(
                duty
                | {
                    "months_after": row.form.months_after.data,
                    "day": row.form.day.data,
                    "from": _iso(row.form.begins.data),
                    "mark": row.form.mark.data,
                    "source": row.form.source.data,
                }
            )
            for duty, row in zip(duties, self.rows, strict=False)
        ]
        return document | {"report_duties": rows}


class LawRow(RowForm):
    """A law or decree that articles name."""

    was = HiddenField()
    number = TextField(_("Number"), longest=100)
    vi = TextField(_("Vietnamese name"), longest=300)
    en = TextField(_("English name"), longest=300)
    begins = DayField(_("In force from"))
    mark = ChoiceField(_("Confidence"), choices=marks, blank=_("not known"))
    source = TextField(_("Source"), longest=1000)


class LawsForm(DraftForm):
    """The laws. A new number is taken over by the articles; a law that is named is not dropped."""

    rows = FieldList(FormField(LawRow), max_entries=60)
    reason = reason()

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """The laws, and empty rows."""
        rows = [
            law | {"was": law["number"], "begins": _day(law.get("from"))}
            for law in document["laws"]
        ]
        return {"rows": rows + [{} for _row in range(SPARE_ROWS)]}

    def document_with(self, document: Document) -> Document:
        """The filled rows."""
        known = {law["number"]: law for law in document["laws"]}
        names, renamed, rows = dict(named_laws(document)), {}, []
        for place, row in enumerate(self.rows):
            law = _filled(row.form, place, ("number", "vi", "en"))
            was = known.get(row.form.was.data or "")
            if law is None:
                if was is not None and was["number"] in names:
                    words = N_("The rule %(rule)s names this law.")
                    raise _at(place, "number", words, rule=names[was["number"]])
                continue
            begins = _iso(law.pop("begins"))
            rows.append(_without_empty((was or {}) | law | {"from": begins}))
            if was is not None:
                renamed[was["number"]] = law["number"]
        lost = set(names) - set(renamed) - {HOUSE}
        if lost:
            raise BadPolicy(N_("The rule %(rule)s names this law."), rule=names[min(lost)])
        return _rename_laws(document, renamed) | {"laws": rows}


def _rename_laws(document: Document, names: Mapping[str, str]) -> Document:
    changed = copy.deepcopy(document)
    for rule in changed["rules"]:
        for article in rule["articles"]:
            article["law"] = names.get(article["law"], article["law"])
    return changed


# What the rows share --------------------------------------------------------------------------


def _filled(form: RowForm, place: int, needed: tuple[str, ...]) -> Document | None:
    """The values of a row, or None when nothing is typed in it."""
    fields = {field.short_name: field for field in form if field.short_name != "was"}
    values = {name: field.data for name, field in fields.items()}
    if not any(value for value in values.values()):
        return None
    for name in needed:
        if not values[name]:
            raise _at(place, name, N_("Fill this in, or leave the whole row empty."))
    if "side" in values:
        values["side"] = str(values["side"])
    return values


def _at(place: int, name: str, words: str, **params: Any) -> BadPolicy:
    return BadPolicy(words, field=f"rows-{place}-{name}", **params)


def _without_empty(values: Document) -> Document:
    return {name: value for name, value in values.items() if value is not None}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# The parts ------------------------------------------------------------------------------------


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
