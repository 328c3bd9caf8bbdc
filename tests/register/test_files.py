"""Uploads: what is taken, what is refused, how it is kept and given out."""

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from portfolio.office.people import Role
from portfolio.register import files
from portfolio.register.papers import StoredFile
from portfolio.register.project import Project
from tests.browser import SITE, Browser
from tests.office.conftest import opened
from tests.register.desk import Desk, key_of

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)


def office_file(main: str = "word/document.xml", types: bytes = TYPES, **more: bytes) -> bytes:
    """A package as Word or Excel writes it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr(main, b"<w/>")
        for name, content in more.items():
            package.writestr(name, content)
    return packed.getvalue()


def picture(kind: str, mode: str = "RGB", **more: object) -> bytes:
    drawn = io.BytesIO()
    Image.new(mode, (8, 6), 1).save(drawn, kind, **more)
    return drawn.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "chủ đất Nguyễn Văn A"
    return picture("JPEG", exif=exif)


KEPT = [
    ("qd.pdf", PDF),
    ("QĐ 107.PDF", PDF),
    ("to-trinh.docx", office_file()),
    ("bang.xlsx", office_file("xl/workbook.xml")),
    ("anh.jpg", picture("JPEG")),
    ("anh.jpeg", picture("JPEG", "L")),
    ("anh.png", picture("PNG")),
    ("quet.png", picture("PNG", "1")),
    ("trong.png", picture("PNG", "RGBA")),
]


@pytest.mark.parametrize(("name", "content"), KEPT)
def test_what_is_taken(name: str, content: bytes) -> None:
    checked = files.check_upload(name, content)
    assert checked.name == name
    if not checked.media_type.startswith("image/"):
        assert checked.content == content, "papers are kept byte for byte"


def test_a_picture_loses_its_metadata_and_what_hangs_on_it() -> None:
    hidden = with_exif() + b"<script>alert(1)</script>"
    checked = files.check_upload("anh.jpg", hidden)
    assert b"script" not in checked.content
    with Image.open(io.BytesIO(checked.content)) as drawn:
        assert dict(drawn.getexif()) == {}
        assert drawn.size == (8, 6)


def bomb() -> bytes:
    return office_file(**{"word/big.xml": b"\0" * 60_000_000})


def many_parts() -> bytes:
    return office_file(**{f"word/{number}.xml": b"" for number in range(2100)})


REFUSED = [
    ("x.svg", b"<svg onload=alert(1)/>"),
    ("x.html", b"<html>"),
    ("x.exe", b"MZ"),
    ("x.docm", office_file()),
    ("x.doc", b"\xd0\xcf\x11\xe0"),
    ("x", PDF),
    ("", PDF),
    (".pdf", PDF),
    ("x.pdf", b""),
    ("x.pdf", b"<html>%PDF-1.7 %%EOF"),
    ("x.pdf", b"%PDF-1.7 no end"),
    ("x.pdf", picture("PNG")),
    ("x.pdf.exe", PDF),
    ("x.docx", PDF),
    ("x.docx", office_file("xl/workbook.xml")),
    ("x.xlsx", office_file()),
    ("x.docx", office_file()[:-40]),
    ("x.docx", b"GIF89a" + office_file()),
    ("x.docx", office_file(**{"word/vbaProject.bin": b"\0"})),
    ("x.docx", office_file(types=TYPES.replace(b"xml", b"ms-word.document.macroEnabled"))),
    ("x.docx", office_file(types=b'<!DOCTYPE x [<!ENTITY a "b">]>' + TYPES)),
    ("x.docx", office_file(**{"../../etc/passwd": b"x"})),
    ("x.docx", office_file(**{"/etc/passwd": b"x"})),
    ("x.docx", bomb()),
    ("x.docx", many_parts()),
    ("x.jpg", picture("PNG")),
    ("x.png", picture("JPEG")),
    ("x.png", picture("GIF", "P")),
    ("x.png", picture("PNG")[:40]),
    ("x.jpg", b"\xff\xd8\xff<script>"),
]


@pytest.mark.parametrize(("name", "content"), REFUSED)
def test_what_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(files.BadFile):
        files.check_upload(name, content)


def test_a_huge_picture_is_refused_before_it_is_drawn() -> None:
    header = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(header, "PNG")
    with pytest.raises(files.BadFile):
        files.check_upload("x.png", header.getvalue())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\a\\Quyết định.pdf", "Quyết định.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("\u202egnp.fdp.pdf", "gnp.fdp.pdf"),
        ("Qu\u0079e\u0302\u0301t.pdf", "Quyết.pdf"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("a\r\nX-Evil: 1.pdf", "aX-Evil: 1.pdf"),
    ],
)
def test_names_for_people(given: str, kept: str) -> None:
    assert files.plain_name(given) == kept


# Through the page -----------------------------------------------------------------------------


def send(browser: Browser, code: str, name: str, content: bytes, **more: str):
    path = f"/projects/{code}/files/add"
    browser.get(path)
    data = browser.fields() | more | {"file": (io.BytesIO(content), name)}
    browser.path = path
    browser.page = browser.client.post(path, data=data, headers=SITE)
    return browser.page


def folder(app: Flask) -> list[Path]:
    with app.app_context():
        return [path for path in files.folder().rglob("*") if path.is_file()]


def test_a_file_comes_back_as_it_was_sent(app: Flask, licensed: str, zone_officer: Browser) -> None:
    assert send(zone_officer, licensed, "Quyết định 107.pdf", PDF).status_code == 303
    zone_officer.follow()
    assert "Quyết định 107.pdf" in zone_officer.words
    file = key_of(zone_officer, "files")
    answer = zone_officer.client.get(f"/projects/{licensed}/files/{file}")
    assert (answer.status_code, answer.data) == (200, PDF)
    headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]
    disposition = headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert "filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh%20107.pdf" in disposition
    with opened(app) as db:
        row = db.scalars(select(StoredFile)).one()
        assert row.stored_as not in row.name
        assert "107" not in row.stored_as
        assert row.uploaded_by == "Người zone_officer"


def test_a_refused_file_leaves_nothing_behind(
    app: Flask, licensed: str, zone_officer: Browser
) -> None:
    before = folder(app)
    assert send(zone_officer, licensed, "x.pdf", b"<html>").status_code == 422
    assert "không khớp" in zone_officer.words
    assert send(zone_officer, licensed, "x.svg", b"<svg/>").status_code == 422
    assert zone_officer.get(f"/projects/{licensed}/files/add").status_code == 200
    assert zone_officer.submit().status_code == 422
    assert "Chọn tệp" in zone_officer.words
    assert folder(app) == before
    with opened(app) as db:
        assert db.scalars(select(StoredFile)).all() == []


def test_an_oversize_file_is_answered(
    app: Flask, licensed: str, zone_officer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "ATTACHMENT_BYTES", 20_000)
    assert send(zone_officer, licensed, "x.pdf", PDF + b"\0" * 30_000).status_code == 413
    assert "quá lớn" in zone_officer.words


def test_bytes_that_changed_or_went_are_said(
    app: Flask, licensed: str, zone_officer: Browser
) -> None:
    send(zone_officer, licensed, "qd.pdf", PDF)
    zone_officer.follow()
    file = key_of(zone_officer, "files")
    with opened(app) as db:
        stored = db.scalars(select(StoredFile)).one().stored_as
    with app.app_context():
        path = files.folder() / stored
    path.write_bytes(PDF + b" ")
    zone_officer.get(f"/projects/{licensed}/files/{file}")
    assert zone_officer.page.status_code == 500
    assert "bị mất hoặc bị hỏng" in zone_officer.words
    path.unlink()
    assert zone_officer.get(f"/projects/{licensed}/files/{file}").status_code == 500


def test_a_file_is_given_to_those_who_see_the_project(
    laid: Desk, licensed: str, zone_officer: Browser, sign_in_as
) -> None:
    send(zone_officer, licensed, "qd.pdf", PDF)
    zone_officer.follow()
    file = key_of(zone_officer, "files")
    reader = sign_in_as(Role.READER)
    assert reader.get(f"/projects/{licensed}/files/{file}").status_code == 200
    stranger = sign_in_as(Role.ZONE_OFFICER, laid.kon_tum)
    assert stranger.get(f"/projects/{licensed}/files/{file}").status_code == 404
    assert reader.get(f"/projects/{licensed}/files/{file + 99}").status_code == 404


def test_a_file_belongs_to_a_paper_of_the_same_project(
    app: Flask, licensed: str, zone_officer: Browser
) -> None:
    zone_officer.get(f"/projects/{licensed}/papers/add")
    zone_officer.submit(kind="adjustment", number="12", issued_on="1/5/2020")
    zone_officer.follow()
    paper = key_of(zone_officer, "papers")
    assert send(zone_officer, licensed, "qd.pdf", PDF, act_id=str(paper + 99)).status_code == 422
    assert send(zone_officer, licensed, "qd.pdf", PDF, act_id=str(paper)).status_code == 303
    zone_officer.follow()
    entry = zone_officer.soup.select_one("#papers .entries li")
    assert "qd.pdf" in entry.get_text()


def test_a_file_that_is_taken_off_keeps_its_bytes(
    app: Flask, licensed: str, zone_officer: Browser
) -> None:
    send(zone_officer, licensed, "qd.pdf", PDF)
    zone_officer.follow()
    file = key_of(zone_officer, "files")
    kept = folder(app)
    zone_officer.get(f"/projects/{licensed}/files/{file}/remove")
    assert "qd.pdf" in zone_officer.words
    assert zone_officer.submit(reason="").status_code == 422
    assert zone_officer.submit(reason="Nhầm dự án").status_code == 303
    assert folder(app) == kept
    with opened(app) as db:
        assert db.scalars(select(Project)).one().files == []
