"""How findings are said: one sentence and one line a step, in Vietnamese and in English.

Both languages stand beside each other here, because a finding carries both wherever it is shown.
Dates are dd/mm/yyyy in Vietnamese; thousands take a dot in Vietnamese and a comma in English.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, Protocol

from portfolio.schedule.pauses import Interval
from portfolio.schedule.policy_text import HOUSE, Cause, Law
from portfolio.schedule.rules.english import ENGLISH, MONTHS
from portfolio.schedule.rules.phrases import Phrases
from portfolio.schedule.rules.vietnamese import VIETNAMESE

Language = Literal["vi", "en"]
_PHRASES: Final[dict[Language, Phrases]] = {"vi": VIETNAMESE, "en": ENGLISH}


class Line(Protocol):
    """A step, as far as the wording needs it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def value(self) -> Any: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence is made of; `scope` is given when the reader could not tell which is meant."""

    rule: str
    values: Sequence[Line]
    citation: str
    scope: str | None
    held_by: tuple[str, ...]
    needs_legal_opinion: bool


def write_day(day: date, language: Language) -> str:
    """05/03/2020, or 5 March 2020."""
    if language == "vi":
        return f"{day:%d/%m/%Y}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def write_count(count: int, language: Language) -> str:
    """2.088, or 2,088."""
    return f"{count:,}".replace(",", ".") if language == "vi" else f"{count:,}"


def write_code(code: str, language: Language) -> str:
    """A code's name; words that are no code of ours stand as they are."""
    return _PHRASES[language].codes.get(code, code)


def write_value(value: object, language: Language) -> str:  # noqa: PLR0911  one for each kind
    """Any value of a step."""
    match value:
        case None:
            return "chưa ghi nhận" if language == "vi" else "not on record"
        case bool():
            return write_code("yes" if value else "no", language)
        case int():
            return write_count(value, language)
        case Interval():
            days = "ngày" if language == "vi" else "days"
            begins, ends = write_day(value.begins, language), write_day(value.ends, language)
            still = _PHRASES[language].joints["open"] if value.open else ""
            return f"{begins} - {ends}{still} ({write_count(value.days, language)} {days})"
        case date():
            return write_day(value, language)
        case Cause():
            return value.vi if language == "vi" else value.en
        case _:
            return write_code(str(value), language)


def citation(article: str, law: Law, language: Language) -> str:
    """Article 81.8 of a law in its long form; the house policy has no articles."""
    name = law.vi if language == "vi" else law.en
    if law.number == HOUSE:
        return name
    number, *rest = article.split(".")
    if language == "vi":
        parts = [f"Điều {number}", *(f"khoản {clause}" for clause in rest[:1])]
        parts += [f"điểm {point}" for point in rest[1:]]
        return f"{' '.join(reversed(parts))} {name}"
    parts = [f"Article {number}", *(f"clause {clause}" for clause in rest[:1])]
    parts += [f"point {point}" for point in rest[1:]]
    return f"{', '.join(parts)}, {name}"


_WITH_WEEKDAY: Final = ("term_end", "paused_end", "rolled_end")


def step(name: str, value: object, language: Language) -> str:
    """One line of a sum."""
    return _PHRASES[language].steps[name].format(value=_shown(name, value, language))


def step_in_two(name: str, value: object, language: Language) -> tuple[str, str]:
    """The same line for a table: what it is, and its value with the unit."""
    what, _, unit = _PHRASES[language].steps[name].partition("{value}")
    return what.strip().removesuffix(":"), f"{_shown(name, value, language)}{unit}"


def _shown(name: str, value: object, language: Language) -> str:
    if name == "holidays_unknown":
        return str(value)
    if name in _WITH_WEEKDAY and isinstance(value, date):
        return _with_weekday(value, language)
    return write_value(value, language)


def sentence(said: Said, language: Language) -> str:
    """The whole finding in one sentence: what, the sum, by how much, and the article it stands on."""
    phrases = _PHRASES[language]
    values = {line.name: line.value for line in said.values}
    shown = {name: write_value(value, language) for name, value in values.items()}
    shown["missing"] = ", ".join(str(line.value) for line in said.values if line.name == "missing")
    shown["term"] = _term(said, values, language)
    shown["moved"] = _moved(said, values, language)
    template = phrases.sentences[said.rule]
    if not isinstance(template, str):
        template = template[str(values["case"])]
    asides = [f"{phrases.joints['held']} {' + '.join(said.held_by)}"] if said.held_by else []
    if said.needs_legal_opinion:
        asides.append(phrases.joints["opinion"])
    aside = f" ({'; '.join(asides)})" if asides else ""
    where = f"{write_scope(said.scope, language)}, " if said.scope else ""
    return f"{said.rule}: {where}{template.format_map(shown)} - {said.citation}{aside}"


def write_scope(scope: str, language: Language) -> str:
    """`giai đoạn 1`, `lô đất A`; nothing for the whole project."""
    kind, _, name = scope.partition(":")
    if kind not in _PHRASES[language].scopes:
        return ""
    phase, _, _ = name.partition("/")
    return _PHRASES[language].scopes[kind].format(name=name, phase=phase)


def _with_weekday(day: date, language: Language) -> str:
    return f"{write_day(day, language)} ({_PHRASES[language].weekdays[day.weekday()]})"


def _term(said: Said, values: dict[str, Any], language: Language) -> str:
    """Months, and the day or days they end on: bare, paused, rolled.

    The weekday explains a roll: it is said of the day rolled from and of the day that counts.
    """
    if "term_end" not in values:
        return ""
    joints = _PHRASES[language].joints
    plain = "paused_end" in values
    end = write_day(values["term_end"], language)
    text = joints["term"].format(
        months=values["months"],
        end=end if plain else _with_weekday(values["term_end"], language),
    )
    if plain:
        text += joints["paused"].format(
            days=_days(said, "term_pause", language),
            noun=_noun(said, language),
            end=_with_weekday(values["paused_end"], language),
        )
    if "rolled_end" in values:
        text += joints["rolled"].format(end=_with_weekday(values["rolled_end"], language))
    return text


def _moved(said: Said, values: dict[str, Any], language: Language) -> str:
    """By how many days pauses moved a planned end, and where to; nothing when they did not."""
    if "effective_end" not in values:
        return ""
    return (
        _PHRASES[language]
        .joints["paused"]
        .format(
            days=_days(said, "pause", language),
            noun=_noun(said, language),
            end=write_day(values["effective_end"], language),
        )
    )


def _days(said: Said, name: str, language: Language) -> str:
    total = sum(line.value.days for line in said.values if line.name == name)
    return write_count(total, language)


def _noun(said: Said, language: Language) -> str:
    kind = "land" if said.rule.startswith("LAND") else "investment"
    return _PHRASES[language].pause_nouns[kind]
