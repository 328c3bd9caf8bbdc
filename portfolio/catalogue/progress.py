"""How far a catalogue has come: what a page or a terminal can say while it is being made."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from portfolio.notation import N_


class Step(enum.StrEnum):
    """The parts of the work, in order."""

    GATHERING = "gathering"
    SETTING = "setting"
    LAYING_OUT = "laying_out"
    WRITING = "writing"
    DONE = "done"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return _LABELS[self]


_LABELS = {
    Step.GATHERING: N_("Collecting the projects"),
    Step.SETTING: N_("Setting the text"),
    Step.LAYING_OUT: N_("Laying out the pages"),
    Step.WRITING: N_("Writing the file"),
    Step.DONE: N_("Finished"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` pages; ``total`` is an estimate until the layout has ended."""

    step: Step
    done: int = 0
    total: int = 0


Report = Callable[[Progress], None]


def nobody(_progress: Progress) -> None:
    """A report that nobody reads."""
