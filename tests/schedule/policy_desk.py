"""People and a portfolio for the tests of the policy: drafts, trials, adoption."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.bench.fill import fill
from portfolio.office.people import OfficeKind, Role, User
from portfolio.office.trail import Origin
from portfolio.register.acts.land import ParcelFacts, add_parcel
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.acts.projects import Facts, log_project
from portfolio.register.papers import ActKind
from portfolio.register.project import Listing, Project, Stage
from portfolio.schedule.evaluate import evaluate_portfolio
from portfolio.schedule.flags import Flag
from portfolio.schedule.in_force import law_on
from portfolio.schedule.policy import PolicyTrial, PolicyVersion
from portfolio.schedule.policy_acts import change_draft, start_draft
from portfolio.schedule.policy_trial import make_trial
from portfolio.schedule.review_list import on_the_list
from tests.conftest import AT, ON, add_office, add_person

MADE = 300


@dataclass
class Desk:
    """The register with projects, and who writes and adopts policies."""

    db: Session
    finance: User
    other: User
    leader: User

    def origin(self, by: User, at: datetime = AT, why: str = "Theo chỉ đạo") -> Origin:
        return Origin(by, at, why)

    def draft(self, months: int = 9) -> PolicyVersion:
        """A draft with another term of silence until a project is stalled."""
        draft = start_draft(self.db, self.origin(self.finance))
        self.change(draft, with_months(draft.document, "STALLED", months))
        return draft

    def change(
        self, draft: PolicyVersion, document: dict[str, Any], by: User | None = None
    ) -> bool:
        return change_draft(self.db, draft, document, self.origin(by or self.finance))

    def trial(self, draft: PolicyVersion, at: datetime = AT) -> PolicyTrial:
        """The draft tried, and the result stored."""

        @contextmanager
        def reading() -> Iterator[Session]:
            yield self.db

        found = make_trial(reading, draft.number, at=at, by="Người thử")
        self.db.add(found)
        self.db.flush()
        return found

    def listed(self) -> set[int]:
        """The projects on the stored review list."""
        law = law_on(self.db, ON)
        return set(self.db.scalars(select(Flag.project_id).where(on_the_list(law, ON))))


def desk_with(db: Session, made: int = MADE) -> Desk:
    """Projects filled in and judged, two officers of finance, a leader."""
    if made:
        fill(db, made, AT)
        quiet_projects(db)
        evaluate_portfolio(db, on=ON, at=AT, whole=True)
    origin = Origin(None, AT)
    finance = add_office(db, origin, "finance-desk", OfficeKind.FINANCE)
    committee = add_office(db, origin, "committee-desk", OfficeKind.COMMITTEE)
    return Desk(
        db,
        add_person(db, finance, Role.FINANCE_OFFICER),
        add_person(db, finance, Role.FINANCE_OFFICER, email="second@example.org"),
        add_person(db, committee, Role.LEADER),
    )


def with_months(document: dict[str, Any], rule_id: str, months: int) -> dict[str, Any]:
    """A copy of a policy in which a rule has another term."""
    changed = copy.deepcopy(document)
    rule_of(changed, rule_id)["settings"]["months"] = months
    return changed


def rule_of(document: dict[str, Any], rule_id: str) -> dict[str, Any]:
    return next(rule for rule in document["rules"] if rule["id"] == rule_id)


QUIET = date(2026, 1, 20)
"""Ten months before the day of the tests: stalled by a term of nine months, not yet by one of twelve."""


def quiet_projects(db: Session) -> list[Project]:
    """Licensed ten months ago and nothing heard since: with parcels, with an area asked, with neither."""
    origin = Origin(None, AT)
    made = []
    for number, area in enumerate((Decimal(4), Decimal("2.5"), None), 1):
        facts = Facts(name=f"Dự án im lặng {number}", area_asked_ha=area)
        project = log_project(
            db, facts, listing=Listing.LICENSED, stage=Stage.PREPARING, prefix="IM", origin=origin
        )
        add_act(db, project, Paper(kind=ActKind.POLICY_APPROVAL, issued_on=QUIET), origin)
        made.append(project)
    for area in (Decimal("1.5"), Decimal("0.25")):
        add_parcel(db, made[0], ParcelFacts(name=f"Thửa {area}", area_ha=area), origin)
    return made
