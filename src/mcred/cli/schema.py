"""`mcred schema`."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from mcred.cli.completing import words
from mcred.cli.options import Debug
from mcred.cli.publishing import put, table
from mcred.errors import ExitCode, UsageError
from mcred.listing import view
from mcred.record import KINDS, derived
from mcred.shape import Schemas
from mcred.text import as_json, did_you_mean
from mcred.workspace import schemas


def schema(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND]",
            help="A kind of record, `derived`, `view`, `report`, `diff`, `log` or `history`. Nothing: the list.",
            autocompletion=words(KINDS, ["derived", "view", "report", "diff", "log", "history"]),
        ),
    ] = None,
    debug: Debug = False,
) -> int:
    """Print the JSON Schema of a kind of record, or of the report.

    \b
    mcred schema                        the kinds
    mcred schema micro-credential       one, in one piece, for an editor or another program
    mcred schema derived                what follows from a record: stage, status, version in force …
    mcred schema view                   of what documents are made from: `mcred render --format json`
    mcred schema report                 of what `mcred validate --format json` prints
    mcred schema diff                   of what `mcred diff --format json` prints; and so with log and history
    """  # noqa: D301 - \b keeps click from filling the lines
    known = schemas()
    names = sorted([*known.kinds, *_MADE])
    if kind is None:
        rows = [(name, str(_schema(known, name)["title"])) for name in names]
        put(table(("kind", "what it describes"), rows))
        return ExitCode.OK
    if kind not in names:
        raise UsageError(f"no schema '{kind}'" + did_you_mean(kind, names) + " (`mcred schema` lists them)")
    put(as_json(_schema(known, kind), indent=2) + "\n")
    return ExitCode.OK


def _schema(known: Schemas, name: str) -> dict[str, Any]:
    return _MADE[name](known) if name in _MADE else known.bundle(name)


_MADE: dict[str, Callable[[Schemas], dict[str, Any]]] = {"derived": lambda known: derived.schema(), "view": view.schema}
"""The schemas that follow from others, or from a table."""
