"""From a form that was filled in to the act that it stands for, one function for each section.

A form's fields are named one by one: whatever else a request carries is not taken.
"""

from typing import Any

from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.office.trail import Origin
from portfolio.register.acts import (
    capital,
    circumstances,
    land,
    notes,
    papers,
    pauses,
    people,
    projects,
    schedule,
)
from portfolio.register.entry import ActForm
from portfolio.register.investor import Investor
from portfolio.register.place import Unit
from portfolio.register.project import Project
from portfolio.web.clock import today
from portfolio.web.errors import Refusal


def _values(form: ActForm, names: Any) -> dict[str, Any]:
    """The typed values of the named fields; forms list their fields, nothing else is taken."""
    return {name: form[name].data for name in names if name in form}


def save_facts(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    """Facts of the own row."""
    facts = projects.facts_of(project)
    for name, value in _values(form, vars(facts)).items():
        setattr(facts, name, value)
    projects.correct_project(session, project, facts, origin)


def save_stage(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    """Another list or stage."""
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


def save_places(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    """Where it lies."""
    principal = session.get(Unit, form.principal.data) if form.principal.data else None
    chosen = [session.get(Unit, line.data) for line in form.further if line.data]
    further = [unit for unit in chosen if unit is not None and unit is not principal]
    people.set_places(session, project, principal, further, origin)


def save_aliases(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    """Other names."""
    people.set_aliases(session, project, form.lines(), origin)


def save_follower(
    session: Session, project: Project, _row: None, form: Any, origin: Origin
) -> None:
    """Who follows it."""
    projects.set_follower(
        session,
        project,
        office_id=form.followed_by_id.data,
        why=form.followed_reason.data,
        origin=origin,
    )


def save_deposit(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    """The deposit."""
    names = [
        "required",
        "exemption",
        "amount",
        "due_on",
        "paid_on",
        "guarantee_expires_on",
        "source",
    ]
    capital.record_deposit(session, project, **_values(form, names), origin=origin)


def save_translation(
    session: Session, project: Project, _row: None, form: Any, origin: Origin
) -> None:
    """The English texts."""
    texts = {name: form[name].data or "" for name in ("name", "objective", "scale")}
    notes.translate(session, project, "en", texts, origin)


def save_paper(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    """A legal act, new or corrected."""
    names = [
        "kind",
        "number",
        "sign",
        "issued_on",
        "effective_on",
        "office",
        "law",
        "clause",
        "note",
        "source",
    ]
    paper = papers.Paper(**_values(form, names), issued_precision=form.issued_on.precision)
    if row is None:
        papers.add_act(session, project, paper, origin)
    else:
        papers.correct_act(session, project, row, paper, origin)


def save_capital(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    """A capital figure, new or corrected."""
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


def save_investor(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    """An investor's part, new or corrected."""
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


def save_parcel(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    """A parcel with its days, new or corrected."""
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


def save_phase(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    """A phase, new or corrected."""
    facts = schedule.PhaseFacts(**_values(form, schedule.PhaseFacts.__dataclass_fields__))
    if row is None:
        schedule.add_phase(session, project, facts, origin)
    else:
        schedule.correct_phase(session, project, row, facts, origin)


def save_version(session: Session, project: Project, _row: None, form: Any, origin: Origin) -> None:
    """A further version of the schedule."""
    facts = schedule.VersionFacts(**_values(form, schedule.VersionFacts.__dataclass_fields__))
    schedule.add_schedule_version(session, project, facts, form.promises(), origin)


def save_milestone(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    """Where a milestone stands."""
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


def save_pause(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    """A claim, new or corrected."""
    claim = pauses.Claim(
        **_values(form, ("cause", "since", "until", "paper", "note")), side=form.side()
    )
    if row is None:
        pauses.claim_pause(session, project, claim, origin)
    else:
        pauses.correct_pause(session, project, row, claim, origin)


def save_circumstance(
    session: Session, project: Project, row: Any, form: Any, origin: Origin
) -> None:
    """A legal circumstance, new or corrected."""
    names = circumstances.CircumstanceFacts.__dataclass_fields__
    facts = circumstances.CircumstanceFacts(**_values(form, names))
    if row is None:
        circumstances.add_circumstance(session, project, facts, origin)
    else:
        circumstances.correct_circumstance(session, project, row, facts, origin)


def save_happening(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    """An event, new or corrected."""
    given = _values(form, ("kind", "on", "text", "shows_progress", "source"))
    event = notes.Event(**given, precision=form.on.precision)
    if row is None:
        notes.add_happening(session, project, event, today=today(), origin=origin)
    else:
        notes.correct_happening(session, project, row, event, today=today(), origin=origin)


def save_source(session: Session, project: Project, row: Any, form: Any, origin: Origin) -> None:
    """A source, new or corrected."""
    given = _values(form, ("about", "title", "place", "url"))
    if row is None:
        notes.add_source(session, project, **given, origin=origin)
    else:
        notes.correct_source(session, project, row, **given, origin=origin)


def no_form(*_given: object) -> None:
    """Files and reports have pages of their own."""
    raise NotImplementedError


def remove_last_version(session: Session, project: Project, row: Any, origin: Origin) -> None:
    """Take out the last version of the schedule; an earlier one stays."""
    if row is not project.schedules[-1]:
        raise Refusal(N_("Only the last version can be taken out; later ones rest on this one."))
    schedule.remove_schedule_version(session, project, origin)
