"""Forms of the lists of a draft: causes of delay, reports owed, laws."""

import copy
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, HiddenField

from portfolio.notation import N_
from portfolio.register.phases import Side
from portfolio.schedule.policy_check import BadPolicy, named_laws
from portfolio.schedule.policy_entry import Document, DraftForm, marks, reason
from portfolio.schedule.policy_text import HOUSE
from portfolio.web.fields import (
    ChoiceField,
    DayField,
    NumberField,
    Required,
    RowForm,
    TextField,
    TickField,
)

SPARE_ROWS = 2
"""Empty rows below the filled ones; saving gives new ones."""
_CODE = re.compile(r"[a-zđ][a-zđ0-9_]{0,39}")


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
