"""Users: who they are, what they may, where they are signed in, and which sign-ins are held up."""

from typing import Any, cast

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portfolio.database import session
from portfolio.notation.fold import fold, vi_sort_key
from portfolio.office import accounts, outbox, reset_links, sessions, throttle
from portfolio.office.accounts import UserValues
from portfolio.office.blueprint import pages
from portfolio.office.entry import ButtonForm, UserForm, values_of
from portfolio.office.known_names import known_names
from portfolio.office.may import Permission, needs
from portfolio.office.people import Role, SignInFailure, User
from portfolio.office.sessions import this_person
from portfolio.office.stale import stale_edit
from portfolio.office.trail import Origin
from portfolio.web.clock import now
from portfolio.web.errors import HiddenRecord, Refusal

REFUSED = 422


@pages.get("/users")
@needs(Permission.KEEP_USERS)
def list_users() -> str:
    """Everybody, with role, office, zones and whether they may sign in."""
    text, role = request.args.get("q", "").strip(), request.args.get("role", "")
    found = [user for user in _everybody() if _matches(user, fold(text), role)]
    return render_template(
        "office/users.html",
        users=found,
        total=len(found),
        text=text,
        role=role,
        roles=Role,
        zone_names=_zone_names(),
        stopped=throttle.stopped_now(session(), now()),
        stuck=outbox.stuck(session()),
        by_mail=outbox.can_send(),
    )


def _everybody() -> list[User]:
    query = select(User).options(joinedload(User.office), selectinload(User.zones))
    return sorted(
        session().scalars(query), key=lambda user: (not user.active, vi_sort_key(user.name))
    )


def _matches(user: User, text: str, role: str) -> bool:
    words = fold(f"{user.name} {user.email} {user.office.name} {user.office.abbreviation or ''}")
    return text in words and role in {"", user.role.value}


def _zone_names() -> dict[int, str]:
    return {zone.id: zone.name for zone in known_names().zones(session())}


@pages.get("/users/new")
@needs(Permission.KEEP_USERS)
def new_user() -> str:
    """An empty form."""
    return render_template("office/user_form.html", form=UserForm(), user=None)


@pages.post("/users/new")
@needs(Permission.KEEP_USERS)
def add_user() -> Response:
    """Add the person and show the first password, this once."""
    form = UserForm()
    earlier = form.earlier_result()
    if earlier is not None:
        return cast("Response", redirect(earlier, 303))
    if not form.validate():
        return make_response(
            render_template("office/user_form.html", form=form, user=None), REFUSED
        )
    try:
        user, password = accounts.add_user(session(), _values(form), Origin(this_person(), now()))
    except Refusal as refusal:
        form.refuse(refusal)
        return make_response(
            render_template("office/user_form.html", form=form, user=None), REFUSED
        )
    form.spend(url_for("office.show_user", user_id=user.id))
    session().commit()
    return make_response(
        render_template("office/first_password.html", user=user, password=password)
    )


def _values(form: UserForm) -> UserValues:
    return UserValues(
        email=form.email.data,
        name=form.name.data or "",
        role=Role(str(form.role.data)),
        office_id=int(form.office_id.data or 0),
        zone_ids=tuple(form.zone_ids.data or ()),
        active=form.active.data,
        stand_in_id=form.stand_in_id.data,
        stand_in_from=form.stand_in_from.data,
        stand_in_to=form.stand_in_to.data,
    )


def _find(user_id: int, *, lock: bool = False) -> User:
    user = session().get(User, user_id, with_for_update={"of": User} if lock else None)
    if user is None:
        raise HiddenRecord
    return user


@pages.get("/users/<int:user_id>")
@needs(Permission.KEEP_USERS)
def show_user(user_id: int) -> str:
    """One person: facts, sessions, failed sign-ins, and what an administrator can do."""
    return _user_page(_find(user_id))


