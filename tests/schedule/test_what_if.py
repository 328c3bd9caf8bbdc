"""A supposition is judged like the act itself, and nothing is written."""

import copy
import hashlib
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from portfolio.office.people import Role
from portfolio.office.trail import Origin
from portfolio.register.acts.land import Interval, ParcelFacts, add_parcel, correct_parcel
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.acts.pauses import Claim, claim_pause, judge_pause
from portfolio.register.acts.schedule import Promise, VersionFacts, add_schedule_version
from portfolio.register.land import IntervalKind
from portfolio.register.papers import ActKind
from portfolio.register.phases import MilestoneKind, ScheduleKind, Side
from portfolio.register.project import Project
from portfolio.schedule.evaluate import law_on
from portfolio.schedule.what_if import (
    Adjusted,
    HandedOver,
    PauseAccepted,
    Paused,
    PutToUse,
    ReportCame,
    compare,
    objective_of,
    suppose,
)
from tests.browser import Browser
from tests.conftest import ON
from tests.office.conftest import make_person, opened, sign_in
from tests.schedule.desk import END, SECOND_END, START, adopt, approved_project, found, state_now

CLAIM = Claim(cause="b", side=Side.STATE, since=date(2022, 1, 1), paper="12/UBND")


@pytest.fixture
def project(db: Session, origin: Origin) -> Project:
    adopt(db)
    return approved_project(db, origin)


def supposed(db: Session, project: Project, *suppositions):
    return found(
        db,
        suppose(state_now(db, project), suppositions, on=ON, policy=law_on(db, ON).policy),
    )


def test_an_extension_for_real_gives_the_flags_that_were_supposed(
    db: Session, project: Project, origin: Origin
) -> None:
    asked = date(2026, 12, 31)
    expected = supposed(db, project, Adjusted({(1, "completion"): asked}))
    assert ("INV-LATE", "phase:1") in found(db, state_now(db, project))
    assert ("INV-LATE", "phase:1") not in expected
    assert ("INV-LATE", "milestone:1/start") in expected, "only the end was moved"
    paper = add_act(db, project, Paper(kind=ActKind.ADJUSTMENT, issued_on=ON), origin)
    add_schedule_version(
        db,
        project,
        VersionFacts(
            kind=ScheduleKind.ADJUSTED, approved_on=ON, act_id=paper.id, exception_code="b"
        ),
        [
            Promise(1, MilestoneKind.START, START),
            Promise(1, MilestoneKind.COMPLETION, asked),
            Promise(2, MilestoneKind.OPERATION, SECOND_END),
        ],
        origin,
    )
    assert found(db, state_now(db, project)) == expected
    db.commit()


def test_an_accepted_claim_for_real_gives_the_flags_that_were_supposed(
    db: Session, project: Project, origin: Origin
) -> None:
    pause = claim_pause(db, project, CLAIM, origin)
    before = found(db, state_now(db, project))
    expected = supposed(db, project, PauseAccepted(pause.id))
    typed = supposed(db, project, Paused(CLAIM.cause, CLAIM.since, CLAIM.until))
    assert typed == expected != before
    judge_pause(db, project, pause, accepted=True, origin=origin)
    assert found(db, state_now(db, project)) == expected
    db.commit()


def test_land_put_to_use_for_real_gives_the_flags_that_were_supposed(
    db: Session, project: Project, origin: Origin
) -> None:
    parcel = project.parcels[0]
    day = date(2026, 11, 1)
    before = found(db, state_now(db, project))
    expected = supposed(db, project, PutToUse(day, parcel.id))
    # Use is a sign of life as well.
    assert set(before) - set(expected) == {("LAND-12", "parcel:Lô A"), ("STALLED", "project")}
    facts = ParcelFacts(
        name="Lô A", area_ha=parcel.area_ha, handed_over_on=date(2021, 9, 15), first_used_on=day
    )
    correct_parcel(db, project, parcel, facts, origin)
    assert found(db, state_now(db, project)) == expected
    db.commit()


