"""What is due as rows of comma-separated values, every column in every row."""

from mcred.reporters.due import Sheet
from mcred.reporters.due.rows import COLUMNS, cells
from mcred.reporters.tabular import csv


def write(sheet: Sheet) -> bytes:
    """A line of names, then one an item."""
    return csv(tuple(COLUMNS), [cells(item, sheet) for item in sheet.report.items]).encode()
