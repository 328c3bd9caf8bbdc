"""The job that builds a catalogue."""

import re
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from portfolio.catalogue.apart import Limits, TooLarge, TooLong, press_apart
from portfolio.catalogue.book import Imprint, estimate_pages, set_book
from portfolio.catalogue.collect import Choice, offers_from
from portfolio.catalogue.fonts import INSTALL, MissingFonts, check_fonts
from portfolio.catalogue.offer import Offer
from portfolio.catalogue.progress import Progress, Report, Step
from portfolio.catalogue.typeset import Language, translations
from portfolio.notation import N_
from portfolio.office.may import Permission
from portfolio.office.people import User
from portfolio.office.results import Result
from portfolio.office.work import Task, job
from portfolio.register.choices import choices
from portfolio.web.errors import Refusal

KIND = "catalogue.build"
MEGABYTE = 1024 * 1024
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]+")


class NoProjects(Refusal):
    """Nothing was chosen: an empty catalogue is not made."""

    message = N_("No solicited project fits this choice.")


class TooBigToPrint(Refusal):
    """The limits of a build were reached."""

    message = N_(
        "The catalogue became too large for the limits of this server. Choose fewer projects, or ask"
        " the administrator to raise JOB_MEMORY_MB and JOB_SECONDS."
    )


class NoFonts(Refusal):
    """The server lacks what Vietnamese is set in."""

    message = N_("The server lacks the fonts of the catalogue. The administrator runs: %(command)s")


@job(KIND, label=N_("Catalogue of solicited projects"), needs=Permission.BUILD_CATALOGUE)
def build(task: Task) -> Result:
    """Read the chosen projects as the person may see them, print them, hand the file over."""
    task.report(Step.GATHERING.label, at_once=True)
    choice, imprint = unpack(task.arguments)
    with task.reading() as session:
        user = task.person(session, Permission.BUILD_CATALOGUE)
        offers = gather(session, user, choice, imprint)
    task.report(Step.SETTING.label, at_once=True)
    html = set_book(offers, imprint)

    def report(progress: Progress) -> None:
        task.report(progress.step.label, progress.done, progress.total)

    pdf = print_within_limits(html, report, estimate_pages(offers, imprint))
    return Result(file_name(imprint), "application/pdf", pdf)


def gather(session: Session, user: User | None, choice: Choice, imprint: Imprint) -> list[Offer]:
    """The offers of a catalogue. Raises `NoProjects` if there is none."""
    offers = offers_from(
        session, user, choice, choices(session, None), lang=imprint.lang, on=imprint.issued_on
    )
    if not offers:
        raise NoProjects
    return offers


def print_within_limits(html: str, report: Report, expected_pages: int) -> bytes:
    """The PDF, made in a process of its own within the limits of the settings.

    Raises `NoFonts` and `TooBigToPrint`; other faults of the press are unforeseen.
    """
    limits = Limits(
        memory=current_app.config["JOB_MEMORY_MB"] * MEGABYTE,
        cpu_seconds=current_app.config["JOB_SECONDS"],
        seconds=current_app.config["JOB_SECONDS"],
    )
    try:
        check_fonts()
        return press_apart(html, limits=limits, report=report, expected_pages=expected_pages)
    except MissingFonts as error:
        raise NoFonts(command=INSTALL) from error
    except (TooLong, TooLarge) as error:
        raise TooBigToPrint from error


def usual_imprint(lang: Language, on: date, **own: Any) -> Imprint:
    """What a catalogue says about itself by the settings; ``own`` are title, subtitle and order."""
    return Imprint(
        lang=lang,
        issued_on=on,
        office=str(current_app.config["OFFICE_NAME"]),
        province=str(current_app.config["PROVINCE"]),
        demo=bool(current_app.config["DEMO"]),
        **own,
    )


def pack(choice: Choice, imprint: Imprint) -> dict[str, Any]:
    """What the job remembers; office, province and demo are read again when it is done."""
    return {
        "lang": imprint.lang,
        "on": imprint.issued_on.isoformat(),
        "title": imprint.title,
        "subtitle": imprint.subtitle,
        "ordered_by": imprint.ordered_by,
        "sector": choice.sector_id,
        "zone": choice.zone_id,
        "unit": choice.unit_id,
    }


def unpack(arguments: dict[str, Any]) -> tuple[Choice, Imprint]:
    """The reverse of `pack`."""
    imprint = usual_imprint(
        arguments["lang"],
        date.fromisoformat(arguments["on"]),
        title=arguments["title"],
        subtitle=arguments["subtitle"],
        ordered_by=arguments["ordered_by"],
    )
    return Choice(arguments["sector"], arguments["zone"], arguments["unit"]), imprint


def file_name(imprint: Imprint) -> str:
    """The name under which the file is offered: title and day."""
    usual = translations(imprint.lang).gettext(N_("Projects calling for investment"))
    title = " ".join(_UNSAFE.sub(" ", imprint.title or usual)[:80].split()).strip(" .")
    return f"{title or usual} {imprint.issued_on.isoformat()}.pdf"
