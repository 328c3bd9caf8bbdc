"""Taking a list out of the register: exactly what is shown, all pages of it."""

import tempfile
from collections.abc import Iterator
from os import SEEK_END
from typing import BinaryIO, cast

from flask import Blueprint, Flask, Response, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from portfolio.database import database, session
from portfolio.exchange.csv_out import write_csv
from portfolio.exchange.export_log import log_export
from portfolio.exchange.workbook_out import Heading, write_workbook
from portfolio.notation import N_
from portfolio.office.may import Permission, needs
from portfolio.office.sessions import this_person
from portfolio.register import find
from portfolio.register.asked import Asked, read_asked
from portfolio.register.columns import Words, fields_of
from portfolio.register.counting import count_all
from portfolio.web import show
from portfolio.web.clock import now, today
from portfolio.web.errors import Refusal
from portfolio.web.languages import language

pages = Blueprint("exchange", __name__)

PIECE = 65_536
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UnclearList(Refusal):
    """An export must be of what the person meant."""

    message = N_("The list has a filter that was not understood; mend it on the list, then export")


def install(app: Flask) -> None:
    """Add the addresses of this subject."""
    if "exchange" not in app.blueprints:
        app.register_blueprint(pages)


@pages.get("/projects.csv")
@needs(Permission.EXPORT_REGISTER)
def csv_file() -> ResponseReturnValue:
    """The list as a table for other programs."""
    asked, words, rows = _begin("csv")
    del rows

    def pieces() -> Iterator[str]:
        with _reading() as own, find.all_lines(own, asked.search) as lines:
            yield from write_csv(lines, fields_of(asked.columns), words)

    answer = Response(stream_with_context(pieces()), mimetype="text/csv")
    return _named(answer, asked, "csv")


@pages.get("/projects.xlsx")
@needs(Permission.EXPORT_REGISTER)
def workbook_file() -> ResponseReturnValue:
    """The list as an Excel workbook."""
    asked, words, rows = _begin("xlsx")
    # Closed with the answer, or when its last piece is read.
    file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115
    with _reading() as own, find.all_lines(own, asked.search) as lines:
        write_workbook(file, _heading(asked, rows), lines, fields_of(asked.columns), words)
    answer = Response(_pieces(file), mimetype=WORKBOOK)
    answer.content_length = file.seek(0, SEEK_END)
    file.seek(0)
    answer.call_on_close(file.close)
    return _named(answer, asked, "xlsx")


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _named(answer: Response, asked: Asked, ending: str) -> Response:
    name = f"{_file_name(asked)}.{ending}"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def _begin(kind: str) -> tuple[Asked, Words, int]:
    """Read the address, count the rows, and write down who takes them."""
    asked = read_asked(session(), this_person(), request.args, today())
    if asked.unclear:
        raise UnclearList
    past = asked.search.as_of
    words = Words(
        asked.choices, language(), past or today(), past=past is not None, causes=asked.causes
    )
    rows = count_all(session(), asked.search)
    # Reading ends here: the entry is kept whatever becomes of the rest.
    session().close()
    log_export(
        this_person(),
        at=now(),
        address=request.remote_addr,
        kind=kind,
        sentence=asked.sentence(),
        as_of=past,
        rows=rows,
    )
    return asked, words, rows


def _reading() -> Session:
    """A session of its own: the file is one view of the register, however long it takes to send."""
    return database().open_session(write=False)


def _file_name(asked: Asked) -> str:
    day = asked.search.as_of or today()
    name = "du-an" if language() == "vi" else "projects"
    return f"{name}-{day.isoformat()}"


def _heading(asked: Asked, rows: int) -> Heading:
    about = [asked.sentence() or gettext("All projects")]
    about.append(ngettext("%(number)s row", "%(number)s rows", rows, number=show.number(rows)))
    if asked.search.as_of is not None:
        about.append(gettext("Register as known on %(day)s", day=show.day(asked.search.as_of)))
    about.append(
        gettext(
            "Made on %(moment)s by %(name)s", moment=show.moment(now()), name=this_person().name
        )
    )
    return Heading(gettext("Investment projects"), about)
