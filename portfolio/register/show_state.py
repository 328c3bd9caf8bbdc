"""A project's page from its state document: today's state and that of a past day by the same path.

Everything here is prepared for reading: words in the reader's language, sums, areas and days as the
offices write them, and beside each figure where it came from. Nothing is asked of the database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.register.capital import CapitalKind
from portfolio.register.entry import act_words
from portfolio.register.entry_parts import ABOUT
from portfolio.register.investor import InvestorRole
from portfolio.register.land import IntervalKind
from portfolio.register.line import latest_capital
from portfolio.register.papers import ActKind
from portfolio.register.part_words import area_of, day_of, money_of, span_of
from portfolio.register.phases import PauseStatus, Side
from portfolio.register.project import Form, HappeningKind, Listing, Stage
from portfolio.web import show

SAFE_SCHEMES = ("http://", "https://")


@dataclass(frozen=True)
class Shown:
    """One line of a description list; ``sources`` are (words, address or None)."""

    label: str
    value: str
    sources: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True)
class Entry:
    """One entry of a part: its head line, further lines, and its key for the links to edit it."""

    id: int
    head: str
    lines: tuple[str, ...] = ()
    facts: tuple[Shown, ...] = ()
    source: tuple[str, str | None] | None = None
    mark: tuple[str, str] | None = None
    href: str | None = None
    more: Any = None


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
    happenings: list[Entry] = field(default_factory=list)
    sources: list[Entry] = field(default_factory=list)
    translations: list[Shown] = field(default_factory=list)


def sheet_of(
    state: State,
    *,
    units_now: Mapping[int, list[str]],
    units_above: Mapping[int, str],
    causes: Mapping[str, str],
    language: str,
) -> Sheet:
    """The page of a state.

    ``units_now`` names the units of today that a former one went into, ``units_above`` the unit around
    each, ``causes`` the causes of a pause by code.
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
        for name, label in (("objective", N_("Investment objective")), ("scale", N_("Scale")), ("note", N_("Note")))
        if state.get(name)
    ]
    sheet.capital = [_capital(row, acts) for row in _newest_first(state.get("capital", ()))]
    sheet.deposit = _deposit(state.get("deposit"))
    sheet.investors = [_investor(row) for row in state.get("investors", ())]
    sheet.places = [_place(row, units_now, units_above) for row in _principal_first(state)]
    files = [_file(row) for row in state.get("files", ())]
    of_act: dict[int, list[Entry]] = {}
    for row, entry in zip(state.get("files", ()), files, strict=True):
        of_act.setdefault(row.get("act_id", 0), []).append(entry)
    papers = sorted(state.get("acts", ()), key=lambda act: act.get("issued_on", ""), reverse=True)
    sheet.papers = [_paper(row, of_act.get(row["id"], [])) for row in papers]
    sheet.loose_files = of_act.get(0, [])
    sheet.parcels = [_parcel(row, acts) for row in state.get("parcels", ())]
    sheet.pauses = [_pause(row, causes) for row in state.get("pauses", ())]
    events = sorted(state.get("happenings", ()), key=lambda row: row.get("on", ""), reverse=True)
    sheet.happenings = [_happening(row) for row in events]
    sheet.sources = [_source(row) for row in state.get("sources", ())]
    sheet.translations = [
        Shown(_translated(row, state), row["text"]) for row in state.get("translations", ())
    ]
    return sheet


def source_of(words: str | None) -> tuple[str, str | None] | None:
    """A source as (words, address): the address in it becomes a link, the rest its words."""
    if not words:
        return None
    for piece in words.replace(";", " ").split():
        if piece.startswith(SAFE_SCHEMES):
            rest = words.replace(piece, "").strip(" ;")
            return (rest or piece, piece)
    return (words, None)


def _named_sources(state: State, about: str) -> tuple[tuple[str, str | None], ...]:
    found = [row for row in state.get("sources", ()) if row["about"] == about]
    return tuple(_title_and_link(row) for row in found)


def _title_and_link(row: State) -> tuple[str, str | None]:
    url = row.get("url", "")
    title = row["title"] + (f", {row['place']}" if row.get("place") else "")
    return title, url if url.startswith(SAFE_SCHEMES) else None


# Facts ----------------------------------------------------------------------------------------


