"""What is missing: schedule dates, signs of life, reports."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

from portfolio.schedule.known import Report
from portfolio.schedule.policy_text import ReportDuty, Rule
from portfolio.schedule.rules.case import Case
from portfolio.schedule.rules.clock import Term, run_term
from portfolio.schedule.rules.finding import (
    Finding,
    Step,
    day_steps,
    setting,
    term_steps,
    unknown_holidays,
)
from portfolio.schedule.terms import ONE_DAY, add_months, last_day_of_month, roll


def undated(case: Case, rule: Rule) -> Iterator[Finding]:
    """UNDATED: a licensed project without any schedule date."""
    if not case.licensed or case.dated:
        return
    steps = (
        Step("first_approved_on", case.first_approval, "first_approved_on"),
        Step("on", case.day.on),
    )
    yield from case.findings(rule, "project", case.first_approval, None, lambda: steps)


class Sign(NamedTuple):
    """A sign of life: its day, its kind and the record that tells of it."""

    on: date
    kind: str
    at: str
    key: str

    @property
    def source(self) -> str:
        """The path of the day in the facts document."""
        return f"{self.at}.{self.key}" if self.at else self.key


def stalled(case: Case, rule: Rule) -> Iterator[Finding]:
    """STALLED: licensed, not done, and no sign of life for the policy's months.

    They count from the last sign since the first approval, or from that approval. While an accepted
    pause runs the finding is held: a project that was told to wait shows no life.
    """
    if not case.licensed or case.done:
        return
    last = max((sign for sign in _signs(case) if case.day.reached(sign.on)), default=None)
    if last is None:
        return
    term = run_term(last.on, rule.months, (), case.policy.holidays)
    if not case.day.expired(term):
        return
    paused = any(case.day.inside(p.begins, None if p.open else p.ends) for p in case.pauses)
    yield from case.findings(
        rule,
        "project",
        term.deadline + ONE_DAY,
        term.deadline,
        partial(_stalled_steps, case, rule, last, term),
        held_by=("PAUSE",) if paused else (),
    )


def _stalled_steps(case: Case, rule: Rule, last: Sign, term: Term) -> Iterator[Step]:
    yield Step("last_sign", last.on, last.source)
    yield Step("last_sign_kind", last.kind)
    yield from term_steps(rule, term, case.policy)
    yield from day_steps(case.day, term.deadline)


def _signs(case: Case) -> Iterator[Sign]:
    """The signs that the policy counts: those listed, and those that other facts tell of."""
    counted = case.policy.signs_of_life
    if case.first_approval is not None:
        yield Sign(case.first_approval, "first_approval", "", "first_approved_on")
    for event in case.facts.signs_of_life:
        if event.kind in counted:
            yield Sign(event.on, event.kind or "", event.at, "on")
    if "milestone_met" in counted:
        yield from _milestones_met(case)
    if "land_act" in counted:
        yield from _land_acts(case)


def _milestones_met(case: Case) -> Iterator[Sign]:
    for phase in case.facts.phases:
        if phase.completed_on is not None:
            yield Sign(phase.completed_on, "milestone_met", phase.at, "completed_on")
        for milestone in phase.milestones:
            if milestone.met_on is not None:
                yield Sign(milestone.met_on, "milestone_met", phase.at, f"{milestone.at}.met_on")


def _land_acts(case: Case) -> Iterator[Sign]:
    for parcel in case.facts.land:
        if parcel.handed_over_on is not None:
            yield Sign(parcel.handed_over_on, "land_act", parcel.at, "handed_over_on")
        if parcel.first_used_on is not None:
            yield Sign(parcel.first_used_on, "land_act", parcel.at, "first_used_on")
        if parcel.extension is not None:
            yield Sign(parcel.extension.begins, "land_act", parcel.at, "extension.from")


def due_date(duty: ReportDuty, period_ends: date) -> date:
    """The day a report is due before rolling; a day the month lacks is its last day."""
    return _day_after(period_ends, duty.months_after, duty.day)


@lru_cache(maxsize=4096)
def _day_after(period_ends: date, months: int, day: int) -> date:
    month = add_months(period_ends.replace(day=1), months)
    last = last_day_of_month(month.year, month.month)
    return last if day > last.day else month.replace(day=day)


def unreported(case: Case, rule: Rule) -> Sequence[Finding]:
    """REP-Q, REP-Y, REP-M6, REP-MY: overdue reports of a kind; some in a row call for a review."""
    missing = (
        missing_reports(case, case.policy.report_duties[rule.id]) if case.facts.reports else []
    )
    if not missing:
        return ()
    due = min(due for _, due in missing)
    in_a_row = _longest_row([report for report, _ in missing])
    enough = in_a_row >= int(rule.settings["missed_in_a_row"])
    return case.findings(
        rule,
        "project",
        due + ONE_DAY,
        due,
        partial(_unreported_steps, case, rule, missing, due),
        severity=str(rule.settings["missed_severity"]) if enough else None,
    )


def missing_reports(case: Case, duty: ReportDuty) -> list[tuple[Report, date]]:
    """The reports of this kind that are overdue and not received, with their rolled due days."""
    missing: list[tuple[Report, date]] = []
    for report in case.reports.get(duty.kind, ()):
        if case.day.reached(report.received_on):
            continue
        due = roll(due_date(duty, report.period_ends), case.policy.holidays)
        if case.day.past(due):
            missing.append((report, due))
    return sorted(missing, key=lambda found: found[0].period_ends)


def _unreported_steps(
    case: Case, rule: Rule, missing: list[tuple[Report, date]], due: date
) -> Iterator[Step]:
    reports = [report for report, _ in missing]
    duty = case.policy.report_duties[rule.id]
    for report in reports:
        yield Step("missing", report.period, f"{report.at}.received_on")
    yield Step("in_a_row", _longest_row(reports))
    limit = int(rule.settings["missed_in_a_row"])
    yield setting(rule, "missed_in_a_row", limit, case.policy.version)
    yield Step("deadline", due)
    rolls = ((due_date(duty, report.period_ends), rolled) for report, rolled in missing)
    yield from unknown_holidays(rolls, case.policy.holidays)
    yield from day_steps(case.day, due)


def _longest_row(reports: list[Report]) -> int:
    """How many periods that follow each other are missing at most; reports are in order."""
    longest = row = 1
    for earlier, later in pairwise(reports):
        row = row + 1 if later.ordinal == earlier.ordinal + 1 else 1
        longest = max(longest, row)
    return longest
