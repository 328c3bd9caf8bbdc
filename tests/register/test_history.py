"""The history of a project in words, and the promise that the trail holds the whole state."""

from datetime import date, timedelta
from decimal import Decimal

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.notation.days import Precision
from portfolio.office.people import Role
from portfolio.office.trail import Origin, TrailEntry, unpack
from portfolio.register.acts import capital, land, notes, papers, pauses, people, projects, schedule
from portfolio.register.capital import CapitalKind
from portfolio.register.history import read_history
from portfolio.register.investor import InvestorRole
from portfolio.register.papers import ActKind
from portfolio.register.phases import MilestoneKind, ScheduleKind, Side
from portfolio.register.place import Unit
from portfolio.register.project import HappeningKind, Listing, Project, Stage
from portfolio.register.state import state_of_project
from portfolio.web.errors import Refusal
from tests.browser import Browser
from tests.conftest import AT, ON
from tests.office.conftest import opened
from tests.register.desk import Desk, lay_out, log


def lines(browser: Browser) -> list[str]:
    """The entries of the page, newest first."""
    return [" ".join(li.get_text(" ").split()) for li in browser.soup.select("ol.history > li")]


def test_who_did_what_when_and_why(licensed: str, zone_officer: Browser) -> None:
    zone_officer.get(f"/projects/{licensed}/capital/add")
    zone_officer.submit(kind="registered", amount="1.332,5", on="quý I/2020")
    zone_officer.get(f"/projects/{licensed}")
    edit = zone_officer.soup.select_one('a[href*="/capital/"][href$="/edit"]')
    zone_officer.get(edit["href"])
    zone_officer.submit(amount="1.400,5", reason="Theo bản gốc")
    zone_officer.get(f"/projects/{licensed}/facts/edit")
    zone_officer.submit(form="bidding", area_asked_ha="140.618,5 m²")
    zone_officer.get(f"/projects/{licensed}/history")
    facts, corrected, added, logged = lines(zone_officer)
    assert "Sửa thông tin chính" in facts
    assert "Hình thức đầu tư: sau: Đấu thầu lựa chọn nhà đầu tư" in facts
    assert "14,06185 ha" in facts
    assert "Sửa số liệu vốn" in corrected
    assert "Người zone_officer" in corrected
    assert "Lý do: Theo bản gốc" in corrected
    assert "trước: 1.332.500.000.000 đồng" in corrected
    assert "sau: 1.400.500.000.000 đồng" in corrected
    assert "Ngày: Quý I/2020" in added
    assert "Hệ thống" in logged or "hệ thống" in logged
    words = " ".join(lines(zone_officer))
    for raw in ("zone_id", "act_id", "vnd_amount", "registered", "bidding", "2020-03-31"):
        assert raw not in words


def test_the_history_of_one_field(licensed: str, zone_officer: Browser) -> None:
    zone_officer.get(f"/projects/{licensed}/capital/add")
    zone_officer.submit(kind="registered", amount="10")
    zone_officer.get(f"/projects/{licensed}/facts/edit")
    zone_officer.submit(name="Tên mới", note="Ghi chú")
    zone_officer.get(f"/projects/{licensed}/history?field=name")
    found = lines(zone_officer)
    assert len(found) == 2
    assert "Khu nghỉ dưỡng Hồ Đam Bri → sau: Tên mới" in found[0]
    assert "Ghi chú" not in " ".join(found)
    zone_officer.get(f"/projects/{licensed}/history?field=capital")
    assert len(lines(zone_officer)) == 1
    zone_officer.get(f"/projects/{licensed}/history?field=parcels")
    assert lines(zone_officer) == []
    zone_officer.get(f"/projects/{licensed}/history?field=zone_id")
    assert len(lines(zone_officer)) == 3


def test_codes_are_told_by_their_names(laid: Desk, licensed: str, zone_officer: Browser) -> None:
    zone_officer.get(f"/projects/{licensed}/pauses/add")
    zone_officer.submit(cause="b", since="1/1/2020", paper="5/UBND")
    zone_officer.get(f"/projects/{licensed}/history")
    assert "Nguyên nhân: Nhà nước chậm giao đất" in lines(zone_officer)[0]


def test_each_entry_leads_to_that_day(licensed: str, zone_officer: Browser) -> None:
    zone_officer.get(f"/projects/{licensed}/history")
    link = zone_officer.soup.select_one("ol.history li a")["href"]
    assert link == f"/projects/{licensed}?as_of=2026-11-22"


def test_long_histories_come_in_pages(app: Flask, licensed: str, zone_officer: Browser) -> None:
    with opened(app) as db:
        project = db.scalars(select(Project)).one()
        for number in range(119):
            moment = AT + timedelta(minutes=number)
            people.set_aliases(db, project, [f"Tên {number}"], Origin(None, moment))
        db.commit()
    seen: list[str] = []
    path = f"/projects/{licensed}/history"
    sizes = []
    while path:
        zone_officer.get(path)
        seen += lines(zone_officer)
        sizes.append(len(lines(zone_officer)))
        older = zone_officer.soup.select_one("a[rel=next]")
        path = older["href"] if older else ""
    assert sizes == [50, 50, 20]
    assert len(set(seen)) == 120


