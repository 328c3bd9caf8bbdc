"""Finding: words, orders, pages by key, counts and figures, as known now and on a past day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portfolio.notation.fold import vi_sort_key
from portfolio.office.people import Role
from portfolio.office.trail import Origin, record
from portfolio.register import counting, find
from portfolio.register.capital import CapitalKind, CapitalVersion
from portfolio.register.choices import choices
from portfolio.register.counting import count, count_all, count_without
from portfolio.register.figures import NAMES, Figures, RegisterFigure, recount, untally
from portfolio.register.filters import Reading, read_filters
from portfolio.register.find import page
from portfolio.register.line import SEVERITIES, SORTED_BY, Flagging, RegisterLine
from portfolio.register.line_keeping import rebuild, reflag_all
from portfolio.register.order import Mark, Order, read_mark, read_order, write_mark
from portfolio.register.project import Project
from portfolio.register.search import Search
from portfolio.schedule.flags import Severity
from tests.conftest import AT
from tests.register.desk import BILLION, Desk, log, officer
from tests.register.shelf import Shelf, put_up

LATER = AT + timedelta(days=3)
ORDERS = [Order(by, falling) for by in SORTED_BY for falling in (False, True)]


@pytest.fixture
def shelf(db: Session, desk: Desk) -> Shelf:
    return put_up(db, desk)


def walk(db: Session, search: Search, size: int) -> list[find.Page]:
    """All pages of a list, from the first to the last."""
    found = count(db, search)
    pages = [page(db, search, found, size)]
    while pages[-1].after is not None:
        pages.append(page(db, search, found, size, pages[-1].after))
    return pages


def codes_of(pages: list[find.Page]) -> list[str]:
    return [line.code for one in pages for line in one.lines]


# Pages and orders -----------------------------------------------------------------------------


def test_pages_follow_each_other_without_loss_in_every_order(db, shelf):
    for order in ORDERS:
        pages = walk(db, shelf.search(db, sort=order.name), 7)
        assert [one.position for one in pages] == list(range(0, 60, 7)), order
        keys = [(line.sort_value, line.id) for one in pages for line in one.lines]
        assert len(set(keys)) == 60, order
        assert keys == sorted(keys, reverse=order.falling), order


def test_going_back_shows_the_same_pages_in_every_order(db, shelf):
    for order in ORDERS:
        search = shelf.search(db, sort=order.name)
        pages, found = walk(db, search, 7), count(db, search)
        there = pages[-1]
        for expected in reversed(pages[:-1]):
            mark = read_mark(order, write_mark(order, there.before), backwards=True)
            there = page(db, search, found, 7, mark)
            assert codes_of([there]) == codes_of([expected]), order
            assert there.position == expected.position, order
        assert there.before is None, order


def test_a_search_without_an_order_shows_the_last_changed_first(db, shelf):
    pages = walk(db, shelf.search(db, q="so"), 7)
    ids = [line.id for one in pages for line in one.lines]
    assert len(ids) == 60
    assert ids == sorted(ids, reverse=True)
    back = page(
        db, shelf.search(db, q="so"), count(db, shelf.search(db, q="so")), 7, pages[2].before
    )
    assert codes_of([back]) == codes_of([pages[1]])


def test_names_are_in_vietnamese_order(db, shelf):
    names = [line.name for one in walk(db, shelf.search(db, sort="name"), 50) for line in one.lines]
    assert names == sorted(names, key=vi_sort_key)
    first_letters = list(dict.fromkeys(name.partition(" ")[0] for name in names))
    assert first_letters.index("An") < first_letters.index("Ăn") < first_letters.index("Ấm")
    assert first_letters.index("Dak") < first_letters.index("Đăk")


def test_what_is_unknown_comes_before_the_smallest_and_after_the_last_day(db, shelf):
    lines = [line for one in walk(db, shelf.search(db, sort="capital"), 50) for line in one.lines]
    assert all(line.capital_vnd is None for line in lines[:8])
    assert all(line.capital_vnd for line in lines[8:])


LONG = [
    {"zone": "mang_den", "sort": "name"},
    {"listing": "licensed", "sort": "-stage"},
    {"listing": "licensed", "sort": "-capital"},
    {"state": "late", "sort": "state"},
    {"state": "unclear", "sort": "due"},
    {"severity": "any", "sort": "-warnings"},
    {"capital_from": "3", "capital_to": "9", "sort": "capital"},
    {"q": "so", "sort": "-capital"},
    {"q": "so", "zone": "mang_den", "sort": "changed"},
    {"q": "an"},
    {"source": "public", "sort": "area"},
]


def test_long_lists_are_read_another_way_with_the_same_result(db, shelf, monkeypatch):
    for asked in LONG:
        given = asked | ({"zone": str(shelf.desk.mang_den)} if "zone" in asked else {})
        monkeypatch.setattr(counting, "MOST_LOOKED_UP", 2000)
        short = codes_of(walk(db, shelf.search(db, **given), 4))
        assert len(short) > 4, asked
        monkeypatch.setattr(counting, "MOST_LOOKED_UP", 2)
        assert codes_of(walk(db, shelf.search(db, **given), 4)) == short, asked


def test_lines_that_vanish_leave_no_empty_page(db, shelf):
    search = shelf.search(db)
    pages = walk(db, search, 20)
    gone = Mark("KT-9999", 10**6, 60)
    assert codes_of([page(db, search, count(db, search), 20, gone)]) == codes_of(pages[:1])
    before_all = Mark("KT-0003", 0, 2, backwards=True)
    assert codes_of([page(db, search, count(db, search), 20, before_all)]) == codes_of(pages[:1])


# Marks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "value"),
    [
        (Order("name"), "An số 1"),
        (Order("capital", falling=True), Decimal("1500000000.50")),
        (Order("due"), date(2026, 1, 31)),
        (Order("warnings"), 9),
        (read_order("", searching=True), 12),
    ],
    ids=lambda given: getattr(given, "name", ""),
)
def test_a_mark_travels_unchanged(order, value):
    mark = Mark(value, 17, 50)
    assert read_mark(order, write_mark(order, mark), backwards=False) == mark


@pytest.mark.parametrize(
    "typed",
    [
        "", "x", "====", "é", "W10", "bnVsbA", "A" * 5000,
        "WyJjYXBpdGFsIiwiMSIsMTcsNTBd",  # another order
        "WyJjb2RlIiwxLDE3LDUwXQ",  # a number where a text belongs
        "WyJjb2RlIiwiQSIsLTEsNTBd",  # a key below zero
        "WyJjb2RlIiwiQSIsMTcsLTFd",  # a position below zero
        "WyJjb2RlIiwiQSIsdHJ1ZSw1MF0",  # true is no number
        "WyJjb2RlIiwiQVx1MDAwMCIsMTcsNTBd",  # a text no database takes
        "WyJjb2RlIiwiQSIsMTcsOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ",  # more than 64 bits
        "W1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tb" * 100,
    ],
)  # fmt: skip
def test_a_mark_that_is_not_ours_leads_to_the_first_page(typed):
    assert read_mark(Order("code"), typed, backwards=False) is None


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999999", "0.001", "1" * 30, "", "x"])
def test_a_mark_in_a_list_of_sums_holds_a_sum(value):
    typed = write_mark(Order("capital"), Mark(value, 1, 1))
    assert read_mark(Order("capital"), typed, backwards=False) is None


def test_orders_come_from_a_list():
    assert read_order("-capital", searching=False) == Order("capital", falling=True)
    for unknown in ("", "id", "folded", "--capital", "capital; drop table", "capital_sort"):
        assert read_order(unknown, searching=False) == Order("code")


# Words ----------------------------------------------------------------------------------------


WORDS = [
        ("Ngọk Linh", True), ("NGOC LINH", True), ("ngoc  linh", True), ("linh ngoc", True),
        ("Đắk Long", True), ("dak long", True), ("DakLong", True), ("sam ng", True), ("KT-0001", True),
        ("kt 0001", True), ("mang den", True), ("ngọc linh sâm vàng", False), ("goc linh", False),
        ("inh", False), ("long khong co", False), ("qu\u0103", False), ("sa\u0302m", True),
]  # fmt: skip


def test_words_are_found_by_their_beginning_in_any_spelling(db, desk):
    project = log(db, desk, "Trồng sâm Ngọc Linh dưới tán rừng Đăk Long")
    reader = officer(db, desk, Role.FINANCE_OFFICER)
    db.commit()
    for typed, found in WORDS:
        codes = Shelf(desk, reader, 1).codes(db, q=typed)
        assert codes == ([project.code] if found else []), typed


HOSTILE = [
    '"', "'", '""""', "a OR b", "NEAR(a b)", "a AND NOT b", "folded:a", "a*", "^a", "(a", "a)", "-a",
    "{a}", "a+b", "register_text", "%", "_", "\\", "a%' OR 1=1 --", "'; DROP TABLE project; --",
    "\N{ZERO WIDTH SPACE}a", "ﬁn", "ａｂｃ", "\U0001f600", "ไทย กำ", "漢字", "🇻🇳 a",
]  # fmt: skip


