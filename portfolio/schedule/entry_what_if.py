"""The form of suppositions about one project. It is sent by GET, so its address can be passed on."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.register.part_words import day_of, part_words, phase_words
from portfolio.register.phases import MilestoneKind
from portfolio.register.progress import ReportKind, report_words
from portfolio.schedule.limits import exceptions_in
from portfolio.schedule.policy_text import Policy
from portfolio.schedule.what_if import (
    Adjusted,
    HandedOver,
    PauseAccepted,
    Paused,
    PutToUse,
    ReportCame,
    Supposition,
    objective_of,
    standing_days,
)
from portfolio.web.fields import ChoiceField, DayField, SeveralField
from portfolio.web.forms import Problem, Translations
from portfolio.web.languages import language

NEW_PARCEL = "new"
_BEFORE_APPROVAL = N_("A new end lies in the future: it would be approved today.")


class _Meta(DefaultMeta):  # type: ignore[misc]  # WTForms has no types
    def get_translations(self, form: Any) -> Translations:
        """The program's own catalogue."""
        del form
        return Translations()


class SuppositionForm(BaseForm):  # type: ignore[misc]
    """What may be supposed of a project: its fields follow from its phases, pauses, parcels, reports."""

    restored = False

    def __init__(self, state: State, policy: Policy, owed: list[tuple[str, str]], on: date) -> None:
        self._state, self._policy, self._on = state, policy, on
        self.phases = list(_phases(state))
        self.parcels = [*((one["id"], one["name"]) for one in state.get("parcels", ()))]
        claimed = [one for one in state.get("pauses", ()) if one["status"] == "claimed"]
        self.has_claims, self.has_reports = bool(claimed), bool(owed)
        fields: dict[str, Any] = {}
        standing = standing_days(state, policy)
        for phase, kinds in self.phases:
            for kind in kinds:
                fields[f"day-{phase['number']}-{kind}"] = _end_field(phase, kind, standing)
        fields["exception"] = ChoiceField(
            gettext("Exception relied on"),
            choices=[
                (one.code, f"{one.code}) {one.words(language())}") for one in exceptions_in(policy)
            ],
            blank=gettext("None"),
        )
        fields["accept"] = SeveralField(
            gettext("Accept these claims"),
            choices=[(one["id"], part_words("pauses", one)) for one in claimed],
            coerce=int,
        )
        fields["cause"] = ChoiceField(
            gettext("Cause"),
            choices=[
                (code, f"{cause.en if language() == 'en' else cause.vi} ({code})")
                for code, cause in policy.causes.items()
                if cause.pauses
            ],
            blank=gettext("None"),
        )
        fields["since"] = DayField(gettext("First day"))
        fields["until"] = DayField(
            gettext("Last day"), description=gettext("Leave empty if it still runs")
        )
        for key, name in [*self.parcels, (NEW_PARCEL, gettext("a new parcel"))]:
            fields[f"handed-{key}"] = DayField(gettext("%(parcel)s: handed over on", parcel=name))
            fields[f"used-{key}"] = DayField(gettext("%(parcel)s: put to use on", parcel=name))
        fields["report"] = SeveralField(
            gettext("These reports have come"),
            choices=[
                (f"{kind}:{period}", report_words(ReportKind(kind), period))
                for kind, period in owed
            ],
        )
        super().__init__(fields, meta=_Meta())

    @property
    def problems(self) -> list[Problem]:
        """What must be mended."""
        return [
            Problem(str(message), str(field.id)) for field in self for message in field.errors[:1]
        ]

    def read(self, args: MultiDict[str, str]) -> list[Supposition]:
        """What the address supposes; nothing while something in it cannot be understood."""
        self.process(args)
        if not self.validate():
            return []
        supposed = list(self._suppositions())
        return [] if self.problems else supposed

    def _suppositions(self) -> Iterator[Supposition]:
        days = self.days()
        for number, kind in days:
            if days[number, kind] < self._on:
                self._refuse(f"day-{number}-{kind}", _BEFORE_APPROVAL)
        if days:
            yield Adjusted(days)
        for pause in self["accept"].data or ():
            yield PauseAccepted(pause)
        yield from self._typed_pause()
        for key, name in [*self.parcels, (None, gettext("a new parcel"))]:
            handed = self[f"handed-{NEW_PARCEL if key is None else key}"].data
            used = self[f"used-{NEW_PARCEL if key is None else key}"].data
            if handed is not None:
                yield HandedOver(handed, key, name)
            if used is not None and (key is not None or handed is not None):
                yield PutToUse(used, key)
        for one in self["report"].data or ():
            kind, _, period = one.partition(":")
            yield ReportCame(kind, period)

    def days(self) -> dict[tuple[int, str], date]:
        """The new days of the schedule that are supposed."""
        return {
            (phase["number"], kind): day
            for phase, kinds in self.phases
            for kind in kinds
            if (day := self[f"day-{phase['number']}-{kind}"].data) is not None
        }

    def _typed_pause(self) -> Iterator[Paused]:
        cause, since, until = (self[name].data for name in ("cause", "since", "until"))
        if cause is None and since is None and until is None:
            return
        if cause is None:
            self._refuse("cause", N_("Choose the cause of the pause."))
        elif since is None:
            self._refuse("since", N_("Enter the first day of the pause."))
        elif until is not None and until < since:
            self._refuse("until", N_("The end lies before the start."))
        else:
            yield Paused(cause, since, until)

    def _refuse(self, name: str, message: str) -> None:
        self[name].errors = [*self[name].errors, gettext(message)]


def _phases(state: State) -> Iterator[tuple[State, list[str]]]:
    """Each phase that is not completed with its open milestones, that of its objectives first."""
    for phase in state.get("phases") or [{"number": 1, "milestones": []}]:
        if "completed_on" in phase:
            continue
        first = objective_of(phase)
        others = [
            one["kind"]
            for one in phase["milestones"]
            if one["kind"] != first and "met_on" not in one and one.get("targets")
        ]
        yield phase, [first, *others]


def _end_field(phase: State, kind: str, standing: dict[tuple[int, str], State]) -> DayField:
    now = day_of(standing.get((phase["number"], kind), {}), "planned_on", "precision")
    label = gettext(
        "%(phase)s, %(milestone)s",
        phase=phase_words(phase),
        milestone=gettext(MilestoneKind(kind).label),
    )
    hint = gettext("now %(day)s", day=now) if now else gettext("no day so far")
    return DayField(label, exact=False, description=hint)
