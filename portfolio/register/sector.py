"""The register's own list of sectors."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.database import Base


class Sector(Base):
    """A sector; a project may carry a VSIC code beside it."""

    __tablename__ = "sector"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[str | None] = mapped_column(String(1000))
    version: Mapped[int] = mapped_column(default=0)
