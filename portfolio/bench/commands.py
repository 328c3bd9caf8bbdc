"""`flask bench …`: making and measuring a portfolio."""

from datetime import date, datetime

import click
from flask import Flask
from flask.cli import AppGroup

from portfolio.bench.fill import fill
from portfolio.bench.inside import explain_some, read_all
from portfolio.bench.made_up import LICENSED, MIXED
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
@click.option(
    "--licensed", is_flag=True, help="Only licensed projects, of six milestones and ten reports."
)
def fill_portfolio(count: int, *, million: bool, licensed: bool) -> None:
    """Bring a scratch database to COUNT projects (the same ones each time)."""
    if count > LARGEST and not million:
        message = "More than 100,000 projects take some GB of disk; say --million."
        raise click.UsageError(message)
    try:
        with click.progressbar(length=count, label="Projects") as bar:
            kind = LICENSED if licensed else MIXED
            made = fill(session(), count, now(), lambda done: bar.update(done - bar.pos), kind)
    except Refusal as refusal:
        raise click.ClickException(refusal.text()) from refusal
    click.echo(f"Made {made} projects.")


@group.command("read")
def read_states() -> None:
    """Read the state of every project once and do nothing with it: the floor of judging them."""
    click.echo(f"Read {read_all(session())} projects.")


@group.command("explain")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of evaluation.")
@click.option("--count", default=300, show_default=True, help="How many projects.")
def explain_projects(on: datetime, count: int) -> None:
    """Judge and explain projects one by one: milliseconds of processor for each."""
    day: date = on.date()
    spent = explain_some(session(), day, count)
    click.echo(f"{spent.median:.3f} {spent.p95:.3f}")
