"""Grounds that do not come from a schedule: term over, site lost, out of contact, and their like."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from portfolio.schedule.known import Mark, Paper, Parcel
from portfolio.schedule.policy_text import Rule
from portfolio.schedule.rules.case import Case
from portfolio.schedule.rules.clock import run_term
from portfolio.schedule.rules.finding import Finding, Step, day_steps, setting, term_steps
from portfolio.schedule.terms import ONE_DAY, add_months


def special_mechanism(case: Case, rule: Rule) -> Iterator[Finding]:
    """SPECIAL: a special resolution covers the project; its other findings are shown and held."""
    paper = case.facts.special_mechanism
    if paper is None or (paper.on is not None and not case.day.reached(paper.on)):
        return
    steps = (Step("special_mechanism", paper.text, "special_mechanism"), Step("on", case.day.on))
    yield from case.findings(rule, "project", paper.on, None, lambda: steps)


def delay_marked(case: Case, rule: Rule) -> Iterator[Finding]:
    """EZA-MARK: an officer added a delay mark; it weighs what the officer says."""
    for mark in case.facts.marks:
        if mark.verdict == "adds" and case.day.reached(mark.on):
            steps = partial(_mark_steps, mark, case)
            yield from case.findings(
                rule, f"mark:{mark.id}", mark.on, None, steps, severity=mark.severity
            )


def _mark_steps(mark: Mark, case: Case) -> tuple[Step, ...]:
    # A cause that the policy of the day does not list is told by its code.
    cause = case.policy.causes.get(mark.cause or "", mark.cause)
    return (
        Step("marked_on", mark.on, f"{mark.at}.on"),
        Step("cause", cause, f"{mark.at}.cause"),
        Step("on", case.day.on),
    )


def operating_term_over(case: Case, rule: Rule) -> Iterator[Finding]:
    """TERM-END: the operating term is over, or ends within the policy's months of warning."""
    end = case.facts.operating_end
    if end is None:
        return
    at = Step("operating_end", end, "operating_end")
    if case.day.past(end):
        over = (Step("case", "over"), at, *day_steps(case.day, end))
        yield from case.findings(rule, "project", end + ONE_DAY, end, lambda: over)
        return
    reached = []
    for months in rule.settings["warning_months"]:
        if not case.day.reached(add_months(end, -months)):
            break
        reached.append(months)
    if reached:
        near = (
            Step("case", "near"),
            at,
            setting(rule, "warning_months", reached[-1], case.policy.version),
            Step("on", case.day.on),
            Step("days_left", (end - case.day.on).days),
        )
        since = add_months(end, -reached[0])
        severity = str(rule.settings["warning_severity"])
        yield from case.findings(rule, "project", since, end, lambda: near, severity=severity)


def unable_to_remedy(case: Case, rule: Rule) -> Iterator[Finding]:
    """T-SUSP: suspended by the authority, and it is recorded that it cannot be remedied.

    A project that was let go on after that record was taken is no longer suspended.
    """
    stop, day = case.facts.suspension, case.day
    recorded_on = stop.inability_recorded_on
    if (
        stop.by not in rule.settings["suspended_by"]
        or recorded_on is None
        or not day.reached(recorded_on)
    ):
        return
    if stop.ends is not None and recorded_on <= stop.ends and day.past(stop.ends):
        return
    steps = (
        Step("suspended_by", stop.by, "suspension.by"),
        Step("suspended_on", stop.begins, "suspension.from"),
        Step(
            "inability_recorded_on", stop.inability_recorded_on, "suspension.inability_recorded_on"
        ),
        Step("on", case.day.on),
    )
    yield from case.findings(rule, "project", stop.inability_recorded_on, None, lambda: steps)


def site_lost(case: Case, rule: Rule) -> Iterator[Finding]:
    """T-LOC6: no relocation dossier within six months of losing the right to the site."""
    lost_on, filed_on = case.facts.site_lost_on, case.facts.relocation_filed_on
    if lost_on is None or not case.day.reached(lost_on):
        return
    term = run_term(lost_on, rule.months, (), case.policy.holidays)
    if (filed_on is not None and filed_on <= term.deadline) or not case.day.expired(term):
        return
    steps = (
        Step("site_lost_on", lost_on, "site_lost_on"),
        Step("relocation_filed_on", filed_on, "relocation_filed_on"),
        *term_steps(rule, term, case.policy),
        *day_steps(case.day, term.deadline),
    )
    yield from case.findings(rule, "project", term.deadline + ONE_DAY, term.deadline, lambda: steps)


def out_of_contact(case: Case, rule: Rule) -> Iterator[Finding]:
    """T-NOCONTACT12: stopped for 12 months, and every attempt to reach the investor failed."""
    stopped_on = case.facts.stopped_on
    if stopped_on is None or not case.day.reached(stopped_on):
        return
    attempts = [
        attempt
        for attempt in case.facts.contact_attempts
        if attempt.on >= stopped_on and case.day.reached(attempt.on)
    ]
    if not attempts or any(attempt.reached is not False for attempt in attempts):
        return
    term = run_term(stopped_on, rule.months, (), case.policy.holidays)
    if not case.day.expired(term):
        return
    steps = (
        Step("stopped_on", stopped_on, "stopped_on"),
        Step("attempts", len(attempts), "contact_attempts"),
        *term_steps(rule, term, case.policy),
        *day_steps(case.day, term.deadline),
    )
    since = max(term.deadline + ONE_DAY, min(attempt.on for attempt in attempts))
    yield from case.findings(rule, "project", since, term.deadline, lambda: steps)


