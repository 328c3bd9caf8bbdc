"""Acts on investors: correcting one, and making one of two entries that mean the same enterprise.

An investor is known in many projects, so whoever changes one must be allowed to change each of them;
whoever keeps the reference data may change all.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import ColumnElement, True_, exists, or_, select
from sqlalchemy.orm import Session

from portfolio.notation import N_
from portfolio.notation.fold import fold
from portfolio.office.may import Permission, may
from portfolio.office.people import User
from portfolio.office.trail import Origin, record
from portfolio.register.investor import Investor, ProjectInvestor
from portfolio.register.project import Project
from portfolio.register.reference_acts import touch_projects
from portfolio.register.row_rule import may_change, visible_to
from portfolio.web.errors import Conflict, HiddenRecord, Refusal


class BadInvestor(Refusal):
    """An investor that cannot be as entered; the message says why."""


class TwoEnterprises(Conflict):
    """Two investors with different tax codes are not the same one."""

    message = N_(
        "The tax codes differ, so these are two enterprises. Correct one of the codes first."
    )


@dataclass(frozen=True, kw_only=True)
class InvestorValues:
    """What is known of an investor; ``country`` as ISO 3166-1."""

    name: str
    tax_code: str | None = None
    country: str | None = None
    address: str | None = None
    contact: str | None = None
    source: str | None = None


def seen_by(user: User) -> ColumnElement[bool]:
    """The SQL condition under which ``user`` sees an investor: by a visible project, or by none at all."""
    rule = visible_to(user)
    if isinstance(rule, True_):
        return rule
    link = ProjectInvestor.investor_id == Investor.id
    visible = exists().where(link, ProjectInvestor.project_id == Project.id, rule)
    return or_(visible, ~exists().where(link))


def may_keep(session: Session, user: User, investor: Investor) -> bool:
    """Whether ``user`` may change an investor: all of its projects, or all reference data."""
    if may(user, Permission.KEEP_REFERENCE):
        return True
    if not may(user, Permission.CHANGE_PROJECT):
        return False
    query = select(Project).join(ProjectInvestor).where(ProjectInvestor.investor_id == investor.id)
    return all(may_change(session, user, project) for project in session.scalars(query.distinct()))


def change_investor(
    session: Session, investor: Investor, values: InvestorValues, origin: Origin
) -> int:
    """Correct an investor; returns how many projects took over a changed name, tax code or country."""
    _refuse_stranger(session, investor, origin)
    other = _with_tax_code(session, values.tax_code)
    if other is not None and other is not investor:
        message = N_("This tax code belongs to %(name)s. If both are the same, merge them.")
        raise BadInvestor(message, field="tax_code", name=other.name)
    shown = ("name", "tax_code", "country")
    renamed = any(getattr(investor, name) != getattr(values, name) for name in shown)
    for name, value in vars(values).items():
        setattr(investor, name, value)
    investor.folded = fold(values.name)[:400]
    record(session, investor, "change_investor", origin)
    return _touch(session, investor, "rename_investor", origin) if renamed else 0


def merge_investors(session: Session, kept: Investor, merged: Investor, origin: Origin) -> int:
    """Make ``kept`` stand for both; the projects of ``merged`` move to it. Returns how many moved.

    The merged entry stays in the trail and points to the kept one. Raises `TwoEnterprises`.
    """
    if kept is merged or kept.merged_into_id is not None or merged.merged_into_id is not None:
        raise HiddenRecord
    _refuse_stranger(session, kept, origin)
    _refuse_stranger(session, merged, origin)
    if not origin.reason:
        raise BadInvestor(N_("Say why these are the same enterprise."), field="reason")
    if kept.tax_code and merged.tax_code and kept.tax_code != merged.tax_code:
        raise TwoEnterprises
    tax_code, merged.tax_code = kept.tax_code or merged.tax_code, None
    merged.merged_into_id = kept.id
    projects = _move_links(session, kept, merged)
    record(session, merged, "merge_investors", origin)
    for name in ("country", "address", "contact", "source"):
        setattr(kept, name, getattr(kept, name) or getattr(merged, name))
    changed, kept.tax_code = kept.tax_code != tax_code, tax_code
    record(session, kept, "merge_investors", origin)
    if changed:
        # A tax code that came with the other entry is news for the kept one's own projects, too.
        _touch(session, kept, "merge_investors", origin)
    else:
        touch_projects(session, Project.id.in_(projects), "merge_investors", origin)
    return len(projects)


def _move_links(session: Session, kept: Investor, merged: Investor) -> set[int]:
    """Give the parts of ``merged`` to ``kept``; a part that both have in the same role becomes one."""
    query = select(ProjectInvestor).where(ProjectInvestor.investor_id.in_([kept.id, merged.id]))
    links = list(session.scalars(query))
    own = {(link.project_id, link.role): link for link in links if link.investor_id == kept.id}
    moved = [link for link in links if link.investor_id == merged.id]
    for link in moved:
        twin = own.get((link.project_id, link.role))
        if twin is None:
            link.investor = kept
            continue
        if twin.share is not None and link.share is not None and twin.share + link.share <= 100:  # noqa: PLR2004
            twin.share += link.share
        session.get_one(Project, link.project_id).investors.remove(link)
    session.flush()
    return {link.project_id for link in moved}


def _touch(session: Session, investor: Investor, act: str, origin: Origin) -> int:
    of_this = select(ProjectInvestor.project_id).where(ProjectInvestor.investor_id == investor.id)
    return touch_projects(session, Project.id.in_(of_this), act, origin)


def _refuse_stranger(session: Session, investor: Investor, origin: Origin) -> None:
    if origin.by is not None and not may_keep(session, origin.by, investor):
        raise HiddenRecord


def _with_tax_code(session: Session, tax_code: str | None) -> Investor | None:
    return (
        session.scalar(select(Investor).where(Investor.tax_code == tax_code)) if tax_code else None
    )


# Look-alikes ----------------------------------------------------------------------------------

_LEGAL_FORMS = re.compile(
    r"\b(cong t[iy]|tong cong t[iy]|tap doan|trach nhiem huu han|tnhh|co phan|cp|ctcp|mot thanh vien|mtv"
    r"|doanh nghiep tu nhan|dntn|hop tac xa|htx|co ltd|ltd|jsc|joint stock company|company|corporation|group)\b"
)


def bare_name(name: str) -> str:
    """A name without its legal form, by which look-alikes are found: `kdi holdings`."""
    folded = fold(name)
    return " ".join(_LEGAL_FORMS.sub(" ", folded).split()) or folded


def look_alike_groups(session: Session, user: User) -> list[list[Investor]]:
    """Investors that ``user`` sees and that may be one: equal bare names, or one head of the tax code."""
    query = (
        select(Investor)
        .where(Investor.merged_into_id.is_(None), seen_by(user))
        .order_by(Investor.id)
    )
    groups: dict[str, list[Investor]] = defaultdict(list)
    for investor in session.scalars(query):
        groups[bare_name(investor.name)].append(investor)
        if head := _tax_head(investor):
            groups[head].append(investor)
    found = {tuple(i.id for i in group): group for group in groups.values() if len(group) > 1}
    return list(found.values())


def look_alikes_of(session: Session, investor: Investor, user: User) -> list[Investor]:
    """Those that may be the same as one investor."""
    bare, head = bare_name(investor.name), _tax_head(investor)
    alike = Investor.folded.contains(bare, autoescape=True)
    if head:
        alike = or_(alike, Investor.tax_code.startswith(head, autoescape=True))
    query = select(Investor).where(
        alike, Investor.merged_into_id.is_(None), Investor.id != investor.id, seen_by(user)
    )
    found = session.scalars(query.order_by(Investor.id).limit(200))
    return [
        one for one in found if bare_name(one.name) == bare or (head and _tax_head(one) == head)
    ]


def _tax_head(investor: Investor) -> str:
    """The ten digits that name the enterprise; three more would name a branch. Empty if not known."""
    digits = re.sub(r"\D", "", investor.tax_code or "")
    return digits[:10] if len(digits) >= 10 else ""  # noqa: PLR2004  the law's own number