def test_land_that_is_used_again_ends_its_interruption(
    db: Session, project: Project, origin: Origin
) -> None:
    parcel = project.parcels[0]
    known = {
        "name": "Lô A",
        "handed_over_on": date(2021, 9, 15),
        "first_used_on": date(2022, 1, 1),
    }
    since = date(2024, 5, 1)
    stopped = ParcelFacts(**known, intervals=[Interval(IntervalKind.INTERRUPTION, since)])
    correct_parcel(db, project, parcel, stopped, origin)
    assert ("LAND-12", "parcel:Lô A") in found(db, state_now(db, project))
    expected = supposed(db, project, PutToUse(date(2026, 11, 2), parcel.id))
    assert ("LAND-12", "parcel:Lô A") not in expected
    ended = [Interval(IntervalKind.INTERRUPTION, since, date(2026, 11, 1))]
    correct_parcel(db, project, parcel, ParcelFacts(**known, intervals=ended), origin)
    assert found(db, state_now(db, project)) == expected
    db.commit()


def test_a_new_parcel_for_real_gives_the_flags_that_were_supposed(
    db: Session, project: Project, origin: Origin
) -> None:
    day = date(2025, 1, 10)
    expected = supposed(db, project, HandedOver(day, None, "Lô B"))
    assert ("LAND-12", "parcel:Lô B") in expected
    add_parcel(db, project, ParcelFacts(name="Lô B", handed_over_on=day), origin)
    assert found(db, state_now(db, project)) == expected
    db.commit()


def test_suppositions_come_together_and_leave_the_state_alone(
    db: Session, project: Project
) -> None:
    state = state_now(db, project)
    untouched = copy.deepcopy(state)
    policy = law_on(db, ON).policy
    parcel = project.parcels[0].id
    after = suppose(
        state,
        [
            Adjusted({(1, "completion"): date(2027, 6, 30), (1, "start"): date(2027, 1, 31)}),
            PutToUse(date(2026, 10, 1), parcel),
            Paused("a", date(2022, 1, 1), date(2022, 1, 31)),
            ReportCame("Q", "2026-Q3"),
        ],
        on=ON,
        policy=policy,
    )
    assert state == untouched
    assert [one["number"] for one in after["schedules"]] == [1, 2]
    assert after["reports"] == [
        {
            "id": 0,
            "kind": "Q",
            "period": "2026-Q3",
            "forecasts": [],
            "status": "received",
            "received_on": ON.isoformat(),
        }
    ]
    left = found(db, after)
    assert not [key for key in left if key[0] in {"INV-LATE", "INV-T24", "LAND-12"}]


def test_a_project_without_phases_gets_its_first_day() -> None:
    after = suppose(
        {"code": "KT-0001"},
        [Adjusted({(1, "operation"): date(2028, 1, 1)})],
        on=ON,
        policy=_NoApproval(),
    )
    (phase,) = after["phases"]
    assert phase["milestones"][0]["targets"][0]["planned_on"] == "2028-01-01"
    assert objective_of(phase) == "operation"
    assert objective_of({"milestones": []}) == "operation"


class _NoApproval:
    approved_kinds = frozenset({"ipa"})


def test_findings_are_compared_by_rule_and_scope(db: Session, project: Project) -> None:
    from portfolio.schedule.evaluate import judge  # noqa: PLC0415  the findings themselves

    law = law_on(db, ON)
    state = state_now(db, project)
    policy = law.policy
    after = suppose(
        state, [Adjusted({(1, "completion"): date(2026, 11, 30)})], on=ON, policy=policy
    )
    outcome = compare(judge(state, law, ON).findings, judge(after, law, ON).findings)
    assert {(one.rule, one.scope) for one in outcome.fell} == {
        ("INV-LATE", "phase:1"),
        ("INV-LATE", "milestone:1/completion"),
        ("INV-T24", "phase:1"),
        ("INV-T24-WARN", "phase:1"),
    } & {(one.rule, one.scope) for one in judge(state, law, ON).findings}
    assert outcome.rose == ()
    assert {one.rule for one, _then in outcome.stayed} >= {"LAND-12"}
    assert all((a.rule, a.scope) == (b.rule, b.scope) for a, b in outcome.stayed)


