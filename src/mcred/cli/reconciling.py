"""`mcred reconcile`."""

import csv as csv_module
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import typer

from mcred.cli.options import AsOf, Debug, choice
from mcred.cli.publishing import put, table
from mcred.cli.ready import Places
from mcred.cli.records import Register, filters, open_register
from mcred.decide import Refused
from mcred.errors import ExitCode, McredError, UsageError
from mcred.query import Row
from mcred.reconcile import Difference, Held, Saved, differences, saved
from mcred.reporters.tabular import csv, tsv
from mcred.text import as_json, inert, plural
from mcred.workspace import read_bytes

FORMATS = ("text", "table", "tsv", "csv", "json", "md")

LARGEST = 32 * 1024 * 1024
"""Bytes that a saved list may have."""

KINDS = ("micro-credential", "training-scheme")
"""The kinds that stand in a register under a number."""


def reconcile(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The saved list: csv or json, in UTF-8.")],
    chosen: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILTER]...", help="Compare only records as `mcred list` chooses them."),
    ] = None,
    format: Annotated[str, choice(FORMATS, "format", "--format", "-f", metavar="FORMAT", help="How to print")] = "text",
    as_of: AsOf = None,
    debug: Debug = False,
) -> int:
    """Compare a saved list of the published register with the catalogue.

    \b
    mcred reconcile register.csv
    mcred reconcile register.json --format table
    mcred reconcile register.csv framework=nzqcf    where the catalogue is of more than one register

    \b
    The list has register numbers, and any of: title, status, version, providers, next review.
    Exit codes: 0 nothing differs, 1 something does.
    """  # noqa: D301 - \b keeps click from filling the lines
    try:
        listed = saved(_text(file))
    except Refused as error:
        raise UsageError(f"{file}: {error}") from error
    register = open_register(as_of)
    conditions = filters(chosen or (), register.context, KINDS)
    rows = (row for row in register.rows() if row.record.kind in KINDS)
    held = (_held(register, row) for row in rows if all(condition.holds(row) for condition in conditions))
    found = differences(listed, held, _names(register))
    put(_written(register, str(file), found, format, listed))
    return ExitCode.FINDINGS if found else ExitCode.OK


def _held(register: Register, row: Row) -> Held:
    statuses = register.view(row.record).head.get("statuses")
    return Held(row.record, row.derived, statuses if isinstance(statuses, list) else ())


def _text(file: Path) -> str:
    """The text of the list.

    Raises:
        McredError: it cannot be read, is too large, or is not UTF-8.
    """
    try:
        data = read_bytes(file, LARGEST)
    except OSError as error:
        raise McredError(f"cannot read {file}: {error.strerror or error}") from error
    if len(data) > LARGEST:
        raise McredError(f"{file} is larger than {LARGEST // 1024 // 1024} MiB")
    csv_module.field_size_limit(LARGEST)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise McredError(f"{file} is not UTF-8 text: save it as CSV UTF-8") from error


def _names(register: Register) -> Callable[[str], Iterable[str]]:
    """The names that an organisation goes by: its titles, others by which it is known, and its earlier ids."""
    organisations = register.organisations

    def names(id: str) -> Iterable[str]:
        data = organisations.get(id) or {}
        for each in (data.get("title"), *(data.get("other_titles") or []), *(data.get("aliases") or [])):
            yield from (str(name) for name in (each.values() if isinstance(each, dict) else [each]) if name)

    return names


_SIGNS = re.compile(r"[\\`*_{}\[\]<>#|!~&]")
"""What Markdown would take for more than itself."""

# What is the catalogue's or the list's does not begin a line: a build log might obey it.
HEAD = ("about", "number", "record", "in the catalogue", "in the list", "place")


def _written(register: Register, file: str, found: Sequence[Difference], format: str, listed: Saved) -> str:
    place = lru_cache(maxsize=1)(lambda record: Places(register, record))
    places = [place(each.record).place(each.pointer) if each.record else f"{file}:{each.line}" for each in found]
    cells = [
        (each.about, each.number, each.record.id if each.record else "", each.here, each.there, place)
        for each, place in zip(found, places, strict=True)
    ]
    if format == "json":
        return _json(register, found, places, listed)
    if format == "md":
        return _md(cells)
    if format != "text":
        return {"table": table, "tsv": tsv, "csv": csv}[format](HEAD, cells)
    told = "".join(f"{inert(place)}: {inert(each.message)}\n" for each, place in zip(found, places, strict=True))
    sums = f"{plural(len(found), 'difference')}, {plural(len(listed.entries), 'entry', 'entries')} in the list"
    return f"{told}\n{sums} (as of {register.day})\n{_compared(listed)}\n".lstrip("\n")


def _compared(listed: Saved) -> str:
    """What was compared: a heading that is passed over may be one that was meant to be."""
    named = [name.replace("_", " ") for name in listed.compared if name != "number"]
    compared = f"compared by number: {', '.join(named) or 'nothing else'}"
    return compared + (f"; passed over: {inert(', '.join(listed.passed_over))}" if listed.passed_over else "")


def _json(register: Register, found: Sequence[Difference], places: Sequence[str], listed: Saved) -> str:
    document = {
        "schema": "mcred-reconcile/1",
        "as_of": register.day.isoformat(),
        "entries": len(listed.entries),
        "compared": listed.compared,
        "passed_over": listed.passed_over,
        "differences": [
            {
                "about": each.about,
                "number": each.number,
                "record": each.record.id if each.record else None,
                "here": each.here or None,
                "there": each.there or None,
                "uncertain": each.uncertain,
                "pointer": str(each.pointer) if each.record else None,
                "place": place,
                "line": each.line,
                "message": each.message,
            }
            for each, place in zip(found, places, strict=True)
        ],
    }
    return as_json(document) + "\n"


def _md(rows: Iterable[tuple[str, ...]]) -> str:
    def row(cells: Iterable[str]) -> str:
        return "| " + " | ".join(_SIGNS.sub(r"\\\g<0>", inert(cell)) for cell in cells) + " |\n"

    return row(HEAD) + "|" + "---|" * len(HEAD) + "\n" + "".join(map(row, rows))
