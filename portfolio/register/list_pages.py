"""The register list: what the address asks, counted, paged and shown."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Flask, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from portfolio.database import session
from portfolio.office.may import Permission, may, needs
from portfolio.office.sessions import this_person
from portfolio.register import counting, find, list_form, list_rows, view_pages
from portfolio.register.asked import AS_OF, KNOWN, SIZES, Asked, read_asked
from portfolio.register.blueprint import pages
from portfolio.register.columns import COLUMNS, Words
from portfolio.register.lateness import known_bands
from portfolio.web import show
from portfolio.web.clock import PROVINCE_ZONE, today
from portfolio.web.languages import language

__all__ = ["install", "view_pages"]

MOST_WAYS = 3


def install(app: Flask) -> None:
    """Add the addresses of this subject."""
    if "register" not in app.blueprints:
        app.register_blueprint(pages)


@pages.get("/projects")
@needs(Permission.READ_REGISTER)
def list_projects() -> ResponseReturnValue:
    """The register list, filtered, sorted and paged as the address says."""
    empty = [name for name in KNOWN if "" in request.args.getlist(name)]
    if empty:
        # A form sends its empty fields too; the address that is kept and sent shall be without them.
        kept = [(n, v) for n, v in request.args.items(multi=True) if n in KNOWN and v]
        return redirect(f"{request.path}?{urlencode(kept)}".rstrip("?"))
    asked = read_asked(session(), this_person(), request.args, today())
    if AS_OF in asked.unclear:
        return make_response(_page(asked, None, find.Page(())), 400)
    found = counting.count(session(), asked.search)
    shown = find.Page(())
    if found.projects:
        shown = find.page(session(), asked.search, found, asked.size, asked.mark)
    return make_response(_page(asked, found, shown))


def _page(asked: Asked, found: counting.Found | None, shown: find.Page) -> str:
    day = asked.search.as_of or today()
    past = asked.search.as_of is not None
    words = Words(asked.choices, language(), day, past=past, causes=asked.causes)
    as_of = asked.search.as_of
    return render_template(
        "register/list.html",
        form=list_form.mistakes(asked),
        asked=asked,
        found=found,
        figures=_figures(asked, found),
        heads=[list_rows.head(asked, key) for key in asked.columns],
        columns=COLUMNS,
        shown=frozenset(asked.columns),
        rows=[list_rows.row(line, words, as_of) for line in shown.lines],
        span=list_rows.span(found, shown),
        before=asked.page_address(shown.before),
        after=asked.page_address(shown.after),
        sizes=[(n, None if n == asked.size else asked.address(size=n)) for n in SIZES],
        chips=list_form.chips(asked),
        fields=list_form.fields(asked, known_bands(session())),
        kept=list_form.kept(asked),
        view=next(
            (
                v
                for v in asked.views
                if v.query == asked.saved_query() and v.columns == asked.saved_columns()
            ),
            None,
        ),
        ways=_ways(asked) if found is not None and not found.projects else [],
        unknown_then=_unknown_then(asked) if found is not None and not found.projects else None,
        sorted_words=list_rows.sorted_words(asked),
        export=_export(asked, found),
        may_mark=not past and may(this_person(), Permission.MARK_DELAY),
        may_log=may(this_person(), Permission.LOG_PROJECT),
        may_share=may(this_person(), Permission.SHARE_VIEW),
    )


class Figure(NamedTuple):
    """One figure of the summary line; without an address it is no filter."""

    number: str
    words: str
    address: str | None = None


def _figures(asked: Asked, found: counting.Found | None) -> list[Figure]:
    if found is None:
        return []
    projects = show.number(found.projects)
    if found.more:
        projects = gettext("more than %(number)s", number=projects)
    figures = [Figure(projects, ngettext("project", "projects", found.projects))]
    counted = found.figures
    if counted is None or not counted.projects:
        return figures
    figures.append(Figure(show.billions(counted.capital_vnd), gettext("billion đồng")))
    for number, words, name, value in (
        (counted.without_capital, gettext("of unknown capital"), "no_capital", "1"),
        (counted.ground, gettext("to be reviewed"), "severity", "review"),
        (counted.late, gettext("late"), "state", "late"),
        (counted.silent, gettext("silent"), "state", "silent"),
        (counted.undated, gettext("undated"), "state", "undated"),
        (counted.on_time, gettext("on time"), "state", "on_time"),
        (counted.done, gettext("ended or done"), "state", "done"),
        (counted.unbound, gettext("not licensed"), "state", "none"),
    ):
        if number:
            figures.append(Figure(show.number(number), words, asked.narrowed(name, value)))
    return figures


def _ways(asked: Asked) -> list[tuple[str, str]]:
    """Which filters to drop, each with the number of projects there would be."""
    filters = asked.search.filters[-MOST_WAYS:]
    counts = counting.count_without(session(), asked.search, filters)
    ways = []
    for one, count in sorted(zip(filters, counts, strict=True), key=lambda way: -way[1]):
        number = show.number(min(count, counting.MOST_LOOKED_UP))
        if count > counting.MOST_LOOKED_UP:
            number = gettext("more than %(number)s", number=number)
        words = gettext(
            "Drop: %(filter)s (leaves %(number)s)", filter=one.sentence(), number=number
        )
        ways.append((words, asked.address(without=one)))
    return ways


def _unknown_then(asked: Asked) -> str | None:
    """For a day before the first entry: what day the register begins on."""
    as_of = asked.search.as_of
    if as_of is None:
        return None
    moment = counting.first_day(session(), asked.search.user)
    if moment is None:
        return str(gettext("The register holds no projects yet."))
    first = moment.astimezone(PROVINCE_ZONE).date()
    if first <= as_of:
        return None
    return str(
        gettext(
            "The first project was entered on %(day)s; before that day nothing was known here.",
            day=show.day(first),
        )
    )


def _export(asked: Asked, found: counting.Found | None) -> dict[str, Any] | None:
    if found is None or not found.projects or not may(this_person(), Permission.EXPORT_REGISTER):
        return None
    number = show.number(found.projects)
    rows = (
        gettext("more than %(number)s rows", number=number)
        if found.more
        else ngettext("%(number)s row", "%(number)s rows", found.projects, number=number)
    )
    query = asked.address()
    return {"rows": rows, "workbook": f"/projects.xlsx{query}", "csv": f"/projects.csv{query}"}
