"""Mail: it waits, is tried again, goes once, and never holds a door open."""

import smtplib
import socketserver
import threading
from datetime import timedelta

import pytest

from portfolio.office import outbox
from portfolio.office.people import Outbox
from tests.conftest import AT
from tests.office.conftest import opened


def put(app, to="an@example.org", subject="Báo cáo đến hạn", body="Kính gửi"):
    with opened(app) as session:
        outbox.put(session, to, subject, body, AT)
        session.commit()


def run(app, at, send):
    with opened(app) as session:
        return outbox.send_waiting(session, at, send)


def failing(_letter):
    words = "gone away"
    raise smtplib.SMTPServerDisconnected(words)


def test_a_message_goes_once_and_its_text_is_dropped(app):
    put(app)
    sent = []
    assert run(app, AT, sent.append) == 1
    assert run(app, AT + timedelta(days=1), sent.append) == 0
    assert [letter["To"] for letter in sent] == ["an@example.org"]
    assert sent[0]["Subject"] == "Báo cáo đến hạn"
    with opened(app) as session:
        row = session.query(Outbox).one()
        assert (row.sent_at, row.body, row.attempts) == (AT, "", 1)


def test_it_is_tried_again_after_one_five_thirty_minutes_and_six_hours_then_stays_with_its_error(
    app,
):
    put(app)
    at, waits = AT, []
    for _ in range(5):
        assert run(app, at, failing) == 0
        with opened(app) as session:
            row = session.query(Outbox).one()
            following = row.next_attempt_at
        if following is None:
            break
        assert run(app, following - timedelta(seconds=1), failing) == 0
        waits.append(following - at)
        at = following
    assert waits == [
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=6),
    ]
    with opened(app) as session:
        row = session.query(Outbox).one()
        assert (row.attempts, row.next_attempt_at, row.sent_at) == (5, None, None)
        assert "gone away" in row.error
        assert outbox.stuck(session) == [row]


def test_one_bad_message_does_not_keep_the_others(app):
    put(app, to="bad@example.org")
    put(app, to="good@example.org")
    sent = []

    def send(letter):
        if letter["To"] == "bad@example.org":
            raise smtplib.SMTPRecipientsRefused({})
        sent.append(letter)

    assert run(app, AT, send) == 1
    assert sent[0]["To"] == "good@example.org"


@pytest.mark.parametrize(
    "bad", ["a@example.org\r\nBcc: b@example.org", "a\n@example.org", "a\0@example.org"]
)
def test_a_line_break_in_the_head_is_refused(app, bad):
    with opened(app) as session:
        with pytest.raises(outbox.BadMail):
            outbox.put(session, bad, "Chào", "x", AT)
        with pytest.raises(outbox.BadMail):
            outbox.put(session, "a@example.org", bad, "x", AT)


def test_without_a_server_nothing_is_sent_and_everything_waits(app):
    put(app)
    with opened(app) as session:
        assert outbox.send_waiting(session, AT) == 0
        assert session.query(Outbox).one().attempts == 0


def test_a_server_that_is_away_counts_as_one_try(app):
    put(app)
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    try:
        with opened(app) as session:
            assert outbox.send_waiting(session, AT) == 0
            row = session.query(Outbox).one()
            assert row.attempts == 1
            assert row.next_attempt_at == AT + timedelta(minutes=1)
    finally:
        app.config["SMTP_URL"] = ""


def test_messages_older_than_a_month_are_thrown_away(app):
    put(app)
    with opened(app) as session:
        outbox.forget_old(session, AT + timedelta(days=31))
        assert session.query(Outbox).count() == 1, "one that still waits is kept"
    run(app, AT, [].append)
    with opened(app) as session:
        outbox.forget_old(session, AT + timedelta(days=31))
        assert session.query(Outbox).count() == 0


class Mailbox(socketserver.StreamRequestHandler):
    """As much of a mail server as a letter needs."""

    def handle(self):
        self.wfile.write(b"220 ready\r\n")
        body = False
        for line in self.rfile:
            if body:
                self.server.lines.append(line.decode())
                if line == b".\r\n":
                    body = False
                    self.wfile.write(b"250 ok\r\n")
                continue
            word = line[:4].upper()
            body = word == b"DATA"
            self.wfile.write(
                {b"DATA": b"354 go\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 ok\r\n")
            )
            if word == b"QUIT":
                return


def test_a_letter_reaches_a_real_server(app):
    with socketserver.TCPServer(("127.0.0.1", 0), Mailbox) as server:
        server.lines = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        put(app)
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{server.server_address[1]}"
        app.config["MAIL_FROM"] = "so-du-an@example.org"
        try:
            with opened(app) as session:
                assert outbox.send_waiting(session, AT) == 1
        finally:
            app.config["SMTP_URL"], app.config["MAIL_FROM"] = "", ""
            server.shutdown()
    letter = "".join(server.lines)
    assert "From: so-du-an@example.org" in letter
    assert "To: an@example.org" in letter
