"""Facts documents of every shape that can be, made up by Hypothesis and by dice."""

import random
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

FIRST = date(2019, 6, 1)
DAY = timedelta(1)

LAST = 3000

days = st.integers(0, LAST).map(lambda n: (FIRST + n * DAY).isoformat())
maybe = st.none() | days


@st.composite
def spans(draw: st.DrawFn, **more: st.SearchStrategy[Any]) -> dict[str, Any]:
    begins = FIRST + draw(st.integers(0, 2500)) * DAY
    length = draw(st.none() | st.integers(0, 500))
    ends = None if length is None else (begins + length * DAY).isoformat()
    span = {"from": begins.isoformat(), "to": ends}
    return span | {key: draw(value) for key, value in more.items()}


@st.composite
def phases(draw: st.DrawFn) -> dict[str, Any]:
    schedules, approved = [], FIRST
    for number in range(1, draw(st.integers(0, 3)) + 1):
        approved += draw(st.integers(0, 700)) * DAY
        end = approved + draw(st.integers(0, 900)) * DAY
        kind = draw(st.sampled_from(["ipa", "irc", "adjusted", "registered"]))
        version = {"version": number, "approved_on": approved.isoformat(), "kind": kind}
        schedules.append({**version, "end": end.isoformat()})
    milestone = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["start", "operation"]),
            "planned": maybe,
            "approved_on": st.sampled_from([None, None, "2020-02-29"]),
            "met_on": maybe,
        }
    )
    return {
        "completed_on": draw(st.sampled_from([None, None, None]) | days),
        "schedules": schedules,
        "milestones": draw(st.lists(milestone, max_size=2)),
    }


@st.composite
def parcels(draw: st.DrawFn) -> dict[str, Any]:
    handed_over = FIRST + draw(st.integers(0, 1500)) * DAY
    used = handed_over + draw(st.integers(0, 900)) * DAY
    is_used = draw(st.booleans())
    stops = draw(st.lists(spans(), max_size=2)) if is_used else []
    return {
        "handed_over_on": draw(st.sampled_from([None, *[handed_over.isoformat()] * 3])),
        "first_used_on": used.isoformat() if is_used else None,
        "interruptions": [stop for stop in stops if stop["from"] > used.isoformat()],
        "schedule_end": draw(maybe),
        "force_majeure": draw(st.lists(spans(), max_size=2)),
        "extension": draw(st.none() | spans(decision=st.just("77/QĐ-UBND"))),
        "recovered_on": draw(st.none() | st.just((used + 400 * DAY).isoformat())),
        "recovery_ground": draw(st.sampled_from([None, "non_use", "other"])),
    }


def reports() -> st.SearchStrategy[dict[str, Any]]:
    quarter = st.tuples(st.integers(2020, 2027), st.integers(1, 4)).map("{0[0]}-Q{0[1]}".format)
    kinds = [
        ("Q", quarter),
        *((kind, st.integers(2020, 2027).map(str)) for kind in ("Y", "M6", "MY")),
    ]
    return st.one_of(
        st.fixed_dictionaries({"kind": st.just(kind), "period": period, "received_on": maybe})
        for kind, period in kinds
    )


