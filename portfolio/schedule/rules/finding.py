"""A finding: a rule that holds, with everything needed to redo and to explain the sum."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from portfolio.schedule.pauses import Interval
from portfolio.schedule.policy_text import HOUSE, Article, Cause, Policy, Rule
from portfolio.schedule.rules import wording
from portfolio.schedule.rules.clock import Day, Term
from portfolio.schedule.terms import Holidays, years_without_table

Value = date | int | str | bool | Decimal | Interval | Cause | None


class Step(NamedTuple):
    """One line of the sum; a line with a source is an input, the others follow from them."""

    name: str
    value: Value
    source: str | None = None

    @property
    def vi(self) -> str:
        """The line in Vietnamese."""
        return wording.step(self.name, self.value, "vi")

    @property
    def en(self) -> str:
        """The line in English."""
        return wording.step(self.name, self.value, "en")


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that holds for a project, a phase, a milestone or a parcel.

    `since` is the first day the condition is true (None when no date on record tells), `deadline`
    the day whose end made it true. A held finding is shown but asks for nothing while held.
    """

    rule: str
    severity: str
    scope: str
    since: date | None
    deadline: date | None
    basis: Article
    policy: int
    tell: Callable[[], Iterable[Step]] = field(compare=False, repr=False)
    opinions: tuple[str, ...] = ()
    held_by: tuple[str, ...] = ()
    names_scope: bool = False

    @property
    def needs_legal_opinion(self) -> bool:
        """Whether the law leaves room for doubt that a lawyer has to settle."""
        return bool(self.opinions)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The sum, line by line: inputs, terms, pauses, the day, and what holds it.

        Worked out when it is asked for: most findings of a nightly run are never looked at.
        """
        return (
            *self.tell(),
            *(Step("legal_opinion", reason) for reason in self.opinions),
            *(Step("held_by", reason) for reason in self.held_by),
        )

    @property
    def held(self) -> bool:
        """Whether something holds it."""
        return bool(self.held_by)

    @property
    def article(self) -> str:
        """Article, clause and point as "81.8" or "36.2.b"; "house" for a rule of the house."""
        return self.basis.article

    @property
    def law(self) -> str:
        """The number of the law or decree, or the house policy and its version."""
        law = self.basis.law
        return law.en if law.number == HOUSE else law.number

    @property
    def inputs(self) -> tuple[Step, ...]:
        """The facts and thresholds the sum was made from, each with its source."""
        return tuple(step for step in self.steps if step.source is not None)

    def sentence(self, language: wording.Language) -> str:
        """The finding as one sentence."""
        return wording.sentence(
            wording.Said(
                rule=self.rule,
                values=self.steps,
                citation=wording.citation(self.article, self.basis.law, language),
                scope=self.scope if self.names_scope else None,
                held_by=self.held_by,
                needs_legal_opinion=self.needs_legal_opinion,
            ),
            language,
        )

    @property
    def vi(self) -> str:
        """The finding as one sentence in Vietnamese."""
        return self.sentence("vi")

    @property
    def en(self) -> str:
        """The finding as one sentence in English."""
        return self.sentence("en")

    def hold(self, *reasons: str) -> "Finding":
        """The same finding, held by these."""
        return replace(self, held_by=(*self.held_by, *reasons))


def setting(rule: Rule, name: str, value: Value, version: int) -> Step:
    """A threshold of the policy as an input."""
    return Step(name, value, f"policy {version}: {rule.id}")


def pause_steps(
    name: str, used: Iterable[Interval], sources: Iterable[tuple[Interval, str]]
) -> Iterator[Step]:
    """The intervals that moved an end, each day counted once, with the records they come from."""
    known = sorted(enumerate(sources), key=lambda one: one[1][0])
    place = 0
    for interval in used:
        papers: list[tuple[int, str]] = []
        # Intervals are in order and do not touch, so each record belongs to one of them at most.
        while place < len(known) and known[place][1][0].begins <= interval.ends:
            number, (days, source) = known[place]
            if days.ends >= interval.begins:
                papers.append((number, source))
            place += 1
        yield Step(name, interval, "; ".join(source for _, source in sorted(papers)))


def term_steps(
    rule: Rule, term: Term, policy: Policy, pauses: Iterable[Step] = ()
) -> Iterator[Step]:
    """How a term was counted: months, bare end, pauses, end, day off at its end."""
    yield setting(rule, "months", term.months, policy.version)
    yield Step("term_end", term.bare_end)
    if term.paused:
        yield from pauses
        yield Step("paused_end", term.end)
    if term.deadline != term.end:
        yield Step("rolled_end", term.deadline)
    yield from unknown_holidays([(term.end, term.deadline)], policy.holidays)


def unknown_holidays(rolls: Iterable[tuple[date, date]], holidays: Holidays) -> Iterator[Step]:
    """The years whose holidays were needed to roll these days and are not on record.

    Each is given with the day it was rolled to.
    """
    years = {year for day, rolled in rolls for year in years_without_table(day, rolled, holidays)}
    for year in sorted(years):
        yield Step("holidays_unknown", year)


def day_steps(day: Day, deadline: date) -> Iterator[Step]:
    """The day of evaluation, and how many days it lies past the deadline."""
    yield Step("on", day.on)
    yield Step("days_over", (day.on - deadline).days)
