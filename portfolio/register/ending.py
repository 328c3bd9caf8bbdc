"""What a paper that suspends or ends a project will do, in words, before it is done."""

from dataclasses import dataclass

from flask_babel import gettext

from portfolio.register.acts.papers import ENDS
from portfolio.register.entry import ActForm
from portfolio.register.entry_parts import PaperForm
from portfolio.register.in_hand import Hand
from portfolio.register.project import Listing, Stage


@dataclass(frozen=True)
class Ending:
    """The title, the consequences line by line, and the words of the button."""

    title: str
    consequences: list[str]
    button: str


def ending_words(hand: Hand, form: ActForm) -> Ending | None:
    """What recording this paper brings about; None for papers that change no stage."""
    if not isinstance(form, PaperForm) or hand.row_id is not None or form.kind.data not in ENDS:
        return None
    stage = ENDS[form.kind.data]
    since = gettext(Stage(hand.state["stage"]).label)
    lines = [
        gettext(
            "The life stage changes from “%(before)s” to “%(after)s”.",
            before=since,
            after=gettext(stage.label),
        )
    ]
    if stage is not Stage.SUSPENDED:
        lines += [
            gettext(
                "The project leaves its list and stands under “%(list)s”.",
                list=gettext(Listing.CLOSED.label),
            ),
            gettext("It is no longer looked at for delay: its open warnings are closed tonight."),
        ]
    else:
        lines.append(gettext("Its dates go on to be looked at; the suspension is part of the sum."))
    lines += [
        gettext("Everyone who sees the project sees this at once; the trail keeps who did it."),
        gettext("A mistake is put right by reinstating the project with a reason."),
    ]
    return Ending(
        str(gettext("Record the decision: %(stage)s", stage=gettext(stage.label))),
        [str(line) for line in lines],
        str(gettext("Record the decision")),
    )
