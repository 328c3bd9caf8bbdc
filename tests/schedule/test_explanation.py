"""A flag opens to its sum: each input leads back to the record it came from, in both languages."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from portfolio.office.people import Role
from portfolio.office.trail import Origin
from portfolio.register.acts import land, papers, pauses, projects
from portfolio.register.papers import ActKind
from portfolio.register.phases import Side
from portfolio.register.project import Project
from portfolio.schedule.evaluate import judge, law_on
from portfolio.schedule.explanation import anchor_of, explain, record_words
from portfolio.schedule.flag_history import flag_history
from portfolio.schedule.gather import facts_document
from portfolio.schedule.sources import Record, Sources
from tests.browser import SITE, Browser
from tests.conftest import AT, ON
from tests.office.conftest import make_person, opened, sign_in
from tests.schedule.desk import adopt, approved_project, state_now
from tests.walk import key_of

MOST_QUERIES = 12


def add_circumstances(db: Session, project: Project, origin: Origin) -> None:
    """An accepted pause, recovered land, a suspension."""
    claim = pauses.Claim(
        cause="b",
        side=Side.STATE,
        since=date(2022, 1, 1),
        until=date(2022, 1, 10),
        paper="123/UBND",
    )
    pause = pauses.claim_pause(db, project, claim, origin)
    pauses.judge_pause(db, project, pause, accepted=True, origin=origin)
    recovery = papers.add_act(
        db, project, papers.Paper(kind=ActKind.LAND_RECOVERY, issued_on=date(2025, 5, 6)), origin
    )
    facts = land.ParcelFacts(
        name="Lô thu hồi",
        recovered_on=date(2025, 5, 6),
        recovery_ground="non_use",
        recovery_act_id=recovery.id,
    )
    land.add_parcel(db, project, facts, origin)


@pytest.fixture
def project(db: Session, origin: Origin) -> Project:
    adopt(db)
    made = approved_project(db, origin)
    add_circumstances(db, made, origin)
    db.commit()
    return made


def explained(db: Session, project: Project, on: date = ON):
    law, state = law_on(db, on), state_now(db, project)
    return explain(judge(state, law, on).findings, state, law, on)


def test_every_input_of_a_sum_names_the_record_it_came_from(db: Session, project: Project) -> None:
    rules = set()
    for one in explained(db, project):
        rules.add(one.rule)
        assert one.sum
        for line in one.sum:
            for origin in line.origins:
                assert origin.words != "chưa ghi nhận", (one.rule, line)
                assert origin.anchor or origin.words.startswith("chính sách"), (one.rule, line)
    assert rules >= {"INV-LATE", "T-LAND", "LAND-12", "STALLED"}


def test_the_sum_says_what_moved_the_end_and_by_which_paper(db: Session, project: Project) -> None:
    (late,) = [one for one in explained(db, project) if one.key == ("INV-LATE", "phase:1")]
    table = {line.what: line for line in late.sum}
    assert table["Ngày kết thúc theo tiến độ"].value == "31/12/2023"
    planned = table["Ngày kết thúc theo tiến độ"].origins
    assert [origin.anchor for origin in planned] == ["schedule", f"papers-{project.acts[0].id}"]
    assert "12/QĐ" in planned[1].words
    pause = table["Cộng thời gian không tính"]
    assert "01/01/2022 - 10/01/2022 (10 ngày)" in pause.value
    (origin,) = pause.origins
    assert origin.anchor == f"pauses-{project.pauses[0].id}"
    assert "123/UBND" in origin.words
    assert table["Ngày kết thúc sau khi cộng"].value == "10/01/2024"
    assert not table["Ngày kết thúc sau khi cộng"].origins
    assert late.where == "giai đoạn 1"
    assert late.basis == "Điều 45 Luật Đầu tư 143/2025/QH15"
    assert (late.basis_from, late.policy) == (date(2026, 3, 1), 1)


def test_a_path_leads_to_the_row_of_the_state(db: Session, project: Project) -> None:
    state = state_now(db, project)
    policy = law_on(db, ON).policy
    sources = Sources(state, facts_document(state, policy, ON))
    milestones = state["phases"][0]["milestones"]
    assert sources.behind("phases[0].milestones[1].planned") == [
        Record("milestones", milestones[1])
    ]
    assert sources.behind("land[0].handed_over_on") == [Record("parcels", state["parcels"][0])]
    assert sources.behind("pauses[0] (123/UBND); pauses[0] (123/UBND)") == [
        Record("pauses", state["pauses"][0])
    ]
    assert sources.behind("operating_end") == [Record("facts")]
    assert sources.behind("policy 1: INV-T24") == []
    first = sources.behind("first_approved_on")
    assert [record.part for record in first] == ["acts", "schedules"]
    assert anchor_of(Record("facts")) == "facts"
    assert record_words(Record("facts")) == "Thông tin chính"


CIRCUMSTANCES = {
    "site_lost_on": "site_lost",
    "relocation_filed_on": "relocation_filed",
    "stopped_on": "stopped",
    "contact_attempts": "contact_attempt",
    "contact_attempts[0].on": "contact_attempt",
    "enterprise_dissolved_on": "dissolved",
    "sham_finding": "sham",
    "judgment": "judgment",
    "suspension.from": "investor_stop",
    "suspension.inability_recorded_on": "inability",
}


@pytest.mark.parametrize(("path", "kind"), CIRCUMSTANCES.items())
def test_a_circumstance_is_found_by_its_kind(
    db: Session, project: Project, path: str, kind: str
) -> None:
    kinds = dict.fromkeys(CIRCUMSTANCES.values())
    rows = [
        {"id": number, "kind": one, "on": "2025-02-03", "text": one}
        | ({"reached": False} if one == "contact_attempt" else {})
        for number, one in enumerate(kinds, 1)
    ]
    state = state_now(db, project) | {"circumstances": rows}
    sources = Sources(state, facts_document(state, law_on(db, ON).policy, ON))
    (record,) = sources.behind(path)
    assert record.row is not None
    assert (record.part, record.row["kind"]) == ("circumstances", kind)
    assert "03/02/2025" in record_words(record)


def test_marks_reports_and_signs_are_found_by_their_place(db: Session, project: Project) -> None:
    mark = {
        "on": "2026-01-01", "verdict": "adds", "severity": "review", "cause": "market",
        "side": "objective", "marked_by": "A",
    }  # fmt: skip
    state = state_now(db, project) | {
        "marks": [
            mark | {"id": 1, "withdrawn_on": "2026-02-01"},
            mark | {"id": 2, "on": "2026-03-01"},
        ],
        "happenings": [
            {"id": 7, "kind": "inspection", "text": "x", "on": "2026-04-01", "shows_progress": True}
        ],
    }
    on = date(2027, 2, 1)
    document = facts_document(state, law_on(db, on).policy, on)
    sources = Sources(state, document)
    assert [record.row["id"] for record in sources.behind("marks[0].on")] == [2]
    kinds = [one["kind"] for one in document["signs_of_life"]]
    place = kinds.index("inspection_progress")
    (sign,) = sources.behind(f"signs_of_life[{place}].on")
    assert (sign.part, sign.row["id"]) == ("happenings", 7)
    assert document["reports"], "a quarter is over"
    (owed,) = sources.behind("reports[0].period")
    assert record_words(owed).endswith(": chưa nhận")


# The pages ------------------------------------------------------------------------------------


@pytest.fixture
def code(app: Flask, origin: Origin) -> str:
    with opened(app) as db:
        adopt(db)
        made = approved_project(db, origin)
        add_circumstances(db, made, origin)
        db.commit()
        return made.code


@pytest.fixture
def reader(app: Flask, code: str) -> Browser:
    make_person(app, Role.ADMINISTRATOR, email="first@example.org")
    return sign_in(app, make_person(app, Role.READER, email="doc@example.org"))


def test_each_warning_opens_and_its_links_lead_to_a_place_of_the_project_page(
    reader: Browser, code: str
) -> None:
    reader.get(f"/projects/{code}")
    chips = [link["href"] for link in reader.soup.select(".callout h2 .flag a")]
    assert f"/projects/{code}/flags/INV-LATE" in chips
    places = {tag["id"] for tag in reader.soup.select("[id]")}
    inside = {a["href"][1:] for a in reader.soup.select(".sum a[href^='#']")}
    assert inside
    assert inside <= places
    assert reader.get(f"/projects/{code}/flags").status_code == 200
    led = {a["href"].partition("#")[2] for a in reader.soup.select(".sum-table a[href*='#']")}
    assert led
    assert led <= places
    for chip in chips:
        assert reader.get(chip).status_code == 200
        assert reader.soup.select(".sum-table")
        assert chip.rpartition("/")[2] in reader.words


def test_lists_lead_from_a_flag_to_its_sum(reader: Browser, code: str) -> None:
    reader.get("/projects")
    links = [link["href"] for link in reader.soup.select("td .flag a")]
    assert links
    for link in links:
        assert link.startswith(f"/projects/{code}/flags")
        assert reader.get(link).status_code == 200
    reader.get("/projects?as_of=" + (ON + timedelta(days=0)).isoformat())
    past = [link["href"] for link in reader.soup.select("td .flag a")]
    assert all("as_of=" in link for link in past)


def test_the_page_reads_in_english(reader: Browser, code: str) -> None:
    chosen = {"csrf_token": key_of(reader.client), "language": "en"}
    assert reader.client.post("/language", data=chosen, headers=SITE).status_code == 303
    reader.get(f"/projects/{code}/flags/INV-LATE")
    words = reader.words
    assert "Behind the investment schedule" in words
    assert "Article 45, Law on Investment 143/2025/QH15" in words
    assert "10 January 2024" in words
    assert not re.search(r"giai đoạn|thứ Hai", words)


def test_few_statements_make_the_page(app: Flask, reader: Browser, code: str) -> None:
    asked: list[str] = []
    engine = app.extensions["database"].writer

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "PRAGMA")):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        for page in ("flags", "flags/INV-LATE", "what-if?cause=a&since=01/01/2022"):
            asked.clear()
            assert reader.get(f"/projects/{code}/{page}").status_code == 200
            assert 3 < len(asked) <= MOST_QUERIES, "\n".join(asked)
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_an_unknown_rule_a_hidden_project_and_a_bad_day_are_not_there(
    app: Flask, reader: Browser, code: str
) -> None:
    assert reader.get(f"/projects/{code}/flags/NO-SUCH").status_code == 404
    assert reader.get(f"/projects/{code}/flags?as_of=2999-01-01").status_code == 400
    assert reader.get(f"/projects/{code}/flags?as_of=1999-01-01").status_code == 404
    stranger = sign_in(app, make_person(app, Role.ZONE_OFFICER, email="khac@example.org"))
    for page in ("flags", "flags/INV-LATE"):
        assert stranger.get(f"/projects/{code}/{page}").status_code == 404


def test_a_rule_that_does_not_hold_says_so(reader: Browser, code: str) -> None:
    assert reader.get(f"/projects/{code}/flags/UNDATED").status_code == 200
    assert "không có cảnh báo này" in reader.words


def test_the_history_tells_when_flags_were_recorded_closed_and_replaced(
    db: Session, project: Project
) -> None:
    second, third = ON + timedelta(days=1), ON + timedelta(days=2)
    facts = projects.facts_of(project)
    for days, special in ((1, "Nghị quyết 1/2026/NQ-HĐND"), (2, None)):
        facts.special_mechanism = special
        origin = Origin(None, AT + timedelta(days=days))
        projects.correct_project(db, project, facts, origin)
    db.commit()
    told = [
        (one.opened_on, one.held, one.closed_on, one.why, one.changes)
        for one in flag_history(db, project.id, third, "LAND-12")
    ]
    replaced = "thay bằng cảnh báo sau"
    assert told == [
        (third, False, None, "", ()),
        (second, True, third, replaced, ("thôi giữ",)),
        (ON, False, second, replaced, ("tạm giữ",)),
    ]
    (special,) = flag_history(db, project.id, third, "SPECIAL")
    assert (special.opened_on, special.closed_on) == (second, third)
    assert special.why == "điều kiện không còn"
    # A past day knows neither what came later nor that it ended.
    (then,) = flag_history(db, project.id, ON, "LAND-12")
    assert (then.closed_on, then.why) == (None, "")
    assert len(flag_history(db, project.id, third)) > len(told)
