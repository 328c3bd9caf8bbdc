"""A PostgreSQL server for one run of the tests: a temporary folder, a Unix socket, nothing kept.

    python -m tests.postgres pytest -n 2 …     starts it, sets PORTFOLIO_TEST_DATABASE, runs, stops

The server refuses to run as root, so a run as root hands it to the user ``postgres`` that Debian's
package makes. It gives up durability (no fsync): a test database need not survive a power cut.
"""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

USER = "portfolio"
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "128MB",
}


def start() -> str:
    """Start a server of its own and return its SQLAlchemy address; it stops when Python ends.

    Raises `RuntimeError` with the server's own words if it does not come up.
    """
    folder = Path(tempfile.mkdtemp(prefix="portfolio-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, log = folder / "data", folder / "log"
    _run("initdb", "--pgdata", data, "--username", USER, "--auth", "trust", "--no-sync",
         "--encoding", "UTF8", "--locale", "C.UTF-8")  # fmt: skip
    server = _start_server(data, folder, log)
    atexit.register(_stop, server)
    _wait(server, folder, log)
    return f"postgresql+psycopg://{USER}@/postgres?host={folder}"


def programs() -> Path:
    """The folder of the newest PostgreSQL installed, or `RuntimeError` saying what to install."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if not found:
        message = "PostgreSQL is not installed; bin/setup test installs it."
        raise RuntimeError(message)
    return found[-1].parent


def _command(name: str, *arguments: object) -> list[str]:
    # The death of this process takes the server with it, even when it is killed.
    drop = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        drop += ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
    return [*drop, "--", str(programs() / name), *map(str, arguments)]


def _run(name: str, *arguments: object) -> None:
    done = subprocess.run(
        _command(name, *arguments), cwd="/", capture_output=True, text=True, check=False
    )
    if done.returncode:
        message = f"{name} failed:\n{done.stdout}{done.stderr}"
        raise RuntimeError(message)


def _start_server(data: Path, sockets: Path, log: Path) -> subprocess.Popen[bytes]:
    settings = {**SETTINGS, "unix_socket_directories": str(sockets)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with log.open("wb") as out:
        return subprocess.Popen(
            _command("postgres", "-D", data, *options),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )


def _wait(server: subprocess.Popen[bytes], sockets: Path, log: Path) -> None:
    for _ in range(300):
        answer = subprocess.run(
            [programs() / "pg_isready", "--quiet", "--host", sockets, "--username", USER],
            check=False,
        )
        if answer.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    message = f"PostgreSQL did not start:\n{log.read_text(errors='replace')}"
    raise RuntimeError(message)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # "fast": closes in order, waits for no client
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("PostgreSQL for the tests: told to stop."))
    os.environ["PORTFOLIO_TEST_DATABASE"] = start()
    sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
