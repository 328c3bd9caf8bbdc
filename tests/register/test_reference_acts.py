"""Zones, sectors, places and investors: their acts, and how a new name reaches the projects."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portfolio.office.people import OfficeKind, Role
from portfolio.office.trail import Origin, TrailEntry, record, unpack, verify
from portfolio.register import investor_acts, reference_acts
from portfolio.register.investor import Investor, InvestorRole, ProjectInvestor
from portfolio.register.investor_acts import (
    InvestorValues,
    bare_name,
    look_alike_groups,
    merge_investors,
)
from portfolio.register.line import RegisterLine
from portfolio.register.place import Unit, UnitLevel
from portfolio.register.project import Listing, Project, ProjectPlace, Stage
from portfolio.register.reference_acts import BadReference, SectorValues, ZoneValues
from portfolio.register.zone import Zone, ZoneKind
from portfolio.web.errors import HiddenRecord
from tests.conftest import AT, SECRET, add_office, add_person

PROGRAM = Origin(None, AT)


def add_zone(db: Session, name: str, parent=None, **more):
    values = ZoneValues(
        name=name, kind=ZoneKind.TOURISM_AREA, parent_id=parent.id if parent else None, **more
    )
    return reference_acts.add_zone(db, values, PROGRAM)


def add_investor(db: Session, name: str, tax_code: str | None = None, **more) -> Investor:
    made = Investor(name=name, folded=investor_acts.fold(name), tax_code=tax_code, **more)
    db.add(made)
    record(db, made, "add_investor", PROGRAM)
    return made


def add_project(db: Session, number: int, **more) -> Project:
    investors = more.pop("investors", ())
    made = Project(
        code=f"KT-{number:04}",
        name=f"Dự án {number}",
        listing=Listing.LICENSED,
        stage=Stage.PREPARING,
        **more,
    )
    made.investors = [ProjectInvestor(investor=one, role=InvestorRole.LEAD) for one in investors]
    db.add(made)
    record(db, made, "log_project", PROGRAM)
    return made


def line_of(db: Session, project: Project) -> RegisterLine:
    db.expire_all()
    return db.scalars(select(RegisterLine).filter_by(project_id=project.id, until=None)).one()


def acts_of(db: Session, kind: str, key: int) -> list[str]:
    query = (
        select(TrailEntry.act).filter_by(subject_kind=kind, subject_id=key).order_by(TrailEntry.seq)
    )
    return list(db.scalars(query))


# Zones ----------------------------------------------------------------------------------------


def test_a_new_name_of_a_zone_stands_in_its_projects_lists_and_histories(db: Session) -> None:
    zone = add_zone(db, "Khu du lịch Măng Đen")
    project = add_project(db, 1, zone_id=zone.id)
    other = add_project(db, 2)
    db.commit()
    values = ZoneValues(
        name="Vùng du lịch Măng Đen", name_en="Măng Đen", kind=ZoneKind.TOURISM_AREA
    )
    assert reference_acts.change_zone(db, zone, values, Origin(None, AT, "Quyết định mới")) == 1
    db.commit()
    assert line_of(db, project).zone_name == "Vùng du lịch Măng Đen"
    assert acts_of(db, "project", project.id) == ["log_project", "rename_zone"]
    assert acts_of(db, "project", other.id) == ["log_project"]
    entry = db.get_one(TrailEntry, project.entry_seq)
    assert unpack(entry.state)["zone"]["name"] == "Vùng du lịch Măng Đen"
    assert entry.reason == "Quyết định mới"
    assert verify(db, [SECRET]).cause is None


def test_a_change_that_touches_no_name_touches_no_project(db: Session) -> None:
    zone = add_zone(db, "Khu A")
    project = add_project(db, 1, zone_id=zone.id)
    values = ZoneValues(
        name="Khu A",
        kind=ZoneKind.TOURISM_AREA,
        area_ha=Decimal("12.5"),
        valid_from=date(2020, 1, 1),
    )
    assert reference_acts.change_zone(db, zone, values, PROGRAM) == 0
    assert acts_of(db, "project", project.id) == ["log_project"]
    assert acts_of(db, "zone", zone.id) == ["add_zone", "change_zone"]


def test_a_new_name_reaches_many_projects_in_few_queries(db: Session) -> None:
    zone = add_zone(db, "Khu A")
    for number in range(1, 41):
        add_project(db, number, zone_id=zone.id)
    db.commit()
    key = zone.id
    db.expunge_all()
    zone = db.get_one(Zone, key)
    queries: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        queries.append(statement)

    event.listen(db.get_bind().engine, "before_cursor_execute", note)
    try:
        values = ZoneValues(name="Khu B", kind=ZoneKind.TOURISM_AREA)
        assert reference_acts.change_zone(db, zone, values, PROGRAM) == 40
    finally:
        event.remove(db.get_bind().engine, "before_cursor_execute", note)
    reads = [query for query in queries if query.startswith("SELECT")]
    assert 20 < len(reads) < 60, "a handful for all of them, not for each"


def test_a_zone_lies_in_no_circle(db: Session) -> None:
    outer = add_zone(db, "Ngoài")
    middle = add_zone(db, "Giữa", outer)
    inner = add_zone(db, "Trong", middle)
    for parent in (outer, middle, inner):
        values = ZoneValues(name="Ngoài", kind=ZoneKind.TOURISM_AREA, parent_id=parent.id)
        with pytest.raises(BadReference) as refused:
            reference_acts.change_zone(db, outer, values, PROGRAM)
        assert refused.value.field == "parent_id"


def test_two_zones_of_one_name_in_one_place_are_refused_whatever_the_spelling(db: Session) -> None:
    outer = add_zone(db, "Khu kinh tế")
    add_zone(db, "Cửa khẩu Bờ Y", outer)
    with pytest.raises(BadReference):
        add_zone(db, "CUA KHAU PO Y", outer)
    assert add_zone(db, "Cửa khẩu Bờ Y").key == "cua_khau_bo_y_2"


def test_a_zone_ends_after_it_begins(db: Session) -> None:
    with pytest.raises(BadReference) as refused:
        add_zone(db, "Khu A", valid_from=date(2021, 1, 1), valid_to=date(2020, 12, 31))
    assert refused.value.field == "valid_to"


@pytest.mark.parametrize("field", ["parent_id", "unit_id", "managing_office_id"])
def test_a_zone_refers_to_what_exists(db: Session, field: str) -> None:
    with pytest.raises(BadReference) as refused:
        reference_acts.add_zone(
            db, ZoneValues(name="A", kind=ZoneKind.OTHER, **{field: 999}), PROGRAM
        )
    assert refused.value.field == field


# Sectors and places ---------------------------------------------------------------------------


def test_a_new_name_of_a_sector_stands_in_its_projects(db: Session) -> None:
    sector = reference_acts.add_sector(db, SectorValues(name="Du lịch", position=3), PROGRAM)
    project = add_project(db, 1, sector_id=sector.id)
    db.commit()
    assert (
        reference_acts.change_sector(
            db, sector, SectorValues(name="Du lịch, nghỉ dưỡng", position=3), PROGRAM
        )
        == 1
    )
    db.commit()
    assert line_of(db, project).sector_name == "Du lịch, nghỉ dưỡng"
    assert (
        reference_acts.change_sector(
            db, sector, SectorValues(name="Du lịch, nghỉ dưỡng", position=9), PROGRAM
        )
        == 0
    )
    with pytest.raises(BadReference):
        reference_acts.add_sector(db, SectorValues(name="DU LICH NGHI DUONG"), PROGRAM)


def test_other_spellings_of_a_place_are_kept_with_their_entry(db: Session) -> None:
    unit = Unit(
        code="1",
        name="Xã Đăk Long",
        kind="commune",
        level=UnitLevel.COMMUNE,
        valid_from=date(2025, 7, 1),
    )
    db.add(unit)
    record(db, unit, "add_unit", PROGRAM)
    project = add_project(db, 1, places=[ProjectPlace(unit=unit, principal=True)])
    reference_acts.change_name_variants(db, unit, "Đắk Long; Dak Long", PROGRAM)
    db.commit()
    assert acts_of(db, "unit", unit.id) == ["add_unit", "change_name_variants"]
    assert acts_of(db, "project", project.id) == ["log_project"]


# Investors ------------------------------------------------------------------------------------


def test_a_corrected_investor_is_named_rightly_in_every_project(db: Session) -> None:
    investor = add_investor(db, "Cty Sâm Ngọc Linh")
    first, second = (add_project(db, n, investors=[investor]) for n in (1, 2))
    db.commit()
    values = InvestorValues(name="Công ty CP Sâm Ngọk Linh", tax_code="6100123456")
    assert investor_acts.change_investor(db, investor, values, PROGRAM) == 2
    db.commit()
    for project in (first, second):
        assert line_of(db, project).investors == "Công ty CP Sâm Ngọk Linh"
        assert "6100123456" in line_of(db, project).folded
    assert investor.folded == "cong ti cp sam ngoc linh"
    same = InvestorValues(name=values.name, tax_code=values.tax_code, address="Số 1 Bà Triệu")
    assert investor_acts.change_investor(db, investor, same, PROGRAM) == 0


def test_a_tax_code_belongs_to_one_investor(db: Session) -> None:
    add_investor(db, "A", "6100123456")
    other = add_investor(db, "B")
    with pytest.raises(investor_acts.BadInvestor) as refused:
        investor_acts.change_investor(
            db, other, InvestorValues(name="B", tax_code="6100123456"), PROGRAM
        )
    assert refused.value.field == "tax_code"


def test_merging_moves_the_projects_and_keeps_what_is_known(db: Session) -> None:
    kept = add_investor(db, "Công ty CP KDI Holdings")
    merged = add_investor(db, "KDI Holdings JSC", "0105555555", address="Hà Nội")
    own = add_project(db, 1, investors=[kept])
    moved = add_project(db, 2, investors=[merged])
    both = add_project(db, 3, investors=[kept, merged])
    db.commit()
    assert merge_investors(db, kept, merged, Origin(None, AT, "Cùng mã số thuế")) == 2
    db.commit()
    db.expire_all()
    assert (kept.tax_code, kept.address) == ("0105555555", "Hà Nội")
    assert (merged.tax_code, merged.merged_into_id) == (None, kept.id)
    for project in (own, moved, both):
        assert [part.investor_id for part in project.investors] == [kept.id]
        assert line_of(db, project).investors == "Công ty CP KDI Holdings"
        assert acts_of(db, "project", project.id)[-1] == "merge_investors"
    assert (
        acts_of(db, "investor", merged.id)[-1]
        == acts_of(db, "investor", kept.id)[-1]
        == "merge_investors"
    )
    assert verify(db, [SECRET]).cause is None


def test_shares_of_both_add_up_when_they_fit(db: Session) -> None:
    kept, merged = add_investor(db, "A"), add_investor(db, "A JSC")
    project = add_project(db, 1, investors=[kept, merged])
    project.investors[0].share, project.investors[1].share = Decimal(30), Decimal(45)
    record(db, project, "correct_investor_part", PROGRAM)
    merge_investors(db, kept, merged, Origin(None, AT, "Cùng một doanh nghiệp"))
    db.commit()
    assert [part.share for part in project.investors] == [Decimal(75)]


def test_two_tax_codes_are_two_enterprises(db: Session) -> None:
    kept, merged = add_investor(db, "A", "0101111111"), add_investor(db, "A", "0102222222")
    with pytest.raises(investor_acts.TwoEnterprises):
        merge_investors(db, kept, merged, Origin(None, AT, "Trùng tên"))


def test_a_merge_needs_a_reason_and_two_living_entries(db: Session) -> None:
    kept, merged = add_investor(db, "A"), add_investor(db, "B")
    with pytest.raises(investor_acts.BadInvestor):
        merge_investors(db, kept, merged, PROGRAM)
    why = Origin(None, AT, "Cùng một doanh nghiệp")
    with pytest.raises(HiddenRecord):
        merge_investors(db, kept, kept, why)
    merge_investors(db, kept, merged, why)
    for pair in ((kept, merged), (merged, kept)):
        with pytest.raises(HiddenRecord):
            merge_investors(db, *pair, why)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Công ty Cổ phần Tập đoàn FLC", "flc"),
        ("Công ty TNHH MTV Vingroup", "vin"),
        ("VinGroup JSC", "vin"),
        ("Công ty cổ phần", "cong ti co phan"),
        ("HTX Nông nghiệp Đăk Hà", "nong nghiep dak ha"),
    ],
)
def test_the_legal_form_is_no_part_of_a_name(name: str, bare: str) -> None:
    assert bare_name(name) == bare


def test_look_alikes_are_proposed_by_name_and_by_the_head_of_the_tax_code(db: Session) -> None:
    office = add_office(db, PROGRAM, "stc", OfficeKind.FINANCE)
    reader = add_person(db, office, Role.ADMINISTRATOR)
    pair = [add_investor(db, "Công ty CP Sâm Ngọc Linh"), add_investor(db, "SAM NGOK LINH")]
    branch = [add_investor(db, "Mẹ", "0105555555"), add_investor(db, "Con", "0105555555-001")]
    add_investor(db, "Không giống ai")
    groups = {frozenset(one.id for one in group) for group in look_alike_groups(db, reader)}
    assert groups == {frozenset(one.id for one in pair), frozenset(one.id for one in branch)}
    assert investor_acts.look_alikes_of(db, pair[0], reader) == [pair[1]]
    assert investor_acts.look_alikes_of(db, branch[1], reader) == [branch[0]]


# Whose investor -------------------------------------------------------------------------------


def test_an_investor_is_kept_by_whoever_may_change_all_its_projects(db: Session) -> None:
    authority = add_office(db, PROGRAM, "bql", OfficeKind.ZONE_AUTHORITY)
    finance = add_office(db, PROGRAM, "stc", OfficeKind.FINANCE)
    zone = add_zone(db, "Khu kinh tế", managing_office_id=authority.id)
    other = add_zone(db, "Khu khác")
    one, two = add_investor(db, "Chỉ trong khu"), add_investor(db, "Cả hai nơi")
    add_project(db, 1, zone_id=zone.id, investors=[one, two])
    add_project(db, 2, investors=[two])
    free = add_investor(db, "Chưa có dự án")
    people = {
        "zone": add_person(db, authority, Role.ZONE_OFFICER, (zone.id,)),
        "elsewhere": add_person(db, authority, Role.ZONE_OFFICER, (other.id,)),
        "finance": add_person(db, finance, Role.FINANCE_OFFICER),
        "administrator": add_person(db, finance, Role.ADMINISTRATOR),
        "reader": add_person(db, finance, Role.READER),
    }
    keeps = {
        who: [investor_acts.may_keep(db, person, each) for each in (one, two, free)]
        for who, person in people.items()
    }
    assert keeps == {
        "zone": [True, False, True],
        "elsewhere": [False, False, True],
        "finance": [False, False, True],
        "administrator": [True, True, True],
        "reader": [False, False, False],
    }
    seen = {
        who: set(db.scalars(select(Investor.name).where(investor_acts.seen_by(person))))
        for who, person in people.items()
    }
    assert seen["elsewhere"] == {"Chưa có dự án"}
    assert seen["zone"] == seen["finance"] == {"Chỉ trong khu", "Cả hai nơi", "Chưa có dự án"}


def test_whoever_may_not_keep_it_changes_nothing(db: Session) -> None:
    office = add_office(db, PROGRAM, "stc", OfficeKind.FINANCE)
    reader = add_person(db, office, Role.READER)
    investor = add_investor(db, "A")
    with pytest.raises(HiddenRecord):
        investor_acts.change_investor(db, investor, InvestorValues(name="B"), Origin(reader, AT))
    assert investor.name == "A"
