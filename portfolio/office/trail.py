"""The trail: every change is one sealed entry with the full state after it.

An act function changes a subject and ends with `record`. From the entries alone come the history
of a subject, the register as it stood on a past day, and the proof that nothing was altered. A
session that would commit a changed subject without an entry is refused (`UnrecordedChange`).

Entries form a chain: each carries the SHA-256 of the one before and of its own content. The head of
the chain is signed with the program's secret, so that cutting off the end shows as well.
"""

import hashlib
import hmac
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import DDL, ForeignKey, Index, LargeBinary, String, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from portfolio.database import Base, Moment
from portfolio.office.people import User

State = dict[str, Any]
FIRST_HASH = bytes(32)
PROGRAM, INVESTOR = "portfolio", "investor"
"""The names of those who act without an account."""


class TrailEntry(Base):
    """One change: who, when, by which act and why, and the subject as it stood after it."""

    __tablename__ = "trail_entry"
    __table_args__ = (Index("ix_trail_entry_subject", "subject_kind", "subject_id", "seq"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="empty: the program")
    by_name: Mapped[str] = mapped_column(String(200))
    act: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str | None] = mapped_column(String(2000))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    subject_version: Mapped[int]
    state: Mapped[bytes] = mapped_column(LargeBinary, comment="JSON, compressed with zlib")
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class TrailHead(Base):
    """The last entry, signed. Its one row also makes writers of the trail wait for each other."""

    __tablename__ = "trail_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    seq: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    signature: Mapped[bytes] = mapped_column(LargeBinary(32))


# The database itself refuses to change or delete an entry.
_SEALED = "the trail is append-only"
for _verb in ("UPDATE", "DELETE"):
    event.listen(
        TrailEntry.__table__,
        "after_create",
        DDL(
            f"CREATE TRIGGER trail_entry_no_{_verb.lower()} BEFORE {_verb} ON trail_entry"
            f" BEGIN SELECT RAISE(ABORT, '{_SEALED}'); END"
        ).execute_if(dialect="sqlite"),
    )
event.listen(
    TrailEntry.__table__,
    "after_create",
    DDL(
        "CREATE OR REPLACE FUNCTION refuse_trail_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_SEALED}'; END $$;"
        " CREATE TRIGGER trail_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON trail_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_trail_change()"
    ).execute_if(dialect="postgresql"),
)


@dataclass(frozen=True)
class Kind:
    """How a class of subjects is kept: its name in the trail and how its state is read."""

    name: str
    model: type[Any]
    state_of: Callable[[Any], State]
    after: Callable[[Session, "Sequence[tuple[Any, State, int]]", datetime], None] | None = None
    """Called with (subject, state, seq) of each new entry, to keep read models in step."""


@dataclass(frozen=True)
class Origin:
    """Who acts, when and why; passed through every act function."""

    by: User | None
    at: datetime
    reason: str | None = None
    through_link: bool = False
    """Nobody with an account: an investor who was sent a one-time link."""

    @property
    def by_name(self) -> str:
        """The name the entry keeps even if the person is renamed later; `actor_words` reads it out."""
        if self.by is not None:
            return self.by.name
        return INVESTOR if self.through_link else PROGRAM


class UnrecordedChange(RuntimeError):
    """A journaled row was changed without an entry: a mistake in the program, never of a user."""


Follower = Callable[[Session, Sequence[int], datetime], None]

_kinds: dict[type[Any], Kind] = {}
_followers: defaultdict[str, list[Follower]] = defaultdict(list)
_owners: dict[type[Any], Callable[[Any], Any]] = {}


def journal(kind: Kind, parts: dict[type[Any], Callable[[Any], Any]] | None = None) -> None:
    """Declare a class of subjects, and for each class of its parts how to find the subject."""
    _kinds[kind.model] = kind
    _owners[kind.model] = lambda subject: subject
    _owners.update(parts or {})


def follow(kind_name: str, follower: Follower) -> None:
    """Call ``follower(session, subject ids, moment)`` within each act on subjects of that kind.

    For what must be true at once of a changed subject but is decided by those above it.
    """
    if follower not in _followers[kind_name]:
        _followers[kind_name].append(follower)


