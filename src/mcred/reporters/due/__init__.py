"""The report of what is due, in the formats that people ask for: one module and one line of this table for each."""

from collections.abc import Callable
from typing import NamedTuple

from mcred.clocks import Clocks, Moment
from mcred.formats import Format, module
from mcred.reporters import Look
from mcred.review import Report


class Sheet(NamedTuple):
    """A report of what is due, with what a heading says and how people want to read it.

    `recorded` is the commit that was read, if one was. `unread` is the number of records that could not be read; `by`
    says what rows are grouped by.
    """

    report: Report
    title: str = ""
    timezone: str = "UTC"
    language: str = "en"
    base_url: str = ""
    recorded: Moment | None = None
    unread: int = 0
    by: str = "bucket"
    look: Look = Look()

    @property
    def clocks(self) -> Clocks:
        """The day of the report, and what it was read from."""
        return Clocks(self.report.as_of, self.recorded)


FORMATS = {
    "table": Format("for people at a terminal", "txt"),
    "tsv": Format("one line a row, cells separated by tabs", "tsv"),
    "csv": Format("comma-separated values, for a spreadsheet", "csv"),
    "json": Format("for programs", "json"),
    "xlsx": Format("a workbook with a sheet for each bucket", "xlsx", "xlsx"),
    "ics": Format("a calendar to subscribe to", "ics", "ics"),
    "md": Format("a page in Markdown", "md"),
    "html": Format("one page that prints well", "html"),
}
"""Each format; the module of its name has a function `write`."""


def writer(name: str) -> Callable[[Sheet], bytes]:
    """The function that writes a sheet in a format."""
    written: Callable[[Sheet], bytes] = module("mcred.reporters.due", name, FORMATS).write
    return written
