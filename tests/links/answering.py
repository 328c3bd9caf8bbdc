"""A licensed project that owes reports, an officer who sends links, and an investor who opens them."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from portfolio.office.one_time_links import OneTimeLink
from portfolio.office.people import Role
from portfolio.office.trail import Origin
from portfolio.register import files
from portfolio.register.acts.papers import Paper, add_act
from portfolio.register.acts.reports import ReportFacts
from portfolio.register.acts.schedule import (
    PhaseFacts,
    Promise,
    VersionFacts,
    add_phase,
    add_schedule_version,
)
from portfolio.register.papers import ActKind, StoredFile
from portfolio.register.phases import MilestoneKind, ScheduleKind
from portfolio.register.progress import ProgressReport, ReportKind
from portfolio.register.project import Project
from portfolio.schedule.report_links import MadeReportLink, Wanted, make_report_links
from tests.browser import SITE, Browser
from tests.office.conftest import opened
from tests.register.desk import Desk, browser_of, log, officer

BEFORE_DUE = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)
"""The fourth quarter of 2026 has ended; its report is due on Monday 11 January 2027."""
AFTER_DUE = datetime(2027, 1, 20, 2, 0, tzinfo=UTC)
PERIOD = "2026-Q4"
BOX = "ketoan@hodambri.example"


@dataclass(frozen=True)
class Owing:
    """A project that owes the report for the fourth quarter, by code and key."""

    code: str
    milestone_id: int


def owing(db: Session, desk: Desk, name: str = "Khu nghỉ dưỡng Hồ Đam Bri", **facts) -> Owing:
    """Licensed in 2023, promised for the end of June 2027; commits."""
    origin = desk.program
    project = log(db, desk, name=name, **facts)
    approval = add_act(
        db, project, Paper(kind=ActKind.POLICY_APPROVAL, issued_on=date(2023, 1, 5)), origin
    )
    phase = add_phase(db, project, PhaseFacts(), origin)
    add_schedule_version(
        db,
        project,
        VersionFacts(kind=ScheduleKind.IPA, approved_on=date(2023, 1, 5), act_id=approval.id),
        [Promise(phase.number, MilestoneKind.OPERATION, date(2027, 6, 30))],
        origin,
    )
    db.commit()
    return Owing(project.code, project.phases[0].milestones[0].id)


def project_of(db: Session, owed: Owing) -> Project:
    """The project itself."""
    return db.query(Project).filter_by(code=owed.code).one()


def send(app: Flask, desk: Desk, owed: Owing, at: datetime, **more) -> str:
    """The path of a new link that an officer of the zone made."""
    with app.test_request_context(), opened(app) as db:
        return path_of(made(db, desk, owed, at, **more))


def made(db: Session, desk: Desk, owed: Owing, at: datetime, **more) -> MadeReportLink:
    """A new link; commits."""
    found = db.query(Project).filter_by(code=owed.code).one()
    wanted = Wanted(found, ReportKind.Q, PERIOD, **more)
    link = make_report_links(db, [wanted], Origin(None, at))[0]
    db.commit()
    return link


def path_of(link: MadeReportLink) -> str:
    """The address without the host."""
    return link.address.removeprefix("http://127.0.0.1:8000")


def zone_officer(app: Flask, desk: Desk, **more) -> Browser:
    """An officer of the zone of Măng Đen, signed in."""
    with opened(app) as db:
        user_id = officer(db, desk, Role.ZONE_OFFICER, desk.mang_den, **more).id
    return browser_of(app, user_id)


class Investor(Browser):
    """A telephone without an account: it sends the buttons and files that a browser would."""

    def press(self, step: str = "send", files=(), **typed):
        """Fill in and press a button; files are (name, bytes)."""
        sent = {**self.fields(), "step": step, **typed}
        sent.pop("files", None)
        sent = {name: value for name, value in sent.items() if value is not None}
        # Where nothing was chosen a browser sends an empty part.
        sent["files"] = [(io.BytesIO(content), name) for name, content in files or [("", b"")]]
        self.page = post_multipart(self.client, self.path.partition("#")[0], sent)
        return self.page


def post_multipart(client: FlaskClient, path: str, sent: dict[str, Any]) -> TestResponse:
    """Send fields and files; the client's own way leaves a temporary file open for large ones."""
    pairs = MultiDict()
    for name, value in sent.items():
        for one in value if isinstance(value, list) else [value]:
            file = FileStorage(one[0], one[1]) if isinstance(one, tuple) else one
            pairs.add(name, file)
    boundary, body = encode_multipart(pairs)
    kind = f'multipart/form-data; boundary="{boundary}"'
    return client.post(path, data=body, headers=SITE, content_type=kind)


GOOD = {
    "realised_in_period": "12,5",
    "realised_total": "118,4",
    "physical_percent": "45",
    "jobs_vietnamese": "120",
    "filled_by": "Trần Thị Bình, kế toán trưởng",
    "contact": "0905 123 456, binh@hodambri.example",
}


def photo(colour: str = "red", size: tuple[int, int] = (40, 30), **exif) -> bytes:
    """A small JPG photograph."""
    drawn = io.BytesIO()
    Image.new("RGB", size, colour).save(drawn, "JPEG", **exif)
    return drawn.getvalue()


def reports(app: Flask) -> list[ProgressReport]:
    with opened(app) as db:
        return list(db.scalars(select(ProgressReport).order_by(ProgressReport.id)))


def kept(app: Flask) -> list[tuple[str, str]]:
    """Names and hashes of the files of projects."""
    with opened(app) as db:
        rows = db.scalars(select(StoredFile).order_by(StoredFile.id))
        return [(row.name, row.sha256) for row in rows]


def link_row(db: Session) -> OneTimeLink:
    return db.scalars(select(OneTimeLink).order_by(OneTimeLink.id.desc())).first()


def files_folder(app: Flask) -> Path:
    """Where the bytes of files lie."""
    with app.app_context():
        return files.folder()


def facts() -> ReportFacts:
    return ReportFacts(
        kind=ReportKind.Q,
        period=PERIOD,
        received_on=date(2027, 1, 5),
        realised_total=Decimal(10**9),
        filled_by="Người nộp",
    )
