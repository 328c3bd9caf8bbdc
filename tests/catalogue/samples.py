"""Offers with fixed values, from the richest to the barest. None of them is a real project."""

from datetime import date
from decimal import Decimal

from portfolio.catalogue.book import Imprint
from portfolio.catalogue.offer import Capital, Contact, Group, Land, Offer, Place, Prose, Source
from portfolio.catalogue.typeset import Language

BILLION = Decimal(10**9)
ENERGY = Group("energy", Prose("Năng lượng"), 1)
FARMING = Group("farming", Prose("Nông nghiệp"), 0)
LAKE = Group("lake", Prose("Khu du lịch Hồ Mẫu"))
OFFICE = Contact(
    Prose("Trung tâm mẫu về xúc tiến đầu tư"),
    person="Phòng Dự án",
    phone="0260 000 0000",
    email="lien.he@example.vn",
    address="Số 1, đường Mẫu",
    website="www.example.vn",
)
HILLS = Place("hills", "Xã Đồi Mẫu", "huyện Mẫu", former="Xã Gò Cũ")
LAKESIDE = Place("lakeside", "Xã Ven Hồ", "huyện Mẫu")

PANGRAM = (
    "Do bạch kim rất quý nên sẽ dùng để lắp vô xương; ẩn hiện giữa những ngọn núi lởm chởm, "
    "kỳ vĩ và sừng sững, thỉnh thoảng lại nghe tiếng ễnh ương, bìm bịp, ỷ ôi, ưỡn ẹo."
)

RICH = Offer(
    "MAU-0001",
    Prose("Nhà máy thủy điện Suối Mẫu kết hợp du lịch sinh thái dưới tán rừng"),
    sector=ENERGY,
    zone=LAKE,
    places=(HILLS, LAKESIDE),
    objective=Prose(PANGRAM),
    scale=Prose("7,2 MW"),
    land=Land(Decimal("120.5"), "khoảng 120,5 ha"),
    capital=Capital(Decimal(279) * BILLION, printed="279 tỷ đồng"),
    form=Prose("Đấu thầu lựa chọn nhà đầu tư"),
    site=Prose("Đất do Nhà nước quản lý, chưa giải phóng mặt bằng"),
    planning=Prose("Phù hợp quy hoạch tỉnh"),
    infrastructure=Prose("Cách quốc lộ 3 km, có đường dây 110 kV"),
    incentives=Prose("Địa bàn có điều kiện kinh tế - xã hội đặc biệt khó khăn"),
    term=Prose("50 năm"),
    stage=Prose("Đang kêu gọi đầu tư"),
    notes=(Prose("Ghi chú mẫu."),),
    contacts=(OFFICE,),
    sources=(Source("Báo Mẫu", "https://example.vn/bai-bao-mau", date(2025, 5, 4)),),
    from_public_sources=True,
    listed_on=date(2025, 5, 4),
)
BARE = Offer("MAU-0002", Prose("Dự án chỉ có tên"))
WORDS_ONLY = Offer(
    "MAU-0003",
    Prose("Vùng trồng cây ăn quả"),
    sector=FARMING,
    places=(HILLS,),
    land=Land(None, "từ 100 đến 200 ha"),
    capital=Capital(printed="sẽ xác định khi lập dự án"),
)
IN_DOLLARS = Offer(
    "MAU-0004",
    Prose("Trang trại điện gió Đèo Mẫu"),
    sector=ENERGY,
    places=(LAKESIDE,),
    capital=Capital(Decimal(20_600_000), "USD", Decimal(515) * BILLION),
    land=Land(Decimal(48)),
)
SMALL = tuple(
    Offer(
        f"MAU-00{number}",
        Prose(f"Điện mặt trời mái nhà số {number}"),
        sector=ENERGY,
        places=(LAKESIDE,),
        capital=Capital(Decimal(number) * BILLION),
    )
    for number in (10, 20, 40, 80)
)
LONG = Offer(
    "MAU-0099",
    Prose("Khu liên hợp " + "chăn nuôi, chế biến và bảo quản nông sản " * 4),
    sector=FARMING,
    places=(LAKESIDE,),
    objective=Prose((PANGRAM + " ") * 14),
    infrastructure=Prose(("Đường, điện, nước và viễn thông đã đến ranh giới khu đất. ") * 20),
    land=Land(Decimal("1234567.89")),
    capital=Capital(Decimal("123456.7") * BILLION),
    contacts=(OFFICE,),
    sources=(Source("Trang mẫu", "https://example.vn/" + "x" * 300),),
)
ALL = (RICH, BARE, WORDS_ONLY, IN_DOLLARS, *SMALL, LONG)


def imprint(lang: Language = "vi", **changes: object) -> Imprint:
    """What the trial catalogue says about itself."""
    given: dict[str, object] = {
        "lang": lang,
        "issued_on": date(2026, 11, 22),
        "office": "Trung tâm mẫu về xúc tiến đầu tư",
        "province": "Tỉnh Mẫu",
    }
    return Imprint(**(given | changes))  # type: ignore[arg-type]
