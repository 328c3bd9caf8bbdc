"""`flask flags …`: the law of delay on the command line."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, TextIO

import click
import yaml
from flask import Flask
from flask.cli import with_appcontext

from portfolio.database import database, session
from portfolio.schedule.audit import Audit, Difference
from portfolio.schedule.documents import BadDocument, day
from portfolio.schedule.evaluate import evaluate_portfolio
from portfolio.schedule.explain import explain
from portfolio.web.clock import now, today
from portfolio.web.errors import Refusal

_MOST_DIGITS: Final = 40
_CONTROLS: Final = dict.fromkeys((*range(10), *range(11, 32), *range(127, 160)), "\ufffd")
"""A name in a file shall not steer the terminal that it is shown on."""
SEEDS: Final = Path(__file__).parents[2] / "seeds"


class BadInput(click.ClickException):
    """A document that cannot be taken: its path and the problem go to the terminal, exit code 2."""

    exit_code = 2


def install(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(flags)


@click.group("flags")
def flags() -> None:
    """Findings of the law of delay: late, stalled, grounds for review."""


def _read_day(_context: click.Context, _option: click.Parameter, value: str) -> date:
    try:
        found = day({"on": value}, "on")
    except BadDocument as bad:
        message = f"{bad.problem} (YYYY-MM-DD)"
        raise click.BadParameter(message) from bad
    if found is None:
        raise click.BadParameter(message="must be given")
    return found


@flags.command("evaluate")
@click.option(
    "--on",
    callback=lambda context, option, value: _read_day(context, option, value) if value else None,
    help="Day of evaluation, YYYY-MM-DD; today unless given.",
)
@click.option("--all", "whole", is_flag=True, help="Look at every project, not only those due.")
@with_appcontext
def evaluate_flags(on: date | None, *, whole: bool) -> None:
    """Store what holds on a day: open, close and supersede flags. A second run changes nothing."""
    try:
        count = evaluate_portfolio(session(), on=on or today(), at=now(), whole=whole)
    except Refusal as refusal:
        raise click.ClickException(refusal.text()) from refusal
    session().commit()
    click.echo(
        f"{count.projects} projects looked at, {count.opened} flags opened, {count.closed} closed."
    )
    for code, problem in count.refused:
        click.echo(f"{code} cannot be judged: {problem}", err=True)


@flags.command("audit")
@with_appcontext
def audit_flags() -> None:
    """Work every stored flag out again from what it was made from, and name each difference."""
    with database().open_session(write=False) as reading:
        audit = Audit(reading)
        found = 0
        for one in audit.differences():
            found += 1
            click.echo(_difference(one))
    click.echo(f"{audit.checked} flags worked out again, {found} differences.")
    if found:
        raise click.exceptions.Exit(1)


def _difference(one: Difference) -> str:
    where = f"{one.code}  {one.rule}  {one.scope}  {one.opened_on}"
    if not one.name:
        return f"{where}: {one.found}"
    return f"{where}: {one.name} is {one.stored}, worked out {one.found}"


@flags.command("explain")
@click.option(
    "--facts",
    "facts_file",
    required=True,
    type=click.File(encoding="utf-8-sig", lazy=True),
    help="JSON with one facts document or a list of them; - for standard input.",
)
@click.option("--on", required=True, callback=_read_day, help="Day of evaluation, YYYY-MM-DD.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "text"]),
    default="text",
    show_default=True,
    help="What to print.",
)
@click.option(
    "--policy",
    "policy_file",
    type=click.File(encoding="utf-8-sig", lazy=True),
    help="Policy to apply, YAML or JSON; the first adopted one unless given.",
)
def explain_facts(facts_file: TextIO, on: date, form: str, policy_file: TextIO | None) -> None:
    """Evaluate typed facts and print every finding with its sum. Needs no database."""
    try:
        answers = explain(
            _parse_json(facts_file),
            _parse_yaml(policy_file) if policy_file else _shipped("policy/1.yaml"),
            _shipped("holidays.yaml"),
            on,
        )
    except BadDocument as bad:
        raise BadInput(str(bad)) from bad
    if form == "json":
        click.echo(json.dumps(answers, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(answers)).translate(_CONTROLS))


def _shipped(name: str) -> Any:
    return yaml.safe_load((SEEDS / name).read_text(encoding="utf-8"))


def _parse_yaml(file: TextIO) -> Any:
    try:
        return yaml.safe_load(file)
    except UnicodeDecodeError as problem:
        raise _not_utf_8(file) from problem
    except RecursionError as problem:
        raise _too_deep(file) from problem
    except (yaml.YAMLError, ValueError) as problem:
        message = f"{file.name} cannot be read: {problem}"
        raise BadInput(message) from problem


def _parse_json(file: TextIO) -> Any:
    try:
        return json.load(
            file,
            object_pairs_hook=_without_doubles,
            parse_constant=_no_number,
            parse_int=_whole_number,
        )
    except UnicodeDecodeError as problem:
        raise _not_utf_8(file) from problem
    except RecursionError as problem:
        raise _too_deep(file) from problem
    except json.JSONDecodeError as problem:
        message = f"{file.name} is not JSON: {problem}"
        raise BadInput(message) from problem


def _not_utf_8(file: TextIO) -> BadInput:
    return BadInput(f"{file.name} is not text in UTF-8.")


def _too_deep(file: TextIO) -> BadInput:
    return BadInput(f"{file.name} holds too many levels inside each other.")


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise BadDocument(path=f"{digits[:_MOST_DIGITS]}...", problem="is too long a number")
    return int(digits)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key written twice would hide one of its values, so it is refused."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadDocument(path=twice, problem="is written twice in one object")
    return found


def _no_number(word: str) -> Any:
    raise BadDocument(path=word, problem="is not a number")


def _lines(answers: Iterable[dict[str, Any]]) -> Iterator[str]:
    for answer in answers:
        change = answer["next_change_on"] or "-"
        yield f"{answer['id']}  {answer['on']}  {answer['schedule_state']}  next change: {change}"
        for finding in answer["findings"]:
            held = ", held" if finding["held"] else ""
            since = finding["since"] or "-"
            yield f"  [{finding['severity']}{held}]  {finding['scope']}  since {since}"
            yield f"  {finding['vi']}"
            yield f"  {finding['en']}"
            for step in finding["steps"]:
                source = f"  <- {step['source']}" if step["source"] else ""
                yield f"    {step['vi']}{source}"
        yield ""
