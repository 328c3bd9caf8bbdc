"""Whose projects a page of progress looks at: all that a person may see, one zone, or the own share.

The share of the Department of Finance are the projects that no zone authority follows. Everything is
said in the filters of the register list, so each figure can lead to the list that it counts.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import True_

from portfolio.notation import N_
from portfolio.office.people import Role, User
from portfolio.register.choices import Choices, choices, option, with_chosen
from portfolio.register.filters import Filter, Reading, Unclear, ZoneFilter
from portfolio.register.filters.followed import FINANCE, FollowedFilter
from portfolio.register.filters.places import OUTSIDE, OUTSIDE_WORDS
from portfolio.register.line import RegisterLine
from portfolio.register.row_rule import sees_everything, visible_to
from portfolio.register.search import aside, is_sqlite
from portfolio.web.languages import language

ALL, OWN = "all", "own"
_OWN_WORDS = N_("Followed by the Department of Finance")


@dataclass(frozen=True)
class Scope:
    """Some projects of a person: ``chosen`` as it stands in the address, ``key`` for what was seen.

    ``around`` are the keys of the scopes that this one lies in: who has seen those has seen this.
    """

    user: User
    chosen: str
    key: str
    name: str
    filters: tuple[Filter, ...]
    around: frozenset[str]
    options: Markup
    choices: Choices

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a current line must fulfil; no condition at all where nothing is asked."""
        return self._conditions

    @cached_property
    def _conditions(self) -> list[ColumnElement[bool]]:
        # Made once: a statement that asks several times must name the same tree of zones.
        found = [one.condition() for one in self.filters]
        rule = visible_to(self.user, RegisterLine.zone_id)
        return found if isinstance(rule, True_) else [*found, rule]

    def along(self, session: Session) -> list[ColumnElement[bool]]:
        """The same, to be checked line by line along an index that says the order of the lines."""
        asked = self.conditions()
        return [aside(and_(*asked))] if asked and is_sqlite(session) else asked

    def of_project(self, project_id: InstrumentedAttribute[int]) -> list[ColumnElement[bool]]:
        """The condition for rows that name a project: its current line is within the scope."""
        asked = self.conditions()
        if not asked:
            return []
        line = select(RegisterLine.id).where(
            RegisterLine.project_id == project_id, RegisterLine.until.is_(None), *asked
        )
        return [exists(line)]

    def lists(self, **narrowed: Any) -> str:
        """The address of the register list with these projects, narrowed further."""
        pairs = [pair for one in self.filters for pair in one.args().items()]
        pairs += [(name, str(value)) for name, value in narrowed.items()]
        return f"/projects?{urlencode(pairs)}" if pairs else "/projects"

    def within(self, zone: int | str, **narrowed: Any) -> str:
        """The list of those that lie in a zone of the scope: `none` stands for outside the zones."""
        others = [one for one in self.filters if not isinstance(one, ZoneFilter)]
        pairs = [pair for one in others for pair in one.args().items()]
        pairs += [(name, str(value)) for name, value in {"zone": zone, **narrowed}.items()]
        return f"/projects?{urlencode(pairs)}"

    def page(self, path: str, **more: Any) -> str:
        """The address of a page of progress that looks at the same projects."""
        pairs = [("zone", self.chosen)] if self.chosen else []
        pairs += [(name, str(value)) for name, value in more.items()]
        return f"{path}?{urlencode(pairs)}" if pairs else path


def read_scope(session: Session, user: User, typed: str, *, own_first: bool = True) -> Scope:
    """The scope that an address asks for; what cannot be understood counts as the usual one.

    ``own_first``: without a choice the Department of Finance sees its own share, else everything.
    """
    known = choices(session)
    visible = known.visible_zones(user)
    is_finance = user.role is Role.FINANCE_OFFICER and not user.zone_ids
    zone = _zone(known, visible, user, typed)
    share = typed if typed in {OWN, ALL} else OWN if own_first else ALL
    chosen = zone.args()["zone"] if zone else share if is_finance else ""
    if zone is not None:
        key, name = f"zone:{zone.zone_id}", zone.name
        around = {ALL, *(f"zone:{one}" for one in _parents(known, zone.zone_id))}
        filters: tuple[Filter, ...] = (zone,)
    elif chosen == OWN:
        key, name, around = OWN, gettext(_OWN_WORDS), {ALL}
        filters = (FollowedFilter(FINANCE),)
    else:
        key, name, around, filters = ALL, _whole(known, user), set(), ()
    options = _options(known, visible, user, chosen, is_finance=is_finance)
    return Scope(user, chosen, key, name, filters, frozenset(around), options, known)


def _zone(known: Choices, visible: frozenset[int], user: User, typed: str) -> ZoneFilter | None:
    if typed == OUTSIDE and not sees_everything(user):
        return None
    try:
        return ZoneFilter.read({"zone": typed}, Reading(known, visible))
    except Unclear:
        return None


def _parents(known: Choices, zone_id: int) -> list[int]:
    found: list[int] = []
    zone = known.zones.get(zone_id)
    while zone is not None and zone.parent_id is not None and zone.parent_id not in found:
        found.append(zone.parent_id)
        zone = known.zones.get(zone.parent_id)
    return found


def _whole(known: Choices, user: User) -> str:
    names = [known.zones[one].name(language()) for one in user.zone_ids if one in known.zones]
    return "; ".join(names) if names else str(gettext("All projects"))


def _options(
    known: Choices, visible: frozenset[int], user: User, chosen: str, *, is_finance: bool
) -> Markup:
    first = [("", gettext("All my zones") if user.zone_ids else gettext("All projects"))]
    if is_finance:
        first = [(OWN, gettext(_OWN_WORDS)), (ALL, gettext("All projects"))]
    if sees_everything(user):
        first.append((OUTSIDE, gettext(OUTSIDE_WORDS)))
    drawn = "".join(option(value, words) for value, words in first)
    own = with_chosen(drawn, chosen)
    return own + known.zone_options(language(), chosen, visible)
