"""A browser without scripts for tests: it opens pages, fills in their forms and sends them."""

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SITE = {"Origin": "http://localhost"}


class Browser:
    """A client with the last page it was shown."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: TestResponse | None = None
        self.path = ""

    def get(self, path: str, **more) -> TestResponse:
        """Open a page."""
        self.path, self.page = path, self.client.get(path, **more)
        return self.page

    @property
    def soup(self) -> BeautifulSoup:
        """The last page, parsed."""
        assert self.page is not None
        return BeautifulSoup(self.page.text, "html.parser")

    @property
    def words(self) -> str:
        """The text of the last page's main part, with single blanks."""
        main = self.soup.main
        assert main is not None
        return " ".join(main.get_text(" ").split())

    def form(self, action: str | None = None) -> Tag:
        """The form that goes to ``action``; without one, the first in the main part that posts."""
        found = [
            form
            for form in self.soup.select("main form[method=post]")
            if action is None or form.get("action") == action
        ]
        assert found, f"no form to {action or 'this page'} on {self.path}"
        return found[0]

    def fields(self, action: str | None = None) -> dict[str, str | list[str]]:
        """What that form would send as it stands."""
        form, sent = self.form(action), {}
        for box in form.select("input[name], textarea[name], select[name]"):
            name, kind = str(box["name"]), box.get("type", "")
            if kind in {"checkbox", "radio"}:
                if box.has_attr("checked"):
                    sent.setdefault(name, []).append(box.get("value", "y"))
            elif box.name == "select":
                chosen = box.select_one("option[selected]") or box.select_one("option")
                sent.setdefault(name, []).append(chosen["value"] if chosen else "")
            elif kind not in {"file", "submit"}:
                value = (
                    box.get("value", "") if box.name == "input" else box.get_text()[:].lstrip("\n")
                )
                sent.setdefault(name, []).append(value)
        return {name: values if len(values) > 1 else values[0] for name, values in sent.items()}

    def submit(self, action: str | None = None, **typed) -> TestResponse:
        """Send a form of the last page with ``typed`` in it; None takes a field out."""
        sent = {k: v for k, v in (self.fields(action) | typed).items() if v is not None}
        target = str(self.form(action).get("action") or self.path.partition("?")[0])
        self.path, self.page = target, self.client.post(target, data=sent, headers=SITE)
        return self.page

    def follow(self) -> TestResponse:
        """Go where the last answer leads."""
        assert self.page is not None
        assert self.page.status_code in {301, 302, 303}, self.page.status_code
        return self.get(self.page.headers["Location"])