# Whatever is done, the last entry is the whole project ------------------------------------------

DAYS = st.dates(date(2000, 1, 1), date(2026, 11, 22))
SUMS = st.decimals(0, 10**6, places=2).map(lambda amount: amount * 1_000_000)
TEXTS = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxy \n<>&'\"%{}", max_size=40)


def _act(db: Session, desk: Desk, project: Project, draw: st.DataObject, at: Origin) -> None:
    """One act drawn from all kinds; what the rule book refuses is taken back."""
    day, amount, text = draw.draw(DAYS), draw.draw(SUMS), draw.draw(TEXTS)

    def correct() -> None:
        facts = projects.facts_of(project)
        facts.note, facts.area_asked_ha = text or None, Decimal(amount) / 10**6 + 1
        projects.correct_project(db, project, facts, at)

    def first_of(rows: list) -> object:
        if not rows:
            raise Refusal
        return draw.draw(st.sampled_from(rows))

    paper = papers.Paper(
        kind=draw.draw(st.sampled_from([ActKind.ADJUSTMENT, ActKind.TERMINATION, ActKind.FINE])),
        number=str(draw.draw(st.integers(1, 9))),
        issued_on=day,
    )
    figure = capital.Figure(kind=CapitalKind.ADJUSTED, amount=amount, on=day, equity=amount / 2)
    facts = schedule.VersionFacts(kind=ScheduleKind.IRC, approved_on=day)
    promise = schedule.Promise(1, MilestoneKind.COMPLETION, day + timedelta(days=400))
    span = land.Interval(land.IntervalKind.INTERRUPTION, day)
    units = [db.get_one(Unit, key) for key in desk.dak_long]
    acts = [
        correct,
        lambda: projects.move_project(
            db, project, listing=Listing.LICENSED, stage=Stage.OPERATING, on=day, origin=at
        ),
        lambda: papers.add_act(db, project, paper, at),
        lambda: papers.remove_act(db, project, first_of(project.acts), at),
        lambda: capital.add_capital(db, project, figure, at),
        lambda: capital.correct_capital(db, project, first_of(project.capital), figure, at),
        lambda: capital.remove_capital(db, project, first_of(project.capital), at),
        lambda: people.set_places(db, project, units[0], draw.draw(st.permutations(units)), at),
        lambda: people.set_aliases(db, project, text.split(), at),
        lambda: people.add_investor(
            db,
            project,
            people.find_or_add_investor(db, text.strip() or "Công ty", None, at),
            people.Part(role=InvestorRole.MEMBER, since=day),
            at,
        ),
        lambda: people.remove_investor(db, project, first_of(project.investors), at),
        lambda: schedule.add_schedule_version(db, project, facts, [promise], at),
        lambda: schedule.remove_schedule_version(db, project, at),
        lambda: schedule.confirm_unchanged(db, project, on=ON, origin=at),
        lambda: land.add_parcel(db, project, land.ParcelFacts(name="A", intervals=[span]), at),
        lambda: land.correct_parcel(
            db, project, first_of(project.parcels), land.ParcelFacts(name="B"), at
        ),
        lambda: land.remove_parcel(db, project, first_of(project.parcels), at),
        lambda: pauses.claim_pause(
            db, project, pauses.Claim(cause="a", side=Side.OBJECTIVE, since=day, paper="1"), at
        ),
        lambda: pauses.judge_pause(db, project, first_of(project.pauses), accepted=True, origin=at),
        lambda: notes.add_happening(
            db,
            project,
            notes.Event(kind=HappeningKind.NEWS, text=text, on=day, precision=Precision.DAY),
            today=ON,
            origin=at,
        ),
        lambda: notes.translate(db, project, "en", {"name": text}, at),
    ]
    try:
        with db.begin_nested():
            draw.draw(st.sampled_from(acts))()
    except Refusal:
        db.refresh(project)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(draw=st.data())
def test_the_last_entry_is_the_whole_project(db: Session, draw: st.DataObject) -> None:
    desk = getattr(test_the_last_entry_is_the_whole_project, "desk", None)
    if db.scalar(select(Unit.id).limit(1)) is None:
        desk = lay_out(db)
        test_the_last_entry_is_the_whole_project.desk = desk
    project = log(db, desk, "Dự án thử")
    at = Origin(None, AT, "thử")
    for _ in range(draw.draw(st.integers(1, 8))):
        _act(db, desk, project, draw, at)
    db.commit()
    key = project.id
    db.expunge_all()
    fresh = db.get_one(Project, key)
    entry = db.get_one(TrailEntry, fresh.entry_seq)
    assert state_of_project(fresh) == unpack(entry.state)
    assert entry.subject_version == fresh.version
    # And the history can tell all of it.
    assert len(read_history(db, key).moments) == min(fresh.version, 50)


def test_roles_read_it(licensed: str, sign_in_as) -> None:
    for role in (Role.READER, Role.LEADER, Role.AUDITOR, Role.FINANCE_OFFICER):
        assert sign_in_as(role).get(f"/projects/{licensed}/history").status_code == 200
