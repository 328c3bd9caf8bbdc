"""Places of one date told in the geography of another."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.register.place import Succession, SuccessionKind, Unit, UnitLevel
from portfolio.reports.geography import LAST_OLD_DAY, Geography, read_geography

TODAY = date(2026, 11, 22)
NEW = date(2025, 7, 1)


def unit(
    db: Session, name: str, level: UnitLevel, parent: Unit | None = None, **days: date
) -> Unit:
    made = Unit(
        code=name,
        name=name,
        kind=level.value,
        level=level,
        parent_id=parent.id if parent else None,
        valid_from=days.get("begins", date(2000, 1, 1)),
        valid_to=days.get("ends"),
    )
    db.add(made)
    db.flush()
    return made


def went_into(db: Session, old: Unit, new: Unit) -> None:
    db.add(Succession(old_id=old.id, new_id=new.id, kind=SuccessionKind.MERGED, on=NEW))
    db.flush()


def test_units_are_told_in_the_geography_of_either_side_of_the_mergers(db: Session) -> None:
    old_province = unit(db, "Kon Tum", UnitLevel.PROVINCE, ends=LAST_OLD_DAY)
    new_province = unit(db, "Quảng Ngãi", UnitLevel.PROVINCE, begins=NEW)
    district = unit(db, "Ngọc Hồi", UnitLevel.DISTRICT, old_province, ends=LAST_OLD_DAY)
    other = unit(db, "Đắk Glei", UnitLevel.DISTRICT, old_province, ends=LAST_OLD_DAY)
    old = [
        unit(db, name, UnitLevel.COMMUNE, district, ends=LAST_OLD_DAY)
        for name in ("Plei Kần", "Pờ Y", "Sa Loong")
    ]
    far = unit(db, "Đắk Môn", UnitLevel.COMMUNE, other, ends=LAST_OLD_DAY)
    bo_y = unit(db, "Bờ Y", UnitLevel.COMMUNE, new_province, begins=NEW)
    mixed = unit(db, "Xã chung", UnitLevel.COMMUNE, new_province, begins=NEW)
    for one in old[:2]:
        went_into(db, one, bo_y)
    went_into(db, old[2], mixed)
    went_into(db, far, mixed)
    found = read_geography(db)

    def by_commune(one: Unit) -> int | None:
        return found.place_on(one.id, TODAY, UnitLevel.COMMUNE)

    def by_district(one: Unit) -> int | None:
        return found.place_on(one.id, LAST_OLD_DAY, UnitLevel.DISTRICT)

    assert by_commune(old[0]) == by_commune(old[1]) == by_commune(bo_y) == bo_y.id
    assert by_district(bo_y) == by_district(old[0]) == by_district(district) == district.id
    assert by_district(mixed) is None, "it came from two districts"
    assert by_commune(district) is None, "it went into more than one commune"
    assert by_commune(new_province) is None
    assert found.place_on(None, TODAY, UnitLevel.COMMUNE) is None
    db.rollback()


def test_no_unit_is_known_to_an_empty_register(db: Session) -> None:
    assert db.scalars(select(Unit)).all() == []
    assert read_geography(db) == Geography({}, {}, {})
