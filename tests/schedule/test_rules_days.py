"""Whatever the facts, days may be walked: nothing changes before the day that is announced."""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portfolio.schedule.documents import BadDocument
from portfolio.schedule.facts import read_facts
from portfolio.schedule.known import Facts
from portfolio.schedule.rules import Evaluation, evaluate
from tests.schedule.law import POLICY

FIRST = date(2019, 6, 1)
DAY = timedelta(1)
FURTHEST = 800

days = st.integers(0, 3000).map(lambda n: (FIRST + n * DAY).isoformat())
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
        {"kind": st.sampled_from(["start", "operation"]), "planned": maybe, "met_on": maybe}
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
        | spans(by=st.sampled_from(["investor", "authority"]), inability_recorded_on=st.none()),
        "site_lost_on": maybe,
        "relocation_filed_on": maybe,
        "stopped_on": maybe,
        "contact_attempts": st.lists(
            st.fixed_dictionaries({"on": days, "reached": st.sampled_from([True, False, False])}),
            max_size=2,
        ),
        "enterprise_dissolved_on": maybe,
        "transferred_on": maybe,
        "reports": st.lists(reports(), max_size=3),
        "signs_of_life": st.lists(
            st.fixed_dictionaries({"on": days, "kind": st.just("disbursement")}), max_size=2
        ),
        "marks": st.lists(
            st.fixed_dictionaries({"on": days, "verdict": st.just("adds")}), max_size=1
        ),
    }
)


def read(document: dict[str, Any]) -> Facts:
    try:
        return read_facts(document)
    except BadDocument:
        assume(False)
        raise


def seen(result: Evaluation) -> tuple[Any, ...]:
    """All that may not change between two days of change: everything but the count of days."""
    return (
        result.schedule_state,
        [
            (finding, [s for s in finding.steps if s.name == "warning_months"])
            for finding in result.findings
        ],
    )


def walk(facts: Facts, on: date) -> None:
    """Nothing changes on any day before the announced one."""
    result = evaluate(facts, POLICY, on)
    change = result.next_change_on
    assert change is None or change > on
    last = min(change or date.max, on + FURTHEST * DAY)
    day = on + DAY
    while day < last:
        assert seen(evaluate(facts, POLICY, day)) == seen(result), day
        day += DAY


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents, st.integers(200, 2800))
def test_nothing_changes_before_the_announced_day(document, after):
    walk(read(document), FIRST + after * DAY)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents, st.integers(200, 2800))
def test_a_finding_began_on_the_day_it_names_and_not_before(document, after):
    facts, on = read(document), FIRST + after * DAY
    for finding in evaluate(facts, POLICY, on).findings:
        # A report that came late was missing before; a milestone may predate its schedule's approval.
        if finding.since is None or finding.rule.startswith("REP") or finding.scope[0] == "m":
            continue
        assert finding.since <= on
        for day, holds in ((finding.since, True), (finding.since - DAY, False)):
            found = evaluate(facts, POLICY, day).findings
            same = [
                one
                for one in found
                if (one.rule, one.scope) == (finding.rule, finding.scope)
                and (one.rule != "TERM-END" or one.severity == finding.severity)
            ]
            assert bool(same) is holds, (finding, day)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents, st.integers(200, 2800))
def test_every_finding_can_be_said_in_both_languages(document, after):
    for finding in evaluate(read(document), POLICY, FIRST + after * DAY).findings:
        for said in (finding.vi, finding.en):
            assert said.startswith(f"{finding.rule}: ")
            assert "{" not in said
        assert all(step.vi and step.en for step in finding.steps)
        assert all(step.source for step in finding.inputs)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents, st.integers(200, 2800))
def test_the_same_facts_on_the_same_day_give_the_same_answer(document, after):
    on = FIRST + after * DAY
    assert evaluate(read(document), POLICY, on) == evaluate(read(document), POLICY, on)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents, st.integers(200, 2800))
def test_taking_a_pause_away_never_makes_a_project_less_late(document, after):
    """Rejecting an accepted pause gives the days back."""
    on = FIRST + after * DAY
    late = {f.scope for f in evaluate(read(document), POLICY, on).findings if f.rule == "INV-LATE"}
    without = read({**document, "pauses": []})
    assert late <= {f.scope for f in evaluate(without, POLICY, on).findings if f.rule == "INV-LATE"}
