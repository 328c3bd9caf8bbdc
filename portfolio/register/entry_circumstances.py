"""The form about circumstances: the dated facts that Article 36 of the Law on Investment asks for."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from portfolio.notation import N_
from portfolio.register.circumstances import CircumstanceKind
from portfolio.register.entry import ActForm, reason_field, yes_or_no
from portfolio.web.clock import today
from portfolio.web.fields import ChoiceField, DayField, ProseField, Required, TextField

FEEDS = {
    CircumstanceKind.INVESTOR_STOP: N_(
        "SUS-12: after 12 months without a last day it calls for a review."
    ),
    CircumstanceKind.STOPPED: N_(
        "T-NOCONTACT12: a ground after 12 months, if every attempt to reach the investor failed."
    ),
    CircumstanceKind.CONTACT_ATTEMPT: N_(
        "T-NOCONTACT12: one that reached the investor, after the project stopped, ends the ground."
    ),
    CircumstanceKind.INABILITY: N_(
        "T-SUSP: a ground, if the authority suspended the project on that day or before."
    ),
    CircumstanceKind.SITE_LOST: N_("T-LOC6: a ground after 6 months without a relocation dossier."),
    CircumstanceKind.RELOCATION_FILED: N_(
        "T-LOC6: filed within the 6 months it keeps the ground away."
    ),
    CircumstanceKind.DISSOLVED: N_(
        "T-DISSOLVED: a ground until the project is ended or its transfer is recorded."
    ),
    CircumstanceKind.SHAM: N_("T-SHAM: a ground from that day on."),
    CircumstanceKind.JUDGMENT: N_(
        "T-COURT: a ground from that day on; recorded only if the project ends by it."
    ),
}
"""Which rule of the law of delay each kind feeds."""


class CircumstanceForm(ActForm):
    """What happened, when, and on which paper it rests."""

    kind = ChoiceField(
        _("Kind of circumstance"),
        [Required()],
        choices=CircumstanceKind,
        shape="radios",
        hints={kind.value: _(words) for kind, words in FEEDS.items()},
    )
    on = DayField(_("Day"), [Required()], not_after=today)
    until = DayField(
        _("Last day"),
        not_after=today,
        description=_("Only of a stop declared by the investor, once it is over"),
    )
    reached = ChoiceField(
        _("Was the investor reached"),
        choices=lambda: [("yes", gettext("Yes")), ("no", gettext("No"))],
        coerce=yes_or_no,
        blank=_("Only for an attempt to reach the investor"),
    )
    text = ProseField(_("In words"), [Required()], longest=2000)
    paper = TextField(_("Numbered paper"), longest=300)
    source = TextField(
        _("Source"), longest=1000, description=_("Paper and page, web address, or who said it")
    )
    reason = reason_field()
    layout = (
        (_("The circumstance"), ("kind",)),
        (_("Day and paper"), (("on", "until"), "reached", "text", "paper", "source", "reason")),
    )
