"""Nobody is sent to another site, and browsers keep static files as long as they stand."""

import os
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder
from werkzeug.urls import iri_to_uri

from portfolio.web.addresses import file_mark, safe_next, static_url

ELSEWHERE = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "https://evil.example", "http:///evil.example", "javascript:alert(1)", "data:text/html,x",
    "evil.example", "/%2fevil.example", "/%5cevil.example", "/%252fevil.example", "%2f%2fevil.example",
    "/\t/evil.example", "/\n/evil.example", "/%09/evil.example", "/%0a/evil.example", " //evil.example",
    "\u200b//evil.example", "/\x00/evil.example", "/%00", "//evil.example/%2e%2e", "/\u2028x",
    "/" + "a" * 2001, "", "?next=/", "#x", "https:/evil.example", "/\\/evil.example", "//[::1",
]  # fmt: skip
HERE = [
    "/",
    "/projects",
    "/projects?zone=2&q=Đăk%20Tô",
    "/projects/KT-0001/history?as_of=2026-01-31",
    "/a//b",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_targets_elsewhere_are_refused(target: str) -> None:
    assert safe_next(target, "/start") == "/start"


@pytest.mark.parametrize("target", HERE)
def test_paths_of_this_site_are_kept(target: str) -> None:
    assert safe_next(target) == target


def test_no_target_leads_to_the_start_page() -> None:
    assert safe_next(None) == "/"


PIECES = st.sampled_from(
    ["/", "\\", "//", ":", "https:", "%2f", "%5C", "%252F", "\t", "\n", "\r", ".", "@", "?", "#", "x",
     "evil.example", "\u00a0", "\u3002", "／", "＼", "\ufeff"]
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=8).map("".join), st.text(max_size=30)))
def test_no_string_leaves_the_site(target: str) -> None:
    """What is let through is read as a path by the same rules that browsers follow (WHATWG URL)."""
    chosen = safe_next(target, "/start")
    assert chosen.startswith("/")
    # A browser drops tabs and line ends, and takes a backslash for a slash.
    seen = chosen.translate({9: None, 10: None, 13: None}).replace("\\", "/")
    assert not seen.startswith("//")
    assert EnvironBuilder(path=iri_to_uri(chosen)).host == "localhost"


def test_static_addresses_change_with_the_file(gallery: Flask, tmp_path: Path) -> None:
    gallery.static_folder = str(tmp_path)
    with gallery.test_request_context():
        (tmp_path / "a.css").write_text("a{}")
        first = static_url("a.css")
        (tmp_path / "a.css").write_text("b{}")
        os.utime(tmp_path / "a.css", (1, 1))
        second = static_url("a.css")
        assert first != second
        assert first.startswith("/static/a.css?v=")
        assert file_mark("missing.css") == ""
        assert static_url("missing.css") == "/static/missing.css"


def test_marked_files_are_kept_for_a_year_and_others_for_an_hour(visitor, gallery: Flask) -> None:
    with gallery.test_request_context():
        marked = static_url("app.css")
    year = visitor.get(marked)
    assert year.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    hour = visitor.get("/static/app.css")
    assert hour.headers["Cache-Control"] == "public, max-age=3600"
    forged = visitor.get("/static/app.css?v=000000000000")
    assert forged.headers["Cache-Control"] == "public, max-age=3600"
    for answer in (year, hour, forged):
        answer.close()