def test_no_text_is_an_operator(db, shelf):
    understood = 0
    for typed in HOSTILE:
        found, unclear = read_filters({"q": typed}, Reading(choices(db, None), ()))
        if unclear:
            continue
        now = Search(shelf.reader, found, Order("code"))
        counted = count(db, now)
        codes = codes_of([page(db, now, counted, 100)])
        assert counted.projects == count_all(db, now) == len(codes) < 60, typed
        # What a search reads itself and what the index finds is the same.
        then = replace(now, as_of=AT.date())
        assert codes_of([page(db, then, count(db, then), 100)]) == codes, typed
        understood += 1
    assert understood > len(HOSTILE) // 2


def test_a_renamed_project_is_found_by_its_new_name_only(db, desk):
    project = log(db, desk, "Nhà máy cũ")
    reader = officer(db, desk, Role.FINANCE_OFFICER)
    db.commit()
    project.name = "Xưởng mới"
    record(db, project, "correct_facts", Origin(None, LATER))
    db.commit()
    shelf = Shelf(desk, reader, 1)
    assert shelf.codes(db, q="nha may") == []
    assert shelf.codes(db, q="xuong") == [project.code]
    assert shelf.codes(db, q="nha may", as_of=AT.date()) == [project.code]
    assert shelf.codes(db, q="xuong", as_of=AT.date()) == []


