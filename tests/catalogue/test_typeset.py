"""The catalogue speaks its own language, whoever asked for it."""

import pytest
from babel.messages.extract import extract_from_dir
from jinja2 import UndefinedError

from portfolio.catalogue.typeset import (
    TEMPLATES,
    Figure,
    round_sum,
    says_more,
    take_apart,
    templates,
    translations,
)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("8.033,8 tỷ đồng", Figure("", "8.033,8", "tỷ đồng")),
        ("VND 8,033.8 billion", Figure("VND", "8,033.8", "billion")),
        ("120,5 ha", Figure("", "120,5", "ha")),
        ("79", Figure("", "79", "")),
        ("chưa rõ", Figure("", "chưa rõ", "")),
    ],
)
def test_a_figure_is_taken_apart(text: str, figure: Figure) -> None:
    assert take_apart(text) == figure


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("8.338,0 tỷ đồng", "8.338 tỷ đồng"),
        ("VND 8,338.0 billion", "VND 8,338 billion"),
        ("8.033,8 tỷ đồng", "8.033,8 tỷ đồng"),
        ("1.000.000 đồng", "1.000.000 đồng"),
        ("VND 54,866.05 billion", "VND 54,866.05 billion"),
    ],
)
def test_a_sum_claims_no_tenth(text: str, shown: str) -> None:
    assert round_sum(text) == shown


def test_words_of_the_source_are_repeated_only_when_they_say_more() -> None:
    assert not says_more("278ha", "278 ha")
    assert not says_more("", "278 ha")
    assert not says_more("264,4 ha", "264.4 ha", "264,4 ha")
    assert says_more("gần 4.800 ha", "4.800 ha")


def _say(lang: str, source: str, **values: object) -> str:
    return templates(lang).from_string(source).render(**values)  # type: ignore[arg-type]


def test_both_languages() -> None:
    assert _say("vi", "{{ _('Estimated capital') }}") == "Vốn dự kiến"
    assert _say("en", "{{ _('Estimated capital') }}") == "Estimated capital"
    assert _say("vi", "{{ value | money }}", value=8_033_800_000_000) == "8.033,8 tỷ đồng"
    assert _say("en", "{{ value | money }}", value=8_033_800_000_000) == "VND 8,033.8 billion"


def test_texts_are_escaped_and_unknown_names_refused() -> None:
    assert _say("vi", "{{ value }}", value="<b>&") == "&lt;b&gt;&amp;"
    with pytest.raises(UndefinedError):
        _say("vi", "{{ misspelt }}")


def test_every_text_of_the_book_is_translated() -> None:
    options = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
    found = {
        message
        for folder in TEMPLATES
        for _, _, message, _, _ in extract_from_dir(
            folder, method_map=[("**.html", "jinja2.ext:babel_extract")], options_map=options
        )
    }
    vietnamese = translations("vi")
    assert len(found) > 40
    assert {message for message in found if vietnamese.gettext(message) == message} == set()
