"""A project's page from its state document: today's state and that of a past day by the same path.

Everything here is prepared for reading: words in the reader's language, sums, areas and days as the
offices write them, and beside each figure where it came from. Nothing is asked of the database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from flask_babel import gettext

from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.register.capital import CapitalKind
from portfolio.register.entry import act_words
from portfolio.register.line import latest_capital
from portfolio.register.part_words import area_of, day_of, money_of
from portfolio.register.places_typed import Around
from portfolio.register.project import Form, Listing, Stage
from portfolio.register.show_parts import (
    Entry,
    Shown,
    newest_first,
    principal_first,
    show_capital,
    show_circumstance,
    show_deposit,
    show_file,
    show_happening,
    show_investor,
    show_paper,
    show_parcel,
    show_pause,
    show_place,
    show_source,
    source_of,
    title_and_link,
    translation_label,
)
from portfolio.web import show


@dataclass
class Sheet:
    """The whole page but its schedule and warnings, which the law of delay adds."""

    state: State
    stage: Stage
    listing: Listing
    investors_line: str
    facts: list[Shown] = field(default_factory=list)
    prose: list[Shown] = field(default_factory=list)
    capital: list[Entry] = field(default_factory=list)
    deposit: list[Shown] = field(default_factory=list)
    investors: list[Entry] = field(default_factory=list)
    places: list[Entry] = field(default_factory=list)
    papers: list[Entry] = field(default_factory=list)
    loose_files: list[Entry] = field(default_factory=list)
    parcels: list[Entry] = field(default_factory=list)
    pauses: list[Entry] = field(default_factory=list)
    circumstances: list[Entry] = field(default_factory=list)
    happenings: list[Entry] = field(default_factory=list)
    sources: list[Entry] = field(default_factory=list)
    translations: list[Shown] = field(default_factory=list)


def sheet_of(
    state: State,
    *,
    around: Mapping[int, Around],
    causes: Mapping[str, str],
    language: str,
) -> Sheet:
    """The page of a state.

    ``around`` tells of each unit what stands above it and what it is today, ``causes`` names the causes
    of a pause by code.
    """
    present = [part for part in state.get("investors", ()) if part["role"] != "former"]
    sheet = Sheet(
        state=state,
        stage=Stage(state["stage"]),
        listing=Listing(state["listing"]),
        investors_line="; ".join(part["name"] for part in present),
    )
    acts = {act["id"]: act_words(act) for act in state.get("acts", ())}
    sheet.facts = list(_facts(state, language))
    sheet.prose = [
        Shown(gettext(label), state[name])
        for name, label in (
            ("objective", N_("Investment objective")),
            ("scale", N_("Scale")),
            ("note", N_("Note")),
        )
        if state.get(name)
    ]
    sheet.capital = [show_capital(row, acts) for row in newest_first(state.get("capital", ()))]
    sheet.deposit = show_deposit(state.get("deposit"))
    sheet.investors = [show_investor(row) for row in state.get("investors", ())]
    sheet.places = [
        show_place(row, around.get(row["unit_id"], Around())) for row in principal_first(state)
    ]
    files = [show_file(row) for row in state.get("files", ())]
    of_act: dict[int, list[Entry]] = {}
    for row, entry in zip(state.get("files", ()), files, strict=True):
        if "report_id" not in row:
            of_act.setdefault(row.get("act_id", 0), []).append(entry)
    papers = sorted(state.get("acts", ()), key=lambda act: act.get("issued_on", ""), reverse=True)
    sheet.papers = [show_paper(row, of_act.get(row["id"], [])) for row in papers]
    sheet.loose_files = of_act.get(0, [])
    sheet.parcels = [show_parcel(row, acts) for row in state.get("parcels", ())]
    sheet.pauses = [show_pause(row, causes) for row in state.get("pauses", ())]
    events = sorted(state.get("happenings", ()), key=lambda row: row.get("on", ""), reverse=True)
    sheet.happenings = [show_happening(row) for row in events]
    facts = sorted(state.get("circumstances", ()), key=lambda row: row["on"], reverse=True)
    sheet.circumstances = [show_circumstance(row) for row in facts]
    sheet.sources = [show_source(row) for row in state.get("sources", ())]
    sheet.translations = [
        Shown(translation_label(row, state), row["text"]) for row in state.get("translations", ())
    ]
    return sheet


def _named_sources(state: State, about: str) -> tuple[tuple[str, str | None], ...]:
    found = [row for row in state.get("sources", ()) if row["about"] == about]
    return tuple(title_and_link(row) for row in found)


# Facts ----------------------------------------------------------------------------------------


def _facts(state: State, language: str) -> Iterable[Shown]:
    yield Shown(gettext("Code"), state["code"])
    yield Shown(gettext("Certificate number"), state.get("certificate_no", ""))
    stage = gettext(Stage(state["stage"]).label)
    since = day_of(state, "stage_since")
    words = f"{stage}, " + gettext("since %(day)s", day=since) if since else stage
    listing = gettext(Listing(state["listing"]).label)
    yield Shown(gettext("List and stage"), f"{listing} – {words}", _named_sources(state, "stage"))
    yield _capital_fact(state)
    area = area_of(state, "area_asked_ha")
    printed = state.get("area_as_printed", "")
    if printed and printed != area:
        said = gettext("printed: %(words)s", words=printed)
        area = f"{area} ({said})" if area else printed
    yield Shown(gettext("Area"), area, _named_sources(state, "area"))
    for name, label in (("zone", gettext("Zone")), ("sector", gettext("Sector"))):
        row = state.get(name) or {}
        said = (language == "en" and row.get("name_en")) or row.get("name", "")
        if name == "sector" and state.get("vsic_code"):
            said = f"{said} (VSIC {state.get('vsic_version', '')}: {state['vsic_code']})".strip()
        yield Shown(label, said or (gettext("outside the zones") if name == "zone" else ""))
    yield from _further_facts(state)


def _further_facts(state: State) -> Iterable[Shown]:
    jobs = [
        f"{show.number(state[name])} {gettext(words)}"
        for name, words in (
            ("jobs_vietnamese", N_("for Vietnamese")),
            ("jobs_foreign", N_("for foreigners")),
        )
        if name in state
    ]
    given = (
        (N_("Name as printed"), state.get("name_as_printed")),
        (N_("Address"), state.get("address")),
        (N_("Address as printed"), state.get("address_as_printed")),
        (N_("Map sheets and plots"), state.get("plots")),
        (N_("Form of investment"), gettext(Form(state["form"]).label) if "form" in state else None),
        (
            N_("Term"),
            gettext("%(years)s years", years=state["term_years"])
            if "term_years" in state
            else None,
        ),
        (N_("End of the operating term"), day_of(state, "operating_end")),
        (N_("Jobs created"), ", ".join(jobs)),
        (N_("Special mechanism (resolution)"), state.get("special_mechanism")),
        (
            N_("Adjustment"),
            gettext("asked for, not decided") if state.get("pending_adjustment") else None,
        ),
        (N_("Other names"), "; ".join(row["name"] for row in state.get("aliases", ()))),
        (
            N_("Point"),
            f"{state['latitude']}, {state['longitude']}" if "latitude" in state else None,
        ),
    )
    for label, value in given:
        if value:
            yield Shown(gettext(label), value)


def _capital_fact(state: State) -> Shown:
    row = latest_capital(state)
    if row is None:
        return Shown(gettext("Capital"), "", _named_sources(state, "capital"))
    words = money_of(row) or row.get("as_printed", "")
    if row.get("currency", "VND") != "VND" and "vnd_amount" in row:
        words += f" ({show.money(Decimal(row['vnd_amount']))})"
    kind = gettext(CapitalKind(row["kind"]).label)
    source = source_of(row.get("source"))
    sources = (source,) if source else _named_sources(state, "capital")
    return Shown(kind, words, sources)