# As known on a past day -----------------------------------------------------------------------


def test_a_past_list_is_what_was_known_at_the_end_of_that_day(db, desk):
    early = log(
        db, desk, "Dự án một", origin=Origin(None, datetime(2026, 1, 30, 16, 59, tzinfo=UTC))
    )
    # 17:00 UTC is midnight in Vietnam: this one belongs to the 31st.
    late = log(db, desk, "Dự án hai", origin=Origin(None, datetime(2026, 1, 30, 17, 0, tzinfo=UTC)))
    early.name = "Dự án một đổi tên"
    record(db, early, "correct_facts", Origin(None, datetime(2026, 2, 1, 3, 0, tzinfo=UTC)))
    reader = officer(db, desk, Role.FINANCE_OFFICER)
    db.commit()
    shelf = Shelf(desk, reader, 2)

    def names(day: date) -> list[str]:
        search = shelf.search(db, as_of=day)
        found = count(db, search)
        lines = page(db, search, found, 50).lines
        assert found.projects == len(lines) == count_all(db, search)
        return [line.name for line in lines]

    assert names(date(2026, 1, 29)) == []
    assert names(date(2026, 1, 30)) == ["Dự án một"]
    assert names(date(2026, 1, 31)) == ["Dự án một", late.name]
    assert names(date(2026, 2, 1)) == ["Dự án một đổi tên", late.name]
    assert counting.first_day(db, reader) == datetime(2026, 1, 30, 16, 59, tzinfo=UTC)


def test_a_past_list_keeps_the_findings_of_that_day(db, shelf):
    search = shelf.search(db, state="late", as_of=AT.date())
    late_then = count(db, search).projects
    lines = db.scalars(select(RegisterLine).where(RegisterLine.until.is_(None)))
    flagging = Flagging("on_time", 0, "[]", ())
    assert reflag_all(
        db, {line.project_id: flagging for line in lines if line.schedule_state == "late"}, LATER
    )
    db.commit()
    assert count(db, shelf.search(db, state="late")).projects == 0
    assert count(db, search).projects == late_then > 0


# Counting -------------------------------------------------------------------------------------


def added_up(db: Session, codes: list[str]) -> Figures:
    """The figures of some projects, worked out from their lines one by one."""
    lines = db.scalars(
        select(RegisterLine).where(RegisterLine.until.is_(None), RegisterLine.code.in_(codes))
    ).all()
    return Figures(
        projects=len(lines),
        capital_vnd=sum((line.capital_vnd or Decimal(0) for line in lines), Decimal(0)),
        without_capital=sum(line.capital_vnd is None for line in lines),
        late=sum(line.schedule_state == "late" for line in lines),
        ground=sum(line.severity >= Severity.REVIEW.weight for line in lines),
        unclear=sum(line.schedule_state in {"silent", "undated"} for line in lines),
        **{
            state: sum(line.schedule_state == state for line in lines)
            for state in ("on_time", "silent", "done")
        },
    )


ASKED = [
    {}, {"listing": "licensed"}, {"stage": "preparing"}, {"state": "late"}, {"state": "unclear"},
    {"severity": "review"}, {"severity": "no"}, {"sector": "tourism"}, {"zone": "mang_den"},
    {"zone": "mang_den", "listing": "licensed"}, {"zone": "kon_tum", "state": "late", "listing": "licensed"},
    {"capital_from": "2"}, {"no_capital": "1"}, {"q": "so"}, {"q": "dak ha", "state": "late"},
    {"rule": "INV-T24"}, {"source": "own", "zone": "kon_tum"}, {"place": "dak_long"}, {"changed": "11/2026"},
]  # fmt: skip


