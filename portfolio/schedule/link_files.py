"""Photos and papers that come through a link: looked into, kept with it, and let go when nobody sends them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portfolio.database import short_write
from portfolio.notation.numbers import show_number
from portfolio.office import one_time_links
from portfolio.office.one_time_links import LinkFile, OneTimeLink
from portfolio.office.queue import each_night
from portfolio.register import files
from portfolio.register.files import BadFile, Checked
from portfolio.web.show import notation

MOST_FILES = 5
MOST_BYTES = 10_000_000


@dataclass
class Looked:
    """What came of looking into uploads: those that may be kept, and words about the others."""

    good: list[Checked] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def limits_in_words() -> str:
    """What may be sent, said before anything is chosen."""
    return str(
        gettext(
            "Up to %(most)s files: JPG or PNG photos, PDF, Word (.docx), Excel (.xlsx); each %(size)s MB at most.",
            most=MOST_FILES,
            size=show_number(MOST_BYTES // 1_000_000, notation()),
        )
    )


def look_into(uploads: Iterable[FileStorage]) -> Looked:
    """Look into uploads before anything else is done: drawing a photo anew takes its time."""
    found = Looked()
    for upload in uploads:
        if not upload.filename:
            # Browsers send an empty part where nothing was chosen.
            continue
        name = files.plain_name(upload.filename)
        content = upload.stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            size = show_number(MOST_BYTES // 1_000_000, notation())
            words = gettext("%(name)s is too large; %(size)s MB at most", name=name, size=size)
            found.refused.append(str(words))
            continue
        try:
            found.good.append(files.check_upload(upload.filename, content))
        except BadFile as refusal:
            found.refused.append(f"{name}: {refusal.text()}")
    return found


def keep_at_link(session: Session, link: OneTimeLink, looked: Looked, at: datetime) -> list[str]:
    """Keep good files with the link and return where their bytes lie; the same file is kept once.

    Words about those that are too many are added to ``looked.refused``.
    """
    stored, known, over = [], {file.sha256 for file in link.files}, 0
    for checked in looked.good:
        if checked.sha256 in known:
            continue
        if len(known) >= MOST_FILES:
            over += 1
            continue
        place = files.store(checked)
        stored.append(place)
        known.add(checked.sha256)
        link.files.append(
            LinkFile(
                name=checked.name,
                media_type=checked.media_type,
                size=len(checked.content),
                sha256=checked.sha256,
                stored_as=place,
                uploaded_at=at,
            )
        )
    if over:
        looked.refused.append(
            ngettext(
                "%(num)d file was not kept: %(most)d is the most",
                "%(num)d files were not kept: %(most)d is the most",
                over,
                most=MOST_FILES,
            )
        )
    session.flush()
    return stored


def take_off(link: OneTimeLink, file_id: int | None) -> list[str]:
    """Take a file off the link and return where its bytes lie, to be forgotten after the commit."""
    gone = [file for file in link.files if file.id == file_id]
    for file in gone:
        link.files.remove(file)
    return [file.stored_as for file in gone]


def forget_bytes(stored: Sequence[str]) -> None:
    """Delete bytes that no row names any more."""
    for place in stored:
        files.forget(place)


@each_night
def forget_unsent(at: datetime) -> None:
    """Drop what waits at links that can no longer be answered."""
    with short_write() as session:
        rows = one_time_links.unsent_files(session, at)
        stored = [row.stored_as for row in rows]
        for row in rows:
            session.delete(row)
        one_time_links.forget_drafts(session, at)
    forget_bytes(stored)
