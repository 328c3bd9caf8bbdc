"""Pages of delay marks: from a list and from a project, saved once, refused whole, withdrawn in sight."""

from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portfolio.office.people import Role
from portfolio.office.trail import TrailEntry, record
from portfolio.register.marks import DelayMark, Verdict
from portfolio.register.project import Listing, Project, Stage
from tests.browser import Browser
from tests.office.conftest import opened
from tests.register.desk import Desk, browser_of, log, officer
from tests.register.shelf import Statements
from tests.register.test_marks import late_project

NEW = "/delay-marks/new"
TYPED = {
    "verdict": "confirms",
    "cause": "investor_finance",
    "paper": "12/BB-BQL",
    "note": "Kiểm tra hiện trường: chưa thi công",
}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(datetime(2026, 11, 23, 3, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def codes(app: Flask, laid: Desk) -> list[str]:
    """Three late projects of Măng Đen."""
    with opened(app) as db:
        made = [late_project(db, laid, f"Dự án chậm {number}") for number in (1, 2, 3)]
        db.commit()
        return [project.code for project in made]


@pytest.fixture
def elsewhere(app: Flask, laid: Desk) -> str:
    """A late project of the other zone."""
    with opened(app) as db:
        made = late_project(db, laid, "Dự án khu khác", zone_id=laid.kon_tum)
        db.commit()
        return made.code


def address(*codes: str, **more: str) -> str:
    return f"{NEW}?" + "&".join(
        [*(f"code={c}" for c in codes), *(f"{k}={v}" for k, v in more.items())]
    )


def marks(app: Flask) -> list[DelayMark]:
    with opened(app) as db:
        found = list(db.scalars(select(DelayMark).order_by(DelayMark.id)))
        db.expunge_all()
        return found


# Several at once ------------------------------------------------------------------------------


def test_several_are_marked_by_one_post_and_the_page_says_how_many(
    app: Flask, codes: list[str], zone_officer: Browser
) -> None:
    zone_officer.get(address(*codes, list="%3Fstate%3Dlate"))
    assert "Ghi nhận chậm tiến độ: 3 dự án" in zone_officer.words
    rows = zone_officer.soup.select("table tbody tr")
    assert [row.select_one(".code").get_text() for row in rows] == codes
    for row in rows:
        words = row.get_text(" ", strip=True)
        assert "Khu du lịch Măng Đen" in words
        assert "Chậm tiến độ đầu tư" in words
    assert zone_officer.submit(about="INV-LATE", **TYPED).status_code == 303
    assert zone_officer.page.headers["Location"] == "/projects?state=late"
    zone_officer.follow()
    assert "Đã ghi nhận: 3 dự án" in zone_officer.soup.get_text(" ")
    found = marks(app)
    assert [(m.verdict, m.rule, m.cause, m.note) for m in found] == [
        (Verdict.CONFIRMS, "INV-LATE", "investor_finance", TYPED["note"])
    ] * 3
    with opened(app) as db:
        acts = select(TrailEntry.act, TrailEntry.reason, func.count()).group_by(
            TrailEntry.act, TrailEntry.reason
        )
        assert ("mark_delays", TYPED["note"], 3) in db.execute(acts).all()


def test_the_same_form_twice_marks_once(
    app: Flask, codes: list[str], zone_officer: Browser
) -> None:
    zone_officer.get(address(*codes))
    sent = zone_officer.fields() | TYPED
    for _ in range(2):
        answer = zone_officer.client.post(NEW, data=sent, headers={"Origin": "http://localhost"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/projects")
    assert len(marks(app)) == 3


def test_a_code_that_is_named_twice_is_marked_once(
    app: Flask, codes: list[str], zone_officer: Browser
) -> None:
    zone_officer.get(address(codes[0], codes[0], codes[1]))
    zone_officer.submit(**TYPED)
    assert len(marks(app)) == 2


def test_a_project_of_another_zone_is_named_and_nothing_is_saved(
    app: Flask, codes: list[str], elsewhere: str, zone_officer: Browser
) -> None:
    # It is told in the same words as one that does not exist.
    for code in (elsewhere, "KT-9999"):
        assert zone_officer.get(address(codes[0], code)).status_code == 404
        assert code in zone_officer.page.text
        assert "khu khác" not in zone_officer.page.text
    zone_officer.get(address(*codes))
    assert zone_officer.submit(code=[*codes, elsewhere], **TYPED).status_code == 404
    assert elsewhere in zone_officer.page.text
    assert marks(app) == []


def test_finance_is_told_which_projects_another_office_keeps(
    app: Flask, laid: Desk, codes: list[str], sign_in_as
) -> None:
    with opened(app) as db:
        free = late_project(db, laid, "Ngoài khu")
        free.zone_id = None
        record(db, free, "correct_project", laid.program)
        db.commit()
        own = free.code
    finance = sign_in_as(Role.FINANCE_OFFICER)
    finance.get(address(codes[0], own))
    assert "do cơ quan khác theo dõi" in finance.words
    [without] = [a for a in finance.soup.select("a") if "còn lại" in a.get_text()]
    assert without["href"] == f"{NEW}?code={own}"
    assert finance.submit(**TYPED).status_code == 403
    assert codes[0] in finance.soup.select_one(".error-summary").get_text()
    assert finance.fields()["note"].strip() == TYPED["note"]
    assert marks(app) == []
    finance.get(without["href"])
    assert finance.submit(**TYPED).status_code == 303
    assert len(marks(app)) == 1


def test_what_holds_no_longer_is_refused_by_name_and_what_was_typed_stays(
    app: Flask, laid: Desk, codes: list[str], zone_officer: Browser
) -> None:
    zone_officer.get(address(*codes))
    offered = {one["value"] for one in zone_officer.soup.select("#about option")}
    assert offered >= {"", "INV-LATE"}
    with opened(app) as db:
        project = db.scalars(select(Project).where(Project.code == codes[1])).one()
        project.phases[0].completed_on = datetime(2026, 6, 1, tzinfo=UTC).date()
        record(db, project, "correct_phase", laid.program)
        db.commit()
    assert zone_officer.submit(about="INV-LATE", **TYPED).status_code == 422
    said = zone_officer.soup.select_one(".error-summary").get_text()
    assert codes[1] in said
    assert codes[0] not in said
    assert zone_officer.fields()["cause"] == TYPED["cause"]
    assert marks(app) == []


@pytest.mark.parametrize("missing", ["verdict", "cause", "note", "on"])
def test_an_empty_field_is_named(
    app: Flask, codes: list[str], zone_officer: Browser, missing: str
) -> None:
    zone_officer.get(address(*codes))
    sent = TYPED | {missing: None if missing == "verdict" else ""}
    assert zone_officer.submit(**sent).status_code == 422
    [error] = zone_officer.soup.select(".error-summary a")
    assert error["href"].startswith(f"#{missing}")
    assert marks(app) == []


def test_nothing_chosen_says_where_to_choose(zone_officer: Browser) -> None:
    assert zone_officer.get(NEW).status_code == 200
    assert "Chưa chọn dự án nào" in zone_officer.words
    assert zone_officer.soup.select("main form") == []


def test_more_than_two_hundred_are_refused(app: Flask, codes: list[str], zone_officer) -> None:
    many = [f"KT-{number:04}" for number in range(1, 202)]
    answer = zone_officer.get(address(*many))
    assert answer.status_code == 422
    assert "Đã chọn 201 dự án; mỗi lần ghi nhận được nhiều nhất 200 dự án" in answer.text
    zone_officer.get(address(*codes))
    assert zone_officer.submit(code=many, **TYPED).status_code == 422
    assert marks(app) == []


def test_the_list_to_go_back_to_is_one_of_ours(codes: list[str], zone_officer: Browser) -> None:
    for elsewhere in ("https://example.org", "//example.org", "/projects/new", "x" * 600):
        zone_officer.get(address(*codes, list=elsewhere))
        [cancel] = [a for a in zone_officer.soup.select("form .btn") if a.name == "a"]
        assert cancel["href"] == "/projects"


def test_a_further_project_costs_two_statements(
    app: Flask, laid: Desk, zone_officer: Browser
) -> None:
    counts = []
    for number in (3, 30):
        with opened(app) as db:
            made = [late_project(db, laid, f"Lô {number}-{one}") for one in range(number)]
            db.commit()
            codes = [project.code for project in made]
        zone_officer.get(address(*codes))
        with Statements(app.extensions["database"].engine) as statements:
            assert zone_officer.submit(**TYPED).status_code == 303
        counts.append(len(statements.said))
    # The mark itself and the project's version; all reading and judging is done in one pass.
    assert counts[1] - counts[0] <= 2 * 27, counts


def test_the_list_shows_narrows_and_exports_what_was_marked(
    codes: list[str], zone_officer: Browser
) -> None:
    zone_officer.get(address(codes[0], codes[1]))
    zone_officer.submit(**TYPED)
    zone_officer.get(address(codes[1]))
    zone_officer.submit(**TYPED | {"verdict": "disputes", "cause": "licences"})
    for query, found in (
        ("mark=any", codes[:2]),
        ("mark=confirms", codes[:2]),
        ("mark=disputes", codes[1:2]),
        ("mark=none", codes[2:]),
        ("cause=licences", codes[1:2]),
        ("side=investor", codes[:2]),
        ("side=objective", []),
    ):
        zone_officer.get(f"/projects?{query}")
        shown = zone_officer.soup.select(".register tbody .code")
        assert [cell.get_text() for cell in shown] == found, query
    zone_officer.get("/projects?side=state")
    assert "Chậm do phía: Nhà nước" in zone_officer.soup.select_one(".chips").get_text()
    signs = [sign.get_text() for sign in zone_officer.soup.select(".word-sign")]
    assert signs == ["có ý kiến khác, đã xác nhận"]
    rows = zone_officer.get("/projects.csv?mark=disputes&col=code&col=warnings").text
    assert "có ý kiến khác, đã xác nhận" in rows
    assert "Giấy phép (xây dựng, môi trường, PCCC, khoáng sản); Nhà đầu tư thiếu vốn" in rows


def test_boxes_stand_by_licensed_projects_for_those_who_may_mark(
    app: Flask, laid: Desk, codes: list[str], zone_officer: Browser, sign_in_as
) -> None:
    with opened(app) as db:
        log(db, laid, "Chợ đêm", listing=Listing.SOLICITED, stage=Stage.CALLING)
        db.commit()
    zone_officer.get("/projects")
    assert [box["value"] for box in zone_officer.soup.select("input[name=code]")] == codes
    zone_officer.get("/projects?col=capital")
    assert [box["value"] for box in zone_officer.soup.select("input[name=code]")] == codes
    zone_officer.get("/projects?as_of=2026-11-22")
    assert zone_officer.soup.select("input[name=code]") == []
    leader = sign_in_as(Role.LEADER)
    leader.get("/projects")
    assert leader.soup.select("input[name=code], .mark-bar") == []


# One project ----------------------------------------------------------------------------------


def test_a_delay_is_added_where_no_rule_sees_one(
    app: Flask, laid: Desk, zone_officer: Browser
) -> None:
    with opened(app) as db:
        project = log(db, laid, "Dự án chưa có tiến độ")
        db.commit()
        code = project.code
    zone_officer.get(f"/projects/{code}")
    [link] = [a for a in zone_officer.soup.select("#marks a") if "Ghi nhận" in a.get_text()]
    zone_officer.get(link["href"])
    typed = TYPED | {"verdict": "adds"}
    assert zone_officer.submit(**typed).status_code == 422
    assert zone_officer.submit(**typed, severity="review").status_code == 303
    assert zone_officer.page.headers["Location"] == f"/projects/{code}#marks"
    zone_officer.follow()
    assert "Bổ sung chậm tiến độ" in zone_officer.soup.select_one("#marks").get_text()
    assert "EZA-MARK" in zone_officer.soup.select_one(".warnings").get_text()


def test_marks_stand_beside_what_is_computed(
    app: Flask, codes: list[str], zone_officer: Browser
) -> None:
    zone_officer.get(f"/projects/{codes[0]}")
    computed = zone_officer.soup.select_one(".warnings").get_text()
    zone_officer.get(address(codes[0]))
    scoped = [o["value"] for o in zone_officer.soup.select("#about option") if "|" in o["value"]]
    zone_officer.submit(
        **TYPED | {"verdict": "disputes", "about": (scoped or ["INV-LATE"])[0], "cause": "licences"}
    )
    zone_officer.follow()
    assert zone_officer.soup.select_one(".warnings").get_text() == computed
    word = " ".join(zone_officer.soup.select_one("#marks .word").get_text(" ").split())
    for said in (
        "Có ý kiến khác",
        "Chậm tiến độ đầu tư",
        "Giấy phép",
        "Nhà nước",
        "12/BB-BQL",
        TYPED["note"],
        "Người zone_officer",
        "Cơ quan authority",
        "23/11/2026",
    ):
        assert said in word, said


def test_a_withdrawn_mark_is_struck_and_stays(
    app: Flask, laid: Desk, codes: list[str], zone_officer: Browser
) -> None:
    zone_officer.get(address(codes[0]))
    zone_officer.submit(**TYPED)
    zone_officer.follow()
    [link] = [a for a in zone_officer.soup.select("#marks a") if "Rút lại" in a.get_text()]
    zone_officer.get(link["href"])
    assert zone_officer.submit(reason="").status_code == 422
    assert zone_officer.submit(reason="Nhầm dự án").status_code == 303
    again = zone_officer.client.post(
        zone_officer.path, data={"csrf_token": "x"}, headers={"Origin": "http://localhost"}
    )
    assert again.status_code in {400, 422}
    zone_officer.follow()
    word = zone_officer.soup.select_one("#marks .word")
    assert "Xác nhận chậm tiến độ" in word.select_one("del").get_text()
    assert "Nhầm dự án" in word.get_text()
    assert "Rút lại" not in word.get_text()
    zone_officer.get(link["href"])
    assert zone_officer.submit(reason="Lần nữa").status_code == 409
    zone_officer.get(f"/projects/{codes[0]}/history?field=marks")
    assert "Rút ghi nhận chậm tiến độ" in zone_officer.words
    assert "Lý do rút: Nhầm dự án" in zone_officer.words.replace("sau: ", "")


def test_who_may_not_mark_is_offered_nothing(
    app: Flask, laid: Desk, codes: list[str], zone_officer: Browser, sign_in_as
) -> None:
    zone_officer.get(address(codes[0]))
    zone_officer.submit(**TYPED)
    [mark] = marks(app)
    path = f"/projects/{codes[0]}/marks/{mark.id}/withdraw"
    with opened(app) as db:
        stranger = officer(db, laid, Role.ZONE_OFFICER, laid.kon_tum, email="kt@example.org").id
    assert browser_of(app, stranger).get(path).status_code == 404
    for role in (Role.LEADER, Role.AUDITOR, Role.READER, Role.CENTRE_OFFICER, Role.ADMINISTRATOR):
        reader = sign_in_as(role)
        reader.get(f"/projects/{codes[0]}")
        shown = reader.soup.select_one("#marks")
        assert "Xác nhận chậm tiến độ" in shown.get_text()
        assert shown.select("a") == [], role
        assert reader.get(address(codes[0])).status_code == 404
        assert reader.get(path).status_code == 404
    finance = sign_in_as(Role.FINANCE_OFFICER)
    finance.get(f"/projects/{codes[0]}")
    assert [a.get_text()[:7] for a in finance.soup.select("#marks a")] == ["Rút lại"]
    finance.get(path)
    assert finance.submit(reason="Trùng với văn bản khác").status_code == 303


def test_the_past_shows_the_marks_of_that_day(
    app: Flask, laid: Desk, codes: list[str], zone_officer: Browser
) -> None:
    zone_officer.get(address(codes[0]))
    zone_officer.submit(**TYPED)
    with time_machine.travel(datetime(2026, 11, 25, 3, 0, tzinfo=UTC), tick=False):
        with opened(app) as db:
            person = officer(db, laid, Role.ZONE_OFFICER, laid.mang_den, email="sau@example.org").id
        later = browser_of(app, person)
        later.get(f"/projects/{codes[0]}?as_of=2026-11-22")
        assert later.soup.select("#marks") == []
        later.get(f"/projects/{codes[0]}?as_of=2026-11-23")
        assert "Xác nhận chậm" in later.soup.select_one("#marks").get_text()
        assert later.soup.select("#marks a") == []
