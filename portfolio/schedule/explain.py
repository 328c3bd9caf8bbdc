"""From a facts document to its findings in plain values: what `flask flags explain` prints.

Everything here works on parsed documents; no file, table or clock is touched.
"""

from collections.abc import Container
from datetime import date
from decimal import Decimal
from typing import Any

from portfolio.schedule.documents import BadDocument, shown
from portfolio.schedule.facts import SIGNS, read_facts
from portfolio.schedule.known import Facts
from portfolio.schedule.pauses import Interval
from portfolio.schedule.policy_text import Cause, Policy, read_holidays, read_policy
from portfolio.schedule.rules import Evaluation, Finding, Step, evaluate

Plain = dict[str, Any]


def explain(
    documents: object, policy_document: object, holidays_document: object, on: date
) -> list[Plain]:
    """Evaluate one facts document, or a list of them, on a day.

    Each answer is `{"id", "on", "schedule_state", "findings", "next_change_on"}`. Raises BadDocument
    with the path of the first value that cannot be taken, such as `[3].phases[0].completed_on`.
    """
    policy = load_policy(policy_document, holidays_document)
    if not isinstance(documents, list):
        return [explain_one(documents, policy, on)]
    answers: list[Plain] = []
    for place, document in enumerate(documents):
        try:
            answers.append(explain_one(document, policy, on))
        except BadDocument as bad:
            raise bad.under(parent=f"[{place}]") from None
    return answers


def load_policy(policy_document: object, holidays_document: object) -> Policy:
    """The policy of two parsed documents; a problem's path begins with `policy` or `holidays`."""
    try:
        holidays = read_holidays(holidays_document)
    except BadDocument as bad:
        raise bad.under(parent="holidays") from None
    try:
        return read_policy(policy_document, holidays)
    except BadDocument as bad:
        raise bad.under(parent="policy") from None


def explain_one(document: object, policy: Policy, on: date) -> Plain:
    """The answer for one facts document."""
    facts = read_facts(document)
    check_codes(facts, policy)
    return evaluation_document(facts.id, evaluate(facts, policy, on))


def check_codes(facts: Facts, policy: Policy) -> None:
    """Refuse codes that the policy does not know: a misspelt cause would silently stop no clock."""
    version = policy.version
    for pause in facts.pauses:
        _known(f"{pause.at}.cause", pause.cause, policy.causes, f"cause of policy {version}")
    for sign in facts.signs_of_life:
        known = SIGNS | policy.signs_of_life
        _known(f"{sign.at}.kind", sign.kind, known, "sign of life")
    for mark in facts.marks:
        severities = policy.precedence
        _known(f"{mark.at}.severity", mark.severity, severities, f"severity of policy {version}")
        _known(f"{mark.at}.cause", mark.cause, policy.causes, f"cause of policy {version}")


def _known(path: str, code: str | None, codes: Container[str], what: str) -> None:
    if code is not None and code not in codes:
        raise BadDocument(path, problem=f"{shown(code)} is no {what}")


def evaluation_document(project_id: str, evaluation: Evaluation) -> Plain:
    """An evaluation in plain values."""
    return {
        "id": project_id,
        "on": evaluation.on.isoformat(),
        "schedule_state": evaluation.schedule_state,
        "findings": [finding_document(finding) for finding in evaluation.findings],
        "next_change_on": plain(evaluation.next_change_on),
    }


def finding_document(finding: Finding) -> Plain:
    """A finding in plain values, with its sum line by line and its sentence in both languages."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "held": finding.held,
        "scope": finding.scope,
        "since": plain(finding.since),
        "deadline": plain(finding.deadline),
        "article": finding.article,
        "law": finding.law,
        "policy": finding.policy,
        "needs_legal_opinion": finding.needs_legal_opinion,
        "steps": [step_document(step) for step in finding.steps],
        "vi": finding.vi,
        "en": finding.en,
    }


def step_document(step: Step) -> Plain:
    """A line of the sum: its value for machines, its words for people, its source if it is an input."""
    return {
        "name": step.name,
        "value": plain(step.value),
        "source": step.source,
        "vi": step.vi,
        "en": step.en,
    }


def plain(value: object) -> Any:
    """A value as JSON has it: days as ISO text, decimals as text, an interval with its days."""
    if isinstance(value, Interval):
        return {
            "from": value.begins.isoformat(),
            "to": None if value.open else value.ends.isoformat(),
            "days": value.days,
        }
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | Cause) else value
