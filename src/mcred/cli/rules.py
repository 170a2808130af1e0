"""`mcred rules`."""

from typing import Annotated

import typer

from mcred.cli.options import Debug
from mcred.cli.publishing import put, table
from mcred.diagnostic import RULES
from mcred.errors import ExitCode, UsageError
from mcred.text import as_json, did_you_mean

FORMATS = ("table", "json")


def rules(
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="How to print: table or json.")
    ] = "table",
    debug: Debug = False,
) -> int:
    """List the rules.

    \b
    mcred rules
    mcred rules --format json
    """  # noqa: D301 - \b keeps click from filling the lines
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'" + did_you_mean(format, FORMATS))
    rows = [(rule.id, rule.name, rule.severity.value, rule.summary) for rule in RULES.values()]
    if format == "json":
        keys = ("id", "name", "severity", "summary")
        put(as_json([dict(zip(keys, row, strict=True)) for row in rows]) + "\n")
    else:
        put(table(("id", "name", "severity", "what it finds"), rows))
    return ExitCode.OK
