"""What holds for a project now, for those of the register who speak of it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from portfolio.office.trail import State
from portfolio.register.findings import Standing, StandingFinding
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.evaluate import Law, NoPolicy, judge, law_on


def judge_states(session: Session, states: Sequence[State], on: date) -> list[Standing]:
    """The findings of some state documents under the law of a day.

    What cannot be judged (no policy, days that contradict each other) has no schedule state.
    """
    try:
        law = law_on(session, on)
    except NoPolicy:
        return [Standing(None) for _state in states]
    return [_standing(state, law, on) for state in states]


def _standing(state: State, law: Law, on: date) -> Standing:
    try:
        found = judge(state, law, on)
    except BadDocument:
        return Standing(None)
    rules = law.policy.rules
    return Standing(
        found.schedule_state,
        tuple(
            StandingFinding(
                rule=one.rule,
                scope=one.scope,
                severity=one.severity,
                held=one.held,
                vi=rules[one.rule].vi,
                en=rules[one.rule].en,
                sentence_vi=one.vi,
                sentence_en=one.en,
            )
            for one in found.findings
        ),
    )