def _facts(state: State, language: str) -> Iterable[Shown]:
    yield Shown(gettext("Code"), state["code"])
    yield Shown(gettext("Certificate number"), state.get("certificate_no", ""))
    stage = gettext(Stage(state["stage"]).label)
    since = day_of(state, "stage_since")
    words = f"{stage}, {gettext('since %(day)s', day=since)}" if since else stage
    listing = gettext(Listing(state["listing"]).label)
    yield Shown(gettext("List and stage"), f"{listing} – {words}", _named_sources(state, "stage"))
    yield _capital_fact(state)
    area = area_of(state, "area_asked_ha")
    printed = state.get("area_as_printed", "")
    if printed and printed != area:
        area = f"{area} ({gettext('printed: %(words)s', words=printed)})" if area else printed
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
        for name, words in (("jobs_vietnamese", N_("for Vietnamese")), ("jobs_foreign", N_("for foreigners")))
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
        (N_("Point"), f"{state['latitude']}, {state['longitude']}" if "latitude" in state else None),
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


# Parts ----------------------------------------------------------------------------------------


def _newest_first(rows: Iterable[State]) -> list[State]:
    return sorted(rows, key=lambda row: (row.get("on", ""), row["id"]), reverse=True)


_SPLIT = (
    ("equity", N_("own capital")),
    ("loan", N_("loans")),
    ("state_part", N_("State capital")),
    ("other_part", N_("other capital")),
)


def _capital(row: State, acts: Mapping[int, str]) -> Entry:
    lines = []
    if row.get("currency", "VND") != "VND" and row.get("vnd_amount"):
        rate = show.number(Decimal(row["rate"])) if "rate" in row else ""
        said = gettext(
            "%(sum)s at %(rate)s đồng on %(day)s",
            sum=show.money(Decimal(row["vnd_amount"])),
            rate=rate,
            day=day_of(row, "rate_on"),
        )
        lines.append(str(said))
    split = _split(row)
    if split:
        lines.append(split)
    if row.get("as_printed") and row.get("amount"):
        lines.append(str(gettext("printed: %(words)s", words=row["as_printed"])))
    if row.get("act_id") in acts:
        lines.append(acts[row["act_id"]])
    kind = gettext(CapitalKind(row["kind"]).label)
    on = day_of(row, "on", "on_precision")
    return Entry(
        row["id"],
        money_of(row, full=False) or row.get("as_printed", ""),
        tuple(lines),
        source=source_of(row.get("source")),
        more={"kind": kind, "on": on, "full": money_of(row, full=True)},
    )


def _split(row: State) -> str:
    """`vốn tự có 2.410,1 tỷ (30%); còn lại chưa giải trình …`; what no part explains is said."""
    if "amount" not in row:
        return ""
    whole = Decimal(row["amount"])
    parts = [(name, words) for name, words in _SPLIT if row.get(name)]
    if not parts or not whole:
        return ""
    said = []
    for name, words in parts:
        share = show.number(Decimal(row[name]) * 100 / whole, 1)
        said.append(f"{gettext(words)} {money_of(row, name)} ({share}%)")
    rest = whole - sum(Decimal(row[name]) for name, _words in parts)
    if rest:
        unexplained = money_of({"amount": str(rest), "currency": row.get("currency", "VND")})
        said.append(str(gettext("not explained: %(sum)s", sum=unexplained)))
    return "; ".join(said)


def _deposit(row: State | None) -> list[Shown]:
    if not row:
        return []
    need = gettext("required") if row.get("required") else gettext("not required")
    if row.get("exemption"):
        need = gettext("exempt: %(why)s", why=row["exemption"])
    source = source_of(row.get("source"))
    lines = [Shown(gettext("Deposit"), str(need), (source,) if source else ())]
    for name, label in (
        ("due_on", N_("Due on")),
        ("paid_on", N_("Paid on")),
        ("guarantee_expires_on", N_("Bank guarantee ends on")),
    ):
        if name in row:
            lines.append(Shown(gettext(label), day_of(row, name)))
    if "amount" in row:
        lines.insert(1, Shown(gettext("Amount"), money_of(row)))
    return lines


def _investor(row: State) -> Entry:
    lines = [gettext(InvestorRole(row["role"]).label)]
    if "share" in row:
        lines.append(f"{show.number(Decimal(row['share']))}%")
    if row.get("tax_code"):
        lines.append(gettext("tax code %(code)s", code=row["tax_code"]))
    if row.get("country"):
        lines.append(row["country"])
    if span_of(row):
        lines.append(span_of(row))
    return Entry(
        row["id"],
        row["name"],
        tuple(str(line) for line in lines),
        href=f"/investors/{row['investor_id']}",
    )


def _principal_first(state: State) -> list[State]:
    return sorted(state.get("places", ()), key=lambda place: not place.get("principal"))


