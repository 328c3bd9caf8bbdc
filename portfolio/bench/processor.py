"""How much processor time processes have used, to the nanosecond: `/proc/<pid>/task/*/schedstat`."""

import os
import re
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_CHILDREN_USER, _CHILDREN_SYSTEM = 13, 14
"""Places in `/proc/<pid>/stat`, counted after the name of the command (proc(5): cutime, cstime)."""


def used(pid: int) -> int:
    """Nanoseconds that the threads of a process have used; 0 when it is gone."""
    total = 0
    # Asked twice for each request, so without `Path`; a thread or a process may end meanwhile.
    with suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208
            with suppress(OSError), open(f"/proc/{pid}/task/{task}/schedstat", "rb") as file:  # noqa: PTH123
                total += int(file.read().split()[0])
    return total


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    with suppress(OSError):
        return [
            int(child)
            for started in Path(f"/proc/{pid}/task").glob("*/children")
            for child in started.read_text().split()
        ]
    return []


class DatabaseServer:
    """The processes of a PostgreSQL that `tests.postgres` started; none of them for SQLite."""

    def __init__(self, url: str) -> None:
        """Find the server by its folder, which holds its socket and its data."""
        found = re.search(r"host=(/[^&]+)", url)
        file = Path(found[1]) / "data" / "postmaster.pid" if found else None
        self.pid = int(file.read_text().splitlines()[0]) if file and file.exists() else None

    def used(self) -> int:
        """Nanoseconds used by all its processes, those that ended included."""
        if self.pid is None:
            return 0
        after_name = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        ended = int(after_name[_CHILDREN_USER]) + int(after_name[_CHILDREN_SYSTEM])
        return ended * 1_000_000_000 // _TICKS + sum(map(used, children(self.pid)))