def land_recovered(case: Case, rule: Rule) -> Iterator[Finding]:
    """T-LAND: a land recovery decision exists, for a ground that the law of the day counts."""
    basis = rule.article_on(case.day.on)
    for parcel in case.facts.land:
        recovered_on = parcel.recovered_on
        if recovered_on is None or not case.day.reached(recovered_on):
            continue
        since = _counts_since(rule, recovered_on, parcel.recovery_ground, case.day.on)
        if basis is not None and since is None:
            case.day.article(rule)
            for later in rule.articles:
                if later.begins is not None:
                    case.day.changes_on(later.begins)
            continue
        steps = partial(_recovery_steps, parcel, case.day.on)
        yield from case.findings(
            rule, f"parcel:{parcel.id}", since, None, steps, names_scope=case.has_parcels
        )


def _recovery_steps(parcel: Parcel, on: date) -> tuple[Step, ...]:
    return (
        Step("recovered_on", parcel.recovered_on, f"{parcel.at}.recovered_on"),
        Step("recovery_ground", parcel.recovery_ground, f"{parcel.at}.recovery_ground"),
        Step("on", on),
    )


def _counts_since(rule: Rule, recovered_on: date, ground: str | None, on: date) -> date | None:
    """The first day up to `on` on which the decision is a ground without a break since."""
    since: date | None = None
    for article in rule.articles:
        if article.begins is not None and article.begins > on:
            break
        grounds = article.settings.get("recovery_grounds")
        counts = grounds is None or ground in grounds
        begins = max(recovered_on, article.begins or recovered_on)
        since = (since or begins) if counts else None
    return since


def deposit_missing(case: Case, rule: Rule) -> Iterator[Finding]:
    """T-DEPOSIT: required and due but not paid, or its guarantee expired; not when exempt."""
    deposit = case.facts.deposit
    if not deposit.required or deposit.exemption is not None:
        return
    expires_on = deposit.guarantee_expires_on
    if expires_on is not None:
        replaced = deposit.paid_on is not None and deposit.paid_on > expires_on
        last, name = expires_on, "expired"
        if replaced and case.day.reached(deposit.paid_on):
            return
    elif deposit.due_on is not None and not case.day.reached(deposit.paid_on):
        last, name = deposit.due_on, "unpaid"
    else:
        return
    if not case.day.past(last):
        return
    steps = (
        Step("case", name),
        Step("due_on", deposit.due_on, "deposit.due_on"),
        Step("paid_on", deposit.paid_on, "deposit.paid_on"),
        Step("guarantee_expires_on", expires_on, "deposit.guarantee_expires_on"),
        *day_steps(case.day, last),
    )
    yield from case.findings(rule, "project", last + ONE_DAY, last, lambda: steps)


def sham_found(case: Case, rule: Rule) -> Iterator[Finding]:
    """T-SHAM: a sham transaction was found."""
    return _on_paper(case, rule, case.facts.sham_finding, "sham_finding")


def judged(case: Case, rule: Rule) -> Iterator[Finding]:
    """T-COURT: a judgment or an award exists."""
    return _on_paper(case, rule, case.facts.judgment, "judgment")


def _on_paper(case: Case, rule: Rule, paper: Paper | None, source: str) -> Iterator[Finding]:
    if paper is not None and (paper.on is None or case.day.reached(paper.on)):
        steps = (Step("paper", paper.text, source), Step("on", case.day.on))
        yield from case.findings(rule, "project", paper.on, None, lambda: steps)


def dissolved(case: Case, rule: Rule) -> Iterator[Finding]:
    """T-DISSOLVED: the enterprise is dissolved, the project neither ended nor transferred."""
    facts, day = case.facts, case.day
    if not day.reached(facts.enterprise_dissolved_on) or day.reached(facts.transferred_on):
        return
    steps = (
        Step("dissolved_on", facts.enterprise_dissolved_on, "enterprise_dissolved_on"),
        Step("transferred_on", facts.transferred_on, "transferred_on"),
        Step("on", day.on),
    )
    yield from case.findings(rule, "project", facts.enterprise_dissolved_on, None, lambda: steps)


def stopped_12_months(case: Case, rule: Rule) -> Iterator[Finding]:
    """SUS-12: a stop that the investor declared lasts longer than 12 months."""
    stop = case.facts.suspension
    if stop.by != "investor" or stop.begins is None or not case.day.inside(stop.begins, stop.ends):
        return
    term = run_term(stop.begins, rule.months, (), case.policy.holidays)
    if not case.day.expired(term):
        return
    steps = (
        Step("suspended_on", stop.begins, "suspension.from"),
        *term_steps(rule, term, case.policy),
        *day_steps(case.day, term.deadline),
    )
    yield from case.findings(rule, "project", term.deadline + ONE_DAY, term.deadline, lambda: steps)
