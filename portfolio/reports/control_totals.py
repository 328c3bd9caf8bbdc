"""Control totals: published counts and sums that lists must reproduce.

The annexes behind them are not public in full. The register never fills them up with invented rows:
it shows how much of each published list it holds.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import String, func, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from portfolio.database import Base
from portfolio.notation import N_
from portfolio.office.people import User
from portfolio.register.figures import RegisterFigure
from portfolio.register.row_rule import visible_to


class ControlTotal(Base):
    """A published figure, its published parts, the sum of these and the verdict, as printed."""

    __tablename__ = "control_total"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    scope: Mapped[str] = mapped_column(String(300))
    metric: Mapped[str] = mapped_column(String(300))
    as_of: Mapped[str | None] = mapped_column(String(60))
    unit: Mapped[str | None] = mapped_column(String(60))
    published: Mapped[str | None] = mapped_column(String(100))
    parts: Mapped[str | None] = mapped_column(String(500))
    computed: Mapped[str | None] = mapped_column(String(200))
    difference: Mapped[str | None] = mapped_column(String(100))
    reconciles: Mapped[str | None] = mapped_column(String(40))
    group: Mapped[str | None] = mapped_column(String(40), comment="list that the figure counts")
    group_count: Mapped[int | None]
    group_billion: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(1000))
    note: Mapped[str | None] = mapped_column(String(2000))


LISTS: dict[str, tuple[str, str, str]] = {
    "implementing": (N_("Licensed, under implementation"), "stage", "implementing"),
    "preparing": (N_("Licensed, in preparation"), "stage", "preparing"),
    "solicited": (N_("Solicited"), "listing", "solicited"),
}
"""The published lists of the dynamic-zone scheme: label, and the filter of the register list."""


@dataclass(frozen=True)
class Coverage:
    """How much of a published list the register holds; capital in đồng."""

    label: str
    filter: str
    published: int
    published_capital: Decimal
    held: int
    held_capital: Decimal
    without_capital: int
    source: str | None


def coverage(session: Session, user: User) -> list[Coverage]:
    """The three published lists beside what ``user`` sees of them in the register."""
    totals = session.scalars(select(ControlTotal).where(ControlTotal.group.in_(LISTS)))
    by_group = {total.group: total for total in totals}
    held = _held(session, user)
    found = []
    for group, (label, kind, ref) in LISTS.items():
        total = by_group.get(group)
        if total is None or total.group_count is None or total.group_billion is None:
            continue
        projects, capital, without_capital = held.get((kind, ref), (0, Decimal(0), 0))
        found.append(
            Coverage(
                label,
                f"{kind}={ref}",
                total.group_count,
                Decimal(total.group_billion) * 10**9,
                int(projects),
                capital,
                int(without_capital),
                total.source,
            )
        )
    return found


def _held(session: Session, user: User) -> dict[tuple[str, str], tuple[int, Decimal, int]]:
    """Projects, capital and projects without it that ``user`` sees, from the figures kept with lines."""
    lists = [(kind, ref) for _label, kind, ref in LISTS.values()]
    query = (
        select(
            RegisterFigure.kind,
            RegisterFigure.ref,
            func.sum(RegisterFigure.projects),
            func.sum(RegisterFigure.capital_vnd),
            func.sum(RegisterFigure.without_capital),
        )
        .where(
            tuple_(RegisterFigure.kind, RegisterFigure.ref).in_(lists),
            visible_to(user, RegisterFigure.zone_id),
        )
        .group_by(RegisterFigure.kind, RegisterFigure.ref)
    )
    return {
        (kind, ref): (projects, capital, without)
        for kind, ref, projects, capital, without in session.execute(query)
    }


def published_totals(session: Session) -> list[ControlTotal]:
    """All control totals, in the order of the seeds."""
    return list(session.scalars(select(ControlTotal).order_by(ControlTotal.id)))
