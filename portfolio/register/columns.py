"""The columns of a list: what each is called, what it is sorted by, and what it holds in a file.

A page puts two facts in one cell (a project over its investor); a file gives each its own column, as
a number, a day or a text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from flask_babel import gettext

from portfolio.notation import N_, Locale
from portfolio.register.causes import KnownCause
from portfolio.register.choices import Choices
from portfolio.register.filters.answers import STATES
from portfolio.register.find import Line
from portfolio.register.flag_words import FlagWords, flags_in_words, marks_in_words
from portfolio.register.lateness import days_silent, lateness_of
from portfolio.register.project import Listing, Stage
from portfolio.web.clock import PROVINCE_ZONE

Kind = Literal["text", "billions", "hectares", "day", "whole"]

BILLION = Decimal(10) ** 9


Said = tuple[dict[str, str], dict[str, str], dict[str, str], str, str]


@cache
def _said(_language: str) -> Said:
    """The names of all stages, lists and states, and of the two sources; the same for every reader."""
    return (
        {stage.value: gettext(stage.label) for stage in Stage},
        {listing.value: gettext(listing.label) for listing in Listing},
        {state: gettext(label) for state, label in STATES.items()},
        gettext("Public sources"),
        gettext("Own files"),
    )


class Words:
    """The words of a list in the reader's language, looked up once for all its lines."""

    def __init__(
        self,
        choices: Choices,
        language: str,
        on: date,
        *,
        past: bool,
        causes: Mapping[str, KnownCause] | None = None,
    ) -> None:
        self.on = on
        self.notation: Locale = "en" if language == "en" else "vi"
        self.stages, self.listings, self.states, self.public, self.own = _said(language)
        # A past list says what was recorded then; today's has the names of today, in both languages.
        self._zones = {} if past else {key: z.name(language) for key, z in choices.zones.items()}
        self._sectors = (
            {} if past else {key: s.name(language) for key, s in choices.sectors.items()}
        )

        self._causes = {code: cause.words(language) for code, cause in (causes or {}).items()}

    def marks(self, line: Line) -> str:
        """What offices say of the delay, the disputes first; mostly nothing."""
        return marks_in_words(line.marks) if line.marks else ""

    def causes(self, line: Line) -> str:
        """The causes that marks name."""
        codes = dict.fromkeys(mark.partition(":")[2] for mark in line.marks.split())
        return "; ".join(self._causes.get(code, code) for code in codes)

    def zone(self, line: Line) -> str:
        """The zone's name, or nothing."""
        return self._zones.get(line.zone_id) or str(line.zone_name)

    def sector(self, line: Line) -> str:
        """The sector's name, or nothing."""
        return self._sectors.get(line.sector_id) or str(line.sector_name)

    def flags(self, line: Line) -> list[FlagWords]:
        """The findings, worst first."""
        return flags_in_words(line.flags, self.on)


@dataclass(frozen=True)
class Field:
    """One column of a file: its heading with the unit, what kind of value it is, and the value."""

    heading: str
    kind: Kind
    value: Callable[[Line, Words], Any]


@dataclass(frozen=True)
class Column:
    """One column of a page. ``sorts`` are the words of its heading, each with what it sorts by, if so."""

    key: str
    title: str
    sorts: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]
    usual: bool = True
    number: bool = False


def _day_in_province(line: Line, _words: Words) -> date:
    day: date = line.changed_at.astimezone(PROVINCE_ZONE).date()
    return day


LATENESS = (
    Field(
        N_("Months late against the first approval"),
        "whole",
        lambda line, words: lateness_of(line, words.on).first,
    ),
    Field(
        N_("Months late against the latest approval"),
        "whole",
        lambda line, words: lateness_of(line, words.on).latest,
    ),
    Field(
        N_("Months late against the forecast"),
        "whole",
        lambda line, words: lateness_of(line, words.on).forecast,
    ),
)
"""The three numbers stand together: beside the day of completion, or in a column of their own."""

