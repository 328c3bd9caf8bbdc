"""Legal acts and the files that prove them."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base
from portfolio.notation import N_
from portfolio.notation.days import Precision


class ActKind(enum.StrEnum):
    """What a paper does to a project."""

    POLICY_APPROVAL = "policy_approval"
    CERTIFICATE = "certificate"
    ADJUSTMENT = "adjustment"
    LAND_ALLOCATION = "land_allocation"
    LAND_EXTENSION = "land_extension"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    PARTIAL_TERMINATION = "partial_termination"
    TERMINATION = "termination"
    REVOCATION = "revocation"
    WITHDRAWAL = "withdrawal"
    LAND_RECOVERY = "land_recovery"
    INSPECTION_CONCLUSION = "inspection_conclusion"
    FINE = "fine"
    COMPLAINT_DECISION = "complaint_decision"
    SURVEY_PERMISSION = "survey_permission"
    DEPOSIT_AGREEMENT = "deposit_agreement"
    TRANSFER = "transfer"
    LISTING = "listing"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return _KINDS[self]


_KINDS = {
    ActKind.POLICY_APPROVAL: N_("Investment policy approval"),
    ActKind.CERTIFICATE: N_("Investment registration certificate"),
    ActKind.ADJUSTMENT: N_("Adjustment"),
    ActKind.LAND_ALLOCATION: N_("Land allocation or lease"),
    ActKind.LAND_EXTENSION: N_("Land-use extension"),
    ActKind.SUSPENSION: N_("Suspension"),
    ActKind.RESUMPTION: N_("Resumption"),
    ActKind.PARTIAL_TERMINATION: N_("Partial termination"),
    ActKind.TERMINATION: N_("Termination"),
    ActKind.REVOCATION: N_("Revocation"),
    ActKind.WITHDRAWAL: N_("Removal from the list"),
    ActKind.LAND_RECOVERY: N_("Land recovery"),
    ActKind.INSPECTION_CONCLUSION: N_("Inspection conclusion"),
    ActKind.FINE: N_("Fine"),
    ActKind.COMPLAINT_DECISION: N_("Complaint decision"),
    ActKind.SURVEY_PERMISSION: N_("Survey permission"),
    ActKind.DEPOSIT_AGREEMENT: N_("Deposit agreement"),
    ActKind.TRANSFER: N_("Transfer"),
    ActKind.LISTING: N_("Inclusion in a list of solicited projects"),
    ActKind.OTHER: N_("Other paper"),
}

_KNOWN = text("number IS NOT NULL")


class LegalAct(Base):
    """A dated, numbered paper that changes a project's legal facts.

    Number and day may be unknown (public sources seldom print them; officers must enter the day); the same paper may concern several
    projects, so number, sign, day and office are unique within a project.
    """

    __tablename__ = "legal_act"
    __table_args__ = (
        Index(
            "uq_legal_act_paper",
            "project_id",
            "number",
            "sign",
            "issued_on",
            "office",
            unique=True,
            sqlite_where=_KNOWN,
            postgresql_where=_KNOWN,
        ),
        UniqueConstraint("id", "kind", "project_id"),
        CheckConstraint("sign IS NULL OR number IS NOT NULL", "sign_has_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[ActKind]
    number: Mapped[str | None] = mapped_column(String(60))
    sign: Mapped[str | None] = mapped_column(String(60), comment="e.g. QĐ-UBND")
    issued_on: Mapped[date | None] = mapped_column(comment="empty: the source gives no day")
    issued_precision: Mapped[Precision] = mapped_column(default=Precision.DAY)
    effective_on: Mapped[date | None]
    office: Mapped[str | None] = mapped_column(String(300), comment="issuing office as printed")
    law: Mapped[str | None] = mapped_column(String(60), comment="law version it was made under")
    clause: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(String(2000))
    source: Mapped[str | None] = mapped_column(String(1000))


class StoredFile(Base):
    """A checked upload, kept under a random name outside the web root, with its SHA-256."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    act_id: Mapped[int | None] = mapped_column(ForeignKey("legal_act.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("progress_report.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(80), unique=True)
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str] = mapped_column(String(200))
