"""The trail on screen: every change, newest first, and the proof that nothing was altered."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import current_app, render_template, request
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from portfolio.database import database, session
from portfolio.notation import N_, Unreadable
from portfolio.notation.days import read_day
from portfolio.notation.fold import vi_sort_key
from portfolio.office import trail, trail_words
from portfolio.office.blueprint import pages
from portfolio.office.may import Permission, needs
from portfolio.office.people import User
from portfolio.office.trail import FieldChange, TrailEntry
from portfolio.web.clock import PROVINCE_ZONE
from portfolio.web.keys import read_key
from portfolio.web.show import notation

ROWS = 50
FEW_CHANGES = 8
CAUSES = (
    N_("missing"),
    N_("does not follow the entry before it"),
    N_("was changed after it was written"),
    N_("has no signed head"),
    N_("is not the one that the head names"),
    N_("has a head that was not signed with this program's secret"),
)
"""What `trail.verify` may find, named here for the translators."""
PROGRAM = "0"
"""Stands in the filter for entries that nobody signed: seeds and nightly work."""


@dataclass(frozen=True)
class Line:
    """One entry as the page shows it."""

    entry: TrailEntry
    act: str
    kind: str
    title: str
    path: str | None
    changes: list[tuple[str, str, str]]
    is_first: bool


@dataclass(frozen=True)
class Filters:
    """What the reader asked for; unreadable days are kept as typed and change nothing."""

    by: str = ""
    act: str = ""
    kind: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def asked(cls) -> "Filters":
        """The filters in the address."""
        return cls(
            **{name: request.args.get(name, "").strip()[:60] for name in cls.__dataclass_fields__}
        )

    def query(self, **more: object) -> str:
        """The address that keeps them."""
        given = {name: value for name, value in (vars(self) | more).items() if value}
        return "?" + urlencode(given) if given else "?"

    def conditions(self) -> list[ColumnElement[bool]]:
        """The SQL of what was asked."""
        found: list[ColumnElement[bool]] = []
        if self.by == PROGRAM:
            found.append(TrailEntry.by_id.is_(None))
        elif (key := read_key(self.by)) is not None:
            found.append(TrailEntry.by_id == key)
        if self.act:
            found.append(TrailEntry.act == self.act)
        if self.kind:
            found.append(TrailEntry.subject_kind == self.kind)
        if (key := read_key(self.subject)) is not None:
            found.append(TrailEntry.subject_id == key)
        if (since := _midnight(self.since)) is not None:
            found.append(TrailEntry.at >= since)
        if (until := _midnight(self.until)) is not None:
            found.append(TrailEntry.at < until + timedelta(days=1))
        return found

    def bad_days(self) -> list[str]:
        """Days that cannot be read, as typed."""
        return [text for text in (self.since, self.until) if text and _midnight(text) is None]


def _midnight(text: str) -> datetime | None:
    """The beginning of a day in the province."""
    try:
        return (
            datetime.combine(read_day(text, notation()).day, time(), PROVINCE_ZONE)
            if text
            else None
        )
    except Unreadable:
        return None


@pages.get("/trail")
@needs(Permission.READ_TRAIL)
def show_trail() -> str:
    """Entries newest first, fifty at a time."""
    filters, before = Filters.asked(), read_key(request.args.get("before", ""))
    found = list(session().scalars(_entries(filters, before)))
    page, more = found[:ROWS], len(found) > ROWS
    return render_template(
        "office/trail.html",
        lines=_lines(session(), page),
        filters=filters,
        newest=filters.query() if before else None,
        older=filters.query(before=page[-1].seq) if more else None,
        few=FEW_CHANGES,
        **_choices(filters),
    )


def _entries(filters: Filters, before: int | None) -> Select[TrailEntry]:
    query = select(TrailEntry).where(trail_words.readable_by(current_user), *filters.conditions())
    if before is not None:
        query = query.where(TrailEntry.seq < before)
    return query.order_by(TrailEntry.seq.desc()).limit(ROWS + 1)


def _choices(filters: Filters) -> dict[str, Any]:
    people = sorted(
        session().execute(select(User.id, User.name)), key=lambda row: vi_sort_key(row.name)
    )
    acts = {act: trail_words.act_words(act) for act in {*trail_words.ACTS, filters.act} if act}
    return {
        "people": [(str(row.id), row.name) for row in people],
        "acts": sorted(acts.items(), key=lambda pair: vi_sort_key(pair[1])),
        "kinds": [(kind, trail_words.kind_words(kind)) for kind in trail_words.SUBJECTS],
    }


def _lines(db: Session, entries: list[TrailEntry]) -> list[Line]:
    earlier = _states_before(db, entries)
    return [_line(entry, earlier.get(entry.seq)) for entry in entries]


def _states_before(db: Session, entries: list[TrailEntry]) -> dict[int, trail.State]:
    """The state before each entry, by the entry's number; in one query."""
    now, old = aliased(TrailEntry), aliased(TrailEntry)
    last = (
        select(func.max(old.seq))
        .where(
            old.subject_kind == now.subject_kind,
            old.subject_id == now.subject_id,
            old.seq < now.seq,
        )
        .correlate(now)
        .scalar_subquery()
    )
    query = (
        select(now.seq, TrailEntry.state)
        .join(TrailEntry, TrailEntry.seq == last)
        .where(now.seq.in_([entry.seq for entry in entries]))
    )
    return {seq: trail.unpack(state) for seq, state in db.execute(query)}


def _line(entry: TrailEntry, before: trail.State | None) -> Line:
    state = trail.unpack(entry.state)
    words = trail_words.SUBJECTS.get(entry.subject_kind)
    return Line(
        entry=entry,
        act=trail_words.act_words(entry.act),
        kind=trail_words.kind_words(entry.subject_kind),
        title=words.title(state) if words else str(entry.subject_id),
        path=words.path(state) if words else None,
        changes=[_change(change) for change in trail.changes_between(before, state)],
        is_first=before is None,
    )


def _change(change: FieldChange) -> tuple[str, str, str]:
    return (
        trail_words.field_words(change.path),
        trail_words.value_words(change.before),
        trail_words.value_words(change.after),
    )


@pages.post("/trail/verify")
@needs(Permission.READ_TRAIL)
def verify_trail() -> str:
    """Read the whole chain and say whether it is whole; changes nothing."""
    # The proof takes seconds: it holds up no writer, in a session of its own that only reads.
    session().commit()
    with database().open_session(write=False) as reader:
        verdict = trail.verify(reader, secrets_of_program())
    return render_template("office/verdict.html", verdict=verdict, cause=cause_words(verdict.cause))


verify_trail.while_read_only = True  # type: ignore[attr-defined]


def secrets_of_program() -> list[str]:
    """The secrets under which the head of the trail may be signed: today's and the one before."""
    names = ("SECRET_KEY", "SECRET_KEY_OLD")
    return [str(current_app.config[name]) for name in names if current_app.config[name]]


def cause_words(cause: str | None) -> str:
    """What is wrong with the first broken entry, in the reader's language."""
    return str(gettext(cause)) if cause else ""
