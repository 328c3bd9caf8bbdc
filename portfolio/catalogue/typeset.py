"""How a catalogue speaks: words, numbers, money, areas and days in the language of the book.

The language is that of the book, whatever the reader of the screen has chosen, so the translations
are read from their files and nothing here needs a running application.
"""

import re
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portfolio.notation import Locale
from portfolio.notation.area import show_area
from portfolio.notation.days import Precision, show_day, show_day_long
from portfolio.notation.money import show_money
from portfolio.notation.numbers import show_number
from portfolio.settings import CHECKOUT

TRANSLATIONS = Path(__file__).parents[1] / "translations"
TEMPLATES = [CHECKOUT / "templates" / subject / "print" for subject in ("catalogue", "reports")]
Language = Locale
"""The languages a catalogue is set in."""
_FIGURE = re.compile(r"(?P<before>\D*?)\s*(?P<number>\d[\d.,]*)\s*(?P<after>.*)", re.DOTALL)

_CLOSING_ZERO = re.compile(r"[.,]0(?![\d.,])")


@dataclass(frozen=True, slots=True)
class Figure:
    """A big figure: what stands before the digits, the digits, and the unit after them."""

    before: str
    number: str
    after: str


def take_apart(text: str) -> Figure:
    """Split ``VND 8,033.8 billion`` into its three parts; words without digits stay whole."""
    found = _FIGURE.fullmatch(text)
    return Figure(**found.groupdict()) if found else Figure("", text, "")


def round_sum(text: str) -> str:
    """``8.338,0 tỷ đồng`` without its closing zero: a printed figure claims no tenth it does not have."""
    return _CLOSING_ZERO.sub("", text)


def says_more(printed: str, *shown: str) -> bool:
    """Whether the words of the source add anything to the figure as shown: ``278ha`` does not."""
    return bool(printed) and _close(printed) not in map(_close, shown)


def _close(text: str) -> str:
    return "".join(text.split())


@cache
def translations(lang: str) -> NullTranslations:
    """The messages of ``lang``; English is the language of the source and has no file."""
    return Translations.load(str(TRANSLATIONS), [lang])


def templates(lang: Language) -> Environment:
    """The print templates, speaking ``lang``. Whatever a template does not know is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    messages = translations(lang)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        messages.gettext, messages.ngettext, newstyle=True
    )
    environment.filters.update(
        money=lambda amount, currency="VND": round_sum(show_money(amount, currency, lang)),
        # Sources are Vietnamese papers: what they print is compared in their own notation.
        printed_money=lambda amount, currency: round_sum(show_money(amount, currency, "vi")),
        printed_area=lambda hectares: show_area(hectares, "vi"),
        area=lambda hectares: show_area(hectares, lang),
        number=lambda number: show_number(number, lang),
        day=lambda day, precision=Precision.DAY: show_day(day, precision, lang),
        long_day=lambda day: show_day_long(day, lang),
    )
    environment.globals.update(apart=take_apart, says_more=says_more)
    return environment