def _user_page(user: User, **more: Any) -> str:
    failures = throttle.failures_of(session(), user.email)
    return render_template(
        "office/user.html",
        user=user,
        zone_names=_zone_names(),
        stand_in=session().get(User, user.stand_in_id) if user.stand_in_id else None,
        sessions=sessions.sessions_of(session(), user, now()),
        this_session=sessions.this_session_id(),
        failures=failures,
        stopped=failures is not None
        and (throttle.is_shut(failures) or throttle.is_waiting(failures, now())),
        shut=failures is not None and throttle.is_shut(failures),
        button=ButtonForm(formdata=None),
        first_is_dead=accounts.first_password_is_dead(user, now()),
        **more,
    )


@pages.get("/users/<int:user_id>/edit")
@needs(Permission.KEEP_USERS)
def edit_user(user_id: int) -> str:
    """The form with what is saved."""
    user = _find(user_id)
    return render_template("office/user_form.html", form=UserForm(data=values_of(user)), user=user)


@pages.post("/users/<int:user_id>/edit")
@needs(Permission.KEEP_USERS)
def change_user(user_id: int) -> Response:
    """Save it, unless somebody else did so in the meantime."""
    user, form = _find(user_id, lock=True), UserForm()
    if not form.validate():
        return make_response(
            render_template("office/user_form.html", form=form, user=user), REFUSED
        )
    if form.is_stale(user.version):
        theirs = UserForm(formdata=None, data=values_of(user))
        back = url_for("office.edit_user", user_id=user.id)
        raise stale_edit(form, theirs, "user", user, back)
    try:
        accounts.change_user(session(), user, _values(form), Origin(this_person(), now()))
    except Refusal as refusal:
        session().rollback()
        form.refuse(refusal)
        page = render_template("office/user_form.html", form=form, user=_find(user_id))
        return make_response(page, REFUSED)
    session().commit()
    flash(gettext("Saved."), "saved")
    return _to(user_id)


@pages.post("/users/<int:user_id>/first-password")
@needs(Permission.KEEP_USERS)
def give_first_password(user_id: int) -> Response:
    """Replace the password by a random one and show it, this once."""
    user, form = _find(user_id, lock=True), ButtonForm()
    earlier = form.earlier_result()
    if earlier is not None:
        return cast("Response", redirect(earlier, 303))
    password = accounts.give_first_password(session(), user, Origin(this_person(), now()))
    form.spend(url_for("office.show_user", user_id=user.id))
    session().commit()
    return make_response(
        render_template("office/first_password.html", user=user, password=password)
    )


@pages.post("/users/<int:user_id>/reset-link")
@needs(Permission.KEEP_USERS)
def give_reset_link(user_id: int) -> Response:
    """Make a one-time link and show it, this once; for offices without a mail server."""
    user = _find(user_id)
    if not user.active:
        raise HiddenRecord
    link = reset_links.make_link(session(), user, now())
    session().commit()
    return make_response(_user_page(user, link=link))


@pages.post("/users/<int:user_id>/sessions/end")
@needs(Permission.KEEP_USERS)
def end_user_sessions(user_id: int) -> Response:
    """Sign a person out, in one browser (``session`` in the form) or in all."""
    user, chosen = _find(user_id), sessions.chosen_session()
    if chosen is None:
        sessions.end_all(session(), user, now())
    elif not sessions.end_one(session(), user, chosen, now()):
        raise HiddenRecord
    session().commit()
    flash(gettext("The sessions were ended."), "saved")
    return _to(user_id)


@pages.post("/users/<int:user_id>/lift")
@needs(Permission.KEEP_USERS)
def lift_account(user_id: int) -> Response:
    """Forget the failed sign-ins of an account."""
    user = _find(user_id)
    throttle.forgive(session(), throttle.account_key(user.email))
    session().commit()
    flash(gettext("The lock was lifted."), "saved")
    return _to(user_id)


@pages.post("/users/lift")
@needs(Permission.KEEP_USERS)
def lift_any() -> Response:
    """Forget the failures under one key of the list of locks: an address, or an unknown account."""
    row = session().get(SignInFailure, request.form.get("subject", "")[:300])
    if row is None:
        raise HiddenRecord
    throttle.forgive(session(), row.subject)
    session().commit()
    flash(gettext("The lock was lifted."), "saved")
    return cast("Response", redirect(url_for("office.list_users"), 303))


def _to(user_id: int) -> Response:
    return cast("Response", redirect(url_for("office.show_user", user_id=user_id), 303))
