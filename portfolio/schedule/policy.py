"""Policy versions: every threshold, article and date of the law of delay, as dated data.

A draft may be changed. An adopted version never is, nor one that was discarded: the session refuses
it (`FinalPolicy`), and so does the database itself.
"""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    event,
    inspect,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base
from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.web.errors import Conflict


class PolicyStatus(enum.StrEnum):
    """A draft may be changed; an adopted policy never, nor one that was given up."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    DISCARDED = "discarded"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "draft": N_("draft"),
            "adopted": N_("adopted"),
            "discarded": N_("discarded"),
        }[self.value]


_DRAFT = text("status = 'draft'")


class PolicyVersion(Base):
    """One version of the rules' parameters, valid from the day of its adoption on.

    One draft is open at a time: versions then come into force in the order of their numbers.
    """

    __tablename__ = "policy_version"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("(status = 'adopted') = (adopted_on IS NOT NULL)", "adopted_has_day"),
        Index(
            "uq_policy_version_draft",
            "status",
            unique=True,
            sqlite_where=_DRAFT,
            postgresql_where=_DRAFT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    status: Mapped[PolicyStatus] = mapped_column(default=PolicyStatus.DRAFT)
    adopted_on: Mapped[date | None]
    adopted_at: Mapped[datetime | None]
    adopted_by: Mapped[str | None] = mapped_column(String(200))
    adopted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    started_by: Mapped[str | None] = mapped_column(String(200))
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str | None] = mapped_column(String(2000), comment="what changes, and why")
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str | None] = mapped_column(String(1000))
    version: Mapped[int] = mapped_column(default=0)


class FinalPolicy(Conflict):
    """An adopted or discarded version would be changed or removed."""

    title = N_("This version can no longer be changed")
    message = N_("Version %(number)s is no longer a draft. Start a new draft instead.")


@event.listens_for(PolicyVersion, "before_update")
def _keep_final(_mapper: Any, _connection: Any, policy: PolicyVersion) -> None:
    state = inspect(policy)
    names = [column.key for column in state.mapper.column_attrs]
    if _was_final(policy) and any(state.attrs[name].history.has_changes() for name in names):
        raise FinalPolicy(number=policy.number)


@event.listens_for(PolicyVersion, "before_delete")
def _keep_row(_mapper: Any, _connection: Any, policy: PolicyVersion) -> None:
    if _was_final(policy):
        raise FinalPolicy(number=policy.number)


def _was_final(policy: PolicyVersion) -> bool:
    """Whether the version was no draft any more when it was read."""
    changed = inspect(policy).attrs.status.history.deleted
    return (changed[0] if changed else policy.status) is not PolicyStatus.DRAFT


# The database itself refuses it too, whatever program asks.
_FINAL = "an adopted policy is never changed"
for _verb in ("UPDATE", "DELETE"):
    event.listen(
        PolicyVersion.__table__,
        "after_create",
        DDL(
            f"CREATE TRIGGER policy_version_no_{_verb.lower()} BEFORE {_verb} ON policy_version"
            f" WHEN OLD.status <> 'draft' BEGIN SELECT RAISE(ABORT, '{_FINAL}'); END"
        ).execute_if(dialect="sqlite"),
    )
event.listen(
    PolicyVersion.__table__,
    "after_create",
    DDL(
        "CREATE OR REPLACE FUNCTION refuse_policy_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_FINAL}'; END $$;"
        " CREATE TRIGGER policy_version_no_change BEFORE UPDATE OR DELETE ON policy_version"
        " FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION refuse_policy_change()"
    ).execute_if(dialect="postgresql"),
)


def state_of_policy(policy: PolicyVersion) -> State:
    """A version as the trail keeps it: its columns and the whole document."""
    return {
        "id": policy.id,
        "number": policy.number,
        "status": policy.status.value,
        "adopted_on": policy.adopted_on.isoformat() if policy.adopted_on else None,
        "adopted_by": policy.adopted_by,
        "started_by": policy.started_by,
        "note": policy.note,
        "source": policy.source,
        "document": policy.document,
    }


class PolicyTrial(Base):
    """A draft tried on the portfolio of a day: who would enter the review list, and who would leave."""

    __tablename__ = "policy_trial"

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"), index=True)
    policy_state: Mapped[int] = mapped_column(comment="version of the draft that was tried")
    on: Mapped[date]
    at: Mapped[datetime]
    tried_by: Mapped[str] = mapped_column(String(200))
    head_seq: Mapped[int] = mapped_column(comment="last entry of the trail that was read")
    result: Mapped[dict[str, Any]] = mapped_column(JSON)


_KNOWN = text("dropped_at IS NULL")


class Holiday(Base):
    """A public holiday; a year without any row is reported in findings, never guessed.

    Rows are not changed: one that was wrong is dropped and stays, so that past days are judged by
    what was known then.
    """

    __tablename__ = "holiday"
    __table_args__ = (
        Index(
            "uq_holiday_known",
            "on",
            unique=True,
            sqlite_where=_KNOWN,
            postgresql_where=_KNOWN,
        ),
        CheckConstraint("(dropped_at IS NULL) = (dropped_why IS NULL)", "dropping_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date]
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(1000))
    added_at: Mapped[datetime | None] = mapped_column(comment="empty: known from the beginning")
    added_by: Mapped[str | None] = mapped_column(String(200))
    dropped_at: Mapped[datetime | None]
    dropped_by: Mapped[str | None] = mapped_column(String(200))
    dropped_why: Mapped[str | None] = mapped_column(String(2000))


class Evaluation(Base):
    """One run of the law of delay over the portfolio."""

    __tablename__ = "evaluation"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    whole: Mapped[bool] = mapped_column(comment="all projects, not only those that were due")
    projects: Mapped[int]
    opened: Mapped[int]
    closed: Mapped[int]
