"""Who may do what: the closed list of permissions, and which role holds which.

Every address of the program names its permission with `needs`, or says `public`. Which projects a
person sees is another question; `portfolio.register.row_rule` answers it.
"""

import enum
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import current_app
from flask_login import current_user

from portfolio.notation import N_
from portfolio.office.people import Role, User
from portfolio.web.errors import HiddenRecord

P = ParamSpec("P")
R = TypeVar("R")


class Permission(enum.StrEnum):
    """Something a person may be allowed to do."""

    READ_REGISTER = "read_register"
    EXPORT_REGISTER = "export_register"
    SHARE_VIEW = "share_view"
    LOG_PROJECT = "log_project"
    CHANGE_PROJECT = "change_project"
    JUDGE_PAUSE = "judge_pause"
    MARK_DELAY = "mark_delay"
    END_PROJECT = "end_project"
    BUILD_CATALOGUE = "build_catalogue"
    READ_TRAIL = "read_trail"
    KEEP_REFERENCE = "keep_reference"
    KEEP_USERS = "keep_users"
    KEEP_POLICY = "keep_policy"
    TRY_POLICY = "try_policy"
    ADOPT_POLICY = "adopt_policy"
    CLOSE_MONTH = "close_month"
    OWN_ACCOUNT = "own_account"

    @property
    def label(self) -> str:
        """Its name on screen, to be translated."""
        return _LABELS[self]


_LABELS = {
    Permission.READ_REGISTER: N_("Read the register"),
    Permission.EXPORT_REGISTER: N_("Export lists"),
    Permission.SHARE_VIEW: N_("Share a saved view with the office"),
    Permission.LOG_PROJECT: N_("Log a new project"),
    Permission.CHANGE_PROJECT: N_("Change a project"),
    Permission.JUDGE_PAUSE: N_("Accept or reject a pause"),
    Permission.MARK_DELAY: N_("Mark a delay"),
    Permission.END_PROJECT: N_("Record the end of a project"),
    Permission.BUILD_CATALOGUE: N_("Build a catalogue"),
    Permission.READ_TRAIL: N_("Read the trail"),
    Permission.KEEP_REFERENCE: N_("Keep zones, places, sectors and offices"),
    Permission.KEEP_USERS: N_("Keep users"),
    Permission.KEEP_POLICY: N_("Keep the policy of delay"),
    Permission.TRY_POLICY: N_("Try a draft of the policy on the portfolio"),
    Permission.ADOPT_POLICY: N_("Adopt a policy of delay"),
    Permission.CLOSE_MONTH: N_("Close a month"),
    Permission.OWN_ACCOUNT: N_("Use one's own account"),
}

_READ = {Permission.READ_REGISTER, Permission.EXPORT_REGISTER, Permission.OWN_ACCOUNT}
_WORK = _READ | {Permission.LOG_PROJECT, Permission.CHANGE_PROJECT, Permission.SHARE_VIEW}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.CENTRE_OFFICER: frozenset(_WORK | {Permission.BUILD_CATALOGUE}),
    Role.ZONE_OFFICER: frozenset(
        _WORK | {Permission.JUDGE_PAUSE, Permission.MARK_DELAY, Permission.END_PROJECT}
    ),
    Role.FINANCE_OFFICER: frozenset(
        _WORK
        | {
            Permission.JUDGE_PAUSE,
            Permission.MARK_DELAY,
            Permission.END_PROJECT,
            Permission.BUILD_CATALOGUE,
            Permission.KEEP_POLICY,
            Permission.TRY_POLICY,
            Permission.CLOSE_MONTH,
        }
    ),
    Role.LEADER: frozenset(
        _READ
        | {
            Permission.SHARE_VIEW,
            Permission.BUILD_CATALOGUE,
            Permission.TRY_POLICY,
            Permission.ADOPT_POLICY,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        _READ
        | {
            Permission.SHARE_VIEW,
            Permission.READ_TRAIL,
            Permission.KEEP_REFERENCE,
            Permission.KEEP_USERS,
        }
    ),
    Role.AUDITOR: frozenset(_READ | {Permission.READ_TRAIL}),
    Role.READER: frozenset({Permission.READ_REGISTER, Permission.OWN_ACCOUNT}),
}


def may(user: Any, permission: Permission) -> bool:
    """Whether ``user`` (or an anonymous visitor) holds ``permission``."""
    return isinstance(user, User) and user.active and permission in GRANTS[user.role]


def needs(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view be called only by those who hold ``permission``.

    A visitor is asked to sign in; a person without the permission gets the same answer as for a
    page that does not exist.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined,no-any-return]
            if not may(current_user, permission):
                raise HiddenRecord
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that anyone may call; the test of all addresses keeps their list."""
    view.permission = None  # type: ignore[attr-defined]
    return view
