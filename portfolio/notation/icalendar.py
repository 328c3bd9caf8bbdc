"""An iCalendar file (RFC 5545) of whole days: nothing but what a list of deadlines needs.

No library: the whole of it is four rules about text. Lines end in CRLF and are folded after 75 octets,
never inside a character (3.1); backslash, semicolon, comma and line breaks are escaped in texts
(3.3.11); a day is written 20261231 (3.3.4); an event without an end lasts the whole day (3.6.1).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

MEDIA_TYPE: Final = "text/calendar"
LONGEST_LINE: Final = 75
"""Octets of a line without its end; a folded line goes on after a blank, which counts."""
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_CONTROLS: Final = {code: None for code in (*range(32), 127) if chr(code) != "\n"}


@dataclass(frozen=True)
class Event:
    """One day with a title. ``uid`` stays the same for the same thing, whatever its day."""

    uid: str
    on: date
    summary: str
    description: str = ""
    url: str = ""


def calendar_file(
    name: str, events: Iterable[Event], stamp: datetime, product: str, refresh: str = "PT6H"
) -> bytes:
    """The file as bytes. ``stamp``: when it was made, aware and in UTC; ``refresh``: when to ask again."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{escaped(product)}//NONSGML//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}",
    ]
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(event: Event, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.url:
        # An address is no text: it is written as it is, without what could end the line.
        yield f"URL:{event.url.translate(_CONTROLS)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """A text as the value of a property; other control characters are left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain.translate(_CONTROLS).translate(_ESCAPED)


def folded(line: str) -> bytes:
    """A line with its end, folded after at most 75 octets and between characters."""
    pieces, piece = [], b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
