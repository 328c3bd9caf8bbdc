"""Scratch databases to measure on: built under `var/bench/`, and built again when what made them changed.

A ground has two states: `filled` as `flask bench fill` leaves it, and `ready` after the first whole
`flask flags evaluate`. What building cost is kept beside it, for it is part of the answer. Only
SQLite's are kept; a PostgreSQL of the bench ends with it.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from portfolio.bench.program import Run, environment, run_command
from portfolio.settings import CHECKOUT

GROUNDS = CHECKOUT / "var" / "bench"
ON = "2026-11-22"
"""The day of the first evaluation."""

_FILLED_BY = (
    "migrations/versions",
    "portfolio/bench/fill.py",
    "portfolio/bench/made_up.py",
    "portfolio/notation/fold.py",
    "portfolio/office/trail.py",
    "portfolio/register/figures.py",
    "portfolio/register/line.py",
    "portfolio/register/line_keeping.py",
    "portfolio/register/search_text.py",
    "portfolio/register/state.py",
    "seeds/sectors.csv",
    "seeds/units.csv",
    "seeds/zones.csv",
)
_READY_BY = (*_FILLED_BY, "portfolio/schedule", "seeds/policy", "seeds/holidays.yaml")


@dataclass
class Ground:
    """A scratch database of some size; ``runs`` are the commands that built it, by name."""

    size: int
    folder: Path
    url: str
    runs: dict[str, Run]
    licensed: bool = False
    """Only licensed projects, of six milestones and ten reports each: for the law of delay."""

    @property
    def settings(self) -> dict[str, str]:
        """What the program's commands and its server are started with."""
        return environment(self.folder, self.url)


def prepare(size: int, postgres: str | None = None, *, licensed: bool = False) -> Ground:
    """The ground of a size, ready to be asked; ``postgres`` is the address of a server to build on."""
    name = f"{size}-licensed" if licensed else f"{size}"
    folder = GROUNDS / f"{'sqlite' if postgres is None else 'postgresql'}-{name}"
    ground = Ground(size, folder, "", _kept_runs(folder), licensed)
    if postgres is not None:
        _start_anew(ground)
        ground.url = _create(postgres, f"bench_{name.replace('-', '_')}")
        _fill(ground)
        _evaluate(ground)
        _tidy(ground.url)
    elif not _is_kept(folder, "ready", _READY_BY):
        if not _is_kept(folder, "filled", _FILLED_BY):
            _start_anew(ground)
            ground.url = _sqlite(folder, "filled")
            _fill(ground)
            _keep(ground, "filled", _FILLED_BY)
        # A run that was cut off may have left this one filled and not yet judged.
        ground.url = _sqlite(folder, "filled")
        ground.url = copy(ground, "ready", "filled")
        _evaluate(ground)
        _keep(ground, "ready", _READY_BY)
    else:
        ground.url = _sqlite(folder, "ready")
    return ground


def _start_anew(ground: Ground) -> None:
    shutil.rmtree(ground.folder, ignore_errors=True)
    ground.folder.mkdir(parents=True)
    # Without the seeds' projects: at every size there shall be made-up ones only, and the same ones.
    no_projects = shutil.ignore_patterns("projects")
    shutil.copytree(CHECKOUT / "seeds", ground.folder / "seeds", ignore=no_projects)


def _fill(ground: Ground) -> None:
    for words in ("db upgrade", "seed"):
        run_command(words, ground.settings)
    kind = " --licensed" if ground.licensed else ""
    ground.runs["fill"] = run_command(f"bench fill {ground.size} --million{kind}", ground.settings)


def _evaluate(ground: Ground) -> None:
    words = f"flags evaluate --all --on {ON}"
    ground.runs["evaluate"] = run_command(words, ground.settings, timed=True)


# One kind of database and the other -----------------------------------------------------------


def copy(ground: Ground, name: str, source: str = "ready") -> str:
    """A copy of a ground's database under another name; nobody may have it open. Returns its address."""
    if ground.url.startswith("sqlite"):
        folder = ground.folder
        for rest in ("", "-wal", "-shm"):
            (folder / f"{name}.sqlite{rest}").unlink(missing_ok=True)
        shutil.copyfile(folder / f"{source}.sqlite", folder / f"{name}.sqlite")
        return _sqlite(folder, name)
    database = make_url(ground.url).database
    return _create(ground.url, f"{database}_{name}", like=database)


def _sqlite(folder: Path, name: str) -> str:
    return f"sqlite:///{folder / name}.sqlite"


def _create(server: str, name: str, like: str | None = None) -> str:
    template = f" TEMPLATE {like}" if like else ""
    # A database cannot be copied from a connection to itself.
    address = make_url(server).set(database="postgres")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}{template}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _tidy(url: str) -> None:
    """What PostgreSQL does by itself in the minutes after a great load."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


# What is kept ---------------------------------------------------------------------------------


def fingerprint(paths: Iterable[str]) -> str:
    """The hash of all files that these paths name or hold."""
    found = hashlib.sha256()
    for path in sorted(CHECKOUT / path for path in paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix != ".pyc":
                found.update(str(file.relative_to(CHECKOUT)).encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def _kept(folder: Path) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = json.loads((folder / "kept.json").read_text())
    except (OSError, ValueError):
        return {"made_by": {}, "runs": {}}
    return kept


def _kept_runs(folder: Path) -> dict[str, Run]:
    return {name: Run(**run) for name, run in _kept(folder)["runs"].items()}


def _is_kept(folder: Path, state: str, made_by: Iterable[str]) -> bool:
    known = _kept(folder)["made_by"].get(state)
    return known == fingerprint(made_by) and (folder / f"{state}.sqlite").exists()


def _keep(ground: Ground, state: str, made_by: Iterable[str]) -> None:
    kept = _kept(ground.folder)
    kept["made_by"][state] = fingerprint(made_by)
    kept["runs"] = {name: asdict(run) for name, run in ground.runs.items()}
    (ground.folder / "kept.json").write_text(json.dumps(kept, indent=1) + "\n")
