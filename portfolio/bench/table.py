"""The tables that a bench ends with: pages and commands, and the law of delay."""

from collections.abc import Iterable, Sequence

from portfolio.bench.law import MEGABYTES, LawCost
from portfolio.bench.measure import FIRST, FLOOR, Cost
from portfolio.bench.runs import START, Task

FLATNESS = 1.3
"""A page of 100,000 projects may cost so many times what it costs with 154."""

MILLION = 1_000_000
FLATNESS_AT_A_MILLION = 2.0


def growth(cost: Cost, costs: Iterable[Cost]) -> float | None:
    """How many times its cost on the smallest ground, both counted in hellos."""
    same = [one for one in costs if one.case == cost.case]
    smallest = min(same, key=lambda one: one.size)
    return None if smallest is cost else cost.hellos / smallest.hellos


def is_flat(cost: Cost, grown: float | None) -> bool:
    """Whether a page costs the same at every size."""
    allowed = FLATNESS_AT_A_MILLION if cost.size >= MILLION else FLATNESS
    return grown is None or grown <= allowed


def verdict(cost: Cost, grown: float | None) -> str:
    """`ok`, or what is over."""
    over = []
    if cost.goal is not None and cost.hellos > cost.goal:
        over.append("over")
    if cost.goal is not None and not is_flat(cost, grown):
        over.append("grows")
    return " ".join(over) or ("ok" if cost.goal is not None else "")


def write_table(database: str, costs: Sequence[Cost], tasks: Sequence[Task]) -> str:
    """Milliseconds of processor for pages, seconds for commands; waiting is said, not judged."""
    lines = [
        f"{database:34} {'projects':>9} {'cpu ms':>8} {'p95':>8} {'server':>7} {'wall':>8} {'x hello':>8} {'x 154':>6} {'goal':>6}"
    ]
    names = dict.fromkeys([FIRST, FLOOR, *(cost.case for cost in costs)])
    for name in names:
        for cost in sorted((c for c in costs if c.case == name), key=lambda c: c.size):
            grown = growth(cost, costs)
            lines.append(
                f"{name:34} {cost.size:>9,} {cost.cpu:>8.2f} {cost.p95:>8.2f} {cost.database:>7.2f}"
                f" {cost.wall:>8.2f} {cost.hellos:>8.1f} {_or_dash(grown):>6}"
                f" {_or_dash(cost.goal, 0):>6}  {verdict(cost, grown)}"
            )
    if tasks:
        lines.append("")
        lines.append(
            f"{'commands':34} {'projects':>9} {'cpu s':>8} {'':>8} {'server':>7} {'wall':>8}"
            f" {'MB':>8} {'':>6} {'goal':>6}"
        )
    start = min((task.run.cpu for task in tasks if task.name == START), default=0.0)
    for task in sorted(tasks, key=lambda task: task.size):
        run = task.run
        over = task.goal is not None and run.cpu + run.database - start > task.goal
        lines.append(
            f"{task.name:34} {task.size:>9,} {run.cpu:>8.2f} {'':>8} {run.database:>7.2f}"
            f" {run.wall:>8.2f} {run.megabytes:>8} {'':>6} {_or_dash(task.goal, 1):>6}"
            f"  {'over' if over else 'ok'}"
        )
    return "\n".join(line.rstrip() for line in lines) + "\n"


def law_growth(cost: LawCost, costs: Iterable[LawCost]) -> float | None:
    """How many times one project cost on the smallest ground; None there."""
    same = [one for one in costs if one.name == cost.name]
    smallest = min(same, key=lambda one: one.size)
    if smallest is cost or not smallest.each:
        return None
    return cost.each / smallest.each


def law_verdict(cost: LawCost, grown: float | None) -> str:
    """`ok`, or what is over."""
    over = []
    if cost.goal is not None and cost.seconds > cost.goal:
        over.append("over")
    if cost.goal is not None and cost.megabytes > MEGABYTES:
        over.append("memory")
    if cost.goal is not None and grown is not None and grown > FLATNESS:
        over.append("grows")
    return " ".join(over) or ("ok" if cost.goal is not None else "")


def write_law_table(database: str, costs: Sequence[LawCost]) -> str:
    """Seconds of processor and the curve: what one project costs at each size."""
    title = f"law of delay, {database}"
    lines = [
        f"{title:34} {'projects':>9} {'asked':>9} {'cpu s':>8} {'ms each':>8} {'x floor':>8} {'growth':>7} {'MB':>6} {'goal s':>8}"
    ]
    for name in dict.fromkeys(cost.name for cost in costs):
        for cost in sorted((c for c in costs if c.name == name), key=lambda c: c.size):
            grown = law_growth(cost, costs)
            lines.append(
                f"{name:34} {cost.size:>9,} {cost.projects:>9,} {cost.seconds:>8.3f}"
                f" {cost.each:>8.3f} {_or_dash(cost.floors):>8} {_or_dash(grown):>7}"
                f" {cost.megabytes:>6} {_or_dash(cost.goal, 3):>8}  {law_verdict(cost, grown)}"
            )
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _or_dash(number: float | None, places: int = 2) -> str:
    return "-" if number is None else f"{number:.{places}f}"
