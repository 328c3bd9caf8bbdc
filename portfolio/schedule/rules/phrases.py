"""What a language has to say findings with."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of one language. Sentences are by rule, and by case where a rule has several."""

    weekdays: tuple[str, ...]
    scopes: Mapping[str, str]
    pause_nouns: Mapping[str, str]
    joints: Mapping[str, str]
    codes: Mapping[str, str]
    sentences: Mapping[str, str | Mapping[str, str]]
    steps: Mapping[str, str]
