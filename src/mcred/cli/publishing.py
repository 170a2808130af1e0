"""Where reports go: one to standard output, others to files, each whole or not at all."""

import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mcred.cli.options import look as appearance
from mcred.diagnostic import Report
from mcred.errors import McredError, UsageError
from mcred.formats import meant
from mcred.reporters import FORMATS, Look, reporter
from mcred.text import columns, did_you_mean, inert, one_of


def outputs(texts: Iterable[str], formats: Collection[str] = FORMATS) -> list[tuple[str, Path]]:
    """The format and file of each `FORMAT=FILE`, where these formats are known.

    Raises:
        UsageError: it is not written so, or there is no such format.
    """
    found: list[tuple[str, Path]] = []
    for text in texts:
        called, equals, file = text.partition("=")
        name = meant(called, formats)
        if not equals or not file:
            raise UsageError(f"--output: '{text}' is not FORMAT=FILE, such as json=report.json")
        if name not in formats:
            raise UsageError(f"--output: no format '{name}'; there is {one_of(formats)}" + did_you_mean(name, formats))
        path = Path(file)
        if file == "-":
            raise UsageError(f"--output: '{text}' names no file; for standard output there is `--format {name}`")
        if path.is_symlink():
            raise UsageError(f"--output: {file} is a link: name the file that it leads to")
        if any(path.absolute() == other.absolute() for _, other in found):
            raise UsageError(f"--output: {file} is named twice, and one report would replace the other")
        if _is_read(path):
            raise UsageError(f"--output: {file} is read as a part of the catalogue: name another file")
        found.append((name, path))
    return found


def _is_read(path: Path) -> bool:
    """Whether a file is a record, or says something else that a catalogue goes by."""
    from mcred.workspace import find

    catalogue = find(Path(os.path.realpath(path.parent)))
    return catalogue is not None and catalogue.reads(path)


def save(files: Iterable[tuple[Path, str | bytes | Iterable[str]]], show: Callable[[], None]) -> None:
    """Write files, and show what goes to standard output, whether or not each could be written.

    Raises:
        McredError: some could not.
    """
    from mcred.workspace import write

    failed: list[str] = []
    for path, content in files:
        try:
            write(path, content, overwrite=True)
        except McredError as error:
            failed.append(str(error))
    show()
    if failed:
        raise McredError("; ".join(failed))


def publish(report: Report, format: str, files: Iterable[tuple[str, Path]], look: Look, quiet: bool) -> None:
    """Write a report to files, then to standard output."""
    from mcred.workspace import rule_page

    whole = Look(verbose=look.verbose, page=rule_page)
    pieces = () if quiet else reporter(format)(report, look._replace(page=rule_page))
    save([(path, reporter(name)(report, whole)) for name, path in files], lambda: put_pieces(pieces))


SUMMARY = 900_000
"""Bytes of a summary; GitHub refuses one of more than a mebibyte."""


def summarise(report: Report, path: Path) -> None:
    """Add the report to the summary of a step, a file that GitHub names."""
    page = "".join(reporter("markdown")(report, Look())).encode()
    if len(page) > SUMMARY:
        page = page[:SUMMARY].rpartition(b"\n")[0] + b"\n\nThe report is cut here; the whole one is in the log.\n"
    try:
        with path.open("ab") as file:
            file.write(page)
    except OSError as error:
        raise McredError(f"cannot write {path}: {error.strerror or error}") from error


def put(text: str) -> None:
    """Write text to standard output as it is: LF line ends, and what its encoding lacks as a code.

    A reader that went away early (`| head`) is no fault.
    """
    put_pieces((text,))


def put_pieces(pieces: Iterable[str]) -> None:
    """Write text to standard output as `put` does, piece by piece."""
    out = sys.stdout
    if hasattr(out, "reconfigure"):
        out.reconfigure(errors="backslashreplace", newline="\n")
    with _read_or_not():
        out.writelines(pieces)
        out.flush()


def put_bytes(data: bytes) -> None:
    """Write bytes to standard output as they are."""
    with _read_or_not():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@contextmanager
def _read_or_not() -> Iterator[None]:
    """Writing to standard output, whose reader may have gone away."""
    try:
        yield
    except OSError as error:
        from mcred.cli.running import silence

        silence()
        if isinstance(error, BrokenPipeError):
            return
        raise McredError(f"cannot write standard output: {error.strerror or error}") from error


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table: aligned on a terminal, tab-separated and whole where it is piped.

    Where the columns do not fit, the cells of a row stand below each other, so that no word is lost.
    """
    if not sys.stdout.isatty():
        from mcred.reporters.tabular import tsv

        return tsv(head, rows)
    from io import StringIO

    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    room = shutil.get_terminal_size().columns
    cells = [tuple(inert(cell) for cell in row) for row in rows]
    widths = _widths([head, *cells], room)
    drawn = Table(box=None, pad_edge=False, header_style="bold", show_header=bool(widths))
    for name, width in zip(head, widths, strict=True) if widths else ():
        drawn.add_column(name, width=width, overflow="fold")
    for row in cells:
        if widths:
            drawn.add_row(*map(Text, row))
        else:
            named = [f"{name} {cell}" for name, cell in zip(head[1:], row[1:], strict=True) if cell]
            drawn.add_row(Text(row[0], "bold"))
            drawn.add_row(Padding(Text("; ".join(named)), (0, 0, 0, 2)))
    out = StringIO()
    colour = appearance("auto", verbose=False).colour
    Console(file=out, force_terminal=colour, no_color=not colour, width=room).print(drawn)
    return out.getvalue()


def _widths(rows: Sequence[tuple[str, ...]], room: int) -> list[int]:
    """How wide each column is, so that all fit side by side and no word is cut; nothing where they cannot."""
    sides = list(zip(*rows, strict=True))
    whole = [max(map(columns, cells)) for cells in sides]
    widths = [max(columns(word) for cell in cells for word in cell.split() or [""]) for cells in sides]
    left = room - sum(widths) - 2 * (len(widths) - 1)
    if left < 0:
        return []
    for place in sorted(range(len(widths)), key=lambda place: whole[place] - widths[place]):
        more = min(left, whole[place] - widths[place])
        widths[place] += more
        left -= more
    return widths
