"""One-time links: a secret that only its holder knows, for one thing, until a day, once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.office import one_time_links, outbox, secret_links
from portfolio.office.one_time_links import (
    EndedLink,
    LinkFile,
    LinkState,
    MadeLink,
    OneTimeLink,
    find_link,
    forget_drafts,
    last_day_of,
    links_for,
    make_link,
    note_opened,
    reopen_link,
    revoke_link,
    state_of_link,
    unsent_files,
    use_link,
)
from portfolio.office.people import Outbox
from portfolio.office.trail import Origin
from tests.conftest import AT
from tests.office.conftest import opened
from tests.register.desk import lay_out, log

LAST = date(2026, 12, 22)
ABOUT = {"kind": "Q", "period": "2026-Q3"}
END = datetime(2026, 12, 22, 17, 0, tzinfo=UTC)
"""Midnight after the last day, in Viet Nam."""


@pytest.fixture
def project_id(db: Session) -> int:
    project = log(db, lay_out(db))
    db.commit()
    return project.id


def made(db: Session, project_id: int, at: datetime = AT, **more) -> MadeLink:
    given = {"purpose": "report", "subject": ABOUT, "last_day": LAST} | more
    return make_link(db, project_id=project_id, origin=Origin(None, at), **given)


def token(link: MadeLink) -> str:
    return link.address.rpartition("/")[2]


def test_the_address_is_built_from_the_settings_and_holds_256_bits(db, project_id) -> None:
    first = made(db, project_id)
    assert first.address.startswith("http://127.0.0.1:8000/answer/")
    assert len(token(first)) == 43
    assert token(first) != token(made(db, project_id, subject={"kind": "Y", "period": "2025"}))


def test_neither_the_link_nor_a_waiting_mail_holds_the_secret(db, project_id) -> None:
    link = made(db, project_id)
    secret = token(link)
    outbox.put(db, "a@example.org", "Báo cáo", f"Mở {link.place} nhé", AT)
    db.commit()
    assert secret not in link.place
    assert secret not in db.scalars(select(Outbox.body)).one()
    row = db.scalars(select(OneTimeLink)).one()
    assert secret.encode() not in row.token_hash
    assert secret not in repr([getattr(row, c.name) for c in OneTimeLink.__table__.columns])


def test_the_mail_carries_the_link_and_the_link_knows_that_it_went(db, project_id) -> None:
    link, sent = made(db, project_id), []
    outbox.put(db, "a@example.org", "Báo cáo", f"Mở {link.place} nhé", AT)
    db.commit()
    assert state_of_link(link.link, AT) is LinkState.MADE
    gone = AT + timedelta(minutes=1)
    assert outbox.send_waiting(db, gone, sent.append) == 1
    assert f"Mở {link.address} nhé" in sent[0].get_content()
    db.refresh(link.link)
    assert link.link.sent_at == gone
    assert state_of_link(link.link, gone) is LinkState.SENT


def test_a_mail_that_failed_has_not_been_sent(db, project_id) -> None:
    def away(_letter) -> None:
        raise ConnectionRefusedError

    link = made(db, project_id)
    outbox.put(db, "a@example.org", "Báo cáo", link.place, AT)
    db.commit()
    assert outbox.send_waiting(db, AT, away) == 0
    db.refresh(link.link)
    assert link.link.sent_at is None


@pytest.mark.parametrize("way", ["revoked", "used", "ended"])
def test_the_mail_of_a_link_that_is_of_no_use_any_more_is_not_sent(db, project_id, way) -> None:
    link, sent = made(db, project_id), []
    outbox.put(db, "a@example.org", "Báo cáo", link.place, AT)
    if way == "revoked":
        revoke_link(link.link, Origin(None, AT))
    if way == "used":
        use_link(link.link, {"said": 1}, AT)
    db.commit()
    assert outbox.send_waiting(db, END if way == "ended" else AT, sent.append) == 0
    assert (sent, db.scalars(select(Outbox)).all()) == ([], [])


def test_a_mark_of_an_unknown_kind_is_left_as_it_stands(db, project_id) -> None:
    del project_id
    words, sent = "{other link " + "0" * 64 + "}", []
    outbox.put(db, "a@example.org", "Báo cáo", words, AT)
    db.commit()
    outbox.send_waiting(db, AT, sent.append)
    assert words in sent[0].get_content()


def test_a_link_works_until_the_end_of_its_last_day_in_viet_nam(db, project_id) -> None:
    link = made(db, project_id)
    assert link.link.expires_at == END
    assert last_day_of(link.link) == LAST
    assert find_link(db, token(link), END - timedelta(seconds=1)) is link.link
    with pytest.raises(EndedLink):
        find_link(db, token(link), END)
    assert state_of_link(link.link, END) is LinkState.ENDED


@pytest.mark.parametrize("wrong", ["", "x", "x" * 43, "x" * 5000, "\0", "é" * 43, "%00"])
def test_what_never_was_a_link_opens_nothing(db, project_id, wrong) -> None:
    made(db, project_id)
    with pytest.raises(EndedLink):
        find_link(db, wrong, AT)


def test_a_second_link_for_the_same_revokes_the_first_and_takes_over_what_was_typed(
    db, project_id
) -> None:
    first = made(db, project_id)
    first.link.answer = {"typed": [["wishes", "Cần điện"]]}
    first.link.files.append(_file())
    db.commit()
    later = AT + timedelta(days=1)
    second = made(db, project_id, later)
    db.commit()
    with pytest.raises(EndedLink):
        find_link(db, token(first), later)
    assert (first.link.revoked_at, first.link.revoked_by) == (later, "portfolio")
    assert (first.link.answer, first.link.files) == (None, [])
    assert second.link.answer == {"typed": [["wishes", "Cần điện"]]}
    assert [file.name for file in second.link.files] == ["a.jpg"]
    assert find_link(db, token(second), later) is second.link


def test_a_link_for_something_else_stays(db, project_id) -> None:
    first = made(db, project_id)
    made(db, project_id, subject={"kind": "Q", "period": "2026-Q4"})
    made(db, project_id, purpose="review")
    assert find_link(db, token(first), AT) is first.link
    assert len(links_for(db, "report", project_id)) == 2
    assert links_for(db, "report", project_id, ABOUT) == [first.link]


def test_the_first_opening_is_kept_and_no_later_one(app, db, project_id) -> None:
    link = made(db, project_id).link
    db.commit()
    note_opened(link, AT + timedelta(hours=1))
    db.refresh(link)
    note_opened(link, AT + timedelta(hours=2))
    with opened(app) as session:
        found = session.scalars(select(OneTimeLink)).one()
        assert found.opened_at == AT + timedelta(hours=1)
        assert state_of_link(found, AT) is LinkState.OPENED


def test_an_answer_uses_the_link_and_it_is_still_found(db, project_id) -> None:
    link = made(db, project_id)
    link.link.files.append(_file())
    use_link(link.link, {"sha256": "0"}, AT)
    db.commit()
    assert find_link(db, token(link), AT).answer == {"sha256": "0"}
    assert (link.link.files, link.link.opened_at) == ([], AT)
    revoke_link(link.link, Origin(None, AT))
    assert link.link.revoked_at is None, "what was answered cannot be revoked"
    assert state_of_link(link.link, END) is LinkState.USED
    reopen_link(link.link)
    assert (link.link.answer, state_of_link(link.link, AT)) == (None, LinkState.OPENED)


def test_what_nobody_sent_is_dropped_when_the_link_has_ended(db, project_id) -> None:
    old = made(db, project_id).link
    old.answer = {"typed": []}
    old.files.append(_file())
    used = made(db, project_id, subject={"kind": "Y", "period": "2025"}).link
    use_link(used, {"sha256": "0"}, AT)
    db.commit()
    assert unsent_files(db, END - timedelta(seconds=1)) == []
    assert [file.name for file in unsent_files(db, END)] == ["a.jpg"]
    forget_drafts(db, END)
    db.expire_all()
    assert (old.answer, used.answer) == (None, {"sha256": "0"})


def test_a_link_of_one_kind_is_none_of_another(app) -> None:
    with app.app_context():
        mark = secret_links.new_mark()
        other = secret_links.LinkKind("other", "/other/", lambda *_: True)
        assert secret_links.token_of(one_time_links.KIND, mark) != secret_links.token_of(
            other, mark
        )


def _file() -> LinkFile:
    return LinkFile(
        name="a.jpg",
        media_type="image/jpeg",
        size=1,
        sha256="0" * 64,
        stored_as="aa/aa",
        uploaded_at=AT,
    )
