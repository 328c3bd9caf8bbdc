"""`flask catalogue …`: what whoever runs the server types."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.catalogue.book import Order, estimate_pages, set_book
from portfolio.catalogue.build import gather, print_within_limits, usual_imprint
from portfolio.catalogue.collect import Choice
from portfolio.catalogue.progress import Progress
from portfolio.catalogue.typeset import Language
from portfolio.database import database
from portfolio.register.place import Unit
from portfolio.register.sector import Sector
from portfolio.register.zone import Zone
from portfolio.web.clock import today
from portfolio.web.errors import Refusal

group = AppGroup("catalogue", help="The catalogue of solicited projects.")


class Day(click.ParamType[date]):
    """A day as ``2026-11-22``."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it, or say what is wrong."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no day such as 2026-11-22", param, ctx)


@group.command("build")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--sector", metavar="KEY", help="Only projects of this sector.")
@click.option("--zone", metavar="KEY", help="Only projects of this zone and the zones inside it.")
@click.option("--place", metavar="CODE", help="Only projects in this administrative unit.")
@click.option("--on", type=Day(), help="The day that stands on the cover; default: today.")
@click.option("--order", type=click.Choice(["sector", "zone"]), default="sector", show_default=True)
@click.option("--title", default="", help="Title on the cover instead of the usual one.")
def build(
    *,
    lang: Language,
    out: Path,
    sector: str | None,
    zone: str | None,
    place: str | None,
    on: date | None,
    order: Order,
    title: str,
) -> None:
    """Build the catalogue of all solicited projects, or of some, into a file."""
    imprint = usual_imprint(lang, on or today(), title=title, ordered_by=order)
    try:
        with database().open_session(write=False) as db:
            choice = Choice(
                _key(db, Sector, Sector.key, sector, "sector"),
                _key(db, Zone, Zone.key, zone, "zone"),
                _unit(db, place, imprint.issued_on),
            )
            offers = gather(db, None, choice, imprint)
        html = set_book(offers, imprint)
        pdf = print_within_limits(html, _tell, estimate_pages(offers, imprint))
    except Refusal as refusal:
        raise click.ClickException(refusal.text()) from refusal
    _write(out, pdf)
    click.echo(f"{out}: projects {len(offers)}, size {len(pdf) // 1024} kB")


def _key(db: Session, model: Any, column: Any, key: str | None, what: str) -> int | None:
    if key is None:
        return None
    found = db.scalars(select(model.id).where(column == key)).one_or_none()
    if found is None:
        known = ", ".join(db.scalars(select(column).order_by(column)))
        message = f"There is no {what} with the key {key}. Known: {known}"
        raise click.ClickException(message)
    return int(found)


def _unit(db: Session, code: str | None, on: date) -> int | None:
    """The unit with this code: the one that exists on the day, else the last one that had it."""
    if code is None:
        return None
    units = db.scalars(select(Unit).where(Unit.code == code).order_by(Unit.valid_from)).all()
    if not units:
        message = f"There is no administrative unit with the code {code}."
        raise click.ClickException(message)
    standing = [u for u in units if u.valid_from <= on and (u.valid_to is None or u.valid_to >= on)]
    return (standing or units)[-1].id


def _tell(progress: Progress) -> None:
    if sys.stderr.isatty() and progress.total:
        click.echo(f"\r{progress.done}/{progress.total} pages ", nl=False, err=True)


def _write(out: Path, pdf: bytes) -> None:
    """Write the file whole or not at all."""
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(pdf)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        message = f"{out} cannot be written: {error.strerror}"
        raise click.ClickException(message) from error
