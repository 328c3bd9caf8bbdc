"""The form every page uses: safe, forgiving, and it never loses what was typed."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from wtforms import Field, FieldList, Form, FormField, PasswordField
from wtforms.widgets import HiddenInput

from portfolio.web import once, parked
from portfolio.web.choices import UploadField
from portfolio.web.errors import Difference, Refusal, StaleEdit

MACHINERY = {"csrf_token", "version", "token"}


class Translations:
    """WTForms' own few messages go through the program's catalogue, like all others."""

    def gettext(self, message: str) -> str:
        """The message in the reader's language."""
        return str(gettext(message))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The same for counted messages."""
        return str(ngettext(one, many, count))


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: the words at the field, and the field's anchor if it has one."""

    message: str
    anchor: str = ""


class VersionField(Field):  # type: ignore[misc]  # WTForms has no types
    """The version of the record that the form was opened on; `PortfolioForm.is_stale` compares it."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the number; whatever else was sent counts as no version."""
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class TokenField(Field):  # type: ignore[misc]
    """A random word that lets the form count once; see `portfolio.web.once`."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the token that was sent."""
        if valuelist:
            self.data = valuelist[0][: once.LONGEST_TOKEN]

    def _value(self) -> str:
        return str(self.data or "")


class RowForm(Form):  # type: ignore[misc]
    """A group of fields inside a `PortfolioForm` (``FieldList(FormField(Row))``)."""

    class Meta:
        """Messages in the reader's language."""

        def get_translations(self, form: Any) -> Translations:
            """The program's own catalogue."""
            del form
            return Translations()


class PortfolioForm(FlaskForm):  # type: ignore[misc]
    """A form that changes something.

    On GET it shows ``obj`` (or text that was parked when the session ended), on POST what was typed.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Messages in the reader's language."""

        def get_translations(self, form: Any) -> Translations:
            """The program's own catalogue."""
            del form
            return Translations()

    version = VersionField()
    token = TokenField(default=lambda: secrets.token_urlsafe(18))

    def __init__(self, formdata: Any = _Auto, **kwargs: Any) -> None:
        self.restored = False
        if formdata is _Auto and request.method == "GET" and "parked" in request.args:
            waiting = parked.parked_text()
            names = {name.partition("-")[0] for name in waiting or ()} - MACHINERY
            own = {name for name in dir(type(self)) if not name.startswith("_")}
            if waiting is not None and names & own:
                formdata, self.restored = waiting, True
        super().__init__(formdata=formdata, **kwargs)

    @property
    def problems(self) -> list[Problem]:
        """What must be mended, in the order of the page, in the same words as at the fields."""
        found = [Problem(str(message)) for message in self.form_errors]
        for field in leaves(self):
            found += [Problem(str(message), _anchor(field)) for message in field.errors[:1]]
        return found

    def refuse(self, refusal: Refusal) -> None:
        """Show the refusal of an act in the form: at its field, or above all fields."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(refusal.text())
        else:
            field.errors = [*field.errors, refusal.text()]

    def readings(self) -> list[str]:
        """How numbers were read, to be repeated after saving: `Vốn đăng ký: 8.033,8 tỷ đồng`."""
        return [
            f"{field.label.text}: {field.say()}"
            for field in leaves(self)
            if getattr(field, "typed", "")
            and field.data is not None
            and field.data != field.object_data
        ]

    def earlier_result(self) -> str | None:
        """The path this very form led to before, if it is posted a second time."""
        return once.earlier_result(self.token.data)

    def spend(self, result: str) -> None:
        """Count the form as used, in the transaction of the act; ``result`` is the path shown next."""
        once.spend(self.token.data, result)

    def is_stale(self, version: int) -> bool:
        """Whether the record has moved on since the form was opened."""
        return bool(self.version.data != version)

    def stale(
        self,
        theirs: "PortfolioForm",
        *,
        version: int,
        base: "PortfolioForm | None" = None,
        by: str | None = None,
        at: datetime | None = None,
        back: str | None = None,
    ) -> StaleEdit:
        """The refusal of a stale edit, with both texts of each field that differs.

        ``theirs`` is the same form made with ``formdata=None`` from the record as it now stands,
        ``base`` from the version this edit began on: where only the other person changed a field,
        their text is proposed.
        """
        other = {field.name: field for field in leaves(theirs)}
        began = {field.name: field for field in leaves(base)} if base is not None else {}
        differences, rest = [], []
        for field in leaves(self):
            if isinstance(field, PasswordField | UploadField) or field.name in {
                "csrf_token",
                "version",
            }:
                continue
            if isinstance(field.widget, HiddenInput) or _same(field, other.get(field.name)):
                rest += [(field.name, value) for value in _texts(field)]
            else:
                difference = _difference(field, other.get(field.name), began.get(field.name))
                differences.append(difference)
                rest += (
                    [] if difference.choose else [(field.name, value) for value in _texts(field)]
                )
        return StaleEdit(
            differences=tuple(differences),
            rest=tuple(rest),
            version=version,
            by=by,
            at=at,
            back=back,
        )


def leaves(form: Any) -> Iterator[Any]:
    """The fields of a form in order, those inside lists and groups included."""
    for field in form:
        if isinstance(field, FieldList | FormField):
            yield from leaves(field)
        else:
            yield field


def _anchor(field: Any) -> str:
    if getattr(field, "question", ()):
        return f"{field.id}-reading-0"
    return (
        f"{field.id}-0"
        if getattr(field, "shape", "") in {"radios", "checkboxes"}
        else str(field.id)
    )


def _texts(field: Any) -> list[str]:
    """What the field would send."""
    if field.raw_data is not None:
        return [str(value) for value in field.raw_data]
    if hasattr(field, "iter_choices"):
        return [str(choice.value) for choice in field.iter_choices() if choice.selected]
    if getattr(field, "shape", "") == "checkbox":
        return ["y"] if field.data else []
    return [field._value()]  # noqa: SLF001  WTForms' own name for the shown text


def _same(mine: Any, theirs: Any | None) -> bool:
    if theirs is None:
        return not any(_texts(mine))
    if mine.process_errors or getattr(mine, "question", ()):
        return _texts(mine) == _texts(theirs)
    return bool((mine.data or None) == (theirs.data or None))


def _shown(field: Any) -> str:
    ticked = hasattr(field, "iter_choices") or getattr(field, "shape", "") == "checkbox"
    return str(field.say()) if ticked else "\n".join(_texts(field))


def _difference(mine: Any, theirs: Any | None, base: Any | None) -> Difference:
    sent, stands = _texts(mine), _texts(theirs) if theirs is not None else []
    return Difference(
        name=mine.name,
        label=str(mine.label.text),
        mine=sent[0] if sent else "",
        theirs=stands[0] if stands else "",
        mine_shown=_shown(mine),
        theirs_shown="" if theirs is None else _shown(theirs),
        choose=len(sent) <= 1 and len(stands) <= 1,
        keep_theirs=base is not None and _same(mine, base),
    )