def journaled_tables() -> set[str]:
    """Names of the tables that only acts may change."""
    return {model.__tablename__ for model in _owners}


def pack(state: State) -> bytes:
    """The state as it is stored: canonical JSON, compressed."""
    text = json.dumps(state, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return zlib.compress(text.encode(), 6)


def unpack(packed: bytes) -> State:
    """The reverse of `pack`."""
    state: State = json.loads(zlib.decompress(packed))
    return state


def record(session: Session, subject: Any, act: str, origin: Origin) -> int:
    """Close an act on one subject: bump its version and write its entry. Returns its number."""
    return record_all(session, [subject], act, origin)


def record_all(session: Session, subjects: Sequence[Any], act: str, origin: Origin) -> int:
    """Close one act on many subjects of one class, written in one pass. Returns the last number."""
    for subject in subjects:
        subject.version = (subject.version or 0) + 1
    session.flush()
    kind = _kinds[type(subjects[0])]
    states = [kind.state_of(subject) for subject in subjects]
    rows = [
        {
            "by_id": origin.by.id if origin.by else None,
            "by_name": origin.by_name,
            "at": origin.at,
            "act": act,
            "reason": origin.reason,
            "subject_kind": kind.name,
            "subject_id": subject.id,
            "subject_version": subject.version,
            "state": pack(state),
        }
        for subject, state in zip(subjects, states, strict=True)
    ]
    last = append(session, rows)
    first = last - len(rows) + 1
    if kind.after:
        numbered = zip(subjects, states, range(first, last + 1), strict=True)
        kind.after(session, list(numbered), origin.at)
        session.flush()
    for follower in _followers[kind.name]:
        follower(session, [subject.id for subject in subjects], origin.at)
    unrecorded = _unrecorded(session)
    for subject in subjects:
        unrecorded.discard((type(subject), subject.id))
    return last


def append(session: Session, rows: list[dict[str, Any]]) -> int:
    """Chain ``rows`` (without seq and hashes) to the end of the trail. Returns the last number."""
    head = session.execute(select(TrailHead).with_for_update()).scalar_one_or_none()
    seq, previous = (head.seq, head.hash) if head else (0, FIRST_HASH)
    for row in rows:
        seq += 1
        row["seq"], row["previous_hash"] = seq, previous
        row["hash"] = previous = _hash(row)
    session.execute(insert(TrailEntry), rows)
    values = {"seq": seq, "hash": previous, "signature": _sign(seq, previous)}
    if head is None:
        session.execute(insert(TrailHead).values(id=1, **values))
    else:
        session.execute(
            update(TrailHead).values(**values), execution_options={"synchronize_session": False}
        )
        session.expire(head)
    return seq


def _hash(entry: dict[str, Any]) -> bytes:
    content = json.dumps(
        [
            entry["seq"],
            entry["at"].isoformat(timespec="microseconds"),
            entry["by_id"],
            entry["by_name"],
            entry["act"],
            entry["reason"],
            entry["subject_kind"],
            entry["subject_id"],
            entry["subject_version"],
        ],
        ensure_ascii=False,
    )
    return hashlib.sha256(
        entry["previous_hash"] + content.encode() + b"\0" + entry["state"]
    ).digest()


def _sign(seq: int, head: bytes, secret: str | None = None) -> bytes:
    key = (secret or current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, b"trail head %d " % seq + head, "sha256")


# Reading --------------------------------------------------------------------------------------


def entries_of(session: Session, kind: str, subject_id: int) -> list[TrailEntry]:
    """All entries of one subject, oldest first."""
    query = (
        select(TrailEntry)
        .where(TrailEntry.subject_kind == kind, TrailEntry.subject_id == subject_id)
        .order_by(TrailEntry.seq)
    )
    return list(session.scalars(query))


def entry_at(session: Session, kind: str, subject_id: int, before: datetime) -> TrailEntry | None:
    """The last entry of a subject written before a moment, or None if it was not known then."""
    query = (
        select(TrailEntry)
        .where(
            TrailEntry.subject_kind == kind,
            TrailEntry.subject_id == subject_id,
            TrailEntry.at < before,
        )
        .order_by(TrailEntry.seq.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


@dataclass(frozen=True)
class FieldChange:
    """One field before and after an entry; ``path`` is like ``capital[2].amount``."""

    path: str
    before: Any
    after: Any


def changes_between(before: State | None, after: State) -> list[FieldChange]:
    """What differs between two states, field by field; list items are matched by their id."""
    return list(_differences("", before or {}, after))


def _differences(path: str, before: Any, after: Any) -> Iterator[FieldChange]:
    if before == after:
        return
    if isinstance(before, list | None) and isinstance(after, list | None):
        before, after = _by_id(before or []), _by_id(after or [])
        names = list(dict.fromkeys([*before, *after]))
        for name in names:
            yield from _differences(f"{path}[{name}]", before.get(name), after.get(name))
    elif isinstance(before, dict | None) and isinstance(after, dict | None) and (before or after):
        old, new = before or {}, after or {}
        for name in dict.fromkeys([*old, *new]):
            inner = f"{path}.{name}" if path else str(name)
            yield from _differences(inner, old.get(name), new.get(name))
    else:
        yield FieldChange(path, before, after)


def _by_id(items: list[Any]) -> dict[Any, Any]:
    return {
        item.get("id", number) if isinstance(item, dict) else number: item
        for number, item in enumerate(items, 1)
    }


# Proof ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """The result of reading the whole chain: how many entries, and the first broken one if any."""

    entries: int
    broken_seq: int | None = None
    cause: str | None = None


def verify(session: Session, secrets: Iterable[str]) -> Verdict:
    """Read the trail from the first entry to the signed head and name the first broken entry."""
    seq, previous = 0, FIRST_HASH
    columns = TrailEntry.__table__.columns
    for row in session.execute(select(*columns).order_by(columns.seq)).yield_per(2000).mappings():
        cause = _fault_of(row, seq + 1, previous)
        if cause is not None:
            return Verdict(seq, seq + 1, cause)
        seq, previous = seq + 1, row["hash"]
    head = session.execute(select(TrailHead)).scalar_one_or_none()
    return _judge_end(head, seq, previous, secrets)


def _fault_of(row: Any, expected: int, previous: bytes) -> str | None:
    if row["seq"] != expected:
        return "missing"
    if row["previous_hash"] != previous:
        return "does not follow the entry before it"
    return None if row["hash"] == _hash(dict(row)) else "was changed after it was written"


def _judge_end(head: TrailHead | None, seq: int, last: bytes, secrets: Iterable[str]) -> Verdict:
    if head is None:
        return Verdict(seq, seq, "has no signed head") if seq else Verdict(0)
    if head.seq > seq:
        return Verdict(seq, seq + 1, "missing")
    if head.seq < seq or head.hash != last:
        return Verdict(seq, head.seq + 1, "is not the one that the head names")
    if not any(hmac.compare_digest(head.signature, _sign(seq, last, key)) for key in secrets):
        return Verdict(seq, seq, "has a head that was not signed with this program's secret")
    return Verdict(seq)


# Guard ----------------------------------------------------------------------------------------


def _unrecorded(session: Session) -> set[tuple[type[Any], Any]]:
    found: set[tuple[type[Any], Any]] = session.info.setdefault("unrecorded", set())
    return found


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, _context: UOWTransaction) -> None:
    touched = [*session.new, *session.deleted]
    touched += [item for item in session.dirty if session.is_modified(item)]
    for item in touched:
        owner = _owners.get(type(item))
        if owner is not None:
            subject = owner(item)
            _unrecorded(session).add((type(subject), subject.id))


@event.listens_for(Session, "before_commit")
def _refuse_unrecorded(session: Session) -> None:
    session.flush()
    missing = _unrecorded(session)
    if missing and not session.in_nested_transaction():
        names = ", ".join(sorted(f"{model.__name__} {key}" for model, key in missing))
        message = f"changed without an entry in the trail: {names}"
        raise UnrecordedChange(message)


@event.listens_for(Session, "after_rollback")
def _forget_changes(session: Session) -> None:
    session.info.pop("unrecorded", None)
