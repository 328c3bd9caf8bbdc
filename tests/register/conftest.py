"""The small register, and people who work in it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portfolio.office.people import Role
from portfolio.register.project import Listing, Project, Stage
from tests.browser import Browser
from tests.office.conftest import opened
from tests.register.desk import Desk, browser_of, lay_out, log, officer


@pytest.fixture
def desk(db: Session) -> Desk:
    """The small register, for tests of acts."""
    return lay_out(db)


@pytest.fixture
def laid(app: Flask) -> Desk:
    """The same for tests of pages, which open their own sessions."""
    with opened(app) as db:
        return lay_out(db)


@pytest.fixture
def licensed(app: Flask, laid: Desk) -> str:
    """The code of a licensed project in Măng Đen."""
    return logged(app, laid)


def logged(app: Flask, laid: Desk, **more) -> str:
    """The code of a project that the program logged."""
    with opened(app) as db:
        project: Project = log(db, laid, **more)
        db.commit()
        return project.code


@pytest.fixture
def solicited(app: Flask, laid: Desk) -> str:
    """The code of a solicited project in Măng Đen."""
    return logged(
        app, laid, name="Chợ đêm Măng Đen", listing=Listing.SOLICITED, stage=Stage.CALLING
    )


@pytest.fixture
def sign_in_as(app: Flask, laid: Desk) -> Callable[..., Browser]:
    """`sign_in_as(Role.ZONE_OFFICER, zone_id)`: a browser of such a person."""

    def sign_in(role: Role, *zones: int, email: str | None = None) -> Browser:
        with opened(app) as db:
            user_id = officer(db, laid, role, *zones, email=email).id
        return browser_of(app, user_id)

    return sign_in


@pytest.fixture
def zone_officer(sign_in_as: Callable[..., Browser], laid: Desk) -> Browser:
    """An officer of the zone of Măng Đen."""
    return sign_in_as(Role.ZONE_OFFICER, laid.mang_den)
