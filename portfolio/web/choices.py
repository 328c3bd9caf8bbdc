"""Form fields with a closed list of answers, and files."""

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from flask_babel import gettext
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from portfolio.notation import N_
from portfolio.notation.numbers import show_number
from portfolio.web.show import notation

Pairs = Iterable[tuple[Any, str]]
Given = type[enum.StrEnum] | Pairs | Mapping[str, Pairs]
"""Choices: an enum whose members have a ``label`` to translate; (value, words) pairs, already in the
reader's language; or groups of such pairs. Or a function without arguments that gives one of these."""

Source = Given | Callable[[], Given]

NOT_IN_LIST = N_("Choose one of the answers in the list")


@dataclass(frozen=True)
class Option:
    """One radio button or check box as the template draws it."""

    value: str
    label: str
    selected: bool
    hint: str = ""


def _is_enum(source: Any) -> bool:
    return isinstance(source, type) and issubclass(source, enum.Enum)


def _laid_out(source: Any) -> list[SelectChoice]:
    given = source() if callable(source) and not _is_enum(source) else source
    if isinstance(given, type):
        return [SelectChoice(member.value, gettext(member.label)) for member in given]  # type: ignore[attr-defined]
    if isinstance(given, Mapping):
        return [
            SelectChoice(str(value), words, optgroup=group)
            for group, pairs in given.items()
            for value, words in pairs
        ]
    return [SelectChoice(str(value), words) for value, words in given]


class _Listed:
    """What choosing one and choosing several have in common."""

    hints: Mapping[Any, str]
    iter_choices: Callable[[], list[Any]]

    def options(self) -> list[Option]:
        """The answers for radio buttons or check boxes, without the blank one."""
        return [
            Option(
                choice.value, str(choice.label), choice.selected, self.hints.get(choice.value, "")
            )
            for choice in self.iter_choices()
            if choice.value != ""
        ]

    def say(self) -> str:
        """The chosen answers in words."""
        return ", ".join(
            str(choice.label) for choice in self.iter_choices() if choice.selected and choice.value
        )


class ChoiceField(_Listed, SelectField):  # type: ignore[misc]  # WTForms has no types
    """One answer from a list. ``data`` is the enum member, or ``coerce(value)``, or None.

    ``shape`` is "select" or "radios"; ``blank`` the words of the empty answer of a select (False: none);
    ``hints`` gives a line of explanation by value.
    """

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        *,
        choices: Source = (),
        coerce: Callable[[str], Any] | None = None,
        shape: str = "select",
        blank: str | bool = True,
        hints: Mapping[Any, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.shape, self.hints = shape, hints or {}
        read: Any = coerce or (choices if _is_enum(choices) else str)

        def laid_out() -> list[SelectChoice]:
            if shape != "select" or blank is False:
                return _laid_out(choices)
            words = gettext("Choose…") if blank is True else str(blank)
            return [SelectChoice("", words), *_laid_out(choices)]

        super().__init__(
            label,
            list(validators),
            choices=laid_out,
            coerce=lambda value: None if value in {"", None} else read(value),
            **kwargs,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the chosen value; one that is not in the list is refused in words."""
        if not valuelist:
            self.data = None
            return
        try:
            self.data = self.coerce(valuelist[0])
        except (ValueError, TypeError, KeyError) as error:
            self.data = None
            raise ValueError(gettext(NOT_IN_LIST)) from error

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that is not offered; no value at all is the matter of `Required`."""
        del form
        if self.data is not None and not any(choice.selected for choice in self.iter_choices()):
            raise StopValidation(gettext(NOT_IN_LIST))


class SeveralField(_Listed, SelectMultipleField):  # type: ignore[misc]
    """Several answers from a list, drawn as check boxes. ``data`` is a list."""

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        *,
        choices: Source = (),
        coerce: Callable[[str], Any] | None = None,
        hints: Mapping[Any, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.shape, self.hints = "checkboxes", hints or {}
        read: Any = coerce or (choices if _is_enum(choices) else str)
        super().__init__(
            label, list(validators), choices=lambda: _laid_out(choices), coerce=read, **kwargs
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the ticked values."""
        try:
            self.data = [self.coerce(value) for value in valuelist]
        except (ValueError, TypeError, KeyError) as error:
            self.data = []
            raise ValueError(gettext(NOT_IN_LIST)) from error

    def pre_validate(self, form: Any) -> None:
        """Refuse values that are not offered."""
        del form
        offered = {choice.value for choice in self.iter_choices()}
        if any(str(getattr(value, "value", value)) not in offered for value in self.data or ()):
            raise StopValidation(gettext(NOT_IN_LIST))


class TickField(BooleanField):  # type: ignore[misc]
    """Yes or no."""

    shape = "checkbox"

    def say(self) -> str:
        """Yes or no in words."""
        return str(gettext("Yes") if self.data else gettext("No"))


KINDS = {
    "pdf": ("PDF", ("pdf",)),
    "docx": ("Word (.docx)", ("docx",)),
    "xlsx": ("Excel (.xlsx)", ("xlsx",)),
    "image": ("JPG, PNG", ("jpg", "jpeg", "png")),
}


class UploadField(FileField):  # type: ignore[misc]
    """One file. ``data`` is a Werkzeug `FileStorage`; the register looks into it before it is stored."""

    shape = "file"

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        *,
        kinds: Sequence[str] = ("pdf", "docx", "xlsx", "image"),
        most_bytes: int = 20_000_000,
        **kwargs: Any,
    ) -> None:
        self.kinds, self.most_bytes = kinds, most_bytes
        self.endings = tuple(ending for kind in kinds for ending in KINDS[kind][1])
        accept = ",".join(f".{ending}" for ending in self.endings)
        super().__init__(
            label,
            list(validators),
            render_kw={"accept": accept, "data-max-bytes": str(most_bytes)},
            **kwargs,
        )
        self.description: str = self.description or self._explained()
        self.render_kw |= {"data-refusal": self._refused(), "data-too-large": self._too_large()}

    def _size(self) -> str:
        return f"{show_number(self.most_bytes // 1_000_000, notation())} MB"

    def _names(self) -> str:
        return ", ".join(KINDS[kind][0] for kind in self.kinds)

    def _explained(self) -> str:
        return str(gettext("%(kinds)s; %(size)s at most", kinds=self._names(), size=self._size()))

    def _refused(self) -> str:
        return str(
            gettext("This kind of file is not accepted; choose %(kinds)s", kinds=self._names())
        )

    def _too_large(self) -> str:
        return str(gettext("The file is too large; %(size)s at most", size=self._size()))

    def pre_validate(self, form: Any) -> None:
        """Refuse what its name or size already rules out."""
        del form
        if not self.data:
            return
        if PurePath(self.data.filename or "").suffix.lower().lstrip(".") not in self.endings:
            raise ValidationError(self._refused())
        size = self.data.stream.seek(0, 2)
        self.data.stream.seek(0)
        if size > self.most_bytes:
            raise ValidationError(self._too_large())
