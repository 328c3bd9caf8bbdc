"""Sources of figures, observed events, and texts in other languages."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.days import Precision
from portfolio.office.trail import Origin, record
from portfolio.register.acts.capital import refuse_without_reason
from portfolio.register.acts.projects import refuse_unless_may_change
from portfolio.register.project import Happening, HappeningKind, Project, Source, Translation
from portfolio.web.errors import Refusal


def add_source(
    session: Session,
    project: Project,
    *,
    about: str,
    title: str,
    place: str | None,
    url: str | None,
    origin: Origin,
) -> Source:
    """Say where a figure came from."""
    refuse_unless_may_change(session, origin.by, project)
    source = Source(about=about, title=title, place=place, url=url)
    project.sources.append(source)
    record(session, project, "add_source", origin)
    return source


def correct_source(
    session: Session,
    project: Project,
    source: Source,
    *,
    about: str,
    title: str,
    place: str | None,
    url: str | None,
    origin: Origin,
) -> None:
    """Put right what was typed of a source."""
    refuse_unless_may_change(session, origin.by, project)
    source.about, source.title, source.place, source.url = about, title, place, url
    record(session, project, "correct_source", origin)


def remove_source(session: Session, project: Project, source: Source, origin: Origin) -> None:
    """Take out a source entered by mistake."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    project.sources.remove(source)
    record(session, project, "remove_source", origin)


@dataclass(kw_only=True)
class Event:
    """What was observed of a project; without a day where the source gives none."""

    kind: HappeningKind
    text: str
    on: date | None = None
    precision: Precision | None = None
    shows_progress: bool = False
    source: str | None = None


def add_happening(
    session: Session, project: Project, event: Event, *, today: date, origin: Origin
) -> Happening:
    """Record what was observed on a day; an inspection that saw progress is a sign of life."""
    refuse_unless_may_change(session, origin.by, project)
    _refuse_future(event, today)
    happening = Happening(**vars(event))
    project.happenings.append(happening)
    record(session, project, "add_happening", origin)
    return happening


def correct_happening(
    session: Session,
    project: Project,
    happening: Happening,
    event: Event,
    *,
    today: date,
    origin: Origin,
) -> None:
    """Put right what was typed of an event."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    _refuse_future(event, today)
    for name, value in vars(event).items():
        setattr(happening, name, value)
    record(session, project, "correct_happening", origin)


def _refuse_future(event: Event, today: date) -> None:
    # A month or a year stands for its last day, which may still come.
    if event.on is None:
        return
    begun = event.on if event.precision in {None, Precision.DAY} else event.on.replace(day=1)
    if event.precision in {Precision.QUARTER, Precision.HALF, Precision.YEAR}:
        back = {Precision.QUARTER: 2, Precision.HALF: 5, Precision.YEAR: 11}[event.precision]
        begun = begun.replace(month=event.on.month - back)
    if begun > today:
        raise Refusal(N_("An event that was observed cannot lie in the future."), field="on")


def remove_happening(
    session: Session, project: Project, happening: Happening, origin: Origin
) -> None:
    """Take out an event entered by mistake."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    project.happenings.remove(happening)
    record(session, project, "remove_happening", origin)


def translate(
    session: Session, project: Project, language: str, texts: dict[str, str], origin: Origin
) -> None:
    """Set the texts of one language; each keeps the Vietnamese text it was made from."""
    refuse_unless_may_change(session, origin.by, project)
    kept = {(one.field, one.language): one for one in project.translations}
    for field, text in texts.items():
        old = kept.get((field, language))
        made_from = getattr(project, field) or ""
        if old is not None and not text:
            project.translations.remove(old)
        elif old is not None and (old.text, old.made_from) != (text, made_from):
            old.text, old.made_from = text, made_from
        elif old is None and text:
            project.translations.append(
                Translation(field=field, language=language, text=text, made_from=made_from)
            )
    record(session, project, "translate", origin)
