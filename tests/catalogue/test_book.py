"""The printed catalogue: nothing lost, nothing cut, every number where it leads."""

import re
import subprocess
import unicodedata
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from portfolio.catalogue.book import NothingToPrint, build_catalogue, estimate_pages, set_book
from portfolio.catalogue.offer import Capital, Offer, Place, Prose
from portfolio.catalogue.progress import Progress, Step
from tests.catalogue.conftest import Printed
from tests.catalogue.samples import (
    ALL,
    BARE,
    IN_DOLLARS,
    LONG,
    PANGRAM,
    RICH,
    WORDS_ONLY,
    imprint,
)
from tests.catalogue.tags import faults

MILLIMETRE = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 18 * MILLIMETRE, 192.5 * MILLIMETRE, 12 * MILLIMETRE, 287 * MILLIMETRE
"""No letter stands outside this frame of the A4 page, running heads and page numbers included."""


def _close(text: str) -> str:
    """Text without spaces, to compare what line breaks have taken apart."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def _pdftotext(option: str, path: str) -> bytes:
    command = ["/usr/bin/pdftotext", option, path, "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603


def _anchors(reader: PdfReader) -> dict[str, int]:
    """The page, from 1, of each named place."""
    numbers = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages, 1)}  # type: ignore[union-attr]
    names = reader.trailer["/Root"]["/Names"]["/Dests"]["/Names"]  # type: ignore[index]
    found = {}
    for name, place in zip(names[::2], names[1::2], strict=True):
        found[str(name)] = numbers[next(iter(place.get_object())).idnum]
    return found


# What it says --------------------------------------------------------------------------------


def test_no_catalogue_without_projects() -> None:
    with pytest.raises(NothingToPrint):
        set_book([], imprint())


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nothing_unknown_is_printed(lang: str, request: pytest.FixtureRequest) -> None:
    printed: Printed = request.getfixturevalue(lang)
    everything = " ".join(printed.texts)
    assert "None" not in everything
    assert "Undefined" not in everything
    assert "%(" not in everything
    assert "\ufffd" not in everything


def test_every_letter_comes_back_from_the_file(vi: Printed) -> None:
    everything = _close(" ".join(vi.texts))
    for offer in ALL:
        for prose in (offer.name, offer.form, offer.site, offer.incentives, offer.infrastructure):
            # Long texts are looked up by sentence, since a page number stands at the page's end.
            for part in re.split(r"(?<=\.) ", prose.text) if prose else ():
                assert _close(part) in everything
    assert _close(PANGRAM) in everything


def test_poppler_reads_the_same_letters(vi: Printed) -> None:
    text = _pdftotext("-raw", str(vi.path)).decode()
    for words in (PANGRAM, RICH.name.text, "Danh mục dự án kêu gọi đầu tư", "279 tỷ đồng"):
        assert _close(words) in _close(text)


def test_letters_written_apart_come_out_the_same() -> None:
    """A name stored as base letters and combining marks still finds its glyphs."""
    apart = replace(BARE, name=Prose(unicodedata.normalize("NFD", "Thủy điện Đăk Rế Ngọc Ưỡng")))
    reader = PdfReader(BytesIO(build_catalogue([apart], imprint())))
    assert _close("Thủy điện Đăk Rế Ngọc Ưỡng") in _close(reader.pages[5].extract_text())


def test_sums_are_honest(vi: Printed, en: Printed) -> None:
    foreword = " ".join(vi.texts[1].split())
    assert "Số dự án: 9." in foreword
    # 279 + 515 + 10 + 20 + 40 + 80 + 123,456.7 billion
    assert "Vốn dự kiến của 7 dự án có nêu vốn: 124.400,7 tỷ đồng." in foreword
    assert "Số dự án chưa nêu vốn: 2." in foreword
    assert "Diện tích của 3 dự án có nêu diện tích: 1.234.736,39 ha." in foreword
    assert "Số dự án chưa nêu diện tích: 6." in foreword
    assert "VND 124,400.7 billion" in " ".join(en.texts[1].split())


def test_the_cover_and_the_metadata(vi: Printed, en: Printed) -> None:
    assert "ngày 22 tháng 11 năm 2026" in " ".join(vi.texts[0].split())
    assert "Dữ liệu minh họa" not in vi.texts[0]
    for printed, title, lang in (
        (vi, "Danh mục dự án kêu gọi đầu tư - Tỉnh Mẫu", "vi"),
        (en, "Projects calling for investment - Tỉnh Mẫu", "en"),
    ):
        metadata = printed.reader.metadata
        assert metadata is not None
        assert metadata.title == title
        assert metadata.author == "Trung tâm mẫu về xúc tiến đầu tư"
        assert str(metadata.creation_date)[:19] == "2026-11-22 00:00:00"
        assert printed.reader.trailer["/Root"]["/Lang"] == lang  # type: ignore[index]


def test_demonstration_data_say_so() -> None:
    html = set_book([BARE], imprint(demo=True))
    assert "Dữ liệu minh họa" in html
    assert "không phải ấn phẩm chính thức" in html
    assert "Dữ liệu minh họa" not in set_book([BARE], imprint())


def test_own_title_and_subtitle_replace_the_usual_ones() -> None:
    html = set_book([BARE], imprint(title="Cơ hội <đầu tư>", subtitle="Năm 2027"))
    assert "<h1>Cơ hội &lt;đầu tư&gt;</h1>" in html
    assert '<p class="cover-subtitle">Năm 2027</p>' in html


def test_public_sources_are_named_at_the_foot(vi: Printed) -> None:
    page = " ".join(vi.texts[_anchors(vi.reader)[RICH.anchor] - 1].split())
    assert "Theo nguồn công khai, chưa đầy đủ." in page
    assert "Nguồn: Báo Mẫu, 04/05/2025 https://example.vn/bai-bao-mau" in page
    own = " ".join(vi.texts[_anchors(vi.reader)[IN_DOLLARS.anchor] - 1].split())
    assert "nguồn công khai" not in own


def test_figures_of_a_sheet(vi: Printed) -> None:
    anchors = _anchors(vi.reader)
    page = _close(vi.texts[anchors[IN_DOLLARS.anchor] - 1])
    assert _close("20,6 triệu USD 515 tỷ đồng") in page
    rich = " ".join(vi.texts[anchors[RICH.anchor] - 1].split())
    assert "theo nguồn: khoảng 120,5 ha" in rich
    # The source says no more than the figure itself, so it is not repeated.
    assert "theo nguồn: 279" not in rich
    words = " ".join(vi.texts[anchors[WORDS_ONLY.anchor] - 1].split())
    assert "sẽ xác định khi lập dự án" in words
    assert "từ 100 đến 200 ha" in words


def test_vietnamese_words_are_marked_in_an_english_book(en: Printed) -> None:
    assert '<span lang="vi">Năng lượng</span>' in en.html
    assert '<span lang="vi">' not in set_book(ALL, imprint("vi"))


def test_texts_of_people_are_escaped() -> None:
    nasty = Prose('<script>alert(1)</script><img src="http://127.0.0.1/x">{{ 7*7 }}')
    html = set_book([replace(RICH, name=nasty, objective=nasty)], imprint(office=nasty.text))
    assert "<script" not in html
    assert "<img" not in html
    assert "{{ 7*7 }}" in html


# How it is arranged --------------------------------------------------------------------------


def test_page_numbers_in_the_contents_are_right(vi: Printed) -> None:
    anchors = _anchors(vi.reader)
    contents = " ".join(vi.texts[n - 1] for n in range(anchors["contents"], anchors["chapter-1"]))
    lines = _close(contents)
    for offer in ALL:
        assert f"{_close(offer.name.text)}{anchors[offer.anchor]}" in lines
    for name, anchor in (
        ("Nông nghiệp", "chapter-1"),
        ("Tra cứu theo địa bàn", "index"),
        ("Liên hệ", "contacts"),
    ):
        assert f"{_close(name)}{anchors[anchor]}" in lines


def test_every_link_leads_to_the_page_that_it_prints(vi: Printed) -> None:
    anchors, checked = _anchors(vi.reader), 0
    for page in vi.reader.pages:
        for reference in page.get("/Annots", ()):
            link = reference.get_object()
            assert str(link["/Dest"]) in anchors
            checked += 1
    assert checked > 40


def test_every_printed_number_is_the_page_of_its_link(vi: Printed) -> None:
    """Walk the laid-out pages: the figures behind each link, against the page of its target."""
    anchors, checked = _anchors(vi.reader), 0
    for page in vi.layout.pages:
        for box in page._page_box.descendants():
            if box.element_tag in {"a::after", "a::before"} and box.element is not None:
                printed = "".join(text.text for text in box.descendants() if hasattr(text, "text"))
                if printed.strip():
                    assert int(printed) == anchors[box.element.get("href")[1:]]
                    checked += 1
    assert checked > 30


def test_one_sheet_for_each_offer_and_each_begins_a_page(vi: Printed) -> None:
    anchors = _anchors(vi.reader)
    pages = [anchors[offer.anchor] for offer in ALL]
    assert len(set(pages)) == len(ALL)
    for offer in ALL:
        assert offer.code in vi.texts[anchors[offer.anchor] - 1]
    # All but the longest take one page.
    starts = sorted(set(anchors.values()))
    following = dict(pairwise(starts))
    taken = {offer.code: following[anchors[offer.anchor]] - anchors[offer.anchor] for offer in ALL}
    assert taken.pop(LONG.code) == 2
    assert set(taken.values()) == {1}


def test_chapters_by_sector_or_by_zone() -> None:
    by_zone = set_book(ALL, imprint(ordered_by="zone"))
    assert re.findall(r'data-part="([^"]+)"', by_zone) == ["Khu du lịch Hồ Mẫu", "Dự án khác"]
    by_sector = set_book(ALL, imprint())
    assert re.findall(r'data-part="([^"]+)"', by_sector) == [
        "Nông nghiệp",
        "Năng lượng",
        "Dự án khác",
    ]


def test_bookmarks(vi: Printed) -> None:
    def titles(items: list[Any]) -> list[Any]:
        return [titles(item) if isinstance(item, list) else item.title for item in items]

    found = titles(vi.reader.outline)
    assert found[:3] == ["Về tập danh mục này", "Tổng quan", "Mục lục"]
    assert found[3] == "Nông nghiệp"
    assert len(found[4]) == 2
    assert found[-2:] == ["Tra cứu theo địa bàn", "Liên hệ"]


def test_the_index_names_every_place_with_its_projects(vi: Printed) -> None:
    anchors = _anchors(vi.reader)
    index = _close(" ".join(vi.texts[n - 1] for n in range(anchors["index"], anchors["contacts"])))
    assert index.index(_close("Xã Đồi Mẫu")) < index.index(_close("Xã Ven Hồ"))
    for offer in ALL:
        for _place in offer.places:
            assert f"{_close(offer.name.text)}{anchors[offer.anchor]}" in index


def test_places_sort_in_the_vietnamese_order() -> None:
    names = ["Ăn", "An", "Đà", "Da", "Ê", "E", "Ô", "O", "Ư", "U", "Y"]
    offers = [Offer(f"X-{n}", Prose(f"Dự án {n}"), places=(Place(n, n),)) for n in names]
    html = set_book(offers, imprint())
    found = re.findall(r'<p class="entry-place">([^<]+)', html)
    assert found == ["An", "Ăn", "Da", "Đà", "E", "Ê", "O", "Ô", "U", "Ư", "Y"]


# How it is printed ---------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nothing_overflows_or_is_cut(lang: str, request: pytest.FixtureRequest) -> None:
    """Every word of every page lies inside the frame, as an independent reader measures it."""
    printed: Printed = request.getfixturevalue(lang)
    xml = _pdftotext("-bbox", str(printed.path))
    space = "{http://www.w3.org/1999/xhtml}"
    pages = ET.fromstring(xml).findall(f".//{space}page")  # noqa: S314  poppler wrote it
    assert len(pages) == len(printed.reader.pages)
    outside = [
        (number, word.text)
        for number, page in enumerate(pages, 1)
        for word in page.findall(f"{space}word")
        if not (
            float(word.get("xMin", 0)) >= LEFT
            and float(word.get("xMax", 0)) <= RIGHT
            and float(word.get("yMin", 0)) >= TOP
            and float(word.get("yMax", 0)) <= BOTTOM
        )
    ]
    assert outside == []


def test_no_line_runs_into_its_neighbour(vi: Printed) -> None:
    """No line of text is wider than the block that holds it, and the rail keeps clear of the column."""
    too_wide = [
        (number, box.element_tag, line.width, box.width)
        for number, page in enumerate(vi.layout.pages, 1)
        for box in page._page_box.descendants()
        if type(box).__name__ == "BlockBox"
        for line in box.children
        if type(line).__name__ == "LineBox" and line.width > box.width + 1
    ]
    assert too_wide == []


def test_the_rail_of_a_sheet_never_reaches_its_contact(vi: Printed) -> None:
    for page in vi.layout.pages:
        boxes = {
            box.element.get("class"): box
            for box in page._page_box.descendants()
            if box.element is not None and box.element_tag in {"dl", "div"}
        }
        if {"figures", "rail-foot"} <= boxes.keys():
            figures, foot = boxes["figures"], boxes["rail-foot"]
            assert figures.position_y + figures.height < foot.position_y


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_only_the_chosen_faces_are_embedded(lang: str, request: pytest.FixtureRequest) -> None:
    printed: Printed = request.getfixturevalue(lang)
    found = set()
    for page in printed.reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert "/FontFile2" in descriptor
            found.add(font.get_object()["/BaseFont"].split("+")[1])
    assert found == {"Noto-Sans", "Noto-Sans-Bold", "Noto-Serif", "Noto-Serif-Bold"}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_tagged_for_readers_who_listen(lang: str, request: pytest.FixtureRequest) -> None:
    printed: Printed = request.getfixturevalue(lang)
    assert faults(printed.reader) == []


def test_the_same_offers_give_the_same_bytes(vi: Printed) -> None:
    assert build_catalogue(ALL, imprint()) == vi.pdf


def test_the_order_of_the_offers_does_not_matter(vi: Printed) -> None:
    assert set_book(tuple(reversed(ALL)), imprint()) == vi.html


def test_progress_runs_from_setting_to_done() -> None:
    seen: list[Progress] = []
    build_catalogue([RICH, BARE], imprint(), report=seen.append)
    assert seen[0] == Progress(Step.SETTING, 0, 2)
    assert seen[-1].step is Step.DONE
    assert seen[-1].done == seen[-1].total > 6
    laid = [p.done for p in seen if p.step is Step.LAYING_OUT]
    assert laid == list(range(1, len(laid) + 1))


def test_the_estimate_of_pages_is_near(vi: Printed) -> None:
    assert abs(estimate_pages(ALL, imprint()) - len(vi.reader.pages)) <= 2


def test_a_zero_is_a_figure_and_not_a_gap() -> None:
    html = set_book([replace(BARE, capital=Capital(Decimal(0)))], imprint())
    assert "Vốn dự kiến của 1 dự án có nêu vốn" in html
