"""`flask trail rebuild-lines`: the register's lists, written anew from the trail."""

from datetime import UTC, datetime

import click

from portfolio.database import session
from portfolio.office.commands import trail_group
from portfolio.register import line_keeping


@trail_group.command("rebuild-lines")
def rebuild_lines() -> None:
    """Write the current line of every project anew, if the lists ever differ from the trail."""
    count = line_keeping.rebuild(session(), datetime.now(UTC))
    session().commit()
    click.echo(f"{count} lines written.")
