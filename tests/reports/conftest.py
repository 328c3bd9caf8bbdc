"""The small register of the project pages, for pages that count it."""

from tests.register.conftest import desk, laid, sign_in_as

__all__ = ["desk", "laid", "sign_in_as"]
