"""Logging a new project with the few facts that are known on its first day."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office.trail import Origin, record
from portfolio.register.acts.capital import Figure, make_figure
from portfolio.register.acts.papers import Paper
from portfolio.register.acts.people import Part, find_or_add_investor, put_places
from portfolio.register.acts.projects import Facts, log_project
from portfolio.register.investor import InvestorRole, ProjectInvestor
from portfolio.register.papers import ActKind, LegalAct
from portfolio.register.place import Unit
from portfolio.register.project import Listing, Project, Source, Stage
from portfolio.web.errors import Refusal


@dataclass(kw_only=True)
class FirstDay:
    """Everything of the one page on which a project is logged."""

    facts: Facts
    listing: Listing
    stage: Stage
    place: Unit | None = None
    figure: Figure | None = None
    investor_name: str | None = None
    investor_tax_code: str | None = None
    certificate_on: date | None = None
    source: str | None = None
    aliases: list[str] = field(default_factory=list)


def log_first_day(session: Session, first: FirstDay, *, prefix: str, origin: Origin) -> Project:
    """The project with its first parts, in one act and one entry of the trail.

    Raises `Refusal` when neither place nor zone is given, and for all that the acts on parts refuse.
    """
    if first.place is None and first.facts.zone_id is None:
        raise Refusal(N_("Enter where the project lies: a place, a zone, or both."), field="place")
    if first.certificate_on is not None and first.facts.certificate_no is None:
        raise Refusal(
            N_("A day without a number says little: enter the certificate's number as well."),
            field="certificate_no",
        )
    figure = make_figure(first.figure) if first.figure is not None else None
    project = log_project(
        session,
        first.facts,
        listing=first.listing,
        stage=first.stage,
        prefix=prefix,
        origin=origin,
    )
    if first.place is not None:
        put_places(session, project, first.place, [])
    if first.certificate_on is not None and first.facts.certificate_no is not None:
        paper = Paper(
            kind=ActKind.CERTIFICATE,
            number=first.facts.certificate_no[:60],
            issued_on=first.certificate_on,
            source=first.source,
        )
        project.acts.append(LegalAct(**vars(paper)))
    if figure is not None:
        project.capital.append(figure)
    if first.investor_name:
        part = Part(role=InvestorRole.LEAD)
        who = find_or_add_investor(session, first.investor_name, first.investor_tax_code, origin)
        project.investors.append(ProjectInvestor(investor=who, **vars(part)))
    if first.source:
        project.sources.append(Source(about="project", title=first.source[:500]))
    record(session, project, "log_project", origin)
    return project
