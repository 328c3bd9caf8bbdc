"""The result of a trial of the policy as an Excel workbook: who enters, who leaves, whose findings change."""

from io import BytesIO
from typing import Any, cast

from flask import Blueprint, Flask, Response, request
from flask_babel import gettext

from portfolio.database import session
from portfolio.exchange.export_log import log_export
from portfolio.exchange.list_files import WORKBOOK
from portfolio.exchange.workbook_out import Heading, write_workbook
from portfolio.notation import N_
from portfolio.notation.money import BILLION
from portfolio.office.may import Permission, needs
from portfolio.office.sessions import this_person
from portfolio.register.columns import Field, Kind
from portfolio.schedule.explanation import severity_words
from portfolio.schedule.policy import PolicyTrial
from portfolio.schedule.policy_acts import find_version
from portfolio.schedule.policy_result import MOVES, Result, as_seen_by
from portfolio.schedule.policy_trial import latest_trial
from portfolio.web import show
from portfolio.web.clock import now
from portfolio.web.errors import HiddenRecord

pages = Blueprint("trial_file", __name__)


def install(app: Flask) -> None:
    """Add the address."""
    app.register_blueprint(pages)


@pages.get("/policy/<int:number>/trial.xlsx")
@needs(Permission.TRY_POLICY)
def trial_workbook(number: int) -> Response:
    """The latest trial of a version, of the projects that the reader may see."""
    policy, reader = find_version(session(), number), this_person()
    trial = latest_trial(session(), policy)
    if trial is None:
        raise HiddenRecord
    rows = as_seen_by(session(), reader, trial).rows
    title = gettext("Version %(number)s tried on the portfolio", number=number)
    heading = _heading(title, trial)
    session().close()
    log_export(
        reader,
        at=now(),
        address=request.remote_addr,
        kind="xlsx",
        sentence=title,
        as_of=None,
        rows=len(rows),
    )
    file = BytesIO()
    write_workbook(file, heading, cast("Any", rows), _FIELDS, cast("Any", None))
    answer = Response(file.getvalue(), mimetype=WORKBOOK)
    name = f"thu-chinh-sach-{number}-{trial.on.isoformat()}.xlsx"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def _heading(title: str, trial: PolicyTrial) -> Heading:
    about = gettext(
        "Tried on %(moment)s by %(who)s, as of %(day)s. Nothing was stored but this result.",
        moment=show.moment(trial.at),
        who=trial.tried_by,
        day=show.day(trial.on),
    )
    return Heading(title, [about])


def _said(findings: list[list[Any]]) -> str:
    """What findings say, each with its severity: `STALLED (review); LAND-12 (ground, held)`."""
    return "; ".join(
        f"{rule} ({severity_words(severity)}{', ' + gettext('held') if held else ''})"
        for rule, _scope, severity, held, *_days in findings
    )


def _move(code: str) -> str:
    words = MOVES[code]
    return str(gettext(words))


def _field(heading: str, kind: Kind, value: Any) -> Field:
    return Field(heading, kind, lambda row, _words: value(cast("Result", row)))


_FIELDS = (
    _field(N_("What changes"), "text", lambda row: _move(row["move"])),
    _field(N_("Code"), "text", lambda row: row["code"]),
    _field(N_("Project"), "text", lambda row: row["name"]),
    _field(N_("Zone"), "text", lambda row: row["zone"] or gettext("outside the zones")),
    _field(N_("Land (ha)"), "hectares", lambda row: row["ha"] and float(row["ha"])),
    _field(
        N_("Capital (billion đồng)"),
        "billions",
        lambda row: row["vnd"] and float(row["vnd"]) / float(BILLION),
    ),
    _field(N_("Rules"), "text", lambda row: ", ".join(row["rules"])),
    _field(N_("By the policy in force"), "text", lambda row: _said(row["before"])),
    _field(N_("By the draft"), "text", lambda row: _said(row["after"])),
)
