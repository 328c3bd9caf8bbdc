"""Reading the seed files for their tests: every table and every project, once."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import yaml

SEEDS = Path(__file__).parents[2] / "seeds"
OPEN = date(1900, 1, 1)
MERGER = date(2025, 7, 1)
READ_ON = date(2026, 11, 22)

Row = dict[str, str]
Project = dict[str, Any]


def table(name: str) -> list[Row]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def key_of(row: Row, code: str, valid_from: str) -> tuple[str, date] | None:
    return (row[code], date.fromisoformat(row[valid_from])) if row[code] else None


UNITS = {(row["code"], date.fromisoformat(row["valid_from"])): row for row in table("units")}
ZONES = {row["key"]: row for row in table("zones")}
OFFICES = {row["key"]: row for row in table("offices")}
SECTORS = {row["key"]: row for row in table("sectors")}
TOTALS = {row["id"]: row for row in table("control_totals")}
PROJECTS: dict[str, Project] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((SEEDS / "projects").glob("*.yaml"))
}
