"""Calendar files: folding, escaping and days as RFC 5545 writes them, and nothing that could end a line."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.notation.icalendar import Event, calendar_file, escaped, folded

STAMP = datetime(2026, 11, 22, tzinfo=UTC)


def unfolded(file: bytes) -> list[str]:
    """The lines as a calendar program reads them (RFC 5545, 3.1)."""
    assert file.endswith(b"\r\n")
    return file.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def read(value: str) -> str:
    """A text as a calendar program reads it (RFC 5545, 3.3.11)."""
    out, letters = "", iter(value)
    for letter in letters:
        following = next(letters) if letter == "\\" else ""
        out += {"n": "\n", "N": "\n"}.get(following, following) if letter == "\\" else letter
    return out


def test_one_event_is_written_as_the_standard_says():
    event = Event("a1@register", date(2027, 1, 5), "KT-0001 Mốc tiến độ", "Nhà máy", "https://x/p")
    lines = unfolded(calendar_file("Khu Măng Đen", [event], STAMP, "Register//Deadlines"))
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Register//Deadlines//NONSGML//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Khu Măng Đen",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "BEGIN:VEVENT",
        "UID:a1@register",
        "DTSTAMP:20261122T000000Z",
        "DTSTART;VALUE=DATE:20270105",
        "SUMMARY:KT-0001 Mốc tiến độ",
        "DESCRIPTION:Nhà máy",
        "URL:https://x/p",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a, b; c", r"a\, b\; c"),
        ("back\\slash", r"back\\slash"),
        ("two\nlines", r"two\nlines"),
        ("two\r\nlines", r"two\nlines"),
        ("two\rlines", r"two\nlines"),
        ("bell\x07 and tab\t", "bell and tab"),
        (r"\n", r"\\n"),
    ],
)
def test_texts_are_escaped(text, written):
    assert escaped(text) == written


def test_a_line_is_folded_after_75_octets_and_never_inside_a_character():
    line = "SUMMARY:" + "ế" * 60
    pieces = folded(line).removesuffix(b"\r\n").split(b"\r\n")
    assert [len(piece) for piece in pieces] == [74, 73, 43]
    assert all(piece.startswith(b" ") for piece in pieces[1:])
    assert "".join(piece.decode().removeprefix(" ") for piece in pieces) == line
    assert folded("x" * 75) == b"x" * 75 + b"\r\n"
    assert folded("x" * 76) == b"x" * 75 + b"\r\n x\r\n"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_whatever_a_title_holds_it_is_read_back_and_ends_no_line(title):
    event = Event("u@x", date(2027, 1, 5), title)
    file = calendar_file("n", [event], STAMP, "p")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    (line,) = [one for one in unfolded(file) if one.startswith("SUMMARY:")]
    plain = title.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in plain if c == "\n" or not (ord(c) < 32 or ord(c) == 127))
    assert read(line.removeprefix("SUMMARY:")) == kept
    assert len(unfolded(file)) == 15


def test_an_address_cannot_add_a_line():
    event = Event("u@x", date(2027, 1, 5), "s", "", "https://x/\r\nATTACH:evil")
    assert not [
        one for one in unfolded(calendar_file("n", [event], STAMP, "p")) if one[:7] == "ATTACH:"
    ]
