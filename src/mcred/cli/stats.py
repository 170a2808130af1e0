"""`mcred stats`."""

import sys
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from mcred.cli.completing import words
from mcred.cli.options import AsOf, At, Debug
from mcred.cli.publishing import put, table
from mcred.cli.records import Register, open_register
from mcred.errors import ExitCode, UsageError
from mcred.query import Row, is_unknown, shown
from mcred.record import KINDS
from mcred.reporters.tabular import csv, tsv
from mcred.text import as_json, did_you_mean, one_of

FORMATS = ("table", "tsv", "csv", "json")
COUNTED = ("stage", "listing", "effective_status", "framework", "level", "developer")
"""What micro-credentials are counted by."""


def stats(
    as_of: AsOf = None,
    at: At = None,
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help=f"{one_of(FORMATS)}.", autocompletion=words(FORMATS))
    ] = "table",
    debug: Debug = False,
) -> int:
    """Count the catalogue, and how complete it is.

    \b
    mcred stats
    mcred stats --format csv > stats.csv
    """  # noqa: D301 - \b keeps click from filling the lines
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'; there is {one_of(FORMATS)}" + did_you_mean(format, FORMATS))
    register = open_register(as_of, at)
    rows = list(register.rows())
    counts = counted(rows)
    complete = completeness(register, rows)
    if format == "json":
        document = {
            "schema": "mcred-stats/1",
            **register.clocks.plain(),
            "counts": counts,
            "completeness": complete,
        }
        put(as_json(document) + "\n")
        return ExitCode.OK
    head = ("what", "of", "value", "number")
    cells = [
        (what, of, value, str(number))
        for what, groups in counts.items()
        for of, values in groups.items()
        for value, number in values.items()
    ]
    cells += [
        (f"completeness: {kind}", custody, field, f"{each['known']} of {each['records']}")
        for kind, custodies in complete.items()
        for custody, fields in custodies.items()
        for field, each in fields.items()
    ]
    put({"table": table, "tsv": tsv, "csv": csv}[format](head, cells))
    if format == "table" and sys.stdout.isatty():
        put(f"\n(as of {register.clocks})\n")
    return ExitCode.OK


def custody(row: Row) -> str:
    """Whose a record is: own, observed, or fictional example data."""
    return "fictional" if row.value("fictional") else str(row.value("custody"))


def counted(rows: list[Row]) -> dict[str, dict[str, dict[str, int]]]:
    """Records by kind and custody, micro-credentials by what `COUNTED` names, credits in all; by custody."""
    found: dict[str, dict[str, dict[str, int]]] = {"records": _by_custody(rows, "kind")}
    own = [row for row in rows if row.record.kind == "micro-credential"]
    for name in COUNTED:
        found[name] = _by_custody(own, name)
    found["credits"] = {
        whose: {
            "records with credits": len(numbers),
            "credits in all": int(sum(numbers)) if float(sum(numbers)).is_integer() else round(sum(numbers), 1),  # type: ignore[dict-item]
        }
        for whose, numbers in _credits(own).items()
    }
    return found


def _credits(rows: Iterable[Row]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for row in rows:
        credits = row.value("credits")
        if isinstance(credits, int | float):
            found.setdefault(custody(row), []).append(credits)
    return dict(sorted(found.items()))


def _by_custody(rows: Iterable[Row], name: str) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(custody(row), Counter())[_counted_as(row, name)] += 1
    return {
        whose: dict(sorted(each.items(), key=lambda item: (_natural(item[0]), item[0])))
        for whose, each in sorted(counts.items())
    }


def _counted_as(row: Row, name: str) -> str:
    value = row.value(name)
    if value is not None:
        return shown(value)
    # What is known to be unlisted has no status; any other value that is not there may be known to somebody.
    return "none" if name == "effective_status" and row.value("listing") == "unlisted" else "not known"


def _natural(text: str) -> tuple[bool, int]:
    return (not text.isdecimal(), int(text) if text.isdecimal() else 0)


def completeness(register: Register, rows: Iterable[Row]) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    """For each kind and custody, and each field of the schema: of how many records it is known.

    Known means that the field is there: an empty list, or `none` with its reason, is an answer too; `framework:
    unknown` is none. What tells of another field how sure it is (`X_is`, `X_source`) is no fact to be known.
    """
    found: dict[str, dict[str, dict[str, dict[str, int]]]] = {}
    for row in rows:
        kind = row.record.kind
        fields: dict[str, Any] = register.context.schemas.shape(kind).schema["properties"]
        group = found.setdefault(kind, {}).setdefault(custody(row), {})
        for name in fields:
            if name in ("id", "unknown", "remarks", "custody", "sources") or _of_another(name, fields):
                continue
            unknown = is_unknown(row, f"/{name}")
            has = row.record.data.get(name) not in (None, "unknown" if unknown else None)
            each = group.setdefault(name, {"records": 0, "known": 0, "unknown": 0})
            each["records"] += 1
            each["known"] += has
            each["unknown"] += unknown
    return {kind: dict(sorted(found[kind].items())) for kind in KINDS if kind in found}


def _of_another(name: str, fields: Iterable[str]) -> bool:
    return any(name == f"{field}{end}" for field in fields for end in ("_is", "_source"))
