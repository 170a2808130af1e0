"""What is due as rows of cells separated by tabs, every column in every row."""

from mcred.reporters.due import Sheet
from mcred.reporters.due.rows import COLUMNS, cells
from mcred.reporters.tabular import tsv


def write(sheet: Sheet) -> bytes:
    """A line of names, then one an item."""
    return tsv(tuple(COLUMNS), [cells(item, sheet) for item in sheet.report.items]).encode()
