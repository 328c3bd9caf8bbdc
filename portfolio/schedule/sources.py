"""Where an input of a sum came from: from its path in the facts document back to what is recorded.

Pure (◆). A finding names its inputs by paths such as `phases[0].schedules[1].end` or
`pauses[0] (123/UBND)`; the reader wants the paper, the parcel, the pause that stands behind it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from portfolio.schedule.gather import APPROVALS, LAND_ACTS, State

_PATH = re.compile(r"(?:^|; )([a-z_0-9]+(?:\[\d+\])?(?:\.[a-z_]+(?:\[\d+\])?)*)(?= \(|; |$)")
_PIECE = re.compile(r"([a-z_0-9]+)(?:\[(\d+)\])?")


@dataclass(frozen=True)
class Record:
    """A part of the state document and its row; ``row`` is None for the project's own facts."""

    part: str
    row: State | None = None


class Sources:
    """The records behind the facts document that was made of a state."""

    def __init__(self, state: State, document: dict[str, Any]) -> None:
        self._state, self._document = state, document

    def behind(self, source: str) -> list[Record]:
        """What is recorded where an input came from; empty for a threshold of the policy."""
        found: list[Record] = []
        for path in _PATH.findall(source):
            for record in self._behind(path):
                if record not in found:
                    found.append(record)
        return found

    def _behind(self, path: str) -> Iterator[Record]:
        pieces = [(name, int(place) if place else None) for name, place in _PIECE.findall(path)]
        (name, place), rest = pieces[0], pieces[1:]
        if name == "phases" and place is not None:
            yield from self._of_phase(place, rest)
        elif name in _ROWS and place is not None:
            yield from self._row(_ROWS[name], place)
        elif name in {"reports", "signs_of_life"} and place is not None:
            given = self._document[name][place]
            yield from self._report(given) if name == "reports" else self._sign(given)
        elif name == "suspension":
            unable = bool(rest) and rest[0][0] == "inability_recorded_on"
            yield from self._unable() if unable else self._suspension()
        elif name in _CIRCUMSTANCES:
            yield from self._circumstances(_CIRCUMSTANCES[name], self._document.get(name))
        elif name == "first_approved_on":
            yield from self._first_approval(self._document.get(name))
        elif name == "transferred_on":
            yield from self._acts({"transfer"}, self._document.get(name))
        elif name == "deposit":
            yield Record("deposit", self._state.get("deposit"))
        elif name in _OWN:
            yield Record("facts")

    def _of_phase(self, place: int, rest: Sequence[tuple[str, int | None]]) -> Iterator[Record]:
        phase = self._state["phases"][place]
        name, number = rest[0] if rest else ("", None)
        if name == "milestones" and number is not None:
            yield Record("milestones", phase["milestones"][number])
        elif name == "schedules" and number is not None:
            version = self._document["phases"][place]["schedules"][number]["version"]
            schedule = next(s for s in self._state["schedules"] if s["number"] == version)
            yield Record("schedules", schedule)
            yield from self._rows("acts", lambda act: act["id"] == schedule.get("act_id"))
        else:
            yield Record("phases", phase)

    def _row(self, part: str, place: int) -> Iterator[Record]:
        rows = self._state.get(part, [])
        if part == "marks":
            rows = [mark for mark in rows if "withdrawn_on" not in mark]
        if part == "circumstances":
            rows = [one for one in rows if one["kind"] == "contact_attempt"]
        yield Record(part, rows[place])

    def _rows(self, part: str, fits: Any) -> Iterator[Record]:
        return (Record(part, row) for row in self._state.get(part, ()) if fits(row))

    def _acts(self, kinds: set[str], on: str | None) -> Iterator[Record]:
        return self._rows("acts", lambda act: act["kind"] in kinds and act.get("issued_on") == on)

    def _first_approval(self, on: str | None) -> Iterator[Record]:
        yield from self._acts(APPROVALS, on)
        yield from self._rows("schedules", lambda one: one.get("approved_on") == on)

    def _report(self, given: dict[str, Any]) -> Iterator[Record]:
        came = list(
            self._rows(
                "reports",
                lambda one: (one["kind"], one["period"]) == (given["kind"], given["period"]),
            )
        )
        yield from came or [Record("reports", {"kind": given["kind"], "period": given["period"]})]

    def _sign(self, given: dict[str, Any]) -> Iterator[Record]:
        on, kind = given["on"], given["kind"]
        if kind in {"milestone_met", "milestone_reviewed"}:
            column = "met_on" if kind == "milestone_met" else "last_reviewed_on"
            for phase in self._state.get("phases", ()):
                for milestone in phase["milestones"]:
                    if milestone.get(column) == on:
                        yield Record("milestones", milestone)
        elif kind == "land_act":
            yield from self._acts(LAND_ACTS, on)
        elif kind in _SIGNS:
            part, column = _SIGNS[kind]
            yield from self._rows(part, partial(_dated, column, on))

    def _suspension(self) -> Iterator[Record]:
        begun = (self._document.get("suspension") or {}).get("from")
        yield from self._acts({"suspension"}, begun)
        yield from self._circumstances(("investor_stop",), begun)

    def _unable(self) -> Iterator[Record]:
        found = (self._document.get("suspension") or {}).get("inability_recorded_on")
        yield from self._circumstances(("inability",), found)

    def _circumstances(self, kinds: Sequence[str], on: Any) -> Iterator[Record]:
        day = on["on"] if isinstance(on, dict) else on if isinstance(on, str) else None
        yield from self._rows(
            "circumstances",
            lambda one: one["kind"] in kinds and (day is None or one["on"] == day),
        )


def _dated(column: str, on: str, row: State) -> bool:
    return bool(row.get(column) == on)


_ROWS: Final = {
    "pauses": "pauses",
    "land": "parcels",
    "marks": "marks",
    "contact_attempts": "circumstances",
}
_SIGNS: Final = {
    "disbursement": ("capital", "on"),
    "report_accepted": ("reports", "decided_on"),
    "inspection_progress": ("happenings", "on"),
}
_CIRCUMSTANCES: Final = {
    "site_lost_on": ("site_lost",),
    "relocation_filed_on": ("relocation_filed",),
    "stopped_on": ("stopped",),
    "contact_attempts": ("contact_attempt",),
    "enterprise_dissolved_on": ("dissolved",),
    "sham_finding": ("sham",),
    "judgment": ("judgment",),
}
_OWN: Final = frozenset(
    ("special_mechanism", "pending_adjustment", "no_adjustment_right", "operating_end")
)
