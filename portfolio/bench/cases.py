"""The questions that are measured, how each answer is proved, and what it may cost.

An answer that is not the right page may be five times faster, so every body is looked at.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser

from portfolio.bench.ground import GROUNDS
from portfolio.bench.picks import Picks
from portfolio.bench.server import Answer, Server

FOUND, SEE_OTHER = 200, 303
_PROJECT = re.compile(r'href="/projects/(KT-\d+)[?"]')
ENTRIES = 12
"""How often the project whose history is read was changed."""


class WrongAnswer(RuntimeError):
    """An answer is not what the case asked for; its figures would mean nothing."""


@dataclass(frozen=True)
class Case:
    """One page. ``shows`` is asked of its body; ``goal``: at most so many times a bare hello."""

    name: str
    path: Callable[[Picks], str]
    shows: Callable[[str, Picks], bool]
    goal: float | None = None
    largest: int | None = None
    """Not asked of larger grounds: a file of everything grows with everything."""


def _lists(count: int, *words: str) -> Callable[[str, Picks], bool]:
    """The body lists exactly so many projects and holds these words."""

    def shows(body: str, _picks: Picks) -> bool:
        return len(set(_PROJECT.findall(body))) == count and all(word in body for word in words)

    return shows


def _all_rows(body: str, picks: Picks) -> bool:
    return body.count("\n") == picks.size + 1


CASES = (
    Case("list", lambda _p: "/projects", _lists(50, "KT-0001"), 40),
    Case(
        "list, two filters, by capital",
        lambda _p: "/projects?listing=licensed&state=late&sort=-capital&size=25",
        _lists(25),
        40,
    ),
    Case("list, deep page", lambda p: f"/projects?after={p.deep}", _lists(50), 40),
    Case("search, common word", lambda _p: "/projects?q=thuy+dien", _lists(50, "Thủy điện"), 40),
    Case("search, one project", lambda p: f"/projects?q={p.certificate}", _lists(1), 40),
    Case(
        "project page",
        lambda p: f"/projects/{p.shown}",
        lambda body, p: p.shown in body and "Giai đoạn 1" in body and p.certificate in body,
        50,
    ),
    Case(
        "project history",
        lambda p: f"/projects/{p.aged}/history",
        lambda body, p: p.aged in body and body.count("Thôn ") >= ENTRIES,
        50,
    ),
    Case("published totals", lambda _p: "/reports", lambda body, _p: "54.866" in body, 40),
    Case("review list", lambda _p: "/review-list", _lists(25)),
    Case("CSV of everything", lambda _p: "/projects.csv", _all_rows, largest=10_000),
)
SAVE = "save with journal"
SAVE_GOAL = 30


def insist(name: str, answer: Answer, *, fits: bool) -> None:
    """Raise `WrongAnswer` unless the answer fits; it is kept for looking at it."""
    if fits:
        return
    file = GROUNDS / "wrong.html"
    file.write_text(answer.body)
    projects = len(set(_PROJECT.findall(answer.body)))
    message = f"{name}: answer {answer.status} with {projects} projects, kept in {file}"
    raise WrongAnswer(message)


def prove(case: Case, answer: Answer, picks: Picks) -> None:
    """Raise `WrongAnswer` unless the answer is the page that was asked for."""
    fits = answer.status == FOUND and case.shows(answer.body, picks)
    insist(case.name, answer, fits=fits)


class Visitor:
    """A browser: it keeps its cookies."""

    def __init__(self, server: Server, token: str = "") -> None:
        """A browser that is signed in if it has the token of a session."""
        self.server = server
        self.cookies = {"session": token} if token else {}

    def get(self, path: str) -> Answer:
        """Read a page."""
        return self._ask("GET", path, None)

    def save(self, code: str, number: int) -> Answer:
        """Change a project's address through its form; the cost is that of sending the form."""
        path = f"/projects/{code}/facts/edit"
        page = self.get(path)
        fields = read_form(page.body, path)
        insist(f"{SAVE}, its form", page, fits="address" in fields)
        address = f"Thôn {number % 9 + 1}, đo lần {number}"
        answer = self._ask("POST", path, fields | {"address": address, "reason": "đo tốc độ"})
        insist(SAVE, answer, fits=answer.status == SEE_OTHER and code in answer.location)
        page = self.get(f"/projects/{code}")
        insist(f"{SAVE}: {address}", page, fits=address in page.body)
        return answer

    def _ask(self, method: str, path: str, fields: dict[str, str] | None) -> Answer:
        answer, cookies = self.server.ask(method, path, self.cookies, fields)
        self.cookies |= cookies
        return answer


def read_form(body: str, path: str) -> dict[str, str]:
    """What the form of a page would send if nobody changed it."""
    reader = _FormReader(path)
    reader.feed(body)
    return reader.fields


class _FormReader(HTMLParser):
    """The fields of the forms that send to an address."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.fields: dict[str, str] = {}
        self.inside = False
        self.choosing = self.writing = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up a field."""
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            action = given.get("action") or self.path
            self.inside = given.get("method") == "post" and action.partition("?")[0] == self.path
        elif not self.inside:
            return
        elif tag == "input" and name:
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self.fields[name] = value
        elif tag == "textarea":
            self.writing, self.fields[name] = name, ""
        elif tag == "select":
            self.choosing = name
        elif tag == "option" and self.choosing and "selected" in given:
            self.fields[self.choosing] = value

    def handle_data(self, data: str) -> None:
        """Take up what stands in a field of prose."""
        if self.writing:
            self.fields[self.writing] += data

    def handle_endtag(self, tag: str) -> None:
        """Leave a field, or the form."""
        if tag == "textarea":
            self.fields[self.writing] = self.fields[self.writing].strip("\r\n")
            self.writing = ""
        elif tag == "select":
            self.choosing = ""
        elif tag == "form":
            self.inside = False
