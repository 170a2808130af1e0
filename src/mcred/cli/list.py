"""`mcred list`."""

import gc
import sys
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, NamedTuple

import typer

from mcred.cli.completing import words
from mcred.cli.means import Means
from mcred.cli.options import AsOf, At, Debug, Jobs, NoCache, NoStatCache, day, today_there, workspace
from mcred.cli.publishing import put, table
from mcred.cli.recalling import recalled
from mcred.cli.rows import Rows, tell
from mcred.cli.targets import newer
from mcred.clocks import Clocks
from mcred.errors import ExitCode, UsageError
from mcred.query import OPERATORS, Filter, Row, bare, check, check_values, is_unknown, names, parse, shown
from mcred.record import KINDS, TABLE
from mcred.reporters.tabular import csv, tsv
from mcred.shape import Shape
from mcred.text import as_json, did_you_mean, one_of, plural
from mcred.workspace import schemas

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
    jobs: Jobs = None,
    no_cache: NoCache = False,
    no_stat_cache: NoStatCache = False,
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
    asked = [*(filters or []), *([f"ends<{ends_before}"] if ends_before is not None else [])]
    gc.disable()
    catalogue = workspace(at=at)
    if not no_cache:
        recalled(catalogue)
    newer(catalogue)
    settings = catalogue.settings
    clocks = Clocks(as_of or today_there(settings.timezone), catalogue.recorded)
    shapes = {kind: schemas().shape(kind) for kind in kinds}
    chosen, conditions = _understood(shapes, columns, asked, sort, unknown)
    if ends_before is not None and columns is None:
        chosen += ("ends",)
    # What was found for another day has a place of its own, so that it does not push out what is found for today.
    name = f"list as of {as_of}" if as_of is not None else "list"
    rows = Rows(catalogue, clocks.day, name, Means.given(catalogue, not no_cache, not no_stat_cache, jobs))
    tell(rows.unread, catalogue)
    listed = [
        Listed.of(row, chosen, sort)
        for row in rows.of(kinds)
        if all(condition.holds(row) for condition in conditions)
        and (unknown is None or is_unknown(row, f"/{unknown.removeprefix('/')}"))
    ]
    listed.sort(key=lambda each: each.order)
    _print(listed, clocks, settings.language, chosen, format)
    return ExitCode.OK


class Listed(NamedTuple):
    """Of a record what a list shows: the values of its columns, and which of them are uncertain.

    Whether it is fictional it says in any case, since a table adds a column for that where there is none.
    """

    order: tuple[Any, ...]
    id: str
    kind: str
    values: dict[str, Any]
    uncertain: frozenset[str]

    @classmethod
    def of(cls, row: Row, columns: tuple[str, ...], sort: str) -> "Listed":
        """A record by its row."""
        names = (*columns, "fictional")
        return cls(
            (_order(row.value(sort)), row.record.id),
            row.record.id,
            row.record.kind,
            {name: row.value(name) for name in names},
            frozenset(name for name in names if row.uncertain(name)),
        )

    @property
    def fictional(self) -> bool:
        """Whether it is an example."""
        return bool(self.values["fictional"])

    def cell(self, name: str, language: str) -> str:
        """A value in a table; fictional records say so in their custody, and what is not certain has a mark."""
        if name in ("custody", "fictional") and self.fictional:
            return "fictional"
        return shown(self.values[name], language) + (" ?" if name in self.uncertain else "")


def _understood(
    shapes: Mapping[str, Shape], columns: str | None, filters: list[str], sort: str, unknown: str | None
) -> tuple[tuple[str, ...], list[Filter]]:
    """Columns and filters, each with a field that there is."""
    kinds = [*shapes]
    fields = {kind: shape.schema["properties"] for kind, shape in shapes.items()}
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
            check_values(condition, _values(shapes, condition.name))
    except ValueError as error:
        raise UsageError(str(error)) from error
    return chosen, conditions


def _values(shapes: Mapping[str, Shape], name: str) -> list[str]:
    """All that a field or derived value may be, where each schema that has it lists them; else none."""
    if bare(name) in TABLE:
        schemas = [TABLE[bare(name)].schema]
    else:
        fields = [(shape, shape.schema["properties"].get(name)) for shape in shapes.values()]
        schemas = [shape.resolved(field) for shape, field in fields if field]
    listed = [schema["enum"] for schema in schemas if "enum" in schema]
    return list(dict.fromkeys(value for values in listed for value in values)) if len(listed) == len(schemas) else []


def _order(value: Any) -> tuple[bool, float, str]:
    """Numbers by size, then text, then what is missing."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (False, float(value), "")
    return (value is None, float("inf"), shown(value).casefold())


def _print(listed: list[Listed], clocks: Clocks, language: str, columns: tuple[str, ...], format: str) -> None:
    if format == "json":
        found = [
            {
                "id": each.id,
                "kind": each.kind,
                "fictional": each.fictional,
                **{name: each.values[name] for name in columns if name != "id"},
                "uncertain": [name for name in columns if name in each.uncertain],
            }
            for each in listed
        ]
        document = {"schema": "mcred-list/1", **clocks.plain(), "records": found}
        put(as_json(document, default=str) + "\n")
        return
    if "custody" not in columns and any(each.fictional for each in listed):
        columns += ("fictional",)
    cells = [tuple(each.cell(name, language) for name in columns) for each in listed]
    put({"table": table, "tsv": tsv, "csv": csv}[format](columns, cells))
    if format == "table" and sys.stdout.isatty():
        mark = (
            "; '?' marks what is not certain on that day" if any(c.endswith(" ?") for row in cells for c in row) else ""
        )
        put(f"\n{plural(len(listed), 'record')} (as of {clocks}{mark})\n")
