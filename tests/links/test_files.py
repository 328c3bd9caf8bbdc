"""Photos and papers through a link: checked, kept, stripped, or refused in words."""

from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from portfolio.office.one_time_links import LinkFile
from portfolio.register import files
from portfolio.register.papers import StoredFile
from portfolio.schedule import link_files
from tests.links.answering import (
    BEFORE_DUE,
    GOOD,
    files_folder,
    kept,
    link_row,
    photo,
    reports,
)
from tests.office.conftest import opened


def test_where_a_photo_was_taken_is_not_kept(app, phone) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x8825] = {1: "N", 2: (14.6, 0, 0)}
    phone.press(**GOOD, files=[("a.jpg", photo(exif=exif))])
    with opened(app) as db:
        content = files.read(db.scalars(select(StoredFile)).one())
    assert b"Exif" not in content
    assert content.startswith(b"\xff\xd8")


def test_a_photo_of_ten_megabytes_goes_through_and_a_larger_one_is_refused_in_words(
    app, phone
) -> None:
    padded = photo() + b"\0" * (link_files.MOST_BYTES - len(photo()))
    assert len(padded) == 10_000_000
    assert phone.press("attach", files=[("lon.jpg", padded)]).status_code == 303
    phone.follow()
    assert "lon.jpg" in phone.words
    answer = phone.press(**GOOD, files=[("qua lon.jpg", padded + b"\0")])
    assert answer.status_code == 422
    assert "qua lon.jpg quá lớn; tối đa 10 MB" in phone.words
    assert phone.fields()["realised_total"] == "118,4"
    assert reports(app) == []


def test_a_body_that_is_too_large_as_a_whole_is_refused_and_the_text_stays(app, phone) -> None:
    large = [(f"{n}.jpg", b"\xff\xd8" + b"\0" * 8_000_000) for n in range(3)]
    answer = phone.press(**GOOD, files=large)
    assert answer.status_code == 413
    assert "118,4" in phone.page.text
    assert "sign-in" not in phone.page.text
    assert reports(app) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ"),
        ("anh.jpg", b"<script>alert(1)</script>"),
        ("anh.svg", b"<svg onload='alert(1)'/>"),
        ("bao cao.pdf", b"PK\x03\x04 not a pdf"),
        ("../../etc/passwd.jpg", b"not a picture"),
        ("rong.jpg", b""),
    ],
)
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing_behind(
    app, phone, name, content
) -> None:
    answer = phone.press(**GOOD, files=[(name, content)])
    assert answer.status_code == 422
    assert "1 lỗi" in phone.words
    assert ".." not in phone.soup.select_one(".error-summary").text
    assert (reports(app), kept(app)) == ([], [])
    with opened(app) as db:
        assert db.query(LinkFile).count() == 0


def test_a_good_file_beside_a_bad_one_is_kept(app, phone) -> None:
    phone.press(**GOOD, files=[("tot.jpg", photo()), ("hong.jpg", b"x")])
    assert "hong.jpg" in phone.words
    assert "tot.jpg" in phone.soup.select_one(".kept").text


def test_the_same_file_twice_is_kept_once_and_five_are_the_most(app, phone, path) -> None:
    colours = ("red", "green", "blue", "white", "black", "yellow")
    phone.press("attach", files=[("a.jpg", photo()), ("a.jpg", photo())])
    phone.get(path)
    assert len(phone.soup.select(".kept li")) == 1
    answer = phone.press("attach", files=[(f"{one}.jpg", photo(one)) for one in colours])
    assert answer.status_code == 422
    assert "1 tệp không được giữ: tối đa 5 tệp" in phone.words
    assert len(phone.soup.select(".kept li")) == 5
    assert phone.soup.select("input[type=file]") == []


def test_a_file_can_be_taken_off_again(app, phone, path) -> None:
    phone.press("attach", files=[("a.jpg", photo())], wishes="Giữ lại")
    phone.get(path)
    button = phone.soup.select_one(".kept button")["value"]
    with opened(app) as db:
        stored = db.scalars(select(LinkFile)).one().stored_as
    assert (files_folder(app) / stored).exists()
    phone.press(button)
    phone.get(path)
    assert phone.soup.select(".kept li") == []
    assert phone.fields()["wishes"].strip() == "Giữ lại"
    assert not (files_folder(app) / stored).exists()


def test_files_of_links_that_ended_are_thrown_away_and_sent_ones_stay(
    app, phone, path, clock
) -> None:
    phone.press("attach", files=[("a.jpg", photo())])
    with opened(app) as db:
        stored = db.scalars(select(LinkFile)).one().stored_as
    with app.app_context():
        link_files.forget_unsent(BEFORE_DUE)
        assert (files_folder(app) / stored).exists()
        link_files.forget_unsent(BEFORE_DUE + timedelta(days=60))
    assert not (files_folder(app) / stored).exists()
    with opened(app) as db:
        assert db.query(LinkFile).count() == 0
        assert link_row(db).answer is None
