"""The register line: one row per project and version, from which every list is read.

A line is written by the act that changes a project, from its state document, and closed when the
next version comes; ``until`` is empty on the current line. So the list of today and the list as of
a past day are the same query, and a list costs the same however large the register grows.
Findings of the law of delay change a line as well (`portfolio.schedule.evaluate` calls `reflag_all`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    DDL,
    Boolean,
    ForeignKey,
    Index,
    String,
    Text,
    delete,
    event,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from portfolio.database import Base, Hectares, Money
from portfolio.notation.fold import fold, vi_sort_key
from portfolio.office.trail import State, TrailEntry, unpack
from portfolio.register.project import Project
from portfolio.web.clock import PROVINCE_ZONE

UNKNOWN_MONEY = Decimal(-1)
UNKNOWN_DAY = date(9999, 12, 31)
"""Stand-ins for what is not known, so that a sorted list can be paged by key."""

SCHEDULE_STATES = ("on_time", "late", "silent", "undated", "done", "none")
"""`none`: a project that has promised nothing yet (not licensed)."""

_CURRENT = text("until IS NULL")


def _current_index(name: str, *columns: str) -> Index:
    return Index(
        f"ix_register_line_{name}", *columns, sqlite_where=_CURRENT, postgresql_where=_CURRENT
    )


SORTED_BY = {
    "code": "code",
    "name": "name_key",
    "investor": "investor_key",
    "zone": "zone_key",
    "sector": "sector_key",
    "capital": "capital_sort",
    "area": "area_sort",
    "due": "due_sort",
    "stage": "stage",
    "state": "schedule_state",
    "changed": "entry_seq",
}
"""What a list can be sorted by, and the indexed column that does it."""


class RegisterLine(Base):
    """What a list shows of one version of a project."""

    __tablename__ = "register_line"
    __table_args__ = (
        *(_current_index(name, column, "id") for name, column in SORTED_BY.items()),
        _current_index("project", "project_id"),
        _current_index("listing_capital", "listing", "capital_sort", "id"),
        _current_index("stage_capital", "stage", "capital_sort", "id"),
        _current_index("zone_capital", "zone_id", "capital_sort", "id"),
        _current_index("sector_capital", "sector_id", "capital_sort", "id"),
        _current_index("state_capital", "schedule_state", "capital_sort", "id"),
        Index("ix_register_line_period", "project_id", "since", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    entry_seq: Mapped[int] = mapped_column(comment="entry in the trail that it was written from")
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(500))
    name_key: Mapped[str] = mapped_column(String(1600))
    investors: Mapped[str] = mapped_column(String(1000))
    investor_key: Mapped[str] = mapped_column(String(400))
    listing: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(20))
    zone_id: Mapped[int | None]
    zone_name: Mapped[str] = mapped_column(String(300))
    zone_key: Mapped[str] = mapped_column(String(400))
    places: Mapped[str] = mapped_column(String(500))
    sector_id: Mapped[int | None]
    sector_name: Mapped[str] = mapped_column(String(200))
    sector_key: Mapped[str] = mapped_column(String(400))
    capital_vnd: Mapped[Money | None]
    capital_sort: Mapped[Money]
    capital_printed: Mapped[str | None] = mapped_column(String(300))
    area_ha: Mapped[Hectares | None]
    area_sort: Mapped[Hectares]
    due_on: Mapped[date | None] = mapped_column(comment="end of the latest approved schedule")
    due_sort: Mapped[date]
    certificate_no: Mapped[str | None] = mapped_column(String(255))
    public_source: Mapped[bool] = mapped_column(Boolean)
    folded: Mapped[str] = mapped_column(Text, comment="all that is searched, folded")
    schedule_state: Mapped[str] = mapped_column(String(20))
    severity: Mapped[int] = mapped_column(
        default=0, comment="of the worst finding that is not held"
    )
    flags: Mapped[str] = mapped_column(
        Text, default="[]", comment="JSON: rule, severity, held, since and deadline of each finding"
    )


class LinePart(Base):
    """What a line can be filtered by and holds more than one of: units, investors, flag rules."""

    __tablename__ = "register_line_part"
    __table_args__ = (Index("ix_register_line_part_line", "line_id"),)

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    ref: Mapped[str] = mapped_column(String(40), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("register_line.id"), primary_key=True)


event.listen(
    RegisterLine.__table__,
    "after_create",
    DDL(
        "CREATE VIRTUAL TABLE register_text USING fts5(folded, content='', prefix='2 3')"
    ).execute_if(dialect="sqlite"),
)
event.listen(
    RegisterLine.__table__,
    "after_create",
    DDL(
        "CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE INDEX ix_register_line_folded"
        " ON register_line USING gin (folded gin_trgm_ops) WHERE until IS NULL"
    ).execute_if(dialect="postgresql"),
)


@dataclass(frozen=True)
class Flagging:
    """What the law of delay says of a project, as its line shows it."""

    schedule_state: str
    severity: int
    flags: str
    rules: tuple[str, ...]


NO_FLAGGING = Flagging("none", 0, "[]", ())


def line_values(state: State, seq: int, at: datetime, flagging: Flagging) -> dict[str, Any]:
    """The columns of the line for a state document."""
    zone, sector = state.get("zone") or {}, state.get("sector") or {}
    investors = "; ".join(
        part["name"] for part in state.get("investors", ()) if part["role"] != "former"
    )
    capital = latest_capital(state)
    vnd = Decimal(capital["vnd_amount"]) if capital and "vnd_amount" in capital else None
    area = Decimal(state["area_asked_ha"]) if "area_asked_ha" in state else None
    due = due_day(state)
    return {
        "project_id": state["id"],
        "entry_seq": seq,
        "since": at,
        "until": None,
        "code": state["code"],
        "name": state["name"],
        "name_key": vi_sort_key(state["name"]),
        "investors": investors[:1000],
        "investor_key": vi_sort_key(investors[:100]),
        "listing": state["listing"],
        "stage": state["stage"],
        "zone_id": state.get("zone_id"),
        "zone_name": zone.get("name", ""),
        "zone_key": vi_sort_key(zone.get("name", ""))[:400],
        "places": _places(state),
        "sector_id": state.get("sector_id"),
        "sector_name": sector.get("name", ""),
        "sector_key": vi_sort_key(sector.get("name", ""))[:400],
        "capital_vnd": vnd,
        "capital_sort": UNKNOWN_MONEY if vnd is None else vnd,
        "capital_printed": capital.get("as_printed") if capital else None,
        "area_ha": area,
        "area_sort": Decimal(-1) if area is None else area,
        "due_on": due,
        "due_sort": due or UNKNOWN_DAY,
        "certificate_no": state.get("certificate_no"),
        "public_source": bool(state.get("public_source")),
        "folded": folded_text(state),
        "schedule_state": flagging.schedule_state,
        "severity": flagging.severity,
        "flags": flagging.flags,
    }


def latest_capital(state: State) -> State | None:
    """The capital figure in force: the last estimated, registered or adjusted one."""
    planned = [c for c in state.get("capital", ()) if c["kind"] != "realised"]
    with_amount = [c for c in planned if "amount" in c]
    return max(with_amount or planned, key=lambda c: (c.get("on", ""), c["id"]), default=None)


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
        *{("flag", rule) for rule in flagging.rules},
    ]


def rewrite(session: Session, changed: Sequence[tuple[Project, State, int]], at: datetime) -> None:
    """Close the current lines of changed projects and open new ones, keeping their findings.

    The findings themselves follow when the law of delay next looks at the project, which is due at
    once: its facts have changed.
    """
    for project, _state, seq in changed:
        project.entry_seq = seq
    old = {line.project_id: line for line in _current(session, [p.id for p, _s, _n in changed])}
    for project, state, seq in changed:
        line = old.get(project.id)
        rules = _rules_of(session, line.id) if line else ()
        flagging = (
            Flagging(line.schedule_state, line.severity, line.flags, rules) if line else NO_FLAGGING
        )
        _replace(
            session, line, line_values(state, seq, at, flagging), parts_of(state, flagging), at
        )


def reflag_all(
    session: Session, changed: Iterable[tuple[RegisterLine, Flagging]], at: datetime
) -> int:
    """Show new findings on current lines; returns how many lines changed.

    As-of lists look at ends of days, so a line that began today is changed in place; an older one
    is closed and a new one opened, which keeps what was shown on the days before.
    """
    today = day_of(at)
    in_place: list[tuple[RegisterLine, Flagging]] = []
    count = 0
    for line, flagging in changed:
        if (line.schedule_state, line.severity, line.flags) == (
            flagging.schedule_state,
            flagging.severity,
            flagging.flags,
        ):
            continue
        count += 1
        if day_of(line.since) == today:
            in_place.append((line, flagging))
        else:
            _reopen(session, line, flagging, at)
    _overwrite(session, in_place)
    return count


def day_of(moment: datetime) -> date:
    """The day of a moment in the province: as-of lists look at the ends of these days."""
    return moment.astimezone(PROVINCE_ZONE).date()


def _overwrite(session: Session, lines: list[tuple[RegisterLine, Flagging]]) -> None:
    if not lines:
        return
    ids = [line.id for line, _ in lines]
    session.execute(
        update(RegisterLine),
        [
            {
                "id": line.id,
                "schedule_state": flagging.schedule_state,
                "severity": flagging.severity,
                "flags": flagging.flags,
            }
            for line, flagging in lines
        ],
    )
    session.execute(
        delete(LinePart)
        .where(LinePart.line_id.in_(ids), LinePart.kind == "flag")
        .execution_options(synchronize_session=False)
    )
    rows = [
        {"kind": "flag", "ref": rule, "line_id": line.id}
        for line, flagging in lines
        for rule in flagging.rules
    ]
    if rows:
        session.execute(insert(LinePart), rows)


def _reopen(session: Session, line: RegisterLine, flagging: Flagging, at: datetime) -> None:
    columns = RegisterLine.__table__.columns.keys()
    values = {name: getattr(line, name) for name in columns if name != "id"}
    values |= {
        "since": at,
        "schedule_state": flagging.schedule_state,
        "severity": flagging.severity,
        "flags": flagging.flags,
    }
    kept = session.execute(
        select(LinePart.kind, LinePart.ref).where(
            LinePart.line_id == line.id, LinePart.kind != "flag"
        )
    )
    parts = [(kind, ref) for kind, ref in kept] + [("flag", rule) for rule in flagging.rules]
    _replace(session, line, values, parts, at)


def _current(session: Session, project_ids: Iterable[int]) -> list[RegisterLine]:
    query = select(RegisterLine).where(
        RegisterLine.until.is_(None), RegisterLine.project_id.in_(list(project_ids))
    )
    return list(session.scalars(query))


def _rules_of(session: Session, line_id: int) -> tuple[str, ...]:
    query = select(LinePart.ref).where(LinePart.line_id == line_id, LinePart.kind == "flag")
    return tuple(session.scalars(query))


def _replace(
    session: Session,
    old: RegisterLine | None,
    values: dict[str, Any],
    parts: Iterable[tuple[str, str]],
    at: datetime,
) -> None:
    if old is not None:
        # Two versions of one moment are one version as far as any past day is concerned.
        session.execute(
            update(RegisterLine)
            .where(RegisterLine.id == old.id)
            .values(until=at)
            .execution_options(synchronize_session=False)
        )
        forget_text(session, old.id, old.folded)
        session.expire(old)
    new_id = session.execute(insert(RegisterLine).returning(RegisterLine.id), values).scalar_one()
    rows = [{"kind": kind, "ref": ref, "line_id": new_id} for kind, ref in parts]
    if rows:
        session.execute(insert(LinePart), rows)
    index_text(session, new_id, values["folded"])


def index_text(session: Session, line_id: int, folded: str) -> None:
    """Put a current line into SQLite's full-text index; PostgreSQL indexes the column itself."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(
            text("INSERT INTO register_text (rowid, folded) VALUES (:id, :folded)"),
            {"id": line_id, "folded": folded},
        )


def forget_text(session: Session, line_id: int, folded: str) -> None:
    """Take a closed line out of SQLite's full-text index."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(
            text(
                "INSERT INTO register_text (register_text, rowid, folded) VALUES ('delete', :id, :folded)"
            ),
            {"id": line_id, "folded": folded},
        )


def rebuild(session: Session, at: datetime) -> int:
    """Write the current line of every project anew from the trail; returns how many."""
    query = select(Project, TrailEntry).join(TrailEntry, TrailEntry.seq == Project.entry_seq)
    found = session.execute(query).all()
    rewrite(session, [(p, unpack(entry.state), entry.seq) for p, entry in found], at)
    return len(found)
