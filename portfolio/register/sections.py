"""The sections of a project that officers edit: which form, which act, and what must not be stale.

Each entry of `SECTIONS` is one card of the project page. The pages of `section_pages` know nothing of
capital or land; they open the form, ask whether the record moved on, and call the act named here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office.trail import Origin, State
from portfolio.register.acts import capital, land, notes, papers, pauses, people, projects, schedule
from portfolio.register.entry import (
    ActForm,
    AliasesForm,
    FactsForm,
    FollowerForm,
    PlacesForm,
    StageForm,
)
from portfolio.register.entry_parts import (
    CapitalForm,
    DepositForm,
    FileForm,
    HappeningForm,
    NewPartForm,
    PaperForm,
    ParcelForm,
    PartForm,
    SourceForm,
    TranslationForm,
)
from portfolio.register.entry_schedule import MilestoneForm, PauseForm, PhaseForm, VersionForm
from portfolio.register.investor import Investor
from portfolio.register.place import Unit
from portfolio.register.project import Project
from portfolio.web.clock import today
from portfolio.web.errors import Refusal

Save = Callable[[Session, Project, Any, Any, Origin], object]
"""(session, project, the row or None for a new one, the form, origin)."""
Remove = Callable[[Session, Project, Any, Origin], object]


@dataclass(frozen=True)
class Section:
    """One part of a project: ``part`` is its name in the state document, "" for the own row."""

    key: str
    title: str
    adding: str
    form: type[ActForm]
    save: Save
    part: str = ""
    many: bool = False
    remove: Remove | None = None
    new_form: type[ActForm] | None = None
    add: bool = True
    edit: bool = True
    fields: tuple[str, ...] = ()
    anchor: str = ""

    def stands(self, state: State, row_id: int | None) -> Any:
        """What of a state an edit of this section (or of one of its rows) would overwrite."""
        if self.fields:
            return {name: state.get(name) for name in self.fields}
        if row_id is None:
            return state.get(self.part)
        return self.row(state, row_id)

    def row(self, state: State, row_id: int | None) -> State | None:
        """The row of the state document that is edited; the whole document for single sections."""
        if row_id is None:
            return state.get(self.part) or {} if self.part == "deposit" else state
        if self.part == "milestones":
            rows = [one for phase in state.get("phases", ()) for one in phase["milestones"]]
        else:
            rows = state.get(self.part, [])
        return next((row for row in rows if row["id"] == row_id), None)

    def find(self, project: Project, row_id: int) -> Any | None:
        """The row itself."""
        if self.part == "milestones":
            rows = [one for phase in project.phases for one in phase.milestones]
        else:
            rows = getattr(project, self.part)
        return next((row for row in rows if row.id == row_id), None)


def _values(form: ActForm, names: Any) -> dict[str, Any]:
    """The typed values of the named fields; forms list their fields, nothing else is taken."""
    return {name: form[name].data for name in names if name in form}


def _facts(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    facts = projects.facts_of(project)
    for name, value in _values(form, vars(facts)).items():
        setattr(facts, name, value)
    projects.correct_project(session, project, facts, origin)


def _stage(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    if form.on.data > today():
        raise Refusal(N_("A stage cannot begin in the future."), field="on")
    projects.move_project(
        session,
        project,
        listing=form.listing.data,
        stage=form.stage.data,
        on=form.on.data,
        origin=origin,
    )


def _places(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    principal = session.get(Unit, form.principal.data) if form.principal.data else None
    chosen = [session.get(Unit, line.data) for line in form.further if line.data]
    further = [unit for unit in chosen if unit is not None and unit is not principal]
    people.set_places(session, project, principal, further, origin)


def _aliases(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    people.set_aliases(session, project, form.lines(), origin)


def _follower(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    projects.set_follower(
        session,
        project,
        office_id=form.followed_by_id.data,
        why=form.followed_reason.data,
        origin=origin,
    )


def _deposit(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    names = ["required", "exemption", "amount", "due_on", "paid_on", "guarantee_expires_on", "source"]
    capital.record_deposit(session, project, **_values(form, names), origin=origin)


def _translation(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    texts = {name: form[name].data or "" for name in ("name", "objective", "scale")}
    notes.translate(session, project, "en", texts, origin)


def _paper(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    names = ["kind", "number", "sign", "issued_on", "effective_on", "office", "law", "clause", "note", "source"]
    paper = papers.Paper(**_values(form, names), issued_precision=form.issued_on.precision)
    if row is None:
        papers.add_act(session, project, paper, origin)
    else:
        papers.correct_act(session, project, row, paper, origin)


def _capital(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    names = "kind amount on rate rate_on equity loan state_part other_part as_printed act_id source"
    currency = form.amount.currency if form.amount.data is not None else "VND"
    for name in ("equity", "loan", "state_part", "other_part"):
        if form[name].data is not None and form[name].currency != currency:
            raise Refusal(N_("The parts are in the same money as the whole."), field=name)
    figure = capital.Figure(
        **_values(form, names.split()), currency=currency, on_precision=form.on.precision
    )
    if row is None:
        capital.add_capital(session, project, figure, origin)
    else:
        capital.correct_capital(session, project, row, figure, origin)


def _investor(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    part = people.Part(**_values(form, ("role", "share", "since", "until")))
    if row is not None:
        people.correct_investor(session, project, row, part, origin)
        return
    projects.refuse_unless_may_change(session, origin.by, project)
    named = form.investor.data
    investor = session.get(Investor, named.id) if named.id is not None else None
    if investor is None:
        investor = people.find_or_add_investor(session, named.name, form.tax_code.data, origin)
    people.add_investor(session, project, investor, part, origin)


def _parcel(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    names = [name for name in land.ParcelFacts.__dataclass_fields__ if name != "intervals"]
    intervals = []
    for line in form.intervals:
        given = line.form.data
        if given["kind"] is None:
            if given["since"] or given["until"] or given["paper"]:
                raise Refusal(N_("Choose what kind of days these are."), field=line.form.kind.name)
            continue
        if given["since"] is None:
            raise Refusal(N_("Enter the first day."), field=line.form.since.name)
        if given["until"] and given["until"] < given["since"]:
            raise Refusal(N_("The end lies before the start."), field=line.form.until.name)
        intervals.append(
            land.Interval(given["kind"], given["since"], given["until"], given["paper"])
        )
    facts = land.ParcelFacts(**_values(form, names), intervals=intervals)
    if row is None:
        land.add_parcel(session, project, facts, origin)
    else:
        land.correct_parcel(session, project, row, facts, origin)


def _phase(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    facts = schedule.PhaseFacts(**_values(form, schedule.PhaseFacts.__dataclass_fields__))
    if row is None:
        schedule.add_phase(session, project, facts, origin)
    else:
        schedule.correct_phase(session, project, row, facts, origin)


def _version(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    facts = schedule.VersionFacts(**_values(form, schedule.VersionFacts.__dataclass_fields__))
    schedule.add_schedule_version(session, project, facts, form.promises(), origin)


def _milestone(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    schedule.track_milestone(
        session,
        project,
        row,
        met_on=form.met_on.data,
        met_precision=form.met_on.precision,
        evidence=form.evidence.data,
        forecast_on=form.forecast_on.data,
        on=today(),
        origin=origin,
    )


def _pause(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    claim = pauses.Claim(
        **_values(form, ("cause", "since", "until", "paper", "note")), side=form.side()
    )
    if row is None:
        pauses.claim_pause(session, project, claim, origin)
    else:
        pauses.correct_pause(session, project, row, claim, origin)


def _happening(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    given = _values(form, ("kind", "on", "text", "shows_progress", "source"))
    event = notes.Event(**given, precision=form.on.precision)
    if row is None:
        notes.add_happening(session, project, event, today=today(), origin=origin)
    else:
        notes.correct_happening(session, project, row, event, today=today(), origin=origin)


def _source(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    given = _values(form, ("about", "title", "place", "url"))
    if row is None:
        notes.add_source(session, project, **given, origin=origin)
    else:
        notes.correct_source(session, project, row, **given, origin=origin)


def _no_file(*_given: object) -> None:
    raise NotImplementedError  # files come through `file_pages`


def _last_version(session: Session, project: Project, row: Any, origin: Origin) -> None:
    if row is not project.schedules[-1]:
        raise Refusal(N_("Only the last version can be taken out; later ones rest on this one."))
    schedule.remove_schedule_version(session, project, origin)


_STAGE = ("listing", "stage", "stage_since", "stage_act_id")
_OWN = tuple(name for name in projects.Facts.__dataclass_fields__ if name != "outline")
_LIST = (
    Section("facts", N_("Facts"), "", FactsForm, _facts, fields=_OWN),
    Section("stage", N_("List and stage"), "", StageForm, _stage, fields=_STAGE, anchor="facts"),
    Section(
        "follower",
        N_("Who follows the project"),
        "",
        FollowerForm,
        _follower,
        fields=("followed_by_id", "followed_reason"),
        anchor="facts",
    ),
    Section("places", N_("Places"), "", PlacesForm, _places, "places"),
    Section("aliases", N_("Other names"), "", AliasesForm, _aliases, "aliases", anchor="facts"),
    Section("deposit", N_("Deposit"), "", DepositForm, _deposit, "deposit", anchor="capital"),
    Section(
        "translations", N_("Texts in English"), "", TranslationForm, _translation, "translations"
    ),
    Section(
        "papers",
        N_("Legal acts"),
        N_("Record a legal act"),
        PaperForm,
        _paper,
        "acts",
        many=True,
        remove=papers.remove_act,
    ),
    Section(
        "files",
        N_("Files"),
        N_("Add a file"),
        FileForm,
        _no_file,
        "files",
        many=True,
        remove=papers.remove_file,
        add=False,
        edit=False,
        anchor="papers",
    ),
    Section(
        "capital",
        N_("Capital"),
        N_("Add a capital figure"),
        CapitalForm,
        _capital,
        "capital",
        many=True,
        remove=capital.remove_capital,
    ),
    Section(
        "investors",
        N_("Investors"),
        N_("Add an investor"),
        PartForm,
        _investor,
        "investors",
        many=True,
        remove=people.remove_investor,
        new_form=NewPartForm,
    ),
    Section(
        "parcels",
        N_("Land"),
        N_("Add a parcel"),
        ParcelForm,
        _parcel,
        "parcels",
        many=True,
        remove=land.remove_parcel,
    ),
    Section(
        "phases",
        N_("Phases"),
        N_("Add a phase"),
        PhaseForm,
        _phase,
        "phases",
        many=True,
        remove=schedule.remove_phase,
        anchor="schedule",
    ),
    Section(
        "schedules",
        N_("Schedule"),
        N_("Add a version of the schedule"),
        VersionForm,
        _version,
        "schedules",
        many=True,
        remove=_last_version,
        edit=False,
        anchor="schedule",
    ),
    Section(
        "milestones",
        N_("Milestones"),
        "",
        MilestoneForm,
        _milestone,
        "milestones",
        many=True,
        add=False,
        anchor="schedule",
    ),
    Section(
        "pauses",
        N_("Pauses"),
        N_("Claim a pause"),
        PauseForm,
        _pause,
        "pauses",
        many=True,
        remove=pauses.remove_pause,
    ),
    Section(
        "happenings",
        N_("Events"),
        N_("Record an event"),
        HappeningForm,
        _happening,
        "happenings",
        many=True,
        remove=notes.remove_happening,
    ),
    Section(
        "sources",
        N_("Sources"),
        N_("Add a source"),
        SourceForm,
        _source,
        "sources",
        many=True,
        remove=notes.remove_source,
    ),
)
SECTIONS: dict[str, Section] = {section.key: section for section in _LIST}
