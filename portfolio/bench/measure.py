"""Asking each case often enough, in turn with a bare hello, and keeping what it cost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import ceil
from statistics import median

from portfolio.bench.cases import CASES, ENTRIES, SAVE, SAVE_GOAL, Case, Visitor, prove
from portfolio.bench.ground import Ground
from portfolio.bench.picks import Picks, pick
from portfolio.bench.server import Answer, serving

FIRST, FLOOR = "hello", "list by hand (the floor)"
WARMED = 5
ROUND = 10
"""So many requests in a row; one such round is enough for a page that takes long."""
_SLOW_MS = 400


@dataclass(frozen=True)
class Cost:
    """What a case cost on a ground: milliseconds of processor and of waiting, and how many hellos."""

    case: str
    size: int
    cpu: float
    p95: float
    database: float
    wall: float
    hellos: float
    goal: float | None


@dataclass
class Bench:
    """How to ask: so often, and only cases whose name holds the word."""

    times: int = 60
    word: str = ""

    def on(self, ground: Ground) -> Iterator[Cost]:
        """Ask every case on a ground."""
        picks = pick(ground)
        log = ground.folder / "server.log"
        with (
            serving("portfolio.bench.hello:app", ground.settings, log) as bare,
            serving("wsgi:app", ground.settings, log) as whole,
        ):
            hello = Visitor(bare)
            yield from self._bare(ground, hello)
            visitor = Visitor(whole, picks.token)
            for case in CASES:
                if self.word in case.name and ground.size <= (case.largest or ground.size):
                    yield self._page(case, ground, picks, visitor, hello)
            if self.word in SAVE:
                numbers = iter(range(10**6))
                yield self._ask(
                    (SAVE, ground.size, SAVE_GOAL),
                    lambda: visitor.save(picks.saved, next(numbers)),
                    hello,
                )

    def _bare(self, ground: Ground, hello: Visitor) -> Iterator[Cost]:
        for name, path in ((FIRST, "/"), (FLOOR, "/floor")):
            yield self._ask((name, ground.size, None), partial(hello.get, path), hello)

    def _page(
        self, case: Case, ground: Ground, picks: Picks, visitor: Visitor, hello: Visitor
    ) -> Cost:
        if "history" in case.name:
            for number in range(picks.entries, ENTRIES):
                visitor.save(picks.aged, number)

        def ask() -> Answer:
            answer = visitor.get(case.path(picks))
            prove(case, answer, picks)
            return answer

        return self._ask((case.name, ground.size, case.goal), ask, hello)

    def _ask(
        self, case: tuple[str, int, float | None], ask: Callable[[], Answer], hello: Visitor
    ) -> Cost:
        slow = False
        for _ in range(WARMED):
            slow = ask().cpu_ms > _SLOW_MS
            if slow:
                break
        answers, hellos = [], []
        for _ in range(1 if slow else self.times // ROUND):
            # By turns, so that a machine that others use as well is as slow for the one as the other.
            answers += [ask() for _ in range(ROUND)]
            hellos += [hello.get("/").cpu_ms for _ in range(ROUND)]
        name, size, goal = case
        costs = sorted(answer.cpu_ms for answer in answers)
        database = median(answer.database_ms for answer in answers)
        return Cost(
            case=name,
            size=size,
            cpu=median(costs),
            p95=costs[ceil(0.95 * len(costs)) - 1],
            database=database,
            wall=median(answer.wall_ms for answer in answers),
            hellos=(median(costs) + database) / median(hellos),
            goal=goal,
        )
