"""`mcred list`."""

import sys
from datetime import date
from typing import Annotated, Any

import typer

from mcred.cli.completing import words
from mcred.cli.options import AsOf, At, Debug, day
from mcred.cli.publishing import put, table
from mcred.cli.records import Register, open_register
from mcred.errors import ExitCode, UsageError
from mcred.query import OPERATORS, Filter, Row, bare, check, check_values, is_unknown, names, parse, shown
from mcred.record import KINDS, TABLE
from mcred.reporters.tabular import csv, tsv
from mcred.text import as_json, did_you_mean, one_of, plural

FORMATS = ("table", "tsv", "csv", "json")
COLUMNS = {
    "micro-credential": ("id", "title", "level", "credits", "stage", "effective_status", "developer", "custody"),
    "training-scheme": ("id", "title", "level", "credits", "stage", "provider", "custody"),
    "equivalency": ("id", "title", "level", "credits", "stage", "holder", "custody"),
    "group": ("id", "title", "count", "level", "developer", "custody"),
    "organisation": ("id", "title", "types", "country", "custody"),
    "standard": ("id", "number", "type", "custody"),
    "qualification": ("id", "number", "title", "level", "credits", "custody"),
    "framework": ("id", "title", "extends"),
}
"""What a list shows where no columns are asked for."""


def list_records(
    filters: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILTER]...", help=f"All must hold. FIELD, then one of {' '.join(OPERATORS)}, then a value."
        ),
    ] = None,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help=f"{one_of(KINDS)}, or all.", autocompletion=words(KINDS, ["all"]))
    ] = "micro-credential",
    columns: Annotated[
        str | None, typer.Option(metavar="FIELDS", help="Fields and derived values, with commas.")
    ] = None,
    unknown: Annotated[
        str | None, typer.Option(metavar="POINTER", help="Only records that do not know this: /subjects.")
    ] = None,
    ends_before: Annotated[
        date | None,
        typer.Option(
            parser=day, metavar="DATE", help="Only what ends before this day: `ends<DATE`, shown as a column."
        ),
    ] = None,
    sort: Annotated[str, typer.Option(metavar="FIELD", help="Sort by this field; then by id.")] = "id",
    as_of: AsOf = None,
    at: At = None,
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help=f"{one_of(FORMATS)}.", autocompletion=words(FORMATS))
    ] = "table",
    debug: Debug = False,
) -> int:
    """List records: filters and columns over fields and derived values.

    \b
    mcred list                                       micro-credentials
    mcred list level=3,4 stage=approved              at these levels, approved
    mcred list 'credits>=20' title~forestry          large ones with a word in the title
    mcred list --unknown /subjects                   whose subjects are not known
    mcred list --kind organisation --columns id,types
    mcred list --ends-before 2027-07-01              whose status ends by then, or has ended
    mcred list effective_status=may-not-be-offered --as-of 2027-01-01

    \b
    `mcred schema KIND` tells the fields, `mcred schema derived` what is derived.
    On a terminal a table, piped tab-separated and whole.
    """  # noqa: D301 - \b keeps click from filling the lines
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'; there is {one_of(FORMATS)}" + did_you_mean(format, FORMATS))
    if kind not in (*KINDS, "all"):
        raise UsageError(f"--kind: no kind '{kind}'; there is {one_of([*KINDS, 'all'])}" + did_you_mean(kind, KINDS))
    kinds = list(KINDS) if kind == "all" else [kind]
    if ends_before is not None and not set(kinds) & set(TABLE["ends"].kinds):
        raise UsageError(
            f"--ends-before: nothing says when a {kind} ends; of {one_of(TABLE['ends'].kinds)} it is known"
        )
    register = open_register(as_of, at)
    asked = [*(filters or []), *([f"ends<{ends_before}"] if ends_before is not None else [])]
    chosen, conditions = _understood(register, kinds, columns, asked, sort, unknown)
    if ends_before is not None and columns is None:
        chosen += ("ends",)
    rows = [
        row
        for row in register.rows()
        if row.record.kind in kinds
        and all(condition.holds(row) for condition in conditions)
        and (unknown is None or is_unknown(row, f"/{unknown.removeprefix('/')}"))
    ]
    rows.sort(key=lambda row: (_order(row.value(sort)), row.record.id))
    _print(register, rows, chosen, format)
    return ExitCode.OK


def _understood(
    register: Register, kinds: list[str], columns: str | None, filters: list[str], sort: str, unknown: str | None
) -> tuple[tuple[str, ...], list[Filter]]:
    """Columns and filters, each with a field that there is."""
    fields = {kind: register.context.schemas.shape(kind).schema["properties"] for kind in kinds}
    known = names(fields, kinds)
    chosen = tuple(name.strip() for name in columns.split(",")) if columns else COLUMNS.get(kinds[0], ())
    if len(kinds) > 1 and not columns:
        chosen = ("id", "kind", "title", "custody")
    try:
        for name in (*chosen, sort):
            check(name, known)
        if unknown is not None:
            # What is derived is not stated, so no record says of it that it is unknown.
            check(unknown, {name: True for kind in kinds for name in fields[kind]})
        conditions = [parse(text, known) for text in filters]
        for condition in conditions:
            check_values(condition, _values(register, kinds, condition.name))
    except ValueError as error:
        raise UsageError(str(error)) from error
    return chosen, conditions


def _values(register: Register, kinds: list[str], name: str) -> list[str]:
    """All that a field or derived value may be, where each schema that has it lists them; else none."""
    if bare(name) in TABLE:
        schemas = [TABLE[bare(name)].schema]
    else:
        shapes = [register.context.schemas.shape(kind) for kind in kinds]
        fields = [(shape, shape.schema["properties"].get(name)) for shape in shapes]
        schemas = [shape.resolved(field) for shape, field in fields if field]
    listed = [schema["enum"] for schema in schemas if "enum" in schema]
    return list(dict.fromkeys(value for values in listed for value in values)) if len(listed) == len(schemas) else []


def _order(value: Any) -> tuple[bool, float, str]:
    """Numbers by size, then text, then what is missing."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (False, float(value), "")
    return (value is None, float("inf"), shown(value).casefold())


def cell(row: Row, name: str, language: str) -> str:
    """A value as a list shows it; fictional records say so in their custody, and what is not certain has a mark."""
    if name in ("custody", "fictional") and row.value("fictional"):
        return "fictional"
    return shown(row.value(name), language) + (" ?" if row.uncertain(name) else "")


def _print(register: Register, rows: list[Row], columns: tuple[str, ...], format: str) -> None:
    if format == "json":
        found = [
            {
                "id": row.record.id,
                "kind": row.record.kind,
                "fictional": bool(row.value("fictional")),
                **{name: row.value(name) for name in columns if name != "id"},
                "uncertain": [name for name in columns if row.uncertain(name)],
            }
            for row in rows
        ]
        document = {"schema": "mcred-list/1", **register.clocks.plain(), "records": found}
        put(as_json(document, default=str) + "\n")
        return
    if "custody" not in columns and any(row.value("fictional") for row in rows):
        columns += ("fictional",)
    cells = [tuple(cell(row, name, register.language) for name in columns) for row in rows]
    put({"table": table, "tsv": tsv, "csv": csv}[format](columns, cells))
    if format == "table" and sys.stdout.isatty():
        mark = (
            "; '?' marks what is not certain on that day" if any(c.endswith(" ?") for row in cells for c in row) else ""
        )
        put(f"\n{plural(len(rows), 'record')} (as of {register.clocks}{mark})\n")
