"""`flask bench …`: making and measuring a portfolio."""

import click
from flask import Flask
from flask.cli import AppGroup

from portfolio.bench.fill import fill
from portfolio.database import session
from portfolio.web.clock import now
from portfolio.web.errors import Refusal

group = AppGroup("bench", help="A made-up portfolio for measuring.")


def install(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("fill")
@click.argument("count", type=click.IntRange(1, 1_000_000))
def fill_portfolio(count: int) -> None:
    """Bring a scratch database to COUNT projects (the same ones each time)."""
    try:
        made = fill(session(), count, now())
    except Refusal as refusal:
        raise click.ClickException(refusal.text()) from refusal
    click.echo(f"Made {made} projects.")
