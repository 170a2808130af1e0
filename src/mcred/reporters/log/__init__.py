"""What was recorded, in the formats that people ask for: one module and one line of this table for each."""

from collections.abc import Callable

from mcred.diff.recorded import Log
from mcred.formats import Format, module
from mcred.reporters import Look

SCHEMA = "mcred-log/1"

FORMATS = {
    "text": Format("for people at a terminal", "txt"),
    "md": Format("a page in Markdown", "md"),
    "json": Format("for programs (`mcred schema log`)", "json"),
    "atom": Format("a feed to subscribe to", "xml"),
}
"""Each format; the module of its name has a function `write`."""


def writer(name: str) -> Callable[[Log, Look], str]:
    """The function that writes a log in a format."""
    written: Callable[[Log, Look], str] = module("mcred.reporters.log", name, FORMATS).write
    return written
