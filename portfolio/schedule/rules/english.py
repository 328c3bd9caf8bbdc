"""The phrases that findings are said with in English; `wording` puts dates, counts and codes in."""

from typing import Final

from portfolio.schedule.rules.phrases import Phrases

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_SCOPES: Final = {"phase": "phase {name}", "milestone": "phase {phase}", "parcel": "parcel {name}"}

_PAUSE_NOUNS: Final = {"land": "force majeure", "investment": "stopped clock"}

_JOINTS: Final = {
    "term": "{months} months ended on {end}",
    "paused": ", moved by {days} days of {noun} to {end}",
    "rolled": ", a day off, so moved to {end}",
    "held": "held by",
    "opinion": "needs a legal opinion",
    "open": " (still running)",
}

_CODES: Final = {
    "ipa": "investment policy approval",
    "irc": "registration certificate",
    "adjusted": "adjustment",
    "approved": "approved schedule",
    "registered": "schedule as registered",
    "handover": "not used since handover",
    "interruption": "use interrupted",
    "land_handover": "land handover",
    "start": "construction start",
    "construction_start": "construction start",
    "completion": "construction completion",
    "construction_completion": "construction completion",
    "operation": "start of operation",
    "capital_paid": "capital paid in",
    "report_accepted": "report accepted",
    "milestone_met": "milestone met",
    "milestone_reviewed": "milestone reviewed",
    "land_act": "land act",
    "disbursement": "disbursement",
    "inspection_progress": "inspection with progress",
    "first_approval": "first approval",
    "investor_finance": "investor finance",
    "investor_inactive": "investor inactive",
    "land_clearance": "land clearance",
    "non_use": "land not put to use",
    "late_use": "land put to use late",
    "LAND-FM": "force majeure running (LAND-FM)",
    "PAUSE": "accepted pause running (PAUSE)",
    "ended_before_law": "the schedule ended before the law came into force",
    "right_unknown": "whether a right to adjust is left is not on record",
    "extension_too_long": "the extension is longer than the law allows",
    "handover_unknown": "the handover of the land is not on record",
    "article_unread": "the article in force has not been checked",
}

_SENTENCES: Final[dict[str, str | dict[str, str]]] = {
    "SPECIAL": "covered by the special mechanism {special_mechanism}; other findings are shown and held",
    "INV-LATE": {
        "phase": "the schedule ({schedule_kind}) ended on {planned_end}{moved},"
        " not completed by {on} ({days_over} days over)",
        "milestone": "milestone {milestone} was planned for {planned_end}{moved},"
        " not met by {on} ({days_over} days over)",
    },
    "INV-T24-WARN": "the schedule ({schedule_kind}) ended on {planned_end}{moved}, not completed by {on},"
    " more than {warning_months} months over ({warning_deadline}); {ground_months} months end on"
    " {ground_deadline}",
    "INV-T24": "the schedule ({schedule_kind}) ended on {planned_end}{moved}, {term},"
    " objectives not completed by {on} ({days_over} days over)",
    "ADJ-CAP24": "the first approved schedule ended on {planned_end}, {months} months end on {term_end};"
    " the proposed end is {proposed_end}",
    "TERM-END": {
        "over": "the operating term ended on {operating_end}, {days_over} days before {on}",
        "near": "the operating term ends on {operating_end}, {days_left} days after {on}",
    },
    "T-SUSP": "suspended from {suspended_on}, inability to remedy recorded on {inability_recorded_on}",
    "T-LOC6": "the right to the site was lost on {site_lost_on}, {term}, no relocation dossier filed in"
    " time by {on} ({days_over} days over)",
    "T-NOCONTACT12": "stopped on {stopped_on}, {term}, {attempts} attempts to reach the investor had"
    " failed by {on} ({days_over} days over)",
    "T-LAND": "land recovered by decision of {recovered_on}",
    "T-DEPOSIT": {
        "unpaid": "the deposit was due on {due_on}, not paid by {on} ({days_over} days over)",
        "expired": "the guarantee of the deposit expired on {guarantee_expires_on}, not replaced by {on}"
        " ({days_over} days over)",
    },
    "T-SHAM": "a sham transaction was found: {paper}",
    "T-COURT": "a judgment or award exists: {paper}",
    "T-DISSOLVED": "the enterprise was dissolved on {dissolved_on}, the project neither ended nor"
    " transferred by {on}",
    "SUS-12": "stopped by the investor from {suspended_on}, {term}, still stopped on {on}"
    " ({days_over} days over)",
    "LAND-12": {
        "handover": "land handed over on {handed_over_on}, {term}, not put to use by {on}"
        " ({days_over} days over)",
        "interruption": "land use interrupted from {interrupted_on}, {term}, not resumed by {on}"
        " ({days_over} days over)",
    },
    "LAND-24": "the land-use schedule ended on {land_schedule_end}{moved}, {term},"
    " not put to use by {on} ({days_over} days over)",
    "LAND-EXT": "land-use extension from {extension_from} to {deadline}, {days_left} days left on {on}",
    "LAND-RECOVER": "the land-use extension ended on {deadline}, not put to use by {on}"
    " ({days_over} days over)",
    "STALLED": "last sign of life on {last_sign} ({last_sign_kind}), {term},"
    " no new sign by {on} ({days_over} days over)",
    "UNDATED": "licensed, but no schedule date is on record",
    "REP-Q": "quarterly report {missing} not received, earliest due {deadline}, {days_over} days late"
    " on {on}",
    "REP-Y": "yearly report {missing} not received, earliest due {deadline}, {days_over} days late on {on}",
    "REP-M6": "half-yearly supervision report {missing} not received, earliest due {deadline},"
    " {days_over} days late on {on}",
    "REP-MY": "yearly supervision report {missing} not received, earliest due {deadline},"
    " {days_over} days late on {on}",
    "EZA-MARK": "delay marked by an officer on {marked_on}, cause: {cause}",
}

