"""The row rule: which projects a person may see and change.

One condition decides every outlet: list, count, page, report, PDF, export, mail and interface.

- A person with zones sees the projects of those zones and of the zones inside them.
- A zone officer without a zone sees none; everyone else without zones sees all.
- The promotion centre changes projects that are not licensed yet; a zone officer the projects of the
  own zones; the Department of Finance those that no zone authority follows. Others change none.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from portfolio.notation import N_
from portfolio.office.people import Office, OfficeKind, Role, User
from portfolio.register.project import Listing, Project
from portfolio.register.zone import Zone
from portfolio.web.errors import HiddenRecord

MOST_NAMED = 10
"""Projects that a refusal names; of more it says how many there are."""


def visible_to(
    user: User,
    zone_column: InstrumentedAttribute[int | None] = Project.zone_id,
) -> ColumnElement[bool]:
    """The SQL condition under which ``user`` sees a row whose zone stands in ``zone_column``."""
    if not user.zone_ids:
        return false() if user.role is Role.ZONE_OFFICER else true()
    tree = select(Zone.id).where(Zone.id.in_(user.zone_ids)).cte("own_zones", recursive=True)
    tree = tree.union(select(Zone.id).join(tree, Zone.parent_id == tree.c.id))
    return zone_column.in_(select(tree.c.id))


def find_visible(session: Session, user: User, code: str, *, lock: bool = False) -> Project:
    """The project with this code if ``user`` may see it, else `HiddenRecord`.

    ``lock`` lets no other writer at it until the commit.
    """
    query = select(Project).where(Project.code == code, visible_to(user))
    if lock:
        query = query.with_for_update(of=Project).execution_options(populate_existing=True)
    project = session.scalars(query).one_or_none()
    if project is None:
        raise HiddenRecord
    return project


class HiddenProjects(HiddenRecord):
    """Some of the projects that were named do not exist or are not the reader's to see."""

    message = N_("There is no such project, or the account may not see it: %(codes)s")


def find_all_visible(
    session: Session, user: User, codes: Sequence[str], *, lock: bool = False
) -> list[Project]:
    """The projects with these codes in their order; `HiddenProjects` names those not to be seen.

    ``lock`` lets no other writer at them until the commit.
    """
    query = select(Project).where(Project.code.in_(codes), visible_to(user)).order_by(Project.id)
    if lock:
        query = query.with_for_update(of=Project).execution_options(populate_existing=True)
    found = {project.code: project for project in session.scalars(query)}
    missing = [code for code in codes if code not in found]
    if missing:
        raise HiddenProjects(codes=", ".join(missing[:MOST_NAMED]))
    return [found[code] for code in codes]


def may_change(session: Session, user: User, project: Project) -> bool:
    """Whether ``user``, who sees ``project``, may also change it."""
    if user.role is Role.CENTRE_OFFICER:
        return project.listing in {Listing.SOLICITED, Listing.REGISTERED}
    if user.role is Role.ZONE_OFFICER:
        visible = select(Project.id).where(Project.id == project.id, visible_to(user))
        return session.scalar(visible) is not None
    if user.role is Role.FINANCE_OFFICER:
        follower = follower_of(session, project)
        return follower is None or follower.kind is not OfficeKind.ZONE_AUTHORITY
    return False


def not_to_change(session: Session, user: User, projects: Sequence[Project]) -> list[Project]:
    """Those of some projects that ``user`` sees and may not change."""
    if user.role is not Role.ZONE_OFFICER:
        return [project for project in projects if not may_change(session, user, project)]
    keys = [project.id for project in projects]
    own = set(session.scalars(select(Project.id).where(Project.id.in_(keys), visible_to(user))))
    return [project for project in projects if project.id not in own]


def follower_of(session: Session, project: Project) -> Office | None:
    """The office that follows a project: set by hand with a reason, else by its zone's manager.

    None means the Department of Finance, which follows whatever lies in no managed zone
    (Law 143/2025/QH15, Articles 25.4 and 27).
    """
    if project.followed_by_id is not None:
        return session.get(Office, project.followed_by_id)
    zone = session.get(Zone, project.zone_id) if project.zone_id is not None else None
    while zone is not None:
        if zone.managing_office_id is not None:
            return session.get(Office, zone.managing_office_id)
        zone = session.get(Zone, zone.parent_id) if zone.parent_id is not None else None
    return None


def sees_everything(user: User) -> bool:
    """Whether no project is hidden from ``user``: figures of the whole register may be shown."""
    return not user.zone_ids and user.role is not Role.ZONE_OFFICER
