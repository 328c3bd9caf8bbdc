"""Saved views: keep the present list under a name, rename it, share it, delete it."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from portfolio.database import session
from portfolio.office.may import Permission, may, needs
from portfolio.office.sessions import this_person
from portfolio.register import views
from portfolio.register.asked import View
from portfolio.register.blueprint import pages
from portfolio.register.columns import COLUMNS
from portfolio.register.filters import NAMES
from portfolio.web.clock import now
from portfolio.web.errors import Refusal
from portfolio.web.forms import PortfolioForm
from portfolio.web.texts import TextField

LIST = "/projects/views"


class ViewForm(PortfolioForm):
    """The name of a view; the list it stands for travels unseen."""

    name = TextField(_("Name of the view"), longest=views.LONGEST_NAME)


@pages.get(LIST)
@needs(Permission.READ_REGISTER)
def list_views() -> ResponseReturnValue:
    """The views a person may open, with what the owner may do to each."""
    return _page()


@pages.post(LIST)
@needs(Permission.READ_REGISTER)
def keep_view() -> ResponseReturnValue:
    """Keep a list under a name and go back to it."""
    form = ViewForm()
    shared = request.form.get("shared") == "y" and may(this_person(), Permission.SHARE_VIEW)
    columns = [key for key in request.form.get("columns", "").split(",") if key in COLUMNS]
    # Only what a list understands is kept, and written anew: the field could hold anything.
    sent = parse_qsl(request.form.get("query", ""))
    query = urlencode([(n, value) for n, value in sent if n in NAMES | {"sort"}])
    try:
        view = views.save_view(
            session(),
            name=form.name.data or "",
            query=query,
            columns=",".join(columns),
            shared=shared,
            by=this_person(),
            at=now(),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, refusal.status, again={"query": query, "columns": ",".join(columns)})
    session().commit()
    flash(gettext("The view “%(name)s” is saved.", name=view.name), "saved")
    return redirect(f"/projects{_shown(view).address}", 303)


@pages.get(f"{LIST}/<int:view_id>/rename")
@needs(Permission.READ_REGISTER)
def rename_form(view_id: int) -> ResponseReturnValue:
    """The name of a view, to be changed."""
    view = views.own_view(session(), this_person(), view_id)
    return render_template("register/view_form.html", view=view, form=ViewForm(obj=view))


@pages.post(f"{LIST}/<int:view_id>/rename")
@needs(Permission.READ_REGISTER)
def rename(view_id: int) -> ResponseReturnValue:
    """Give a view another name."""
    view = views.own_view(session(), this_person(), view_id)
    form = ViewForm()
    try:
        views.rename_view(session(), view, form.name.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        page = render_template("register/view_form.html", view=view, form=form)
        return make_response(page, refusal.status)
    session().commit()
    return redirect(LIST, 303)


@pages.post(f"{LIST}/<int:view_id>/share")
@needs(Permission.SHARE_VIEW)
def share(view_id: int) -> ResponseReturnValue:
    """Show a view to the office, or keep it to oneself again."""
    view = views.own_view(session(), this_person(), view_id)
    views.share_view(session(), view, shared=request.form.get("shared") == "y")
    session().commit()
    return redirect(LIST, 303)


@pages.get(f"{LIST}/<int:view_id>/delete")
@needs(Permission.READ_REGISTER)
def delete_form(view_id: int) -> ResponseReturnValue:
    """What deleting a view means."""
    view = views.own_view(session(), this_person(), view_id)
    return render_template("register/view_delete.html", view=view, form=ViewForm(formdata=None))


@pages.post(f"{LIST}/<int:view_id>/delete")
@needs(Permission.READ_REGISTER)
def delete(view_id: int) -> ResponseReturnValue:
    """Forget a view."""
    view = views.own_view(session(), this_person(), view_id)
    views.delete_view(session(), view)
    session().commit()
    flash(gettext("The view “%(name)s” is deleted.", name=view.name), "saved")
    return redirect(LIST, 303)


def _page(
    form: ViewForm | None = None, status: int = 200, *, again: Any = None
) -> ResponseReturnValue:
    page = render_template(
        "register/views.html",
        form=form,
        again=again,
        views=[_shown(view) for view in views.views_of(session(), this_person())],
        may_share=may(this_person(), Permission.SHARE_VIEW),
        blank=ViewForm(formdata=None),
    )
    return make_response(page, status)


def _shown(view: views.SavedView) -> View:
    own = view.owner_id == this_person().id
    return View(view.id, view.name, own, view.shared, view.owner_name, view.query, view.columns)
