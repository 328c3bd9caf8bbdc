"""The table of milestones: every phase and milestone with its days, editable in one form."""

from typing import Any, cast

from flask import Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office.may import Permission, needs
from portfolio.office.trail import Origin, State
from portfolio.register.acts.schedule import track_milestones
from portfolio.register.entry_project import ConfirmForm
from portfolio.register.entry_schedule import MilestonesForm, milestones_form
from portfolio.register.in_hand import Hand, form_of, origin_of, refuse_stale, take
from portfolio.register.project import Project
from portfolio.register.sections import Section
from portfolio.schedule.blueprint import pages
from portfolio.schedule.evaluate import NoPolicy, law_on
from portfolio.schedule.show_schedule import show_schedule
from portfolio.web.clock import today
from portfolio.web.errors import Refusal

REFUSED = 422
_OVERWRITTEN = ("met_on", "met_precision", "forecast_on", "evidence")


class _Table(Section):
    """All milestones of a project as one section."""

    def stands(self, state: State, row_id: int | None) -> Any:
        """What saving the table would overwrite; a further version of the schedule is no part of it."""
        del row_id
        return {
            one["id"]: [one.get(name) for name in _OVERWRITTEN]
            for phase in state.get("phases", ())
            for one in phase["milestones"]
        }


def _save(
    session_: Any, project: Project, _row: None, form: MilestonesForm, origin: Origin
) -> None:
    track_milestones(
        session_,
        project,
        form.tracked(),
        others_unchanged=form.others_unchanged.data,
        on=today(),
        origin=origin,
    )


TABLE = _Table(
    "milestones", N_("Milestones"), "", MilestonesForm, _save, part="phases", anchor="schedule"
)


@pages.get("/projects/<code>/milestones")
@needs(Permission.CHANGE_PROJECT)
def edit_milestones(code: str) -> str:
    """The table with what stands."""
    hand = take(code, TABLE)
    return _page(hand, form_of(hand, milestones_form(hand.state)))


@pages.post("/projects/<code>/milestones")
@needs(Permission.CHANGE_PROJECT)
def save_milestones(code: str) -> Response:
    """Save the days that were changed, in one act."""
    hand = take(code, TABLE, lock=True)
    form = milestones_form(hand.state, request.form)()
    earlier = form.earlier_result()
    if earlier is not None:
        return cast("Response", redirect(earlier, 303))
    if not form.validate():
        return make_response(_page(hand, form), REFUSED)
    refuse_stale(hand, form, request.path)
    try:
        _save(session(), hand.project, None, form, origin_of(form))
        form.spend(hand.back)
        session().commit()
    except Refusal as refusal:
        session().rollback()
        form.refuse(refusal)
        return make_response(_page(take(code, TABLE), form), refusal.status)
    flash(gettext("Saved."), "saved")
    return cast("Response", redirect(hand.back, 303))


def _page(hand: Hand, form: Any) -> str:
    try:
        schedule = show_schedule(hand.state, law_on(session(), today()).policy, today(), {})
    except NoPolicy:
        schedule = None
    return render_template(
        "schedule/milestones.html",
        hand=hand,
        form=form,
        schedule=schedule,
        phases=hand.state.get("phases", ()),
        confirm=ConfirmForm(formdata=None, data={"version": hand.project.version}),
    )
