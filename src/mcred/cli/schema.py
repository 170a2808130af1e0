"""`mcred schema`."""

import json
from typing import Annotated

import typer

from mcred.cli.options import Debug
from mcred.cli.publishing import put, table
from mcred.errors import ExitCode, UsageError
from mcred.text import did_you_mean
from mcred.workspace import schemas


def schema(
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="A kind of record, or `report`. Nothing: the list.")
    ] = None,
    debug: Debug = False,
) -> int:
    """Print the JSON Schema of a kind of record, or of the report.

    \b
    mcred schema                        the kinds
    mcred schema micro-credential       one, in one piece, for an editor or another program
    mcred schema report                 of what `mcred validate --format json` prints
    """  # noqa: D301 - \b keeps click from filling the lines
    known = schemas()
    if kind is None:
        rows = [(name, str(known.bundle(name)["title"])) for name in known.kinds]
        put(table(("kind", "what it describes"), rows))
        return ExitCode.OK
    if kind not in known.kinds:
        raise UsageError(f"no schema '{kind}'" + did_you_mean(kind, known.kinds) + " (`mcred schema` lists them)")
    put(json.dumps(known.bundle(kind), ensure_ascii=False, indent=2) + "\n")
    return ExitCode.OK
