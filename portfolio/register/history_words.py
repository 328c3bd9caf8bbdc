"""The history of a project in words: what each act and field is called, and how values are read."""

import enum
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from flask_babel import gettext

from portfolio.notation import N_
from portfolio.office.trail import State
from portfolio.office.trail_words import actor_words
from portfolio.register.capital import CapitalKind
from portfolio.register.circumstances import CircumstanceKind
from portfolio.register.entry import act_words
from portfolio.register.entry_parts import ABOUT
from portfolio.register.flag_words import rule_name
from portfolio.register.investor import InvestorRole
from portfolio.register.land import IntervalKind
from portfolio.register.marks import ADDED_SEVERITIES, Verdict
from portfolio.register.papers import ActKind
from portfolio.register.phases import MilestoneKind, PauseStatus, ScheduleKind, Side
from portfolio.register.progress import ReportKind, ReportStatus, read_period, report_words
from portfolio.register.project import Form, HappeningKind, Listing, Stage
from portfolio.web import show

ACTS = {
    "load_seeds": N_("First data loaded"),
    "load_seed": N_("First data loaded"),
    "log_project": N_("Project logged"),
    "correct_project": N_("Facts corrected"),
    "set_follower": N_("Office that follows it set"),
    "move_project": N_("Moved to another list or stage"),
    "reinstate": N_("Project reinstated"),
    "suspend": N_("Suspension recorded"),
    "terminate": N_("Termination recorded"),
    "revoke": N_("Revocation recorded"),
    "withdraw": N_("Withdrawal from the list recorded"),
    "add_act": N_("Legal act recorded"),
    "correct_act": N_("Legal act corrected"),
    "remove_act": N_("Legal act taken out"),
    "attach_file": N_("File added"),
    "remove_file": N_("File taken off"),
    "add_capital": N_("Capital figure added"),
    "correct_capital": N_("Capital figure corrected"),
    "remove_capital": N_("Capital figure taken out"),
    "record_deposit": N_("Deposit recorded"),
    "add_investor": N_("Investor recorded"),
    "add_investor_part": N_("Investor added to the project"),
    "correct_investor_part": N_("Part of an investor corrected"),
    "remove_investor_part": N_("Investor taken out of the project"),
    "set_places": N_("Places set"),
    "set_aliases": N_("Other names set"),
    "add_phase": N_("Phase added"),
    "correct_phase": N_("Phase corrected"),
    "remove_phase": N_("Phase taken out"),
    "add_schedule_version": N_("Version of the schedule added"),
    "remove_schedule_version": N_("Version of the schedule taken out"),
    "track_milestone": N_("Milestone updated"),
    "track_milestones": N_("Milestones updated"),
    "confirm_unchanged": N_("Confirmed that nothing has changed"),
    "add_parcel": N_("Parcel added"),
    "correct_parcel": N_("Parcel corrected"),
    "remove_parcel": N_("Parcel taken out"),
    "claim_pause": N_("Pause claimed"),
    "correct_pause": N_("Claim of a pause corrected"),
    "remove_pause": N_("Claim of a pause taken back"),
    "accept_pause": N_("Pause accepted"),
    "reject_pause": N_("Pause rejected"),
    "make_report_link": N_("Link for a report made"),
    "revoke_report_link": N_("Link for a report revoked"),
    "receive_report": N_("Progress report received"),
    "correct_report": N_("Progress report corrected"),
    "accept_report": N_("Progress report accepted"),
    "send_back_report": N_("Progress report sent back"),
    "excuse_report": N_("Progress report excused"),
    "reopen_report": N_("Acceptance of a progress report undone"),
    "remove_report": N_("Progress report taken out"),
    "mark_delay": N_("Delay marked"),
    "mark_delays": N_("Delay marked, of several projects at once"),
    "withdraw_mark": N_("Delay mark withdrawn"),
    "add_circumstance": N_("Legal circumstance recorded"),
    "correct_circumstance": N_("Legal circumstance corrected"),
    "remove_circumstance": N_("Legal circumstance taken out"),
    "add_happening": N_("Event recorded"),
    "correct_happening": N_("Event corrected"),
    "remove_happening": N_("Event taken out"),
    "add_source": N_("Source added"),
    "correct_source": N_("Source corrected"),
    "remove_source": N_("Source taken out"),
    "translate": N_("Texts in English set"),
}
"""Every act on a project."""

