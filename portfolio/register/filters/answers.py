"""Filters with a closed list of answers: list, stage, schedule, warnings, rule and source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from flask_babel import gettext
from sqlalchemy import ColumnElement, and_

from portfolio.notation import N_
from portfolio.register.filters.filter import (
    NOT_IN_LIST,
    Choice,
    Filter,
    Reading,
    Unclear,
    with_part,
)
from portfolio.register.flag_words import RULES, rule_name
from portfolio.register.line import (
    SCHEDULE_STATES,
    SEVERITIES,
    UNCLEAR_STATES,
    RegisterLine,
    stage_order,
    weight_of,
)
from portfolio.register.project import Listing, Stage

STATES = {
    "on_time": N_("On time"),
    "late": N_("Behind schedule"),
    "silent": N_("Report overdue"),
    "undated": N_("No schedule dates"),
    "done": N_("Completed"),
    "none": N_("No schedule yet"),
}
"""Schedule states as people read them; `none` is a project that has promised nothing yet."""

UNCLEAR = "unclear"
STATE_CHOICES = STATES | {UNCLEAR: N_("Licensed, silent or undated")}

SEVERITY_CHOICES = {
    "any": N_("With any warning"),
    "ground": N_("With a ground for revocation"),
    "review": N_("With a ground or a call for review"),
    "late": N_("Late, no ground yet"),
    "warning": N_("Warned of a term that is coming"),
    "gap": N_("With missing data or reports"),
    "no": N_("Without warnings"),
}
_SEVERITIES_OF = {
    "any": SEVERITIES[SEVERITIES.index("data_gap") :],
    "ground": ("ground",),
    "review": ("review", "ground"),
    "late": ("late", "refusal"),
    "warning": ("warning",),
    "gap": ("data_gap", "silent"),
    "no": ("running", "hold"),
}

SOURCES = {
    "public": N_("From public sources"),
    "own": N_("From the offices' own files"),
}


class ListingFilter(Choice):
    """The list that a project stands on."""

    names, column, saying = ("listing",), "listing", N_("List: %(name)s")
    fineness = 2
    labels: ClassVar = {listing.value: listing.label for listing in Listing}

    def bounds(self, by: str) -> ColumnElement[bool] | None:
        """A list is a range of stages."""
        first = stage_order(self.value, next(iter(Stage)))
        return RegisterLine.stage_order.between(first, first + 99) if by == "stage" else None


class StageFilter(Choice):
    """The life stage."""

    names, column, saying = ("stage",), "stage", N_("Stage: %(name)s")
    fineness = 3
    labels: ClassVar = {stage.value: stage.label for stage in Stage}


class StateFilter(Choice):
    """The schedule state; `unclear` stands for licensed projects of which nobody can tell."""

    names, column, saying = ("state",), "schedule_state", N_("Schedule: %(name)s")
    fineness = 5
    labels: ClassVar = STATE_CHOICES

    def bounds(self, by: str) -> ColumnElement[bool] | None:
        """States are sorted by their place."""
        places = [SCHEDULE_STATES.index(state) for state in self.values()]
        between = RegisterLine.state_order.between(min(places), max(places))
        return between if by == "state" else None

    def values(self) -> tuple[str, ...]:
        """One state, or both unclear ones."""
        return UNCLEAR_STATES if self.value == UNCLEAR else (self.value,)

    def condition(self) -> ColumnElement[bool]:
        """The state, and for `unclear` that the project has promised something at all."""
        states = super().condition()
        if self.value != UNCLEAR:
            return states
        return and_(states, RegisterLine.listing == Listing.LICENSED.value)

    def counted(self) -> tuple[str, tuple[str, ...]] | None:
        """Figures are kept for each state, whatever the list."""
        return None if self.value == UNCLEAR else super().counted()


class SeverityFilter(Choice):
    """The worst finding that is not held."""

    names, column, saying = ("severity",), "severity", "%(name)s"
    fineness = 4
    labels: ClassVar = SEVERITY_CHOICES

    def bounds(self, by: str) -> ColumnElement[bool] | None:
        """A list sorted by warnings is sorted by the weight itself."""
        return self.condition() if by == "warnings" else None

    def values(self) -> tuple[int, ...]:
        """The weights it stands for; a project without findings has none."""
        weights = tuple(weight_of(severity) for severity in _SEVERITIES_OF[self.value])
        return (0, *weights) if self.value == "no" else weights


class SourceFilter(Choice):
    """Where the record comes from."""

    names, column, saying = ("source",), "public_source", "%(name)s"
    labels: ClassVar = SOURCES

    def condition(self) -> ColumnElement[bool]:
        """Public or not."""
        return RegisterLine.public_source.is_(self.value == "public")

    def counted(self) -> None:
        """No figures are kept for it."""
        return


@dataclass(frozen=True)
class RuleFilter(Filter):
    """A rule of the law of delay that holds, even if it is held back."""

    names = ("rule",)
    rule: str

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """One of the rules."""
        del reading
        rule = args.get("rule", "")
        if rule and rule not in RULES:
            raise Unclear(NOT_IN_LIST, at="rule")
        return cls(rule) if rule else None

    def args(self) -> dict[str, str]:
        """The rule's own name."""
        return {"rule": self.rule}

    def condition(self) -> ColumnElement[bool]:
        """Flagged by the rule."""
        return with_part("flag", [self.rule])

    def sentence(self) -> str:
        """The rule in words."""
        return str(gettext("Rule: %(name)s", name=rule_name(self.rule)))
