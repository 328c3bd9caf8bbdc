"""The addresses of the office: the door, accounts, users, offices and the trail."""

from flask import Flask
from flask_babel import gettext
from flask_login import current_user

from portfolio.office import (
    account_pages,
    job_pages,
    office_pages,
    outbox_pages,
    people_pages,
    queue,
    sessions,
    sign_in_pages,
    throttle,
    trail_pages,
    trail_words,
    upkeep,
)
from portfolio.office.blueprint import pages
from portfolio.office.commands import trail_group, users_group
from portfolio.office.may import Permission, may
from portfolio.web import keys, know_people

__all__ = ["install"]

_PARTS = (
    sign_in_pages,
    account_pages,
    people_pages,
    office_pages,
    trail_pages,
    job_pages,
    outbox_pages,
    upkeep,
)
"""Importing them put their addresses on the blueprint, and the nightly duty on its list."""


def install(app: Flask) -> None:
    """Give ``app`` its people: sessions, permissions, pages and commands."""
    keys.install(app)
    sessions.install(app)
    account_pages.install(app)
    know_people(app, may=may, last_user=sessions.last_user)
    app.register_blueprint(pages)
    app.cli.add_command(users_group)
    app.cli.add_command(trail_group)
    queue.install(app)
    app.jinja_env.filters.update(
        browser=browser, stopped_words=stopped_words, actor=trail_words.actor_words
    )
    app.jinja_env.globals["may"] = lambda permission: may(current_user, Permission(permission))


_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser(agent: str | None) -> str:
    """A User-Agent as people know it, `Firefox, Windows`; its own first words if it is no known one."""
    names = [
        next((name for mark, name in table if mark in (agent or "")), "")
        for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, names)) or (agent or "")[:40]


def stopped_words(subject: str) -> str:
    """What a lock is on, in words: an account, or an address on the network."""
    if subject.startswith(throttle.ACCOUNT):
        return subject.removeprefix(throttle.ACCOUNT)
    return str(gettext("Address %(address)s", address=subject.removeprefix(throttle.ADDRESS)))
