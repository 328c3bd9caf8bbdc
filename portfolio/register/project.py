"""The project: one record from its first advertisement to its closing."""

import enum
from datetime import date
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.database import Base, Hectares, Measure
from portfolio.notation import N_
from portfolio.notation.days import Precision
from portfolio.office.people import Office
from portfolio.register.capital import CapitalVersion, Deposit
from portfolio.register.circumstances import Circumstance
from portfolio.register.investor import ProjectInvestor
from portfolio.register.land import Parcel
from portfolio.register.marks import DelayMark
from portfolio.register.papers import ActKind, LegalAct, StoredFile
from portfolio.register.phases import Pause, Phase, ScheduleVersion
from portfolio.register.place import Unit
from portfolio.register.progress import ProgressReport
from portfolio.register.sector import Sector
from portfolio.register.zone import Zone


class Listing(enum.StrEnum):
    """The list that a project stands on."""

    SOLICITED = "solicited"
    REGISTERED = "registered"
    LICENSED = "licensed"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "solicited": N_("Solicited"),
            "registered": N_("Investor registered"),
            "licensed": N_("Licensed"),
            "closed": N_("Closed"),
        }[self.value]


class Stage(enum.StrEnum):
    """What is physically true of a project. Being late is never a stage: it is computed."""

    CALLING = "calling"
    INTERESTED = "interested"
    SURVEYING = "surveying"
    PREPARING = "preparing"
    IMPLEMENTING = "implementing"
    BUILT_IDLE = "built_idle"
    OPERATING = "operating"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return _STAGES[self]


_FOLLOWED_BY_HAND = text("followed_by_id IS NOT NULL")
_STAGES = {
    Stage.CALLING: N_("Seeking investors"),
    Stage.INTERESTED: N_("Investor interested"),
    Stage.SURVEYING: N_("Surveying"),
    Stage.PREPARING: N_("Preparing procedures"),
    Stage.IMPLEMENTING: N_("Under implementation"),
    Stage.BUILT_IDLE: N_("Built, not operating"),
    Stage.OPERATING: N_("Operating"),
    Stage.SUSPENDED: N_("Suspended"),
    Stage.TERMINATED: N_("Terminated"),
    Stage.REVOKED: N_("Revoked"),
    Stage.WITHDRAWN: N_("Withdrawn from the list"),
}

STAGES_OF: dict[Listing, tuple[Stage, ...]] = {
    Listing.SOLICITED: (Stage.CALLING, Stage.INTERESTED),
    Listing.REGISTERED: (Stage.INTERESTED, Stage.SURVEYING),
    Listing.LICENSED: (
        Stage.PREPARING,
        Stage.IMPLEMENTING,
        Stage.BUILT_IDLE,
        Stage.OPERATING,
        Stage.SUSPENDED,
    ),
    Listing.CLOSED: (Stage.TERMINATED, Stage.REVOKED, Stage.WITHDRAWN),
}

STAGE_ACTS: dict[Stage, ActKind] = {
    Stage.SUSPENDED: ActKind.SUSPENSION,
    Stage.TERMINATED: ActKind.TERMINATION,
    Stage.REVOKED: ActKind.REVOCATION,
    Stage.WITHDRAWN: ActKind.WITHDRAWAL,
}
"""Stages that exist if and only if the project holds the legal act of that kind."""


class Form(enum.StrEnum):
    """How an investor is chosen or invests."""

    OWN_FUNDS = "own_funds"
    PPP = "ppp"
    LAND_AUCTION = "land_auction"
    BIDDING = "bidding"
    INVESTOR_APPROVAL = "investor_approval"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "own_funds": N_("Own funds"),
            "ppp": N_("Public-private partnership"),
            "land_auction": N_("Land-use auction"),
            "bidding": N_("Bidding for an investor"),
            "investor_approval": N_("Investor approval"),
            "other": N_("Other form"),
        }[self.value]


