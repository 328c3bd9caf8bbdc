"""Commands of the program, run as an office runs them, and what each costs."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portfolio.bench.processor import DatabaseServer
from portfolio.settings import CHECKOUT

SECRET = hashlib.sha256(b"of a scratch database, known to everybody").hexdigest()
LONGEST = 200
FLASK = ("flask", "--app", "wsgi")
TIMED = ("portfolio.bench.timed",)
MARK = "own "
"""Before the seconds that `timed` tells."""


class CommandFailed(RuntimeError):
    """A command of the program ended with an error; the text is what it said."""


@dataclass(frozen=True)
class Run:
    """What a command cost: seconds of processor, of PostgreSQL's processor, of waiting; megabytes."""

    cpu: float
    database: float
    wall: float
    megabytes: int
    said: str
    own: float = 0.0
    """Seconds of processor after the program was loaded; only of commands that were timed."""


def environment(folder: Path, url: str) -> dict[str, str]:
    """Settings for one scratch database; nothing of the caller's own settings gets in."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PORTFOLIO_") and name != "DATABASE_URL"
    }
    return kept | {
        "PORTFOLIO_SECRET_KEY": SECRET,
        "PORTFOLIO_DATABASE_URL": url,
        "PORTFOLIO_VAR_DIR": str(folder),
        "PORTFOLIO_SEEDS_DIR": str(folder / "seeds"),
    }


def run_command(words: str, settings: Mapping[str, str], *, timed: bool = False) -> Run:
    """Run `flask …` to its end; ``timed``: by `timed`, which tells its own part. Raises `CommandFailed`."""
    database = DatabaseServer(settings["PORTFOLIO_DATABASE_URL"])
    before, begun = database.used(), time.monotonic()
    with subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "-m", *(TIMED if timed else FLASK), *words.split()],
        cwd=CHECKOUT,
        env=dict(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        said = process.stdout.read().decode().strip() if process.stdout else ""
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        message = f"flask {words} failed:\n{said}"
        raise CommandFailed(message)
    own = 0.0
    if timed:
        said, _, told = said.rpartition(MARK)
        said, own = said.strip(), float(told)
    return Run(
        cpu=usage.ru_utime + usage.ru_stime,
        database=(database.used() - before) / 1e9,
        wall=time.monotonic() - begun,
        megabytes=usage.ru_maxrss // 1024,
        said=said.rpartition("\n")[2][:LONGEST],
        own=own,
    )
