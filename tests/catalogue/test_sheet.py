"""What a sheet shows, in which order, and what is left out."""

from dataclasses import replace
from decimal import Decimal

from portfolio.catalogue.offer import Land, Offer, Place, Prose
from portfolio.catalogue.sheet import lay_sheet
from tests.catalogue.samples import ALL, BARE, ENERGY, IN_DOLLARS, LONG, RICH, SMALL


def test_the_facts_keep_their_order() -> None:
    sheet = lay_sheet(RICH, ALL, ENERGY)
    assert [fact.label for fact in sheet.facts] == [
        "Sector",
        "Zone",
        "Land",
        "Planning",
        "Form of investment",
        "Term",
        "Infrastructure",
        "Incentives and support",
        "Life stage",
    ]


def test_a_bare_offer_has_no_empty_lines() -> None:
    sheet = lay_sheet(BARE, [BARE], None)
    assert sheet.facts == ()
    assert sheet.spots == ()
    assert sheet.neighbours == ()
    assert sheet.comparison is None


def test_blank_words_are_no_fact() -> None:
    assert lay_sheet(replace(BARE, site=Prose("  ")), [BARE], None).facts == ()


def test_a_short_scale_is_a_figure_and_a_sentence_is_a_fact() -> None:
    def scale(text: str) -> tuple[str, list[str]]:
        sheet = lay_sheet(replace(BARE, scale=Prose(text)), [BARE], None)
        return sheet.scale_as_figure, [fact.words.text for fact in sheet.facts]

    assert scale("7,2 MW") == ("7,2 MW", [])
    assert scale("dân số 7.738 người") == ("", ["dân số 7.738 người"])
    # The source printed a number without its unit: it is shown as it stands, not blown up.
    assert scale("15,2") == ("", ["15,2"])
    assert scale("300 phòng khách sạn 5 sao") == ("", ["300 phòng khách sạn 5 sao"])


def test_places_of_one_district_stand_together() -> None:
    places = (
        Place("a", "Xã A", "huyện Một", former="Xã Cũ"),
        Place("b", "Xã B", "huyện Hai"),
        Place("c", "Xã C", "huyện Một"),
    )
    spots = lay_sheet(replace(BARE, places=places), [BARE], None).spots
    assert [(spot.words, spot.former) for spot in spots] == [
        ("Xã A, Xã C, huyện Một", "Xã Cũ"),
        ("Xã B, huyện Hai", ""),
    ]


def test_neighbours_of_the_same_place_come_first_then_the_largest() -> None:
    sheet = lay_sheet(IN_DOLLARS, [RICH, IN_DOLLARS, *SMALL], ENERGY)
    assert [offer.code for offer in sheet.neighbours] == ["MAU-0001", "MAU-0080", "MAU-0040"]
    far = replace(RICH, places=())
    sheet = lay_sheet(IN_DOLLARS, [far, IN_DOLLARS, *SMALL], ENERGY)
    assert [offer.code for offer in sheet.neighbours] == ["MAU-0080", "MAU-0040", "MAU-0020"]


def test_a_long_sheet_has_no_room_for_company() -> None:
    sheet = lay_sheet(LONG, ALL, None)
    assert sheet.neighbours == ()
    assert sheet.comparison is None


def test_area_is_compared_where_there_is_no_capital() -> None:
    fields = [replace(BARE, code=str(n), land=Land(Decimal(n))) for n in (1, 2, 4, 8)]
    comparison = lay_sheet(fields[0], fields, None).comparison
    assert comparison is not None
    assert comparison.by == "area"


def test_long_names_are_set_smaller() -> None:
    def size(letters: int) -> str:
        return lay_sheet(Offer("X", Prose("n" * letters)), [], None).size

    assert [size(n) for n in (45, 46, 95, 96)] == ["large", "middle", "middle", "small"]


def test_anchor_is_safe_in_a_link() -> None:
    assert Offer("KT-0001/Đ", Prose("")).anchor == "sheet-KT-0001--"
