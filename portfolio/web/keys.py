"""Keys of rows as they come in addresses and forms: 64 bits, or they name nothing."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1


def read_key(text: str | None) -> int | None:
    """The key that a text names, or None if it cannot be one."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > len(str(LARGEST)):
        return None
    key = int(text)
    return key if key <= LARGEST else None


class KeyConverter(IntegerConverter):
    """``<int:…>`` in an address that no database would choke on: larger numbers are not found."""

    def __init__(self, url_map: Map, **given: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST, **given})


def install(app: Flask) -> None:
    """Must come before the addresses that it is for."""
    app.url_map.converters["int"] = KeyConverter
