"""Legal acts of a project: recording, correcting, removing, and their files."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.days import Precision
from portfolio.office.trail import Origin, record
from portfolio.register.acts.capital import refuse_without_reason
from portfolio.register.acts.projects import end_stage_by_act, refuse_unless_may_change
from portfolio.register.papers import ActKind, LegalAct, StoredFile
from portfolio.register.project import STAGE_ACTS, Project
from portfolio.web.errors import Conflict, Refusal

ENDS = {kind: stage for stage, kind in STAGE_ACTS.items()}


@dataclass(kw_only=True)
class Paper:
    """A legal act as it is entered."""

    kind: ActKind
    issued_on: date
    issued_precision: Precision = Precision.DAY
    number: str | None = None
    sign: str | None = None
    effective_on: date | None = None
    office: str | None = None
    law: str | None = None
    clause: str | None = None
    note: str | None = None
    source: str | None = None


def add_act(session: Session, project: Project, paper: Paper, origin: Origin) -> LegalAct:
    """Record a paper. One that suspends or closes the project moves its stage in the same act."""
    refuse_unless_may_change(session, origin.by, project)
    _refuse_unfit(project, paper, None)
    act = LegalAct(**vars(paper))
    if paper.kind in ENDS:
        if origin.by is not None and not paper.number:
            raise Refusal(
                N_("A decision that suspends or ends a project needs its number."), field="number"
            )
        end_stage_by_act(session, project, act, ENDS[paper.kind], origin)
    else:
        project.acts.append(act)
        record(session, project, "add_act", origin)
    return act


def correct_act(
    session: Session, project: Project, act: LegalAct, paper: Paper, origin: Origin
) -> None:
    """Put right what was typed of a paper; its kind stays when the project's stage rests on it."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    _refuse_unfit(project, paper, act)
    if paper.kind != act.kind and (act.id == project.stage_act_id or paper.kind in ENDS):
        raise Refusal(
            N_(
                "The project's stage depends on the kind of this paper; record a new paper instead."
            ),
            field="kind",
        )
    for name, value in vars(paper).items():
        setattr(act, name, value)
    if act.id == project.stage_act_id:
        project.stage_since = act.effective_on or act.issued_on
    record(session, project, "correct_act", origin)


def remove_act(session: Session, project: Project, act: LegalAct, origin: Origin) -> None:
    """Take out a paper that was entered by mistake and that nothing rests on."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    if _is_used(project, act):
        raise Refusal(
            N_(
                "Other entries rest on this paper (stage, schedule, capital, land); change them first."
            )
        )
    project.acts.remove(act)
    record(session, project, "remove_act", origin)


def attach_file(session: Session, project: Project, file: StoredFile, origin: Origin) -> StoredFile:
    """Add a checked upload to the project, or to one of its papers."""
    refuse_unless_may_change(session, origin.by, project)
    project.files.append(file)
    record(session, project, "attach_file", origin)
    return file


def remove_file(session: Session, project: Project, file: StoredFile, origin: Origin) -> None:
    """Take a file off the project; the stored bytes stay for the trail."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    project.files.remove(file)
    record(session, project, "remove_file", origin)


def _refuse_unfit(project: Project, paper: Paper, act: LegalAct | None) -> None:
    if paper.sign and not paper.number:
        raise Refusal(N_("A sign needs its number, for example 123/QĐ-UBND."), field="number")
    for other in project.acts:
        same = (other.number, other.sign, other.issued_on, other.office) == (
            paper.number,
            paper.sign,
            paper.issued_on,
            paper.office,
        )
        if other is not act and paper.number and same:
            raise Conflict(N_("This paper is already recorded for the project."), field="number")


def _is_used(project: Project, act: LegalAct) -> bool:
    return (
        act.id == project.stage_act_id
        or any(figure.act_id == act.id for figure in project.capital)
        or any(version.act_id == act.id for version in project.schedules)
        or any(parcel.recovery_act_id == act.id for parcel in project.parcels)
        or any(file.act_id == act.id for file in project.files)
    )
