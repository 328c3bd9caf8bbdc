"""Forms about a project itself: logging it, correcting its facts, moving it, naming its places."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office.offices import offices_by_name
from portfolio.office.trail import State
from portfolio.register.entry import (
    CURRENCIES,
    ActForm,
    listings,
    reason_field,
    sectors,
    stages,
    yes_or_no,
    zones,
)
from portfolio.register.places_typed import InvestorField, PlaceField
from portfolio.register.project import Form, Listing, Stage
from portfolio.web.fields import (
    AreaField,
    ChoiceField,
    DayField,
    MoneyField,
    NumberField,
    ProseField,
    Required,
    TextField,
    TickField,
)


class NewProjectForm(ActForm):
    """The few fields that are known on the first day."""

    name = TextField(_("Name of the project"), [Required()], longest=500)
    listing = ChoiceField(_("List"), [Required()], choices=listings, coerce=Listing, shape="radios")
    stage = ChoiceField(_("Life stage"), [Required()], choices=stages, coerce=Stage)
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
        coerce=yes_or_no,
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

    listing = ChoiceField(_("List"), [Required()], choices=listings, coerce=Listing, shape="radios")
    stage = ChoiceField(_("Life stage"), [Required()], choices=stages, coerce=Stage)
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
