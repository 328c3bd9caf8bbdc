"""Every answer carries the guard headers; what is too large is refused before it is read."""

import io
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import HERE, key_of

ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ADDRESSES = ["/projects", "/form", "/sign-in", "/nowhere", "/wrong/bug", "/wrong/hidden", "/static/app.css", "/static/none", "/language", "/still-here"]  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_carries_the_guard_headers(officer: FlaskClient, path: str) -> None:
    answer = officer.get(path)
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    if not path.startswith("/static/app"):
        assert answer.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in answer.headers
    answer.close()


def test_tls_is_remembered_for_a_year(officer: FlaskClient) -> None:
    answer = officer.get("/projects", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a b"]
)
def test_an_unknown_host_is_refused_with_a_page(visitor: FlaskClient, host: str) -> None:
    answer = visitor.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "Không hiểu được yêu cầu" in answer.text
    assert "evil.example" not in answer.text


class Endless(io.RawIOBase):
    """A body that counts how much of it was read."""

    def __init__(self, size: int) -> None:
        self.left, self.taken = size, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        count = min(len(buffer), self.left)
        buffer[:count] = b"a" * count
        self.left -= count
        self.taken += count
        return count


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    ("path", "kind", "size"),
    [
        ("/press", FORM, 1_000_001),
        ("/press", FORM, 10_000_000),
        ("/press", PARTS, 10_000_000),
        ("/form", FORM, 10_000_000),  # the larger limit of an upload address is for files only
        ("/form", PARTS, 20_000_001),
        ("/nowhere", PARTS, 10_000_000),
        ("/api/x", "application/json", 10_000_000),
    ],
)
def test_oversize_bodies_are_refused_at_once(
    officer: FlaskClient, path: str, kind: str, size: int
) -> None:
    begun = time.process_time()
    sent = {"wsgi.input": Endless(size), "CONTENT_LENGTH": str(size)}
    answer = officer.post(path, content_type=kind, environ_overrides=sent)
    assert answer.status_code == 413
    assert time.process_time() - begun < 1
    assert path.startswith("/api") or "Dữ liệu gửi lên quá lớn" in answer.text


def test_a_body_of_unknown_length_is_refused_and_not_read_for_ever(officer: FlaskClient) -> None:
    body = Endless(200_000_000)
    sent = {"wsgi.input": body, "wsgi.input_terminated": True}
    sent["HTTP_TRANSFER_ENCODING"] = "chunked"
    answer = officer.post("/press", content_type=FORM, environ_overrides=sent)
    assert answer.status_code == 413
    assert body.taken < 66_000_000


def test_a_form_just_under_the_limit_is_read(officer: FlaskClient) -> None:
    typed = {"csrf_token": key_of(officer), "text": "a" * 999_000}
    assert officer.post("/press", data=typed).status_code == 303


def test_an_attachment_of_almost_twenty_megabytes_is_read(officer: FlaskClient) -> None:
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{key_of(officer)}\r\n'
        '--x\r\nContent-Disposition: form-data; name="paper"; filename="a.pdf"\r\n\r\n'
    ).encode() + b"a" * 19_900_000 + b"\r\n--x--\r\n"  # fmt: skip
    answer = officer.post("/form", data=body, content_type=PARTS)
    assert answer.status_code == 422
    assert 'id="paper-error"' not in answer.text


def test_a_thousand_parts_are_the_most(officer: FlaskClient) -> None:
    key = key_of(officer)
    few = "&".join(["csrf_token=" + key, *("a=1" for _ in range(998))])
    many = "&".join(["csrf_token=" + key, *("a=1" for _ in range(1000))])
    assert officer.post("/press", data=few, content_type=FORM).status_code == 303
    assert officer.post("/press", data=many, content_type=FORM).status_code == 413


def test_an_endless_address_is_refused(officer: FlaskClient) -> None:
    assert officer.get("/projects?q=" + "a" * 4000).status_code == 200
    answer = officer.get("/projects?q=" + "a" * 4100)
    assert answer.status_code == 414
    assert "Địa chỉ trang quá dài" in answer.text


def test_methods_that_are_not_declared_are_refused(officer: FlaskClient) -> None:
    answer = officer.delete("/projects", headers=HERE)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert officer.open("/projects", method="TRACE").status_code == 405


def test_posts_without_a_key_are_refused_everywhere(gallery: Flask, officer: FlaskClient) -> None:
    posts = [rule.rule for rule in gallery.url_map.iter_rules() if "POST" in rule.methods]
    assert "/form" in posts
    assert "/language" in posts
    for path in posts:
        assert officer.post(path.replace("<kind>", "bug")).status_code == 400, path
