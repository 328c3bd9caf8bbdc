"""A draft tried on the portfolio of today: who would enter the review list, and who would leave it.

Every project is judged twice in memory, by the policy in force and by the draft; nothing is stored but
the result. It is good for adoption only while draft, projects, holidays and day are what was tried.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Row, Select, cast, func, select
from sqlalchemy import String as SqlString
from sqlalchemy.orm import Session

from portfolio.database import short_write
from portfolio.notation import N_
from portfolio.office.may import Permission
from portfolio.office.trail import State, TrailEntry, unpack
from portfolio.office.work import Task, job
from portfolio.register.line import latest_capital
from portfolio.register.line_keeping import day_of
from portfolio.register.project import Project
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.evaluate import judge
from portfolio.schedule.in_force import Law, known_at, law_on, read_version
from portfolio.schedule.lateness import targets_of
from portfolio.schedule.policy import Holiday, PolicyStatus, PolicyTrial, PolicyVersion
from portfolio.schedule.policy_text import Policy
from portfolio.schedule.rules import Evaluation, Finding
from portfolio.web.errors import Refusal

KIND: Final = "try_policy"
PAGE: Final = 500
ENTERS, LEAVES, CHANGES = "enters", "leaves", "changes"

Result = dict[str, Any]


class NothingToTry(Refusal):
    """The draft was adopted or discarded in the meantime."""

    message = N_("Only a draft can be tried.")


@job(
    KIND,
    label=N_("Try a draft of the policy"),
    needs=Permission.TRY_POLICY,
    most_an_hour=60,
    shown_at=lambda arguments: f"/policy/{arguments['number']}/trial",
)
def try_draft(task: Task) -> None:
    """Judge every project by the draft and by the policy in force, and store what differs."""
    with task.reading() as session:
        asked_by = task.person(session, Permission.TRY_POLICY).name

    def tell(done: int, total: int) -> None:
        task.report(N_("Judging projects"), done, total)

    number = int(task.arguments["number"])
    trial = make_trial(task.reading, number, at=task.at, by=asked_by, tell=tell)
    with short_write() as session:
        session.add(trial)


def make_trial(
    reading: Callable[[], AbstractContextManager[Session]],
    number: int,
    *,
    at: datetime,
    by: str,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> PolicyTrial:
    """The draft with this number tried on the day of a moment; the caller stores it.

    Each page of projects is read in a session of its own, so that no reading lasts.
    """
    with reading() as session:
        tried = _read(session, number, at)
    compared = Comparison()
    while True:
        tell(compared.projects, tried.projects)
        with reading() as session:
            page = _page(session, compared.last)
        if not page:
            break
        compared.add(page, tried)
    return PolicyTrial(
        policy_id=tried.draft.id,
        policy_state=tried.draft_state,
        on=tried.on,
        at=at,
        tried_by=by,
        head_seq=tried.head_seq,
        result=compared.result() | {"in_force": tried.law.id, "holidays": tried.holidays},
    )


@dataclass(frozen=True)
class Tried:
    """What is compared: two policies on a day, and where the register stood when it began."""

    on: date
    law: Law
    draft: Law
    draft_state: int
    head_seq: int
    holidays: str
    projects: int


def _read(session: Session, number: int, at: datetime) -> Tried:
    on = day_of(at)
    draft = session.scalars(
        select(PolicyVersion).where(
            PolicyVersion.number == number, PolicyVersion.status == PolicyStatus.DRAFT
        )
    ).one_or_none()
    if draft is None:
        raise NothingToTry
    law = law_on(session, on)
    policy = read_version(session, draft.id, law.policy.holidays)
    return Tried(
        on=on,
        law=law,
        draft=Law(draft.id, policy),
        draft_state=draft.version,
        head_seq=register_head(session),
        holidays=holiday_mark(session),
        projects=session.scalar(select(func.count()).select_from(Project)) or 0,
    )


# Is it still what would happen? ---------------------------------------------------------------


def register_head(session: Session) -> int:
    """The last entry of the trail that changed a project; 0 in an empty register."""
    return session.scalar(select(func.max(Project.entry_seq))) or 0


def holiday_mark(session: Session) -> str:
    """A fingerprint of the public holidays known now."""
    days = session.scalars(
        select(cast(Holiday.on, SqlString)).where(known_at(None)).order_by(Holiday.on)
    )
    return sha256(",".join(days).encode()).hexdigest()[:16]


def latest_trial(session: Session, policy: PolicyVersion) -> PolicyTrial | None:
    """The last time the version was tried."""
    trials = select(PolicyTrial).where(PolicyTrial.policy_id == policy.id)
    return session.scalars(trials.order_by(PolicyTrial.id.desc()).limit(1)).one_or_none()


def staleness(session: Session, trial: PolicyTrial, draft: PolicyVersion, on: date) -> list[str]:
    """Why a trial no longer tells what would happen, as source strings; empty while it does."""
    in_force = law_on(session, on).id
    found = {
        N_("The draft was changed after the trial."): trial.policy_state != draft.version,
        N_("The trial was made on another day."): trial.on != on,
        N_("Projects were changed after the trial."): trial.head_seq != register_head(session),
        N_("Public holidays were changed after the trial."): trial.result["holidays"]
        != holiday_mark(session),
        N_("Another policy came into force after the trial."): trial.result["in_force"] != in_force,
    }
    return [why for why, is_so in found.items() if is_so]


# Comparing ------------------------------------------------------------------------------------


def puts_on_list(finding: Finding, policy: Policy, on: date) -> bool:
    """Whether a finding puts its project on the review list: what `on_the_list` asks of flags."""
    if finding.held:
        return False
    if finding.severity in policy.review_severities:
        return True
    if finding.rule != "INV-LATE" or finding.deadline is None:
        return False
    chosen = (band for band in policy.bands if band.name in policy.review_bands)
    return any(_lies_in(finding.deadline, *targets_of(band, on)) for band in chosen)


def _lies_in(day: date, first: date | None, last: date) -> bool:
    return day <= last and (first is None or day >= first)


def _page(session: Session, last: int) -> Sequence[Row[Any]]:
    projects: Select[*tuple[Any, ...]] = (
        select(Project.id, Project.code, TrailEntry.state)
        .join(TrailEntry, TrailEntry.seq == Project.entry_seq)
        .where(Project.id > last)
        .order_by(Project.id)
        .limit(PAGE)
    )
    return session.execute(projects).all()


class Comparison:
    """What differs so far, project by project; `result` is what a `PolicyTrial` keeps.

    ``rows`` are dicts with id, code, name, zone_id, zone, move (enters, leaves or changes), rules (those
    that decide it), before and after (findings that differ: rule, scope, severity, held, since,
    deadline), ha and vnd as decimal text. ``counts`` are by rule and zone: projects before and after.
    """

    def __init__(self) -> None:
        self.last = self.projects = 0
        self.rows: list[Result] = []
        self.refused: list[str] = []
        self.listed: Counter[tuple[str, bool]] = Counter()
        self.counts: defaultdict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)

    def add(self, page: Sequence[Row[Any]], tried: Tried) -> None:
        """Judge some projects twice."""
        for row in page:
            self.last, self.projects = row.id, self.projects + 1
            state = unpack(row.state)
            try:
                before = judge(state, tried.law, tried.on)
                after = judge(state, tried.draft, tried.on)
            except BadDocument:
                self.refused.append(row.code)
                continue
            self._compare(row.id, state, (before, after), tried)

    def _compare(
        self, project_id: int, state: State, both: tuple[Evaluation, Evaluation], tried: Tried
    ) -> None:
        zone = str(state.get("zone_id") or "")
        policies = (tried.law.policy, tried.draft.policy)
        reasons = [
            [f.rule for f in found.findings if puts_on_list(f, policy, tried.on)]
            for found, policy in zip(both, policies, strict=True)
        ]
        for is_after, found in enumerate(both):
            self.listed[zone, bool(is_after)] += bool(reasons[is_after])
            for rule in {finding.rule for finding in found.findings if not finding.held}:
                self.counts[rule][zone, bool(is_after)] += 1
        before, after = (_said(found.findings) for found in both)
        move = _move(*map(bool, reasons), changed=before != after)
        if move is not None:
            self.rows.append(
                _facts(project_id, state)
                | {
                    "move": move,
                    "rules": _deciding(move, *reasons) or _rules_of(before ^ after),
                    "before": sorted(map(list, before - after)),
                    "after": sorted(map(list, after - before)),
                }
            )

    def result(self) -> Result:
        """All of it as JSON."""
        return {
            "projects": self.projects,
            "refused": self.refused,
            "rows": self.rows,
            "listed": _by_zone(self.listed),
            "counts": {rule: _by_zone(counts) for rule, counts in sorted(self.counts.items())},
        }


_Said = tuple[str, str, str, bool, str, str]


def _said(findings: Iterable[Finding]) -> set[_Said]:
    """What findings say, without the version that says it."""
    return {
        (
            finding.rule,
            finding.scope,
            finding.severity,
            finding.held,
            finding.since.isoformat() if finding.since else "",
            finding.deadline.isoformat() if finding.deadline else "",
        )
        for finding in findings
    }


def _move(was_listed: bool, is_listed: bool, *, changed: bool) -> str | None:  # noqa: FBT001  from map
    if was_listed != is_listed:
        return ENTERS if is_listed else LEAVES
    return CHANGES if changed else None


def _deciding(move: str, before: list[str], after: list[str]) -> list[str]:
    """The rules by which a project enters or leaves, in order of weight."""
    decides = {ENTERS: after, LEAVES: before}.get(move, [])
    return list(dict.fromkeys(decides))


def _rules_of(differences: set[_Said]) -> list[str]:
    return sorted({said[0] for said in differences})


def _facts(project_id: int, state: State) -> Result:
    capital = latest_capital(state) or {}
    return {
        "id": project_id,
        "code": state["code"],
        "name": state["name"],
        "zone_id": state.get("zone_id"),
        "zone": (state.get("zone") or {}).get("name", ""),
        "ha": _land(state),
        "vnd": capital.get("vnd_amount"),
    }


def _land(state: State) -> str | None:
    """Hectares of the parcels on record, else the area asked for."""
    areas = [Decimal(one["area_ha"]) for one in state.get("parcels", ()) if "area_ha" in one]
    if areas:
        return f"{sum(areas, Decimal(0)):f}"
    asked = state.get("area_asked_ha")
    return None if asked is None else str(asked)


def _by_zone(counts: Mapping[tuple[str, bool], int]) -> dict[str, list[int]]:
    zones = sorted({zone for zone, _after in counts})
    return {zone: [counts.get((zone, False), 0), counts.get((zone, True), 0)] for zone in zones}
