"""One seed document (`seeds/projects/*.yaml`, format in `seeds/README.md`) into one project."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from portfolio.notation.days import Precision
from portfolio.notation.fold import fold
from portfolio.register.capital import CapitalKind, CapitalVersion, Deposit
from portfolio.register.investor import Investor, InvestorRole, ProjectInvestor
from portfolio.register.land import IntervalKind, Parcel, ParcelInterval
from portfolio.register.papers import ActKind, LegalAct
from portfolio.register.phases import (
    Milestone,
    MilestoneKind,
    Pause,
    PauseStatus,
    Phase,
    ScheduleKind,
    ScheduleVersion,
    Side,
    Target,
)
from portfolio.register.project import (
    STAGE_ACTS,
    Alias,
    Form,
    Happening,
    HappeningKind,
    Listing,
    Project,
    ProjectPlace,
    Source,
    Stage,
)

if TYPE_CHECKING:
    from portfolio.exchange.seed import Loaded

Document = dict[str, Any]

PLACED = "Sổ tự xếp danh sách theo giai đoạn; nguồn không nêu danh sách nào"
"""Said of a project whose source names no list: the register placed it by its stage."""

BEFORE_ACT = {
    Stage.SUSPENDED: (Listing.LICENSED, Stage.IMPLEMENTING),
    Stage.TERMINATED: (Listing.LICENSED, Stage.IMPLEMENTING),
    Stage.REVOKED: (Listing.LICENSED, Stage.IMPLEMENTING),
    Stage.WITHDRAWN: (Listing.SOLICITED, Stage.CALLING),
}
"""Where a project stands for the moment between its own row and the act that its stage needs."""


def make_project(session: Session, document: Document, code: str, loaded: "Loaded") -> Project:
    """The project with all its parts, flushed but not yet recorded."""
    stage = Stage(document["stage"])
    listing, first_stage = BEFORE_ACT.get(stage, (Listing(document["listing"]), stage))
    zone = loaded.zones[document["zone"]] if document.get("zone") else None
    area = document.get("area") or {}
    project = Project(
        code=code,
        certificate_no=document.get("certificate_no"),
        name=document["name"],
        objective=document.get("objective"),
        scale=document.get("scale"),
        listing=listing,
        stage=first_stage,
        zone=zone,
        address=document.get("address"),
        sector=loaded.sectors[document["sector"]] if document.get("sector") else None,
        form=Form(document["form"]) if document.get("form") else None,
        term_years=(document.get("term") or {}).get("years"),
        area_asked_ha=_decimal(area.get("hectares")),
        area_as_printed=area.get("as_printed"),
        public_source=document.get("disclaimer") == "public",
        note=document.get("note"),
        aliases=[Alias(name=name) for name in document.get("aliases") or []],
        places=_places(document, loaded),
        investors=[_investor(session, part, loaded) for part in document.get("investors") or []],
        happenings=[_happening(event) for event in document.get("events") or []],
        sources=_sources(document),
        deposit=_deposit(document.get("deposit")),
    )
    session.add(project)
    acts = {act["key"]: _act(act) for act in document.get("acts") or []}
    project.acts = list(acts.values())
    session.flush()
    project.capital = [_capital(figure, acts) for figure in document.get("capital") or []]
    project.parcels = [_parcel(parcel, acts) for parcel in document.get("land") or []]
    project.pauses = [_pause(pause, project) for pause in document.get("pauses") or []]
    _schedule(project, document, acts)
    _reach_stage(project, stage)
    session.flush()
    return project


def _reach_stage(project: Project, stage: Stage) -> None:
    kind = STAGE_ACTS.get(stage)
    if kind is None:
        return
    act = next(act for act in reversed(project.acts) if act.kind is kind)
    project.stage, project.stage_since = stage, act.issued_on
    project.stage_act_id, project.stage_act_kind = act.id, kind
    if stage is not Stage.SUSPENDED:
        project.listing = Listing.CLOSED


def _places(document: Document, loaded: "Loaded") -> list[ProjectPlace]:
    return [
        ProjectPlace(
            unit=loaded.units[place["code"], _day(place["valid_from"])],  # type: ignore[index]
            principal=bool(place.get("principal")),
        )
        for place in document.get("places") or []
    ]


def _investor(session: Session, part: Document, loaded: "Loaded") -> ProjectInvestor:
    key = part.get("tax_code") or fold(part["name"])
    if key not in loaded.investors:
        loaded.investors[key] = Investor(
            name=part["name"],
            folded=fold(part["name"]),
            tax_code=part.get("tax_code"),
            country=part.get("country"),
            source=_words(part.get("source")),
        )
        session.add(loaded.investors[key])
    return ProjectInvestor(
        investor=loaded.investors[key],
        role=InvestorRole(part["role"]),
        since=_day(part.get("from")),
        until=_day(part.get("to")),
    )


def _act(act: Document) -> LegalAct:
    return LegalAct(
        kind=ActKind(act["kind"]),
        number=_text(act.get("number")),
        sign=act.get("sign"),
        issued_on=_day(act["issued_on"]),
        issued_precision=_precision(act.get("precision")),
        effective_on=_day(act.get("effective_on")),
        office=act.get("office"),
        clause=act.get("clause"),
        note=act.get("note"),
        source=_words(act.get("source")),
    )


def _capital(figure: Document, acts: dict[str, LegalAct]) -> CapitalVersion:
    amount, currency = _decimal(figure.get("amount")), figure.get("currency") or "VND"
    split = figure.get("split") or {}
    return CapitalVersion(
        kind=CapitalKind(figure["kind"]),
        on=_day(figure.get("on")),
        on_precision=_precision(figure.get("precision")),
        amount=amount,
        currency=currency,
        vnd_amount=amount if currency == "VND" else None,
        equity=_decimal(split.get("equity")),
        loan=_decimal(split.get("loan")),
        as_printed=figure.get("as_printed"),
        act_id=acts[figure["act"]].id if figure.get("act") else None,
        source="; ".join(
            words for words in (_words(figure.get("source")), figure.get("note")) if words
        )
        or None,
    )


def _deposit(deposit: Document | None) -> Deposit | None:
    if deposit is None:
        return None
    return Deposit(
        required=deposit["required"],
        exemption=deposit.get("exemption"),
        amount=_decimal(deposit.get("amount")),
        due_on=_day(deposit.get("due_on")),
        paid_on=_day(deposit.get("paid_on")),
        guarantee_expires_on=_day(deposit.get("guarantee_expires_on")),
        source=_words(deposit.get("source")),
    )


def _parcel(parcel: Document, acts: dict[str, LegalAct]) -> Parcel:
    extension = parcel.get("extension") or {}
    return Parcel(
        name=str(parcel["name"]),
        area_ha=_decimal(parcel.get("area_ha")),
        handed_over_on=_day(parcel.get("handed_over_on")),
        first_used_on=_day(parcel.get("first_used_on")),
        schedule_end=_day(parcel.get("schedule_end")),
        extension_decision=extension.get("decision"),
        extension_from=_day(extension.get("from")),
        extension_to=_day(extension.get("to")),
        recovered_on=_day(parcel.get("recovered_on")),
        recovery_ground=parcel.get("recovery_ground"),
        recovery_act_id=acts[parcel["recovery_act"]].id if parcel.get("recovery_act") else None,
        source=_words(parcel.get("source")),
        intervals=[
            ParcelInterval(
                kind=IntervalKind(one["kind"]), since=_day(one["from"]), until=_day(one.get("to"))
            )
            for one in parcel.get("intervals") or []
        ],
    )


def _pause(pause: Document, project: Project) -> Pause:
    accepted = pause["status"] == PauseStatus.ACCEPTED
    return Pause(
        cause=pause["cause"],
        side=Side(pause["side"]),
        since=_day(pause["from"]),
        until=_day(pause.get("to")),
        paper=pause.get("paper"),
        status=PauseStatus(pause["status"]),
        claimed_by=pause.get("claimed_by") or "portfolio",
        decided_by=pause.get("decided_by") if accepted else None,
        note=pause.get("note"),
        project=project,
    )


def _schedule(project: Project, document: Document, acts: dict[str, LegalAct]) -> None:
    versions: dict[int, ScheduleVersion] = {}
    for number, phase in enumerate(document.get("phases") or [], 1):
        made = Phase(number=number, name=phase.get("name"), objective=phase.get("objective"))
        project.phases.append(made)
        for milestone in phase.get("milestones") or []:
            made.milestones.append(
                Milestone(
                    kind=MilestoneKind(milestone["kind"]),
                    met_on=_day(milestone.get("met_on")),
                    met_precision=_precision(milestone.get("met_precision"))
                    if milestone.get("met_on")
                    else None,
                    evidence=milestone.get("evidence"),
                    targets=[
                        _target(project, target, versions, acts)
                        for target in milestone.get("targets") or []
                    ],
                )
            )


def _target(
    project: Project,
    target: Document,
    versions: dict[int, ScheduleVersion],
    acts: dict[str, LegalAct],
) -> Target:
    number = target["version"]
    if number not in versions:
        versions[number] = ScheduleVersion(
            number=number,
            kind=ScheduleKind(target["kind"]),
            approved_on=_day(target.get("approved_on")),
            act_id=acts[target["act"]].id if target.get("act") else None,
        )
        project.schedules.append(versions[number])
    return Target(
        schedule_version=versions[number],
        planned_on=_day(target["end"]),
        precision=_precision(target.get("precision")),
        as_printed=target.get("printed"),
    )


def _happening(event: Document) -> Happening:
    return Happening(
        on=_day(event["on"]),
        precision=_precision(event.get("precision")) if event["on"] else None,
        kind=HappeningKind(event["kind"]),
        shows_progress=bool(event.get("shows_progress")),
        text=event["text"],
        source=_words(event.get("source")),
    )


def _sources(document: Document) -> list[Source]:
    given = [dict(source) for source in document.get("sources") or []]
    if document.get("stage_source"):
        given.append({"about": "stage", **document["stage_source"]})
    if (document.get("area") or {}).get("source"):
        given.append({"about": "area", **document["area"]["source"]})
    if document.get("listing_basis") == "placed":
        given.append({"about": "listing", "title": PLACED})
    return [
        Source(
            about=one["about"],
            title=one.get("title") or one.get("paper") or one["url"],
            place=_text(one.get("page")),
            url=one.get("url"),
        )
        for one in given
    ]


def _words(source: Document | str | None) -> str | None:
    if source is None or isinstance(source, str):
        return source
    return "; ".join(
        str(source[name]) for name in ("title", "paper", "page", "url") if source.get(name)
    )


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _precision(value: str | None) -> Precision:
    return Precision(value or "day")


def _decimal(value: str | float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
