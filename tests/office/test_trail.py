"""The trail: one entry for each change, sealed, and enough to tell what was known when."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portfolio.office.trail import (
    Origin,
    TrailEntry,
    TrailHead,
    UnrecordedChange,
    changes_between,
    entries_of,
    entry_at,
    journaled_tables,
    pack,
    record,
    unpack,
    verify,
)
from portfolio.register.capital import CapitalKind, CapitalVersion
from portfolio.register.project import Listing, Project, Stage
from tests.conftest import AT, CHECKOUT, SECRET


@pytest.fixture
def project(db: Session, origin: Origin) -> Project:
    made = Project(
        code="KT-0001",
        name="Thủy điện Đăk Mi",
        listing=Listing.SOLICITED,
        stage=Stage.CALLING,
        version=0,
    )
    db.add(made)
    record(db, made, "log_project", origin)
    db.commit()
    return made


def rename(db: Session, project: Project, name: str, origin: Origin) -> None:
    project.name = name
    record(db, project, "correct_project", origin)
    db.commit()


def test_each_act_is_one_entry_with_who_when_why_and_the_state_after_it(
    db: Session, project: Project, origin: Origin
) -> None:
    rename(db, project, "Thủy điện Đăk Mi 1", replace(origin, reason="tên đúng"))
    first, second = entries_of(db, "project", project.id)
    assert (first.act, second.act) == ("log_project", "correct_project")
    assert (second.reason, second.by_name, second.subject_version) == ("tên đúng", "portfolio", 2)
    assert unpack(second.state)["name"] == "Thủy điện Đăk Mi 1"
    assert unpack(first.state)["name"] == "Thủy điện Đăk Mi"


def test_a_change_without_an_entry_cannot_be_saved(db: Session, project: Project) -> None:
    project.name = "lén sửa"
    with pytest.raises(UnrecordedChange, match="Project"):
        db.commit()
    db.rollback()
    db.refresh(project)
    assert project.name == "Thủy điện Đăk Mi"


def test_a_changed_part_without_an_entry_cannot_be_saved(db: Session, project: Project) -> None:
    project.capital.append(CapitalVersion(kind=CapitalKind.ESTIMATED, as_printed="khoảng 5 tỷ"))
    with pytest.raises(UnrecordedChange, match="Project"):
        db.commit()
    db.rollback()


def test_a_rolled_back_act_leaves_no_entry(db: Session, project: Project, origin: Origin) -> None:
    project.name = "khác"
    record(db, project, "correct_project", origin)
    db.rollback()
    assert len(entries_of(db, "project", project.id)) == 1
    assert verify(db, [SECRET]).broken_seq is None


def test_the_register_can_be_read_as_of_a_past_moment(
    db: Session, project: Project, origin: Origin
) -> None:
    rename(db, project, "tên mới", replace(origin, at=AT + timedelta(days=3)))
    before, after = (
        entry_at(db, "project", project.id, AT + timedelta(days=days)) for days in (1, 4)
    )
    assert before is not None
    assert after is not None
    assert unpack(before.state)["name"] == "Thủy điện Đăk Mi"
    assert unpack(after.state)["name"] == "tên mới"
    assert entry_at(db, "project", project.id, AT) is None


@pytest.mark.parametrize(
    "statement", ["UPDATE trail_entry SET act = 'x'", "DELETE FROM trail_entry"]
)
def test_the_database_refuses_to_change_or_delete_entries(
    db: Session, project: Project, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text(statement))
    db.rollback()


def open_the_seal(db: Session) -> None:
    """What someone with the database's own password could do."""
    if db.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            db.execute(text(f"DROP TRIGGER trail_entry_no_{verb}"))
    else:
        db.execute(text("ALTER TABLE trail_entry DISABLE TRIGGER USER"))


@pytest.fixture
def five(db: Session, project: Project, origin: Origin) -> int:
    """Five entries; returns the number of the first."""
    for name in ("a", "b", "c", "d"):
        rename(db, project, name, origin)
    open_the_seal(db)
    assert verify(db, [SECRET]).broken_seq is None
    first = db.scalar(select(TrailEntry.seq).order_by(TrailEntry.seq).limit(1))
    assert first is not None
    return first


def test_a_changed_entry_is_named(db: Session, five: int) -> None:
    db.execute(update(TrailEntry).where(TrailEntry.seq == five + 2).values(reason="giả"))
    assert verify(db, [SECRET]).broken_seq == five + 2


