"""The press opens nothing but its own assets, prints the same bytes twice, and accepts no fault."""

import gc
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from portfolio.catalogue.press import ForbiddenAddress, PressError, press
from portfolio.catalogue.progress import Progress, Step
from tests.catalogue.tags import faults

SECRET = "TOP-SECRET-7731"


@pytest.fixture(scope="module")
def web() -> Iterator[tuple[str, list[str]]]:
    """A server on the loopback that counts who calls it."""
    calls: list[str] = []

    class Counter(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/css")
            self.end_headers()
            self.wfile.write(b"p{color:red}")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Counter)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", calls
    server.shutdown()
    thread.join()
    server.server_close()


WAYS_OUT = {
    "picture": '<img alt="a" src="{u}a">',
    "stylesheet": '<link rel="stylesheet" href="{u}b">',
    "import": "<style>@import url({u}c);</style>",
    "background": '<p style="background:url({u}d)">x</p>',
    "font": "<style>@font-face{{font-family:Q;src:url({u}e)}}p{{font-family:Q}}</style><p>x</p>",
    "list": '<ul style="list-style-image:url({u}f)"><li>x</li></ul>',
    "content": "<style>p::before{{content:url({u}g)}}</style><p>x</p>",
    "object": '<object data="{u}h"></object>',
    "embed": '<embed src="{u}i">',
    "picture in a drawing": '<svg width="9" height="9"><title>t</title><image href="{u}j" width="9" height="9"/></svg>',
    "use in a drawing": '<svg width="9" height="9"><title>t</title><use href="{u}k#x"/></svg>',
    "base": '<base href="{u}"><img alt="a" src="l">',
    "attachment": '<link rel="attachment" href="{u}m">',
    "border": '<p style="border-image:url({u}n) 1">x</p>',
    "mask": '<p style="mask-border:url({u}o) 1">x</p>',
}
HARMLESS = {"use in a drawing"}
"""WeasyPrint 70 does not open these at all, so there is nothing to refuse."""


def _page(body: str) -> str:
    return f'<!DOCTYPE html><html lang="vi"><head><title>t</title></head><body>{body}</body></html>'


@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_way_leads_to_the_web(way: str, web: tuple[str, list[str]]) -> None:
    address, calls = web
    calls.clear()
    html = _page(WAYS_OUT[way].format(u=address))
    if way in HARMLESS:
        press(html)
    else:
        with pytest.raises(ForbiddenAddress, match=r"127\.0\.0\.1"):
            press(html)
    assert calls == []


@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_way_leads_to_a_file(way: str, tmp_path: Path) -> None:
    for name in "abcdefghijklmno":
        (tmp_path / name).write_text(SECRET)
    html = _page(WAYS_OUT[way].format(u=tmp_path.as_uri() + "/"))
    if way in HARMLESS:
        assert SECRET.encode() not in press(html)
    else:
        with pytest.raises(ForbiddenAddress):
            press(html)


@pytest.mark.parametrize(
    "address",
    [
        "data:image/png;base64,iVBORw0KGgo=",
        "ftp://127.0.0.1/x",
        "portfolio-asset:../press.py",
        "portfolio-asset:/etc/passwd",
        "portfolio-asset:missing.svg",
        "portfolio-asset:press.py",
        "PORTFOLIO-ASSET:../rail.svg",
        "asset:rail.svg",
    ],
)
def test_only_the_assets_of_the_package_open(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        press(_page(f'<img alt="a" src="{address}">'))


def test_an_asset_opens() -> None:
    pdf = press(_page('<img alt="nền" src="portfolio-asset:rail.svg">'))
    assert PdfReader(BytesIO(pdf)).pages[0]["/Resources"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<a href="#nowhere">x</a>', "nowhere"),
        ('<img src="portfolio-asset:rail.svg">', "alt"),
    ],
)
def test_a_paper_with_a_fault_is_not_handed_out(body: str, words: str) -> None:
    with pytest.raises(PressError, match=words):
        press(_page(body))


def test_a_paper_needs_a_language() -> None:
    with pytest.raises(PressError, match="lang"):
        press("<!DOCTYPE html><html><head><title>t</title></head><body>x</body></html>")


def test_the_same_html_gives_the_same_bytes_and_another_gives_others() -> None:
    html = _page("<h1>Đề mục</h1><p>Văn bản <b>đậm</b> và <i>nghiêng</i></p>")
    first, second = press(html), press(html)
    assert first == second
    other = press(html.replace("Văn bản", "Văn kiện"))

    def identifier(pdf: bytes) -> object:
        return PdfReader(BytesIO(pdf)).trailer["/ID"]

    assert identifier(first) != identifier(other)


def test_what_the_press_changes_it_puts_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7")
    assert gc.isenabled()
    press(_page("x"))
    assert gc.isenabled()
    assert os.environ["SOURCE_DATE_EPOCH"] == "7"
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    with pytest.raises(ForbiddenAddress):
        press(_page('<img alt="a" src="file:///etc/hostname">'))
    assert "SOURCE_DATE_EPOCH" not in os.environ
    assert gc.isenabled()


def test_progress_counts_the_pages() -> None:
    seen: list[Progress] = []
    press(
        _page('<p>1</p><p style="break-before:page">2</p><p style="break-before:page">3</p>'),
        report=seen.append,
        expected_pages=2,
    )
    assert seen == [
        Progress(Step.LAYING_OUT, 1, 2),
        Progress(Step.LAYING_OUT, 2, 2),
        Progress(Step.LAYING_OUT, 3, 3),
        Progress(Step.WRITING, 3, 3),
        Progress(Step.DONE, 3, 3),
    ]


def test_presentational_hints_are_ignored() -> None:
    plain = press(_page("<p>x</p>"))
    hinted = press(_page('<p align="right" bgcolor="red">x</p>'))
    text = [PdfReader(BytesIO(pdf)).pages[0].get_contents().get_data() for pdf in (plain, hinted)]  # type: ignore[union-attr]
    assert text[0] == text[1]


def test_tags_of_a_paper_with_running_heads_tables_and_links() -> None:
    pdf = press(
        _page(
            "<style>@page{@top-left{content:'đầu trang'}@bottom-right{content:counter(page)}}</style>"
            '<h1 id="a">Một</h1><p><a href="#b">đến hai</a></p><h2 id="b">Hai</h2>'
            '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
            '<tbody><tr><th scope="row">1</th><td>2</td></tr></tbody></table>'
            '<svg width="9" height="9"><title>ô</title><rect width="9" height="9"/></svg>'
        )
    )
    reader = PdfReader(BytesIO(pdf))
    assert faults(reader) == []
    link = reader.pages[0]["/Annots"][0].get_object()  # type: ignore[index]
    assert link["/Contents"] == "đến hai"


def test_the_lint_finds_what_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without our repairs the same lint must object, or it proves nothing."""
    monkeypatch.setattr("portfolio.catalogue.press.finish_tags", lambda _document, _pdf: None)
    pdf = press(_page("<style>@page{@top-left{content:'đầu trang'}}</style><p>x</p>"))
    assert "content that hangs on no structure" in faults(PdfReader(BytesIO(pdf)))