documents = st.fixed_dictionaries(
    {
        "id": st.just("KT-0001"),
        "listing": st.sampled_from([None, "licensed", "licensed", "registered"]),
        "stage": st.sampled_from(["implementing", "operating"]),
        "special_mechanism": st.none()
        | st.fixed_dictionaries({"paper": st.just("NQ"), "on": days}),
        "pending_adjustment": st.sampled_from([None, False, True]),
        "no_adjustment_right": st.sampled_from([None, True, False]),
        "first_approved_on": st.sampled_from([None, "2019-06-01", "2020-02-29"]),
        "operating_end": st.sampled_from([None, "2026-02-28", "2027-08-31"]),
        "phases": st.lists(phases(), max_size=2),
        "pauses": st.lists(
            spans(
                cause=st.sampled_from(["a", "b", "market", None]),
                status=st.sampled_from(["accepted", "accepted", "claimed"]),
            ),
            max_size=3,
        ),
        "land": st.lists(parcels(), max_size=2),
        "deposit": st.fixed_dictionaries(
            {
                "required": st.just(True),
                "due_on": maybe,
                "paid_on": maybe,
                "guarantee_expires_on": maybe,
            }
        ),
        "suspension": st.none()
        | spans(by=st.sampled_from(["investor", "authority"]), inability_recorded_on=maybe),
        "site_lost_on": maybe,
        "relocation_filed_on": maybe,
        "stopped_on": maybe,
        "contact_attempts": st.lists(
            st.fixed_dictionaries({"on": days, "reached": st.sampled_from([True, False, False])}),
            max_size=2,
        ),
        "enterprise_dissolved_on": maybe,
        "transferred_on": maybe,
        "reports": st.lists(
            reports(), max_size=4, unique_by=lambda one: (one["kind"], one["period"])
        ),
        "signs_of_life": st.lists(
            st.fixed_dictionaries({"on": days, "kind": st.just("disbursement")}), max_size=2
        ),
        "marks": st.lists(
            st.fixed_dictionaries({"on": days, "verdict": st.just("adds")}), max_size=1
        ),
    }
)


# Dense ones -------------------------------------------------------------------------------------


