"""Delay marks as the project page shows them, beside what is computed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask_babel import gettext

from portfolio.office.trail import State
from portfolio.office.trail_words import actor_words
from portfolio.register.flag_words import rule_name
from portfolio.register.marks import ADDED_SEVERITIES, Verdict
from portfolio.register.part_words import day_of
from portfolio.register.phases import Side

TONES = {Verdict.CONFIRMS: "late", Verdict.DISPUTES: "run", Verdict.ADDS: "late"}


@dataclass(frozen=True)
class ShownMark:
    """One officer's word: what it says and of what, why, by whom; ``withdrawn`` says who took it back."""

    id: int
    office_id: int | None
    verdict: str
    tone: str
    about: str
    cause: str
    side: str
    said_by: str
    paper: str
    note: str
    withdrawn: str


def show_marks(
    state: State, causes: Mapping[str, str], standing: Collection[str] | None
) -> list[ShownMark]:
    """The marks of a state, newest first and withdrawn ones last.

    ``standing`` are the rules that hold on the day shown: a mark on another speaks of the past.
    """
    rows = sorted(state.get("marks", ()), key=lambda row: (row["on"], row["id"]), reverse=True)
    rows.sort(key=lambda row: "withdrawn_on" in row)
    return [_shown(row, causes, standing) for row in rows]


def _shown(row: State, causes: Mapping[str, str], standing: Collection[str] | None) -> ShownMark:
    verdict = Verdict(row["verdict"])
    by = actor_words(row["marked_by"])
    withdrawn = ""
    if "withdrawn_on" in row:
        withdrawn = gettext(
            "Withdrawn on %(day)s by %(name)s: %(why)s",
            day=day_of(row, "withdrawn_on"),
            name=actor_words(row["withdrawn_by"]),
            why=row["withdrawn_why"],
        )
    return ShownMark(
        id=row["id"],
        office_id=row.get("office_id"),
        verdict=gettext(verdict.label),
        tone=TONES[verdict],
        about=_about(row, verdict, standing),
        cause=causes.get(row["cause"], row["cause"]),
        side=gettext(Side(row["side"]).label),
        said_by=", ".join(filter(None, (by, row.get("office"), day_of(row, "on")))),
        paper=row.get("paper", ""),
        note=row.get("note", ""),
        withdrawn=str(withdrawn),
    )


def _about(row: State, verdict: Verdict, standing: Collection[str] | None) -> str:
    if verdict is Verdict.ADDS:
        weight = ADDED_SEVERITIES[row["severity"]]
        return str(gettext("weighs as: %(severity)s", severity=gettext(weight)))
    if "rule" not in row:
        return str(gettext("the delay as a whole"))
    name = rule_name(row["rule"])
    if standing is not None and row["rule"] not in standing:
        return str(gettext("%(rule)s – holds no longer", rule=name))
    return name
