"""The lines and headings of a list as the page shows them."""

from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from flask_babel import gettext, ngettext

from portfolio.notation.days import show_day
from portfolio.notation.money import show_billions
from portfolio.notation.numbers import show_number
from portfolio.register import find
from portfolio.register.asked import AS_OF, Asked
from portfolio.register.columns import COLUMNS, Words
from portfolio.register.counting import Found
from portfolio.register.lateness import days_silent, lateness_of
from portfolio.register.short_names import short_name
from portfolio.web import show
from portfolio.web.clock import PROVINCE_ZONE

MOST_FLAGS = 2

STAGE_TONES = {"built_idle": "late", "operating": "ok", "suspended": "off", "revoked": "stop"} | {
    "terminated": "off",
    "withdrawn": "off",
}
STATE_TONES = {"late": "warn", "silent": "warn"}


class Row(NamedTuple):
    """One line as the template shows it: a plain tuple of texts, because there are many.

    They are as people wrote them; the template escapes them, once.
    """

    code: str
    address: str
    name: str
    investors: str
    listing: str
    zone: str
    short_zone: str
    sector: str
    place: str
    capital: str
    printed: str
    area: str
    due: str
    late: str
    silence: str
    idle: str
    stage: str
    stage_tone: str
    state: str
    state_tone: str
    flags: list[tuple[str, str, str]]
    more: int
    all_flags: str
    marks: str
    certificate: str
    changed: str
    source: str


class Head(NamedTuple):
    """The heading of a column: its words with the addresses that sort by them, if they do."""

    sorts: list[tuple[str, str | None, bool]]
    title: str
    direction: str | None
    number: bool
    key: str


def row(line: find.Line, words: Words, as_of: date | None) -> Row:
    """One line in the words and numbers of the reader."""
    flags = words.flags(line)
    # What an office says takes the place of a finding, so that a row stays as high as it was.
    most = MOST_FLAGS - 1 if line.marks else MOST_FLAGS
    zone = words.zone(line)
    here, past = f"/projects/{quote(line.code)}", f"?{AS_OF}={as_of}" if as_of else ""
    return Row(
        line.code,
        here + past,
        line.name,
        line.investors,
        words.listings[line.listing],
        zone,
        short_name(zone) if zone else "",
        words.sector(line),
        line.places,
        "" if line.capital_vnd is None else show_billions(line.capital_vnd, words.notation),
        line.capital_printed or "",
        "" if line.area_ha is None else show_number(line.area_ha, words.notation),
        "" if line.due_on is None else show_day(line.due_on),
        lateness_of(line, words.on).words,
        "" if (days := days_silent(line, words.on)) is None else show_number(days, words.notation),
        "" if line.idle_ha is None else show_number(line.idle_ha, words.notation),
        words.stages[line.stage],
        STAGE_TONES.get(line.stage, "run"),
        words.states[line.schedule_state] if line.listing == "licensed" else "",
        STATE_TONES.get(line.schedule_state, ""),
        [(flag.colour, flag.words, f"{here}/flags/{flag.rule}{past}") for flag in flags[:most]],
        max(0, len(flags) - most),
        f"{here}/flags{past}",
        words.marks(line),
        line.certificate_no or "",
        show_day(line.changed_at.astimezone(PROVINCE_ZONE).date()),
        words.public if line.public_source else words.own,
    )


def head(asked: Asked, key: str) -> Head:
    """The heading of a column."""
    column, order = COLUMNS[key], asked.search.order
    sorts = [
        (gettext(label), asked.sorted_by(by) if by else None, by == order.by)
        for label, by in column.sorts
    ]
    sorted_by_it = any(here for _words, _address, here in sorts)
    direction = ("descending" if order.shows_falling else "ascending") if sorted_by_it else None
    return Head(sorts, gettext(column.title), direction, column.number, key)


def sorted_words(asked: Asked) -> str:
    """The order in words, for those who hear the table instead of seeing it."""
    order = asked.search.order
    for column in COLUMNS.values():
        for _label, by in column.sorts:
            if by == order.by:
                way = gettext("falling") if order.shows_falling else gettext("rising")
                return str(
                    gettext("sorted by %(column)s, %(way)s", column=gettext(column.title), way=way)
                )
    return str(gettext("last changed first"))


def span(found: Found | None, shown: find.Page) -> str:
    """Which of all lines stand on the page."""
    if found is None or not shown.lines:
        return ""
    number = show.number
    first, last = shown.position + 1, shown.position + len(shown.lines)
    whole = {"first": number(first), "last": number(last), "all": number(found.projects)}
    if found.more:
        return str(gettext("Projects %(first)s–%(last)s of more than %(all)s", **whole))
    return str(
        ngettext(
            "Project %(first)s of %(all)s",
            "Projects %(first)s–%(last)s of %(all)s",
            found.projects,
            **whole,
        )
    )
