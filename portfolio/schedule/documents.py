"""Strict reading of parsed documents: what is not expected is refused, with the path to it."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final, TypeVar

Record = TypeVar("Record")

# Wide enough for any approval on record and any operating term; narrow enough for sums of months.
FIRST_YEAR: Final = 1945
LAST_YEAR: Final = 2199
MOST_RECORDS: Final = 5000
"""In one list of a document; far more than any project has."""
_ISO_LENGTH: Final = 10
_HALF: Final = re.compile("[\ud800-\udfff]")
_SHOWN: Final = 80
"""Characters of a wrong value that its refusal repeats."""


class BadDocument(ValueError):
    """A value that cannot be taken as it stands: `path` to it in the document, and the problem."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        """For people: path, then problem."""
        return f"{self.path}: {self.problem}" if self.path else self.problem

    def under(self, parent: str) -> "BadDocument":
        """The same problem as seen from the record that holds this one."""
        glue = "" if not self.path or self.path.startswith("[") else "."
        return BadDocument(f"{parent}{glue}{self.path}", self.problem)


def keys(words: str) -> frozenset[str]:
    """The keys of a kind of record, or the codes of a closed list."""
    return frozenset(words.split())


def fields(raw: object, allowed: frozenset[str]) -> dict[str, Any]:
    """The record itself, when it is one and has none but the allowed keys."""
    if not isinstance(raw, dict):
        raise BadDocument(path="", problem=f"must be an object, not {_kind(raw)}")
    if not raw.keys() <= allowed:
        unknown = next(key for key in raw if key not in allowed)
        raise BadDocument(_cut(str(unknown)), "unknown key")
    return raw


def required(raw: dict[str, Any], *keys: str) -> None:
    """Refuse a record that leaves one of these out."""
    for key in keys:
        if raw.get(key) is None:
            raise BadDocument(key, "must be given")


_read_days: dict[str, date] = {}
"""Days that were read before: a portfolio names the same few thousand days again and again."""


def day(raw: dict[str, Any], key: str) -> date | None:
    """A day of the calendar, as YYYY-MM-DD or as a date."""
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, str):
        found = _read_days.get(value)
        if found is None:
            found = _read_days[value] = _in_years(_calendar_day(value, key), key)
        return found
    if isinstance(value, date) and not isinstance(value, datetime):
        return _in_years(value, key)
    raise BadDocument(key, f"must be a date as text, not {_kind(value)}")


def _calendar_day(value: str, key: str) -> date:
    # fromisoformat also takes 20260301 and 2026-W09-7, which a clerk writes by mistake only.
    if len(value) != _ISO_LENGTH or value[4] != "-" or value[7] != "-":
        raise BadDocument(key, f"{shown(value)} is not a date of the form YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadDocument(key, f"{shown(value)} is not a day of the calendar") from None


def _in_years(found: date, key: str) -> date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadDocument(key, f"{found} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


def ordered(key: str, start: date | None, end: date | None, start_key: str) -> None:
    """Refuse an end before its start, at the end's key."""
    if start is not None and end is not None and end < start:
        raise BadDocument(key, f"{end} is before {start_key} {start}")


def text(raw: dict[str, Any], key: str) -> str | None:
    """Words; blank ones are refused, null means not given."""
    value = raw.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadDocument(key, f"must be text, not {_kind(value)}")
    if not value.strip():
        raise BadDocument(key, "must not be blank")
    if not value.isascii() and _HALF.search(value):
        raise BadDocument(key, "holds half a character (a lone surrogate)")
    return value


def one_of(raw: dict[str, Any], key: str, allowed: frozenset[str]) -> str | None:
    """One of a closed list of codes."""
    value = text(raw, key)
    if value is not None and value not in allowed:
        raise BadDocument(key, f"{shown(value)} is none of {', '.join(sorted(allowed))}")
    return value


def yes_or_no(raw: dict[str, Any], key: str) -> bool | None:
    """True or false."""
    value = raw.get(key)
    if value is not None and not isinstance(value, bool):
        raise BadDocument(key, f"must be true or false, not {_kind(value)}")
    return value


def whole(raw: dict[str, Any], key: str, least: int = 0, most: int = 10**6) -> int | None:
    """A whole number from `least` to `most`."""
    value = raw.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadDocument(key, f"must be a whole number, not {_kind(value)}")
    if value < least:
        raise BadDocument(key, f"{shown(value)} is less than {least}")
    if value > most:
        raise BadDocument(key, f"{shown(value)} is more than {most}")
    return value


def records(
    raw: dict[str, Any], key: str, read: Callable[[object, str], Record]
) -> tuple[Record, ...]:
    """A list of records; each is read with its own place, such as `phases[0]`."""
    value = raw.get(key)
    if value is None or value == []:
        return ()
    if not isinstance(value, list):
        raise BadDocument(key, f"must be a list, not {_kind(value)}")
    if len(value) > MOST_RECORDS:
        problem = f"has {len(value)} records; at most {MOST_RECORDS} are read"
        raise BadDocument(key, problem)
    found: list[Record] = []
    for position, item in enumerate(value):
        place = f"{key}[{position}]"
        try:
            found.append(read(item, place))
        except BadDocument as bad:
            raise bad.under(place) from None
    return tuple(found)


def record(raw: dict[str, Any], key: str, read: Callable[[object, str], Record]) -> Record | None:
    """One record, or None when it is not given."""
    value = raw.get(key)
    if value is None:
        return None
    try:
        return read(value, key)
    except BadDocument as bad:
        raise bad.under(key) from None


def shown(value: object) -> str:
    """A wrong value as its refusal repeats it: quoted, and no longer than a line."""
    if isinstance(value, int) and abs(value) >= 10**_SHOWN:
        return "a number of more than 80 digits"
    return _cut(ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value))


def _cut(words: str) -> str:
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}..."


def _kind(value: object) -> str:
    names = {
        dict: "an object",
        list: "a list",
        str: "text",
        bool: "true or false",
        type(None): "null",
    }
    return names.get(type(value), "a number" if isinstance(value, int | float) else shown(value))
