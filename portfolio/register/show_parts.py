"""The parts of a project as its page shows them: from rows of the state document to words.

Nothing is asked of the database; sums, areas and days are written as the offices write them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.register.capital import CapitalKind
from portfolio.register.circumstances import CircumstanceKind
from portfolio.register.entry_parts import ABOUT
from portfolio.register.investor import InvestorRole
from portfolio.register.land import IntervalKind
from portfolio.register.papers import ActKind
from portfolio.register.part_words import area_of, day_of, money_of, span_of
from portfolio.register.phases import PauseStatus, Side
from portfolio.register.places_typed import Around
from portfolio.register.project import HappeningKind
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


def source_of(words: str | None) -> tuple[str, str | None] | None:
    """A source as (words, address): the address in it becomes a link, the rest its words."""
    if not words:
        return None
    for piece in words.replace(";", " ").split():
        if piece.startswith(SAFE_SCHEMES):
            rest = words.replace(piece, "").strip(" ;")
            return (rest or piece, piece)
    return (words, None)


def title_and_link(row: State) -> tuple[str, str | None]:
    """A source's title with its place, and its address if that is one of the web."""
    url = row.get("url", "")
    title = row["title"] + (f", {row['place']}" if row.get("place") else "")
    return title, url if url.startswith(SAFE_SCHEMES) else None


def newest_first(rows: Iterable[State]) -> list[State]:
    """Capital figures by their day, the latest first."""
    return sorted(rows, key=lambda row: (row.get("on", ""), row["id"]), reverse=True)


_SPLIT = (
    ("equity", N_("own capital")),
    ("loan", N_("loans")),
    ("state_part", N_("State capital")),
    ("other_part", N_("other capital")),
)


def show_capital(row: State, acts: Mapping[int, str]) -> Entry:
    """A capital figure with its rate, its split and its paper."""
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


def show_deposit(row: State | None) -> list[Shown]:
    """The deposit as lines of facts."""
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


def show_investor(row: State) -> Entry:
    """An investor's part."""
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


def principal_first(state: State) -> list[State]:
    """The places of a state, the principal one first."""
    return sorted(state.get("places", ()), key=lambda place: not place.get("principal"))


def show_place(row: State, around: Around) -> Entry:
    """A unit as on the certificate, and what it is today."""
    lines = [around.above] if around.above else []
    if around.now:
        lines.append(str(gettext("today: %(units)s", units=", ".join(around.now))))
    return Entry(row["id"], row["name"], tuple(lines), href=f"/places/{row['unit_id']}")


def show_file(row: State) -> Entry:
    """A file with its size and hash."""
    size = show.number(max(1, round(row["size"] / 1000)))
    return Entry(row["id"], row["name"], (f"{size} kB", f"SHA-256 {row['sha256'][:12]}…"))


def show_paper(row: State, files: list[Entry]) -> Entry:
    """A legal act with its files."""
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


def show_parcel(row: State, acts: Mapping[int, str]) -> Entry:
    """A parcel with its days."""
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


def show_pause(row: State, causes: Mapping[str, str]) -> Entry:
    """A pause with its status."""
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


def show_circumstance(row: State) -> Entry:
    """A circumstance that a ground of Article 36 asks for."""
    lines = [row["text"]]
    if "reached" in row:
        reached = (
            gettext("the investor was reached")
            if row["reached"]
            else gettext("the investor was not reached")
        )
        lines.append(reached)
    if row.get("paper"):
        lines.append(row["paper"])
    running = row["kind"] == CircumstanceKind.INVESTOR_STOP.value
    return Entry(
        row["id"],
        gettext(CircumstanceKind(row["kind"]).label),
        tuple(str(line) for line in lines),
        source=source_of(row.get("source")),
        more=span_of(row, "on") if running else day_of(row, "on"),
    )


def show_happening(row: State) -> Entry:
    """An event."""
    return Entry(
        row["id"],
        row["text"],
        (gettext(HappeningKind(row["kind"]).label),),
        source=source_of(row.get("source")),
        mark=(str(gettext("sign of life")), "ok") if row.get("shows_progress") else None,
        more=day_of(row, "on", "precision") or str(gettext("day not known")),
    )


def show_source(row: State) -> Entry:
    """A source."""
    title, url = title_and_link(row)
    key = row["about"]
    about = gettext(ABOUT[key]) if key in ABOUT else key
    return Entry(row["id"], title, (about,), href=url)


def translation_label(row: State, state: State) -> str:
    """Which text a translation is of, and whether that text has changed since."""
    label = {"name": N_("Name"), "objective": N_("Investment objective"), "scale": N_("Scale")}[
        row["field"]
    ]
    words = f"{gettext(label)} ({row['language']})"
    if row["made_from"] != (state.get(row["field"]) or ""):
        words += " – " + gettext("the Vietnamese text has changed since")
    return str(words)
