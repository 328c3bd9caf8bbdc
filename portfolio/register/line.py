"""The register line: one row per project and version, from which every list is read.

A line is written by the act that changes a project, from its state document, and closed when the
next version comes; ``until`` is empty on the current line. So the list of today and the list as of
a past day are the same query, and a list costs the same however large the register grows.
`portfolio.register.line_keeping` writes lines; here is what stands in them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base, Hectares, Money
from portfolio.notation.fold import fold, vi_sort_key
from portfolio.office.trail import State
from portfolio.register.project import Listing, Stage

UNKNOWN_MONEY = Decimal(-1)
UNKNOWN_DAY = date(9999, 12, 31)
"""Stand-ins for what is not known, so that a sorted list can be paged by key."""

SCHEDULE_STATES = ("late", "silent", "undated", "on_time", "done", "none")
"""In the order of a sorted list. `none`: a project that has promised nothing yet (not licensed)."""

SEVERITIES = (
    "running",
    "hold",
    "data_gap",
    "silent",
    "warning",
    "late",
    "refusal",
    "review",
    "ground",
)
"""How much findings weigh, lightest first: the severities of `portfolio.schedule.flags`."""


def weight_of(severity: str) -> int:
    """The place of a severity in the order, from 1; 0 is a project without findings."""
    return SEVERITIES.index(severity) + 1


UNCLEAR_STATES = ("silent", "undated")
"""Of a licensed project in one of these nobody can say whether it is on time."""

VERDICTS = ("disputes", "adds", "confirms")
"""What delay marks say, in the order of a list: another opinion is looked at first."""

LATE, GROUND, UNCLEAR, NO_CAPITAL = (1 << 15 * place for place in range(4))
"""What `RegisterLine.tally` is made of: four counters of 15 bits each."""

NO_ZONE = 0
"""What stands for no zone where a key must stand."""

LONGEST_KEY = 400
_CURRENT = text("until IS NULL")
_IDLE = text("until IS NULL AND idle_ha IS NOT NULL")


def order_key(length: int = LONGEST_KEY) -> String:
    """A text that `vi_sort_key` made; its byte order is the Vietnamese order."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def _current_index(name: str, *columns: str) -> Index:
    return Index(
        f"ix_register_line_{name}", *columns, sqlite_where=_CURRENT, postgresql_where=_CURRENT
    )


SORTED_BY = {
    "code": "code",
    "name": "name_key",
    "investor": "investor_key",
    "zone": "zone_key",
    "place": "place_key",
    "sector": "sector_key",
    "capital": "capital_sort",
    "area": "area_sort",
    "due": "due_sort",
    "stage": "stage_order",
    "state": "state_order",
    "warnings": "severity",
    "certificate": "certificate_key",
    "changed": "entry_seq",
    "late_first": "late_first_sort",
    "late_latest": "late_latest_sort",
    "silence": "silence_sort",
}
"""What a list can be sorted by, and the indexed column that does it."""

COUNTED_FROM = ("late_first", "late_latest", "silence")
"""Orders by a day from which something is counted: the earliest day is the greatest number. Their index
carries what decides whose project it is, so that the late ones of a zone are counted from it."""

NARROW = {
    "listing": "listing",
    "stage": "stage",
    "zone": "zone_id",
    "sector": "sector_id",
    "state": "schedule_state",
    "severity": "severity",
}
"""What most lists are narrowed by. An index on each carries all of them and what the figures add up,
so that counting ten thousand lines reads the index only."""


def _counting(column: str) -> tuple[str, ...]:
    """The column itself, the order of a list, and all that lists are narrowed by and added up from."""
    return tuple(dict.fromkeys((column, "capital_sort", "id", "tally", *NARROW.values())))


_PROGRESS = (
    "schedule_state", "severity", "capital_vnd", "realised_vnd", "area_ha", "idle_ha", "project_id",
)  # fmt: skip
"""What the progress of a zone is added up from."""


def _ordering(name: str, column: str) -> tuple[str, ...]:
    if name == "capital":
        return _counting(column)
    return (column, "id", "zone_id", "project_id") if name in COUNTED_FROM else (column, "id")


