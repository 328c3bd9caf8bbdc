"""Saved views: kept, found again, renamed, shared and deleted; each belongs to somebody."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portfolio.office.people import Office, OfficeKind, Role, User
from portfolio.office.trail import Origin, TrailEntry
from portfolio.register import views
from portfolio.register.views import SavedView
from tests.browser import SITE, Browser
from tests.conftest import AT, add_office, add_person
from tests.office.conftest import opened
from tests.register.desk import Desk, browser_of, officer

VIEWS = "/projects/views"


@pytest.fixture
def mine(app: Flask, laid: Desk) -> Browser:
    """A finance officer."""
    with opened(app) as db:
        person = officer(db, laid, Role.FINANCE_OFFICER).id
    return browser_of(app, person)


@pytest.fixture
def colleague(app: Flask, laid: Desk, mine: Browser) -> Browser:
    """Another finance officer, of the same office."""
    with opened(app) as db:
        person = officer(db, laid, Role.FINANCE_OFFICER, email="colleague@example.org").id
    return browser_of(app, person)


@pytest.fixture
def stranger(app: Flask, laid: Desk) -> Browser:
    """A finance officer of another office."""
    with opened(app) as db:
        other = add_office(db, Origin(None, AT), "elsewhere", OfficeKind.FINANCE)
        person = add_person(
            db, db.get_one(Office, other.id), Role.FINANCE_OFFICER, email="else@example.org"
        ).id
    return browser_of(app, person)


def keep(
    browser: Browser, address: str = "/projects?listing=licensed&sort=-capital&col=code", **typed
):
    browser.get(address)
    return browser.submit(VIEWS, **({"name": "Vốn lớn nhất"} | typed))


def kept(app: Flask) -> list[SavedView]:
    with opened(app) as db:
        found = list(db.scalars(select(SavedView).order_by(SavedView.id)))
        db.expunge_all()
        return found


def menu(browser: Browser) -> list[str]:
    browser.get("/projects")
    return [" ".join(item.get_text(" ").split()) for item in browser.soup.select(".views li")]


def test_a_list_is_kept_with_filters_order_and_columns(app, mine):
    assert keep(mine).status_code == 303
    mine.follow()
    assert "Đã lưu danh sách “Vốn lớn nhất”." in mine.words
    assert mine.soup.h1.get_text() == "Vốn lớn nhất"
    (view,) = kept(app)
    assert (view.name, view.query, view.columns) == (
        "Vốn lớn nhất",
        "listing=licensed&sort=-capital",
        "code,project",
    )
    assert (view.shared, view.owner_name) == (False, "Người finance_officer")
    mine.get("/projects")
    (link,) = mine.soup.select(".views a")
    mine.get(f"/projects{link['href']}")
    assert "Danh sách: Đã cấp phép" in mine.words
    assert len(mine.soup.select(".register th[aria-sort]")) <= 1
    assert mine.soup.select_one('.views a[aria-current="true"]').get_text() == "Vốn lớn nhất"


def test_a_page_or_a_day_is_not_part_of_a_view(app, mine):
    keep(mine, "/projects?as_of=2026-11-22&size=25&q=x&after=abc")
    (view,) = kept(app)
    assert (view.query, view.columns) == ("q=x", "")


def test_a_name_taken_is_refused_in_words_and_nothing_is_lost(app, mine):
    keep(mine)
    answer = keep(mine, "/projects?q=mai", name=" vốn LỚN nhất ")
    assert answer.status_code == 409
    assert "Đã có danh sách lưu tên “Vốn lớn nhất”; đặt tên khác" in mine.words
    assert mine.soup.select_one("main form #name")["value"] == " vốn LỚN nhất "
    assert mine.fields(VIEWS)["query"] == "q=mai"
    assert mine.submit(VIEWS, name="Khác").status_code == 303
    assert [view.query for view in kept(app)] == ["listing=licensed&sort=-capital", "q=mai"]


@pytest.mark.parametrize(
    "name", ["", "   ", "?!", "x" * 121], ids=["empty", "blank", "marks", "long"]
)
def test_a_name_is_needed(app, mine, name):
    assert keep(mine, name=name).status_code == 422
    assert "Nhập tên danh sách, không quá 120 ký tự" in mine.words
    assert kept(app) == []


def test_two_people_may_use_one_name(app, mine, colleague):
    assert keep(mine).status_code == keep(colleague).status_code == 303
    assert len(kept(app)) == 2


def test_sharing_reaches_the_office_and_nobody_else(app, mine, colleague, stranger):
    keep(mine, shared="y")
    assert menu(mine) == ["Vốn lớn nhất đã chia sẻ trong cơ quan"]
    assert menu(colleague) == ["Vốn lớn nhất Người finance_officer chia sẻ"]
    assert menu(stranger) == []
    mine.get(VIEWS)
    view = kept(app)[0]
    assert mine.submit(f"{VIEWS}/{view.id}/share").status_code == 303
    assert menu(colleague) == []
    mine.get(VIEWS)
    mine.submit(f"{VIEWS}/{view.id}/share")
    assert menu(colleague) != []


def test_own_views_stand_before_shared_ones(app, mine, colleague):
    keep(mine, name="A của tôi", shared="y")
    keep(colleague, name="B của đồng nghiệp")
    assert [words.split()[0] for words in menu(colleague)] == ["B", "A"]


def test_who_may_not_share_keeps_views_to_oneself(app, laid):
    with opened(app) as db:
        reader = officer(db, laid, Role.READER).id
    browser = browser_of(app, reader)
    browser.get("/projects")
    assert not browser.soup.select("#view-shared")
    assert keep(browser, shared="y").status_code == 303
    assert kept(app)[0].shared is False
    browser.get(VIEWS)
    token = browser.soup.select_one("[name=csrf_token]")["value"]
    answer = browser.client.post(
        f"{VIEWS}/{kept(app)[0].id}/share", data={"csrf_token": token, "shared": "y"}, headers=SITE
    )
    assert answer.status_code == 404


def test_a_view_is_renamed(app, mine):
    keep(mine)
    keep(mine, name="Hai")
    first, second = kept(app)
    mine.get(f"{VIEWS}/{second.id}/rename")
    assert mine.soup.select_one("#name")["value"] == "Hai"
    assert mine.submit(name="VON LON NHAT").status_code == 409
    assert "Đã có danh sách lưu tên" in mine.words
    assert mine.submit(name="Ba").status_code == 303
    assert [view.name for view in kept(app)] == ["Vốn lớn nhất", "Ba"]
    mine.get(f"{VIEWS}/{first.id}/rename")
    # The same view may change the case of its own name.
    assert mine.submit(name="VỐN LỚN NHẤT").status_code == 303


def test_deleting_asks_first_and_touches_no_project(app, mine):
    keep(mine, shared="y")
    view = kept(app)[0]
    mine.get(f"{VIEWS}/{view.id}/delete")
    assert "Các dự án trong đó không thay đổi." in mine.words
    assert "Cả cơ quan sẽ không còn thấy danh sách này." in mine.words
    with opened(app) as db:
        entries = db.scalar(select(func.count()).select_from(TrailEntry))
    assert mine.submit().status_code == 303
    assert kept(app) == []
    with opened(app) as db:
        assert db.scalar(select(func.count()).select_from(TrailEntry)) == entries


def test_nobody_changes_the_view_of_another(app, mine, colleague, stranger):
    keep(mine, shared="y")
    view = kept(app)[0]
    for browser in (colleague, stranger):
        browser.get("/projects")
        token = browser.soup.select_one("[name=csrf_token]")["value"]
        for act in ("rename", "share", "delete"):
            if act != "share":
                assert browser.get(f"{VIEWS}/{view.id}/{act}").status_code == 404
            answer = browser.client.post(
                f"{VIEWS}/{view.id}/{act}", data={"csrf_token": token, "name": "x"}, headers=SITE
            )
            assert answer.status_code == 404
    assert mine.get(f"{VIEWS}/{view.id + 1}/rename").status_code == 404
    assert [(one.name, one.shared) for one in kept(app)] == [("Vốn lớn nhất", True)]


def test_a_posted_query_cannot_leave_the_list(app, mine):
    keep(mine)
    mine.get("/projects")
    answer = mine.submit(
        VIEWS, name="Xấu", query="x=1#/../evil\r\nSet-Cookie: a=b", columns="code,<b>"
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/projects?")
    assert "Set-Cookie: a=b" not in str(answer.headers)
    assert mine.follow().status_code == 200
    assert [(view.query, view.columns) for view in kept(app)][1] == ("", "code")


def test_there_is_an_end_to_the_number_of_views(app, mine, monkeypatch):
    monkeypatch.setattr(views, "MOST_VIEWS", 1)
    keep(mine)
    assert keep(mine, name="Hai").status_code == 422
    assert "Đã có 1 danh sách lưu" in mine.words
    assert keep(mine, "/projects?q=" + "+".join(["abc"] * 30), name="Ba").status_code == 422


def test_a_query_longer_than_an_address_is_refused(app, laid):
    with opened(app) as db:
        person = officer(db, laid, Role.FINANCE_OFFICER)
        with pytest.raises(views.LongQuery):
            views.save_view(
                db, name="x", query="q" * 2001, columns="", shared=False, by=person, at=AT
            )
        assert db.scalar(select(func.count()).select_from(User)) == 1
