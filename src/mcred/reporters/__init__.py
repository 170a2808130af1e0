"""Findings as text: one module and one line of this table for each format."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import NamedTuple

from mcred.diagnostic import Report


class Look(NamedTuple):
    r"""How a report for people is to look: with notes or not, in colour or not, wrapped to a width or (0) not.

    What `encoding` cannot write stands there as a code, such as `\u0101`.
    """

    verbose: bool = False
    colour: bool = False
    width: int = 0
    encoding: str = "utf-8"
    page: Callable[[str], str] | None = None
    """The page that explains a rule, by its id."""


FORMATS = {
    "text": "for people: each finding with the lines it is about",
    "concise": "one line a finding: path:line:column: severity: message [MC102 unknown-field]",
    "json": "for programs: everything that is known of each finding (`mcred schema report`)",
    "jsonl": "the findings of `json`, one a line",
    "sarif": "SARIF 2.1.0, for services that show findings in the code",
    "github": "annotations of GitHub Actions, and the whole report beside them",
    "gitlab": "a Code Quality report of GitLab",
    "junit": "JUnit XML: a failing test for each error, a passing one for each file without",
    "csv": "for a spreadsheet",
    "markdown": "a page with a table for each file",
    "html": "one page by rule and by file, to read and to print",
}
"""Each format, and what it is for; the module of its name has a function `report`."""


def reporter(name: str) -> Callable[[Report, Look], Iterator[str]]:
    """The function that writes a report in a format, piece by piece; its module is imported only now.

    Where a format allows it, only one piece is there at once: a report may be many times as large as what it is of.
    """
    written: Callable[[Report, Look], Iterator[str]] = import_module(f"mcred.reporters.{name}").report
    return written
