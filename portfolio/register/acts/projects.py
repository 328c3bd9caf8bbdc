"""Logging a project, correcting its facts, and moving it from list to list and stage to stage."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office.may import Permission, may
from portfolio.office.people import Role, User
from portfolio.office.trail import Origin, TrailHead, record
from portfolio.register.papers import ActKind, LegalAct
from portfolio.register.project import STAGE_ACTS, STAGES_OF, Form, Listing, Project, Stage
from portfolio.register.row_rule import may_change, visible_to
from portfolio.register.zone import Zone
from portfolio.web.errors import Conflict, Refusal

ORDER = list(Stage)
LICENSING = {ActKind.POLICY_APPROVAL, ActKind.CERTIFICATE}


@dataclass(kw_only=True)
class Facts:
    """What a project's own row says; the parts have acts of their own."""

    name: str
    certificate_no: str | None = None
    name_as_printed: str | None = None
    objective: str | None = None
    scale: str | None = None
    zone_id: int | None = None
    address: str | None = None
    address_as_printed: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    outline: str | None = None
    plots: str | None = None
    sector_id: int | None = None
    vsic_version: str | None = None
    vsic_code: str | None = None
    form: Form | None = None
    area_asked_ha: Decimal | None = None
    area_as_printed: str | None = None
    term_years: int | None = None
    operating_end: date | None = None
    jobs_vietnamese: int | None = None
    jobs_foreign: int | None = None
    special_mechanism: str | None = None
    pending_adjustment: bool = False
    no_adjustment_right: bool | None = None
    note: str | None = None


def log_project(
    session: Session,
    facts: Facts,
    *,
    listing: Listing,
    stage: Stage,
    prefix: str,
    origin: Origin,
) -> Project:
    """A new project with the next code of the register, e.g. ``KT-0123``.

    The caller adds parts (capital, places, investors) before closing with `trail.record`; this
    function only brings the row into being.
    """
    if stage not in STAGES_OF[listing] or stage in STAGE_ACTS:
        raise Refusal(
            N_("The stage does not fit the list: choose one of the stages of that list."),
            field="stage",
        )
    refuse_foreign_zone(session, origin.by, facts.zone_id)
    refuse_foreign_listing(origin.by, listing)
    # Writers of the trail wait for each other here, so no two projects get one code.
    wait_for_turn(session)
    refuse_same_certificate(session, origin.by, facts.certificate_no, None)
    project = Project(
        code=_next_code(session, prefix),
        listing=listing,
        stage=stage,
        stage_since=None,
        logged_by_id=origin.by.id if origin.by else None,
        version=0,
    )
    put(project, facts)
    session.add(project)
    session.flush()
    return project


def _next_code(session: Session, prefix: str) -> str:
    """The code after that of the project logged last; keys have gaps, codes need none."""
    last = session.scalar(select(Project.code).order_by(Project.id.desc()).limit(1)) or ""
    digits = last.rpartition("-")[2]
    number = int(digits) if digits.isascii() and digits.isdigit() else 0
    while True:
        number += 1
        code = f"{prefix}-{number:04}"
        if session.scalar(select(Project.id).where(Project.code == code)) is None:
            return code


def correct_project(session: Session, project: Project, facts: Facts, origin: Origin) -> None:
    """Correct or complete what the project's own row says."""
    refuse_unless_may_change(session, origin.by, project)
    if facts.zone_id != project.zone_id:
        refuse_foreign_zone(session, origin.by, facts.zone_id)
    if facts.certificate_no != project.certificate_no:
        wait_for_turn(session)
        refuse_same_certificate(session, origin.by, facts.certificate_no, project)
    _refuse_half_said(facts)
    put(project, facts)
    record(session, project, "correct_project", origin)


def wait_for_turn(session: Session) -> None:
    """Let only one writer pass at a time: what it looks up next cannot change before it commits."""
    session.execute(select(TrailHead.seq).with_for_update())


def _refuse_half_said(facts: Facts) -> None:
    if (facts.vsic_code is None) != (facts.vsic_version is None):
        raise Refusal(N_("A VSIC code needs its version, 2018 or 2025."), field="vsic_version")
    if (facts.latitude is None) != (facts.longitude is None):
        raise Refusal(N_("A point has both a latitude and a longitude."), field="longitude")
    if facts.area_asked_ha is not None and facts.area_asked_ha <= 0:
        raise Refusal(N_("An area is larger than nothing."), field="area_asked_ha")


def put(project: Project, facts: Facts) -> None:
    """Set the row's columns, each by its name in `Facts`."""
    for field in fields(facts):
        setattr(project, field.name, getattr(facts, field.name))


def facts_of(project: Project) -> Facts:
    """The row's columns as they stand."""
    return Facts(**{field.name: getattr(project, field.name) for field in fields(Facts)})


def set_follower(
    session: Session, project: Project, *, office_id: int | None, why: str | None, origin: Origin
) -> None:
    """Say which office follows the project where its zone does not say it rightly; None: as the zone says."""
    refuse_unless_may_change(session, origin.by, project)
    if office_id is not None and not why:
        raise Refusal(
            N_("Say why another office follows the project than its zone says."),
            field="followed_reason",
        )
    project.followed_by_id = office_id
    project.followed_reason = why if office_id is not None else None
    record(session, project, "set_follower", origin)