class Dice:
    """A full life of a project, thrown by number: the same number gives the same one.

    Hypothesis favours small and empty documents; these have phases, pauses, land and reports that
    get in each other's way, most of their days close together.
    """

    def __init__(self, number: int) -> None:
        self.random = random.Random(number)  # noqa: S311  repeatable, not secret
        self.middle = FIRST + self.random.randrange(400, 2400) * DAY

    def day(self, near: date | None = None, spread: int = 500) -> date:
        return (near or self.middle) + self.random.randint(-spread, spread) * DAY

    def asked(self) -> date:
        """A day on which to ask, mostly after what happened."""
        return self.day() + self.random.randrange(1500) * DAY

    def maybe(self, value: Any, chance: float = 0.5) -> Any:
        return value if self.random.random() < chance else None

    def span(self, near: date | None = None, **more: Any) -> dict[str, Any]:
        begins = self.day(near, 250)
        ends = begins + self.random.choice((0, 1, 9, 30, 90, 300)) * DAY
        return {"from": str(begins), "to": self.maybe(str(ends), 0.85), **more}

    def project(self) -> dict[str, Any]:
        choice, maybe = self.random.choice, self.maybe
        phases = [self.phase() for _ in range(choice((1, 1, 2)))]
        return {
            "id": "KT-0001",
            "listing": choice((None, "licensed", "licensed", "registered")),
            "stage": choice(("implementing", "implementing", "implementing", "operating")),
            "special_mechanism": maybe({"paper": "NQ", "on": str(self.day())}, 0.1),
            "pending_adjustment": choice((None, False, True)),
            "no_adjustment_right": choice((None, True, False)),
            "first_approved_on": maybe(str(FIRST)),
            "operating_end": maybe(str(FIRST + self.random.randrange(400, 3000) * DAY), 0.2),
            "phases": phases,
            "pauses": [self.pause(phases) for _ in range(choice((0, 1, 2, 3)))],
            "land": [self.parcel() for _ in range(choice((0, 1, 2)))],
            "deposit": {
                "required": True,
                "due_on": maybe(str(self.day())),
                "paid_on": maybe(str(self.day())),
                "guarantee_expires_on": maybe(str(self.day())),
            },
            "suspension": maybe(self.stop(), 0.3),
            "site_lost_on": maybe(str(self.day()), 0.2),
            "relocation_filed_on": maybe(str(self.day())),
            "stopped_on": maybe(str(self.day()), 0.3),
            "contact_attempts": [
                {"on": str(self.day()), "reached": choice((True, False, False, None))}
                for _ in range(choice((0, 1, 2)))
            ],
            "enterprise_dissolved_on": maybe(str(self.day()), 0.1),
            "transferred_on": maybe(str(self.day()), 0.2),
            "reports": self.reports(),
            "signs_of_life": [
                {"on": str(self.day()), "kind": "disbursement"} for _ in range(choice((0, 0, 1)))
            ],
            "marks": [
                {"on": str(self.day()), "verdict": choice(("adds", "confirms"))}
                for _ in range(choice((0, 0, 1, 2)))
            ],
        }

    def phase(self) -> dict[str, Any]:
        schedules, approved = [], FIRST
        for number in range(1, self.random.choice((0, 1, 2, 3)) + 1):
            approved += self.random.randrange(300) * DAY
            end = max(approved, self.day())
            kind = self.random.choice(("ipa", "irc", "adjusted", "registered"))
            version = {"version": number, "approved_on": str(approved), "kind": kind}
            schedules.append({**version, "end": str(end)})
        return {
            "completed_on": self.maybe(str(self.day() + 400 * DAY), 0.2),
            "schedules": schedules,
            "milestones": [
                {
                    "kind": self.random.choice(("start", "operation")),
                    "planned": self.maybe(str(self.day()), 0.8),
                    "approved_on": self.maybe(str(FIRST + 200 * DAY), 0.2),
                    "met_on": self.maybe(str(self.day()), 0.4),
                }
                for _ in range(self.random.choice((0, 1, 2)))
            ],
        }

    def pause(self, phases: list[dict[str, Any]]) -> dict[str, Any]:
        """Often one that begins on the very end of a schedule, on the day before or after it."""
        causes, statuses = ("a", "b", "market", None), ("accepted", "accepted", "claimed")
        pause = self.span(cause=self.random.choice(causes), status=self.random.choice(statuses))
        ends = [date.fromisoformat(one["end"]) for each in phases for one in each["schedules"]]
        if ends and self.maybe(True):
            begins = self.random.choice(ends) + self.random.randint(-1, 2) * DAY
            pause |= {"from": str(begins)}
            if pause["to"]:
                pause["to"] = str(begins + self.random.choice((0, 1, 30)) * DAY)
        return pause

    def parcel(self) -> dict[str, Any]:
        handed_over = self.day()
        used = handed_over + self.random.randrange(700) * DAY
        is_used = bool(self.maybe(True))
        stops = [self.span(used + 300 * DAY) for _ in range(self.random.choice((0, 1, 2)))]
        return {
            "handed_over_on": self.maybe(str(handed_over), 0.8),
            "first_used_on": str(used) if is_used else None,
            "interruptions": [one for one in stops if is_used and one["from"] > str(used)],
            "schedule_end": self.maybe(str(self.day())),
            "force_majeure": [self.span() for _ in range(self.random.choice((0, 0, 1, 2)))],
            "extension": self.maybe(self.span(handed_over + 400 * DAY, decision="77/QĐ"), 0.4),
            "recovered_on": self.maybe(str(used + self.random.randrange(900) * DAY), 0.2),
            "recovery_ground": self.random.choice((None, "non_use", "other")),
        }

    def stop(self) -> dict[str, Any]:
        begins = self.day()
        return {
            "by": self.random.choice(("investor", "authority")),
            "from": str(begins),
            "to": self.maybe(str(begins + self.random.randrange(900) * DAY)),
            "inability_recorded_on": self.maybe(str(begins + self.random.randrange(900) * DAY)),
        }

    def reports(self) -> list[dict[str, Any]]:
        year = self.middle.year
        periods = [("Q", f"{year}-Q{number}") for number in (1, 2, 3, 4)]
        periods += [("Y", str(year)), ("M6", str(year)), ("MY", str(year))]
        return [
            {"kind": kind, "period": period, "received_on": self.maybe(str(self.day()))}
            for kind, period in periods
            if self.maybe(True, 0.3)
        ]
