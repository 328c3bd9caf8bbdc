"""The day of evaluation and the terms that run against it.

Every question about time is asked of a `Day`. It answers for its own day and remembers the next day
on which the answer turns, so that the day of the next change is known without a rule saying so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from portfolio.schedule.known import Span
from portfolio.schedule.pauses import Interval, Shifted, as_of, shift, union
from portfolio.schedule.policy_text import Article, Rule
from portfolio.schedule.terms import ONE_DAY, Holidays, add_months, roll


class Term(NamedTuple):
    """Months that the law counts from a day: where they end, bare, paused and rolled."""

    start: date
    months: int
    bare_end: date
    paused: tuple[Interval, ...]
    end: date
    deadline: date
    stands_still: bool


def run_term(start: date, months: int, pauses: Sequence[Interval], holidays: Holidays) -> Term:
    """The term of `months` that `start` sets going, moved by the pauses that begin after it."""
    bare_end = add_months(start, months)
    moved = shift(bare_end, pauses) if pauses else Shifted(bare_end, (), ())
    deadline = roll(moved.end, holidays)
    return Term(start, months, bare_end, moved.used, moved.end, deadline, moved.stands_still)


@dataclass(slots=True)
class Day:
    """The day of evaluation. `next_change` is the first later day on which an answer turns."""

    on: date
    next_change: date | None = None

    def changes_on(self, when: date) -> None:
        """Remember that something is different from `when` on."""
        if when > self.on and (self.next_change is None or when < self.next_change):
            self.next_change = when

    def reached(self, when: date | None) -> bool:
        """Whether that day has come; a fact dated later is not a fact yet."""
        if when is None:
            return False
        if when > self.on:
            self.changes_on(when)
            return False
        return True

    def past(self, last: date, *, stands_still: bool = False) -> bool:
        """Whether a last day is over. A clock that stands still is not over until new facts come."""
        if self.on > last:
            return True
        if not stands_still:
            self.changes_on(last + ONE_DAY)
        return False

    def expired(self, term: Term) -> bool:
        """Whether a term is over."""
        return self.past(term.deadline, stands_still=term.stands_still)

    def inside(self, begins: date, ends: date | None) -> bool:
        """Whether the day lies in these days, both ends included; no end means still running."""
        if not self.reached(begins):
            return False
        return ends is None or not self.past(ends)

    def article(self, rule: Rule) -> Article | None:
        """The article of the rule in force on the day; a later one will change the finding."""
        found = None
        for article in rule.articles:
            if article.begins is not None and not self.reached(article.begins):
                break
            found = article
        return found

    def intervals(self, spans: Iterable[Span]) -> tuple[Interval, ...]:
        """The union of the days of these spans as of the day."""
        days: list[Interval] = []
        for span in spans:
            if span.ends is None:
                self.reached(span.begins)
            one = as_of(span.begins, span.ends, self.on)
            if one is not None:
                days.append(one)
        return union(days) if days else ()
