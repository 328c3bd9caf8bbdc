"""A body that was refused for its size still has to be read: to be dropped, or to save the text in it."""

import io
from typing import IO, cast

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wsgi import LimitedStream

from portfolio.web.headers import MOST_FORM_PARTS

MOST_READ = 64_000_000
MOST_TEXT = 200_000


class _Nowhere(io.RawIOBase):
    """Where the files of a refused body go."""

    def write(self, data: object) -> int:
        return len(cast("bytes", data))

    def seek(self, *_where: int) -> int:
        return 0


def _drop(
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> IO[bytes]:
    del total_content_length, content_type, filename, content_length
    return cast("IO[bytes]", _Nowhere())


def rescue_text() -> None:
    """Read the text fields of an upload that was refused before anything was read.

    The files in it are dropped as they arrive. Afterwards ``request.form`` holds the text; it stays
    empty where that is more than 200 kB.
    """
    size = request.content_length or 0
    if "stream" in request.__dict__:
        return
    if request.mimetype != "multipart/form-data" or not 0 < size <= MOST_READ:
        # None of it is read; whoever asks for the text must not be refused a second time.
        request.__dict__.setdefault("form", MultiDict())
        return
    parser = FormDataParser(
        stream_factory=_drop,
        max_form_memory_size=MOST_TEXT,
        max_form_parts=MOST_FORM_PARTS,
    )
    stream = cast("IO[bytes]", LimitedStream(request.environ["wsgi.input"], size))
    try:
        _stream, form, _files = parser.parse(
            stream, request.mimetype, size, request.mimetype_params
        )
    except RequestEntityTooLarge:
        form = MultiDict()
    request.__dict__.update(stream=stream, form=form, files=MultiDict())


def drain_body() -> None:
    """Read and drop a refused body, or the browser shows a broken connection instead of the answer."""
    stream = request.environ["wsgi.input"]
    left = MOST_READ
    if "wsgi.input_terminated" not in request.environ:
        # Such a server waits for ever after the last byte, so what was read already counts.
        begun = request.__dict__.get("stream")
        taken = begun.tell() if begun is not None else 0
        left = min((request.content_length or 0) - taken, MOST_READ)
    while left > 0:
        chunk = stream.read(min(left, 65_536))
        if not chunk:
            return
        left -= len(chunk)
