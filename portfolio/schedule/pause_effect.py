"""What one pause does: which end it moves, from where to where, or why it moves nothing.

An accepted pause is compared with the same project without it, a claimed one with the project in which
it is accepted. So overlapping days show their effect once, with whichever pause comes second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext

from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.register.part_words import phase_words
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.facts import read_facts
from portfolio.schedule.gather import facts_document
from portfolio.schedule.known import Facts, Span
from portfolio.schedule.policy_text import Policy
from portfolio.schedule.rules.case import Case, Promise
from portfolio.schedule.rules.clock import Day, run_term
from portfolio.web import show


@dataclass(frozen=True)
class _Clock:
    """The two days that a pause can move: the end of the schedule, and the 24 months after it."""

    end: date
    ground: date


def pause_effects(state: State, policy: Policy, on: date) -> dict[int, list[str]]:
    """By the key of each pause, sentences on what it moves, one for each phase it touches."""
    rows = state.get("pauses", [])
    if not rows:
        return {}
    try:
        facts = read_facts(facts_document(state, policy, on))
    except BadDocument:
        return {}
    phases = {str(phase["number"]): phase for phase in state.get("phases", ())}
    return {
        row["id"]: list(_said(row, facts, place, policy, on, phases))
        for place, row in enumerate(rows)
    }


def _said(
    row: State, facts: Facts, place: int, policy: Policy, on: date, phases: dict[str, State]
) -> Iterable[str]:
    if row["status"] == "rejected":
        yield str(gettext("Rejected: its days count, it moves nothing."))
        return
    if row["cause"] not in policy.pausing_causes:
        yield str(gettext("Moves nothing: this cause is kept for statistics and stops no clock."))
        return
    span = facts.pauses[place]
    others = [one for number, one in enumerate(facts.pauses) if number != place]
    before = _case(facts, others, policy, on)
    after = _case(facts, [*others, replace(span, status="accepted")], policy, on)
    if not before.promises:
        yield str(gettext("Moves nothing yet: no day is promised."))
    for old, new in zip(before.promises, after.promises, strict=True):
        words = _phase(old, new, span, policy)
        if words and len(before.promises) > 1:
            yield f"{phase_words(phases[old.phase.id])}: {words}"
        elif words:
            yield words[:1].upper() + words[1:]


def _case(facts: Facts, pauses: Sequence[Span], policy: Policy, on: date) -> Case:
    return Case(replace(facts, pauses=tuple(pauses)), policy, Day(on))


def _phase(old: Promise, new: Promise, span: Span, policy: Policy) -> str:
    if old.end is None or new.end is None or old.schedule is None:
        return str(gettext("moves nothing: no day is promised."))
    before, after = _clock(old, policy), _clock(new, policy)
    days = (after.end - before.end).days
    given = {
        "before": show.day(before.end),
        "after": show.day(after.end),
        "days": show.number(days),
    }
    if days:
        accepted = span.status == "accepted"
        words = (
            N_("moves the end from %(before)s to %(after)s (%(days)s days).")
            if accepted
            else N_("would move the end from %(before)s to %(after)s (%(days)s days).")
        )
        return str(gettext(words, **given))
    if after.ground != before.ground:
        return str(
            gettext(
                "does not move the end (%(end)s), which was over when it began; moves the 24 months"
                " after it from %(before)s to %(after)s.",
                end=given["before"],
                before=show.day(before.ground),
                after=show.day(after.ground),
            )
        )
    return str(gettext(_why_not(old, span, before), **given))


def _why_not(old: Promise, span: Span, before: _Clock) -> str:
    """Why a pause of a stopping cause moves nothing in a phase."""
    started = old.schedule.approved_on if old.schedule is not None else None
    completed = old.phase.completed_on
    if completed is not None and old.completed and span.begins >= completed:
        return N_("moves nothing: it began after the phase was completed.")
    if started is not None and span.ends is not None and span.ends < started:
        return N_("moves nothing: it lies before the schedule in force was approved.")
    if span.begins > before.ground:
        return N_("moves nothing: it began after the end (%(before)s) and the 24 months after it.")
    if span.begins > before.end:
        return N_("moves nothing: it began after the end (%(before)s).")
    return N_("moves nothing further: its days are covered by other accepted pauses.")


def _clock(promise: Promise, policy: Policy) -> _Clock:
    end = promise.end
    if end is None:  # asked only where a day is promised
        raise TypeError(promise)
    rule = policy.rules.get("INV-T24")
    if rule is None:
        return _Clock(end.end, end.end)
    return _Clock(end.end, run_term(end.end, rule.months, end.rest, policy.holidays).deadline)
