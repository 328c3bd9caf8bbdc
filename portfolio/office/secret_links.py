"""Secret links: 256 bits in an address, of which the database keeps the hash only, also while a mail waits.

The link in a waiting message is a mark. Its secret is worked out from the program's own secret and
that mark at the moment the message is sent, so nobody who reads the database can open it.
"""

import base64
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask import current_app
from sqlalchemy.orm import Session

from portfolio.office import outbox

LONGEST_TOKEN = 100
_MARK = re.compile(r"\{([a-z]+) link ([0-9a-f]{64})\}")


@dataclass(frozen=True)
class LinkKind:
    """A kind of secret links: its name (one word), and the path under which its tokens stand.

    ``is_good(session, token, at)`` says whether a link is still worth sending; ``sent`` is told when
    it has gone.
    """

    name: str
    path: str
    is_good: Callable[[Session, str, datetime], bool]
    sent: Callable[[Session, str, datetime], None] | None = None


_kinds: dict[str, LinkKind] = {}


def know_kind(kind: LinkKind) -> LinkKind:
    """Let marks of this kind in waiting mail become links; returns the kind."""
    _kinds[kind.name] = kind
    return kind


def new_mark() -> str:
    """A random mark; what it stands for cannot be known without the program's secret."""
    return secrets.token_hex(32)


def token_of(kind: LinkKind, mark: str) -> str:
    """The secret that a mark stands for: 43 letters that may stand in an address."""
    key = current_app.config["SECRET_KEY"].encode()
    digest = hmac.digest(key, f"{kind.name} link {mark}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> bytes:
    """What is kept of a token. Anything may be asked; what is too long to be one is cut."""
    return sha256(token[:LONGEST_TOKEN].encode(errors="replace")).digest()


def address_of(kind: LinkKind, token: str) -> str:
    """The absolute address of a link."""
    # Never from the request: its Host header may be somebody else's.
    return f"{str(current_app.config['BASE_URL']).rstrip('/')}{kind.path}{token}"


def place_of(kind: LinkKind, mark: str) -> str:
    """What stands in a waiting message where the link will be."""
    return f"{{{kind.name} link {mark}}}"


@outbox.fill_bodies_with
def _put_links(session: Session, body: str, at: datetime) -> str | None:
    """The body with its links in place of the marks, or None if one of them is of no use any more."""
    for whole, kind, token in _marks(body):
        if not kind.is_good(session, token, at):
            return None
        body = body.replace(whole, address_of(kind, token))
    return body


@outbox.when_sent
def _note_sent(session: Session, body: str, at: datetime) -> None:
    for _whole, kind, token in _marks(body):
        if kind.sent is not None:
            kind.sent(session, token, at)


def _marks(body: str) -> list[tuple[str, LinkKind, str]]:
    found = []
    for match in _MARK.finditer(body):
        kind = _kinds.get(match.group(1))
        if kind is not None:
            found.append((match.group(), kind, token_of(kind, match.group(2))))
    return found
