"""What changed, in the formats that people ask for: one module and one line of this table for each."""

from collections.abc import Callable

from mcred.diff import Difference
from mcred.formats import Format, module
from mcred.reporters import Look

SCHEMA = "mcred-diff/1"

FORMATS = {
    "text": Format("for people at a terminal", "txt"),
    "md": Format("a page in Markdown, for a committee", "md"),
    "html": Format("one page with before and after side by side", "html"),
    "json": Format("for programs (`mcred schema diff`)", "json"),
}
"""Each format; the module of its name has a function `write`."""


def writer(name: str) -> Callable[[Difference, Look], str]:
    """The function that writes a difference in a format."""
    written: Callable[[Difference, Look], str] = module("mcred.reporters.diff", name, FORMATS).write
    return written