def test_counts_and_figures_are_those_of_the_lines(db, shelf):
    desk = shelf.desk
    known = {
        "mang_den": desk.mang_den,
        "kon_tum": desk.kon_tum,
        "tourism": desk.tourism,
        "dak_long": desk.dak_long[0],
    }
    for asked in ASKED:
        given = {name: str(known.get(value, value)) for name, value in asked.items()}
        search = shelf.search(db, **given)
        codes = codes_of(walk(db, search, 50))
        found = count(db, search)
        assert found.figures == added_up(db, codes), asked
        assert (found.projects, found.more) == (len(codes), False), asked
        assert count_all(db, search) == len(codes) > 0, asked
        assert count(db, shelf.search(db, as_of=AT.date(), **given)) == found, asked


def test_more_than_can_be_counted_is_said(db, shelf, monkeypatch):
    monkeypatch.setattr(counting, "MOST_COUNTED", 10)
    monkeypatch.setattr(counting, "MOST_LOOKED_UP", 5)
    for asked in ({"q": "so"}, {"source": "own"}, {"q": "so", "source": "own"}):
        found = count(db, shelf.search(db, **asked))
        assert (found.projects, found.more, found.figures) == (10, True, None)
    narrow = count(db, shelf.search(db, listing="licensed", capital_from="1"))
    assert (narrow.projects, narrow.more, narrow.figures) == (10, True, None)
    exact = count(db, shelf.search(db, listing="licensed"))
    assert (exact.more, exact.figures is None) == (False, False)
    assert exact.projects > 10


def test_dropping_a_filter_is_counted_without_it(db, shelf):
    search = shelf.search(db, q="khong co gi", listing="licensed")
    assert count(db, search).projects == 0
    licensed = count(db, shelf.search(db, listing="licensed")).projects
    assert count_without(db, search, search.filters) == [licensed, 0]


def test_the_row_rule_decides_counts_and_figures_too(db, shelf):
    confined = officer(db, shelf.desk, Role.ZONE_OFFICER, shelf.desk.mang_den)
    without = officer(db, shelf.desk, Role.ZONE_OFFICER, email="nozone@example.org")
    db.commit()
    for asked in (
        {},
        {"listing": "licensed"},
        {"q": "so"},
        {"severity": "any", "listing": "licensed"},
    ):
        search = shelf.search(db, user=confined, **asked)
        codes = codes_of(walk(db, search, 7))
        assert codes
        assert {int(code[3:]) % 3 for code in codes} == {0}
        assert count(db, search).figures == added_up(db, codes)
        assert count(db, shelf.search(db, user=without, **asked)).projects == 0
    # A zone that one may not see is not on offer either.
    with pytest.raises(AssertionError, match="zone"):
        shelf.search(db, user=confined, zone=str(shelf.desk.kon_tum))


# Figures kept as lines change -----------------------------------------------------------------


def kept(db: Session) -> dict[tuple[str, str, int], tuple]:
    rows = db.scalars(select(RegisterFigure).execution_options(populate_existing=True))
    return {
        (row.kind, row.ref, row.zone_id): tuple(getattr(row, name) for name in NAMES)
        for row in rows
        if row.projects
    }


def test_figures_kept_are_those_counted_anew(db, shelf):
    project = db.scalars(select(Project).where(Project.code == "KT-0007")).one()
    project.zone_id = shelf.desk.kon_tum
    project.capital.append(
        CapitalVersion(
            kind=CapitalKind.ADJUSTED, amount=9 * BILLION, currency="VND", vnd_amount=9 * BILLION
        )
    )
    record(db, project, "add_capital", Origin(None, LATER))
    db.commit()
    before = kept(db)
    recount(db)
    db.commit()
    assert kept(db) == before
    db.execute(delete(RegisterFigure))
    assert rebuild(db, LATER + timedelta(days=1)) == 60
    db.commit()
    assert kept(db) == before


def test_a_savepoint_takes_its_figures_back(db, shelf):
    before = kept(db)
    with db.begin_nested() as inner:
        project = db.scalars(select(Project).where(Project.code == "KT-0005")).one()
        project.zone_id = shelf.desk.mang_den
        record(db, project, "correct_facts", Origin(None, LATER))
        inner.rollback()
    db.commit()
    assert kept(db) == before


def test_a_rollback_takes_its_figures_back(db, shelf):
    before = kept(db)
    log(db, shelf.desk, "Dự án không lưu")
    db.rollback()
    db.commit()
    assert kept(db) == before


def test_a_tally_counts_up_to_its_limit():
    four, three = 32_767 * (1 << 45 | 1 << 30 | 1 << 15 | 1), 32_767 * (1 << 30 | 1 << 15 | 1)
    assert untally(32_767, Decimal(-32_767), four, three) == Figures(
        32_767, Decimal(0), *[32_767] * 7
    )


def test_severities_weigh_what_the_law_of_delay_says():
    assert tuple(severity.value for severity in Severity) == SEVERITIES
    assert [severity.weight for severity in Severity] == list(range(1, len(SEVERITIES) + 1))