class RegisterLine(Base):
    """What a list shows of one version of a project."""

    __tablename__ = "register_line"
    __table_args__ = (
        *(_current_index(name, *_ordering(name, column)) for name, column in SORTED_BY.items()),
        *(_current_index(f"{name}_capital", *_counting(column)) for name, column in NARROW.items()),
        _current_index("zone_progress", "zone_id", "listing", *_PROGRESS),
        _current_index("project", "project_id", "listing", "zone_id"),
        Index("ix_register_line_period", "project_id", "since", "until"),
        Index(
            "ix_register_line_idle",
            "severity",
            "zone_id",
            "idle_ha",
            sqlite_where=_IDLE,
            postgresql_where=_IDLE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    entry_seq: Mapped[int] = mapped_column(comment="entry in the trail that it was written from")
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(
        comment="moment of the entry: facts changed, not only findings"
    )
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(500))
    name_key: Mapped[str] = mapped_column(order_key(1600))
    investors: Mapped[str] = mapped_column(String(1000))
    investor_key: Mapped[str] = mapped_column(order_key())
    listing: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(20))
    stage_order: Mapped[int] = mapped_column(comment="along the lists and a project's life")
    zone_id: Mapped[int | None]
    zone_name: Mapped[str] = mapped_column(String(300))
    zone_key: Mapped[str] = mapped_column(order_key())
    places: Mapped[str] = mapped_column(String(500))
    place_key: Mapped[str] = mapped_column(order_key())
    principal_unit_id: Mapped[int | None]
    sector_id: Mapped[int | None]
    sector_name: Mapped[str] = mapped_column(String(200))
    sector_key: Mapped[str] = mapped_column(order_key())
    capital_vnd: Mapped[Money | None]
    capital_sort: Mapped[Money]
    capital_printed: Mapped[str | None] = mapped_column(String(300))
    area_ha: Mapped[Hectares | None]
    area_sort: Mapped[Hectares]
    due_on: Mapped[date | None] = mapped_column(comment="end of the latest approved schedule")
    due_sort: Mapped[date]
    certificate_no: Mapped[str | None] = mapped_column(String(255))
    certificate_key: Mapped[str] = mapped_column(order_key())
    public_source: Mapped[bool] = mapped_column(Boolean)
    folded: Mapped[str] = mapped_column(Text, comment="all that is searched, folded")
    schedule_state: Mapped[str] = mapped_column(String(20))
    state_order: Mapped[int] = mapped_column(comment="place of the state in a sorted list")
    severity: Mapped[int] = mapped_column(
        default=0, comment="of the worst finding that is not held"
    )
    flags: Mapped[str] = mapped_column(
        Text, default="[]", comment="JSON: rule, severity, held, since and deadline of each finding"
    )
    first_target_on: Mapped[date | None] = mapped_column(
        comment="earliest day not kept of the first approval; of a done project that of its end"
    )
    latest_target_on: Mapped[date | None] = mapped_column(
        comment="the same of the latest approval, moved by accepted pauses"
    )
    forecast_target_on: Mapped[date | None] = mapped_column(comment="the same of the forecasts")
    expected_on: Mapped[date | None] = mapped_column(
        comment="when the last open objective is expected: by forecast, else by the latest approval"
    )
    done_on: Mapped[date | None] = mapped_column(comment="all objectives completed")
    silent_since: Mapped[date | None] = mapped_column(comment="first day a report is missing")
    late_first_sort: Mapped[date] = mapped_column(
        comment="first target of a project that is not done; far away where nothing can be late"
    )
    late_latest_sort: Mapped[date] = mapped_column(comment="the same of the latest target")
    silence_sort: Mapped[date] = mapped_column(comment="silent since, or far away")
    idle_ha: Mapped[Hectares | None] = mapped_column(comment="handed over and not in use")
    idle_weight: Mapped[Hectares | None] = mapped_column(
        comment="sum of hectares times the day they began to lie idle, in days since 2000-01-01"
    )
    realised_vnd: Mapped[Money | None] = mapped_column(comment="capital realised so far")
    marks: Mapped[str] = mapped_column(
        Text,
        default="",
        server_default="",
        comment="verdict and cause of each delay mark that stands: confirms:market adds:b",
    )
    tally: Mapped[int] = mapped_column(
        BigInteger,
        default=0,
        comment="late, ground, unclear, no capital: 15 bits each, so that one sum counts all four",
    )


