"""One report as its page shows it: what it says, beside what was promised and what was known."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext, ngettext

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.office.trail_words import actor_words
from portfolio.register.causes import known_causes
from portfolio.register.entry_report import milestone_words, milestones_of
from portfolio.register.line import latest_capital
from portfolio.register.part_words import day_of, money_of
from portfolio.register.progress import ReportKind, ReportStatus, report_words
from portfolio.register.show_parts import Entry, show_file
from portfolio.web import show
from portfolio.web.languages import language

WHOLE = 100
TONES = {"received": "run", "accepted": "ok", "sent_back": "late", "excused": "off"}


@dataclass(frozen=True)
class Expected:
    """A milestone: what was promised last, what was expected before, and what the report says."""

    milestone: str
    promised: str
    before: str
    expected: str
    moved: str
    late: bool


@dataclass(frozen=True)
class ShownReport:
    """A report in words. ``facts`` are (label, value, remark); what it leaves out is empty."""

    words: str
    status: str
    tone: str
    facts: list[tuple[str, str, str]]
    expected: list[Expected]
    causes: list[str]
    prose: list[tuple[str, str]]
    who: list[tuple[str, str]]
    decision: str
    reason: str
    files: list[Entry]


def show_report(state: State, report: State) -> ShownReport:
    """The report of a state document as it stands in it."""
    status = ReportStatus(report["status"])
    return ShownReport(
        words=report_words(ReportKind(report["kind"]), report["period"]),
        status=str(gettext(status.label)),
        tone=TONES[status],
        facts=_facts(state, report),
        expected=list(_expected(state, report)),
        causes=_causes(report),
        prose=[
            (str(gettext(label)), report[name])
            for name, label in (
                ("causes_note", N_("Causes in words")),
                ("wishes", N_("Wishes and proposals")),
            )
            if report.get(name)
        ],
        who=_who(report),
        decision=_decision(report),
        reason=report.get("decided_why", ""),
        files=[
            show_file(row) for row in state.get("files", ()) if row.get("report_id") == report["id"]
        ],
    )


def _facts(state: State, report: State) -> list[tuple[str, str, str]]:
    percent = report.get("physical_percent")
    return [
        (gettext("Capital realised in the period"), money_of(report, "realised_in_period"), ""),
        (
            gettext("Capital realised since the beginning"),
            money_of(report, "realised_total"),
            _share(state, report),
        ),
        (
            gettext("Work done so far, in percent"),
            "" if percent is None else f"{show.number(Decimal(percent))} %",
            "",
        ),
        (gettext("Jobs for Vietnamese"), _count(report, "jobs_vietnamese"), ""),
        (gettext("Jobs for foreigners"), _count(report, "jobs_foreign"), ""),
    ]


def _count(report: State, name: str) -> str:
    return "" if report.get(name) is None else show.number(report[name])


def _share(state: State, report: State) -> str:
    """What part of the capital in force that is."""
    capital = latest_capital(state)
    if report.get("realised_total") is None or capital is None or not capital.get("vnd_amount"):
        return ""
    share = Decimal(report["realised_total"]) * 100 / Decimal(capital["vnd_amount"])
    whole = money_of({"amount": capital["vnd_amount"]})
    said = gettext("%(share)s%% of %(sum)s", share=show.number(share, 1), sum=whole)
    return f"{said} – {gettext('more than the capital in force')}" if share > WHOLE else str(said)


def _expected(state: State, report: State) -> list[Expected]:
    known = {one["id"]: one for one in milestones_of(state)}
    found = []
    for told in report.get("forecasts", ()):
        milestone = known.get(told["milestone"])
        if milestone is None:
            continue
        target = (milestone.get("targets") or [{}])[-1]
        days = _days_between(target.get("planned_on"), told["expected_on"])
        before = milestone.get("forecast_on")
        waits = report["status"] == ReportStatus.RECEIVED
        found.append(
            Expected(
                milestone=milestone_words(milestone),
                promised=day_of(target, "planned_on", "precision"),
                before=day_of(milestone, "forecast_on")
                if waits and before != told["expected_on"]
                else "",
                expected=day_of(told, "expected_on", "precision"),
                moved=_moved(days),
                late=bool(days and days > 0),
            )
        )
    return found


def _days_between(planned: str | None, expected: str) -> int | None:
    if planned is None:
        return None
    return (date.fromisoformat(expected) - date.fromisoformat(planned)).days


def _moved(days: int | None) -> str:
    if days is None:
        return ""
    if days > 0:
        return str(
            ngettext("%(num)d day later than promised", "%(num)d days later than promised", days)
        )
    if days < 0:
        return str(
            ngettext("%(num)d day sooner than promised", "%(num)d days sooner than promised", -days)
        )
    return str(gettext("as promised"))


def _causes(report: State) -> list[str]:
    known = known_causes(session())
    return [
        f"{known[code].words(language())} ({gettext(known[code].side.label)})"
        if code in known
        else code
        for code in report.get("causes", ())
    ]


def _who(report: State) -> list[tuple[str, str]]:
    came = day_of(report, "received_on")
    if report.get("through_link"):
        came = str(gettext("%(day)s, through a link", day=came))
    given = (
        (N_("Received on"), came),
        (N_("Filled in by"), report.get("filled_by", "")),
        (N_("Telephone or e-mail"), report.get("contact", "")),
    )
    return [(str(gettext(label)), value) for label, value in given if value]


def _decision(report: State) -> str:
    if not report.get("decided_by"):
        return ""
    return f"{day_of(report, 'decided_on')}, {actor_words(report['decided_by'])}"
