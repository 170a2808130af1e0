"""Where reports go: one to standard output, others to files, each whole or not at all."""

import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from mcred.cli.options import look as appearance
from mcred.diagnostic import Report
from mcred.errors import UsageError
from mcred.reporters import FORMATS, Look, reporter
from mcred.text import did_you_mean, inert
from mcred.workspace import write


def outputs(texts: Iterable[str]) -> list[tuple[str, Path]]:
    """The format and file of each `FORMAT=FILE`.

    Raises:
        UsageError: it is not written so, or there is no such format.
    """
    found = []
    for text in texts:
        name, equals, file = text.partition("=")
        if not equals or not file:
            raise UsageError(f"--output: '{text}' is not FORMAT=FILE, such as json=report.json")
        if name not in FORMATS:
            raise UsageError(f"--output: no format '{name}'" + did_you_mean(name, FORMATS))
        found.append((name, Path(file)))
    return found


def publish(report: Report, format: str, files: Iterable[tuple[str, Path]], look: Look, quiet: bool) -> None:
    """Write a report to files, then to standard output."""
    for name, path in files:
        write(path, reporter(name)(report, Look(verbose=look.verbose)), overwrite=True)
    if not quiet:
        put(reporter(format)(report, look))


def put(text: str) -> None:
    """Write text to standard output as it is: LF line ends, and what its encoding lacks as a code.

    A reader that went away early (`| head`) is no fault.
    """
    out = sys.stdout
    if hasattr(out, "reconfigure"):
        out.reconfigure(errors="backslashreplace", newline="\n")
    try:
        out.write(text)
        out.flush()
    except BrokenPipeError:
        from mcred.cli.running import silence

        silence()


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table: aligned on a terminal, tab-separated and whole where it is piped."""
    if not sys.stdout.isatty():
        return tsv(head, rows)
    from io import StringIO

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(head):
        drawn.add_column(name, no_wrap=place == 0 or all(len(row[place]) <= SHORT for row in rows), overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(inert(cell)) for cell in row))
    out = StringIO()
    colour = appearance("auto", verbose=False).colour
    Console(file=out, force_terminal=colour, no_color=not colour, width=shutil.get_terminal_size().columns).print(drawn)
    return out.getvalue()


SHORT = 20
"""A column whose cells are all at most so long is not wrapped."""


def tsv(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """One line a row, cells separated by tabs; no cell holds a tab, a line end or what a terminal obeys."""
    return "".join("\t".join(inert(cell.replace("\t", " ")) for cell in row) + "\n" for row in (head, *rows))


# What a spreadsheet takes for the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Comma-separated values as spreadsheets read them; a cell that would be a formula begins with an apostrophe."""
    from csv import writer
    from io import StringIO

    out = StringIO()
    safe = writer(out, lineterminator="\n")
    for row in (head, *rows):
        safe.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in map(inert, row)])
    return out.getvalue()