class LinePart(Base):
    """What a line can be filtered by and holds several of: units, investors, rules, causes, marks."""

    __tablename__ = "register_line_part"
    __table_args__ = (Index("ix_register_line_part_line", "line_id"),)

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    ref: Mapped[str] = mapped_column(String(40), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("register_line.id"), primary_key=True)


@dataclass(frozen=True)
class Clocks:
    """From which days a project's lateness, silence and idle land are worked out on any day."""

    first_target_on: date | None = None
    latest_target_on: date | None = None
    forecast_target_on: date | None = None
    expected_on: date | None = None
    done_on: date | None = None
    silent_since: date | None = None
    idle_ha: Decimal | None = None
    idle_weight: Decimal | None = None


CLOCKS = tuple(Clocks.__dataclass_fields__)
NO_CLOCKS = Clocks()


@dataclass(frozen=True)
class Flagging:
    """What the law of delay says of a project, as its line shows it."""

    schedule_state: str
    severity: int
    flags: str
    rules: tuple[str, ...]
    clocks: Clocks = NO_CLOCKS
    causes: tuple[str, ...] = ()

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The (kind, ref) pairs of its rules and causes."""
        return [
            *(("flag", rule) for rule in self.rules),
            *(("cause", cause) for cause in self.causes),
        ]


FLAGGING_PARTS = ("flag", "cause")
NO_FLAGGING = Flagging("none", 0, "[]", ())


def line_values(state: State, seq: int, at: datetime, flagging: Flagging) -> dict[str, Any]:
    """The columns of the line for a state document."""
    zone, sector = state.get("zone") or {}, state.get("sector") or {}
    investors = "; ".join(
        part["name"] for part in state.get("investors", ()) if part["role"] != "former"
    )
    places = _places(state)
    capital = latest_capital(state)
    vnd = Decimal(capital["vnd_amount"]) if capital and "vnd_amount" in capital else None
    area = Decimal(state["area_asked_ha"]) if "area_asked_ha" in state else None
    due = due_day(state)
    return {
        "project_id": state["id"],
        "entry_seq": seq,
        "since": at,
        "until": None,
        "changed_at": at,
        "code": state["code"],
        "name": state["name"],
        "name_key": vi_sort_key(state["name"])[:1600],
        "investors": investors[:1000],
        "investor_key": _key(investors),
        "listing": state["listing"],
        "stage": state["stage"],
        "stage_order": stage_order(state["listing"], state["stage"]),
        "zone_id": state.get("zone_id"),
        "zone_name": zone.get("name", ""),
        "zone_key": _key(zone.get("name", "")),
        "places": places,
        "place_key": _key(places),
        "principal_unit_id": next(
            (place["unit_id"] for place in state.get("places", ()) if place.get("principal")), None
        ),
        "sector_id": state.get("sector_id"),
        "sector_name": sector.get("name", ""),
        "sector_key": _key(sector.get("name", "")),
        "capital_vnd": vnd,
        "capital_sort": UNKNOWN_MONEY if vnd is None else vnd,
        "capital_printed": capital.get("as_printed") if capital else None,
        "area_ha": area,
        "area_sort": Decimal(-1) if area is None else area,
        "due_on": due,
        "due_sort": due or UNKNOWN_DAY,
        "certificate_no": state.get("certificate_no"),
        "certificate_key": _key(state.get("certificate_no", "")),
        "public_source": bool(state.get("public_source")),
        "folded": folded_text(state),
        "realised_vnd": realised_capital(state),
        "marks": " ".join(f"{verdict}:{cause}" for verdict, cause in standing_marks(state)),
    } | flagging_values(flagging, vnd, state["listing"])


def flagging_values(
    flagging: Flagging, capital_vnd: Decimal | None, listing: str
) -> dict[str, Any]:
    """The columns that follow from a project's findings.

    Only a licensed project has promised anything, so only such a one can be unclear about it.
    """
    unclear = flagging.schedule_state in UNCLEAR_STATES and listing == Listing.LICENSED
    return {
        "schedule_state": flagging.schedule_state,
        "state_order": SCHEDULE_STATES.index(flagging.schedule_state),
        "severity": flagging.severity,
        "flags": flagging.flags,
        **vars(flagging.clocks),
        **_counted_from(flagging),
        "tally": LATE * (flagging.schedule_state == "late")
        + GROUND * (flagging.severity >= weight_of("review"))
        + UNCLEAR * unclear
        + NO_CAPITAL * (capital_vnd is None),
    }


def _counted_from(flagging: Flagging) -> dict[str, date]:
    """The days by which lists are sorted by lateness; what is done is behind nothing any more."""
    clocks, done = flagging.clocks, flagging.schedule_state == "done"
    return {
        "late_first_sort": (None if done else clocks.first_target_on) or UNKNOWN_DAY,
        "late_latest_sort": (None if done else clocks.latest_target_on) or UNKNOWN_DAY,
        "silence_sort": clocks.silent_since or UNKNOWN_DAY,
    }


def _key(words: str) -> str:
    # A long list of investors is in order by its first ones.
    return vi_sort_key(words[:100])[:LONGEST_KEY]


def stage_order(listing: str, stage: str) -> int:
    """Where a listing and stage stand when a list is sorted by either."""
    return 100 * list(Listing).index(Listing(listing)) + list(Stage).index(Stage(stage))


def latest_capital(state: State) -> State | None:
    """The capital figure in force: the last estimated, registered or adjusted one."""
    planned = [c for c in state.get("capital", ()) if c["kind"] != "realised"]
    with_amount = [c for c in planned if "amount" in c]
    return max(with_amount or planned, key=lambda c: (c.get("on", ""), c["id"]), default=None)


def realised_capital(state: State) -> Decimal | None:
    """The capital realised so far, in VND: the latest figure of its kind that has an amount."""
    figures = [c for c in state.get("capital", ()) if c["kind"] == "realised" and "vnd_amount" in c]
    latest = max(figures, key=lambda c: (c.get("on", ""), c["id"]), default=None)
    return Decimal(latest["vnd_amount"]) if latest else None


def due_day(state: State) -> date | None:
    """The last day of the latest approved schedule over all phases, or None when undated."""
    ends = [
        milestone["targets"][-1]["planned_on"]
        for phase in state.get("phases", ())
        for milestone in phase["milestones"]
        if milestone.get("targets")
    ]
    return date.fromisoformat(max(ends)) if ends else None


def folded_text(state: State) -> str:
    """All that a search looks through, folded to one spelling."""
    zone = state.get("zone") or {}
    words = [
        state["code"],
        state.get("certificate_no", ""),
        state["name"],
        *(alias["name"] for alias in state.get("aliases", ())),
        *(part["name"] for part in state.get("investors", ())),
        *(part.get("tax_code", "") for part in state.get("investors", ())),
        *(place["name"] for place in state.get("places", ())),
        zone.get("name", ""),
    ]
    # The leading blank lets a search for " word" find the start of every word.
    return " " + " ".join(fold(word) for word in words if word)


def _places(state: State) -> str:
    places = sorted(state.get("places", ()), key=lambda place: not place.get("principal"))
    return "; ".join(place["name"] for place in places)[:500]


def parts_of(state: State, flagging: Flagging) -> list[tuple[str, str]]:
    """The (kind, ref) pairs under which a line can be found."""
    return [
        *{("unit", str(place["unit_id"])) for place in state.get("places", ())},
        *{("investor", str(part["investor_id"])) for part in state.get("investors", ())},
        *{("mark", verdict) for verdict, _cause in standing_marks(state)},
        *flagging.parts,
    ]


def standing_marks(state: State) -> list[tuple[str, str]]:
    """Verdict and cause of the delay marks that nobody withdrew, each pair once, disputes first."""
    found = {
        (mark["verdict"], mark["cause"])
        for mark in state.get("marks", ())
        if "withdrawn_on" not in mark
    }
    return sorted(found, key=lambda pair: (VERDICTS.index(pair[0]), pair[1]))
