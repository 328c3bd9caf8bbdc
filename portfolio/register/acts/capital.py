"""Capital figures and the deposit."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.days import Precision
from portfolio.office.trail import Origin, record
from portfolio.register.acts.projects import refuse_unless_may_change
from portfolio.register.capital import CapitalKind, CapitalVersion, Deposit
from portfolio.register.project import Project
from portfolio.web.errors import Refusal


@dataclass(kw_only=True)
class Figure:
    """One capital figure as it is entered: whole currency units."""

    kind: CapitalKind
    amount: Decimal | None = None
    currency: str = "VND"
    on: date | None = None
    on_precision: Precision = Precision.DAY
    rate: Decimal | None = None
    rate_on: date | None = None
    equity: Decimal | None = None
    loan: Decimal | None = None
    state_part: Decimal | None = None
    other_part: Decimal | None = None
    as_printed: str | None = None
    act_id: int | None = None
    source: str | None = None


def make_figure(figure: Figure) -> CapitalVersion:
    """The figure as a row, with its value in đồng. Raises `Refusal` for sums that cannot be."""
    if figure.amount is None and not figure.as_printed:
        raise Refusal(N_("Enter the capital as a number, or the words as printed."), field="amount")
    parts = [figure.equity, figure.loan, figure.state_part, figure.other_part]
    if figure.amount is not None and sum(p for p in parts if p) > figure.amount:
        raise Refusal(
            N_("The parts add up to more than the whole; correct one of them."), field="equity"
        )
    if figure.currency != "VND" and (figure.rate is None) != (figure.rate_on is None):
        raise Refusal(N_("An exchange rate needs its day, and a day its rate."), field="rate")
    return CapitalVersion(**vars(figure), vnd_amount=_in_dong(figure))


def _in_dong(figure: Figure) -> Decimal | None:
    if figure.amount is None or figure.currency == "VND":
        return figure.amount
    if figure.rate is None:
        return None
    return (figure.amount * figure.rate).quantize(Decimal("0.01"), ROUND_HALF_UP)


def add_capital(
    session: Session, project: Project, figure: Figure, origin: Origin
) -> CapitalVersion:
    """A further figure; earlier ones stay as they are."""
    refuse_unless_may_change(session, origin.by, project)
    made = make_figure(figure)
    project.capital.append(made)
    record(session, project, "add_capital", origin)
    return made


def correct_capital(
    session: Session, project: Project, old: CapitalVersion, figure: Figure, origin: Origin
) -> CapitalVersion:
    """Put right what was typed wrongly; the trail keeps the wrong figure and the reason."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    made = make_figure(figure)
    for name in (*vars(figure), "vnd_amount"):
        setattr(old, name, getattr(made, name))
    record(session, project, "correct_capital", origin)
    return old


def remove_capital(
    session: Session, project: Project, figure: CapitalVersion, origin: Origin
) -> None:
    """Take out a figure that was entered by mistake."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    project.capital.remove(figure)
    record(session, project, "remove_capital", origin)


def refuse_without_reason(origin: Origin) -> None:
    """Corrections and removals are explained."""
    if origin.by is not None and not origin.reason:
        raise Refusal(N_("Say why; the trail keeps the reason."), field="reason")


def record_deposit(  # noqa: PLR0913  one form
    session: Session,
    project: Project,
    *,
    required: bool,
    exemption: str | None,
    amount: Decimal | None,
    due_on: date | None,
    paid_on: date | None,
    guarantee_expires_on: date | None,
    source: str | None,
    origin: Origin,
) -> Deposit:
    """What is known of the security for carrying the project out (Article 30)."""
    refuse_unless_may_change(session, origin.by, project)
    if required and exemption:
        raise Refusal(N_("A deposit is either required or exempt, not both."), field="exemption")
    deposit = project.deposit or Deposit(project_id=project.id)
    deposit.required, deposit.exemption, deposit.amount = required, exemption, amount
    deposit.due_on, deposit.paid_on = due_on, paid_on
    deposit.guarantee_expires_on, deposit.source = guarantee_expires_on, source
    project.deposit = deposit
    record(session, project, "record_deposit", origin)
    return deposit
