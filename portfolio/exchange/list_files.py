"""A list as a file: counted, written down, then sent piece by piece from one view of the register."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import SEEK_END
from typing import BinaryIO, cast

from flask import Response, request, stream_with_context
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from portfolio.database import database, session
from portfolio.exchange.csv_out import write_csv
from portfolio.exchange.export_log import log_export
from portfolio.exchange.workbook_out import Heading, write_workbook
from portfolio.office.sessions import this_person
from portfolio.register import find
from portfolio.register.columns import Words, fields_of
from portfolio.register.counting import count_all
from portfolio.register.search import Search
from portfolio.web import show
from portfolio.web.clock import now, today

PIECE = 65_536
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Taken:
    """A list that is taken out: what is in it, how it is written, what it and its file are called."""

    search: Search
    columns: Sequence[str]
    words: Words
    title: str
    name: str

    @property
    def sentence(self) -> str:
        """All filters in words."""
        return "; ".join(one.sentence() for one in self.search.filters)


def give_csv(taken: Taken) -> Response:
    """The list as a table for other programs."""
    _begin(taken, "csv")

    def pieces() -> Iterator[str]:
        with _reading() as own, find.all_lines(own, taken.search) as lines:
            yield from write_csv(lines, fields_of(taken.columns), taken.words)

    answer = Response(stream_with_context(pieces()), mimetype="text/csv")
    return _named(answer, taken, "csv")


def give_workbook(taken: Taken) -> Response:
    """The list as an Excel workbook."""
    rows = _begin(taken, "xlsx")
    # Closed with the answer, or when its last piece is read.
    file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115
    with _reading() as own, find.all_lines(own, taken.search) as lines:
        write_workbook(file, _heading(taken, rows), lines, fields_of(taken.columns), taken.words)
    answer = Response(_pieces(file), mimetype=WORKBOOK)
    answer.content_length = file.seek(0, SEEK_END)
    file.seek(0)
    answer.call_on_close(file.close)
    return _named(answer, taken, "xlsx")


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _named(answer: Response, taken: Taken, ending: str) -> Response:
    day = taken.search.as_of or today()
    name = f"{taken.name}-{day.isoformat()}.{ending}"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def _begin(taken: Taken, kind: str) -> int:
    """Count the rows, and write down who takes them."""
    rows = count_all(session(), taken.search)
    # Reading ends here: the entry is kept whatever becomes of the rest.
    session().close()
    log_export(
        this_person(),
        at=now(),
        address=request.remote_addr,
        kind=kind,
        sentence=taken.sentence,
        as_of=taken.search.as_of,
        rows=rows,
    )
    return rows


def _reading() -> Session:
    """A session of its own: the file is one view of the register, however long it takes to send."""
    return database().open_session(write=False)


def _heading(taken: Taken, rows: int) -> Heading:
    about = [taken.sentence or gettext("All projects")]
    about.append(ngettext("%(number)s row", "%(number)s rows", rows, number=show.number(rows)))
    if taken.search.as_of is not None:
        about.append(gettext("Register as known on %(day)s", day=show.day(taken.search.as_of)))
    about.append(
        gettext(
            "Made on %(moment)s by %(name)s", moment=show.moment(now()), name=this_person().name
        )
    )
    return Heading(taken.title, about)
