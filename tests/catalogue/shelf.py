"""A few solicited projects in the register, for tests of what is taken from it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from portfolio.notation.days import Precision
from portfolio.office.trail import Origin, record
from portfolio.register.capital import CapitalKind, CapitalVersion
from portfolio.register.papers import ActKind, LegalAct
from portfolio.register.place import Succession, SuccessionKind, Unit, UnitLevel
from portfolio.register.project import (
    Form,
    Listing,
    Project,
    ProjectPlace,
    Source,
    Stage,
    Translation,
)
from portfolio.register.sector import Sector
from portfolio.register.zone import Zone, ZoneKind
from tests.conftest import AT

BILLION = Decimal(10**9)
REFORM = date(2025, 7, 1)


@dataclass(frozen=True)
class Shelf:
    """Keys of what `fill_shelf` made."""

    park: int
    inner: int
    city: int
    energy: int
    tourism: int
    old_commune: int
    new_commune: int


def fill_shelf(db: Session) -> Shelf:
    """Two zones (one inside the other), a third, two sectors, units before and after 2025; commits."""
    origin = Origin(None, AT)

    def save(row, act: str):
        db.add(row)
        record(db, row, act, origin)
        return row

    def unit(code: str, name: str, level: UnitLevel, parent: Unit | None, *, new: bool) -> Unit:
        return save(
            Unit(
                code=code,
                name=name,
                kind=level.value,
                level=level,
                parent_id=parent.id if parent else None,
                valid_from=REFORM if new else date(1991, 8, 12),
                valid_to=None if new else date(2025, 6, 30),
                version=0,
            ),
            "add_unit",
        )

    park = save(
        Zone(key="park", name="Khu Lớn", name_en="Great Park", kind=ZoneKind.OTHER, version=0),
        "add_zone",
    )
    inner = save(
        Zone(key="inner", name="Khu Trong", kind=ZoneKind.OTHER, parent_id=park.id, version=0),
        "add_zone",
    )
    city = save(Zone(key="city", name="Khu Phố", kind=ZoneKind.OTHER, version=0), "add_zone")
    energy = save(
        Sector(key="energy", name="Năng lượng", name_en="Energy", position=2, version=0),
        "add_sector",
    )
    tourism = save(Sector(key="tourism", name="Du lịch", position=1, version=0), "add_sector")
    province = unit("62", "Tỉnh Kon Tum", UnitLevel.PROVINCE, None, new=False)
    new_province = unit("51", "Tỉnh Quảng Ngãi", UnitLevel.PROVINCE, None, new=True)
    district = unit("613", "Huyện Kon Plông", UnitLevel.DISTRICT, province, new=False)
    town = unit("23473", "Thị trấn Măng Đen", UnitLevel.COMMUNE, district, new=False)
    canh = unit("23476", "Xã Măng Cành", UnitLevel.COMMUNE, district, new=False)
    split = unit("23479", "Xã Bị Chia", UnitLevel.COMMUNE, district, new=False)
    new = unit("23473", "Xã Măng Đen", UnitLevel.COMMUNE, new_province, new=True)
    half = unit("23474", "Xã Nửa Kia", UnitLevel.COMMUNE, new_province, new=True)
    for old, into in ((town, new), (canh, new), (split, new), (split, half)):
        db.add(Succession(old_id=old.id, new_id=into.id, kind=SuccessionKind.MERGED, on=REFORM))

    def project(code: str, name: str, *, listing=Listing.SOLICITED, units=(), **more) -> Project:
        stage = Stage.CALLING if listing is Listing.SOLICITED else Stage.PREPARING
        made = Project(code=code, name=name, listing=listing, stage=stage, version=0, **more)
        made.places = [
            ProjectPlace(unit_id=found.id, principal=not n) for n, found in enumerate(units)
        ]
        return save(made, "log_project")

    project(
        "KT-0001",
        "Thủy điện Nước Trong",
        units=(town, canh),
        zone_id=inner.id,
        sector_id=energy.id,
        scale="20 MW",
        objective="Phát điện.",
        form=Form.BIDDING,
        area_asked_ha=Decimal(12),
        area_as_printed="gần 12 ha",
        term_years=50,
        address="Thôn 1",
        plots="tờ 3, thửa 5",
        special_mechanism="Nghị quyết 41",
        note="Chỉ dành cho cán bộ",
        public_source=True,
        capital=[
            CapitalVersion(
                kind=CapitalKind.ESTIMATED,
                on=date(2024, 1, 1),
                amount=700 * BILLION,
                vnd_amount=700 * BILLION,
            ),
            CapitalVersion(
                kind=CapitalKind.ESTIMATED,
                on=date(2025, 1, 1),
                amount=740 * BILLION,
                vnd_amount=740 * BILLION,
                as_printed="740 tỷ đồng",
            ),
            CapitalVersion(
                kind=CapitalKind.ESTIMATED, on=date(2026, 1, 1), as_printed="sẽ tính lại"
            ),
            CapitalVersion(
                kind=CapitalKind.REALISED, on=date(2026, 5, 1), amount=BILLION, vnd_amount=BILLION
            ),
        ],
        acts=[
            LegalAct(
                kind=ActKind.LISTING, issued_on=date(2025, 6, 30), issued_precision=Precision.HALF
            ),
            LegalAct(kind=ActKind.SURVEY_PERMISSION, issued_on=date(2020, 1, 1)),
        ],
        sources=[
            Source(about="capital", title="Báo Mẫu", place="trang 2", url="https://example.vn/a"),
            Source(about="stage", title="Báo Mẫu", place="trang 2", url="https://example.vn/a"),
            Source(about="area", title="Báo Mẫu", place="trang 3", url="https://example.vn/a"),
            Source(about="listing", title="Quyết định mẫu"),
        ],
        translations=[
            Translation(
                field="name",
                language="en",
                text="Clear Water Hydropower",
                made_from="Thủy điện Nước Trong",
            ),
            Translation(field="objective", language="en", text="Stale words.", made_from="Lời cũ."),
        ],
    )
    project("KT-0002", "Chợ đêm", units=(split,), zone_id=city.id, sector_id=tourism.id)
    project(
        "KT-0003",
        "Điện gió",
        units=(province,),
        sector_id=energy.id,
        capital=[
            CapitalVersion(
                kind=CapitalKind.ESTIMATED,
                amount=Decimal(2_000_000),
                currency="USD",
                vnd_amount=50 * BILLION,
                rate=Decimal(25_000),
                rate_on=date(2025, 1, 2),
            )
        ],
    )
    project("KT-0004", "Đã có chủ", units=(new,), zone_id=park.id, listing=Listing.LICENSED)
    db.commit()
    return Shelf(park.id, inner.id, city.id, energy.id, tourism.id, town.id, new.id)