_STEPS: Final = {
    "case": "Case: {value}",
    "schedule_kind": "Schedule of: {value}",
    "schedule_approved_on": "Schedule approved on {value}",
    "milestone": "Milestone: {value}",
    "proposed_end": "Proposed end: {value}",
    "planned_end": "Planned end: {value}",
    "pause": "Days that do not count: {value}",
    "effective_end": "End with these added: {value}",
    "months": "Term: {value} months",
    "term_end": "The term ends on {value}",
    "term_pause": "Days that do not count in the term: {value}",
    "paused_end": "The term ends, with these added, on {value}",
    "rolled_end": "A day off; next working day: {value}",
    "holidays_unknown": "No table of holidays for {value}: only weekends were skipped",
    "in_force_from": "Applied only from {value}",
    "on": "Day of evaluation: {value}",
    "days_over": "Over by: {value} days",
    "days_left": "Left: {value} days",
    "deadline": "Deadline: {value}",
    "held_by": "Held by: {value}",
    "legal_opinion": "Needs a legal opinion: {value}",
    "warning_months": "Past the warning at {value} months",
    "warning_deadline": "The warning's term ended on {value}",
    "ground_months": "Ground for termination at {value} months",
    "ground_deadline": "That term ends on {value}",
    "no_adjustment_right": "No right to adjust the schedule is left: {value}",
    "pending_adjustment": "Adjustment pending: {value}",
    "special_mechanism": "Special mechanism: {value}",
    "handed_over_on": "Land handed over: {value}",
    "first_used_on": "Land put to use: {value}",
    "interrupted_on": "Land use interrupted from {value}",
    "land_schedule_end": "Land-use schedule ends: {value}",
    "extension_from": "Extension from {value}",
    "extension_to": "Extension to {value}",
    "extension_decision": "Decision on the extension: {value}",
    "extension_months": "Extension of at most {value} months",
    "extension_limit": "The longest extension ends on {value}",
    "last_sign": "Last sign of life: {value}",
    "last_sign_kind": "Kind of sign: {value}",
    "first_approved_on": "First approval: {value}",
    "missing": "Periods without a report: {value}",
    "in_a_row": "Missed in a row: {value}",
    "missed_in_a_row": "From {value} in a row on it calls for a review",
    "marked_on": "Marked on {value}",
    "cause": "Cause: {value}",
    "severity": "Severity: {value}",
    "operating_end": "Operating term ends: {value}",
    "suspended_on": "Stopped from {value}",
    "suspended_by": "Stopped by: {value}",
    "inability_recorded_on": "Inability to remedy recorded: {value}",
    "site_lost_on": "Right to the site lost: {value}",
    "relocation_filed_on": "Relocation dossier filed: {value}",
    "stopped_on": "Stopped: {value}",
    "attempts": "Failed attempts to reach the investor: {value}",
    "recovered_on": "Land recovered: {value}",
    "recovery_ground": "Ground of recovery: {value}",
    "due_on": "Deposit due: {value}",
    "paid_on": "Deposit paid: {value}",
    "guarantee_expires_on": "Guarantee expires: {value}",
    "paper": "Paper: {value}",
    "dissolved_on": "Enterprise dissolved: {value}",
    "transferred_on": "Project transferred: {value}",
}

ENGLISH: Final = Phrases(_WEEKDAYS, _SCOPES, _PAUSE_NOUNS, _JOINTS, _CODES, _SENTENCES, _STEPS)
