"""A real server under the hand of the bench: started, asked, and its processor time read."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from portfolio.bench.processor import DatabaseServer, children, used
from portfolio.settings import CHECKOUT

_SETTLED = 0.002
_IDLE = 3.0
"""The server ends a connection that is silent for five seconds."""


class NoServer(RuntimeError):
    """The server did not come up."""


@dataclass(frozen=True)
class Answer:
    """One answer, and what it cost: milliseconds of processor in the program and in the database."""

    status: int
    body: str
    location: str
    cpu_ms: float
    database_ms: float
    wall_ms: float


class Server:
    """One worker with one thread that serves on the loopback interface."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, database_url: str) -> None:
        """Wrap a server that was just started; `wait` for it before asking."""
        self.process, self.port = process, port
        self.database = DatabaseServer(database_url)
        self.connection: HTTPConnection | None = None
        self.asked_at = 0.0
        self.worker = 0

    def ask(
        self, method: str, path: str, cookies: Mapping[str, str], fields: Mapping[str, str] | None
    ) -> tuple[Answer, dict[str, str]]:
        """Send one request; returns the answer with its cost, and the cookies it sets."""
        body = None if fields is None else urlencode(fields)
        headers = {
            "Accept-Language": "vi",
            "Cookie": "; ".join(f"{n}={v}" for n, v in cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://127.0.0.1:{self.port}"
        connection = self._connected()
        own, database = self._cpu()
        begun = time.perf_counter()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        wall = time.perf_counter() - begun
        own_after, database_after = self._settled()
        self.asked_at = time.monotonic()
        cost = (own_after - own) / 1e6, (database_after - database) / 1e6, wall * 1e3
        return Answer(answer.status, text, answer.getheader("Location", ""), *cost), _cookies(
            answer
        )

    def _connected(self) -> HTTPConnection:
        if self.connection is None or time.monotonic() - self.asked_at > _IDLE:
            if self.connection is not None:
                self.connection.close()
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
            self.connection.connect()
        return self.connection

    def _settled(self) -> tuple[int, int]:
        """The processor time when the server has put away what it had in hand after answering."""
        last = self._cpu()
        for _ in range(50):
            time.sleep(_SETTLED)
            now = self._cpu()
            if now == last:
                break
            last = now
        return last

    def _cpu(self) -> tuple[int, int]:
        """Nanoseconds of processor so far: the worker's, and those of PostgreSQL's processes."""
        return used(self.worker), self.database.used()

    def wait(self) -> None:
        """Return when it answers."""
        for _ in range(240):
            if self.process.poll() is not None:
                break
            try:
                probe = HTTPConnection("127.0.0.1", self.port, timeout=5)
                probe.request("GET", "/healthz")
                probe.getresponse().read()
                probe.close()
            except (OSError, HTTPException):
                time.sleep(0.25)
                continue
            (self.worker,) = children(self.process.pid)
            return
        message = "the server did not start; its log is beside the scratch database"
        raise NoServer(message)


@contextmanager
def serving(program: str, settings: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Run a program in the web server that `bin/run` uses, with one worker and one thread."""
    port = _free_port()
    command = [
        sys.executable, "-m", "gunicorn", "--config", str(CHECKOUT / "deploy" / "gunicorn.conf.py"),
        "--workers", "1", "--threads", "1", "--max-requests", "0",
        "--bind", f"127.0.0.1:{port}", program,
    ]  # fmt: skip
    with log.open("ab") as said:
        process = subprocess.Popen(  # noqa: S603  our own server
            command, cwd=CHECKOUT, env=dict(settings), stdout=said, stderr=said
        )
    server = Server(process, port, settings["PORTFOLIO_DATABASE_URL"])
    try:
        server.wait()
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _cookies(answer: HTTPResponse) -> dict[str, str]:
    pairs = [line.split(";")[0].partition("=") for line in answer.headers.get_all("Set-Cookie", [])]
    return {name: value for name, _, value in pairs}
