"""The table of permissions: the manual prints it as it is, and no address stands outside of it."""

import re

import pytest
from flask_babel import force_locale, gettext

from portfolio.office.may import GRANTS, Permission, may
from portfolio.office.people import Role, User
from tests.conftest import CHECKOUT

PAGE = CHECKOUT / "docs" / "people.md"


def permission_table() -> str:
    """The grants as the manual prints them."""
    lines = [
        "| permission | " + " | ".join(role.value for role in Role) + " |",
        "|---|" + "---|" * len(Role),
    ]
    for permission in Permission:
        marks = ["x" if permission in GRANTS[role] else "" for role in Role]
        lines.append(f"| {permission.label} (`{permission.value}`) | " + " | ".join(marks) + " |")
    return "\n".join(lines)


def public_addresses(app) -> str:
    """The addresses that need no permission, as the manual lists them."""
    found = set()
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], "permission", None) is None:
            found.add(rule.rule)
    return "\n".join(f"- `{path}`" for path in sorted(found))


def printed(name: str) -> str:
    found = re.search(
        rf"<!-- {name} -->\n(.*)<!-- /{name} -->", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert found is not None
    return found[1].strip()


def test_the_manual_prints_the_permissions_as_they_are():
    assert printed("permissions") == permission_table()


def test_the_manual_lists_the_public_addresses_as_they_are(whole_app):
    assert printed("public") == public_addresses(whole_app)


def test_every_role_may_do_something_and_every_permission_belongs_to_some_role():
    assert set(GRANTS) == set(Role)
    assert set().union(*GRANTS.values()) == set(Permission)


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_and_has_an_account(role):
    assert {Permission.READ_REGISTER, Permission.OWN_ACCOUNT} <= GRANTS[role]


def test_whoever_keeps_users_changes_no_project_and_the_reverse():
    for grants in GRANTS.values():
        assert not {Permission.KEEP_USERS, Permission.CHANGE_PROJECT} <= grants


def test_a_person_who_is_switched_off_and_a_visitor_may_do_nothing():
    person = User(role=Role.ADMINISTRATOR, active=False)
    assert not any(may(person, permission) for permission in Permission)
    assert not any(may(None, permission) for permission in Permission)


def test_every_permission_has_a_name_in_vietnamese(whole_app):
    with whole_app.test_request_context(), force_locale("vi"):
        assert not [p for p in Permission if gettext(p.label) == p.label]
