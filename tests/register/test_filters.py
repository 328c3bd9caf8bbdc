"""Filters: what each understands, selects and is called, in both languages; and what it refuses."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.notation import Unreadable
from portfolio.notation.money import read_money
from portfolio.office.people import Role
from portfolio.office.trail import Origin, record
from portfolio.register.causes import KnownCause
from portfolio.register.choices import choices
from portfolio.register.filters import FILTERS, NAMES, Reading, read_filters
from portfolio.register.filters.answers import STATES
from portfolio.register.filters.typed import midnight
from portfolio.register.flag_words import RULES, flags_in_words
from portfolio.register.investor import InvestorRole, ProjectInvestor
from portfolio.register.line import SCHEDULE_STATES, LinePart, RegisterLine
from portfolio.register.phases import Side
from portfolio.register.project import Listing, Stage
from portfolio.register.short_names import short_name
from portfolio.register.zone import Zone, ZoneKind
from portfolio.schedule.policy import PolicyVersion
from portfolio.schedule.policy_text import read_policy
from portfolio.schedule.terms import Holidays
from tests.conftest import AT
from tests.register.desk import Desk, known_investor, log, officer
from tests.register.shelf import Shelf, put_up


@pytest.fixture
def shelf(db: Session, desk: Desk) -> Shelf:
    return put_up(db, desk, 30)


@pytest.fixture
def reading(db: Session, desk: Desk) -> Reading:
    known = choices(db, None)
    causes = {
        one.code: one
        for one in (
            KnownCause("market", Side.OBJECTIVE, pauses=False, vi="Thị trường", en="Market"),
            KnownCause("b", Side.STATE, pauses=True, vi="Nhà nước chậm giao đất", en="Late land"),
            KnownCause("licences", Side.STATE, pauses=False, vi="Giấy phép", en="Licences"),
        )
    }
    return Reading(known, frozenset(known.zones), (7, "Công ty Bảy"), causes=causes)


def sentence(reading: Reading, language: str, **args: str) -> str:
    """What a filter is called."""
    with force_locale(language):
        found, unclear = read_filters(args, reading)
        assert not unclear, {name: one.text() for name, one in unclear.items()}
        return "; ".join(one.sentence() for one in found)


def refusals(reading: Reading, **args: str) -> dict[str, str]:
    """What is wrong, by field, in Vietnamese."""
    with force_locale("vi"):
        return {name: one.text() for name, one in read_filters(args, reading)[1].items()}


def selected(db: Session, reading: Reading, **args: str) -> list[str]:
    found, unclear = read_filters(args, reading)
    assert not unclear
    query = select(RegisterLine.code).where(RegisterLine.until.is_(None))
    for one in found:
        query = query.where(one.condition())
    return list(db.scalars(query.order_by(RegisterLine.code)))


# Sentences ------------------------------------------------------------------------------------


SENTENCES = [
        ({"q": " thép  đại hưng "}, "Tìm: “thép đại hưng”", "Text: “thép đại hưng”"),
        ({"listing": "licensed"}, "Danh sách: Đã cấp phép", "List: Licensed"),
        ({"stage": "operating"}, "Giai đoạn: Đang hoạt động", "Stage: Operating"),
        ({"state": "late"}, "Tiến độ: Chậm tiến độ", "Schedule: Behind schedule"),
        ({"severity": "review"}, "Cần rà soát", "With a ground or a call for review"),
        ({"capital_from": "80"}, "Vốn từ 80,0 tỷ đồng", "Capital from VND 80.0 billion"),
        ({"capital_to": "350 triệu"}, "Vốn đến 350,0 triệu đồng", "Capital up to VND 350.0 million"),
        (
            {"capital_from": "1,2 nghìn tỷ", "capital_to": "8.033,8"},
            "Vốn từ 1.200,0 tỷ đồng đến 8.033,8 tỷ đồng",
            "Capital from VND 1,200.0 billion to VND 8,033.8 billion",
        ),
        ({"no_capital": "1"}, "Chưa rõ vốn", "Capital not known"),
        ({"mark": "disputes"}, "Có ý kiến khác về việc chậm", "Delay disputed"),
        ({"mark": "none"}, "Chưa có ý kiến của cơ quan nào", "Not marked by any office"),
        ({"cause": "market"}, "Nguyên nhân chậm: Thị trường", "Cause of the delay: Market"),
        ({"side": "state"}, "Chậm do phía: Nhà nước", "Delay on the side of: State"),
        ({"rule": "LAND-12"}, "Quy tắc: Đất không sử dụng 12 tháng liên tục", "Rule: Land not used for 12 consecutive months"),
        ({"investor": "7"}, "Nhà đầu tư: Công ty Bảy", "Investor: Công ty Bảy"),
        ({"investor_name": "Tân Mai"}, "Nhà đầu tư: “Tân Mai”", "Investor: “Tân Mai”"),
        ({"source": "public"}, "Theo nguồn công khai", "From public sources"),
        ({"changed": "1/2/26"}, "Thay đổi từ ngày 01/02/2026", "Changed since 01/02/2026"),
        ({"changed": "01/2026"}, "Thay đổi từ ngày 01/01/2026", "Changed since 01/01/2026"),
        ({"changed": "quý III/2026"}, "Thay đổi từ ngày 01/07/2026", "Changed since 01/07/2026"),
        ({"changed": "2025"}, "Thay đổi từ ngày 01/01/2025", "Changed since 01/01/2025"),
]  # fmt: skip


def test_a_filter_says_what_it_understood(reading):
    for args, vi, en in SENTENCES:
        assert sentence(reading, "vi", **args) == vi
        assert sentence(reading, "en", **args) == en


def test_a_sum_that_reads_in_two_ways_is_read_as_the_language_writes_it(reading):
    assert sentence(reading, "vi", capital_from="5.345") == "Vốn từ 5.345,0 tỷ đồng"
    assert sentence(reading, "en", capital_from="5.345") == "Capital from VND 5.3 billion"


def test_zones_and_places_are_called_by_name(db, reading, desk):
    assert sentence(reading, "vi", zone=str(desk.mang_den)) == "Khu: Khu du lịch Măng Đen"
    place = sentence(reading, "vi", place=str(desk.dak_long[0]))
    assert place == "Địa bàn: Xã Đăk Long (cũ) và 1 đơn vị liên quan trước, sau sắp xếp"
    assert sentence(reading, "en", sector=str(desk.tourism)) == "Sector: Du lịch"


# Refusals -------------------------------------------------------------------------------------


REFUSALS = [
        ({"q": "?!"}, "q", "Nhập ít nhất một chữ cái hoặc chữ số để tìm"),
        ({"q": "a" * 201}, "q", "Tìm ít từ hơn, không quá 12 từ"),
        ({"q": "x " * 5000}, "q", "Tìm ít từ hơn, không quá 12 từ"),
        ({"q": "a b c d e f g h i j k l m"}, "q", "Tìm ít từ hơn, không quá 12 từ"),
        ({"listing": "x"}, "listing", "Chọn một mục có trong danh sách"),
        ({"stage": "late"}, "stage", "Chọn một mục có trong danh sách"),
        ({"state": "LATE"}, "state", "Chọn một mục có trong danh sách"),
        ({"severity": "9"}, "severity", "Chọn một mục có trong danh sách"),
        ({"zone": "0"}, "zone", "Chọn một mục có trong danh sách"),
        ({"zone": "1 OR 1=1"}, "zone", "Chọn một mục có trong danh sách"),
        ({"zone": "٣"}, "zone", "Chọn một mục có trong danh sách"),
        ({"zone": "9" * 40}, "zone", "Chọn một mục có trong danh sách"),
        ({"sector": "-1"}, "sector", "Chọn một mục có trong danh sách"),
        ({"place": "x"}, "place", "Chọn một mục có trong danh sách"),
        ({"rule": "INV"}, "rule", "Chọn một mục có trong danh sách"),
        ({"source": "x"}, "source", "Chọn một mục có trong danh sách"),
        ({"capital_from": "nhiều"}, "capital_from", "Nhập vốn bằng số, ví dụ 8.033,8"),
        ({"capital_to": "5 - 7"}, "capital_to", "Chỉ nhập một số tiền, không nhập khoảng hoặc hai số tiền, ví dụ 8.033,8"),
        ({"capital_from": "5 triệu USD"}, "capital_from", "Nhập mức vốn bằng đồng; sổ so sánh các dự án theo đồng"),
        ({"capital_from": "9", "capital_to": "8"}, "capital_to", "Mức vốn trên nhỏ hơn mức vốn dưới; sửa một trong hai"),
        ({"investor": "8"}, "investor", "Không có nhà đầu tư này trong các dự án của sổ"),
        ({"investor_name": "…"}, "investor_name", "Nhập vài từ trong tên nhà đầu tư"),
        ({"changed": "31/02/2026"}, "changed", "Không có ngày 31/02/2026; tháng 2 năm 2026 có 28 ngày"),
]  # fmt: skip


def test_what_cannot_be_read_is_said_where_it_was_typed(reading):
    for args, where, said in REFUSALS:
        assert refusals(reading, **args) == {where: said}, args


def test_one_bad_filter_leaves_the_others_in_force(reading):
    found, unclear = read_filters(
        {"capital_from": "x", "listing": "licensed", "stage": "?"}, reading
    )
    assert [type(one).__name__ for one in found] == ["ListingFilter"]
    assert set(unclear) == {"capital_from", "stage"}


def test_nothing_asked_is_nothing_filtered(reading):
    assert read_filters({}, reading) == ((), {})
    assert read_filters(dict.fromkeys(NAMES, ""), reading) == ((), {})


def test_a_filter_comes_back_from_its_own_address(reading, desk):
    args = {
        "q": "thép", "listing": "licensed", "stage": "operating", "zone": str(desk.mang_den),
        "place": str(desk.dak_long[2]), "sector": str(desk.tourism), "capital_from": "80",
        "state": "late", "severity": "any", "rule": "INV-T24", "mark": "adds", "cause": "b", "side": "investor", "investor": "7",
        "investor_name": "mai", "source": "own", "changed": "11/2026", "news": "2026-11-20",
        "late_first": "25-60", "late_latest": "61+", "silent": "30", "idle": "1", "followed": "finance",
    }  # fmt: skip
    found, unclear = read_filters(args, reading)
    assert not unclear
    assert len(found) == len(FILTERS)
    again = {name: value for one in found for name, value in one.args().items()}
    assert again == args
    assert read_filters(again, reading)[0] == found


def test_a_cause_is_one_of_the_policy_and_a_side_one_of_three(reading):
    said = "Chọn một mục có trong danh sách"
    for name in ("mark", "cause", "side"):
        assert refusals(reading, **{name: "weather"}) == {name: said}


def test_marks_and_causes_select_what_the_lines_name(db, reading, desk):
    named = {
        "KT-0001": ("confirms", "market"),
        "KT-0002": ("disputes", "licences"),
        "KT-0003": ("adds", "b"),
    }
    for code, (verdict, cause) in named.items():
        line = db.scalars(select(RegisterLine).where(RegisterLine.code == code)).first()
        if line is None:
            project = log(db, desk, code)
            line = db.scalars(
                select(RegisterLine).where(RegisterLine.project_id == project.id)
            ).one()
        line.marks = f"{verdict}:{cause}"
        db.add_all(
            LinePart(kind=kind, ref=ref, line_id=line.id)
            for kind, ref in (("mark", verdict), ("cause", cause))
        )
    log(db, desk, "Không ai nói gì")
    db.flush()
    for args, codes in (
        ({"mark": "any"}, list(named)),
        ({"mark": "confirms"}, ["KT-0001"]),
        ({"mark": "disputes"}, ["KT-0002"]),
        ({"mark": "adds"}, ["KT-0003"]),
        ({"mark": "none"}, ["KT-0004"]),
        ({"cause": "licences"}, ["KT-0002"]),
        ({"side": "state"}, ["KT-0002", "KT-0003"]),
        ({"side": "objective"}, ["KT-0001"]),
        ({"side": "investor"}, []),
        ({"side": "state", "mark": "adds"}, ["KT-0003"]),
    ):
        assert selected(db, reading, **args) == codes, args


# What they select -----------------------------------------------------------------------------


def test_limits_of_capital_are_both_included(db, shelf, reading):
    sums = {
        line.code: line.capital_vnd
        for line in db.scalars(select(RegisterLine).where(RegisterLine.until.is_(None)))
    }
    low, high = Decimal(2 * 10**9), Decimal(4 * 10**9)
    assert selected(db, reading, capital_from="2", capital_to="4") == sorted(
        code for code, amount in sums.items() if amount is not None and low <= amount <= high
    )
    assert low in sums.values()
    assert high in sums.values()
    unknown = sorted(code for code, amount in sums.items() if amount is None)
    assert selected(db, reading, no_capital="1") == unknown
    assert not set(selected(db, reading, capital_to="4")) & set(unknown)


def test_every_answer_of_a_closed_list_selects_its_lines(db, shelf, reading):
    lines = db.scalars(select(RegisterLine).where(RegisterLine.until.is_(None))).all()
    for name, column, values in (
        ("listing", "listing", [one.value for one in Listing]),
        ("stage", "stage", [one.value for one in Stage]),
        ("state", "schedule_state", list(STATES)),
    ):
        for value in values:
            expected = sorted(line.code for line in lines if getattr(line, column) == value)
            assert selected(db, reading, **{name: value}) == expected
    assert selected(db, reading, severity="any") == sorted(
        one.code for one in lines if one.severity > 2
    )
    assert selected(db, reading, severity="no") == sorted(
        one.code for one in lines if one.severity <= 2
    )
    assert selected(db, reading, severity="ground") == sorted(
        one.code for one in lines if one.severity == 9
    )
    assert selected(db, reading, source="public") == sorted(
        one.code for one in lines if one.public_source
    )
    late = set(selected(db, reading, severity="late")) | set(
        selected(db, reading, severity="ground")
    )
    assert selected(db, reading, rule="INV-LATE") == sorted(late)


def test_states_and_their_order_are_those_of_the_line():
    assert set(STATES) == set(SCHEDULE_STATES)


def test_a_zone_brings_the_zones_inside_it(db, desk):
    origin = Origin(None, AT)
    inner = Zone(
        key="inner", name="Phân khu", kind=ZoneKind.TOURISM_AREA, parent_id=desk.mang_den, version=0
    )
    db.add(inner)
    record(db, inner, "add_zone", origin)
    innermost = Zone(
        key="innermost", name="Lô A", kind=ZoneKind.OTHER, parent_id=inner.id, version=0
    )
    db.add(innermost)
    record(db, innermost, "add_zone", origin)
    projects = [log(db, desk, f"Dự án {i}", zone_id=zone) for i, zone in enumerate((desk.mang_den, inner.id, innermost.id, desk.kon_tum))]  # fmt: skip
    db.commit()
    known = choices(db, None)
    reading = Reading(known, frozenset(known.zones))
    codes = [project.code for project in projects]
    assert selected(db, reading, zone=str(desk.mang_den)) == codes[:3]
    assert selected(db, reading, zone=str(inner.id)) == codes[1:3]
    assert sentence(reading, "vi", zone=str(desk.mang_den)).endswith("Măng Đen và 2 khu bên trong")
    confined = officer(db, desk, Role.ZONE_OFFICER, inner.id)
    assert known.visible_zones(confined) == {inner.id, innermost.id}


def test_a_place_brings_its_predecessors_successors_and_parts(db, desk):
    known = choices(db, None)
    old_glei, old_plong, new = desk.dak_long
    assert known.places_like(new) == {new, old_glei}
    assert known.places_like(old_glei) == {new, old_glei}
    # The other Đăk Long went into Măng Đen; the same name alone brings nothing.
    assert known.places_like(desk.mang_den_commune) == {desk.mang_den_commune, old_plong}
    district = next(unit.id for unit in known.units.values() if unit.vi == "Huyện Kon Plông")
    assert known.places_like(district) == {district, old_plong, desk.mang_den_commune}


def test_places_are_found_under_old_and_new_names(db, shelf, reading):
    old_glei, old_plong, new = shelf.desk.dak_long
    # Projects lie in turn in the three communes named Đăk Long and in Măng Đen.
    by_unit = {unit: {f"KT-{i:04}" for i in range(1, 31) if i % 4 == turn} for turn, unit in enumerate((old_glei, old_plong, new, shelf.desk.mang_den_commune))}  # fmt: skip
    assert set(selected(db, reading, place=str(new))) == by_unit[new] | by_unit[old_glei]
    assert set(selected(db, reading, place=str(old_plong))) == by_unit[old_plong] | by_unit[shelf.desk.mang_den_commune]  # fmt: skip


def test_investors_are_found_by_words_and_tax_code(db, desk):
    project = log(db, desk)
    other = log(db, desk, "Dự án khác")
    firm = known_investor(db, "Công ty cổ phần Tân Mai Tây Nguyên", "5900189357")
    project.investors.append(ProjectInvestor(investor=firm, role=InvestorRole.FORMER))
    record(db, project, "add_investor", Origin(None, AT))
    db.commit()
    reading = Reading(choices(db, None), (), (firm.id, firm.name))
    for typed in ("tan mai", "TÂY NGUYÊN tân", "5900189357", "59001"):
        assert selected(db, reading, investor_name=typed) == [project.code], typed
    for typed in ("mai tan cong ty x", "ai", "900189357", "%"):
        found, _unclear = read_filters({"investor_name": typed}, reading)
        assert not found or selected(db, reading, investor_name=typed) == [], typed
    assert selected(db, reading, investor=str(firm.id)) == [project.code]
    assert other.code not in selected(db, reading, investor_name="cong ty")


def test_changes_are_counted_from_local_midnight(db, desk):
    first = log(db, desk, "Một", origin=Origin(None, midnight(date(2026, 3, 1))))
    log(db, desk, "Hai", origin=Origin(None, midnight(date(2026, 3, 1)) - (midnight(date(2026, 3, 2)) - midnight(date(2026, 3, 1))) / 86400))  # fmt: skip
    db.commit()
    reading = Reading(choices(db, None), ())
    assert selected(db, reading, changed="01/03/2026") == [first.code]
    assert midnight(date(2026, 3, 1)) == datetime.fromisoformat("2026-02-28T17:00:00+00:00")


# Choices and words ----------------------------------------------------------------------------


def test_choices_are_read_again_when_the_register_changes(db, desk):
    head, later = b"a" * 32, b"b" * 32
    before = choices(db, head)
    assert choices(db, head) is before
    zone = Zone(key="neu", name="Khu mới <b>", kind=ZoneKind.OTHER, version=0)
    db.add(zone)
    record(db, zone, "add_zone", Origin(None, AT))
    after = choices(db, later)
    assert zone.id in after.zones
    drawn = after.zone_options("vi", str(zone.id), frozenset(after.zones))
    assert f'<option value="{zone.id}" selected>Khu mới &lt;b&gt;</option>' in drawn
    assert str(zone.id) not in after.zone_options("vi", "", {desk.mang_den})


def test_every_rule_of_the_law_has_its_words(db, desk):
    policy = db.scalars(select(PolicyVersion)).one()
    rules = read_policy(policy.document, Holidays.of(())).rules
    assert set(rules) - {"ADJ-CAP24"} <= set(RULES), "a rule without words in the list"
    assert {rules[rule].en for rule in RULES if rule in rules} == {RULES[rule][0] for rule in RULES if rule in rules}  # fmt: skip


FINDINGS = [
        ({"rule": "INV-LATE", "severity": "late", "deadline": "2025-12-31"}, "Chậm 10 tháng", "10 months late", "amber"),
        ({"rule": "INV-LATE", "severity": "late", "deadline": "2026-11-01"}, "Quá hạn 21 ngày", "21 days overdue", "amber"),
        ({"rule": "INV-T24", "severity": "ground", "deadline": "2025-12-31"}, "Chậm quá 24 tháng", "Over 24 months late", "red"),
        ({"rule": "LAND-EXT", "severity": "running", "deadline": "2027-10-01"}, "Gia hạn đất đến 01/10/2027", "Land extended to 01/10/2027", "grey"),
        ({"rule": "LAND-12", "severity": "ground", "deadline": "2026-01-01", "held": True}, "Đất bỏ trống 12 tháng (tạm giữ)", "Land unused 12 months (held)", "grey"),
        ({"rule": "NEW-RULE", "severity": "review", "deadline": None}, "NEW-RULE", "NEW-RULE", "amber"),
]  # fmt: skip


def test_a_finding_in_few_words(db):
    for finding, vi, en, colour in FINDINGS:
        flags = json.dumps([{"held": False, "since": "2026-01-01", **finding}])
        for language, words in (("vi", vi), ("en", en)):
            with force_locale(language):
                (flag,) = flags_in_words(flags, date(2026, 11, 22))
            assert (flag.words, flag.colour) == (words, colour)


def test_the_worst_finding_comes_first_and_held_ones_last(db):
    flags = '[{"rule":"UNDATED","severity":"data_gap","held":false},{"rule":"LAND-12","severity":"ground","held":true},{"rule":"STALLED","severity":"review","held":false},{"rule":"T-LAND","severity":"ground","held":false}]'
    with force_locale("en"):
        words = [flag.words for flag in flags_in_words(flags, date(2026, 11, 22))]
    assert words == [
        "Land recovered",
        "No sign of life",
        "No schedule dates",
        "Land unused 12 months (held)",
    ]


def test_a_warning_is_not_read_beside_what_it_warned_of(db):
    def words(*rules: str) -> list[str]:
        flags = [{"rule": rule, "severity": "warning", "held": False} for rule in rules]
        with force_locale("en"):
            return [one.words for one in flags_in_words(json.dumps(flags), date(2026, 11, 22))]

    assert words("INV-T24-WARN") == ["Nearing 24 months late"]
    assert words("INV-T24-WARN", "INV-T24") == ["Over 24 months late"]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Vùng kinh tế động lực thành phố Kon Tum", "Vùng KTĐL TP Kon Tum"),
        ("Vùng kinh tế động lực huyện Kon Plông", "Vùng KTĐL Kon Plông"),
        ("Khu kinh tế cửa khẩu quốc tế Bờ Y", "KKT cửa khẩu QT Bờ Y"),
        ("Khu công nghiệp Hòa Bình (giai đoạn 1)", "KCN Hòa Bình (GĐ 1)"),
        ("Làng văn hóa Kon Pring", "Làng văn hóa Kon Pring"),
    ],
)
def test_zone_names_are_shortened_as_on_papers(name, short):
    assert short_name(name) == short


def test_a_sum_nobody_could_mean_is_refused_by_the_notation(reading):
    with pytest.raises(Unreadable, match="more than any project"):
        read_money("99999999999999 tỷ")
    assert "capital_from" in refusals(reading, capital_from="99999999999999 tỷ")
