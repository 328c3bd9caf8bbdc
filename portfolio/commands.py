"""Commands of the whole program; each subject adds its own group (`flask --help` lists all)."""

from pathlib import Path

import click
from flask import Flask, current_app

from portfolio.database import session
from portfolio.exchange.seed import is_loaded, load_seeds
from portfolio.web.clock import now
from portfolio.web.errors import Refusal


def install(app: Flask) -> None:
    """Add the commands that belong to no single subject."""
    app.cli.add_command(seed)


@click.command("seed")
def seed() -> None:
    """Load SEEDS_DIR into an empty database; a second run changes nothing."""
    db = session()
    try:
        if is_loaded(db):
            click.echo("The seeds are already loaded.")
            return
        counts = load_seeds(db, Path(current_app.config["SEEDS_DIR"]), now())
    except Refusal as refusal:
        raise click.ClickException(refusal.text()) from refusal
    db.commit()
    click.echo("Loaded " + ", ".join(f"{count} {what}" for what, count in counts.items()) + ".")
