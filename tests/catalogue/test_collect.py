"""What of the register goes into a catalogue: solicited projects only, as the reader may see them."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event

from portfolio.catalogue.collect import Choice, count_offers, offers_from
from portfolio.catalogue.offer import Offer, Prose
from portfolio.notation.days import Precision
from portfolio.office.people import Role
from portfolio.register.choices import choices
from tests.catalogue.shelf import BILLION, fill_shelf
from tests.conftest import ON, add_person


@pytest.fixture
def shelf(db):
    return fill_shelf(db)


EVERYTHING = Choice()


def offers(db, user=None, choice=EVERYTHING, lang="vi", on=ON) -> dict[str, Offer]:
    within = choices(db, None)
    found = offers_from(db, user, choice, within, lang=lang, on=on)
    assert count_offers(db, user, choice, within) == len(found)
    return {offer.code: offer for offer in found}


def test_solicited_projects_only(db, shelf) -> None:
    assert list(offers(db)) == ["KT-0001", "KT-0002", "KT-0003"]


def test_the_row_rule_holds(db, shelf, office) -> None:
    zone_officer = add_person(db, office, Role.ZONE_OFFICER, (shelf.park,))
    assert list(offers(db, zone_officer)) == ["KT-0001"]
    stranger = add_person(db, office, Role.ZONE_OFFICER, email="x@example.org")
    assert offers(db, stranger) == {}
    centre = add_person(db, office, Role.CENTRE_OFFICER)
    assert len(offers(db, centre)) == 3


@pytest.mark.parametrize(
    ("narrowed", "codes"),
    [
        ({"sector_id": "energy"}, ["KT-0001", "KT-0003"]),
        ({"zone_id": "park"}, ["KT-0001"]),
        ({"zone_id": "inner"}, ["KT-0001"]),
        ({"zone_id": "city"}, ["KT-0002"]),
        ({"unit_id": "old_commune"}, ["KT-0001"]),
        ({"unit_id": "new_commune"}, ["KT-0001", "KT-0002"]),
        ({"sector_id": "tourism", "zone_id": "park"}, []),
    ],
)
def test_choices_narrow(db, shelf, narrowed, codes) -> None:
    choice = Choice(**{name: getattr(shelf, key) for name, key in narrowed.items()})
    assert list(offers(db, choice=choice)) == codes


def test_all_that_is_known_is_taken(db, shelf) -> None:
    offer = offers(db)["KT-0001"]
    assert offer.name == Prose("Thủy điện Nước Trong")
    assert offer.sector is not None
    assert (offer.sector.key, offer.sector.name, offer.sector.rank) == (
        "energy",
        Prose("Năng lượng"),
        2,
    )
    assert offer.zone is not None
    assert offer.zone.name == Prose("Khu Trong")
    assert (offer.objective, offer.scale) == (Prose("Phát điện."), Prose("20 MW"))
    assert offer.land is not None
    assert (offer.land.hectares, offer.land.printed) == (Decimal(12), "gần 12 ha")
    assert offer.form == Prose("Đấu thầu lựa chọn nhà đầu tư", "vi")
    assert offer.site == Prose("Thôn 1; tờ 3, thửa 5")
    assert offer.incentives == Prose("Nghị quyết 41")
    assert offer.term == Prose("50 năm", "vi")
    assert offer.stage == Prose("Đang kêu gọi đầu tư", "vi")
    assert offer.from_public_sources
    assert (offer.listed_on, offer.listed_precision) == (date(2025, 6, 30), Precision.HALF)


def test_the_last_planned_sum_counts_and_what_was_spent_does_not(db, shelf) -> None:
    capital = offers(db)["KT-0001"].capital
    assert capital is not None
    assert (capital.amount, capital.printed) == (740 * BILLION, "740 tỷ đồng")
    dollars = offers(db)["KT-0003"].capital
    assert dollars is not None
    assert (dollars.amount, dollars.currency, dollars.in_dong) == (
        Decimal(2_000_000),
        "USD",
        50 * BILLION,
    )


def test_sources_stand_once_with_their_passages(db, shelf) -> None:
    found = [(source.label, source.url) for source in offers(db)["KT-0001"].sources]
    assert found == [
        ("Báo Mẫu, trang 2, trang 3", "https://example.vn/a"),
        ("Quyết định mẫu", ""),
    ]


def test_remarks_of_the_office_stay_there(db, shelf) -> None:
    assert "cán bộ" not in repr(offers(db))


def test_what_is_not_known_stays_open(db, shelf) -> None:
    offer = offers(db)["KT-0002"]
    assert (offer.capital, offer.land, offer.scale, offer.form, offer.term, offer.site) == (
        None,
    ) * 6
    assert (offer.listed_on, offer.sources, offer.contacts) == (None, (), ())


def test_english_where_it_is_fresh(db, shelf) -> None:
    offer = offers(db, lang="en")["KT-0001"]
    assert offer.name == Prose("Clear Water Hydropower", "en")
    # The translation was made from other words, so the source is printed instead.
    assert offer.objective == Prose("Phát điện.", "vi")
    assert offer.sector is not None
    assert offer.sector.name == Prose("Energy", "en")
    assert offer.zone is not None
    assert offer.zone.name == Prose("Khu Trong", "vi")
    assert offer.stage == Prose("Seeking investors", "en")
    assert offer.term == Prose("50 years", "en")


def test_places_are_called_as_they_are_on_the_day(db, shelf) -> None:
    today = offers(db)
    (place,) = today["KT-0001"].places
    assert (place.name, place.within) == ("Xã Măng Đen", "tỉnh Quảng Ngãi")
    assert place.former == "Thị trấn Măng Đen, Xã Măng Cành, huyện Kon Plông"
    (divided,) = today["KT-0002"].places
    assert (divided.name, divided.within) == ("Xã Bị Chia (cũ)", "huyện Kon Plông")
    (province,) = today["KT-0003"].places
    assert (province.name, province.within) == ("Tỉnh Kon Tum (cũ)", "")

    before = offers(db, on=date(2025, 6, 30))
    assert [(p.name, p.within, p.former) for p in before["KT-0001"].places] == [
        ("Thị trấn Măng Đen", "huyện Kon Plông", ""),
        ("Xã Măng Cành", "huyện Kon Plông", ""),
    ]


def test_the_number_of_queries_does_not_grow_with_the_projects(db, shelf) -> None:
    seen: list[str] = []
    engine = db.get_bind()
    within = choices(db, None)
    db.expire_all()

    def count(_c, _cursor, statement, *_more) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        offers_from(db, None, Choice(), within, lang="vi", on=ON)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert len([s for s in seen if s.startswith("SELECT")]) <= 8
