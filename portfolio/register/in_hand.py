"""The project that a page changes: found by the row rule, locked, and checked for a stale edit."""

from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import gettext
from sqlalchemy import select

from portfolio.database import session
from portfolio.notation import N_
from portfolio.office.sessions import this_person
from portfolio.office.trail import Origin, State, TrailEntry, unpack
from portfolio.register.acts.projects import NotOurs
from portfolio.register.entry import ActForm
from portfolio.register.part_words import part_words
from portfolio.register.project import Project
from portfolio.register.row_rule import find_visible, may_change
from portfolio.register.sections import SECTIONS, Section
from portfolio.register.state import spare_queries
from portfolio.web.clock import now
from portfolio.web.errors import Conflict, Difference, HiddenRecord, StaleEdit


@dataclass
class Hand:
    """A project, its state document, and the section and row that are edited."""

    project: Project
    state: State
    section: Section
    row_id: int | None = None

    @property
    def row_state(self) -> State | None:
        """What the form shows."""
        return self.section.row(self.state, self.row_id)

    @property
    def back(self) -> str:
        """The card of the project page that this belongs to."""
        return project_path(self.project.code, self.section.anchor or self.section.key)

    def row(self) -> Any:
        """The row that is changed, or None for a new one or a single section."""
        if self.row_id is None:
            return None
        found = self.section.find(self.project, self.row_id)
        if found is None:
            raise RowGone(back=self.back)
        return found


class RowGone(Conflict):
    """Somebody else took it out in the meantime."""

    title = N_("This entry is no longer there")
    message = N_("Another person has taken this entry out in the meantime. Nothing was saved.")

    def __init__(self, *, back: str) -> None:
        super().__init__()
        self.back = back


def project_path(code: str, anchor: str = "") -> str:
    """The address of a project's page."""
    return url_for("schedule.show_project", code=code, _anchor=anchor or None)


def take(code: str, key: str | Section, row_id: int | None = None, *, lock: bool = False) -> Hand:
    """The project for an edit of a section, named by its key or given where it has pages of its own.

    ``lock`` lets no other writer pass until the commit.

    Raises `HiddenRecord` for what is not there or not to be seen, `NotOurs` for another office's.
    """
    section = key if isinstance(key, Section) else SECTIONS.get(key)
    if section is None:
        raise HiddenRecord
    project = find_visible(session(), this_person(), code, lock=lock)
    if not may_change(session(), this_person(), project):
        raise NotOurs
    entry = session().get(TrailEntry, project.entry_seq)
    if entry is None:
        raise HiddenRecord
    state = unpack(entry.state)
    if lock:
        spare_queries(project, state)
    g.project_in_hand = state
    hand = Hand(project, state, section, row_id)
    if row_id is not None and hand.row_state is None:
        if lock:
            raise RowGone(back=hand.back)
        raise HiddenRecord
    return hand


def form_of(hand: Hand, form: type[ActForm], state: State | None = None, **kwargs: Any) -> ActForm:
    """The form as it shows ``state`` (by default the present one)."""
    state = hand.state if state is None else state
    row = hand.section.row(state, hand.row_id) or {}
    adding = hand.section.many and hand.row_id is None
    data = form.shown({} if adding else row)
    return form(data=data | {"version": hand.project.version}, **kwargs)


def refuse_stale(hand: Hand, form: ActForm, back: str) -> None:
    """Stop an edit that began before somebody else changed the same part; nothing typed is lost.

    Raises `StaleEdit` with both texts. An edit of one part goes through although another part of the
    project was changed in the meantime: it overwrites nothing.
    """
    if not form.is_stale(hand.project.version):
        return
    then = _state_at(hand.project, form.version.data)
    stands = hand.section.stands
    if then is not None and stands(then, hand.row_id) == stands(hand.state, hand.row_id):
        return
    last = session().get(TrailEntry, hand.project.entry_seq)
    by, at = (last.by_name, last.at) if last else (None, None)
    version = hand.project.version
    if hand.section.many and hand.row_id is None:
        rest = form.stale(form, version=version).rest
        added = (_added(hand, then or {}),)
        raise StaleEdit(differences=added, rest=rest, version=version, back=back, by=by, at=at)
    theirs = form_of(hand, type(form), formdata=None)
    base = None if then is None else form_of(hand, type(form), then, formdata=None)
    raise form.stale(theirs, version=version, base=base, back=back, by=by, at=at)


def _added(hand: Hand, then: State) -> Difference:
    """What others put into the same list in the meantime, to be looked at before saving again."""
    part = hand.section.part
    before = {row["id"]: row for row in then.get(part, [])}
    news = [row for row in hand.state.get(part, []) if before.get(row["id"]) != row]
    shown = "\n".join(part_words(part, row) for row in news) or gettext("(taken out)")
    title = gettext(hand.section.title)
    mine = gettext("A new entry, as typed")
    return Difference("", title, "", "", str(mine), shown, choose=False)


def _state_at(project: Project, version: int | None) -> State | None:
    if version is None:
        return None
    query = select(TrailEntry.state).where(
        TrailEntry.subject_kind == "project",
        TrailEntry.subject_id == project.id,
        TrailEntry.subject_version == version,
    )
    packed = session().scalar(query)
    return None if packed is None else unpack(packed)


def origin_of(form: ActForm) -> Origin:
    """Who acts now, and why."""
    reason = form["reason"].data if "reason" in form else None
    return Origin(this_person(), now(), reason)
