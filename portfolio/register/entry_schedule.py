"""Forms about time: phases, versions of the schedule, milestones, pauses."""

from collections.abc import Container, Mapping
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField

from portfolio.database import session
from portfolio.notation import N_
from portfolio.notation.days import Precision
from portfolio.office.trail import State
from portfolio.register.acts.schedule import Promise, Tracked
from portfolio.register.causes import known_causes
from portfolio.register.entry import ActForm, in_hand, papers, reason_field
from portfolio.register.law import law_of_delay
from portfolio.register.part_words import phase_words
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
    TickField,
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


def _in_force(phase: State) -> dict[str, State]:
    """The target that the last paper set for each milestone of a phase."""
    return {one["kind"]: one["targets"][-1] for one in phase["milestones"] if one.get("targets")}


def _printed(field: Any, standing: State | None) -> str | None:
    same = standing is not None and (standing["planned_on"], standing["precision"]) == (
        field.data.isoformat(),
        field.precision,
    )
    if standing is not None and same:
        return standing.get("as_printed")
    return field.typed.strip()[:200] or None


def _exceptions() -> list[tuple[str, str]]:
    """The points that let a schedule end beyond the cap, by the policy in force."""
    known = law_of_delay().exceptions(session(), today())
    return [(one.code, f"{one.code}) {one.words(language())}") for one in known]


class VersionForm(ActForm):
    """A version of the schedule: the days one paper sets."""

    kind = ChoiceField(_("Kind of schedule"), [Required()], choices=ScheduleKind)
    approved_on = DayField(_("Approved on"))
    act_id = ChoiceField(_("By the paper"), choices=papers, coerce=int, blank=_("None recorded"))
    exception_code = ChoiceField(
        _("Exception relied on"),
        choices=_exceptions,
        blank=_("None"),
        description=_("Only where the end lies beyond the cap; the paper must name it"),
    )
    days = FieldList(FormField(DaysRow), min_entries=1, max_entries=60)
    source = TextField(_("Source"), longest=1000)
    layout = (
        (_("The paper"), (("kind", "approved_on"), "act_id", "exception_code")),
        (_("Promised days"), ("days",)),
        ("", ("source",)),
    )

    @classmethod
    def shown(cls, row: State) -> dict[str, Any]:
        """The days in force of each phase, so that only what the new paper changes is typed."""
        del row
        state = in_hand()
        days = [
            {
                kind: (date.fromisoformat(target["planned_on"]), Precision(target["precision"]))
                for kind, target in _in_force(phase).items()
            }
            for phase in state.get("phases", ())
        ]
        return {"days": days or [{}]} | (
            {"kind": ScheduleKind.ADJUSTED} if state.get("schedules") else {}
        )

    def promises(self) -> list[Promise]:
        """The days as they stand in the form; one that was left as it was keeps its printed words."""
        phases = in_hand().get("phases", ()) or [{"number": 1, "milestones": []}]
        return [
            Promise(
                phase=phase["number"],
                kind=kind,
                planned_on=field.data,
                precision=field.precision,
                as_printed=_printed(field, _in_force(phase).get(kind.value)),
            )
            for phase, row in zip(phases, self.days, strict=False)
            for kind in MilestoneKind
            if (field := row.form[kind.value]).data is not None
        ]


class MilestonesForm(ActForm):
    """Where all open milestones stand, on one page; `milestones_form` gives it their fields."""

    others_unchanged = TickField(
        _("The other open milestones were looked at: nothing has changed there")
    )
    reason = reason_field()
    milestones: ClassVar[tuple[int, ...]] = ()

    @classmethod
    def shown(cls, row: State) -> dict[str, Any]:
        """What stands of each open milestone of a state document."""
        shown: dict[str, Any] = {}
        for phase in row.get("phases", ()):
            for one in phase["milestones"]:
                met = _day(one.get("met_on"))
                precision = Precision(one.get("met_precision") or "day")
                shown[f"met_on_{one['id']}"] = (met, precision) if met else None
                shown[f"forecast_on_{one['id']}"] = _day(one.get("forecast_on"))
                shown[f"evidence_{one['id']}"] = one.get("evidence")
        return shown

    def tracked(self) -> list[Tracked]:
        """The days as they stand in the form, one for each milestone."""
        return [
            Tracked(
                milestone_id=key,
                met_on=self[f"met_on_{key}"].data,
                met_precision=self[f"met_on_{key}"].precision,
                evidence=self[f"evidence_{key}"].data,
                forecast_on=self[f"forecast_on_{key}"].data,
            )
            for key in self.milestones
        ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def milestones_form(state: State, sent: Container[str] | None = None) -> type[MilestonesForm]:
    """The form with the fields of the open milestones of a state.

    Of a form that was sent, its own fields: a milestone that somebody else met in the meantime is then
    shown as a change of theirs, and nothing that was typed is lost.
    """
    keys: list[int] = []
    fields: dict[str, Any] = {}
    for phase in state.get("phases", ()):
        for one in phase["milestones"]:
            key, name = one["id"], gettext(MilestoneKind(one["kind"]).label)
            if f"met_on_{key}" not in sent if sent is not None else "met_on" in one:
                continue
            words = f"{phase_words(phase)}, {name}"
            keys.append(key)
            fields |= {
                f"forecast_on_{key}": DayField(
                    gettext("%(milestone)s: expected on", milestone=words), exact=False
                ),
                f"met_on_{key}": DayField(
                    gettext("%(milestone)s: met on", milestone=words), exact=False, not_after=today
                ),
                f"evidence_{key}": TextField(
                    gettext("%(milestone)s: evidence", milestone=words), longest=500
                ),
            }
    return type("OpenMilestonesForm", (MilestonesForm,), fields | {"milestones": tuple(keys)})


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
