"""`mcred compare-levels`."""

from collections.abc import Callable, Sequence
from typing import Annotated, NamedTuple

import typer

from mcred.cli.options import Debug, choice
from mcred.cli.publishing import put, table
from mcred.cli.rulebooks import frameworks_in_use
from mcred.errors import ExitCode, UsageError
from mcred.levels import Comparison
from mcred.reporters.tabular import csv, tsv
from mcred.text import as_json, literal
from mcred.workspace import level_tables

FORMATS = ("table", "tsv", "csv", "json", "md")


def compare_levels(
    framework: Annotated[str, typer.Argument(metavar="FRAMEWORK", help="The framework that the level is of.")],
    level: Annotated[str, typer.Argument(metavar="LEVEL", help="The level.")],
    to: Annotated[
        str | None, typer.Argument(metavar="[TO]", help="Another framework. Nothing: each that something is known of.")
    ] = None,
    format: Annotated[
        str, choice(FORMATS, "format", "--format", "-f", metavar="FORMAT", help="How to print")
    ] = "table",
    debug: Debug = False,
) -> int:
    """Compare a level with those of other frameworks, where a body published how they stand to each other.

    \b
    mcred compare-levels nzqcf 4              in each framework that something is known of
    mcred compare-levels nzqcf 8 eqf          in one
    mcred compare-levels eqf 5 nzqcf -f md    as a table in Markdown

    \b
    Tables are never put together: where only two of them lead there, it says so.
    """  # noqa: D301 - \b keeps click from filling the lines
    tables = level_tables(frameworks_in_use())
    try:
        asked = tables.level(framework, level)
        others = [to] if to is not None else tables.beside(framework)
        found = [tables.compare(framework, asked, each) for each in others]
    except ValueError as error:
        raise UsageError(str(error)) from error
    put(_WRITERS[format](Answered(framework, tables.title(framework), asked, found)))
    return ExitCode.OK


class Answered(NamedTuple):
    """What was asked, and what is known of it."""

    framework: str
    title: str
    level: int | str
    found: Sequence[Comparison]


HEAD = ("framework", "title", "level", "answer", "status", "what it says", "where it stands")


def _rows(answered: Answered) -> list[tuple[str, ...]]:
    return [
        (
            each.to,
            each.title,
            ", ".join(f"{level}{' (unconfirmed)' if level in each.unconfirmed else ''}" for level in each.levels),
            each.answer,
            each.status or "",
            each.says(),
            each.citation,
        )
        for each in answered.found
    ]


def _md(answered: Answered) -> str:
    lines = [
        f"# {answered.title}, level {answered.level}",
        "",
        f"| {' | '.join(HEAD)} |",
        f"|{'---|' * len(HEAD)}",
        *(f"| {' | '.join(map(literal, row))} |" for row in _rows(answered)),
        "",
        "Compared by tables that bodies published; it is no statement of an authority on any award.",
    ]
    return "\n".join(lines) + "\n"


def _json(answered: Answered) -> str:
    document = {
        "schema": "mcred-levels/1",
        "framework": answered.framework,
        "title": answered.title,
        "level": answered.level,
        "comparisons": [each.plain() for each in answered.found],
    }
    return as_json(document, default=str) + "\n"


_WRITERS: dict[str, Callable[[Answered], str]] = {
    "table": lambda answered: table(HEAD, _rows(answered)),
    "tsv": lambda answered: tsv(HEAD, _rows(answered)),
    "csv": lambda answered: csv(HEAD, _rows(answered)),
    "json": _json,
    "md": _md,
}
