"""The law of delay on many projects: all of them, one night, one project; the floor is reading them.

Each command runs in a process of its own, whose processor time and greatest memory the kernel tells.
What loading the program costs is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from portfolio.bench.ground import ON, Ground
from portfolio.bench.program import Run, run_command
from portfolio.bench.runs import night_on, on_a_copy

ALL_GOAL: Final = 60.0
MEGABYTES: Final = 1000
"""Seconds of processor for judging 100,000 projects, and megabytes at most."""
NIGHT_GOAL: Final = 2.0
"""Seconds for a night on which one in a hundred of 100,000 projects is due."""
EXPLAIN_GOAL: Final = 5.0
"""Milliseconds for explaining one project."""
FLOOR: Final = "reading every state"
FIRST: Final = "judging all, first time"
AGAIN: Final = "judging all, nothing new"
NIGHT: Final = "a night, 1 % due"
EXPLAIN: Final = "explaining one project"
_PER = 100_000
_LARGE = 50_000
_TIMES = 3


@dataclass(frozen=True)
class LawCost:
    """What a part of the law cost: seconds of processor for so many projects."""

    name: str
    size: int
    projects: int
    seconds: float
    megabytes: int
    floors: float | None
    """How many times the reading of as many states in the same run."""
    goal: float | None
    """Seconds."""

    @property
    def each(self) -> float:
        """Milliseconds for one project."""
        return 1000 * self.seconds / max(1, self.projects)


def law_on_ground(ground: Ground) -> Iterator[LawCost]:
    """Ask everything of one ground; the ground itself stays as it is."""
    size = ground.size
    scale = max(1.0, size / _PER)
    times = _TIMES if size < _LARGE else 1
    floor = _cheapest("bench read", ground, times)
    floor_each = (floor.own + floor.database) / size
    night, due = night_on(ground)
    again = on_a_copy(ground)

    def cost(name: str, run: Run, projects: int, goal: float | None) -> LawCost:
        seconds = run.own + run.database
        floors = seconds / (projects * floor_each) if projects else None
        return LawCost(name, size, projects, seconds, run.megabytes, floors, goal)

    whole = ALL_GOAL * size / _PER
    yield cost(FLOOR, floor, size, None)
    yield cost(FIRST, ground.runs["evaluate"], size, whole)
    nightly = f"flags evaluate --on {night}"
    yield cost(NIGHT, run_command(nightly, again.settings, timed=True), due, NIGHT_GOAL * scale)
    yield cost(AGAIN, _cheapest(f"{nightly} --all", again, times), size, whole)
    told = run_command(f"bench explain --on {ON}", ground.settings, timed=True)
    middle = float(told.said.split()[0]) / 1000
    yield LawCost(
        name=EXPLAIN,
        size=size,
        projects=1,
        seconds=middle,
        megabytes=told.megabytes,
        floors=middle / floor_each,
        goal=EXPLAIN_GOAL / 1000,
    )


def _cheapest(words: str, ground: Ground, times: int) -> Run:
    runs = [run_command(words, ground.settings, timed=True) for _ in range(times)]
    return min(runs, key=lambda run: run.own)