def _quoted(values: tuple[enum.StrEnum, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


_LISTING_FITS_STAGE = " OR ".join(
    f"(listing = '{listing}' AND stage IN ({_quoted(stages)}))"
    for listing, stages in STAGES_OF.items()
)
_STAGE_HAS_ACT = " OR ".join(
    [
        *(
            # Without IS NOT NULL the comparison is unknown, and a CHECK lets the unknown pass.
            f"(stage = '{stage}' AND stage_act_kind IS NOT NULL AND stage_act_kind = '{kind}')"
            for stage, kind in STAGE_ACTS.items()
        ),
        f"(stage NOT IN ({_quoted(tuple(STAGE_ACTS))}) AND stage_act_kind IS NULL)",
    ]
)


class Project(Base):
    """An investment project. Its parts hang on it and change only through the acts of `acts`."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint(_LISTING_FITS_STAGE, "listing_fits_stage"),
        CheckConstraint(_STAGE_HAS_ACT, "stage_has_act"),
        CheckConstraint("(stage_act_id IS NULL) = (stage_act_kind IS NULL)", "stage_act_whole"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", "point_whole"),
        CheckConstraint(
            "latitude IS NULL OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)",
            "point_on_earth",
        ),
        CheckConstraint("area_asked_ha IS NULL OR area_asked_ha > 0", "area_positive"),
        CheckConstraint("term_years IS NULL OR term_years BETWEEN 1 AND 99", "term_sensible"),
        CheckConstraint("(vsic_code IS NULL) = (vsic_version IS NULL)", "vsic_has_version"),
        CheckConstraint(
            "followed_by_id IS NULL OR followed_reason IS NOT NULL", "override_has_reason"
        ),
        Index(
            "ix_project_followed_by_id",
            "followed_by_id",
            sqlite_where=_FOLLOWED_BY_HAND,
            postgresql_where=_FOLLOWED_BY_HAND,
        ),
        CheckConstraint(
            "coalesce(jobs_vietnamese, 0) >= 0 AND coalesce(jobs_foreign, 0) >= 0",
            "jobs_not_negative",
        ),
        ForeignKeyConstraint(
            ["stage_act_id", "stage_act_kind", "id"],
            ["legal_act.id", "legal_act.kind", "legal_act.project_id"],
            name="fk_project_stage_act",
            use_alter=True,
        ),
        Index(
            "uq_project_certificate_no",
            "certificate_no",
            unique=True,
            sqlite_where=text("certificate_no IS NOT NULL"),
            postgresql_where=text("certificate_no IS NOT NULL"),
        ),
    )

    # Said outright, because the key is also part of the foreign key to the stage's act.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(String(20), unique=True, comment="own code, never reused")
    certificate_no: Mapped[str | None] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(500))
    name_as_printed: Mapped[str | None] = mapped_column(String(500))
    objective: Mapped[str | None] = mapped_column(Text)
    scale: Mapped[str | None] = mapped_column(Text)
    listing: Mapped[Listing]
    stage: Mapped[Stage]
    stage_since: Mapped[date | None]
    stage_act_id: Mapped[int | None]
    stage_act_kind: Mapped[ActKind | None]
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(500))
    address_as_printed: Mapped[str | None] = mapped_column(String(500))
    latitude: Mapped[Decimal | None] = mapped_column(Measure(9, 6))
    longitude: Mapped[Decimal | None] = mapped_column(Measure(9, 6))
    outline: Mapped[str | None] = mapped_column(Text, comment="GeoJSON")
    plots: Mapped[str | None] = mapped_column(String(500), comment="map sheets and plots")
    sector_id: Mapped[int | None] = mapped_column(ForeignKey("sector.id"), index=True)
    vsic_version: Mapped[str | None] = mapped_column(String(10))
    vsic_code: Mapped[str | None] = mapped_column(String(10))
    form: Mapped[Form | None]
    area_asked_ha: Mapped[Hectares | None]
    area_as_printed: Mapped[str | None] = mapped_column(String(300))
    term_years: Mapped[int | None]
    operating_end: Mapped[date | None]
    jobs_vietnamese: Mapped[int | None]
    jobs_foreign: Mapped[int | None]
    special_mechanism: Mapped[str | None] = mapped_column(String(300), comment="resolution")
    pending_adjustment: Mapped[bool] = mapped_column(default=False)
    no_adjustment_right: Mapped[bool | None] = mapped_column(
        comment="whether a right to adjust the schedule is left; empty: nobody recorded it"
    )
    followed_by_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    followed_reason: Mapped[str | None] = mapped_column(String(500))
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    public_source: Mapped[bool] = mapped_column(
        default=False, comment="entered from public pages: incomplete, no finding of this register"
    )
    note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=0)
    entry_seq: Mapped[int | None] = mapped_column(comment="last entry in the trail")

    zone: Mapped[Zone | None] = relationship()
    sector: Mapped[Sector | None] = relationship()
    followed_by: Mapped[Office | None] = relationship(foreign_keys=[followed_by_id])

    aliases: Mapped[list["Alias"]] = relationship(
        cascade="all, delete-orphan", order_by="Alias.id", back_populates="project"
    )
    places: Mapped[list["ProjectPlace"]] = relationship(
        cascade="all, delete-orphan", order_by="ProjectPlace.id", back_populates="project"
    )
    investors: Mapped[list[ProjectInvestor]] = relationship(
        cascade="all, delete-orphan", order_by=ProjectInvestor.id, backref="project"
    )
    capital: Mapped[list[CapitalVersion]] = relationship(
        cascade="all, delete-orphan", order_by=CapitalVersion.id, backref="project"
    )
    deposit: Mapped[Deposit | None] = relationship(cascade="all, delete-orphan", backref="project")
    acts: Mapped[list[LegalAct]] = relationship(
        cascade="all, delete-orphan",
        order_by="LegalAct.issued_on, LegalAct.id",
        backref="project",
        foreign_keys=[LegalAct.project_id],
    )
    files: Mapped[list[StoredFile]] = relationship(
        cascade="all, delete-orphan", order_by=StoredFile.id, backref="project"
    )
    phases: Mapped[list[Phase]] = relationship(
        cascade="all, delete-orphan", order_by=Phase.number, backref="project"
    )
    schedules: Mapped[list[ScheduleVersion]] = relationship(
        cascade="all, delete-orphan", order_by=ScheduleVersion.number, backref="project"
    )
    parcels: Mapped[list[Parcel]] = relationship(
        cascade="all, delete-orphan", order_by=Parcel.id, backref="project"
    )
    pauses: Mapped[list[Pause]] = relationship(
        cascade="all, delete-orphan", order_by=Pause.since, backref="project"
    )
    happenings: Mapped[list["Happening"]] = relationship(
        cascade="all, delete-orphan", order_by="Happening.on", back_populates="project"
    )
    marks: Mapped[list[DelayMark]] = relationship(
        cascade="all, delete-orphan", order_by=DelayMark.id, backref="project"
    )
    circumstances: Mapped[list[Circumstance]] = relationship(
        cascade="all, delete-orphan", order_by=Circumstance.on, backref="project"
    )
    reports: Mapped[list[ProgressReport]] = relationship(
        cascade="all, delete-orphan", order_by=ProgressReport.id, backref="project"
    )
    sources: Mapped[list["Source"]] = relationship(
        cascade="all, delete-orphan", order_by="Source.id", back_populates="project"
    )
    translations: Mapped[list["Translation"]] = relationship(
        cascade="all, delete-orphan", order_by="Translation.id", back_populates="project"
    )

    # The journal counts versions itself; a row that another transaction moved on is refused.
    __mapper_args__ = {  # noqa: RUF012  SQLAlchemy's own way of declaring it
        "version_id_col": version,
        "version_id_generator": False,
    }


class Alias(Base):
    """Another name or spelling by which a project is known."""

    __tablename__ = "alias"
    __table_args__ = (UniqueConstraint("project_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    name: Mapped[str] = mapped_column(String(500))
    project: Mapped[Project] = relationship(back_populates="aliases")


class ProjectPlace(Base):
    """A unit that a project lies in, as its paper names it; one of them is the principal."""

    __tablename__ = "project_place"
    __table_args__ = (
        UniqueConstraint("project_id", "unit_id"),
        Index(
            "uq_project_place_principal",
            "project_id",
            unique=True,
            sqlite_where=text("principal"),
            postgresql_where=text("principal"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    principal: Mapped[bool] = mapped_column(default=False)
    project: Mapped[Project] = relationship(back_populates="places")
    unit: Mapped[Unit] = relationship(lazy="joined")


class HappeningKind(enum.StrEnum):
    """What was observed of a project on a day, without being a legal act."""

    INSPECTION = "inspection"
    REPORT = "report"
    PROPOSAL = "proposal"
    NEWS = "news"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return {
            "inspection": N_("Inspection"),
            "report": N_("Report"),
            "proposal": N_("Proposal"),
            "news": N_("Public report"),
            "other": N_("Other event"),
        }[self.value]


class Happening(Base):
    """A dated event that is no legal act: an inspection, a proposal, a public report."""

    __tablename__ = "happening"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    on: Mapped[date | None] = mapped_column(comment="empty: the source gives no day")
    precision: Mapped[Precision | None]
    kind: Mapped[HappeningKind]
    shows_progress: Mapped[bool] = mapped_column(default=False, comment="a sign of life")
    text: Mapped[str] = mapped_column(String(2000))
    source: Mapped[str | None] = mapped_column(String(1000))
    project: Mapped[Project] = relationship(back_populates="happenings")


class Source(Base):
    """Where a figure came from: paper and page, workbook and cell, web address, "phoned by"."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    about: Mapped[str] = mapped_column(String(40), comment="capital, area, stage, schedule, …")
    title: Mapped[str] = mapped_column(String(500))
    place: Mapped[str | None] = mapped_column(String(200), comment="page, sheet and cell")
    url: Mapped[str | None] = mapped_column(String(1000))
    project: Mapped[Project] = relationship(back_populates="sources")


class Translation(Base):
    """A project's prose in another language, and the source text it was made from."""

    __tablename__ = "translation"
    __table_args__ = (
        UniqueConstraint("project_id", "field", "language"),
        CheckConstraint("field IN ('name', 'objective', 'scale')", "field_is_prose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    field: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    made_from: Mapped[str] = mapped_column(Text, comment="the Vietnamese text it translates")
    project: Mapped[Project] = relationship(back_populates="translations")
