"""Forms about time: phases, versions of the schedule, milestones, pauses."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.register.acts.schedule import Promise
from portfolio.register.causes import known_causes
from portfolio.register.entry import ActForm, in_hand, papers, reason_field
from portfolio.register.phases import MilestoneKind, ScheduleKind, Side
from portfolio.web.clock import today
from portfolio.web.fields import (
    AreaField,
    ChoiceField,
    DayField,
    MoneyField,
    ProseField,
    Required,
    RowForm,
    TextField,
)
from portfolio.web.languages import language


class PhaseForm(ActForm):
    """A part of the project with objectives of its own."""

    name = TextField(_("Name of the phase"), longest=300)
    objective = ProseField(_("Investment objective"), longest=4000)
    capital = MoneyField(_("Capital of the phase"))
    area_ha = AreaField(_("Area of the phase"))
    completed_on = DayField(_("Objectives completed on"), not_after=today)
    layout = (("", ("name", "objective", ("capital", "area_ha"), "completed_on")),)
    widths: ClassVar[Mapping[str, str]] = {"completed_on": "short"}


class DaysRow(RowForm):
    """What one phase promises in one version."""

    land_handover = DayField(_("Land handed over"), exact=False)
    start = DayField(_("Construction started"), exact=False)
    completion = DayField(_("Construction completed"), exact=False)
    operation = DayField(_("Put into operation"), exact=False)
    capital_paid = DayField(_("Capital paid in"), exact=False)


class VersionForm(ActForm):
    """A version of the schedule: the days one paper sets."""

    kind = ChoiceField(_("Kind of schedule"), [Required()], choices=ScheduleKind)
    approved_on = DayField(_("Approved on"))
    act_id = ChoiceField(_("By the paper"), choices=papers, coerce=int, blank=_("None recorded"))
    exception_code = ChoiceField(
        _("Exception relied on"),
        choices=[(code, code) for code in ("a", "b", "c", "d", "đ", "e", "g")],
        blank=_("None"),
        description=_("Point of Article 33.4, Law 143/2025/QH15"),
    )
    days = FieldList(FormField(DaysRow), min_entries=1, max_entries=60)
    source = TextField(_("Source"), longest=1000)
    layout = (
        (_("The paper"), (("kind", "approved_on"), "act_id", "exception_code")),
        (_("Promised days"), ("days",)),
        ("", ("source",)),
    )
    widths: ClassVar[Mapping[str, str]] = {"exception_code": "short"}

    @classmethod
    def shown(cls, row: State) -> dict[str, Any]:
        """One line of empty days for each phase."""
        del row
        return {"days": [{} for _phase in in_hand().get("phases", ())] or [{}]}

    def promises(self) -> list[Promise]:
        """The days that were typed, by phase and milestone."""
        numbers = [phase["number"] for phase in in_hand().get("phases", ())] or [1]
        return [
            Promise(
                phase=number,
                kind=kind,
                planned_on=field.data,
                precision=field.precision,
                as_printed=field.typed.strip()[:200] or None,
            )
            for number, row in zip(numbers, self.days, strict=False)
            for kind in MilestoneKind
            if (field := row.form[kind.value]).data is not None
        ]


class MilestoneForm(ActForm):
    """Where a milestone stands: met, or forecast."""

    met_on = DayField(
        _("Met on"), exact=False, not_after=today, description=_("Leave empty if it is still open")
    )
    evidence = TextField(_("Evidence"), longest=500, description=_("Report, minutes, photographs"))
    forecast_on = DayField(_("Expected on"), exact=False)
    reason = reason_field()
    layout = (("", (("met_on", "forecast_on"), "evidence", "reason")),)
    precisions: ClassVar[Mapping[str, str]] = {"met_on": "met_precision"}


def _causes() -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for cause in known_causes(session()).values():
        group = N_("Stop the clock once accepted") if cause.pauses else N_("Kept for statistics")
        words = cause.words(language())
        shown = f"{words} ({cause.code})" if len(cause.code) == 1 else words
        groups.setdefault(gettext(group), []).append((cause.code, shown))
    return groups


class PauseForm(ActForm):
    """Days that shall not count."""

    cause = ChoiceField(_("Cause"), [Required()], choices=_causes)
    since = DayField(_("First day"), [Required()])
    until = DayField(_("Last day"), description=_("Leave empty if it still runs"))
    paper = TextField(
        _("Numbered paper"), longest=300, description=_("Without it nobody can accept the pause")
    )
    note = ProseField(_("Note"), longest=2000)
    layout = (("", ("cause", ("since", "until"), "paper", "note")),)

    def side(self) -> Side:
        """Whose side the cause is on, by the policy."""
        return known_causes(session())[str(self.cause.data)].side


class JudgeForm(ActForm):
    """Accepting or rejecting a pause."""

    verdict = ChoiceField(
        _("Decision"),
        [Required()],
        choices=lambda: [
            ("accept", gettext("Accept: these days do not count")),
            ("reject", gettext("Reject: these days count")),
        ],
        shape="radios",
    )
    reason = TextField(
        _("Reason"), longest=2000, description=_("A rejection needs one; the trail keeps it.")
    )
    layout = (("", ("verdict", "reason")),)
