"""`mcred ignores`."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from mcred.cli import targets
from mcred.cli.completing import words
from mcred.cli.options import AsOf, Debug, today_there
from mcred.cli.publishing import put, table
from mcred.diagnostic import RULES, Source
from mcred.errors import ExitCode, McredError, UsageError
from mcred.history import Repository
from mcred.ignores import Ignore
from mcred.text import as_json, did_you_mean, inert
from mcred.validation import ignores_of

FORMATS = ("table", "json")

Authors = Callable[[Source], Mapping[int, str]]
"""Who wrote the lines of a file, by their numbers, as far as anybody knows."""


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
    found = list(_rows(target, day, _by_git(target.workspace.base) if target.workspace else _by_nobody))
    put(_json(found) if format == "json" else _table(found))
    return ExitCode.OK


def _by_nobody(source: Source) -> Mapping[int, str]:
    return {}


def _by_git(folder: Path) -> Authors:
    """What the repository in a folder tells of lines; nothing where there is none that can be read."""
    try:
        repository = Repository(folder)
    except McredError:
        return _by_nobody

    def authors(source: Source) -> Mapping[int, str]:
        try:
            return repository.authors(source.path, source.data)
        except McredError:  # it is not committed yet, or is not all there
            return {}

    return authors


def _rows(target: targets.Target, day: date, authors: Authors = _by_nobody) -> Iterator[Row]:
    for entry in target.entries:
        source = entry.source
        if (target.reported is None or target.reported(source.path)) and (found := ignores_of(entry)):
            by = authors(source)
            for each in found:
                author = by.get(each.span.line)
                yield Row(source.path, each, each.expired(day), inert(author) if author else None)


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
    return as_json(found) + "\n"
