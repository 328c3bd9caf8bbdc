"""What all forms about a project are made of: their groups of fields, and what can be chosen in them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from flask import current_app, g
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from portfolio.database import session
from portfolio.notation.days import Precision, show_day
from portfolio.office.sessions import this_person
from portfolio.office.trail import State
from portfolio.register.choices import INDENT, Choices, choices
from portfolio.register.papers import ActKind
from portfolio.register.project import STAGE_ACTS, STAGES_OF, Listing
from portfolio.web.errors import Refusal
from portfolio.web.fields import (
    AreaField,
    DayField,
    MoneyField,
    NumberField,
    PortfolioForm,
    TextField,
)
from portfolio.web.forms import leaves
from portfolio.web.languages import language
from portfolio.web.show import notation

Rows = tuple[str | tuple[str, ...], ...]
CURRENCIES = ("VND", "USD", "EUR", "JPY", "KRW", "CNY")


class ActForm(PortfolioForm):
    """A form that carries out one act. ``layout`` groups its fields: (legend, rows of names)."""

    layout: ClassVar[tuple[tuple[Any, Rows], ...]] = ()
    widths: ClassVar[Mapping[str, str]] = {}
    precisions: ClassVar[Mapping[str, str]] = {}
    upload = False

    @classmethod
    def shown(cls, row: State) -> dict[str, Any]:
        """What the fields show of a part of the state document."""
        return shown_fields(cls, row)

    def refuse(self, refusal: Refusal) -> None:
        """Show the refusal of an act at its field, also when that stands inside a list."""
        inner = [field for field in leaves(self) if field.name == refusal.field]
        if inner:
            inner[0].errors = [*inner[0].errors, refusal.text()]
        else:
            super().refuse(refusal)


def shown_fields(form: Any, row: State) -> dict[str, Any]:
    """The values of a state document as the fields of a form class take them."""
    shown = {}
    precisions = getattr(form, "precisions", {})
    for name in dir(form):
        kind = getattr(getattr(form, name, None), "field_class", None)
        if kind is None or row.get(name) is None:
            continue
        value = row[name]
        if issubclass(kind, DayField):
            precision = Precision(row.get(precisions.get(name, ""), "day"))
            value = (date.fromisoformat(value), precision)
        elif issubclass(kind, MoneyField):
            value = (Decimal(value), row.get("currency", "VND"))
        elif issubclass(kind, AreaField | NumberField) and isinstance(value, str):
            value = Decimal(value)
        shown[name] = value
    return shown


def reason_field() -> TextField:
    """Why something is corrected; acts that need it say so."""
    return TextField(
        _("Reason"), longest=2000, description=_("The trail keeps it. Corrections need one.")
    )


# What can be chosen ---------------------------------------------------------------------------


def in_hand() -> State:
    """The state document of the project that this request is about."""
    found: State = g.get("project_in_hand", {})
    return found


def _choices() -> Choices:
    if "form_choices" not in g:
        g.form_choices = choices(session())
    found: Choices = g.form_choices
    return found


def zones() -> list[tuple[int, str]]:
    """The zones a person may put projects in, as a tree laid flat, and the one that stands."""
    known = _choices()
    visible = known.visible_zones(this_person()) | {in_hand().get("zone_id", 0)}
    laid: list[tuple[int, str]] = []

    def lay(zone_ids: list[int], depth: int) -> None:
        for zone_id in zone_ids:
            inside = depth
            if zone_id in visible:
                laid.append((zone_id, INDENT * depth + known.zones[zone_id].name(language())))
                inside = depth + 1
            lay([zone.id for zone in known.zones_in.get(zone_id, ())], inside)

    lay([zone.id for zone in known.zones_in.get(None, ())], 0)
    return laid


def sectors() -> list[tuple[int, str]]:
    """The register's own sectors."""
    return [(one.id, one.name(language())) for one in _choices().sectors.values()]


def act_words(act: State) -> str:
    """A paper in one line: kind, number and sign, day."""
    number = "/".join(filter(None, (act.get("number"), act.get("sign"))))
    words = str(gettext(ActKind(act["kind"]).label))
    if number:
        words = f"{words} " + gettext("no. %(number)s", number=number)
    if act.get("issued_on"):
        on = date.fromisoformat(act["issued_on"])
        words += f", {show_day(on, act.get('issued_precision', 'day'), notation())}"
    return words


def papers() -> list[tuple[int, str]]:
    """The project's legal acts."""
    return [(act["id"], act_words(act)) for act in in_hand().get("acts", ())]


def stages() -> dict[str, list[tuple[str, str]]]:
    """The stages by list."""
    # A stage that rests on a legal act is never chosen: recording the act brings it about.
    return {
        gettext(listing.label): [
            (stage.value, gettext(stage.label)) for stage in stages if stage not in STAGE_ACTS
        ]
        for listing, stages in STAGES_OF.items()
        if listing is not Listing.CLOSED
    }


def listings() -> list[tuple[str, str]]:
    """The lists a project can be put on."""
    return [(one.value, gettext(one.label)) for one in Listing if one is not Listing.CLOSED]


def yes_or_no(answer: Any) -> bool:
    """What a select of yes and no means; raises `ValueError` for anything else."""
    if answer in {"yes", True}:
        return True
    if answer in {"no", False}:
        return False
    raise ValueError(answer)


def largest_file() -> int:
    """The most bytes of an attachment."""
    return int(current_app.config["ATTACHMENT_BYTES"])
