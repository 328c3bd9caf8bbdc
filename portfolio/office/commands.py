"""`flask users …` and `flask trail …`: what whoever runs the server types."""

import sys
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from portfolio.database import session
from portfolio.office import accounts, demo, reset_links, trail
from portfolio.office.accounts import UserValues
from portfolio.office.offices import offices_by_name
from portfolio.office.people import Office, OfficeKind, Role
from portfolio.office.trail import Origin, record
from portfolio.office.trail_pages import secrets_of_program
from portfolio.web.errors import Refusal

users_group = AppGroup("users", help="The people who sign in.")
trail_group = AppGroup("trail", help="The journal of every change.")


@users_group.command("add-administrator")
@click.argument("email")
@click.argument("name")
@click.option(
    "--office", "office_key", help="Key of the office; default: the first promotion centre."
)
def add_administrator(email: str, name: str, office_key: str | None) -> None:
    """Make an administrator and print the first password, which works once within 24 hours."""
    db, origin = session(), Origin(None, datetime.now(UTC))
    try:
        office = _office(office_key, origin)
        values = UserValues(email=email, name=name, role=Role.ADMINISTRATOR, office_id=office.id)
        user, password = accounts.add_user(db, values, origin)
    except Refusal as refusal:
        raise click.ClickException(refusal.text()) from refusal
    db.commit()
    click.echo(f"{user.email}\t{password}")
    click.echo(
        "This first password works once, within 24 hours; the register then asks for a new one."
    )


def _office(key: str | None, origin: Origin) -> Office:
    """The office with this key, else a promotion centre, else the one of the settings, made now."""
    db = session()
    if key is not None:
        found = db.scalar(select(Office).where(Office.key == key))
        if found is None:
            message = f"There is no office with the key {key}."
            raise click.ClickException(message)
        return found
    standing = [office for office in offices_by_name(db) if office.valid_to is None]
    centres = [office for office in standing if office.kind is OfficeKind.PROMOTION_CENTRE]
    if centres or standing:
        return (centres or standing)[0]
    made = Office(
        key="office", name=str(current_app.config["OFFICE_NAME"]), kind=OfficeKind.PROMOTION_CENTRE
    )
    db.add(made)
    record(db, made, "add_office", origin)
    return made


@users_group.command("demo")
def add_demo_users() -> None:
    """Make one account for each role, with random passwords that are printed this once."""
    db = session()
    try:
        made = demo.add_demo_users(db, Origin(None, datetime.now(UTC)))
    except Refusal as refusal:
        raise click.ClickException(refusal.text()) from refusal
    db.commit()
    if not made:
        click.echo(
            "The demonstration accounts exist already; their passwords were printed when they were made."
        )
        return
    width = max(len(user.email) for user, _password in made)
    for user, password in made:
        click.echo(f"{user.email:<{width}}  {password}  {user.name}")


@users_group.command("reset-link")
@click.argument("email")
def print_reset_link(email: str) -> None:
    """Print a one-time link with which a person sets a new password, good for 30 minutes."""
    user = accounts.find_user(session(), email)
    if user is None or not user.active:
        message = f"There is no active user with the address {email}."
        raise click.ClickException(message)
    link = reset_links.make_link(session(), user, datetime.now(UTC))
    session().commit()
    click.echo(link)


@trail_group.command("verify")
def verify() -> None:
    """Read the whole trail; exit with 1 and name the first broken entry if it is not whole."""
    verdict = trail.verify(session(), secrets_of_program())
    if verdict.cause is not None:
        click.echo(f"Broken at entry {verdict.broken_seq}: it {verdict.cause}.", err=True)
        sys.exit(1)
    click.echo(f"{verdict.entries} entries, all seals fit.")
