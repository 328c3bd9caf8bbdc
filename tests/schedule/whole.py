"""A facts document that uses every key there is."""

import copy
from typing import Any

_WHOLE: dict[str, Any] = {
    "id": "KT-0042",
    "name": "Khu du lịch sinh thái",
    "listing": "licensed",
    "stage": "implementing",
    "has_ipa": True,
    "special_mechanism": None,
    "pending_adjustment": False,
    "no_adjustment_right": True,
    "first_approved_on": "2017-03-20",
    "operating_end": "2067-03-20",
    "phases": [
        {
            "id": "1",
            "completed_on": None,
            "schedules": [
                {"version": 1, "approved_on": "2017-03-20", "kind": "ipa", "end": "2018-12-31"},
                {
                    "version": 2,
                    "approved_on": "2018-06-01",
                    "kind": "adjusted",
                    "end": "2019-12-31",
                },
            ],
            "milestones": [
                {"kind": "construction_start", "planned": "2017-12-31", "met_on": "2018-02-01"}
            ],
        }
    ],
    "pauses": [
        {
            "cause": "b",
            "from": "2019-01-01",
            "to": "2019-06-30",
            "status": "accepted",
            "paper": "123/UBND",
        }
    ],
    "land": [
        {
            "id": "A",
            "area_ha": 8.5,
            "handed_over_on": "2017-09-15",
            "first_used_on": None,
            "interruptions": [],
            "schedule_end": "2018-06-30",
            "force_majeure": [
                {"from": "2018-01-01", "to": "2018-01-31", "cause": "flood", "paper": "9/UBND"}
            ],
            "extension": {"from": "2018-10-01", "to": "2020-10-01", "decision": "77/QĐ-UBND"},
            "recovered_on": None,
            "recovery_ground": None,
        }
    ],
    "deposit": {
        "required": True,
        "exemption": None,
        "due_on": "2017-04-20",
        "paid_on": "2017-04-10",
        "guarantee_expires_on": None,
    },
    "suspension": {
        "by": "authority",
        "from": "2020-01-01",
        "to": None,
        "inability_recorded_on": None,
    },
    "site_lost_on": None,
    "relocation_filed_on": None,
    "stopped_on": None,
    "contact_attempts": [{"on": "2024-01-05", "channel": "letter", "reached": False}],
    "enterprise_dissolved_on": None,
    "transferred_on": None,
    "sham_finding": None,
    "judgment": None,
    "reports": [{"kind": "Q", "period": "2026-Q3", "received_on": None}],
    "signs_of_life": [{"on": "2020-01-01", "kind": "milestone_met"}],
    "marks": [
        {"on": "2026-01-01", "verdict": "adds", "severity": "review", "cause": "investor_finance"}
    ],
}


def whole() -> dict[str, Any]:
    """A copy to change at will."""
    return copy.deepcopy(_WHOLE)
