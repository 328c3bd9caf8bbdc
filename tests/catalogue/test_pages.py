"""Asking for a catalogue on screen, following the job, and taking the file home."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portfolio.office.job import Job, JobState
from portfolio.office.people import Role
from tests.catalogue.shelf import fill_shelf
from tests.office.conftest import make_person, opened, sign_in


@pytest.fixture
def shelf(app):
    make_person(app, Role.ADMINISTRATOR)
    with opened(app) as db:
        return fill_shelf(db)


@pytest.fixture
def officer(app, shelf):
    return sign_in(app, make_person(app, Role.CENTRE_OFFICER))


@pytest.fixture
def jobs_of(app):
    def read() -> list[Job]:
        with opened(app) as db:
            found = list(db.scalars(select(Job).order_by(Job.id)))
            db.expunge_all()
            return found

    return read


@pytest.fixture
def without_worker(monkeypatch):
    """Jobs wait: nobody hears of them."""
    monkeypatch.setattr("portfolio.office.queue.send", lambda _job_id: None)


def test_the_page_says_how_many_projects_there_will_be(officer, shelf) -> None:
    assert officer.get("/catalogue").status_code == 200
    assert "3 dự án kêu gọi đầu tư sẽ có trong tập danh mục." in officer.words
    officer.get(f"/catalogue?zone={shelf.park}")
    assert "1 dự án kêu gọi đầu tư" in officer.words
    chosen = officer.soup.select_one("#zone option[selected]")
    assert chosen is not None
    assert chosen["value"] == str(shelf.park)
    assert officer.fields("/catalogue")["zone"] == str(shelf.park)


@pytest.mark.parametrize("query", ["zone=999", "zone=x", "sector=-1", "place=0"])
def test_what_is_not_offered_is_refused(officer, query) -> None:
    assert officer.get(f"/catalogue?{query}").status_code == 422


def test_a_zone_of_others_is_not_offered(app, shelf) -> None:
    leader = make_person(app, Role.LEADER, zone_ids=(shelf.city,))
    browser = sign_in(app, leader)
    browser.get("/catalogue")
    assert "1 dự án kêu gọi đầu tư" in browser.words
    assert browser.get(f"/catalogue?zone={shelf.park}").status_code == 422


@pytest.mark.parametrize("role", [Role.ZONE_OFFICER, Role.AUDITOR, Role.READER, Role.ADMINISTRATOR])
def test_others_have_no_such_page(app, shelf, role) -> None:
    person = make_person(app, role, email=f"other-{role.value}@example.org")
    browser = sign_in(app, person)
    assert browser.get("/catalogue").status_code == 404


def test_from_the_form_to_the_file(officer, shelf, jobs_of) -> None:
    officer.get(f"/catalogue?sector={shelf.energy}")
    answer = officer.submit(
        "/catalogue", language="vi", ordered_by="zone", title="Cơ hội đầu tư: 2026/27"
    )
    assert answer.status_code == 303
    (job,) = jobs_of()
    assert job.state is JobState.DONE, job.error
    officer.follow()
    assert "Tệp đã sẵn sàng" in officer.words
    link = officer.soup.select_one(f'a[href="/jobs/{job.ref}/file"]')
    assert link is not None
    sent = officer.get(f"/jobs/{job.ref}/file")
    assert sent.status_code == 200
    assert sent.mimetype == "application/pdf"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    disposition = sent.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert (
        "filename*=UTF-8''C%C6%A1%20h%E1%BB%99i%20%C4%91%E1%BA%A7u%20t%C6%B0%202026%2027"
        in disposition
    )
    reader = PdfReader(BytesIO(sent.data))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "KT-0001" in text
    assert "KT-0003" in text
    assert "KT-0002" not in text
    assert "KT-0004" not in text
    assert reader.metadata is not None
    assert reader.metadata.title is not None
    assert reader.metadata.title.startswith("Cơ hội đầu tư: 2026/27")
    sent.close()


def test_the_same_form_twice_is_one_job(officer, jobs_of, without_worker) -> None:
    officer.get("/catalogue")
    fields = officer.fields("/catalogue")
    first = officer.submit("/catalogue").headers["Location"]
    again = officer.client.post("/catalogue", data=fields, headers={"Origin": "http://localhost"})
    assert again.headers["Location"] == first
    assert len(jobs_of()) == 1


def test_an_empty_choice_is_told_before_anybody_works(officer, shelf, jobs_of) -> None:
    officer.get(f"/catalogue?sector={shelf.tourism}&zone={shelf.park}")
    answer = officer.submit("/catalogue")
    assert answer.status_code == 422
    assert "Không có dự án kêu gọi đầu tư nào phù hợp" in officer.words
    assert jobs_of() == []


def test_a_mistake_in_the_form_keeps_the_choice_and_the_text(officer, shelf, jobs_of) -> None:
    officer.get(f"/catalogue?zone={shelf.park}")
    answer = officer.submit("/catalogue", title="ậ" * 121)
    assert answer.status_code == 422
    assert officer.fields("/catalogue")["title"] == "ậ" * 121
    assert officer.fields("/catalogue")["zone"] == str(shelf.park)
    assert jobs_of() == []


def test_twenty_an_hour(officer, jobs_of, without_worker) -> None:
    for number in range(20):
        officer.get("/catalogue")
        assert officer.submit("/catalogue", title=f"Lần {number}").status_code == 303
    officer.get("/catalogue")
    answer = officer.submit("/catalogue", title="Một lần nữa")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 3000
    assert len(jobs_of()) == 20


def test_missing_fonts_are_told_with_their_cure(officer, jobs_of, monkeypatch) -> None:
    monkeypatch.setattr("portfolio.catalogue.fonts._look_up", lambda _face: None)
    monkeypatch.setattr("portfolio.catalogue.fonts._is_complete", lambda _face: False)
    officer.get("/catalogue")
    officer.submit("/catalogue")
    (job,) = jobs_of()
    assert job.state is JobState.FAILED
    officer.get(f"/jobs/{job.ref}")
    assert "apt-get install --no-install-recommends fontconfig fonts-noto-core" in officer.words


def test_limits_of_the_server_are_told(app, officer, jobs_of, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "JOB_MEMORY_MB", 40)
    officer.get("/catalogue")
    officer.submit("/catalogue")
    (job,) = jobs_of()
    assert job.state is JobState.FAILED
    officer.get(f"/jobs/{job.ref}")
    assert "vượt giới hạn của máy chủ" in officer.words


# The command ---------------------------------------------------------------------------------


def test_the_command_builds_the_same(app, shelf, tmp_path) -> None:
    out = tmp_path / "tap.pdf"
    runner = app.test_cli_runner()
    done = runner.invoke(
        args=["catalogue", "build", "--lang", "en", "--on", "2026-11-22", "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    assert "projects 3," in done.output
    first = out.read_bytes()
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(first)).pages)
    assert "22 November 2026" in text
    assert "Clear Water Hydropower" in text
    assert [path.name for path in tmp_path.iterdir()] == ["tap.pdf"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--sector", "nope"], r"no sector with the key nope. Known: energy, tourism"),
        (["--zone", "nope"], r"no zone with the key nope. Known: city, inner, park"),
        (["--place", "000"], r"no administrative unit with the code 000"),
        (["--sector", "tourism", "--zone", "park"], r"Không có dự án|No solicited project"),
        (["--on", "2026-02-30"], r"no day such as"),
        (["--lang", "ja"], r"not one of"),
    ],
)
def test_the_command_says_what_is_wrong(app, shelf, tmp_path, options, words) -> None:
    out = tmp_path / "x.pdf"
    done = app.test_cli_runner().invoke(args=["catalogue", "build", "--out", str(out), *options])
    assert done.exit_code != 0
    assert re.search(words, done.output)
    assert not out.exists()


def test_the_command_narrows(app, shelf, tmp_path) -> None:
    out = tmp_path / "x.pdf"
    options = ["--zone", "park", "--place", "23473", "--sector", "energy"]
    done = app.test_cli_runner().invoke(args=["catalogue", "build", "--out", str(out), *options])
    assert "projects 1," in done.output
