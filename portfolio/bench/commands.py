"""`flask bench …`: making and measuring a portfolio."""

import click
from flask import Flask
from flask.cli import AppGroup

from portfolio.bench.fill import fill
from portfolio.database import session
from portfolio.web.clock import now
from portfolio.web.errors import Refusal

LARGEST, LARGEST_EVER = 100_000, 1_000_000

group = AppGroup("bench", help="A made-up portfolio for measuring.")


def install(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("fill")
@click.argument("count", type=click.IntRange(1, LARGEST_EVER))
@click.option("--million", is_flag=True, help="Allow more than 100,000: some GB and half an hour.")
def fill_portfolio(count: int, *, million: bool) -> None:
    """Bring a scratch database to COUNT projects (the same ones each time)."""
    if count > LARGEST and not million:
        message = "More than 100,000 projects take some GB of disk; say --million."
        raise click.UsageError(message)
    try:
        with click.progressbar(length=count, label="Projects") as bar:
            made = fill(session(), count, now(), lambda done: bar.update(done - bar.pos))
    except Refusal as refusal:
        raise click.ClickException(refusal.text()) from refusal
    click.echo(f"Made {made} projects.")
