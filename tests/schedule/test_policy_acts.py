"""Drafts of the policy: started, changed with reasons, given up, adopted by somebody else, then final."""

import copy
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portfolio.office.job import Job
from portfolio.office.people import Role, User
from portfolio.office.trail import entries_of, unpack
from portfolio.schedule.duties import REJUDGE
from portfolio.schedule.flags import Flag
from portfolio.schedule.in_force import law_on
from portfolio.schedule.policy import FinalPolicy, PolicyStatus, PolicyVersion
from portfolio.schedule.policy_acts import (
    BeforeTheLast,
    DraftOpen,
    NeedsReason,
    OwnDraft,
    StaleTrial,
    adopt_draft,
    authors_of,
    change_draft,
    discard_draft,
    find_draft,
    find_version,
    open_draft,
    start_draft,
)
from portfolio.web.errors import HiddenRecord
from tests.conftest import AT, ON, add_person
from tests.schedule.policy_desk import Desk, desk_with, rule_of, with_months

DAY = timedelta(days=1)


@pytest.fixture
def desk(world: Session) -> Desk:
    return desk_with(world, made=0)


def adopt(desk: Desk, draft: PolicyVersion, at=AT, by: User | None = None) -> None:
    trial = desk.trial(draft, at)
    adopt_draft(desk.db, draft, trial, desk.origin(by or desk.leader, at))


def test_a_draft_is_a_copy_of_the_version_in_force(desk: Desk) -> None:
    draft = start_draft(desk.db, desk.origin(desk.finance, why="Rà soát sớm hơn"))
    first = find_version(desk.db, 1)
    assert (draft.number, draft.status) == (2, PolicyStatus.DRAFT)
    assert (draft.started_by, draft.note) == (desk.finance.name, "Rà soát sớm hơn")
    assert draft.document["rules"] == first.document["rules"]
    assert draft.document["version"] == 2
    assert draft.document["adopted_on"] is None
    assert open_draft(desk.db) is draft
    assert law_on(desk.db, ON).policy.version == 1


def test_the_first_day_of_report_duties_is_written_out(desk: Desk) -> None:
    first = find_version(desk.db, 1)
    bare = copy.deepcopy(first.document)
    for duty in bare["report_duties"]:
        del duty["from"]
    desk.db.expunge(first)
    unsealed(desk.db, "UPDATE policy_version SET document = :document WHERE number = 1", bare)
    draft = start_draft(desk.db, desk.origin(desk.finance))
    assert {duty["from"] for duty in draft.document["report_duties"]} == {"2026-11-22"}


def unsealed(db: Session, statement: str, document) -> None:
    """Write past the seal, as no program of ours can: for documents that older programs made."""
    table = PolicyVersion.__table__
    if db.get_bind().dialect.name == "sqlite":
        kept = db.execute(
            text("SELECT sql FROM sqlite_master WHERE name = 'policy_version_no_update'")
        ).scalar_one()
        db.execute(text("DROP TRIGGER policy_version_no_update"))
    else:
        db.execute(text("ALTER TABLE policy_version DISABLE TRIGGER policy_version_no_change"))
    db.execute(update(table).where(table.c.number == 1).values(document=document))
    if db.get_bind().dialect.name == "sqlite":
        db.execute(text(kept))
    else:
        db.execute(text("ALTER TABLE policy_version ENABLE TRIGGER policy_version_no_change"))


def test_one_draft_is_open_at_a_time(desk: Desk) -> None:
    start_draft(desk.db, desk.origin(desk.finance))
    with pytest.raises(DraftOpen) as refused:
        start_draft(desk.db, desk.origin(desk.other))
    assert refused.value.params == {"number": 2}


def test_the_database_knows_it_too(desk: Desk) -> None:
    start_draft(desk.db, desk.origin(desk.finance))
    second = {"number": 3, "status": PolicyStatus.DRAFT, "document": {}, "version": 0}
    with pytest.raises(DBAPIError), desk.db.begin_nested():
        desk.db.execute(PolicyVersion.__table__.insert().values(**second))


