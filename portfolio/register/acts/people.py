"""Investors of a project, its places and its other names."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.fold import fold
from portfolio.office.people import User
from portfolio.office.trail import Origin, record
from portfolio.register.acts.capital import refuse_without_reason
from portfolio.register.acts.projects import refuse_unless_may_change
from portfolio.register.investor import Investor, InvestorRole, ProjectInvestor
from portfolio.register.investor_acts import bare_name, seen_by
from portfolio.register.place import Unit
from portfolio.register.project import Alias, Project, ProjectPlace
from portfolio.web.errors import Conflict, Refusal


@dataclass(kw_only=True)
class Part:
    """An investor's part in a project as it is entered; ``share`` in percent."""

    role: InvestorRole
    share: Decimal | None = None
    since: date | None = None
    until: date | None = None


def find_or_add_investor(
    session: Session, name: str, tax_code: str | None, origin: Origin
) -> Investor:
    """The investor with this tax code, else with this very name, else a new one.

    Raises `Conflict` when the tax code belongs to an enterprise of quite another name.
    """
    by_code = select(Investor).where(Investor.tax_code == tax_code)
    found = session.scalars(by_code).one_or_none() if tax_code else None
    if found is not None and bare_name(found.name) != bare_name(name):
        seen = origin.by is None or session.scalar(
            select(Investor.id).where(Investor.id == found.id, seen_by(origin.by))
        )
        message = N_("This tax code belongs to %(name)s; correct the code or the name.")
        hidden = N_("This tax code belongs to an investor of another name; check both.")
        raise Conflict(message if seen else hidden, field="tax_code", name=found.name)
    if found is None:
        same_name = select(Investor).where(Investor.name == name)
        if tax_code:
            same_name = same_name.where(Investor.tax_code.is_(None))
        found = session.scalars(same_name.order_by(Investor.id)).first()
    while found is not None and found.merged_into_id is not None:
        found = session.get(Investor, found.merged_into_id)
    if found is None:
        found = Investor(name=name, folded=fold(name)[:400], tax_code=tax_code)
        session.add(found)
        record(session, found, "add_investor", origin)
    return found


def look_alikes(session: Session, name: str, user: User) -> list[Investor]:
    """Investors whom ``user`` sees and who may be the same; proposed, never merged alone."""
    bare = bare_name(name)
    query = select(Investor).where(
        Investor.folded.contains(bare, autoescape=True),
        Investor.merged_into_id.is_(None),
        seen_by(user),
    )
    return [one for one in session.scalars(query.limit(200)) if bare_name(one.name) == bare][:8]


def add_investor(
    session: Session, project: Project, investor: Investor, part: Part, origin: Origin
) -> ProjectInvestor:
    """Give an investor a part in the project."""
    refuse_unless_may_change(session, origin.by, project)
    _refuse_unfit(project, part, None)
    made = ProjectInvestor(investor=investor, **vars(part))
    project.investors.append(made)
    record(session, project, "add_investor_part", origin)
    return made


def correct_investor(
    session: Session, project: Project, link: ProjectInvestor, part: Part, origin: Origin
) -> None:
    """Correct or end an investor's part."""
    refuse_unless_may_change(session, origin.by, project)
    _refuse_unfit(project, part, link)
    for name, value in vars(part).items():
        setattr(link, name, value)
    record(session, project, "correct_investor_part", origin)


def remove_investor(
    session: Session, project: Project, link: ProjectInvestor, origin: Origin
) -> None:
    """Take out a part that was entered by mistake."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    project.investors.remove(link)
    record(session, project, "remove_investor_part", origin)


def _refuse_unfit(project: Project, part: Part, link: ProjectInvestor | None) -> None:
    if part.since and part.until and part.until < part.since:
        raise Refusal(N_("The end lies before the start."), field="until")
    others = sum(
        other.share
        for other in project.investors
        if other is not link and other.share and other.role is not InvestorRole.FORMER
    )
    if part.share and part.role is not InvestorRole.FORMER and others + part.share > 100:  # noqa: PLR2004
        raise Refusal(
            N_("The shares add up to more than 100%; correct one of them."), field="share"
        )


def set_places(
    session: Session, project: Project, principal: Unit | None, further: list[Unit], origin: Origin
) -> None:
    """Say where the project lies: one principal unit and any number of further ones."""
    refuse_unless_may_change(session, origin.by, project)
    put_places(session, project, principal, further)
    record(session, project, "set_places", origin)


def put_places(
    session: Session, project: Project, principal: Unit | None, further: list[Unit]
) -> None:
    """Change the rows; the act that calls closes with its entry."""
    if principal is None and further:
        raise Refusal(N_("Choose the principal place as well."), field="principal")
    wanted = {unit.id: unit for unit in [*further, *([principal] if principal else [])]}
    kept = {place.unit_id: place for place in project.places}
    for place in project.places:
        place.principal = False
    # The old principal must be gone before the new one stands: the database allows only one.
    session.flush()
    project.places = [kept.get(key) or ProjectPlace(unit=unit) for key, unit in wanted.items()]
    session.flush()
    for place in project.places:
        place.principal = principal is not None and place.unit_id == principal.id


def set_aliases(session: Session, project: Project, names: list[str], origin: Origin) -> None:
    """Other names and spellings under which the project is looked for."""
    refuse_unless_may_change(session, origin.by, project)
    kept = {alias.name: alias for alias in project.aliases}
    project.aliases = [kept.get(name) or Alias(name=name) for name in dict.fromkeys(names)]
    record(session, project, "set_aliases", origin)
