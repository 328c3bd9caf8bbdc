"""Forms about a project itself: logging it, correcting its facts, moving it, naming its places."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from flask import current_app, g
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList

from portfolio.database import session
from portfolio.notation import N_
from portfolio.notation.days import Precision, show_day
from portfolio.office.offices import offices_by_name
from portfolio.office.sessions import this_person
from portfolio.office.trail import State
from portfolio.register.choices import INDENT, Choices, choices
from portfolio.register.papers import ActKind
from portfolio.register.places_typed import InvestorField, PlaceField
from portfolio.register.project import STAGE_ACTS, STAGES_OF, Form, Listing, Stage
from portfolio.web.errors import Refusal
from portfolio.web.fields import (
    AreaField,
    ChoiceField,
    DayField,
    MoneyField,
    NumberField,
    PortfolioForm,
    ProseField,
    Required,
    TextField,
    TickField,
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
        g.form_choices = choices(session(), None)
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
    words = gettext(ActKind(act["kind"]).label)
    if number:
        words += " " + gettext("no. %(number)s", number=number)
    if act.get("issued_on"):
        on = date.fromisoformat(act["issued_on"])
        words += f", {show_day(on, act.get('issued_precision', 'day'), notation())}"
    return words


def papers() -> list[tuple[int, str]]:
    """The project's legal acts."""
    return [(act["id"], act_words(act)) for act in in_hand().get("acts", ())]


def _stages() -> dict[str, list[tuple[str, str]]]:
    # A stage that rests on a legal act is never chosen: recording the act brings it about.
    return {
        gettext(listing.label): [
            (stage.value, gettext(stage.label)) for stage in stages if stage not in STAGE_ACTS
        ]
        for listing, stages in STAGES_OF.items()
        if listing is not Listing.CLOSED
    }


def _listings() -> list[tuple[str, str]]:
    return [(one.value, gettext(one.label)) for one in Listing if one is not Listing.CLOSED]


def _yes_or_no(answer: Any) -> bool:
    if answer in {"yes", True}:
        return True
    if answer in {"no", False}:
        return False
    raise ValueError(answer)


# Forms ----------------------------------------------------------------------------------------


class NewProjectForm(ActForm):
    """The few fields that are known on the first day."""

    name = TextField(_("Name of the project"), [Required()], longest=500)
    listing = ChoiceField(
        _("List"), [Required()], choices=_listings, coerce=Listing, shape="radios"
    )
    stage = ChoiceField(_("Life stage"), [Required()], choices=_stages, coerce=Stage)
    place = PlaceField(
        _("Place"),
        description=_("Commune as in the papers, by name or code, for example: xã Măng Đen"),
    )
    zone_id = ChoiceField(_("Zone"), choices=zones, coerce=int, blank=_("Outside the zones"))
    sector_id = ChoiceField(_("Sector"), choices=sectors, coerce=int)
    capital = MoneyField(
        _("Capital"),
        currencies=CURRENCIES,
        description=_("In billion đồng, for example 8.033,8; or 350 triệu, 20,6 triệu USD"),
    )
    investor = InvestorField(_("Investor"), description=_("Leave empty if nobody is known yet"))
    tax_code = TextField(_("Tax code of the investor"), longest=40)
    certificate_no = TextField(_("Certificate number"), longest=255)
    certificate_on = DayField(_("Day of the certificate"))
    source = TextField(
        _("Source of the information"),
        longest=500,
        description=_("Paper and page, web address, or who said it"),
    )
    save_anyway = TickField(_("This is another project: save it as well"))
    layout = (
        (_("The project"), ("name", "listing", "stage", "sector_id")),
        (_("Where it lies"), ("place", "zone_id")),
        (
            _("Capital and investor"),
            ("capital", ("investor", "tax_code"), ("certificate_no", "certificate_on"), "source"),
        ),
    )
    widths: ClassVar[Mapping[str, str]] = {
        "stage": "half",
        "sector_id": "half",
        "capital": "half",
        "zone_id": "half",
        "certificate_on": "short",
        "tax_code": "short",
    }


