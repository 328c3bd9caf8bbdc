"""Coming deadlines: the days that a project's papers and clocks set, kept so that a calendar is quick.

`portfolio.schedule.coming` says which they are. They are written when a project is judged and go by
without being rewritten: whoever reads them leaves out the days that are over.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ForeignKey, Index, String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portfolio.database import Base, table_of
from portfolio.schedule.coming import Deadline


class ComingDeadline(Base):
    """A day on which something of a project falls due; rewritten when the project is judged."""

    __tablename__ = "coming_deadline"
    __table_args__ = (Index("ix_coming_deadline_on", "on", "project_id"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    scope: Mapped[str] = mapped_column(String(200), primary_key=True, default="")
    on: Mapped[date]


_DEADLINES = table_of(ComingDeadline)


def keep_deadlines(session: Session, wanted: Mapping[int, Sequence[Deadline]], on: date) -> None:
    """Store the deadlines of some projects as judged on a day, given by project.

    Only projects whose deadlines differ from what is stored of that day and later are written.
    """
    stored: defaultdict[int, set[Deadline]] = defaultdict(set)
    known = select(_DEADLINES).where(
        _DEADLINES.c.project_id.in_(list(wanted)), _DEADLINES.c.on >= on
    )
    for row in session.execute(known):
        stored[row.project_id].add(Deadline(row.kind, row.scope, row.on))
    changed = [project for project, days in wanted.items() if stored[project] != set(days)]
    if not changed:
        return
    session.execute(delete(_DEADLINES).where(_DEADLINES.c.project_id.in_(changed)))
    rows = [
        day._asdict() | {"project_id": project} for project in changed for day in wanted[project]
    ]
    if rows:
        session.execute(insert(_DEADLINES), rows)