@pytest.mark.parametrize("why", [None, "", "   "])
def test_nothing_happens_without_a_reason(desk: Desk, why: str | None) -> None:
    with pytest.raises(NeedsReason):
        start_draft(desk.db, desk.origin(desk.finance, why=why))
    draft = desk.draft()
    without = desk.origin(desk.finance, why=why)
    with pytest.raises(NeedsReason):
        change_draft(desk.db, draft, with_months(draft.document, "STALLED", 6), without)
    with pytest.raises(NeedsReason):
        discard_draft(desk.db, draft, without)
    trial = desk.trial(draft)
    with pytest.raises(NeedsReason):
        adopt_draft(desk.db, draft, trial, desk.origin(desk.leader, why=why))


def test_each_save_is_an_entry_of_the_trail_and_no_change_is_none(desk: Desk) -> None:
    draft = desk.draft()
    assert not desk.change(draft, copy.deepcopy(draft.document))
    assert desk.change(draft, with_months(draft.document, "SUS-12", 6), by=desk.other)
    entries = entries_of(desk.db, "policy", draft.id)
    assert [entry.act for entry in entries] == ["start_policy", "change_policy", "change_policy"]
    stated = [
        rule_of(unpack(entry.state)["document"], "SUS-12")["settings"]["months"]
        for entry in entries
    ]
    assert stated == [12, 12, 6]
    assert authors_of(desk.db, draft) == {desk.finance.id, desk.other.id}


def test_a_discarded_draft_stays_and_its_number_is_not_used_again(desk: Desk) -> None:
    draft = desk.draft()
    discard_draft(desk.db, draft, desk.origin(desk.finance, why="Chưa cần"))
    desk.db.commit()
    assert find_version(desk.db, 2).status is PolicyStatus.DISCARDED
    assert entries_of(desk.db, "policy", draft.id)[-1].reason == "Chưa cần"
    with pytest.raises(FinalPolicy):
        find_draft(desk.db, 2)
    with pytest.raises(FinalPolicy):
        desk.change(draft, with_months(draft.document, "STALLED", 3))
    assert start_draft(desk.db, desk.origin(desk.finance)).number == 3


@pytest.mark.parametrize("number", [0, -1, 99, 2**31, 2**63, 10**40])
def test_a_number_without_a_version_is_not_there(desk: Desk, number: int) -> None:
    with pytest.raises(HiddenRecord):
        find_version(desk.db, number)


# Adopting -------------------------------------------------------------------------------------


def test_adoption_puts_the_draft_into_force_from_today_on(desk: Desk) -> None:
    draft = desk.draft()
    adopt(desk, draft)
    assert draft.status is PolicyStatus.ADOPTED
    assert (draft.adopted_on, draft.adopted_at, draft.adopted_by) == (ON, AT, desk.leader.name)
    assert draft.document["adopted_on"] == ON.isoformat()
    law = law_on(desk.db, ON)
    assert (law.id, law.policy.rules["STALLED"].months) == (draft.id, 9)
    assert entries_of(desk.db, "policy", draft.id)[-1].act == "adopt_policy"


def test_days_before_are_judged_by_the_version_of_that_time(desk: Desk) -> None:
    draft = desk.draft()
    adopt(desk, draft, at=AT + 3 * DAY)
    versions = {
        day: law_on(desk.db, day).policy.version for day in (ON, ON + 2 * DAY, ON + 3 * DAY)
    }
    assert list(versions.values()) == [1, 1, 2]
    assert law_on(desk.db, date(2020, 1, 1)).policy.rules["STALLED"].months == 12


def test_of_two_adopted_on_one_day_the_later_one_counts(desk: Desk) -> None:
    adopt(desk, desk.draft(9))
    second = desk.draft(6)
    adopt(desk, second, at=AT + timedelta(hours=1))
    assert law_on(desk.db, ON).policy.rules["STALLED"].months == 6