PARTS = {
    "acts": N_("Legal act"),
    "files": N_("File"),
    "capital": N_("Capital"),
    "deposit": N_("Deposit"),
    "investors": N_("Investor"),
    "places": N_("Place"),
    "aliases": N_("Other name"),
    "phases": N_("Phase"),
    "milestones": N_("Milestone"),
    "schedules": N_("Schedule"),
    "parcels": N_("Land"),
    "intervals": N_("Days of a parcel"),
    "pauses": N_("Pause"),
    "reports": N_("Progress report"),
    "forecasts": N_("Forecast of a report"),
    "marks": N_("Delay mark"),
    "circumstances": N_("Legal circumstance"),
    "happenings": N_("Event"),
    "sources": N_("Source"),
    "translations": N_("Text in English"),
}
"""The parts of a project, one of each."""

FIELDS = PARTS | {
    "kind": N_("Kind"),
    "code": N_("Code"),
    "name": N_("Name"),
    "certificate_no": N_("Certificate number"),
    "name_as_printed": N_("Name as printed"),
    "objective": N_("Investment objective"),
    "scale": N_("Scale"),
    "listing": N_("List"),
    "stage": N_("Life stage"),
    "stage_since": N_("Stage since"),
    "zone": N_("Zone"),
    "sector": N_("Sector"),
    "address": N_("Address"),
    "address_as_printed": N_("Address as printed"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "plots": N_("Map sheets and plots"),
    "vsic_version": N_("VSIC version"),
    "vsic_code": N_("VSIC code"),
    "form": N_("Form of investment"),
    "area_asked_ha": N_("Area asked"),
    "area_as_printed": N_("Area as printed"),
    "term_years": N_("Term in years"),
    "operating_end": N_("End of the operating term"),
    "jobs_vietnamese": N_("Jobs for Vietnamese"),
    "jobs_foreign": N_("Jobs for foreigners"),
    "special_mechanism": N_("Special mechanism (resolution)"),
    "pending_adjustment": N_("Adjustment asked for"),
    "no_adjustment_right": N_("No right to adjust is left"),
    "followed_by_id": N_("Followed by"),
    "followed_reason": N_("Why not as the zone says"),
    "public_source": N_("From public sources"),
    "note": N_("Note"),
    "number": N_("Number"),
    "sign": N_("Sign"),
    "issued_on": N_("Issued on"),
    "effective_on": N_("In effect from"),
    "office": N_("Issued by"),
    "law": N_("Law it was made under"),
    "clause": N_("Clause that it cites"),
    "source": N_("Source"),
    "amount": N_("Amount"),
    "on": N_("Day"),
    "currency": N_("Currency"),
    "rate": N_("Exchange rate"),
    "rate_on": N_("Day of the rate"),
    "equity": N_("Own capital"),
    "loan": N_("Loans"),
    "state_part": N_("State capital"),
    "other_part": N_("Other capital"),
    "as_printed": N_("As printed"),
    "act_id": N_("By the paper"),
    "required": N_("A deposit is required"),
    "exemption": N_("Exempt because of"),
    "due_on": N_("Due on"),
    "paid_on": N_("Paid on"),
    "guarantee_expires_on": N_("Bank guarantee ends on"),
    "role": N_("Part"),
    "share": N_("Share in percent"),
    "since": N_("From"),
    "until": N_("To"),
    "tax_code": N_("Tax code"),
    "country": N_("Country"),
    "principal": N_("Principal place"),
    "area_ha": N_("Area"),
    "completed_on": N_("Objectives completed on"),
    "met_on": N_("Met on"),
    "evidence": N_("Evidence"),
    "forecast_on": N_("Expected on"),
    "last_reviewed_on": N_("Looked at on"),
    "approved_on": N_("Approved on"),
    "exception_code": N_("Exception relied on"),
    "handed_over_on": N_("Handed over on"),
    "first_used_on": N_("Put to use on"),
    "schedule_end": N_("End of its land schedule"),
    "extension_decision": N_("Decision on the extension"),
    "extension_from": N_("Extension from"),
    "extension_to": N_("Extension to"),
    "extension_amount_due": N_("Amount due for the extension"),
    "extension_amount_paid": N_("Amount paid"),
    "recovered_on": N_("Recovered on"),
    "recovery_ground": N_("Ground of the recovery"),
    "recovery_act_id": N_("Decision on the recovery"),
    "cause": N_("Cause"),
    "side": N_("Whose side"),
    "paper": N_("Numbered paper"),
    "status": N_("Status"),
    "claimed_by": N_("Claimed by"),
    "decided_by": N_("Decided by"),
    "decided_at": N_("Decided at"),
    "shows_progress": N_("A sign of life"),
    "text": N_("Text"),
    "about": N_("About"),
    "title": N_("Paper, workbook or page"),
    "place": N_("Where in it"),
    "url": N_("Web address"),
    "field": N_("Field"),
    "language": N_("Language"),
    "made_from": N_("Vietnamese text it was made from"),
    "size": N_("Size in bytes"),
    "sha256": N_("SHA-256"),
    "uploaded_by": N_("Added by"),
    "uploaded_at": N_("Added at"),
    "phase": N_("Phase"),
    "verdict": N_("What the office says"),
    "rule": N_("Which warning"),
    "scope": N_("Of what"),
    "severity": N_("Weight of an added delay"),
    "marked_by": N_("Marked by"),
    "withdrawn_on": N_("Withdrawn on"),
    "withdrawn_why": N_("Withdrawn because"),
    "withdrawn_by": N_("Withdrawn by"),
    "reached": N_("Was the investor reached"),
    "period": N_("Period"),
    "received_on": N_("Received on"),
    "received_at": N_("Received at"),
    "through_link": N_("Sent by the investor through a link"),
    "filled_by": N_("Filled in by"),
    "contact": N_("Telephone or e-mail"),
    "realised_in_period": N_("Capital realised in the period"),
    "realised_total": N_("Capital realised since the beginning"),
    "physical_percent": N_("Work done so far, in percent"),
    "causes": N_("What holds the project up"),
    "causes_note": N_("Causes in words"),
    "wishes": N_("Wishes and proposals"),
    "decided_on": N_("Decided on"),
    "decided_why": N_("Reason"),
    "expected_on": N_("Expected on"),
    "report_id": N_("Belongs to the report"),
}
"""Every field of a state document that people read."""

ORDER = {name: position for position, name in enumerate(FIELDS)}
"""In which order a row that came or went is told."""

Names = Mapping[str, Mapping[Any, str]]
"""By field: what its keys or codes are called (offices, causes of delay)."""

HIDDEN = {
    "id",
    "zone_id",
    "sector_id",
    "stage_act_id",
    "stage_act_kind",
    "logged_by_id",
    "unit_id",
    "investor_id",
    "vnd_amount",
    "claimed_by_id",
    "marked_by_id",
    "office_id",
    "stored_as",
    "media_type",
    "level",
    "outline",
    "issued_precision",
    "on_precision",
    "met_precision",
    "precision",
}
"""Keys and precisions: shown by the name or the day they belong to."""


def _label(kind: type[enum.StrEnum], code: str) -> str:
    return str(gettext(kind(code).label))  # type: ignore[attr-defined]


_ENUMS: Mapping[tuple[str, str], type[enum.StrEnum]] = {
    ("", "listing"): Listing,
    ("", "stage"): Stage,
    ("", "form"): Form,
    ("acts", "kind"): ActKind,
    ("capital", "kind"): CapitalKind,
    ("investors", "role"): InvestorRole,
    ("milestones", "kind"): MilestoneKind,
    ("schedules", "kind"): ScheduleKind,
    ("intervals", "kind"): IntervalKind,
    ("pauses", "side"): Side,
    ("pauses", "status"): PauseStatus,
    ("happenings", "kind"): HappeningKind,
    ("marks", "verdict"): Verdict,
    ("marks", "side"): Side,
    ("circumstances", "kind"): CircumstanceKind,
    ("reports", "kind"): ReportKind,
    ("reports", "status"): ReportStatus,
}
_CODES: Mapping[tuple[str, str], Callable[[str], str]] = {
    place: partial(_label, kind) for place, kind in _ENUMS.items()
} | {
    ("marks", "rule"): rule_name,
    ("marks", "severity"): lambda code: str(gettext(ADDED_SEVERITIES[code])),
}
_MONEY = {
    "amount",
    "equity",
    "loan",
    "state_part",
    "other_part",
    "capital",
    "extension_amount_due",
    "extension_amount_paid",
    "realised_in_period",
    "realised_total",
}
_DAYS = {
    "on",
    "since",
    "until",
    "stage_since",
    "operating_end",
    "schedule_end",
    "extension_from",
    "extension_to",
}
_AREA = {"area_asked_ha", "area_ha"}
_PRECISION = {
    ("acts", "issued_on"): "issued_precision",
    ("capital", "on"): "on_precision",
    ("milestones", "met_on"): "met_precision",
    ("happenings", "on"): "precision",
    ("forecasts", "expected_on"): "precision",
}
_ACTORS = {"claimed_by", "decided_by", "marked_by", "withdrawn_by", "uploaded_by"}


def act_name(act: str) -> str:
    """What was done, in the reader's language."""
    return str(gettext(ACTS[act])) if act in ACTS else act.replace("_", " ")


_OF_PART = {("marks", "office"): N_("Office"), ("marks", "on"): N_("Found on")}
"""Fields that are called otherwise in one part."""


def field_name(name: str, part: str = "") -> str:
    """What a field is called; ``target_2`` is the promised day of schedule version 2."""
    if (part, name) in _OF_PART:
        return str(gettext(_OF_PART[part, name]))
    if name.startswith("target_"):
        number = name.removeprefix("target_")
        return str(gettext("Promised in version %(number)s", number=number))
    return str(gettext(FIELDS[name])) if name in FIELDS else name.replace("_", " ")


def value_words(part: str, name: str, row: State, state: State, names: Names) -> str:
    """The value of one field of one row as people read it; empty when there is none."""
    value = row.get(name)
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    named = _named_words(part, name, value, state, names)
    return _plain_words(part, name, row, value) if named is None else named


def _named_words(part: str, name: str, value: Any, state: State, names: Names) -> str | None:
    """The name of what a key or a code stands for; None where the value speaks for itself."""
    if (part, name) in _CODES:
        return _CODES[part, name](value)
    if name in {"zone", "sector"}:
        return str(value["name"])
    if name in {"act_id", "recovery_act_id"}:
        return next((act_words(act) for act in state.get("acts", ()) if act["id"] == value), "")
    if name == "about" and value in ABOUT:
        return str(gettext(ABOUT[value]))
    if name in _ACTORS:
        return actor_words(value)
    return _named_in_report(name, value, state, names)


def _named_in_report(name: str, value: Any, state: State, names: Names) -> str | None:
    if name == "period":
        return show.day(*read_period(value))
    if name == "causes":
        return ", ".join(names.get("cause", {}).get(code, code) for code in value)
    if name == "report_id":
        found = (one for one in state.get("reports", ()) if one["id"] == value)
        return next((report_words(ReportKind(one["kind"]), one["period"]) for one in found), "")
    return names[name].get(value) if name in names else None


def _plain_words(part: str, name: str, row: State, value: Any) -> str:
    if name in _MONEY:
        return show.money(Decimal(value), row.get("currency", "VND"), full=True)
    if name in _AREA:
        return show.area(Decimal(value), full=True)
    if name.endswith("_at"):
        return show.moment(datetime.fromisoformat(value))
    dated = name.endswith("_on") or name in _DAYS or name.startswith("target_")
    if dated and isinstance(value, str):
        precision = row.get(_PRECISION.get((part, name), f"{name}_precision"), "day")
        return show.day(date.fromisoformat(value), precision)
    if name in {"share", "rate", "latitude", "longitude", "size", "physical_percent"}:
        return show.number(Decimal(str(value)))
    return str(value)
