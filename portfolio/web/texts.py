"""Form fields that hold text, and the rule that a field must be filled in."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext, ngettext
from wtforms import Field
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import TextArea, TextInput

from portfolio.notation import N_
from portfolio.notation.fold import nfc

LINE, PROSE = 300, 5000
"""The most letters of a line and of a longer text, where the form says nothing else."""


class Required:
    """The field must be filled in; ``message`` is an English source string, else one is made of the label."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, message: str | None = None) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        """Raise `StopValidation` if nothing was typed or chosen."""
        del form
        if any(str(value).strip() for value in field.raw_data or () if value is not None):
            return
        if self.message is not None:
            raise StopValidation(gettext(self.message))
        chosen = getattr(field, "shape", "") in {"select", "radios", "checkboxes"}
        message = N_("Choose: %(label)s") if chosen else N_("Enter: %(label)s")
        raise StopValidation(gettext(message, label=_inside_sentence(str(field.label.text))))


def _inside_sentence(label: str) -> str:
    """A label with its first letter small, unless it begins with an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


class TextField(Field):  # type: ignore[misc]
    """One line of text, stored composed (NFC), without control letters. ``data`` is None when empty."""

    widget = TextInput()
    shape = "text"
    longest = LINE
    lines = False

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        *,
        longest: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, list(validators), **kwargs)
        self.longest = longest or self.longest

    def process_formdata(self, valuelist: list[str]) -> None:
        """Bring the text to its stored form."""
        if valuelist:
            self.data = nfc(valuelist[0], lines=self.lines) or None

    def pre_validate(self, form: Any) -> None:
        """Refuse a text that would not fit, saying by how much."""
        del form
        over = len(self.data or "") - self.longest
        if over > 0:
            raise ValidationError(
                ngettext(
                    "The text is %(num)d character too long (%(most)d at most)",
                    "The text is %(num)d characters too long (%(most)d at most)",
                    over,
                    most=self.longest,
                )
            )

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else str(self.data or "")


class ProseField(TextField):
    """Several lines of text."""

    widget = TextArea()
    shape = "textarea"
    longest = PROSE
    lines = True