def test_whoever_started_or_edited_it_does_not_adopt_it(desk: Desk) -> None:
    draft = desk.draft()
    both = add_person(desk.db, desk.leader.office, Role.LEADER, email="both@example.org")
    desk.change(draft, with_months(draft.document, "SUS-12", 6), by=both)
    trial = desk.trial(draft)
    for author in (desk.finance, both):
        with pytest.raises(OwnDraft):
            adopt_draft(desk.db, draft, trial, desk.origin(author))
    adopt_draft(desk.db, draft, trial, desk.origin(desk.leader))


def test_it_is_adopted_once(desk: Desk) -> None:
    draft = desk.draft()
    trial = desk.trial(draft)
    adopt_draft(desk.db, draft, trial, desk.origin(desk.leader))
    again = add_person(desk.db, desk.leader.office, Role.LEADER, email="again@example.org")
    with pytest.raises(FinalPolicy):
        adopt_draft(desk.db, draft, trial, desk.origin(again))


def test_nothing_is_adopted_untried_or_before_the_version_in_force(desk: Desk) -> None:
    draft = desk.draft()
    with pytest.raises(StaleTrial):
        adopt_draft(desk.db, draft, None, desk.origin(desk.leader))
    with pytest.raises(BeforeTheLast):
        adopt(desk, draft, at=AT - DAY)


def test_a_worker_goes_over_all_projects_afterwards(desk: Desk) -> None:
    adopt(desk, desk.draft())
    assert [job.by_id for job in desk.db.scalars(select(Job).where(Job.kind == REJUDGE))] == [
        desk.leader.id
    ]


# What is adopted is final ---------------------------------------------------------------------


@pytest.mark.parametrize(("name", "value"), [("document", {}), ("number", 7), ("note", "khác"), ("status", PolicyStatus.DRAFT)])  # fmt: skip
def test_the_session_refuses_to_alter_an_adopted_version(
    desk: Desk, name: str, value: object
) -> None:
    setattr(find_version(desk.db, 1), name, value)
    with pytest.raises(FinalPolicy):
        desk.db.flush()


def test_the_session_refuses_to_delete_one(desk: Desk) -> None:
    desk.db.delete(find_version(desk.db, 1))
    with pytest.raises(FinalPolicy):
        desk.db.flush()


STATEMENTS = {
    "document": update(PolicyVersion).values(document={}),
    "number": update(PolicyVersion).values(number=PolicyVersion.number + 5),
    "adopted_on": update(PolicyVersion).values(adopted_on=date(2020, 1, 1)),
    "delete": delete(PolicyVersion),
}


@pytest.mark.parametrize("what", STATEMENTS)
@pytest.mark.parametrize("status", ["adopted", "discarded"])
def test_the_database_refuses_it_whoever_asks(desk: Desk, what: str, status: str) -> None:
    if status == "discarded":
        discard_draft(desk.db, desk.draft(), desk.origin(desk.finance))
    of_status = PolicyVersion.status == PolicyStatus(status)
    statement = STATEMENTS[what].where(of_status)
    with pytest.raises(DBAPIError, match="never changed"), desk.db.begin_nested():
        desk.db.execute(statement, execution_options={"synchronize_session": False})
    assert desk.db.scalars(select(PolicyVersion).where(of_status)).one()


def test_a_draft_may_be_changed_in_the_database(desk: Desk) -> None:
    draft = desk.draft()
    desk.db.execute(
        update(PolicyVersion).where(PolicyVersion.id == draft.id).values(source="khác"),
        execution_options={"synchronize_session": False},
    )
    desk.db.refresh(draft)
    assert draft.source == "khác"


def test_flags_name_the_version_they_were_found_by(world: Session) -> None:
    desk = desk_with(world, made=60)
    first = law_on(world, ON).id
    assert set(world.scalars(select(Flag.policy_id))) == {first}
    draft = desk.draft()
    adopt(desk, draft)
    open_now = world.scalars(select(Flag.policy_id).where(Flag.closed_on.is_(None)))
    assert set(open_now) == {draft.id}
    assert first in set(world.scalars(select(Flag.policy_id)))
