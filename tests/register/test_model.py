"""What must always hold of a project is refused by the database itself, on both."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portfolio.office.trail import Origin, record
from portfolio.register.capital import CapitalKind, CapitalVersion
from portfolio.register.land import Parcel
from portfolio.register.papers import ActKind, LegalAct
from portfolio.register.phases import Pause, PauseStatus, Side
from portfolio.register.place import Unit, UnitLevel
from portfolio.register.project import (
    STAGE_ACTS,
    STAGES_OF,
    Listing,
    Project,
    ProjectPlace,
    Stage,
)


@pytest.fixture
def project(db: Session, origin: Origin) -> Project:
    made = Project(
        code="KT-0001", name="Dự án", listing=Listing.LICENSED, stage=Stage.PREPARING, version=0
    )
    db.add(made)
    record(db, made, "log_project", origin)
    return made


def refuses(db: Session, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        db.flush()
    db.rollback()


@pytest.mark.parametrize("listing", list(Listing))
@pytest.mark.parametrize("stage", list(Stage))
def test_only_stages_of_its_list(db: Session, listing: Listing, stage: Stage) -> None:
    db.add(Project(code="KT-1", name="a", listing=listing, stage=stage, version=0))
    if stage in STAGES_OF[listing] and stage not in STAGE_ACTS:
        db.flush()
    else:
        refuses(db, "listing_fits_stage|stage_has_act")


@pytest.mark.parametrize(("stage", "kind"), STAGE_ACTS.items())
def test_a_stage_that_needs_its_act_stands_with_it_and_falls_without(
    db: Session, project: Project, stage: Stage, kind: ActKind
) -> None:
    act = LegalAct(kind=kind, issued_on=date(2024, 1, 1))
    project.acts.append(act)
    db.flush()
    project.stage_act_id, project.stage_act_kind = act.id, kind
    project.stage = stage
    project.listing = Listing.LICENSED if stage is Stage.SUSPENDED else Listing.CLOSED
    db.flush()
    project.stage_act_id = project.stage_act_kind = None
    refuses(db, "stage_has_act")


def test_the_act_must_be_of_the_right_kind(db: Session, project: Project) -> None:
    act = LegalAct(kind=ActKind.FINE, issued_on=date(2024, 1, 1))
    project.acts.append(act)
    db.flush()
    project.stage, project.listing = Stage.REVOKED, Listing.CLOSED
    project.stage_act_id, project.stage_act_kind = act.id, ActKind.FINE
    refuses(db, "stage_has_act")


def test_the_act_must_be_the_projects_own(db: Session, project: Project) -> None:
    other = Project(
        code="KT-2", name="b", listing=Listing.LICENSED, stage=Stage.PREPARING, version=0
    )
    other.acts = [LegalAct(kind=ActKind.REVOCATION, issued_on=date(2024, 1, 1))]
    db.add(other)
    db.flush()
    project.stage, project.listing = Stage.REVOKED, Listing.CLOSED
    project.stage_act_id, project.stage_act_kind = other.acts[0].id, ActKind.REVOCATION
    refuses(db, "stage_act|FOREIGN KEY")


def test_an_act_a_stage_rests_on_cannot_be_deleted(db: Session, project: Project) -> None:
    act = LegalAct(kind=ActKind.REVOCATION, issued_on=date(2024, 1, 1))
    project.acts.append(act)
    db.flush()
    project.stage, project.listing = Stage.REVOKED, Listing.CLOSED
    project.stage_act_id, project.stage_act_kind = act.id, act.kind
    db.flush()
    project.acts.remove(act)
    refuses(db, "stage_act|FOREIGN KEY")


def test_a_certificate_number_and_a_code_belong_to_one_project(
    db: Session, project: Project
) -> None:
    project.certificate_no = "3862145790"
    db.flush()
    db.add(
        Project(
            code="KT-2",
            name="b",
            listing=Listing.SOLICITED,
            stage=Stage.CALLING,
            certificate_no="3862145790",
            version=0,
        )
    )
    refuses(db, "certificate_no")


AMOUNT = Decimal(100)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({}, "says_something"),
        ({"amount": Decimal(-1), "vnd_amount": Decimal(-1)}, "amount_not_negative|parts_within"),
        ({"amount": AMOUNT, "vnd_amount": Decimal(99)}, "vnd_is_amount"),
        ({"amount": AMOUNT, "currency": "USD", "vnd_amount": AMOUNT}, "foreign_money_has_rate"),
        (
            {"amount": AMOUNT, "vnd_amount": AMOUNT, "equity": Decimal(60), "loan": Decimal(41)},
            "parts_within_amount",
        ),
        ({"amount": AMOUNT, "vnd_amount": AMOUNT, "loan": Decimal(-1)}, "parts_not_negative"),
    ],
)
def test_capital_that_cannot_be(
    db: Session, project: Project, values: dict[str, Any], constraint: str
) -> None:
    project.capital.append(CapitalVersion(kind=CapitalKind.REGISTERED, **values))
    refuses(db, constraint)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        (
            {"handed_over_on": date(2020, 2, 1), "first_used_on": date(2020, 1, 31)},
            "used_after_handover",
        ),
        ({"extension_from": date(2020, 1, 1), "extension_decision": "1/QĐ"}, "extension_whole"),
        (
            {"extension_from": date(2020, 1, 1), "extension_to": date(2021, 1, 1)},
            "extension_has_decision",
        ),
        ({"recovered_on": date(2020, 1, 1)}, "recovery_has_act"),
        ({"area_ha": Decimal(0)}, "area_positive"),
    ],
)
def test_land_that_cannot_be(
    db: Session, project: Project, values: dict[str, Any], constraint: str
) -> None:
    project.parcels.append(Parcel(name="A", **values))
    refuses(db, constraint)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"until": date(2019, 12, 31)}, "ends_after_start"),
        ({"status": PauseStatus.ACCEPTED, "paper": "1/UBND"}, "decision_is_signed"),
    ],
)
def test_pauses_that_cannot_be(
    db: Session, project: Project, values: dict[str, Any], constraint: str
) -> None:
    claim = {"cause": "a", "side": Side.OBJECTIVE, "since": date(2020, 1, 1), "claimed_by": "A"}
    project.pauses.append(Pause(**(claim | values)))
    refuses(db, constraint)


def test_one_principal_place(db: Session, project: Project) -> None:
    units = [
        Unit(
            code=code,
            name=code,
            kind="commune",
            level=UnitLevel.COMMUNE,
            valid_from=date(2025, 7, 1),
            version=0,
        )
        for code in ("23473", "23455")
    ]
    project.places = [ProjectPlace(unit=unit, principal=True) for unit in units]
    refuses(db, "principal|project_place.project_id")
