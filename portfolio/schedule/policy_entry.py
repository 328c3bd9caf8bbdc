"""What is typed about the policy: one form for a rule, one for each other part of a draft.

Each form shows a part of the document (`shown_of`) and gives the document back with that part changed
(`document_with`). Nothing is saved here; `policy_check` judges the whole afterwards.
"""

import re
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms.validators import ValidationError

from portfolio.notation import N_
from portfolio.register.entry import ActForm
from portfolio.schedule.explanation import severity_words
from portfolio.schedule.policy_check import CHOSEN_SEVERITIES, BadPolicy
from portfolio.schedule.policy_words import MARKS, SIGNS, mark_words
from portfolio.web.fields import (
    ProseField,
    Required,
    SeveralField,
    TextField,
)

Document = dict[str, Any]
MOST_NUMBERS = 20


def marks() -> list[tuple[str, str]]:
    """The marks of confidence, with what each means."""
    return [(mark, mark_words(mark)) for mark in MARKS]


def chosen_severities() -> list[tuple[str, str]]:
    """The severities that the office may choose."""
    return [(code, severity_words(code)) for code in CHOSEN_SEVERITIES]


def read_whole_numbers(text: str | None) -> list[int]:
    """`12, 18, 21` as numbers; raises `ValidationError` in words."""
    words = [word for word in re.split(r"[\s,;]+", text or "") if word]
    fits = all(word.isascii() and word.isdigit() and len(word) <= 4 for word in words)  # noqa: PLR2004
    if not words or not fits or len(words) > MOST_NUMBERS:
        raise ValidationError(gettext("Enter whole numbers with commas, for example 12, 18, 21"))
    return [int(word) for word in words]


class NumbersField(TextField):
    """Whole numbers with commas between them; ``numbers`` are those that were typed."""

    @property
    def numbers(self) -> list[int]:
        """The numbers, once the field is valid."""
        return read_whole_numbers(self.data)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no list of numbers."""
        super().pre_validate(form)
        read_whole_numbers(self.data)


def reason() -> TextField:
    """Why the draft is changed."""
    return TextField(
        _("Reason for the change"), [Required()], longest=2000, description=_("The trail keeps it.")
    )


class DraftForm(ActForm):
    """A form about one part of a draft."""

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """What the fields show."""
        raise NotImplementedError

    def document_with(self, document: Document) -> Document:
        """A copy of the document with this part as typed; raises `BadPolicy` at a field."""
        raise NotImplementedError


# Small parts ----------------------------------------------------------------------------------


class ReasonForm(ActForm):
    """Starting, discarding or adopting a draft."""

    reason = TextField(
        _("Reason"), [Required()], longest=2000, description=_("The trail keeps it.")
    )


class SourceForm(DraftForm):
    """Where the policy comes from."""

    source = ProseField(_("Sources of the policy"), [Required()], longest=1000)
    note = ProseField(_("Remark"), longest=2000)
    reason = reason()
    layout = (("", ("source", "note", "reason")),)

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """Both texts."""
        return {"source": document.get("source"), "note": document.get("note")}

    def document_with(self, document: Document) -> Document:
        """Both texts as typed."""
        return document | {"source": self.source.data, "note": self.note.data}


class SignsForm(DraftForm):
    """What counts as a sign of life."""

    signs = SeveralField(
        _("Signs of life"),
        choices=lambda: [(code, gettext(words)) for code, words in SIGNS.items()],
    )
    reason = reason()
    layout = (("", ("signs", "reason")),)

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """The signs that count."""
        return {"signs": list(document["signs_of_life"])}

    def document_with(self, document: Document) -> Document:
        """The ticked signs, in their usual order."""
        return document | {"signs_of_life": [code for code in SIGNS if code in self.signs.data]}


class BandsForm(DraftForm):
    """Bands of lateness, by the months at which each ends."""

    ends = NumbersField(
        _("Months at which the bands end"),
        [Required()],
        longest=100,
        description=_("12, 24, 60 makes the bands 1-12, 13-24, 25-60 and 61 months and more."),
    )
    reason = reason()
    layout = (("", ("ends", "reason")),)

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """The ends of all bands but the last, which has none."""
        return {"ends": ", ".join(str(band["to"]) for band in document["bands"] if band.get("to"))}

    def document_with(self, document: Document) -> Document:
        """Bands that follow each other."""
        ends = self.ends.numbers
        if ends != sorted(set(ends)) or ends[0] < 1:
            raise BadPolicy(N_("Enter the months in rising order."), field="ends")
        begins = [1, *(end + 1 for end in ends)]
        bands: list[Document] = [
            {"name": f"{first}-{last}", "from": first, "to": last}
            for first, last in zip(begins, ends, strict=False)
        ]
        return document | {"bands": [*bands, {"name": f"{begins[-1]}+", "from": begins[-1]}]}


class ReviewForm(DraftForm):
    """What puts a project on the review list."""

    severities = SeveralField(
        _("Findings that put a project on the list"),
        choices=lambda: [("ground", severity_words("ground")), *chosen_severities()],
    )
    bands = SeveralField(
        _("Bands of lateness that put a project on the list"),
        choices=list,
        description=_("Lateness alone; none is usual."),
    )
    reason = reason()
    layout = (("", ("severities", "bands", "reason")),)

    @classmethod
    def shown_of(cls, document: Document) -> Document:
        """The severities and bands that count."""
        review = document.get("review_list") or {}
        return {
            "severities": list(review.get("severities") or ()),
            "bands": list(review.get("bands") or ()),
        }

    def document_with(self, document: Document) -> Document:
        """As ticked, in the order of the policy."""
        severities = [code for code in document["severities"] if code in self.severities.data]
        bands = [band["name"] for band in document["bands"] if band["name"] in self.bands.data]
        return document | {"review_list": {"severities": severities, "bands": bands}}
