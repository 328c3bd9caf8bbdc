"""Many projects at once, each with values that can be told from its number."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Self

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portfolio.office.people import Role, User
from portfolio.office.trail import Origin, TrailHead, record_all
from portfolio.register.capital import CapitalKind, CapitalVersion
from portfolio.register.choices import choices
from portfolio.register.counting import count
from portfolio.register.filters import Reading, read_filters
from portfolio.register.find import page
from portfolio.register.line import Clocks, Flagging, RegisterLine
from portfolio.register.line_keeping import reflag_all
from portfolio.register.order import read_order
from portfolio.register.project import STAGES_OF, Listing, Project, ProjectPlace, Stage
from portfolio.register.search import Search
from tests.conftest import AT
from tests.register.desk import BILLION, Desk, officer

NAMES = ("Ấm", "Ăn", "An", "Đăk Hà", "Dak Ha", "ông", "Ong", "Ỷ Lan", "bò sữa")
PLAIN_STAGES = [
    (listing, stage)
    for listing, stages in STAGES_OF.items()
    for stage in stages
    if listing is not Listing.CLOSED and stage is not Stage.SUSPENDED
]
_LATE_SINCE = date(2025, 12, 31)
FLAGGINGS = (
    Flagging("none", 0, "[]", ()),
    Flagging(
        "late",
        6,
        _flags
        := '[{"rule":"INV-LATE","severity":"late","held":false,"since":"2026-01-01","deadline":"2025-12-31"}]',
        ("INV-LATE",),
        Clocks(_LATE_SINCE, _LATE_SINCE),
    ),
    Flagging("late", 9, _flags, ("INV-LATE", "INV-T24"), Clocks(_LATE_SINCE, _LATE_SINCE)),
    Flagging("silent", 4, "[]", ("REP-Q",)),
    Flagging("undated", 3, "[]", ("UNDATED",)),
    Flagging("on_time", 0, "[]", ()),
)


@dataclass(frozen=True)
class Shelf:
    """The desk, a person who sees everything, and how many projects there are."""

    desk: Desk
    reader: User
    number: int

    def search(
        self, db: Session, *, user: User | None = None, sort: str = "", as_of=None, **args
    ) -> Search:
        """A search as an address would ask for it; every filter must be understood."""
        head = db.scalar(select(TrailHead.hash))
        known = choices(db, head)
        person = user or self.reader
        found, unclear = read_filters(args, Reading(known, known.visible_zones(person)))
        assert not unclear, {name: one.text() for name, one in unclear.items()}
        return Search(person, found, read_order(sort, searching="q" in args), as_of)

    def codes(self, db: Session, **asked) -> list[str]:
        """The codes that an address finds, in order; a hundred at most."""
        search = self.search(db, **asked)
        return [line.code for line in page(db, search, count(db, search), 100).lines]


def put_up(db: Session, desk: Desk, number: int = 60) -> Shelf:
    """A register of ``number`` projects, flagged in turn; commits."""
    projects = [_project(desk, i) for i in range(1, number + 1)]
    db.add_all(projects)
    record_all(db, projects, "import_projects", Origin(None, AT))
    lines = db.scalars(
        select(RegisterLine).where(RegisterLine.until.is_(None)).order_by(RegisterLine.code)
    )
    found = {
        line.project_id: FLAGGINGS[i % len(FLAGGINGS)]
        for i, line in enumerate(lines, 1)
        if line.listing == "licensed"
    }
    reflag_all(db, found, AT)
    db.expire_all()
    reader = officer(db, desk, Role.FINANCE_OFFICER)
    db.commit()
    return Shelf(desk, reader, number)


def _project(desk: Desk, i: int) -> Project:
    listing, stage = PLAIN_STAGES[i % len(PLAIN_STAGES)]
    zone = (desk.mang_den, desk.kon_tum, None)[i % 3]
    unit = (*desk.dak_long, desk.mang_den_commune)[i % 4]
    capital = [] if i % 7 == 0 else [_capital(i)]
    return Project(
        code=f"KT-{i:04}",
        name=f"{NAMES[i % len(NAMES)]} số {i}",
        listing=listing,
        stage=stage,
        zone_id=zone,
        sector_id=desk.tourism if i % 2 else None,
        public_source=i % 5 == 0,
        area_asked_ha=Decimal(i % 11 + 1) / 4 if i % 3 else None,
        certificate_no=f"{i * 7 % 97:010}" if i % 6 == 0 else None,
        version=0,
        capital=capital,
        places=[ProjectPlace(unit_id=unit, principal=True)],
    )


def _capital(i: int) -> CapitalVersion:
    # Two projects share each sum, so that equal ones are told apart by their key.
    amount = (i // 2 % 25 + 1) * BILLION / 2
    return CapitalVersion(
        kind=CapitalKind.REGISTERED,
        on=date(2020, 1, 1) + timedelta(days=i),
        amount=amount,
        currency="VND",
        vnd_amount=amount,
    )


class Statements:
    """Counts what is asked of the database while it is open; transactions are not asked."""

    def __init__(self, engine) -> None:
        self.engine, self.said = engine, []

    def __enter__(self) -> Self:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_more) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")):
            self.said.append(statement)
