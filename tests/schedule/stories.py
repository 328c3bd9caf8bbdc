"""What happens to each project of the ten years, day by day (see `ten_years`)."""

from typing import Final

from tests.schedule.ten_years import (
    Story,
    circumstance,
    deposit,
    disbursed,
    end_interval,
    end_pause,
    end_stop,
    facts,
    inspected,
    interval,
    judge,
    mark,
    milestone,
    move,
    paper,
    parcel,
    pause,
    phase,
    promise,
    recover,
    report,
    withdraw,
)

NOT_LICENSED: Final = {"KT-9012": ("solicited", "calling"), "KT-9013": ("registered", "surveying")}
"""The projects that begin on another list; all others are licensed and being built."""


def _approved(on: str, end: str, **more: str) -> Story:
    """A policy approval with a schedule for one phase, entered on the first day."""
    days = {"1/operation": end} | {f"1/{kind}": planned for kind, planned in more.items()}
    return [("2019-01-02", paper("policy_approval", on)), ("2019-01-02", promise("ipa", on, days))]


STORIES: Final[dict[str, Story]] = {
    # Two phases, an adjustment of some days, milestones met late, forecasts, completed in the end.
    "KT-9001": [
        ("2019-01-02", paper("policy_approval", "2018-05-04")),
        (
            "2019-01-02",
            promise(
                "ipa",
                "2018-05-04",
                {
                    "1/land_handover": "2019-03-31",
                    "1/start": "2019-06-30",
                    "1/capital_paid": "2020-06-30",
                    "1/completion": "2020-12-31",
                    "1/operation": "2021-03-31",
                    "2/start": "2021-06-30",
                    "2/operation": "2023-12-31",
                },
            ),
        ),
        ("2019-05-06", milestone("1/land_handover", met_on="2019-05-02")),
        ("2019-07-08", milestone("1/start", forecast_on="2019-09-30")),
        ("2019-10-10", milestone("1/start", met_on="2019-10-01")),
        ("2020-11-02", facts(pending_adjustment=True)),
        (
            "2021-02-03",
            promise(
                "adjusted",
                "2021-02-01",
                {"1/completion": "2021-12-31", "1/operation": "2022-03-31"},
            ),
        ),
        ("2021-02-03", facts(pending_adjustment=False)),
        ("2021-05-05", milestone("1/capital_paid", met_on="2021-05-03")),
        ("2021-11-11", milestone("1/completion", met_on="2021-11-30")),  # entered ahead
        ("2022-07-07", milestone("1/operation", met_on="2022-06-30", forecast_on=None)),
        ("2022-07-07", phase(1, completed_on="2022-07-15")),
        ("2023-02-02", milestone("2/start", last_reviewed_on="2023-02-02")),
        ("2024-05-05", milestone("2/operation", forecast_on="2025-06-30")),
        ("2024-09-09", facts(no_adjustment_right=True)),
        ("2026-04-04", facts(no_adjustment_right=False)),
        ("2026-05-05", facts(no_adjustment_right=True)),
        ("2026-09-09", phase(2, completed_on="2026-09-01")),
    ],
    # Pauses: claimed, accepted, rejected, overlapping, open, ended, dated ahead, of no legal cause.
    "KT-9002": [
        *_approved("2018-03-01", "2020-06-30", start="2019-06-30"),
        ("2019-04-01", pause("2019-03-01", "2019-04-30")),
        ("2019-04-15", judge(0, "accepted")),
        ("2019-09-01", judge(0, "rejected")),
        ("2019-10-01", judge(0, "accepted")),
        ("2020-02-01", pause("2020-02-10", None, "a")),
        ("2020-02-20", judge(1, "accepted")),
        ("2020-09-01", pause("2020-05-01", "2020-08-31", "c", "accepted")),
        ("2021-03-03", end_pause(1, "2021-01-31")),
        ("2021-12-12", pause("2021-12-01", "2022-03-01", "market", "accepted")),
        ("2023-01-01", pause("2023-02-01", None, "d", "accepted")),
        ("2024-12-01", end_pause(4, "2024-12-31")),
        ("2026-06-06", pause("2026-07-01", "2026-09-30", "g", "accepted")),
    ],
    # Land: entered ahead, used, interrupted twice, extended, force majeure, recovered.
    "KT-9003": [
        *_approved("2018-06-01", "2024-12-31"),
        (
            "2019-02-01",
            parcel("A", area_ha=8, handed_over_on="2019-05-06", schedule_end="2019-12-31"),
        ),
        ("2019-02-01", parcel("B", area_ha=3, handed_over_on="2019-01-15")),
        ("2019-08-01", parcel("B", first_used_on="2019-08-01")),
        ("2020-03-03", interval("B", "interruption", "2020-03-01")),
        ("2021-06-06", end_interval("B", "2021-06-30")),
        (
            "2020-07-01",
            parcel(
                "A",
                extension_from="2020-07-15",
                extension_to="2022-07-14",
                extension_decision="9/QĐ",
            ),
        ),
        ("2021-01-05", interval("A", "force_majeure", "2021-01-01")),
        ("2021-04-05", end_interval("A", "2021-04-30")),
        ("2022-02-02", interval("B", "interruption", "2022-01-10", "2023-03-31")),
        ("2023-09-09", parcel("A", first_used_on="2023-09-20")),
        ("2024-10-10", recover("B", "late_use")),
    ],
    "KT-9004": [
        *_approved("2019-01-01", "2027-12-31"),
        ("2019-03-01", parcel("1", area_ha=12, handed_over_on="2019-04-01")),
        ("2022-11-11", recover("1", "planning")),
        (
            "2023-05-05",
            parcel("2", area_ha=4, handed_over_on="2023-05-01", schedule_end="2024-02-29"),
        ),
    ],
    # The deposit: due, paid late, its guarantee expired and replaced, exempt in the end.
    "KT-9005": [
        *_approved("2018-12-01", "2022-12-31"),
        ("2019-02-01", deposit(due_on="2019-03-31")),
        ("2021-03-01", deposit(paid_on="2021-03-05", guarantee_expires_on="2023-03-31")),
        ("2024-02-02", deposit(paid_on="2024-02-01", guarantee_expires_on="2025-12-31")),
        ("2026-08-08", deposit(required=False, exemption="đ")),
    ],
    # Stops: by the authority, found unable to remedy, resumed; the investor's own; out of contact.
    "KT-9006": [
        *_approved("2018-02-01", "2026-12-31"),
        ("2020-05-05", paper("suspension")),
        ("2021-02-02", circumstance("inability", "2021-01-15")),
        ("2021-09-09", paper("resumption")),
        ("2021-09-10", move("licensed", "implementing")),
        ("2022-03-03", circumstance("investor_stop", "2022-02-15")),
        ("2023-10-10", end_stop("2023-10-31")),
        ("2024-04-04", circumstance("stopped", "2024-03-01")),
        ("2024-06-06", circumstance("contact_attempt", "2024-06-05", reached=False)),
        ("2025-05-05", circumstance("contact_attempt", "2025-05-04", reached=False)),
        ("2025-09-09", circumstance("contact_attempt", "2025-09-08", reached=True)),
    ],
    # The site lost and filed for too late; a sham finding, a judgment; dissolved, then transferred.
    "KT-9007": [
        *_approved("2019-01-01", "2028-06-30"),
        ("2021-05-05", circumstance("site_lost", "2021-04-30")),
        ("2022-01-01", circumstance("relocation_filed", "2021-12-20")),
        ("2023-03-03", circumstance("site_lost", "2023-02-28")),
        ("2023-06-06", circumstance("relocation_filed", "2023-06-01")),
    ],
    "KT-9008": [
        *_approved("2018-04-01", "2025-12-31"),
        ("2022-06-06", circumstance("sham", "2022-06-01")),
        ("2024-06-06", circumstance("judgment", "2024-06-20")),
        ("2025-02-02", circumstance("dissolved", "2025-01-31")),
        ("2026-07-07", paper("transfer", "2026-07-10")),
    ],
    # Reports: late, accepted with a forecast, sent back, excused, none any more; capital realised.
    "KT-9009": [
        *_approved("2020-05-05", "2026-06-30"),
        ("2025-04-05", report("Q", "2025-Q1", "received")),
        ("2025-04-12", report("Q", "2025-Q1", "accepted", "2026-12-31")),
        ("2025-08-15", report("Q", "2025-Q2", "received")),
        ("2025-08-20", report("Q", "2025-Q2", "sent_back")),
        ("2025-09-30", report("Q", "2025-Q2", "received")),
        ("2025-10-03", report("Q", "2025-Q2", "accepted")),
        ("2025-12-12", report("Q", "2025-Q3", "excused")),
        ("2026-01-09", report("Q", "2025-Q4", "accepted", "2027-03-31")),
        ("2026-02-02", report("MY", "2025", "accepted")),
        ("2026-03-31", report("Y", "2025", "accepted")),
        ("2026-04-04", disbursed(5_000_000_000)),
        ("2026-07-13", report("M6", "2026-H1", "received")),
    ],
    # Marks: confirmed, disputed, added with their own weight, withdrawn, dated ahead.
    "KT-9010": [
        *_approved("2018-09-09", "2021-12-31"),
        ("2022-02-02", mark("confirms", "investor_finance")),
        ("2022-03-03", mark("disputes", "land_clearance")),
        ("2023-01-01", mark("adds", "market", "2023-02-01", "review")),
        ("2024-01-01", withdraw(0)),
        ("2025-05-05", withdraw(2)),
        ("2026-06-06", mark("adds", "technical", severity="late")),
        ("2026-08-08", inspected()),
    ],
    # A special resolution, an operating term that runs out.
    "KT-9011": [
        *_approved("2018-07-01", "2020-12-31"),
        ("2019-06-06", facts(operating_end="2027-05-31")),
        ("2020-03-03", facts(special_mechanism="Nghị quyết 10")),
        ("2023-08-08", facts(special_mechanism=None)),
        ("2025-07-01", phase(1, completed_on="2025-06-30")),
        ("2026-12-12", facts(operating_end="2028-06-30")),
    ],
    # Over all lists: called for, registered, licensed, built, idle, in operation.
    "KT-9012": [
        ("2019-09-09", move("registered", "surveying")),
        ("2020-04-04", promise("registered", None, {"1/operation": "2022-12-31"})),
        ("2021-01-15", paper("policy_approval")),
        ("2021-01-15", move("licensed", "preparing")),
        (
            "2021-06-01",
            promise("irc", "2021-05-20", {"1/start": "2021-12-31", "1/operation": "2023-06-30"}),
        ),
        ("2022-02-02", move("licensed", "implementing")),
        ("2023-10-10", move("licensed", "built_idle")),
        ("2024-06-06", milestone("1/operation", met_on="2024-06-01")),
        ("2024-06-06", move("licensed", "operating")),
        ("2025-03-03", phase(1, completed_on="2024-06-01")),
    ],
    "KT-9013": [
        ("2020-02-02", promise("registered", None, {"1/operation": "2021-06-30"})),
        ("2023-03-03", paper("withdrawal")),
    ],
    # Ended and reinstated; licensed for years without a schedule; an open pause until the end.
    "KT-9014": [
        *_approved("2017-05-05", "2019-06-30"),
        ("2019-02-02", parcel("A", area_ha=20, handed_over_on="2018-01-08")),
        ("2021-08-08", paper("revocation")),
        ("2022-02-02", move("licensed", "implementing")),
        ("2025-11-11", paper("termination")),
    ],
    "KT-9015": [
        ("2019-05-05", paper("certificate", "2019-04-01")),
        ("2022-05-05", promise("irc", "2019-04-01", {"1/completion": "2021-12-31"})),
        ("2023-11-01", pause("2023-11-15", None, "a", "accepted")),
        ("2024-01-08", promise("adjusted", "2024-01-05", {"1/completion": "2027-02-28"})),
    ],
}
