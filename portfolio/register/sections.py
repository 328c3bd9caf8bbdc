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
from portfolio.register.acts import (
    capital,
    circumstances,
    land,
    notes,
    papers,
    pauses,
    people,
    projects,
    reports,
    schedule,
)
from portfolio.register.entry import ActForm
from portfolio.register.entry_circumstances import CircumstanceForm
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
from portfolio.register.entry_project import (
    AliasesForm,
    FactsForm,
    FollowerForm,
    PlacesForm,
    StageForm,
)
from portfolio.register.entry_report import CorrectReportForm
from portfolio.register.entry_schedule import MilestoneForm, PauseForm, PhaseForm, VersionForm
from portfolio.register.project import Project
from portfolio.register.section_acts import (
    no_form,
    remove_last_version,
    save_aliases,
    save_capital,
    save_circumstance,
    save_deposit,
    save_facts,
    save_follower,
    save_happening,
    save_investor,
    save_milestone,
    save_paper,
    save_parcel,
    save_pause,
    save_phase,
    save_places,
    save_source,
    save_stage,
    save_translation,
    save_version,
)

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


_STAGE = ("listing", "stage", "stage_since", "stage_act_id")
_OWN = tuple(name for name in projects.Facts.__dataclass_fields__ if name != "outline")
_LIST = (
    Section("facts", N_("Facts"), "", FactsForm, save_facts, fields=_OWN),
    Section(
        "stage", N_("List and stage"), "", StageForm, save_stage, fields=_STAGE, anchor="facts"
    ),
    Section(
        "follower",
        N_("Who follows the project"),
        "",
        FollowerForm,
        save_follower,
        fields=("followed_by_id", "followed_reason"),
        anchor="facts",
    ),
    Section("places", N_("Places"), "", PlacesForm, save_places, "places"),
    Section("aliases", N_("Other names"), "", AliasesForm, save_aliases, "aliases", anchor="facts"),
    Section("deposit", N_("Deposit"), "", DepositForm, save_deposit, "deposit", anchor="capital"),
    Section(
        "translations",
        N_("Texts in English"),
        "",
        TranslationForm,
        save_translation,
        "translations",
    ),
    Section(
        "papers",
        N_("Legal acts"),
        N_("Record a legal act"),
        PaperForm,
        save_paper,
        "acts",
        many=True,
        remove=papers.remove_act,
    ),
    Section(
        "files",
        N_("Files"),
        N_("Add a file"),
        FileForm,
        no_form,
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
        save_capital,
        "capital",
        many=True,
        remove=capital.remove_capital,
    ),
    Section(
        "investors",
        N_("Investors"),
        N_("Add an investor"),
        PartForm,
        save_investor,
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
        save_parcel,
        "parcels",
        many=True,
        remove=land.remove_parcel,
    ),
    Section(
        "phases",
        N_("Phases"),
        N_("Add a phase"),
        PhaseForm,
        save_phase,
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
        save_version,
        "schedules",
        many=True,
        remove=remove_last_version,
        edit=False,
        anchor="schedule",
    ),
    Section(
        "milestones",
        N_("Milestones"),
        "",
        MilestoneForm,
        save_milestone,
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
        save_pause,
        "pauses",
        many=True,
        remove=pauses.remove_pause,
    ),
    Section(
        "reports",
        N_("Progress reports"),
        N_("Enter a report"),
        CorrectReportForm,
        no_form,
        "reports",
        many=True,
        remove=reports.remove_report,
        add=False,
        edit=False,
    ),
    Section(
        "circumstances",
        N_("Legal circumstances"),
        N_("Record a legal circumstance"),
        CircumstanceForm,
        save_circumstance,
        "circumstances",
        many=True,
        remove=circumstances.remove_circumstance,
    ),
    Section(
        "happenings",
        N_("Events"),
        N_("Record an event"),
        HappeningForm,
        save_happening,
        "happenings",
        many=True,
        remove=notes.remove_happening,
    ),
    Section(
        "sources",
        N_("Sources"),
        N_("Add a source"),
        SourceForm,
        save_source,
        "sources",
        many=True,
        remove=notes.remove_source,
    ),
)
SECTIONS: dict[str, Section] = {section.key: section for section in _LIST}
