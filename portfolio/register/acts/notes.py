"""Sources of figures, observed events, and texts in other languages."""

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


def remove_source(session: Session, project: Project, source: Source, origin: Origin) -> None:
    """Take out a source entered by mistake."""
    refuse_unless_may_change(session, origin.by, project)
    refuse_without_reason(origin)
    project.sources.remove(source)
    record(session, project, "remove_source", origin)


def add_happening(  # noqa: PLR0913  one form
    session: Session,
    project: Project,
    *,
    on: date,
    precision: Precision,
    kind: HappeningKind,
    shows_progress: bool,
    text: str,
    source: str | None,
    today: date,
    origin: Origin,
) -> Happening:
    """Record what was observed on a day; an inspection that saw progress is a sign of life."""
    refuse_unless_may_change(session, origin.by, project)
    if precision is Precision.DAY and on > today:
        raise Refusal(N_("An event that was observed cannot lie in the future."), field="on")
    happening = Happening(
        on=on,
        precision=precision,
        kind=kind,
        shows_progress=shows_progress,
        text=text,
        source=source,
    )
    project.happenings.append(happening)
    record(session, project, "add_happening", origin)
    return happening


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
