"""`mcred ignores`."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from mcred.cli import targets
from mcred.cli.completing import words
from mcred.cli.options import AsOf, Debug, today_there
from mcred.cli.publishing import put, table
from mcred.diagnostic import RULES
from mcred.errors import ExitCode, McredError, UsageError
from mcred.ignores import Ignore
from mcred.text import did_you_mean
from mcred.validation import ignores_of

FORMATS = ("table", "json")

Authors = Callable[[str, int], str | None]
"""Who wrote a line of a file, by its path and number; None where nobody knows."""


class Row(NamedTuple):
    """An ignore, the file that it stands in, whether its last day has passed, and who wrote it."""

    path: str
    ignore: Ignore
    expired: bool
    author: str | None


def ignores(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Files, folders or ids. Nothing: the whole catalogue."),
    ] = None,
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="'table' or 'json'.", autocompletion=words(FORMATS))
    ] = "table",
    as_of: AsOf = None,
    debug: Debug = False,
) -> int:
    """List the comments that ignore a finding: where, which rules, until when, and why.

    \b
    mcred ignores
    mcred ignores catalogue/micro-credentials --format json
    """  # noqa: D301 - \b keeps click from filling the lines
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'" + did_you_mean(format, FORMATS))
    target = targets.whole(paths or [], None)
    if target.problems:
        raise McredError(target.problems[0])
    day = as_of or today_there(target.timezone)
    found = list(_rows(target, day))
    put(_json(found) if format == "json" else _table(found))
    return ExitCode.OK


def _rows(target: targets.Target, day: date, author: Authors = lambda path, line: None) -> Iterator[Row]:
    for entry in target.entries:
        path = entry.source.path
        if target.reported is None or target.reported(path):
            for each in ignores_of(entry):
                yield Row(path, each, each.expired(day), author(path, each.span.line))


def _table(rows: list[Row]) -> str:
    """A row for each; the last column only where it is known who wrote any of them."""
    signed = any(row.author for row in rows)
    head = ("where", "rules", "until", "why", "by")
    cells = [
        (
            f"{row.path}:{row.ignore.span.line}",
            ", ".join(f"{RULES[rule.name].id} {rule.name}" for rule in row.ignore.rules),
            f"{row.ignore.until} (expired)" if row.expired else row.ignore.until or "",
            row.ignore.reason,
            row.author or "",
        )
        for row in rows
    ]
    return table(head, cells) if signed else table(head[:-1], [each[:-1] for each in cells])


def _json(rows: list[Row]) -> str:
    found = [
        {
            "path": row.path,
            "line": row.ignore.span.line,
            "column": row.ignore.span.column,
            "rules": [{"id": RULES[rule.name].id, "name": rule.name} for rule in row.ignore.rules],
            "until": row.ignore.until,
            "expired": row.expired,
            "reason": row.ignore.reason,
            "author": row.author,
        }
        for row in rows
    ]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