def move_project(
    session: Session, project: Project, *, listing: Listing, stage: Stage, on: date, origin: Origin
) -> None:
    """Move a project to another list or stage that needs no legal act of its own.

    Raises `Refusal` for a pair that does not exist, for licensing without an approval or a
    certificate, and for a move backwards without a reason.
    """
    refuse_unless_may_change(session, origin.by, project)
    refuse_foreign_listing(origin.by, listing)
    if stage not in STAGES_OF[listing]:
        raise Refusal(
            N_("The stage does not fit the list: choose one of the stages of that list."),
            field="stage",
        )
    if (listing, stage) == (project.listing, project.stage):
        raise Refusal(N_("The project already stands on this list and stage."), field="stage")
    if stage in STAGE_ACTS:
        raise Refusal(
            N_("This stage needs its legal act: record the decision, and the stage follows."),
            field="stage",
        )
    if project.listing is Listing.CLOSED and not origin.reason:
        raise Refusal(N_("Say why a closed project is reinstated."), field="reason")
    if listing is Listing.LICENSED and not any(act.kind in LICENSING for act in project.acts):
        raise Refusal(
            N_(
                "A licensed project needs its policy approval or certificate: record that paper first."
            ),
            field="listing",
        )
    if ORDER.index(stage) < ORDER.index(project.stage) and not origin.reason:
        raise Refusal(N_("Say why the project goes back to an earlier stage."), field="reason")
    act = "reinstate" if project.listing is Listing.CLOSED else "move_project"
    project.listing, project.stage, project.stage_since = listing, stage, on
    project.stage_act_id = project.stage_act_kind = None
    record(session, project, act, origin)


def end_stage_by_act(
    session: Session, project: Project, legal_act: LegalAct, stage: Stage, origin: Origin
) -> None:
    """Suspend or close a project by the legal act that does it, in one act.

    ``legal_act`` is new (it becomes the project's) or already the project's own.
    """
    refuse_unless_may_change(session, origin.by, project)
    kind = STAGE_ACTS[stage]
    if legal_act.kind is not kind:
        raise Refusal(N_("This paper does not bring about that stage."), field="kind")
    from_listing = project.listing
    by_rank = origin.by is None or may(origin.by, Permission.END_PROJECT)
    if stage is not Stage.WITHDRAWN and not by_rank:
        raise Refusal(
            N_("Only the authority that follows the project records its suspension or end."),
            field="kind",
        )
    if stage is Stage.WITHDRAWN and from_listing not in {Listing.SOLICITED, Listing.REGISTERED}:
        raise Refusal(
            N_("Only a project that is not licensed is withdrawn from the list."), field="kind"
        )
    if stage is not Stage.WITHDRAWN and from_listing is not Listing.LICENSED:
        raise Refusal(
            N_("Only a licensed project can be suspended, ended or revoked."), field="kind"
        )
    if legal_act not in project.acts:
        project.acts.append(legal_act)
    session.flush()
    project.stage, project.stage_since = stage, legal_act.effective_on or legal_act.issued_on
    project.stage_act_id, project.stage_act_kind = legal_act.id, kind
    if stage is not Stage.SUSPENDED:
        project.listing = Listing.CLOSED
    record(session, project, ENDING[stage], origin)


ENDING = {
    Stage.SUSPENDED: "suspend",
    Stage.TERMINATED: "terminate",
    Stage.REVOKED: "revoke",
    Stage.WITHDRAWN: "withdraw",
}


class NotOurs(Refusal):
    """The person sees the project, but another office keeps it."""

    status = 403
    title = N_("Another office keeps this project")
    message = N_("This project is not the office's to change.")


def refuse_unless_may_change(session: Session, user: User | None, project: Project) -> None:
    """Stop unless the person may change this project; the program itself may."""
    if user is not None and not may_change(session, user, project):
        raise NotOurs


def refuse_foreign_zone(session: Session, user: User | None, zone_id: int | None) -> None:
    """Stop a project from being put where the person may not work."""
    if user is None or (not user.zone_ids and user.role is not Role.ZONE_OFFICER):
        return
    allowed = select(Zone.id).where(Zone.id == zone_id, visible_to(user, Zone.id))
    if zone_id is None or session.scalar(allowed) is None:
        raise Refusal(N_("Choose one of the account's own zones."), field="zone_id")


def refuse_foreign_listing(user: User | None, listing: Listing) -> None:
    """The promotion centre keeps the lists of projects that are not licensed yet."""
    if user is not None and user.role is Role.CENTRE_OFFICER and listing is Listing.LICENSED:
        raise Refusal(
            N_(
                "The promotion centre logs solicited and registered projects; the authority licenses them."
            ),
            field="listing",
        )


def refuse_same_certificate(
    session: Session, user: User | None, number: str | None, project: Project | None
) -> None:
    """A certificate number belongs to one project; the other is named only to those who see it."""
    if number is None:
        return
    other = session.scalars(select(Project).where(Project.certificate_no == number)).one_or_none()
    if other is None or other is project:
        return
    seen = user is None or session.scalar(
        select(Project.id).where(Project.id == other.id, visible_to(user))
    )
    if seen:
        raise Conflict(
            N_("The certificate number %(number)s is already that of %(code)s, %(name)s."),
            field="certificate_no",
            number=number,
            code=other.code,
            name=other.name,
        )
    raise Conflict(
        N_("The certificate number %(number)s is already in use."),
        field="certificate_no",
        number=number,
    )
