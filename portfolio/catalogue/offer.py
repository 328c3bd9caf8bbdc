"""What one sheet of the catalogue shows about a solicited project.

An `Offer` is plain data, already chosen for one language; it knows nothing of the database. Only
the code and the name are sure to exist. Whatever else is unknown stays ``None`` or empty, and the
sheet leaves it out: nothing is ever filled in.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portfolio.notation.days import Precision


@dataclass(frozen=True, slots=True)
class Prose:
    """Words as they are printed, and the language they are in (a BCP 47 tag)."""

    text: str
    lang: str = "vi"


@dataclass(frozen=True, slots=True)
class Group:
    """A sector or a zone: a stable key, its name, and its rank among the others (0 first)."""

    key: str
    name: Prose
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """An administrative unit; ``within`` is the name of the unit around it, ``former`` what it was before."""

    key: str
    name: str
    within: str = ""
    former: str = ""


@dataclass(frozen=True, slots=True)
class Capital:
    """The estimated capital.

    ``amount`` is in ``currency`` (ISO 4217), ``vnd`` the same in dong where it is known; ``printed``
    is how the source puts it ("khoảng 8.338 tỷ đồng"). One of the three is enough.
    """

    amount: Decimal | None = None
    currency: str = "VND"
    vnd: Decimal | None = None
    printed: str = ""

    @property
    def in_dong(self) -> Decimal | None:
        """The amount that can be added up, in dong."""
        return self.amount if self.currency == "VND" and self.vnd is None else self.vnd


@dataclass(frozen=True, slots=True)
class Land:
    """The area in hectares, and how the source puts it ("gần 4.800 ha")."""

    hectares: Decimal | None = None
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure or a text comes from: a paper, a page, a workbook cell."""

    label: str
    url: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """The office an investor calls. Every part but the name may be unknown."""

    office: Prose
    person: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One solicited project, ready to be set in one language."""

    code: str
    name: Prose
    sector: Group | None = None
    zone: Group | None = None
    places: tuple[Place, ...] = ()
    """The principal place first."""
    objective: Prose | None = None
    scale: Prose | None = None
    land: Land | None = None
    capital: Capital | None = None
    form: Prose | None = None
    site: Prose | None = None
    planning: Prose | None = None
    infrastructure: Prose | None = None
    incentives: Prose | None = None
    term: Prose | None = None
    stage: Prose | None = None
    notes: tuple[Prose, ...] = ()
    contacts: tuple[Contact, ...] = ()
    sources: tuple[Source, ...] = ()
    from_public_sources: bool = False
    """The facts were taken from public pages: the sheet says that they may be incomplete."""
    listed_on: date | None = None
    listed_precision: Precision = Precision.DAY

    @property
    def anchor(self) -> str:
        """The name of its sheet inside the catalogue, for links and page numbers."""
        return "sheet-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in self.code)
