"""Every setting of the program: its name, default and meaning.

The environment gives a value as ``PORTFOLIO_<NAME>``. A name that is not in this list, or a secret
that could be guessed, stops the start: a misspelt setting must never be silently ignored.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PREFIX = "PORTFOLIO_"
SHORTEST_SECRET = 32
EXAMPLE_SECRET = "change-me-change-me-change-me-change-me"  # noqa: S105  the one that is refused


class BadSetting(RuntimeError):
    """A setting that is unknown, missing or unsafe; the text says which and what to do."""


@dataclass(frozen=True)
class Setting:
    """One setting: ``default`` also fixes its type (bool, int or str)."""

    name: str
    default: str | int | bool
    help: str
    values: tuple[str, ...] = ()


SETTINGS = (
    Setting(
        "SECRET_KEY",
        "",
        "Secret of at least 32 characters that signs forms and links; else VAR_DIR/secret.",
    ),
    Setting("SECRET_KEY_OLD", "", "The previous secret, accepted while a new one is rolled out."),
    Setting(
        "DATABASE_URL",
        f"sqlite:///{CHECKOUT / 'var' / 'portfolio.sqlite'}",
        "SQLite file or PostgreSQL database. A plain DATABASE_URL is accepted too.",
    ),
    Setting("VAR_DIR", str(CHECKOUT / "var"), "Folder for the database, files, jobs and results."),
    Setting("SEEDS_DIR", str(CHECKOUT / "seeds"), "Folder that `flask seed` reads."),
    Setting("BASE_URL", "http://127.0.0.1:8000", "Address in links that leave the program."),
    Setting(
        "TRUSTED_HOSTS", "127.0.0.1,localhost", "Host names that are answered, comma-separated."
    ),
    Setting("PORT", 8000, "Port on which `bin/run` serves."),
    Setting("PROXY_COUNT", 0, "Proxies in front whose X-Forwarded headers are believed."),
    Setting(
        "HTTPS", default=False, help="The program is reached over TLS: Secure cookies and HSTS."
    ),
    Setting("LANGUAGE", "vi", "Language for a reader who chose none.", ("vi", "en")),
    Setting(
        "PROVINCE", "Tỉnh Kon Tum (cũ), nay thuộc tỉnh Quảng Ngãi", "Province named on papers."
    ),
    Setting("OFFICE_NAME", "Trung tâm Xúc tiến Đầu tư", "Office named in the page head."),
    Setting("CODE_PREFIX", "KT", "Letters before the number in project codes."),
    Setting(
        "DEMO", default=False, help="The data are for demonstration; every page and paper says so."
    ),
    Setting("IDLE_MINUTES", 30, "A session without requests ends after this many minutes (5-60)."),
    Setting("SESSION_HOURS", 12, "A session ends after this many hours in any case."),
    Setting("PASSWORD_LENGTH", 15, "Shortest password accepted."),
    Setting("PASSWORD_KINDS", 0, "Kinds of characters a password must mix (0-4; 0 asks none)."),
    Setting("PASSWORD_DAYS", 0, "Days after which a password must be changed (0: never)."),
    Setting("FORM_BYTES", 1_000_000, "Largest body of a form, in bytes."),
    Setting("ATTACHMENT_BYTES", 20_000_000, "Largest body that carries an attachment, in bytes."),
    Setting("SMTP_URL", "", "Mail server, smtp://user:password@host:port. Empty: mail waits."),
    Setting("MAIL_FROM", "", "Sender address of mail."),
    Setting("REMIND_BEFORE", "14,3", "Days before a report is due on which it is reminded of."),
    Setting(
        "REMIND_AFTER", "1,15", "Days after the due day on which a missing one is reminded of."
    ),
    Setting("JOB_MEMORY_MB", 1536, "Address space of a PDF build, in MB."),
    Setting("JOB_SECONDS", 600, "Longest time of a PDF build, in seconds."),
    Setting("READ_ONLY", default=False, help="Refuse every change; reading goes on."),
    Setting(
        "LOG_LEVEL", "INFO", "Least level that is logged.", ("DEBUG", "INFO", "WARNING", "ERROR")
    ),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def read_settings(
    environment: Mapping[str, str] | None = None, overrides: Mapping[str, object] | None = None
) -> dict[str, str | int | bool]:
    """All settings with their values, by name.

    ``overrides`` (tests, commands) win over the environment. Raises `BadSetting`.
    """
    environment = os.environ if environment is None else environment
    overrides = overrides or {}
    given = {
        name.removeprefix(PREFIX): value
        for name, value in environment.items()
        # The test suite has variables of its own under the same prefix.
        if name.startswith(PREFIX) and not name.startswith(PREFIX + "TEST_")
    }
    _refuse_unknown(given)
    _refuse_unknown(overrides)
    _take_plain_database_url(given, environment)
    values: dict[str, str | int | bool] = {s.name: s.default for s in SETTINGS}
    values |= {name: _parse(_BY_NAME[name], text) for name, text in given.items()}
    values |= overrides  # type: ignore[arg-type]
    values["SECRET_KEY"] = values["SECRET_KEY"] or _secret_file(Path(str(values["VAR_DIR"])))
    _refuse_weak_secret(str(values["SECRET_KEY"]))
    if not 5 <= int(values["IDLE_MINUTES"]) <= 60:  # noqa: PLR2004  the range is in the help text
        message = "PORTFOLIO_IDLE_MINUTES must be from 5 to 60."
        raise BadSetting(message)
    return values


def _refuse_unknown(given: Mapping[str, object]) -> None:
    unknown = sorted(set(given) - set(_BY_NAME))
    if unknown:
        names = ", ".join(PREFIX + name for name in unknown)
        message = f"Unknown setting: {names}. docs/settings.md lists the names that exist."
        raise BadSetting(message)


def _take_plain_database_url(given: dict[str, str], environment: Mapping[str, str]) -> None:
    plain = environment.get("DATABASE_URL")
    if plain is None:
        return
    if given.setdefault("DATABASE_URL", plain) != plain:
        message = "DATABASE_URL and PORTFOLIO_DATABASE_URL differ; set only one of them."
        raise BadSetting(message)


def _parse(setting: Setting, text: str) -> str | int | bool:
    if isinstance(setting.default, bool):
        if text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        message = f"{PREFIX}{setting.name} must be true or false, not {text!r}."
        raise BadSetting(message)
    if isinstance(setting.default, int):
        try:
            return int(text)
        except ValueError:
            message = f"{PREFIX}{setting.name} must be a whole number, not {text!r}."
            raise BadSetting(message) from None
    if setting.values and text not in setting.values:
        message = (
            f"{PREFIX}{setting.name} must be one of {', '.join(setting.values)}, not {text!r}."
        )
        raise BadSetting(message)
    return text


def _secret_file(var: Path) -> str:
    """The secret that `bin/run` made on its first start, so that commands need no environment."""
    file = var / "secret"
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            message = f"{file} can be read by others; run: chmod 600 {file}"
            raise BadSetting(message)
        return file.read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _refuse_weak_secret(secret: str) -> None:
    advice = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    if not secret:
        message = f"PORTFOLIO_SECRET_KEY is missing. {advice}"
        raise BadSetting(message)
    if len(secret) < SHORTEST_SECRET or secret == EXAMPLE_SECRET or len(set(secret)) < 8:  # noqa: PLR2004
        message = f"PORTFOLIO_SECRET_KEY is too easy to guess (32 characters at least). {advice}"
        raise BadSetting(message)
