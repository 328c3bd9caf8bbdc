"""The law of delay once more, slowly: days are counted one by one, straight from the document.

Nothing of the program is used here, so that a mistake in its arithmetic cannot repeat itself. It
follows the rule book, and where that leaves room the decisions in `docs/delay.md`.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from tests.schedule.law import HOLIDAYS_TEXT

Document = dict[str, Any]
Held = dict[tuple[str, str], bool]
"""What holds, by rule and scope, and whether it is held."""

DAY = timedelta(1)
DAYS_OFF = {date.fromisoformat(str(one["date"])) for one in HOLIDAYS_TEXT["holidays"]}
STOPPING = {None, "a", "b", "c", "d", "g"}
APPROVING = {"ipa", "irc", "adjusted"}
LAW_OF_2014, LAW_OF_2020, LAW_OF_2025 = date(2015, 7, 1), date(2021, 1, 1), date(2026, 3, 1)
LAND_LAW_OF_2013 = date(2014, 7, 1)


# Counting ---------------------------------------------------------------------------------------


def months_on(start: date, months: int) -> date:
    """Walk into the month that is so many months away, then to the same number or its last day."""
    step = DAY if months >= 0 else -DAY
    day, crossed = start, 0
    while crossed < abs(months):
        following = day + step
        crossed += following.month != day.month
        day = following
    while day.day != 1:
        day -= DAY
    while day.day < start.day and (day + DAY).month == day.month:
        day += DAY
    return day


def working_day(day: date) -> date:
    while day.isoweekday() in {6, 7} or day in DAYS_OFF:
        day += DAY
    return day


def moved(end: date, days: Iterable[date]) -> date:
    """A clock that stands still for a day ends a day later, if it was still running on that day."""
    for day in sorted(set(days)):
        if day <= end:
            end += DAY
    return end


def after_months(start: date, months: int, days: Iterable[date] = ()) -> date:
    """The last day of so many months, moved by these days and ending on a working day."""
    return working_day(moved(months_on(start, months), days))


def days_of(spans: Iterable[Document], on: date) -> set[date]:
    found = set()
    for one in spans:
        day = at(one["from"])
        last = at(one["to"]) if one["to"] else on
        while day <= last:
            found.add(day)
            day += DAY
    return found


def at(text: str) -> date:
    return date.fromisoformat(text)


def came(text: str | None, on: date) -> bool:
    return text is not None and at(text) <= on


# One project on one day -------------------------------------------------------------------------


class Project:
    """What holds for a document on a day."""

    def __init__(self, document: Document, on: date) -> None:
        self.facts, self.on = document, on
        stopping = [
            one
            for one in document["pauses"]
            if one["status"] == "accepted" and one["cause"] in STOPPING
        ]
        self.paused = days_of(stopping, on)
        self.phases = list(enumerate(document["phases"], 1))
        completed = [self.completed(phase) for _, phase in self.phases]
        self.done = (bool(completed) and all(completed)) or (
            document["stage"] == "operating" and len(completed) <= 1
        )

    def completed(self, phase: Document) -> bool:
        return came(phase["completed_on"], self.on)

    def schedules(self, phase: Document) -> list[Document]:
        return [one for one in phase["schedules"] if came(one["approved_on"], self.on)]

    def schedule(self, phase: Document) -> Document | None:
        """The last one that a paper approved, else the last one."""
        known = self.schedules(phase)
        approved = [one for one in known if one["kind"] in APPROVING]
        return (approved or known or [None])[-1]

    def end(self, planned: str, since: str | None) -> date:
        days = self.paused if since is None else {d for d in self.paused if d >= at(since)}
        return moved(at(planned), days)

    def first_approval(self) -> date | None:
        days = [
            at(one["approved_on"])
            for phase in self.facts["phases"]
            for one in phase["schedules"]
            if one["kind"] in APPROVING
        ]
        given = self.facts["first_approved_on"]
        return at(given) if given else min(days, default=None)

    def licensed(self) -> bool:
        first = self.first_approval()
        if self.facts["listing"] not in {None, "licensed"}:
            return False
        return self.facts["listing"] == "licensed" if first is None else first <= self.on

    def holds(self) -> Held:
        found: Held = {}
        parts: list[Callable[[], Iterator[tuple[str, str, bool]]]] = [self.endings, self.reports]
        parts.append(self.land)
        if not self.done:
            parts += [self.investment, self.missing, self.deposit, self.marks]
        for part in parts:
            found |= {(rule, scope): held for rule, scope, held in part()}
        special = self.facts["special_mechanism"]
        if special is not None and came(special["on"], self.on):
            found = dict.fromkeys(found, True) | {("SPECIAL", "project"): False}
        return found

    # INV-LATE, INV-T24-WARN, INV-T24

    def investment(self) -> Iterator[tuple[str, str, bool]]:
        bound = self.facts["listing"] != "registered"
        for number, phase in self.phases:
            schedule = self.schedule(phase)
            approved = schedule is not None and schedule["kind"] in APPROVING
            if self.completed(phase) or not (approved or bound):
                continue
            yield from self.milestones(number, phase, schedule)
            if schedule is None:
                continue
            end = self.end(schedule["end"], schedule["approved_on"])
            if self.on <= end:
                continue
            yield "INV-LATE", f"phase:{number}", False
            later = {day for day in self.paused if day > end}
            if approved and self.on > after_months(end, 12, later):
                yield "INV-T24-WARN", f"phase:{number}", False
            if approved and self.on > after_months(end, 24, later) and self.may_end():
                yield "INV-T24", f"phase:{number}", False

    def may_end(self) -> bool:
        recovered = any(came(one["recovered_on"], self.on) for one in self.facts["land"])
        no_right = self.facts["no_adjustment_right"] is not False
        in_force = self.on >= LAW_OF_2025
        return in_force and no_right and not self.facts["pending_adjustment"] and not recovered

    def milestones(
        self, number: int, phase: Document, schedule: Document | None
    ) -> Iterator[tuple[str, str, bool]]:
        names: dict[str, int] = {}
        for one in phase["milestones"]:
            kind = one["kind"]
            names[kind] = names.get(kind, 0) + 1
            if one["planned"] is None or came(one["met_on"], self.on):
                continue
            since = one["approved_on"] or (schedule and schedule["approved_on"])
            if self.on > self.end(one["planned"], since):
                name = kind if names[kind] == 1 else f"{kind}#{names[kind]}"
                yield "INV-LATE", f"milestone:{number}/{name}", False

    # UNDATED, STALLED, REP-*

    def missing(self) -> Iterator[tuple[str, str, bool]]:
        if not self.licensed():
            return
        phases = self.facts["phases"]
        planned = [m["planned"] for phase in phases for m in phase["milestones"] if m["planned"]]
        if not planned and not any(self.schedules(phase) for phase in phases):
            yield "UNDATED", "project", False
        signs = [at(sign) for sign in self.signs() if came(sign, self.on)]
        first = self.first_approval()
        last = max([*signs, *([first] if first else [])], default=None)
        if last is not None and self.on > after_months(last, 12):
            yield "STALLED", "project", self.on in self.paused

    def signs(self) -> Iterator[str | None]:
        yield from (one["on"] for one in self.facts["signs_of_life"])
        for phase in self.facts["phases"]:
            yield from (phase["completed_on"], *(one["met_on"] for one in phase["milestones"]))
        for parcel in self.facts["land"]:
            yield from (parcel["handed_over_on"], parcel["first_used_on"])
            if parcel["extension"]:
                yield parcel["extension"]["from"]

    def reports(self) -> Iterator[tuple[str, str, bool]]:
        for one in self.facts["reports"]:
            year, quarter = int(one["period"][:4]), int(one["period"][-1])
            due = {
                "Q": date(year + (quarter == 4), quarter % 4 * 3 + 1, 10),
                "Y": date(year + 1, 3, 31),
                "M6": date(year, 7, 10),
                "MY": date(year + 1, 2, 10),
            }[one["kind"]]
            if self.on > working_day(due) and not came(one["received_on"], self.on):
                yield f"REP-{one['kind']}", "project", False

    # LAND-12, LAND-24, LAND-EXT, LAND-RECOVER

    def land(self) -> Iterator[tuple[str, str, bool]]:
        known = any(one["first_used_on"] or one["interruptions"] for one in self.facts["land"])
        if self.on < LAND_LAW_OF_2013 or (self.done and not known):
            return
        for number, parcel in enumerate(self.facts["land"], 1):
            if not came(parcel["recovered_on"], self.on):
                for rule, held in self.parcel(parcel):
                    yield rule, f"parcel:{number}", held

    def parcel(self, parcel: Document) -> Iterator[tuple[str, bool]]:
        idle = self.idle_since(parcel)
        if idle is None:
            return
        begins, interrupted = idle
        forced = days_of(parcel["force_majeure"], self.on)
        last = self.extended_to(parcel, begins, forced)
        running = last is not None and self.on <= last
        held = running or self.on in forced
        if begins and self.on > after_months(begins, 12, {d for d in forced if d > begins}):
            yield "LAND-12", held
        if parcel["schedule_end"] and not interrupted:
            counted = {day for day in forced if begins is None or day >= begins}
            end = moved(at(parcel["schedule_end"]), counted)
            if self.on > after_months(end, 24, {day for day in counted if day > end}):
                yield "LAND-24", held
        if running:
            yield "LAND-EXT", False
        elif last is not None:
            yield "LAND-RECOVER", self.on in forced

    def idle_since(self, parcel: Document) -> tuple[date | None, bool] | None:
        handed_over_on, used_on = parcel["handed_over_on"], parcel["first_used_on"]
        if not came(used_on, self.on):
            if handed_over_on is None:
                return None, False
            return (at(handed_over_on), False) if came(handed_over_on, self.on) else None
        out = {day for day in days_of(parcel["interruptions"], self.on) if day >= at(used_on)}
        if self.on not in out:
            return None
        day = self.on
        while day - DAY in out:
            day -= DAY
        return day, True

    def extended_to(self, parcel: Document, begins: date | None, forced: set[date]) -> date | None:
        extension = parcel["extension"]
        if extension is None or not came(extension["from"], self.on):
            return None
        longest = months_on(at(extension["from"]), 24)
        if extension["to"] is None or at(extension["to"]) > longest:
            longest = working_day(longest)
        last = min(at(extension["to"]), longest) if extension["to"] else longest
        last = moved(last, {day for day in forced if day >= at(extension["from"])})
        return None if begins is not None and last < begins else last

    # TERM-END, T-*, SUS-12, EZA-MARK

    def endings(self) -> Iterator[tuple[str, str, bool]]:
        facts, on = self.facts, self.on
        end = facts["operating_end"]
        if end and on >= months_on(at(end), -12):
            yield "TERM-END", "project", False
        if on >= LAW_OF_2014 and self.out_of_contact():
            yield "T-NOCONTACT12", "project", False
        if on < LAW_OF_2020:
            return
        if self.without_site():
            yield "T-LOC6", "project", False
        dissolved, transferred = facts["enterprise_dissolved_on"], facts["transferred_on"]
        if on >= LAW_OF_2025 and came(dissolved, on) and not came(transferred, on):
            yield "T-DISSOLVED", "project", False
        for number, parcel in enumerate(facts["land"], 1):
            counts = on >= LAW_OF_2025 or parcel["recovery_ground"] in {"non_use", "late_use"}
            if came(parcel["recovered_on"], on) and counts:
                yield "T-LAND", f"parcel:{number}", False
        if facts["suspension"]:
            yield from self.suspended(facts["suspension"])

    def without_site(self) -> bool:
        lost, filed = self.facts["site_lost_on"], self.facts["relocation_filed_on"]
        if lost is None or self.on <= after_months(at(lost), 6):
            return False
        return filed is None or at(filed) > after_months(at(lost), 6)

    def out_of_contact(self) -> bool:
        stopped = self.facts["stopped_on"]
        if stopped is None or self.on <= after_months(at(stopped), 12):
            return False
        tries = self.facts["contact_attempts"]
        made = [one for one in tries if at(stopped) <= at(one["on"]) <= self.on]
        return bool(made) and all(one["reached"] is False for one in made)

    def suspended(self, stop: Document) -> Iterator[tuple[str, str, bool]]:
        unable = stop["inability_recorded_on"]
        let_go = stop["to"] and unable and unable <= stop["to"] and self.on > at(stop["to"])
        if stop["by"] == "authority" and came(unable, self.on) and not let_go:
            yield "T-SUSP", "project", False
        stands = self.on in days_of([stop], self.on)
        if stop["by"] == "investor" and stands and self.on > after_months(at(stop["from"]), 12):
            yield "SUS-12", "project", False

    def deposit(self) -> Iterator[tuple[str, str, bool]]:
        deposit, on = self.facts["deposit"], self.on
        paid, expires = deposit["paid_on"], deposit["guarantee_expires_on"]
        if on < LAW_OF_2020:
            return
        if expires is not None:
            replaced = paid is not None and paid > expires and came(paid, on)
            missing = on > at(expires) and not replaced
        else:
            due = deposit["due_on"]
            missing = due is not None and on > at(due) and not came(paid, on)
        if missing:
            yield "T-DEPOSIT", "project", False

    def marks(self) -> Iterator[tuple[str, str, bool]]:
        for number, mark in enumerate(self.facts["marks"], 1):
            if mark["verdict"] == "adds" and came(mark["on"], self.on):
                yield "EZA-MARK", f"mark:{number}", False
