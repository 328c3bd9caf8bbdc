"""What people type about themselves and administrators about users and offices."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, PasswordField

from portfolio.database import session
from portfolio.office.accounts import active_users
from portfolio.office.known_names import known_names
from portfolio.office.offices import offices_by_name
from portfolio.office.people import OfficeKind, Role, User
from portfolio.web.fields import (
    ChoiceField,
    DayField,
    PortfolioForm,
    Required,
    SeveralField,
    TextField,
    TickField,
)
from portfolio.web.languages import LANGUAGES


class EmailLine(EmailField):  # type: ignore[misc]  # WTForms has no types
    """An e-mail address; `accounts` judges it."""

    shape = "text"
    inputmode = "email"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed without the blanks around it."""
        self.data = valuelist[0].strip()[:254] if valuelist else ""


class SignInForm(PortfolioForm):
    """The door."""

    email = EmailLine(_("E-mail address"), [Required()])
    password = PasswordField(_("Password"), [Required()])
    next = HiddenField()
    parked = HiddenField()


class ForgottenForm(PortfolioForm):
    """Asking for a link to set a new password."""

    email = EmailLine(_("E-mail address"), [Required()])


class NewPasswordForm(PortfolioForm):
    """A new password, typed once: it can be shown, pasted and kept by the browser."""

    password = PasswordField(_("New password"), [Required()])


class ChangePasswordForm(NewPasswordForm):
    """The same by somebody who knows the old one."""

    current = PasswordField(_("Current password"), [Required()])


class OwnAccountForm(PortfolioForm):
    """What people decide about themselves."""

    name = TextField(_("Name"), [Required()], longest=200)
    language = ChoiceField(_("Language"), [Required()], choices=LANGUAGES.items, shape="radios")


class ButtonForm(PortfolioForm):
    """A button that counts once and asks nothing."""


def _offices() -> list[tuple[int, str]]:
    return [(office.id, office.name) for office in offices_by_name(session())]


def _zones() -> list[tuple[int, str]]:
    return [(zone.id, "– " * zone.depth + zone.name) for zone in known_names().zones(session())]


def _colleagues() -> list[tuple[int, str]]:
    return [(user.id, user.name) for user in active_users(session())]


class UserForm(PortfolioForm):
    """What an administrator decides about a person."""

    name = TextField(_("Name"), [Required()], longest=200)
    email = EmailLine(_("E-mail address"), [Required()])
    role = ChoiceField(_("Role"), [Required()], choices=Role, shape="radios")
    office_id = ChoiceField(_("Office"), [Required()], choices=_offices, coerce=int)
    zone_ids = SeveralField(_("Zones"), choices=_zones, coerce=int)
    stand_in_id = ChoiceField(_("Stand-in"), choices=_colleagues, coerce=int, blank=_("Nobody"))
    stand_in_from = DayField(_("Stand-in from"))
    stand_in_to = DayField(_("Stand-in until"))
    active = TickField(_("May sign in"), default=True)


class OfficeForm(PortfolioForm):
    """An office."""

    name = TextField(_("Name"), [Required()], longest=300)
    name_en = TextField(_("English name"), longest=300)
    abbreviation = TextField(_("Abbreviation"), longest=80)
    kind = ChoiceField(_("Kind of office"), [Required()], choices=OfficeKind)
    valid_from = DayField(_("Exists since"))
    valid_to = DayField(_("Existed until"))
    successor_id = ChoiceField(_("Successor"), choices=_offices, coerce=int, blank=_("None"))
    source = TextField(_("Source"), longest=1000)
    reason = TextField(_("Reason for the change"), longest=2000)


def values_of(user: User) -> dict[str, Any]:
    """A person as `UserForm` shows them."""
    return {
        "name": user.name,
        "email": user.email,
        "role": user.role.value,
        "office_id": user.office_id,
        "zone_ids": user.zone_ids,
        "stand_in_id": user.stand_in_id,
        "stand_in_from": user.stand_in_from,
        "stand_in_to": user.stand_in_to,
        "active": user.active,
        "version": user.version,
    }
