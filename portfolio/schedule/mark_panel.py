"""What officers said of a delay, for the project page: beside the computed state, never over it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portfolio.office.may import Permission, may
from portfolio.office.people import User
from portfolio.office.trail import State
from portfolio.register.acts.marks import may_withdraw
from portfolio.register.project import Listing
from portfolio.register.show_marks import ShownMark, show_marks


@dataclass(frozen=True)
class MarkPanel:
    """The marks, those of them that the reader may take back, and whether to offer a new one."""

    marks: list[ShownMark]
    own: frozenset[int]
    may_mark: bool

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to read or to do."""
        return bool(self.marks) or self.may_mark


def mark_panel(
    state: State,
    causes: Mapping[str, str],
    standing: Collection[str] | None,
    *,
    reader: User,
    may_edit: bool,
    past: bool,
) -> MarkPanel:
    """The panel of a state; ``standing`` are the rules that hold on its day, None if none can tell.

    ``may_edit``: whether the project is the reader's to change, and today's state is shown.
    """
    marks = show_marks(state, causes, standing)
    own = [
        mark.id
        for mark in marks
        if not past and not mark.withdrawn and may_withdraw(reader, mark.office_id, ours=may_edit)
    ]
    licensed = state["listing"] == Listing.LICENSED.value
    return MarkPanel(
        marks, frozenset(own), may_edit and licensed and may(reader, Permission.MARK_DELAY)
    )
