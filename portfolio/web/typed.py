"""Form fields that read what offices type: money, areas, days and numbers.

A field keeps the typed text and shows it again when there is an error. What can be read in two ways is
asked back once: the field then has a ``question``, and the answer comes with the next post as
``<name>-reading``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from flask_babel import gettext
from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from portfolio.notation import N_, Doubtful, Unreadable
from portfolio.notation.area import read_area, show_area
from portfolio.notation.days import Precision, read_day, show_day
from portfolio.notation.fold import nfc
from portfolio.notation.money import BILLION, MoneyReading, read_money, say_money, show_money
from portfolio.notation.numbers import read_number, show_number
from portfolio.web.show import notation

_CLOSE = N_("%(typed)s can be read in two ways: choose the one that is meant")


@dataclass(frozen=True)
class Reading:
    """One way to read a doubtful entry; ``key`` comes back when it is chosen."""

    key: str
    words: str
    value: Any
    likely: bool = False


def one_way(value: Decimal) -> str:
    """The number such that it reads one way only: never without a decimal, never with three alone."""
    if value == round(value, 1):
        return show_number(value, notation(), 1)
    three_alone = 1 <= value < 1000 and value != round(value, 2) and value == round(value, 3)  # noqa: PLR2004
    return show_number(value, notation(), 4 if three_alone else None)


class TypedField(Field):  # type: ignore[misc]  # WTForms has no types
    """A one-line field whose text is read into a value. Subclasses say how with `read` and `show`."""

    widget = TextInput()
    shape = "text"
    inputmode = ""
    question: Sequence[Reading] = ()

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, list(validators), **kwargs)
        self.data: Any = None

    @property
    def typed(self) -> str:
        """What stands in the box when it was posted."""
        return str(self.raw_data[0]) if self.raw_data else ""

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Read the box, and the answer to an earlier question if there is one."""
        self._answer = formdata.get(f"{self.name}-reading") if formdata is not None else None
        super().process(formdata, *args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; raises `ValueError` with the message for the reader."""
        if not valuelist:
            return
        self.data, self.question = None, ()
        text = nfc(valuelist[0])
        if not text:
            return
        try:
            readings = self.read(text)
        except Unreadable as error:
            raise ValueError(gettext(error.message, **error.params)) from error
        chosen = [reading for reading in readings if reading.key == self._answer]
        kept = [reading for reading in readings if reading.value == self.object_data]
        # What was shown by us and comes back unchanged is not asked about again.
        settled = readings if len(readings) == 1 else chosen or kept
        if settled:
            self.data = settled[0].value
        else:
            self.question = readings

    def pre_validate(self, form: Any) -> None:
        """An open question is an error until it is answered."""
        del form
        if self.question:
            raise StopValidation(gettext(_CLOSE, typed=self.typed.strip()))

    def _value(self) -> str:
        if self.raw_data:
            return self.typed
        return "" if self.data is None else self.show(self.data)

    def read(self, text: str) -> Sequence[Reading]:
        """The ways to read ``text``, the likely one first. Raises `Unreadable`."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """The text of a stored value, such that reading it gives the same value."""
        raise NotImplementedError

    def say(self) -> str:
        """The value in words for people, for the sentence after saving."""
        return "" if self.data is None else self.show(self.data)


class MoneyField(TypedField):
    """A sum of money. ``data`` is a `Decimal` in whole units of ``currency``.

    A bare number counts billions of đồng. ``currencies`` are those that are accepted; ``qualifier`` is
    the word that makes a sum approximate (khoảng, hơn), as typed.
    """

    inputmode = "text"  # a telephone's number pad lacks the letters of "tỷ"

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        *,
        currencies: Sequence[str] = ("VND",),
        default_unit: Decimal = BILLION,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.currencies, self.default_unit = currencies, default_unit
        self.currency = "VND"
        self.qualifier = ""

    def process_data(self, value: Any) -> None:
        """Take a `Decimal` in đồng, or a pair (amount, currency)."""
        self.data, self.currency = value if isinstance(value, tuple) else (value, "VND")
        self.object_data = self.data

    def read(self, text: str) -> Sequence[Reading]:
        """One reading, or two where only the language of the page would decide."""
        try:
            found = read_money(text, locale=notation(), default_unit=self.default_unit)
        except Doubtful as doubt:
            return [
                self._reading(amount, "VND") for amount in cast("list[Decimal]", doubt.readings)
            ]
        if found.currency not in self.currencies:
            message = N_("Enter the sum in %(currencies)s")
            raise Unreadable(message, {"currencies": ", ".join(self.currencies)})
        self.currency, self.qualifier = found.currency, found.qualifier
        readings = [self._reading(found.amount, found.currency, likely=True)]
        if found.other is not None:
            readings.append(self._reading(found.other, found.currency))
        return readings

    def _reading(self, amount: Decimal, currency: str, *, likely: bool = False) -> Reading:
        said = say_money(MoneyReading(amount, currency), notation())
        words = f"{show_money(amount, currency, notation(), decimals=3 if amount % 10**8 else 1)} ({said})"
        return Reading(str(amount.normalize()), words, amount, likely)

    def show(self, value: Decimal) -> str:
        """Billions with up to four decimals, else every đồng; other currencies in full."""
        billions = value / self.default_unit
        if self.currency == "VND" and billions == round(billions, 4):
            return one_way(billions)
        if self.currency == "VND":
            return show_money(value, "VND", notation(), full=True)
        return (
            f"{value.normalize():f} {self.currency}"
            if notation() == "en"
            else f"{value.normalize():f} {self.currency}".replace(".", ",")
        )

    def say(self) -> str:
        """`8.033,8 tỷ đồng`."""
        return "" if self.data is None else show_money(self.data, self.currency, notation())


class AreaField(TypedField):
    """An area of land. ``data`` is a `Decimal` in hectares; a bare number counts hectares."""

    inputmode = "text"

    def read(self, text: str) -> Sequence[Reading]:
        """One reading, or two where only the language of the page would decide."""
        found = read_area(text, locale=notation())
        sizes = [found.hectares] if found.other is None else [found.hectares, found.other]
        return [
            Reading(
                str(size.normalize()), show_area(size, notation(), full=True), size, likely=not i
            )
            for i, size in enumerate(sizes)
        ]

    def show(self, value: Decimal) -> str:
        """Hectares with every decimal, `120,5`."""
        return one_way(value)

    def say(self) -> str:
        """`120,5 ha`."""
        return "" if self.data is None else show_area(self.data, notation(), full=True)


class NumberField(TypedField):
    """A plain number that is not negative. ``data`` is a `Decimal`, or an int when ``whole``."""

    inputmode = "decimal"

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        *,
        least: int = 0,
        most: int = 10**12,
        whole: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.least, self.most, self.whole = least, most, whole

    def read(self, text: str) -> Sequence[Reading]:
        """One reading; a whole number has no decimal reading."""
        found = read_number(text, notation())
        values = [value for value in (found.value, found.other) if value is not None]
        if self.whole:
            values = [value for value in values if value == int(value)][:1]
            if not values:
                raise Unreadable(
                    N_("Enter a whole number, for example %(example)s"), {"example": "1250"}
                )
        for value in values:
            if not self.least <= value <= self.most:
                params = {
                    "least": show_number(self.least, notation()),
                    "most": show_number(self.most, notation()),
                }
                raise Unreadable(N_("Enter a number from %(least)s to %(most)s"), params)
        return [
            Reading(
                str(value.normalize()),
                show_number(value, notation()),
                int(value) if self.whole else value,
                likely=not i,
            )
            for i, value in enumerate(values)
        ]

    def show(self, value: Decimal | int) -> str:
        """The number with as many decimals as it has."""
        return str(value) if self.whole else one_way(Decimal(value))


class DayField(TypedField):
    """A day, or a month, quarter, half or year, which stand for their last day. ``data`` is a `date`.

    ``precision`` says how exactly it was given. ``exact`` accepts days only; ``not_after`` gives the
    last day that is accepted (``portfolio.web.clock.today`` for what must have happened).
    """

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        *,
        exact: bool = True,
        not_after: Callable[[], date] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.exact, self.not_after = exact, not_after
        self.precision = Precision.DAY

    def process_data(self, value: Any) -> None:
        """Take a `date`, or a pair (date, precision)."""
        self.data, self.precision = value if isinstance(value, tuple) else (value, Precision.DAY)
        self.object_data = self.data

    def read(self, text: str) -> Sequence[Reading]:
        """One reading: no date is doubtful, since the day always comes before the month."""
        found = read_day(text, notation())
        if self.exact and found.precision is not Precision.DAY:
            raise Unreadable(
                N_("Enter the exact day, for example %(example)s"), {"example": "22/11/2026"}
            )
        last = self.not_after() if self.not_after else None
        if last is not None and found.day > last:
            raise Unreadable(
                N_("The day must not be after %(last)s"),
                {"last": show_day(last, locale=notation())},
            )
        self.precision = found.precision
        return [Reading(found.day.isoformat(), found.printed, found.day, likely=True)]

    def show(self, value: date) -> str:
        """`22/11/2026`, or what the precision allows: `Quý IV/2026`."""
        return show_day(value, self.precision, notation())
