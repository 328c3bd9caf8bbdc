"""`flask closings …`: what whoever runs the server types."""

import click
from flask.cli import AppGroup

from portfolio.database import database
from portfolio.reports.closing import NotTheSame, closings, worked_out_again

group = AppGroup("closings", help="Closed months.")


@group.command("verify")
def verify() -> None:
    """Work every closed month out again from the trail; exit with 1 if one gives other figures."""
    with database().open_session(write=False) as session:
        found = closings(session)
        for closing in found:
            try:
                worked_out_again(session, closing)
            except NotTheSame as error:
                message = f"{closing.name}: the trail tells other figures than those sealed"
                raise click.ClickException(message) from error
    click.echo(f"{len(found)} closed months: all follow from the trail as they were sealed.")
