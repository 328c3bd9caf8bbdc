"""The form by which an officer confirms, disputes or adds a delay, of one project or of several."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import g
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from wtforms import Field, HiddenField
from wtforms.widgets import HiddenInput

from portfolio.database import session
from portfolio.notation import N_
from portfolio.register.acts.marks import MarkFacts
from portfolio.register.causes import known_causes
from portfolio.register.entry import ActForm
from portfolio.register.findings import Standing
from portfolio.register.flag_words import RULES
from portfolio.register.marks import ADDED_SEVERITIES, Verdict
from portfolio.register.phases import Side
from portfolio.web.clock import today
from portfolio.web.fields import ChoiceField, DayField, ProseField, Required, TextField
from portfolio.web.languages import language

LONGEST_CODE = 20


class _OneEach(HiddenInput):  # type: ignore[misc]  # WTForms has no types
    """A hidden box for each value."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        draw = super().__call__
        shown = field.data or ()
        return Markup("\n").join(
            draw(_Boxed(field, value, number), **kwargs) for number, value in enumerate(shown)
        )


class _Boxed:
    """One value of a field, as a widget sees a field."""

    def __init__(self, field: Any, value: str, number: int) -> None:
        self.id, self.name, self.flags = f"{field.id}-{number}", field.name, field.flags
        self._value = lambda: value


class CodesField(Field):  # type: ignore[misc]  # WTForms has no types
    """The codes of the chosen projects, each once, in the order in which they were chosen."""

    widget = _OneEach()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the codes; what is too long to be one stays out."""
        self.data = unique(valuelist)

    def _value(self) -> str:
        return " ".join(self.data or ())


def unique(codes: Sequence[str]) -> list[str]:
    """Codes as they were sent, each once."""
    return [code for code in dict.fromkeys(codes) if 0 < len(code) <= LONGEST_CODE]


def offer_findings(standing: Sequence[Standing]) -> None:
    """Let the form offer what holds for every chosen project; of a single one each of its sums."""
    lists = [[one for one in found.findings if one.is_delay] for found in standing]
    common = set.intersection(*({one.rule for one in found} for found in lists)) if lists else set()
    offered: dict[str, str] = {}
    for one in lists[0] if lists else ():
        if one.rule not in common:
            continue
        offered[one.rule] = one.words(language())
        if len(lists) == 1 and sum(other.rule == one.rule for other in lists[0]) > 1:
            offered[f"{one.rule}|{one.scope}"] = one.sentence(language())
    g.offered_findings = offered


def _about() -> list[tuple[str, str]]:
    return list(g.get("offered_findings", {}).items())


def _causes() -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for cause in known_causes(session()).values():
        groups.setdefault(gettext(cause.side.label), []).append(
            (cause.code, cause.words(language()))
        )
    return {
        gettext(side.label): groups[gettext(side.label)]
        for side in _SIDES
        if gettext(side.label) in groups
    }


_SIDES = (Side.STATE, Side.INVESTOR, Side.OBJECTIVE)


def _severities() -> list[tuple[str, str]]:
    return [(key, gettext(words)) for key, words in ADDED_SEVERITIES.items()]


class AboutField(ChoiceField):
    """The warning that a mark speaks of, as ``RULE`` or ``RULE|scope``.

    One that was offered and holds no longer is let through: the act says for which project.
    """

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no rule at all."""
        if self.data is None or self.data.partition("|")[0] not in RULES:
            super().pre_validate(form)


class MarkForm(ActForm):
    """One set of fields for all chosen projects."""

    code = CodesField()
    list = HiddenField()
    verdict = ChoiceField(
        _("What the office says"),
        [Required()],
        choices=Verdict,
        shape="radios",
        hints={
            "confirms": _("The warning is right."),
            "disputes": _("Papers show that it is not right, or not in this way."),
            "adds": _("The project is late and no rule sees it; it is listed by this mark."),
        },
    )
    about = AboutField(
        _("Which warning"), choices=_about, blank=_("The delay as a whole, every warning")
    )
    severity = ChoiceField(
        _("Weight of an added delay"),
        choices=_severities,
        blank=_("Only for a delay that is added"),
    )
    cause = ChoiceField(
        _("Cause"),
        [Required()],
        choices=_causes,
        description=_("The side that answers for it follows from the cause."),
    )
    on = DayField(_("Found on"), [Required()], not_after=today)
    paper = TextField(
        _("Paper"), longest=300, description=_("Minutes, letter or report, with number and day")
    )
    note = ProseField(
        _("Reason in words"),
        [Required(N_("Say in words what the mark rests on."))],
        longest=2000,
        description=_("Kept with the mark and in the history of each project."),
    )
    layout = (
        (_("The mark"), ("verdict", ("about", "severity"))),
        (_("Why"), (("cause", "on"), "paper", "note")),
    )
    widths: ClassVar = {"on": "short"}

    def facts(self) -> MarkFacts:
        """What was typed, as the act takes it."""
        rule, _bar, scope = (self.about.data or "").partition("|")
        return MarkFacts(
            verdict=Verdict(str(self.verdict.data)),
            cause=str(self.cause.data),
            note=self.note.data or "",
            on=self.on.data,
            rule=rule or None,
            scope=scope or None,
            severity=self.severity.data,
            paper=self.paper.data or None,
        )
