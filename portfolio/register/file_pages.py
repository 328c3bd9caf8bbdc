"""Files of a project: adding one, and giving it out to those who may see the project."""

import io
from typing import cast

from flask import Response, flash, make_response, redirect, render_template, request, send_file
from flask_babel import gettext
from sqlalchemy import select

from portfolio.database import session
from portfolio.office.may import Permission, needs
from portfolio.office.sessions import this_person
from portfolio.register import files
from portfolio.register.acts.papers import attach_file
from portfolio.register.blueprint import pages
from portfolio.register.entry_parts import FileForm
from portfolio.register.in_hand import Hand, origin_of, take
from portfolio.register.papers import StoredFile
from portfolio.register.row_rule import find_visible
from portfolio.web.clock import now
from portfolio.web.errors import HiddenRecord, Refusal
from portfolio.web.headers import takes_attachment

REFUSED = 422
FILE_POLICY = "default-src 'none'; sandbox"


@pages.get("/projects/<code>/files/add")
@needs(Permission.CHANGE_PROJECT)
def new_file(code: str) -> str:
    """The form to send a file; ``?act=12`` proposes the paper it belongs to."""
    hand = take(code, "files")
    form = FileForm(
        data={"version": hand.project.version, "act_id": request.args.get("act", type=int)}
    )
    return _page(hand, form)


@pages.post("/projects/<code>/files/add")
@takes_attachment
@needs(Permission.CHANGE_PROJECT)
def add_file(code: str) -> Response:
    """Look into the file, keep it, and record it."""
    hand, form = take(code, "files", lock=True), FileForm()
    earlier = form.earlier_result()
    if earlier is not None:
        return cast("Response", redirect(earlier, 303))
    if not form.validate():
        return make_response(_page(hand, form), REFUSED)
    # No version is compared: a further file overwrites nothing, and a page with both texts could not
    # carry the chosen file along.
    stored = ""
    try:
        checked = files.check_upload(form.file.data.filename or "", form.file.data.read())
        stored = files.store(checked)
        row = StoredFile(
            act_id=form.act_id.data,
            name=checked.name,
            media_type=checked.media_type,
            size=len(checked.content),
            sha256=checked.sha256,
            stored_as=stored,
            uploaded_at=now(),
            uploaded_by=this_person().name,
        )
        attach_file(session(), hand.project, row, origin_of(form))
        form.spend(hand.back)
        session().commit()
    except Refusal as refusal:
        session().rollback()
        _forget(stored)
        again = take(code, "files")
        form.refuse(refusal)
        return make_response(_page(again, form), refusal.status)
    except BaseException:
        _forget(stored)
        raise
    flash(gettext("Saved: %(name)s.", name=row.name), "saved")
    return cast("Response", redirect(hand.back, 303))


def _forget(stored: str) -> None:
    if stored:
        files.forget(stored)


@pages.get("/projects/<code>/files/<int:file_id>")
@needs(Permission.READ_REGISTER)
def give_file(code: str, file_id: int) -> Response:
    """The file, to be saved and never to be shown by the browser on this site."""
    project = find_visible(session(), this_person(), code)
    query = select(StoredFile).where(StoredFile.id == file_id, StoredFile.project_id == project.id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise HiddenRecord
    answer = send_file(
        io.BytesIO(files.read(row)),
        mimetype=row.media_type,
        as_attachment=True,
        download_name=row.name,
        etag=row.sha256,
        max_age=0,
    )
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(hand: Hand, form: FileForm) -> str:
    return render_template("register/file_form.html", hand=hand, form=form, back=hand.back)
