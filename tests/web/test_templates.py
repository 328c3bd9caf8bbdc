"""Templates hold to the content policy, are well formed, and every text has its Vietnamese."""

import gzip
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from portfolio.settings import CHECKOUT
from tests.web.conftest import HERE, fill

TEMPLATES = sorted((CHECKOUT / "templates").rglob("*.html"))
STATIC = CHECKOUT / "portfolio" / "web" / "static"
ON_SCREEN = [path for path in TEMPLATES if path.parent.name != "print"]
INLINE = re.compile(
    r"\sstyle\s*=|<style|\son[a-z]+\s*=|<script(?![^>]*\bsrc=)|javascript:", re.IGNORECASE
)
UNSAFE = re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\b")
TAGS = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)


@pytest.mark.parametrize("path", ON_SCREEN, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_template_holds_anything_the_policy_forbids(path: Path) -> None:
    assert forbidden(path.read_text()) == []


def forbidden(text: str) -> list[str]:
    return INLINE.findall(TAGS.sub("", text)) + UNSAFE.findall(text)


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="x">',
        "<style>",
        "<a onclick='x'>",
        "<script>x",
        "{{ x|safe }}",
        '<a href="javascript:x">',
    ],
)
def test_the_check_of_templates_finds_what_it_looks_for(bad: str) -> None:
    assert forbidden(bad)


PAGES = [
    "/projects",
    "/project",
    "/form",
    "/review-list",
    "/accessibility",
    "/nowhere",
    "/wrong/bug",
]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_well_formed(officer: FlaskClient, path: str) -> None:
    examine(officer.get(path).text)


def test_pages_with_errors_are_well_formed_too(officer: FlaskClient) -> None:
    typed = fill(officer, name="", capital="5.345", area="x", listing="", zone="9", missing="")
    examine(officer.post("/form", data=typed, headers=HERE).text)
    examine(officer.post("/form?stale=1", data=fill(officer, jobs="2"), headers=HERE).text)


def examine(text: str) -> None:
    page = BeautifulSoup(text, "html.parser")
    assert page.html["lang"] == "vi"
    assert page.title.text.strip(" –")
    assert len(page.find_all("h1")) == 1
    assert len(page.find_all("main")) == 1
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))
    for name in ("aria-describedby", "aria-labelledby", "for"):
        for tag in page.find_all(attrs={name: True}):
            assert set(tag[name].split() if isinstance(tag[name], str) else tag[name]) <= set(
                ids
            ), tag
    for field in page.find_all(["input", "select", "textarea"]):
        if field.get("type") not in {"hidden", "submit"}:
            named = page.find("label", attrs={"for": field.get("id")}) or field.get("aria-label")
            assert named, field
    for table in page.find_all("table"):
        assert table.caption is not None
        assert all(head.get("scope") for head in table.find_all("th"))
    assert INLINE.findall(text) == []


def test_style_and_script_stay_small() -> None:
    """A first visit loads 45 kB of styles at most, as a server sends them, and one small script."""
    own = [STATIC / name for name in ("app.css", "fonts.css", "print.css")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in own) <= 8_000
    kit = STATIC / "vendor" / "bootstrap.min.css"
    assert len(gzip.compress(kit.read_bytes())) <= 37_000
    assert len((STATIC / "app.js").read_bytes()) <= 10 * 1024


def test_no_text_on_screen_is_smaller_than_fourteen_pixels() -> None:
    style = "".join(
        path.read_text() for path in sorted(STATIC.glob("*.css")) if path.name != "print.css"
    )
    sizes = [float(size) * 16 for size in re.findall(r"font-size:([\d.]+)rem", style)]
    assert sizes
    assert min(sizes) >= 14
    assert not re.search(r"font-size:[\d.]+(px|em|%)", style)


def test_a_language_switch_leads_back_to_the_same_page(officer: FlaskClient) -> None:
    page = BeautifulSoup(officer.get("/projects?zone=2&q=Đăk").text, "html.parser")
    back = page.footer.find("input", attrs={"name": "next"})["value"]
    assert officer.get(back).request.url == "http://localhost/projects?zone=2&q=Đăk"


def test_english_pages_hold_no_vietnamese_of_ours(gallery: Flask, visitor: FlaskClient) -> None:
    visitor.set_cookie("language", "en")
    words = BeautifulSoup(visitor.get("/accessibility").text, "html.parser").main.text
    assert "keyboard alone" in words
    assert not re.search("[ăâđêôơưạảấầẩậắằặẹẻẽếềểệỉịọỏốồổộớờởợụủứừửựỳỵỷỹ]", words)
