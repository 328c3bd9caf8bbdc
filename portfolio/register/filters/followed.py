"""Who follows a project, as a condition on lines: the same as `row_rule.follower_of`, for many at once.

An office set by hand goes before the zone's own, and that of a zone holds for the zones inside it that
have none. What no zone authority follows is the Department of Finance's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from flask_babel import gettext
from sqlalchemy import ColumnElement, and_, not_, or_, select

from portfolio.notation import N_
from portfolio.office.people import Office, OfficeKind
from portfolio.register.filters.filter import NOT_IN_LIST, Filter, Reading, Unclear
from portfolio.register.line import RegisterLine
from portfolio.register.project import Project
from portfolio.register.zone import Zone

AUTHORITY, FINANCE = "authority", "finance"
FOLLOWERS = {
    AUTHORITY: N_("Followed by a zone authority"),
    FINANCE: N_("Followed by the Department of Finance"),
}


@dataclass(frozen=True)
class FollowedFilter(Filter):
    """Projects that a zone authority follows, or those that none does."""

    names = ("followed",)
    labels: ClassVar[Mapping[str, str]] = FOLLOWERS
    by: str

    @classmethod
    def read(cls, args: Mapping[str, str], reading: Reading) -> Self | None:
        """One of the two."""
        del reading
        by = args.get("followed", "")
        if by and by not in FOLLOWERS:
            raise Unclear(NOT_IN_LIST, at="followed")
        return cls(by) if by else None

    def args(self) -> dict[str, str]:
        """Who."""
        return {"followed": self.by}

    def condition(self) -> ColumnElement[bool]:
        """By zone, but for those whose follower was set by hand."""
        by_authority = followed_by_authority()
        return by_authority if self.by == AUTHORITY else not_(by_authority)

    def sentence(self) -> str:
        """The answer."""
        return str(gettext(FOLLOWERS[self.by]))


def followed_by_authority() -> ColumnElement[bool]:
    """Whether a zone authority follows the project of a line. Never NULL."""
    authorities = select(Office.id).where(Office.kind == OfficeKind.ZONE_AUTHORITY)
    tree = (
        select(Zone.id)
        .where(Zone.managing_office_id.in_(authorities))
        .cte("zones_of_authorities", recursive=True)
    )
    inside = select(Zone.id).join(tree, Zone.parent_id == tree.c.id)
    tree = tree.union(inside.where(Zone.managing_office_id.is_(None)))
    by_hand = select(Project.id).where(Project.followed_by_id.is_not(None))
    theirs = by_hand.where(Project.followed_by_id.in_(authorities))
    by_zone = and_(RegisterLine.zone_id.is_not(None), RegisterLine.zone_id.in_(select(tree.c.id)))
    return or_(
        RegisterLine.project_id.in_(theirs),
        and_(by_zone, RegisterLine.project_id.not_in(by_hand)),
    )
