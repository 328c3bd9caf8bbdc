"""The press: the one function that turns HTML into a PDF.

WeasyPrint follows every address it meets, local files included, unless it is stopped. Here it may
open nothing but the package's own print assets, by the scheme ``portfolio-asset:``; any other
address ends the build. The same HTML and assets give the same bytes.
"""

import gc
import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from weasyprint import HTML, __version__
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from portfolio.catalogue.faults import ForbiddenAddress, PressError
from portfolio.catalogue.progress import Progress, Report, Step, nobody
from portfolio.catalogue.tagging import finish_tags

SCHEME: Final = "portfolio-asset:"
ASSETS: Final = Path(__file__).parent / "print"
VARIANT: Final = "pdf/ua-1"
# 2020-01-01: any fixed moment will do, it only enters fonts that have to be rebuilt.
_FIXED_EPOCH: Final = "1577836800"
_NAME: Final = re.compile(r"[a-z][a-z0-9-]*\.(css|svg)")
_KINDS: Final = {"css": "text/css", "svg": "image/svg+xml"}
_PAGE: Final = re.compile(r"Step 5 - Creating layout - Page (\d+)")


class _PackageAssets(URLFetcher):  # type: ignore[misc]
    """Opens ``portfolio-asset:name`` from one folder; everything else stops the build."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._folder = folder
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The asset called ``url``. Raises WeasyPrint's fatal error, which nothing in it catches."""
        del headers
        name = url.removeprefix(SCHEME)
        found = _NAME.fullmatch(name) if url.startswith(SCHEME) else None
        if found is None or not (self._folder / name).is_file():
            self.refused.append(f"address not allowed in a print: {url[:200]}")
            raise FatalURLFetchingError(self.refused[-1])
        return URLFetcherResponse(
            url, (self._folder / name).read_bytes(), {"Content-Type": _KINDS[found[1]]}
        )


def press(
    html: str, *, assets: Path = ASSETS, report: Report = nobody, expected_pages: int = 0
) -> bytes:
    """The PDF/UA-1 file of ``html``, a whole document with ``lang`` and ``title``.

    ``assets`` is the folder of ``portfolio-asset:`` names. Raises `ForbiddenAddress` for any other
    address, and `PressError` for whatever WeasyPrint reports as an error (a link to nowhere, a
    picture without words): a paper with a fault is not handed out.
    """
    with _collector_off(), _fixed_epoch():
        document = lay_out(html, assets=assets, report=report, expected_pages=expected_pages)
        pages = len(document.pages)
        report(Progress(Step.WRITING, pages, pages))
        with _addresses_guarded(document.url_fetcher), _errors_noticed():
            pdf: bytes = document.write_pdf(
                pdf_variant=VARIANT,
                pdf_identifier=_identifier(html, assets),
                finisher=finish_tags,
                presentational_hints=False,
            )
    report(Progress(Step.DONE, pages, pages))
    return pdf


def lay_out(
    html: str, *, assets: Path = ASSETS, report: Report = nobody, expected_pages: int = 0
) -> Document:
    """The pages of ``html`` with every box in its place, before anything is written."""
    fetcher = _PackageAssets(assets)
    with _addresses_guarded(fetcher), _errors_noticed(), _pages_reported(report, expected_pages):
        return HTML(string=html, url_fetcher=fetcher).render(
            font_config=FontConfiguration(), pdf_variant=VARIANT, presentational_hints=False
        )


def _identifier(html: str, assets: Path) -> bytes:
    """A file identifier that changes with the content and with nothing else."""
    digest = hashlib.sha256(f"weasyprint {__version__}\n{html}".encode())
    for path in sorted(assets.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32].encode()


@contextmanager
def _addresses_guarded(fetcher: _PackageAssets) -> Iterator[None]:
    # The fatal error is no `Exception`, and inside a drawing WeasyPrint swallows even that: so the
    # fetcher keeps its own list.
    try:
        yield
    except (FatalURLFetchingError, PressError):
        if fetcher.refused:
            raise ForbiddenAddress(fetcher.refused[0]) from None
        raise


@contextmanager
def _collector_off() -> Iterator[None]:
    # Walking the box tree again and again costs a fifth of the build and frees nothing.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _fixed_epoch() -> Iterator[None]:
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = _FIXED_EPOCH
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


class _Tap(logging.Handler):
    """Hands each record of a WeasyPrint logger to a function."""

    def __init__(self, receive: Callable[[logging.LogRecord], Any]) -> None:
        super().__init__()
        self._receive = receive

    def emit(self, record: logging.LogRecord) -> None:
        self._receive(record)


@contextmanager
def _tapped(name: str, level: int, receive: Callable[[logging.LogRecord], Any]) -> Iterator[None]:
    logger, tap = logging.getLogger(name), _Tap(receive)
    before = logger.level
    logger.addHandler(tap)
    logger.setLevel(level)
    try:
        yield
    finally:
        logger.removeHandler(tap)
        logger.setLevel(before)


@contextmanager
def _errors_noticed() -> Iterator[None]:
    """Raise `PressError` at the end if WeasyPrint logged an error on the way."""
    errors: list[str] = []

    def notice(record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            errors.append(record.getMessage())

    with _tapped("weasyprint", logging.WARNING, notice):
        yield
    if errors:
        raise PressError("; ".join(errors[:5]))


@contextmanager
def _pages_reported(report: Report, expected: int) -> Iterator[None]:
    """Report every page of the first layout; later rounds only settle the page numbers."""
    highest = 0

    def receive(record: logging.LogRecord) -> None:
        nonlocal highest
        found = _PAGE.match(record.getMessage())
        if found and int(found[1]) > highest:
            highest = int(found[1])
            report(Progress(Step.LAYING_OUT, highest, max(expected, highest)))

    with _tapped("weasyprint.progress", logging.INFO, receive):
        yield
