"""The project page: one path for today and for a past day, warnings with their sums, few queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from portfolio.notation.days import Precision
from portfolio.office.people import Role
from portfolio.office.trail import Origin
from portfolio.register.acts import capital, notes, papers, people, projects, schedule
from portfolio.register.capital import CapitalKind
from portfolio.register.investor import InvestorRole
from portfolio.register.papers import ActKind
from portfolio.register.phases import MilestoneKind, Phase, ScheduleKind
from portfolio.register.place import Unit
from portfolio.register.project import HappeningKind, Listing, Project, Stage
from tests.browser import Browser
from tests.conftest import AT, ON
from tests.office.conftest import opened
from tests.register.conftest import logged
from tests.register.desk import BILLION, Desk, key_of

MOST_QUERIES = 12


def fill(app: Flask, laid: Desk, code: str) -> None:
    """A licensed project with one of everything, by the program."""
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == code)).one()
        origin = Origin(None, AT)
        act = papers.add_act(
            db,
            project,
            papers.Paper(
                kind=ActKind.POLICY_APPROVAL,
                number="107",
                sign="QĐ-UBND",
                issued_on=date(2017, 3, 20),
                office="UBND tỉnh Kon Tum",
                source="Báo Kon Tum; https://example.org/107",
            ),
            origin,
        )
        capital.add_capital(
            db,
            project,
            capital.Figure(
                kind=CapitalKind.REGISTERED,
                amount=100 * BILLION,
                on=date(2017, 3, 20),
                equity=30 * BILLION,
                loan=50 * BILLION,
                act_id=act.id,
            ),
            origin,
        )
        schedule.add_schedule_version(
            db,
            project,
            schedule.VersionFacts(
                kind=ScheduleKind.IPA, approved_on=date(2017, 3, 20), act_id=act.id
            ),
            [
                schedule.Promise(1, MilestoneKind.START, date(2017, 12, 31), Precision.QUARTER),
                schedule.Promise(1, MilestoneKind.COMPLETION, date(2019, 12, 31), Precision.YEAR),
            ],
            origin,
        )
        adjusted = papers.add_act(
            db,
            project,
            papers.Paper(kind=ActKind.ADJUSTMENT, number="9", issued_on=date(2019, 12, 1)),
            origin,
        )
        schedule.add_schedule_version(
            db,
            project,
            schedule.VersionFacts(
                kind=ScheduleKind.ADJUSTED, approved_on=date(2019, 12, 1), act_id=adjusted.id
            ),
            [schedule.Promise(1, MilestoneKind.COMPLETION, date(2021, 12, 31))],
            origin,
        )
        milestone = project.phases[0].milestones[0]
        schedule.track_milestone(
            db,
            project,
            milestone,
            met_on=date(2018, 2, 28),
            met_precision=Precision.MONTH,
            evidence="Biên bản khởi công",
            forecast_on=None,
            on=ON,
            origin=origin,
        )
        one, two = (db.get_one(Unit, key) for key in (laid.dak_long[1], laid.dak_long[0]))
        people.set_places(db, project, one, [two], origin)
        investor = people.find_or_add_investor(db, "Công ty Ngọc Ẩn", "6100123456", origin)
        people.add_investor(db, project, investor, people.Part(role=InvestorRole.LEAD), origin)
        notes.add_happening(
            db,
            project,
            notes.Event(kind=HappeningKind.INSPECTION, text="Kiểm tra", on=date(2022, 1, 1)),
            today=ON,
            origin=origin,
        )
        notes.add_source(
            db,
            project,
            about="area",
            title="Báo cáo",
            place="trang 2",
            url="javascript:alert(1)",
            origin=origin,
        )
        db.commit()


@pytest.fixture
def full(app: Flask, laid: Desk, licensed: str) -> str:
    fill(app, laid, licensed)
    return licensed


def test_the_page_says_what_is_known_and_where_it_came_from(
    full: str, zone_officer: Browser
) -> None:
    assert zone_officer.get(f"/projects/{full}").status_code == 200
    words = zone_officer.words
    for said in (
        "100,0 tỷ đồng",
        "vốn góp 30,0 tỷ đồng (30,0%); vốn vay 50,0 tỷ đồng (50,0%)",
        "chưa giải trình: 20,0 tỷ đồng",
        "Chấp thuận chủ trương đầu tư",
        "số 107/QĐ-UBND",
        "20/03/2017",
        "nay là: Xã Măng Đen",
        "Công ty Ngọc Ẩn",
        "Quý IV/2017",
        "02/2018",
        "31/12/2021",
        "Kiểm tra",
    ):
        assert said in words, said
    links = [link["href"] for link in zone_officer.soup.select("main a[href]")]
    assert "https://example.org/107" in links
    assert not [href for href in links if href.startswith("javascript")]


def test_three_lateness_numbers_stand_together(full: str, zone_officer: Browser) -> None:
    zone_officer.get(f"/projects/{full}")
    row = next(
        row
        for row in zone_officer.soup.select("table.milestones tbody tr")
        if "Hoàn thành" in row.get_text()
    )
    today = datetime.now(UTC).astimezone().date()
    first = (today - date(2019, 12, 31)).days
    cells = [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]
    assert cells[:4] == ["2019", "31/12/2021", "–", "–"]
    against = cells[4].partition("so với lần duyệt gần nhất")
    assert against[0].startswith("so với lần đầu: ")
    assert any(f"{days:,}".replace(",", ".") in against[0] for days in (first, first + 1))
    assert against[2].endswith("so với dự báo: –")


def test_a_warning_carries_its_sum_its_article_and_what_to_do(
    full: str, zone_officer: Browser
) -> None:
    zone_officer.get(f"/projects/{full}")
    found = zone_officer.soup.select(".warnings .callout")
    assert found
    first = " ".join(found[0].get_text(" ").split())
    assert "Cách tính" in first
    assert "143/2025/QH15" in first
    assert "chính sách phiên bản 1" in first
    assert found[0].select(".sum li")
    links = [link["href"] for one in found for link in one.select("p > a")]
    assert f"/projects/{full}/milestones" in links


def test_the_page_stays_within_its_queries(
    app: Flask, full: str, zone_officer: Browser, sign_in_as
) -> None:
    asked: list[str] = []
    engine = app.extensions["database"].engine
    for browser in (zone_officer, sign_in_as(Role.FINANCE_OFFICER), sign_in_as(Role.READER)):
        browser.get(f"/projects/{full}")
        for path in (f"/projects/{full}", f"/projects/{full}?as_of={date.today().isoformat()}"):
            asked.clear()

            def note(_c, _cursor, statement, *_rest) -> None:
                if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                    asked.append(statement)

            event.listen(engine, "before_cursor_execute", note)
            try:
                assert browser.get(path).status_code == 200
            finally:
                event.remove(engine, "before_cursor_execute", note)
            assert 3 < len(asked) <= MOST_QUERIES, "\n".join(asked)


def test_a_past_day_shows_what_was_known_then(
    app: Flask, laid: Desk, zone_officer: Browser
) -> None:
    then = datetime.now(UTC) - timedelta(days=20)
    with opened(app) as db:
        from tests.register.desk import log  # noqa: PLC0415  logged at another moment

        project = log(db, laid, "Tên cũ", origin=Origin(None, then))
        facts = projects.facts_of(project)
        facts.name = "Tên mới"
        projects.correct_project(db, project, facts, Origin(None, then + timedelta(days=10)))
        db.commit()
        code = project.code
    past = (then + timedelta(days=5)).date().isoformat()
    assert zone_officer.get(f"/projects/{code}?as_of={past}").status_code == 200
    assert "Tên cũ" in zone_officer.words
    assert "Tên mới" not in zone_officer.words
    assert zone_officer.soup.select(".as-of a")[0]["href"] == f"/projects/{code}"
    assert "/edit" not in zone_officer.page.text
    assert "Tên mới" in zone_officer.get(f"/projects/{code}").text
    before = (then - timedelta(days=5)).date().isoformat()
    assert zone_officer.get(f"/projects/{code}?as_of={before}").status_code == 404
    assert "chưa có trong sổ" in zone_officer.words


@pytest.mark.parametrize("day", ["31/02/2026", "2999-01-01", "hôm nay", "2026-13-01"])
def test_a_day_that_cannot_be_shown(licensed: str, zone_officer: Browser, day: str) -> None:
    assert zone_officer.get(f"/projects/{licensed}?as_of={day}").status_code == 400
    assert "Không thể hiển thị ngày đó" in zone_officer.words


def test_dates_that_contradict_each_other_are_said_with_their_place(
    app: Flask, full: str, zone_officer: Browser
) -> None:
    with opened(app) as db:
        project = db.scalars(select(Project)).one()
        phase: Phase = project.phases[0]
        for target in phase.milestones[1].targets:
            target.planned_on = date(1990, 1, 1)
        schedule.confirm_unchanged(db, project, on=ON, origin=Origin(None, AT))
        db.commit()
    assert zone_officer.get(f"/projects/{full}").status_code == 200
    assert "mâu thuẫn" in zone_officer.words
    assert "phases[0]" in zone_officer.words


def test_public_sources_are_called_what_they_are(
    app: Flask, full: str, zone_officer: Browser
) -> None:
    words = "Theo nguồn công khai, chưa đầy đủ, không phải kết luận của sổ này"
    zone_officer.get(f"/projects/{full}")
    assert words not in zone_officer.words
    with opened(app) as db:
        project = db.scalars(select(Project)).one()
        project.public_source = True
        people.set_aliases(db, project, [], Origin(None, AT))
        db.commit()
    zone_officer.get(f"/projects/{full}")
    assert words in zone_officer.words


def test_a_solicited_project_has_no_schedule_state(solicited: str, sign_in_as) -> None:
    centre = sign_in_as(Role.CENTRE_OFFICER)
    assert centre.get(f"/projects/{solicited}").status_code == 200
    tags = [tag.get_text() for tag in centre.soup.select(".page-head .tag")]
    assert tags == ["Đang kêu gọi đầu tư"]


XSS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "javascript:alert(1)",
    "</title><svg onload=alert(1)>",
    "{{7*7}}${7*7}",
    "<a href='javascript:alert(1)'>x</a>",
    "%(name)s %s {0}",
)


@pytest.mark.parametrize("evil", XSS)
def test_text_of_people_is_only_ever_text(
    app: Flask, laid: Desk, zone_officer: Browser, evil: str
) -> None:
    code = logged(app, laid, name=evil)
    base = f"/projects/{code}"
    facts = (
        "name name_as_printed objective scale address address_as_printed plots area_as_printed"
        " special_mechanism note certificate_no reason"
    )
    given = {
        f"{base}/facts/edit": dict.fromkeys(facts.split(), evil),
        f"{base}/papers/add": {"kind": "other", "issued_on": "1/1/2020"}
        | dict.fromkeys(["number", "sign", "office", "clause", "note", "source"], evil),
        f"{base}/capital/add": {"kind": "registered", "as_printed": evil, "source": evil},
        f"{base}/investors/add": {"role": "lead", "investor": evil, "tax_code": evil},
        f"{base}/aliases/edit": {"names": evil},
        f"{base}/phases/add": {"name": evil, "objective": evil},
        f"{base}/parcels/add": {"name": evil, "source": evil},
        f"{base}/pauses/add": {"cause": "a", "since": "1/1/2020", "paper": evil, "note": evil},
        f"{base}/happenings/add": {"kind": "news", "on": "1/1/2020", "text": evil, "source": evil},
        f"{base}/sources/add": {"about": "capital", "title": evil, "place": evil, "url": evil},
        f"{base}/translations/edit": {"name": evil, "objective": evil, "scale": evil},
        f"{base}/deposit/edit": {"exemption": evil[:40], "source": evil},
    }
    for path, typed in given.items():
        zone_officer.get(path)
        assert zone_officer.submit(**typed).status_code == 303, (path, zone_officer.words)
    zone_officer.follow()
    paper = key_of(zone_officer, "papers")
    for path in (base, f"{base}/history", f"{base}/facts/edit", f"{base}/papers/{paper}/remove"):
        answer = zone_officer.get(path)
        assert answer.status_code == 200
        assert evil in zone_officer.soup.get_text() or path.endswith("remove")
        for tag in zone_officer.soup.find_all():
            assert not [name for name in tag.attrs if name.lower().startswith("on")], tag
            for name in ("href", "src", "action"):
                assert not str(tag.get(name, "")).lower().startswith(("javascript", "data"))
        scripts = zone_officer.soup.find_all("script")
        assert all(script.get("src") and not script.get_text() for script in scripts)
        assert not zone_officer.soup.select("main svg, main img")
    assert "49" not in zone_officer.soup.title.get_text() or "49" in code


def test_closed_projects_need_their_act_on_a_page_of_its_own(
    app: Flask, full: str, zone_officer: Browser
) -> None:
    path = f"/projects/{full}/papers/add"
    zone_officer.get(path)
    typed = {"kind": "revocation", "sign": "QĐ-UBND", "issued_on": "1/5/2024"}
    assert zone_officer.submit(**typed | {"sign": None}).status_code == 422
    assert "phải có số" in zone_officer.words
    zone_officer.get(path)
    typed["number"] = "77"
    assert zone_officer.submit(**typed).status_code == 200
    assert "Điều sẽ xảy ra" in zone_officer.words
    with opened(app) as db:
        assert db.scalars(select(Project)).one().stage is Stage.IMPLEMENTING
    assert zone_officer.submit(step="edit").status_code == 200
    assert zone_officer.fields()["number"] == "77"
    zone_officer.submit()
    assert zone_officer.submit(confirmed="y").status_code == 303
    with opened(app) as db:
        project = db.scalars(select(Project)).one()
        assert (project.listing, project.stage) == (Listing.CLOSED, Stage.REVOKED)
    zone_officer.follow()
    assert "căn cứ của giai đoạn" in zone_officer.words


def test_one_click_confirms_that_nothing_changed(
    app: Flask, full: str, zone_officer: Browser
) -> None:
    zone_officer.get(f"/projects/{full}")
    action = f"/projects/{full}/milestones/confirm"
    assert zone_officer.submit(action).status_code == 303
    zone_officer.follow()
    assert "Đã xác nhận" in zone_officer.words
    with opened(app) as db:
        milestones = db.scalars(select(Project)).one().phases[0].milestones
        assert [one.last_reviewed_on is not None for one in milestones] == [True, True]


def test_a_pause_is_judged_by_somebody_else(
    app: Flask, laid: Desk, full: str, zone_officer: Browser, sign_in_as
) -> None:
    zone_officer.get(f"/projects/{full}/pauses/add")
    typed = {"cause": "b", "since": "1/1/2021", "until": "31/12/2020", "paper": "5/UBND"}
    assert zone_officer.submit(**typed).status_code == 422
    assert "trước ngày bắt đầu" in zone_officer.words
    assert zone_officer.submit(until="31/12/2021").status_code == 303
    zone_officer.follow()
    judge = f"/projects/{full}/pauses/{key_of(zone_officer, 'pauses')}/judge"
    zone_officer.get(judge)
    assert zone_officer.submit(verdict="accept").status_code == 422
    other = sign_in_as(Role.ZONE_OFFICER, laid.mang_den, email="other@example.org")
    other.get(judge)
    assert "Nhà nước chậm giao đất" in other.words
    assert other.submit(verdict="accept").status_code == 303
    other.follow()
    assert "cộng thời gian không tính: 31/12/2022" in other.words