def _place(row: State, now: Mapping[int, list[str]], above: Mapping[int, str]) -> Entry:
    lines = []
    if above.get(row["unit_id"]):
        lines.append(above[row["unit_id"]])
    if now.get(row["unit_id"]):
        lines.append(str(gettext("today: %(units)s", units=", ".join(now[row["unit_id"]]))))
    return Entry(row["id"], row["name"], tuple(lines), href=f"/places/{row['unit_id']}")


def _file(row: State) -> Entry:
    size = show.number(max(1, round(row["size"] / 1000)))
    return Entry(row["id"], row["name"], (f"{size} kB", f"SHA-256 {row['sha256'][:12]}…"))


def _paper(row: State, files: list[Entry]) -> Entry:
    number = "/".join(filter(None, (row.get("number"), row.get("sign"))))
    on = day_of(row, "issued_on", "issued_precision")
    effect = day_of(row, "effective_on")
    lines = [
        row.get("office"),
        gettext("in effect from %(day)s", day=effect) if effect and effect != on else None,
        " – ".join(filter(None, (row.get("law"), row.get("clause")))),
        row.get("note"),
    ]
    return Entry(
        row["id"],
        gettext(ActKind(row["kind"]).label),
        tuple(str(line) for line in lines if line),
        source=source_of(row.get("source")),
        more={"number": number, "on": on, "files": files},
    )


def _parcel(row: State, acts: Mapping[int, str]) -> Entry:
    extension = ""
    if "extension_from" in row:
        extension = f"{span_of(row, 'extension_from', 'extension_to')}: {row['extension_decision']}"
    paid = [
        gettext("due %(sum)s", sum=money_of(row, "extension_amount_due"))
        if "extension_amount_due" in row
        else "",
        gettext("paid %(sum)s", sum=money_of(row, "extension_amount_paid"))
        if "extension_amount_paid" in row
        else "",
    ]
    recovered = day_of(row, "recovered_on")
    if recovered:
        why = [row.get("recovery_ground"), acts.get(row.get("recovery_act_id", 0))]
        recovered = "; ".join([recovered, *(words for words in why if words)])
    given = (
        (N_("Area"), area_of(row)),
        (N_("Handed over on"), day_of(row, "handed_over_on")),
        (N_("Put to use on"), day_of(row, "first_used_on")),
        (N_("End of its land schedule"), day_of(row, "schedule_end")),
        (N_("Extension"), extension),
        (N_("Amount for the extension"), ", ".join(str(words) for words in paid if words)),
        (N_("Recovered on"), recovered),
    )
    facts = [Shown(gettext(label), value) for label, value in given if value]
    facts += [
        Shown(
            gettext(IntervalKind(one["kind"]).label),
            "; ".join(filter(None, (span_of(one), one.get("paper")))),
        )
        for one in row.get("intervals", ())
    ]
    return Entry(row["id"], row["name"], facts=tuple(facts), source=source_of(row.get("source")))


_TONES = {PauseStatus.CLAIMED: "run", PauseStatus.ACCEPTED: "ok", PauseStatus.REJECTED: "stop"}


def _pause(row: State, causes: Mapping[str, str]) -> Entry:
    status = PauseStatus(row["status"])
    lines = [
        span_of(row),
        gettext("on the side of: %(side)s", side=gettext(Side(row["side"]).label)),
        row.get("paper") or gettext("no numbered paper"),
        gettext("claimed by %(name)s", name=row["claimed_by"]),
    ]
    if row.get("decided_by"):
        lines.append(gettext("judged by %(name)s", name=row["decided_by"]))
    if row.get("note"):
        lines.append(row["note"])
    return Entry(
        row["id"],
        causes.get(row["cause"], row["cause"]),
        tuple(str(line) for line in lines),
        mark=(str(gettext(status.label)), _TONES[status]),
        more=status.value,
    )


def _happening(row: State) -> Entry:
    return Entry(
        row["id"],
        row["text"],
        (gettext(HappeningKind(row["kind"]).label),),
        source=source_of(row.get("source")),
        mark=(str(gettext("sign of life")), "ok") if row.get("shows_progress") else None,
        more=day_of(row, "on", "precision") or str(gettext("day not known")),
    )


def _source(row: State) -> Entry:
    title, url = _title_and_link(row)
    about = gettext(ABOUT[row["about"]]) if row["about"] in ABOUT else row["about"]
    return Entry(row["id"], title, (about,), href=url)


def _translated(row: State, state: State) -> str:
    label = {"name": N_("Name"), "objective": N_("Investment objective"), "scale": N_("Scale")}[row["field"]]
    words = f"{gettext(label)} ({row['language']})"
    if row["made_from"] != (state.get(row["field"]) or ""):
        words += f" – {gettext('the Vietnamese text has changed since')}"
    return str(words)