# The page -------------------------------------------------------------------------------------


@pytest.fixture
def code(app: Flask, origin: Origin) -> str:
    with opened(app) as db:
        adopt(db)
        made = approved_project(db, origin)
        claim_pause(db, made, CLAIM, origin)
        db.commit()
        return made.code


@pytest.fixture
def reader(app: Flask, code: str) -> Browser:
    make_person(app, Role.ADMINISTRATOR, email="first@example.org")
    return sign_in(app, make_person(app, Role.READER, email="doc@example.org"))


def checksums(app: Flask) -> dict[str, str]:
    """What every table holds, but for when a session was last seen."""
    connection = app.extensions["database"].pinned
    sums = {}
    for table in inspect(connection).get_table_names():
        columns = [
            c["name"] for c in inspect(connection).get_columns(table) if c["name"] != "seen_at"
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        rows = sorted(map(repr, connection.execute(text(f'SELECT {names} FROM "{table}"'))))  # noqa: S608
        sums[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return sums


def test_trying_writes_nothing_and_says_what_falls_rises_and_stays(
    app: Flask, reader: Browser, code: str
) -> None:
    reader.get(f"/projects/{code}/what-if")
    (pause,) = [box["value"] for box in reader.soup.select("input[name=accept]")]
    before = checksums(app)
    answer = reader.get(
        f"/projects/{code}/what-if",
        query_string={"accept": pause, "handed-new": "10/01/2025"},
    )
    assert answer.status_code == 200
    assert checksums(app) == before
    falling = " ".join(one.get_text(" ") for one in reader.soup.select(".fell li"))
    rising = " ".join(one.get_text(" ") for one in reader.soup.select(".rose li"))
    assert "INV-LATE" in falling
    assert "INV-T24" in falling
    assert "lô đất" in rising
    assert "LAND-12" in rising
    words = reader.words
    assert "Chậm tiến độ →" in words
    assert "so với lần đầu" in words
    assert "so với lần duyệt gần nhất" in words


def test_an_extension_beyond_the_cap_is_refused_with_its_article_and_exceptions(
    reader: Browser, code: str
) -> None:
    reader.get(f"/projects/{code}/what-if?day-1-completion=30/06/2099")
    words = reader.words
    assert "ADJ-CAP24" in words
    assert "31/12/2025" in words, "24 months after the first end"
    assert "khoản 4 Điều 33 Luật Đầu tư 143/2025/QH15" in words
    assert "g) " in words
    reader.get(f"/projects/{code}/what-if?day-1-completion=30/06/2099&exception=b")
    assert "sẽ bị từ chối" not in reader.words
    assert not reader.soup.select(".callout.red")


def test_the_address_is_kept_short_and_bad_values_are_said_at_their_fields(
    reader: Browser, code: str
) -> None:
    here = f"/projects/{code}/what-if"
    answer = reader.get(f"{here}?since=&cause=a&until=")
    assert (answer.status_code, answer.location) == (302, f"{here}?cause=a")
    for query, field in (
        ("cause=a", "since"),
        ("since=01/01/2022", "cause"),
        ("cause=a&since=02/02/2022&until=01/01/2022", "until"),
        ("day-1-completion=31/02/2027", "day-1-completion"),
        ("day-1-completion=01/01/2020", "day-1-completion"),
    ):
        assert reader.get(f"{here}?{query}").status_code == 200
        assert reader.soup.select_one(f'.field.bad [name="{field}"]'), query
        assert not reader.soup.select("#outcome"), query
    reader.get(f"{here}?handed-new=01/01/2020&used-new=01/01/2019")
    assert "mâu thuẫn" in reader.words


def test_the_page_is_there_for_who_may_see_the_project_only(app: Flask, code: str) -> None:
    make_person(app, Role.ADMINISTRATOR, email="first@example.org")
    stranger = sign_in(app, make_person(app, Role.ZONE_OFFICER, email="khac@example.org"))
    assert stranger.get(f"/projects/{code}/what-if").status_code == 404
    assert END.year == 2023
