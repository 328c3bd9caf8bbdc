"""Circumstances: dated facts that the grounds of Article 36 ask for and no other part holds.

Law 143/2025/QH15, Article 36.2: a stop of the investor's own, attempts to reach the investor, a site
that was lost, an enterprise that was dissolved, a finding, a judgment.
"""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base
from portfolio.notation import N_


class CircumstanceKind(enum.StrEnum):
    """What happened."""

    INVESTOR_STOP = "investor_stop"
    STOPPED = "stopped"
    CONTACT_ATTEMPT = "contact_attempt"
    INABILITY = "inability"
    SITE_LOST = "site_lost"
    RELOCATION_FILED = "relocation_filed"
    DISSOLVED = "dissolved"
    SHAM = "sham"
    JUDGMENT = "judgment"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return _KINDS[self]


_KINDS = {
    CircumstanceKind.INVESTOR_STOP: N_("Stop declared by the investor"),
    CircumstanceKind.STOPPED: N_("Project stopped without notice"),
    CircumstanceKind.CONTACT_ATTEMPT: N_("Attempt to reach the investor"),
    CircumstanceKind.INABILITY: N_("Found unable to remedy"),
    CircumstanceKind.SITE_LOST: N_("Right to the site lost"),
    CircumstanceKind.RELOCATION_FILED: N_("Relocation dossier filed"),
    CircumstanceKind.DISSOLVED: N_("Enterprise dissolved"),
    CircumstanceKind.SHAM: N_("Sham transaction found"),
    CircumstanceKind.JUDGMENT: N_("Judgment or award"),
}


class Circumstance(Base):
    """One such fact: its day (and last day, of a stop), its words and its paper."""

    __tablename__ = "circumstance"
    __table_args__ = (
        CheckConstraint('until IS NULL OR until >= "on"', "ends_after_start"),
        CheckConstraint("until IS NULL OR kind = 'investor_stop'", "only_a_stop_ends"),
        CheckConstraint(
            "(kind = 'contact_attempt') = (reached IS NOT NULL)", "attempt_has_outcome"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[CircumstanceKind]
    on: Mapped[date]
    until: Mapped[date | None] = mapped_column(comment="last day of a stop; empty: it still runs")
    reached: Mapped[bool | None] = mapped_column(comment="of an attempt to reach the investor")
    text: Mapped[str] = mapped_column(String(2000))
    paper: Mapped[str | None] = mapped_column(String(300))
    source: Mapped[str | None] = mapped_column(String(1000))
