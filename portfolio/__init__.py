"""The investment project portfolio register.

`create_app` below is the list of everything the program is made of, in the order in which it is
put together.
"""

from flask import Flask

from portfolio import commands, database, health, schema, web
from portfolio.bench import commands as bench_commands
from portfolio.catalogue import pages as catalogue_pages
from portfolio.exchange import export_pages, trial_file
from portfolio.office import pages as office_pages
from portfolio.register import list_pages, project_pages, reference_pages, state
from portfolio.reports import pages as report_pages
from portfolio.schedule import commands as schedule_commands
from portfolio.schedule import pages as schedule_pages
from portfolio.settings import CHECKOUT, read_settings
from portfolio.web import logs, proxies


def create_app(**settings: object) -> Flask:
    """The program, ready to serve. ``settings`` win over the environment; see `settings.SETTINGS`.

    Raises `settings.BadSetting` for an unknown name, a bad value or a weak secret.
    """
    app = Flask("portfolio", template_folder=str(CHECKOUT / "templates"))
    app.config.from_mapping(read_settings(overrides=settings))
    logs.install(app)
    proxies.install(app)
    database.install(app)
    schema.install(app)
    web.install(app)
    state.declare()
    office_pages.install(app)
    reference_pages.install(app)
    list_pages.install(app)
    project_pages.install(app)
    schedule_pages.install(app)
    schedule_commands.install(app)
    report_pages.install(app)
    catalogue_pages.install(app)
    export_pages.install(app)
    trial_file.install(app)
    health.install(app)
    commands.install(app)
    bench_commands.install(app)
    return app
