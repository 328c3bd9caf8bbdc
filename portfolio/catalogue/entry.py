"""What a person enters to get a catalogue: how it presents itself, and which projects it holds."""

from collections.abc import Collection, Mapping

from flask_babel import lazy_gettext as _

from portfolio.catalogue.collect import Choice
from portfolio.notation import N_
from portfolio.register.choices import Choices
from portfolio.web.errors import Refusal
from portfolio.web.fields import ChoiceField, PortfolioForm, Required, TextField
from portfolio.web.languages import LANGUAGES


class UnknownChoice(Refusal):
    """A sector, zone or place that is not offered to the reader."""

    message = N_("Choose one of the answers in the list")


class CatalogueForm(PortfolioForm):
    """How the catalogue presents itself."""

    language = ChoiceField(
        _("Language"), [Required()], choices=LANGUAGES.items, shape="radios", default="vi"
    )
    ordered_by = ChoiceField(
        _("Order"),
        [Required()],
        choices=lambda: (("sector", _("By sector")), ("zone", _("By zone"))),
        shape="radios",
        default="sector",
    )
    title = TextField(_("Title on the cover"), longest=120)
    subtitle = TextField(_("Line below the title"), longest=200)


def read_choice(args: Mapping[str, str], within: Choices, zones: Collection[int]) -> Choice:
    """The choice of projects from an address or a form. Raises `UnknownChoice`.

    ``zones`` are those that the reader may see; others are not told from those that do not exist.
    """
    return Choice(
        _key(args.get("sector", ""), within.sectors),
        _key(args.get("zone", ""), zones),
        _key(args.get("place", ""), within.units),
    )


def _key(typed: str, offered: Collection[int]) -> int | None:
    if not typed:
        return None
    known = {str(key): key for key in offered}
    if typed not in known:
        raise UnknownChoice
    return known[typed]