def test_a_deleted_entry_is_named(db: Session, five: int) -> None:
    db.execute(delete(TrailEntry).where(TrailEntry.seq == five + 1))
    assert verify(db, [SECRET]).broken_seq == five + 1


def test_swapped_entries_are_named(db: Session, five: int) -> None:
    states = dict(db.execute(select(TrailEntry.seq, TrailEntry.state)).all())  # type: ignore[arg-type]
    for seq, other in ((five + 1, five + 2), (five + 2, five + 1)):
        db.execute(update(TrailEntry).where(TrailEntry.seq == seq).values(state=states[other]))
    assert verify(db, [SECRET]).broken_seq == five + 1


def test_a_cut_off_end_is_named(db: Session, five: int) -> None:
    db.execute(delete(TrailEntry).where(TrailEntry.seq == five + 4))
    assert verify(db, [SECRET]).broken_seq == five + 4


def test_an_end_cut_off_with_its_head_shows_by_the_signature(db: Session, five: int) -> None:
    db.execute(delete(TrailEntry).where(TrailEntry.seq == five + 4))
    last = db.execute(select(TrailEntry).where(TrailEntry.seq == five + 3)).scalar_one()
    db.execute(update(TrailHead).values(seq=last.seq, hash=last.hash))
    verdict = verify(db, [SECRET])
    assert verdict.broken_seq == five + 3
    assert "secret" in str(verdict.cause)


def test_the_old_secret_still_proves_the_head_while_it_is_being_replaced(
    db: Session, project: Project
) -> None:
    assert verify(db, ["another secret, the new one, of good length", SECRET]).broken_seq is None
    assert verify(db, ["another secret, the new one, of good length"]).broken_seq is not None


def test_two_writers_of_one_version_are_told_apart(
    db: Session, project: Project, origin: Origin
) -> None:
    db.execute(text("UPDATE project SET version = 7 WHERE id = :id"), {"id": project.id})
    project.name = "người thứ hai"
    with pytest.raises(Exception, match="expected to update 1 row") as raised:
        record(db, project, "correct_project", origin)
    assert type(raised.value).__name__ == "StaleDataError"
    db.rollback()


def test_bulk_sql_changes_journaled_tables_nowhere_but_in_the_journal_itself() -> None:
    """`update(Project)` and its like would pass the guard of the session by."""
    allowed = {"office/trail.py", "bench/fill.py"}
    models = {"".join(part.title() for part in table.split("_")) for table in journaled_tables()}
    found = []
    for path in (CHECKOUT / "portfolio").rglob("*.py"):
        name = str(path.relative_to(CHECKOUT / "portfolio"))
        code = path.read_text(encoding="utf-8")
        found += [
            f"{name}: {verb}({model})"
            for model in models
            for verb in ("update", "insert", "delete")
            if f"{verb}({model})" in code and name not in allowed
        ]
    assert found == []


def test_changes_are_told_field_by_field_with_list_items_matched_by_their_id() -> None:
    before = {"name": "A", "capital": [{"id": 1, "amount": "5"}, {"id": 2, "amount": "6"}]}
    after = {"name": "A", "capital": [{"id": 2, "amount": "7"}, {"id": 3, "amount": "8"}]}
    told = {
        (c.path, c.before if not isinstance(c.before, dict) else "…")
        for c in changes_between(before, after)
    }
    assert ("capital[2].amount", "6") in told
    assert {path for path, _ in told} >= {"capital[2].amount"}
    assert not any(path == "name" for path, _ in told)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False).map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), plain, max_size=5))
def test_packing_loses_nothing_and_is_the_same_each_time(state: dict[str, object]) -> None:
    assert unpack(pack(state)) == state
    assert pack(dict(reversed(state.items()))) == pack(state)


def test_equal_sums_give_equal_states(db: Session, project: Project, origin: Origin) -> None:
    project.capital.append(
        CapitalVersion(kind=CapitalKind.ESTIMATED, amount=Decimal("5E9"), vnd_amount=Decimal("5E9"))
    )
    record(db, project, "add_capital", origin)
    db.commit()
    db.expire_all()
    record(db, project, "correct_project", origin)
    db.commit()
    *_, before, after = entries_of(db, "project", project.id)
    assert changes_between(unpack(before.state), unpack(after.state)) == []
