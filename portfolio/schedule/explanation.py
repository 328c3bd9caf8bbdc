"""A finding laid open for its reader: the sum line by line, what each input came from, what it stands on.

The law of delay says sentences and steps; here they become what pages and paper show, in the reader's
language, with the way back to the record behind every input.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask_babel import gettext

from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.register.part_words import part_words
from portfolio.register.progress import ReportKind, report_words
from portfolio.schedule import rules
from portfolio.schedule.evaluate import Law
from portfolio.schedule.flags import Severity
from portfolio.schedule.gather import facts_document
from portfolio.schedule.policy_text import HOUSE, Policy
from portfolio.schedule.rules import wording
from portfolio.schedule.sources import Record, Sources
from portfolio.web.languages import language

COLOURS: Final = {"ground": "red", "review": "red", "late": "amber", "warning": "amber"}
"""By the policy's severities; what is left (gaps in the data, running terms) is grey."""

STATE_TAGS: Final = {
    "on_time": "ok",
    "late": "late",
    "silent": "late",
    "undated": "off",
    "done": "ok",
}
"""The tone of the tag that names a schedule state."""

ANCHORS: Final = {
    "acts": "papers",
    "deposit": "capital",
    "phases": "schedule",
    "milestones": "schedule",
    "schedules": "schedule",
}
"""The card of the project page that shows a part, where it is not called like the part."""

IN_ROWS: Final = frozenset(("acts", "capital", "parcels", "pauses", "happenings"))
"""Parts whose rows have an anchor of their own: `#parcels-3`."""

_NOT_IN_THE_SUM: Final = ("legal_opinion", "held_by")


@dataclass(frozen=True)
class Origin:
    """Where an input came from, and the place on the project's page that shows it."""

    words: str
    anchor: str | None = None


@dataclass(frozen=True)
class SumLine:
    """One line of the sum; without origins it follows from the lines before it."""

    what: str
    value: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Explained:
    """A finding in words. ``basis`` is its citation, ``basis_from`` the day that article came into force."""

    rule: str
    name: str
    colour: str
    severity: str
    scope: str
    where: str
    sentence: str
    sum: tuple[SumLine, ...]
    basis: str
    basis_from: date | None
    policy: int
    since: date | None
    deadline: date | None
    opinions: tuple[str, ...]
    held_by: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Which finding it is; the same one has the same key on another day."""
        return self.rule, self.scope


def said_in() -> wording.Language:
    """The language that findings are said in on this page."""
    return "en" if language() == "en" else "vi"


def explain(findings: Iterable[rules.Finding], state: State, law: Law, on: date) -> list[Explained]:
    """The findings of a state on a day, each with its sum and the records behind its inputs."""
    found = tuple(findings)
    if not found:
        return []
    sources = Sources(state, facts_document(state, law.policy, on))
    return [_explained(one, sources, law.policy, said_in()) for one in found]


def _explained(
    finding: rules.Finding, sources: Sources, policy: Policy, said: wording.Language
) -> Explained:
    held = bool(finding.held_by)
    return Explained(
        rule=finding.rule,
        name=rule_words(finding.rule, policy, said),
        colour="grey" if held else COLOURS.get(finding.severity, "grey"),
        severity=severity_words(finding.severity),
        scope=finding.scope,
        where=scope_words(finding.scope, said),
        sentence=finding.sentence(said),
        sum=tuple(
            _line(step, sources, policy, said)
            for step in finding.steps
            if step.name not in _NOT_IN_THE_SUM
        ),
        basis=wording.citation(finding.article, finding.basis.law, said),
        basis_from=None if finding.basis.law.number == HOUSE else finding.basis.begins,
        policy=finding.policy,
        since=finding.since,
        deadline=finding.deadline,
        opinions=tuple(wording.write_code(reason, said) for reason in finding.opinions),
        held_by=tuple(rule_words(reason, policy, said) for reason in finding.held_by),
    )


def rule_words(rule: str, policy: Policy, said: wording.Language) -> str:
    """What a rule is called; what is no rule (a running pause) has a name among the codes."""
    known = policy.rules.get(rule)
    if known is None:
        return wording.write_code(rule, said)
    return known.en if said == "en" else known.vi


def scope_words(scope: str, said: wording.Language) -> str:
    """`giai đoạn 1, khởi công`, `lô đất A`; nothing for the whole project."""
    words = wording.write_scope(scope, said)
    kind, _, name = scope.partition(":")
    milestone = name.partition("/")[2] if kind == "milestone" else ""
    return f"{words}, {wording.write_code(milestone, said)}" if milestone else words


def severity_words(severity: str) -> str:
    """A severity of the policy in the reader's language."""
    known = {one.value for one in Severity}
    return str(gettext(Severity(severity).label)) if severity in known else severity


def _line(step: rules.Step, sources: Sources, policy: Policy, said: wording.Language) -> SumLine:
    value = step.value
    if step.name == "cause" and value in policy.causes:
        cause = policy.causes[str(value)]
        value = cause.en if said == "en" else cause.vi
    what, shown = wording.step_in_two(step.name, value, said)
    return SumLine(what, shown, tuple(_origins(step, sources)))


def _origins(step: rules.Step, sources: Sources) -> Iterable[Origin]:
    if not step.source:
        return
    records = sources.behind(step.source)
    for record in records:
        yield Origin(record_words(record), anchor_of(record))
    if not records and step.source.startswith("policy "):
        version, _, rule = step.source.removeprefix("policy ").partition(": ")
        yield Origin(str(gettext("policy version %(number)s, %(rule)s", number=version, rule=rule)))
    elif not records:
        yield Origin(str(gettext("not on record")))


def anchor_of(record: Record) -> str | None:
    """The anchor on the project's page that shows a record."""
    card = ANCHORS.get(record.part, record.part)
    if record.part in IN_ROWS and record.row is not None and record.row.get("id", 0) > 0:
        return f"{card}-{record.row['id']}"
    return card


def record_words(record: Record) -> str:
    """A record in a few words, in the reader's language."""
    row = record.row
    if row is None or record.part in _SECTIONS:
        return str(gettext(_SECTIONS.get(record.part, N_("Facts"))))
    if record.part == "reports" and "status" not in row:
        words = report_words(ReportKind(row["kind"]), row["period"])
        return str(gettext("%(report)s: not received", report=words))
    words = part_words(record.part, row)
    return f"{words}: {row['paper']}" if record.part == "pauses" and row.get("paper") else words


_SECTIONS: Final = {"facts": N_("Facts"), "deposit": N_("Deposit")}