COLUMNS = {
    column.key: column
    for column in (
        Column(
            "code",
            N_("Code"),
            ((N_("Code"), "code"),),
            (Field(N_("Code"), "text", lambda line, _: line.code),),
        ),
        Column(
            "project",
            N_("Project, investor"),
            ((N_("Project"), "name"), (N_("investor"), "investor")),
            (
                Field(N_("Project"), "text", lambda line, _: line.name),
                Field(N_("Investor"), "text", lambda line, _: line.investors),
            ),
        ),
        Column(
            "listing",
            N_("List"),
            ((N_("List"), "stage"),),
            (Field(N_("List"), "text", lambda line, words: words.listings[line.listing]),),
            usual=False,
        ),
        Column(
            "zone",
            N_("Zone, sector"),
            ((N_("Zone"), "zone"), (N_("sector"), "sector")),
            (
                Field(N_("Zone"), "text", lambda line, words: words.zone(line)),
                Field(N_("Sector"), "text", lambda line, words: words.sector(line)),
            ),
        ),
        Column(
            "place",
            N_("Place"),
            ((N_("Place"), "place"),),
            (Field(N_("Place"), "text", lambda line, _: line.places),),
            usual=False,
        ),
        Column(
            "capital",
            N_("Capital (billion đồng)"),
            ((N_("Capital (billion đồng)"), "capital"),),
            (
                Field(
                    N_("Capital (billion đồng)"),
                    "billions",
                    lambda line, _: (
                        None if line.capital_vnd is None else line.capital_vnd / BILLION
                    ),
                ),
            ),
            number=True,
        ),
        Column(
            "area",
            N_("Area (ha)"),
            ((N_("Area (ha)"), "area"),),
            (Field(N_("Area (ha)"), "hectares", lambda line, _: line.area_ha),),
            usual=False,
            number=True,
        ),
        Column(
            "due",
            N_("To be completed"),
            ((N_("To be completed"), "due"), (N_("months late"), "late_latest")),
            (Field(N_("To be completed"), "day", lambda line, _: line.due_on), *LATENESS),
        ),
        Column(
            "late",
            N_("Months late"),
            (
                (N_("Months late: first"), "late_first"),
                (N_("latest"), "late_latest"),
                (N_("forecast"), ""),
            ),
            LATENESS,
            usual=False,
            number=True,
        ),
        Column(
            "silence",
            N_("Days silent"),
            ((N_("Days silent"), "silence"),),
            (Field(N_("Days silent"), "whole", lambda line, words: days_silent(line, words.on)),),
            usual=False,
            number=True,
        ),
        Column(
            "idle",
            N_("Idle land (ha)"),
            (),
            (Field(N_("Idle land (ha)"), "hectares", lambda line, _: line.idle_ha),),
            usual=False,
            number=True,
        ),
        Column(
            "status",
            N_("Stage, schedule"),
            ((N_("Stage"), "stage"), (N_("schedule"), "state")),
            (
                Field(N_("Stage"), "text", lambda line, words: words.stages[line.stage]),
                Field(
                    N_("Schedule"), "text", lambda line, words: words.states[line.schedule_state]
                ),
            ),
        ),
        Column(
            "warnings",
            N_("Warnings"),
            ((N_("Warnings"), "warnings"),),
            (
                Field(
                    N_("Warnings"),
                    "text",
                    lambda line, words: "; ".join(flag.words for flag in words.flags(line)),
                ),
                Field(N_("Word of the offices"), "text", lambda line, words: words.marks(line)),
                Field(N_("Causes marked"), "text", lambda line, words: words.causes(line)),
            ),
        ),
        Column(
            "certificate",
            N_("Certificate no."),
            ((N_("Certificate no."), "certificate"),),
            (Field(N_("Certificate no."), "text", lambda line, _: line.certificate_no or ""),),
            usual=False,
        ),
        Column(
            "changed",
            N_("Changed on"),
            ((N_("Changed on"), "changed"),),
            (Field(N_("Changed on"), "day", _day_in_province),),
            usual=False,
        ),
        Column(
            "source",
            N_("Source"),
            (),
            (
                Field(
                    N_("Source"),
                    "text",
                    lambda line, words: words.public if line.public_source else words.own,
                ),
            ),
            usual=False,
        ),
    )
}
"""All columns, in the order in which they are shown."""

USUAL = tuple(key for key, column in COLUMNS.items() if column.usual)


def read_columns(typed: Sequence[str]) -> tuple[str, ...]:
    """The chosen columns in their fixed order; unknown ones are dropped, none means the usual ones.

    A project is always named: a list of sums alone would help nobody.
    """
    chosen = {key for key in typed if key in COLUMNS}
    return tuple(key for key in COLUMNS if key in chosen | {"project"}) if chosen else USUAL


def fields_of(columns: Sequence[str]) -> list[Field]:
    """The columns of a file with the same content as a page."""
    return list(dict.fromkeys(field for key in columns for field in COLUMNS[key].fields))
