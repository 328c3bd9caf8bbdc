"""One part of a project in one line, from its state: for confirmations, conflicts and the history."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from flask_babel import gettext

from portfolio.office.trail import State
from portfolio.register.capital import CapitalKind
from portfolio.register.circumstances import CircumstanceKind
from portfolio.register.entry import act_words
from portfolio.register.flag_words import rule_name
from portfolio.register.investor import InvestorRole
from portfolio.register.marks import Verdict
from portfolio.register.phases import MilestoneKind, PauseStatus, ScheduleKind
from portfolio.register.progress import ReportKind, ReportStatus, report_words
from portfolio.register.project import HappeningKind
from portfolio.web import show


def day_of(row: State, name: str, precision: str = "") -> str:
    """A day of a state as people read it, empty if there is none."""
    if row.get(name) is None:
        return ""
    return show.day(
        date.fromisoformat(row[name][:10]), row.get(precision, "day") if precision else "day"
    )


def money_of(row: State, name: str = "amount", *, full: bool = False) -> str:
    """A sum of a state in its currency."""
    if row.get(name) is None:
        return ""
    return show.money(Decimal(row[name]), row.get("currency", "VND"), full=full)


def area_of(row: State, name: str = "area_ha") -> str:
    """An area of a state."""
    return show.area(Decimal(row[name]), full=True) if row.get(name) is not None else ""


def span_of(row: State, since: str = "since", until: str = "until") -> str:
    """`01/01/2020 – 30/06/2020`; an open end says so."""
    first, last = day_of(row, since), day_of(row, until)
    if not first and not last:
        return ""
    if not last:
        return str(gettext("since %(day)s", day=first))
    return f"{first} – {last}" if first else str(gettext("until %(day)s", day=last))


def _capital(row: State) -> str:
    what = gettext(CapitalKind(row["kind"]).label)
    return _joined(
        f"{what} {money_of(row) or row.get('as_printed', '')}", day_of(row, "on", "on_precision")
    )


def _investor(row: State) -> str:
    return _joined(row["name"], gettext(InvestorRole(row["role"]).label))


def _version(row: State) -> str:
    kind = gettext(ScheduleKind(row["kind"]).label)
    return _joined(
        gettext("Version %(number)s", number=row["number"]), kind, day_of(row, "approved_on")
    )


def phase_words(row: State) -> str:
    """`Phase 2: Workshops`."""
    words = gettext("Phase %(number)s", number=row["number"])
    return f"{words}: {row['name']}" if row.get("name") else str(words)


def _milestone(row: State) -> str:
    return str(gettext(MilestoneKind(row["kind"]).label))


def _pause(row: State) -> str:
    return _joined(row["cause"], span_of(row), gettext(PauseStatus(row["status"]).label))


def _happening(row: State) -> str:
    what = gettext(HappeningKind(row["kind"]).label)
    return _joined(day_of(row, "on", "precision"), f"{what}: {row['text']}")


def _report(row: State) -> str:
    status = gettext(ReportStatus(row["status"]).label)
    return _joined(report_words(ReportKind(row["kind"]), row["period"]), status)


def _mark(row: State) -> str:
    about = rule_name(row["rule"]) if "rule" in row else ""
    return _joined(
        day_of(row, "on"), gettext(Verdict(row["verdict"]).label), about, row.get("office")
    )


def _circumstance(row: State) -> str:
    day = span_of(row, "on") if "until" in row else day_of(row, "on")
    return _joined(day, gettext(CircumstanceKind(row["kind"]).label))


_WORDS: dict[str, Callable[[State], str]] = {
    "acts": act_words,
    "capital": _capital,
    "investors": _investor,
    "schedules": _version,
    "phases": phase_words,
    "milestones": _milestone,
    "parcels": lambda row: _joined(row["name"], area_of(row)),
    "pauses": _pause,
    "happenings": _happening,
    "marks": _mark,
    "circumstances": _circumstance,
    "reports": _report,
    "sources": lambda row: _joined(row["title"], row.get("place")),
    "files": lambda row: str(row["name"]),
    "places": lambda row: str(row["name"]),
    "aliases": lambda row: str(row["name"]),
    "translations": lambda row: str(row["text"]),
}


def part_words(part: str, row: State) -> str:
    """One row of a part of the state document in one line, in the reader's language."""
    return _WORDS[part](row)


def _joined(*words: str | None) -> str:
    return ", ".join(str(word) for word in words if word)
