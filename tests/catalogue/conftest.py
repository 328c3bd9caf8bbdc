"""One trial catalogue in each language, printed once for all tests that only read it."""

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from portfolio.catalogue.book import build_catalogue, set_book
from portfolio.catalogue.press import lay_out
from tests.catalogue.samples import ALL, imprint


@dataclass
class Printed:
    """A printed catalogue, its HTML, and ways to look into it."""

    html: str
    pdf: bytes
    path: Path

    @cached_property
    def reader(self) -> PdfReader:
        return PdfReader(BytesIO(self.pdf))

    @cached_property
    def texts(self) -> list[str]:
        return [page.extract_text() for page in self.reader.pages]

    @cached_property
    def layout(self):
        return lay_out(self.html)


def _print(lang: str, folder: Path) -> Printed:
    pdf = build_catalogue(ALL, imprint(lang))
    path = folder / f"{lang}.pdf"
    path.write_bytes(pdf)
    return Printed(set_book(ALL, imprint(lang)), pdf, path)


@pytest.fixture(scope="session")
def vi(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return _print("vi", tmp_path_factory.mktemp("catalogue"))


@pytest.fixture(scope="session")
def en(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return _print("en", tmp_path_factory.mktemp("catalogue"))