class FactsForm(ActForm):
    """What the project's own row says."""

    name = TextField(_("Name of the project"), [Required()], longest=500)
    name_as_printed = TextField(_("Name as printed"), longest=500)
    certificate_no = TextField(_("Certificate number"), longest=255)
    objective = ProseField(_("Investment objective"), longest=20_000)
    scale = ProseField(_("Scale"), longest=20_000)
    form = ChoiceField(_("Form of investment"), choices=Form, blank=_("Not known"))
    sector_id = ChoiceField(_("Sector"), choices=sectors, coerce=int, blank=_("Not known"))
    vsic_code = TextField(_("VSIC code"), longest=10)
    vsic_version = ChoiceField(
        _("VSIC version"), choices=[("2018", "VSIC 2018"), ("2025", "VSIC 2025")], blank=_("None")
    )
    zone_id = ChoiceField(_("Zone"), choices=zones, coerce=int, blank=_("Outside the zones"))
    address = TextField(_("Address"), longest=500)
    address_as_printed = TextField(_("Address as printed"), longest=500)
    plots = TextField(_("Map sheets and plots"), longest=500)
    latitude = NumberField(_("Latitude"), most=90)
    longitude = NumberField(_("Longitude"), most=180)
    area_asked_ha = AreaField(
        _("Area asked"), description=_("In hectares, for example 120,5; or 140.618,5 m²")
    )
    area_as_printed = TextField(_("Area as printed"), longest=300)
    term_years = NumberField(_("Term in years"), least=1, most=99, whole=True)
    operating_end = DayField(_("End of the operating term"))
    jobs_vietnamese = NumberField(_("Jobs for Vietnamese"), most=10**6, whole=True)
    jobs_foreign = NumberField(_("Jobs for foreigners"), most=10**6, whole=True)
    special_mechanism = TextField(_("Special mechanism (resolution)"), longest=300)
    pending_adjustment = TickField(_("An adjustment has been asked for and is not decided"))
    no_adjustment_right = ChoiceField(
        _("Is a right to adjust the schedule left?"),
        choices=lambda: [
            ("no", gettext("Yes, a right is left")),
            ("yes", gettext("No right is left")),
        ],
        coerce=_yes_or_no,
        blank=_("Not known"),
    )
    note = ProseField(_("Note"))
    reason = reason_field()
    layout = (
        (_("The project"), ("name", "name_as_printed", "objective", "scale")),
        (
            _("Papers and kind"),
            (("certificate_no", "form"), "sector_id", ("vsic_code", "vsic_version")),
        ),
        (
            _("Where it lies"),
            ("zone_id", "address", "address_as_printed", "plots", ("latitude", "longitude")),
        ),
        (
            _("Area, term, jobs"),
            (
                ("area_asked_ha", "area_as_printed"),
                ("term_years", "operating_end"),
                ("jobs_vietnamese", "jobs_foreign"),
            ),
        ),
        (
            _("What counts for delay"),
            ("special_mechanism", "pending_adjustment", "no_adjustment_right"),
        ),
        (_("Note"), ("note", "reason")),
    )
    widths: ClassVar[Mapping[str, str]] = {"sector_id": "half", "zone_id": "half"}


class StageForm(ActForm):
    """Moving a project to another list or stage."""

    listing = ChoiceField(
        _("List"), [Required()], choices=_listings, coerce=Listing, shape="radios"
    )
    stage = ChoiceField(_("Life stage"), [Required()], choices=_stages, coerce=Stage)
    on = DayField(_("Since which day"), [Required()])
    reason = reason_field()
    layout = (("", ("listing", "stage", "on", "reason")),)
    widths: ClassVar[Mapping[str, str]] = {"stage": "half", "on": "short"}


class PlacesForm(ActForm):
    """Where the project lies, as its paper names the units."""

    principal = PlaceField(
        _("Principal place"),
        description=_("Commune as in the papers, by name or code, for example: xã Măng Đen"),
    )
    further = FieldList(PlaceField(_("Further place")), min_entries=3, max_entries=40)
    reason = reason_field()
    layout = (("", ("principal", "further", "reason")),)

    @classmethod
    def shown(cls, row: State) -> dict[str, Any]:
        """The principal unit and the others, with three empty lines to go on."""
        places = row.get("places", ())
        principal = [one["unit_id"] for one in places if one.get("principal")]
        others = [one["unit_id"] for one in places if not one.get("principal")]
        return {"principal": principal[0] if principal else None, "further": [*others, None, None]}


class AliasesForm(ActForm):
    """Other names and spellings."""

    names = ProseField(_("Other names, one on each line"))
    layout = (("", ("names",)),)

    @classmethod
    def shown(cls, row: State) -> dict[str, Any]:
        """One name a line."""
        return {"names": "\n".join(alias["name"] for alias in row.get("aliases", ()))}

    def lines(self) -> list[str]:
        """The names."""
        return [line.strip() for line in (self.names.data or "").splitlines() if line.strip()]


def _offices() -> list[tuple[int, str]]:
    return [(office.id, office.name) for office in offices_by_name(session())]


class FollowerForm(ActForm):
    """The office that follows the project, where the zone does not say it rightly."""

    followed_by_id = ChoiceField(
        _("Followed by"), choices=_offices, coerce=int, blank=_("As the zone says")
    )
    followed_reason = TextField(_("Why not as the zone says"), longest=500)
    layout = (("", ("followed_by_id", "followed_reason")),)


class RemoveForm(ActForm):
    """Taking out what was entered by mistake."""

    reason = TextField(
        _("Reason"), [Required(N_("Say why; the trail keeps the reason."))], longest=2000
    )
    layout = (("", ("reason",)),)


class ConfirmForm(ActForm):
    """A button that asks nothing."""


def largest_file() -> int:
    """The most bytes of an attachment."""
    return int(current_app.config["ATTACHMENT_BYTES"])
