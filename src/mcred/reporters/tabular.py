"""Rows of cells for other programs: separated by tabs or commas, whole, and harmless to a spreadsheet."""

from collections.abc import Iterable, Iterator, Sequence
from csv import writer
from io import StringIO
from itertools import chain

from mcred.text import inert


def tsv(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """One line a row, cells separated by tabs; no cell holds a tab, a line end or what a terminal obeys."""
    return "".join("\t".join(inert(cell.replace("\t", " ")) for cell in row) + "\n" for row in (head, *rows))


# What a spreadsheet takes for the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Comma-separated values as spreadsheets read them; a cell that would be a formula begins with an apostrophe."""
    return "".join(csv_lines(head, rows))


def csv_lines(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The text of `csv`, line by line."""
    line = StringIO()
    safe = writer(line, lineterminator="\n")
    for row in chain([head], rows):
        safe.writerow([f"'{cell}" if _is_formula(cell) else cell for cell in map(inert, row)])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _is_formula(cell: str) -> bool:
    """Whether a spreadsheet would reckon with it; a negative number is one."""
    return cell.startswith(_FORMULA) and not cell.removeprefix("-").isdecimal()
