"""Settings: what is unknown, missing or weak stops the start; the document lists what exists."""

import pytest

from portfolio.settings import EXAMPLE_SECRET, SETTINGS, BadSetting, read_settings
from tests.conftest import CHECKOUT, SECRET

GOOD = {"PORTFOLIO_SECRET_KEY": SECRET}


def test_defaults_stand_when_nothing_is_given() -> None:
    values = read_settings(GOOD)
    assert values["PORT"] == 8000
    assert values["LANGUAGE"] == "vi"
    assert str(values["DATABASE_URL"]).startswith("sqlite:///")


def test_an_unknown_name_is_refused_by_name() -> None:
    with pytest.raises(BadSetting, match="PORTFOLIO_DATABSE_URL"):
        read_settings(GOOD | {"PORTFOLIO_DATABSE_URL": "sqlite://"})


def test_a_variable_of_the_test_suite_is_not_a_setting() -> None:
    assert "TEST_DATABASE" not in read_settings(GOOD | {"PORTFOLIO_TEST_DATABASE": "x"})


@pytest.mark.parametrize("secret", ["short", "a" * 60, EXAMPLE_SECRET, "ab" * 30])
def test_a_secret_that_can_be_guessed_is_refused(secret: str) -> None:
    with pytest.raises(BadSetting, match="easy to guess"):
        read_settings({"PORTFOLIO_SECRET_KEY": secret})


def test_a_missing_secret_is_refused_and_says_how_to_make_one(tmp_path) -> None:
    with pytest.raises(BadSetting, match="token_urlsafe"):
        read_settings({"PORTFOLIO_VAR_DIR": str(tmp_path)})


def test_the_secret_may_stand_in_a_file_only_the_owner_can_read(tmp_path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET)
    file.chmod(0o600)
    assert read_settings({"PORTFOLIO_VAR_DIR": str(tmp_path)})["SECRET_KEY"] == SECRET
    file.chmod(0o644)
    with pytest.raises(BadSetting, match="chmod 600"):
        read_settings({"PORTFOLIO_VAR_DIR": str(tmp_path)})


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "eighty"), ("HTTPS", "perhaps"), ("LANGUAGE", "fr"), ("IDLE_MINUTES", "61")],
)
def test_a_value_of_the_wrong_kind_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read_settings(GOOD | {f"PORTFOLIO_{name}": value})


def test_a_plain_database_url_counts_unless_it_contradicts() -> None:
    assert (
        read_settings(GOOD | {"DATABASE_URL": "postgresql:///a"})["DATABASE_URL"]
        == "postgresql:///a"
    )
    with pytest.raises(BadSetting, match="differ"):
        read_settings(
            GOOD | {"DATABASE_URL": "postgresql:///a", "PORTFOLIO_DATABASE_URL": "postgresql:///b"}
        )


def test_every_setting_is_in_the_document_with_its_meaning() -> None:
    text = (CHECKOUT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `PORTFOLIO_")]
    documented = {row.split("`")[1].removeprefix("PORTFOLIO_"): row for row in rows}
    assert set(documented) == {setting.name for setting in SETTINGS}
    for setting in SETTINGS:
        assert setting.help in documented[setting.name]
