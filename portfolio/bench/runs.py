"""What the nightly work costs: filling, the first evaluation, a night with one in a hundred due."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import create_engine, func, select

from portfolio.bench.ground import ON, Ground, copy
from portfolio.bench.program import Run, run_command
from portfolio.schedule.flags import NextChange

DUE_SHARE = 0.01
_PER = 100_000
_TOLD_FROM = 10_000
"""With fewer projects the start of a command is all that is seen."""


START = "start of a command"
"""What loading the program costs; the nightly work is done by a worker that has started long before."""


@dataclass(frozen=True)
class Task:
    """A command on a ground, and its goal in seconds of processor beyond the start."""

    name: str
    size: int
    run: Run
    goal: float | None


def tasks_on(ground: Ground) -> list[Task]:
    """The commands that built a ground and those of two nights; the ground itself stays as it is."""
    night, due = night_on(ground)
    again = on_a_copy(ground)
    nightly = f"flags evaluate --on {night}"
    whole = 60 * ground.size / _PER if ground.size >= _TOLD_FROM else None
    filling = 100 * ground.size / _PER if ground.size >= _TOLD_FROM else None
    first = [
        (START, run_command("flags --help", again.settings), None),
        ("bench fill", ground.runs["fill"], filling),
        ("flags evaluate --all, first time", ground.runs["evaluate"], whole),
    ]
    nights = [
        (f"a night with {due} due", nightly, 2 * max(1, ground.size / _PER)),
        ("the same night again", nightly, 2),
        ("flags evaluate --all, nothing new", f"{nightly} --all", whole),
    ]
    ran = [(name, run_command(words, again.settings), goal) for name, words, goal in nights]
    return [Task(name, ground.size, run, goal) for name, run, goal in first + ran]


def on_a_copy(ground: Ground) -> Ground:
    """The same ground on a copy of its database, to be written to."""
    return replace(ground, url=copy(ground, "night"))


def night_on(ground: Ground) -> tuple[date, int]:
    """The first day by which one project in a hundred is due, and how many are."""
    engine = create_engine(ground.url)
    with engine.connect() as connection:
        days = select(NextChange.on, func.count()).where(NextChange.on.is_not(None))
        found = connection.execute(days.group_by(NextChange.on).order_by(NextChange.on)).all()
    engine.dispose()
    due = 0
    for night, count in found:
        due += count
        if night is not None and due >= ground.size * DUE_SHARE:
            return night, due
    return date.fromisoformat(ON), 0
